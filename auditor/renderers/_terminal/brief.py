"""What the screen tells of one report among many: all of it in one look at its audit.

Thousands of audits lie on disk and are opened one at a time; what is kept of each is small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.decisions import Past
from auditor.model import Audit, Finding, Grade, Outcome, RuleInfo, Severity
from auditor.renderers._grouping import counts, failed, stands, waived
from auditor.renderers._ranking import Standing, standings
from auditor.renderers._terminal.view import View, agency

FOUND = (Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN)


@dataclass(frozen=True, slots=True)
class Brief:
    """One report: `number` is its place in the batch, `found` its rules that did not plainly pass.

    `fails`: by the user's measure.
    """

    number: int
    standing: Standing
    agency: str
    grade: Grade
    read: tuple[int, int]
    failed: Mapping[Severity, int]
    counts: Counter[Outcome]
    found: tuple[tuple[str, Outcome], ...]
    fails: bool
    waived: tuple[Finding, ...]
    past: tuple[Past, ...]

    @property
    def period(self) -> int | None:
        """The report's year."""
        return self.standing.period


@dataclass(frozen=True, slots=True)
class Overview:
    """All reports in the order of their ranks, with the rules that judged them."""

    ranks: Sequence[tuple[str, Brief]]
    rules: Mapping[str, tuple[Severity, RuleInfo | None]]
    kinds: Mapping[str, Mapping[Outcome, int]]


def overview_of(audits: Sequence[Audit], view: View) -> Overview:
    """One pass over the audits."""
    briefs: list[Brief] = []
    rules: dict[str, tuple[Severity, RuleInfo | None]] = {}
    kinds: dict[str, Counter[Outcome]] = {}
    for number, audit in enumerate(audits):
        briefs.append(_brief(number, audit, view))
        for result in audit.results:
            if result.outcome in FOUND and not waived(result):
                info = audit.rules.rules.get(result.rule)
                rules.setdefault(result.rule, (result.severity, info))
                if info is not None:
                    kinds.setdefault(info.group, Counter())[result.outcome] += 1
    order = standings([brief.standing for brief in briefs])
    return Overview([(rank, briefs[at]) for rank, at in order], rules, kinds)


def _brief(number: int, audit: Audit, view: View) -> Brief:
    coverage = audit.report.coverage
    return Brief(
        number=number,
        standing=Standing.of(audit),
        agency=agency(audit, view),
        grade=audit.grade,
        read=(coverage.cells_read, coverage.cells_total),
        failed={severity: failed(audit, severity) for severity in Severity},
        counts=counts(audit),
        found=tuple(
            (r.rule, r.outcome) for r in audit.results if r.outcome in FOUND and not waived(r)
        ),
        fails=any(stands(r) and r.severity >= view.options.fail_on for r in audit.results),
        waived=tuple(_waived(audit)),
        past=tuple(audit.past),
    )


def _waived(audit: Audit) -> Iterator[Finding]:
    return (f for r in audit.results for f in r.findings if f.waiver)
