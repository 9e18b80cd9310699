"""auditor rules explain and the other commands for those who write rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir
from auditor.errors import Said, UsageError
from auditor.session import forms_and_rules

if TYPE_CHECKING:
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
    from auditor.session import write_file
    from auditor.workbench.layout import laid_out

    files = _yaml_files(paths)
    changed = 0
    for path in files:
        before = path.read_text(encoding="utf-8")
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
    from auditor.session import write_file

    if output is None:
        typer.echo(text, nl=False)
    else:
        write_file(output, text.encode())
