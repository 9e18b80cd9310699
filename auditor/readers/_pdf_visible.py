"""What of a page is really printed, and what of that is a watermark."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter

from auditor.readers._pdf_glyphs import Glyph, Hand
from auditor.readers._pdf_marks import Marks, Outline, is_white
from auditor.readers._pdf_space import Area
from auditor.readers.limits import too_large

_UNSEEN = 10  # of 255: what is less opaque is not seen
_FAINT_ALPHA = 128
_PALE = 0.72  # of white: how bright the letters of watermarks are
_LARGE = 1.7  # times the usual size
_OVERLAID = 2  # glyphs: fewer may be an accident
_CHECKS = 3_000_000  # comparisons of glyphs and areas on one page


def printed(glyphs: Sequence[Glyph], marks: Marks) -> tuple[Sequence[Glyph], Sequence[Glyph]]:
    """Glyphs that can be seen, and those that are transparent, white on white or painted over."""
    covered = _covered(glyphs, marks)
    hands = _hands(glyphs)
    white = {id(h) for h in hands if is_white(h.colour)}
    clear = {id(h) for h in hands if h.colour[3] < _UNSEEN}
    if not (covered or white or clear) and all(g.run.drawn for g in glyphs):
        return glyphs, []
    dark = _on_dark([g for g in glyphs if id(g.hand) in white], marks)
    visible: list[Glyph] = []
    hidden: list[Glyph] = []
    for glyph in glyphs:
        gone = not glyph.run.drawn or id(glyph.hand) in clear or id(glyph) in covered
        gone = gone or (id(glyph.hand) in white and id(glyph) not in dark)
        (hidden if gone else visible).append(glyph)
    return visible, hidden


def _on_dark(glyphs: Sequence[Glyph], marks: Marks) -> set[int]:
    """Glyphs (by identity) that stand on a picture or on a fill that is not white."""
    areas = [image.area for image in marks.images]
    areas += [
        outline.area
        for shape in marks.shapes
        if shape.fill and not is_white(shape.fill)
        for outline in shape.outlines
    ]
    _check(len(areas) * len(glyphs))
    return {id(g) for g in glyphs if any(_inside(g, area) for area in areas)}


def _within(x: float, y: float, area: Area) -> bool:
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _covered(glyphs: Sequence[Glyph], marks: Marks) -> set[int]:
    """Glyphs (by identity) over which something opaque was drawn later."""
    if not glyphs:
        return set()
    first = min([g.order for g in glyphs])
    covers = [(i.order, i.area) for i in marks.images if i.opaque and i.order > first]
    covers += [
        (s.order, area)
        for s in marks.shapes
        if s.opaque and s.order > first and s.fill and s.fill[3] == 255
        for o in s.outlines
        if (area := _painted(o, s.clip)) is not None
    ]
    if not covers:
        return set()
    ordered = sorted(glyphs, key=attrgetter("base"))
    heights = [g.base for g in ordered]
    middles = [(g.order, (g.left + g.right) / 2, (g.top + g.bottom) / 2, id(g)) for g in ordered]
    found: set[int] = set()
    checks = 0
    for order, (left, top, right, bottom) in covers:
        low, high = bisect_left(heights, top), bisect_right(heights, bottom + 2)
        checks += 1 + high - low
        _check(checks)
        for earlier, x, y, glyph in middles[low:high]:
            if earlier < order and left <= x <= right and top <= y <= bottom:
                found.add(glyph)
    return found


def _painted(outline: Outline, clip: Area | None) -> Area | None:
    """The box that a fill covers; None unless it is a rectangle."""
    if outline.curved or len(outline.points) not in (4, 5):
        return None
    left, top, right, bottom = outline.area
    near = 0.1
    for x, y in outline.points:
        if min(x - left, right - x) > near or min(y - top, bottom - y) > near:
            return None
    if clip is not None:
        left, top = max(left, clip[0]), max(top, clip[1])
        right, bottom = min(right, clip[2]), min(bottom, clip[3])
    return (left, top, right, bottom) if right - left > 2 and bottom - top > 2 else None


def _inside(glyph: Glyph, area: Area) -> bool:
    return _within((glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2, area)


def watermarks(glyphs: Sequence[Glyph], em: float) -> tuple[Sequence[Glyph], Sequence[Glyph]]:
    """The glyphs of a page without its watermarks, and those."""
    plain, marks = _parted(glyphs, [h for h in _hands(glyphs) if _is_mark(h, em, glyphs)])
    return (glyphs, []) if len(marks) > len(plain) else (plain, marks)


def _is_mark(hand: Hand, em: float, glyphs: Sequence[Glyph]) -> bool:
    """Whether a hand writes watermarks: translucent, or large and pale or over other writing."""
    red, green, blue, alpha = hand.colour
    if alpha < _FAINT_ALPHA:
        return True
    if hand.size <= _LARGE * em or is_white(hand.colour):
        return False
    pale = (0.3 * red + 0.59 * green + 0.11 * blue) / 255 > _PALE
    return pale or _overlies(hand, glyphs)


def _overlies(hand: Hand, glyphs: Sequence[Glyph]) -> bool:
    """Whether a hand writes over much smaller glyphs, as no title does."""
    most = hand.size / _LARGE
    others = sorted([g for g in glyphs if g.hand.size < most], key=attrgetter("base"))
    heights = [g.base for g in others]
    found = checks = 0
    for glyph in glyphs:
        if glyph.hand is not hand:
            continue
        low, high = bisect_left(heights, glyph.top), bisect_right(heights, glyph.bottom + most)
        checks += high - low
        _check(checks)
        area = (glyph.left, glyph.top, glyph.right, glyph.bottom)
        found += any(_within(*other.middle, area) for other in others[low:high])
        if found >= _OVERLAID:
            return True
    return False


def _check(count: int) -> None:
    """Refuse pages on which so much lies over each other that it takes minutes to tell."""
    if count > _CHECKS:
        raise too_large("一页的重叠图形", "overlapping objects on a page", count, _CHECKS)


def _parted(
    glyphs: Sequence[Glyph], hands: Iterable[Hand]
) -> tuple[Sequence[Glyph], Sequence[Glyph]]:
    """The glyphs of other hands, and of these."""
    ids = {id(hand) for hand in hands}
    if not ids:
        return glyphs, []
    return [g for g in glyphs if id(g.hand) not in ids], [g for g in glyphs if id(g.hand) in ids]


def _hands(glyphs: Iterable[Glyph]) -> list[Hand]:
    """All hands of a page; there is one object of each."""
    hands = [g.hand for g in glyphs]
    return list(dict(zip(map(id, hands), hands, strict=True)).values())
