"""Columns of prose: each is read as a sheet of its own, before the one to its right.

A page is parted only at a gutter that nothing crosses. That alone is no proof, since a table
without rules has gaps, too: both sides must be lines of prose, or one of them and a ruled table.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from auditor.readers._pdf_glyphs import Glyph
from auditor.readers._pdf_lines import Line, lines_of
from auditor.readers._pdf_prose import SAID, STOPS, has_prose, has_words, is_long, is_prose
from auditor.readers._pdf_sheet import Sheet
from auditor.readers._pdf_space import Area

_STEP = 0.25  # of an em: how finely gutters are sought
_GUTTER = 0.6  # of an em: how wide a gutter is at least
_EMPTY = 0.25  # of the glyphs where most stand: there are no more where a gutter may be
_INSIDE = 0.12  # of the width: no column is narrower
_TRIED = 5  # gutters of a page, those with the fewest glyphs first
_WIDER = 2  # times the gaps between letters: a gutter is wider
_NESTED = 3  # how often columns are parted again
_END = "。"
_FULL_LINES, _ALIGNED = 5, 1.5  # lines of a column that end together, and how near, in ems
_HALF = (0.3, 0.7)  # of the width: where a gutter is between columns that are read in turn
_RULES = 3  # rules across and down that make a table
_FULL = 0.5  # of a sheet: a picture that large may be all of it


def columns_of(pages: Sequence[Sheet]) -> list[Sheet]:
    """The columns of pages in reading order; what stands across them is a part of its own."""
    parts = list(pages)
    for _ in range(_NESTED):
        finer = _finer(parts)
        if len(finer) == len(parts):
            break
        parts = finer
    return counted(pages, parts)


def counted(sheets: Sequence[Sheet], parts: list[Sheet]) -> list[Sheet]:
    """Parts with their places in reading order; the sheets themselves where none was parted."""
    if len(parts) == len(sheets):
        return list(sheets)
    return [replace(part, place=place) for place, part in enumerate(parts, 1)]


def is_whole(sheet: Sheet) -> bool:
    """Whether a sheet is text, not a picture of a page."""
    left, top, right, bottom = sheet.area
    most = _FULL * (right - left) * (bottom - top)
    large = any((a[2] - a[0]) * (a[3] - a[1]) >= most for a in sheet.pictures)
    return bool(sheet.glyphs) and not large


def within(sheet: Sheet, area: Area, reach: Area | None = None) -> Sheet:
    """What of a sheet has its middle in `reach`, as a sheet whose page is `area`."""
    left, top, right, bottom = reach or area

    def inside(x: float, y: float) -> bool:
        return left <= x < right and top <= y < bottom

    return replace(
        sheet,
        area=area,
        glyphs=[g for g in sheet.glyphs if inside((g.left + g.right) / 2, g.base)],
        falling=[g for g in sheet.falling if inside(g.x, g.base)],
        rising=[g for g in sheet.rising if inside(g.x, g.base)],
        hidden=[g for g in sheet.hidden if inside(g.x, g.base)],
        marks=[g for g in sheet.marks if inside(g.x, g.base)],
        clipped=[g for g in sheet.clipped if inside(g.x, g.base)],
        across=[s for s in sheet.across if inside((s.start + s.end) / 2, s.place)],
        down=[s for s in sheet.down if inside(s.place, (s.start + s.end) / 2)],
        pictures=[a for a in sheet.pictures if inside((a[0] + a[2]) / 2, (a[1] + a[3]) / 2)],
        lost=[p for p in sheet.lost if inside(*p)],
    )


def is_ruled(sheet: Sheet) -> bool:
    """Whether there are rules enough for a table."""
    return len(sheet.across) >= _RULES and len(sheet.down) >= _RULES


class _Gutter(NamedTuple):
    """What parts two columns, from where to where across."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        """Where a sheet is parted."""
        return (self.left + self.right) / 2


class _Band(NamedTuple):
    """A part of the height of a page, and whether it is set in columns."""

    top: float
    bottom: float
    parted: bool


def _finer(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets parted at one gutter each, where they have any."""
    proven: dict[int, _Gutter] = {}
    for sheet in sheets:
        gutter = _gutter(sheet)
        if gutter is not None:
            proven[id(sheet)] = gutter
    if not proven:
        return list(sheets)
    found: list[Sheet] = []
    for sheet in sheets:
        own = proven.get(id(sheet)) or _shared(sheet, sheets, proven)
        found += _columns(sheet, own) if own is not None else [sheet]
    return found


