"""Parts of a sheet that stand side by side: two tables, or words beside tables.

Read across they are rows of one table, with labels of the one before figures of the other. They
are parted where nothing crosses from top to bottom, between two sides of which each could stand
alone: with labels and figures of its own, or running text. A column left blank within one table
parts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from auditor.readers._blocks import LONG_TEXT

if TYPE_CHECKING:
    from auditor.readers._calamine import Sheet

_HEADING = re.compile("[一二三四五六七八九十]{1,3}[、.．]")
_MARKS = frozenset("、.．")
_FIGURE = re.compile(r"\s*[-+]?[0-9][0-9.,]*\s*")
_ENDS = ("。", "；", "！")
_OWN = 0.6  # of the rows with figures: so many have a label of the same side
_SAME = 0.5  # of the rows with figures of both sides
_MOST = 32  # parts of a sheet, and columns that may begin one: no report has so many


class _Piece(NamedTuple):
    """What fills the columns from `start` to `end` of a row, merged cells whole."""

    start: int
    end: int
    text: str
    figure: bool


_Row = list[_Piece]


def parted(sheet: Sheet) -> list[Sheet]:
    """The sheet as its parts in reading order, each with its own place; most have one.

    Rows and columns of the parts count as before, so that places stay. A sheet with very many is
    left whole.
    """
    waiting = [sheet]
    found: list[Sheet] = []
    while waiting:
        if len(waiting) + len(found) > _MOST:
            return [sheet]
        one = waiting.pop()
        parts = _parts(one)
        if parts:
            waiting += [part for part in reversed(parts) if _filled(part)]
        else:
            found.append(one)
    return found


def _parts(sheet: Sheet) -> list[Sheet]:
    """What a sheet is parted into at its first border, none where there is none: what stands above,
    both sides, and what stands below."""
    borders = _borders(sheet)
    cut = _cut(_pieces(sheet), borders) if 0 < len(borders) <= _MOST else None
    if cut is None:
        return []
    top, bottom, column = cut
    rows = sheet.rows
    last = max(map(len, rows))
    areas = ((0, top, 0, last), (top, bottom, 0, column), (top, bottom, column, last),
             (bottom, len(rows), 0, last))  # fmt: skip
    return [_part(sheet, *area) for area in areas if area[0] < area[1]]


def _borders(sheet: Sheet) -> list[int]:
    """The columns that may begin a part: behind one that is blank between others in two rows below
    one another, or with the second heading of a row. Rows are numbers whose bits are columns."""
    filled = [sum([1 << n for n, value in enumerate(row) if value != ""]) for row in sheet.rows]
    for (top, left), (bottom, right) in sheet.merged:
        own = (1 << (right - sheet.left + 1)) - (1 << max(left - sheet.left, 0))
        for row in range(max(top - sheet.top, 0), min(bottom - sheet.top + 1, len(filled))):
            filled[row] |= own
    gaps = [((1 << row.bit_length()) - (row & -row)) & ~row for row in filled if row & (row - 1)]
    blank = 0
    for above, below in pairwise(gaps):
        blank |= above & below
    found = {n + 1 for n in range(blank.bit_length()) if blank >> n & 1 and not blank >> n + 1 & 1}
    for values in sheet.rows:
        marked = [n for n, v in enumerate(values) if type(v) is str and v[1:2] in _MARKS]
        if len(marked) > 1:
            found.update([n for n in marked if _HEADING.match(values[n])][1:])
    return sorted(found)


def _pieces(sheet: Sheet) -> list[_Row]:
    """What stands in each row, from left to right."""
    rows: list[dict[int, _Piece]] = [
        {n: _piece(n, n, value) for n, value in enumerate(row) if value != ""} for row in sheet.rows
    ]
    for (top, left), (bottom, right) in sheet.merged:
        row, start, end = top - sheet.top, left - sheet.left, right - sheet.left
        if not 0 <= row < len(rows) or start < 0:
            continue
        value = sheet.rows[row][start] if start < len(sheet.rows[row]) else ""
        for below in range(row, min(bottom - sheet.top + 1, len(rows))):
            for column in [n for n in rows[below] if start <= n <= end]:
                del rows[below][column]
            rows[below][start] = _piece(start, end, value)
    return [[row[n] for n in sorted(row)] for row in rows]


def _piece(start: int, end: int, value: object) -> _Piece:
    text = value.strip() if isinstance(value, str) else ""
    return _Piece(start, end, text, not isinstance(value, str) or bool(_FIGURE.fullmatch(value)))


def _cut(rows: Sequence[_Row], borders: Sequence[int]) -> tuple[int, int, int] | None:
    """Where the sheet is parted first: from a row to another, before a column."""
    for column in borders:
        for run in _runs(rows, column):
            found = _beside(rows, run, column)
            if found is not None:
                return (*found, column)
    return None


def _runs(rows: Sequence[_Row], column: int) -> Iterator[range]:
    """Rows below one another in which nothing crosses the border before a column; then the same
    without the headings that stand alone in their row."""
    for alone in (False, True):
        start = 0
        for n, row in enumerate([*rows, [_Piece(column - 1, column, "", False)]]):
            ends = alone and len(row) == 1 and _is_heading(row)
            if ends or any(p.start < column <= p.end for p in row):
                if n - start > 1:
                    yield range(start, n)
                start = n + 1


def _beside(rows: Sequence[_Row], run: range, column: int) -> tuple[int, int] | None:
    """The rows in which two sides stand beside one another, None where they are one."""
    left = {n: [p for p in rows[n] if p.start < column] for n in run}
    right = {n: [p for p in rows[n] if p.start >= column] for n in run}
    both = [n for n in run if left[n] and right[n]]
    headed = any(_is_heading(left[n]) and _is_heading(right[n]) for n in both)
    if len(both) < 2 or not (headed or _is_apart(rows, run, column)):
        return None
    figured = [{n for n in run if any(p.figure for p in side[n])} for side in (left, right)]
    alike = len(figured[0] & figured[1]) > _SAME * len(figured[0] | figured[1])
    sides = ([left[n] for n in run], [right[n] for n in run])
    prose = [_is_prose(side) for side in sides]
    if not all(p or _stands(side, alike) for p, side in zip(prose, sides, strict=True)):
        return None
    if not any(prose) and any(len(rows[n]) == 1 and _is_heading(rows[n]) for n in run):
        return None
    return _extent(rows, run, both, prose, column)


def _is_heading(row: _Row) -> bool:
    """Whether a row, or a side of it, begins with a numbered heading."""
    return bool(row) and _HEADING.match(row[0].text) is not None


def _is_apart(rows: Sequence[_Row], run: range, column: int) -> bool:
    """Whether the column before a border is blank all the way down."""
    return not any(p.start <= column - 1 <= p.end for n in run for p in rows[n])


def _is_prose(side: Sequence[_Row]) -> bool:
    """Whether a side is running text: one column, with sentences."""
    own = [row for row in side if row]
    if len({p.start for row in own for p in row}) > 1:
        return False
    return any(len(p.text) >= LONG_TEXT or p.text.endswith(_ENDS) for row in own for p in row)


def _stands(side: Sequence[_Row], alike: bool) -> bool:
    """Whether a side is a table of its own; `alike` where both have figures in the same rows:
    then only labels of its own tell that it is none that goes on."""
    figured = [row for row in side if any(p.figure for p in row)]
    words = sum(bool(p.text) and not p.figure for row in side for p in row)
    if not figured or words < 2:
        return False
    labelled = sum(not row[0].figure and bool(row[0].text) for row in figured)
    return not alike or labelled >= _OWN * len(figured)


def _extent(
    rows: Sequence[_Row], run: range, both: Sequence[int], prose: Sequence[bool], column: int
) -> tuple[int, int]:
    """From the first row to that behind the last: the rest of the longer side belongs to it."""
    top, bottom = both[0], both[-1] + 1
    while top > run.start and len(rows[top - 1]) > 1:
        top -= 1
    while bottom < run.stop and (
        len(rows[bottom]) > 1 or any(prose[p.start >= column] for p in rows[bottom])
    ):
        bottom += 1
    return top, bottom


def _part(sheet: Sheet, top: int, bottom: int, left: int, right: int) -> Sheet:
    """Some rows and columns of a sheet, with the merged cells that begin there."""
    first, start = sheet.top + top, sheet.left + left
    merged = [
        span
        for span in sheet.merged
        if first <= span[0][0] < sheet.top + bottom and start <= span[0][1] < sheet.left + right
    ]
    end = sheet.top + bottom if bottom < len(sheet.rows) else float("inf")
    boxes = tuple(b for b in sheet.boxes if not left and (not top or first <= b[0]) and b[0] < end)
    rows = [row[left:right] for row in sheet.rows[top:bottom]]
    return sheet._replace(top=first, left=start, rows=rows, merged=merged, boxes=boxes)


def _filled(sheet: Sheet) -> bool:
    return any(value != "" for row in sheet.rows for value in row) or bool(sheet.boxes)
