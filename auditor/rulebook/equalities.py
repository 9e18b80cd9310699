"""The linear equalities that the rules state about one report and its company.

They are taken from the rules' own expressions, so that any rule that policy staff add takes part
in diagnosis; nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from auditor.errors import Said
from auditor.form import Form
from auditor.rulebook.author import Author
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula, resolver
from auditor.rulebook.holding import applies, spots_of
from auditor.rulebook.job import Job
from auditor.rulebook.linear import OWN, Comparison, Key, company_leaf, comparisons, name_leaf
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.scope import Place
from auditor.rulebook.tree import Call, Node, walk


@dataclass(frozen=True)
class Equality:
    """The sum of coefficient * cell is 0 at one place of a rule.

    `terms` are (cell, coefficient); a cell is (path, whether it is last year's, the number of the
    unit or OWN). `where` is for people.
    """

    rule: str
    key: str
    where: Said
    terms: tuple[tuple[Key, int], ...]

    @cached_property
    def sources(self) -> frozenset[tuple[bool, int]]:
        """The reports that it speaks of: (whether last year's, unit or OWN)."""
        return frozenset((prior, unit) for (_, prior, unit), _ in self.terms)


def equalities(rules: RuleSet, facts: Facts) -> tuple[Equality, ...]:
    """The equalities between counts that hold for these facts, whatever else is true of them.

    A rule whose condition, or a lawful reading of which, cannot be decided does not count.
    """
    found = _equalities(rules, facts.form, facts.undivided)
    return tuple(one.equality for one in found if one.certain(facts))


@dataclass(frozen=True, slots=True)
class _Conditional:
    """An equality with what must be true, and what must be false, for it to be certain."""

    equality: Equality
    given: tuple[Formula, ...] = ()
    unless: tuple[Formula, ...] = ()

    def certain(self, facts: Facts) -> bool:
        return all(one.value(facts) is True for one in self.given) and all(
            one.value(facts) is False for one in self.unless
        )


@lru_cache(maxsize=64)
def _equalities(rules: RuleSet, form: Form, undivided: frozenset[str]) -> tuple[_Conditional, ...]:
    facts = Facts(form=form, values={}, undivided=undivided)
    names = {name: held.at(None) for name, held in rules.thresholds.items()} | dict(rules.words)
    found = []
    for rule in rules.rules:
        if rule.verb != "assert" or rule.review or not applies_to(rule, form, rules):
            continue
        if any(not lawful.when for lawful in rule.exceptions):
            continue
        job = Job(rule, form, names, Author(rule.file, ""), trees=rules.trees, checking=False)
        mine = list(_of_rule(job, facts))
        if mine:
            given = _formulas(job, [rule.when] if rule.when else [])
            unless = _formulas(job, [lawful.when for lawful in rule.exceptions])
            found += [_Conditional(one, given, unless) for one in mine]
    return tuple(found)


def ties(rules: RuleSet, facts: Facts) -> tuple[Equality, ...]:
    """The equalities between a summary and the sum of its units, as far as their rules apply.

    They may have lawful exceptions: what breaks one is a suspicion.
    """
    names = {name: held.at(facts.period) for name, held in rules.thresholds.items()}
    found: list[Equality] = []
    for rule in rules.rules:
        if rule.verb != "assert" or not applies_to(rule, facts.form, rules):
            continue
        every = {**names, **rules.words}
        job = Job(rule, facts.form, every, Author(rule.file, ""), trees=rules.trees, checking=False)
        if not isinstance(rule.body, str) or not _sums_units(job.parse(rule.body)):
            continue
        if all(f.value(facts) is True for f in _formulas(job, [rule.when] if rule.when else [])):
            found += _tied(job, facts)
    return tuple(found)


def _sums_units(node: Node) -> bool:
    return any(isinstance(part, Call) and part.name == "units" for part in walk(node))


def _tied(job: Job, facts: Facts) -> Iterator[Equality]:
    for spot in spots_of(job):
        if applies(spot.place, facts):
            scope = spot.formula.scope
            units = [resolver(scope, unit) for unit in facts.units]
            for part in comparisons(spot.formula.node, company_leaf(resolver(scope, facts), units)):
                one = _equality(job.rule.id, spot.place, part, job.form)
                if one is not None and any(unit != OWN for _, unit in one.sources):
                    yield one


def _of_rule(job: Job, facts: Facts) -> Iterator[Equality]:
    for spot in spots_of(job):
        if applies(spot.place, facts):
            leaf = name_leaf(resolver(spot.formula.scope, facts))
            for part in comparisons(spot.formula.node, leaf):
                one = _equality(job.rule.id, spot.place, part, job.form)
                if one is not None:
                    yield one


def _formulas(job: Job, texts: Sequence[str]) -> tuple[Formula, ...]:
    """Conditions as they are evaluated: the rules were checked, so that all can be said."""
    bound = [job.formula(text, None, job.scope()) for text in texts]
    return tuple(one for one in bound if one is not None)


def _equality(rule: str, place: Place, part: Comparison | None, form: Form) -> Equality | None:
    """A comparison as an equality of whole counts of cells; None for anything else.

    Amounts have no exact units to repair them in.
    """
    if part is None or part.op != "==" or part.form.constant:
        return None
    cells = form.fields
    terms = []
    for key, x in part.form.terms.items():
        if key[0] not in cells or cells[key[0]].kind == "amount" or x != int(x):
            return None
        terms.append((key, int(x)))
    return Equality(rule, place.key, place.said, tuple(terms))
