"""The turn of a page, and its straight rules in upright space."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from auditor.readers._pdf_frames import cells_on_grounds
from auditor.readers._pdf_marks import Image, Outline, Shape, is_white
from auditor.readers._pdf_space import Area, Point, bounds, common, corners

_THIN = 0.45  # of an em: what is thicker is no rule
_CUT = 1.0  # points that a rule goes on beyond its clip


@dataclass(frozen=True, slots=True)
class View:
    """How a page is turned: by the angle of its writing, and by its own rotation for display."""

    cosine: float
    sine: float
    crop: Area
    rotation: int

    def upright(self, x: float, y: float) -> Point:
        """Page space to upright space."""
        return (self.cosine * x - self.sine * y, self.sine * x + self.cosine * y)

    def area(self, area: Area) -> Area:
        """A box, turned."""
        if self.cosine == 1:
            return area
        return bounds([self.upright(x, y) for x, y in corners(area)])

    def box(self, area: Area) -> tuple[int, int, int, int]:
        """An upright box as points from the upper left corner of the displayed page."""
        left, top, right, bottom = area
        if self.cosine != 1:
            back = View(self.cosine, -self.sine, self.crop, self.rotation)
            left, top, right, bottom = back.area(area)
        low, high, far, deep = self.crop
        if self.rotation == 1:
            shown = (deep - bottom, left - low, deep - top, right - low)
        elif self.rotation == 2:
            shown = (far - right, deep - bottom, far - left, deep - top)
        elif self.rotation == 3:
            shown = (top - high, far - right, bottom - high, far - left)
        else:
            shown = (left - low, top - high, right - low, bottom - high)
        return (round(shown[0]), round(shown[1]), round(shown[2]), round(shown[3]))


class Stroke(NamedTuple):
    """A straight rule: its place across, and from where to where it runs."""

    place: float
    start: float
    end: float


class Rules(NamedTuple):
    """Rules across and down. `cuts` are the places across at which rules are cut off: by the
    edge of the page, or by a clip; what they framed may go on there unseen.
    """

    across: list[Stroke]
    down: list[Stroke]
    cuts: frozenset[float]


def rules_of(shapes: Sequence[Shape], images: Iterable[Image], view: View, em: float) -> Rules:
    """Rules across and down: stroked straight edges, thin fills, thin images."""
    across: list[Stroke] = []
    down: list[Stroke] = []
    cuts: set[float] = set()
    thin = _THIN * em
    page = view.area(view.crop)
    drawn = (pair for shape in shapes for pair in _edges(shape, view, thin, page))
    pictures = ((view.area(image.area), page) for image in images)
    cells = ((side, page) for c in cells_on_grounds(shapes, em) for side in _sides(view.area(c)))
    for whole, clip in chain(drawn, pictures, cells):
        area = left, top, right, bottom = _clipped(whole, clip)
        if bottom - top <= thin and right - left > bottom - top:
            across.append(Stroke((top + bottom) / 2, left, right))
            cuts.update(_cuts(whole, area))
        elif right - left <= thin and bottom - top > right - left:
            down.append(Stroke((left + right) / 2, top, bottom))
    return Rules(across, down, frozenset(cuts))


def _edges(shape: Shape, view: View, thin: float, page: Area) -> Iterator[tuple[Area, Area]]:
    """The boxes of a shape's fills and straight edges, each with what it is clipped to."""
    filled = shape.fill is not None and not is_white(shape.fill)
    if not filled and shape.stroke is None:
        return
    clip = common(view.area(shape.clip), page) if shape.clip else page
    for outline in shape.outlines:
        points: Sequence[Point] = outline.points
        area = outline.area
        if view.cosine != 1:
            points = [view.upright(x, y) for x, y in points]
            area = bounds(points)
        if filled:
            yield area, clip
        if _is_line(shape, outline, thin):
            ends = [*points[1:], points[0]] if outline.closed else points[1:]
            for one, other in zip(points, ends, strict=False):
                yield bounds((one, other)), clip


def _sides(area: Area) -> tuple[Area, Area, Area, Area]:
    left, top, right, bottom = area
    return (
        (left, top, right, top), (left, bottom, right, bottom),
        (left, top, left, bottom), (right, top, right, bottom),
    )  # fmt: skip


def _cuts(whole: Area, left: Area) -> Iterator[float]:
    """Where a rule across was cut off."""
    if left[0] > whole[0] + _CUT:
        yield left[0]
    if left[2] < whole[2] - _CUT:
        yield left[2]


def _is_line(shape: Shape, outline: Outline, thin: float) -> bool:
    """Whether the edges of an outline are drawn as lines; very thick ones are shading."""
    seen = shape.stroke is not None and not is_white(shape.stroke)
    return seen and not outline.curved and shape.width <= thin


def _clipped(area: Area, clip: Area) -> Area:
    """What is left of an edge; nothing is an edge without length."""
    left, top = max(area[0], clip[0] - 1), max(area[1], clip[1] - 1)
    right, bottom = min(area[2], clip[2] + 1), min(area[3], clip[3] + 1)
    if right < left or bottom < top:
        return (left, top, left, top)
    return (left, top, right, bottom)
