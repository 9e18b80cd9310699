"""claim: what the text says of a number, against the tables."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from auditor.model import Location, Result
from auditor.rulebook.claims import Claim, mentioned, read_claims
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula
from auditor.rulebook.numbers import is_number, numeral
from auditor.rulebook.statements import HELD, REASONS, Statement
from auditor.rulebook.verbs.claim import KEYS
from auditor.workbench.ground import Ground, many, members
from auditor.workbench.steps import Step, place_of
from auditor.workbench.unfolding import Unfolding
from auditor.workbench.verbs._any import findings

NAME = "claim"
_MOST = 3  # phrases that are told one by one


def said(ground: Ground) -> str:
    """The first group of phrases with what it must equal; how many more there are."""
    body = ground.rule.body
    groups = body if isinstance(body, list) else [body]
    text = _group(ground, members(groups[0], KEYS))
    more = len(groups) - 1
    return text + (ground.words("sentence.claims", count=more) if more else "")


def _group(ground: Ground, parts: dict[str, Any]) -> str:
    words, wording = ground.words, ground.wording()
    told = [*many(parts.get("says")), *many(parts.get("none"))]
    shown = words("sign.list").join(wording.quoted(phrase) for phrase in told[:_MOST])
    if len(told) > _MOST:
        shown += words("sign.more", count=len(told))
    check = {"变化": "change", "一致": "same"}.get(parts.get("check", ""), parts.get("check", ""))
    if check in ("change", "same"):
        return words(f"sentence.claim_{check}", phrases=shown)
    text = words("sentence.claim", phrases=shown, equals=_sums(ground, parts, "equals"))
    lawful = _sums(ground, parts, "lawful")
    return text + (words("sentence.claim_lawful", lawful=lawful) if lawful else "")


def _sums(ground: Ground, parts: dict[str, Any], key: str) -> str:
    scope = ground.column_scope(parts)
    told = [ground.told(text, scope) for text in many(parts.get(key))]
    return ground.words("sign.or").join(told)


def unfold(ground: Ground, facts: Facts, result: Result) -> Iterator[Step]:
    """Every mention with the number told and what it was held against."""
    every = mentioned(read_claims(ground.job, KEYS) or (), facts)
    for claim, statement in every:
        yield _mention(ground, facts, claim, statement)
    if not every:
        yield Step(ground.words("step.no_mention"))
    yield from findings(ground.words, result)


def _mention(ground: Ground, facts: Facts, claim: Claim, statement: Statement) -> Step:
    words, path = ground.words, statement.prose.path
    at = facts.locations.get(path) or Location()
    place = place_of(Location(page=at.page, line=at.line, span=statement.span), words)
    told = numeral(statement.figure.value)
    said_ = words("step.mention", quote=" ".join(statement.quote.split()))
    if statement.standing not in HELD:
        reason = REASONS[statement.standing].inside(words.lang)
        return Step(said_, words("step.standing", reason=reason), "", place, path=path)
    readings = (
        *(_reading(ground, facts, one, statement, "step.reading") for one in claim.equals),
        *(_reading(ground, facts, one, statement, "step.lawful") for one in claim.lawful),
    )
    value = words("step.told", value=told)
    return Step(said_, value, "", place, path=path, steps=readings)


def _reading(
    ground: Ground, facts: Facts, formula: Formula, statement: Statement, key: str
) -> Step:
    wording = ground.wording("", formula.scope)
    unfolding = Unfolding(formula, facts, formula.sight(facts), wording)
    tree = unfolding.tree()
    value = formula.value(facts)
    agrees = is_number(value) and statement.figure.may_be(Fraction(value))
    shown = f"{tree.value} ✓" if agrees else tree.value
    steps = tree.steps or (tree,)
    return Step(ground.words(key, text=wording(formula.node)), shown, steps=steps)
