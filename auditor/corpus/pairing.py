"""Which reports belong together: the same body's of last year."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import Report
from auditor.pipeline import Company


def companies(reports: Sequence[Report]) -> tuple[Company, ...]:
    """For each report, in order, the others that its rules may look at.

    Two reports of one body for one year that differ are no company to anyone: which of them
    is right is not known.
    """
    found: dict[tuple[str, int], list[Report]] = {}
    for report in reports:
        if report.subject.name and report.period:
            found.setdefault((report.subject.name, report.period), []).append(report)
    return tuple(_company(report, found) for report in reports)


def _company(report: Report, found: dict[tuple[str, int], list[Report]]) -> Company:
    if not report.subject.name or not report.period:
        return Company()
    prior = found.get((report.subject.name, report.period - 1), [])
    return Company(prior[0] if len(prior) == 1 else None)
