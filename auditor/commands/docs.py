"""auditor docs: a site of documentation, made from the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir
from auditor.errors import Said
from auditor.outputs import made_folder
from auditor.session import forms_and_rules

app = typer.Typer(
    help="文档网站：由规则生成，离线可看 · A site of documentation made from the rules.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _group() -> None:
    """A group even while there is one command."""


@app.command("build")
def build(
    output: Annotated[Path, typer.Option("-o", "--output", help="写入的文件夹 · a folder")],
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """每条规则、每种表式、写法、教程各一页，中英文 · A page for every rule and form."""
    from auditor.workbench.site.build import Site
    from auditor.workbench.site.build import build as build_site

    forms, ruleset = forms_and_rules(schemas, rules, anew=True)
    made_folder(output)
    pages = build_site(Site(ruleset, forms), output)
    index = (output / "index.html").as_posix()
    said = Said(f"{pages} 页，从 {index} 看起", f"{pages} pages; begin with {index}")
    typer.echo(said.inside(lang))
