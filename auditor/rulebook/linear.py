"""Linear forms: an expression as coefficients of facts, where it is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from auditor.rulebook.numbers import Numeric, add, divide, is_number, multiply, negate
from auditor.rulebook.tree import (
    Binary,
    Call,
    Constant,
    Name,
    Negate,
    Node,
    Number,
    Resolver,
    addends,
)

Dated = tuple[str, bool]  # a path, and whether it is last year's
Key = tuple[str, bool, int]  # a path, whether it is last year's, the number of a unit or -1


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


def linear(node: Node, resolve: Resolver) -> dict[str, Numeric] | None:
    """The coefficients of `left - right` of an equality between sums of this year's facts.

    None for everything else: see `equality`, and last year's facts.
    """
    terms = equality(node, resolve)
    if terms is None or any(prior for _, prior in terms):
        return None
    return {path: x for (path, _), x in terms.items()}


def equality(node: Node, resolve: Resolver) -> dict[Dated, Numeric] | None:
    """The coefficients of `left - right` of an equality between sums of facts, of either year.

    None for everything else: another relation, a constant term, a product of facts, a function
    other than `sum`, or facts that all cancel out.
    """
    if not isinstance(node, Binary) or node.op != "==":
        return None

    def leaf(node: Node, prior: bool) -> Linear | None:
        if not isinstance(node, Name):
            return None
        meant = resolve(node)
        if isinstance(meant, Constant):
            return constant(meant.value)
        whole = Linear()
        for path in meant:
            whole = whole.plus(Linear({(path, prior, -1): 1}))
        return whole

    form = difference(node, leaf)
    if form is None or form.constant or not form.terms:
        return None
    return {(path, prior): x for (path, prior, _), x in form.terms.items()}


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
