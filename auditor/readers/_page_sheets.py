"""Web pages that a spreadsheet program wrote: each table is a sheet, with the lines of a report in
its rows, and is read as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from auditor.readers._calamine import Range, Sheet
from auditor.readers._flow import collapsed, number
from auditor.readers.limits import Limits, too_large

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_TITLES = re.compile(r"\s*(?:Overview\b.*|(?:Sheet|Tabelle|工作表)\s*[0-9]+\s*:.*|)\s*", re.DOTALL)
_NAME = re.compile(r"^[^:]*:\s*")
_MORE = "table table, img, sup, s, del, strike, input, textarea, select, iframe, object"
"""What means more than its text: such pages are read as others are."""


def sheets_of(parser: LexborHTMLParser, hidden: Set[int], limits: Limits) -> list[Sheet] | None:
    """The sheets of a page, None where more than tables and their names stands on it.

    Raises DocumentError `too-large`.
    """
    if parser.body is None or parser.css_first(_MORE) is not None:
        return None
    found: list[Sheet] = []
    name = ""
    for node in _below(parser.body):
        if node.tag == "table":
            rows, merged = _grid(node, hidden, limits)
            found.append(Sheet(len(found) + 1, name, hidden=False, top=0, left=0, rows=rows,
                               merged=merged))  # fmt: skip
            name = ""
            continue
        words = node.text() if node.tag != "-comment" else ""
        if _TITLES.fullmatch(words) is None:
            return None
        name = _NAME.sub("", words).strip() or name
    return [sheet for sheet in found if sheet.rows] or None


def _below(body: LexborNode) -> Iterator[LexborNode]:
    """The tables of a body and what stands between them, out of the boxes around them."""
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if node is body or (node.tag != "table" and node.css_first("table") is not None):
            waiting += reversed(list(node.iter(include_text=True)))
        else:
            yield node


def _grid(
    table: LexborNode, hidden: Set[int], limits: Limits
) -> tuple[list[list[str]], list[Range]]:
    """The values of a table row by row, and its merged cells."""
    rows: list[dict[int, str]] = []
    merged: list[Range] = []
    taken: dict[int, int] = {}  # the first row in which a column is free again
    units = 0
    for row in table.css("tr"):
        if row.mem_id in hidden:
            continue
        at, column, values = len(rows), 0, dict[int, str]()
        for cell in row.iter():
            if cell.tag not in ("td", "th") or cell.mem_id in hidden:
                continue
            while taken.get(column, 0) > at:
                column += 1
            down, across = (_span(cell, key, limits) for key in ("rowspan", "colspan"))
            units += down * across
            if units > limits.grid:
                raise too_large("表格单元数", "table units", f"> {limits.grid:,}", limits.grid)
            values[column] = _text(cell)
            if down > 1 or across > 1:
                merged.append(((at, column), (at + down - 1, column + across - 1)))
            taken.update(dict.fromkeys(range(column, column + across), at + down))
            column += across
        rows.append(values)
    width = max(taken, default=-1) + 1
    if width > limits.columns:
        raise too_large("列数", "columns", width, limits.columns)
    return [[values.get(n, "") for n in range(width)] for values in rows], merged


def _span(cell: LexborNode, key: str, limits: Limits) -> int:
    return min(number(cell.attributes.get(key), 1), limits.span) or 1


def _text(cell: LexborNode) -> str:
    """The lines of a cell, without those that are blank."""
    parts = [""]
    for node in cell.traverse(include_text=True):
        if node.tag == "-text":
            parts[-1] += node.text_content or ""
        elif node.tag in ("br", "p", "div"):
            parts.append("")
    return "\n".join(line for part in parts if (line := collapsed(part)))
