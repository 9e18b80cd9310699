"""Lines of prose, told from those of tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from auditor.readers._pdf_lines import Line

SAID = 2
"""How many lines of prose have a stop at least."""

STOPS = frozenset("，。；")

_LONG = 8  # times the size: a line of prose is longer
_PROSE = 3  # lines of prose on a side


def has_prose(lines: Sequence[Line]) -> bool:
    """Whether there is a line as long as those of prose."""
    return any(is_long(line) for line in lines)


def is_prose(lines: Sequence[Line]) -> bool:
    """Whether lines are those of paragraphs: long, without gaps, with stops in them."""
    long = [line for line in lines if is_long(line)]
    return len(long) >= _PROSE and sum(not STOPS.isdisjoint(x.text) for x in long) >= SAID


def has_words(line: Line) -> bool:
    """Whether a line is words, without a gap."""
    return not _has_gap(line) and any(g.text.isalpha() for g in line.glyphs)


def _has_gap(line: Line) -> bool:
    return any(b.left - a.right > 2 * line.size for a, b in pairwise(line.glyphs))


def is_long(line: Line) -> bool:
    """Whether a line is as long as one of prose, without a gap."""
    return not _has_gap(line) and line.right - line.left >= _LONG * line.size
