"""The figures of peers: what the rules want to know of all reports that are compared.

A rule may compare a report with the figures of all its peers. Those are worked out once, report
by report, and only the numbers are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from auditor.form import Form
from auditor.model import Report
from auditor.pipeline import Settings, form_of
from auditor.rulebook.author import Author
from auditor.rulebook.facts import Facts, facts_of
from auditor.rulebook.formula import Formula, formula, resolver
from auditor.rulebook.functions import FUNCTIONS
from auditor.rulebook.holding import spots_of
from auditor.rulebook.job import Job
from auditor.rulebook.kleene import Sight, value_of
from auditor.rulebook.numbers import Numeric, is_number
from auditor.rulebook.prepare import applies_to, prepare
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.scope import Scope
from auditor.rulebook.tree import Call, Node, walk

Key = tuple[Node, tuple[str, str | None, str]]
"""An expression and the place at which it is meant, as the evaluation of peers keeps it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One expression that a rule wants of every peer."""

    key: Key
    formula: Formula


def countable(rules: RuleSet) -> bool:
    """Whether all that is asked of peers stands where it is looked for here.

    It is not where another verb, or a message, asks: then the reports must be held in memory.
    """
    return not any(_ASKING.search(text) for rule in rules.rules for text in _texts_of(rule))


def _texts_of(rule: Rule) -> Iterator[str]:
    """The texts of a rule in which expressions may stand, but for its body and conditions."""
    if rule.message is not None:
        yield from (rule.message.zh, rule.message.en)
    if rule.verb not in _VERBS:
        yield repr(rule.body)


_VERBS = ("assert", "forbid")
_ASKING = re.compile(rf"(?:peers|{re.escape(FUNCTIONS['peers'].chinese)})\s*[(（]")


@lru_cache(maxsize=64)
def asked_of_peers(rules: RuleSet, form: Form, period: int | None) -> tuple[Asked, ...]:
    """The expressions that rules for this form and year want of peers."""
    found: dict[Key, Asked] = {}
    for node, scope in _formulas(rules, form, period):
        for part in walk(node):
            if isinstance(part, Call) and part.name == "peers":
                inner = part.args[0]
                key = (inner, scope.where)
                if key not in found:
                    found[key] = Asked(key, formula(inner, scope))
    return tuple(found.values())


def _formulas(rules: RuleSet, form: Form, period: int | None) -> Iterator[tuple[Node, Scope]]:
    """The expressions of rules with their scopes: bodies at each place, conditions, exceptions."""
    for ready in prepare(rules, form, period):
        for one in (ready.when, *(when for when, _ in ready.exceptions)):
            if one is not None:
                yield one.node, one.scope
    thresholds: Any = {name: held.at(period) for name, held in rules.thresholds.items()}
    for rule in rules.rules:
        if rule.verb in _VERBS and _ASKING.search(str(rule.body)) and applies_to(rule, form, rules):
            names = {**thresholds, **rules.words}
            job = Job(rule, form, names, Author(rule.file, ""), trees=rules.trees, checking=False)
            yield from ((spot.formula.node, spot.formula.scope) for spot in spots_of(job))


def census(report: Report, settings: Settings) -> tuple[Numeric | None, ...]:
    """What each expression comes to in one report; None where it has no value."""
    form = form_of(report, settings)
    asked = asked_of_peers(settings.at(report.period).rules, form, report.period)
    if not asked:
        return ()
    facts = facts_of(report, form)
    return tuple(_value(one, facts) for one in asked)


def _value(one: Asked, facts: Facts) -> Numeric | None:
    try:
        value = one.formula.fast(facts.values, None)
    except (KeyError, ArithmeticError):
        sight = Sight(resolver(one.formula.scope, facts), facts.lookup)
        value = value_of(one.formula.node, sight)
    return value if is_number(value) else None


def figures(
    members: Sequence[tuple[Numeric | None, ...]], rules: RuleSet, form: Form, period: int | None
) -> dict[object, list[Numeric]]:
    """The figures of a group by expression, in the order of its members."""
    asked = asked_of_peers(rules, form, period)
    return {
        one.key: [value for member in members if (value := member[at]) is not None]
        for at, one in enumerate(asked)
    }
