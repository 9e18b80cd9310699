"""Columns: the audits of a run as four tables, in Parquet files, and questions over them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from auditor.corpus.columns.audited import Audited, audited_lying, audited_of
from auditor.corpus.columns.rows import Part, parts
from auditor.corpus.judged import Judged
from auditor.errors import UsageError
from auditor.model import Batch
from auditor.pipeline import Settings

_SIZE = 2000  # reports in one part


def ready() -> None:
    """Raises UsageError where tables cannot be written at all.

    What writes them is looked for, not loaded: it has to be there only at the end.
    """
    if find_spec("duckdb") is None:
        from auditor.corpus.columns.writing import NO_DUCKDB

        raise UsageError(NO_DUCKDB)


def write(batch: Batch, folder: Path, settings: Settings, lang: str) -> None:
    """The four tables of a batch. Raises UsageError where they cannot be written."""
    from auditor.corpus.columns.writing import write as write_tables

    audits = batch.audits
    if isinstance(audits, Judged) and audits.tables is not None and audits.tables.lang == lang:
        with audits.tables.keeping() as kept:
            write_tables(_aside(batch, lang), folder, audits.tables.files(), kept)
    else:
        write_tables(_parts(batch, settings, lang), folder)


def _parts(batch: Batch, settings: Settings, lang: str) -> Iterator[Part]:
    yield from parts(_audited(batch, settings), lang, _SIZE)
    yield from _aside(batch, lang)


def _aside(batch: Batch, lang: str) -> Iterator[Part]:
    """What was not audited, after all that was."""
    aside = [*batch.refusals, *batch.faults, *batch.missing]
    if aside:
        rest = Part(lang)
        for number, refusal in enumerate(aside, start=len(batch.audits)):
            rest.add_refusal(number, refusal)
        yield rest


def _audited(batch: Batch, settings: Settings) -> Iterator[Audited]:
    if isinstance(batch.audits, Judged):
        for number, (place, bound, value) in enumerate(batch.audits.plain()):
            yield audited_lying(number, bound, value, place.copies, batch.audits.settings)
        return
    for number, audit in enumerate(batch.audits):
        yield audited_of(number, audit, settings)
