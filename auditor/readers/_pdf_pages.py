"""A sheet → what stands on the page, in reading order: lines, tables, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from auditor.readers._blocks import Budget
from auditor.readers._pdf_cells import MARKED, Filled, contents_of, filled
from auditor.readers._pdf_clip import with_cut_figures_masked
from auditor.readers._pdf_columns import in_rows
from auditor.readers._pdf_glyphs import Glyph
from auditor.readers._pdf_lattice import Lattice, lattices
from auditor.readers._pdf_lines import Line, lines_of
from auditor.readers._pdf_sheet import Sheet
from auditor.readers._pdf_space import Area

_WIDE, _HIGH = 0.3, 0.07  # of the page: a picture that could hold a table is larger
_WHOLE = 0.5  # of the page: a picture that could be all of it
_FEW = 30  # glyphs on a page: fewer may be a stamp or a page number on a scan
_UNMAPPED = 0.2  # of the glyphs: with more of them without a character a page is not readable
_GUESSED = ("unmapped", "fontless")  # pages of which no part is read
_BLANKS = 10  # lost glyphs that may all be blanks
_OUTLINED = 300  # shapes on a page without glyphs: its letters are drawn as curves


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table on one page."""

    lattice: Lattice
    cells: list[Filled]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that may hold what the text lacks."""

    area: Area
    kind: str


Item: TypeAlias = "Line | Ruled | Drawn"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as it is read. `unread` says why its text cannot be: `scan`, `unmapped`, `fontless`.

    The letters of `fontless` pages are not in the file, and what is shown instead may be others.
    """

    sheet: Sheet
    items: list[Item] = field(default_factory=list)
    unread: str = ""


def leaf_of(sheet: Sheet, numbers: set[int], budget: Budget) -> Leaf:
    """Read one page. `numbers` are the glyphs (by identity) of page numbers."""
    pictures = _pictures(sheet)
    unread = _unread(sheet, pictures)
    if unread in _GUESSED or (unread and not sheet.glyphs):
        return Leaf(sheet, [Drawn(sheet.area, "scan")], unread)
    glyphs, counted = _parted(sheet.glyphs, numbers)
    found, strikes = lattices(sheet.across, sheet.down, sheet.em, budget, sheet.cuts)
    tables: list[Item] = []
    # A table inside a cell of another one takes its glyphs first.
    for lattice in sorted(found, key=_size):
        budget.spend(len(glyphs))
        contents, glyphs = contents_of(sheet, lattice, glyphs)
        for glyph in counted:
            contents.doubt(lattice.cell_at(*glyph.middle), MARKED)
        tables.append(Ruled(lattice, filled(sheet, contents, strikes)))
    lines = with_cut_figures_masked(lines_of(glyphs), sheet.clipped, sheet.clips, sheet.area)
    lines = in_rows(lines)
    items: list[Item] = [*tables, *lines, *_drawn(sheet, pictures, unread)]
    return Leaf(sheet, sorted(items, key=top_of), unread)


def _size(lattice: Lattice) -> float:
    left, top, right, bottom = lattice.area
    return (right - left) * (bottom - top)


def _parted(glyphs: Sequence[Glyph], numbers: set[int]) -> tuple[Sequence[Glyph], list[Glyph]]:
    """The glyphs of a page without those of its number, and those."""
    if not numbers:
        return glyphs, []
    others = [g for g in glyphs if id(g) not in numbers]
    return others, [g for g in glyphs if id(g) in numbers]


def top_of(item: Item) -> float:
    """Where something begins on its page: lines by the middle of their letters."""
    if isinstance(item, Line):
        return item.base - 0.4 * item.size
    return item.area[1] if isinstance(item, Drawn) else item.lattice.ys[0]


# --- pictures --------------------------------------------------------------------------------


def _pictures(sheet: Sheet) -> list[Area]:
    """Pictures by their boxes; strips that lie side by side are one picture."""
    left, top, right, bottom = sheet.area
    merged: list[Area] = []
    for area in sorted(sheet.pictures, key=lambda a: (a[1], a[0])):
        a = (max(area[0], left), max(area[1], top), min(area[2], right), min(area[3], bottom))
        if a[2] <= a[0] or a[3] <= a[1]:
            continue
        if merged and _adjoining(merged[-1], a):
            last = merged[-1]
            merged[-1] = (
                min(last[0], a[0]), min(last[1], a[1]), max(last[2], a[2]), max(last[3], a[3]),
            )  # fmt: skip
        else:
            merged.append(a)
    return merged


def _adjoining(one: Area, other: Area) -> bool:
    """Two strips of the same width, one below the other, or of the same height side by side."""
    below = abs(one[0] - other[0]) < 2 and abs(one[2] - other[2]) < 2 and other[1] - one[3] < 2
    beside = abs(one[1] - other[1]) < 2 and abs(one[3] - other[3]) < 2 and other[0] - one[2] < 2
    return below or beside


def _share(area: Area, sheet: Sheet) -> float:
    left, top, right, bottom = sheet.area
    whole = (right - left) * (bottom - top)
    return (area[2] - area[0]) * (area[3] - area[1]) / whole if whole > 0 else 0.0


def _unread(sheet: Sheet, pictures: Sequence[Area]) -> str:
    """Why a page cannot be read as text; empty if it can."""
    if sheet.unmapped > _UNMAPPED * max(len(sheet.glyphs), 1):
        return "unmapped"
    if len(sheet.lost) > max(_BLANKS, _UNMAPPED * len(sheet.glyphs)):
        return "fontless"
    if len(sheet.glyphs) >= _FEW:
        return ""
    if any(_share(area, sheet) >= _WHOLE for area in pictures):
        return "scan"
    return "scan" if not sheet.glyphs and (pictures or sheet.drawn >= _OUTLINED) else ""


def _drawn(sheet: Sheet, pictures: Sequence[Area], unread: str) -> list[Drawn]:
    """The pictures that count: a page that is one, else those large enough to hold a table.

    A picture under a page full of text is its background.
    """
    if unread:
        return [Drawn(sheet.area, "scan")]
    left, top, right, bottom = sheet.area
    wide, high = _WIDE * (right - left), _HIGH * (bottom - top)
    return [
        Drawn(a, "image")
        for a in pictures
        if a[2] - a[0] >= wide and a[3] - a[1] >= high and not _is_ground(a, sheet)
    ]


def _is_ground(area: Area, sheet: Sheet) -> bool:
    written = sum(area[0] <= g.x <= area[2] and area[1] <= g.base <= area[3] for g in sheet.glyphs)
    return _share(area, sheet) >= _WHOLE and written >= _FEW
