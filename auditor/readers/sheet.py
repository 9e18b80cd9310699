"""Spreadsheets (Excel, OpenDocument, WPS) → Document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from auditor.model import Block, Document, Location, Observation, Picture, Table, Text
from auditor.readers._blocks import Budget
from auditor.readers._characters import Scrubber
from auditor.readers.limits import Limits, Options, broken
from auditor.text import chinese_number, plain

if TYPE_CHECKING:
    from auditor.readers._calamine import Sheet

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".et")

_ZIP = b"PK"
_PICTURE = re.compile(r"(?:xl/media|pictures)/[^/]+\.(?:png|jpe?g|gif|bmp|tiff?|webp|emf|wmf)$")
_HEADING = re.compile("[一二三四五六七八九十]{1,3}[、.．]")


def read(data: bytes, name: str, options: Options) -> Document:
    """The sheets in their order, hidden ones last. Formulas count with their saved values.

    Raises DocumentError `broken`, `encrypted`, `too-large`.
    """
    scrub = Scrubber()
    kind, sheets, metadata, pictures = _opened(data, options, scrub)
    if not sheets:
        raise broken("没有工作表", "there is no sheet in it")
    blocks, seen, certain = arranged(sheets, options.limits, scrub, name, pictures)
    observed = (*seen, *scrub.observed(name))
    return Document(name, kind, blocks, metadata, observed, flattened=not certain)


def arranged(
    sheets: Sequence[Sheet], limits: Limits, scrub: Scrubber, name: str, pictures: int = 0
) -> tuple[tuple[Block, ...], list[Observation], bool]:
    """The blocks of all sheets, what was noticed, and whether their order is known."""
    from auditor.readers._layout import with_line
    from auditor.readers._sheet_beside import parted

    budget = Budget(limits)
    chunks: list[list[Block]] = []
    seen = []
    for sheet in sorted(sheets, key=_hidden):
        found = [_blocks(part, budget, scrub, name) for part in parted(sheet)]
        parts = _named([blocks for blocks, _ in found if blocks], sheet, scrub, name)
        if parts:
            chunks += parts
            idle = any(left_out for _, left_out in found)
            if sheet.hidden or sheet.rows_off or sheet.columns_off:
                place = Location(name, sheet.name, table=sheet.number)
                detail = "table" if idle else sheet.name
                seen.append(Observation("hidden-content", sheet.name, place, detail))
    ordered, certain = _in_order(chunks)
    ordered += [Picture()] * pictures
    return tuple(with_line(block, line) for line, block in enumerate(ordered, 1)), seen, certain


def _opened(
    data: bytes, options: Options, scrub: Scrubber
) -> tuple[str, list[Sheet], dict[str, str], int]:
    """Format, sheets, metadata and the number of pictures, by what the file really is."""
    limits = options.limits
    if not data.startswith(_ZIP):
        from auditor.readers import _binary

        return "xls", _binary.sheets(data, limits), {}, 0
    from auditor.readers import _ods, _workbook
    from auditor.readers._package import Package

    package = Package(data, limits)
    pictures = sum(_PICTURE.match(name) is not None for name in package.names())
    if "content.xml" in package.names():
        return "ods", _ods.sheets(package, limits), _ods.metadata(package, scrub), pictures
    return "xlsx", _workbook.sheets(package, limits), package.metadata(scrub), pictures


def _hidden(sheet: Sheet) -> bool:
    return sheet.hidden


def _blocks(sheet: Sheet, budget: Budget, scrub: Scrubber, source: str) -> tuple[list[Block], bool]:
    """The blocks of one part of a sheet, and whether hidden rows or columns were left out."""
    from auditor.readers._layout import Layout

    layout = Layout(sheet, budget, scrub)
    blocks = list(layout.blocks(source))
    for row, lines in sheet.boxes:
        place = Location(source, sheet.name, table=sheet.number, row=row + 1)
        at = sum((block.location.row or 0) <= row + 1 for block in blocks)
        blocks[at:at] = [Text(scrub(line), place) for line in lines]
    return blocks, layout.idle


def _named(
    parts: list[list[Block]], sheet: Sheet, scrub: Scrubber, source: str
) -> list[list[Block]]:
    """The parts of a sheet with its name, where only the name says which part it is."""
    name = scrub(sheet.name).strip()
    if _HEADING.match(name) and not any(_begins(b, plain(name)) for part in parts for b in part):
        own = Text(name, Location(source, sheet.name, table=sheet.number))
        return [[own, *(parts[0] if parts else ())], *parts[1:]]
    return parts


def _begins(block: Block, name: str) -> bool:
    """Whether a heading of these words stands in a block."""
    if isinstance(block, Table):
        return any(plain(cell.text) == name for cell in block.cells)
    return plain(block.text).startswith(name)


def _in_order(chunks: Sequence[Sequence[Block]]) -> tuple[list[Block], bool]:
    """The blocks of all sheets in reading order, and whether that order is known.

    What stands on several sheets, or side by side, has the order of its numbers. Where the words
    of all parts stand on the first sheet and the tables on others, the tables belong under the
    headings that have nothing below them, if there are as many.
    """
    if (numbered := _by_number(chunks)) is not None:
        return numbered, True
    words = next((n for n, c in enumerate(chunks) if _has_words(c)), 0)
    chunks = [*chunks[words : words + 1], *chunks[:words], *chunks[words + 1 :]]
    first, rest = chunks[0] if chunks else [], chunks[1:]
    headings = sum(map(_is_heading, first))
    if headings < 2 or not rest or any(isinstance(block, Table) for block in first):
        return [block for chunk in chunks for block in chunk], True
    found = list(first)
    bare = [n for n, pair in enumerate(pairwise(first), 1) if all(map(_is_heading, pair))]
    if len(bare) != len(rest):
        return [block for chunk in chunks for block in chunk], False
    for at, chunk in reversed(list(zip(bare, rest, strict=True))):
        found[at:at] = chunk
    return found, True


def _by_number(chunks: Sequence[Sequence[Block]]) -> list[Block] | None:
    """The blocks by the numbers of their headings, None where those do not tell: each number once,
    rising within what has an order of its own."""
    if len(chunks) < 2:
        return None
    found: list[tuple[int, Sequence[Block]]] = []
    for chunk in chunks:
        starts = [n for n, block in enumerate(chunk) if _is_heading(block)]
        numbers = [_number(chunk[n]) for n in starts]
        if not starts or numbers != sorted(numbers):
            return None
        starts[0] = 0
        ends = [*starts[1:], len(chunk)]
        found += [(n, chunk[a:b]) for n, a, b in zip(numbers, starts, ends, strict=True)]
    if sorted(n for n, _ in found) != list(range(1, len(found) + 1)):
        return None
    return [block for _, part in sorted(found, key=lambda one: one[0]) for block in part]


def _number(block: Block) -> int:
    """The number that a heading begins with."""
    assert isinstance(block, Text)
    return chinese_number(re.split("[、.．]", block.text, maxsplit=1)[0]) or 0


def _has_words(chunk: Sequence[Block]) -> bool:
    """Whether a sheet has the words of several parts, and no table."""
    tables = any(isinstance(block, Table) for block in chunk)
    return not tables and sum(map(_is_heading, chunk)) > 1


def _is_heading(block: Block) -> bool:
    return isinstance(block, Text) and _HEADING.match(block.text) is not None
