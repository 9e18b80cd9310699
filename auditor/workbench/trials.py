"""Trials: a report and what a rule must say of it, from examples in rules and from case files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.errors import Said
from auditor.form import Form
from auditor.model import Outcome, Result
from auditor.rulebook.author import Author
from auditor.rulebook.examples import examples_of, expected_outcomes
from auditor.rulebook.expected import disagreement, split
from auditor.rulebook.facts import Facts
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import Example, Rule, RuleSet


@dataclass(frozen=True, eq=False)
class Trial:
    """One report for one rule. `accepted` are the outcomes that it may have.

    `gives` are numbers and words that the findings must have; `origin` is file:line.
    """

    rule: str
    form: Form
    facts: Facts
    accepted: tuple[Outcome, ...]
    gives: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""
    mark: Mark | None = None
    example: Example | None = None

    def refutes(self, result: Result) -> bool:
        """Whether a result is not what the trial says."""
        return result.outcome not in self.accepted or self.odd(result) is not None

    def odd(self, result: Result) -> Said | None:
        """What is otherwise than told in a result of the right outcome."""
        return disagreement(self.gives, result) if self.gives else None


def trials(rules: RuleSet, forms: Sequence[Form]) -> dict[str, list[Trial]]:
    """The examples of the set's own rules on each of their forms, by rule.

    Those of rules that it takes over are about the set that they are taken from.
    """
    own = [form for form in forms if form.id in rules.forms]
    return {rule.id: list(_of(rule, own, rules)) for rule in rules.own}


def _of(rule: Rule, forms: Sequence[Form], rules: RuleSet) -> Iterator[Trial]:
    author = Author(rule.file, "")
    mine = [form for form in forms if form.id in (rule.forms or rules.forms)]
    for example in rule.examples:
        gives = split(example.edits)[1]
        for form, facts in examples_of(example, mine, author).items():
            line = example.mark.line if example.mark else 0
            accepted = expected_outcomes(rule, example)
            yield Trial(rule.id, form, facts, accepted, gives, f"{rule.file}:{line}",
                        example.mark, example)  # fmt: skip
