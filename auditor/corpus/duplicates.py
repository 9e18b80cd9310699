"""The same report in two formats counts once.

Copies say the same in their figures and in their words. A draft with the same tables and another
text is another report: what only one of the two says would otherwise be judged by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from auditor.corpus.heads import Head
from auditor.model import Report
from auditor.text import decimal, nfkc

_VERSIONS = 20  # of one body and year that a report is compared with; others are judged anyway


def once(
    heads: Sequence[Head], open_: Callable[[int], Report]
) -> tuple[list[int], Mapping[int, tuple[int, ...]]]:
    """The numbers of the reports to judge in their order, and the copies of each.

    Of several copies the one of which most was read is kept, and of these one with a date.
    Reports are opened only where two claim the same body and year.
    """
    groups: dict[object, list[int]] = {}
    for number, head in enumerate(heads):
        groups.setdefault(_key(head) or number, []).append(number)
    copies: dict[int, tuple[int, ...]] = {}
    dropped: set[int] = set()
    for group in groups.values():
        if len(group) < 2:
            continue
        for first, same in _alike(group, heads, open_).items():
            dropped.update(same)
            if same:
                copies[first] = tuple(sorted(same))
    return [number for number in range(len(heads)) if number not in dropped], copies


def _alike(
    group: Sequence[int], heads: Sequence[Head], open_: Callable[[int], Report]
) -> Mapping[int, list[int]]:
    """The reports of one body and year that differ, and the copies of each."""

    def worth(number: int) -> tuple[int, bool, int]:
        head = heads[number]
        return -head.cells, open_(number).published is None, len(head.source)

    found: dict[int, list[int]] = {}
    for number in sorted(group, key=worth):
        report = open_(number)
        versions = islice(found, _VERSIONS)
        first = next((n for n in versions if same_report(open_(n), report)), None)
        if first is None:
            found[number] = []
        else:
            found[first].append(number)
    return found


def _key(head: Head) -> tuple[str, int] | None:
    """Body and year; None where either is unknown: such reports are never taken for the same."""
    return (head.name, head.period) if head.name and head.period else None


def same_counts(one: Report, other: Report) -> bool:
    """No count that both have read differs."""
    return all(a == b for a, b in _both(one, other, int))


def same_report(one: Report, other: Report) -> bool:
    """Figures of tables were read in both, and nothing that both have read differs.

    Of texts only letters and digits are compared: spaces and signs differ from format to format.
    How the body is called in them is no difference: its name may be written in full or not.
    """
    if not same_counts(one, other) or not _has_table(one) or not _has_table(other):
        return False
    names = sorted({r.subject.name or "" for r in (one, other)}, key=len, reverse=True)

    def plain(value: object) -> object:
        text = _plain(value)
        for name in names if isinstance(text, str) else ():
            text = str(text).replace(name, "")
        return text

    return all(plain(a) == plain(b) for a, b in _both(one, other, str | Decimal))


def _has_table(report: Report) -> bool:
    """Whether any figure was read that stands in a table, not in the head."""
    return any(path.count(".") > 1 for path, _ in _flat(report.data, int))


def _both(one: Report, other: Report, kind: Any) -> Iterator[tuple[object, object]]:
    """What both have read of one kind of value."""
    first, second = dict(_flat(one.data, kind)), dict(_flat(other.data, kind))
    for path, value in first.items():
        if path in second:
            yield value, second[path]


def _plain(value: object) -> object:
    """A number, or the letters and digits of a text."""
    number = decimal(value) if isinstance(value, str) else value
    return _SIGNS.sub("", nfkc(str(value))) if number is None else number


def _flat(node: object, kind: Any, prefix: str = "") -> Iterator[tuple[str, object]]:
    """The values of one kind in report data, by path."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _flat(value, kind, f"{prefix}{key}.")
    elif isinstance(node, kind):
        yield prefix, node


_SIGNS = re.compile(r"[\W_]+")
