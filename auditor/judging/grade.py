"""The grading sheet applied: every point is explained, and too little read gives no grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from auditor.errors import Said
from auditor.judging.slips import led, one_slips
from auditor.model import Deduction, Diagnosis, Grade, Outcome, Result, RuleInfo
from auditor.rulebook.rule import Grading, Item

_JUDGED = (Outcome.PASS, Outcome.FAIL, Outcome.REVIEW)


def grade(
    results: Sequence[Result],
    sheet: Grading,
    infos: Mapping[str, RuleInfo],
    diagnoses: Sequence[Diagnosis] = (),
) -> Grade:
    """Deductions once per rule and once per slip, caps per family, veto, bands.

    REVIEW and OPEN cost nothing: what is not certain is never scored. Rules that fail because of
    one wrong cell cost what the dearest of them costs; the others are told with 0 points.
    """
    slips = list(one_slips(diagnoses, results))
    applicable = [r for r in results if r.outcome is not Outcome.NOT_APPLICABLE]
    judged = sum(r.outcome in _JUDGED for r in applicable)
    evaluated = (judged, len(applicable))
    deductions, score = _deduct(results, sheet, infos, slips)
    zero = None
    if sheet.items:
        deductions = _by_item(results, sheet, infos, slips)
        score = max(Decimal(0), sheet.full - sum((d.points for d in deductions), Decimal(0)))
    lost = sum(not d.same_as for d in deductions)
    if sheet.zero_from and lost >= sheet.zero_from:
        score, zero = Decimal(0), Said(f"{lost} 项失分，计 0 分", f"{lost} items lost: 0 points")
    failing = [r for r in results if r.outcome is Outcome.FAIL]
    vetoed = tuple(r.rule for r in failing if r.severity in sheet.veto)
    if not sheet.bands or _too_little(judged, len(applicable), sheet.least_evaluated):
        reason = _no_letter(f"{judged}/{len(applicable)}", sheet)
        return Grade(None, None, deductions, vetoed, evaluated, reason)
    letter = sheet.bands[-1][0] if vetoed else _band(score, sheet)
    return Grade(letter, score, deductions, vetoed, evaluated, zero)


def _by_item(
    results: Sequence[Result],
    sheet: Grading,
    infos: Mapping[str, RuleInfo],
    slips: Sequence[list[Result]],
) -> tuple[Deduction, ...]:
    """One deduction for each item of which a rule fails; the first failing rule stands for it.

    Items that are lost by the same slip alone are lost once.
    """
    lost: list[tuple[Item, list[Result]]] = []
    for item in sheet.items:
        failing = [
            r
            for r in results
            if r.outcome is Outcome.FAIL and {r.rule, infos[r.rule].family} & item.rules
        ]
        if failing:
            lost.append((item, failing))
    leaders = _leading_items(lost, slips)
    return tuple(
        Deduction(failing[0].rule, Decimal(0), same_as=leaders[id(item)])
        if id(item) in leaders
        else Deduction(failing[0].rule, item.points)
        for item, failing in lost
    )


def _leading_items(
    lost: Sequence[tuple[Item, list[Result]]], slips: Sequence[list[Result]]
) -> dict[int, str]:
    """Item → the rule that stands for the dearest item lost by the same slip, if another is."""
    found: dict[int, str] = {}
    for slip in slips:
        mine = [(item, failing) for item, failing in lost if all(r in slip for r in failing)]
        if len(mine) > 1:
            dearest, of = max(mine, key=lambda one: one[0].points)
            found |= {id(item): of[0].rule for item, _ in mine if item is not dearest}
    return found


def _too_little(judged: int, applicable: int, least: Decimal) -> bool:
    return applicable == 0 or Decimal(judged) < least * applicable


def _no_letter(judged: str, sheet: Grading) -> Said:
    """Why no letter is given."""
    if not sheet.bands:
        return Said("规则集没有等次，不评等次", "the rule set has no grades: no grade")
    least = _percent(sheet.least_evaluated)
    return Said(
        f"能判定的规则只有 {judged}，不足 {least}，不评等次",
        f"only {judged} of the rules could be judged, less than {least}: no grade",
    )


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _band(score: Decimal, sheet: Grading) -> str:
    return next((b for b, least in sheet.bands if score >= least), sheet.bands[-1][0])


def _deduct(
    results: Sequence[Result],
    sheet: Grading,
    infos: Mapping[str, RuleInfo],
    slips: Sequence[list[Result]],
) -> tuple[tuple[Deduction, ...], Decimal]:
    """The deductions in the order of the rules and what is left of the full score."""

    def points_of(result: Result) -> Decimal:
        return sheet.rules.get(result.rule, sheet.deductions.get(result.severity, Decimal(0)))

    same = led(slips, points_of)
    lost: dict[str, Decimal] = {}
    deductions = []
    for result in results:
        points = points_of(result)
        if result.outcome is not Outcome.FAIL or points <= 0:
            continue
        if result.rule in same:
            deductions.append(Deduction(result.rule, Decimal(0), same_as=same[result.rule]))
            continue
        family = infos[result.rule].family
        room = sheet.caps.get(family, sheet.full) - lost.get(family, Decimal(0))
        taken = max(Decimal(0), min(points, room))
        lost[family] = lost.get(family, Decimal(0)) + taken
        deductions.append(Deduction(result.rule, taken, capped=taken < points))
    score = max(Decimal(0), sheet.full - sum(lost.values(), Decimal(0)))
    return tuple(deductions), score
