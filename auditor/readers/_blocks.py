"""What the readers with a grid share: laying out spans, telling layout from data, places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, repeat

from auditor.model import Block, Cell, Location, Picture, Table, Text
from auditor.readers.limits import Limits, too_large

LONG_TEXT = 80
"""Characters from which a paragraph in a table of one column is taken for running text."""
_STOPS = ("。", "！", "？", "；")

_MARK = re.compile("[0-9]{1,2}")

_made = tuple.__new__  # what a named tuple does itself, with one call less for each cell
_PLAIN = Cell("", 0, 0)[5:]

PICTURED = "a picture stands in the cell"


Spanning = tuple[str, int, int]
"""A cell as the source states it, before its place in the grid is known: text, rows, columns."""


class Budget:
    """Grid units that all tables of a document may take together."""

    __slots__ = ("left", "limits", "tables")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.grid
        self.tables = 0

    def spend(self, units: int) -> None:
        """Count grid units; raises DocumentError `too-large`."""
        self.left -= units
        if self.left < 0:
            most = self.limits.grid
            raise too_large("表格单元数", "table units", f"> {most:,}", most)

    def width(self, columns: int) -> None:
        """Check the width of a table; raises DocumentError `too-large`."""
        most = self.limits.columns
        if columns > most:
            raise too_large("列数", "columns", columns, most)

    def table(self) -> None:
        """Count a table; raises DocumentError `too-large`."""
        self.tables += 1
        if self.tables > self.limits.tables:
            most = self.limits.tables
            raise too_large("表格数", "tables", f"> {most:,}", most)


def laid_out(groups: Iterable[Sequence[Sequence[Spanning]]], budget: Budget) -> list[Cell]:
    """Rows in row groups → cells in the grid, row by row.

    A row span of 0 reaches to the end of its group; none reaches beyond. Cells never overlap:
    a column span ends where a cell from above stands in its way.
    """
    placed: list[Cell] = []
    first = 0
    tallest, widest = budget.limits.span, budget.limits.columns
    for group in groups:
        busy: list[int] = []  # for each column the first row in which it is free again
        end = first + len(group)
        for row, cells in enumerate(group, first):
            column = 0
            for text, row_span, column_span in cells:
                while column < len(busy) and busy[column] > row:
                    column += 1
                if row_span == column_span == 1 and column < len(busy):  # as most are
                    busy[column] = row + 1
                    placed.append(_made(Cell, (text, row, column, 1, 1, *_PLAIN)))
                    column += 1
                    continue
                below, until = row + 1, column + 1
                if row_span != 1:
                    below = min(row + min(row_span or end, tallest), end)
                if column_span != 1:
                    until = _run(busy, row, column, column_span)
                if until > widest:
                    budget.width(until)
                busy[column:until] = [below] * (until - column)
                placed.append(Cell(text, row, column, below - row, until - column))
                column = until
            budget.spend(len(busy))
        first = end
    return placed


def _run(busy: list[int], row: int, start: int, span: int) -> int:
    """Where the free columns end that a span may take."""
    end = start + 1
    while end < start + span and (end >= len(busy) or busy[end] <= row):
        end += 1
    return end


def table(cells: Iterable[Cell]) -> Table:
    """A table of cells in reading order whose grid has no superfluous lines.

    Rows and columns in which no cell begins say nothing (converters and careless spans make
    them) and are taken out.
    """
    ordered = tuple(cells)
    rows, columns = {cell.row for cell in ordered}, {cell.column for cell in ordered}
    bottom = max([cell.row + cell.row_span for cell in ordered])
    right = max([cell.column + cell.column_span for cell in ordered])
    if len(rows) == bottom and len(columns) == right:
        return Table(ordered, bottom, right)
    down, across = _lines(rows, bottom), _lines(columns, right)
    made = []
    for cell in ordered:
        top, left = down[cell.row], across[cell.column]
        height = down[cell.row + cell.row_span] - top
        width = across[cell.column + cell.column_span] - left
        made.append(Cell(cell.text, top, left, height, width))
    return Table(tuple(made), len(rows), len(columns))


def plain_cells(texts: Iterable[str], row: int, columns: Iterable[int]) -> list[Cell]:
    """The cells of a row without spans."""
    return list(map(Cell, texts, repeat(row), columns))


def _lines(used: set[int], end: int) -> list[int]:
    """For each line of the old grid its number among the lines that are used."""
    return [0, *accumulate(line in used for line in range(end))]


def emitted(
    rows: Sequence[Sequence[Sequence[Block]]],
    layout: bool,
    cells: Callable[[], Iterable[Cell]],
    budget: Budget,
    *,
    ruled: bool = True,
) -> list[Block]:
    """What a table gives: itself and its pictures, or only what is in it where it is layout."""
    blocks = [block for row in rows for cell in row for block in cell]
    if layout:
        return blocks
    found: list[Block] = [block for block in blocks if isinstance(block, Picture)]
    if len(found) < len(blocks):
        budget.table()
        made = replace(table(cells()), ruled=ruled)
        found.insert(0, _doubted(made, rows) if found else made)
    return found


def _doubted(made: Table, rows: Sequence[Sequence[Sequence[Block]]]) -> Table:
    """A cell that shows nothing but a picture is no blank: a figure may stand there."""
    pictured = [any(isinstance(b, Picture) for b in cell) for row in rows for cell in row]
    cells = (
        cell._replace(doubt=PICTURED) if picture and not cell.text.strip() else cell
        for cell, picture in zip(made.cells, pictured, strict=True)
    )
    return replace(made, cells=tuple(cells))


def is_layout(rows: Sequence[Sequence[Sequence[Block]]]) -> bool:
    """Whether a table only arranges the page: one cell, tables in cells, or one column of text."""
    if sum(map(len, rows)) == 1 or _holds_tables(rows):
        return True
    if any(len(row) > 1 for row in rows):
        return False
    return any(
        isinstance(block, Text)
        and (len(block.text) >= LONG_TEXT or block.text.rstrip().endswith(_STOPS))
        for row in rows
        for cell in row
        for block in cell
    )


def _holds_tables(rows: Sequence[Sequence[Sequence[Block]]]) -> bool:
    """Whether a whole table stands in a cell; one row of figures is that cell's text."""
    blocks = (block for row in rows for cell in row for block in cell)
    return any(isinstance(block, Table) and block.rows > 1 for block in blocks)


