"""What stands together on the screen: places of one rule, and findings of one slip."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.errors import Said
from auditor.model import Audit, Cluster, Finding, Outcome, Result, Severity

_NUMBERS = re.compile("[0-9+\\-−×÷=≠<>≤≥≈().,%□？ ]+")

ORDER = (Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN)


@dataclass(frozen=True, slots=True)
class Block:
    """One thing to read: a rule with its places or, with `cluster`, one slip in several rules."""

    outcome: Outcome
    severity: Severity
    rules: tuple[str, ...]
    findings: tuple[Finding, ...]
    cluster: Cluster | None = None
    reason: Said | None = None

    @property
    def decisive(self) -> tuple[str, ...]:
        """The rules that give the block its outcome: a slip may break others that only ask."""
        mine = {f.rule for f in self.findings if f.outcome is self.outcome}
        return tuple(r for r in self.rules if r in mine or not self.findings)


def blocks(audit: Audit) -> tuple[Block, ...]:
    """All blocks: by outcome, then severity, slips before single rules, rules in their order."""
    clustered = tuple(_clusters(audit))
    taken = {f.fingerprint for block in clustered for f in block.findings}
    alone = (block for result in audit.results for block in _of_rule(result, taken))
    return tuple(sorted((*clustered, *alone), key=_rank))


def counts(audit: Audit) -> Counter[Outcome]:
    """How many rules had which outcome; those that are waived wherever they fail had none."""
    return Counter(result.outcome for result in audit.results if not waived(result))


def stands(result: Result) -> bool:
    """Whether a rule fails at a place that is not waived."""
    return result.outcome is Outcome.FAIL and not waived(result)


def waived(result: Result) -> bool:
    """Whether a rule fails, and every place at which it does is waived."""
    findings = [f for f in result.findings if f.outcome is Outcome.FAIL]
    return result.outcome is Outcome.FAIL and bool(findings) and all(f.waiver for f in findings)


def failed(audit: Audit, severity: Severity) -> int:
    """How many rules of that severity failed and are not waived."""
    return sum(stands(r) and r.severity is severity for r in audit.results)


def of_outcome(found: Sequence[Block], outcome: Outcome) -> tuple[Block, ...]:
    """The blocks with one outcome."""
    return tuple(b for b in found if b.outcome is outcome)


def is_sum(finding: Finding) -> bool:
    """Whether the working is numbers with a difference: a sum, which says all by itself."""
    difference = finding.difference
    numeric = isinstance(difference, (int, Decimal)) and not isinstance(difference, bool)
    return numeric and bool(_NUMBERS.fullmatch(finding.working))


def compared(finding: Finding) -> str:
    """How what was expected is told: of an inequality it is a bound, not the right number."""
    return "finding.bound" if re.search("[<>≤≥]", finding.working) else "finding.expected"


def _rank(block: Block) -> tuple[int, int, bool]:
    return ORDER.index(block.outcome), -block.severity, block.cluster is None


def _clusters(audit: Audit) -> Iterator[Block]:
    """The slips. A finding is told once: in the first cluster that names it."""
    severities = {r.rule: r.severity for r in audit.results}
    known = {f.fingerprint: f for r in audit.results for f in r.findings if f.fingerprint}
    told: set[str] = set()
    for cluster in audit.clusters:
        members = tuple(known[k] for k in cluster.findings if k in known and k not in told)
        if len(members) < 2:
            continue
        told.update(m.fingerprint for m in members)
        yield Block(
            outcome=min((m.outcome for m in members), key=ORDER.index),
            severity=max(severities[m.rule] for m in members),
            rules=tuple(dict.fromkeys(m.rule for m in members)),
            findings=members,
            cluster=cluster,
        )


def _of_rule(result: Result, taken: set[str]) -> Iterator[Block]:
    """One block for each outcome that the rule's places have."""
    if result.outcome not in ORDER:
        return
    left = tuple(f for f in result.findings if f.fingerprint not in taken or not f.fingerprint)
    for outcome in ORDER:
        places = tuple(f for f in left if f.outcome is outcome)
        if places:
            yield Block(outcome, result.severity, (result.rule,), places, reason=result.reason)
    if not result.findings:
        yield Block(result.outcome, result.severity, (result.rule,), (), reason=result.reason)
