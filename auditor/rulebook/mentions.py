"""Mentions: every counted thing in the narrative, and which rules hold it against something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from auditor.errors import Said
from auditor.rulebook.author import Author
from auditor.rulebook.facts import Facts
from auditor.rulebook.job import Job
from auditor.rulebook.listings import Count, counts
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.prose import Prose
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.statements import HELD, REASONS, Standing, Statement
from auditor.rulebook.verbs import verbs

_NOBODY = Said("没有规则读这种说法", "no rule reads this kind of statement")


@dataclass(frozen=True, slots=True)
class Mention:
    """One number with its unit: the rules that check it, or why none does."""

    path: str
    printed: str
    quote: str
    rules: tuple[str, ...]
    reason: Said | None
    span: tuple[int, int]


def mentions(rules: RuleSet, facts: Facts) -> Iterator[Mention]:
    """Every number with a unit in the texts that were read, in order."""
    seen: dict[tuple[str, int], list[tuple[str, Standing]]] = {}
    for rule, statement in _statements(rules, facts):
        at = statement.hit.number
        if at >= 0:
            key = (statement.prose.path, at)
            seen.setdefault(key, []).append((rule, statement.standing))
    for prose in facts.prose.values():
        for count in counts(prose, 0, len(prose.text)):
            yield _mention(prose, count, seen.get((prose.path, count.start), []))


def _statements(rules: RuleSet, facts: Facts) -> Iterator[tuple[str, Statement]]:
    """What the rules of this form look at, those of other years left out."""
    values = {name: held.at(facts.period) for name, held in rules.thresholds.items()}
    for rule in rules.rules:
        looks: Callable[[Job], Any] | None = getattr(verbs()[rule.verb], "mentions", None)
        if looks is None or not applies_to(rule, facts.form, rules):
            continue
        nobody = Author(rule.file, "")
        job = Job(rule, facts.form, values, nobody, checking=False, trees=rules.trees,
                  terms=rules.terms)  # fmt: skip
        look = looks(job)
        for statement in look(facts) if look is not None else ():
            yield rule.id, statement


def _mention(prose: Prose, count: Count, seen: list[tuple[str, Standing]]) -> Mention:
    held = tuple(dict.fromkeys(rule for rule, standing in seen if standing in HELD))
    reason = None
    if not held:
        standing = next((s for _, s in seen if s is not Standing.SCALE), None)
        reason = REASONS[standing] if standing else _NOBODY
    start = max(prose.clause(count.start), count.start - 24)
    return Mention(
        prose.path,
        prose.printed(count.start, count.end),
        prose.printed(start, count.end).strip(" \n,，。;；"),
        held,
        reason,
        prose.span(count.start, count.end),
    )
