"""The running text of a document as lines with places, and as paragraphs again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from auditor.binding.bound import BoundTable, Position
from auditor.model import Cell, Document, Location, Picture, Table, Text
from auditor.text import compact, squeeze, width

_PAGE = re.compile(r"^(?:[-—–─·]+ ?[0-9]{1,4} ?[-—–─·]+|第[0-9]{1,4}页(?:/?共[0-9]{1,4}页)?)$")
_SPACES = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
_ENDS = "。！？；：.!?;:”」"
_LONG, _WIDEST = 24, 160
_CELL = 24
_SLACK = 9
_BROKEN = 3  # lines that are as wide as any and end no sentence: no accident
_SURE = 80  # so wide, and two of three end no sentence
_NEARLY = 0.7  # of the widest line: a usual width is no less
_RULE = re.compile(r"^[|\-—:：=*_+\s]+$")
_ROW = re.compile(r"(?:\s+[0-9.,]+){3}\Z")  # of a table: its figures
_POINTS = frozenset("，。；、：:,;")
_STOPS = ("。", "！", "？", "；", ".", "!", "?")
_PART = re.compile(r"^(?:[（(]?[一二三四五六七八九十0-9]{1,3}[)）、.．]|第[一二三四五六七八九十]+)")


Place = tuple[int, int]
"""A line's index among all lines, and a character in that line."""


class Passage(NamedTuple):
    """One line of running text, or a part of one; `origin` tells where it stands.

    `line` is its index among all lines of the document, `start` the character of that line at
    which it begins. `at` is its place among the blocks; `within` is true for a cell's line.
    """

    text: str
    at: Position
    origin: Location | tuple[Table, Cell]
    ordinal: str = ""
    within: bool = False
    line: int = 0
    start: int = 0

    @property
    def location(self) -> Location:
        """Where it stands; made when asked, for a document has hundreds of cells."""
        if isinstance(self.origin, Location):
            return self.origin
        table, cell = self.origin
        page = cell.page or table.location.page
        return Location(page=page, row=cell.row + 1, column=cell.column + 1, box=cell.box)

    @property
    def printed(self) -> int:
        """The number of its line in the file, 0 where it has none."""
        return (self.origin.line or 0) if isinstance(self.origin, Location) else 0

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.line, self.start

    def part(self, begin: int, end: int) -> Passage:
        """The characters from `begin` to `end` (counted in the whole line)."""
        low = max(begin - self.start, 0)
        text = self.text[low : max(end - self.start, low)]
        shift = 0 if self.within else low
        at = Position(self.at.block, self.at.offset + shift)
        mark = "" if low else self.ordinal
        return Passage(text, at, self.origin, mark, self.within, self.line, self.start + low)


def passages_of(document: Document) -> list[Passage]:
    """Every line of text in reading order; tables give one line a cell, at their grid row."""
    found: list[Passage] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Text):
            _add_lines(found, block, index)
        elif isinstance(block, Table):
            _add_cells(found, block, index)
    return found


def _add_lines(found: list[Passage], block: Text, index: int) -> None:
    start = 0
    for line in block.text.split("\n"):
        if line.strip():
            mark = block.ordinal if start == 0 else ""
            at = Position(index, start)
            found.append(Passage(line, at, block.location, mark, line=len(found)))
        start += len(line) + 1


def _add_cells(found: list[Passage], block: Table, index: int) -> None:
    at = Position(index)
    for cell in block.cells:
        text = cell.text
        if not text or (cell.doubt and any(map(str.isdigit, text))):
            continue  # no figure in it may be believed
        if at.offset != cell.row:
            at = Position(index, cell.row)
        for line in text.split("\n") if "\n" in text else (text,):
            if line and not line.isspace():
                found.append(Passage(line, at, (block, cell), "", True, len(found)))


def outside(passages: Iterable[Passage], tables: Iterable[BoundTable]) -> list[Passage]:
    """The lines that do not stand inside a bound table; a line may be cut by one."""
    spans = [(t.begin, t.end) for t in tables if t.begin is not None and t.end is not None]
    inside = within(spans)
    kept: list[Passage] = []
    for passage in passages:
        if not passage.within:
            kept += _cut(passage, spans)
        elif not inside(passage.at):
            kept.append(passage)
    return kept


def within(spans: Sequence[tuple[Position, Position]]) -> Callable[[Position], bool]:
    """Whether a place lies in one of some spans; cells of a row are at the same place."""
    return lru_cache(maxsize=256)(lambda at: any(begin <= at < end for begin, end in spans))


def _cut(passage: Passage, spans: Sequence[tuple[Position, Position]]) -> Iterator[Passage]:
    """What is left of a line: all of it, its beginning, its end, or nothing."""
    block, shift = passage.at.block, passage.at.offset
    size = len(passage.text)
    pieces = [(0, size)]
    for begin, end in spans:
        low = begin.offset - shift if begin.block == block else (0 if begin.block < block else size)
        high = end.offset - shift if end.block == block else (size if end.block > block else 0)
        if low < high:
            halves = [half for a, b in pieces for half in ((a, min(b, low)), (max(a, high), b))]
            pieces = [(a, b) for a, b in halves if a < b]
    yield from (passage.part(a, b) for a, b in pieces if passage.text[a:b].strip())


