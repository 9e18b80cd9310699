"""The numbering that a heading begins with, in all the ways that people write one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from auditor.text import chinese_number, compact

_CHINESE = "一二三四五六七八九十"
_FORMAL = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾", "一二二三三四五六六七八九十")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = {"I": 1, "V": 5, "X": 10}
_LEAD = r"[\s●○◆◇■□▲△▶►★☆※§#*•·【〖「『《]*"
_AFTER = r"(?:[\s、:：;；丶·・—–\-)）】\]〕]|[.．,，](?![0-9０-９]))"
_MARK = re.compile(
    rf"{_LEAD}(?:"
    rf"第?(?P<part>[{_CHINESE}]{{1,3}}|[0-9０-９]{{1,2}})(?:部分|[章节節篇])\s*{_AFTER}*"
    rf"|(?P<minor>[（(]\s*(?:[{_CHINESE}]{{1,3}}|[0-9０-９]{{1,2}})\s*[)）]|[㈠-㈩⑴-⒇])\s*{_AFTER}*"
    rf"|[【\[〔](?P<framed>[{_CHINESE}]{{1,3}}|[0-9０-９]{{1,2}})[】\]〕]\s*{_AFTER}*"
    rf"|(?P<sign>[①-⑳⒈-⒛㊀-㊉])\s*{_AFTER}*"
    rf"|第?(?P<plain>[{_CHINESE}]{{1,3}}|[壹贰貳叁參肆伍陆陸柒捌玖拾]{{1,2}}|[0-9０-９]{{1,2}}"
    rf"|[Ⅰ-Ⅻ]|[IVX]{{1,4}}|[{_STEMS}])\s*{_AFTER}+"
    rf")"
)
_BARE = re.compile(rf"{_LEAD}(?P<plain>[{_CHINESE}]{{1,3}})(?=[^\W\d_])")
_LEADING = re.compile(_LEAD)


class Mark(NamedTuple):
    """`length` characters with the signs around it; `minor` ones are those of subsections."""

    printed: str
    length: int
    value: int | None
    minor: bool = False


def mark_of(text: str) -> Mark | None:
    """The numbering at the beginning of a text, None where it has none."""
    match = _MARK.match(text)
    if match is None:
        return None
    given = next(value for value in match.groups() if value)
    return Mark(match[0].strip(), match.end(), value_of(given), match["minor"] is not None)


def bare_mark(text: str) -> Mark | None:
    """A number with nothing between it and the words: only certain where those are a heading's."""
    match = _BARE.match(text)
    if match is None:
        return None
    return Mark(match[0].strip(), match.end(), value_of(match["plain"]))


def lead(text: str) -> int:
    """How many signs and blanks stand before the words of a line."""
    match = _LEADING.match(text)
    return match.end() if match else 0


@lru_cache(maxsize=4096)
def value_of(printed: str) -> int | None:
    """The value of a printed number such as 三、, （3）, 叁, Ⅲ or ③; None where it has none."""
    bare = re.sub(r"[\W_]", "", compact(printed).translate(_FORMAL))
    bare = re.sub(r"^第|(?:部分|[章节節篇])$", "", bare)
    if bare.isdecimal():
        return int(bare)
    if bare and all(c in _ROMAN for c in bare):
        return _roman(bare)
    if len(bare) == 1 and bare in _STEMS:
        return _STEMS.index(bare) + 1
    if len(bare) == 1 and not bare.isascii() and (whole := unicodedata.numeric(bare, None)):
        return int(whole) if chinese_number(bare) is None else chinese_number(bare)
    return chinese_number(bare)


def _roman(text: str) -> int:
    values = [_ROMAN[c] for c in text]
    signs = [-1 if a < b else 1 for a, b in zip(values, [*values[1:], 0], strict=True)]
    return sum(sign * value for sign, value in zip(signs, values, strict=True))
