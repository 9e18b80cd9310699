"""The same report in two formats counts once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.model import Report
from auditor.pipeline import Bound


def once(bound: Sequence[Bound]) -> tuple[list[Bound], Mapping[str, tuple[str, ...]]]:
    """The reports to judge in their order, and the sources of the copies of each (by source).

    Of several copies the one of which most was read is kept.
    """
    groups: dict[object, list[Bound]] = {}
    for number, one in enumerate(bound):
        groups.setdefault(_key(one.report) or number, []).append(one)
    copies: dict[str, tuple[str, ...]] = {}
    dropped: set[int] = set()
    for group in groups.values():
        best = max(group, key=lambda b: b.report.coverage.cells_read)
        same = [b for b in group if b is not best and same_counts(b.report, best.report)]
        dropped |= {id(b) for b in same}
        if same:
            copies[best.report.source] = tuple(b.report.source for b in same)
    return [b for b in bound if id(b) not in dropped], copies


def _key(report: Report) -> tuple[str, int] | None:
    """Body and year; None where either is unknown: such reports are never taken for the same."""
    name, period = report.subject.name, report.period
    return (name, period) if name and period else None


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
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _flat(value, f"{prefix}{key}.")
    elif isinstance(node, int):
        yield prefix, node
