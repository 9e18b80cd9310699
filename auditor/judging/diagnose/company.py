"""The sums of other reports that have a say: last year's, and those of a summary's units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.judging.diagnose.repairs import smallest
from auditor.judging.diagnose.system import CERTAIN, System, source_of, systems
from auditor.rulebook.equalities import Equality, equalities
from auditor.rulebook.facts import Facts
from auditor.rulebook.linear import OWN
from auditor.rulebook.rule import RuleSet

_BRANCHES = 600  # a summary with its units is large: each branch costs the more
_MOST = 6  # units that do not hold by themselves; with more of them nobody is to be singled out
_SMALL = 2 * CERTAIN
"""What a difference between a summary and its units may cost to explain by the units alone."""


def holds(stated: Sequence[Equality], facts: Facts) -> bool:
    """Whether every equality is of known cells and holds: the usual case, in plain Python.

    Those that speak of a report that is not at hand do not count.
    """
    known = {source: of.values for source, of in _sources(stated, facts).items()}
    for one in stated:
        total = 0
        for (path, prior, unit), x in one.terms:
            values = known.get((prior, unit))
            if values is None:
                break
            value = values.get(path)
            if not isinstance(value, int):
                return False
            total += x * value
        else:
            if total:
                return False
    return True


def _sources(stated: Sequence[Equality], facts: Facts) -> dict[tuple[bool, int], Facts]:
    wanted = {source for one in stated for source in one.sources}
    found = {source: source_of(("", *source), facts) for source in wanted}
    return {source: of for source, of in found.items() if of is not None}


def with_last_year(
    rules: RuleSet, stated: Sequence[Equality], facts: Facts
) -> tuple[Equality, ...]:
    """This year's equalities, and last year's own where a rule ties the two together."""
    tied = any((True, OWN) in one.sources for one in stated)
    if facts.prior is None or not tied:
        return tuple(stated)
    return (*stated, *_moved(equalities(rules, facts.prior), prior=True, unit=OWN))


def _moved(stated: Sequence[Equality], *, prior: bool, unit: int) -> Iterator[Equality]:
    """The equalities of a report by itself, as those of another."""
    for one in stated:
        if one.sources == {(False, OWN)}:
            terms = tuple(((path, prior, unit), x) for (path, _, _), x in one.terms)
            yield replace(one, terms=terms)


def with_units(
    rules: RuleSet, facts: Facts, parts: Sequence[System], tied: Sequence[Equality]
) -> tuple[System, ...]:
    """The parts of a summary, joined with its units where that explains more for no more.

    A tie between a summary and its units may have lawful exceptions. So it has a say where some
    of the smallest repairs of the summary mend it, too; and where the summary holds, but a unit
    does not and its repair mends the tie. Units that hold by themselves are not blamed.
    """
    if not tied:
        return tuple(parts)
    own = {number: equalities(rules, unit) for number, unit in enumerate(facts.units)}
    failing = {n for n, stated in own.items() if not holds(stated, facts.units[n])}
    if len(failing) > _MOST:
        return tuple(parts)
    joined = [one for part in parts for one in part.equalities]
    joined += tied
    for number in sorted(failing):
        joined += _moved(own[number], prior=False, unit=number)
    fixed = frozenset(own) - failing
    found: list[System] = []
    for system in systems(joined, facts, fixed):
        mine = [part for part in parts if set(part.cells) & set(system.cells)]
        found += [system] if _tells_more(system, mine) else mine
    return tuple(found)


def _tells_more(system: System, mine: Sequence[System]) -> bool:
    if not mine or not any(OWN not in _units(one) or len(_units(one)) > 1
                           for one in system.equalities):  # fmt: skip
        return False
    together = _least(system)
    if not together:
        return False
    before = sum(_least(part) for part in mine if part.syndrome().any())
    if before:
        return together == before
    syndrome = system.syndrome()
    units = any(OWN not in _units(system.equalities[row]) for row in syndrome.nonzero()[0])
    return units and together <= _SMALL


def _units(one: Equality) -> frozenset[int]:
    return frozenset(unit for _, unit in one.sources)


def _least(system: System) -> int:
    """What the smallest repairs cost; 0 where there are none."""
    found = smallest(system, limit=_BRANCHES)
    return sum(system.cost[n] for n, _ in found.changes[0]) if found.changes else 0
