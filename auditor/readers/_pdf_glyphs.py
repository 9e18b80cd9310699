"""The glyphs of a PDF page as pdfium gives them: in page space with y downwards, all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from ctypes import (
    byref,
    c_char,
    c_double,
    c_float,
    c_int,
    c_ulong,
    c_void_p,
    create_string_buffer,
    memmove,
)
from functools import lru_cache
from math import atan2, degrees, hypot
from struct import pack, unpack
from types import MappingProxyType
from typing import NamedTuple

from auditor.readers._pdf_native import native
from auditor.readers._pdf_space import FLIP, Affine, Area, bounds, corners, moved, placed

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_INVISIBLE = (3, 7)  # text render modes that draw nothing
_STROKED = 1
_LONGEST_NAME = 200
_WESTERN = 0x100
_BLANKS = frozenset(
    [*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029, 0x202F,
     0x205F, 0x3000, 0xFEFF]
)  # fmt: skip
_WESTERN = 0x100


Colour = tuple[int, int, int, int]
"""Red, green, blue, alpha."""


class Hand(NamedTuple):
    """How a glyph is drawn: two numbers of one hand were written by the same program at once.

    `size` is the height of its letters; `stretch` says how many times wider than usual they are.
    """

    font: str
    size: float
    colour: Colour
    stretch: float = 1.0

    @property
    def em(self) -> float:
        """How wide a whole character is."""
        return self.size * self.stretch


class Run(NamedTuple):
    """How text objects are written: the angle in degrees, and whether they are drawn at all."""

    angle: float
    drawn: bool


class Glyph(NamedTuple):
    """One character: its origin on the baseline, the box of its ink, y downwards.

    One that the font does not map to a character is U+FFFD. `order` is the place of its text
    object among all that is drawn; `spaced` glyphs follow a blank that is written in the file.
    """

    text: str
    x: float
    base: float
    left: float
    right: float
    top: float
    bottom: float
    hand: Hand
    run: Run
    order: int
    spaced: bool

    @property
    def middle(self) -> tuple[float, float]:
        """The point by which a glyph belongs to a cell."""
        return ((self.left + self.right) / 2, self.base - 0.35 * self.hand.size)


UNMAPPED = "\ufffd"
_BLACK = pack("4I", 0, 0, 0, 255)
_TOLD = 32  # bytes: a colour and the part of a matrix that does not move
_NOBODY = Hand("", 0.0, (0, 0, 0, 255))
_NOWHERE = Run(0.0, False)


class _Form(NamedTuple):
    """Where a text object stands in its form object, how that stands on the page, and both."""

    matrix: Affine
    own: Area
    shown: Area

    def is_own(self, x: float, y: float) -> bool:
        """Whether a place is told as in the form: pdfium does so for characters that it replaces
        by others, such as radicals."""
        return _beyond(x, y, self.own) < _beyond(x, -y, self.shown)


def _beyond(x: float, y: float, area: Area) -> float:
    """How far a point is outside of a box."""
    return max(area[0] - x, x - area[2], 0.0) + max(area[1] - y, y - area[3], 0.0)


_made = tuple.__new__  # what a named tuple does itself, with one call less for each glyph


def glyphs_of(
    page: int,
    order: Mapping[int, int],
    known: AbstractSet[int] = frozenset(),
    outer: Mapping[int, Affine] = MappingProxyType({}),
) -> tuple[list[Glyph], set[int]]:
    """All glyphs of a text page that print something, and the text objects that it has.

    `order` gives the text objects their place in the order of drawing; `known` ones are left out;
    `outer` are the matrices of those inside form objects.
    """
    api, textpage = native(), c_void_p(page)
    unicode_, object_ = api.FPDFText_GetUnicode, api.FPDFText_GetTextObject
    char_box, char_origin = api.FPDFText_GetCharBox, api.FPDFText_GetCharOrigin
    failed = api.FPDFText_HasUnicodeMapError
    numbers = (c_double * 6)()
    to_left, to_right, to_bottom, to_top, to_x, to_y = (byref(numbers, 8 * k) for k in range(6))
    shared = _Runs(textpage).of
    handle = at = 0
    hand, run, form = _NOBODY, _NOWHERE, None
    characters: dict[int, str] = {}
    found: list[Glyph] = []
    add = found.append
    seen: set[int] = set()
    spaced = False
    for index in range(api.FPDFText_CountChars(textpage)):
        code = unicode_(textpage, index)
        if code in _BLANKS:
            if not api.FPDFText_IsGenerated(textpage, index):
                spaced = True
                seen.add(object_(textpage, index))
            continue
        here = object_(textpage, index) or 0
        if here != handle or not here:
            handle, at = here, order.get(here, 0)
            hand, run, characters = shared(here, index)
            form = _form(here, outer) if outer else None
            seen.add(here)
        if known and here in known:
            continue
        text = characters.get(code)
        if text is None:
            text = characters[code] = UNMAPPED if failed(textpage, index) else _character(code)
        elif code < _WESTERN and failed(textpage, index):  # no figure rests on the one before
            text = UNMAPPED
        char_box(textpage, index, to_left, to_right, to_bottom, to_top)
        char_origin(textpage, index, to_x, to_y)
        left, right, bottom, top, x, y = numbers[:]
        if form is not None and form.is_own(x, y):
            left, top, right, bottom = bounds(placed((left, bottom, right, top), form.matrix))
            ((x, y),) = moved([(x, y)], form.matrix)
            bottom, top, y = -bottom, -top, -y
        if right <= left:  # a font without outlines
            left, right = x, x + hand.em / 2
        add(_made(Glyph, (text, x, -y, left, right, -top, -bottom, hand, run, at, spaced)))
        spaced = False
    return found, seen


def _form(text: int, outer: Mapping[int, Affine]) -> _Form | None:
    """The form object around a text object, unless it changes no place."""
    matrix = outer.get(text, FLIP)
    if matrix == FLIP:
        return None
    sides = (c_float * 4)()
    if not native().FPDFPageObj_GetBounds(text, *(byref(sides, 4 * k) for k in range(4))):
        return None
    left, bottom, right, top = sides[:]
    own = (left, bottom, right, top)
    return _Form(matrix, own, bounds(placed(own, matrix)))


def turned_back(glyph: Glyph, matrix: Affine) -> Glyph:
    """A glyph of a text that was turned for reading, as it stands on the page."""
    box = (glyph.left, glyph.top, glyph.right, glyph.bottom)
    left, top, right, bottom = bounds(moved(corners(box), matrix))
    ((x, base),) = moved([(glyph.x, glyph.base)], matrix)
    by = degrees(atan2(-matrix[1], matrix[0]))
    run = glyph.run._replace(angle=(glyph.run.angle + by + 180) % 360 - 180)
    return glyph._replace(x=x, base=base, left=left, right=right, top=top, bottom=bottom, run=run)


@lru_cache(maxsize=8192)
def _character(code: int) -> str:
    """What a code prints: U+FFFD where it is no character.

    Codes for private use mean something to a font only. Halves of a pair come one after the
    other and are put together with the line.
    """
    if code > 0x10FFFF:
        return UNMAPPED
    control = code < 0x20 or 0x7F <= code < 0xA0
    private = 0xE000 <= code < 0xF900 or code >= 0xF0000
    return UNMAPPED if control or private or code in (0xFFFE, 0xFFFF) else chr(code)


Key = tuple[bytes, float, int, int]
Shared = tuple[Hand, Run, dict[int, str]]


class _Runs:
    """The text objects of a page: some producers make one of every glyph.

    What they share is told by the bytes that pdfium writes, which costs less than to unpack them.
    """

    def __init__(self, textpage: c_void_p) -> None:
        self.api = api = native()
        self.textpage = textpage
        self.shared: dict[Key, Shared] = {}
        self.hands: dict[Hand, Hand] = {}
        self.fonts: dict[int, tuple[str, dict[int, str]]] = {}
        room = create_string_buffer(_TOLD + 8)  # red, green, blue, alpha; a, b, c, d, e, f
        self.told = (c_char * _TOLD).from_buffer(room)
        self.red, self.green, self.blue, self.alpha = (byref(room, 4 * k) for k in range(4))
        self.matrix = byref(room, 16)
        self.mode_of, self.font_of = api.FPDFTextObj_GetTextRenderMode, api.FPDFTextObj_GetFont
        self.fill, self.stroke = api.FPDFText_GetFillColor, api.FPDFText_GetStrokeColor
        self.matrix_of, self.size_of = api.FPDFText_GetMatrix, api.FPDFText_GetFontSize

    def of(self, handle: int, index: int) -> Shared:
        """The hand and the run of a glyph, and the characters of its font known so far."""
        textpage, mode, font = self.textpage, 0, 0
        if handle:
            mode, font = self.mode_of(handle), self.font_of(handle) or 0
        colour = self.stroke if mode == _STROKED else self.fill
        if not colour(textpage, index, self.red, self.green, self.blue, self.alpha):
            memmove(self.told, _BLACK, 16)  # a pattern
        self.matrix_of(textpage, index, self.matrix)
        key = (self.told.raw, self.size_of(textpage, index), font, mode)
        return self.shared.get(key) or self._share(key, index)

    def _share(self, key: Key, index: int) -> Shared:
        told, size, font, mode = key
        red, green, blue, alpha, a, b, c, d = unpack("4I4f", told)
        name, known = self._font(font, index)
        high, wide = hypot(c, d), hypot(a, b)
        stretch = round(wide / high, 2) if high > 0 else 1.0
        size = round(size * high, 2)
        hand = Hand(name, size, (red, green, blue, alpha), stretch)
        run = Run(degrees(atan2(b, a)), mode not in _INVISIBLE and size > 0)
        self.shared[key] = shared = (self.hands.setdefault(hand, hand), run, known)
        return shared

    def _font(self, font: int, index: int) -> tuple[str, dict[int, str]]:
        """The name of a font without the mark of its subset, and room for its characters."""
        if font not in self.fonts:
            text, flags = create_string_buffer(_LONGEST_NAME), c_int()
            size = c_ulong(_LONGEST_NAME)
            self.api.FPDFText_GetFontInfo(self.textpage, index, text, size, byref(flags))
            self.fonts[font] = (_SUBSET.sub("", text.value.decode("utf-8", "replace")), {})
        return self.fonts[font]