def _shared(sheet: Sheet, sheets: Sequence[Sheet], proven: dict[int, _Gutter]) -> _Gutter | None:
    """The gutter of another sheet of the same width: a last page may have few lines."""
    alike = (s for s in sheets if id(s) in proven and s.area == sheet.area)
    other = next(alike, None)
    return proven[id(other)] if other is not None and is_whole(sheet) else None


def _gutter(sheet: Sheet) -> _Gutter | None:
    """Where a sheet is certainly set in columns."""
    if not is_whole(sheet):
        return None
    stops = [g for g in sheet.glyphs if g.text in STOPS]
    if len(stops) < SAID:
        return None
    for gutter in _clearings(sheet):
        crossing = _crossing(sheet, gutter)
        if _may_part(sheet, gutter, stops, crossing) and any(
            _says_enough(sheet, stops, gutter, span) and _is_proven(sheet, gutter, *span)
            for span in _clear(sheet, gutter, crossing)
        ):
            return gutter
    return None


def _crossing(sheet: Sheet, gutter: _Gutter) -> list[Glyph]:
    """The glyphs that reach over a gutter."""
    low, high = gutter
    return [g for g in sheet.glyphs if g.right > low and g.left < high]


def _says_enough(
    sheet: Sheet, stops: Sequence[Glyph], gutter: _Gutter, span: tuple[float, float]
) -> bool:
    """Whether there is what `_is_proven` asks for, told without putting lines together: stops
    enough for prose on both sides, or on one of them where the other may be narrow or a table."""
    top, bottom = span
    beside = [g for g in stops if top <= g.base < bottom]
    left = [g for g in beside if g.left < gutter.middle]
    few, many = sorted((len(left), len(beside) - len(left)))
    if many < SAID or few >= SAID:
        return few >= SAID
    if len(left) == many and _is_turn(sheet, gutter, span):
        return True
    ends = sum(g.text == _END for g in (left if len(left) == many else beside))
    return ends >= SAID and _is_ruled_beside(sheet, gutter, span, left=len(left) == few)


def _may_part(
    sheet: Sheet, gutter: _Gutter, stops: Sequence[Glyph], crossing: Sequence[Glyph]
) -> bool:
    """Whether there is prose that does not cross a gutter, told without putting lines together."""
    across = {round(g.base) for g in crossing}
    beside = [g.left < gutter.middle for g in stops if round(g.base) not in across]
    sides = sorted((sum(beside), len(beside) - sum(beside)))
    return sides[1] >= SAID and (sides[0] >= SAID or is_ruled(sheet) or not across)


