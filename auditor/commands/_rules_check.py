"""auditor rules check: everything that is wrong with a rule set, and its style."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir

Style = Annotated[
    bool, typer.Option("--style/--no-style", help="也查风格（缺省查） · also the style (default)")
]


def register(app: typer.Typer) -> None:
    """Add the commands for those who write rules."""
    app.command("check")(check)


def check(
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh", style: Style = True
) -> None:
    """列出规则文件里的全部错误和风格问题 · List all that is wrong in the rule files, and style.

    状态：0 没有问题；1 只有风格问题；2 有错误 · Status: 0 nothing, 1 style only, 2 mistakes.
    """
    from auditor.resources import folder
    from auditor.rulebook.load import find_ruleset
    from auditor.session import load_the_forms
    from auditor.workbench.style import style as style_of
    from auditor.workbench.telling import mistake_told, slip_told, summary
    from auditor.workbench.wrong import everything_wrong

    forms = load_the_forms(schemas)
    found = everything_wrong(find_ruleset(rules or folder("rules")), forms)
    slips = style_of(found.sound, forms, whole=not found.mistakes) if style else ()
    authors = found.rules.authors
    told = [mistake_told(m, authors[m.file], lang) for m in found.mistakes]
    told += [slip_told(slip, lang) for slip in slips]
    for text in told:
        typer.echo(text + "\n")
    typer.echo(summary(found.rules, found.mistakes, slips).inside(lang))
    raise typer.Exit(2 if found.mistakes else 1 if slips else 0)
