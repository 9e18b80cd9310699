"""Who on the roster has handed in no report."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.corpus.bodies import Bodies
from auditor.corpus.heads import Head
from auditor.errors import Said
from auditor.model import Refusal
from auditor.refusals import MISSING
from auditor.text import compact
from auditor.years import year_meant


def missing(
    heads: Sequence[Head], refusals: Sequence[Refusal], known: Bodies, period: int | None
) -> tuple[Refusal, ...]:
    """The bodies of the roster without a report for the year that is meant.

    Nothing is certain where a body's name is in the name of a file that was set aside, or where
    some report names no body or no year: it may be anyone's; nor where a file of its own is named
    after the year, and holds a report of another.
    """
    roster = known.roster
    year = period or year_meant(h.period for h in heads)
    if roster is None or year is None:
        return ()
    there = {known.key(h.name) for h in heads if h.period == year}
    unsure = any(not h.name or not h.period for h in heads)
    misdated = {known.key(h.name) for h in heads if str(year) in h.source.rpartition("/")[2]}
    aside = [compact(r.source) for r in refusals if r.kind != "duplicate"]
    found = []
    for unit in roster.units:
        names = [compact(name) for name in (unit.name, *unit.aliases)]
        if unit.name in there or not unit.reports_for(year):
            continue
        doubt = unsure or unit.name in misdated
        doubt = doubt or any(name in file for name in names for file in aside)
        found.append(Refusal(unit.name, MISSING, _said(year, doubt=doubt), unread=doubt))
    return tuple(found)


def _said(year: int, *, doubt: bool) -> Said:
    if doubt:
        return Said(
            f"名册所列，未见 {year} 年度报告；但有文件未能读取，或单位、年度不清，请先核对",
            f"on the roster, no report for {year}; but a file that was not read, or whose body or "
            "year is in doubt, may be theirs",
        )
    return Said(f"名册所列，未见 {year} 年度报告", f"on the roster, no report for {year} at hand")
