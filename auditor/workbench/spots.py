"""A rule as it is at each of its places: every form, every row or column that has its names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.errors import ExpressionError
from auditor.form import Form
from auditor.model import Value
from auditor.rulebook.expression import parse
from auditor.rulebook.job import table_of, with_keys
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.scope import Place, Scope, places
from auditor.rulebook.tree import Node
from auditor.rulebook.wordlist import WordList


@dataclass(frozen=True, slots=True)
class Spot:
    """An expression of a rule with the scope of one place of one form."""

    form: Form
    place: Place
    node: Node
    scope: Scope


def names_of(rules: RuleSet) -> Mapping[str, Value | WordList]:
    """The thresholds with their newest values, and the word lists."""
    return {n: held.at(None) for n, held in rules.thresholds.items()} | dict(rules.words)


def spots(rule: Rule, text: str, rules: RuleSet, forms: Sequence[Form]) -> Iterator[Spot]:
    """An expression of a sound rule at every place; not all of its names need be known there."""
    names, node = names_of(rules), parse(text)
    for form in forms:
        if form.id not in rules.forms or not applies_to(rule, form, rules):
            continue
        table = table_of(form, rule.table)
        for place in places(form, table, rule.for_each):
            scope = Scope(form, table, place, names)
            try:
                yield Spot(form, place, with_keys(node, scope), scope)
            except ExpressionError:
                continue


def whole(rule: Rule, text: str, rules: RuleSet, forms: Sequence[Form]) -> Iterator[Spot]:
    """An expression that is asked once a report: a condition, that of an exception."""
    yield from spots(replace(rule, for_each=""), text, rules, forms)
