"""Which cell of a printed row stands for which field: by the labels above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from auditor.binding.gaps import Filled, Heads, filled
from auditor.binding.labels import nearness
from auditor.binding.lattice import overlap, pair
from auditor.binding.lines import Band, Line
from auditor.binding.numbers import is_blank
from auditor.binding.spans import Usual, in_turn, scattered
from auditor.form import Field, Row
from auditor.model import Cell

_NONE: frozenset[str] = frozenset()
Columns = tuple[dict[str, tuple[Cell, ...]], frozenset[str], tuple[Cell, ...], tuple[Cell, ...]]


def columns_of(row: Row, line: Line, usual: Usual) -> Columns:
    """The cell of each field: by the nearest header that names any of its columns."""
    by_tail = {f.labels[-1]: f for f in row.fields}
    for band in line.bands:
        heads = [(c, by_tail[x]) for c, s in band.cells for x in s.labels if x in by_tail]
        if heads:
            found = _completed(row, line, band, _nearest(heads, band))
            if _agree(row, line, found.heads, usual):
                return _each(row.fields, line.values), found.guessed, found.changed, ()
            return _placed(row, line, band, _ordered(row, line, band, found, usual), usual)
    if not line.bands and in_turn(line, len(row.fields), usual):
        return _each(row.fields, line.values), _NONE, (), ()
    return {}, _NONE, (), ()


def _agree(row: Row, line: Line, heads: Heads, usual: Usual) -> bool:
    """Whether most heads are known and stand where the form has them, so that the numbers of
    the others are told by their places."""
    if len(heads) == len(row.fields) or 2 * len(heads) <= len(row.fields):
        return False
    if not in_turn(line, len(row.fields), usual):
        return False
    places = {v.column: f.path for v, f in zip(line.values, row.fields, strict=True)}
    return all(places.get(c.column) == f.path for c, f in heads)


def _each(fields: Sequence[Field], values: Sequence[Cell]) -> dict[str, tuple[Cell, ...]]:
    """A cell for each field, as far as there are any."""
    return {of.path: (value,) for of, value in zip(fields, values, strict=False)}


def _ordered(row: Row, line: Line, band: Band, found: Filled, usual: Usual) -> Filled:
    """Heads in the form's order where their own contradicts itself."""
    if len(found.heads) != len(row.fields):
        return found
    cells = [c for c, _ in found.heads]
    if not band.torn and not scattered(cells, line.lattice.number, usual):
        return found
    return replace(found, heads=list(zip(cells, row.fields, strict=True)))


def _nearest(heads: Heads, band: Band) -> Heads:
    """One head a field: a label that is merely near gives way to one that is exact."""
    scores = {id(c): s.score for c, s in band.cells}
    best: dict[str, float] = {}
    for cell, of in heads:
        best[of.path] = max(best.get(of.path, 0), scores[id(cell)])
    return [(c, f) for c, f in heads if scores[id(c)] == best[f.path]]


def _completed(row: Row, line: Line, band: Band, heads: Heads) -> Filled:
    """The heads with those whose words were not recognised, if their place is clear."""
    start = line.values[0].column
    named = {id(c) for c, _ in band.cells}
    spare = [c for c in band.lowest if id(c) not in named and c.column >= start]
    return filled(heads, row.fields, spare, lambda c, f: nearness(c.text, f.labels[-1].spellings))


def _placed(row: Row, line: Line, band: Band, found: Filled, usual: Usual) -> Columns:
    heads = found.heads
    known = {id(c) for c, _ in heads}
    changed = (*(c for c, s in band.cells if s.changed and id(c) in known), *found.changed)
    turn = in_turn(line, len(row.fields), usual) if len(heads) == len(row.fields) else False
    if turn is not False:
        each = _each([f for _, f in heads], line.values)
        return each, found.guessed if turn else frozenset(each), changed, ()
    if _crossed([c for c, _ in heads], line.labels):
        each = _each([f for _, f in heads], line.values)
        return each, frozenset(each), changed, ()
    first = min(c.column for c, _ in heads)
    values = [v for v in line.values if v.column >= first or not is_blank(v.text)]
    if not values:
        return {}, found.guessed, changed, ()
    in_order = _each([f for _, f in heads], values)
    full = len(values) == len(heads) == len(row.fields)
    if line.inherited and band.columns != line.lattice.table.columns:
        return (in_order if full else {}), found.guessed, changed, ()
    placed = place(values, heads, [c for c in band.texts if c.column >= values[0].column])
    if not placed.shifted:
        return placed.cells, placed.doubtful | found.guessed, changed, placed.extra
    if full and all(not is_blank(v.text) for v in values):
        return in_order, found.guessed, changed, ()
    return placed.cells, frozenset(placed.cells), changed, ()


def _crossed(heads: Sequence[Cell], labels: Sequence[Cell]) -> bool:
    """Whether a head stands above the columns of another one, or above the label of the row:
    which is whose nobody can tell."""
    return any(overlap(one, other) for one, other in combinations(heads, 2)) or any(
        overlap(head, label) and not is_blank(label.text) for head in heads for label in labels
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """Cells by field; `extra` stand under no field, `shifted` where body and head disagree."""

    cells: dict[str, tuple[Cell, ...]]
    doubtful: frozenset[str]
    extra: tuple[Cell, ...]
    shifted: bool


def place(
    values: Sequence[Cell], heads: Sequence[tuple[Cell, Field]], texts: Sequence[Cell]
) -> Placed:
    """Put the values of a row under its heads; what is not clear is doubtful."""
    pairs = pair(values, [c for c, _ in heads])
    cells: dict[str, tuple[Cell, ...]] = {}
    for i, j in pairs.items():
        path = heads[j][1].path
        cells[path] = (*cells.get(path, ()), values[i])
    doubtful = {path for path, several in cells.items() if len({c.text for c in several}) > 1}
    extra: list[Cell] = []
    shifted = False
    for i, value in enumerate(values):
        under = [(c, f) for c, f in heads if overlap(c, value)]
        if i in pairs:
            shared = [f for _, f in under if f.path not in cells]
            for f in shared:
                cells[f.path] = (value,)
            if shared and not is_blank(value.text):
                doubtful.update(f.path for f in [*shared, heads[pairs[i]][1]])
        elif not is_blank(value.text):
            for _, f in under:
                cells[f.path] = (*cells.get(f.path, ()), value)
                doubtful.add(f.path)
            known = any(overlap(c, value) for c in texts)
            shifted = shifted or not known
            if known and not under:
                extra.append(value)
        elif not under and len(values) == len(heads):
            shifted = True  # as many cells as heads, and one stands below none
    return Placed(cells, frozenset(doubtful), tuple(extra), shifted)
