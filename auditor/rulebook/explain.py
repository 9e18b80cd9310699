"""The slow path: what an expression comes to when facts are missing, and on what evidence.

A printed blank may be any number from zero. An expression that holds with zeros holds; one that no
number can mend does not; otherwise it is unknown, and where one blank decides an equality the
number that would mend it is told. All for people and reports is here: the verdict, the facts it
rests on, the two sides with their difference, the working in numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from auditor.model import Value
from auditor.rulebook.kleene import OWN, Key, Lookup, Others, Result, Sight, Touched, value_of
from auditor.rulebook.linear import Linear, constant, difference, linear
from auditor.rulebook.numbers import (
    COMPARE,
    Interval,
    Numeric,
    divide,
    is_number,
    negate,
    rounded,
    subtract,
)
from auditor.rulebook.tree import (
    BLANK,
    UNKNOWN,
    Binary,
    Blank,
    Name,
    Node,
    Number,
    Resolver,
    Unknown,
    operands,
    walk,
)
from auditor.rulebook.wordlist import WordList
from auditor.rulebook.working import working

__all__ = [
    "BLANK",
    "UNKNOWN",
    "Blank",
    "Evaluation",
    "Lookup",
    "Others",
    "Touched",
    "Unknown",
    "evaluate",
    "linear",
    "working",
]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The value of an expression and what it rests on.

    `left`, `right` and `difference` (left - right) are told for a comparison of two known numbers;
    of a chain of `and`, for the first part that fails; of a failing `or`, for its first part.
    `blank_would_be` is the path of a blank of this year's report and the number that would make
    the expression true.
    """

    value: Numeric | str | bool | WordList | Unknown
    touched: tuple[Touched, ...] = ()
    left: int | Decimal | None = None
    right: int | Decimal | None = None
    difference: int | Decimal | None = None
    blank_would_be: tuple[str, Value] | None = None

    @property
    def unknown_paths(self) -> tuple[str, ...]:
        """The facts that could not be read, or are not there."""
        return tuple(fact.path for fact in self.touched if fact.value is UNKNOWN)

    @property
    def blank_paths(self) -> tuple[str, ...]:
        """The facts that are printed blank."""
        return tuple(fact.path for fact in self.touched if fact.value is BLANK)


def evaluate(
    node: Node,
    resolve: Resolver,
    lookup: Lookup,
    prior_lookup: Lookup | None = None,
    others: Others = Others(),
) -> Evaluation:
    """The value with its evidence. Never raises for what a report holds or lacks."""
    sight = Sight(resolve, lookup, prior_lookup, others=others)
    value = value_of(node, sight)
    touched = tuple(sight.seen.values())
    blanks = [fact.key for fact in touched if fact.value is BLANK]
    would_be = None
    if blanks and not isinstance(value, bool):
        value, would_be = _with_blanks(node, sight, value, blanks)
    if isinstance(value, Interval):
        value = UNKNOWN
    left, right = _sides(node, value, sight)
    if left is None or right is None:
        return Evaluation(value, touched, blank_would_be=would_be)
    try:
        gap = rounded(subtract(left, right))
    except ArithmeticError:  # too far apart to be told exactly
        gap = None
    return Evaluation(value, touched, rounded(left), rounded(right), gap, would_be)


def _sides(node: Node, value: Result, sight: Sight) -> tuple[Numeric | None, Numeric | None]:
    part: Node | None = node
    if isinstance(node, Binary) and node.op == "and" and value is False:
        failing = (part for part in operands(node, "and") if value_of(part, sight) is False)
        part = next(failing, None)
    elif isinstance(node, Binary) and node.op == "or" and value is False:
        part = operands(node, "or")[0]
    if not isinstance(part, Binary) or part.op not in COMPARE:
        return None, None
    left, right = value_of(part.left, sight), value_of(part.right, sight)
    return left if is_number(left) else None, right if is_number(right) else None


# ---- blanks ------------------------------------------------------------------------------------


def _with_blanks(
    node: Node, sight: Sight, value: Result, blanks: Sequence[Key]
) -> tuple[Result, tuple[str, Value] | None]:
    """A verdict that the ranges left open, and the number for a blank that would make it true."""
    if value_of(node, replace(sight, filled=dict.fromkeys(blanks, 0))) is True:
        return True, None
    would_be = None
    for part in operands(node, "and"):
        if not isinstance(part, Binary) or part.op != "==" or value_of(part, sight) is not UNKNOWN:
            continue
        solution = _solution(part, sight)
        if solution is False:
            return False, None
        if solution is None or would_be is not None:
            continue
        (path, prior, unit), number = solution
        supposed = replace(sight, filled={(path, prior, unit): number})
        if not prior and value_of(node, supposed) is True:
            would_be = (path, number)
    return value, would_be


def _solution(part: Binary, sight: Sight) -> tuple[Key, int | Decimal] | Literal[False] | None:
    """The one blank of an equality and its number; False if there is none; None if untold.

    Untold: several blanks, something unknown, no linear form, an endless decimal.
    """
    form = difference(part, lambda node, prior: _leaf(node, prior, sight))
    if form is None or len(form.terms) > 1:
        return None
    if not form.terms:  # the blanks cancel out: what is left holds or it does not
        return False if form.constant else None
    [(key, factor)] = form.terms.items()
    try:
        number = negate(divide(form.constant, factor))
    except ArithmeticError:
        return None
    if number < 0 or (not isinstance(number, int) and _only_counts(part, sight)):
        return False
    return None if isinstance(number, Fraction) else (key, number)


def _leaf(node: Node, prior: bool, sight: Sight) -> Linear | None:
    if prior and sight.prior_lookup is None:
        return None
    meant = sight.meant(node) if isinstance(node, Name) else None
    if not isinstance(node, Name) or not isinstance(meant, tuple):
        return constant(value_of(node, sight, prior))
    whole = Linear()
    for path in meant:
        fact = sight.fact(path, prior)
        part = Linear({(path, prior, OWN): 1}) if fact is BLANK else constant(fact)
        if part is None:
            return None
        whole = whole.plus(part)
    return whole


def _only_counts(part: Binary, sight: Sight) -> bool:
    """True if nothing in the comparison can be other than whole: then its blank is a count too."""
    for node in walk(part):
        if isinstance(node, Number) and not isinstance(node.value, int):
            return False
        if isinstance(node, Binary) and node.op == "/":
            return False
    return not any(
        isinstance(sight.fact(path, dated), Decimal) for path, dated, _ in sight.keys(part)
    )
