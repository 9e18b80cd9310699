"""Waivers applied: the one function that lets a finding stand, and what is wrong with a waiver.

A waiver covers a finding only while it is in force, approved, short enough, for a rule that may
be waived, and while the finding is the very one that was looked at (its value key). Everything
else about waivers is itself a finding, of the family W. What could not be read is never waived.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from auditor.decisions import Waiver
from auditor.errors import Said
from auditor.model import Finding, Outcome, Report, Result, RuleInfo, Severity

FAMILY = "W"
FAMILY_TITLE = Said("豁免", "Waivers")
WHOLE_RULE = "rule"
_COVERED = (Outcome.FAIL, Outcome.REVIEW)
_WORST = (Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN)

_TITLES = {
    "W01": (Severity.MINOR, Said("豁免不得过期", "a waiver must not be expired")),
    "W02": (Severity.MINOR, Said("被豁免的数值不得改变", "what was waived must not change")),
    "W03": (Severity.NOTE, Said("豁免应当有所指", "a waiver must concern something")),
    "W04": (Severity.MINOR, Said("豁免应当有理由、责任人和批准", "a waiver must be approved")),
    "W05": (Severity.MINOR, Said("豁免期限不得过长", "a waiver must not last too long")),
    "W06": (Severity.MINOR, Said("不可豁免的规则不得豁免", "some rules cannot be waived")),
    "W07": (Severity.NOTE, Said("豁免应当已经生效", "a waiver must be in force")),
}
_FIX = Said("修改或删去豁免文件中的这一条。", "Mend or remove this entry of the waiver file.")
RULES: Mapping[str, RuleInfo] = {
    key: RuleInfo(key, title, severity, FAMILY, fix=_FIX, waivable=False)
    for key, (severity, title) in _TITLES.items()
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for all waivers: the day of the audit and the longest span in days."""

    as_of: str
    longest: int


def waive(
    results: Sequence[Result],
    waivers: Sequence[Waiver],
    report: Report,
    infos: Mapping[str, RuleInfo],
    policy: Policy,
) -> tuple[Result, ...]:
    """The results with what is waived marked; with what is wrong with waivers as W01 … W07."""
    own = [w for w in waivers if concerns(w, report)]
    if not own:
        return tuple(results)
    found: dict[str, list[Finding]] = {key: [] for key in RULES}
    covering: list[Waiver] = []
    for waiver in own:
        trouble = _trouble(waiver, infos, policy)
        if trouble is None:
            covering.append(waiver)
        else:
            found[trouble[0]].append(_about(trouble[0], waiver, trouble[1]))
    marked = tuple(_marked(result, covering) for result in results)
    live = {r.rule: [f for f in r.findings if f.outcome in _COVERED] for r in marked}
    for waiver in covering:
        lost = _useless(waiver, live.get(waiver.rule, []))
        if lost is not None:
            found[lost[0]].append(_about(lost[0], waiver, lost[1]))
    return (*marked, *(_result(key, tuple(f)) for key, f in found.items() if f))


def concerns(waiver: Waiver, report: Report) -> bool:
    """Whether a waiver is for this body and year."""
    return waiver.subject == report.subject.name and waiver.period == report.period


def standing(results: Sequence[Result]) -> tuple[Result, ...]:
    """The results as the grade counts them: without waived findings and without W01 … W07."""
    return tuple(_standing(r) for r in results if r.rule not in RULES)


def _standing(result: Result) -> Result:
    if not any(f.waiver for f in result.findings):
        return result
    left = tuple(f for f in result.findings if not f.waiver)
    outcomes = {f.outcome for f in left}
    worst = next((o for o in _WORST if o in outcomes), Outcome.PASS)
    failed = sum(f.outcome is Outcome.FAIL for f in left)
    return replace(result, outcome=worst, findings=left, failed=failed)


def _marked(result: Result, waivers: Sequence[Waiver]) -> Result:
    own = [w for w in waivers if w.rule == result.rule]
    if not own:
        return result
    findings = tuple(_with_waiver(f, own) for f in result.findings)
    return replace(result, findings=findings)


def _with_waiver(finding: Finding, waivers: Sequence[Waiver]) -> Finding:
    waiver = next((w for w in waivers if _covers(w, finding)), None)
    return finding if waiver is None else replace(finding, waiver=_told(waiver))


