"""What follows from linear relations, with a proof in exact fractions.

The solver's multipliers only suggest a proof. It is one when the relations, taken that many times
and added up, say the claim; that is checked in fractions, so that nothing here rests on floats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditor.rulebook.linear import Dated
from auditor.rulebook.relations import EQUAL, Relation

_DENOMINATOR = 720
_NOISE = 1e-7


@dataclass(frozen=True, slots=True)
class Step:
    """A relation taken this many times; of an inequality never less than 0 times."""

    relation: Relation
    times: Fraction


Proof = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """The sum of coefficient * cell, plus the constant, is at most 0."""

    terms: Mapping[Dated, Fraction]
    constant: Fraction = Fraction(0)


NEVER = Claim({}, Fraction(1))
"""1 ≤ 0: what follows from rules that contradict each other."""


def proof_of(
    claim: Claim,
    relations: Sequence[Relation],
    weights: Sequence[float],
    signed: frozenset[Dated] = frozenset(),
) -> Proof | None:
    """The proof that multipliers from the solver suggest; None if they do not prove the claim.

    Cells are at least 0, but those in `signed` may be anything.
    """
    steps = tuple(
        Step(relation, times)
        for relation, weight in zip(relations, weights, strict=True)
        if abs(weight) > _NOISE
        if (times := Fraction(weight).limit_denominator(_DENOMINATOR))
    )
    return steps if holds(claim, steps, signed) else None


def holds(claim: Claim, steps: Iterable[Step], signed: frozenset[Dated] = frozenset()) -> bool:
    """Whether the steps prove the claim.

    What they leave of it must say of each cell only that it is not below 0, and no more.
    """
    left, constant = dict(claim.terms), claim.constant
    for step in steps:
        if step.relation.op != EQUAL and step.times < 0:
            return False
        for cell, x in step.relation.terms:
            left[cell] = left.get(cell, Fraction(0)) - step.times * x
        constant -= step.times * step.relation.constant
    return constant <= 0 and all(
        x == 0 or (x < 0 and cell not in signed) for cell, x in left.items()
    )


# --- equalities alone: no solver is needed ------------------------------------------------------


class Span:
    """Equalities in reduced form, each with the steps that made it: what follows from them."""

    def __init__(self) -> None:
        self._rows: dict[Dated, tuple[dict[Dated, Fraction], dict[Relation, Fraction]]] = {}

    def proof(self, relation: Relation) -> Proof | None:
        """How an equality follows from those that were added; None if it does not."""
        left, steps = self._reduced(relation)
        if left:
            return None
        return tuple(Step(one, times) for one, times in steps.items() if times)

    def add(self, relation: Relation) -> None:
        """One more equality to rest on."""
        left, steps = self._reduced(relation)
        if not left:
            return
        cell, lead = next(iter(left.items()))
        own = {one: -times / lead for one, times in steps.items()}
        own[relation] = own.get(relation, Fraction(0)) + 1 / lead
        self._rows[cell] = ({key: x / lead for key, x in left.items()}, own)

    def _reduced(
        self, relation: Relation
    ) -> tuple[dict[Dated, Fraction], dict[Relation, Fraction]]:
        """What is left of a relation, and the steps that were taken from it."""
        left = dict(relation.terms)
        steps: dict[Relation, Fraction] = {}
        while cell := next((key for key in left if key in self._rows), None):
            factor, (row, made) = left[cell], self._rows[cell]
            for key, x in row.items():
                left[key] = left.get(key, Fraction(0)) - factor * x
                if not left[key]:
                    del left[key]
            for one, times in made.items():
                steps[one] = steps.get(one, Fraction(0)) + factor * times
        return left, steps
