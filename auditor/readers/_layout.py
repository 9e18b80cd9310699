"""A sheet of values → paragraphs and tables. People write whole reports into one sheet.

A table is a run of rows with more than one cell in them; what stands above it, alone in its row,
is text. Cells keep the rows and columns of the sheet, so that places can be found in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from auditor.model import Block, Cell, Location, Table, Text
from auditor.readers._blocks import LONG_TEXT, Budget, joined, plain_cells
from auditor.readers._calamine import shown
from auditor.readers._characters import Scrubber, suspect
from auditor.readers._sheet_formats import OTHER
from auditor.readers._sheet_parts import left_out

if TYPE_CHECKING:
    from auditor.readers._calamine import Sheet

_HEADING = re.compile("[一二三四五六七八九十]{1,3}[、.．]")
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*")
_LINE_END = re.compile("\r\n|[\r\n\u2028\u2029]")
Span = tuple[int, int]  # the last row and the last column of a merged cell


class Layout:
    """One sheet on its way to being blocks; rows and columns count from its first cell."""

    def __init__(self, sheet: Sheet, budget: Budget, scrub: Scrubber) -> None:
        self._sheet = sheet
        self.idle = False  # whether hidden rows or columns were left out
        self._budget = budget
        self._rows = _texts(sheet.rows, scrub)
        self._width = max(map(len, self._rows), default=0)
        budget.width(self._width)
        self._spans: dict[tuple[int, int], Span] = {}
        self._covered: dict[int, set[int]] = {}  # by row the columns that a merged cell covers
        self._merged: dict[int, set[int]] = {}  # the same with those in which one begins
        self._tall: set[int] = set()  # rows that a merged cell holds together
        for merged in sheet.merged:
            self._merge(*merged)
        self._gone: set[int] = set()  # hidden rows that count for nothing
        if sheet.rows_off or sheet.columns_off:
            self._gone, columns = left_out(sheet, self._rows)
            self.idle = bool(self._gone or columns)
            for row in self._rows:
                row[:] = ["" if n in columns else text for n, text in enumerate(row)]
        self._filled = [len(row) - row.count("") for row in self._rows]
        self._part()

    def _part(self) -> None:
        """A tall merged cell that stands alone in its rows holds text, and no rows of a table."""
        for (top, left), (bottom, _) in self._spans.items():
            text = self._rows[top][left]
            if bottom == top or not (_HEADING.match(text) or _LINE_END.search(text)):
                continue
            if sum(self._filled[row] for row in range(top, bottom + 1)) == 1:
                self._tall.difference_update(range(top, bottom + 1))

    def blocks(self, source: str) -> Iterator[Block]:
        """Texts and tables from top to bottom."""
        shown = (row for row in range(len(self._rows)) if row not in self._gone)
        for blank, rows in groupby(shown, self._blank):
            if not blank:
                yield from self._segment(list(rows), source)

    def _merge(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """A merged cell, cut at the end of the sheet; the values that it hides are gone."""
        top, left = start[0] - self._sheet.top, start[1] - self._sheet.left
        bottom = min(end[0] - self._sheet.top, len(self._rows) - 1)
        right = min(end[1] - self._sheet.left, self._width - 1)
        if top < 0 or left < 0 or bottom < top or right < left:
            return
        if left in self._covered.get(top, ()):
            return
        self._budget.spend((bottom - top + 1) * (right - left + 1))
        merged = self._merged
        for row in range(top, bottom + 1):
            columns = range(left + (row == top), right + 1)
            if row in merged and not merged[row].isdisjoint(columns):
                return
        for row in range(top, bottom + 1):
            columns = range(left + (row == top), right + 1)
            self._covered.setdefault(row, set()).update(columns)
            merged.setdefault(row, set()).update(columns)
            self._rows[row][columns.start : columns.stop] = [""] * len(columns)
        merged[top].add(left)
        self._spans[top, left] = bottom, right
        if bottom > top and self._rows[top][left]:
            self._tall.update(range(top, bottom + 1))

    def _blank(self, row: int) -> bool:
        return not self._filled[row] and row not in self._tall

    def _segment(self, rows: Sequence[int], source: str) -> Iterator[Block]:
        """Rows without a blank one between them: texts, and runs that are tables."""
        run: list[int] = []
        for at, row in enumerate(rows):
            if self._is_text(row) or (
                self._single(row) and (not run or self._heads(row, rows[at + 1 :]))
            ):
                yield from self._run(run, source)
                run = []
                yield from self._lines(row, source)
            else:
                run.append(row)
        yield from self._run(run, source)

    def _single(self, row: int) -> bool:
        """Whether one cell stands alone in its row."""
        return self._filled[row] == 1 and row not in self._tall

    def _is_text(self, row: int) -> bool:
        """Whether a row holds running text and no number."""
        if max(map(len, self._rows[row])) < LONG_TEXT or row in self._tall:
            return False
        return not any(map(_NUMBER.fullmatch, self._rows[row]))

    def _heads(self, row: int, below: Sequence[int]) -> bool:
        """Whether a lone cell inside a run is a heading of what follows it.

        A label whose numbers were all left blank looks the same, but it is not as wide as its
        table, and no head of columns follows.
        """
        column = next(n for n, text in enumerate(self._rows[row]) if text)
        if _HEADING.match(self._rows[row][column]) is None:
            return False
        following = next((r for r in below if not self._single(r)), None)
        if following is None:
            return self._wide(row) or any(t.endswith("。") for r in below for t in self._rows[r])
        texts = [text for text in self._rows[following] if text]
        return self._wide(row) or not any(map(_NUMBER.fullmatch, texts))

    def _wide(self, row: int) -> bool:
        """Whether the one cell of a row is merged over the width of the row above it."""
        column = next(n for n, text in enumerate(self._rows[row]) if text)
        end = self._spans.get((row, column), (row, column))[1]
        filled = [n for n, text in enumerate(self._rows[row - 1]) if text] or [column]
        return end > column and column <= filled[0] and end >= filled[-1]

    def _lines(self, row: int, source: str) -> Iterator[Block]:
        """The lines of the cells of a row."""
        for column, text in enumerate(self._rows[row]):
            for line in _LINE_END.split(text) if text else ():
                if line.strip():
                    yield Text(line.strip(), self._place(source, row, column))

    def _run(self, run: list[int], source: str) -> Iterator[Block]:
        """A table with the lines below it; a single row is a line of words."""
        below = len(run)
        while below > 1 and self._single(run[below - 1]) and self._wide(run[below - 1]):
            below -= 1
        rows, rest = run[:below], run[below:]
        if len(rows) == 1:
            text = " ".join(filter(None, _joined(self._rows[rows[0]])))
            yield Text(text, self._place(source, rows[0], 0))
        elif rows:
            yield self._table(rows, source)
        for row in rest:
            yield from self._lines(row, source)

    def _table(self, rows: Sequence[int], source: str) -> Table:
        self._budget.table()
        grid = [_joined(self._rows[row]) for row in rows]
        used = [n for n, column in enumerate(zip(*grid, strict=True)) if any(column)]
        top, left = self._sheet.top, self._sheet.left
        columns = [left + n for n in used]
        cells: list[Cell] = []
        for row, line in zip(rows, grid, strict=True):
            if row in self._merged:
                cells += self._ragged(row, line, rows[-1], used)
            else:
                cells += plain_cells([line[n] for n in used], top + row, columns)
        if doubted := self._sheet.doubted:
            cells = [c._replace(doubt=OTHER) if (c.row, c.column) in doubted else c for c in cells]
        ends = [end for (row, _), (_, end) in self._spans.items() if rows[0] <= row <= rows[-1]]
        right = left + max([used[-1], *ends]) + 1
        self._budget.spend(top + rows[-1] + len(cells))
        place = self._place(source, rows[0], used[0])
        return Table(tuple(cells), top + rows[-1] + 1, right, place)

    def _ragged(self, row: int, line: Sequence[str], last: int, used: Sequence[int]) -> list[Cell]:
        """The cells of a row with merged ones, down to the last row of their table."""
        top, left = self._sheet.top, self._sheet.left
        covered, spans = self._covered[row], self._spans
        cells = []
        for column in used:
            if column not in covered:
                down = across = 1
                if (row, column) in spans:
                    bottom, end = spans[row, column]
                    down, across = min(bottom, last) - row + 1, end - column + 1
                cells.append(Cell(line[column], top + row, left + column, down, across))
        return cells

    def _place(self, source: str, row: int, column: int) -> Location:
        """Row and column of the sheet; `table` is its number, `label` its name."""
        sheet = self._sheet
        return Location(
            source, sheet.name, table=sheet.number, row=sheet.top + row + 1,
            column=sheet.left + column + 1,
        )  # fmt: skip


def _texts(rows: Sequence[Sequence[Any]], scrub: Scrubber) -> list[list[str]]:
    """The values of a sheet as texts."""
    words = [value for row in rows for value in row if type(value) is str]
    if suspect("".join(words)):  # one look at all of them, since nearly all are clean
        rows = [[scrub(v) if type(v) is str else v for v in row] for row in rows]
    return [
        [
            v.strip().removeprefix("'")
            if type(v) is str
            else _figure(v)
            if type(v) is float
            else shown(v)
            for v in row
        ]
        for row in rows
    ]


@lru_cache(maxsize=4096)
def _figure(value: float) -> str:
    """A number as it is shown; few differ within a report. Zeros are alike, whatever their sign."""
    return shown(value)


def _joined(row: list[str]) -> list[str]:
    """A row with the lines of each cell as one."""
    together = "".join(row)
    if "\n" not in together and "\r" not in together:
        return row
    return [joined(line.strip() for line in _LINE_END.split(text)) for text in row]


def with_line(block: Block, line: int | None) -> Block:
    """The block with the number of its line."""
    at = block.location
    here = Location(
        at.source, at.label, at.page, at.table, at.row, at.column, line, at.span, at.box
    )
    if isinstance(block, Text):
        return Text(block.text, here, block.ordinal, block.level)
    return replace(block, location=here)
