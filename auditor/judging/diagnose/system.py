"""The equalities of a report as a matrix: A x = 0 over whole counts.

A cell is (path, whether it is last year's, the number of the unit or OWN). Known cells have a
value; unknown ones (printed blank or not read) may be any number ≥ 0. Doubtful cells were read
with the help of sums: they are cheaper to blame than what stands there plainly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from auditor.rulebook.equalities import Equality
from auditor.rulebook.facts import Facts
from auditor.rulebook.linear import Key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

CERTAIN, DOUBTFUL, FIXED = 2, 1, 10**6
"""What it costs to blame a cell: two doubtful readings are as easily wrong as one plain figure.

FIXED are the cells of reports that hold by themselves: none of them is blamed.
"""

_LARGEST = 2**40  # beyond it sums of 200 cells, times small pivots, could leave 64 bits


@dataclass(frozen=True, slots=True)
class System:
    """A part of a report whose cells hang together by equalities.

    `matrix` is (equalities × cells), int64; `values` holds 0 for unknown cells.
    """

    equalities: tuple[Equality, ...]
    cells: tuple[Key, ...]
    matrix: Ints
    values: Ints
    known: tuple[bool, ...]
    cost: tuple[int, ...]

    def syndrome(self) -> Ints:
        """By how much each equality fails, unknown cells taken as 0."""
        return self.matrix @ self.values


@dataclass(frozen=True, slots=True)
class _Shape:
    """The part of a system that does not depend on a report."""

    equalities: tuple[Equality, ...]
    cells: tuple[Key, ...]
    matrix: Ints


def systems(
    equalities: Sequence[Equality], facts: Facts, fixed: frozenset[int] = frozenset()
) -> tuple[System, ...]:
    """One system for every connected part of the equalities; `fixed` units are not blamed."""
    usable = tuple(one for one in equalities if _usable(one, facts))
    return tuple(_system(shape, facts, fixed) for shape in _shapes(usable))


def source_of(key: Key, facts: Facts) -> Facts | None:
    """The report that a cell stands in; None where there is no report of last year."""
    _, prior, unit = key
    own = facts.units[unit] if unit >= 0 else facts
    return own.prior if prior else own


@lru_cache(maxsize=32)
def _shapes(equalities: tuple[Equality, ...]) -> tuple[_Shape, ...]:
    parts: dict[Key, list[Equality]] = {}
    for one in equalities:
        keys = [key for key, _ in one.terms]
        touched = {id(p): p for key in keys if (p := parts.get(key)) is not None}
        merged = [e for part in touched.values() for e in part] + [one]
        parts.update((key, merged) for e in merged for key, _ in e.terms)
    distinct = {id(part): part for part in parts.values()}.values()
    order = {one: n for n, one in enumerate(equalities)}
    return tuple(_shape(sorted(part, key=order.__getitem__)) for part in distinct)


def _shape(part: Sequence[Equality]) -> _Shape:
    import numpy as np

    cells = tuple(dict.fromkeys(key for one in part for key, _ in one.terms))
    at = {key: n for n, key in enumerate(cells)}
    matrix = np.zeros((len(part), len(cells)), dtype=np.int64)
    for row, one in enumerate(part):
        for key, x in one.terms:
            matrix[row, at[key]] += x
    return _Shape(tuple(part), cells, matrix)


def _usable(one: Equality, facts: Facts) -> bool:
    """Last year's cells count only where there is last year's report; sizes are bounded."""
    for key, _ in one.terms:
        path, source = key[0], source_of(key, facts)
        if source is None:
            return False
        value = source.values.get(path, source.inferred.get(path, 0))
        if not isinstance(value, int) or not 0 <= value <= _LARGEST:
            return False
    return True


def _system(shape: _Shape, facts: Facts, fixed: frozenset[int]) -> System:
    import numpy as np

    read = [_read(key, facts) for key in shape.cells]
    return System(
        equalities=shape.equalities,
        cells=shape.cells,
        matrix=shape.matrix,
        values=np.array([value or 0 for value, _ in read], dtype=np.int64),
        known=tuple(value is not None for value, _ in read),
        cost=tuple(
            FIXED if key[2] in fixed else cost
            for key, (_, cost) in zip(shape.cells, read, strict=True)
        ),
    )


def _read(key: Key, facts: Facts) -> tuple[int | None, int]:
    """(value or None, cost of blaming it)."""
    path, source = key[0], source_of(key, facts)
    if source is None:
        return None, CERTAIN
    if isinstance(value := source.values.get(path), int):
        return value, CERTAIN
    if isinstance(value := source.inferred.get(path), int):
        # A split that a sum chose has no other reading under that sum: it is no cheaper to blame.
        return value, CERTAIN if source.helpers.get(path) else DOUBTFUL
    return None, CERTAIN


def sides(system: System, rows: Iterable[int] | None = None) -> frozenset[Key]:
    """Cells that stand alone on their side of one of these equalities (all by default): totals."""
    found = set()
    for row in range(len(system.equalities)) if rows is None else rows:
        terms = system.equalities[row].terms
        for sign in (1, -1):
            side = [key for key, x in terms if x * sign > 0]
            if len(side) == 1 and len(terms) > 2:
                found.add(side[0])
    return frozenset(found)
