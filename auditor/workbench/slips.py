"""Small slips in an expression: one operator, name or constant is another, or one part is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from auditor.rulebook.scope import Scope
from auditor.rulebook.tree import (
    Binary,
    Call,
    Constant,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Text,
    children,
    operands,
    walk,
)
from auditor.workbench.neighbours import neighbours
from auditor.workbench.printing import printed

_OTHER = {
    "==": ("!=", "<=", ">="), "!=": ("==",), "<": ("<=", ">"), "<=": ("<", ">="),
    ">": (">=", "<"), ">=": (">", "<="), "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",),
    "and": ("or",), "or": ("and",),
}  # fmt: skip
_FUNCTIONS = {"max": "min", "min": "max", "before": "after", "after": "before"}
_LEAST_UNIT = 10


@dataclass(frozen=True, slots=True)
class Slip:
    """One changed expression: what was written, and what is written instead."""

    node: Node
    kind: str
    old: str
    new: str


def slips(node: Node, scope: Scope) -> Iterator[Slip]:
    """Every expression that differs from this one by one slip, each once."""
    seen, days = {node}, of_days(node)
    for slip in _all(node, scope, days=days):
        if slip.node not in seen:
            seen.add(slip.node)
            yield slip


def _all(node: Node, scope: Scope, *, days: bool) -> Iterator[Slip]:
    yield from _here(node, scope, days=days)
    for n, child in enumerate(children(node)):
        for slip in _all(child, scope, days=days):
            yield replace(slip, node=_with(node, n, slip.node))


def of_days(node: Node) -> bool:
    """Whether an expression is about days of a year: its numbers may be months and days."""
    return any(isinstance(one, Call) and one.name in ("ymd", "month_day") for one in walk(node))


def _with(node: Node, n: int, child: Node) -> Node:
    match node:
        case Binary():
            return replace(node, left=child) if n == 0 else replace(node, right=child)
        case Call(args=args):
            return replace(node, args=(*args[:n], child, *args[n + 1 :]))
    assert isinstance(node, Not | Negate)
    return replace(node, operand=child)


def _here(node: Node, scope: Scope, *, days: bool) -> Iterator[Slip]:
    match node:
        case Binary():
            yield from _operators(node)
            yield from _words(node, scope)
        case Not(operand=operand) | Negate(operand=operand):
            yield _slip("operator", node, operand)
        case Call():
            yield from _calls(node)
        case Name():
            yield from (_slip("name", node, other) for other in neighbours(node, scope))
        case Number(value=value):
            others = _near(value, days=days)
            yield from (_slip("constant", node, replace(node, value=v)) for v in others)


def _slip(kind: str, old: Node, new: Node) -> Slip:
    return Slip(new, kind, printed(old), printed(new))


def _operators(node: Binary) -> Iterator[Slip]:
    texts = isinstance(node.left, Text) or isinstance(node.right, Text)
    for op in _OTHER[node.op]:
        if texts and op not in ("==", "!="):
            continue
        other = replace(node, op=op)
        yield Slip(other, "operator", printed(node), printed(other))
    if node.op in ("and", "or"):
        parts = operands(node, node.op)
        for n in range(len(parts)):
            yield _slip("part", node, _chain(node, [*parts[:n], *parts[n + 1 :]]))


def _chain(node: Binary, parts: list[Node]) -> Node:
    whole = parts[0]
    for part in parts[1:]:
        whole = replace(node, left=whole, right=part)
    return whole


def _calls(node: Call) -> Iterator[Slip]:
    if node.name in _FUNCTIONS:
        yield _slip("operator", node, replace(node, name=_FUNCTIONS[node.name]))
    if node.name == "prior":
        yield _slip("operator", node, node.args[0])
    if node.name in ("sum", "max", "min", "count", "repeated") and len(node.args) > 1:
        for n in range(len(node.args)):
            args = (*node.args[:n], *node.args[n + 1 :])
            if node.name != "repeated" or len(args) > 1:
                yield _slip("part", node, replace(node, args=args))


def _words(node: Binary, scope: Scope) -> Iterator[Slip]:
    """Another word of the same enumerated fact."""
    for side, other, put in (
        (node.left, node.right, _left), (node.right, node.left, _right),
    ):  # fmt: skip
        if not isinstance(side, Text) or not isinstance(other, Name):
            continue
        meant = scope(other)
        words = () if isinstance(meant, Constant) else tuple(scope.form.words_of(meant[0]).values())
        if side.value in words and len(words) > 1:
            new = replace(side, value=words[(words.index(side.value) + 1) % len(words)])
            yield replace(_slip("constant", side, new), node=put(node, new))


def _left(node: Binary, side: Node) -> Node:
    return replace(node, left=side)


def _right(node: Binary, side: Node) -> Node:
    return replace(node, right=side)


def _near(value: int | Decimal, *, days: bool) -> tuple[int | Decimal, ...]:
    """The numbers beside a number; for a unit the next unit."""
    if isinstance(value, int) and value >= _LEAST_UNIT and str(value).strip("0") == "1":
        return value * 10, value // 10
    return beside(value, days=days)


def beside(value: int | Decimal, *, days: bool = False) -> tuple[int | Decimal, ...]:
    """A number one more and one less, in its last place; a share a hundredth more and less.

    With `days` a number that is a month and a day moves by a day: after 131 comes 201.
    """
    if days and isinstance(value, int) and (found := _days(value)):
        return found
    step: int | Decimal = 1
    if isinstance(value, Decimal):
        places = max(0, -int(value.as_tuple().exponent))
        step = Decimal(1).scaleb(-max(places, 2 if value <= 1 else places))
    return value + step, value - step


_SOME_YEAR = 2023  # without a 29 February


def _days(value: int) -> tuple[int, ...]:
    """The days after and before a day of the year, as month and day."""
    try:
        day = date(_SOME_YEAR, value // 100, value % 100)
    except ValueError:
        return ()
    others = (day + timedelta(1), day - timedelta(1))
    return tuple(d.month * 100 + d.day for d in others if d.year == _SOME_YEAR)
