"""A sample printed as a PDF by our own writer, and several of its pages on one sheet."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.pdf_writer import Page, span, write

sys.path.insert(0, str(Path(__file__).parent / "samples"))

from as_docx import WIDTHS
from grids import Cell, Grid, placed, tables, width
from sample import Sample

_LEADING, _ROW = 1.6, 2.2  # times the size: from line to line, the height of a row


@dataclass
class Paper:
    """Where words go: `columns` are their places across and their width; all in points."""

    size: float = 10
    width: float = 595
    height: float = 842
    margin: float = 50
    columns: int = 1
    gap: float = 20
    table: float = 10  # the size of letters in tables
    widths: Mapping[int, Sequence[float]] = field(default_factory=lambda: WIDTHS)
    pages: list[Page] = field(default_factory=list)
    column: int = 0
    y: float = 0

    @property
    def wide(self) -> float:
        """How wide a column is."""
        inner = self.width - 2 * self.margin
        return (inner - (self.columns - 1) * self.gap) / self.columns

    @property
    def x(self) -> float:
        """Where the column begins."""
        return self.margin + self.column * (self.wide + self.gap)

    def room(self, height: float) -> Page:
        """The page on which there is room for so much."""
        if not self.pages:
            self._page()
        elif self.y + height > self.height - self.margin:
            self.column += 1
            self.y = self.margin
            if self.column == self.columns:
                self._page()
        return self.pages[-1]

    def _page(self) -> None:
        self.pages.append(Page(self.width, self.height))
        self.column, self.y = 0, self.margin

    def paragraph(self, words: str) -> None:
        """Words, broken into lines as wide as the column, the first one indented."""
        line = ""
        indent = 2 * self.size
        for letter in words:
            if indent + span(line + letter, self.size) > self.wide:
                self._line(line, indent)
                line, indent = "", 0
            line += letter
        self._line(line, indent)

    def _line(self, line: str, indent: float) -> None:
        page = self.room(_LEADING * self.size)
        self.y += _LEADING * self.size
        page.text(self.x + indent, self.y, line, self.size)

    def grid(self, grid: Grid) -> None:
        """A ruled table, row by row, over as many pages as it takes."""
        parts = self.widths[width(grid)]
        edges = [self.wide * sum(parts[:k]) / sum(parts) for k in range(len(parts) + 1)]
        rows = list(placed(grid))
        held: dict[int, Cell] = {}  # by column what reaches down from above
        self.room(_ROW * self.table)  # a new page, if this one is full
        self.y += self.size
        for row in rows:
            own = [(column, cell) for column, cell in row if cell is not None]
            height = (
                _LEADING
                * self.table
                * max(
                    len(_broken(cell.text, edges[c + cell.columns] - edges[c], self.table))
                    for c, cell in own
                    if cell.rows == 1
                )
            )
            new = self.room(height)
            top, x = self.y, self.x
            for column, cell in row:
                if cell is not None:
                    held[column] = cell
                whole = held[column]
                left, right = x + edges[column], x + edges[column + whole.columns]
                new.line(left, top, left, top + height)
                new.line(right, top, right, top + height)
                if cell is not None or top == self.margin:
                    new.line(left, top, right, top)
                if cell is not None:
                    for k, words in enumerate(_broken(cell.text, right - left, self.table), 1):
                        new.text(left + 1, top + k * 1.3 * self.table, words, self.table)
            new.line(x, top + height, x + edges[-1], top + height) if row is rows[-1] or (
                top + 2 * height > self.height - self.margin
            ) else None
            self.y += height
        self.y += self.size


def _broken(words: str, room: float, size: float) -> list[str]:
    lines = [""]
    for letter in words:
        if span(lines[-1] + letter, size) > room - 2:
            lines.append("")
        lines[-1] += letter
    return lines


def pages(sample: Sample, paper: Paper) -> list[Page]:
    """A sample on such paper."""
    day = sample.published
    paper.paragraph(sample.title)
    for words in sample.opening:
        paper.paragraph(words)
    for key in sample.sections:
        paper.paragraph(sample.heading(key))
        for words in sample.text(key):
            paper.paragraph(words)
        for grid in tables(sample, key):
            paper.grid(grid)
    paper.paragraph(str(sample.source["subject"]))
    paper.paragraph(f"{day.year}年{day.month}月{day.day}日")
    return paper.pages


def printed(sample: Sample, paper: Paper) -> bytes:
    """The file."""
    return write(pages(sample, paper))


SHARED: Mapping[int, Sequence[float]] = {
    4: (24, 36, 20, 20), 10: (8, 12, 20, 10, 10, 8, 8, 8, 8, 8), 15: (1,) * 15
}  # fmt: skip
"""Columns of which one ends at three fifths of the width in every table, as on a sheet."""


def apart(sample: Sample, *, order: Sequence[int] = (0, 1)) -> bytes:
    """A sheet that is wider than its paper: what stands right of three fifths of it is printed
    on pages of its own, behind the others."""
    wide = Paper(width=1000, table=6, widths=SHARED)
    whole = pages(sample, wide)
    edge = wide.margin + 0.6 * wide.wide
    found = []
    for part in order:
        begin, end = ((0.0, edge), (edge, wide.width))[part]
        for page in whole:
            by = wide.margin - begin if part else 0.0
            shown = Page(600, wide.height, matrix=(1, 0, 0, 1, by, 0))
            shown.clip(begin - 0.3, 0, end - begin + 0.6, wide.height)
            shown.parts += page.parts
            found.append(shown)
    return write(found)


def together(pdf: bytes, across: int, down: int, width: float = 842, height: float = 595) -> bytes:
    """The same with several pages on each sheet, as printers put them there."""
    import pypdfium2

    source = pypdfium2.PdfDocument(pdf)
    raw = pypdfium2.raw.FPDF_ImportNPagesToOne(source.raw, width, height, across, down)
    made = pypdfium2.PdfDocument(raw)
    stream = io.BytesIO()
    made.save(stream)
    made.close()
    source.close()
    return stream.getvalue()
