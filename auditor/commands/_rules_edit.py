"""auditor rules explain and the other commands for those who write rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir
from auditor.errors import AuditorError, Said, UsageError, why
from auditor.session import forms_and_rules

if TYPE_CHECKING:
    from auditor.commands._asking import Answered
    from auditor.form import Form
    from auditor.rulebook.facts import Facts
    from auditor.rulebook.rule import RuleSet
    from auditor.workbench.comparing import Comparison

Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 · write to a file")]
_FORMATS = ("terminal", "json", "markdown")


def attach(app: typer.Typer) -> None:
    """Add these commands to `auditor rules`."""
    app.command("explain")(explain)
    app.command("fmt")(fmt)
    app.command("diff")(diff)
    app.command("new")(new)
    app.command("changelog")(changes)
    app.command("freeze")(freeze)


def explain(
    rule: Annotated[str, typer.Argument(help="编号 · id")],
    file: Annotated[Path | None, typer.Argument(help="报告 · a report")] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option("--beside", help="一并读入的上年、各单位报告 · reports to read with it"),
    ] = None,
    fmt: Annotated[
        str, typer.Option("--format", "-f", help="terminal | json | markdown")
    ] = "terminal",
    every: Annotated[
        bool, typer.Option("--all", help="合格的各处也展开 · unfold the places that pass, too")
    ] = False,
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """说的是什么、为什么、依据、示例；给出报告则逐步评定 · A rule explained, over a report too."""
    from auditor.workbench.account import account
    from auditor.workbench.ground import rule_named

    _known(fmt, _FORMATS)
    forms, ruleset = forms_and_rules(schemas, rules, anew=True)
    found = rule_named(ruleset, rule)
    facts = _facts(file, beside or [], forms, ruleset) if file is not None else None
    told = account(ruleset, found, forms, lang, facts)
    if fmt == "json":
        _json(told.plain())
    elif fmt == "markdown":
        from auditor.workbench.paper import page

        typer.echo(page(told, lang), nl=False)
    else:
        from auditor.commands._tree import show

        show(told, lang, every=every)


def _known(fmt: str, formats: tuple[str, ...]) -> None:
    if fmt not in formats:
        words = ", ".join(formats)
        said = Said(
            f"没有输出格式 '{fmt}'，可以是：{words}", f"no format '{fmt}'; there are: {words}"
        )
        raise UsageError(said)


def _json(data: object) -> None:
    import json

    typer.echo(json.dumps(data, ensure_ascii=False, indent=1))


def _facts(file: Path, beside: list[Path], forms: tuple[Form, ...], rules: RuleSet) -> Facts:
    """The facts of one report, with the company of the others. Raises UsageError."""
    from datetime import date

    from auditor.pipeline import Settings
    from auditor.session import inputs_of
    from auditor.workbench.reading import facts_beside

    settings = Settings(forms, rules, date.today().isoformat())
    return facts_beside(inputs_of([file]), inputs_of(beside), settings)


def fmt(
    paths: Annotated[
        list[Path], typer.Argument(help="规则文件或文件夹 · rule files or folders")
    ],
    check: Annotated[
        bool, typer.Option("--check", help="只检查，不改写；有要改的退出1 · change nothing, exit 1")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="显示改动 · show what changes")] = False,
    lang: Lang = "zh",
) -> None:  # fmt: skip
    """统一排版：注释、次序、内容都不变 · Lay out rule files; comments and order stay."""
    from auditor.outputs import write_file
    from auditor.workbench.layout import laid_out

    files = _yaml_files(paths)
    changed = 0
    for path in files:
        before = _read_text(path)
        after = laid_out(before, path.as_posix())
        if after == before:
            continue
        changed += 1
        typer.echo(path.as_posix())
        if diff:
            _show_diff(before, after)
        if not check:
            write_file(path, after.encode())
    done = Said(f"共 {len(files)} 个文件，{'要改' if check else '改了'} {changed} 个",
                f"{len(files)} files, {changed} {'to change' if check else 'changed'}")  # fmt: skip
    typer.echo(done.inside(lang))
    raise typer.Exit(1 if check and changed else 0)


def _yaml_files(paths: list[Path]) -> list[Path]:
    """The files named, and those of the folders at any depth. Raises UsageError for none."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    missing = next((path for path in found if not path.is_file()), None)
    if missing is not None or not found:
        name = missing or paths[0]
        raise UsageError(Said(f"没有规则文件 {name}", f"no rule file {name}"))
    return found


