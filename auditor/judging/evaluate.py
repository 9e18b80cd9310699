"""All rules of one rule set against one report: one Result a rule, always."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.judging.mask import told_by
from auditor.model import Result
from auditor.rulebook.apply import apply
from auditor.rulebook.facts import Facts
from auditor.rulebook.rule import Ready


def evaluate(rules: Sequence[Ready], facts: Facts) -> tuple[Result, ...]:
    """The results in the order of the rules."""
    return tuple(apply(ready, facts) for ready in rules)


def secrets_of(rules: Sequence[Ready], facts: Facts | None) -> tuple[tuple[str, str], ...]:
    """What the rules would hide of another report that findings may quote: last year's."""
    if facts is None:
        return ()
    return told_by(apply(ready, facts) for ready in rules if ready.rule.mask)
