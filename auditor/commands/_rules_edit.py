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

Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 · write to a file")]
_FORMATS = ("terminal", "json", "markdown")


def attach(app: typer.Typer) -> None:
    """Add these commands to `auditor rules`."""
    app.command("explain")(explain)
    app.command("fmt")(fmt)


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