def joined(parts: Iterable[str]) -> str:
    """The lines of one cell as one text.

    Chinese labels are joined as they are; a blank stands where two numbers or words would
    otherwise run into one.
    """
    text = ""
    for part in parts:
        if text and part and _western(text[-1]) and _western(part[0]):
            text += " "
        text += part
    return text


def mark_of(raised: str, before: str) -> str:
    """The mark of a note that raised figures are, in brackets; empty where they are none.

    Behind a word or number they are none of its figures; behind a letter they may be the 2 of a
    square. `before` is what stands before them.
    """
    last = before.rstrip()[-1:]
    if not last or (last.isascii() and last.isalpha()) or not _MARK.fullmatch(raised.strip()):
        return ""
    return f"[{raised.strip()}]"


def _western(character: str) -> bool:
    return character.isdigit() or (character.isascii() and character.isalpha())


def cell_text(blocks: Iterable[Block]) -> str:
    """All text of a cell, automatic numbers included, tables inside it too."""
    return joined(
        cell_text(map(_as_text, block.cells))
        if isinstance(block, Table)
        else block.ordinal + block.text
        for block in blocks
        if not isinstance(block, Picture)
    )


def text_of(blocks: Sequence[Block]) -> str:
    """The same; most cells hold nothing or one paragraph."""
    if not blocks:
        return ""
    first = blocks[0]
    if len(blocks) == 1 and isinstance(first, Text) and not first.ordinal:
        return first.text
    return cell_text(blocks)


def _as_text(cell: Cell) -> Text:
    return Text(cell.text)


def placed(blocks: Iterable[Block], source: str) -> tuple[Block, ...]:
    """Blocks with their places: `line` counts the blocks, `table` the tables, both from 1."""
    done: list[Block] = []
    tables = 0
    for number, block in enumerate(blocks, 1):
        if isinstance(block, Text):
            at = Location(source, line=number)
            done.append(Text(block.text, at, block.ordinal, block.level))
        elif isinstance(block, Table):
            tables += 1
            at = Location(source, table=tables, line=number)
            done.append(replace(block, location=at))
        else:
            done.append(
                Picture(Location(source, line=number), block.kind, block.text, block.content)
            )
    return tuple(done)