def _clearings(sheet: Sheet) -> list[_Gutter]:
    """Stretches across a sheet where far fewer glyphs stand than elsewhere."""
    left, _, right, _ = sheet.area
    step = max(_STEP * sheet.em, 1.0)
    size = int((right - left) / step) + 2
    change = [0] * (size + 1)
    for at, count in Counter([int((g.left - left) / step) for g in sheet.glyphs]).items():
        change[min(max(at, 0), size)] += count
    for at, count in Counter([int((g.right - left) / step) for g in sheet.glyphs]).items():
        change[min(max(at + 1, 0), size)] -= count
    counts = list(accumulate(change))[:size]
    most = _EMPTY * max(counts)
    inside = range(int(_INSIDE * size), int((1 - _INSIDE) * size))
    found: list[tuple[int, float, _Gutter]] = []
    for few, stretch in groupby(inside, lambda k: counts[k] <= most):
        bins = list(stretch)
        if not few or len(bins) * step < _GUTTER * sheet.em:
            continue
        # Only its emptiest stretches: words across the page end where they like.
        least = min(counts[k] for k in bins)
        runs = sorted(_runs(bins, counts, least), key=len, reverse=True)
        for run in runs:
            gutter = _Gutter(left + run[0] * step, left + (run[-1] + 1) * step)
            wide = gutter.right - gutter.left
            if wide >= _GUTTER * sheet.em or run is runs[0]:
                found.append((least, -wide, gutter))
    return [gutter for *_, gutter in sorted(found)[:_TRIED]]


def _runs(bins: Sequence[int], counts: Sequence[int], least: int) -> Iterator[list[int]]:
    for same, run in groupby(bins, lambda k: counts[k] == least):
        if same:
            yield list(run)


def _columns(sheet: Sheet, gutter: _Gutter) -> list[Sheet]:
    """A sheet parted at a gutter; what stands across stays whole in between."""
    left, top, right, bottom = sheet.area
    found = []
    for band in _bands(sheet, gutter):
        x = gutter.middle
        reaches = [(left, x), (x, right)] if band.parted else [(left, right)]
        for begin, end in reaches:
            area = (begin, top, end, bottom)
            found.append(within(sheet, area, (begin, band.top, end, band.bottom)))
    return [part for part in found if part.glyphs or part.across or part.pictures]


def _bands(sheet: Sheet, gutter: _Gutter) -> list[_Band]:
    """The height of a page, parted by what crosses a gutter."""
    found: list[_Band] = []
    reached = sheet.area[1] - 1.0
    for top, bottom in _clear(sheet, gutter, _crossing(sheet, gutter)):
        found.append(_Band(reached, top, parted=False))
        found.append(_Band(top, bottom, _is_parted(sheet, gutter, top, bottom)))
        reached = bottom
    found.append(_Band(reached, sheet.area[3] + 1.0, parted=False))
    return list(_joined(found))


def _clear(sheet: Sheet, gutter: _Gutter, glyphs: Sequence[Glyph]) -> Iterator[tuple[float, float]]:
    """From where to where down a page nothing crosses a gutter, as these glyphs do."""
    crossing = [(g.top, g.bottom) for g in glyphs]
    crossing += [(a[1], a[3]) for a in sheet.pictures if a[0] < gutter.middle < a[2]]
    crossing += _tables(sheet, gutter)
    room = 0.5 * sheet.em  # for the whole line that a glyph is of
    reached = sheet.area[1] - 1.0
    for top, bottom in sorted(crossing):
        if top - room > reached:
            yield reached, top - room
        reached = max(reached, bottom + room)
    if sheet.area[3] > reached:
        yield reached, sheet.area[3] + 1.0


def _tables(sheet: Sheet, gutter: _Gutter) -> Iterator[tuple[float, float]]:
    """How far down tables reach that cross a gutter."""
    middle = gutter.middle
    own = [rule for rule in sheet.across if rule.start < middle < rule.end]
    steep = sorted(sheet.down) if own else []
    places = [down.place for down in steep]
    for rule in own:  # the sides of a table may reach into it
        yield (rule.place - 1, rule.place + 1)
        low, high = bisect_left(places, rule.start - 1), bisect_right(places, rule.end + 1)
        for down in steep[low:high]:
            if down.start - 1 <= rule.place <= down.end + 1:
                yield (down.start, down.end)


def _sides(
    sheet: Sheet, gutter: _Gutter, top: float, bottom: float
) -> tuple[list[Line], list[Line]]:
    """The lines left and right of a gutter in a part of the height."""
    glyphs = [g for g in sheet.glyphs if top <= g.base < bottom]
    left = [g for g in glyphs if g.left < gutter.middle]
    right = [g for g in glyphs if g.left >= gutter.middle]
    return (lines_of(left) if left else [], lines_of(right) if right else [])


