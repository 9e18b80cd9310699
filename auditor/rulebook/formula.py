"""Formula: one expression of a rule, bound to its names, quick where all is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.rulebook.compile import compile_fast
from auditor.rulebook.facts import Facts
from auditor.rulebook.scope import Scope
from auditor.rulebook.tree import Constant, Name, Node, Resolver, names

if TYPE_CHECKING:
    from auditor.rulebook.explain import Evaluation
    from auditor.rulebook.kleene import Other, Others, Sight


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed expression with the scope of its names."""

    node: Node
    scope: Scope
    fast: Callable[[Any, Any], Any]

    def value(self, facts: Facts) -> Any:
        """The value: True, False, a number, a text, or UNKNOWN."""
        try:
            return self.fast(facts.values, facts.prior.values if facts.prior else None)
        except (KeyError, ArithmeticError):
            return self.explain(facts).value

    def explain(self, facts: Facts) -> Evaluation:
        """The value with all that it rests on; slower, and imported only when it is needed."""
        from auditor.rulebook.explain import evaluate

        own = _other(self.scope, facts)
        others = _others(self.scope, facts)
        return evaluate(self.node, own.resolve, own.lookup, own.prior_lookup, others)

    def working(self, facts: Facts) -> str:
        """The expression written out with its numbers."""
        from auditor.rulebook.working import working

        own = _other(self.scope, facts)
        others = _others(self.scope, facts)
        return working(self.node, own.resolve, own.lookup, own.prior_lookup, others=others)

    def sight(self, facts: Facts) -> Sight:
        """What an evaluation of it can see, for those who go through it node by node."""
        from auditor.rulebook.kleene import Sight

        own = _other(self.scope, facts)
        others = _others(self.scope, facts)
        return Sight(own.resolve, own.lookup, own.prior_lookup, others=others)

    def paths(self) -> frozenset[str]:
        """All facts that the names stand for."""
        found: set[str] = set()
        for name in names(self.node):
            resolved = self.scope(name)
            if not isinstance(resolved, Constant):
                found.update(resolved)
        return frozenset(found)


def formula(node: Node, scope: Scope) -> Formula:
    """Bind an expression to a scope. Raises ExpressionError for an unknown name."""
    return Formula(node, scope, compile_fast(node, scope))


def _other(scope: Scope, facts: Facts) -> Other:
    from auditor.rulebook.kleene import Other

    prior = facts.prior.lookup if facts.prior else None
    return Other(resolver(scope, facts), facts.lookup, prior)


def _others(scope: Scope, facts: Facts) -> Others:
    """The reports that an expression may look at besides this one and last year's."""
    from auditor.rulebook.kleene import Others

    if not facts.units and facts.peers is None:
        return Others()
    peers = facts.peers
    return Others(
        tuple(_other(scope, unit) for unit in facts.units),
        lambda: [_other(scope, peer) for peer in peers.facts] if peers else (),
        peers.memo if peers else None,
        scope.where,
    )


def resolver(scope: Scope, facts: Facts) -> Resolver:
    """The scope's names; a group printed as one row stands for its missing children."""
    if not facts.undivided:
        return scope

    def resolve(name: Name) -> tuple[str, ...] | Constant:
        found = scope(name)
        if isinstance(found, Constant) or not name.wildcard:
            return found
        return _with_undivided(found, facts)

    return resolve


def _with_undivided(paths: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
    """Children of a group that was printed as one row are replaced by that row's cells."""
    swapped: dict[str, None] = {}
    for path in paths:
        cell = facts.form.fields[path]
        group = facts.form.rows[cell.row].group
        whole = f"{group}.undivided.{cell.key}" if group in facts.undivided else path
        swapped[whole if whole in facts.form.fields else path] = None
    return tuple(swapped)
