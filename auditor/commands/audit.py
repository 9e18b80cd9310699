"""auditor audit: files and folders to graded audits."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor import __version__
from auditor.commands import (
    AsOf,
    Draft,
    FormId,
    Kind,
    Lang,
    Period,
    Quiet,
    RosterFile,
    RulesDir,
    RulesVersion,
    SchemasDir,
    Sheet,
    Waivers,
)
from auditor.commands._screen import shown
from auditor.errors import Said, UsageError
from auditor.outputs import COLUMNS, Output, outputs_of, safe_outputs, write_file
from auditor.resources import folder
from auditor.session import (
    in_company,
    least_grade_of,
    settings_of,
    severity_of,
    with_stdin,
    with_waivers,
    without_settings,
)

if TYPE_CHECKING:
    from auditor.addresses import Address
    from auditor.baseline import Baseline
    from auditor.corpus.cluster import Cluster
    from auditor.gather import Input
    from auditor.model import Batch, Severity
    from auditor.pipeline import Settings
    from auditor.verdict import LeastGrade


def command(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="文件、文件夹或地址（s3://…、hdfs://…），- 为标准输入 · files, folders, addresses "
            "such as s3://…, - for stdin"
        ),
    ],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format", "-f",
            help="terminal | html | xlsx | checklist | json | csv | markdown | sarif | junit | "
            "github | gitlab | parquet=DIR，可重复；NAME=FILE 写入文件 · may be repeated",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", help="写入文件或地址 · write to a file or an address"),
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
    form: FormId = None,
    period: Period = None,
    kind: Kind = None,
    as_of: AsOf = None,
    stop_after: Annotated[
        str | None, typer.Option(help="document | report | facts：中间结果 · show that step")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="每份报告的全部细节 · every report in full")
    ] = False,
    min_grade: Annotated[
        str | None,
        typer.Option(help="最低等次或分数，低于即退出1 · worst grade (or score) that passes"),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="基线文件：只有新增问题才不通过 · only findings new since then fail"),
    ] = None,
    waivers: Waivers = None,
    max_seconds: Annotated[
        int, typer.Option(min=1, help="每份文件最多几秒 · seconds for one document at most")
    ] = 60,
    max_size: Annotated[
        int, typer.Option(min=1, help="文件最大（MB） · megabytes of one file at most")
    ] = 50,
    max_memory: Annotated[
        int, typer.Option(min=50, help="内存最多（MB） · megabytes of memory for one at most")
    ] = 1000,
    roster: RosterFile = None,
    draft: Draft = False,
    version: RulesVersion = None,
    sheet: Sheet = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="并行进程数，缺省为全部核心 · worker processes"),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="接着上次中断的审核 · go on with a run cut off")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="交给 Dask 集群，如 tcp://主机:8786 · have the workers of a Dask scheduler do it",
        ),
    ] = None,
    work: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="集群各机器都能读写的文件夹或地址 · what all machines of the cluster can write to",
        ),
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="不用以前的结果，也不保留 · forget all results")
    ] = False,
    cache_size: Annotated[
        int, typer.Option(min=1, help="保留结果最多（MB） · megabytes of results to keep")
    ] = 5000,
    watch: Annotated[
        bool, typer.Option("--watch", help="文件一改动就重新审核 · audit again after each change")
    ] = False,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """审核文件或文件夹，给出有依据的分级审核结果 · Audit files or folders."""
    from auditor.addresses import AddressError, place_of
    from auditor.pipeline import inputs
    from auditor.readers import known_suffixes

    least = severity_of(fail_on)
    places = [place_of(path) for path in paths]
    outputs = outputs_of(formats or ["terminal"], place_of(output) if output else None)
    running = Running(
        1 if watch and jobs is None else jobs, resume, quiet,
        0 if no_cache else cache_size * 1_000_000, _cluster(cluster, work, jobs),
    )  # fmt: skip
    if watch:
        _only_here([*places, *(file for _, file in outputs)], cluster)

    def once() -> int:
        settings = settings_of(rules, schemas, form, period, kind, as_of, version)
        settings = _limited(settings, max_seconds, max_size, max_memory)
        settings = in_company(settings, places, roster, sheet, draft=draft)
        settings = with_waivers(settings, waivers)
        least_grade = least_grade_of(min_grade, settings.rules)
        known = _baseline(baseline)
        gc.enable()
        found = inputs(places, known_suffixes(), settings.limits)
        items = with_stdin(without_settings(found, places, (waivers, baseline)))
        kept = (rules or folder("rules"), schemas or folder("schemas"), waivers, baseline)
        safe_outputs((file for _, file in outputs), items, kept)
        if stop_after:
            _stop_after(items, settings, stop_after)
            return 0
        ask = _Ask(outputs, lang, least, fail_on_review, least_grade, verbose)
        return _audited(items, settings, running, known, ask)

    if not watch:
        try:
            raise typer.Exit(once())
        except AddressError as wrong:  # one that cannot be listed or written to
            raise UsageError(wrong.said) from None
    from auditor.commands._watch import watching

    beside = [path for path in (rules, schemas, waivers, baseline, roster) if path is not None]
    own = [file for _, file in outputs if isinstance(file, Path)]
    here = [place for place in places if isinstance(place, Path)]
    raise typer.Exit(watching([*here, *beside], once, lang, own))


def _cluster(url: str | None, work: str | None, jobs: int | None) -> Cluster | None:
    """The cluster that was named, if its library is there. Raises UsageError."""
    if url is None:
        if work is not None:
            raise UsageError(Said("--work 要与 --cluster 一起用", "--work goes with --cluster"))
        return None
    if jobs is not None:
        said = Said("--jobs 与 --cluster 不能一起用", "--jobs and --cluster exclude each other")
        raise UsageError(said)
    from auditor.addresses import place_of
    from auditor.corpus.cluster import Cluster, installed

    installed()
    place = place_of(work) if work is not None else None
    if isinstance(place, Path) and not (place.is_dir() and os.access(place, os.W_OK)):
        said = Said(f"--work 不是可写的文件夹：{work}", f"--work is no folder to write to: {work}")
        raise UsageError(said)
    return Cluster(url, place)


def _only_here(places: list[Path | Address | None], cluster: str | None) -> None:
    """Changes are seen on this machine only. Raises UsageError."""
    if cluster is not None or any(place and not isinstance(place, Path) for place in places):
        said = Said(
            "--watch 只用于本机的文件，不能与地址或 --cluster 一起用",
            "--watch is for files of this machine: no addresses, no --cluster",
        )
        raise UsageError(said)


@dataclass(frozen=True, slots=True)
class Running:
    """How the documents are gone through: in how many processes, with how much kept between."""

    jobs: int | None
    resume: bool
    quiet: bool
    cache: int
    cluster: Cluster | None = None


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is wanted of the batch: outputs, and what fails it."""

    outputs: list[Output]
    lang: str
    least: Severity
    on_review: bool
    least_grade: LeastGrade | None
    verbose: bool


