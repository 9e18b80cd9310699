"""How a heat map shades a number: text, class and colours, the same on screen and page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.appraisal.blindness import MOST, Blindness
from auditor.renderers.words import Words

STYLES = ("bold white on red", "black on yellow", "black on bright_yellow", "black on green",
          "black on bright_green")  # fmt: skip
"""From what nothing sees to what is always seen; legible with and without colours."""


@dataclass(frozen=True, slots=True)
class Shade:
    """What stands in a cell, and how dark: 0 for the worst, 4 for the best."""

    text: str
    level: int


def shade(seen: Blindness, words: Words) -> Shade:
    """The shade of a cell of the map of blind spots."""
    if seen.capped:
        return Shade("?", 2)
    if seen.least is None:
        return Shade(words("blind.never", most=MOST), 4)
    return Shade(str(seen.least), {1: 0, 2: 1, 3: 2, 4: 3, 5: 3}.get(seen.least, 4))


def share_shade(share: float) -> int:
    """The level of a share between 0 and 1."""
    return next((n for n, most in enumerate((0.05, 0.5, 0.8, 0.995)) if share < most), 4)


def legend(blind: Mapping[str, Blindness], words: Words) -> list[tuple[Shade, str, int]]:
    """Every number on the map, what it means, and how many cells have it; the worst first."""
    counts = Counter((shade(seen, words), seen.least, seen.capped) for seen in blind.values())
    order = sorted(counts, key=lambda key: (key[1] is None, key[1] or 0, key[2]))
    return [(key[0], _meaning(key[1], words, capped=key[2]), counts[key]) for key in order]


def _meaning(least: int | None, words: Words, *, capped: bool) -> str:
    if capped:
        return words("blind.capped")
    if least is None:
        return words("blind.more", count=MOST)
    return words("blind.one") if least == 1 else words("blind.some", count=least)
