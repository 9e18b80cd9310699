"""The linear relations that the rules of a set state about a report: equalities and inequalities.

Taken from the rules' own expressions, for tools that look at a rule set as a whole. Diagnosis of
one report uses `equalities`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from auditor.errors import Said
from auditor.form import Form
from auditor.rulebook.author import Author
from auditor.rulebook.examples import valid
from auditor.rulebook.formula import resolver
from auditor.rulebook.holding import applies, spots_of
from auditor.rulebook.job import Job
from auditor.rulebook.linear import Comparison, Dated, comparisons, name_leaf
from auditor.rulebook.numbers import fraction
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.scope import Place

EQUAL, AT_MOST = "==", "<="
Why = Literal["verb", "condition", "not-linear"]
"""Why a rule is no linear relation: its verb, its condition, or its expression."""


@dataclass(frozen=True, slots=True)
class Relation:
    """The sum of coefficient * cell, plus the constant, is 0 (`==`) or at most 0 (`<=`).

    `terms` are ((path, whether it is last year's), coefficient); `where` is for people; `review`
    marks a rule whose breach is a suspicion only.
    """

    rule: str
    key: str
    where: Said
    terms: tuple[tuple[Dated, Fraction], ...]
    constant: Fraction
    op: str
    review: bool = False

    @property
    def homogeneous(self) -> bool:
        """Whether it holds for all zeros and for every multiple of what it holds for."""
        return self.constant == 0


@dataclass(frozen=True, slots=True)
class Relations:
    """What was found, and the rules that are not wholly among them, each with the reason."""

    found: tuple[Relation, ...]
    beside: Mapping[str, Why]


def relations(rules: RuleSet, form: Form) -> Relations:
    """The relations among cells of a report that prints every row of the form."""
    found: list[Relation] = []
    beside: dict[str, Why] = {}
    for rule in rules.rules:
        if not applies_to(rule, form, rules):
            continue
        why = _why_not(rule)
        if why:
            beside[rule.id] = why
            continue
        mine, whole = _of_rule(rule, form, rules)
        found += mine
        if not whole:
            beside[rule.id] = "not-linear"
    return Relations(tuple(found), beside)


def _why_not(rule: Rule) -> Why | None:
    if rule.verb not in ("assert", "forbid"):
        return "verb"
    return "condition" if rule.when else None


def _of_rule(rule: Rule, form: Form, rules: RuleSet) -> tuple[list[Relation], bool]:
    """The relations of a rule, and whether they are all that it says."""
    thresholds = {name: held.at(None) for name, held in rules.thresholds.items()} | dict(
        rules.words
    )
    facts = valid(form)
    job = Job(rule, form, thresholds, Author(rule.file, ""), trees=rules.trees, checking=False)
    found, whole = [], True
    for spot in spots_of(job):
        if not applies(spot.place, facts):
            continue
        leaf = name_leaf(resolver(spot.formula.scope, facts))
        parts = comparisons(spot.formula.node, leaf, wanted=rule.verb == "assert")
        mine = [_relation(part, spot.place, rule, form) for part in parts]
        found += [one for one in mine if one is not None]
        whole = whole and None not in mine
    return found, whole


def _relation(part: Comparison | None, place: Place, rule: Rule, form: Form) -> Relation | None:
    """A comparison of sums of cells as a relation; None for anything else."""
    if part is None or part.op == "!=":
        return None
    if any(path not in form.fields for path, _, _ in part.form.terms):
        return None
    terms = tuple(((path, prior), fraction(x)) for (path, prior, _), x in part.form.terms.items())
    constant = fraction(part.form.constant)
    if part.op == "<" and _whole(form, terms, constant):
        constant += 1  # between whole numbers, less is at most one less
    op = EQUAL if part.op == "==" else AT_MOST
    return Relation(rule.id, place.key, place.said, terms, constant, op, rule.review)


def _whole(form: Form, terms: tuple[tuple[Dated, Fraction], ...], constant: Fraction) -> bool:
    return constant.denominator == 1 and all(
        x.denominator == 1 and form.fields[path].kind != "amount" for (path, _), x in terms
    )
