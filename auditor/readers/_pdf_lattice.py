"""Rules → lattices: which rules make a table, and which of its grid units are one cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from auditor.readers._blocks import Budget
from auditor.readers._pdf_rules import Stroke

_TOUCH = 0.3  # of an em: how far rules may miss each other and still meet
_THIN = 0.45  # of an em: no row or column is that narrow
_REACH = 0.8  # of an em: how far rules reach where an outer border is missing
_CUT = 2.0  # points: the same where they are cut off
_COVERED = 0.6  # of an edge: how much of it a rule must cover to part two cells
_DOTTED = 0.6  # of an em: the gap between the pieces of one rule


class Field(NamedTuple):
    """A cell without text: its place in the grid. `torn` ones have borders that do not close."""

    row: int
    column: int
    row_span: int
    column_span: int
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table: the lines of its grid and its cells. `owner` maps grid units to cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    fields: tuple[Field, ...]
    owner: tuple[tuple[int, ...], ...]

    @property
    def area(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell at a point, None outside."""
        xs, ys = self.xs, self.ys
        if not (xs[0] <= x < xs[-1] and ys[0] <= y < ys[-1]):
            return None
        return self.owner[bisect_right(ys, y) - 1][bisect_right(xs, x) - 1]

    def box(self, field: Field) -> tuple[float, float, float, float]:
        """Where a cell stands."""
        return (
            self.xs[field.column],
            self.ys[field.row],
            self.xs[field.column + field.column_span],
            self.ys[field.row + field.row_span],
        )


def lattices(
    across: Sequence[Stroke],
    down: Sequence[Stroke],
    em: float,
    budget: Budget,
    cuts: Collection[float] = (),
) -> tuple[list[Lattice], list[Stroke]]:
    """The tables of a page, and the rules across that part no cells (underlines, strikes).

    `cuts` are the places across at which rules are cut off: a table has a side there.

    A frame around a single cell is no table.
    """
    flat = joined(across, em)
    steep = joined(down, em)
    found: list[Lattice] = []
    used: set[int] = set()
    for rows, columns in _groups(flat, steep, em, budget):
        own, crossing = [flat[i] for i in rows], [steep[i] for i in columns]
        lattice = _lattice(own, crossing, em, budget, cuts)
        if lattice is not None:
            budget.table()
            found.append(lattice)
            used.update(i for i in rows if not _is_within(lattice, flat[i]))
    spare = [stroke for i, stroke in enumerate(flat) if i not in used]
    return sorted(found, key=_reading_order), spare


def _is_within(lattice: Lattice, rule: Stroke) -> bool:
    """Whether a rule across runs through a cell instead of along its border."""
    middle = (rule.start + rule.end) / 2
    nearest = min(lattice.ys, key=lambda y: abs(y - rule.place))
    above = lattice.cell_at(middle, _before(lattice.ys, nearest))
    return above is not None and above == lattice.cell_at(middle, nearest)


def _before(lines: Sequence[float], line: float) -> float:
    """The line of a grid that comes before another one."""
    at = bisect_left(lines, line)
    return lines[at - 1] if at else float("-inf")


def _reading_order(lattice: Lattice) -> tuple[float, float]:
    return lattice.ys[0], lattice.xs[0]


def joined(strokes: Iterable[Stroke], em: float) -> list[Stroke]:
    """Pieces of one rule as one; the two lines of a double rule count as one."""
    found: list[Stroke] = []
    for group in _chained(sorted(strokes), _TOUCH * em):
        place = _middle(group)
        start, end = 0.0, float("-inf")
        for stroke in sorted(group, key=_by_start):
            if stroke.start > end + _DOTTED * em:
                if end > start:
                    found.append(Stroke(place, start, end))
                start, end = stroke.start, stroke.end
            end = max(end, stroke.end)
        if end > start:
            found.append(Stroke(place, start, end))
    return found


def _chained(strokes: Sequence[Stroke], gap: float) -> list[list[Stroke]]:
    """Strokes whose places are so near that they are one line; no line gets wider than that."""
    groups: list[list[Stroke]] = []
    for stroke in strokes:
        if groups and stroke.place - groups[-1][0].place <= gap:
            groups[-1].append(stroke)
        else:
            groups.append([stroke])
    return groups


def _middle(group: Sequence[Stroke]) -> float:
    return (group[0].place + group[-1].place) / 2


def _by_start(stroke: Stroke) -> float:
    return stroke.start


# --- which rules belong together -------------------------------------------------------------


