"""A baseline: what was known at one time, so that a later audit tells new from old.

A finding is known by body, year, rule, place and values. The same place with other values is
another finding, so that a fault that was mended cannot hide one that came after it. What could
not be judged this time is neither mended nor still there: it is said to be unjudged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, overload

from auditor.decisions import Past
from auditor.errors import Said, UsageError
from auditor.model import Audit, Batch, Finding, Outcome, Report, Result, Severity

SCHEMA = "baseline/1"
_MOST_BYTES = 200_000_000
_KNOWN = (Outcome.FAIL, Outcome.REVIEW)
Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Known:
    """The findings of one body and year, as they were; `sources` only tell people whence."""

    findings: tuple[Past, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was known, by body (its file where the name was not read) and year."""

    name: str
    reports: Mapping[Key, Known]


def key_of(report: Report) -> Key:
    """The body and year that a report counts for."""
    return report.subject.name or f"?{report.source}", report.period


def taken(batch: Batch, name: str) -> Baseline:
    """The findings of a run as a baseline."""
    found: dict[Key, Known] = {}
    for audit in batch.audits:
        key = key_of(audit.report)
        before = found.get(key, Known(()))
        findings = _union(before.findings, tuple(_pasts(audit)))
        found[key] = Known(findings, (*before.sources, audit.report.source))
    return Baseline(name, found)


def _pasts(audit: Audit) -> Iterator[Past]:
    for result, finding in _findings(audit):
        yield Past(
            finding.rule, result.severity.key, finding.where, finding.message,
            finding.fingerprint, finding.value_key, "known",
        )  # fmt: skip


def _findings(audit: Audit) -> Iterator[tuple[Result, Finding]]:
    for result in audit.results:
        for finding in result.findings:
            if finding.outcome in _KNOWN:
                yield result, finding


def _union(first: tuple[Past, ...], second: tuple[Past, ...]) -> tuple[Past, ...]:
    """Both without what both have: two files of one report know its fault once."""
    left = Counter(p.value_key for p in first)
    more = []
    for past in second:
        if left[past.value_key] > 0:
            left[past.value_key] -= 1
        else:
            more.append(past)
    return (*first, *more)


# --- comparing --------------------------------------------------------------------------------


class _Compared(Sequence[Audit]):
    """Audits with what the baseline says of them, told when they are asked for: none is held.

    `files` are the numbers of all files of a report, of which what is gone is told once.
    """

    def __init__(
        self,
        audits: Sequence[Audit],
        baseline: Baseline,
        files: Mapping[Key, Sequence[int]],
        numbers: range,
    ) -> None:
        self._audits = audits
        self._baseline = baseline
        self._files = files
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> Audit: ...
    @overload
    def __getitem__(self, at: slice) -> _Compared: ...
    def __getitem__(self, at: int | slice) -> Audit | _Compared:
        if isinstance(at, slice):
            return _Compared(self._audits, self._baseline, self._files, self._numbers[at])
        return self._told(self._numbers[at])

    def _told(self, number: int) -> Audit:
        audit = self._audits[number]
        key = key_of(audit.report)
        files = self._files[key]
        each = [audit if n == number else self._audits[n] for n in files]
        known = self._baseline.reports.get(key, Known(()))
        return _compared(each, known)[files.index(number)]


def compared(batch: Batch, baseline: Baseline) -> Batch:
    """The same batch, every finding told new or still there, with what is there no more."""
    files: dict[Key, list[int]] = {}
    for number, audit in enumerate(batch.audits):
        files.setdefault(key_of(audit.report), []).append(number)
    absent = tuple(_absent(key) for key in baseline.reports if key not in files)
    audits = _Compared(batch.audits, baseline, files, range(len(batch.audits)))
    return replace(batch, audits=audits, baseline=baseline.name, notes=(*batch.notes, *absent))


def between(old: Batch, new: Batch, name: str) -> Baseline:
    """The older version as a baseline for the newer one.

    Two single reports are two versions of one, whatever body and year they give.
    """
    known = taken(old, name)
    if len(old.audits) == len(new.audits) == 1:
        (found,) = known.reports.values()
        return Baseline(name, {key_of(new.audits[0].report): found})
    return known


def _absent(key: Key) -> Said:
    name, period = key
    return Said(
        f"基线中有 {name} {period or ''} 的报告，本次没有审核",
        f"the baseline has a report of {name} {period or ''} that is not in this run",
    )


