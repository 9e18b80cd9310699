"""GitLab Code Quality: the list of degradations that a merge request shows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from auditor.json_text import to_bytes
from auditor.model import Batch, Outcome, Severity
from auditor.refusals import MISSING
from auditor.renderers import Options
from auditor.renderers._plain import clean
from auditor.renderers._rows import Row, all_rows, path_of, set_aside
from auditor.renderers.words import load

NAME = "gitlab"
SUFFIX = ".json"

_SEVERITIES = {
    Severity.FATAL: "blocker",
    Severity.MAJOR: "critical",
    Severity.MINOR: "minor",
    Severity.NOTE: "info",
}


def render(batch: Batch, options: Options) -> bytes:
    """A JSON list; what is waived, known, unread or for review is `info`."""
    return to_bytes([*_findings(batch, options), *_aside(batch, options)])


def _findings(batch: Batch, options: Options) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for row in all_rows(batch, load(options.lang)):
        key = "\x1f".join((*_identity(row), row.finding.value_key))
        seen[key] += 1
        yield {
            "description": f"{row.title} · {row.line}" if row.title else row.line,
            "check_name": row.result.rule,
            "fingerprint": _hash(f"{key}\x1f{seen[key]}"),
            "severity": _severity(row),
            "location": _location(row),
        }


def _identity(row: Row) -> tuple[str, ...]:
    """What tells two findings apart that are alike: the rule, the file, body and year."""
    report = row.audit.report
    name, period = report.subject.name or "", str(report.period or "")
    return (row.result.rule, path_of(report.source), name, period)


def _severity(row: Row) -> str:
    if row.fails:
        return _SEVERITIES[row.result.severity]
    unread = row.finding.outcome is Outcome.OPEN and row.result.severity >= Severity.MAJOR
    return "minor" if unread else "info"


def _location(row: Row) -> dict[str, Any]:
    """Line 1 where the file has no lines: the format wants a line."""
    at = row.location
    return {
        "path": path_of(row.audit.report.source),
        "lines": {"begin": at.line if at is not None and at.line else 1},
    }


def _aside(batch: Batch, options: Options) -> Iterator[dict[str, Any]]:
    for refusal in set_aside(batch):
        path = path_of(refusal.source)
        said, absent = clean(refusal.said.inside(options.lang)), refusal.kind == MISSING
        least = "critical" if absent else "info"
        yield {
            "description": f"{clean(refusal.source)} · {said}" if absent else said,
            "check_name": refusal.kind,
            "fingerprint": _hash(f"{refusal.kind}\x1f{path}"),
            "severity": "major" if refusal.unread else least,
            "location": {"path": path, "lines": {"begin": 1}},
        }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
