"""Pictures of pages that lie on their side or stand on their head: which way up they are read."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from auditor.readers._ocr import Recogniser, Spot
from auditor.readers._scan_image import Pixels

_SEEK = 60  # dpi at which the direction of lines is seen well enough
_LEAST = 480  # pixels that the narrower side keeps
_LONG = 2.0  # times: a line is that much longer than high
_TRIED = 8  # lines that are read to tell up from down
_CLEAR = 85  # percent: lines read so well are the right way up
_BETTER = 10  # percent by which the other way up must be read better
_PAPER = 3  # pixels around a line


def turned_by(colour: Pixels, quarter: int) -> Pixels:
    """A picture turned clockwise by 90 degrees so many times."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(colour, -quarter)) if quarter else colour


def quarter_of(colour: Pixels, dpi: float, engine: Recogniser) -> int:
    """How many times a picture must be turned clockwise by 90 degrees to be read.

    Lines of text tell along which side they run, and what is read better tells up from down.
    Where nothing can be read it stays as it came: nothing is read from it then.
    """
    import cv2

    height, width = colour.shape[:2]
    scale = min(1.0, max(_SEEK / dpi, _LEAST / min(height, width)))
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    spots = engine.find(cv2.resize(colour, size, interpolation=cv2.INTER_AREA))
    across = [s for s in spots if _width(s) >= _LONG * _height(s)]
    down = [s for s in spots if _height(s) >= _LONG * _width(s)]
    aside = sum(map(_height, down)) > sum(map(_width, across))
    lines = [_cut(colour, s, scale) for s in _longest(down if aside else across)]
    first = 1 if aside else 0
    here = _sureness(lines, first, engine)
    if not lines or here >= _CLEAR:
        return first
    there = _sureness(lines, first + 2, engine)
    return first + 2 if there >= here + _BETTER else first


def _width(spot: Spot) -> int:
    return spot.right - spot.left


def _height(spot: Spot) -> int:
    return spot.bottom - spot.top


def _longest(spots: Sequence[Spot]) -> list[Spot]:
    return sorted(spots, key=lambda s: -max(_width(s), _height(s)))[:_TRIED]


def _cut(colour: Pixels, spot: Spot, scale: float) -> Pixels:
    left, top = (max(int((at - _PAPER) / scale), 0) for at in (spot.left, spot.top))
    right, bottom = (int((at + _PAPER) / scale) for at in (spot.right, spot.bottom))
    return colour[top:bottom, left:right]


def _sureness(lines: Sequence[Pixels], quarter: int, engine: Recogniser) -> float:
    """How surely lines are read when they are turned, in percent."""
    readings = engine.read([turned_by(line, quarter) for line in lines])
    return fmean(reading.average for reading in readings) if readings else 0.0
