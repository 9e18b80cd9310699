"""All smallest sets of cells whose change makes every equality hold, by exact enumeration.

This is Fellegi–Holt error localisation. The equalities are a parity check: with A the matrix,
r = A x is the syndrome. A row that fails proves that one of its cells is wrong; branch on the row
with the fewest cells, eliminate the cell, and never look at what earlier branches covered. At the
last level all cells are tested at once for being parallel to the syndrome. (de Waal, Pannekoek,
Scholtus, Handbook of Statistical Data Editing, 2011; van der Loo, de Jonge, Statistical Data
Cleaning, 2018.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from auditor.judging.diagnose.system import CERTAIN, DOUBTFUL, System

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

BUDGET = 5 * CERTAIN
NODES = 4_000
"""How far the search goes before it is said to be capped: five plain cells, 4,000 branches."""

_MOST = 400  # repairs kept

Change = tuple[tuple[int, int], ...]
"""One repair: (cell, by how much it changes), by cell."""


@dataclass(frozen=True, slots=True)
class Found:
    """The repairs of least cost; `complete` is false where the search was cut off."""

    changes: tuple[Change, ...]
    complete: bool


Solve = Callable[[Sequence[int]], Change | None]
"""Turns a set of cells into a repair; None if it is none after all."""


@dataclass(slots=True)
class _Search:
    """One search: how a set of cells is solved, what was found, and the branches taken so far."""

    solve: Solve
    unit: int
    limit: int
    most: int = _MOST
    nodes: int = 0
    found: dict[Change, None] = field(default_factory=dict)

    @property
    def cut(self) -> bool:
        return self.nodes > self.limit or len(self.found) >= self.most


def smallest(system: System, budget: int = BUDGET, limit: int = NODES) -> Found:
    """All repairs of the least cost that is possible, none where nothing fails.

    Unknown cells may take any value ≥ 0 at no cost.
    """
    import numpy as np

    free = tuple(n for n, known in enumerate(system.known) if not known)
    rest, syndrome = system.matrix, system.syndrome()
    for cell in free:
        rest, syndrome = _without(rest, syndrome, cell)
    if not syndrome.any():
        return Found((), complete=True)
    cost = np.array(system.cost)
    allowed = np.array(system.known)
    unit = DOUBTFUL if DOUBTFUL in cost[allowed] else CERTAIN
    search = _Search(lambda chosen: solved(system, chosen, free), unit, limit)
    for spend in range(unit, budget + 1, unit):
        _branch(search, rest, syndrome, allowed, cost, (), spend)
        if search.found or search.cut:
            break
    return Found(tuple(search.found), complete=bool(search.found) and not search.cut)


def companions(matrix: Ints, cell: int, most: int, limit: int = NODES) -> tuple[int, ...] | None:
    """A smallest set of other cells that a change of this one can hide behind, all sums holding.

    At most `most` of them; None if there is none of that size. Raises OverflowError past `limit`
    branches. A cell that is part of no sum needs none.
    """
    import numpy as np

    syndrome = matrix[:, cell].copy()
    if not syndrome.any():
        return ()
    allowed = np.array((matrix != 0).any(axis=0))
    allowed[cell] = False
    cost = np.full(matrix.shape[1], CERTAIN)
    # Whatever spans the syndrome will do: the change itself may be any multiple of one.
    search = _Search(lambda chosen: tuple((n, 0) for n in chosen), CERTAIN, limit, most=1)
    for count in range(1, most + 1):
        _branch(search, matrix, syndrome, allowed, cost, (), count * CERTAIN)
        if search.found:
            return tuple(n for n, _ in next(iter(search.found)))
        if search.cut:
            raise OverflowError
    return None


def _without(matrix: Ints, syndrome: Ints, cell: int) -> tuple[Ints, Ints]:
    """The system with one cell eliminated: one row fewer, if any row has it."""
    rows = matrix[:, cell].nonzero()[0]
    if not len(rows):
        return matrix, syndrome
    return _eliminated(matrix, syndrome, int(rows[0]), cell)


def _eliminated(matrix: Ints, syndrome: Ints, row: int, cell: int) -> tuple[Ints, Ints]:
    """The other rows with this cell's coefficient brought to 0 by means of the row."""
    import numpy as np

    pivot, column = matrix[row, cell], matrix[:, cell]
    keep = np.arange(len(matrix)) != row
    left = matrix[keep] * pivot - np.outer(column[keep], matrix[row])
    gone = syndrome[keep] * pivot - column[keep] * syndrome[row]
    return left, gone


