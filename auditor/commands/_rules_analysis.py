"""auditor rules analyse and challenge: tools that look at a rule set as a whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir
from auditor.errors import Said, UsageError
from auditor.session import forms_and_rules, write_file

if TYPE_CHECKING:
    from auditor.form import Form
    from auditor.rulebook.rule import RuleSet
    from auditor.workbench.analysis import Analysis

FormName = Annotated[
    str | None, typer.Option("--form", help="只看这一表式 · this form only")
]  # fmt: skip
Format = Annotated[
    str, typer.Option("--format", "-f", help="terminal | html | json")
]  # fmt: skip
Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 · write to a file")]


def add(app: typer.Typer) -> None:
    """Add the commands to `auditor rules`."""
    app.command("analyse")(analyse)


def analyse(
    rules: RulesDir = None, schemas: SchemasDir = None, form: FormName = None,
    format_: Format = "terminal", output: Output = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """体检规则集：写错的、矛盾的、多余的规则，和查不到的格子 · Examine a rule set."""
    _known(format_)
    forms, ruleset = forms_and_rules(schemas, rules)
    chosen = _chosen(forms, ruleset, form)
    from auditor.workbench.analysis import analyse as examine

    found = [examine(ruleset, one) for one in chosen]
    _write_analysis(found, ruleset, format_, output, lang)
    raise typer.Exit(_status(found))


def _status(found: list[Analysis]) -> int:
    """1 for rules that must be mended; 3 where not everything could be looked for."""
    if any(one.faulty for one in found):
        return 1
    return 0 if all(one.complete for one in found) else 3


def _write_analysis(
    found: list[Analysis], rules: RuleSet, format_: str, output: Path | None, lang: str
) -> None:
    if format_ == "json":
        from auditor.workbench.plain import analysis_json

        _out(analysis_json(found, rules), output)
    elif format_ == "html":
        from auditor.workbench.page import analysis_page

        _out(analysis_page(found, rules, lang), output)
    else:
        from auditor.workbench.screen import show

        with_console(output, lambda console: show(found, rules, lang, console))


def _known(format_: str) -> None:
    if format_ not in ("terminal", "html", "json"):
        said = Said(f"没有输出格式 '{format_}'", f"no output format '{format_}'")
        raise UsageError(said)


def _chosen(forms: tuple[Form, ...], rules: RuleSet, name: str | None) -> list[Form]:
    """The forms of the rule set, or the one asked for. Raises UsageError."""
    known = [form for form in forms if form.refuse is None and form.id in rules.forms]
    chosen = [form for form in known if name in (None, form.id)]
    if not chosen:
        words = ", ".join(form.id for form in known)
        raise UsageError(Said(f"没有表式 '{name}'，有：{words}", f"no form '{name}': {words}"))
    return chosen


def _out(text: str, output: Path | None) -> None:
    if output is not None:
        write_file(output, text.encode("utf-8"))
    else:
        sys.stdout.write(text)


def with_console(output: Path | None, draw: object) -> None:
    """Draw on the screen, or into a file as plain text."""
    import io

    from rich.console import Console

    assert callable(draw)
    if output is None:
        draw(Console(highlight=False, soft_wrap=False))
        return
    text = io.StringIO()
    draw(Console(file=text, highlight=False, soft_wrap=False, width=100))
    write_file(output, text.getvalue().encode("utf-8"))
