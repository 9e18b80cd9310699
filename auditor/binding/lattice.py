"""A ruled table as rows of cells: what stands in a row, what stands above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from auditor.binding.numbers import is_blank, is_numeric
from auditor.model import Cell, Location, Table


@dataclass(frozen=True)
class Lattice:
    """One table of the document: `block` is its index there, `number` counts tables from 1."""

    table: Table
    block: int
    number: int

    @cached_property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """For each grid row the cells that cover it, by column."""
        rows: list[list[Cell]] = [[] for _ in range(self.table.rows)]
        for cell in self.table.cells:
            for row in range(cell.row, min(cell.row + cell.row_span, self.table.rows)):
                rows[row].append(cell)
        return tuple(tuple(sorted(row, key=lambda c: c.column)) for row in rows)

    def above(self, row: int, cell: Cell) -> Cell | None:
        """The nearest words above a row, in columns that overlap those of `cell`."""
        for upper in range(row - 1, -1, -1):
            for other in self.rows[upper]:
                words = not (is_blank(other.text) or is_numeric(other.text))
                if words and overlap(other, cell):
                    return other
        return None

    def place(self, cell: Cell, label: str) -> Location:
        """Where a cell stands, counted from 1."""
        whole = self.table.location
        page = cell.page or whole.page
        return Location(
            whole.source, label, page, self.number, cell.row + 1, cell.column + 1, box=cell.box
        )

    def here(self, row: int, label: str) -> Location:
        """Where a row stands."""
        pages = [c.page for c in self.rows[row] if c.page]
        page = min(pages, default=self.table.location.page)
        return Location(label=label, page=page, table=self.number, row=row + 1)


def overlap(one: Cell, other: Cell) -> int:
    """How many grid columns two cells share."""
    right = min(one.column + one.column_span, other.column + other.column_span)
    return max(0, right - max(one.column, other.column))


def pair(values: Sequence[Cell], heads: Sequence[Cell]) -> dict[int, int]:
    """Value index → head index: the most pairs in order, then the widest overlap.

    Columns that are merged differently in the head and in the body (ragged spans) overlap twice;
    order decides there.
    """
    if len(values) == len(heads) and all(map(overlap, values, heads)):
        return {i: i for i in range(len(values))}
    best: list[list[tuple[int, int, tuple[tuple[int, int], ...]]]]
    best = [[(0, 0, ())] * (len(heads) + 1) for _ in range(len(values) + 1)]
    for i, value in enumerate(values, start=1):
        for j, head in enumerate(heads, start=1):
            option = max(best[i - 1][j], best[i][j - 1], key=lambda b: b[:2])
            shared = overlap(value, head)
            if shared:
                count, width, pairs = best[i - 1][j - 1]
                taken = (count + 1, width + shared, (*pairs, (i - 1, j - 1)))
                option = max(taken, option, key=lambda b: b[:2])
            best[i][j] = option
    return dict(best[-1][-1][2])
