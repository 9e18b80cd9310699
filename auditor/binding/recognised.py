"""Cells that were read from a picture: confirmed by sums, chosen by them, or for a person.

The sums choose only between the readings of a doubted cell, and only where one choice is left.
A clear cell is never overwritten. What no sum confirms stands, but as inferred: nothing that
rests on it alone is more than a suspicion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod

from auditor.binding.bound import BoundCell, BoundTable, State
from auditor.binding.numbers import read_number
from auditor.form import Form
from auditor.model import Identity, Observation

MOST_CHOICES = 20_000
"""Combinations of readings that are looked at together."""

Cells = Mapping[str, BoundCell]
Choices = Mapping[str, tuple[int, ...]]


def settled(
    tables: Mapping[str, BoundTable],
    form: Form,
    identities: Callable[[], Sequence[Identity]],
    pages: frozenset[int | None],
) -> dict[str, BoundTable]:
    """The tables with those cells settled that stand on `pages`, which were read from pictures.

    A page of None stands for all of a document.
    """
    cells = {path: cell for table in tables.values() for path, cell in table.cells.items()}
    doubtful = {path for path, cell in cells.items() if _recognised(cell, pages)}
    if not doubtful:
        return dict(tables)
    sums = [i for i in identities() if all(path in cells for path, _ in i.terms)]
    changed = dict(_chosen(cells, sums, form))
    confirmed = _confirmed(cells, sums)
    for path in sorted(doubtful - confirmed):
        if cells[path].state is State.READ:
            changed[path] = cells[path]._replace(state=State.INFERRED)
    return {key: _with(table, changed, form) for key, table in tables.items()}


def _recognised(cell: BoundCell, pages: frozenset[int | None]) -> bool:
    return cell.confidence is not None or bool({None, cell.location.page} & pages)


def _confirmed(cells: Cells, sums: Iterable[Identity]) -> set[str]:
    """The cells of sums that hold as they were read; a printed blank counts as nothing."""
    found: set[str] = set()
    for identity in sums:
        values = [(_plain(cells[path]), weight) for path, weight in identity.terms]
        if all(v is not None for v, _ in values) and not sum((v or 0) * w for v, w in values):
            found.update(path for path, _ in identity.terms)
    return found


def _plain(cell: BoundCell) -> int | None:
    if cell.state is State.BLANK:
        return 0
    return cell.value if cell.state is State.READ and isinstance(cell.value, int) else None


# --- choosing between readings ---------------------------------------------------------------


def _chosen(cells: Cells, sums: Sequence[Identity], form: Form) -> Iterator[tuple[str, BoundCell]]:
    """The doubted cells of which the sums allow one reading only."""
    choices = {
        path: values
        for path, cell in cells.items()
        if cell.state is State.OPEN and (values := _values(path, cell, form))
    }
    live = [i for i in sums if _is_live(i, cells, choices)]
    for group in _groups(choices, live):
        touching = [i for i in live if any(path in group for path, _ in i.terms)]
        for path, value in _only(group, touching, cells, choices).items():
            helped = sorted(f"{i.rule}@{i.where}" for i in touching if path in dict(i.terms))
            chosen = cells[path]._replace(state=State.INFERRED, value=value, rules=tuple(helped))
            yield path, chosen


def _values(path: str, cell: BoundCell, form: Form) -> tuple[int, ...]:
    """The numbers that the readings of a cell give."""
    reads = [read_number(text, form.fields[path]).value for text in cell.readings]
    return tuple(sorted({value for value in reads if isinstance(value, int)}))


def _is_live(identity: Identity, cells: Cells, choices: Choices) -> bool:
    """Whether a sum can choose: all of it is read or has readings, and something is to choose."""
    paths = [path for path, _ in identity.terms]
    known = all(p in choices or isinstance(_sure(cells[p]), int) for p in paths)
    return known and any(p in choices for p in paths)


def _sure(cell: BoundCell) -> int | None:
    return None if cell.state is State.BLANK else _plain(cell)


def _groups(choices: Choices, live: Sequence[Identity]) -> list[set[str]]:
    """Doubted cells that share sums, directly or through others."""
    groups: list[set[str]] = []
    for identity in live:
        own = {path for path, _ in identity.terms if path in choices}
        apart = [g for g in groups if not g & own]
        groups = [*apart, own.union(*(g for g in groups if g & own))]
    return groups


def _only(
    group: set[str], sums: Sequence[Identity], cells: Cells, choices: Choices
) -> dict[str, int]:
    """The one combination for which all sums hold; nothing where there are none or several."""
    paths = sorted(group)
    if prod(len(choices[path]) for path in paths) > MOST_CHOICES:
        return {}
    found: dict[str, int] = {}
    for values in product(*(choices[path] for path in paths)):
        tried = dict(zip(paths, values, strict=True))
        if all(_holds(identity, tried, cells) for identity in sums):
            if found:
                return {}
            found = tried
    return found


def _holds(identity: Identity, tried: Mapping[str, int], cells: Cells) -> bool:
    terms = identity.terms
    return not sum(w * (tried[p] if p in tried else _plain(cells[p]) or 0) for p, w in terms)


# --- what is said of it ----------------------------------------------------------------------


def _with(table: BoundTable, changed: Cells, form: Form) -> BoundTable:
    own = {path: cell for path, cell in changed.items() if path in table.cells}
    kept = [o for o in table.observations if o.kind != "unreadable" or o.path not in own]
    said = [_said(cell, form) for cell in own.values()]
    return replace(table, cells={**table.cells, **own}, observations=(*kept, *said))


def _said(cell: BoundCell, form: Form) -> Observation:
    """How sure the recogniser was, beside what it read."""
    sure = f" ({cell.confidence} %)" if cell.confidence is not None else ""
    label = form.fields[cell.path].label
    return Observation("inferred", label, cell.location, cell.text + sure, cell.path, cell.rules)
