"""Mentions: every counted thing in the narrative, and which rules hold it against something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.errors import Said
from auditor.rulebook.apply import idle
from auditor.rulebook.author import Author
from auditor.rulebook.facts import Facts
from auditor.rulebook.job import Job
from auditor.rulebook.listings import Count, counts
from auditor.rulebook.prepare import prepare
from auditor.rulebook.prose import Prose
from auditor.rulebook.rule import Ready, RuleSet
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


@dataclass(frozen=True, slots=True)
class _Look:
    """How one rule takes a number; `idle` says why that rule looks at nothing in this report."""

    rule: str
    standing: Standing
    idle: Said | None


def mentions(rules: RuleSet, facts: Facts) -> Iterator[Mention]:
    """Every number with a unit in the texts that were read, in order."""
    seen: dict[tuple[str, int], list[_Look]] = {}
    for ready, statement in _statements(rules, facts):
        at = statement.hit.number
        if at >= 0:
            key = (statement.prose.path, at)
            look = _Look(ready.rule.id, statement.standing, idle(ready, facts))
            seen.setdefault(key, []).append(look)
    for prose in facts.prose.values():
        for count in counts(prose, 0, len(prose.text)):
            yield _mention(prose, count, seen.get((prose.path, count.start), []))


def _statements(rules: RuleSet, facts: Facts) -> Iterator[tuple[Ready, Statement]]:
    """What the rules of this form look at."""
    values = {name: held.at(facts.period) for name, held in rules.thresholds.items()}
    for ready in prepare(rules, facts.form, facts.period):
        rule = ready.rule
        looks: Callable[[Job], Any] | None = getattr(verbs()[rule.verb], "mentions", None)
        if looks is None:
            continue
        nobody = Author(rule.file, "")
        job = Job(rule, facts.form, values, nobody, checking=False, trees=rules.trees,
                  terms=rules.terms)  # fmt: skip
        look = looks(job)
        for statement in look(facts) if look is not None else ():
            yield ready, statement


def _mention(prose: Prose, count: Count, seen: Sequence[_Look]) -> Mention:
    fitting = [look for look in seen if look.standing in HELD]
    held = tuple(dict.fromkeys(look.rule for look in fitting if look.idle is None))
    reason = None if held else _why_not(seen, fitting)
    start = max(prose.clause(count.start), count.start - 24)
    return Mention(
        prose.path,
        prose.printed(count.start, count.end),
        prose.printed(start, count.end).strip(" \n,，。;；"),
        held,
        reason,
        prose.span(count.start, count.end),
    )


def _why_not(seen: Sequence[_Look], fitting: Sequence[_Look]) -> Said:
    """The reason why no rule holds a number against something."""
    if fitting:
        return fitting[0].idle or _NOBODY
    standing = next((look.standing for look in seen if look.standing is not Standing.SCALE), None)
    return REASONS[standing] if standing else _NOBODY
