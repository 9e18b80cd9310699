"""Which reports belong together: last year's of the same body, the units of a summary, peers.

All of it is by number and from heads alone; a report is only opened where two files claim to be
one body's report for one year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from auditor.corpus.bodies import Bodies, bodies, naming_of
from auditor.corpus.duplicates import same_counts, same_report
from auditor.corpus.heads import Head
from auditor.model import Report
from auditor.pipeline import Settings

Open = Callable[[int], Report]
"""Fetches a report by its number."""

Group = tuple[str, int | None, str | None]
"""Form, year and kind of body: reports that are compared with each other."""


class Ties(NamedTuple):
    """The reports that one report is put beside, by number.

    `key` is the name that stands for its body; `units` are those of a summary that are at hand,
    None for a report that sums up nothing, `missing` those that are not; `versions` are other
    files for the same body and year; `group` is set where there are others to compare with. `gap`
    counts the years without a report between this one and the body's last one before it.
    """

    key: str | None = None
    prior: int | None = None
    renamed: bool = False
    units: tuple[int, ...] | None = None
    missing: int = 0
    versions: tuple[int, ...] = ()
    group: Group | None = None
    gap: int = 0

    @property
    def others(self) -> tuple[int, ...]:
        """All whose counts it is judged beside."""
        prior = () if self.prior is None else (self.prior,)
        return (*prior, *(self.units or ()), *self.versions)


def known_bodies(heads: Sequence[Head], settings: Settings) -> Bodies:
    """The bodies of these reports and of the roster."""
    naming = naming_of(settings.forms[-1])
    return bodies((h.name for h in heads if h.name), settings.roster, naming)


def ties_of(heads: Sequence[Head], known: Bodies, open_: Open) -> tuple[Ties, ...]:
    """For each report, in order, those that its rules may look at.

    Two reports of one body for one year that differ are no company to anyone: which of them is
    right is not known.
    """
    keys = [known.key(head.name) for head in heads]
    found = _Found(heads, keys, open_)
    groups = {group: group for group in groups_of(heads)}  # one value for all its members
    return tuple(_ties(n, found, known, groups) for n in range(len(heads)))


def groups_of(heads: Sequence[Head]) -> Mapping[Group, list[int]]:
    """Bodies of one kind that reported for one year on one form, where there are several."""
    groups: dict[Group, list[int]] = {}
    for number, head in enumerate(heads):
        if head.period and head.kind:
            groups.setdefault(group_of(head), []).append(number)
    return {group: members for group, members in groups.items() if len(members) > 1}


def by_body(ties: Sequence[Ties]) -> list[int]:
    """The places in the order in which they are judged: the years of a body together.

    What was found out of one year is at hand when the next is put beside it.
    """
    first: dict[str, int] = {}
    for place, one in enumerate(ties):
        if one.key:
            first.setdefault(one.key, place)
    return sorted(range(len(ties)), key=lambda p: (first.get(ties[p].key or "", p), p))


def group_of(head: Head) -> Group:
    """The group of a report."""
    return head.form, head.period, head.kind


class _Found:
    """The reports by body and year; what differs is found out once."""

    def __init__(self, heads: Sequence[Head], keys: Sequence[str | None], open_: Open) -> None:
        self.heads = heads
        self.keys = keys
        self._open = open_
        self._by_body: dict[tuple[str, int], list[int]] = {}
        self._years: dict[str, set[int]] = {}
        self._sole: dict[tuple[str, int], int | None] = {}
        for number, (head, key) in enumerate(zip(heads, keys, strict=True)):
            if key and head.period:
                self._by_body.setdefault((key, head.period), []).append(number)
                self._years.setdefault(key, set()).add(head.period)

    def at(self, key: str, period: int) -> Sequence[int]:
        """The reports of a body for a year."""
        return self._by_body.get((key, period), ())

    def gap(self, key: str, period: int) -> int:
        """The years without a report between this one and the last before it; 0 for none."""
        earlier = [year for year in self._years.get(key, ()) if year < period]
        return period - max(earlier) - 1 if earlier else 0

    def only(self, key: str, period: int) -> int | None:
        """The one report of a body for a year; None for none, and for several that differ."""
        here = self.at(key, period)
        if len(here) < 2:
            return here[0] if here else None
        place = (key, period)
        if place not in self._sole:
            differs = any(self.differ(here[0], other) for other in here[1:])
            self._sole[place] = None if differs else here[0]
        return self._sole[place]

    def differ(self, one: int, other: int) -> bool:
        """Whether a count that both have read differs."""
        return not same_counts(self._open(one), self._open(other))

    def another(self, one: int, other: int) -> bool:
        """Whether two files of a body and year are two reports; copies under one name are gone."""
        if self.heads[one].name == self.heads[other].name:
            return True
        return not same_report(self._open(one), self._open(other))


def _ties(number: int, found: _Found, known: Bodies, groups: Mapping[Group, Group]) -> Ties:
    head, key = found.heads[number], found.keys[number]
    if not key:
        return Ties()
    prior, renamed = _prior(head, key, known, found)
    units = _units(head, known, found)
    here = found.at(key, head.period or 0)
    versions = tuple(n for n in here if n != number and found.another(number, n))
    group = group_of(head)
    there, missing = units if units is not None else (None, 0)
    gap = found.gap(key, head.period) if prior is None and head.period else 0
    return Ties(key, prior, renamed, there, missing, versions, groups.get(group), gap)


def _prior(head: Head, key: str, known: Bodies, found: _Found) -> tuple[int | None, bool]:
    """Last year's report of the same body, and whether it was another body then, or may have been.

    A body that several were merged into has no past of its own before its first year, even where
    it kept the name of one of them; where the roster does not tell that year, any may be.
    """
    if not head.period:
        return None, False
    year, unit = head.period - 1, known.unit(head.name)
    begun = unit.since if unit is not None and unit.merged_from else 0  # None: nobody told
    if begun and year < begun:
        return None, False
    if found.at(key, year):
        return found.only(key, year), begun is None
    for name in unit.renamed_from if unit is not None else ():
        old = found.only(known.key(name) or "", year)
        if old is not None:
            return old, True
    return None, False


def _units(head: Head, known: Bodies, found: _Found) -> tuple[tuple[int, ...], int] | None:
    """The reports of the units that a summary sums up, and how many of them are not at hand."""
    unit = known.unit(head.name)
    if unit is None or known.roster is None or not head.period:
        return None
    wanted = known.roster.units_of(unit, head.period)
    if not wanted:
        return None
    held = (found.only(u.name, head.period) for u in wanted)
    there = tuple(number for number in held if number is not None)
    return there, len(wanted) - len(there)