def _show_diff(before: str, after: str) -> None:
    import difflib

    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    for line in list(lines)[2:]:
        typer.echo(f"  {line}")


def diff(
    old: Annotated[str, typer.Argument(help="旧规则：文件夹或git版本 · folder or git revision")],
    new: Annotated[str, typer.Argument(help="新规则：文件夹或git版本 · folder or git revision")],
    corpus: Annotated[list[Path], typer.Argument(help="报告 · reports, folders")],
    out: Annotated[
        str, typer.Option("--format", "-f", help="terminal | json | markdown")
    ] = "terminal",
    output: Output = None,
    every: Annotated[
        bool, typer.Option("--all", help="列出全部单位 · show every body")
    ] = False,
    roster: Annotated[Path | None, typer.Option(help="名册 · roster of bodies")] = None,
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """改规则之前先看会变什么：哪些单位、哪条、等次 · What an edit changes, before it is adopted."""
    import gc
    from datetime import date

    from auditor.pipeline import Settings
    from auditor.session import in_company, inputs_of, load_the_forms
    from auditor.workbench.comparing import compare
    from auditor.workbench.revisions import edition

    _known(out, _FORMATS)
    forms = load_the_forms(schemas)
    first, second = edition(old, forms, rules), edition(new, forms, rules)
    gc.enable()
    settings = Settings(forms, first.rules, date.today().isoformat())
    settings = in_company(settings, corpus, roster, None, draft=False)
    found = compare(first, second, inputs_of(corpus), settings)
    _write_comparison(found, out, output, lang, every=every)
    raise typer.Exit(3 if found.unread else 0)


def _write_comparison(
    found: Comparison, out: str, output: Path | None, lang: str, *, every: bool
) -> None:
    from auditor.workbench import comparison

    if out == "terminal" and output is None:
        from auditor.commands._comparison import show

        show(found, lang, every=every)
        return
    if out == "json":
        import json

        text = json.dumps(comparison.data(found), ensure_ascii=False, indent=1) + "\n"
    else:
        text = comparison.markdown(found, lang)
    _written(text, output)


def _written(text: str, output: Path | None) -> None:
    """To a file, or to the screen."""
    from auditor.outputs import write_file

    if output is None:
        typer.echo(text, nl=False)
    else:
        write_file(output, text.encode())


def new(
    given: Annotated[
        list[str] | None,
        typer.Option("--set", help="预先回答 键=值，可重复 · answers beforehand, key=value"),
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="回答文件（YAML），- 为标准输入 · a file of answers")
    ] = None,
    into: Annotated[Path | None, typer.Option(help="写进哪个文件 · the rule file")] = None,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="只显示，不写 · show it, write nothing")
    ] = False,
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """问几个问题，写出一条能用的规则，带试出来的示例 · Ask, and write a rule with its examples."""
    from auditor.commands._asking import Answered, Person
    from auditor.renderers.words import load
    from auditor.rulebook.load import find_ruleset
    from auditor.workbench.composing import added, composed, place_for
    from auditor.workbench.drafts import Pen
    from auditor.workbench.interview import interview

    words = load(lang, "workbench")
    folder = find_ruleset(rules or _own_rules(words("new.not_ours")))
    forms, ruleset = forms_and_rules(schemas, folder, anew=True)
    form = max((f for f in forms if f.id in ruleset.forms), key=lambda f: f.first_year)
    known = _answers(given or [], answers)
    person = None if answers is not None else Person(words)
    pen = Pen(words, form)
    asker = Answered(known, person, words)
    with _kept(asker):
        entry = composed(interview(asker, ruleset, form, lang), ruleset, forms, pen)
        typer.echo()
        typer.echo(entry.text(pen), nl=False)
        if dry:
            return
        path = into or place_for(entry, ruleset, folder)
        line = added(entry.text(pen), path, lambda: forms_and_rules(schemas, folder, anew=True))
    typer.echo(f"\n{words('new.written', file=path.as_posix(), line=line)}")


