"""Check digits: whether a number can be what it looks like. A wrong guess is a false accusation.

Each test takes the characters that were found; blanks and hyphens between digits are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from auditor.text import compact

_WEIGHTS = tuple(2**k % 11 for k in range(17, 0, -1))
_FIRST_BIRTH = 1880


def _digits(text: str) -> str:
    return compact(text).replace("-", "").upper()


def resident_id(text: str) -> bool:
    """GB 11643-1999: 17 digits with a date of birth, and a check character of ISO 7064 MOD 11-2."""
    number = _digits(text)
    if len(number) != 18 or not (number[:17].isdigit() and number.isascii()):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    if born.year < _FIRST_BIRTH:
        return False
    rest = sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) % 11
    return "10X98765432"[rest] == number[17]


def luhn(text: str) -> bool:
    """ISO/IEC 7812 (bank cards): the Luhn sum is a multiple of ten; all digits alike never pass."""
    number = _digits(text)
    if not (number.isdigit() and number.isascii()) or len(set(number)) < 2:
        return False
    doubled = (int(d) * (2 if k % 2 else 1) for k, d in enumerate(reversed(number)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "resident-id": resident_id, "身份证": resident_id,
    "luhn": luhn, "银行卡": luhn,
}  # fmt: skip
