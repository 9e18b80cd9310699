"""The blocks of a document written as a workbook, in the ways that people lay them out."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import xlsxwriter

from auditor.model import Block, Document, Table, Text

LAYOUTS = ("merged", "spaced", "tight", "sheets", "named")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_HEADING = re.compile("[一二三四五六]、")
_WIDTH = 10


def workbook(document: Document, layout: str) -> bytes:
    """`merged` (all on one sheet, lines merged across it), `spaced` (lines in column A, a blank
    row around tables), `tight` (no blank rows at all), `sheets` (words on one sheet, each table
    on its own), `named` (a sheet for each section, which is only named by its sheet)."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for name, blocks in _sheets(document.blocks, layout):
            _write(book, name, blocks, layout)
    return stream.getvalue()


def _sheets(blocks: Sequence[Block], layout: str) -> list[tuple[str | None, list[Block]]]:
    if layout == "sheets":
        runs = groupby(blocks, lambda block: isinstance(block, Table))
        tables = [list(run) for is_table, run in runs if is_table]
        words = [block for block in blocks if isinstance(block, Text)]
        return [("文字", words), *((f"表{n}", one) for n, one in enumerate(tables, 2))]
    if layout != "named":
        return [(None, list(blocks))]
    found: list[tuple[str | None, list[Block]]] = [("封面", [])]
    for block in blocks:
        words = block.ordinal + block.text if isinstance(block, Text) else ""
        if _HEADING.match(words) and len(words) <= 31:
            found.append((words, []))
        else:
            found[-1][1].append(block)
    return found


def _write(book: Any, name: str | None, blocks: Sequence[Block], layout: str) -> None:
    sheet = book.add_worksheet(name)
    row = 0
    for block in blocks:
        if isinstance(block, Text):
            text = block.ordinal + block.text
            if layout == "merged":
                sheet.merge_range(row, 0, row, _WIDTH - 1, text)
            else:
                sheet.write_string(row, 0, text)
            row += 1
        elif isinstance(block, Table):
            row += layout == "spaced"
            for cell in block.cells:
                _cell(sheet, row, cell)
            row += block.rows + (layout == "spaced")


def _cell(sheet: Any, below: int, cell: Any) -> None:
    top, left = below + cell.row, cell.column
    value = float(cell.text) if _NUMBER.fullmatch(cell.text) else cell.text
    if cell.row_span > 1 or cell.column_span > 1:
        sheet.merge_range(top, left, top + cell.row_span - 1, left + cell.column_span - 1, value)
    else:
        sheet.write(top, left, value)
