"""The functions of the expression language: one entry in one table for each.

To add a function, add an entry. `run` gets plain values; `span` gets ranges, for the case that a
printed blank is among them; both raise ArithmeticError for "no value". `prior`, `known`, `units`
and `peers` are about facts rather than values: the two evaluators know them by name, their entries
have neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from auditor.rulebook import sentences
from auditor.rulebook.numbers import (
    Interval,
    Numeric,
    fraction,
    interval,
    interval_abs,
    interval_total,
    negate,
    total,
)
from auditor.rulebook.wordlist import WordList

# "any" stands for a name whose kind the caller did not tell.
Kind = Literal["number", "text", "logic", "list", "words", "any"]


@dataclass(frozen=True, slots=True)
class Function:
    """What the parser, the two evaluators and the printer must know of one function."""

    name: str
    chinese: str
    takes: tuple[Kind, ...]  # the kinds that an argument may have
    gives: Kind  # "any": the kind of the argument
    least: int = 1
    most: int | None = None
    run: Callable[[Sequence[Any]], Any] | None = None
    span: Callable[[Sequence[Interval]], Interval] | None = None


def _largest(values: Sequence[Numeric]) -> Numeric:
    _refuse_none(values)
    return max(values, key=fraction) if _mixed(values) else max(values)


def _smallest(values: Sequence[Numeric]) -> Numeric:
    _refuse_none(values)
    return min(values, key=fraction) if _mixed(values) else min(values)


def _refuse_none(values: Sequence[object]) -> None:
    if not values:  # a wildcard under which the form has nothing
        raise ArithmeticError("the largest of nothing")


def _mixed(values: Sequence[Numeric]) -> bool:
    return any(isinstance(value, Fraction) for value in values)


def _absolute(values: Sequence[Numeric]) -> Numeric:
    return negate(values[0]) if values[0] < 0 else values[0]


def _count(values: Sequence[Numeric]) -> int:
    return sum(1 for value in values if value != 0)


def _length(values: Sequence[str]) -> int:
    return len("".join(values[0].split()))


def _holds(text: str, part: str | WordList) -> bool:
    return part.found(text) if isinstance(part, WordList) else part in text


def _contains(values: Sequence[Any]) -> bool:
    return any(_holds(values[0], part) for part in values[1:])


def _mentions(values: Sequence[Any]) -> int:
    text = values[0]
    return sum(
        part.count(text) if isinstance(part, WordList) else part in text for part in values[1:]
    )


def _both(values: Sequence[Any]) -> int:
    """How many of the words stand in both of two texts; of a word list, those that match alike."""
    one, other, *parts = values
    found = 0
    for part in parts:
        if isinstance(part, WordList):
            found += len(part.matches(one) & part.matches(other))
        else:
            found += part in one and part in other
    return found


def _sentences(values: Sequence[str]) -> int:
    return len(sentences.sentences(values[0]))


def _share(values: Sequence[Any]) -> Fraction:
    """The share of the sentences of a text that mention one of the words."""
    found = sentences.sentences(values[0])
    if not found:
        raise ArithmeticError("no sentence")
    hits = sum(1 for one in found if any(_holds(one, part) for part in values[1:]))
    return Fraction(hits, len(found))


def _items(values: Sequence[str]) -> int:
    return sentences.items(values[0])


@lru_cache(maxsize=64)
def _parted(text: str, *parts: str | WordList) -> tuple[str, str]:
    """The text before and after the first mention of one of the words; without one, no value."""
    places = [_place(text, part) for part in parts]
    found = [place for place in places if place is not None]
    if not found:
        raise ArithmeticError("not mentioned")
    start, end = min(found)
    return text[:start], text[end:]


def _place(text: str, part: str | WordList) -> tuple[int, int] | None:
    if isinstance(part, WordList):
        return part.first(text)
    at = text.find(part)
    return None if at < 0 else (at, at + len(part))


def _before(values: Sequence[Any]) -> str:
    return _parted(*values)[0]


def _after(values: Sequence[Any]) -> str:
    return _parted(*values)[1]


def _occurrences(values: Sequence[str]) -> int:
    return sum(values[0].count(part) for part in values[1:] if part)


def _repeated(values: Sequence[Any]) -> str:
    """The first sentence that stands twice in these texts; a number among them is its length."""
    texts = tuple(value for value in values if isinstance(value, str))
    least = max((value for value in values if not isinstance(value, str)), default=1)
    return sentences.repeated(texts, least)


def _year(values: Sequence[str]) -> int:
    return _date(values[0]).year


def _month_day(values: Sequence[str]) -> int:
    day = _date(values[0])
    return day.month * 100 + day.day


def _date(text: str) -> date:
    """An ISO date; any other text is unknown, not wrong."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArithmeticError("no date") from None


def _ymd(values: Sequence[str]) -> int:
    day = _date(values[0])
    return day.year * 10000 + day.month * 100 + day.day


