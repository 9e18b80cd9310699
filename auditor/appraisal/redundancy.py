"""Which relations say nothing that the others do not say, with the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.appraisal.proof import Proof, Span
from auditor.rulebook.relations import EQUAL, Relation


@dataclass(frozen=True, slots=True)
class Implied:
    """A relation that follows from others. That is no fault: it tells which cell is wrong."""

    relation: Relation
    proof: Proof


def implied_equalities(relations: Sequence[Relation]) -> tuple[Implied, ...]:
    """The equalities that follow from those before them, in order."""
    span, found = Span(), []
    for relation in _homogeneous(relations):
        proof = span.proof(relation)
        if proof is None:
            span.add(relation)
        else:
            found.append(Implied(relation, proof))
    return tuple(found)


def needless_rules(relations: Sequence[Relation]) -> tuple[str, ...]:
    """The rules of which every place follows from the other rules.

    Of two rules that say the same each is needless, as long as the other stands.
    """
    usable = _homogeneous(relations)
    partly = {r.rule for r in relations} - {r.rule for r in usable}
    partly |= {r.rule for r in relations if r not in usable}
    found = []
    for rule in dict.fromkeys(r.rule for r in usable):
        span = Span()
        for other in usable:
            if other.rule != rule:
                span.add(other)
        mine = [r for r in usable if r.rule == rule]
        if rule not in partly and all(span.proof(r) is not None for r in mine):
            found.append(rule)
    return tuple(found)


def _homogeneous(relations: Sequence[Relation]) -> list[Relation]:
    return [r for r in relations if r.op == EQUAL and r.homogeneous]
