"""One rule applied to the facts of one report: the rule's Result, always one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from auditor.errors import Said
from auditor.model import Evidence, Finding, Outcome, Result
from auditor.rulebook.facts import DRAFT, PUBLISHED, Facts
from auditor.rulebook.job import evidence
from auditor.rulebook.rule import Ready, Rule, Seen
from auditor.rulebook.tree import UNKNOWN
from auditor.text import written

_FEW = 4
_NAMED = 3
_WORST = (Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN, Outcome.PASS)


def apply(ready: Ready, facts: Facts) -> Result:
    """The outcome is the worst of the rule's places; NOT_APPLICABLE if it has none."""
    reason, unsure = _decided(ready, facts) if ready.conditional else (None, False)
    if reason is not None:
        return idle_result(ready, reason)
    if unsure:
        return _unknown_when(ready, facts)
    check = ready.check
    if check.spots and check.glance is not None:  # a search would have to be made twice
        places = check.glance(facts)
        if places is not None:
            return plain_result(ready, places)
    passed = 0
    findings: list[Finding] = []
    for seen in check.look(facts):
        if seen is None:
            passed += 1
        else:
            findings.append(_finding(ready, seen, facts))
    return _result(ready.rule, passed, findings) if findings else plain_result(ready, passed)


def plain_result(ready: Ready, passed: int) -> Result:
    """The result of a rule that finds nothing; the same value for all reports."""
    found = ready.results.get(passed)
    if found is None:
        outcome = Outcome.PASS if passed else Outcome.NOT_APPLICABLE
        found = Result(ready.rule.id, outcome, ready.rule.severity, passed=passed)
        ready.results[passed] = found
    return found


def idle_result(ready: Ready, reason: Said) -> Result:
    """The result of a rule that does not look at a report; the same value for all reports."""
    found = ready.results.get(reason.zh)
    if found is None:
        rule = ready.rule
        found = Result(rule.id, Outcome.NOT_APPLICABLE, rule.severity, reason=reason)
        ready.results[reason.zh] = found
    return found


def idle(ready: Ready, facts: Facts) -> Said | None:
    """Why a rule does not look at a report at all; None where it does."""
    return _decided(ready, facts)[0]


def _decided(ready: Ready, facts: Facts) -> tuple[Said | None, bool]:
    """Why a rule is not applicable, or whether that cannot be told."""
    reason = out_of_years(ready.rule, facts) or lacking(ready, facts)
    if reason is not None or ready.when is None:
        return reason, False
    applies = ready.when.value(facts)
    return (UNMET if applies is False else None), applies is UNKNOWN


UNMET = Said("不具备适用条件", "its condition does not hold")


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


def out_of_years(rule: Rule, facts: Facts) -> Said | None:
    """Why a rule is not for reports of that year."""
    period = facts.period
    if rule.since is None and rule.until is None:
        return None
    if period is not None and rule.since is not None and period < rule.since:
        return Said(f"自{rule.since}年度起适用", f"applies to reports from {rule.since} on")
    if period is not None and rule.until is not None and period > rule.until:
        return Said(f"适用至{rule.until}年度", f"applies to reports up to {rule.until}")
    return None


def lacking(ready: Ready, facts: Facts) -> Said | None:
    """What the rule needs besides the report and does not have; no report can be blamed for it."""
    for need in ready.needs:
        if need == PUBLISHED and facts.values.get(DRAFT) is True:
            return Said("按草稿审核，尚未发布", "audited as a draft: not yet published")
        if not facts.has(need):
            return _LACKING.get(need) or _LACKING.get(need.partition(".")[0]) or _UNCOMPARED
    return None


_LACKING = {
    "prior": Said("没有同一单位上一年度的报告", "no report of the same body for the year before"),
    "units": Said("没有名册，或没有分项单位的报告", "no roster, or no report of its units"),
    "peers": Said("没有可比的同类单位", "no bodies of the same kind to compare with"),
    "roster": Said("没有名册，或名册没有写明", "no roster, or it does not say"),
    PUBLISHED: Said("没有发布日期", "no date of publication is known"),
}
_UNCOMPARED = Said("没有可以对照的报告", "no other report to compare with")


def _unknown_when(ready: Ready, facts: Facts) -> Result:
    """A rule whose condition cannot be decided is open, never passed."""
    rule = ready.rule
    seen = ready.when.explain(facts) if ready.when is not None else None
    labels = [facts.label(p) for p in (*seen.unknown_paths, *seen.blank_paths)] if seen else []
    zh, en = "、".join(x.zh for x in labels[:_FEW]), ", ".join(x.en for x in labels[:_FEW])
    message = Said(
        f"是否适用无法判断，未读到：{zh}" if zh else "是否适用无法判断",
        f"whether it applies could not be judged, not read: {en}".removesuffix(", not read: "),
    )
    where = Said("适用条件", "condition")
    found = Seen(Outcome.OPEN, "when", where, evidence(facts, seen) if seen else (), message)
    return _result(rule, 0, [_finding(ready, found, facts)])