def _days(values: Sequence[str]) -> int:
    """The days from the first date to the second, negative where it is earlier."""
    return (_date(values[1]) - _date(values[0])).days


def _size(values: Sequence[Numeric]) -> int:
    return len(values)


def _size_span(values: Sequence[Interval]) -> Interval:
    return interval(len(values))


def _quantile(values: Sequence[Numeric]) -> Numeric:
    """The last value is the share; between two values the line between them is taken."""
    *given, share = (fraction(value) for value in values)
    if not given or not 0 <= share <= 1:
        raise ArithmeticError("no such quantile")
    given.sort()
    at = share * (len(given) - 1)
    low = int(at)
    high = min(low + 1, len(given) - 1)
    return given[low] + (given[high] - given[low]) * (at - low)


def _stray(values: Sequence[Any]) -> int:
    """The sentences of a text that name a year and none of the words that allow it."""
    text, year, *allowed = values
    name = f"{year}年"
    sentences = (part for part in _SENTENCE.split("".join(str(text).split())) if name in part)
    return sum(1 for part in sentences if not any(_holds(part, word) for word in allowed))


def _decimals(values: Sequence[Numeric]) -> int:
    value = values[0]
    return max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0


def _largest_span(values: Sequence[Interval]) -> Interval:
    return Interval(max(value.low for value in values), max(value.high for value in values))


def _smallest_span(values: Sequence[Interval]) -> Interval:
    return Interval(min(value.low for value in values), min(value.high for value in values))


def _absolute_span(values: Sequence[Interval]) -> Interval:
    return interval_abs(values[0])


def _decimals_span(values: Sequence[Interval]) -> Interval:
    return Interval((0, 0), (0, 30))


def _count_span(values: Sequence[Interval]) -> Interval:
    zero = interval(0)
    certain = sum(1 for x in values if not x.low <= (0, 0) <= x.high)
    return Interval((0, certain), (0, sum(1 for x in values if x != zero)))


_SENTENCE = re.compile("[。；;！!？?]")
_NUMBERS: tuple[Kind, ...] = ("number", "list")
_WORDS: tuple[Kind, ...] = ("text", "words")
_ANYTHING: tuple[Kind, ...] = ("number", "text", "logic")

TABLE = (
    Function("sum", "合计", _NUMBERS, "number", run=total, span=interval_total),
    Function("max", "最大", _NUMBERS, "number", run=_largest, span=_largest_span),
    Function("min", "最小", _NUMBERS, "number", run=_smallest, span=_smallest_span),
    Function("abs", "绝对值", ("number",), "number", 1, 1, run=_absolute, span=_absolute_span),
    Function("count", "计数", _NUMBERS, "number", run=_count, span=_count_span),
    Function("length", "字数", ("text",), "number", 1, 1, run=_length),
    Function("contains", "含", _WORDS, "logic", 2, run=_contains),
    Function("mentions", "提及数", _WORDS, "number", 2, run=_mentions),
    Function("both", "共提数", _WORDS, "number", 3, run=_both),
    Function("sentences", "句数", ("text",), "number", 1, 1, run=_sentences),
    Function("share", "句占比", _WORDS, "number", 2, run=_share),
    Function("items", "项数", ("text",), "number", 1, 1, run=_items),
    Function("before", "前文", _WORDS, "text", 2, run=_before),
    Function("after", "后文", _WORDS, "text", 2, run=_after),
    Function("occurrences", "出现次数", ("text",), "number", 2, run=_occurrences),
    Function("repeated", "重复句", ("text", "number"), "text", 2, run=_repeated),
    Function("year", "年份", ("text",), "number", 1, 1, run=_year),
    Function("month_day", "月日", ("text",), "number", 1, 1, run=_month_day),
    Function("ymd", "年月日", ("text",), "number", 1, 1, run=_ymd),
    Function("days", "天数", ("text",), "number", 2, 2, run=_days),
    Function("size", "个数", _NUMBERS, "number", run=_size, span=_size_span),
    Function("quantile", "分位", _NUMBERS, "number", 2, run=_quantile),
    Function("stray", "残留年份", ("text", "number", "words"), "number", 2, run=_stray),
    Function("decimals", "小数位", ("number",), "number", 1, 1, run=_decimals, span=_decimals_span),
    Function("known", "已知", _ANYTHING, "logic", 1, 1),
    Function("prior", "上年", _ANYTHING, "any", 1, 1),
    Function("units", "各单位", ("number",), "list", 1, 1),
    Function("peers", "同类", ("number",), "list", 1, 1),
)

ACROSS = ("units", "peers")
"""Functions that read their argument from several other reports."""

FUNCTIONS = {entry.name: entry for entry in TABLE}
BY_ANY_NAME = FUNCTIONS | {entry.chinese: entry for entry in TABLE}
