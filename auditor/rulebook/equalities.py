"""The linear equalities that the rules state about one report and its company.

They are taken from the rules' own expressions, so that any rule that policy staff add takes part
in diagnosis; nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from auditor.errors import Said
from auditor.form import Form
from auditor.rulebook.author import Author
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import resolver
from auditor.rulebook.holding import applies, spots_of
from auditor.rulebook.job import Job
from auditor.rulebook.linear import Dated, equality
from auditor.rulebook.numbers import Numeric
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.scope import Place


@dataclass(frozen=True, slots=True)
class Equality:
    """The sum of coefficient * cell is 0 at one place of a rule.

    `terms` are ((path, whether it is last year's), coefficient); `where` is for people.
    """

    rule: str
    key: str
    where: Said
    terms: tuple[tuple[Dated, int], ...]


def equalities(rules: RuleSet, facts: Facts) -> tuple[Equality, ...]:
    """The equalities between counts that hold without a condition for these facts."""
    return _equalities(rules, facts.form, facts.undivided)


@lru_cache(maxsize=64)
def _equalities(rules: RuleSet, form: Form, undivided: frozenset[str]) -> tuple[Equality, ...]:
    facts = Facts(form=form, values={}, undivided=undivided)
    thresholds = {name: held.at(None) for name, held in rules.thresholds.items()}
    found = []
    for rule in rules.rules:
        if rule.verb != "assert" or rule.when or rule.review or not applies_to(rule, form, rules):
            continue
        job = Job(rule, form, thresholds, Author(rule.file, ""), trees=rules.trees, checking=False)
        for spot in spots_of(job):
            if not applies(spot.place, facts):
                continue
            terms = equality(spot.formula.node, resolver(spot.formula.scope, facts))
            if terms is not None and _counts(form, terms):
                found.append(_equality(rule.id, spot.place, terms))
    return tuple(found)


def _counts(form: Form, terms: Mapping[Dated, Numeric]) -> bool:
    """Whether all are whole counts of cells: amounts have no exact units to repair them in."""
    cells = form.fields
    return all(
        path in cells and cells[path].kind != "amount" and x == int(x)
        for (path, _), x in terms.items()
    )


def _equality(rule: str, place: Place, terms: Mapping[Dated, Numeric]) -> Equality:
    whole = tuple((key, int(x)) for key, x in terms.items())
    return Equality(rule, place.key, place.said, whole)
