"""auditor numbers: every number of the narrative, and whether a rule checks it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.commands import FormId, Lang, RulesDir, SchemasDir
from auditor.errors import Said
from auditor.session import inputs_of, report_of, settings_of


def command(
    paths: Annotated[list[Path], typer.Argument(help="文件 · files")],
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
    form: FormId = None,
) -> None:  # fmt: skip
    """文字里的每个数：由哪条规则核对，或为什么没有 · Every number of the text and its check."""
    from auditor.pipeline import facts_for
    from auditor.told import page

    settings = settings_of(rules, schemas, form, None, None, None)
    status = 0
    for item in inputs_of(paths):
        report = report_of(item, settings)
        if isinstance(report, Said):
            typer.echo(f"{item.name}: {report.inside(lang)}")
            status = 3
        else:
            facts = facts_for(report, settings)
            typer.echo(page(item.name, settings.rules, facts, lang))
    raise typer.Exit(status)
