"""auditor inspect: what was read, cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.commands import FormId, Lang, RulesDir, SchemasDir
from auditor.errors import Said
from auditor.session import inputs_of, report_of, settings_of


def command(
    paths: Annotated[list[Path], typer.Argument(help="文件 · files")],
    places: Annotated[
        bool, typer.Option("--places", help="每格的位置 · the place of every cell")
    ] = False,
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
    form: FormId = None,
) -> None:  # fmt: skip
    """读到了什么：逐部分、逐格，连同疑点 · What was read, cell by cell, with doubts."""
    from auditor.inspection import page
    from auditor.pipeline import form_of

    settings = settings_of(rules, schemas, form, None, None, None)
    status = 0
    for item in inputs_of(paths):
        report = report_of(item, settings)
        if isinstance(report, Said):
            typer.echo(f"{item.name}: {report.inside(lang)}")
            status = 3
        else:
            typer.echo(page(report, form_of(report, settings), lang, places=places))
    raise typer.Exit(status)
