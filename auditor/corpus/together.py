"""Many reports → each beside those it belongs to: roster, glued rows, company, who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.corpus.batch import Beside
from auditor.corpus.bodies import Bodies
from auditor.corpus.continuing import continued
from auditor.corpus.handed_in import missing
from auditor.corpus.pairing import companies, known_bodies, rostered
from auditor.model import Refusal
from auditor.pipeline import Bound, Settings


def together(kept: Sequence[Bound], aside: Sequence[Refusal], settings: Settings) -> Beside:
    """The reports in their order with their companies; the missing only for whole folders."""
    known = known_bodies([one.report for one in kept], settings)
    named = [_rostered(one, known, settings) for one in kept]
    reports = continued([one.report for one in named], settings, known)
    split = [replace(one, report=report) for one, report in zip(named, reports, strict=True)]
    pairs = list(zip(split, companies(reports, settings, known), strict=True))
    if not settings.folder:
        return Beside(pairs)
    return Beside(pairs, missing(reports, aside, known, settings.period))


def _rostered(one: Bound, known: Bodies, settings: Settings) -> Bound:
    """What the roster says of a body wins over what its name seems to say, not over an option."""
    report, said = rostered(one.report, known)
    if not said or settings.kind is not None:
        return one
    return Bound(report, (*one.overrides, *(s.zh for s in said)))
