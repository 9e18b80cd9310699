"""Glyphs in the cells of a lattice: the text of each cell, and why it may not be trusted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from auditor.readers._blocks import joined
from auditor.readers._pdf_clip import is_cut, is_whole, nearest_inside, open_sides
from auditor.readers._pdf_glyphs import Glyph
from auditor.readers._pdf_lattice import Field, Lattice
from auditor.readers._pdf_lines import Line, lines_of
from auditor.readers._pdf_numbers import SEVERAL, doubt_of, is_figure, is_full, is_wrapped
from auditor.readers._pdf_rules import Stroke
from auditor.readers._pdf_sheet import Sheet
from auditor.readers._pdf_space import Point, common
from auditor.text import nfkc

_OUT = 0.15  # of the size: how far a glyph may reach over its cell's border
_HEAD, _FOOT = 0.6, 0.1  # of the size: between these heights no border cuts through a figure
_PADDING = 0.6  # of the size: text keeps no further from the border where it needs the room
_SEVERAL = 3  # numbers of one row that all fill their cells to the last figure: no accident
_LARGE = 1.7  # times the usual size of a table: such a glyph is none of its own

OUTSIDE = "it reaches out of its cell"
COVERED = "something in the cell is hidden or painted over"
MARKED = "a figure of a watermark or page number lies in the cell"
LOST = "a glyph of a font that is not in the file"
CUT = "the edge of the page or a clip may have cut it off"
TORN = "the borders of the cell do not close"
TURNED = "it is written down the page"


class Filled(NamedTuple):
    """A cell with its text, where it stands on its page, and what is doubtful about it.

    `confidence` (0 to 100) and `readings` are set where the text was recognised on a picture.
    `full` cells have no room for a further figure in their last line.
    """

    field: Field
    text: str
    doubt: str
    confidence: int | None = None
    readings: tuple[str, ...] = ()
    full: bool = False


class Contents:
    """The glyphs of one page by cell of one lattice."""

    def __init__(self, lattice: Lattice) -> None:
        self.lattice = lattice
        self.glyphs: dict[int, list[Glyph]] = defaultdict(list)
        self.doubts: dict[int, str] = {}

    def doubt(self, cell: int | None, why: str) -> None:
        """The first reason stands."""
        if cell is not None:
            self.doubts.setdefault(cell, why)

    def touched(self, glyph: Glyph) -> set[int]:
        """The cells into which the ink of a glyph reaches."""
        middle = glyph.middle
        points = [(x, y) for x in (glyph.left, glyph.right) for y in (glyph.top, middle[1])]
        cells = {self.lattice.cell_at(x, y) for x, y in (*points, middle)}
        return {cell for cell in cells if cell is not None}


def contents_of(
    sheet: Sheet, lattice: Lattice, glyphs: Sequence[Glyph]
) -> tuple[Contents, list[Glyph]]:
    """Every glyph inside a table in its cell, and the glyphs outside of it."""
    found = Contents(lattice)
    inside, outside = _parted(lattice, glyphs)
    usual = median([g.hand.size for g, _ in inside]) if inside else sheet.em
    boxes = [lattice.box(field) for field in lattice.fields]
    large: list[Glyph] = []
    for glyph, (x, y) in inside:
        size = glyph.hand.size
        cell = lattice.cell_at(x, y)
        if size > _LARGE * usual or cell is None:
            large.append(glyph)
            continue
        found.glyphs[cell].append(glyph)
        left, top, right, bottom = boxes[cell]
        over = glyph.left < left - _OUT * size or glyph.right > right + _OUT * size
        cut = top > glyph.base - _HEAD * size or bottom < glyph.base - _FOOT * size
        if over or (cut and is_figure(glyph)):
            for other in found.touched(glyph):
                found.doubt(other, OUTSIDE)
        if glyph.order in sheet.clips and is_figure(glyph) and _is_cut(glyph, sheet):
            found.doubt(cell, CUT)
    for glyph in sheet.clipped:
        if is_figure(glyph):
            within = common(sheet.clips.get(glyph.order, sheet.area), sheet.area)
            found.doubt(lattice.cell_at(*nearest_inside(glyph, within)), CUT)
    for x, base in sheet.lost:
        found.doubt(lattice.cell_at(x + 0.25 * usual, base - 0.35 * usual), LOST)
    for glyph in (*large, *sheet.marks):
        _mark(found, glyph)
    for glyph in sheet.hidden:
        found.doubt(lattice.cell_at(*glyph.middle), COVERED)
    return found, outside


def _parted(
    lattice: Lattice, glyphs: Sequence[Glyph]
) -> tuple[list[tuple[Glyph, Point]], list[Glyph]]:
    """The glyphs inside a table with their middles, and those outside."""
    left, top, right, bottom = lattice.area
    inside: list[tuple[Glyph, Point]] = []
    outside: list[Glyph] = []
    for glyph in glyphs:
        if glyph.base < top:  # as its middle is: most of a page stands above a table
            outside.append(glyph)
            continue
        x, y = middle = glyph.middle
        if left <= x < right and top <= y < bottom:
            inside.append((glyph, middle))
        else:
            outside.append(glyph)
    return inside, outside


def _mark(found: Contents, glyph: Glyph) -> None:
    """A watermark's letters say nothing; in an empty cell its figures could be the number."""
    if is_figure(glyph):
        for cell in found.touched(glyph):
            if not any(is_figure(own) for own in found.glyphs.get(cell, ())):
                found.doubt(cell, MARKED)


