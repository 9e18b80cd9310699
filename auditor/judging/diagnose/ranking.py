"""Repairs in order of likelihood, in bands of words; and the one number to ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from auditor.errors import Said
from auditor.judging.diagnose.events import Event
from auditor.judging.diagnose.mechanisms import mechanism, weight
from auditor.judging.diagnose.repairs import Change as Changes
from auditor.judging.diagnose.system import DOUBTFUL, System, sides
from auditor.model import Change, Repair
from auditor.rulebook.facts import Facts
from auditor.rulebook.linear import Dated

_EACH = 4.0  # what every further slip costs: two slips are rarer than one
_EVENT = 4.5  # one paste that went wrong, against single slips
_LIKELY, _POSSIBLE = 2.4, 0.8
"""How far the first must lead for its band (in the logarithms of `mechanisms`); see
benchmarks/localisation.py for what these come to."""
_SURE = 2  # cells: a sole repair of more of them is only possible


@dataclass(frozen=True, slots=True)
class Ranked:
    """A repair with its score."""

    repair: Repair
    score: float


def ranked(
    system: System, changes: Sequence[Changes], happened: Sequence[Event], facts: Facts
) -> tuple[Repair, ...]:
    """All repairs, the likeliest first, each with its band."""
    totals = sides(system, range(len(system.equalities)))
    found = [_cells(system, change, totals, facts) for change in changes]
    found += [_event(system, event, totals, facts) for event in happened]
    order = sorted(found, key=lambda r: (-r.score, [c.path for c in r.repair.cells]))
    bands = _bands([one.score for one in order], order[0].repair if order else None)
    return tuple(replace(one.repair, band=band) for one, band in zip(order, bands, strict=True))


def _cells(system: System, change: Changes, totals: frozenset[Dated], facts: Facts) -> Ranked:
    cells = tuple(_change(system, n, by, totals, facts) for n, by in change)
    cells = _exchange(cells)
    score = sum(_weight(c) for c in cells) - _EACH * (len(cells) - 1)
    words = {c.mechanism for c in cells}
    return Ranked(Repair(cells, words.pop() if len(words) == 1 else "", ""), score)


def _event(system: System, event: Event, totals: frozenset[Dated], facts: Facts) -> Ranked:
    cells = tuple(_change(system, n, by, totals, facts) for n, by in event.change)
    return Ranked(Repair(cells, event.name, "", event=True), _EVENT)


def _change(system: System, cell: int, by: int, totals: frozenset[Dated], facts: Facts) -> Change:
    path, prior = key = system.cells[cell]
    read = int(system.values[cell])
    cheap = system.cost[cell] == DOUBTFUL
    word = "reread" if cheap else mechanism(read, read + by, total=key in totals)
    doubtful = not prior and path in facts.inferred
    return Change(path, _label(path, prior, facts), read, read + by, word, prior, doubtful)


def _label(path: str, prior: bool, facts: Facts) -> Said:
    said = facts.label(path)
    return Said(f"上年 {said.zh}", f"last year's {said.en}") if prior else said


def _weight(change: Change) -> float:
    return weight(change.mechanism, change.read or 0, change.would_be)


def _exchange(cells: tuple[Change, ...]) -> tuple[Change, ...]:
    """Two cells that hold each other's value were exchanged: one slip, counted in halves."""
    if len(cells) != 2:
        return cells
    one, other = cells
    if one.read != other.would_be or other.read != one.would_be:
        return cells
    return tuple(replace(c, mechanism="exchanged") for c in cells)


def _bands(scores: Sequence[float], first: Repair | None) -> list[str]:
    """`likely` for one that stands out, `undecided` for those that cannot be told apart."""
    if first is None:
        return []
    if len(scores) == 1:
        return ["likely" if len(first.cells) <= _SURE else "possible"]
    lead = scores[0] - scores[1]
    if lead >= _LIKELY:
        return ["likely", *["possible"] * (len(scores) - 1)]
    if lead >= _POSSIBLE:
        return ["possible"] * len(scores)
    return ["undecided" if scores[0] - s < _POSSIBLE else "possible" for s in scores]


def to_ask(repairs: Sequence[Repair]) -> Change | None:
    """The cell whose true value tells the explanations apart best.

    That is the cell for which the largest group of repairs that agree on its value is smallest;
    of several the one most often named.
    """
    cells = {(c.path, c.prior): c for r in reversed(repairs) for c in r.cells}
    if not cells:
        return None

    def cost(key: tuple[str, bool]) -> tuple[int, int]:
        groups = Counter(
            next((c.would_be for c in r.cells if (c.path, c.prior) == key), None) for r in repairs
        )
        return max(groups.values()), groups[None]

    return cells[min(sorted(cells), key=cost)]
