"""breakdown: a total told in the text and the parts told after it."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Location, Result
from auditor.rulebook.facts import Facts
from auditor.rulebook.numbers import numeral
from auditor.rulebook.statements import Statement
from auditor.rulebook.verbs.breakdown import CHECKS, KEYS, mentions
from auditor.workbench.ground import Ground, many, members
from auditor.workbench.steps import Step, place_of
from auditor.workbench.verbs._any import findings

NAME = "breakdown"


def said(ground: Ground) -> str:
    """What must add up."""
    parts = members(ground.rule.body, KEYS)
    check = CHECKS[str(parts.get("check", "sum"))]
    if check != "parts":
        return ground.words(f"sentence.breakdown_{check}")
    scope = ground.column_scope(parts)
    told = [ground.told(text, scope) for text in many(parts.get("equals"))]
    return ground.words("sentence.breakdown_parts", equals=ground.words("sign.or").join(told))


def unfold(ground: Ground, facts: Facts, result: Result) -> Iterator[Step]:
    """Every number that was added up, then what did not add up."""
    look = mentions(ground.job)
    told = list(look(facts)) if look is not None else []
    for statement in told:
        yield _mention(ground, facts, statement)
    if not told and not result.findings:
        yield Step(ground.words("step.nothing"))
    yield from findings(ground.words, result)


def _mention(ground: Ground, facts: Facts, statement: Statement) -> Step:
    path = statement.prose.path
    at = facts.locations.get(path) or Location()
    place = place_of(Location(page=at.page, line=at.line, span=statement.span), ground.words)
    quote = ground.words("step.mention", quote=" ".join(statement.quote.split()))
    return Step(quote, numeral(statement.figure.value), "", place, path=path)
