"""What unknown cells must be: derived from the equalities, where these leave one number.

Every unknown cell has bounds (0, ∞); an equality bounds each of its cells by the others. The
bounds are tightened until nothing changes. So an unknown total follows from its parts, and parts
that have nothing left to share are 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.judging.diagnose.system import System
from auditor.rulebook.linear import Key

_ROUNDS = 100
_Bound = tuple[int, int | None]
_Term = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Forced:
    """The unknown cells that can be only one number; `possible` is false where none fits."""

    values: Mapping[Key, int]
    possible: bool


def forced(system: System) -> Forced:
    """The values of unknown cells that follow from the known ones."""
    if all(system.known):
        return Forced({}, possible=True)
    bounds: dict[int, _Bound] = {
        n: (0, None) if not known else (int(system.values[n]), int(system.values[n]))
        for n, known in enumerate(system.known)
    }
    rows = [_terms(system, r) for r in range(len(system.equalities))]
    rows = [row for row in rows if any(not system.known[n] for n, _ in row)]
    for _ in range(_ROUNDS):
        before = dict(bounds)
        for row in rows:
            if not _tighten(row, bounds):
                return Forced({}, possible=False)
        if bounds == before:
            break
    found = {
        system.cells[n]: low
        for n, (low, high) in bounds.items()
        if not system.known[n] and low == high
    }
    return Forced(found, possible=True)


def _terms(system: System, row: int) -> list[_Term]:
    line = system.matrix[row]
    return [(int(n), int(line[n])) for n in line.nonzero()[0]]


def _tighten(row: list[_Term], bounds: dict[int, _Bound]) -> bool:
    """Bound each cell of one equality by the others; False if nothing is left for one."""
    for cell, x in row:
        low, high = _others(row, cell, bounds)
        # x * cell = -(the others): between -high and -low.
        least, most = _divided(None if high is None else -high, None if low is None else -low, x)
        old_low, old_high = bounds[cell]
        new_low = old_low if least is None else max(old_low, least)
        new_high = most if old_high is None else old_high if most is None else min(old_high, most)
        if new_high is not None and new_high < new_low:
            return False
        bounds[cell] = (new_low, new_high)
    return True


def _others(
    row: list[_Term], cell: int, bounds: dict[int, _Bound]
) -> tuple[int | None, int | None]:
    """The least and the largest sum of all other terms; None is without bound."""
    least: int | None = 0
    most: int | None = 0
    for other, x in row:
        if other == cell:
            continue
        low, high = bounds[other]
        small, large = (low, high) if x > 0 else (high, low)
        least = None if least is None or small is None else least + x * small
        most = None if most is None or large is None else most + x * large
    return least, most


def _divided(low: int | None, high: int | None, x: int) -> tuple[int | None, int | None]:
    """Whole bounds of a cell from those of x times the cell."""
    if x < 0:
        low, high, x = None if high is None else -high, None if low is None else -low, -x
    return None if low is None else -(-low // x), None if high is None else high // x