def _finding(ready: Ready, seen: Seen, facts: Facts) -> Finding:
    rule = ready.rule
    outcome, exception = seen.outcome, seen.lawful
    if outcome is Outcome.FAIL:
        exception = _exception(ready, facts) or exception
        if exception is None and _unconfirmed(seen, facts):
            exception = _RECOGNISED
        if exception is None and seen.doubtful:
            exception = _DOUBTFUL
        if rule.review or exception is not None:
            outcome = Outcome.REVIEW
    print_, key = fingerprints(rule.id, seen)
    return Finding(
        rule=rule.id,
        outcome=outcome,
        message=_naming(seen.message or rule.title, seen),
        where=seen.where,
        evidence=seen.evidence,
        expected=seen.expected,
        actual=seen.actual,
        difference=seen.difference,
        working=seen.working,
        exception=exception,
        fingerprint=print_,
        value_key=key,
        secrets=seen.secrets,
    )


def _naming(message: Said, seen: Seen) -> Said:
    """The message with the other reports that it is about, where they are few.

    Of many reports compared the one whose figure is told; otherwise whoever is quoted.
    """
    others = [e for e in seen.evidence if e.subject and not e.prior]
    if seen.actual is not None:
        others = [e for e in others if e.value == seen.actual] or others
    names = list(dict.fromkeys(e.subject.rpartition("/")[2] for e in others))
    if not names or len(names) > _NAMED:
        return message
    zh, en = "、".join(names), ", ".join(names)
    return Said(
        message.zh if all(n in message.zh for n in names) else f"{message.zh}（{zh}）",
        message.en if all(n in message.en for n in names) else f"{message.en} ({en})",
    )


_DOUBTFUL = Said(
    "涉及推断出来的单元格（连写的数字，或图像上未经印证的数字），请对照原文核实",
    "a cell concerned was inferred from glued digits or from a picture: compare it with the "
    "original",
)

_RECOGNISED = Said(
    "依据由图像识别而来，未经勾稽关系印证，请对照原件核实",
    "it rests on what was recognised on a picture and no sum confirms: compare it with the "
    "original",
)


def _unconfirmed(seen: Seen, facts: Facts) -> bool:
    """Whether a finding rests on anything recognised that no sum confirms.

    Confirmed cells are plain numbers; words, and what is not there at all, nothing confirms.
    """
    if not seen.evidence:
        return any(of is not None and _pictured(of) for of in (facts, facts.prior))
    sources = ((facts.prior if e.prior else facts, e) for e in seen.evidence)
    return any(of is not None and _is_guess(e, of) for of, e in sources)


def _pictured(facts: Facts) -> set[int | str | None]:
    """The pages that were recognised, None for a whole document, and tables on other pictures."""
    seen = facts.observed.get("recognised", ())
    return {o.path or o.location.page for o in seen if o.path or o.location.line is None}


def _is_guess(evidence: Evidence, facts: Facts) -> bool:
    """Whether a fact was recognised on a picture without a sum that confirms it."""
    pictured = _pictured(facts)
    page = evidence.location.page if evidence.location is not None else None
    if evidence.path.partition(".")[0] not in pictured:
        pages = {known for known in pictured if not isinstance(known, str)}
        if not pages or (page is not None and None not in pages and page not in pages):
            return False
    return evidence.path not in facts.values or isinstance(facts.values[evidence.path], str)


def _exception(ready: Ready, facts: Facts) -> Said | None:
    """The first lawful reading that holds, or that cannot be ruled out."""
    for when, say in ready.exceptions:
        if when is None or when.value(facts) is not False:
            return say
    return None


def fingerprints(rule: str, seen: Seen) -> tuple[str, str]:
    """(rule + place, the same + the values): the first survives rewording and changed values."""
    base = _place(rule, seen.key)
    values = "\x1f".join(
        f"{e.path}={'' if e.value is None else written(e.value)}{e.quote}" for e in seen.evidence
    )
    return _hash(base), _hash(f"{base}\x1e{values}")


def fingerprint(rule: str, key: str) -> str:
    """The fingerprint of what a rule finds at a place."""
    return _hash(_place(rule, key))


def _place(rule: str, key: str) -> str:
    return f"{rule}\x1f{key}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
