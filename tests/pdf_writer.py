"""Small PDF files written by hand: text, rules, tables, pictures, without any font file.

Characters are their own codes in a font that is not embedded; its ToUnicode map says so. Places
are points from the upper left corner of the page.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from math import cos, radians, sin

LEFT, UP = "<", "^"
"""Grid entries: this unit belongs to the cell on its left, or to the one above."""

_MAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Own def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
%d beginbfrange
%s
endbfrange endcmap end end"""


def _unicode_map() -> bytes:
    lines = [f"<{h:02x}00> <{h:02x}ff> <{h:02x}00>" for h in range(0x100)]
    parts = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    body = "\nendbfrange\n".join(
        (f"{len(part)} beginbfrange\n" if i else "") + "\n".join(part)
        for i, part in enumerate(parts)
    )
    return _MAP % (len(parts[0]), body.encode())


class Page:
    """A page on its way: `matrix` turns or scales all that is drawn."""

    def __init__(
        self,
        width: float = 595,
        height: float = 842,
        rotate: int = 0,
        matrix: Sequence[float] | None = None,
        extra: str = "",
    ) -> None:
        self.width, self.height, self.rotate, self.extra = width, height, rotate, extra
        self.matrix = matrix
        self.parts: list[str] = []

    def raw(self, operators: str) -> Page:
        self.parts.append(operators)
        return self

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 10,
        font: str = "F1",
        colour: Sequence[float] = (0, 0, 0),
        angle: float = 0,
        mode: int = 0,
        state: str = "",
        glyphwise: bool = False,
    ) -> Page:
        """Words on a baseline. ASCII is half as wide as anything else."""
        c, s = cos(radians(angle)), sin(radians(angle))
        at = x
        for word in words if glyphwise else [words]:
            # pdfium drops objects of one character without outline; a blank after it helps.
            code = (word if word.isascii() else f"{word} ").encode("utf-16-be").hex()
            rgb = " ".join(map(str, colour))
            self.parts.append(
                f"q {state} BT {rgb} rg {mode} Tr /{font} {size} Tf "
                f"{c:.5f} {s:.5f} {-s:.5f} {c:.5f} {at:.3f} {self.height - y:.3f} Tm <{code}> Tj ET Q"
            )
            at += span(word, size)
        return self

    def line(
        self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5, rgb: str = "0 0 0"
    ) -> Page:
        h = self.height
        return self.raw(f"{rgb} RG {width} w {x0} {h - y0} m {x1} {h - y1} l S")

    def fill(self, x: float, y: float, w: float, h: float, rgb: str = "0 0 0") -> Page:
        return self.raw(f"{rgb} rg {x} {self.height - y - h} {w} {h} re f")

    def clip(self, x: float, y: float, w: float, h: float) -> Page:
        """All that is drawn after this is cut off outside of a box."""
        return self.raw(f"{x} {self.height - y - h} {w} {h} re W n")

    def image(self, x: float, y: float, w: float, h: float) -> Page:
        return self.raw(f"q {w} 0 0 {h} {x} {self.height - y - h} cm /Im Do Q")

    def table(
        self,
        x: float,
        y: float,
        grid: Sequence[Sequence[str]],
        widths: Sequence[float] = (),
        height: float = 20,
        size: float = 10,
        filled: bool = False,
        without: Collection[str] = (),
        font: str = "F1",
    ) -> Page:
        """A ruled table. `without` outer borders: left, right, top, bottom."""
        widths = widths or [80] * len(grid[0])
        xs = [x + sum(widths[:i]) for i in range(len(widths) + 1)]
        ys = [y + height * i for i in range(len(grid) + 1)]
        rule = self._filled if filled else self.line
        for i, row in enumerate(grid):
            for j, words in enumerate(row):
                if words != LEFT and not (j == 0 and "left" in without):
                    rule(xs[j], ys[i], xs[j], ys[i + 1])
                if words != UP and not (i == 0 and "top" in without):
                    rule(xs[j], ys[i], xs[j + 1], ys[i])
                if words not in (LEFT, UP, ""):
                    self.text(xs[j] + 3, ys[i] + height - 6, words, size, font)
            if "right" not in without:
                rule(xs[-1], ys[i], xs[-1], ys[i + 1])
        if "bottom" not in without:
            rule(x, ys[-1], xs[-1], ys[-1])
        return self

    def _filled(self, x0: float, y0: float, x1: float, y1: float) -> Page:
        return self.fill(x0 - 0.25, y0 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5)

    def content(self) -> bytes:
        turn = f"{' '.join(map(str, self.matrix))} cm\n" if self.matrix else ""
        return f"q {turn}{chr(10).join(self.parts)} Q".encode("latin-1")


