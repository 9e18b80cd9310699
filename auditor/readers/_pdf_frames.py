"""Tables whose rules are what is left of a dark ground between the light fills of their cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from auditor.readers._pdf_marks import Colour, Shape, is_white
from auditor.readers._pdf_space import Area, common

_CELLS = 4  # fewer light fills on a ground are panels of a page
_COVERED = 0.75  # of the ground: rules leave more of it to the cells
_LIGHTER = 40  # of 255: by how much a cell differs from its ground
_NEAR = 2.0  # points that a cell may reach over its ground
_WORK = 400_000  # comparisons of fills and grounds on one page


class _Fill(NamedTuple):
    area: Area
    colour: Colour
    order: int

    @property
    def size(self) -> float:
        """Square points."""
        return (self.area[2] - self.area[0]) * (self.area[3] - self.area[1])


def cells_on_grounds(shapes: Sequence[Shape], em: float) -> Iterator[Area]:
    """The boxes of light fills that cover most of a darker one: their edges are rules."""
    dark = (shape for shape in shapes if shape.fill and not is_white(shape.fill))
    grounds = [f for shape in dark for f in _fills(shape, em) if f.size > 60 * em * em]
    if not grounds:  # as on nearly every page
        return
    fills = [fill for shape in shapes for fill in _fills(shape, em)]
    if len(grounds) * len(fills) > _WORK:
        return
    for ground in grounds:
        cells = [f for f in fills if _is_cell(f, ground)]
        if len(cells) >= _CELLS and sum(c.size for c in cells) >= _COVERED * ground.size:
            yield from (cell.area for cell in cells)


def _fills(shape: Shape, em: float) -> Iterator[_Fill]:
    if shape.fill is None:
        return
    for outline in shape.outlines:
        area = outline.area
        if outline.curved or area[2] - area[0] <= em or area[3] - area[1] <= em:
            continue
        area = common(area, shape.clip) if shape.clip else area
        if area[2] - area[0] > em and area[3] - area[1] > em:
            yield _Fill(area, shape.fill, shape.order)


def _is_cell(fill: _Fill, ground: _Fill) -> bool:
    left, top, right, bottom = ground.area
    lighter = min(a - b for a, b in zip(fill.colour[:3], ground.colour[:3], strict=True))
    return (
        fill.order > ground.order
        and lighter >= _LIGHTER
        and fill.size < ground.size / 2
        and left - _NEAR <= fill.area[0]
        and top - _NEAR <= fill.area[1]
        and fill.area[2] <= right + _NEAR
        and fill.area[3] <= bottom + _NEAR
    )
