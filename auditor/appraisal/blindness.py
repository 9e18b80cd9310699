"""The blind spots: how many figures must be wrong together to escape every sum, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from auditor.judging.diagnose.repairs import companions
from auditor.rulebook.relations import EQUAL, Relation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

MOST = 7
"""Figures wrong together that are looked for; beyond that a cell counts as seen."""

_BRANCHES = 60_000


@dataclass(frozen=True, slots=True)
class Blindness:
    """`least` figures must be wrong together, this cell among them; `others` are an example.

    None where no number of figures up to MOST escapes; `capped` where the search was cut off.
    """

    least: int | None
    others: tuple[str, ...] = ()
    capped: bool = False


def blindness(
    relations: Sequence[Relation], paths: Sequence[str], *, prior: bool = False
) -> Mapping[str, Blindness]:
    """The blindness of the cells of this year's report, by path, in the order given.

    With `prior` last year's report is at hand and is right.
    """
    sums = [r for r in relations if r.op == EQUAL and not r.review]
    if not prior:
        sums = [r for r in sums if not any(dated for (_, dated), _ in r.terms)]
    matrix = _matrix(sums, paths)
    return {path: _of_cell(matrix, n, paths) for n, path in enumerate(paths)}


def _matrix(sums: Sequence[Relation], paths: Sequence[str]) -> Ints:
    """The sums over these cells in whole numbers."""
    import numpy as np

    at = {path: n for n, path in enumerate(paths)}
    matrix = np.zeros((len(sums), len(paths)), dtype=np.int64)
    for row, relation in enumerate(sums):
        scale = lcm(*(x.denominator for _, x in relation.terms))
        for key, x in _own(relation):
            if key in at:
                matrix[row, at[key]] += int(x * scale)
    return matrix


def _own(relation: Relation) -> list[tuple[str, Fraction]]:
    return [(path, x) for (path, dated), x in relation.terms if not dated]


def _of_cell(matrix: Ints, cell: int, paths: Sequence[str]) -> Blindness:
    """Only the rows that hang together with the cell are looked at."""
    rows, cells = _block(matrix, cell)
    at = {n: k for k, n in enumerate(cells)}
    try:
        others = companions(matrix[rows][:, cells], at[cell], MOST - 1, _BRANCHES)
    except OverflowError:
        return Blindness(None, capped=True)
    if others is None:
        return Blindness(None)
    return Blindness(len(others) + 1, tuple(paths[cells[n]] for n in others))


def _block(matrix: Ints, cell: int) -> tuple[list[int], list[int]]:
    """The rows and the cells connected with a cell."""
    rows: set[int] = set()
    cells, new = {cell}, [cell]
    while new:
        fresh = {int(r) for n in new for r in matrix[:, n].nonzero()[0]} - rows
        rows |= fresh
        new = [n for n in {int(c) for r in fresh for c in matrix[r].nonzero()[0]} if n not in cells]
        cells |= set(new)
    return sorted(rows), sorted(cells)
