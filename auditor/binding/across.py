"""Tables laid out across: every label stands above, all numbers in one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from auditor.binding.columns import place
from auditor.binding.gaps import Filled, Heads, filled
from auditor.binding.labels import Vocabulary, nearness
from auditor.binding.lattice import Lattice, overlap
from auditor.binding.lines import Band, bands_of
from auditor.binding.numbers import is_blank, is_numeric
from auditor.form import Field, Label
from auditor.model import Cell

_REACH = 12
_OVER = 3  # rows above the heads that may label groups


@dataclass(frozen=True, slots=True)
class Across:
    """One line of numbers under its heads; the fields are those of the whole table."""

    lattice: Lattice
    at: int
    band: Band
    cells: Mapping[str, tuple[Cell, ...]]
    doubtful: frozenset[str]
    heads: tuple[Cell, ...]


def across_of(lattices: Sequence[Lattice], words: Vocabulary) -> list[Across]:
    """Every line of numbers under heads that name a row and a column each."""
    found: list[Across] = []
    for i, lattice in enumerate(lattices):
        bands = bands_of(lattice, words)
        for band, after in zip_longest(bands, bands[1:]):
            known = _in_turn(lattice, band, words) or _heads(lattice, band, words)
            found_heads = _completed(lattice, band, words, known)
            limit = after.first if after is not None else len(lattice.rows)
            rest = lattices[i + 1 : i + 2] if after is None else ()
            if known:
                found += _numbers(lattice, band, found_heads, limit, rest)
    return found


def _completed(lattice: Lattice, band: Band, words: Vocabulary, heads: Heads) -> Filled:
    """The heads with those whose words were not recognised, if their place is clear."""
    fields = [f for row in words.table.rows for f in row.fields]
    rows = {row.path: row for row in words.table.rows}
    known = {id(c) for c, _ in heads}
    spare = [c for c in band.lowest if id(c) not in known]

    def near(cell: Cell, of: Field) -> float:
        over = lattice.above(cell.row, cell)
        group = nearness(over.text if over else "", rows[of.row].labels[-1].spellings)
        return min(group, nearness(cell.text, of.labels[-1].spellings))

    return filled(heads, fields, spare, near)


def _heads(lattice: Lattice, band: Band, words: Vocabulary) -> Heads:
    """The lowest labels with the field that each of them heads."""
    known: dict[tuple[Label, Label], Field] = {
        (row.labels[-1], f.labels[-1]): f
        for row in words.table.rows
        for f in row.fields
        if row.labels
    }
    heads: Heads = []
    for cell, sight in band.cells:
        own = words.row_in(cell.text)
        above = frozenset((own,)) if own is not None else _row_label(lattice, cell, words)
        fields = [known[a, t] for a in above for t in sight.labels if (a, t) in known]
        heads += [(cell, f) for f in fields]
    return heads


def _in_turn(lattice: Lattice, band: Band, words: Vocabulary) -> Heads:
    """The heads as the fields of the form one after the other, where all are printed in its order.

    Then it does not matter how far the labels of groups are merged, as long as they come in the
    form's order, too.
    """
    rows = [row for row in words.table.rows if row.labels and not row.undivided]
    fields = [f for row in rows for f in row.fields]
    named = [(c, s) for c, s in band.cells if any(s.labels & {f.labels[-1]} for f in fields)]
    lowest = [(c, s) for c, s in named if c.row + c.row_span > band.last]
    if len(lowest) != len(fields):
        return []
    if not all(f.labels[-1] in s.labels for f, (_, s) in zip(fields, lowest, strict=True)):
        return []
    above = {c for row in lattice.rows[max(0, band.first - _OVER) : band.last + 1] for c in row}
    groups = [(c.column, r) for c in above for r in range(len(rows))
              if rows[r].labels[-1] in words.find(c.text).labels]  # fmt: skip
    if [r for _, r in sorted(groups)] != list(range(len(rows))):
        return []
    return [(c, f) for (c, _), f in zip(lowest, fields, strict=True)]


def _row_label(lattice: Lattice, cell: Cell, words: Vocabulary) -> frozenset[Label]:
    """What the nearest text above that labels a row is."""
    for upper in range(cell.row - 1, max(cell.row - _REACH, 0) - 1, -1):
        for other in lattice.rows[upper]:
            sight = words.find(other.text).within(words.rows)
            if sight and (overlap(other, cell) or _reaches(other, cell, lattice.rows[upper])):
                return sight.labels
    return frozenset()


def _reaches(group: Cell, cell: Cell, row: Sequence[Cell]) -> bool:
    """Whether only empty cells stand between a group's label and the place above a cell.

    A merged cell that was dissolved leaves its text in the first of its parts.
    """
    if group.column_span > 1 or group.column >= cell.column:
        return False
    between = [c for c in row if group.column < c.column <= cell.column]
    return all(c.column_span == 1 and not c.text.strip() and not c.doubt for c in between)


def _numbers(
    lattice: Lattice,
    band: Band,
    found: Filled,
    limit: int,
    rest: Sequence[Lattice],
) -> Iterator[Across]:
    """The line of numbers below the heads; two such lines contradict each other later."""
    lines = [(lattice, at) for at in range(band.last + 1, limit)]
    lines += [(r, 0) for r in rest if r.table.columns == lattice.table.columns and r.rows]
    heads = found.heads
    left = min(c.column for c, _ in heads)
    rows = [(x, at, tuple(c for c in x.rows[at] if c.column >= left)) for x, at in lines]
    fit = [row for row in rows if _all_values(row[2], heads)]
    written = [row for row in fit if any(is_numeric(c.text) for c in row[2])]
    for source, at, values in written or fit[:1]:
        placed = place(values, heads, band.texts)
        changed = (*(c for c, s in band.cells if s.changed), *found.changed)
        doubtful = frozenset(placed.cells) if placed.shifted else placed.doubtful | found.guessed
        yield Across(source, at, band, placed.cells, doubtful, changed)


def _all_values(values: Sequence[Cell], heads: Sequence[tuple[Cell, Field]]) -> bool:
    """A line of numbers and blanks, with a word in place of a number here and there."""
    if len(values) * 2 < len(heads):
        return False
    plain = sum(is_blank(c.text) or is_numeric(c.text) for c in values)
    return plain * 2 > len(values)
