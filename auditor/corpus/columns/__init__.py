"""Columns: the audits of a run as four tables, in Parquet files, and questions over them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor import __version__
from auditor.corpus.columns.rows import Audited, Part, parts
from auditor.corpus.judged import Judged, Order, audit_value, order_of
from auditor.corpus.plain import decode, report_of
from auditor.model import Audit, Batch
from auditor.pipeline import Settings, form_of, reference_of

_SIZE = 2000  # reports in one part


def write(batch: Batch, folder: Path, settings: Settings, lang: str) -> None:
    """The four tables of a batch. Raises UsageError where they cannot be written."""
    from auditor.corpus.columns.writing import connection
    from auditor.corpus.columns.writing import write as write_tables

    connection().close()  # whether it is there at all, before any work
    write_tables(_parts(batch, settings, lang), folder)


def _parts(batch: Batch, settings: Settings, lang: str) -> Iterator[Part]:
    yield from parts(_audited(batch, settings), lang, _SIZE)
    aside = [*batch.refusals, *batch.faults, *batch.missing]
    if aside:
        rest = Part(lang)
        for number, refusal in enumerate(aside, start=len(batch.audits)):
            rest.add_refusal(number, refusal)
        yield rest


def _audited(batch: Batch, settings: Settings) -> Iterator[Audited]:
    if isinstance(batch.audits, Judged):
        yield from _lying(batch.audits)
        return
    for number, audit in enumerate(batch.audits):
        yield _of(number, audit, settings)


def _of(number: int, audit: Audit, settings: Settings) -> Audited:
    order = Order(tuple(r.rule for r in audit.results), tuple(r.severity for r in audit.results))
    form = form_of(audit.report, settings)
    return Audited(
        number, audit.report, audit_value(audit, order), order, audit.rules, form, audit.engine,
        audit.as_of, audit.duplicates,
    )  # fmt: skip


def _lying(audits: Judged) -> Iterator[Audited]:
    """Audits that lie in packs, without opening them."""
    settings = audits.settings
    for number, (place, bound, value) in enumerate(audits.plain()):
        *_, masked, shown = value
        report = bound.report if masked is None else report_of(masked)
        form = form_of(bound.report, settings)
        rules = settings.at(bound.report.period).rules
        order = order_of(rules, form, bound.report.period)
        more = len(value[0][0]) > len(order.rules)
        reference = reference_of(rules, form, bound.report.period, more)
        yield Audited(
            number, report, value, order, reference if shown is None else decode(shown), form,
            __version__, settings.as_of, place.copies,
        )  # fmt: skip
