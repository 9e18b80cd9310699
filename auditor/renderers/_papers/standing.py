"""How the reports of a batch stand to one another: rank, counts, what many of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from auditor.model import Audit, Batch, Outcome, Refusal, Severity
from auditor.renderers._papers.items import State, failing, state_of
from auditor.renderers._ranking import ranked


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
    """The newest year first, in each the best first; those without a grade at its end."""
    return tuple(
        _standing(audit, int(rank) if rank.isdecimal() else None) for rank, audit in ranked(audits)
    )


Failures: TypeAlias = Sequence[tuple[str, tuple[Audit, ...]]]
"""Rules with the reports in which they fail."""


def common_failures(audits: Sequence[Audit]) -> Failures:
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


def _standing(audit: Audit, rank: int | None) -> Standing:
    failed = Counter(r.severity for r in audit.results if failing(r))
    states: Counter[State] = Counter()
    for result in audit.results:
        here = {state_of(f) for f in result.findings}
        if not result.findings and result.outcome in (Outcome.REVIEW, Outcome.OPEN):
            here = {State.REVIEW if result.outcome is Outcome.REVIEW else State.OPEN}
        states.update(here)
    states[State.FAIL] = sum(failed.values())
    return Standing(rank, audit, failed, states)
