"""Pages → blocks of the document: wrapped lines as paragraphs, tables over page breaks as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from auditor.model import Block, Location, Picture, Text
from auditor.readers._pdf_lines import Line
from auditor.readers._pdf_margins import running
from auditor.readers._pdf_pages import Drawn, Item, Leaf
from auditor.readers._pdf_sheet import Sheet
from auditor.readers._pdf_space import Area
from auditor.readers._pdf_stitch import Stitched, stitched, table_of
from auditor.text import compact

_ENDS = 3  # lines of a page that may be its head, or its foot
_LONG = 12  # times the size: lines that tell where the margins are
_FEW, _MOST = 8, 0.6  # lines of a narrow column, and how many of them are full
_FULL = 1.7  # of the size: how far a full line may end before the right margin
_FLUSH = 0.8  # of the size: how far a line that goes on may begin after the left margin
_LEADING = 2.4  # of the size: from one line of a paragraph to the next
_STOPS = tuple("。！？；：!?;:")
_PART = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．章节]|[（(][一二三四五六七八九十0-9]{1,3}[)）]"
    r"|[0-9]{1,2}[.、．](?![0-9]))"
)


@dataclass(slots=True)
class _Paragraph:
    """Lines of one paragraph with their pages, while it grows."""

    lines: list[tuple[Sheet, Line]] = field(default_factory=list)

    @property
    def last(self) -> tuple[Sheet, Line]:
        return self.lines[-1]


@dataclass(slots=True)
class _Figure:
    """A picture on its page."""

    sheet: Sheet
    drawn: Drawn


Part: TypeAlias = "_Paragraph | Stitched | _Figure"
Edges = dict[tuple[int, int], tuple[float, float, float]]
_Edge = tuple[tuple[int, int], tuple[float, float, float]]
"""By page and size of the letters where the long lines begin and end, and the end of the second."""


def blocks_of(leaves: Sequence[Leaf], source: str) -> tuple[Block, ...]:
    """The blocks of a document with their places."""
    body = list(_body(leaves))
    edges = _edges(body)
    parts: list[Part] = []
    for sheet, item in body:
        last = parts[-1] if parts else None
        if isinstance(item, Line):
            if isinstance(last, _Paragraph) and _goes_on(last.last, (sheet, item), edges):
                last.lines.append((sheet, item))
            else:
                parts.append(_Paragraph([(sheet, item)]))
        elif isinstance(item, Drawn):
            parts.append(_Figure(sheet, item))
        elif not (isinstance(last, Stitched) and last.add(sheet, item)):
            parts.append(stitched(sheet, item))
    return tuple(_blocks(parts, source))


def _body(leaves: Sequence[Leaf]) -> Iterator[tuple[Sheet, Item]]:
    """What stands on the pages, without heads, feet and page numbers."""
    gone = running((leaf.sheet, _ends(leaf.items)) for leaf in leaves)
    for leaf in leaves:
        for item in leaf.items:
            if id(item) not in gone:
                yield leaf.sheet, item


def _ends(items: Sequence[Item]) -> list[Line]:
    """The lines with which a page begins and ends."""
    first = items[:_ENDS]
    last = items[max(len(first), len(items) - _ENDS) :]
    return [item for item in (*first, *last) if isinstance(item, Line)]


def _blocks(parts: Iterable[Part], source: str) -> Iterator[Block]:
    tables = 0
    for number, part in enumerate(parts, 1):
        if isinstance(part, _Paragraph):
            yield _text(part, source, number)
        elif isinstance(part, Stitched):
            tables += 1
            sheet, ruled = part.place
            box = sheet.view.box(ruled.lattice.area)
            at = Location(source, page=sheet.number, table=tables, line=number, box=box)
            yield table_of(part, at)
        else:
            box = part.sheet.view.box(part.drawn.area)
            at = Location(source, page=part.sheet.number, line=number, box=box)
            yield Picture(at, part.drawn.kind)


def _text(part: _Paragraph, source: str, number: int) -> Text:
    sheet = part.lines[0][0]
    areas = [line.area for on, line in part.lines if on is sheet]
    box = sheet.view.box(_around(areas))
    text = ""
    for _, line in part.lines:
        text = _continued(text, line.text)
    return Text(text, Location(source, page=sheet.number, line=number, box=box))


def _around(areas: Sequence[Area]) -> Area:
    return (
        min(a[0] for a in areas), min(a[1] for a in areas),
        max(a[2] for a in areas), max(a[3] for a in areas),
    )  # fmt: skip


def _continued(text: str, line: str) -> str:
    """Two lines as one text: Chinese runs on, words keep a blank, a broken number is one."""
    before, after = text[-1:], line[:1]
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return f"{text}{line}" if before.isdigit() and after.isdigit() else f"{text} {line}"
    return text + line


# --- paragraphs ------------------------------------------------------------------------------


def _edges(body: Iterable[tuple[Sheet, Item]]) -> Edges:
    """Where the long lines of a page begin and end, for each size: notes have their own margins."""
    found: Edges = {}
    short: dict[tuple[int, int], list[Line]] = {}
    for sheet, line in body:
        if not isinstance(line, Line):
            continue
        key = (sheet.place, round(line.size))
        if line.right - line.left >= _LONG * line.size:
            left, right, second = found.get(key, (line.left, line.right, 0.0))
            ends = sorted((right, second, line.right)) if key in found else [0.0, 0.0, line.right]
            found[key] = (min(left, line.left), ends[-1], ends[-2])
        elif key not in found:
            short.setdefault(key, []).append(line)
    few = {key: lines for key, lines in short.items() if key not in found}
    narrow = {key: edges for key, lines in few.items() if (edges := _narrow(lines)) is not None}
    return found | narrow | dict(_shared(narrow, few))


def _shared(narrow: Edges, few: Mapping[tuple[int, int], Sequence[Line]]) -> Iterator[_Edge]:
    """The margins of pages with a few lines of such a column: those of another page."""
    for (place, size), lines in few.items():
        others = (edges for (_, of), edges in narrow.items() if of == size)
        near = _FULL * size
        for edges in others if (place, size) not in narrow else ():
            right = max(line.right for line in lines)
            if min(line.left for line in lines) >= edges[0] - near and right <= edges[1] + 1:
                yield (place, size), edges
                break


def _narrow(lines: Sequence[Line]) -> tuple[float, float, float] | None:
    """The margins of a column so narrow that none of its lines is long: most end together."""
    ends = sorted(line.right for line in lines)
    full = sum(end >= ends[-1] - _FULL * lines[0].size for end in ends)
    if len(lines) < _FEW or full < _MOST * len(lines) or any("\t" in x.text for x in lines):
        return None
    return (min(line.left for line in lines), ends[-1], ends[-2])


def _goes_on(one: tuple[Sheet, Line], other: tuple[Sheet, Line], edges: Edges) -> bool:
    """Whether a line was broken only because it was full."""
    (sheet, line), (below, after) = one, other
    size = line.size
    if "\t" in line.text + after.text:  # rows of a table without rules
        return False
    here, there = (edges.get((page.place, round(size))) for page in (sheet, below))
    if here is None or abs(after.size - size) > 0.1 * size:
        return False
    there = there or here
    if sheet is below:
        near = after.base - line.base <= _LEADING * size
    else:
        near = below.place == sheet.place + 1
    # A line that ends with a sentence is not full only because no other is as long.
    margin = here[2] if line.right == here[1] and line.text.endswith(_STOPS) else here[1]
    full = margin > 0 and line.right >= here[1] - _FULL * size and margin >= here[1] - _FULL * size
    flush = after.left <= there[0] + _FLUSH * size
    return near and full and flush and not _begins(line, after)


def _begins(line: Line, after: Line) -> bool:
    """Whether a line looks like the beginning of a part, after one that could be an end."""
    return line.text.endswith(_STOPS) and _PART.match(compact(after.text)) is not None
