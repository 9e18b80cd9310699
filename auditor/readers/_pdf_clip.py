"""What the edge of a page or a clip cuts off: no number that may go on unseen is read short."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from auditor.readers._pdf_glyphs import UNMAPPED, Glyph
from auditor.readers._pdf_lines import Line, line_of
from auditor.readers._pdf_space import Area
from auditor.text import nfkc

_OVER = 0.05  # of the size: how far ink may reach over a clip sideways; pdfium drops idle clips
_ABOVE = 0.15  # of the size: the same up and down, where no number goes on
_SPACED = 1.2  # of the size: no number is spaced out so far that its next figure begins there
_SIDE = 2.5  # points: how far a border may be from the place at which its rules are cut off


def parted_by_clip(
    glyphs: Sequence[Glyph], clips: Mapping[int, Area], page: Area
) -> tuple[list[Glyph], list[Glyph]]:
    """Glyphs of which something is seen, and those that lie outside of the page or their clip."""
    left, top, right, bottom = page
    shown: list[Glyph] = []
    gone: list[Glyph] = []
    for glyph in glyphs:
        seen = left <= glyph.x <= right and top <= glyph.base <= bottom
        if seen and clips and (clip := clips.get(glyph.order)) is not None:
            seen = _overlap(glyph, clip)
        (shown if seen else gone).append(glyph)
    return shown, gone


def _overlap(glyph: Glyph, clip: Area) -> bool:
    """Whether any of a glyph is inside a clip."""
    return (
        glyph.left < clip[2]
        and glyph.right > clip[0]
        and glyph.top < clip[3]
        and glyph.bottom > clip[1]
    )


def is_cut(glyph: Glyph, clip: Area) -> bool:
    """Whether a part of a glyph is cut away."""
    over, above = _OVER * glyph.hand.size, _ABOVE * glyph.hand.size
    return (
        glyph.left < clip[0] - over
        or glyph.right > clip[2] + over
        or glyph.top < clip[1] - above
        or glyph.bottom > clip[3] + above
    )


def with_cut_figures_masked(
    lines: Sequence[Line], clipped: Sequence[Glyph], clips: Mapping[int, Area], page: Area
) -> list[Line]:
    """Lines of text in which a number that is cut off has no figures that could be read."""
    if not clipped and not clips and all(line.right <= page[2] for line in lines):
        return list(lines)
    return [_masked(line, clipped, clips, page) for line in lines]


def _masked(line: Line, clipped: Sequence[Glyph], clips: Mapping[int, Area], page: Area) -> Line:
    glyphs = list(line.glyphs)
    for end, step in ((len(glyphs) - 1, -1), (0, 1)):
        if not _is_figure(glyphs[end]) or not _may_be_cut(glyphs[end], -step, clipped, clips, page):
            continue
        at = end
        while 0 <= at < len(glyphs) and (_is_figure(glyphs[at]) or glyphs[at].text in ".,，．"):
            glyphs[at] = glyphs[at]._replace(text=UNMAPPED)
            at += step
    return line if glyphs == list(line.glyphs) else line_of(glyphs)


def _may_be_cut(
    glyph: Glyph, side: int, clipped: Sequence[Glyph], clips: Mapping[int, Area], page: Area
) -> bool:
    """Whether a figure at the end (`side` 1) or the beginning (-1) of a line is not the last."""
    clip = clips.get(glyph.order)
    if is_cut(glyph, page) or (clip is not None and is_cut(glyph, clip)):
        return True
    size = glyph.hand.em
    return any(
        abs(g.base - glyph.base) < 0.3 * size and 0 < side * (g.x - glyph.x) < 1.5 * size
        for g in clipped
        if _is_figure(g)
    )


def _is_figure(glyph: Glyph) -> bool:
    return nfkc(glyph.text).isdigit()


def nearest_inside(glyph: Glyph, clip: Area) -> tuple[float, float]:
    """The point of a clip that is nearest to a glyph, a little inside."""
    x, y = glyph.middle
    return (
        max(min(x, clip[2] - 1), clip[0] + 1),
        max(min(y, clip[3] - 1), clip[1] + 1),
    )


def open_sides(area: Area, cuts: Collection[float]) -> tuple[bool, bool]:
    """Whether a table may go on unseen beyond its left and its right side."""
    left, right = (any(abs(side - cut) <= _SIDE for cut in cuts) for side in (area[0], area[2]))
    return left, right


def is_whole(lines: Sequence[Line], cell: Area, sides: tuple[bool, bool]) -> bool:
    """Whether what stands in a cell with an open side certainly ends before it."""
    if not lines:
        return False
    return all(
        not (sides[0] and line.left < cell[0] + _SPACED * line.size)
        and not (sides[1] and line.right > cell[2] - _SPACED * line.size)
        for line in lines
    )
