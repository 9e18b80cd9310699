"""auditor forms: list, show."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.commands import Lang, SchemasDir
from auditor.session import load_the_forms

app = typer.Typer(
    help="表式：列表、说明 · The forms: list, show.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def forms_list(schemas: SchemasDir = None, lang: Lang = "zh") -> None:
    """列出全部表式 · List all forms."""
    from auditor.catalogue import form_table

    typer.echo(form_table(load_the_forms(schemas), lang))


@app.command("show")
def forms_show(
    form: Annotated[str, typer.Argument(help="表式 · id")],
    schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """一种表式的部分、表和名称 · Sections, tables and names of one form."""
    from auditor.catalogue import form_page

    typer.echo(form_page(load_the_forms(schemas), form, lang))
