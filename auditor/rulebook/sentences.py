"""Sentences and enumerations of a text: what functions about running text count.

Every pattern here is a single class of characters or a fixed sequence: linear in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from auditor.text import chinese_number

_END = re.compile("[。！？!?；;\n\r]+")
_CHINESE = "[一二三四五六七八九十]{1,3}"
# How an enumeration begins, and what its members look like.
_SERIES = (
    (("一是", "一要"), re.compile(f"({_CHINESE})(?:是|要)")),
    (("（一", "(一"), re.compile(f"[（(]({_CHINESE})[）)]")),
    (("（1", "(1"), re.compile("[（(]([0-9]{1,2})[）)]")),
    (("1.", "1．", "1、"), re.compile("(?:^|[。；;：:\n ])([0-9]{1,2})[.．、](?![0-9])")),
    (("第一",), re.compile(f"第({_CHINESE})[，,、：:]")),
    (("一、",), re.compile(f"(?:^|[。；;：:\n ])({_CHINESE})、")),
)


@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences without white space at their ends; half sentences between ； count, too."""
    return tuple(part.strip() for part in _END.split(text) if part.strip())


def around(text: str, start: int, end: int, reach: int) -> str:
    """What stands around a place in its sentence, at most `reach` characters to each side."""
    left, right = whole(text, start, end, reach)
    return text[left:right]


def whole(text: str, start: int, end: int, reach: int) -> tuple[int, int]:
    """The bounds of the sentence around a place, at most `reach` characters to each side."""
    before = _END.split(text[max(0, start - reach) : start])[-1]
    after = _END.split(text[end : end + reach], maxsplit=1)[0]
    return start - len(before), end + len(after)


@lru_cache(maxsize=64)
def items(text: str) -> int:
    """How many things a text enumerates (一是…二是…): the longest series that counts from one."""
    longest = 0
    for begins, series in _SERIES:
        if not any(begin in text for begin in begins):
            continue
        numbers = {_number(match.group(1)) for match in series.finditer(text)}
        count = 0
        while count + 1 in numbers:
            count += 1
        longest = max(longest, count)
    return longest


def repeated(texts: tuple[str, ...], least: int) -> str:
    """The first sentence of at least so many characters that stands twice; empty if none does."""
    counts = Counter(
        sentence for text in texts for sentence in sentences(text) if len(sentence) >= least
    )
    return next((sentence for sentence, count in counts.items() if count > 1), "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() else chinese_number(text)
