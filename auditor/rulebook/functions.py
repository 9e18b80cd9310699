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
from typing import Any, Literal

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

# "any" stands for a name whose kind the caller did not tell.
Kind = Literal["number", "text", "logic", "list", "any"]


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


def _contains(values: Sequence[str]) -> bool:
    return any(part in values[0] for part in values[1:])


def _mentions(values: Sequence[str]) -> int:
    return sum(1 for part in values[1:] if part in values[0])


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
    return sum(1 for part in sentences if not any(word in part for word in allowed))


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
_ANYTHING: tuple[Kind, ...] = ("number", "text", "logic")

TABLE = (
    Function("sum", "合计", _NUMBERS, "number", run=total, span=interval_total),
    Function("max", "最大", _NUMBERS, "number", run=_largest, span=_largest_span),
    Function("min", "最小", _NUMBERS, "number", run=_smallest, span=_smallest_span),
    Function("abs", "绝对值", ("number",), "number", 1, 1, run=_absolute, span=_absolute_span),
    Function("count", "计数", _NUMBERS, "number", run=_count, span=_count_span),
    Function("length", "字数", ("text",), "number", 1, 1, run=_length),
    Function("contains", "含", ("text",), "logic", 2, run=_contains),
    Function("mentions", "提及数", ("text",), "number", 2, run=_mentions),
    Function("year", "年份", ("text",), "number", 1, 1, run=_year),
    Function("month_day", "月日", ("text",), "number", 1, 1, run=_month_day),
    Function("ymd", "年月日", ("text",), "number", 1, 1, run=_ymd),
    Function("size", "项数", _NUMBERS, "number", run=_size, span=_size_span),
    Function("quantile", "分位", _NUMBERS, "number", 2, run=_quantile),
    Function("stray", "残留年份", ("text", "number"), "number", 2, run=_stray),
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
