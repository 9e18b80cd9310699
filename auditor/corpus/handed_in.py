"""Who on the roster has handed in no report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from auditor.corpus.bodies import Bodies
from auditor.errors import Said
from auditor.model import Refusal, Report
from auditor.text import compact

KIND = "not-submitted"


def missing(
    reports: Sequence[Report], refusals: Sequence[Refusal], known: Bodies, period: int | None
) -> tuple[Refusal, ...]:
    """The bodies of the roster without a report for the year that most reports here are for.

    A body whose name is in the name of a file that could not be read is not missing. Where a
    report's body or year is unknown, it may be anyone's: nothing is certain then.
    """
    roster = known.roster
    year = period or _year(reports, known)
    if roster is None or year is None:
        return ()
    there = {known.key(r.subject.name) for r in reports if r.period == year}
    unsure = any(not r.subject.name or not r.period for r in reports)
    unread = [compact(r.source) for r in refusals if r.unread]
    found = []
    for unit in roster.units:
        names = [compact(name) for name in (unit.name, *unit.aliases)]
        held = unit.name in there or any(name in file for name in names for file in unread)
        if not held and unit.reports_for(year):
            found.append(Refusal(unit.name, KIND, _said(year, unsure=unsure), unread=unsure))
    return tuple(found)


def _year(reports: Sequence[Report], known: Bodies) -> int | None:
    years = Counter(r.period for r in reports if r.period and known.unit(r.subject.name))
    return max(years, key=lambda year: (years[year], year)) if years else None


def _said(year: int, *, unsure: bool) -> Said:
    if unsure:
        return Said(
            f"名册所列，未见 {year} 年度报告；另有报告看不出单位或年度，请先核对",
            f"on the roster, no report for {year}; but some report here names no body or year",
        )
    return Said(f"名册所列，未见 {year} 年度报告", f"on the roster, no report for {year} at hand")
