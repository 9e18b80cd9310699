"""Sheets that were printed wider than their paper: the columns that had no room stand on later
pages, in rows of the same heights. Such pages are read beside the one that they go on from.

A table that goes on below the end of its page may have rows of the same heights, too; but there
every row begins with its label, and here with a figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from auditor.readers._pdf_glyphs import Glyph
from auditor.readers._pdf_rules import Stroke
from auditor.readers._pdf_sheet import Seam, Sheet
from auditor.readers._pdf_space import Area
from auditor.text import nfkc

_SAME = 0.7  # points: how far a rule may be from the same one on another page
_SHARED = 4  # rules across that two pages share at least
_MOST = 0.75  # of the rules across a later page: so many are on the page that it goes on from
_LOST = 5  # letters beyond the edge of a page: fewer are an accident
_NEAR = 3.0  # points: how far the place of a border may differ from that of the letters
_EDGE = 2.0  # points: how near the side of a page rules end that go on at the next
_FIGURES = 0.3  # of the rows that begin with words: so many begin with figures
_SIGNS = frozenset("0123456789.,-—–/无%")
_ORDERS = 1_000_000  # what is drawn on a page comes after all that is drawn on those before


@dataclass(slots=True)
class _Row:
    """A page, the heights of its rules, and the pages that go on from it to the right."""

    sheet: Sheet
    levels: list[float]
    beside: list[Sheet] = field(default_factory=list)
    met: bool = False
    over: bool = False

    @property
    def words(self) -> bool:
        """Whether its rows begin with words: rows that are counted begin with figures."""
        return bool(self.sheet.across) and not _begins_with_figures(self.sheet, self.levels)

    @property
    def open(self) -> list[float]:
        """The heights of the rules that reach the side at which it may go on."""
        last = self.beside[-1] if self.beside else self.sheet
        if not last.across:
            return []
        edge = _right(last)
        return _levels([rule for rule in last.across if rule.end > edge - _EDGE])


def side_by_side(sheets: Sequence[Sheet]) -> tuple[list[Sheet], bool]:
    """Pages with what belongs to their right; others as they are. Then whether all is in place:
    where a page goes on from nobody knows which, no figure may be taken for any row's or column's.
    """
    rows: list[_Row] = []
    last = -1
    for sheet in sheets:
        levels = _levels(sheet.across)
        alike = len(levels) >= _SHARED and any(_share(levels, r.levels) >= _MOST for r in rows)
        if not alike or not _begins_with_figures(sheet, levels) or _has_lines(sheet):
            rows.append(_Row(sheet, levels))
            continue
        at = _place(sheet, rows, last)
        if at is not None:
            if at <= last:
                _close(rows)
            rows[at].beside.append(sheet)
            rows[at].met = True
            last = at
        elif any(row.words and _share(levels, row.levels) >= _MOST for row in rows):
            return list(sheets), False
        else:
            rows.append(_Row(sheet, levels))
    if len(rows) == len(sheets):
        return list(sheets), True
    whole = [_joined(row) for row in rows]
    return [replace(sheet, place=place) for place, sheet in enumerate(whole, 1)], True


def _close(rows: Sequence[_Row]) -> None:
    """A column of pages is over: a row that had no page in it has none in the next."""
    for row in rows:
        row.over = row.over or not row.met
        row.met = False


def loses_words(sheet: Sheet) -> bool:
    """Whether lines of a page go on beyond its edge, or beyond what they are clipped to."""
    if len(sheet.clipped) < _LOST:
        return False
    lines = {round(g.base) for g in sheet.glyphs}
    gone = [g for g in sheet.clipped if g.text.isalnum() and round(g.base) in lines]
    return len(gone) >= _LOST


def _has_lines(sheet: Sheet) -> bool:
    """Whether words stand outside of the tables that go on from no page to the left."""
    left = _left(sheet)
    levels = _levels(sheet.across)
    outside = [g for g in sheet.glyphs if not levels[0] < g.base < levels[-1]]
    cut = {round(g.base) for g in sheet.clipped if g.x < left}
    return any(g.text.isalpha() and round(g.base) not in cut for g in outside)


def loses_columns(sheet: Sheet) -> bool:
    """Whether a table goes on beyond the edge of its page: some of its rules end there, or are
    cut off."""
    if any(abs(cut - sheet.area[k]) <= _EDGE for cut in sheet.cuts for k in (0, 2)):
        return True
    right = [rule for rule in sheet.across if rule.end >= sheet.area[2] - 1]
    return len(_levels(right)) >= _SHARED


def _place(sheet: Sheet, rows: Sequence[_Row], last: int) -> int | None:
    """Which page a sheet goes on from: the next one in turn, if several have such rows."""
    edge = _left(sheet) + _EDGE
    levels = _levels([rule for rule in sheet.across if rule.start < edge])
    fits = [
        k
        for k, row in enumerate(rows)
        if row.words and not row.over and _match(levels, row.open) >= _MOST
    ]
    later = [k for k in fits if k > last]
    return next(iter(later or fits), None)


def _levels(rules: Sequence[Stroke]) -> list[float]:
    """The heights of rules across, each once."""
    found: list[float] = []
    for place in sorted(rule.place for rule in rules):
        if not found or place - found[-1] > _SAME:
            found.append(place)
    return found


def _share(levels: Sequence[float], others: Sequence[float]) -> float:
    """How many of some heights are among others."""
    same = [x for x in levels if any(abs(x - y) <= _SAME for y in others)]
    return len(same) / len(levels) if len(same) >= _SHARED else 0.0


def _match(one: Sequence[float], other: Sequence[float]) -> float:
    """How many of the heights of two sides are the same, the way that has fewer of them."""
    return min(_share(one, other), _share(other, one))


def _begins_with_figures(sheet: Sheet, levels: Sequence[float]) -> bool:
    """Whether the first cells of rows are figures, but for those of heads."""
    words = figures = 0
    left = _left(sheet)
    for top, bottom in pairwise(levels):
        text = _first_cell(sheet, left, top, bottom)
        if text and all(c in _SIGNS for c in text):
            figures += 1
        elif text:
            words += 1
    return figures > 0 and figures >= _FIGURES * words


def _first_cell(sheet: Sheet, left: float, top: float, bottom: float) -> str:
    middle = (top + bottom) / 2
    ends = [r.place for r in sheet.down if r.start <= middle <= r.end and r.place > left + 2]
    right = min(ends, default=left)
    inside = [
        g for g in sheet.glyphs if left <= g.middle[0] < right and top <= g.middle[1] < bottom
    ]
    return nfkc("".join(g.text for g in inside))


def _left(sheet: Sheet) -> float:
    return min(rule.start for rule in sheet.across)


def _right(sheet: Sheet) -> float:
    return max(rule.end for rule in sheet.across)


# --- put together ----------------------------------------------------------------------------


def _joined(row: _Row) -> Sheet:
    """A page and those beside it as one sheet."""
    whole = row.sheet
    for count, sheet in enumerate(row.beside, 1):
        edge = _right(whole)
        by = _distance(whole, sheet, edge - _left(sheet))
        whole = _together(whole, sheet, edge, by, count * _ORDERS)
    return whole


def _distance(one: Sheet, other: Sheet, about: float) -> float:
    """How far a sheet is moved, by the letters that are cut away on the first and shown there."""
    shown: dict[tuple[str, int], list[Glyph]] = {}
    for g in other.glyphs:
        shown.setdefault((g.text, round(g.base)), []).append(g)
    found = Counter(
        round(g.x - h.x, 1) for g in one.clipped for h in shown.get((g.text, round(g.base)), ())
    )
    near = {by: count for by, count in found.items() if abs(by - about) <= _NEAR}
    return max(near, key=lambda by: near[by]) if near else about


def _together(one: Sheet, other: Sheet, edge: float, by: float, after: int) -> Sheet:
    """Two sheets, the second moved to the right until its table begins where the first ends."""
    left, top, right, bottom = one.area
    moved = replace(
        other,
        glyphs=list(_glyphs(other.glyphs, by, after)),
        clipped=list(_glyphs(other.clipped, by, after)),
        across=[rule._replace(start=rule.start + by, end=rule.end + by) for rule in other.across],
        down=[rule._replace(place=rule.place + by) for rule in other.down],
        pictures=[_shifted(area, by) for area in other.pictures],
    )
    shown = [*one.glyphs, *moved.glyphs]
    return replace(
        one,
        area=(left, top, max(right, other.area[2] + by), bottom),
        glyphs=shown,
        falling=[*one.falling, *_glyphs(other.falling, by, after)],
        rising=[*one.rising, *_glyphs(other.rising, by, after)],
        hidden=[*one.hidden, *_glyphs(other.hidden, by, after)],
        marks=[*one.marks, *_glyphs(other.marks, by, after)],
        clipped=_unseen([*one.clipped, *moved.clipped], shown),
        across=[*one.across, *moved.across],
        down=_once([*one.down, *moved.down]),
        pictures=[*one.pictures, *moved.pictures],
        lost=[*one.lost, *((x + by, y) for x, y in other.lost)],
        unmapped=one.unmapped + other.unmapped,
        drawn=one.drawn + other.drawn,
        clips={
            **{order: _open(clip, right=True) for order, clip in one.clips.items()},
            **{o + after: _open(_shifted(c, by), right=False) for o, c in other.clips.items()},
        },
        cuts=frozenset(
            [x for x in one.cuts if x < edge - _SAME]
            + [x + by for x in other.cuts if x + by > edge + _SAME]
        ),
        seams=(*one.seams, Seam(edge, other.number, by, other.view)),
    )


def _glyphs(glyphs: Iterable[Glyph], by: float, after: int) -> Iterator[Glyph]:
    for g in glyphs:
        yield g._replace(x=g.x + by, left=g.left + by, right=g.right + by, order=g.order + after)


def _shifted(area: Area, by: float) -> Area:
    return (area[0] + by, area[1], area[2] + by, area[3])


def _open(clip: Area, *, right: bool) -> Area:
    """A clip without the side at which the next page goes on."""
    left, top, end, bottom = clip
    far = 10_000.0
    return (left, top, end + far, bottom) if right else (left - far, top, end, bottom)


def _unseen(clipped: Sequence[Glyph], shown: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs that are cut away on one page and not shown on the other."""
    there = {(g.text, round(g.x), round(g.base)) for g in shown}
    near = (-1, 0, 1)
    return [
        g
        for g in clipped
        if not any((g.text, round(g.x) + d, round(g.base) + e) in there for d in near for e in near)
    ]


def _once(rules: Sequence[Stroke]) -> list[Stroke]:
    return list(dict.fromkeys(rules))
