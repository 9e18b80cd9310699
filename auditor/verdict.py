"""The exit contract: what a batch comes to, in a status and one sentence that says why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from auditor.errors import Said
from auditor.model import Audit, Batch, Finding, Outcome, Severity
from auditor.refusals import NO_LOSS

CLEAN, FAILED, USAGE, INCOMPLETE, FAULT = 0, 1, 2, 3, 4
_SEVERITIES = {
    Severity.NOTE: Said("提示", "note"),
    Severity.MINOR: Said("一般", "minor"),
    Severity.MAJOR: Said("严重", "major"),
    Severity.FATAL: Said("致命", "fatal"),
}
_CHANGES = {
    "new": Said("新增", "new"),
    "mended": Said("已改", "mended"),
    "still": Said("未改", "still there"),
    "changed": Said("数值已变", "with other values"),
    "unjudged": Said("未能评判", "not judged this time"),
}
_ALWAYS = ("new", "mended", "still")


@dataclass(frozen=True, slots=True)
class Verdict:
    """An exit status with its reason. The status is never a count."""

    status: int
    said: Said


@dataclass(frozen=True, slots=True)
class LeastGrade:
    """The worst grade that passes: a letter of the sheet (`letters` from best to worst), or points.

    A report without a grade is not known to reach it: the audit is incomplete.
    """

    text: str
    points: Decimal | None = None
    letters: tuple[str, ...] = ()

    def missed(self, tally: Tally) -> bool:
        """Whether a grade is there and is worse."""
        if self.points is not None:
            return tally.score is not None and tally.score < self.points
        known = tally.letter in self.letters and self.text in self.letters
        return known and self.letters.index(tally.letter or "") > self.letters.index(self.text)

    def unknown(self, tally: Tally) -> bool:
        """Whether there is no grade to compare with."""
        return tally.score is None if self.points is not None else tally.letter is None


class Tally(NamedTuple):
    """What the gate must know of one audit; many audits share the same.

    `failing` and `open` are the highest severities of what counts for the gate, 0 for none;
    `review` says whether anything is to be reviewed, `waived` is a number of findings; `letter`
    and `score` are the grade, None where there is none.
    """

    failing: int
    review: bool
    open: int
    waived: int
    letter: str | None
    score: Decimal | None


def tally_of(audit: Audit) -> Tally:
    """The tally of one audit."""
    highest = {Outcome.FAIL: 0, Outcome.REVIEW: 0, Outcome.OPEN: 0}
    waived = 0
    for result in audit.results:
        for finding in result.findings:
            waived += bool(finding.waiver)
            if counts_for_the_gate(finding):
                before = highest.get(finding.outcome, 0)
                highest[finding.outcome] = max(before, int(result.severity))
    review = highest[Outcome.REVIEW] > 0
    failing, unread, grade = highest[Outcome.FAIL], highest[Outcome.OPEN], audit.grade
    return Tally(failing, review, unread, waived, grade.letter, grade.score)


def _tallies(batch: Batch) -> list[Tally]:
    """The tallies, which a long sequence of audits keeps so that none has to be opened."""
    kept: Iterable[Tally] | None = getattr(batch.audits, "tallies", None)
    return list(kept) if kept is not None else [tally_of(audit) for audit in batch.audits]


def verdict(
    batch: Batch,
    fail_on: Severity,
    *,
    on_review: bool = False,
    least_grade: LeastGrade | None = None,
) -> Verdict:
    """What the run comes to: our fault (4), a failing rule (1), incomplete (3), or clean (0).

    Waived findings never count; after a comparison with a baseline only new ones do.
    """
    tallies = _tallies(batch)
    found = _verdict(batch, tallies, fail_on, on_review, least_grade)
    zh, en = _compared(batch)
    waived = sum(tally.waived for tally in tallies)
    tail = Said(f"（另有 {waived} 项已豁免）", f" ({waived} waived)") if waived else Said("", "")
    said = Said(f"{zh}{found.said.zh}{tail.zh}", f"{en}{found.said.en}{tail.en}")
    return Verdict(found.status, said)


def _compared(batch: Batch) -> tuple[str, str]:
    """How the findings compare with the baseline, where there is one."""
    if not batch.baseline:
        return "", ""
    from auditor.baseline import counts

    found = counts(batch)
    told = [(word, found[key]) for key, word in _CHANGES.items() if found[key] or key in _ALWAYS]
    zh = " · ".join(f"{word.zh} {count}" for word, count in told)
    en = ", ".join(f"{count} {word.en}" for word, count in told)
    return f"对比 {batch.baseline}：{zh}；", f"compared with {batch.baseline}: {en}; "


def _verdict(
    batch: Batch,
    tallies: list[Tally],
    fail_on: Severity,
    on_review: bool,
    least_grade: LeastGrade | None,
) -> Verdict:
    if batch.faults:
        zh = f"auditor 自身出错：{len(batch.faults)} 个文件没有审完"
        return Verdict(FAULT, Said(zh, f"this is a bug in auditor: {len(batch.faults)} file(s)"))
    failing = sum(tally.failing >= fail_on for tally in tallies)
    absent = sum(not r.unread for r in batch.missing)
    nothing = Said(
        f"名册所列单位有 {absent} 个没有报告", f"{absent} unit(s) on the roster have no report"
    )
    if failing:
        said = _failing(failing, batch, fail_on)
        also = Said(f"{said.zh}；{nothing.zh}", f"{said.en}; {nothing.en}")
        return Verdict(FAILED, also if absent else said)
    if absent:
        return Verdict(FAILED, nothing)
    reviews = sum(tally.review for tally in tallies)
    if on_review and reviews:
        zh, en = f"{reviews} 份报告有待复核事项", f"{reviews} report(s) with findings to review"
        return Verdict(FAILED, Said(zh, en))
    missed = sum(least_grade.missed(t) for t in tallies) if least_grade else 0
    if least_grade and missed:
        zh = f"{len(batch.audits)} 份报告中 {missed} 份未达到 {least_grade.text}"
        en = f"{missed} of {len(batch.audits)} report(s) do not reach {least_grade.text}"
        return Verdict(FAILED, Said(zh, en))
    return _incomplete(batch, tallies, fail_on, least_grade)


def _failing(failing: int, batch: Batch, fail_on: Severity) -> Said:
    word, total = _SEVERITIES[fail_on], len(batch.audits)
    new = Said("新增的", "newly ") if batch.baseline else Said("", "")
    zh = f"{total} 份报告中 {failing} 份有{new.zh}“{word.zh}”及以上的不合格项"
    en = f"{failing} of {total} report(s) {new.en}fail a rule of severity {word.en} or above"
    return Said(zh, en)


def _incomplete(
    batch: Batch, tallies: list[Tally], fail_on: Severity, least_grade: LeastGrade | None
) -> Verdict:
    """Nothing failed; whether everything was judged decides between 3 and 0."""
    word = _SEVERITIES[fail_on]
    ungraded = sum(least_grade.unknown(t) for t in tallies) if least_grade else 0
    refused = sum(r.kind not in NO_LOSS for r in batch.refusals)
    unread = sum(tally.open >= fail_on for tally in tallies)
    if not batch.audits and not refused:
        return Verdict(INCOMPLETE, Said("没有找到可审核的文件", "there was nothing to audit"))
    refused += len(batch.missing)
    if not refused and not unread and not ungraded:
        new = Said("新增的", "newly ") if batch.baseline else Said("", "")
        zh = f"{len(batch.audits)} 份报告没有{new.zh}“{word.zh}”及以上的不合格项"
        en = (
            f"{len(batch.audits)} report(s), no {new.en}failing rule of severity {word.en} or above"
        )
        return Verdict(CLEAN, Said(zh, en))
    parts = []
    if ungraded:
        parts.append(Said(f"{ungraded} 份报告没有等次", f"{ungraded} report(s) have no grade"))
    if unread:
        zh, en = f"{unread} 份报告有未能读取的内容", f"{unread} report(s) were not read completely"
        parts.append(Said(zh, en))
    if refused:
        parts.append(Said(f"{refused} 个文件没有审核", f"{refused} file(s) were not audited"))
    zh = "审核不完整：" + "，".join(p.zh for p in parts)
    return Verdict(INCOMPLETE, Said(zh, "incomplete: " + ", ".join(p.en for p in parts)))


def counts_for_the_gate(finding: Finding) -> bool:
    """Neither waived nor known before."""
    return not finding.waiver and finding.change != "still"