class _Union:
    """Disjoint sets of numbers."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def find(self, item: int) -> int:
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        self.parent[self.find(one)] = self.find(other)


def _groups(
    flat: Sequence[Stroke], steep: Sequence[Stroke], em: float, budget: Budget
) -> list[tuple[list[int], list[int]]]:
    """Rules that touch, directly or through others; those that touch none are left out."""
    touch = _TOUCH * em
    union = _Union(len(flat) + len(steep))
    places = [stroke.place for stroke in steep]
    met: set[int] = set()
    for i, rule in enumerate(flat):
        low = bisect_left(places, rule.start - touch)
        high = bisect_right(places, rule.end + touch)
        budget.spend(high - low)
        for j in range(low, high):
            if steep[j].start - touch <= rule.place <= steep[j].end + touch:
                union.join(i, len(flat) + j)
                met |= {i, len(flat) + j}
    _join_sides(union, met, len(flat), steep, touch)
    groups: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for item in sorted(met):
        rows, columns = groups[union.find(item)]
        if item < len(flat):
            rows.append(item)
        else:
            columns.append(item - len(flat))
    return list(groups.values())


def _join_sides(
    union: _Union, met: set[int], first: int, steep: Sequence[Stroke], touch: float
) -> None:
    """Rules down beside a table, exactly as long as it: a cell that fills the page has no more."""
    spans: dict[int, list[int]] = defaultdict(list)
    for item in met:
        if item >= first:
            spans[union.find(item)].append(item - first)
    lone = [j for j in range(len(steep)) if first + j not in met]
    for several in spans.values() if lone else ():
        top, bottom = min(steep[j].start for j in several), max(steep[j].end for j in several)
        for j in lone:
            if abs(steep[j].start - top) <= touch and abs(steep[j].end - bottom) <= touch:
                union.join(first + several[0], first + j)
                met.add(first + j)


# --- one table -------------------------------------------------------------------------------


def _lattice(
    flat: Sequence[Stroke],
    steep: Sequence[Stroke],
    em: float,
    budget: Budget,
    cuts: Collection[float],
) -> Lattice | None:
    """The table that rules make; None where they only frame one cell."""
    xs, ys = _lines(steep, flat, em, cuts), _lines(flat, steep, em)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2:
        return None
    budget.width(columns)
    budget.spend(rows * columns)
    walls = _walls(steep, xs, ys, em)
    floors = _walls(flat, ys, xs, em)
    union = _Union(rows * columns)
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and not walls[column + 1][row]:
                union.join(here, here + 1)
            if row + 1 < rows and not floors[row + 1][column]:
                union.join(here, here + columns)
    return _celled(union, tuple(xs), tuple(ys))


def _lines(
    own: Sequence[Stroke], crossing: Sequence[Stroke], em: float, cuts: Collection[float] = ()
) -> list[float]:
    """The lines of a grid in one direction, with outer ones from the ends of crossing rules."""
    places = [_middle(group) for group in _chained(sorted(own), _THIN * em)]
    if not places or not crossing:
        return places
    starts, ends = sorted(s.start for s in crossing), sorted(s.end for s in crossing)
    first, last = starts[0], ends[-1]
    if first < places[0] - _reach(first, em, cuts) and _agreed(starts, first, em):
        places.insert(0, first)
    if last > places[-1] + _reach(last, em, cuts) and _agreed(ends, last, em):
        places.append(last)
    return places


def _reach(end: float, em: float, cuts: Collection[float]) -> float:
    """How far rules must go on beyond the last border to be cells of their own."""
    return _CUT if any(abs(end - cut) <= _CUT for cut in cuts) else _REACH * em


def _agreed(ends: Sequence[float], outer: float, em: float) -> bool:
    """Whether at least two rules end there: a single one that sticks out is no border."""
    return sum(abs(end - outer) <= _TOUCH * em for end in ends) >= 2


def _walls(
    strokes: Sequence[Stroke], lines: Sequence[float], marks: Sequence[float], em: float
) -> list[list[bool]]:
    """For each line of the grid and each step along it, whether a rule covers that edge."""
    along: list[list[Stroke]] = [[] for _ in lines]
    for stroke in strokes:
        nearest = bisect_left(lines, stroke.place - _THIN * em)
        nearest = min(
            range(nearest, min(nearest + 2, len(lines))),
            key=lambda k: abs(lines[k] - stroke.place),
            default=len(lines) - 1,
        )
        along[nearest].append(stroke)
    return [_covered(on, marks) for on in along]


def _covered(strokes: Iterable[Stroke], marks: Sequence[float]) -> list[bool]:
    """For each step along a line whether rules cover most of it."""
    starts: list[float] = []
    ends: list[float] = []
    for _, start, end in sorted(strokes, key=_by_start):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    found, at, count = [], 0, len(starts)
    for start, end in pairwise(marks):
        while at < count and ends[at] <= start:
            at += 1
        covered, k = 0.0, at
        while k < count and starts[k] < end:
            covered += min(ends[k], end) - max(starts[k], start)
            k += 1
        found.append(covered >= _COVERED * (end - start))
    return found


def _celled(union: _Union, xs: tuple[float, ...], ys: tuple[float, ...]) -> Lattice | None:
    """Grid units that nothing parts are one cell, if together they are a rectangle."""
    rows, columns = len(ys) - 1, len(xs) - 1
    groups: dict[int, list[int]] = defaultdict(list)
    for unit in range(rows * columns):
        groups[union.find(unit)].append(unit)
    fields: list[Field] = []
    for units in groups.values():
        if len(units) == 1:
            fields.append(Field(*divmod(units[0], columns), 1, 1))
        else:
            fields += _fields(units, columns)
    if len(fields) < 2 or len({f.column for f in fields}) < 2:
        return None
    fields.sort(key=lambda f: (f.row, f.column))
    owner = [[0] * columns for _ in range(rows)]
    for index, field in enumerate(fields):
        for row in range(field.row, field.row + field.row_span):
            for column in range(field.column, field.column + field.column_span):
                owner[row][column] = index
    return Lattice(xs, ys, tuple(fields), tuple(map(tuple, owner)))


def _fields(units: Sequence[int], columns: int) -> list[Field]:
    """One cell of its units; as many torn ones where they make no rectangle."""
    places = [divmod(unit, columns) for unit in units]
    top, left = min(r for r, _ in places), min(c for _, c in places)
    height = max(r for r, _ in places) - top + 1
    width = max(c for _, c in places) - left + 1
    if height * width == len(units):
        return [Field(top, left, height, width)]
    return [Field(row, column, 1, 1, torn=True) for row, column in places]
