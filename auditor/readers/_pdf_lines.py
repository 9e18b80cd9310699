"""Glyphs → lines of text: by baseline, then from left to right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import eq, itemgetter
from typing import NamedTuple

from auditor.readers._characters import characters
from auditor.readers._pdf_glyphs import Glyph

_HALF = re.compile("[\ud800-\udfff]")
_MENDED = re.compile("[\ud800-\udfff\u2e80-\u2fdf\uf900-\ufaff]")  # halves and radicals
_BASE, _PLACE = itemgetter(2), itemgetter(1)  # of a glyph
_SAME_LINE = 0.45  # of the size: how far baselines of one line may differ
_DOUBLED = 0.2  # of the size: how near the same character drawn twice is
_FIGURE = 0.8  # of the size: from one figure to the next no number goes that far
_LETTER = 1.25
_SPACED = 1.35  # of the size: the same within one text, which may be set wide
_WIDE_GAP = 1.3  # of the size: a gap between any two characters that means something


class Line(NamedTuple):
    """Glyphs of one line in reading order: their text, their baseline, their usual size."""

    glyphs: tuple[Glyph, ...]
    text: str
    base: float
    size: float

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.glyphs[-1].right

    @property
    def area(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom, at least as high as its letters."""
        glyphs = self.glyphs
        return (
            min([g.left for g in glyphs]),
            min(*[g.top for g in glyphs], self.base - 0.8 * self.size),
            max([g.right for g in glyphs]),
            max(*[g.bottom for g in glyphs], self.base + 0.15 * self.size),
        )


def line_of(glyphs: Sequence[Glyph]) -> Line:
    """Glyphs in reading order as a line, with blanks where gaps part words or numbers."""
    first = glyphs[0]
    if len(glyphs) == 1:
        return Line((first,), cleaned(first.text), first.base, first.hand.size)
    texts = [g.text for g in glyphs]
    gaps = list(map(is_gap, glyphs, glyphs[1:]))
    if True in gaps:
        texts[1:] = [f" {t}" if gap else t for gap, t in zip(gaps, texts[1:], strict=True)]
    sizes = sorted([g.hand.size for g in glyphs])
    return Line(tuple(glyphs), cleaned("".join(texts)), first.base, sizes[len(sizes) // 2])


def is_gap(before: Glyph, glyph: Glyph) -> bool:
    """Whether a blank stands between two neighbours of one line."""
    own, other = before.hand, glyph.hand
    size = own.size * own.stretch  # the em, and this runs for every glyph several times
    if own is not other:
        size = min(size, other.size * other.stretch)
    if not (before.text.isascii() and glyph.text.isascii()):
        return glyph.left - before.right > _WIDE_GAP * size
    # Not the gap of ink: the figure 1 is narrow in a wide place.
    wide = _FIGURE if before.text.isdigit() else _LETTER
    if before.order == glyph.order:
        wide = max(wide, _SPACED)
    if glyph.spaced or glyph.x - before.x > wide * size:
        return before.text.isalnum() and glyph.text.isalnum()
    return False


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from top to bottom."""
    several = list(glyphs)
    if len(several) == 1:
        return [line_of(several)]
    rows: list[list[Glyph]] = []
    reach = float("-inf")
    for glyph in sorted(several, key=_BASE):
        base, size = glyph.base, glyph.hand.size
        if base <= reach and base - rows[-1][-1].base <= _SAME_LINE * size:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
        reach = base + _SAME_LINE * size
    return [line_of(_once(sorted(row, key=_PLACE))) for row in rows]


def _once(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Without characters that are drawn twice for boldness or a shadow."""
    texts = [g.text for g in glyphs]
    if not any(map(eq, texts, texts[1:])) and not any(map(eq, texts, texts[2:])):
        return list(glyphs)
    kept: list[Glyph] = []
    last = but_one = None  # the texts of the last two: nearly all glyphs differ from both
    for glyph in glyphs:
        text = glyph.text
        if text in (last, but_one):
            place = _doubled(glyph, kept)
            if place is not None:
                if glyph.order < kept[place].order:
                    kept[place] = glyph
                continue
        kept.append(glyph)
        last, but_one = text, last
    return kept


def _doubled(glyph: Glyph, kept: Sequence[Glyph]) -> int | None:
    """Which of the last two glyphs is the same, drawn once more."""
    for place in range(max(len(kept) - 2, 0), len(kept)):
        if glyph.text == kept[place].text and _same(glyph, kept[place]):
            return place
    return None


def _same(one: Glyph, other: Glyph) -> bool:
    near = _DOUBLED * one.hand.size
    return (
        one.order != other.order
        and abs(one.x - other.x) <= near
        and abs(one.base - other.base) <= near
    )


def cleaned(text: str) -> str:
    """Pairs of surrogates as one character, radicals as the characters that they stand for."""
    if text.isascii() or not _MENDED.search(text):
        return text
    if _HALF.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return characters(text)
