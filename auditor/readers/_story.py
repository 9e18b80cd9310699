"""The walk over the body of a word-processor file: paragraphs, tables, text boxes, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.model import Block, Cell, Picture, Text
from auditor.readers._blocks import Budget, emitted, is_layout, mark_of, text_of
from auditor.readers._characters import Scrubber
from auditor.readers._markup import MC, VAL, W, advance, chosen, merge, on, removed, value, whole
from auditor.readers._styles import Numbering, Style, Styles
from auditor.readers.limits import Limits, too_large

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_P, _R, _T, _TBL, _TR, _TC, _PPR = (W + k for k in ("p", "r", "t", "tbl", "tr", "tc", "pPr"))
_RPR, _TCPR, _SPAN, _CELL_DEL = (W + k for k in ("rPr", "tcPr", "gridSpan", "cellDel"))
_FIELD, _BOX, _ALT = W + "fldChar", W + "txbxContent", MC + "AlternateContent"
_WRAPS = frozenset(
    [W + k for k in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink",
                     "fldSimple", "dir", "bdo", "ruby", "rubyBase")]
    + [_MATH + k for k in ("oMath", "oMathPara", "r", "e", "num", "den", "f", "d", "sup", "sSup")]
)  # fmt: skip
_GONE = frozenset(W + k for k in ("del", "moveFrom"))
_SIGNS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n",
          W + "noBreakHyphen": "-"}  # fmt: skip
_DRAWN = frozenset(W + k for k in ("drawing", "pict", "object"))
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_IMAGES = frozenset((_A + "blip", "{urn:schemas-microsoft-com:vml}imagedata"))
_OBJECTS = frozenset(
    (
        "{urn:schemas-microsoft-com:office:office}OLEObject",
        "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
        "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
    )
)
_MARKS = frozenset(W + k for k in ("ins", "moveTo"))
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_COLOUR = W + "color"
_FIGURES = re.compile("[0-9０-９]")
_ASKED = W + "instrText"
_FIELDS = frozenset((_FIELD, _ASKED))
_DRAWS = re.compile(r"\s*(?:=|eq\b)", re.IGNORECASE)  # fields that show something without a result
_HIDDEN = 20  # characters: fewer are left over from editing
_RAISED = 6  # half points: figures that are raised less are in line with the others
Notes = Mapping[tuple[str, str], "Element"]
"""Footnotes and endnotes by their kind (`footnotes`, `endnotes`) and id."""


@dataclass(slots=True)
class _Cell:
    """A cell on its way; vertical merges make it grow."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    blocks: list[Block] = field(default_factory=list)

    def placed(self) -> Cell:
        """The cell with all its text."""
        text = text_of(self.blocks)
        return Cell(text, self.row, self.column, self.row_span, self.column_span)


class _Line:
    """One paragraph on its way. `fields`: for each open field, whether its result has begun;
    `asked`: the instruction of the first; `white`: whether its figures are white."""

    __slots__ = ("asked", "boxes", "fields", "parts", "raised", "white")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.boxes: list[Block] = []
        self.fields: list[bool] = []
        self.raised = False
        self.asked = ""
        self.white = False

    def write(self, text: str) -> None:
        """Add text, unless it belongs to the instruction of a field."""
        if not self.fields or all(self.fields):
            self.parts.append(text)

    def field(self, mark: Element) -> None:
        """A mark of a field, or its instruction: one that draws its result is no blank."""
        if mark.tag == _ASKED:
            self.asked = self.asked if self.asked.strip() else mark.text or ""
        elif advance(mark, self.fields) and _DRAWS.match(self.asked):
            self.boxes.append(Picture(kind="object"))

    def write_raised(self, text: str) -> None:
        """Add raised text: the mark of a note, unless what stands before it is raised, too."""
        mark = "" if self.raised else mark_of(text, "".join(self.parts[-2:]))
        self.raised = not mark
        self.write(mark or text)