def between(passages: Iterable[Passage], begin: Place, end: Place) -> Iterator[Passage]:
    """The parts of lines from one place to another."""
    for passage in passages:
        stop = (passage.line, passage.start + len(passage.text))
        if stop <= begin or passage.place >= end:
            continue
        low = begin[1] if passage.line == begin[0] else 0
        high = end[1] if passage.line == end[0] else stop[1]
        part = passage.part(low, high)
        if part.text.strip():
            yield part


def pictures_between(document: Document, begin: Position, end: Position) -> bool:
    """Whether a picture stands there, which may hold what the text lacks."""
    blocks = document.blocks[begin.block : min(end.block + 1, len(document.blocks))]
    return any(isinstance(block, Picture) for block in blocks)


def hidden_between(document: Document, begin: Position, end: Position) -> bool:
    """Whether what is not found there may stand on a picture: one in the text, or the page."""
    notes = (o.location for o in document.observations if o.kind == "recognised")
    pages = {at.page for at in notes if at.line is None}
    if not pages:
        return pictures_between(document, begin, end)
    blocks = document.blocks[begin.block : min(end.block + 1, len(document.blocks))]
    return None in pages or any(
        isinstance(block, Picture) or block.location.page in pages for block in blocks
    )


def paragraphs(passages: Sequence[Passage], *, wrapped: int = 0) -> str:
    """The lines as text, one paragraph a line.

    `wrapped` is the width at which the file breaks its lines, 0 where it does not: a line that
    is about that wide goes on in the next one. Marks of pages and rules of signs are left out.
    """
    parts: list[str] = []
    before: Passage | None = None
    line = 0
    for passage in passages:
        text = _spaced(f"{passage.ordinal}{passage.text}")
        printed = passage.printed or line
        blank = printed > line + 1
        line = printed
        if not text or (wrapped and _PAGE.match(squeeze(text))):
            continue
        if before is not None and not blank and _goes_on(before, passage, wrapped):
            parts[-1] += text
        else:
            parts.append(text)
        before = passage
    return "\n".join(parts)


def _spaced(text: str) -> str:
    """A line with its blanks as one each; nothing of a line that is a rule of signs."""
    return _spaced_cell(text) if len(text) <= _CELL else _unruled(text)


def _unruled(text: str) -> str:
    text = _SPACES.sub(" ", text).strip()
    return "" if _RULE.match(text) else text


_spaced_cell = lru_cache(maxsize=4096)(_unruled)


def _goes_on(line: Passage, after: Passage, wrapped: int) -> bool:
    """Whether a line was broken only because it was full."""
    if not wrapped or _PART.match(compact(after.text)) or _indent(after) > _indent(line):
        return False
    wide = width(line.text.strip())
    stops = line.text.rstrip().endswith(_STOPS)
    return wide >= wrapped - (1 if stops else _SLACK)


def _indent(line: Passage) -> int:
    return width(line.text) - width(line.text.lstrip())


def wrap_width(passages: Sequence[Passage]) -> int:
    """The width at which a file breaks its lines, 0 where its lines are paragraphs.

    Many lines of nearly one width that do not end with a stop were broken by a machine; so were
    fewer ones that are the widest by far.
    """
    texts = [p.text.strip() for p in passages if not p.within and "|" not in p.text]
    texts = [t for t in texts if not _POINTS.isdisjoint(t) and not _ROW.search(t)]
    wide = Counter(w for t in texts if _LONG <= (w := width(t)) <= _WIDEST)
    if not wide:
        return 0
    usual = _usual(texts, wide)
    return usual if usual >= _NEARLY * max(wide) else _widest(texts, max(wide)) or usual


def _widest(texts: Sequence[str], most: int) -> int:
    """The width of the widest lines, if several of them end in the middle of a sentence."""
    full = [t for t in texts if width(t) > most - _SLACK]
    broken = sum(not t.endswith(tuple(_ENDS)) for t in full)
    several = broken >= _BROKEN or (len(full) > 1 and broken * 4 >= len(full) * 3)
    several = several or (most >= _SURE and broken > 1 and broken * 3 >= len(full) * 2)
    wider = any(width(t) > most for t in full)
    return most if several and most > 2 * _LONG and not wider else 0


def _usual(texts: Sequence[str], wide: Counter[int]) -> int:
    if sum(wide.values()) < 4:
        return 0
    near = {w: sum(wide[w - d] for d in range(_SLACK)) for w in wide}
    usual = max(near, key=lambda w: (near[w], w))
    full = [t for t in texts if usual - _SLACK < width(t) <= usual]
    broken = sum(not t.endswith(tuple(_ENDS)) for t in full)
    many = len(full) * 3 >= sum(wide.values()) and broken * 4 >= len(full) * 3 and len(full) > 2
    return usual if many else 0
