"""One form for all ways of writing the same condition, so that it shows whether two are the same.

A comparison of numbers becomes a linear form on one side; `and`, `or` and sums lose their order;
`not` goes inside; names become the facts that they stand for. Equal forms mean the same; different
forms may mean the same, too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction
from math import gcd, lcm
from typing import Any, TypeAlias

from auditor.errors import ExpressionError
from auditor.form import BESIDE, Form
from auditor.rulebook.job import kind_of
from auditor.rulebook.kinds import kind
from auditor.rulebook.linear import Linear, difference
from auditor.rulebook.numbers import COMPARE, fraction, is_number
from auditor.rulebook.scope import Scope
from auditor.rulebook.tree import Binary, Call, Constant, Name, Negate, Node, Not, Number, Text
from auditor.rulebook.wordlist import WordList

Normal: TypeAlias = tuple[Hashable, ...]

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_UNORDERED = frozenset({"sum", "max", "min", "count", "size"})


def normal(node: Node, scope: Scope, *, holds: bool = True, prior: bool = False) -> Normal:
    """The form of a condition, or of its opposite where `holds` is false."""
    match node:
        case Not(operand=operand):
            return normal(operand, scope, holds=not holds, prior=prior)
        case Binary(op="and" | "or" as op, left=left, right=right):
            parts = {normal(side, scope, holds=holds, prior=prior) for side in (left, right)}
            return _joined(op if holds else {"and": "or", "or": "and"}[op], parts)
        case Binary(op=op) if op in COMPARE:
            return _comparison(node, op if holds else _OPPOSITE[op], scope, prior)
    found = _value(node, scope, prior)
    return found if holds else ("not", found)


def _joined(op: str, parts: set[Normal]) -> Normal:
    flat: set[Hashable] = set()
    for part in parts:
        flat |= part[1] if part[0] == op and isinstance(part[1], frozenset) else {part}
    return (op, frozenset(flat))


def _comparison(node: Binary, op: str, scope: Scope, prior: bool) -> Normal:
    form = difference(node, _leaf(scope, prior)) if _of_numbers(node, scope) else None
    if form is None:
        sides = [_value(side, scope, prior) for side in (node.left, node.right)]
        if op in ("==", "!="):
            return (op, frozenset(sides))
        if op in (">", ">="):
            op, sides = {">": "<", ">=": "<="}[op], sides[::-1]
        return (op, *sides)
    return _scaled(op, form, scope.form)


def _scaled(op: str, form: Linear, shape: Form) -> Normal:
    """The smallest whole coefficients, the first of them positive for an equality."""
    terms = {key: fraction(x) for key, x in sorted(form.terms.items())}
    constant = fraction(form.constant)
    if op in (">", ">="):
        op, constant = {">": "<", ">=": "<="}[op], -constant
        terms = {key: -x for key, x in terms.items()}
    factor = _common(list(terms.values()) or [constant])
    first = next(iter(terms.values()), constant)
    if op in ("==", "!=") and first < 0:
        factor = -factor
    terms = {key: x / factor for key, x in terms.items()}
    constant = constant / factor
    whole = constant.denominator == 1 and _counts(terms, shape)
    if op == "<" and terms and whole:
        op, constant = "<=", constant + 1  # whole numbers: less is at most one less
    op = _by_sign(op, terms, constant, shape)
    if op in ("true", "false"):
        return (op,)
    if op in ("==", "!=") and next(iter(terms.values()), constant) < 0:
        terms, constant = {key: -x for key, x in terms.items()}, -constant
    if op == "!=" and whole and "-" not in _signs(terms, constant, shape):
        # What cannot be below 0 and is not 0 is at least 1.
        op, terms, constant = "<=", {key: -x for key, x in terms.items()}, 1 - constant
    return (op, tuple(terms.items()), constant)


_HELD = {
    "==": frozenset("0"), "!=": frozenset("-+"), "<": frozenset("-"), "<=": frozenset("-0"),
}  # fmt: skip


def _by_sign(op: str, terms: dict[Any, Fraction], constant: Fraction, shape: Form) -> str:
    """The one name of a relation to 0 among the signs that the left side can have at all.

    What can never be below 0 is "at most 0" exactly where it is 0.
    """
    signs = _signs(terms, constant, shape)
    holds = _HELD[op] & signs
    if holds == signs:
        return "true"
    if not holds:
        return "false"
    return next(name for name in ("==", "!=", "<", "<=") if _HELD[name] & signs == holds)


def _signs(terms: dict[Any, Fraction], constant: Fraction, shape: Form) -> frozenset[str]:
    """The signs that a sum can have, as its facts have bounds."""
    low: Fraction | None = constant
    high: Fraction | None = constant
    for (path, _, _), x in terms.items():
        least, most = _bounds(path, shape)
        first, last = (least, most) if x > 0 else (most, least)
        low = None if low is None or first is None else low + x * first
        high = None if high is None or last is None else high + x * last
    found = {"-", "0", "+"}
    if low is not None and low >= 0:
        found -= {"-"} if low == 0 else {"-", "0"}
    if high is not None and high <= 0:
        found -= {"+"} if high == 0 else {"+", "0"}
    return frozenset(found)


_COUNTING = ("mentions", "both", "length", "count", "size", "sentences", "items", "occurrences",
             "decimals", "stray", "share", "abs")  # fmt: skip


def _bounds(path: str, shape: Form) -> tuple[int | None, int | None]:
    """The least and the most that a fact, or what a function gives, can be."""
    if path in shape.fields:
        return shape.fields[path].minimum, None
    if path in BESIDE:
        return (0 if BESIDE[path][1] == "number" else None), None
    if path.startswith("('month_day'"):
        return 101, 1231
    return (0 if path.startswith(tuple(f"('{name}'" for name in _COUNTING)) else None), None


def _common(numbers: list[Fraction]) -> Fraction:
    whole = lcm(*(x.denominator for x in numbers))
    divisor = gcd(*(int(x * whole) for x in numbers))
    return Fraction(divisor or 1, whole)


def _counts(terms: dict[Any, Fraction], shape: Form) -> bool:
    """Whether all are counts of the form, which are whole."""
    return all(path in shape.fields and shape.fields[path].kind == "count" for path, _, _ in terms)


def _of_numbers(node: Binary, scope: Scope) -> bool:
    return not any(_is_text(side, scope) for side in (node.left, node.right))


def _is_text(node: Node, scope: Scope) -> bool:
    try:
        return kind(node, lambda name: kind_of(scope, name)) in ("text", "logic")
    except ExpressionError:
        return False


def _leaf(scope: Scope, outer: bool) -> Callable[[Node, bool], Linear | None]:
    def leaf(node: Node, prior: bool) -> Linear | None:
        dated = prior or outer
        if not isinstance(node, Name):
            return Linear({(repr(_value(node, scope, dated)), dated, -1): 1})
        meant = scope(node)
        if isinstance(meant, Constant):
            value = meant.value
            return Linear({}, value) if is_number(value) else None
        whole = Linear()
        for path in meant:
            whole = whole.plus(Linear({(path, dated, -1): 1}))
        return whole

    return leaf


def _value(node: Node, scope: Scope, prior: bool) -> Normal:
    """The form of a value: a number, a text, a fact, a function of them."""
    match node:
        case Number(value=value):
            return ("number", fraction(value))
        case Text(value=value):
            return ("text", value)
        case Name():
            return _fact(node, scope, prior)
        case Negate(operand=operand):
            return ("-", _value(operand, scope, prior))
        case Call(name="prior", args=args):
            return _value(args[0], scope, True)
        case Call(name=name, args=args):
            inner = tuple(_condition_or_value(arg, scope, prior) for arg in args)
            return (name, *sorted(inner, key=repr)) if name in _UNORDERED else (name, *inner)
        case Binary(op="+" | "*" as op, left=left, right=right):
            sides = (_value(left, scope, prior), _value(right, scope, prior))
            return (op, *sorted(sides, key=repr))
        case Binary(op="-" | "/" as op, left=left, right=right):
            return (op, _value(left, scope, prior), _value(right, scope, prior))
    return normal(node, scope, prior=prior)


def _condition_or_value(node: Node, scope: Scope, prior: bool) -> Normal:
    if isinstance(node, Not) or (isinstance(node, Binary) and node.op in (*COMPARE, "and", "or")):
        return normal(node, scope, prior=prior)
    return _value(node, scope, prior)


def _fact(name: Name, scope: Scope, prior: bool) -> Normal:
    meant = scope(name)
    if not isinstance(meant, Constant):
        return ("facts", meant, prior)
    if isinstance(meant.value, WordList):
        return ("words", meant.value.name)
    return ("number", fraction(meant.value)) if is_number(meant.value) else ("text", meant.value)
