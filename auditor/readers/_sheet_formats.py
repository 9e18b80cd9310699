"""Figures of a workbook that show something else than they hold: rounded, scaled, or not at all.

What a person sees, prints and publishes is the figure as its format shows it; the cell holds
another. Which of the two was meant nobody can tell from here, so such cells are doubted. Formats
that only add a unit, a sign of money, or a dash for nothing, change no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import NamedTuple

OTHER = "the cell shows another figure than it holds"

# Nothing reaches beyond the next "<": the time grows with the length of a file, not faster.
_FORMAT = re.compile(
    rb"<numFmt\b(?=[^<]*\bnumFmtId=\"([0-9]{1,9})\")[^<]*\bformatCode=\"([^\"]*)\""
)
_STYLES, _STYLES_END = b"<cellXfs", b"</cellXfs>"
_STYLE = re.compile(rb"<xf\b(?:[^<]*?\bnumFmtId=\"([0-9]{1,9})\")?")
_CELL = re.compile(
    rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\" s=\"([0-9]+)\"(?: t=\"n\")?>"
    rb"(?:<f\b[^>]*(?:/>|>[^<]*</f>))?<v>([^<]*)</v>"
)
_USUAL: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0;-#,##0",
    38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0;-#,##0;-", 42: "#,##0;-#,##0;-", 43: "#,##0.00;-#,##0.00;-",
    44: "#,##0.00;-#,##0.00;-",
}  # fmt: skip
# Words between quotes, signs behind a mark, widths and fillings, colours and conditions.
_SAID = re.compile(r"\"[^\"]*\"|[\\_*!].|\[[^\]]*\]")
_OTHERWISE = re.compile("[a-zA-Z@/年月日时分秒]")  # dates, words, powers, fractions, as it is
_NOISE = Decimal("1e-9")


class Look(NamedTuple):
    """How a format shows a figure: `places` behind the point, after a shift by powers of ten.
    Without `digits` it shows none."""

    digits: bool
    places: int
    shift: int
    broken: bool = False


Looks = Mapping[bytes, tuple[Look | None, ...]]


def looks(styles: bytes) -> Looks:
    """The number of each style with the looks of positive and negative figures."""
    start = styles.find(_STYLES)
    end = styles.find(_STYLES_END, start)
    own = [int(n or 0) for n in _STYLE.findall(styles, start, end)] if 0 <= start < end else []
    if not any(own):
        return {}
    codes = {
        int(n): unescape(code.decode("utf-8", "replace")) for n, code in _FORMAT.findall(styles)
    }
    codes = {number: codes.get(number) or _USUAL.get(number, "") for number in set(own)}
    known = {number: tuple(_looks(code)) for number, code in codes.items() if code}
    found = {b"%d" % n: known.get(number, ()) for n, number in enumerate(own)}
    return {style: several for style, several in found.items() if any(several)}


def _looks(code: str) -> Iterator[Look | None]:
    """Of the first two parts of a format; None where it shows the figure as it is."""
    sections = re.sub(r"\"[^\"]*\"|\\;", lambda m: m[0].replace(";", ","), code).split(";")
    conditional = "[<" in code or "[>" in code or "[=" in code
    for section in sections[:1] if conditional else sections[:2]:
        bare = _SAID.sub("\0", section)
        inside = bare.strip("\0 -+()$￥¥")
        if _OTHERWISE.search(inside):
            yield None
            continue
        number = re.search(r"[0#?][0#?,.\0 ]*", inside)
        if number is None:
            yield Look(digits=False, places=0, shift=0)
            continue
        digits = number[0].rstrip("\0 ")
        whole, _, part = digits.rstrip(",").partition(".")
        shift = 2 * inside.count("%") - 3 * (len(digits) - len(digits.rstrip(",")))
        places = sum(sign in "0#?" for sign in part)
        yield Look(True, places, shift, "\0" in whole + part)


def doubtful(sheet: bytes, known: Looks) -> Iterator[tuple[int, int]]:
    """The row and column, from 0, of the cells that show another figure than they hold."""
    for letters, row, style, held in _CELL.findall(sheet):
        several = known.get(style)
        if several and _differs(held, several):
            yield int(row) - 1, _column(letters)


def _differs(held: bytes, several: tuple[Look | None, ...]) -> bool:
    if held.isdigit() and (held == b"0" or _is_plain(several[0])):
        return False
    try:
        value = Decimal(held.decode())
    except (InvalidOperation, ValueError):
        return False
    look = several[-1] if value < 0 else several[0]
    if look is None or not value.is_finite() or not value:
        return False
    if not look.digits or look.shift or look.broken:
        return True
    return abs(value - round(value, look.places)) > _NOISE * max(Decimal(1), abs(value))


def _is_plain(look: Look | None) -> bool:
    """Whether whole numbers are shown as they are."""
    return look is None or (look.digits and not look.shift and not look.broken)


def _column(letters: Iterable[int]) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
