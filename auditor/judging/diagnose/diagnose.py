"""Facts and rules → which cells are likely wrong where sums fail, and what blanks must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.judging.diagnose import milp
from auditor.judging.diagnose.blanks import forced
from auditor.judging.diagnose.events import Event, events
from auditor.judging.diagnose.ranking import HABIT, Ranker, to_ask
from auditor.judging.diagnose.repairs import Found, smallest
from auditor.judging.diagnose.system import System, sides, systems
from auditor.judging.diagnose.usual import Usual
from auditor.model import Broken, Derived, Diagnosis
from auditor.rulebook.apply import fingerprint
from auditor.rulebook.equalities import Equality, equalities
from auditor.rulebook.facts import Facts
from auditor.rulebook.rule import RuleSet

SHOWN = 6
"""Repairs told; of the others only the number."""


def diagnose(rules: RuleSet, facts: Facts) -> tuple[tuple[Diagnosis, ...], tuple[Derived, ...]]:
    """The diagnosis of every connected part with a failing sum, and the cells that follow.

    Costs next to nothing where all sums hold and no cell is missing.
    """
    stated = equalities(rules, facts)
    if _holds(stated, facts):
        return (), ()
    diagnoses, derived = [], []
    every = systems(_with_last_year(rules, stated, facts), facts)
    totals = frozenset(cell for system in every for cell in sides(system))
    usual = Usual(facts, totals)
    habit = False
    for system in every:
        follows = forced(system)
        usable = system if follows.possible else _filled(system)
        one = _diagnosis(usable, Ranker(usable, facts, usual))
        if one is not None:
            habit = habit or _shows_habit(one)
            diagnoses.append((usable, one))
        elif follows.possible:
            derived += [
                Derived(path, facts.label(path), value)
                for (path, prior), value in follows.values.items()
                if not prior
            ]
    if habit:
        diagnoses = [_again(system, one, facts, usual) for system, one in diagnoses]
    return tuple(one for _, one in diagnoses), tuple(derived)


def _shows_habit(one: Diagnosis) -> bool:
    """Whether a total was left at 0, and nothing else explains it as well."""
    first = one.repairs[0] if one.repairs else None
    return first is not None and first.band == "likely" and first.mechanism == HABIT


def _again(system: System, one: Diagnosis, facts: Facts, usual: Usual) -> tuple[System, Diagnosis]:
    """A diagnosis with the habit counted in, where it has something to choose between."""
    if one.count < 2:
        return system, one
    return system, _diagnosis(system, Ranker(system, facts, usual, habit=True)) or one


def _holds(stated: Sequence[Equality], facts: Facts) -> bool:
    """Whether every equality is of known cells and holds: the usual case, in plain Python."""
    values = facts.values
    last = facts.prior.values if facts.prior else {}
    for one in stated:
        total = 0
        for (path, prior), x in one.terms:
            value = (last if prior else values).get(path)
            if not isinstance(value, int):
                if prior and facts.prior is None:
                    break
                return False
            total += x * value
        else:
            if total:
                return False
    return True


def _with_last_year(
    rules: RuleSet, stated: Sequence[Equality], facts: Facts
) -> tuple[Equality, ...]:
    """This year's equalities, and last year's own where a rule ties the two together."""
    tied = any(prior for one in stated for (_, prior), _ in one.terms)
    if facts.prior is None or not tied or facts.prior.form is not facts.form:
        return tuple(stated)
    own = [
        replace(one, terms=tuple(((path, True), x) for (path, _), x in one.terms))
        for one in equalities(rules, facts.prior)
        if not any(prior for (_, prior), _ in one.terms)
    ]
    return (*stated, *own)


def _filled(system: System) -> System:
    """Unknown cells taken for 0, where no number at all would fit them: 5 + □ = 3."""
    return replace(system, known=(True,) * len(system.cells))


def _diagnosis(system: System, ranker: Ranker) -> Diagnosis | None:
    broken = _broken(system)
    if not any(_this_year(system.equalities[row]) for row, _ in broken):
        return None
    rows = [(system.equalities[row], by) for row, by in broken]
    told = tuple(Broken(one.rule, one.key, one.where, by) for one, by in rows)
    explained = tuple(fingerprint(one.rule, one.key) for one, _ in rows if _this_year(one))
    if all(_ties(system.equalities[row]) for row, _ in broken):
        # Each year's table holds by itself: the two contradict each other, no cell stands out.
        return Diagnosis(told, (), 0, complete=True, findings=explained, note="both-consistent")
    found = _found(system)
    happened = _happened(system, found, ranker.facts)
    repairs = ranker.ranked(found.changes, happened)
    return Diagnosis(
        broken=told,
        repairs=repairs[:SHOWN],
        count=len(repairs),
        complete=found.complete,
        ask=to_ask(repairs),
        findings=explained,
        note="" if repairs else "nothing-small",
    )


def _broken(system: System) -> list[tuple[int, int]]:
    """(equality, left minus right) of those that fail; unknown cells excuse an equality."""
    syndrome = system.syndrome()
    return [
        (row, int(syndrome[row]))
        for row in map(int, syndrome.nonzero()[0])
        if all(system.known[n] for n in system.matrix[row].nonzero()[0])
    ]


def _this_year(one: Equality) -> bool:
    return any(not prior for (_, prior), _ in one.terms)


def _ties(one: Equality) -> bool:
    """Whether it speaks of both years."""
    return len({prior for (_, prior), _ in one.terms}) == 2


def _found(system: System) -> Found:
    """The smallest repairs; past the cap by the solver, if there is one."""
    found = smallest(system)
    if found.changes or found.complete or not milp.available():
        return found
    return Found(milp.optima(system, SHOWN), complete=False)


def _happened(system: System, found: Found, facts: Facts) -> tuple[Event, ...]:
    """Events, where no single cell explains it all."""
    if any(len(change) == 1 for change in found.changes):
        return ()
    return events(system, facts.form)
