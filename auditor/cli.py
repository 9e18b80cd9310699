"""The commands. Heavy imports stand inside them: start-up is part of the product."""

from __future__ import annotations

import gc
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor import __version__
from auditor.errors import AuditorError, RulesError, Said, UsageError
from auditor.session import (
    forms_and_rules,
    inputs_of,
    load_the_forms,
    outputs_of,
    report_of,
    settings_of,
    severity_of,
    with_stdin,
    write_file,
)

if TYPE_CHECKING:
    from auditor.model import Batch, Severity
    from auditor.pipeline import Input, Settings

app = typer.Typer(
    name="auditor",
    help="按规则审核报告，每个结论都有依据 · Audit reports by declarative rules, with evidence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
rules_app = typer.Typer(
    help="规则：列表、说明、测试 · The rules: list, show, test.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip
forms_app = typer.Typer(
    help="表式：列表、说明 · The forms: list, show.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(rules_app, name="rules")
app.add_typer(forms_app, name="forms")

Lang = Annotated[str, typer.Option("--lang", help="zh 中文 | en English")]
RulesDir = Annotated[
    Path | None, typer.Option("--rules", help="规则集文件夹 · folder of a rule set")
]
SchemasDir = Annotated[
    Path | None, typer.Option("--schemas", help="表式文件夹 · folder of the forms")
]


@app.command()
def audit(
    paths: Annotated[
        list[Path],
        typer.Argument(help="文件或文件夹，- 为标准输入 · files or folders, - for stdin"),
    ],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format", "-f",
            help="terminal | json，可重复；json=FILE 写入文件 · may be repeated; NAME=FILE",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写入文件 · write to a file")
    ] = None,
    lang: Lang = "zh",
    fail_on: Annotated[
        str, typer.Option(help="note | minor | major | fatal：达到即退出1 · exit 1 from here on")
    ] = "major",
    fail_on_review: Annotated[
        bool, typer.Option("--fail-on-review", help="待复核也算 · findings to review count too")
    ] = False,
    rules: RulesDir = None,
    schemas: SchemasDir = None,
    form: Annotated[str | None, typer.Option(help="指定表式 · force the form")] = None,
    period: Annotated[int | None, typer.Option(help="指定年度 · force the report year")] = None,
    kind: Annotated[
        str | None, typer.Option(help="指定类别 · force the kind of body")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="审核日期，缺省今天 · date of the audit, today by default")
    ] = None,
    stop_after: Annotated[
        str | None, typer.Option(help="document | report | facts：中间结果 · show that step")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="每份报告的全部细节 · every report in full")
    ] = False,
) -> None:  # fmt: skip
    """审核文件或文件夹，给出有依据的分级审核结果 · Audit files or folders."""
    from auditor.pipeline import audit_all, inputs
    from auditor.readers import known_suffixes
    from auditor.verdict import verdict

    least = severity_of(fail_on)
    outputs = outputs_of(formats or ["terminal"], output)
    settings = settings_of(rules, schemas, form, period, kind, as_of)
    gc.enable()
    items = with_stdin(inputs(paths, known_suffixes()))
    if stop_after:
        _stop_after(items, settings, stop_after)
        return
    batch = audit_all(items, settings)
    result = verdict(batch, least, on_review=fail_on_review)
    _write(batch, outputs, lang, least, result.said.inside(lang), verbose, settings.as_of)
    raise typer.Exit(result.status)


def _stop_after(items: tuple[Input, ...], settings: Settings, step: str) -> None:
    """Print an intermediate value of each document: the debugger."""
    from auditor.dump import STEPS, dump

    if step not in STEPS:
        words = " | ".join(STEPS)
        raise UsageError(Said(f"--stop-after 可以是 {words}", f"--stop-after is {words}"))
    for item in items:
        sys.stdout.write(dump(item, settings, step))


def _write(
    batch: Batch, outputs: list[tuple[str, Path | None]], lang: str, least: Severity,
    summary: str, verbose: bool, as_of: str,
) -> None:  # fmt: skip
    from auditor.renderers import Options, load

    options = Options(
        lang=lang, verbose=verbose, fail_on=least, summary_line=summary,
        engine=__version__, as_of=as_of,
    )  # fmt: skip
    for name, file in outputs:
        if file is None and name == "terminal":
            _screen(batch, options)
        elif file is None:
            sys.stdout.buffer.write(load(name).render(batch, options))
            sys.stdout.flush()
        else:
            write_file(file, load(name).render(batch, options))


def _screen(batch: Batch, options: object) -> None:
    """The terminal renderer prints itself: it knows the width and the colours of the screen."""
    from rich.console import Console

    from auditor.renderers import terminal

    console = Console(highlight=False, soft_wrap=False)
    terminal.show(batch, options, console)  # type: ignore[arg-type]


