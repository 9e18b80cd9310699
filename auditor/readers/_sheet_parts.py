"""What of a workbook the library does not tell: text boxes, hidden rows and columns, and figures
that are raised or crossed out within a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, unescape

from auditor.readers._blocks import mark_of
from auditor.readers._markup import whole
from auditor.readers._sheet_formats import doubtful, looks

if TYPE_CHECKING:
    from auditor.readers._calamine import Sheet
    from auditor.readers._package import Package

_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = re.compile(r"xl/drawings/[^/]+\.xml$")
_ROW = re.compile(rb"<row\b(?=[^>]*\shidden=\"(?:1|true)\")[^>]*\sr=\"([0-9]{1,7})\"")
_COLUMN = re.compile(rb"<col\b(?=[^>]*\shidden=\"(?:1|true)\")([^>]*)")
_END = re.compile(rb"(min|max)=\"([0-9]{1,5})\"")
_ITEM = re.compile(rb"<si>(<r>.*?)</si>", re.DOTALL)
_RUN = re.compile(rb"<r>(?:<rPr>(.*?)</rPr>)?<t(?:\s[^>]*)?>([^<]*)</t></r>", re.DOTALL)
_STRUCK = re.compile(rb"<strike(?:/|\s+val=\"(?:1|true)\")")
_WORDS = 2  # letters: fewer are no label
_LETTERS = re.compile(r"[^\W\d_]")


def plain_strings(data: bytes) -> bytes:
    """The shared strings of a workbook: without what is crossed out, raised figures as marks."""
    if b"superscript" not in data and b"<strike" not in data:
        return data
    return _ITEM.sub(_item, data)


def _item(item: re.Match[bytes]) -> bytes:
    text = ""
    for look, written in _RUN.findall(item[1]):
        own = unescape(written.decode("utf-8", "replace"))
        if _STRUCK.search(look):
            continue
        mark = mark_of(own, text) if b"superscript" in look else ""
        text += mark or own
    return b'<si><t xml:space="preserve">%b</t></si>' % escape(text).encode()


def with_parts(
    package: Package, parts: Mapping[str, bytes], sheets: Sequence[Sheet]
) -> list[Sheet]:
    """The sheets with their text boxes, and with their hidden rows and columns and what shows
    another figure than it holds told."""
    drawn = any(map(_DRAWING.match, package.names()))
    known = looks(parts.get("xl/styles.xml", b""))
    hiding = any(b" hidden=" in p and b"<sheetData" in p for p in parts.values())
    if not drawn and not known and not hiding:
        return list(sheets)  # as most are
    places = dict(_places(package))
    found = []
    for sheet in sheets:
        name = places.get(sheet.number, "")
        data = parts.get(name.lower(), b"")
        boxes = tuple(_boxes(package, name)) if drawn and name else ()
        rows = tuple(int(row) - 1 for row in _ROW.findall(data))
        own = sheet._replace(boxes=boxes, rows_off=rows, columns_off=_columns(data))
        found.append(own._replace(doubted=frozenset(doubtful(data, known))) if known else own)
    return found


def _places(package: Package) -> Iterator[tuple[int, str]]:
    """The number of each sheet and the name of its part."""
    main = package.related("").get("officeDocument", "xl/workbook.xml")
    targets, tree = package.targets(main), package.tree(main)
    sheets = tree.iter() if tree is not None else ()
    own = (element for element in sheets if element.tag.endswith("}sheet"))
    for number, element in enumerate(own, 1):
        yield number, targets.get(element.get(f"{_RELATIONS}id", ""), "")


def _columns(data: bytes) -> tuple[int, ...]:
    found: set[int] = set()
    for match in _COLUMN.finditer(data):
        ends: Mapping[bytes, int] = {key: int(n) for key, n in _END.findall(match[1])}
        found.update(range(ends.get(b"min", 1) - 1, ends.get(b"max", 0)))
    return tuple(found)


def _boxes(package: Package, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The text boxes of a sheet: the row at which each begins, and its lines."""
    drawing = package.related(name).get("drawing")
    tree = package.tree(drawing) if drawing else None
    for anchor in tree if tree is not None else ():
        rows = [e.text for e in anchor.iter() if e.tag.endswith("}row")]
        lines = [_line(e) for e in anchor.iter() if e.tag.endswith("}p")]
        texts = tuple(line for line in lines if line)
        if texts:
            yield whole(rows[0] if rows else None), texts


def _line(paragraph: Iterable[Any]) -> str:
    runs = (t for run in paragraph for t in run if t.tag.endswith("}t"))
    return "".join(t.text or "" for t in runs).strip()


# --- hidden rows and columns -----------------------------------------------------------------


def left_out(sheet: Sheet, rows: Sequence[Sequence[str]]) -> tuple[set[int], set[int]]:
    """The hidden rows and columns that count for nothing, from the sheet's first cell: those
    without a label, and those that repeat the label of one that is shown. Others are folded
    away, but belong to their table."""
    own = {row - sheet.top for row in sheet.rows_off} & set(range(len(rows)))
    across = {column - sheet.left for column in sheet.columns_off}
    grid = list(zip(*rows, strict=True)) if len({len(row) for row in rows}) == 1 else []
    return _idle(rows, own), _idle(grid, across & set(range(len(grid))))


def _idle(lines: Sequence[Sequence[str]], hidden: set[int]) -> set[int]:
    if not hidden:
        return set()
    shown = {_labels(line) for n, line in enumerate(lines) if n not in hidden}
    return {n for n in hidden if not (words := _labels(lines[n])) or words in shown}


def _labels(line: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in line if len(_LETTERS.findall(text)) >= _WORDS)
