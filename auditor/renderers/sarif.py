"""SARIF 2.1.0: what code scanning and editors read.

Every rule gives its results: findings one by one with their operands as related locations, and
one result where a rule passed or does not apply. Waived findings are suppressed, a comparison
with a baseline is the `baselineState`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.decisions import Past
from auditor.errors import Said
from auditor.json_text import pieces
from auditor.model import (
    Audit,
    Batch,
    Finding,
    Outcome,
    Refusal,
    Result,
    RuleInfo,
    Severity,
)
from auditor.refusals import MISSING
from auditor.renderers import Options
from auditor.renderers._plain import clean
from auditor.renderers._rows import set_aside
from auditor.renderers._sarif_places import operand, say, uri, whole
from auditor.renderers.words import load
from auditor.text import written

NAME = "sarif"
SUFFIX = ".sarif"

_LEVELS = {
    Severity.FATAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.NOTE: "note",
}
_LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
_STATES = {"new": "new", "still": "unchanged"}


def render(batch: Batch, options: Options) -> bytes:
    """One log with one run."""
    return b"".join(parts(batch, options))


def parts(batch: Batch, options: Options) -> Iterator[bytes]:
    """The same in pieces, the results of one audit at a time."""
    rules, artifacts = _contents(batch)
    index = {rule: number for number, rule in enumerate(rules)}
    first = batch.audits[0] if batch.audits else None
    engine = first.engine if first else options.engine
    driver: dict[str, Any] = {
        "name": "auditor",
        "version": engine,
        "rules": [_rule(info, options.lang) for info in rules.values()],
    }
    if first:
        driver["properties"] = {
            "ruleSet": first.rules.id,
            "ruleSetVersion": first.rules.version,
            "ruleSetDigest": first.rules.digest,
        }
    run = {
        "tool": {"driver": driver},
        "language": _LANGUAGES["en" if options.lang == "en" else "zh"],
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(batch, options)],
        "artifacts": artifacts,
        "results": (
            result
            for number, audit in enumerate(batch.audits)
            for result in _results(audit, number, index, batch, options.lang)
        ),
        "properties": {"asOf": first.as_of if first else options.as_of},
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return pieces(log)


_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def _contents(batch: Batch) -> tuple[dict[str, RuleInfo], list[dict[str, Any]]]:
    """All rules that ran, once each, in their order, and the reports."""
    found: dict[str, RuleInfo] = {}
    artifacts = []
    for audit in batch.audits:
        artifacts.append(_artifact(audit))
        for result in audit.results:
            if result.rule not in found:
                plain = RuleInfo(result.rule, Said(result.rule, result.rule), result.severity, "")
                found[result.rule] = audit.rules.rules.get(result.rule, plain)
    return found, artifacts


def _rule(info: RuleInfo, lang: str) -> dict[str, Any]:
    basis = [say(b.text, lang) for b in info.basis]
    fix = say(info.fix, lang) if info.fix else ""
    words = load(lang)
    parts = [(words("label.law"), "; ".join(basis)), (words("label.fix"), fix)]
    told = [f"{head}: {text}" for head, text in parts if text]
    return {
        "id": info.id,
        "shortDescription": {"text": say(info.title, lang) or info.id},
        "help": {"text": "\n".join(told) or say(info.title, lang) or info.id},
        "defaultConfiguration": {"level": _LEVELS[info.severity]},
        "properties": {
            "severity": info.severity.key,
            "family": info.family,
            "review": info.review,
            "basis": basis,
            "tags": [info.family] if info.family else [],
        },
    }


def _invocation(batch: Batch, options: Options) -> dict[str, Any]:
    """That it ran, and every file that was not audited, so that none is lost silently."""
    notes = [_notification(r, options.lang) for r in set_aside(batch)]
    notes += [{"level": "note", "message": {"text": say(n, options.lang)}} for n in batch.notes]
    found: dict[str, Any] = {"executionSuccessful": not batch.faults}
    if notes:
        found["toolExecutionNotifications"] = notes
    if options.summary_line:
        found["properties"] = {"verdict": clean(options.summary_line)}
    return found


def _notification(refusal: Refusal, lang: str) -> dict[str, Any]:
    absent = refusal.kind == MISSING
    told: dict[str, Any] = {"descriptor": {"id": refusal.kind}}
    if absent:
        level = "warning" if refusal.unread else "error"
        text = f"{clean(refusal.source)}: {say(refusal.said, lang)}"
        return told | {"level": level, "message": {"text": text}}
    level = "error" if refusal.trace else "warning" if refusal.unread else "note"
    place = {"physicalLocation": {"artifactLocation": {"uri": uri(refusal.source)}}}
    told |= {"level": level, "message": {"text": say(refusal.said, lang)}, "locations": [place]}
    return told


def _artifact(audit: Audit) -> dict[str, Any]:
    report = audit.report
    found: dict[str, Any] = {"location": {"uri": uri(report.source)}, "roles": ["analysisTarget"]}
    if report.digest:
        found["hashes"] = {"sha-256": report.digest}
    found["properties"] = {
        "subject": report.subject.name or "",
        "period": report.period,
        "form": report.form,
        "grade": audit.grade.letter,
        "score": None if audit.grade.score is None else written(audit.grade.score),
    }
    return found


# --- results ----------------------------------------------------------------------------------


def _results(
    audit: Audit, number: int, index: Mapping[str, int], batch: Batch, lang: str
) -> Iterator[dict[str, Any]]:
    for result in audit.results:
        base = {"ruleId": result.rule, "ruleIndex": index[result.rule]}
        if not result.findings:
            yield _without(base, result, audit, number, batch, lang)
        for finding in result.findings:
            yield {**base, **_finding(finding, result, audit, number, batch, lang)}
    for past in audit.past:
        if past.state == "mended" and past.rule in index:
            yield _mended(past, index, audit, number, lang)


def _without(
    base: dict[str, Any], result: Result, audit: Audit, number: int, batch: Batch, lang: str
) -> dict[str, Any]:
    """A rule without findings: passed, or why it does not apply."""
    word = load(lang)(f"outcome.{result.outcome.value}")
    found = {
        **base,
        "kind": result.outcome.value,
        "level": "none",
        "message": {"text": say(result.reason, lang) if result.reason else word},
        "locations": [whole(audit, number)],
    }
    if batch.baseline:
        found["baselineState"] = "unchanged"
    return found


def _finding(
    finding: Finding, result: Result, audit: Audit, number: int, batch: Batch, lang: str
) -> dict[str, Any]:
    related = [
        {**operand(fact, audit, number, lang), "id": n}
        for n, fact in enumerate(finding.evidence, 1)
    ]
    failed = finding.outcome is Outcome.FAIL
    found: dict[str, Any] = {
        "kind": finding.outcome.value,
        "level": _LEVELS[result.severity] if failed else "none",
        "message": {"text": _text(finding, lang)},
        "locations": [_place(finding, audit, number, lang)],
    }
    if related:
        found["relatedLocations"] = related
    prints = {"place/v1": finding.fingerprint, "values/v1": finding.value_key}
    if all(prints.values()):
        found["partialFingerprints"] = prints
    if finding.waiver:
        found["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": clean(finding.waiver)}
        ]
    if batch.baseline:
        found["baselineState"] = _STATES.get(finding.change, "unchanged")
    found["properties"] = _numbers(finding, result)
    return found


def _text(finding: Finding, lang: str) -> str:
    parts = [say(finding.where, lang), say(finding.message, lang), clean(finding.working)]
    if finding.exception is not None:
        parts.append(say(finding.exception, lang))
    return " · ".join(p for p in parts if p) or finding.rule


def _numbers(finding: Finding, result: Result) -> dict[str, Any]:
    found: dict[str, Any] = {"severity": result.severity.key}
    for key in ("expected", "actual", "difference"):
        value = getattr(finding, key)
        if value is not None:
            found[key] = written(value)
    return found


def _place(finding: Finding, audit: Audit, number: int, lang: str) -> dict[str, Any]:
    """The first operand of this report is where to look; the label is the whole finding's."""
    own = next((e for e in finding.evidence if not e.prior), None)
    found = whole(audit, number) if own is None else operand(own, audit, number, lang)
    where = say(finding.where, lang)
    found["message"] = {"text": where or finding.rule}
    if own is None and where:
        found["logicalLocations"] = [{"name": where}]
    return found


def _mended(
    past: Past, index: Mapping[str, int], audit: Audit, number: int, lang: str
) -> dict[str, Any]:
    """A finding of the baseline that is gone: `absent`, and no fault any more."""
    return {
        "ruleId": past.rule,
        "ruleIndex": index[past.rule],
        "kind": "pass",
        "level": "none",
        "message": {"text": f"{say(past.where, lang)} · {say(past.message, lang)}"},
        "locations": [whole(audit, number)],
        "partialFingerprints": {"place/v1": past.fingerprint, "values/v1": past.value_key},
        "baselineState": "absent",
    }