def _audited(
    items: tuple[Input, ...], settings: Settings, running: Running, known: Baseline | None,
    ask: _Ask,
) -> int:  # fmt: skip
    """All documents audited and every output written; the exit status."""
    from auditor.commands._auditing import CTRL_C, RESUME, cut_off
    from auditor.commands._progress import progress_on
    from auditor.commands._watch import INTERRUPTED
    from auditor.corpus.chosen import audited
    from auditor.corpus.progress import Stopped
    from auditor.verdict import INCOMPLETE, verdict

    columns = ask.lang if any(name == COLUMNS for name, _ in ask.outputs) else None
    if columns is not None:
        from auditor.corpus.columns import ready

        ready()  # before any work
    progress = progress_on(sys.stderr, ask.lang, quiet=running.quiet)
    run = audited(
        items, settings, jobs=running.jobs, resume=running.resume, progress=progress,
        cache=running.cache, cluster=running.cluster,
        columns=columns if known is None else None,  # a baseline adds to findings afterwards
    )  # fmt: skip
    try:
        with run as found:
            batch = _told(found, settings, known)
            result = verdict(batch, ask.least, on_review=ask.on_review, least_grade=ask.least_grade)
            said = result.said.inside(ask.lang)
            write_outputs(batch, ask.outputs, ask.lang, ask.least, said, ask.verbose, settings)
    except Stopped as why:
        sys.stderr.write(cut_off(why.said, RESUME).inside(ask.lang) + "\n")
        return INCOMPLETE
    except KeyboardInterrupt:
        sys.stderr.write(cut_off(CTRL_C, RESUME).inside(ask.lang) + "\n")
        return INTERRUPTED
    return result.status


def _limited(settings: Settings, seconds: int, size: int, memory: int) -> Settings:
    """The settings with what one document may take: seconds, and megabytes of file and memory."""
    own = {"seconds": seconds, "size": size * 1_000_000, "memory": memory * 1_000_000}
    return replace(settings, limits=replace(settings.limits, **own))


def _baseline(path: Path | None) -> Baseline | None:
    from auditor.baseline import load

    return load(path) if path is not None else None


def _told(batch: Batch, settings: Settings, known: Baseline | None) -> Batch:
    """The batch with remarks on waivers that were not used, compared with the baseline."""
    if settings.waivers:
        from auditor.waivers import unmatched

        batch = replace(batch, notes=(*batch.notes, *unmatched(batch, settings.waivers)))
    if known is None:
        return batch
    from auditor.baseline import compared

    return compared(batch, known)


def _stop_after(items: tuple[Input, ...], settings: Settings, step: str) -> None:
    """Print an intermediate value of each document: the debugger."""
    from auditor.dump import STEPS, dump

    if step not in STEPS:
        words = " | ".join(STEPS)
        raise UsageError(Said(f"--stop-after 可以是 {words}", f"--stop-after is {words}"))
    for item in items:
        sys.stdout.write(dump(item, settings, step))


def write_outputs(
    batch: Batch, outputs: list[Output], lang: str, least: Severity,
    summary: str, verbose: bool, settings: Settings,
) -> None:  # fmt: skip
    """Every output that was asked for; the verdict also beside what only machines read."""
    from auditor.renderers import Options, written

    options = Options(
        lang=lang, verbose=verbose, fail_on=least, summary_line=summary,
        engine=__version__, as_of=settings.as_of, forms={f.id: f for f in settings.forms},
    )  # fmt: skip
    for name, file in outputs:
        if name == COLUMNS and file is not None:
            _write_columns(batch, file, settings, lang)
        elif file is None:
            shown(name, batch, options)
        else:
            write_file(file, written(name, batch, options))
    if ("terminal", None) not in outputs:
        sys.stderr.write(summary + "\n")  # why it passed or failed, whatever the format


def _write_columns(batch: Batch, folder: Path | Address, settings: Settings, lang: str) -> None:
    """The tables in a folder; those for an address are written here first."""
    from tempfile import TemporaryDirectory

    from auditor.corpus.columns import write

    if isinstance(folder, Path):
        write(batch, folder, settings, lang)
        return
    with TemporaryDirectory(prefix="auditor-") as made:
        write(batch, Path(made), settings, lang)
        for table in sorted(Path(made).iterdir()):
            write_file(folder.child(table.name), table.read_bytes())