@contextmanager
def _kept(asker: Answered) -> Iterator[None]:
    """What a person answered is shown before a mistake is told, to be mended and given again."""
    try:
        yield
    except AuditorError:
        if asker.told:
            from auditor.extraction import to_yaml

            answers = to_yaml({**asker.answers, **asker.told}).decode()
            typer.echo(f"\n{asker.words('new.kept')}\n\n{answers}")
        raise


def _own_rules(refusal: str) -> Path:
    """The rules of the checkout that one works in; those of an installed program are not ours."""
    from auditor.resources import folder

    if Path("rules").is_dir():
        return Path("rules")
    found = folder("rules")
    if "_data" in found.parts:
        raise UsageError(Said(refusal, refusal))
    return found


def _answers(given: list[str], file: Path | None) -> dict[str, object]:
    """What was answered beforehand. Raises UsageError."""
    import sys

    from auditor.errors import SourceError
    from auditor.rulebook.source import load_yaml

    found: dict[str, object] = {}
    if file is not None:
        text = sys.stdin.read() if file == Path("-") else _read_text(file)
        try:
            value = load_yaml(text)
        except SourceError as error:
            said = error.said
            raise UsageError(Said(f"{file}:{error.line}: {said.zh}",
                                  f"{file}:{error.line}: {said.en}")) from error  # fmt: skip
        found.update(value if isinstance(value, dict) else {})
    for item in given:
        key, sign, value = item.partition("=")
        if not sign:
            raise UsageError(Said(f"--set 写作 键=值：{item}", f"--set is key=value: {item}"))
        found[key.strip()] = value.strip()
    return found


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        told = why(error)
        said = Said(f"读不了 {path}：{told.zh}", f"cannot read {path}: {told.en}")
        raise UsageError(said) from error
    except UnicodeDecodeError as error:
        said = Said(f"{path} 不是 UTF-8 编码，请另存为 UTF-8", f"{path} is not in UTF-8")
        raise UsageError(said) from error


def changes(
    old: Annotated[str, typer.Argument(help="旧规则：文件夹或git版本 · folder or git revision")],
    new_: Annotated[
        str, typer.Argument(metavar="NEW", help="新规则：文件夹或git版本 · folder or git revision")
    ],
    out: Annotated[
        str, typer.Option("--format", "-f", help="terminal | json | markdown")
    ] = "terminal",
    output: Output = None,
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """两版规则之间改了什么、版本号该升哪一位 · What changed, and what version that asks for."""
    from auditor.renderers.words import load
    from auditor.session import load_the_forms
    from auditor.workbench import changelog
    from auditor.workbench.revisions import edition

    _known(out, _FORMATS)
    forms, words = load_the_forms(schemas), load(lang, "workbench")
    found = changelog.changelog(edition(old, forms, rules), edition(new_, forms, rules), lang)
    if out == "json":
        _json(changelog.data(found))
    elif out == "markdown" or output is not None:
        _written(changelog.markdown(found, lang), output)
    else:
        for head in changelog.heads(found, words):
            typer.echo(head)
        for line in found.lines:
            step = words(f"changelog.step.{line.step.name.lower()}")
            typer.echo(f"  [{step}] {changelog.told(line, words)}")
    raise typer.Exit(0 if found.enough else 1)


def freeze(rules: RulesDir = None, lang: Lang = "zh") -> None:
    """把现在这一版原样留存，以后可用 --rules-version 指定 · Keep this version as it is."""
    from auditor.renderers.words import load
    from auditor.rulebook.load import find_ruleset
    from auditor.workbench.freezing import freeze as keep

    words = load(lang, "workbench")
    made = keep(find_ruleset(rules or _own_rules(words("new.not_ours"))))
    for path in made:
        typer.echo(words("changelog.frozen", folder=path.as_posix()))
    if not made:
        typer.echo(words("changelog.frozen_before"))
