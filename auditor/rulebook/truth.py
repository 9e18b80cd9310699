"""Truth over many reports: an expression as arrays of "holds" and "is certain".

The arrays follow the fast path of one report (`compile`) step by step: a fact that is not there
leaves a report uncertain exactly where the fast path would not know, `and` and `or` look at their
right side only where the left does not decide. Numbers are whole and small enough to be exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from auditor.errors import ExpressionError
from auditor.rulebook.facts import Facts
from auditor.rulebook.linear import Linear, difference, name_leaf
from auditor.rulebook.scope import Scope
from auditor.rulebook.tree import (
    Binary,
    Call,
    Constant,
    Name,
    Node,
    Not,
    Text,
    dated_names,
    one_meaning,
    walk,
)

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]

_LARGEST = 1 << 40  # a cell beyond is left to exact arithmetic
_FACTORS = 1 << 22  # what the factors of a sum may add up to: 2⁴⁰ · 2²² is within 64 bits


class Held(NamedTuple):
    """For every report whether an expression holds, and whether that is certain."""

    value: Array
    sure: Array


Truth = Callable[["Table"], Held]
"""An expression, ready to be asked of a table of reports."""


@dataclass
class Columns:
    """The facts that are looked at as numbers, each with its column: (path, last year's?)."""

    _numbers: dict[tuple[str, bool], int] = field(default_factory=dict)

    def number(self, path: str, prior: bool) -> int:
        """The column of a fact."""
        return self._numbers.setdefault((path, prior), len(self._numbers))

    def table(self, reports: Sequence[Facts]) -> Table:
        """The numbers of these reports."""
        return Table(tuple(reports), tuple(self._numbers))


@dataclass(frozen=True)
class Table:
    """The numbers of some reports: a row for each fact, a column for each report."""

    reports: tuple[Facts, ...]
    facts: tuple[tuple[str, bool], ...]
    held: dict[object, Held] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many reports."""
        return len(self.reports)

    @cached_property
    def numbers(self) -> tuple[Array, Array, bool]:
        """(numbers, whether each is there and exact, whether all are)."""
        import numpy as np

        own = [path for path, prior in self.facts if not prior]
        then = [path for path, prior in self.facts if prior]
        rows = [[*map(one.values.get, own), *_last_year(one, then)] for one in self.reports]
        places = [n for n, (_, prior) in enumerate(self.facts) if not prior]
        places += [n for n, (_, prior) in enumerate(self.facts) if prior]
        known = np.array([_is_known(row) for row in rows], bool).reshape(len(rows), len(places))
        whole = [
            row if sure.all() else [v if k else 0 for v, k in zip(row, sure.tolist(), strict=True)]
            for row, sure in zip(rows, known, strict=True)
        ]
        found = np.zeros((len(places), len(rows)), np.int64)
        there = np.zeros((len(places), len(rows)), bool)
        if rows and places:
            found[places] = np.array(whole, np.int64).T
            there[places] = known.T
        return found, there, bool(there.all())

    @cached_property
    def all(self) -> Array:
        """True for every report."""
        import numpy as np

        return np.ones(self.count, bool)

    @cached_property
    def any_undivided(self) -> bool:
        """Whether a report has a group printed as one row."""
        return any(one.undivided for one in self.reports)

    def undivided(self, group: str) -> Array:
        """The reports in which a group is printed as one row."""
        import numpy as np

        return np.fromiter((group in one.undivided for one in self.reports), bool, self.count)


def _last_year(facts: Facts, paths: Sequence[str]) -> Sequence[object]:
    if facts.prior is None:
        return [None] * len(paths)
    return list(map(facts.prior.values.get, paths))


def _is_known(row: Sequence[Any]) -> list[bool]:
    """Which of the facts are whole numbers of a size that sums are exact with."""
    if set(map(type, row)) == {int} and min(row) >= -_LARGEST and max(row) <= _LARGEST:
        return [True] * len(row)
    return [v.__class__ is int and -_LARGEST <= v <= _LARGEST for v in row]


# ---- expressions ---------------------------------------------------------------------------------


def truth(node: Node, scope: Scope, columns: Columns) -> Truth | None:
    """An expression over many reports; None for one that arrays cannot tell."""
    match node:
        case Not(operand=operand):
            inner = truth(operand, scope, columns)
            return None if inner is None else _inverted(inner)
        case Binary(op="and" | "or" as op):
            left = truth(node.left, scope, columns)
            right = truth(node.right, scope, columns) if left is not None else None
            return None if left is None or right is None else _joined(op, left, right)
        case Binary(op="==" | "!=" as op, left=Name() as name, right=Text(value=text)):
            return _same(op, name, text, scope)
        case Binary(op=op) if op in _SIGNS:
            return _compared(node, scope, columns)
        case Call(name="known", args=(Name() as name,)):
            return _known(name, scope)
        case Name():
            return _flag(node, scope)
    return None


_SIGNS = ("==", "!=", "<", "<=", ">", ">=")


def _inverted(inner: Truth) -> Truth:
    def run(table: Table) -> Held:
        value, sure = inner(table)
        return Held(~value, sure)

    return run


def _joined(op: str, left: Truth, right: Truth) -> Truth:
    def run(table: Table) -> Held:
        one, other = left(table), right(table)
        if op == "and":
            return Held(one.value & other.value, one.sure & (~one.value | other.sure))
        return Held(one.value | other.value, one.sure & (one.value | other.sure))

    return run


def _compared(node: Binary, scope: Scope, columns: Columns) -> Truth | None:
    """A comparison of sums of facts, as one sum that is compared with 0."""
    if any(isinstance(part, Call) and part.name not in ("sum", "prior") for part in walk(node)):
        return None
    form = difference(node, name_leaf(scope))
    touched = _touched(node, scope) if form is not None else None
    if form is None or touched is None:
        return None
    factors, constant = _whole(form)
    if sum(map(abs, factors.values())) > _FACTORS or abs(constant) > _LARGEST * _FACTORS:
        return None
    terms = tuple((columns.number(*key), factor) for key, factor in factors.items())
    seen = tuple(columns.number(*key) for key in touched)
    key = (node.op, terms, constant, seen)

    def run(table: Table) -> Held:
        held = table.held.get(key)
        if held is None:
            held = table.held[key] = _held(table, node.op, terms, constant, seen)
        return held

    return run


def _touched(node: Binary, scope: Scope) -> list[tuple[str, bool]] | None:
    """All facts that the comparison reads; None where a name stands for something else."""
    found: dict[tuple[str, bool], None] = {}
    for name, prior in dated_names(node):
        try:
            meant = scope(name)
        except ExpressionError:
            return None
        if isinstance(meant, Constant):
            if isinstance(meant.value, bool | str):
                return None
            continue
        found |= {(path, prior): None for path in meant}
    return list(found)


def _whole(form: Linear) -> tuple[dict[tuple[str, bool], int], int]:
    """The factors and the constant times what makes all of them whole."""
    parts = {(path, prior): Fraction(x) for (path, prior, _), x in form.terms.items()}
    constant = Fraction(form.constant)
    scale = lcm(constant.denominator, *(x.denominator for x in parts.values()))
    return {key: int(x * scale) for key, x in parts.items()}, int(constant * scale)


def _held(
    table: Table, op: str, terms: Sequence[tuple[int, int]], constant: int, seen: Sequence[int]
) -> Held:
    import numpy as np

    numbers, known, all_known = table.numbers
    total = np.full(table.count, constant, np.int64)
    for column, factor in terms:
        if factor == 1:
            total += numbers[column]
        elif factor == -1:
            total -= numbers[column]
        else:
            total += factor * numbers[column]
    sure: Array = table.all
    if seen and not all_known:
        sure = np.logical_and.reduce(known[list(seen)])
    return Held(_SIGN[op](total), sure)


_SIGN: dict[str, Callable[[Any], Any]] = {
    "==": lambda total: total == 0,
    "!=": lambda total: total != 0,
    "<": lambda total: total < 0,
    "<=": lambda total: total <= 0,
    ">": lambda total: total > 0,
    ">=": lambda total: total >= 0,
}


def _path(name: Name, scope: Scope) -> str | None:
    """The one fact that a name stands for."""
    if name.wildcard:
        return None
    meant = one_meaning(name, scope)
    return meant if isinstance(meant, str) else None


def _same(op: str, name: Name, text: str, scope: Scope) -> Truth | None:
    """Whether a fact is, or is not, a text."""
    path = _path(name, scope)
    if path is None:
        return None

    def run(table: Table) -> Held:
        held = [one.values.get(path) for one in table.reports]
        value = _booleans([(v == text) == (op == "==") for v in held])
        return Held(value, _booleans([isinstance(v, str) for v in held]))

    return run


def _known(name: Name, scope: Scope) -> Truth | None:
    """Whether a fact was read for certain."""
    path = _path(name, scope)
    if path is None:
        return None
    return lambda table: Held(_booleans([path in one.values for one in table.reports]), table.all)


def _flag(name: Name, scope: Scope) -> Truth | None:
    """A fact that is itself true or false."""
    path = _path(name, scope)
    if path is None:
        return None

    def run(table: Table) -> Held:
        held = [one.values.get(path) for one in table.reports]
        known = _booleans([isinstance(v, bool) for v in held])
        return Held(_booleans([v is True for v in held]), known)

    return run


def _booleans(values: Sequence[bool]) -> Array:
    import numpy as np

    return np.array(values, bool)
