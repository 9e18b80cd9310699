"""Whether the numbers of a cell can be trusted: one number, one hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from auditor.readers._pdf_glyphs import UNMAPPED, Glyph
from auditor.readers._pdf_lines import Line, is_gap
from auditor.readers._pdf_rules import Stroke
from auditor.text import nfkc

_OVERLAP = 0.5  # of a figure: two that overlap more are printed over each other
_APART = 0.2  # of a figure: the same for two that are not drawn at once
_CROSSED = 0.5  # of a figure: how much of it a rule covers that crosses it out
_LEVEL = 0.12  # of the size: how far the figures of one number may be off its baseline
_DIGIT = re.compile(r"\d")
_FIGURES = re.compile(r"[0-9][0-9.,]*")
_NUMERIC = re.compile(r"[0-9\s.,%+\-/—–−()\[\]【】〔〕]*[0-9][0-9\s.,%+\-/—–−()\[\]【】〔〕]*")
_NOTED = re.compile(
    r"-?[0-9][0-9.,]*\s?[(\[【〔][0-9]{1,2}[)\]】〕]"
)  # a number and the mark of a note

HANDS = "its figures differ in font, size or colour"
SEVERAL = "more than one number stands in the cell"
OVERPRINTED = "figures are printed over each other"
UNREADABLE = "a glyph has no character"
STRUCK = "it is struck through"
_PITCH = 1.8  # of the size: from one line of a cell to the next


def is_figure(glyph: Glyph) -> bool:
    """Whether a glyph is a digit, of whatever width."""
    text = glyph.text
    return text.isdigit() if text.isascii() else nfkc(text).isdigit()


def doubt_of(lines: Sequence[Line], text: str, strikes: Sequence[Stroke]) -> str:
    """Why a number in a cell is not to be trusted; empty where it may be."""
    if UNMAPPED in text:
        return UNREADABLE
    if not _DIGIT.search(text):
        return ""
    if not strikes and len(lines) == 1 and len(lines[0].glyphs) == 1:
        return ""  # one figure, as in most cells
    numbers = [number for line in lines for number in _numbers(line)]
    if len(numbers) > 1 and _NUMERIC.fullmatch(plain := nfkc(text)) and not _NOTED.fullmatch(plain):
        return SEVERAL
    if any(not _one_hand(number) for number in numbers):
        return HANDS
    if any(_overprinted(number) for number in numbers):
        return OVERPRINTED
    if strikes and any(_struck(number, strikes) for number in numbers):
        return STRUCK
    return ""


def _numbers(line: Line) -> Iterator[list[Glyph]]:
    """Runs of figures with the points and signs between them."""
    run: list[Glyph] = []
    for glyph in line.glyphs:
        part = is_figure(glyph) or (run and nfkc(glyph.text) in ".,")
        if run and (not part or is_gap(run[-1], glyph)):
            yield [g for g in run if is_figure(g)]
            run = []
        if part:
            run.append(glyph)
    if run:
        yield [g for g in run if is_figure(g)]


def _one_hand(number: Sequence[Glyph]) -> bool:
    """One number, one hand: its figures share font, size, colour and baseline."""
    if len(number) == 1:
        return True
    first = number[0]
    level = _LEVEL * first.hand.size
    return all(g.hand == first.hand and abs(g.base - first.base) <= level for g in number)


def _overprinted(number: Sequence[Glyph]) -> bool:
    """Whether figures lie over each other, or one was drawn into others that stood there."""
    for a, b in pairwise(number):
        shared = min(a.right, b.right) - max(a.left, b.left)
        most = _OVERLAP if a.order == b.order else _APART
        if b.order < a.order or shared > most * min(a.right - a.left, b.right - b.left):
            return True
    return False


def _struck(number: Sequence[Glyph], strikes: Iterable[Stroke]) -> bool:
    """Whether any figure is crossed out: the others may be what it was changed to."""
    base, size = number[0].base, number[0].hand.size
    near = [s for s in strikes if base - 0.6 * size < s.place < base - 0.12 * size]
    return any(
        min(s.end, g.right) - max(s.start, g.left) > _CROSSED * (g.right - g.left)
        for s in near
        for g in number
    )


def is_full(line: Line, room: float) -> bool:
    """Whether no further figure would have had room in a line."""
    if len(line.glyphs) > 1:
        step = line.glyphs[-1].x - line.glyphs[-2].x
    else:
        step = line.glyphs[0].hand.em * (0.5 if line.text.isascii() else 1.0)
    # From origin to origin: the ink of a wide figure is only half as wide as its place.
    return line.glyphs[-1].x - line.glyphs[0].x + 2 * step > room


def is_wrapped(lines: Sequence[Line], room: float) -> bool:
    """Whether lines are one number that had no room in one line of a cell.

    Every line but the last is so full that no further figure would have fitted in.
    """
    if any(_FIGURES.fullmatch(nfkc(line.text)) is None for line in lines):
        return False
    for line, below in pairwise(lines):
        if len(line.glyphs) < 2 or below.base - line.base > _PITCH * line.size:
            return False
        if not is_full(line, room):
            return False
    glyphs = [g for line in lines for g in line.glyphs]
    return all(g.hand == glyphs[0].hand for g in glyphs) and not any(
        _overprinted(line.glyphs) for line in lines
    )
