"""Plain labels and numbers: what two differently typed texts have in common."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十百]{1,3}[、.．,，:：]|[（(][一二三四五六七八九十0-9]{1,3}[）)][、.]?"
    r"|[0-9]{1,2}[、.．)）](?![0-9]))\s*"
)
_NOT_LABEL = re.compile(r"[^\w]|_")
_SIMPLIFIED = str.maketrans(  # traditional letters of such papers, by their code
    "們內別動務區單國團執報實審導屬廢強從復應擊據數時書會査條業構機決況無獲現確祕種範糾納組結"
    "絡維總織繳續聯與萬處號補複覆規訂計記訟訴詢話該認請議費進過錄開間關際難電項頒題額類體點齊",
    "们内别动务区单国团执报实审导属废强从复应击据数时书会查条业构机决况无获现确秘种范纠纳组结"
    "络维总织缴续联与万处号补复复规订计记讼诉询话该认请议费进过录开间关际难电项颁题额类体点齐",
)
_SPACES = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def nfkc(text: str) -> str:
    """Full-width signs and digits become half-width; nothing is dropped."""
    return unicodedata.normalize("NFKC", text)


def squeeze(text: str) -> str:
    """NFKC, runs of any white space (also U+3000, nbsp) become one blank, ends trimmed."""
    return _SPACES.sub(" ", nfkc(text)).strip()


def compact(text: str) -> str:
    """NFKC without any white space at all: Chinese does not need it."""
    return _SPACES.sub("", nfkc(text))


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """A label as compared: no numbering, punctuation or white space, NFKC, simplified script."""
    bare = compact(text).translate(_SIMPLIFIED)
    return _NOT_LABEL.sub("", _NUMBERING.sub("", bare, count=1))


def ordinal(text: str) -> str:
    """The numbering that a heading starts with, as printed; empty if it has none."""
    match = _NUMBERING.match(compact(text))
    return match.group(0).strip() if match else ""


def chinese_number(text: str) -> int | None:
    """十二 → 12, 二〇二一 → 2021, 三百零五 → 305; None where it is no number below 10,000."""
    if not text or any(c not in _DIGITS and c not in _UNITS for c in text):
        return None
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, None
    for c in text:
        if c in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[c]
            digit = None
        else:
            digit = _DIGITS[c]
    return total + (digit or 0)


def decimal(text: str) -> Decimal | None:
    """An exact decimal, None where the text is none (`nan` and exponents are none)."""
    if not re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits only decimals
        return None


def written(value: object) -> str:
    """A value as people write it: decimals without exponent, text as it is."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def width(text: str) -> int:
    """Terminal cells that a text takes: CJK characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