def span(words: str, size: float) -> float:
    """How wide words are."""
    return sum(size / 2 if c.isascii() else size for c in words)


def _stream(data: bytes, entries: str = "") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries.encode(), len(data), data)


def _font(name: str, file: bool) -> list[bytes]:
    """A font with (F1, F2) or without (F3) its map to characters."""
    mapped = b"/ToUnicode 3 0 R" if file else b""
    order = b"Identity"
    kid = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)"
        b"/Ordering(%s)/Supplement 0>>/DW 1000/W[0[0] 32 126 500]/FontDescriptor 4 0 R>>"
    ) % (name.encode(), order)
    top = b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H%s/DescendantFonts[%%d 0 R]>>"
    return [kid, top % (name.encode(), mapped)]


def write(
    pages: Sequence[Page],
    info: str = "",
    form: bool = False,
    trailer: str = "",
    image: bytes | None = None,
) -> bytes:
    """The file. `form` puts every page's content into a form object of its own."""
    objects: list[bytes] = [b"", b"", _stream(_unicode_map())]
    objects.append(
        b"<</Type/FontDescriptor/FontName/Own/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0"
        b"/Ascent 900/Descent -200/CapHeight 700/StemV 80>>"
    )
    names = []
    for name, mapped in (("Own", True), ("Other", True), ("Bare", False)):
        kid, top = _font(name, mapped)
        objects.append(kid)
        objects.append(top % len(objects))
        names.append(len(objects))
    pixels = image if image is not None else b"\x80"
    objects.append(
        _stream(
            pixels,
            "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8",
        )
    )
    picture = len(objects)
    fonts = "".join(f"/F{i} {n} 0 R" for i, n in enumerate(names, 1))
    state = "/ExtGState<</Thin<</ca 0.2>>/Clear<</ca 0>>>>"
    resources = f"<</Font<<{fonts}>>{state}/XObject<</Im {picture} 0 R%s>>>>"
    kids = []
    for page in pages:
        content, inner = page.content(), ""
        if form:
            box = f"/BBox[0 0 {page.width} {page.height}]"
            entries = f"/Type/XObject/Subtype/Form{box}/Resources {resources % ''}"
            objects.append(_stream(content, entries))
            content, inner = b"q 1 0 0 1 0 0 cm /Fm Do Q", f"/Fm {len(objects)} 0 R"
        objects.append(_stream(zlib.compress(content), "/Filter/FlateDecode"))
        objects.append(
            (
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.width} {page.height}]"
                f"/Rotate {page.rotate}/Resources {resources % inner}"
                f"/Contents {len(objects)} 0 R{page.extra}>>"
            ).encode()
        )
        kids.append(len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    listed = " ".join(f"{k} 0 R" for k in kids)
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]>>".encode()
    return assembled(objects, info, trailer)


def assembled(objects: Sequence[bytes], info: str = "", trailer: str = "") -> bytes:
    """A file of these objects, numbered from 1; the first is its root."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate([*objects, f"<<{info}>>".encode("latin-1")], 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += (
        f"trailer\n<</Size {len(places) + 1}/Root 1 0 R/Info {len(places)} 0 R{trailer}>>".encode()
    )
    return bytes(out + b"\nstartxref\n%d\n%%%%EOF\n" % start)
