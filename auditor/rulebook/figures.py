"""Figures: numbers as people write them in a sentence, read exactly.

`1,234` · `1.2万` · `三万五千` · `二〇二一` · `18万余` · `约40`. Nothing here guesses: what is no
number gives None. A figure that is rounded by its own wording (余, 约, 1.2万) carries the size of
its last printed digit, so that it is compared with what it may stand for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
# Words before and after a figure that make it an estimate, with the side on which the truth lies:
# +1 for more than was said, -1 for less, 0 for about.
BEFORE = {
    "不少于": 1, "超过": 1, "至少": 1, "高达": 0, "大约": 0, "不足": -1, "不到": -1, "不超过": -1,
    "将近": -1, "接近": -1, "超": 1, "逾": 1, "约": 0, "近": -1,
}  # fmt: skip
AFTER = {"余": 1, "多": 1, "来": 0, "几": 1}
_WHOLE = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_LONGEST = 32  # signs: what is longer counts nothing
DIGITAL = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?[余多]?[十百千]?[万亿]{0,2}"
NUMBER = DIGITAL + r"|[零〇○一二两三四五六七八九十百千万亿]+"
"""A number in the syntax that RE2 and Python share, on folded text."""
PRINTED = rf"(?:{'|'.join(BEFORE)})?(?:{NUMBER})(?:[{''.join(AFTER)}](?:万|亿)?)?"
"""The same with the words that make it an estimate."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` exactly as written; `step` is the worth of its last printed digit.

    `side` is None for a plain figure, else where the truth lies by the wording: 1 above, -1
    below, 0 about.
    """

    value: Fraction
    step: Fraction
    side: int | None = None
    scaled: bool = False

    def may_be(self, exact: Fraction) -> bool:
        """Whether the exact number may be written so.

        A plain figure is the number itself; one with decimals or 万 is it rounded or cut off at
        the last printed digit; an estimate holds within a tenth on the side that it names.
        """
        if exact == self.value:
            return True
        if self.side is not None:
            return self._near(exact)
        if self.step == 1:
            return False
        return exact >= 0 and self.rounds(exact)

    def rounds(self, exact: Fraction) -> bool:
        """Whether the exact number, rounded or cut off at the last printed digit, is this one."""
        return self.value in (_rounded(exact, self.step), _cut(exact, self.step))

    def _near(self, exact: Fraction) -> bool:
        slack = max(abs(self.value) / 10, self.step)
        low = self.value - (0 if self.side == 1 else slack)
        high = self.value + (0 if self.side == -1 else slack)
        return low <= exact <= high


def _rounded(exact: Fraction, step: Fraction) -> Fraction:
    return ((exact / step + Fraction(1, 2)) // 1) * step


def _cut(exact: Fraction, step: Fraction) -> Fraction:
    return (exact / step // 1) * step


@lru_cache(maxsize=4096)
def figure(printed: str) -> Figure | None:
    """The figure of a printed number with its estimating words; None where it is none."""
    side: int | None = None
    bare = printed
    for word, where in BEFORE.items():
        if bare.startswith(word):
            bare, side = bare[len(word) :], where
            break
    for word, where in AFTER.items():
        if word in bare:
            bare, side = bare.replace(word, "", 1), where
            break
    read = number(bare)
    if read is None:
        return None
    value, step = read
    return Figure(value, step, side, any(m in bare for m in MYRIADS))


def number(text: str) -> tuple[Fraction, Fraction] | None:
    """(value, worth of its last printed digit) of a number without estimating words."""
    if not text or len(text) > _LONGEST:
        return None
    if text[0].isascii():
        return _arabic(text)
    value = _chinese(text)
    if value is None:
        return None
    scale = MYRIADS.get(text[-1], 1) if text[-1] in MYRIADS else 1
    return Fraction(value), Fraction(scale if value else 1)


def _arabic(text: str) -> tuple[Fraction, Fraction] | None:
    """Digits with separators, decimals and signs of scale: 1,234 · 1.2万 · 3千 · 5百万."""
    digits = text.rstrip("十百千万亿")
    scale = 1
    for sign in text[len(digits) :]:
        scale *= TENS.get(sign) or MYRIADS[sign]
    if not _WHOLE.fullmatch(digits):
        return None
    bare = digits.replace(",", "")
    whole, _, decimals = bare.partition(".")
    step = Fraction(scale, 10 ** len(decimals))
    return Fraction(int(whole + decimals)) * step, step


def _chinese(text: str) -> int | None:
    """三万五千 → 35000, 一亿零三 → 100000003, 二〇二一 → 2021; None for what is no number."""
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    for sign, worth in (("亿", 100_000_000), ("万", 10_000)):
        if sign not in text:
            continue
        head, _, tail = text.rpartition(sign)
        part = _chinese(head) if head and not all(c in DIGITS for c in head) else _single(head)
        if not part:
            return None
        return _joined(part * worth, worth, tail)
    return _below_myriad(text)


def _single(text: str) -> int | None:
    return DIGITS[text] if len(text) == 1 else None


def _joined(whole: int, worth: int, tail: str) -> int | None:
    """`三万` + tail: 零五 is 5, 五千 is 5000, and a lone 五 is spoken for 五千."""
    if not tail:
        return whole
    bare = tail.lstrip("零〇○")
    if len(bare) == 1 and bare in DIGITS:
        return whole + DIGITS[bare] * (1 if bare != tail else worth // 10)
    rest = _chinese(bare) if bare and not all(c in DIGITS for c in bare) else None
    return None if rest is None or rest >= worth else whole + rest


def _below_myriad(text: str) -> int | None:
    """Up to 9999 with 千 百 十 in this order; `一百五` is 150, as it is spoken."""
    if text == "":
        return None
    total, digit, last, zero = 0, None, 10_000, False
    for c in text:
        if c in TENS and TENS[c] < last and (digit or (digit is None and c == "十" and not zero)):
            last = TENS[c]
            total += (digit or 1) * last
            digit, zero = None, False
        elif c in DIGITS and DIGITS[c] and digit is None:
            digit = DIGITS[c]
        elif c in DIGITS and not DIGITS[c] and not zero and digit is None:
            zero = True
        else:
            return None
    if digit is None:
        return None if zero or not total else total
    spoken = total > 0 and last > 10 and not zero
    return total + digit * (last // 10 if spoken else 1)
