"""A picture of a page made ready: red ink taken out, turned level, its long rules found.

Pictures are numpy arrays of bytes, rows first: RGB as they come, one channel once prepared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, degrees, radians, sin
from typing import Any, TypeAlias

from auditor.readers._pdf_lattice import joined
from auditor.readers._pdf_rules import Stroke

Pixels: TypeAlias = Any
"""A numpy array of bytes; numpy belongs to an extra, so its types are not named here."""

BLACK, WHITE = 0.10, 0.84  # of the paper: what counts as all ink, and as none
_WHITE_IN_RED = 0.7  # the same near red ink, whose edges JPEG makes grey
_RED = 60  # of 255: how much brighter the red of red ink is than its green and blue
INK = 150  # of 255, after levelling: what is darker is ink
_LEVEL = 0.01  # degrees: a page that is turned less is level
_MOST_TURN = 12.0  # degrees that a page lies askew, on the glass or held in a hand
_RULE_ACROSS = 0.3  # of an inch: no rule is shorter, few strokes of letters are longer
_RULE_DOWN = 0.16
_ALONE = 1.5  # inches: a rule that long needs no others at its ends
_WORN = 0.5  # inches: one that long needs another at one end only
_MEET = 3.0  # points: how near to another rule a shorter one must end
_THICK = 0.05  # of an inch: no rule is thicker
_GAP = 0.02  # of an inch: a break in a rule that is dirt
_LONG = 1.5  # inches: rules by which the turn is measured exactly
_SMALL = 900  # pixels: the width at which the turn is sought


@dataclass(frozen=True, slots=True)
class Plate:
    """A page turned level. `colour` is RGB, `grey` its ink without anything red; `dpi` of all.

    `clean` is the same without the edges that JPEG leaves of red ink: thin rules fade there, too.

    `turn` is the angle in degrees by which it was turned, `shift` the pixels that it was moved
    by after that turn around its upper left corner; `size` is that of the picture as it came.
    """

    colour: Pixels
    grey: Pixels
    clean: Pixels
    dpi: float
    turn: float
    shift: tuple[float, float]
    size: tuple[int, int]


def plate_of(colour: Pixels, dpi: float) -> Plate:
    """Turn a page level and take the red ink out of it."""
    height, width = colour.shape[:2]
    turn = _coarse_turn(levelled(colour))
    turned, shift = _turned(colour, turn)
    more = _fine_turn(levelled(turned), dpi)
    if abs(more) > _LEVEL:
        turn += more
        turned, shift = _turned(colour, turn)
    if abs(turn) < _LEVEL:
        turn = 0.0
    grey = levelled(turned)
    return Plate(turned, grey, _cleaned(turned, grey), dpi, turn, shift, (width, height))


def levelled(colour: Pixels) -> Pixels:
    """Ink as 0, paper as 255, by the red channel: a red seal is paper there."""
    red = colour[:, :, 0]
    return _levels(_paper(red), WHITE)[red]


def _cleaned(colour: Pixels, grey: Pixels) -> Pixels:
    """Levels that spare the ink only, wherever something red is near."""
    import cv2
    import numpy as np

    near = cv2.dilate(is_red(colour).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    red = colour[:, :, 0]
    made = grey.copy()
    made[near] = _levels(_paper(red), _WHITE_IN_RED)[red[near]]
    return made


def _paper(red: Pixels) -> float:
    """How bright the paper is."""
    import numpy as np

    return max(float(np.percentile(red[::4, ::4], 90)), 1.0)


def _levels(paper: float, white: float) -> Pixels:
    """For each of 256 brightnesses what becomes of it."""
    import numpy as np

    part = (np.arange(256, dtype=np.float64) / paper - BLACK) / (white - BLACK)
    return (part.clip(0, 1) * 255).astype(np.uint8)


def is_red(colour: Pixels) -> Pixels:
    """Which pixels show red ink."""
    import cv2

    red, green, blue = cv2.split(colour)
    rest = cv2.max(green, blue)
    return cv2.subtract(red, rest) > _RED


def _turned(colour: Pixels, angle: float) -> tuple[Pixels, tuple[float, float]]:
    """Turn clockwise by degrees on a larger sheet of white paper, so that nothing is cut off."""
    import cv2
    import numpy as np

    height, width = colour.shape[:2]
    if abs(angle) < _LEVEL:
        return colour, (0.0, 0.0)
    c, s = cos(radians(angle)), sin(radians(angle))
    corners = [(c * x - s * y, s * x + c * y) for x in (0, width) for y in (0, height)]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
    matrix = np.array([[c, -s, -left], [s, c, -top]], dtype=np.float64)
    turned = cv2.warpAffine(
        colour, matrix, (round(right - left), round(bottom - top)), flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return turned, (-left, -top)


def _coarse_turn(grey: Pixels) -> float:
    """The angle at which the rows of ink stand out most, in steps of a tenth of a degree."""
    import cv2

    height, width = grey.shape
    scale = min(1.0, _SMALL / width)
    small = cv2.resize(
        grey, (round(width * scale), round(height * scale)), None, 0, 0, cv2.INTER_AREA
    )
    ink = 255 - small
    best = max((n * 0.5 for n in range(-24, 25)), key=lambda a: (_contrast(ink, a), -abs(a)))
    near = [best + n * 0.1 for n in range(-5, 6)]
    best = max(near, key=lambda a: (_contrast(ink, a), -abs(a)))
    return best if abs(best) <= _MOST_TURN else 0.0


def _contrast(ink: Pixels, angle: float) -> float:
    """How sharply rows of ink and of paper change when the page is turned by an angle."""
    import cv2
    import numpy as np

    height, width = ink.shape
    slope = sin(radians(angle))
    matrix = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]], dtype=np.float64)
    rows = cv2.warpAffine(ink, matrix, (width, height)).sum(axis=1, dtype=np.float64)
    return float(((rows[1:] - rows[:-1]) ** 2).sum())


def _fine_turn(grey: Pixels, dpi: float) -> float:
    """What is left to turn, by the slope of the long rules; 0 where there are none."""
    import numpy as np

    slopes, weights = [], []
    for xs, ys in _runs(grey, dpi, _LONG):
        slope, _ = np.polyfit(xs, ys, 1)
        slopes.append(float(slope))
        weights.append(float(xs[-1] - xs[0]))
    if not slopes:
        return 0.0
    order = np.argsort(slopes)
    half = np.cumsum(np.array(weights)[order]) >= sum(weights) / 2
    return -degrees(atan(slopes[int(order[int(np.argmax(half))])]))


def _runs(grey: Pixels, dpi: float, inches: float) -> list[tuple[Pixels, Pixels]]:
    """The pixels of long rules across that may still slope: for each x the middle of its ink."""
    import cv2
    import numpy as np

    ink = (grey < INK).astype(np.uint8)
    short = max(int(_RULE_ACROSS * dpi), 3)
    lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, short), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    found = []
    for n in range(1, count):
        x, y, width, height, _ = stats[n]
        if width < inches * dpi or height > _THICK * dpi * 2:
            continue
        part = labels[y : y + height, x : x + width] == n
        depth = part.sum(axis=0)
        at = np.flatnonzero(depth)
        rows = np.arange(height)[:, None]
        found.append((at + x, (part * rows).sum(axis=0)[at] / depth[at] + y))
    return found


# --- rules -----------------------------------------------------------------------------------


def rules_of(plate: Plate, em: float) -> tuple[list[Stroke], list[Stroke]]:
    """Straight rules across and down, in points of the level page. Nothing is painted out."""
    import numpy as np

    ink = (plate.grey < INK).astype(np.uint8)
    across = joined(_strokes(ink, plate.dpi, _RULE_ACROSS), em)
    down = joined(_strokes(np.ascontiguousarray(ink.T), plate.dpi, _RULE_DOWN), em)
    while True:
        some, others = _held(across, down), _held(down, across)
        if len(some) == len(across) and len(others) == len(down):
            return across, down
        across, down = some, others


def _held(strokes: Sequence[Stroke], crossing: Sequence[Stroke]) -> list[Stroke]:
    """Without the strokes of letters: a rule is long, or runs from one other rule to the next.

    One that is worn at one end is still longer than a letter.
    """
    kept = []
    for stroke in strokes:
        ends = sum(
            any(_meets(stroke.place, end, other) for other in crossing)
            for end in (stroke.start, stroke.end)
        )
        if stroke.end - stroke.start >= (_ALONE, _WORN, 0.0)[ends] * 72:
            kept.append(stroke)
    return kept


def _meets(place: float, end: float, crossing: Stroke) -> bool:
    inside = crossing.start - _MEET <= place <= crossing.end + _MEET
    return inside and abs(crossing.place - end) <= _MEET


def _strokes(ink: Pixels, dpi: float, inches: float) -> list[Stroke]:
    """The rules across of a picture of ink (1) and paper (0)."""
    import cv2
    import numpy as np

    gap, length = max(int(_GAP * dpi), 1), max(int(inches * dpi), 3)
    thick = _THICK * dpi
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    # A rule that still slopes a little must not be lost: it may be one pixel thick.
    fat = cv2.dilate(closed, np.ones((3, 1), np.uint8))
    lines = cv2.morphologyEx(fat, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    count, _, stats, centres = cv2.connectedComponentsWithStats(lines, connectivity=8)
    scale = 72 / dpi
    return [
        Stroke(float(centres[n][1]) * scale, float(x) * scale, float(x + width) * scale)
        for n in range(1, count)
        for x, _, width, height, _ in [stats[n]]
        if height <= thick + 2 and width >= length
    ]
