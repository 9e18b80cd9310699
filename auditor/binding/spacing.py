"""Text with blanks between all of its letters, as people and converters set it, without them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from auditor.model import Block, Document, Text

_LETTERS = 6  # of a line: with fewer of them blanks may part words
_SINGLE, _EVEN = 0.9, 0.9  # of the pieces are single letters; of the gaps are alike
_FIGURES = 0.4  # of the letters of a sentence: with more of them it may be a row of a table
_GAP = re.compile(r"(?<=\S)([ \t\u00a0\u2000-\u200b\u3000]+)(?=\S)")
_YEAR = re.compile(r"(?<=[^\W\d])\s+(?:1\s+9|2\s+0)\s+[0-9]\s+[0-9]\s+(?=[^\W\d])")
_STOPS = frozenset("，。；！？,;")


def evened(document: Document) -> Document:
    """The document with its spaced lines written as they are meant; its cells as they are."""
    if not any(isinstance(b, Text) and _may_be_spaced(b.text) for b in document.blocks):
        return document
    return replace(document, blocks=tuple(map(_evened, document.blocks)))


def _evened(block: Block) -> Block:
    if not isinstance(block, Text):
        return block
    return replace(block, text="\n".join(map(closed, block.text.split("\n"))))


def _may_be_spaced(text: str) -> bool:
    return len(text.split(maxsplit=_LETTERS)) > _LETTERS


def closed(line: str) -> str:
    """A line without the blanks between its letters, if it has one between nearly all of them.

    Figures are put together in sentences and to years only: in a row of a table each may be a
    number of its own.
    """
    pieces = line.split()
    if len(pieces) < _LETTERS or sum(len(p) == 1 for p in pieces) < _SINGLE * len(pieces):
        return line
    gaps = Counter(_GAP.findall(line))
    usual, count = gaps.most_common(1)[0]
    if "\t" in line or count < _EVEN * sum(gaps.values()):
        return line
    whole = _is_sentence(line)
    years = [] if whole else [m.span() for m in _YEAR.finditer(line)]

    def close(gap: re.Match[str]) -> str:
        before, after = line[gap.start() - 1], line[gap.end()]
        figures = before.isdigit() or after.isdigit()
        year = any(a - 1 <= gap.start() and gap.end() <= b + 1 for a, b in years)
        return "" if gap[1] == usual and (whole or year or not figures) else gap[1]

    return _GAP.sub(close, line)


def _is_sentence(line: str) -> bool:
    letters = [c for c in line if not c.isspace()]
    figures = sum(c.isdigit() for c in letters)
    stops = not _STOPS.isdisjoint(letters)
    return stops and not letters[-1].isdigit() and figures <= _FIGURES * len(letters)
