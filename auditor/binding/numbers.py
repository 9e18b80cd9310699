"""Text of one cell → an exact number, a printed blank, or nothing that may be trusted."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from auditor.binding.bound import State
from auditor.form import Field

_BLANKS = frozenset(("", "/", "//", "\\", "无", "無", "空"))
_NOUGHTS = frozenset("〇零")  # ○ and O may be marks of another kind
_NOUGHT: tuple[int, Decimal] = (0, Decimal(0))
_DASHES = re.compile(r"[-‐‑‒–—―─_]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"[\s\u00a0\u3000]+")
_NOTE = re.compile(r"^(?P<number>.*?[0-9]\D{0,4}?)(?:[((\[〔【].*[))\]〕】]|[*※]+)$", re.DOTALL)
_NUMBER = re.compile(
    r"(?P<lead>增加?|减少?|新增)?:?(?P<sign>[+-]?)"
    r"(?P<digits>[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?P<scale>百|千)?(?P<myriad>万|亿)?(?P<unit>[\u4e00-\u9fff]{0,2})"
)
_VAGUE = re.compile(r"[余多几约左右近上下来零一二三四五六七八九十百千万亿两半成倍美港欧日英]")
_SCALES = {"": 0, "百": 2, "千": 3, "万": 4, "亿": 8}
_MONEY = "元"
_LESS = "减"
_STOPS = "。、;"
_LIMIT = 10**15
_WHOLE_DIGITS, _PLACES = 18, 12


@dataclass(frozen=True, slots=True)
class NumberRead:
    """What a cell says.

    `value` is set only where `state` is READ: int for counts and changes, Decimal for amounts.
    `notes` are kinds of observations: `digits-normalised`, `unit-in-cell`, `note-in-cell` beside a
    value; `not-a-count` or `unreadable` where the cell is OPEN. `text` is the cell as printed.
    """

    state: State
    value: int | Decimal | None = None
    notes: tuple[str, ...] = ()
    text: str = ""


def read_number(text: str, field: Field) -> NumberRead:
    """Read the text of one cell as a value of `field`; never guesses."""
    return _read(text, field.kind, field.unit)


@lru_cache(maxsize=4096)
def _read(text: str, kind: str, unit: str) -> NumberRead:
    printed = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
    if is_blank(text):
        return NumberRead(State.BLANK, text=printed)
    if printed in _NOUGHTS:
        return NumberRead(State.READ, _NOUGHT[kind == "amount"], ("digits-normalised",), printed)
    body, marked = _without_marks(printed)
    match = None if _broken(text, body) else _NUMBER.fullmatch(_tight(body))
    if match is not None:
        return _value(match, kind, unit, printed, marked)
    return _open("unreadable", printed)


@lru_cache(maxsize=4096)
def is_blank(text: str) -> bool:
    """Whether a cell prints nothing, or one of the signs that stand for nothing."""
    bare = _SPACES.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))
    return bare in _BLANKS or _DASHES.fullmatch(bare) is not None


@lru_cache(maxsize=4096)
def is_numeric(text: str) -> bool:
    """Whether a cell holds something that starts or reads like a number (never a label)."""
    printed = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
    if printed in _NOUGHTS:
        return True
    body, _ = _without_marks(printed)
    return _NUMBER.fullmatch(_tight(body)) is not None


def _without_marks(printed: str) -> tuple[str, bool]:
    """Without footnote marks and a trailing note; NFKC would glue ① and ² to the digits."""
    bare = printed
    while bare and unicodedata.category(bare[-1]) == "No":
        bare = bare[:-1]
    marked = bare != printed
    if any(unicodedata.category(c) == "No" for c in bare):
        return "", marked
    normal = unicodedata.normalize("NFKC", bare).strip().rstrip(_STOPS)
    note = _NOTE.match(normal)
    return (note.group("number").strip(), True) if note else (normal, marked)


def _tight(body: str) -> str:
    """Without spaces except those between digits, which may part two numbers."""
    return re.sub(r" (?![0-9])|(?<![0-9]) ", "", body)


def _broken(text: str, body: str) -> bool:
    """Whether a line break parts digits: two numbers in one cell, or one torn apart."""
    if " " not in body:
        return False
    return re.search(r"[0-9][ \t\u00a0\u3000]*[\r\n]+\s*[0-9]", text) is not None


def _value(match: re.Match[str], kind: str, unit: str, printed: str, marked: bool) -> NumberRead:
    number = Decimal(re.sub(r"[, ]", "", match["digits"]))
    if match["sign"] == "-":
        number = -number
    if match["lead"]:
        if kind != "change" or match["sign"]:
            return _open("unreadable", printed)
        number = -number if match["lead"].startswith(_LESS) else number
    scaled = _scaled(number, match, kind, unit)
    if scaled is None:
        return _open("unreadable", printed)
    return _typed(scaled, kind, printed, _notes(match, printed, marked, kind))


def _scaled(number: Decimal, match: re.Match[str], kind: str, unit: str) -> Decimal | None:
    """The number in the unit of the field; None where the printed unit is in doubt."""
    scale, myriad, word = match["scale"] or "", match["myriad"] or "", match["unit"]
    power = _SCALES[scale] + _SCALES[myriad]
    if _VAGUE.search(word):
        return None
    if kind != "amount":
        return number.scaleb(power)
    if word not in ("", _MONEY):
        return None if number else number  # nothing is nothing in any unit
    if not (power or word):
        return number
    own = sum(_SCALES.get(c, 0) for c in unit)
    return number if power == own else number.scaleb(power - own).normalize()


def _notes(match: re.Match[str], printed: str, marked: bool, kind: str) -> tuple[str, ...]:
    notes = []
    digits = match["digits"]
    normal = re.sub(r"[, ]", "", digits)
    wide = any(unicodedata.category(c) == "Nd" and not c.isascii() for c in printed)
    zeros = len(normal) > 1 and normal[0] == "0" and normal[1] != "."
    pointed = kind != "amount" and "." in digits and not (match["scale"] or match["myriad"])
    stopped = printed.endswith(tuple(_STOPS))
    if wide or zeros or pointed or stopped or normal != digits or match["sign"] == "+":
        notes.append("digits-normalised")
    if match["lead"] or match["scale"] or match["myriad"] or match["unit"]:
        notes.append("unit-in-cell")
    if marked:
        notes.append("note-in-cell")
    return tuple(notes)


def _typed(number: Decimal, kind: str, printed: str, notes: tuple[str, ...]) -> NumberRead:
    """The number as the kind of field wants it; what that kind cannot hold is open."""
    if kind == "amount":
        if number < 0:
            return _open("not-a-count", printed)
        number = _plain(number)
        whole, _, places = format(number, "f").partition(".")
        if len(whole) > _WHOLE_DIGITS or len(places) > _PLACES:
            return _open("unreadable", printed)
        return NumberRead(State.READ, number, notes, printed)
    if number != number.to_integral_value() or (kind == "count" and number < 0):
        return _open("not-a-count", printed)
    if abs(number) > _LIMIT:
        return _open("unreadable", printed)
    return NumberRead(State.READ, int(number), notes, printed)


def _plain(number: Decimal) -> Decimal:
    """Without a positive exponent; zeros printed after the point stay."""
    _, _, exponent = number.as_tuple()
    if isinstance(exponent, int) and exponent > 0:
        return number.quantize(Decimal(1))
    return number


def _open(kind: str, printed: str) -> NumberRead:
    return NumberRead(State.OPEN, None, (kind,), printed)
