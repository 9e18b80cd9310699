"""Several pages printed on one sheet: each is read as a sheet of its own.

A sheet is parted only where nothing crosses on any such sheet: no glyph, no rule, no picture; and
where both halves are written like pages, in lines of prose or with ruled tables of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.readers._pdf_gutters import counted, is_ruled, is_whole, within
from auditor.readers._pdf_lines import lines_of
from auditor.readers._pdf_prose import is_prose
from auditor.readers._pdf_sheet import Sheet

_LYING = 1.15  # a sheet that is so much wider than high may hold two pages
_STRIP = 0.01  # of the width: how much left and right of the middle is clear between two pages
_EDGE = 0.06  # of the height: where the number of a sheet stands
_MIRROR = 0.05  # of the width: how far the margins of two pages may differ
_BAND = 0.03  # of the height: how much is clear above and below the middle of four pages
_NARROW = 0.62  # of the width: how much of it one of four pages takes that does not fill it
_TALL = 2.0  # half a sheet that is so much higher than wide holds two pages


def pages_of(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages that sheets hold, in reading order."""
    return counted(sheets, _apart(sheets))


# --- several pages on a sheet ----------------------------------------------------------------


def _apart(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets that hold two or four pages as their pages."""
    standing = [s for s in sheets if is_whole(s)]
    lying = [s for s in standing if s.area[2] - s.area[0] > _LYING * (s.area[3] - s.area[1])]
    two = {id(s) for s in lying} if _hold_two(lying) else set()
    if not two and standing and len(standing) == len(sheets) and _hold_four(standing):
        two = {id(s) for s in standing}
    halves = [half for s in sheets if id(s) in two for half in _halves(s)]
    four = bool(halves) and _are_level(halves) and any(map(_is_double, halves))
    found: list[Sheet] = []
    for sheet in sheets:
        pages = list(_halves(sheet)) if id(sheet) in two else [sheet]
        if four and id(sheet) in two:
            rows = [_stacked(half) for half in pages]
            pages = [page for row in zip(*rows, strict=True) for page in row]
        found += [page for page in pages if page.glyphs or len(pages) == 1]
    return found


def _hold_two(sheets: Sequence[Sheet]) -> bool:
    """Whether all of these sheets may hold two pages, and one of them certainly does."""
    clear = all(_is_clear(s, _middle(s), _STRIP * (s.area[2] - s.area[0])) for s in sheets)
    return clear and any(_is_pair(s) for s in sheets)


def _hold_four(sheets: Sequence[Sheet]) -> bool:
    """The same of four pages on sheets that stand."""
    return _hold_two(sheets) and _are_level([half for s in sheets for half in _halves(s)])


def _is_pair(sheet: Sheet) -> bool:
    """Whether both halves of a sheet are written like a page, with the same margin."""
    one, other = _halves(sheet)
    if not (one.glyphs and other.glyphs and _is_page(one) and _is_page(other)):
        return False
    margins = [min(g.left for g in half.glyphs) - half.area[0] for half in (one, other)]
    return abs(margins[0] - margins[1]) <= _MIRROR * (sheet.area[2] - sheet.area[0])


def _is_page(sheet: Sheet) -> bool:
    return is_ruled(sheet) or is_prose(lines_of(sheet.glyphs))


def _are_level(halves: Sequence[Sheet]) -> bool:
    """Whether half sheets may hold two pages each, one above the other."""
    for half in halves:
        left, top, right, bottom = half.area
        if not half.glyphs:
            continue
        middle, band = (top + bottom) / 2, _BAND * (bottom - top)
        if _crosses_down(half, middle - band, middle + band):
            return False
        ink = [g.left for g in half.glyphs], [g.right for g in half.glyphs]
        narrow = max(ink[1]) - min(ink[0]) <= _NARROW * (right - left)
        if not narrow and bottom - top <= _TALL * (right - left):
            return False
    return True


def _is_double(half: Sheet) -> bool:
    """Whether something stands in the upper and in the lower half of half a sheet."""
    middle = (half.area[1] + half.area[3]) / 2
    return {g.base > middle for g in half.glyphs} == {True, False}


def _crosses_down(sheet: Sheet, high: float, low: float) -> bool:
    glyphs = any(g.bottom > high and g.top < low for g in sheet.glyphs)
    rules = any(s.end > high and s.start < low for s in sheet.down)
    lines = any(high < s.place < low for s in sheet.across)
    return glyphs or rules or lines or any(a[3] > high and a[1] < low for a in sheet.pictures)


def _middle(sheet: Sheet) -> float:
    return (sheet.area[0] + sheet.area[2]) / 2


def _is_clear(sheet: Sheet, x: float, by: float) -> bool:
    """Whether nothing stands around a place across, all the way down: but a sheet's number."""
    low, high = x - by, x + by
    edge = _EDGE * (sheet.area[3] - sheet.area[1])
    begin, end = sheet.area[1] + edge, sheet.area[3] - edge
    return not (
        any(g.right > low and g.left < high and begin < g.base < end for g in sheet.glyphs)
        or any(s.end > low and s.start < high for s in sheet.across)
        or any(low < s.place < high for s in sheet.down)
        or any(a[2] > low and a[0] < high for a in sheet.pictures)
    )


def _halves(sheet: Sheet) -> Iterator[Sheet]:
    left, top, right, bottom = sheet.area
    middle = _middle(sheet)
    yield within(sheet, (left, top, middle, bottom))
    yield within(sheet, (middle, top, right, bottom))


def _stacked(sheet: Sheet) -> list[Sheet]:
    left, top, right, bottom = sheet.area
    middle = (top + bottom) / 2
    areas = ((left, top, right, middle), (left, middle, right, bottom))
    return [within(sheet, area) for area in areas]
