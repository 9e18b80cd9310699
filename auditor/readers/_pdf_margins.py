"""Page numbers, running heads and feet: what stands on the pages without being the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.readers._pdf_glyphs import Glyph, Hand
from auditor.readers._pdf_lines import Line, line_of, lines_of
from auditor.readers._pdf_sheet import Sheet
from auditor.text import compact, nfkc

_MARGIN = 0.14  # of the height of a page, above and below
_NUMBER = re.compile(
    r"[-—–―─·~.]{0,4}([0-9]{1,4})[-—–―─·~.]{0,4}|第([0-9]{1,4})页(?:[/,，]?共[0-9]{1,4}页)?"
    r"|([0-9]{1,4})/[0-9]{1,4}|Page([0-9]{1,4})(?:of[0-9]{1,4})?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[0-9]+")
_FLUSH, _BELOW = 0.3, 1.8  # of the size: how a line follows another one in a column
_PIECE = 2.0  # of the size: a gap that parts a page number from other things in its line


@dataclass(frozen=True, slots=True)
class Numbered:
    """What looks like a page number: on which page, which number, where, alone in its line."""

    sheet: Sheet
    number: int
    line: Line
    alone: bool

    @property
    def middle(self) -> float:
        """Its place across, from the middle of the page."""
        left, _, right, _ = self.sheet.area
        return (self.line.left + self.line.right - left - right) / 2


def in_margin(sheet: Sheet, height: float) -> bool:
    """Whether a height is near the upper or lower end of a page."""
    _, top, _, bottom = sheet.area
    margin = _MARGIN * (bottom - top)
    return height < top + margin or height > bottom - margin


def page_number(text: str) -> int | None:
    """The number that a text gives a page, None if it is none."""
    match = _NUMBER.fullmatch(compact(text))
    return int(next(g for g in match.groups() if g)) if match else None


def page_numbers(sheets: Sequence[Sheet]) -> set[int]:
    """The glyphs (by identity) of page numbers: also those that lie in a table.

    They count up with the pages, in one hand and at one place, and on at least two pages and on
    half of them one stands alone in its line: so no figure of a table is taken for one.
    """
    series: dict[tuple[int, Hand], list[Numbered]] = defaultdict(list)
    for sheet in sheets:
        for found in _candidates(sheet):
            series[found.number - sheet.place, found.line.glyphs[0].hand].append(found)
    gone: set[int] = set()
    for several in series.values():
        for one in several:
            like = {other.sheet.place for other in several if other.alone and _alike(one, other)}
            if len(like) >= max(2, len(sheets) / 2):
                gone |= {id(g) for g in one.line.glyphs}
    return gone


def _alike(one: Numbered, other: Numbered) -> bool:
    """At the same height, and at the same place across or at its mirror image."""
    near = one.line.size
    level = abs(one.line.base - other.line.base) < near
    return level and abs(abs(one.middle) - abs(other.middle)) < near


def _candidates(sheet: Sheet) -> Iterator[Numbered]:
    _, top, _, bottom = sheet.area
    margin = _MARGIN * (bottom - top)
    low, high = top + margin, bottom - margin
    for line in lines_of([g for g in sheet.glyphs if not low <= g.base <= high]):
        if not _DIGITS.search(nfkc(line.text)):
            continue
        parts = list(pieces(line))
        for part in parts:
            number = page_number(part.text)
            if number:
                yield Numbered(sheet, number, part, len(parts) == 1)


def pieces(line: Line) -> Iterator[Line]:
    """A line parted where it has wide gaps."""
    part: list[Glyph] = []
    for glyph in line.glyphs:
        if part and glyph.left - part[-1].right > _PIECE * glyph.hand.em:
            yield line_of(part)
            part = []
        part.append(glyph)
    yield line_of(part)


# --- lines that stand alone ------------------------------------------------------------------


def running(pages: Iterable[tuple[Sheet, Sequence[Line]]]) -> set[int]:
    """The lines (by identity) that are heads, feet or page numbers.

    `pages` holds for each page its first and last lines, none of them from a table.
    """
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    lines: list[tuple[Sheet, Line, str]] = []
    text_too: set[int] = set()
    for sheet, ends in pages:
        text_too |= {id(line) for line in ends if _is_in_column(sheet, line, ends)}
        for line in ends:
            if in_margin(sheet, line.base):
                text = _DIGITS.sub("#", compact(line.text))
                lines.append((sheet, line, text))
                for place in _places(line):
                    seen[text, place].add(sheet.place)
    return {
        id(line)
        for sheet, line, text in lines
        if (page_number(line.text) and len(list(pieces(line))) == 1 and id(line) not in text_too)
        or any(len(seen[text, place]) > 1 for place in _places(line))
    }


def _is_in_column(sheet: Sheet, line: Line, ends: Sequence[Line]) -> bool:
    """Whether a bare number is the last line of a narrow column: set flush with the line beside
    it, of its size and at its distance. It is not the number of its page."""
    if not line.text.isdigit() or int(line.text) in (sheet.number, sheet.place):
        return False
    near = 0.1 * line.size
    beside = (other for other in ends if not other.text.isdigit())
    return any(
        abs(other.left - line.left) <= _FLUSH * line.size
        and abs(other.size - line.size) <= near
        and 0 < abs(other.base - line.base) <= _BELOW * line.size
        for other in beside
    )


def _places(line: Line) -> tuple[int, int]:
    """The height in steps of half a line, twice, so that near ones share a step."""
    step = max(line.size / 2, 1)
    return (int(line.base // step), int((line.base + step / 2) // step) + 1_000_000)
