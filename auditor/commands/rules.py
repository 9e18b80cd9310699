"""auditor rules: list, show, check, test, schema; analyse and challenge (`_rules_analysis`)."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir, _rules_analysis, _rules_check, _rules_edit
from auditor.session import forms_and_rules, load_the_forms

app = typer.Typer(
    help="规则：列表、说明、测试 · The rules: list, show, test.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_rules_analysis.add(app)
_rules_check.register(app)
_rules_edit.attach(app)


@app.command("list")
def rules_list(rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh") -> None:
    """列出全部规则 · List all rules."""
    from auditor.catalogue import rule_table

    typer.echo(rule_table(forms_and_rules(schemas, rules)[1], lang))


@app.command("show")
def rules_show(
    rule: Annotated[str, typer.Argument(help="编号 · id")],
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """一条规则的全部内容 · Everything about one rule."""
    from auditor.catalogue import rule_page

    typer.echo(rule_page(forms_and_rules(schemas, rules, anew=True)[1], rule, lang))


@app.command("schema")
def rules_schema_(schemas: SchemasDir = None) -> None:
    """规则文件的 JSON Schema，供编辑器使用 · JSON Schema of rule files, for editors."""
    from auditor.rulebook.schema import rule_schema_text

    typer.echo(rule_schema_text(load_the_forms(schemas)), nl=False)
