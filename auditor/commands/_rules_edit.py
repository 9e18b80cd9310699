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
