"""A batch of documents → its audits, with what was set aside."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from auditor.corpus.duplicates import once
from auditor.errors import Said
from auditor.gather import Input
from auditor.model import Audit, Batch, Refusal
from auditor.pipeline import Bound, Company, Settings, bind_one, judge
from auditor.readers import prepare

_T = TypeVar("_T")


def audit_all(items: Sequence[Input], settings: Settings) -> Batch:
    """All documents. A fault of ours in one of them is kept with its trace; the rest goes on."""
    prepare(((item.path, item.content) for item in items), limits=settings.limits)
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
    beside = _beside(kept, [*refusals, *faults], faults, settings)
    audits: list[Audit] = []
    for one, company in beside.pairs:
        source = one.report.source
        audit = _guarded(source, faults, judge, one, settings, company)
        if audit is not None:
            audits.append(replace(audit, duplicates=copies.get(source, ())))
    twice = [_duplicate(copy, kept) for kept, sources in copies.items() for copy in sources]
    return Batch(tuple(audits), (*refusals, *twice), tuple(faults), missing=beside.missing)


@dataclass(frozen=True, slots=True)
class Beside:
    """The reports, each with its company, and the bodies that have handed in none."""

    pairs: Sequence[tuple[Bound, Company]]
    missing: tuple[Refusal, ...] = ()


def _beside(
    kept: Sequence[Bound], aside: Sequence[Refusal], faults: list[Refusal], settings: Settings
) -> Beside:
    """Each report beside the others. One alone needs none of the modules that compare.

    A fault of ours in comparing leaves the reports to be judged each by itself.
    """
    alone = Beside([(one, Company()) for one in kept])
    if len(kept) == 1 and settings.roster is None:
        return alone
    from auditor.corpus.together import together

    return _guarded("–", faults, together, kept, aside, settings) or alone


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
    name = Path(kept).name
    kept = kept if name == Path(source).name else name
    said = Said(f"与 {kept} 是同一份报告，只计一次", f"the same report as {kept}: counted once")
    return Refusal(source, "duplicate", said)
