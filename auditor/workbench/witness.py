"""The example that would kill a mutant: a small edit on which the mutant and its rule differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from auditor.form import Form
from auditor.model import Outcome
from auditor.rulebook.apply import apply
from auditor.rulebook.author import Author
from auditor.rulebook.edits import edited
from auditor.rulebook.expected import OUTCOMES, split
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.rule import Rule, RuleSet
from auditor.text import written
from auditor.workbench.inventing import Edits, invented
from auditor.workbench.mutants import Mutant
from auditor.workbench.mutating import Maker

BUDGET = 600
"""How many edits are tried for one mutant."""


@dataclass(frozen=True, slots=True)
class Witness:
    """An edit, what the rule says of the report, and what the mutant says."""

    edits: Edits
    outcome: Outcome
    instead: Outcome

    def line(self, rule: Rule, lang: str = "zh") -> str:
        """The example as it stands in a rule file, under its key."""
        outcome = self.outcome
        if rule.review and outcome is Outcome.REVIEW:
            outcome = Outcome.FAIL
        return f"{OUTCOMES[outcome].inside(lang)}: [{flow(self.edits)}]"


def witness(
    mutant: Mutant, rules: RuleSet, forms: Sequence[Form], budget: int = BUDGET
) -> Witness | None:
    """A small edit that tells a mutant from its rule; None where none was found."""
    rule = mutant.original
    original, changed = Maker(rule, rules, None), Maker(mutant.rule, rules, mutant.thresholds)
    for form in forms:
        if form.id not in rules.forms or not applies_to(rule, form, rules):
            continue
        judge = _judge(form, original, changed, rule.file)
        for edits in invented(rule, mutant.rule, rules, form, budget):
            found = judge(edits)
            if found is not None:
                return _smallest(found, judge)
    return None


def _judge(
    form: Form, original: Maker, changed: Maker, file: str
) -> Callable[[Edits], Witness | None]:
    def judge(edits: Edits) -> Witness | None:
        facts = edited(form, split(edits)[0], Author(file, ""), None)
        ready = original.ready(form, facts) if facts is not None else None
        other = changed.ready(form, facts) if facts is not None else None
        if facts is None or ready is None or other is None:
            return None
        outcome, instead = apply(ready, facts).outcome, apply(other, facts).outcome
        return Witness(edits, outcome, instead) if _told_apart(outcome, instead) else None

    return judge


def _told_apart(outcome: Outcome, instead: Outcome) -> bool:
    """Whether an example that expects the one is refuted by the other: see examples."""
    if outcome is Outcome.PASS:
        return instead not in (Outcome.PASS, Outcome.NOT_APPLICABLE)
    return outcome is not instead


def _smallest(found: Witness, judge: Callable[[Edits], Witness | None]) -> Witness:
    """The witness with every edit taken out that it does not need."""
    while True:
        smaller = next((w for e in _smaller(found.edits) if (w := judge(e)) is not None), None)
        if smaller is None:
            return found
        found = smaller


def _smaller(edits: Edits) -> Iterator[Edits]:
    for key, value in edits.items():
        yield {k: v for k, v in edits.items() if k != key}
        if isinstance(value, Mapping) and value:
            yield from ({**edits, key: inner} for inner in _smaller(dict(value)))


def flow(node: Any) -> str:
    """A value in YAML's flow style, quoted where it must be."""
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list | tuple):
        return "[" + ", ".join(map(flow, node)) + "]"
    if node is None:
        return "null"
    if isinstance(node, bool):
        return "是" if node else "否"
    if isinstance(node, int | Decimal):
        return written(node)
    return _text(str(node))


_SIGNS = set(",[]{}:#&*!|>'\"%@`\n")


def _text(text: str) -> str:
    plain = text and not (_SIGNS & set(text)) and not text[0].isdigit() and text == text.strip()
    if plain and text[0] not in "-?":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
