"""One rule applied to the facts of one report: the rule's Result, always one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from auditor.errors import Said
from auditor.model import Finding, Outcome, Result
from auditor.rulebook.facts import Facts
from auditor.rulebook.rule import Ready, Rule, Seen
from auditor.rulebook.tree import UNKNOWN
from auditor.text import written

_WORST = (Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN, Outcome.PASS)


def apply(ready: Ready, facts: Facts) -> Result:
    """The outcome is the worst of the rule's places; NOT_APPLICABLE if it has none."""
    rule = ready.rule
    reason = _not_applicable(rule, facts)
    if reason is not None:
        return Result(rule.id, Outcome.NOT_APPLICABLE, rule.severity, reason=reason)
    if ready.when is not None:
        applies = ready.when.value(facts)
        if applies is False:
            return Result(rule.id, Outcome.NOT_APPLICABLE, rule.severity, reason=_UNMET)
        if applies is UNKNOWN:
            return _unknown_when(ready, facts)
    passed = 0
    findings: list[Finding] = []
    for seen in ready.check(facts):
        if seen is None:
            passed += 1
        else:
            findings.append(_finding(ready, seen, facts))
    return _result(rule, passed, findings)


_UNMET = Said("不具备适用条件", "its condition does not hold")


def _result(rule: Rule, passed: int, findings: Sequence[Finding]) -> Result:
    outcomes = {f.outcome for f in findings} | ({Outcome.PASS} if passed else set())
    worst = next((o for o in _WORST if o in outcomes), Outcome.NOT_APPLICABLE)
    return Result(
        rule=rule.id,
        outcome=worst,
        severity=rule.severity,
        findings=tuple(findings),
        passed=passed,
        failed=sum(f.outcome is Outcome.FAIL for f in findings),
        open=sum(f.outcome is Outcome.OPEN for f in findings),
    )


def _not_applicable(rule: Rule, facts: Facts) -> Said | None:
    period = facts.period
    if period is not None and rule.since is not None and period < rule.since:
        return Said(f"自{rule.since}年度起适用", f"applies to reports from {rule.since} on")
    if period is not None and rule.until is not None and period > rule.until:
        return Said(f"适用至{rule.until}年度", f"applies to reports up to {rule.until}")
    return None


def _unknown_when(ready: Ready, facts: Facts) -> Result:
    """A rule whose condition cannot be decided is open, never passed."""
    rule = ready.rule
    message = Said("适用条件无法判断", "whether it applies could not be judged")
    seen = Seen(Outcome.OPEN, "when", Said("适用条件", "condition"), message=message)
    return _result(rule, 0, [_finding(ready, seen, facts)])


def _finding(ready: Ready, seen: Seen, facts: Facts) -> Finding:
    rule = ready.rule
    outcome, exception = seen.outcome, seen.lawful
    if outcome is Outcome.FAIL:
        exception = _exception(ready, facts) or exception
        if exception is None and seen.doubtful:
            exception = _DOUBTFUL
        if rule.review or exception is not None:
            outcome = Outcome.REVIEW
    print_, key = fingerprints(rule.id, seen)
    return Finding(
        rule=rule.id,
        outcome=outcome,
        message=seen.message or rule.title,
        where=seen.where,
        evidence=seen.evidence,
        expected=seen.expected,
        actual=seen.actual,
        difference=seen.difference,
        working=seen.working,
        exception=exception,
        fingerprint=print_,
        value_key=key,
    )


_DOUBTFUL = Said(
    "涉及由连写数字推断出来的单元格，请对照原文核实",
    "a cell concerned was inferred from glued digits: compare it with the original",
)


def _exception(ready: Ready, facts: Facts) -> Said | None:
    """The first lawful reading that holds, or that cannot be ruled out."""
    for when, say in ready.exceptions:
        if when is None or when.value(facts) is not False:
            return say
    return None


def fingerprints(rule: str, seen: Seen) -> tuple[str, str]:
    """(rule + place, the same + the values): the first survives rewording and changed values."""
    base = f"{rule}\x1f{seen.key}"
    values = "\x1f".join(
        f"{e.path}={'' if e.value is None else written(e.value)}{e.quote}" for e in seen.evidence
    )
    return _hash(base), _hash(f"{base}\x1e{values}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
