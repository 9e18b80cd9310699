"""The whole site: every page in both languages, the search, and nothing that is fetched.

Jinja2 templates of our own rather than a site generator: the one that was tried (Zensical 0.0.73)
is 90 MB, asks three hosts for fonts and scripts unless it is told not to, and is made for a server;
these pages open with a double click.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.errors import Said, UsageError
from auditor.form import Form
from auditor.renderers.words import Words, load
from auditor.rulebook.rule import Rule, RuleSet
from auditor.workbench.site.forms import form_page
from auditor.workbench.site.language import language_page
from auditor.workbench.site.rules import Family, families, rule_page

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "site"
LANGUAGES = ("zh", "en")
TUTORIALS = ("inspector", "author", "machine")
_MANIFEST = ".auditor-docs"
_OTHER = {"zh": "en", "en": "zh"}


@dataclass(frozen=True)
class Site:
    """What the pages are made of."""

    rules: RuleSet
    forms: tuple[Form, ...]

    @property
    def audited(self) -> list[Form]:
        """The forms that the rules are for, the newest first."""
        mine = [form for form in self.forms if form.id in self.rules.forms]
        return sorted(mine, key=lambda form: -form.first_year)


def build(site: Site, folder: Path) -> int:
    """Write the site into a folder; the number of pages.

    An earlier site there is replaced. Raises UsageError for a folder with anything else in it, and
    where jinja2 is not installed.
    """
    environment = _environment()
    files: dict[str, str] = {}
    for lang in LANGUAGES:
        files.update(_pages(site, lang, environment))
    pages = len(files)
    for name in ("site.css", "site.js"):
        files[f"assets/{name}"] = (TEMPLATES / name).read_text(encoding="utf-8")
    for lang in LANGUAGES:
        files[f"assets/index-{lang}.js"] = _index(site, lang)
    _written(files, folder)
    return pages


def _environment() -> Any:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        said = Said("要装 jinja2：pip install 'auditor[workbench]'",
                    "this needs jinja2: pip install 'auditor[workbench]'")  # fmt: skip
        raise UsageError(said) from error
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=False, keep_trailing_newline=True,
    )  # fmt: skip


# ---- pages -------------------------------------------------------------------------------------


def _pages(site: Site, lang: str, environment: Any) -> Iterator[tuple[str, str]]:
    """(file, text) of every page in one language."""
    words = load(lang, "site")
    grouped = families(site.rules, lang)

    def page(name: str, template: str, here: str = "", **more: Any) -> tuple[str, str]:
        given = _common(site, lang, words, name) | {"here": here, "families": grouped} | more
        return _place(lang, name), environment.get_template(template).render(given)

    yield page("index.html", "home.html", forms=site.audited)
    yield page("rules.html", "rules.html", "rules")
    for family in grouped:
        for rule in family.rules:
            told = rule_page(site.rules, rule.id, site.forms, lang)
            yield page(f"rule-{rule.id}.html", "rule.html", "rules", **told, family=family)
    for form in site.audited:
        yield page(f"form-{form.id}.html", "form.html", "forms", **form_page(form, lang))
    yield page("language.html", "language.html", "language",
               **language_page(site.rules, site.forms, lang))  # fmt: skip
    for key in TUTORIALS:
        yield page(f"tutorial-{key}.html", "tutorial.html", "tutorials", key=key)


def _common(site: Site, lang: str, words: Words, name: str) -> dict[str, Any]:
    """What every page needs: languages, links, the rule set."""
    nav = (
        ("rules", "rules.html"),
        ("forms", f"form-{site.audited[0].id}.html"),
        ("language", "language.html"),
        ("tutorials", f"tutorial-{TUTORIALS[0]}.html"),
    )
    zh = lang == "zh"
    return {
        "w": words, "lang": lang, "nav": nav, "rules": site.rules, "tutorials": TUTORIALS,
        "root": "" if zh else "../", "home": "",
        "other": f"en/{name}" if zh else f"../{name}",
    }  # fmt: skip


def _place(lang: str, name: str) -> str:
    return name if lang == "zh" else f"{lang}/{name}"


def _index(site: Site, lang: str) -> str:
    """What the search looks through: id, title, page, all words, a line below."""
    words = load(lang, "site")
    entries: list[list[str]] = []
    for family in families(site.rules, lang):
        for entry in family.rules:
            told = rule_page(site.rules, entry.id, site.forms, lang)["told"]
            text = " ".join((told.title, told.sentence, *told.law)).lower()
            entries.append([entry.id, entry.title, f"rule-{entry.id}.html", text, entry.severity])
    for form in site.audited:
        title = form.title.inside(lang)
        entries.append([form.id, title, f"form-{form.id}.html", title.lower(), ""])
    for key in TUTORIALS:
        title, about = words(f"tutorial.{key}"), words(f"tutorial.{key}_about")
        entries.append([title, "", f"tutorial-{key}.html", about.lower(), about])
    data = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return f"var INDEX = {data};\n"


# ---- files -------------------------------------------------------------------------------------


def _written(files: Mapping[str, str], folder: Path) -> None:
    """Replace what an earlier build left, and nothing else."""
    from auditor.outputs import write_file

    manifest = folder / _MANIFEST
    if folder.exists() and not folder.is_dir():
        raise UsageError(Said(f"{folder} 不是文件夹", f"{folder} is no folder"))
    if folder.is_dir() and any(folder.iterdir()) and not manifest.is_file():
        said = Said(f"{folder} 里有别的文件，请换一个空文件夹", f"{folder} is not empty")
        raise UsageError(said)
    for name in _left(manifest, folder):
        if name not in files:
            (folder / name).unlink(missing_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, text.encode("utf-8", "replace"))
    write_file(manifest, "\n".join(sorted(files)).encode() + b"\n")


def _left(manifest: Path, folder: Path) -> Sequence[str]:
    """The files of an earlier build; a line that leads out of the folder is none."""
    if not manifest.is_file():
        return ()
    names = manifest.read_text(encoding="utf-8").splitlines()
    inside = folder.resolve()
    return [name for name in names if (folder / name).resolve().is_relative_to(inside)]


__all__ = ["LANGUAGES", "TUTORIALS", "Family", "Rule", "Site", "build"]