def _covers(waiver: Waiver, finding: Finding) -> bool:
    return (
        finding.outcome in _COVERED
        and finding.value_key in waiver.value_keys
        and waiver.scope in (WHOLE_RULE, finding.fingerprint)
    )


def _told(waiver: Waiver) -> str:
    """What every output shows beside a waived finding."""
    return f"{waiver.reason}（{waiver.owner}；{waiver.approved_by}；→ {waiver.expires}）"


def _trouble(
    waiver: Waiver, infos: Mapping[str, RuleInfo], policy: Policy
) -> tuple[str, Said] | None:
    """Why a waiver has no effect, whatever the report says; None if it has."""
    info = infos.get(waiver.rule)
    lacking = [w for w, text in _words(waiver) if not text.strip()]
    start = waiver.approved_on or policy.as_of
    days = (date.fromisoformat(waiver.expires) - date.fromisoformat(start)).days
    checks: tuple[tuple[bool, str, Callable[[], Said]], ...] = (
        (waiver.expires < policy.as_of, "W01", lambda: _expired(waiver)),
        (bool(lacking), "W04", lambda: _lacking(lacking)),
        (info is not None and not info.waivable, "W06", lambda: _forbidden(waiver)),
        (days > policy.longest, "W05", lambda: _long(days, policy.longest)),
        (waiver.approved_on > policy.as_of, "W07", lambda: _early(waiver)),
    )
    return next(((rule, said()) for wrong, rule, said in checks if wrong), None)


def _words(waiver: Waiver) -> tuple[tuple[Said, str], ...]:
    return (
        (Said("理由", "reason"), waiver.reason),
        (Said("责任人", "owner"), waiver.owner),
        (Said("批准", "approved_by"), waiver.approved_by),
    )


def _expired(waiver: Waiver) -> Said:
    zh = f"{waiver.rule} 的豁免已于 {waiver.expires} 到期，不再有效"
    return Said(zh, f"the waiver of {waiver.rule} expired on {waiver.expires}: it has no effect")


def _lacking(words: Sequence[Said]) -> Said:
    zh, en = "、".join(w.zh for w in words), ", ".join(w.en for w in words)
    return Said(f"豁免缺少{zh}，不生效", f"the waiver has no {en}: it has no effect")


def _forbidden(waiver: Waiver) -> Said:
    zh, en = f"规则 {waiver.rule} 不可豁免", f"rule {waiver.rule} cannot be waived"
    return Said(zh, en)


def _long(days: int, longest: int) -> Said:
    zh = f"豁免期限 {days} 天，最长 {longest} 天，不生效"
    return Said(zh, f"the waiver lasts {days} days, {longest} at most: it has no effect")


def _early(waiver: Waiver) -> Said:
    zh = f"豁免自 {waiver.approved_on} 起生效"
    return Said(zh, f"the waiver is in force from {waiver.approved_on} on")


def _useless(waiver: Waiver, live: Sequence[Finding]) -> tuple[str, Said] | None:
    """A waiver whose finding has changed (W02) or is not there any more (W03)."""
    here = [f for f in live if waiver.scope in (WHOLE_RULE, f.fingerprint)]
    if any(f.value_key not in waiver.value_keys for f in here):
        zh = f"{waiver.rule} 处的数值与豁免时不同，豁免对它不生效"
        en = f"the values of {waiver.rule} are not those that were waived: it has no effect on them"
        return "W02", Said(zh, en)
    if not here:
        zh = f"没有可由这条豁免覆盖的 {waiver.rule} 问题"
        return "W03", Said(zh, f"there is no finding of {waiver.rule} that this waiver covers")
    return None


def _about(rule: str, waiver: Waiver, said: Said) -> Finding:
    where = Said(waiver.origin, waiver.origin)
    parts = (rule, waiver.rule, waiver.subject, str(waiver.period), waiver.scope)
    values = (*parts, waiver.expires, *waiver.value_keys)
    return Finding(
        rule, Outcome.FAIL, said, where, fingerprint=_hash(parts), value_key=_hash(values)
    )


def _hash(parts: Sequence[str]) -> str:
    text = "\x1f".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _result(rule: str, findings: tuple[Finding, ...]) -> Result:
    return Result(rule, Outcome.FAIL, RULES[rule].severity, findings, failed=len(findings))
