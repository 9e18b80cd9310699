"""Who on the roster has handed in no report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from auditor.corpus.bodies import Bodies
from auditor.corpus.heads import Head
from auditor.errors import Said
from auditor.model import Refusal
from auditor.text import compact

KIND = "not-submitted"


def missing(
    heads: Sequence[Head], refusals: Sequence[Refusal], known: Bodies, period: int | None
) -> tuple[Refusal, ...]:
    """The bodies of the roster without a report for the year that most reports here are for.

    Nothing is certain where a body's name is in the name of a file that was set aside, or where
    some report names no body or no year: it may be anyone's.
    """
    roster = known.roster
    year = period or _year(heads, known)
    if roster is None or year is None:
        return ()
    there = {known.key(h.name) for h in heads if h.period == year}
    unsure = any(not h.name or not h.period for h in heads)
    aside = [compact(r.source) for r in refusals if r.kind != "duplicate"]
    found = []
    for unit in roster.units:
        names = [compact(name) for name in (unit.name, *unit.aliases)]
        if unit.name in there or not unit.reports_for(year):
            continue
        doubt = unsure or any(name in file for name in names for file in aside)
        found.append(Refusal(unit.name, KIND, _said(year, doubt=doubt), unread=doubt))
    return tuple(found)


def _year(heads: Sequence[Head], known: Bodies) -> int | None:
    years = Counter(h.period for h in heads if h.period and known.unit(h.name))
    return max(years, key=lambda year: (years[year], year)) if years else None


def _said(year: int, *, doubt: bool) -> Said:
    if doubt:
        return Said(
            f"名册所列，未见 {year} 年度报告；但有文件未能读取或看不出单位、年度，请先核对",
            f"on the roster, no report for {year}; but a file that was not read may be theirs",
        )
    return Said(f"名册所列，未见 {year} 年度报告", f"on the roster, no report for {year} at hand")
