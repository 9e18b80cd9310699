"""Which columns of a table hold its numbers, where the spans of its cells contradict each other.

A merged cell that reaches one column or row too far, or too short, moves what stands beside it.
What is left then is that row for row there are as many cells after the label as the form has
fields: they are read in turn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from auditor.binding.lines import Line
from auditor.model import Cell

_ROWS = 3  # fewer rows show no usual columns
_MOST = 0.6  # of the rows
_FEWEST = 4  # fields: fewer cells may well be others

Usual = Mapping[tuple[int, int], tuple[int, ...]]
"""By table and number of fields the columns in which most rows have their numbers."""


def usual_columns(lines: Iterable[Line]) -> Usual:
    """The columns of the rows of each table, by how many cells they have after their labels."""
    rows: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        if line.labels and len(line.values) >= _FEWEST:
            rows[line.lattice.number, len(line.values)].append(line)
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for key, several in rows.items():
        places = Counter(c for line in several if (c := _columns(line.values)) is not None)
        for columns, count in places.most_common(1):
            own = [line for line in several if _columns(line.values) == columns]
            enough = count >= _ROWS and count >= _MOST * len(several)
            if enough and all(any(line.values[k].text for line in own) for k in (0, -1)):
                found[key] = columns
    return found


def _columns(values: Sequence[Cell]) -> tuple[int, ...] | None:
    """The columns of cells that follow each other and are merged nowhere; else None."""
    first = values[0].column
    if any(c.column_span != 1 or c.column != first + k for k, c in enumerate(values)):
        return None
    return tuple(c.column for c in values)


def scattered(heads: Sequence[Cell], table: int, usual: Usual) -> bool:
    """Whether the heads of all fields stand elsewhere than the numbers, and not only shifted.

    A gap where a group's label is merged over too many columns parts them, but keeps their order.
    """
    columns = usual.get((table, len(heads)))
    if columns is None:
        return False
    return heads[0].column < columns[0] - 1 or len({c.column for c in heads}) < len(heads)


def in_turn(line: Line, fields: int, usual: Usual) -> bool | None:
    """Whether the cells of a row are its fields one after the other, whatever stands above.

    None where they may be, or another cell may be missing.
    """
    columns = usual.get((line.lattice.number, fields))
    if columns is None or len(line.values) != fields or not line.labels:
        return False
    own = _columns(line.values)
    if own is None:
        return False
    if own == columns:
        return True
    outer = line.values[0] if own[0] < columns[0] else line.values[-1]
    return True if outer.text else None
