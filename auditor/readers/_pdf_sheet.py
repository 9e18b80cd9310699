"""A PDF page turned upright: glyphs that are really printed, rules, pictures; y downwards.

Everything after this works in these coordinates and asks the sheet for places on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin
from statistics import median
from typing import NamedTuple

from auditor.readers._pdf_clip import parted_by_clip
from auditor.readers._pdf_glyphs import UNMAPPED, Glyph
from auditor.readers._pdf_marks import Marks
from auditor.readers._pdf_rules import Stroke, View, rules_of
from auditor.readers._pdf_space import Area, Point
from auditor.readers._pdf_visible import printed, watermarks

_AROUND = tuple((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1))
_NEAR_AXIS = 3.0  # degrees that a page may be askew
_SAME_ANGLE = 1.0
_UNSEEN = 10  # of 255: what is less opaque is not seen
_FAINT_ALPHA = 128
_PALE = 0.72  # of white: how bright the letters of watermarks are
_LARGE = 1.7  # times the usual size
_OVERLAID = 2  # glyphs: fewer may be an accident
_CHECKS = 3_000_000


class Seam(NamedTuple):
    """Where on a sheet another page begins that was printed beside it, and how far it was moved."""

    x: float
    number: int
    by: float
    view: View


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page ready for reading. `area` is the page itself; `hidden` glyphs are not printed.

    `em` is the usual size of a glyph, the measure of every tolerance; `falling` and `rising`
    glyphs run down and up the page; `marks` are faint glyphs (watermarks); `lost` are the places
    of glyphs of which nothing else is known.

    `number` counts the pages of the file; `place` counts what is read one after the other, of which
    a page may hold several.

    `clipped` are the glyphs of which nothing is seen because they lie outside of the page or of
    their clip. `clips` are the clips of texts, by their place in the order of drawing; `cuts` the
    places across at which rules are cut off.
    """

    number: int
    view: View
    area: Area
    em: float
    glyphs: Sequence[Glyph]
    falling: Sequence[Glyph]
    rising: Sequence[Glyph]
    hidden: Sequence[Glyph]
    marks: Sequence[Glyph]
    across: list[Stroke]
    down: list[Stroke]
    pictures: list[Area]
    lost: Sequence[Point]
    unmapped: int
    drawn: int
    clipped: Sequence[Glyph] = ()
    clips: Mapping[int, Area] = field(default_factory=dict)
    cuts: frozenset[float] = frozenset()
    place: int = 0
    seams: tuple[Seam, ...] = ()

    def spot(self, area: Area) -> tuple[int, tuple[int, int, int, int]]:
        """The page on which a box begins, and the box there."""
        for seam in reversed(self.seams):
            if area[0] >= seam.x - 1:
                left, top, right, bottom = area
                return seam.number, seam.view.box((left - seam.by, top, right - seam.by, bottom))
        return self.number, self.view.box(area)


def sheet_of(
    number: int,
    raw: Sequence[Glyph],
    marks: Marks,
    lost: Iterable[Point],
    clips: Mapping[int, Area],
    crop: Area,
    rotation: int,
) -> Sheet:
    """Turn a page upright and tell what is printed on it from what is not."""
    shown, clipped = parted_by_clip(raw, clips, crop)
    angles = Counter([g.run.angle for g in shown if g.run.drawn])
    angle = _dominant(angles)
    view = View(*_turn(angle), crop, rotation)
    level, falling, rising = (_towards(shown, angles, angle + by) for by in (0, -90, 90))
    em = median([g.hand.size for g in level]) if level else 10.0
    visible, hidden = printed(level, marks)
    plain, faint = watermarks(visible, em)
    rules = rules_of(marks.shapes, marks.images, view, em)
    return Sheet(
        number,
        view,
        view.area(crop),
        em,
        glyphs=_turned(plain, view),
        falling=_turned(falling, view),
        rising=_turned(rising, view),
        hidden=_turned(hidden, view),
        marks=_turned(faint, view),
        across=rules.across,
        down=rules.down,
        pictures=[view.area(image.area) for image in marks.images],
        lost=[view.upright(x, y) for x, y in _without_doubles(lost, raw)],
        unmapped=sum(g.text == UNMAPPED for g in visible),
        drawn=len(marks.shapes),
        clipped=_turned(clipped, view),
        clips={order: view.area(clip) for order, clip in clips.items()},
        cuts=rules.cuts,
        place=number,
    )


def _without_doubles(lost: Iterable[Point], glyphs: Iterable[Glyph]) -> list[Point]:
    """Places of lost glyphs without those at which another one stands: drawn twice for boldness."""
    lost = list(lost)
    if not lost:
        return []
    there = {(round(g.x + dx), round(g.base + dy)) for g in glyphs for dx, dy in _AROUND}
    return [(x, y) for x, y in lost if (round(x), round(y)) not in there]


def _apart(one: float, other: float) -> float:
    """The angle between two directions, 0 to 180 degrees."""
    return abs((one - other + 180) % 360 - 180)


def _dominant(angles: Mapping[float, int]) -> float:
    """The direction in which most is written; slanted writing only where there is no other."""
    straight = Counter[int]()
    for angle, count in angles.items():
        quarter = round(angle / 90) % 4
        if _apart(angle, quarter * 90) <= _NEAR_AXIS:
            straight[quarter] += count
    exact = Counter[float]()
    for angle, count in angles.items():
        if not straight or _apart(angle, straight.most_common(1)[0][0] * 90) <= _NEAR_AXIS:
            exact[round(angle, 2)] += count
    return exact.most_common(1)[0][0] if exact else 0.0


def _turn(angle: float) -> tuple[float, float]:
    """Cosine and sine, exact for right angles."""
    return (round(cos(radians(angle)), 12), round(sin(radians(angle)), 12))


def _towards(glyphs: Sequence[Glyph], angles: Mapping[float, int], angle: float) -> Sequence[Glyph]:
    """The glyphs that are written in a direction."""
    near = {a for a in angles if _apart(a, angle) <= _SAME_ANGLE}
    if len(near) == len(angles):
        return glyphs
    return [g for g in glyphs if g.run.angle in near] if near else []


def _turned(glyphs: Sequence[Glyph], view: View) -> Sequence[Glyph]:
    """Glyphs as they stand on the upright page."""
    if view.cosine == 1:
        return glyphs
    made = []
    for g in glyphs:
        x, base = view.upright(g.x, g.base)
        left, top, right, bottom = view.area((g.left, g.top, g.right, g.bottom))
        made.append(g._replace(x=x, base=base, left=left, right=right, top=top, bottom=bottom))
    return made
