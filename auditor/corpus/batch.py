"""A batch of documents → its audits, with what was set aside."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from auditor.corpus.bodies import Bodies
from auditor.corpus.continuing import continued
from auditor.corpus.duplicates import once
from auditor.corpus.handed_in import missing
from auditor.corpus.pairing import companies, known_bodies, rostered
from auditor.errors import Said
from auditor.gather import Input
from auditor.model import Audit, Batch, Refusal
from auditor.pipeline import Bound, Settings, bind_one, judge
from auditor.readers import prepare

_T = TypeVar("_T")


def audit_all(items: Sequence[Input], settings: Settings) -> Batch:
    """All documents. A fault of ours in one of them is kept with its trace; the rest goes on."""
    prepare((item.path, item.content) for item in items)
    faults: list[Refusal] = []
    bound: list[Bound] = []
    refusals: list[Refusal] = []
    for item in items:
        read = _guarded(item.name, faults, bind_one, item, settings)
        if isinstance(read, Refusal):
            refusals.append(read)
        elif read is not None:
            bound.append(read)
    kept, copies = once(bound)
    known = known_bodies([b.report for b in kept], settings)
    kept = [_rostered(one, known) for one in kept]
    reports = continued([one.report for one in kept], settings, known)
    kept = [replace(one, report=report) for one, report in zip(kept, reports, strict=True)]
    audits: list[Audit] = []
    for one, company in zip(kept, companies(reports, settings, known), strict=True):
        source = one.report.source
        audit = _guarded(source, faults, judge, one, settings, company)
        if audit is not None:
            audits.append(replace(audit, duplicates=copies.get(source, ())))
    twice = [_duplicate(copy, kept) for kept, sources in copies.items() for copy in sources]
    absent = missing(reports, [*refusals, *faults], known, settings.period)
    return Batch(
        tuple(audits), (*refusals, *twice), tuple(faults), absent if settings.folder else ()
    )


def _rostered(one: Bound, known: Bodies) -> Bound:
    """What the roster says of a body wins over what its name seems to say."""
    report, said = rostered(one.report, known)
    if not said:
        return one
    return Bound(report, (*one.overrides, *(s.zh for s in said)))


def _guarded(
    name: str, faults: list[Refusal], step: Callable[..., _T], *arguments: object
) -> _T | None:
    """One step of one document: the border at which a fault of ours is kept."""
    try:
        return step(*arguments)
    except Exception as error:  # noqa: BLE001 - the border of one document
        said = Said("审核程序出错，这是 auditor 的缺陷", "this is a bug in auditor")
        trace = "".join(traceback.format_exception(error))
        faults.append(Refusal(name, "fault", said, unread=True, trace=trace))
        return None


def _duplicate(source: str, kept: str) -> Refusal:
    said = Said(f"与 {kept} 是同一份报告，只计一次", f"the same report as {kept}: counted once")
    return Refusal(source, "duplicate", said)
