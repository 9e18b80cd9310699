"""The same question as a mixed-integer program: fallback past the cap, and test oracle.

min Σ cost · d,  A (x + e) = 0,  −x d ≤ e ≤ (U − x) d,  d ∈ {0, 1}, with tight bounds per cell:
never one large constant, with which small errors come back as "nothing to change".

The solver computes in floats and calls optimal what is not, quite: a set that no whole change
mends, or one that is not the smallest. So it only chooses the cells. The changes are then solved
exactly in whole numbers; a set that has none is cut off and the solver asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.judging.diagnose.repairs import Change, solved
from auditor.judging.diagnose.solver import OPTIMAL, Program, Solver, available
from auditor.judging.diagnose.system import System

__all__ = ["SECONDS", "available", "optima"]

SECONDS = 2.0
"""The time that one call of the solver gets."""

_WRONG = 200  # sets that turn out to be none, before giving up


def optima(system: System, most: int, seconds: float = SECONDS) -> tuple[Change, ...]:
    """Repairs of least cost, at most `most` of them; none where the time did not suffice."""
    program = _Program(system, seconds)
    free = tuple(n for n, known in enumerate(system.known) if not known)
    found: dict[Change, int] = {}
    wrong = 0
    while len(found) < most and wrong < _WRONG:
        cells = program.cells()
        if cells is None:
            break
        cost = sum(system.cost[n] for n in cells)
        if found and cost > min(found.values()):
            break
        change = solved(system, cells, free)
        if change is None:
            wrong += 1
            program.cut_off(cells)
        else:
            found[change] = cost
            program.exclude(cells)
    least = min(found.values(), default=0)
    return tuple(change for change, cost in found.items() if cost == least)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a program by cell: the change, and whether there is one."""

    change: tuple[int, ...]
    used: dict[int, int]


class _Program:
    """The model of one system; sets of cells are cut off one at a time."""

    def __init__(self, system: System, seconds: float) -> None:
        program = Program()
        self._at = _columns(system, program)
        for line, s in zip(system.matrix, system.syndrome(), strict=True):
            terms = [(self._at.change[n], float(line[n])) for n in line.nonzero()[0]]
            program.row(terms, -float(s), -float(s))
        self._solver = Solver(program, seconds)

    def cells(self) -> tuple[int, ...] | None:
        """The cells of one optimum; None if there is none within the time."""
        found = self._solver.solve()
        if found.status != OPTIMAL:
            return None
        return tuple(n for n, d in self._at.used.items() if found.columns[d] > 0.5)

    def exclude(self, cells: Iterable[int]) -> None:
        """Never this set of cells again, nor one that contains it."""
        used = [self._at.used[n] for n in cells]
        self._solver.add_row([(d, 1.0) for d in used], high=len(used) - 1.0)

    def cut_off(self, cells: Iterable[int]) -> None:
        """Never exactly this set again."""
        inside = {self._at.used[n] for n in cells}
        terms = [(d, -1.0 if d in inside else 1.0) for d in self._at.used.values()]
        self._solver.add_row(terms, low=1.0 - len(inside))


def _columns(system: System, program: Program) -> _Columns:
    largest = _largest(system)
    change, used = [], {}
    for n, known in enumerate(system.known):
        value = float(system.values[n])
        e = program.column(-value, largest - value)
        change.append(e)
        if known:
            d = used[n] = program.column(0.0, 1.0, float(system.cost[n]), whole=True)
            program.row([(e, 1.0), (d, value)], low=0.0)
            program.row([(e, 1.0), (d, value - largest)], high=0.0)
    return _Columns(tuple(change), used)


def _largest(system: System) -> float:
    """What a cell may be at most: ten times the largest, or the largest sum that stands there."""
    sums = abs(system.matrix) @ system.values
    return float(max(10 * int(system.values.max(initial=0)), int(sums.max(initial=0))) + 9)
