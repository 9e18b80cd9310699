"""CSV: every finding a line, for spreadsheets; text can never become a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.model import Audit, Batch, Location, Refusal, Value
from auditor.refusals import MISSING
from auditor.renderers import Options
from auditor.renderers._plain import clean
from auditor.renderers._rows import Row, agency, letter, rows, set_aside
from auditor.renderers.words import Words, load
from auditor.text import written

NAME = "csv"
SUFFIX = ".csv"

COLUMNS = (
    "file", "agency", "year", "grade", "rule", "title", "severity", "outcome", "change", "where",
    "message", "expected", "actual", "difference", "page", "table", "row", "column", "line",
    "basis", "fix", "waiver", "fingerprint", "value_key",
)  # fmt: skip
_FORMULA = re.compile(r"\s*[=+\-@|%\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def render(batch: Batch, options: Options) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it; a line also for what has no finding."""
    import csv
    import io

    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    words = load(options.lang)
    write([words(f"csv.{name}") for name in COLUMNS])
    for line in _lines(batch, words):
        write([safe(text) for text in line])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _lines(batch: Batch, words: Words) -> Iterator[Sequence[str]]:
    for audit in batch.audits:
        found = [_finding(row) for row in rows(audit, words)]
        yield from found or [_filled(_about(audit, words) | {"outcome": words("outcome.pass")})]
        for past in audit.past:
            told = {
                "rule": past.rule,
                "severity": words(f"severity.{past.severity}"),
                "change": words(f"change.{past.state}"),
                "where": past.where.inside(words.lang),
                "message": past.message.inside(words.lang),
                "fingerprint": past.fingerprint,
                "value_key": past.value_key,
            }
            yield _filled(_about(audit, words) | told)
    yield from (_refusal(r, words) for r in set_aside(batch))
    yield from (_filled({"message": note.inside(words.lang)}) for note in batch.notes)


def _about(audit: Audit, words: Words) -> dict[str, str]:
    report = audit.report
    year = str(report.period or "")
    told = {"file": report.source, "agency": agency(audit, words), "year": year}
    return told | {"grade": letter(audit, words)}


def _finding(row: Row) -> Sequence[str]:
    finding, info, words = row.finding, row.info, row.words
    at = row.location or Location()
    numbers = {
        name: str(getattr(at, name) or "") for name in ("page", "table", "row", "column", "line")
    }
    told = {
        "rule": row.result.rule,
        "title": row.title,
        "severity": words(f"severity.{row.result.severity.key}"),
        "outcome": words(f"outcome.{finding.outcome.value}"),
        "change": words(f"change.{finding.change}") if finding.change else "",
        "where": row.where,
        "message": row.message,
        "expected": _value(finding.expected),
        "actual": _value(finding.actual),
        "difference": _value(finding.difference),
        "basis": words("joint.stop").join(row.say(b.text) for b in info.basis) if info else "",
        "fix": row.say(info.fix) if info and info.fix else "",
        "waiver": finding.waiver or "",
        "fingerprint": finding.fingerprint,
        "value_key": finding.value_key,
    }
    return _filled(_about(row.audit, words) | numbers | told)


def _refusal(refusal: Refusal, words: Words) -> Sequence[str]:
    absent = refusal.kind == MISSING
    kind = "open" if refusal.unread else "fail" if absent else "notApplicable"
    told = {
        "agency" if absent else "file": refusal.source,
        "rule": refusal.kind,
        "outcome": words(f"outcome.{kind}"),
    }
    return _filled(told | {"message": refusal.said.inside(words.lang)})


def _filled(told: dict[str, str]) -> Sequence[str]:
    return [told.get(name, "") for name in COLUMNS]


def _value(value: Value | None) -> str:
    return "" if value is None else written(value)


def safe(text: str) -> str:
    """Clean text; what a spreadsheet would take for a formula gets an apostrophe before it."""
    shown = clean(text)
    if _NUMBER.fullmatch(shown) or not (_FORMULA.match(shown) or _FORMULA.match(text)):
        return shown
    return f"'{shown}"
