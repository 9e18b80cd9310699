"""The exit contract: what a batch comes to, in a status and one sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.errors import Said
from auditor.model import Audit, Batch, Outcome, Severity

CLEAN, FAILED, USAGE, INCOMPLETE, FAULT = 0, 1, 2, 3, 4
_SEVERITIES = {
    Severity.NOTE: Said("提示", "note"),
    Severity.MINOR: Said("一般", "minor"),
    Severity.MAJOR: Said("严重", "major"),
    Severity.FATAL: Said("致命", "fatal"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """An exit status with its reason. The status is never a count."""

    status: int
    said: Said


def verdict(batch: Batch, fail_on: Severity, *, on_review: bool = False) -> Verdict:
    """What the run comes to: our fault (4), a failing rule (1), incomplete (3), or clean (0)."""
    if batch.faults:
        zh = f"auditor 自身出错：{len(batch.faults)} 个文件没有审完"
        return Verdict(FAULT, Said(zh, f"this is a bug in auditor: {len(batch.faults)} file(s)"))
    failing = sum(_has(a, Outcome.FAIL, fail_on) for a in batch.audits)
    if failing:
        return Verdict(FAILED, _failing(failing, len(batch.audits), fail_on))
    absent = sum(not r.unread for r in batch.missing)
    if absent:
        zh = f"名册所列单位有 {absent} 个没有报告"
        return Verdict(FAILED, Said(zh, f"{absent} unit(s) on the roster have no report"))
    reviews = sum(_has(a, Outcome.REVIEW, Severity.NOTE) for a in batch.audits)
    if on_review and reviews:
        zh, en = f"{reviews} 份报告有待复核事项", f"{reviews} report(s) with findings to review"
        return Verdict(FAILED, Said(zh, en))
    return _incomplete(batch, fail_on)


def _failing(failing: int, total: int, fail_on: Severity) -> Said:
    word = _SEVERITIES[fail_on]
    zh = f"{total} 份报告中 {failing} 份有“{word.zh}”及以上的不合格项"
    en = f"{failing} of {total} report(s) fail a rule of severity {word.en} or above"
    return Said(zh, en)


def _incomplete(batch: Batch, fail_on: Severity) -> Verdict:
    """Nothing failed; whether everything was judged decides between 3 and 0."""
    word = _SEVERITIES[fail_on]
    refused = sum(r.kind != "duplicate" for r in batch.refusals)
    unread = sum(_has(a, Outcome.OPEN, fail_on) for a in batch.audits)
    if not batch.audits and not refused:
        return Verdict(INCOMPLETE, Said("没有找到可审核的文件", "there was nothing to audit"))
    refused += len(batch.missing)
    if not refused and not unread:
        zh = f"{len(batch.audits)} 份报告没有“{word.zh}”及以上的不合格项"
        en = f"{len(batch.audits)} report(s), no failing rule of severity {word.en} or above"
        return Verdict(CLEAN, Said(zh, en))
    parts = []
    if unread:
        zh, en = f"{unread} 份报告有未能读取的内容", f"{unread} report(s) were not read completely"
        parts.append(Said(zh, en))
    if refused:
        parts.append(Said(f"{refused} 个文件没有审核", f"{refused} file(s) were not audited"))
    zh = "审核不完整：" + "，".join(p.zh for p in parts)
    return Verdict(INCOMPLETE, Said(zh, "incomplete: " + ", ".join(p.en for p in parts)))


def _has(audit: Audit, outcome: Outcome, least: Severity) -> bool:
    return any(
        result.severity >= least and any(f.outcome is outcome for f in result.findings)
        for result in audit.results
    )
