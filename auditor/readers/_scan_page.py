"""A picture of a page → what stands on it, in the same terms as a PDF page with text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from statistics import median

from auditor.readers._blocks import Budget
from auditor.readers._ocr import Reading, Recogniser, Spot
from auditor.readers._pdf_glyphs import Glyph, Hand, Run
from auditor.readers._pdf_lattice import Lattice, lattices
from auditor.readers._pdf_lines import Line
from auditor.readers._pdf_pages import Drawn, Item, Leaf, Ruled, top_of
from auditor.readers._pdf_rules import View
from auditor.readers._pdf_sheet import Sheet
from auditor.readers._scan_cells import cells_of, crop
from auditor.readers._scan_image import INK, Pixels, Plate, plate_of, rules_of

_EM = 10.0  # points: the usual size of letters, the measure of the tolerances for rules
_WIDE = 0.25  # of the page: what is narrower is letters that touch, no table
_SEEK = 110  # dpi at which lines of text are sought: more only takes longer
_PALE = 55  # percent: what was recognised with less is no text
_SAME_LINE = 0.5  # of the height: how much of it two parts of a line share
_HALF = 0.5  # the width of a Latin letter or figure in those of a Chinese character
_PIECE = 1.5  # of the size: a gap between parts of a line that means something
_ALIKE = 0.2  # of the size: how far lines of one size seem to differ
_DUST = 0.0005  # of a page: less ink is none
_DRAWN = Run(0.0, True)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as recognised. `lost` are the boxes (in points) of lines that could not be read."""

    leaf: Leaf
    lost: tuple[tuple[int, int, int, int], ...]


def seen_on(
    number: int,
    colour: Pixels,
    dpi: float,
    engine: Recogniser,
    budget: Budget,
    check: Callable[[], None],
) -> Seen:
    """Read a picture (RGB) of page `number`. `check` raises when time is up."""
    from auditor.readers._scan_quarter import quarter_of, turned_by

    quarter = quarter_of(colour, dpi, engine)
    check()
    plate = plate_of(turned_by(colour, quarter), dpi)
    check()
    sheet = _sheet(number, plate, quarter)
    across, down = rules_of(plate, _EM)
    found, _ = lattices(across, down, _EM, budget)
    wide = _WIDE * plate.size[0] * 72 / dpi
    ruled = [lattice for lattice in found if lattice.xs[-1] - lattice.xs[0] >= wide]
    tables: list[Item] = [Ruled(x, cells_of(plate, x, engine, check)) for x in ruled]
    lines, lost = _lines(plate, ruled, engine)
    check()
    items = sorted([*tables, *lines], key=top_of)
    if not items and (lost or _is_inky(plate)):  # something is there that could not be read
        items = [Drawn(sheet.area, "scan")]
    return Seen(Leaf(sheet, items), tuple(sheet.view.box(_points(plate, spot)) for spot in lost))


def _is_inky(plate: Plate) -> bool:
    """Whether a page is more than paper with some dust."""
    return float((plate.clean < INK).mean()) > _DUST


def _sheet(number: int, plate: Plate, quarter: int) -> Sheet:
    """The level page without glyphs; its view finds places on the picture as it came.

    `quarter` tells how many times it was turned by 90 degrees before.
    """
    scale = 72 / plate.dpi
    c, s = cos(radians(plate.turn)), sin(radians(plate.turn))
    x, y = plate.shift[0] * scale, plate.shift[1] * scale
    low, high = c * x + s * y, c * y - s * x
    width, height = plate.size[0] * scale, plate.size[1] * scale
    view = View(c, s, (low, high, low + width, high + height), -quarter % 4)
    tall, broad = plate.grey.shape
    area = (0.0, 0.0, broad * scale, tall * scale)
    return Sheet(
        number, view, area, _EM, glyphs=[], falling=[], rising=[], hidden=[], marks=[],
        across=[], down=[], pictures=[], lost=[], unmapped=0, drawn=0,
    )  # fmt: skip


# --- text outside of tables ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line: its place in points, its text, the size of its letters."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    size: float


