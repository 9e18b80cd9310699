"""A sample as workbooks in which parts stand side by side, or figures are shown otherwise.

`BESIDE` gives the file of a sample by name; `formatted` writes every figure with a format.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import xlsxwriter

sys.path.insert(0, str(Path(__file__).parent / "samples"))

from grids import Grid, placed, tables, width
from sample import TABLES, Sample

Put = Callable[[Any, int, int, Any], None]
Variant = Callable[[Sample], bytes]
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
WORDS = ("overview", "problems", "others")


def number(text: str) -> float | str:
    """A figure as a workbook holds it."""
    return float(text) if _NUMBER.fullmatch(text) else text


def _value(sheet: Any, row: int, column: int, cell: Any) -> None:
    sheet.write(row, column, number(cell.text) if cell.number else cell.text)


def _grid(sheet: Any, top: int, left: int, grid: Grid, put: Put = _value) -> int:
    """A table; returns the row below it."""
    for at, line in enumerate(placed(grid), top):
        for column, cell in line:
            if cell is not None:
                end = at + cell.rows - 1, left + column + cell.columns - 1
                if cell.rows > 1 or cell.columns > 1:
                    sheet.merge_range(at, left + column, *end, "")
                put(sheet, at, left + column, cell)
    return top + len(grid)


def _column(sheet: Any, lines: Sequence[str], row: int, column: int = 0) -> int:
    for at, line in enumerate(lines, row):
        sheet.write_string(at, column, line)
    return row + len(lines)


def _head(sample: Sample) -> list[str]:
    return [sample.title, *sample.opening]


def _said(sample: Sample, *keys: str) -> list[str]:
    return [line for key in keys for line in (sample.heading(key), *sample.text(key))]


def _end(sample: Sample) -> list[str]:
    day = sample.published
    return [str(sample.source["subject"]), f"{day.year}年{day.month}月{day.day}日"]


def _book(write: Callable[[Any], None]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        write(book)
    return stream.getvalue()


def _abreast(
    sheet: Any, sample: Sample, keys: Sequence[str], row: int, gap: int = 1, skip: int = 0
) -> int:
    """Tables side by side, each under its heading."""
    left, end = 0, row
    for key in keys:
        grid = tables(sample, key)[0]
        sheet.merge_range(row, left, row, left + width(grid) - 1, sample.heading(key))
        end = max(end, _grid(sheet, row + 1 + skip, left, grid))
        left += width(grid) + gap
    return end


def _sheets(*keys: str, gap: int = 1, skip: int = 0) -> Variant:
    """The words on a sheet of their own, tables side by side on the next."""

    def make(sample: Sample) -> bytes:
        def write(book: Any) -> None:
            sheet, row = book.add_worksheet("文字"), 0
            row = _column(sheet, _head(sample), row)
            for key in sample.sections:
                if key not in keys:
                    row = _column(sheet, _said(sample, key), row)
                    for grid in tables(sample, key):
                        row = _grid(sheet, row, 0, grid)
            _column(sheet, _end(sample), row)
            _abreast(book.add_worksheet("表"), sample, keys, 0, gap, skip)

        return _book(write)

    return make


def _all_on_one(sample: Sample) -> bytes:
    def write(book: Any) -> None:
        sheet = book.add_worksheet()
        row = _column(sheet, [*_head(sample), *_said(sample, "overview")], 0)
        row = _abreast(sheet, sample, TABLES, row)
        _column(sheet, [*_said(sample, "problems", "others"), *_end(sample)], row)

    return _book(write)


def _words(column: int, left: int) -> Variant:
    """The words in one column, the tables below one another beside them."""

    def make(sample: Sample) -> bytes:
        def write(book: Any) -> None:
            sheet, row = book.add_worksheet(), 0
            _column(sheet, [*_head(sample), *_said(sample, *WORDS)], 0, column)
            for key in TABLES:
                sheet.write(row, left, sample.heading(key))
                row = _grid(sheet, row + 1, left, tables(sample, key)[0]) + 1

        return _book(write)

    return make


BESIDE: dict[str, Variant] = {
    "two tables": _sheets("disclosure", "applications"),
    "two tables, nothing between": _sheets("disclosure", "applications", gap=0),
    "two tables, a blank row below the headings": _sheets("disclosure", "applications", skip=1),
    "the last two": _sheets("applications", "disputes", gap=3),
    "three tables": _sheets(*TABLES),
    "all on one sheet": _all_on_one,
    "words on the left": _words(0, 5),
    "words on the right": _words(12, 0),
}


def last_year(own: Sample, other: Sample, *, first: bool) -> bytes:
    """Every table beside that of another report: on its right, or on its left."""

    def write(book: Any) -> None:
        sheet = book.add_worksheet()
        row = _column(sheet, _head(own), 0)
        for key in own.sections:
            row = _column(sheet, _said(own, key), row)
            for mine, theirs in zip(tables(own, key), tables(other, key), strict=True):
                left, right = (mine, theirs) if first else (theirs, mine)
                end = _grid(sheet, row, width(left) + 1, right)
                row = max(end, _grid(sheet, row, 0, left)) + 1
        _column(sheet, _end(own), row)

    return _book(write)


def formatted(sample: Sample, code: str, held: Callable[[float], float] = lambda x: x) -> bytes:
    """One sheet; every figure but 0 is held otherwise and shown in a format."""

    def write(book: Any) -> None:
        sheet, look, row = book.add_worksheet(), book.add_format({"num_format": code}), 0

        def put(_: Any, at: int, column: int, cell: Any) -> None:
            value = number(cell.text) if cell.number else cell.text
            value = held(value) if isinstance(value, float) and value else value
            sheet.write(at, column, value, look)

        row = _column(sheet, _head(sample), row)
        for key in sample.sections:
            row = _column(sheet, _said(sample, key), row)
            for grid in tables(sample, key):
                row = _grid(sheet, row, 0, grid, put)
        _column(sheet, _end(sample), row)

    return _book(write)


def as_page(sample: Sample, *, big: bool = False) -> str:
    """One sheet as a spreadsheet program saves it as a page; `big`: the words of a section in one
    merged cell."""
    rows: list[str] = []

    def line(text: str, down: int = 1) -> None:
        blank = "<tr></tr>" * (down - 1)
        shown = escape(text).replace("\n", "<br>")
        rows.append(f'<tr><td colspan=10 rowspan={down}><font color="#000000">{shown}</font></td></tr>'
                    + blank)  # fmt: skip

    for text in _head(sample):
        line(text)
    for key in sample.sections:
        said = _said(sample, key)
        if big and len(said) > 1:
            line("\n".join(said), 6)
        else:
            for text in said:
                line(text)
        for grid in tables(sample, key):
            rows += [f"<tr>{''.join(map(_td, row))}</tr>" for row in grid]
    for text in _end(sample):
        line(text)
    meta = '<meta charset="utf-8"><meta name="generator" content="LibreOffice 7.4 (Linux)">'
    body = (
        f'<table cellspacing="0" border="0"><colgroup span="15"></colgroup>{"".join(rows)}</table>'
    )
    return f"<!DOCTYPE html><html><head>{meta}</head><body>{body}</body></html>"


def _td(cell: Any) -> str:
    return f"<td rowspan={cell.rows} colspan={cell.columns}>{escape(cell.text)}</td>"
