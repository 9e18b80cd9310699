"""How the reports of a batch stand to one another: rank, counts, what many of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.model import Audit, Batch, Outcome, Refusal, Severity
from auditor.renderers._papers.items import State, failing, state_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One report: its rank ("–" without a grade), and how many of its rules stand how."""

    rank: int | None
    audit: Audit
    failed: Mapping[Severity, int]
    states: Mapping[State, int]

    @property
    def score(self) -> Decimal | None:
        """The score, None without a grade."""
        grade = self.audit.grade
        return grade.score if grade.letter is not None else None

    def failures(self, least: Severity = Severity.NOTE) -> int:
        """How many rules of at least that severity fail."""
        return sum(n for severity, n in self.failed.items() if severity >= least)


def standings(audits: Sequence[Audit]) -> tuple[Standing, ...]:
    """The best first, equal scores with equal rank; those without a grade at the end."""
    ordered = sorted(audits, key=_key)
    scores = [a.grade.score for a in ordered if a.grade.letter is not None]
    return tuple(_standing(a, scores) for a in ordered)


def common_failures(audits: Sequence[Audit]) -> tuple[tuple[str, tuple[Audit, ...]], ...]:
    """The rules that fail, with the reports in which they do, the commonest first."""
    found: dict[str, list[Audit]] = {}
    severity: dict[str, int] = {}
    for audit in audits:
        for result in audit.results:
            if failing(result):
                found.setdefault(result.rule, []).append(audit)
                severity[result.rule] = result.severity
    ordered = sorted(found, key=lambda rule: (-len(found[rule]), -severity[rule], rule))
    return tuple((rule, tuple(found[rule])) for rule in ordered)


def set_aside(batch: Batch) -> tuple[Refusal, ...]:
    """Everything that was not audited, bodies without a report first."""
    return (*missing(batch), *batch.refusals, *batch.faults)


def missing(batch: Batch) -> tuple[Refusal, ...]:
    """Bodies of the roster without a report, where the run had a roster."""
    found: tuple[Refusal, ...] = getattr(batch, "missing", ())
    return found


def _key(audit: Audit) -> tuple[bool, Decimal, str, int, str]:
    grade, report = audit.grade, audit.report
    graded = grade.letter is not None and grade.score is not None
    score = grade.score if graded and grade.score is not None else Decimal(0)
    return not graded, -score, report.subject.name or "", report.period or 0, report.source


def _standing(audit: Audit, scores: Sequence[Decimal | None]) -> Standing:
    grade = audit.grade
    graded = grade.letter is not None and grade.score is not None
    failed = Counter(r.severity for r in audit.results if failing(r))
    states: Counter[State] = Counter()
    for result in audit.results:
        here = {state_of(f) for f in result.findings}
        if not result.findings and result.outcome in (Outcome.REVIEW, Outcome.OPEN):
            here = {State.REVIEW if result.outcome is Outcome.REVIEW else State.OPEN}
        states.update(here)
    states[State.FAIL] = sum(failed.values())
    return Standing(scores.index(grade.score) + 1 if graded else None, audit, failed, states)
