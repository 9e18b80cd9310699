"""What rules want hidden, hidden in whatever the workbench shows of a report."""

from __future__ import annotations

from collections.abc import Callable

from auditor.judging.veiling import secrets_table
from auditor.rulebook.apply import apply
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import RuleSet


def hidden(rules: RuleSet, facts: Facts) -> Callable[[str], str]:
    """Gives a text without the passages that a rule with a mask finds, this year or last."""
    found: list[tuple[str, str]] = []
    for one in (facts, facts.prior):
        if one is None:
            continue
        for ready in prepare(rules, one.form, one.period):
            if ready.rule.mask:
                found += [s for f in apply(ready, one).findings for s in f.secrets]
    table = secrets_table(found)
    return str if table is None else table.quoted