def _lines(
    plate: Plate, ruled: Sequence[Lattice], engine: Recogniser
) -> tuple[list[Line], list[Spot]]:
    """The lines outside of tables from top to bottom, and those that could not be read."""
    spots = _spots(plate, ruled, engine)
    readings = engine.read([crop(plate, spot) for spot in spots])
    sure = [(s, r) for s, r in zip(spots, readings, strict=True) if r.average >= _PALE and r.text]
    lost = [s for s, r in zip(spots, readings, strict=True) if r.average < _PALE]
    pieces = _sized([_piece(plate, spot, reading) for spot, reading in sure])
    return [_line(row) for row in _rows(pieces)], lost


def _spots(plate: Plate, ruled: Sequence[Lattice], engine: Recogniser) -> list[Spot]:
    """Where text stands, in pixels of the plate. Tables are left out."""
    import cv2
    import numpy as np

    scale = min(1.0, _SEEK / plate.dpi)
    height, width = plate.grey.shape
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = cv2.resize(plate.clean, size, interpolation=cv2.INTER_AREA)
    for lattice in ruled:
        left, top, right, bottom = (side * plate.dpi / 72 * scale for side in lattice.area)
        small[max(int(top) - 2, 0) : int(bottom) + 3, max(int(left) - 2, 0) : int(right) + 3] = 255
    found = engine.find(np.repeat(small[:, :, None], 3, axis=2))
    spots = [
        Spot(
            max(int(s.left / scale), 0), max(int(s.top / scale), 0),
            min(int(s.right / scale) + 1, width), min(int(s.bottom / scale) + 1, height),
        )
        for s in found
    ]  # fmt: skip
    return [s for s in spots if s.right - s.left > 4 and s.bottom - s.top > 4]


def _points(plate: Plate, spot: Spot) -> tuple[float, float, float, float]:
    scale = 72 / plate.dpi
    return (spot.left * scale, spot.top * scale, spot.right * scale, spot.bottom * scale)


def _weight(text: str) -> float:
    return sum(_HALF if c.isascii() else 1.0 for c in text)


def _piece(plate: Plate, spot: Spot, reading: Reading) -> _Piece:
    left, top, right, bottom = _points(plate, spot)
    size = min((right - left) / max(_weight(reading.text), 1), bottom - top)
    return _Piece(left, top, right, bottom, reading.text, size)


def _sized(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Sizes that hardly differ are one: they are measured, not told."""
    if not pieces:
        return []
    usual = median([p.size for p in pieces for _ in range(len(p.text))])
    near = _ALIKE * usual
    return [
        _Piece(
            p.left,
            p.top,
            p.right,
            p.bottom,
            p.text,
            usual if abs(p.size - usual) <= near else p.size,
        )
        for p in pieces
    ]


def _rows(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces of one line together, from left to right."""
    row: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: p.top + p.bottom):
        if row and not _level(row[-1], piece):
            yield sorted(row, key=lambda p: p.left)
            row = []
        row.append(piece)
    if row:
        yield sorted(row, key=lambda p: p.left)


def _level(one: _Piece, other: _Piece) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > _SAME_LINE * min(one.bottom - one.top, other.bottom - other.top)


def _line(row: Sequence[_Piece]) -> Line:
    """Pieces as a line of glyphs, evenly spread over their places."""
    text, end = "", 0.0
    glyphs: list[Glyph] = []
    size = max(piece.size for piece in row)
    base = max(piece.bottom for piece in row) - 0.15 * size
    hand = Hand("", size, (0, 0, 0, 255))
    for piece in row:
        text += " " if text and piece.left - end > _PIECE * size else ""
        text, end = text + piece.text, piece.right
        glyphs += _glyphs(piece, hand, base)
    return Line(tuple(glyphs), text, base, size)


def _glyphs(piece: _Piece, hand: Hand, base: float) -> Iterator[Glyph]:
    step = (piece.right - piece.left) / max(_weight(piece.text), 1)
    x = piece.left
    for char in piece.text:
        after = x + step * _weight(char)
        yield Glyph(char, x, base, x, after, piece.top, piece.bottom, hand, _DRAWN, 0, False)
        x = after
