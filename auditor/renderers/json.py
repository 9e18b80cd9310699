"""JSON: the audit for machines, as `schemas/audit.schema.json` describes it.

Keys come in a fixed order, numbers are integers or decimal strings, never floats; the same
batch gives the same bytes. Neither Rich nor the words are imported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from auditor.errors import Said
from auditor.json_text import pieces
from auditor.model import (
    Audit,
    Batch,
    Change,
    Cluster,
    Diagnosis,
    Evidence,
    Finding,
    Grade,
    Location,
    Observation,
    Refusal,
    Repair,
    Report,
    Result,
)
from auditor.renderers import Options

if TYPE_CHECKING:
    from auditor.decisions import Past

NAME = "json"
SUFFIX = ".json"

SCHEMA = "audit/1"

_LOCATION = ("page", "table", "row", "column", "line")


def render(batch: Batch, options: Options) -> bytes:
    """One object for the whole run, indented by one blank, UTF-8, a line end at its end."""
    return b"".join(parts(batch, options))


def parts(batch: Batch, options: Options) -> Iterator[bytes]:
    """The same piece by piece, one audit at a time."""
    return pieces(content(batch, options))


def content(batch: Batch, options: Options) -> dict[str, Any]:
    """The same as plain values, the audits as they are asked for."""
    first = batch.audits[0] if batch.audits else None
    remarks: dict[str, Any] = {"baseline": batch.baseline} if batch.baseline else {}
    if batch.notes:
        remarks["notes"] = [_said(note) for note in batch.notes]
    return {
        "schema": SCHEMA,
        "engine": first.engine if first else options.engine,
        "as_of": first.as_of if first else options.as_of,
        "audits": map(_audit, batch.audits),
        "refused": [_refusal(r) for r in batch.refusals],
        "missing": [_refusal(r) for r in batch.missing],
        "faults": [{**_refusal(r), "trace": r.trace} for r in batch.faults],
        **remarks,
    }


def _audit(audit: Audit) -> dict[str, Any]:
    rules = audit.rules
    past = {"past": [_past(p) for p in audit.past]} if audit.past else {}
    return {
        "report": report_content(audit.report),
        "rules": {"id": rules.id, "version": rules.version, "digest": rules.digest},
        "groups": {key: _said(said) for key, said in rules.groups.items()},
        "results": [_result(r, audit) for r in audit.results],
        "repairs": [_repair(r, d, n) for n, d in enumerate(audit.diagnoses) for r in d.repairs],
        "diagnoses": [_diagnosis(d) for d in audit.diagnoses],
        "derived": [
            {"path": d.path, "label": _said(d.label), "value": d.value} for d in audit.derived
        ],
        "clusters": [_cluster(c) for c in audit.clusters],
        "grade": _grade(audit.grade),
        "overrides": [o.zh for o in audit.overrides],
        "duplicates": audit.duplicates,
        **past,
    }


def _past(past: Past) -> dict[str, Any]:
    return {
        "rule": past.rule,
        "severity": past.severity,
        "state": past.state,
        "where": _said(past.where),
        "message": _said(past.message),
        "fingerprint": past.fingerprint,
        "value_key": past.value_key,
    }


def report_content(report: Report) -> dict[str, Any]:
    """A report as it stands in the output; it can be corrected and audited again."""
    subject, coverage = report.subject, report.coverage
    return {
        "source": report.source,
        "digest": report.digest,
        "form": report.form,
        "subject": {"name": subject.name, "kind": subject.kind, "level": subject.level},
        "period": report.period,
        "published": report.published,
        "data": report.data,
        "locations": {path: _location(at) for path, at in report.locations.items()},
        "observations": [_observation(o) for o in report.observations],
        "coverage": {
            "cells": {"read": coverage.cells_read, "total": coverage.cells_total},
            "sections": {"read": coverage.sections_read, "total": coverage.sections_total},
            "tables": {k: {"read": r, "total": t} for k, (r, t) in coverage.tables.items()},
        },
    }


def _location(at: Location) -> dict[str, Any]:
    found: dict[str, Any] = {"label": at.label}
    for key in _LOCATION:
        value = getattr(at, key)
        if value is not None:
            found[key] = value
    if at.span is not None:
        found["span"] = at.span
    if at.box is not None:
        found["box"] = at.box
    return found


def _observation(seen: Observation) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": seen.kind, "label": seen.label}
    if seen.detail:
        found["detail"] = seen.detail
    if seen.path:
        found["path"] = seen.path
    if seen.rules:
        found["rules"] = seen.rules
    if seen.location != _NOWHERE:
        found["location"] = _location(seen.location)
    return found


_NOWHERE = Location()


def _result(result: Result, audit: Audit) -> dict[str, Any]:
    info = audit.rules.rules.get(result.rule)
    found: dict[str, Any] = {
        "rule": result.rule,
        "title": _said(info.title) if info else {"zh": result.rule, "en": result.rule},
        "outcome": result.outcome.value,
        "severity": result.severity.key,
        "group": info.group if info else "",
        "passed": result.passed,
        "failed": result.failed,
        "open": result.open,
    }
    if result.reason is not None:
        found["reason"] = _said(result.reason)
    found["findings"] = [_finding(f) for f in result.findings]
    return found


def _finding(finding: Finding) -> dict[str, Any]:
    found: dict[str, Any] = {
        "message": _said(finding.message),
        "where": _said(finding.where),
        "outcome": finding.outcome.value,
        "evidence": [_evidence(e) for e in finding.evidence],
    }
    for key in ("expected", "actual", "difference"):
        value = getattr(finding, key)
        if value is not None:
            found[key] = value
    if finding.working:
        found["working"] = finding.working
    if finding.exception is not None:
        found["exception"] = _said(finding.exception)
    if finding.waiver is not None:
        found["waiver"] = finding.waiver
    found["fingerprint"] = finding.fingerprint
    found["value_key"] = finding.value_key
    if finding.change:
        found["change"] = finding.change
    return found


def _evidence(fact: Evidence) -> dict[str, Any]:
    found: dict[str, Any] = {
        "path": fact.path,
        "label": _said(fact.label),
        "value": fact.value,
        "state": fact.state,
    }
    if fact.location is not None:
        found["location"] = _location(fact.location)
    if fact.quote:
        found["quote"] = fact.quote
    if fact.prior:
        found["prior"] = True
    if fact.subject:
        found["subject"] = fact.subject
    return found


def _repair(repair: Repair, diagnosis: Diagnosis, number: int) -> dict[str, Any]:
    return {
        "diagnosis": number,
        "cells": [_change(c) for c in repair.cells],
        "event": repair.event,
        "mechanism": repair.mechanism,
        "band": repair.band,
        "complete": diagnosis.complete,
        "agrees": repair.agrees,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "path": change.path,
        "label": _said(change.label),
        "read": change.read,
        "would_be": change.would_be,
        "mechanism": change.mechanism,
        "prior": change.prior,
        "doubtful": change.doubtful,
        "subject": change.subject,
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    ask = diagnosis.ask
    return {
        "broken": [
            {"rule": b.rule, "where": _said(b.where), "difference": b.difference}
            for b in diagnosis.broken
        ],
        "findings": diagnosis.findings,
        "count": diagnosis.count,
        "complete": diagnosis.complete,
        "ask": None if ask is None else {"path": ask.path, "label": _said(ask.label)},
        "note": diagnosis.note,
    }


def _cluster(cluster: Cluster) -> dict[str, Any]:
    return {
        "findings": cluster.findings,
        "cells": [{"path": path, "label": _said(label)} for path, label in cluster.cells],
        "difference": cluster.difference,
    }


def _grade(grade: Grade) -> dict[str, Any]:
    judged, total = grade.evaluated
    found: dict[str, Any] = {
        "letter": grade.letter,
        "score": grade.score,
        "deductions": [
            {"rule": d.rule, "points": d.points, "capped": d.capped, "same_as": d.same_as}
            for d in grade.deductions
        ],
        "vetoed_by": grade.vetoed_by,
        "evaluated": {"judged": judged, "total": total},
    }
    if grade.reason is not None:
        found["reason"] = _said(grade.reason)
    return found


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "source": refusal.source,
        "kind": refusal.kind,
        "said": _said(refusal.said),
        "unread": refusal.unread,
    }


def _said(said: Said) -> dict[str, str]:
    return {"zh": said.zh, "en": said.en}