def _is_proven(sheet: Sheet, gutter: _Gutter, top: float, bottom: float) -> bool:
    """Whether prose stands on both sides of a gutter that is no gap between letters."""
    left, right = _sides(sheet, gutter, top, bottom)
    if not left or not right:
        return False
    both = is_prose(left) and is_prose(right)
    span = (top, bottom)
    if not (
        both
        or _is_narrow(sheet, gutter, span, (left, right))
        or _is_beside_table(sheet, gutter, span, (left, right))
    ):
        return False
    wide = min(r.left for r in right) - max(line.right for line in left)
    letters = [max(b.x - a.x - a.hand.em, 0.0) for x in left for a, b in pairwise(x.glyphs)]
    usual = sorted(letters)[len(letters) // 2] if letters else 0.0
    return wide >= _STEP * sheet.em and gutter.right - gutter.left > _WIDER * usual


def _is_beside_table(
    sheet: Sheet, gutter: _Gutter, span: tuple[float, float], prose: Sequence[Sequence[Line]]
) -> bool:
    """Whether one column is prose with whole sentences, and in the other stands a table."""
    return any(
        is_prose(lines)
        and sum(line.text.count(_END) for line in lines) >= SAID
        and _is_ruled_beside(sheet, gutter, span, left=at == 1)
        for at, lines in enumerate(prose)
    )


def _is_ruled_beside(
    sheet: Sheet, gutter: _Gutter, span: tuple[float, float], *, left: bool
) -> bool:
    """Whether a part of the height has rules enough for a table on one side of a gutter."""
    top, bottom = span
    begin, _, end, _ = sheet.area
    begin, end = (begin, gutter.middle) if left else (gutter.middle, end)
    across = sum(
        begin <= (s.start + s.end) / 2 < end and top <= s.place < bottom for s in sheet.across
    )
    if across < _RULES:
        return False
    down = sum(begin <= s.place < end and top <= (s.start + s.end) / 2 < bottom for s in sheet.down)
    return down >= _RULES


def _is_parted(sheet: Sheet, gutter: _Gutter, top: float, bottom: float) -> bool:
    """Whether lines stand on both sides of a gutter on a page that certainly has it."""
    both = all(map(has_prose, _sides(sheet, gutter, top, bottom)))
    return both or _is_proven(sheet, gutter, top, bottom)


def _is_narrow(
    sheet: Sheet, gutter: _Gutter, span: tuple[float, float], sides: tuple[list[Line], list[Line]]
) -> bool:
    """Whether all of a page is set in the left column: what stands right of it is the next one,
    were it the last few lines of a text."""
    left, right = sides
    if not _is_turn(sheet, gutter, span):
        return False
    ends = sorted(line.right for line in left if is_long(line))
    full = [x for x in ends if x >= ends[-1] - _ALIGNED * left[0].size]
    words = all(has_words(line) for line in right)
    return words and is_prose(left) and len(full) >= _FULL_LINES


def _is_turn(sheet: Sheet, gutter: _Gutter, span: tuple[float, float]) -> bool:
    """Whether a gutter may be one between columns that are read in turn, all down the page."""
    begin, top, end, bottom = sheet.area
    middle = (gutter.middle - begin) / (end - begin)
    return span[0] <= top and span[1] >= bottom and _HALF[0] <= middle <= _HALF[1]


def _joined(bands: Sequence[_Band]) -> Iterator[_Band]:
    """Neighbours that are not parted as one."""
    whole: _Band | None = None
    for band in bands:
        if whole is not None and not band.parted and not whole.parted:
            whole = whole._replace(bottom=band.bottom)
            continue
        if whole is not None:
            yield whole
        whole = band
    if whole is not None:
        yield whole
