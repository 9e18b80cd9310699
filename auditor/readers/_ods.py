"""OpenDocument spreadsheets: content.xml → sheets of values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from auditor.errors import DocumentError, Said
from auditor.readers._blocks import mark_of
from auditor.readers._calamine import Range, Sheet, shown
from auditor.readers._characters import Scrubber
from auditor.readers._markup import whole
from auditor.readers.limits import Limits, broken, too_large

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from auditor.readers._package import Package

_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT, _STYLE, _DRAW = (
    _SPACE % n for n in ("table", "office", "text", "style", "drawing")
)
_ROW, _CELL, _COVERED = (_TABLE + n for n in ("table-row", "table-cell", "covered-table-cell"))
_FOLDED = frozenset(_TABLE + n for n in ("table-row-group", "table-header-rows", "table-rows"))
_COLUMN, _SHAPES = _TABLE + "table-column", _TABLE + "shapes"
_COLUMNS = frozenset(
    _TABLE + n for n in ("table-column-group", "table-header-columns", "table-columns")
)
_OFF = ("collapse", "filter")
_SIGNS = {_TEXT + "s": " ", _TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_BLANKS = 100
_RAISED = re.compile(r"super|[1-9][0-9]?%")
_WIDEST = 16_384
_NUMBERS = ("float", "currency", "percentage")
_MANIFEST = "meta-inf/manifest.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def refuse_encrypted(package: Package) -> None:
    """Raises DocumentError `encrypted` where the parts are protected."""
    if b"encryption-data" in (package.part(_MANIFEST) or b""):
        raise DocumentError(
            "encrypted",
            Said(
                "文件已加密，无法读取。请取消密码保护后另存。",
                "the file is protected by a password; save it without protection",
            ),
        )


def metadata(package: Package, scrub: Scrubber) -> dict[str, str]:
    """The title that its author gave it."""
    tree = package.tree("meta.xml")
    text = scrub(tree.findtext(f".//{_TITLE}") or "").strip() if tree is not None else ""
    return {"title": text} if text else {}


def texts_of_cells(package: Package) -> Iterator[str]:
    """The texts of the cells of all tables of a text, those that others cover left out."""
    tree = package.tree("content.xml")
    for cell in tree.iter(_CELL) if tree is not None else ():
        yield "".join(cell.itertext()).strip()


def sheets(package: Package, limits: Limits) -> list[Sheet]:
    """All sheets. Raises DocumentError `broken`, `encrypted`, `too-large`."""
    refuse_encrypted(package)
    tree = package.tree("content.xml")
    if tree is None:  # pragma: no cover - its name was seen
        raise broken("缺少 content.xml", "there is no content.xml")
    hidden = {
        style.get(_STYLE + "name")
        for style in tree.iter(_STYLE + "style")
        for given in style.iter(_STYLE + "table-properties")
        if given.get(_TABLE + "display") == "false"
    }
    _mark(tree)
    found = []
    for number, table in enumerate(tree.iterfind(f".//{_OFFICE}spreadsheet/{_TABLE}table"), 1):
        grid = _Grid(limits)
        grid.fill(table, 0)
        name = table.get(_TABLE + "name", "")
        concealed = table.get(_TABLE + "style-name") in hidden
        rows, boxes = grid.padded(), tuple(grid.boxes)
        off = (tuple(grid.rows_off), tuple(_columns_off(table)))
        found.append(Sheet(number, name, concealed, 0, 0, rows, grid.merged, boxes, *off))
    return found


def _mark(tree: Element) -> None:
    """Take out words that are crossed out, and put raised figures in brackets."""
    struck, raised = set[str | None](), set[str | None]()
    for style in tree.iter(_STYLE + "style"):
        for given in style.iter(_STYLE + "text-properties"):
            through = (given.get(f"{_STYLE}text-line-through-{k}") for k in ("type", "style"))
            if any(kind not in (None, "none") for kind in through):
                struck.add(style.get(_STYLE + "name"))
            elif _RAISED.match(given.get(_STYLE + "text-position", "")):
                raised.add(style.get(_STYLE + "name"))
    for paragraph in tree.iter(_TEXT + "p") if struck or raised else ():
        before = paragraph.text or ""
        for span in paragraph.iterfind(_TEXT + "span"):
            look = span.get(_TEXT + "style-name")
            if look in struck:
                span.text = ""
                span[:] = []
            elif look in raised and not len(span):
                span.text = mark_of(span.text or "", before) or span.text
            before += "".join(span.itertext()) + (span.tail or "")


def _columns_off(table: Element) -> Iterator[int]:
    """The columns that are not shown."""
    column = 0
    waiting = list(table)
    while waiting:
        element = waiting.pop(0)
        if element.tag in _COLUMNS:
            waiting[:0] = list(element)
        elif element.tag == _COLUMN:
            times = _times(element, "columns")
            if element.get(_TABLE + "visibility") in _OFF and times <= _WIDEST:
                yield from range(column, column + times)
            column += times


class _Grid:
    """The rows of one table; repeated blanks only count when something follows them."""

    def __init__(self, limits: Limits) -> None:
        self.rows: list[list[Any]] = []
        self.merged: list[Range] = []
        self.boxes: list[tuple[int, tuple[str, ...]]] = []
        self.rows_off: list[int] = []
        self._limits = limits
        self._left = limits.grid
        self._waiting = 0

    def fill(self, parent: Element, depth: int) -> None:
        """Add the rows of a table or of a group of rows."""
        if depth > self._limits.nesting:
            raise too_large("嵌套层数", "nested levels", f"> {depth}", self._limits.nesting)
        for child in parent:
            if child.tag == _ROW:
                self._row(child)
            elif child.tag in _FOLDED:
                self.fill(child, depth + 1)
            elif child.tag == _SHAPES:
                self._drawn(child, 0)

    def padded(self) -> list[list[Any]]:
        """The rows, all as long as the longest."""
        width = max(map(len, self.rows), default=0)
        self._spend(width * len(self.rows))
        return [row + [""] * (width - len(row)) for row in self.rows]

    def _row(self, element: Element) -> None:
        times = _times(element, "rows")
        at = len(self.rows) + self._waiting
        row: list[Any] = []
        blanks = 0
        for cell in element:
            if cell.tag not in (_CELL, _COVERED):
                continue
            self._drawn(cell, at)
            text, repeated = _value(cell), _times(cell, "columns")
            self._span(cell, at, len(row) + blanks)
            if text:
                self._spend(blanks + repeated)
                row += [""] * blanks + [text] * repeated
            blanks = 0 if text else blanks + repeated
        if not row:
            self._waiting += times
            return
        self._spend(self._waiting + times * len(row))
        if element.get(_TABLE + "visibility") in _OFF:
            self.rows_off += range(at, at + times)
        self.rows += [[] for _ in range(self._waiting)] + [list(row) for _ in range(times)]
        self._waiting = 0

    def _drawn(self, parent: Element, row: int) -> None:
        """The text boxes that are anchored in a cell, or on the sheet."""
        for child in parent:
            if child.tag.startswith(_DRAW):
                lines = tuple(filter(None, map(_words, child.iter(_TEXT + "p"))))
                if lines:
                    self.boxes.append((row, lines))

    def _span(self, cell: Element, row: int, column: int) -> None:
        down = whole(cell.get(f"{_TABLE}number-rows-spanned"), 1)
        across = whole(cell.get(f"{_TABLE}number-columns-spanned"), 1)
        if down > 1 or across > 1:
            self.merged.append(((row, column), (row + down - 1, column + across - 1)))

    def _spend(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            most = self._limits.grid
            raise too_large("工作表单元格数", "cells of a sheet", f"> {most:,}", most)


def _times(element: Element, what: str) -> int:
    return max(1, whole(element.get(f"{_TABLE}number-{what}-repeated"), 1))


def _value(cell: Element) -> str:
    """The exact value of a number or a date, else the words; a formula nobody worked out."""
    kind = cell.get(_OFFICE + "value-type", "")
    if kind in _NUMBERS:
        given = cell.get(_OFFICE + "value", "")
        try:
            return shown(float(given))
        except (ValueError, OverflowError):
            return given
    if kind == "date":
        return cell.get(_OFFICE + "date-value", "").removesuffix("T00:00:00").replace("T", " ")
    if kind == "boolean":
        return cell.get(_OFFICE + "boolean-value", "").upper()
    text = "\n".join(_words(p) for p in cell.iterfind(_TEXT + "p"))
    formula = cell.get(_TABLE + "formula")
    return text or (f"={formula}" if formula and not kind else "")


def _words(paragraph: Element) -> str:
    """The text of a paragraph with its signs."""
    for element in paragraph.iter():
        if element.tag in _SIGNS:
            times = whole(element.get(_TEXT + "c"), 1)
            element.text = _SIGNS[element.tag] * max(1, min(times, _BLANKS))
    return "".join(paragraph.itertext())