def _compared(audits: Sequence[Audit], known: Known) -> list[Audit]:
    """The files of one report. What one of them still has is not gone; what is gone is told once.

    Told of the file in which its place fails otherwise, or of the first.
    """
    marked, lefts = [], []
    for audit in audits:
        left = Counter(p.value_key for p in known.findings)
        results = []
        for result in audit.results:
            findings = tuple(_told(f, left) for f in result.findings)
            results.append(replace(result, findings=findings) if findings else result)
        marked.append(replace(audit, results=tuple(results)))
        lefts.append(left)
    past: list[list[Past]] = [[] for _ in marked]
    gone = Counter({key: min(left[key] for left in lefts) for key in lefts[0]})
    for finding in _gone(known.findings, gone):
        states = [_state(finding, audit) for audit in marked]
        at = next((n for n, p in enumerate(states) if p.state == "changed"), 0)
        past[at].append(states[at])
    return [replace(a, past=tuple(p)) for a, p in zip(marked, past, strict=True)]


def _told(finding: Finding, left: Counter[str]) -> Finding:
    if finding.outcome not in _KNOWN:
        return finding
    still = left[finding.value_key] > 0
    if still:
        left[finding.value_key] -= 1
    return replace(finding, change="still" if still else "new")


def _gone(known: Iterable[Past], left: Counter[str]) -> Iterator[Past]:
    """The known findings that nothing matched, as often as nothing did."""
    for past in known:
        if left[past.value_key] > 0:
            left[past.value_key] -= 1
            yield past


def _state(past: Past, audit: Audit) -> Past:
    """Mended only where the place was judged; a place that fails otherwise has changed."""
    result = next((r for r in audit.results if r.rule == past.rule), None)
    here = [f for f in result.findings if f.fingerprint == past.fingerprint] if result else []
    if any(f.outcome in _KNOWN for f in here):
        return replace(past, state="changed")
    judged = result is not None and result.outcome is not Outcome.NOT_APPLICABLE
    whole = result is not None and not (result.outcome is Outcome.OPEN and not result.passed)
    return replace(past, state="mended" if judged and whole and not here else "unjudged")


def counts(batch: Batch) -> Counter[str]:
    """How many findings are new and still there, and how many of the baseline became what."""
    found = Counter(
        f.change for a in batch.audits for r in a.results for f in r.findings if f.change
    )
    found.update(p.state for a in batch.audits for p in a.past)
    return found


# --- the file ---------------------------------------------------------------------------------


def content(baseline: Baseline, batch: Batch) -> dict[str, Any]:
    """The baseline as plain values, in a fixed order; `batch` says who judged."""
    first = batch.audits[0] if batch.audits else None
    rules = {"id": first.rules.id, "version": first.rules.version} if first else {}
    return {
        "schema": SCHEMA,
        "engine": first.engine if first else "",
        "as_of": first.as_of if first else "",
        "rules": rules,
        "reports": [
            {
                "subject": name,
                "period": period,
                "sources": known.sources,
                "findings": [_written(p) for p in known.findings],
            }
            for (name, period), known in sorted(
                baseline.reports.items(), key=lambda item: (item[0][0], item[0][1] or 0)
            )
        ],
    }


def _written(past: Past) -> dict[str, Any]:
    return {
        "rule": past.rule,
        "severity": past.severity,
        "where": {"zh": past.where.zh, "en": past.where.en},
        "message": {"zh": past.message.zh, "en": past.message.en},
        "fingerprint": past.fingerprint,
        "value_key": past.value_key,
    }


def load(path: Path) -> Baseline:
    """Read a baseline. Raises UsageError for a file that is none: nothing is taken as known."""
    import json

    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _wrong(path, Said("文件太大", "the file is too large"))
        given = json.loads(path.read_text(encoding="utf-8-sig"))
        if given["schema"] != SCHEMA:
            raise _wrong(path, Said(f"应为 {SCHEMA}", f"{SCHEMA} expected"))
        reports = {_key(r): _known(r) for r in given["reports"]}
        if len(reports) != len(given["reports"]):
            raise _wrong(path, Said("同一报告写了两次", "one report is there twice"))
    except OSError as error:
        raise _wrong(path, Said("读不到", "cannot be read")) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = Said("不是基线文件，请重新写出", "it is no baseline; write it again")
        raise _wrong(path, said) from error
    return Baseline(path.name, reports)


def _wrong(path: Path, said: Said) -> UsageError:
    return UsageError(Said(f"基线 {path}：{said.zh}", f"baseline {path}: {said.en}"))


def _key(given: Mapping[str, Any]) -> Key:
    name, period = given["subject"], given["period"]
    if not isinstance(name, str) or not isinstance(period, int | None):
        raise TypeError(name)
    return name, period


def _known(given: Mapping[str, Any]) -> Known:
    return Known(
        tuple(_past(f) for f in given["findings"]), tuple(map(str, given.get("sources", ())))
    )


def _past(given: Mapping[str, Any]) -> Past:
    where, message = (Said(str(given[k]["zh"]), str(given[k]["en"])) for k in ("where", "message"))
    severity = Severity[str(given["severity"]).upper()].key
    keys = (str(given["fingerprint"]), str(given["value_key"]))
    return Past(str(given["rule"]), severity, where, message, *keys, "known")