def _branch(
    search: _Search, matrix: Ints, syndrome: Ints, allowed: Mask, cost: Ints,
    chosen: tuple[int, ...], budget: int,
) -> None:  # fmt: skip
    """Every repair that adds cells of at most this cost to those chosen."""
    search.nodes += 1
    failing = syndrome.nonzero()[0]
    if not len(failing):
        _keep(search, chosen)
        return
    open_ = allowed & (cost <= budget)
    touching = (matrix[failing] != 0) & open_
    within = touching.sum(axis=1)
    if search.cut or not within.all():
        return
    widest = int(touching.sum(axis=0).max())
    if len(failing) > widest * (budget // search.unit):
        return
    if budget < 2 * search.unit:
        _last(search, matrix, syndrome, touching.all(axis=0), chosen)
        return
    row = int(failing[within.argmin()])
    left = allowed.copy()
    for cell in ((matrix[row] != 0) & open_).nonzero()[0]:
        left[cell] = False
        rest, gone = _eliminated(matrix, syndrome, row, int(cell))
        spent = budget - int(cost[cell])
        _branch(search, rest, gone, left, cost, (*chosen, int(cell)), spent)
        if search.cut:
            return


def _last(
    search: _Search, matrix: Ints, syndrome: Ints, candidates: Mask, chosen: tuple[int, ...]
) -> None:
    """All cells at once: which column is parallel to what fails?"""
    cells = candidates.nonzero()[0]
    if not len(cells):
        return
    row = int(syndrome.nonzero()[0][0])
    columns, pivots = matrix[:, cells], matrix[row, cells]
    parallel = (columns * syndrome[row] == syndrome[:, None] * pivots).all(axis=0)
    for cell in cells[parallel]:
        _keep(search, (*chosen, int(cell)))


def _keep(search: _Search, chosen: Sequence[int]) -> None:
    """Record a set of cells, if whole changes that leave no count negative do it."""
    change = search.solve(chosen)
    if change is not None:
        search.found[change] = None


def solved(system: System, chosen: Sequence[int], free: Sequence[int]) -> Change | None:
    """The changes of the chosen cells, exactly; None if they are not whole or go below 0."""
    columns = [*free, *chosen]
    rows = [
        [Fraction(int(x)) for x in line[columns]] + [Fraction(-int(s))]
        for line, s in zip(system.matrix, system.syndrome(), strict=True)
        if line[columns].any() or s
    ]
    pivots = _reduce(rows, len(columns))
    if pivots is None or not _possible(rows, pivots, len(free)):
        return None
    changes = []
    for place, cell in enumerate(columns[len(free) :], start=len(free)):
        if place not in pivots:
            return None  # not determined: a smaller set does it, too
        change = rows[pivots[place]][-1]
        if change.denominator != 1 or change == 0 or system.values[cell] + int(change) < 0:
            return None
        changes.append((cell, int(change)))
    return tuple(sorted(changes))


def _possible(rows: list[list[Fraction]], pivots: dict[int, int], free: int) -> bool:
    """Whether no unknown cell that is determined would have to be negative or broken."""
    for column, row in pivots.items():
        line = rows[row]
        if column < free and sum(x != 0 for x in line[:-1]) == 1:
            value = line[-1]
            if value < 0 or value.denominator != 1:
                return False
    return True


def _reduce(rows: list[list[Fraction]], width: int) -> dict[int, int] | None:
    """Gauss–Jordan in place: column → its pivot row; None if the rows contradict each other.

    Unknown cells stand first: what is left speaks of the chosen cells alone.
    """
    pivots: dict[int, int] = {}
    top = 0
    for column in range(width):
        row = next((r for r in range(top, len(rows)) if rows[r][column]), None)
        if row is None:
            continue
        rows[top], rows[row] = rows[row], rows[top]
        lead = rows[top][column]
        rows[top] = [x / lead for x in rows[top]]
        for r, line in enumerate(rows):
            if r != top and line[column]:
                factor = line[column]
                rows[r] = [a - factor * b for a, b in zip(line, rows[top], strict=True)]
        pivots[column] = top
        top += 1
    if any(line[-1] and not any(line[:-1]) for line in rows):
        return None
    return pivots
