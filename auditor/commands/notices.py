"""auditor notices: letters to bodies with problems and a circular on all, from Word templates."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.commands import (
    AsOf,
    Draft,
    FormId,
    Kind,
    Lang,
    Period,
    RosterFile,
    RulesDir,
    RulesVersion,
    SchemasDir,
    Sheet,
    Waivers,
)
from auditor.errors import Said, UsageError, why
from auditor.outputs import made_folder, write_file
from auditor.session import in_company, inputs_of, settings_of, with_waivers, without_settings
from auditor.years import year_meant

if TYPE_CHECKING:
    from auditor.model import Audit, Batch
    from auditor.renderers._papers.facts import Run
    from auditor.renderers._papers.template import Template

_SUFFIX = ".docx"
_NAMES = 5


def command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="文件或文件夹 · files or folders")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写入的文件夹 · folder to write to")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="整改通知的模板 .docx · template of the notice")
    ] = None,
    circular_template: Annotated[
        Path | None, typer.Option(help="通报的模板 .docx · template of the circular")
    ] = None,
    due: Annotated[
        str | None, typer.Option(help="整改期限 YYYY-MM-DD · deadline for corrections")
    ] = None,
    lang: Lang = "zh",
    rules: RulesDir = None,
    schemas: SchemasDir = None,
    form: FormId = None,
    period: Period = None,
    kind: Kind = None,
    as_of: AsOf = None,
    version: RulesVersion = None,
    roster: RosterFile = None,
    waivers: Waivers = None,
    draft: Draft = False,
    sheet: Sheet = None,
    year: Annotated[
        int | None,
        typer.Option(help="写哪个年度的，缺省为最近的 · report year, by default the newest"),
    ] = None,
    fields: Annotated[
        bool, typer.Option("--fields", help="列出模板可用的占位符 · list the placeholders")
    ] = False,
    templates: Annotated[
        Path | None,
        typer.Option(help="写出缺省模板到文件夹，供修改 · write the default templates to a folder"),
    ] = None,
) -> None:  # fmt: skip
    """审核并写出整改通知（每份不合格报告一份）和通报 · Letters and a circular on the audit."""
    if fields:
        from auditor.renderers._papers.fields import page

        typer.echo(page(lang), nl=False)
        return
    if templates is not None:
        _hand_out(templates, lang)
        return
    if not paths or output is None:
        said = Said("要写明文件和 -o 文件夹", "name the files, and a folder with -o")
        raise UsageError(said)
    letters = _template("notice", template, lang), _template("circular", circular_template, lang)
    day = _day(due)
    settings = settings_of(rules, schemas, form, period, kind, as_of, version)
    settings = replace(in_company(settings, paths, roster, sheet, draft=draft), year=year)
    settings = with_waivers(settings, waivers)
    from auditor.commands._auditing import batch_of
    from auditor.renderers._papers.facts import run_of

    gc.enable()
    items = without_settings(inputs_of(paths), paths, (waivers,))
    with batch_of(items, settings, lang) as every:
        batch, beside = _of_year(every, year)
        papers = _papers(batch, letters, run_of(batch, settings.as_of, day), lang)
    _write(papers, output, lang)
    _tell(batch, beside, lang)
    raise typer.Exit(_status(batch))


def _of_year(batch: Batch, year: int | None) -> tuple[Batch, tuple[Audit, ...]]:
    """The reports of one year, and those of other years that only stand beside them.

    Last year's reports lie in the folder to be compared with; a letter on them would be news to
    nobody, and a circular on a year counts no others. A report without a year stays.
    """
    wanted = year or year_meant(a.report.period for a in batch.audits)
    mine = tuple(a for a in batch.audits if a.report.period in (wanted, None))
    beside = tuple(a for a in batch.audits if a.report.period not in (wanted, None))
    return replace(batch, audits=mine), beside


def _tell(batch: Batch, beside: tuple[Audit, ...], lang: str) -> None:
    """What got no letter, and why the status is not 0."""
    from auditor.renderers._papers.facts import UNTOLD
    from auditor.renderers._papers.plain import clean as plain
    from auditor.renderers.words import load

    words = load(lang, "papers")
    if beside:
        years = sorted({str(a.report.period) for a in beside})
        told = load(lang)("joint.list").join(years)
        typer.echo(words("notice.beside", count=len(beside), years=told))
    unread = sum(r.unread for r in batch.refusals)
    if unread:
        typer.echo(words("notice.unread", count=unread))
    untold = [r.source.rpartition("/")[2] for r in batch.refusals if r.kind in UNTOLD]
    if untold:
        names = load(lang)("joint.list").join(plain(name) for name in untold[:_NAMES])
        more = load(lang)("folder.and_more", count=len(untold)) if len(untold) > _NAMES else ""
        typer.echo(words("notice.untold", count=len(untold), names=names + more))
    if batch.faults:
        typer.echo(words("notice.faults", count=len(batch.faults)))


def _day(due: str | None) -> str:
    from datetime import date

    if due is None:
        return ""
    try:
        return date.fromisoformat(due).isoformat()
    except ValueError:
        raise UsageError(Said(f"--due 不是日期：{due}", f"--due is no date: {due}")) from None


def _template(paper: str, file: Path | None, lang: str) -> Template:
    """A template, checked before any document is opened."""
    from auditor.renderers._papers.package import MOST_FILE
    from auditor.renderers._papers.template import load
    from auditor.templates import default

    path = file or default(paper, lang)
    try:
        with path.open("rb") as opened:
            data = opened.read(MOST_FILE + 1)
    except OSError as error:
        told = why(error)
        said = Said(f"读不了模板 {path}：{told.zh}", f"cannot read {path}: {told.en}")
        raise UsageError(said) from error
    return load(data, path.name, paper)


def _papers(
    batch: Batch, templates: tuple[Template, Template], run: Run, lang: str
) -> dict[str, bytes]:
    """Every paper by its file name: all of them are made before the first is written."""
    from auditor.renderers._papers.facts import circular, notice
    from auditor.renderers._papers.filenames import file_name
    from auditor.renderers._papers.voice import voice

    speaks = voice(lang)
    words = speaks.words
    taken: set[str] = set()
    name = file_name(words("notice.circular"), _SUFFIX, taken)
    papers = {name: templates[1].fill(circular(batch, run, speaks))}
    for audit in batch.audits:
        values = notice(audit, run, speaks)
        if values["faults"]:
            told = words("notice.file", body=values["body"], year=audit.report.period or "-")
            papers[file_name(told, _SUFFIX, taken)] = templates[0].fill(values)
    return papers


def _write(papers: dict[str, bytes], folder: Path, lang: str) -> None:
    from auditor.renderers.words import load

    made_folder(folder)
    for name, data in papers.items():
        write_file(folder / name, data)
    words = load(lang, "papers")
    typer.echo(words("notice.written", count=len(papers), folder=folder.as_posix()))
    if len(papers) == 1:
        typer.echo(words("notice.none"))


def _hand_out(folder: Path, lang: str) -> None:
    """The default templates, for people to change in Word; files that are there are kept."""
    from auditor.templates import default

    made_folder(folder)
    for paper in ("notice", "circular"):
        source = default(paper, lang)
        target = folder / source.name
        if target.exists():
            raise UsageError(Said(f"{target} 已经存在，没有覆盖", f"{target} exists and is kept"))
        write_file(target, source.read_bytes())
        typer.echo(target.as_posix())


def _status(batch: Batch) -> int:
    """4 for a fault of ours, 3 where a file could not be read: no letter is no clean bill."""
    if batch.faults:
        return 4
    return 3 if any(r.unread for r in batch.refusals) else 0
