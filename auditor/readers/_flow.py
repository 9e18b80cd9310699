"""Text and tables of a web page on their way to being blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from auditor.model import Block, Text
from auditor.readers._blocks import Spanning, text_of

GROUPS = {"thead": 0, "tbody": 1, "tfoot": 2}
_SHORT = 32
_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,9})")
_BLANKS = re.compile("[ \t\n\r\f]{2,}|[\t\n\r\f]")


class Flow:
    """Text on its way: the body, a cell or a caption."""

    __slots__ = ("blocks", "buffer", "level", "ordinal")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.buffer: list[str] = []
        self.level: int | None = None
        self.ordinal = ""


Content = str | list[Block]
"""A cell that is one text is that text: most are, and a report has three hundred of them."""

Row = list[tuple[Content, int, int]]  # cells with their row and column spans
Rows = list[Row]


class Grid:
    """A table on its way, with the text around it. Groups carry their place in the order; `row`
    is the row that is being filled, None before the first of a group."""

    __slots__ = ("caption", "groups", "outer", "row")

    def __init__(self, outer: Flow) -> None:
        self.outer = outer
        self.caption = Flow()
        self.groups: list[tuple[int, Rows]] = []
        self.row: Row | None = None

    def begin_group(self, rank: int) -> None:
        """What follows are the rows of a new group."""
        self.groups.append((rank, []))
        self.row = None

    def begin_row(self) -> Row:
        """What follows are the cells of a new row."""
        if not self.groups:
            self.begin_group(GROUPS["tbody"])
        self.row = []
        self.groups[-1][1].append(self.row)
        return self.row

    def ordered(self) -> list[Rows]:
        """Row groups as they are shown: heads first, feet last."""
        return [rows for _, rows in sorted(self.groups, key=_order)]


def _order(group: tuple[int, Rows]) -> int:
    return group[0]


def spanning(rows: Rows) -> list[list[Spanning]]:
    """Cells with all their text, ready to be laid out."""
    return [
        [(c if isinstance(c, str) else text_of(c), down, across) for c, down, across in row]
        for row in rows
    ]


def blocks_in(cell: Content) -> list[Block]:
    """What stands in a cell, as blocks."""
    if isinstance(cell, str):
        return [Text(cell)] if cell else []
    return cell


def is_plain(rows: Iterable[Sequence[Content]]) -> bool:
    """Whether a table has several columns and nothing but text, so that it is no layout."""
    columns = False
    for row in rows:
        columns = columns or len(row) > 1
        for cell in row:
            if not isinstance(cell, str) and not all(isinstance(block, Text) for block in cell):
                return False
    return columns


def collapsed(text: str) -> str:
    """Text with its white space as a browser shows it."""
    return _short(text) if len(text) <= _SHORT else _collapsed(text)


def _collapsed(text: str) -> str:
    return _BLANKS.sub(_blank, text.strip())


_short = lru_cache(maxsize=4096)(_collapsed)  # labels and figures come again and again


def _blank(match: re.Match[str]) -> str:
    """White space is one blank; a line end of the source next to Chinese is nothing."""
    if "\n" not in match[0]:
        return " "
    text, start, end = match.string, match.start(), match.end()
    beside = text[start - 1 : start] + text[end : end + 1]
    return " " if beside.isascii() else ""


def number(given: str | None, otherwise: int) -> int:
    """The whole number that an attribute begins with; negative ones count as none."""
    match = _NUMBER.match(given or "")
    return int(match[1]) if match and int(match[1]) >= 0 else otherwise
