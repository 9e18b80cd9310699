"""A batch of documents → its audits, with what was set aside; all in this process."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from auditor.corpus.heads import head_of
from auditor.errors import Said
from auditor.gather import Input
from auditor.model import Audit, Batch, Refusal
from auditor.pipeline import Bound, Settings, bind_one, judge
from auditor.readers import prepare

if TYPE_CHECKING:
    from auditor.corpus.together import Together

_T = TypeVar("_T")


def audit_all(items: Sequence[Input], settings: Settings) -> Batch:
    """All documents. A fault of ours in one of them is kept with its trace; the rest goes on."""
    prepare(((item.path, item.content) for item in items), limits=settings.limits)
    faults: list[Refusal] = []
    bound: list[Bound] = []
    refusals: list[Refusal] = []
    for item in items:
        read = guarded(item.name, faults, bind_one, item, settings)
        if isinstance(read, Refusal):
            refusals.append(read)
        elif read is not None:
            bound.append(read)
    missing: tuple[Refusal, ...] = ()
    if len(bound) == 1 and settings.roster is None:
        audits = _alone(bound, faults, settings)
    else:
        audits, twice, missing = _compared(bound, [*refusals, *faults], faults, settings)
        refusals += twice
    return Batch(tuple(audits), tuple(refusals), tuple(faults), missing=missing)


def _alone(bound: Sequence[Bound], faults: list[Refusal], settings: Settings) -> list[Audit]:
    """Each by itself; none of the modules that compare is imported."""
    found = (guarded(one.report.source, faults, judge, one, settings) for one in bound)
    return [audit for audit in found if audit is not None]


def _compared(
    bound: Sequence[Bound], aside: Sequence[Refusal], faults: list[Refusal], settings: Settings
) -> tuple[list[Audit], list[Refusal], tuple[Refusal, ...]]:
    """The audits, the copies that were set aside, and the bodies without a report.

    A fault of ours in comparing leaves the reports to be judged each by itself.
    """
    from auditor.corpus.duplicates import once
    from auditor.corpus.held import held_together

    kept, copies = once([head_of(one.report) for one in bound], lambda n: bound[n].report)
    held = [bound[number] for number in kept]
    beside = guarded("–", faults, held_together, held, aside, settings)
    if not beside:
        audits = _alone(held, faults, settings)
    else:
        found = (_judged(number, beside, faults) for number in range(len(held)))
        audits = [audit for audit in found if audit is not None]
    sources = {bound[n].report.source: tuple(bound[c].report.source for c in copies[n])
               for n in copies}  # fmt: skip
    audits = [replace(a, duplicates=sources.get(a.report.source, ())) for a in audits]
    twice = [duplicate(copy, kept) for kept, several in sources.items() for copy in several]
    return audits, twice, beside.missing if beside else ()


def _judged(number: int, beside: Together, faults: list[Refusal]) -> Audit | None:
    """One report judged beside the others; by itself after a fault of ours in comparing."""
    from auditor.corpus.company import company_of

    library = beside.library
    one, near = library.bound(number), beside.near.get(number)
    source, settings = one.report.source, library.settings
    company = guarded(source, faults, company_of, number, beside.ties[number], near, library)
    if company is None:
        return guarded(source, faults, judge, one, settings)
    return guarded(source, faults, judge, one, settings, company)


def guarded(
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


def duplicate(source: str, kept: str) -> Refusal:
    """A copy of a report that is audited under another name."""
    name = Path(kept).name
    kept = kept if name == Path(source).name else name
    said = Said(f"与 {kept} 是同一份报告，只计一次", f"the same report as {kept}: counted once")
    return Refusal(source, "duplicate", said)
