"""The same report in two formats counts once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from auditor.corpus.heads import Head
from auditor.model import Report


def once(
    heads: Sequence[Head], open_: Callable[[int], Report]
) -> tuple[list[int], Mapping[int, tuple[int, ...]]]:
    """The numbers of the reports to judge in their order, and the copies of each.

    Of several copies the one of which most was read is kept. Reports are opened only where two
    claim the same body and year.
    """
    groups: dict[object, list[int]] = {}
    for number, head in enumerate(heads):
        groups.setdefault(_key(head) or number, []).append(number)
    copies: dict[int, tuple[int, ...]] = {}
    dropped: set[int] = set()
    for group in groups.values():
        if len(group) < 2:
            continue
        best = max(group, key=lambda number: heads[number].cells)
        same = [n for n in group if n != best and same_counts(open_(n), open_(best))]
        dropped.update(same)
        if same:
            copies[best] = tuple(same)
    return [number for number in range(len(heads)) if number not in dropped], copies


def _key(head: Head) -> tuple[str, int] | None:
    """Body and year; None where either is unknown: such reports are never taken for the same."""
    return (head.name, head.period) if head.name and head.period else None


def same_counts(one: Report, other: Report) -> bool:
    """No count that both have read differs."""
    return all(a == b for a, b in _both(one, other))


def _both(one: Report, other: Report) -> Iterator[tuple[object, object]]:
    first, second = dict(_flat(one.data)), dict(_flat(other.data))
    for path, value in first.items():
        if value is not None and second.get(path) is not None:
            yield value, second[path]


def _flat(node: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """The counts of report data by path."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _flat(value, f"{prefix}{key}.")
    elif isinstance(node, int):
        yield prefix, node