class Story:
    """The body as blocks; `noticed` holds the kinds of observations made on the way."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering,
        limits: Limits,
        scrub: Scrubber,
        content: Callable[[str], bytes] = lambda _: b"",
        notes: Notes | None = None,
    ) -> None:
        self._bytes_of = content
        self.noticed: set[str] = set()
        self._hidden = 0
        self._notes = dict(notes or {})
        self._cited: list[tuple[str, str]] = []
        self._styles = styles
        self._numbering = numbering
        self._nesting = limits.nesting
        self._budget = Budget(limits)
        self._scrub = scrub

    def blocks(self, body: Element) -> list[Block]:
        """All blocks of the body. Raises DocumentError `too-large`."""
        out: list[Block] = []
        self._blocks(body, out, 0)
        self._footnotes(out, 0)
        if self._hidden >= _HIDDEN:
            self.noticed.add("hidden-content")
        return [block for block in out if not isinstance(block, Text) or block.text]

    def _blocks(self, parent: Element, out: list[Block], depth: int) -> None:
        self._check(depth)
        carried = ""
        for child in parent:
            tag = child.tag
            if tag == _P:
                if not (depth or carried):
                    self._footnotes(out, depth)
                carried = self._paragraph(child, carried, out, depth)
                continue
            if carried and (tag == _TBL or tag in _WRAPS):
                out.append(Text(self._scrub(carried).strip()))
                carried = ""
            if not depth:
                self._footnotes(out, depth)
            if tag == _TBL:
                self._table(child, out, depth)
            elif tag in _WRAPS:
                self._wrapped(child, out, depth)
            elif tag == _ALT:
                self._blocks(chosen(child), out, depth + 1)
            elif tag in _GONE:
                self.noticed.add("tracked-changes")
            elif tag == W + "altChunk":
                out.append(Picture(kind="object"))
        if carried:
            out.append(Text(self._scrub(carried).strip()))

    def _footnotes(self, out: list[Block], depth: int) -> None:
        """The notes cited so far, each once: they follow the paragraph or table that cites them."""
        while self._cited:
            note = self._notes.pop(self._cited.pop(0), None)
            if note is not None:
                self._blocks(note, out, depth + 1)

    def _wrapped(self, element: Element, out: list[Block], depth: int) -> None:
        """A container; a generated table of contents would repeat every heading."""
        if element.tag in _MARKS:
            self.noticed.add("tracked-changes")
        gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is None or gallery.get(VAL) != "Table of Contents":
            self._blocks(element, out, depth + 1)

    def _check(self, depth: int) -> None:
        if depth > self._nesting:
            raise too_large("嵌套层数", "nested levels", f"> {self._nesting}", self._nesting)

    # --- paragraphs --------------------------------------------------------------------------

    def _paragraph(self, element: Element, carried: str, out: list[Block], depth: int) -> str:
        """Add a paragraph. One whose end was deleted is returned: it begins the next one."""
        properties = element.find(_PPR)
        style_id = value(properties, "pStyle") or ""
        style = self._styles.get(style_id)
        line = _Line()
        self._inline(element, line, depth)
        text = carried + "".join(line.parts)
        if properties is not None and removed(properties):
            self.noticed.add("tracked-changes")
            out += line.boxes
            return text
        if not style.contents:
            self._add(text, properties, style_id, style, out)
        out += line.boxes
        return ""

    def _add(
        self, text: str, properties: Element | None, style_id: str, style: Style, out: list[Block]
    ) -> None:
        """One text a line; a number without text stays, as cells may consist of one."""
        number = self._numbering.ordinal(properties, style_id, style)
        level = self._styles.level(properties, style)
        lines = [clean for part in text.split("\n") if (clean := self._scrub(part).strip())]
        for at, line in enumerate(lines or ([""] if number else [])):
            out.append(Text(line, ordinal="" if at else number, level=level))

    def _inline(self, parent: Element, line: _Line, depth: int) -> None:
        self._check(depth)
        for child in parent:
            tag = child.tag
            if tag == _R:
                self._run(child, line, depth)
            elif tag in _WRAPS:
                if tag in _MARKS:
                    self.noticed.add("tracked-changes")
                self._inline(child, line, depth + 1)
            elif tag == _ALT:
                self._inline(chosen(child), line, depth + 1)
            elif tag in _GONE:
                self.noticed.add("tracked-changes")
            elif tag == _MATH + "t":
                line.write(child.text or "")

    def _run(self, run: Element, line: _Line, depth: int) -> None:
        if (properties := run.find(_RPR)) is not None and self._not_text(properties, run, line):
            return
        raised = properties is not None and len(properties) > 0 and _is_raised(properties)
        line.raised = line.raised and raised
        for child in run:
            tag = child.tag
            if tag == _T:
                (line.write_raised if raised else line.write)(child.text or "")
            elif tag in _SIGNS:
                line.write(_SIGNS[tag])
            elif tag in _FIELDS:
                line.field(child)
            elif tag in _DRAWN:
                self._drawn(child, line, depth + 1)
            elif tag == _ALT:
                self._check(depth)
                self._run(chosen(child), line, depth + 1)
            elif tag in _WRAPS:
                self._inline(child, line, depth + 1)
            elif tag == W + "commentReference":
                self.noticed.add("comments")
            elif tag in _NOTES:
                self._cited.append((_NOTES[tag], child.get(W + "id", "")))

    def _not_text(self, properties: Element, run: Element, line: _Line) -> bool:
        """Whether a run is hidden, or crossed out, which is noted. White figures behind others are
        hidden; where all are white, what is behind them is dark."""
        if not len(properties):
            return False
        struck = on(properties, "strike") or on(properties, "dstrike")
        if struck and any((text.text or "").strip() for text in run.iter(_T)):
            self.noticed.add("struck-out")
        hidden = on(properties, "vanish")
        colour = properties.find(_COLOUR)
        if colour is not None and (colour.get(VAL) or "").upper() == "FFFFFF" and not hidden:
            own = _FIGURES.search("".join(text.text or "" for text in run.iter(_T)))
            hidden = bool(own and "".join(line.parts).strip() and not line.white)
            line.white = line.white or bool(own)
        if hidden:
            self._hidden += sum(len((text.text or "").strip()) for text in run.iter(_T))
        return struck or hidden

    def _drawn(self, element: Element, line: _Line, depth: int) -> None:
        """Text boxes and pictures of a drawing, in their order."""
        waiting = [element]
        kind, text, key = "", "", ""
        while waiting:
            node = waiting.pop()
            if node.tag == _BOX:
                self._blocks(node, line.boxes, depth)
                continue
            if node.tag in _IMAGES:
                kind = kind or "image"
                key = key or node.get(f"{_LINK}embed") or node.get(f"{_LINK}id") or ""
            elif node.tag in _OBJECTS:
                kind = "object"
            elif node.tag.endswith("}docPr"):
                text = text or node.get("descr") or node.get("title") or ""
            inside = chosen(node) if node.tag == _ALT else node
            waiting.extend(reversed(inside))
        if kind:
            content = self._bytes_of(key) if key and kind == "image" else b""
            line.boxes.append(Picture(kind=kind, text=self._scrub(text).strip(), content=content))

    # --- tables ------------------------------------------------------------------------------

    def _table(self, element: Element, out: list[Block], depth: int) -> None:
        rows: list[list[list[Block]]] = []
        cells: list[_Cell] = []
        above: dict[int, _Cell] = {}
        for row in self._members(element, _TR, depth + 1):
            properties = row.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                self.noticed.add("tracked-changes")
                continue
            first = len(cells)
            above = self._row(row, len(rows), cells, above, depth)
            rows.append([cell.blocks for cell in cells[first:]])
        ruled = self._styles.ruled(element)
        out += emitted(
            rows, is_layout(rows), lambda: map(_Cell.placed, cells), self._budget, ruled=ruled
        )

    def _row(
        self,
        row: Element,
        number: int,
        cells: list[_Cell],
        above: dict[int, _Cell],
        depth: int,
    ) -> dict[int, _Cell]:
        """Add the cells of a row; returns those that the next row may continue, by column."""
        going_on: dict[int, _Cell] = {}
        last: _Cell | None = None
        column = self._width(value(row.find(W + "trPr"), "gridBefore"), 0)
        for element in self._members(row, _TC, depth + 1):
            properties = element.find(_TCPR)
            span, vertical = 1, ""
            if properties is not None:
                if properties.find(_CELL_DEL) is not None:
                    self.noticed.add("tracked-changes")
                    continue
                if (wide := properties.find(_SPAN)) is not None:
                    span = self._width(wide.get(VAL), 1)
                vertical = merge(properties, "vMerge")
            upper = above.get(column)
            if vertical == "continue" and upper is not None and upper.column_span == span:
                upper.row_span += 1
                going_on[column] = upper
            elif last is not None and merge(properties, "hMerge") == "continue":
                last.column_span += span
            else:
                last = _Cell(number, column, column_span=span)
                self._blocks(element, last.blocks, depth + 1)
                cells.append(last)
                if vertical:
                    going_on[column] = last
            column += span
            self._budget.width(column)
            self._budget.spend(span)
        return going_on

    def _width(self, given: str | None, least: int) -> int:
        return max(least, min(whole(given, least), self._budget.limits.span))

    def _members(self, parent: Element, wanted: str, depth: int) -> Iterator[Element]:
        """Rows of a table or cells of a row, also inside containers."""
        self._check(depth)
        for child in parent:
            tag = child.tag
            if tag == wanted:
                yield child
            elif tag in _WRAPS:
                yield from self._members(child, wanted, depth + 1)
            elif tag in _GONE:
                self.noticed.add("tracked-changes")


def _is_raised(properties: Element) -> bool:
    """Whether a run stands above its line, as the marks of notes do."""
    return value(properties, "vertAlign") == "superscript" or (
        whole(value(properties, "position")) >= _RAISED
    )
