"""Facts and rules → which cells are likely wrong where sums fail, and what blanks must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.errors import Said
from auditor.judging.diagnose import milp
from auditor.judging.diagnose.blanks import forced
from auditor.judging.diagnose.company import holds, with_last_year, with_units
from auditor.judging.diagnose.events import Event, events
from auditor.judging.diagnose.ranking import HABIT, Ranker, to_ask
from auditor.judging.diagnose.repairs import Found, smallest
from auditor.judging.diagnose.resplit import resplits
from auditor.judging.diagnose.system import System, sides, systems
from auditor.judging.diagnose.usual import Usual
from auditor.judging.diagnose.witness import Witness
from auditor.model import Broken, Derived, Diagnosis
from auditor.rulebook.apply import fingerprint
from auditor.rulebook.equalities import Equality, equalities, ties
from auditor.rulebook.facts import Facts
from auditor.rulebook.linear import OWN
from auditor.rulebook.rule import RuleSet

SHOWN = 6
"""Repairs told; of the others only the number."""

_Told = tuple[tuple[Diagnosis, ...], tuple[Derived, ...]]


def diagnose(rules: RuleSet, facts: Facts, witness: Witness | None = None) -> _Told:
    """The diagnosis of every connected part with a failing sum, and the cells that follow.

    Costs next to nothing where all sums hold and no cell is missing. The witness, if there is
    one, tells what the other rules say of a repair.
    """
    stated, tied = _stated(rules, facts)
    if holds((*stated, *tied), facts):
        return (), ()
    alone = systems(with_last_year(rules, stated, facts), facts)
    every = with_units(rules, facts, alone, tied)
    usual = Usual(facts, frozenset(cell for system in every for cell in sides(system)))
    found: list[tuple[Ranker, Diagnosis]] = []
    derived: list[Derived] = []
    for system in every:
        if _settled(system):
            continue
        follows = forced(system)
        usable = system if follows.possible else _filled(system)
        ranker = Ranker(usable, facts, usual, witness=witness)
        one = _diagnosis(ranker)
        if one is not None:
            found.append((ranker, one))
        elif follows.possible:
            derived += [
                Derived(path, facts.label(path), value)
                for (path, prior, unit), value in follows.values.items()
                if not prior and unit == OWN
            ]
    return tuple(_with_habit(found)), tuple(derived)


def all_hold(rules: RuleSet, facts: Facts) -> bool:
    """Whether every sum is of cells that were read and holds: then there is no diagnosis."""
    stated, tied = _stated(rules, facts)
    return holds((*stated, *tied), facts)


def _stated(rules: RuleSet, facts: Facts) -> tuple[Sequence[Equality], Sequence[Equality]]:
    """The sums of the report and its neighbours, and those that bind it to a summary's units."""
    return equalities(rules, facts), ties(rules, facts) if facts.units else ()


def _settled(system: System) -> bool:
    """Whether all its cells were read and all its sums hold."""
    return all(system.known) and not (system.matrix @ system.values).any()


def _with_habit(found: Sequence[tuple[Ranker, Diagnosis]]) -> list[Diagnosis]:
    """The diagnoses; where one shows a habit the others are weighed again with it."""
    if not any(_shows_habit(one) for _, one in found):
        return [one for _, one in found]
    return [
        one if one.count < 2 else _diagnosis(replace(ranker, habit=True)) or one
        for ranker, one in found
    ]


def _shows_habit(one: Diagnosis) -> bool:
    """Whether a total was left at 0, and nothing else explains it as well."""
    first = one.repairs[0] if one.repairs else None
    return first is not None and first.band == "likely" and first.mechanism == HABIT


def _filled(system: System) -> System:
    """Unknown cells taken for 0, where no number at all would fit them: 5 + □ = 3."""
    return replace(system, known=(True,) * len(system.cells))


def _diagnosis(ranker: Ranker) -> Diagnosis | None:
    system, facts = ranker.system, ranker.facts
    broken = _broken(system)
    if not any(_own(system.equalities[row]) for row, _ in broken):
        return None
    rows = [(system.equalities[row], by) for row, by in broken]
    told = tuple(_told(one, by, facts) for one, by in rows)
    explained = tuple(dict.fromkeys(fingerprint(e.rule, e.key) for e, _ in rows if _own(e)))
    if all(len(one.sources) > 1 for one, _ in rows):
        # Each year's table holds by itself: the two contradict each other, no cell stands out.
        return Diagnosis(told, (), 0, complete=True, findings=explained, note="both-consistent")
    found = _found(system)
    repairs = ranker.ranked(found.changes, _happened(system, found, facts))
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


def _own(one: Equality) -> bool:
    """Whether it speaks of the report that is audited."""
    return (False, OWN) in one.sources


def _told(one: Equality, by: int, facts: Facts) -> Broken:
    """What fails; where that is in another report its name is told, and no place in this one."""
    if _own(one):
        return Broken(one.rule, one.key, one.where, by)
    prior, unit = min(one.sources)
    name = facts.units[unit].subject if unit >= 0 else ""
    zh, en = (f"{name} ", f"{name}, ") if name else ("", "")
    if prior:
        zh, en = f"{zh}上年 ", f"{en}last year's "
    return Broken(one.rule, "", Said(zh + one.where.zh, en + one.where.en), by)


def _found(system: System) -> Found:
    """The smallest repairs; past the cap by the solver, if there is one."""
    found = smallest(system)
    if found.changes or found.complete or not milp.available():
        return found
    return Found(milp.optima(system, SHOWN), complete=False)


def _happened(system: System, found: Found, facts: Facts) -> tuple[Event, ...]:
    """Single events that explain it all.

    Digits that ran together may be split otherwise; for the rest a single cell is a better
    explanation where there is one.
    """
    again = resplits(system, facts)
    if any(len(change) == 1 for change in found.changes):
        return again
    return (*again, *events(system, facts.form))
