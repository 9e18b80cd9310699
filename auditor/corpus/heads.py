"""Heads: what is kept of a report in memory while a folder is audited, whatever its size.

The reports themselves lie on a shelf (in memory for a few documents, in files for many) and are
fetched by number when they are needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from auditor.model import Report
from auditor.pipeline import Bound
from auditor.rulebook.numbers import Numeric


@dataclass(frozen=True, slots=True)
class Head:
    """Who reports for when, and what pairing must know without opening the report.

    `cells` is the number of cells read; `glued` is true where cells were not read; `parts` are
    the lengths of the parts of its text that are compared with those of other bodies,
    `figures` what the rules want to know of peers.
    """

    source: str
    form: str
    name: str | None
    kind: str | None
    level: str | None
    period: int | None
    cells: int
    glued: bool = False
    parts: Mapping[str, int] = field(default_factory=dict)
    figures: tuple[Numeric | None, ...] = ()


def head_of(report: Report, parts: Mapping[str, int] = MappingProxyType({})) -> Head:
    """The head of a bound report."""
    subject = report.subject
    return Head(
        report.source,
        report.form,
        subject.name,
        subject.kind,
        subject.level,
        report.period,
        report.coverage.cells_read,
        any(seen.kind == "unreadable" for seen in report.observations),
        parts,
    )


class Shelf(Protocol):
    """Where bound reports are fetched by their number."""

    def bound(self, number: int) -> Bound:
        """The report as it is to be judged, with what was overridden."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """A shelf in memory."""

    reports: Sequence[Bound]

    def bound(self, number: int) -> Bound:
        """The report of that number."""
        return self.reports[number]
