"""Exact numbers and ranges of numbers. Never a float.

A count is an `int`, an amount a `Decimal`, a quotient a `Fraction`. Python refuses to mix the
last two and rounds decimals to 28 digits; the four operations here do neither. What is too large
to be exact raises `ArithmeticError`, which both evaluators read as "unknown".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from typing import Any, TypeGuard

Numeric = int | Decimal | Fraction

_DIGITS = 10_000
_EXACT = Context(prec=_DIGITS, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])


def is_number(value: object) -> TypeGuard[Numeric]:
    """True for a number; a bool is not one."""
    return isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool)


def fraction(x: Numeric) -> Fraction:
    """The number as a fraction; an absurd exponent is refused before it fills the memory."""
    if isinstance(x, Decimal) and x and abs(x.adjusted()) > _DIGITS:
        raise OverflowError("a number too large to be exact")
    return Fraction(x)


def is_terminating(x: Fraction) -> bool:
    """True if the fraction can be written in decimals without rounding."""
    rest = x.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def tidy(x: Numeric) -> Numeric:
    """A fraction as an int or a decimal where it is one; only an endless one stays."""
    if not isinstance(x, Fraction) or not is_terminating(x):
        return x
    if x.denominator == 1:
        return x.numerator
    return _EXACT.divide(Decimal(x.numerator), Decimal(x.denominator))


def rounded(x: Numeric) -> int | Decimal:
    """The number for people and for files: an endless fraction is rounded to four places."""
    if isinstance(x, Fraction) and not is_terminating(x):
        x = Fraction(round(x * 10_000), 10_000)
    x = tidy(x)
    assert not isinstance(x, Fraction)
    return x


def numeral(x: Numeric) -> str:
    """The rounded number as text, without exponent."""
    x = rounded(x)
    return str(x) if isinstance(x, int) else format(abs(x) if x == 0 else x, "f")


def add(x: Numeric, y: Numeric) -> Numeric:
    """x + y, exactly."""
    if isinstance(x, Fraction) or isinstance(y, Fraction):
        return tidy(fraction(x) + fraction(y))
    if isinstance(x, int) and isinstance(y, int):
        return x + y
    return _EXACT.add(Decimal(x), Decimal(y))


def negate(x: Numeric) -> Numeric:
    """-x, exactly (the minus sign of Python rounds a long decimal)."""
    return x.copy_negate() if isinstance(x, Decimal) else -x


def subtract(x: Numeric, y: Numeric) -> Numeric:
    """x - y, exactly."""
    return add(x, negate(y))


def multiply(x: Numeric, y: Numeric) -> Numeric:
    """x * y, exactly."""
    if isinstance(x, Fraction) or isinstance(y, Fraction):
        return tidy(fraction(x) * fraction(y))
    if isinstance(x, int) and isinstance(y, int):
        return x * y
    return _EXACT.multiply(Decimal(x), Decimal(y))


def divide(x: Numeric, y: Numeric) -> Numeric:
    """x / y, exactly; `ZeroDivisionError` (an ArithmeticError) if y is zero."""
    return tidy(fraction(x) / fraction(y))


def total(values: Iterable[Numeric]) -> Numeric:
    """The exact sum of any number of numbers."""
    result: Numeric = 0
    for value in values:
        result = add(result, value)
    return result


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def alike(x: object, y: object) -> tuple[Any, Any]:
    """The two values in types that Python compares exactly (Decimal and Fraction it does not)."""
    if isinstance(x, Fraction) and isinstance(y, Decimal):
        return x, fraction(y)
    if isinstance(x, Decimal) and isinstance(y, Fraction):
        return fraction(x), y
    return x, y


# ---- ranges ------------------------------------------------------------------------------------

# An end of a range: (0, value), or (-1, 0) and (1, 0) for the two infinities. Tuples compare in
# the right order by themselves, and no float infinity ever meets an exact number.
End = tuple[int, Fraction | int]
_MINUS_INFINITY: End = (-1, 0)
_INFINITY: End = (1, 0)


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`: what is known of a value that is not known."""

    low: End
    high: End


ANY_BLANK = Interval((0, 0), _INFINITY)


def interval(x: Numeric | Interval) -> Interval:
    """A number as a range of one."""
    if isinstance(x, Interval):
        return x
    end = (0, x if isinstance(x, int) else fraction(x))
    return Interval(end, end)


def narrowed(x: Interval) -> Numeric | Interval:
    """A range of one as its number."""
    return tidy(x.low[1]) if x.low == x.high else x


def _plus(x: End, y: End) -> End:
    infinite = x[0] or y[0]
    return (infinite, 0) if infinite else (0, x[1] + y[1])


def _sign(x: End) -> int:
    return x[0] or (x[1] > 0) - (x[1] < 0)


def _times(x: End, y: End) -> End:
    sign = _sign(x) * _sign(y)
    if sign and (x[0] or y[0]):
        return (sign, 0)
    return (0, x[1] * y[1])  # zero times infinity is zero: no value in the range is infinite


def interval_add(x: Interval, y: Interval) -> Interval:
    """All sums of a number of each."""
    return Interval(_plus(x.low, y.low), _plus(x.high, y.high))


def interval_total(values: Iterable[Interval]) -> Interval:
    """All sums of one number of each range."""
    result = interval(0)
    for value in values:
        result = interval_add(result, value)
    return result


def interval_negate(x: Interval) -> Interval:
    """All the numbers with the other sign."""
    return Interval((-x.high[0], -x.high[1]), (-x.low[0], -x.low[1]))


def interval_multiply(x: Interval, y: Interval) -> Interval:
    """All products of a number of each."""
    ends = [_times(a, b) for a in (x.low, x.high) for b in (y.low, y.high)]
    return Interval(min(ends), max(ends))


def interval_divide(x: Interval, y: Interval) -> Interval:
    """All quotients; `ZeroDivisionError` if the divisor may be zero."""
    if y.low <= (0, 0) <= y.high:
        raise ZeroDivisionError("the divisor may be zero")
    low, high = ((0, 0) if end[0] else (0, 1 / Fraction(end[1])) for end in (y.high, y.low))
    return interval_multiply(x, Interval(low, high))


def interval_abs(x: Interval) -> Interval:
    """All absolute values."""
    turned = interval_negate(x)
    low = max(x.low, turned.low, (0, 0))
    return Interval(low, max(x.high, turned.high))


def interval_compare(op: str, x: Interval, y: Interval) -> bool | None:
    """Whether the comparison holds for all numbers of the ranges, for none, or (None) for some."""
    return _COMPARE[op](x, y)


def _equal(x: Interval, y: Interval) -> bool | None:
    if x.high < y.low or y.high < x.low:
        return False
    return True if x.low == x.high == y.low == y.high else None


def _less(x: Interval, y: Interval) -> bool | None:
    if x.high < y.low:
        return True
    return False if x.low >= y.high else None


def _opposite(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


_COMPARE: dict[str, Callable[[Interval, Interval], bool | None]] = {
    "==": _equal,
    "!=": lambda x, y: _opposite(_equal(x, y)),
    "<": _less,
    ">": lambda x, y: _less(y, x),
    "<=": lambda x, y: _opposite(_less(y, x)),
    ">=": lambda x, y: _opposite(_less(x, y)),
}