# --- the text of a cell ----------------------------------------------------------------------


def filled(sheet: Sheet, found: Contents, strikes: Sequence[Stroke]) -> list[Filled]:
    """The cells of a table in the order of its lattice."""
    aside: dict[int, list[Glyph]] = defaultdict(list)
    for glyphs, turned in ((sheet.falling, _fallen), (sheet.rising, _risen)):
        for glyph in glyphs:
            cell = found.lattice.cell_at(
                (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
            )
            if cell is not None:
                aside[cell].append(turned(glyph))
    lines = {index: lines_of(glyphs) for index, glyphs in found.glyphs.items()}
    _cut_off(sheet, found, lines)
    cells = [
        _cell(field, lines.get(index, []), found.doubts.get(index, ""), aside.get(index), strikes)
        for index, field in enumerate(found.lattice.fields)
    ]
    if lines:
        inset = _inset(found.lattice, lines)
        if any(cell.doubt == SEVERAL for cell in cells):
            _mend(cells, found.lattice, lines, inset)
        _mark_full(cells, found.lattice, lines, inset)
    return cells


def _mark_full(
    cells: list[Filled], lattice: Lattice, lines: Mapping[int, Sequence[Line]], inset: float
) -> None:
    """Cells at the end of a page whose numbers may go on at the top of the next."""
    last = len(lattice.ys) - 1
    for index, several in lines.items():
        field = cells[index].field
        if field.row + field.row_span != last:
            continue
        left, _, right, _ = lattice.box(field)
        if is_full(several[-1], right - left - 2 * inset):
            cells[index] = cells[index]._replace(full=True)


def _is_cut(glyph: Glyph, sheet: Sheet) -> bool:
    clip = sheet.clips.get(glyph.order)
    return clip is not None and is_cut(glyph, clip)


def _cut_off(sheet: Sheet, found: Contents, lines: Mapping[int, Sequence[Line]]) -> None:
    """Doubt the cells whose numbers may go on where the page or a clip ends."""
    lattice = found.lattice
    left, right = open_sides(lattice.area, sheet.cuts)
    last = len(lattice.xs) - 1
    for index, field in enumerate(lattice.fields):
        sides = (left and field.column == 0, right and field.column + field.column_span == last)
        if not any(sides):
            continue
        several = lines.get(index, [])
        word = any(c.isalpha() for line in several for c in line.text)
        if not word and not is_whole(several, lattice.box(field), sides):
            found.doubt(index, CUT)


def _cell(
    field: Field,
    lines: Sequence[Line],
    doubt: str,
    aside: Sequence[Glyph] | None,
    strikes: Sequence[Stroke],
) -> Filled:
    if not lines and aside:
        return Filled(field, joined(line.text for line in lines_of(aside)), TURNED)
    text = joined(line.text for line in lines)
    if field.torn:
        doubt = TORN
    return Filled(field, text, doubt or doubt_of(lines, text, strikes))


def _mend(
    cells: list[Filled], lattice: Lattice, lines: Mapping[int, Sequence[Line]], inset: float
) -> None:
    """Numbers that were too wide for their cell and go on in its next line are one number.

    Only in rows of the grid of which every other number stands in one line, or where three or
    more are too wide: where the rule between two rows is missing, their numbers stand below each
    other, too, but do not fill their cells.
    """
    rows: dict[int, list[int]] = defaultdict(list)
    for index, cell in enumerate(cells):
        if cell.doubt == SEVERAL:
            rows[cell.field.row].append(index)
    for row, several in rows.items():
        boxes = [lattice.box(cells[index].field) for index in several]
        if (
            all(cells[index].field.row_span == 1 for index in several)
            and (len(several) >= _SEVERAL or any(map(_is_plain, _in_row(cells, row))))
            and all(
                is_wrapped(lines[index], box[2] - box[0] - 2 * inset)
                for index, box in zip(several, boxes, strict=True)
            )
        ):
            for index in several:
                text = "".join(line.text for line in lines[index])
                cells[index] = cells[index]._replace(text=text, doubt="")


def _in_row(cells: Iterable[Filled], row: int) -> Iterator[Filled]:
    return (cell for cell in cells if cell.field.row == row)


def _is_plain(cell: Filled) -> bool:
    return cell.field.row_span == 1 and not cell.doubt and nfkc(cell.text).isdigit()


def _inset(lattice: Lattice, lines: Mapping[int, Sequence[Line]]) -> float:
    """How far text keeps from the borders of its cells."""
    found = [
        (line.glyphs[0].x - lattice.box(lattice.fields[index])[0], line.size)
        for index, several in lines.items()
        for line in several
    ]
    return max(0.0, min(min(gap, _PADDING * size) for gap, size in found))


def _fallen(glyph: Glyph) -> Glyph:
    """As if writing down the page ran to the right; its lines follow from right to left."""
    return glyph._replace(
        x=glyph.base, base=-glyph.x,
        left=glyph.top, right=glyph.bottom, top=-glyph.right, bottom=-glyph.left,
    )  # fmt: skip


def _risen(glyph: Glyph) -> Glyph:
    """As if writing up the page ran to the right."""
    return glyph._replace(
        x=-glyph.base, base=glyph.x,
        left=-glyph.bottom, right=-glyph.top, top=glyph.left, bottom=glyph.right,
    )  # fmt: skip
