"""auditor audit: files and folders to graded audits."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor import __version__
from auditor.commands import Lang, RulesDir, SchemasDir
from auditor.errors import Said, UsageError
from auditor.session import in_company, outputs_of, settings_of, severity_of, with_stdin, write_file

if TYPE_CHECKING:
    from auditor.gather import Input
    from auditor.model import Batch, Severity
    from auditor.pipeline import Settings


def command(
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
    roster: Annotated[
        Path | None,
        typer.Option(help="名册 roster.yaml 或 .xlsx · the bodies that report"),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="草稿，尚未发布：不查时限 · not yet published")
    ] = False,
    sheet: Annotated[
        str | None, typer.Option(help="换用评分表 · another grading sheet of the rules")
    ] = None,
) -> None:  # fmt: skip
    """审核文件或文件夹，给出有依据的分级审核结果 · Audit files or folders."""
    from auditor.corpus import audit_all
    from auditor.pipeline import inputs
    from auditor.readers import known_suffixes
    from auditor.verdict import verdict

    least = severity_of(fail_on)
    outputs = outputs_of(formats or ["terminal"], output)
    settings = settings_of(rules, schemas, form, period, kind, as_of)
    settings = in_company(settings, paths, roster, sheet, draft=draft)
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
