"""One event that moved many cells: a row shifted, a column slipped, lines exchanged, totals lost.

Fewest cells is the wrong measure for these: one wrong paste moves a whole line. All hypotheses of
a table are tested at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from auditor.form import Form
from auditor.judging.diagnose.repairs import Change
from auditor.judging.diagnose.system import System, sides

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grid = NDArray[np.int64]

_LEAST = 3  # cells: what moves fewer is told cell by cell


@dataclass(frozen=True, slots=True)
class Event:
    """What may have happened, and the changes that undo it."""

    name: str
    change: Change


def events(system: System, form: Form) -> tuple[Event, ...]:
    """The single events that explain every equality that fails."""
    return explaining(system, _distinct(system, form))


def explaining(system: System, hypotheses: Sequence[Event]) -> tuple[Event, ...]:
    """Those of the hypotheses with which every equality holds, all tested at once."""
    import numpy as np

    if not hypotheses:
        return ()
    syndrome = system.syndrome()
    moved = np.zeros((len(system.cells), len(hypotheses)))
    for column, event in enumerate(hypotheses):
        for cell, by in event.change:
            moved[cell, column] = by
    # Exact: whole numbers far below 2**53, in floats because these are multiplied fast.
    undone = (system.matrix.astype(float) @ moved == -syndrome[:, None].astype(float)).all(axis=0)
    return tuple(event for event, good in zip(hypotheses, undone, strict=True) if good)


def _distinct(system: System, form: Form) -> list[Event]:
    """Every hypothesis once: the same changes under the first of their names."""
    found: dict[Change, Event] = {}
    failing = system.syndrome() != 0
    for grid in _grids(system, form):
        for name, cells, old, new in _moves(grid, system.values[grid], _Reach(system, failing)):
            change = _change(cells, old, new)
            if len(change) >= _LEAST:
                found.setdefault(change, Event(name, change))
    for event in _lost_totals(system):
        found.setdefault(event.change, event)
    return list(found.values())


def _change(cells: Grid, old: Grid, new: Grid) -> Change:
    at = (new != old).nonzero()[0]
    return tuple(sorted((int(cells[n]), int(new[n] - old[n])) for n in at))


@dataclass(frozen=True, slots=True)
class _Reach:
    """What moves within some cells can mend: the equalities that they are part of."""

    system: System
    failing: NDArray[np.bool_]

    def whole(self, cells: Grid) -> bool:
        """Whether every equality that fails has one of these cells."""
        return bool((self.system.matrix[self.failing][:, cells] != 0).any(axis=1).all())


def _grids(system: System, form: Form) -> Iterator[Grid]:
    """The cells of this year's tables as rectangles of cell numbers, where all are known."""
    import numpy as np

    at = {path: n for n, (path, prior, unit) in enumerate(system.cells) if not prior and unit < 0}
    for table in form.tables:
        rows: dict[tuple[str, ...], list[list[int]]] = {}
        for row in table.rows:
            numbers = [at.get(f.path, -1) for f in row.fields]
            if all(n >= 0 and system.known[n] for n in numbers):
                rows.setdefault(tuple(f.key for f in row.fields), []).append(numbers)
        for lines in rows.values():
            if len(lines) > 1:
                yield np.array(lines)


def _moves(grid: Grid, values: Grid, reach: _Reach) -> Iterator[tuple[str, Grid, Grid, Grid]]:
    """(what may have happened, cells, what stands there, what would have) of lines of a table.

    Only lines that touch every equality that fails can explain it all.
    """
    import numpy as np

    for one, two, cells, figures in (
        ("row-shifted", "rows-exchanged", grid, values),
        ("column-slipped", "columns-exchanged", grid.T, values.T),
    ):
        for line, old in zip(cells, figures, strict=True):
            if reach.whole(line):
                yield from ((one, line, old, new) for new in _rotations(old))
        for a, b in combinations(range(len(cells)), 2):
            both = np.concatenate([cells[a], cells[b]])
            if reach.whole(both):
                old = np.concatenate([figures[a], figures[b]])
                yield two, both, old, np.concatenate([figures[b], figures[a]])


def _rotations(line: Grid) -> Iterator[Grid]:
    """A run of cells moved back by one place, where a 0 stands that the move left behind."""
    import numpy as np

    for start, end in combinations(range(len(line)), 2):
        if end - start + 1 < _LEAST:
            continue
        run = line[start : end + 1]
        for step, gap in ((-1, run[0]), (1, run[-1])):
            if gap == 0 and run.any():
                moved = line.copy()
                moved[start : end + 1] = np.roll(run, step)
                yield moved


def _lost_totals(system: System) -> Iterator[Event]:
    """All totals of one rule are 0 and their parts are not: they were never filled in."""
    rows: dict[str, list[int]] = {}
    for number, one in enumerate(system.equalities):
        rows.setdefault(one.rule, []).append(number)
    totals = {rule: sides(system, of) for rule, of in rows.items()}
    for rule, of in rows.items():
        change = _filled(system, of, totals[rule])
        if change is not None and len(change) >= _LEAST:
            yield Event("totals-lost", change)


def _filled(system: System, rows: Sequence[int], totals: frozenset[object]) -> Change | None:
    """The totals as the sums of their parts, if all of them stand at 0."""
    changes: Mapping[int, int] = {}
    for row in rows:
        line = system.matrix[row]
        cells = [int(n) for n in line.nonzero()[0] if system.cells[n] in totals]
        if len(cells) != 1 or system.values[cells[0]] != 0:
            return None
        rest = int(line @ system.values)
        if rest % int(line[cells[0]]):
            return None
        missing = -rest // int(line[cells[0]])
        if missing < 0:
            return None
        changes = {**changes, cells[0]: missing}
    return tuple(sorted((n, x) for n, x in changes.items() if x))
