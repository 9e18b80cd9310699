"""What is drawn on a PDF page besides text: lines, fills and images, in page space, y downwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from ctypes import byref, c_float, c_int, c_uint, sizeof
from functools import lru_cache
from itertools import repeat
from math import hypot
from typing import Any, NamedTuple

from auditor.readers._pdf_native import (
    CURVE,
    FORM,
    IMAGE,
    LINE,
    MOVE,
    PATH,
    TEXT,
    Matrix,
    native,
)
from auditor.readers._pdf_space import (
    FLIP,
    PLAIN,
    Affine,
    Area,
    Point,
    bounds,
    common,
    composed,
    inverse,
    placed,
)
from auditor.readers.limits import Limits, too_large

_DEPTH = 12
_HAIR = 1.5  # points: nothing is hidden by what is no wider
_FAINT = 10  # of 255: what is less opaque is not seen
_WHITE = 0xF4  # of 255: what is brighter is paper
_NARROW = 0.05  # points of a page: text that is no wider is not told
_BOX = 5  # points of a rectangle
_SLANTED = 4  # points of a rule between slanted corners

Colour = tuple[int, int, int, int]
_LEFT: Affine = (0, 1, -1, 0, 0, 0)
_BLACK: Colour = (0, 0, 0, 255)


class Outline(NamedTuple):
    """One part of a path, in the box `area`. `curved` parts have no straight edge that could be
    a rule."""

    points: tuple[Point, ...]
    curved: bool
    closed: bool
    area: Area


class Shape(NamedTuple):
    """A path that is drawn: `fill` and `stroke` are None where it has none."""

    order: int
    outlines: tuple[Outline, ...]
    fill: Colour | None
    stroke: Colour | None
    width: float
    clip: Area | None
    opaque: bool


class Image(NamedTuple):
    """A picture by its box."""

    order: int
    area: Area
    opaque: bool


class Marks(NamedTuple):
    """All that is drawn; the place of each text object in the order of drawing.

    `outer` are the matrices of the text objects inside form objects.
    """

    shapes: list[Shape]
    images: list[Image]
    order: dict[int, int]
    outer: dict[int, Affine]


class Walk:
    """One walk over the objects of a page, form objects included."""

    def __init__(self, limits: Limits) -> None:
        self.api = native()
        self.limits = limits
        self.left = limits.objects
        self.count = 0
        self.marks = Marks([], [], {}, {})
        self.shaded = False
        # Where results are written: read as a whole, which costs less than one by one.
        self.mode, self.modes = _room(c_int, 2)
        self.part, self.parts = _room(c_uint, 4)
        self.side, self.sides = _room(c_float, 4)

    def page(self, page: int) -> Marks:
        """What a page draws. Raises DocumentError `too-large`."""
        count = self.api.FPDFPage_CountObjects(page)
        self._spend(count)
        order = self.marks.order
        handles = list(map(self.api.FPDFPage_GetObject, repeat(page), range(count)))
        for handle, kind in zip(handles, map(self.api.FPDFPageObj_GetType, handles), strict=True):
            self.count += 1
            if kind == TEXT:
                order[handle] = self.count
            else:
                self._object(handle, kind, FLIP, 0)
        return self.marks

    def clips(self) -> dict[int, Area]:
        """The boxes to which texts are clipped, by their place in the order of drawing."""
        found = {}
        get, count = self.api.FPDFPageObj_GetClipPath, self.api.FPDFClipPath_CountPaths
        for handle, order in self.marks.order.items():
            if count(get(handle)) > 0:
                clip = self._clip(handle, self.marks.outer.get(handle, FLIP))
                if clip is not None:
                    found[order] = clip
        return found

    def lost(self, seen: AbstractSet[int]) -> dict[int, Point]:
        """The text objects, and where they begin, of which pdfium does not tell the text.

        It leaves out objects of one character that has no outline: blanks, but also characters of
        a font that is neither in the file nor on this machine.
        """
        found = {}
        for handle in self.marks.order.keys() - seen:
            font = self.api.FPDFTextObj_GetFont(handle)
            if font and not self.api.FPDFFont_GetIsEmbedded(font):
                outer = self.marks.outer.get(handle, FLIP)
                *_, x, y = composed(self._matrix(handle), outer)
                found[handle] = (x, y)
        return found

    def turned(self, lost: Iterable[int]) -> dict[int, Affine]:
        """Turn text that is left out only because it is measured as narrower than nothing.

        So is writing up or down the page in a font without outlines. Gives for the place of each
        text in the order of drawing the matrix that turns its glyphs back on the page.
        """
        found = {}
        for handle in lost:
            area = self._bounds(handle)
            if area is not None and area[2] - area[0] < _NARROW <= area[3] - area[1]:
                self.api.FPDFPageObj_TransformF(handle, byref(Matrix(*_LEFT)))
                outer = self.marks.outer.get(handle, FLIP)
                back = composed(composed(inverse(outer), inverse(_LEFT)), outer)
                found[self.marks.order[handle]] = back
        return found

    def _spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            most = self.limits.objects
            raise too_large("一页的图形对象数", "objects on one page", f"> {most:,}", most)

    def _object(self, handle: int, kind: int, outer: Affine, depth: int) -> None:
        if kind == PATH:
            self._path(handle, outer)
        elif kind == IMAGE:
            self._image(handle, outer)
        elif kind == FORM and depth < _DEPTH:
            self._form(handle, outer, depth)

    def _form(self, handle: int, outer: Affine, depth: int) -> None:
        inner = composed(self._matrix(handle), outer)
        count = self.api.FPDFFormObj_CountObjects(handle)
        self._spend(max(count, 0))
        for index in range(count):
            child = self.api.FPDFFormObj_GetObject(handle, index)
            kind = self.api.FPDFPageObj_GetType(child)
            self.count += 1
            if kind == TEXT:
                self.marks.order[child] = self.count
                self.marks.outer[child] = inner
            else:
                self._object(child, kind, inner, depth + 1)

    def _matrix(self, handle: int) -> Affine:
        m = Matrix()
        if not self.api.FPDFPageObj_GetMatrix(handle, byref(m)):
            return PLAIN
        return (m.a, m.b, m.c, m.d, m.e, m.f)

    def _image(self, handle: int, outer: Affine) -> None:
        area = self._bounds(handle)
        if area is not None:
            opaque = not self.api.FPDFPageObj_HasTransparency(handle)
            self.marks.images.append(Image(self.count, bounds(placed(area, outer)), opaque))

    def _path(self, handle: int, outer: Affine) -> None:
        api = self.api
        api.FPDFPath_GetDrawMode(handle, *self.modes)
        filled, stroked = self.mode[:]
        fill = self._colour(handle, api.FPDFPageObj_GetFillColor) if filled else None
        stroke = self._colour(handle, api.FPDFPageObj_GetStrokeColor) if stroked else None
        # White shading on paper before any text neither rules nor hides anything.
        idle = fill is None or (is_white(fill) and not self.marks.order and not self.shaded)
        if idle and (stroke is None or is_white(stroke)):
            return
        self.shaded = self.shaded or (fill is not None and not is_white(fill))
        width = 0.0
        if stroke is None:
            outlines = self._filled(handle, outer)
        else:
            own = composed(self._matrix(handle), outer)
            outlines = self._outlines(handle, own)
            width = self._width(handle, own)
        opaque = any(map(_is_broad, outlines)) and not api.FPDFPageObj_HasTransparency(handle)
        clip = self._clip(handle, outer)
        self.marks.shapes.append(Shape(self.count, outlines, fill, stroke, width, clip, opaque))

    def _filled(self, handle: int, outer: Affine) -> tuple[Outline, ...]:
        """The outlines of a fill; a box is told by its bounds, which is one call instead of 20.

        So is one so narrow that it is a rule: whether its ends are slanted is all the same.
        """
        count = self.api.FPDFPath_CountSegments(handle)
        if count in (_BOX, _SLANTED):
            area = self._bounds(handle)
            if area is not None and (count == _BOX or self._is_rule(handle, area)):
                points = placed(area, outer)
                return (Outline(points, False, True, bounds(points)),)
        return self._outlines(handle, composed(self._matrix(handle), outer))

    def _is_rule(self, handle: int, area: Area) -> bool:
        """Whether a fill of four sides in one piece is too narrow to hide anything."""
        if area[2] - area[0] > _HAIR and area[3] - area[1] > _HAIR:
            return False
        get, kind = self.api.FPDFPath_GetPathSegment, self.api.FPDFPathSegment_GetType
        return [kind(get(handle, k)) for k in (2, 3)] == [LINE, LINE]

    def _bounds(self, handle: int) -> Area | None:
        if not self.api.FPDFPageObj_GetBounds(handle, *self.sides):
            return None
        left, bottom, right, top = self.side[:]
        return (left, bottom, right, top)

    def _colour(self, handle: int, get: Callable[..., int]) -> Colour | None:
        """A colour; None where it is too faint to be seen. Patterns count as black."""
        if not get(handle, *self.parts):
            return _BLACK
        red, green, blue, alpha = self.part[:]
        return None if alpha < _FAINT else (red, green, blue, alpha)

    def _width(self, handle: int, own: Affine) -> float:
        width = c_float()
        self.api.FPDFPageObj_GetStrokeWidth(handle, byref(width))
        return width.value * max(hypot(own[0], own[1]), hypot(own[2], own[3]))

    def _outlines(self, handle: int, own: Affine) -> tuple[Outline, ...]:
        count = self.api.FPDFPath_CountSegments(handle)
        self._spend(max(count, 0) // 8)
        get = self.api.FPDFPath_GetPathSegment
        return tuple(self._parts((get(handle, index) for index in range(count)), own))

    def _parts(self, segments: Iterator[int | None], own: Affine) -> Iterator[Outline]:
        kind_of, closes = self.api.FPDFPathSegment_GetType, self.api.FPDFPathSegment_GetClose
        point_of = self.api.FPDFPathSegment_GetPoint
        x, y = c_float(), c_float()
        to_x, to_y = byref(x), byref(y)
        a, b, c, d, e, f = own
        points: list[Point] = []
        curved = closed = False
        for segment in segments:
            kind = kind_of(segment)
            if kind == MOVE and points:
                yield Outline(tuple(points), curved, closed, bounds(points))
                points, curved, closed = [], False, False
            point_of(segment, to_x, to_y)
            px, py = x.value, y.value
            points.append((a * px + c * py + e, b * px + d * py + f))
            curved = curved or kind == CURVE
            closed = closed or bool(closes(segment))
        if points:
            yield Outline(tuple(points), curved, closed, bounds(points))

    def _point(self, segment: int | None, outer: Affine) -> Point:
        to_x, to_y, *_ = self.sides
        self.api.FPDFPathSegment_GetPoint(segment, to_x, to_y)
        x, y, *_ = self.side[:]
        a, b, c, d, e, f = outer
        return (a * x + c * y + e, b * x + d * y + f)

    def _clip(self, handle: int, outer: Affine) -> Area | None:
        """The box to which a path is clipped; None where nothing clips it."""
        api = self.api
        clip = api.FPDFPageObj_GetClipPath(handle)
        count = api.FPDFClipPath_CountPaths(clip) if clip else 0
        area: Area | None = None
        for index in range(max(count, 0)):
            size = api.FPDFClipPath_CountPathSegments(clip, index)
            get = api.FPDFClipPath_GetPathSegment
            if size == _BOX:  # two opposite corners are enough
                one = self._point(get(clip, index, 0), outer)
                points = [one, self._point(get(clip, index, 2), outer)]
            else:
                self._spend(max(size, 0) // 8)
                parts = self._parts((get(clip, index, k) for k in range(size)), outer)
                points = [point for part in parts for point in part.points]
            if points:
                box = bounds(points)
                area = box if area is None else common(area, box)
        return area


def _room(kind: type[Any], count: int) -> tuple[Any, tuple[Any, ...]]:
    """So many numbers for the library to write, and the place of each."""
    numbers = (kind * count)()
    return numbers, tuple(byref(numbers, sizeof(kind) * k) for k in range(count))


def _is_broad(outline: Outline) -> bool:
    """Whether a fill of an outline could hide anything."""
    left, bottom, right, top = outline.area
    if right - left <= _HAIR or top - bottom <= _HAIR:  # as nearly all that are drawn: rules
        return False
    first, *others = outline.points
    return any(abs(x - first[0]) > _HAIR for x, _ in others) and any(
        abs(y - first[1]) > _HAIR for _, y in others
    )


@lru_cache(maxsize=1024)
def is_white(colour: Colour) -> bool:
    """Whether a colour cannot be told from paper."""
    return min(colour[:3]) >= _WHITE
