"""The run as a whole for the page: every report in a line, the rules, the forms, the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from auditor.form import Form
from auditor.model import Audit, Batch, Outcome, Refusal, RuleInfo, Severity
from auditor.renderers import Options
from auditor.renderers._grouping import failed
from auditor.renderers._html.detail import Detail, Grids, said
from auditor.renderers._ranking import ranked
from auditor.renderers.words import load

FOUND = (Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN)
_WORDS = (
    "severity",
    "outcome",
    "letter",
    "joint",
    "refused",
    "finding",
    "head",
    "grade",
    "read",
    "change",
)


def summary(batch: Batch, options: Options, grids: Grids) -> Detail:
    """What the page needs before a report is opened."""
    first = batch.audits[0] if batch.audits else None
    return {
        "lang": "en" if options.lang == "en" else "zh",
        "engine": first.engine if first else options.engine,
        "asOf": first.as_of if first else options.as_of,
        "rules": _rule_set(first),
        "words": {lang: _words(lang) for lang in ("zh", "en")},
        "rule": {key: _rule(info) for key, info in _rules(batch).items()},
        "families": _families(batch),
        "forms": {key: _form(options.forms[key]) for key in _used(batch, options)},
        "grids": grids.all,
        "reports": [_report(rank, audit) for rank, audit in ranked(batch.audits)],
        "refused": [_refusal(r) for r in batch.refusals],
        "missing": [_refusal(r) for r in batch.missing],
        "faults": [[*_refusal(r), r.trace] for r in batch.faults],
        "baseline": batch.baseline,
    }


def _words(lang: str) -> dict[str, str]:
    shared = load(lang).phrases
    wanted = {k: v for k, v in shared.items() if k.partition(".")[0] in _WORDS}
    return wanted | dict(load(lang, "page").phrases)


def _rule_set(audit: Audit | None) -> list[str]:
    return [audit.rules.id, audit.rules.version, audit.rules.digest] if audit else []


def _rules(batch: Batch) -> dict[str, RuleInfo]:
    found: dict[str, RuleInfo] = {}
    for audit in batch.audits:
        found.update(audit.rules.rules)
    return dict(sorted(found.items()))


def _rule(info: RuleInfo) -> Detail:
    return {
        "t": said(info.title),
        "s": int(info.severity),
        "f": info.family,
        "law": [[said(b.text), int(b.sourced)] for b in info.basis],
        "fix": said(info.fix),
    }


def _families(batch: Batch) -> list[list[Any]]:
    """The families of the rules that were run, in the rule set's order, with their names."""
    names = {k: v for audit in batch.audits for k, v in audit.rules.families.items()}
    used = {info.family for info in _rules(batch).values()}
    order = [*(k for k in names if k in used), *sorted(used - set(names))]
    return [[key, said(names[key]) if key in names else [key]] for key in order]


def _used(batch: Batch, options: Options) -> list[str]:
    used = {audit.report.form for audit in batch.audits}
    return [key for key in options.forms if key in used]


def _form(form: Form) -> Detail:
    return {
        "t": said(form.title),
        "fields": [[f.path, form.said(f.path).zh, f.unit] for f in form.fields.values()],
        "labels": {k: v for k, v in form.labels.items() if k not in form.fields},
    }


def _report(rank: str, audit: Audit) -> Detail:
    report, grade, counts = audit.report, audit.grade, Counter(r.outcome for r in audit.results)
    graded = grade.letter is not None and grade.score is not None
    title = report.data.get("title")
    return {
        "n": report.subject.name or (title if isinstance(title, str) else ""),
        "y": report.period,
        "src": report.source,
        "form": report.form,
        "k": rank,
        "l": grade.letter,
        "p": grade.score if graded else None,
        "veto": grade.vetoed_by,
        "why": said(grade.reason),
        "ev": grade.evaluated,
        "f": [failed(audit, severity) for severity in sorted(Severity, reverse=True)],
        "c": {outcome.value: counts[outcome] for outcome in Outcome},
        "cells": [report.coverage.cells_read, report.coverage.cells_total],
        "r": list(_results(audit)),
        "na": [r.rule for r in audit.results if r.outcome is Outcome.NOT_APPLICABLE],
    }


def _results(audit: Audit) -> Iterator[list[Any]]:
    """What did not simply pass: [rule, outcome, severity, places, waived places]."""
    for result in audit.results:
        waived = sum(f.waiver is not None for f in result.findings)
        if result.outcome in FOUND or waived:
            places = len(result.findings) or 1
            yield [result.rule, result.outcome.value, int(result.severity), places, waived]


def _refusal(refusal: Refusal) -> list[Any]:
    return [refusal.source, refusal.kind, said(refusal.said), int(refusal.unread)]
