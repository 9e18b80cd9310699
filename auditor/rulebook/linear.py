"""Linear forms: an expression as coefficients of facts, where it is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from auditor.rulebook.numbers import Numeric, add, divide, is_number, multiply, negate
from auditor.rulebook.tree import (
    Binary,
    Call,
    Constant,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Resolver,
    addends,
    operands,
)

Dated = tuple[str, bool]  # a path, and whether it is last year's
Key = tuple[str, bool, int]  # a path, whether it is last year's, the number of a unit or OWN
OWN = -1
"""In place of the number of a unit: the report itself."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of facts times coefficients, plus a constant."""

    terms: dict[Key, Numeric] = field(default_factory=dict)
    constant: Numeric = 0

    def times(self, factor: Numeric) -> Linear:
        """Every part multiplied."""
        terms = {key: multiply(x, factor) for key, x in self.terms.items()}
        return Linear(terms, multiply(self.constant, factor))

    def plus(self, other: Linear) -> Linear:
        """The sum of two forms; what cancels out is gone."""
        terms = dict(self.terms)
        for key, x in other.terms.items():
            terms[key] = add(terms.get(key, 0), x)
        kept = {key: x for key, x in terms.items() if x != 0}
        return Linear(kept, add(self.constant, other.constant))


# What a leaf, or a part that is not arithmetic, comes to: a linear form, or None if it has none.
# The bool says whether it is read from last year's report.
Leaf = Callable[[Node, bool], Linear | None]


def linear_form(node: Node, leaf: Leaf, prior: bool = False) -> Linear | None:
    """The linear form of an arithmetic expression; None if it has none."""
    match node:
        case Number(value=value):
            return Linear({}, value)
        case Negate() | Binary(op="+" | "-") | Call(name="sum"):
            return _sum(node, leaf, prior)
        case Binary(op="*" | "/"):
            return _product(node, leaf, prior)
        case Call(name="prior"):
            return linear_form(node.args[0], leaf, prior=True)
    return leaf(node, prior)


def _sum(node: Node, leaf: Leaf, prior: bool) -> Linear | None:
    whole = Linear()
    for sign, term in addends(node):
        part = linear_form(term, leaf, prior)
        if part is None:
            return None
        whole = whole.plus(part.times(sign))
    return whole


def _product(node: Binary, leaf: Leaf, prior: bool) -> Linear | None:
    left, right = linear_form(node.left, leaf, prior), linear_form(node.right, leaf, prior)
    if left is None or right is None:
        return None
    if not right.terms:
        if node.op == "*":
            return left.times(right.constant)
        return left.times(divide(1, right.constant)) if right.constant else None
    return right.times(left.constant) if node.op == "*" and not left.terms else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A linear form that is 0 (`==`), not 0 (`!=`), at most 0 (`<=`) or below 0 (`<`)."""

    op: str
    form: Linear


_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def comparisons(node: Node, leaf: Leaf, *, wanted: bool = True) -> list[Comparison | None]:
    """What must hold for an expression to be `wanted`: all of these; None for a part that is none.

    None stands for a choice, too, unless all that it lets choose comes to the same.
    """
    match node:
        case Not(operand=operand):
            return comparisons(operand, leaf, wanted=not wanted)
        case Binary(op="and" | "or" as op):
            parts = [comparisons(part, leaf, wanted=wanted) for part in operands(node, op)]
            if (op == "and") == wanted:
                return [one for part in parts for one in part]
            return parts[0] if all(part == parts[0] for part in parts) else [None]
        case Binary(op=op) if op in _NEGATED:
            return [_compared(node, op if wanted else _NEGATED[op], leaf)]
    return [None]


def _compared(node: Binary, op: str, leaf: Leaf) -> Comparison | None:
    form = difference(node, leaf)
    if form is None or not form.terms:
        return None
    if op in (">", ">="):
        op, form = "<" if op == ">" else "<=", form.times(-1)
    return Comparison(op, form)


def linear(node: Node, resolve: Resolver) -> dict[str, Numeric] | None:
    """The coefficients of `left - right` of an equality between sums of this year's facts.

    None for everything else: another relation, a constant term, a product of facts, last year's
    facts, a function other than `sum`, or facts that all cancel out.
    """
    found = comparisons(node, name_leaf(resolve))
    if len(found) != 1 or found[0] is None or found[0].op != "==" or found[0].form.constant:
        return None
    if any(prior for _, prior, _ in found[0].form.terms):
        return None
    return {path: x for (path, _, _), x in found[0].form.terms.items()}


def name_leaf(resolve: Resolver, unit: int = OWN) -> Leaf:
    """Leaves that are names: each the sum of the facts that it stands for, or a constant."""

    def leaf(node: Node, prior: bool) -> Linear | None:
        if not isinstance(node, Name):
            return None
        meant = resolve(node)
        if isinstance(meant, Constant):
            return constant(meant.value)
        whole = Linear()
        for path in meant:
            whole = whole.plus(Linear({(path, prior, unit): 1}))
        return whole

    return leaf


def company_leaf(resolve: Resolver, units: Sequence[Resolver]) -> Leaf:
    """The same, and sums over the units of a summary."""
    own = name_leaf(resolve)

    def leaf(node: Node, prior: bool) -> Linear | None:
        if not isinstance(node, Call) or node.name != "units":
            return own(node, prior)
        whole = Linear()
        for number, of in enumerate(units):
            part = linear_form(node.args[0], name_leaf(of, number), prior)
            if part is None:
                return None
            whole = whole.plus(part)
        return whole

    return leaf


def constant(value: object) -> Linear | None:
    """A number as a form without terms; None for what is no number."""
    return Linear({}, value) if is_number(value) else None


def difference(node: Binary, leaf: Leaf) -> Linear | None:
    """The linear form of `left - right`."""
    try:
        left, right = linear_form(node.left, leaf), linear_form(node.right, leaf)
        return None if left is None or right is None else left.plus(right.times(negate(1)))
    except ArithmeticError:  # a number too large to be exact
        return None
