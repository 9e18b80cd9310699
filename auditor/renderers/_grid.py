"""How a table of the form is printed: header cells with their spans, row captions, number slots.

The form is data without geometry; this is the one place that gives it some, for every renderer
that draws tables. Rows with the same columns stand under one header; a table laid out across
prints all its rows as one line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from auditor.form import Field, Row, TableForm

HEAD, CAPTION, SLOT, BAND = "head", "caption", "slot", "band"

Step = tuple[str, str]
"""A printed label and the path (or the key of a column) that it stands for; empty where none."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed cell; `row` and `column` are 0-based, spans count grid units.

    `kind` is `head` (above columns), `caption` (left of a row), `band` (a caption over a part of
    the table) or `slot` (a number; `path` is its field). `path` of a caption is its row or group,
    of a head the row or the key of its column.
    """

    kind: str
    text: str
    path: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A whole table, its cells in reading order. The grid is full: no cell is left out."""

    cells: tuple[Printed, ...]
    rows: int
    columns: int


def lay_out(table: TableForm, undivided: Collection[str] = ()) -> Grid:
    """The printed layout of a table. `undivided` are groups that the report printed as one row."""
    if table.across:
        slots = [(_across(row, cell), cell) for row in table.rows for cell in row.fields]
        return _finish([*_heads([steps for steps, _ in slots], 0, 0), *_line(slots)])
    rows = [r for r in table.rows if (r.group in undivided) == r.undivided or not r.group]
    if len({_columns_of(row) for row in rows}) == 1:
        return _finish(list(_bands([rows])))
    parts = groupby(rows, lambda row: (_columns_of(row), row.under[:1]))
    return _finish(list(_bands([list(band) for _, band in parts])))


def _columns_of(row: Row) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(text for text, _ in _steps(row, cell)) for cell in row.fields)


def _steps(row: Row, cell: Field) -> tuple[Step, ...]:
    """The labels above a column, the last with the column's key."""
    texts = [label.text for label in cell.labels[len(row.labels) :]]
    return (*((text, "") for text in texts[:-1]), (texts[-1], cell.key))


def _captions(row: Row) -> tuple[Step, ...]:
    """The labels left of a row: captions without a key, the group, the row itself."""
    paths = [row.group] * (len(row.labels) - 1) + [row.path]
    under = [(label.text, "") for label in row.under]
    return (*under, *((label.text, path) for label, path in zip(row.labels, paths, strict=True)))


def _across(row: Row, cell: Field) -> tuple[Step, ...]:
    return (*_captions(row), *_steps(row, cell))


def _line(slots: Sequence[tuple[tuple[Step, ...], Field]]) -> Iterator[Printed]:
    depth = max(len(steps) for steps, _ in slots)
    for column, (_, cell) in enumerate(slots):
        yield Printed(SLOT, "", cell.path, depth, column)


def _bands(bands: Sequence[Sequence[Row]]) -> Iterator[Printed]:
    """The parts of a table one below the other, each with its header."""
    titled = len(bands) > 1
    left = max(len(_left(row, _title(band, titled))) for band in bands for row in band)
    right = max(len(row.fields) for band in bands for row in band)
    top = 0
    for band in bands:
        title = _title(band, titled)
        if title:
            yield Printed(BAND, title, "", top, 0, 1, left + right)
            top += 1
        heads = list(_heads([_steps(band[0], cell) for cell in band[0].fields], top, left))
        depth = max(h.row + h.rows for h in heads) - top
        yield Printed(HEAD, "", "", top, 0, depth, left)
        yield from _stretched(heads, left + right)
        top += depth
        yield from _left_of(band, title, top, left)
        for n, row in enumerate(band):
            cells = [Printed(SLOT, "", f.path, top + n, left + c) for c, f in enumerate(row.fields)]
            yield from _stretched(cells, left + right)
        top += len(band)


def _title(band: Sequence[Row], titled: bool) -> str:
    """The caption that all rows of a part share, where the table has several parts."""
    shared = {row.under[:1] for row in band}
    first = band[0].under[:1]
    return first[0].text if titled and first and len(shared) == 1 else ""


def _left(row: Row, title: str) -> tuple[Step, ...]:
    return _captions(row)[1:] if title else _captions(row)


def _left_of(band: Sequence[Row], title: str, top: int, left: int) -> Iterator[Printed]:
    """Row captions: equal ones below each other are one cell, the last reaches the numbers."""
    steps = [_left(row, title) for row in band]
    for n, own in enumerate(steps):
        for level, (text, path) in enumerate(own):
            last = level == len(own) - 1
            if n and not last and _same(steps[n - 1], own, level):
                continue
            down = 1 if last else _run(steps, n, level)
            wide = left - level if last else 1
            yield Printed(CAPTION, text, path, top + n, level, down, wide)


def _same(one: Sequence[Step], other: Sequence[Step], level: int) -> bool:
    """Whether two label paths share their way down to a level that is the end of neither."""
    return (
        len(one) > level + 1 and len(other) > level + 1 and one[: level + 1] == other[: level + 1]
    )


def _run(steps: Sequence[Sequence[Step]], at: int, level: int) -> int:
    end = at + 1
    while end < len(steps) and _same(steps[at], steps[end], level):
        end += 1
    return end - at


def _heads(steps: Sequence[tuple[Step, ...]], top: int, left: int) -> Iterator[Printed]:
    """Column labels: the last stands right above its numbers, the one before it fills the gap."""
    depth = max(len(own) for own in steps)
    for n, own in enumerate(steps):
        gap, row = depth - len(own), top
        for level, (text, path) in enumerate(own):
            last = level == len(own) - 1
            high = 1 + (gap if level == max(len(own) - 2, 0) else 0)
            if last or not n or not _same(steps[n - 1], own, level):
                wide = 1 if last else _run(steps, n, level)
                yield Printed(HEAD, text, path, row, left + n, high, wide)
            row += high


def _stretched(cells: Sequence[Printed], columns: int) -> Iterator[Printed]:
    """Where a part has fewer columns than the table, its last one takes the rest."""
    edge = max(c.column + c.columns for c in cells)
    for cell in cells:
        last = cell.column + cell.columns == edge
        yield replace(cell, columns=cell.columns + columns - edge) if last else cell


def _finish(cells: Sequence[Printed]) -> Grid:
    ordered = tuple(sorted(cells, key=lambda c: (c.row, c.column)))
    rows = max((c.row + c.rows for c in ordered), default=0)
    columns = max((c.column + c.columns for c in ordered), default=0)
    return Grid(ordered, rows, columns)
