"""Points, boxes and matrices of a PDF page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

Point = tuple[float, float]
Affine = tuple[float, float, float, float, float, float]
Area = tuple[float, float, float, float]

PLAIN: Affine = (1, 0, 0, 1, 0, 0)
FLIP: Affine = (1, 0, 0, -1, 0, 0)
_FLAT = 1e-12  # a matrix that makes a page so small shows nothing


def composed(inner: Affine, outer: Affine) -> Affine:
    """First the inner matrix, then the outer one."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


def inverse(matrix: Affine) -> Affine:
    """What undoes a matrix; the plain one undoes those that flatten all."""
    a, b, c, d, e, f = matrix
    size = a * d - b * c
    if not isfinite(size) or abs(size) < _FLAT:
        return PLAIN
    return (
        d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size
    )  # fmt: skip


def corners(area: Area) -> list[Point]:
    """The four corners of a box."""
    left, bottom, right, top = area
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


def bounds(points: Sequence[Point]) -> Area:
    """The box around points: least x, least y, greatest x, greatest y."""
    xs, ys = zip(*points)  # noqa: B905 - points are pairs, and this runs for every edge
    return (min(xs), min(ys), max(xs), max(ys))


def moved(points: Iterable[Point], matrix: Affine) -> list[Point]:
    a, b, c, d, e, f = matrix
    return [(a * x + c * y + e, b * x + d * y + f) for x, y in points]


def placed(area: Area, matrix: Affine) -> tuple[Point, Point, Point, Point]:
    """The corners of a box where a matrix takes them: `moved` of `corners`, for every fill."""
    left, bottom, right, top = area
    a, b, c, d, e, f = matrix
    return (
        (a * left + c * bottom + e, b * left + d * bottom + f),
        (a * right + c * bottom + e, b * right + d * bottom + f),
        (a * right + c * top + e, b * right + d * top + f),
        (a * left + c * top + e, b * left + d * top + f),
    )


def common(one: Area, other: Area) -> Area:
    """What two boxes share; where they share nothing its ends are in reverse."""
    return (
        max(one[0], other[0]), max(one[1], other[1]),
        min(one[2], other[2]), min(one[3], other[3]),
    )  # fmt: skip