@app.command()
def inspect(
    paths: Annotated[list[Path], typer.Argument(help="文件 · files")],
    places: Annotated[
        bool, typer.Option("--places", help="每格的位置 · the place of every cell")
    ] = False,
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
    form: Annotated[str | None, typer.Option(help="指定表式 · force the form")] = None,
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


@app.command()
def extract(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹 · files or folders")],
    output: Annotated[Path, typer.Option("-o", "--output", help="文件夹 · folder")],
    as_yaml: Annotated[bool, typer.Option("--yaml", help="YAML 而不是 JSON · not JSON")] = False,
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """写出读到的全部数据，可手工改正后再审核 · Write what was read, to correct and audit again."""
    from auditor.extraction import report_bytes, target

    settings = settings_of(rules, schemas, None, None, None, None)
    output.mkdir(parents=True, exist_ok=True)
    status = 0
    for item in inputs_of(paths):
        report = report_of(item, settings)
        if isinstance(report, Said):
            typer.echo(f"{item.name}: {report.inside(lang)}", err=True)
            status = 3
            continue
        path = target(output, item.name, as_yaml=as_yaml)
        write_file(path, report_bytes(report, as_yaml=as_yaml))
        typer.echo(str(path))
    raise typer.Exit(status)


@app.command()
def init(
    target: Annotated[Path, typer.Argument(help="新文件夹 · a new folder")],
) -> None:
    """把规则和表式复制出来以便修改 · Copy rules and forms out for editing."""
    import shutil

    from auditor.resources import folder

    for name in ("rules", "schemas"):
        if (target / name).exists():
            said = Said(f"{target / name} 已经存在，不覆盖", f"{target / name} exists already")
            raise UsageError(said)
    for name in ("rules", "schemas"):
        shutil.copytree(folder(name), target / name)
    typer.echo(f"{target / 'rules'}\n{target / 'schemas'}")
    typer.echo(f"auditor audit --rules {target / 'rules'} --schemas {target / 'schemas'} …")


@rules_app.command("list")
def rules_list(rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh") -> None:
    """列出全部规则 · List all rules."""
    from auditor.catalogue import rule_table

    typer.echo(rule_table(forms_and_rules(schemas, rules)[1], lang))


@rules_app.command("show")
def rules_show(
    rule: Annotated[str, typer.Argument(help="编号 · id")],
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """一条规则的全部内容 · Everything about one rule."""
    from auditor.catalogue import rule_page

    typer.echo(rule_page(forms_and_rules(schemas, rules, anew=True)[1], rule, lang))


@rules_app.command("test")
def rules_test(rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh") -> None:
    """检查规则并运行全部示例 · Check the rules and run every example."""
    ruleset = forms_and_rules(schemas, rules, anew=True)[1]
    count = sum(len(rule.examples) for rule in ruleset.rules)
    said = Said(
        f"{len(ruleset.rules)} 条规则，{count} 个示例，全部成立",
        f"{len(ruleset.rules)} rules, {count} examples, all hold",
    )
    typer.echo(said.inside(lang))


@rules_app.command("schema")
def rules_schema_() -> None:
    """规则文件的 JSON Schema，供编辑器使用 · JSON Schema of rule files, for editors."""
    from auditor.rulebook.schema import rule_schema_text

    typer.echo(rule_schema_text(), nl=False)


@forms_app.command("list")
def forms_list(schemas: SchemasDir = None, lang: Lang = "zh") -> None:
    """列出全部表式 · List all forms."""
    from auditor.catalogue import form_table

    typer.echo(form_table(load_the_forms(schemas), lang))


@forms_app.command("show")
def forms_show(
    form: Annotated[str, typer.Argument(help="表式 · id")],
    schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """一种表式的部分、表和名称 · Sections, tables and names of one form."""
    from auditor.catalogue import form_page

    typer.echo(form_page(load_the_forms(schemas), form, lang))


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="版本 · version")] = False,
) -> None:
    if version:
        typer.echo(f"auditor {__version__}")
        raise typer.Exit


def main() -> None:
    """The entry point: every error becomes a message and the right exit status."""
    gc.disable()  # nothing dies while modules load; audit() turns it on again
    lang = "en" if "--lang=en" in sys.argv or _follows("--lang", "en") else "zh"
    try:
        app()
    except RulesError as error:
        sys.stderr.write(error.shown(lang) + "\n")
        sys.exit(2)
    except AuditorError as error:
        sys.stderr.write(error.said.inside(lang) + "\n")
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(1)
    except Exception:  # noqa: BLE001 - the border of the program
        import traceback

        traceback.print_exc()
        sys.stderr.write("\nthis is a bug in auditor · 这是 auditor 的缺陷，请报告\n")
        sys.exit(4)


def _follows(option: str, value: str) -> bool:
    """Whether an option is followed by a value on the command line."""
    arguments = sys.argv
    return any(pair == (option, value) for pair in pairwise(arguments))
