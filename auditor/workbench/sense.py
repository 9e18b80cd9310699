"""Whether a mutant provably says the same as its rule.

Only what is cheap: both conditions in one normal form at every place. Anything else is left to
the examples, and to whoever reads the list of survivors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.errors import ExpressionError
from auditor.form import Form
from auditor.rulebook.rule import Rule, RuleSet
from auditor.workbench.normal import Normal, normal
from auditor.workbench.spots import Spot, spots, whole

if TYPE_CHECKING:
    from auditor.workbench.mutants import Mutant


def equivalent(mutant: Mutant, rules: RuleSet, forms: Sequence[Form]) -> bool:
    """Whether the changed expression has the same normal form as the original one everywhere."""
    if mutant.thresholds is not None:
        return False
    pairs = _changed(mutant)
    try:
        return pairs is not None and all(
            _same(old, new, mutant, rules, forms, key) for key, old, new in pairs
        )
    except ExpressionError:  # no expression at all
        return False


def _changed(mutant: Mutant) -> tuple[tuple[str, str, str], ...] | None:
    """(key, old text, new text) of the expressions that were changed; None for anything else."""
    new, old = mutant.rule, mutant.original
    if mutant.key == "when" and new.when:
        return (("when", old.when, new.when),)
    if mutant.key == "except" and len(new.exceptions) == len(old.exceptions):
        both = zip(old.exceptions, new.exceptions, strict=True)
        pairs = [(a.when, b.when) for a, b in both if a.when != b.when]
        if all(one and other for one, other in pairs):
            return tuple(("except", one, other) for one, other in pairs)
    if mutant.key in ("assert", "forbid") and new.verb == old.verb:
        return ((new.verb, old.body, new.body),)
    return None


def _same(
    old: str, new: str, mutant: Mutant, rules: RuleSet, forms: Sequence[Form], key: str
) -> bool:
    return list(_forms(mutant.original, old, rules, forms, key)) == list(
        _forms(mutant.rule, new, rules, forms, key)
    )


def _forms(
    rule: Rule, text: str, rules: RuleSet, forms: Sequence[Form], key: str
) -> Iterator[Normal | None]:
    places = spots if key in ("assert", "forbid") else whole
    for spot in places(rule, text, rules, forms):
        yield _normal(spot)


def _normal(spot: Spot) -> Normal | None:
    try:
        return normal(spot.node, spot.scope)
    except ExpressionError:
        return None
