"""Tables that go on over a page break as one table, and lattices as tables of the model."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from auditor.model import Cell, Location, Table
from auditor.readers._pdf_cells import Filled
from auditor.readers._pdf_pages import Ruled
from auditor.readers._pdf_sheet import Sheet
from auditor.readers._pdf_torn import is_torn, without_torn_row
from auditor.text import compact

_EDGE = 1.5  # points
_SAME_WIDTH = 0.6  # of an em: how far the columns of one table may differ on two pages


@dataclass(slots=True)
class Stitched:
    """A table that may go on: the columns of its widest part, and its parts."""

    columns: tuple[float, ...]
    parts: list[tuple[Sheet, Ruled]] = field(default_factory=list)

    @property
    def place(self) -> tuple[Sheet, Ruled]:
        """Where it begins."""
        return self.parts[0]

    def add(self, sheet: Sheet, ruled: Ruled) -> bool:
        """Take the table at the top of the next page as a part, if its columns are the same.

        On the same page, where two pages are printed one above the other, only one whose first
        row holds the rest of the figures above.
        """
        before, last = self.parts[-1]
        if sheet.place not in (before.place, before.place + 1):
            return False
        own = _columns(ruled)
        columns = _common(self.columns, own, _SAME_WIDTH * max(sheet.em, before.em))
        if columns is None:
            return False
        if sheet is before and not _is_torn(sheet, columns, last, ruled):
            return False
        self.columns = columns
        self.parts.append((sheet, ruled))
        return True


def stitched(sheet: Sheet, ruled: Ruled) -> Stitched:
    """A table that has one part so far."""
    return Stitched(_columns(ruled), [(sheet, ruled)])


def _columns(ruled: Ruled) -> tuple[float, ...]:
    """The lines between columns, measured from the left border."""
    xs = ruled.lattice.xs
    return tuple(x - xs[0] for x in xs)


def _common(
    one: tuple[float, ...], other: tuple[float, ...], near: float
) -> tuple[float, ...] | None:
    """The finer of two sets of columns, if the other has none besides; else None."""
    fine, coarse = (one, other) if len(one) >= len(other) else (other, one)
    if abs(fine[-1] - coarse[-1]) > near:
        return None
    places = [_nearest(fine, x) for x in coarse]
    fits = all(abs(fine[k] - x) <= near for k, x in zip(places, coarse, strict=True))
    return fine if fits and len(set(places)) == len(places) else None


def _nearest(columns: Sequence[float], x: float) -> int:
    at = bisect_left(columns, x)
    return min(range(max(at - 1, 0), min(at + 1, len(columns))), key=lambda k: abs(columns[k] - x))


def _is_torn(sheet: Sheet, columns: Sequence[float], one: Ruled, other: Ruled) -> bool:
    rows = len(one.lattice.ys) - 1
    above, below = (
        [_cell(filled, sheet, ruled, places, shift) for filled in ruled.cells]
        for ruled, shift in ((one, 0), (other, rows))
        for places in ([_nearest(columns, x) for x in _columns(ruled)],)
    )
    return is_torn(above, below, rows)


# --- cells of the model ----------------------------------------------------------------------


def table_of(whole: Stitched, location: Location) -> Table:
    """The table with its cells in reading order; heads that are repeated on a page stand once."""
    first = whole.parts[0][1]
    cells: list[Cell] = []
    full: dict[tuple[int, int], bool] = {}
    offset = 0
    for number, (sheet, ruled) in enumerate(whole.parts):
        skip = _repeated(first.cells, ruled.cells) if number else 0
        places = [_nearest(whole.columns, x) for x in _columns(ruled)]
        rows = len(ruled.lattice.ys) - 1
        made = [
            _cell(filled, sheet, ruled, places, offset - skip)
            for filled in ruled.cells
            if filled.field.row >= skip
        ]
        kept = without_torn_row(cells, made, offset, full) if number else made
        offset += rows - skip - (len(kept) < len(made))
        cells += kept
        full = {(c.row, c.column): f.full for c, f in _last(kept, ruled.cells)}
    return _compressed(cells, location)


def _last(cells: Sequence[Cell], filled: Sequence[Filled]) -> Iterator[tuple[Cell, Filled]]:
    """The cells that stand at the end of a part, with how they were filled."""
    yield from zip(reversed(cells), reversed(filled), strict=False)


def _cell(filled: Filled, sheet: Sheet, ruled: Ruled, places: Sequence[int], shift: int) -> Cell:
    at = filled.field
    left, right = places[at.column], places[at.column + at.column_span]
    area = ruled.lattice.box(at)
    # A sheet too wide for its page is cut at the edge, and a number there may have lost digits.
    cut = area[0] < sheet.area[0] + _EDGE or area[2] > sheet.area[2] - _EDGE
    page, box = sheet.spot(area)
    return Cell(
        filled.text, at.row + shift, left, at.row_span, right - left,
        page=page, box=box, doubt=filled.doubt or "cut" * cut,
        confidence=filled.confidence, readings=filled.readings,
    )  # fmt: skip


def _repeated(first: Sequence[Filled], again: Sequence[Filled]) -> int:
    """How many rows at the top of a part repeat the head of the table."""
    head, rows = _by_row(first), _by_row(again)
    count = 0
    for one, other in zip(head, rows, strict=False):
        if one != other or not _is_head(one):
            break
        count += 1
    # A head ends where no cell of it reaches further down.
    while count and any(f.field.row < count < f.field.row + f.field.row_span for f in again):
        count -= 1
    return count


Row = list[tuple[int, int, str]]


def _by_row(cells: Iterable[Filled]) -> list[Row]:
    rows: list[Row] = []
    for filled in cells:
        at = filled.field
        while len(rows) <= at.row:
            rows.append([])
        rows[at.row].append((at.row_span, len(rows[at.row]), compact(filled.text)))
    return rows


def _is_head(row: Row) -> bool:
    """Words only: a row with a number is never taken for a repeated head."""
    texts = [text for *_, text in row if text]
    return not row or (bool(texts) and all(any(c.isalpha() for c in text) for text in texts))


def _compressed(cells: Sequence[Cell], location: Location) -> Table:
    """Without rows and columns in which no cell begins: they say nothing."""
    bottom = max(c.row + c.row_span for c in cells)
    right = max(c.column + c.column_span for c in cells)
    rows, columns = {c.row for c in cells}, {c.column for c in cells}
    if len(rows) == bottom and len(columns) == right:
        return Table(tuple(cells), bottom, right, location)
    down = list(accumulate((row in rows for row in range(bottom)), initial=0))
    over = list(accumulate((column in columns for column in range(right)), initial=0))
    made = [
        c._replace(
            row=down[c.row],
            column=over[c.column],
            row_span=down[c.row + c.row_span] - down[c.row],
            column_span=over[c.column + c.column_span] - over[c.column],
        )
        for c in cells
    ]
    return Table(tuple(made), len(rows), len(columns), location)
