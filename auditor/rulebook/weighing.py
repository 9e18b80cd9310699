"""Weighing: one statement of the narrative against the readings that a rule accepts.

Equal to one reading: it passes. Otherwise it fails only where the wording leaves no other way to
understand it; every doubt makes it a review, everything unread leaves it open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from auditor.errors import Said
from auditor.model import Evidence, Location, Outcome, Value
from auditor.rulebook.claims import Claim
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula, formula
from auditor.rulebook.glued import ruled_out
from auditor.rulebook.job import Fill, evidence
from auditor.rulebook.numbers import is_number, rounded
from auditor.rulebook.prose import Prose
from auditor.rulebook.rule import Seen
from auditor.rulebook.siblings import Heard, shared_out
from auditor.rulebook.statements import HELD, REASONS, Standing, Statement
from auditor.rulebook.template import Found, shown
from auditor.rulebook.tree import UNKNOWN, Binary, Number
from auditor.rulebook.unread import MOST, endless

_ESTIMATE = Said("文中是概数，与表相差较大", "the text gives an estimate, far from the table")
_BROKEN = Said("文中数字中间有空隙，请核对原文", "the figure is broken by blanks")
_GLUED = Said(
    "表中数字连写，怎样拆分都得不到这个数", "no split of the glued digits gives this number"
)
_LAWFUL = Said("与另一种合法的计法一致", "it equals another lawful way of counting")
_FEWER = Said("文中可能只计其中一部分", "the text may count a part only")
_SHARED = Said(
    "与同一句里相邻的数合计等于表中的数，可能是分项",
    "with its neighbours in the sentence it adds up to the table's number: it may be a part",
)
_UNREAD = Said("未能读取对应的单元格", "the cells concerned could not be read")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one accepted expression comes to: a number, or unknown; `agrees` with the figure.

    `glued`: the cell was not read, but no split of its digits gives the figure.
    """

    formula: Formula
    value: Fraction | None
    agrees: bool | None
    glued: str = ""


def weigh(
    claim: Claim,
    facts: Facts,
    fill: Fill,
    seen_at: set[tuple[str, int]],
    within: Sequence[Prose] | None = None,
) -> Iterator[Heard]:
    """Every statement that counts, once, by the claim's kind of check.

    `within` are the texts that can hold any, where that is known.
    """
    if claim.check == "same":
        from auditor.rulebook.changes import agreeing

        yield from map(Heard, agreeing(claim, facts, fill))
        return
    for count, statement in enumerate(claim.statements(facts, within)):
        if count >= MOST:
            yield Heard(endless(statement.prose.path, facts))
            return
        place = (statement.prose.path, statement.hit.number)
        if statement.standing not in HELD or place in seen_at:
            continue
        if claim.check == "change":
            from auditor.rulebook.changes import changed

            yield from map(Heard, changed(claim, statement, facts, fill))
            continue
        if statement.hit.number >= 0:  # what is told without a number may be told of several
            seen_at.add(place)
        start, _ = statement.prose.sentence(statement.hit.start)
        quantity = (statement.prose.path, start, "|".join(str(one.node) for one in claim.equals))
        yield Heard(_against(claim, statement, facts, fill), statement, quantity)


def _against(claim: Claim, statement: Statement, facts: Facts, fill: Fill) -> Seen | None:
    """None for a statement that equals one of the readings."""
    told = statement.figure
    for one in claim.equals:
        value = one.value(facts)
        if is_number(value) and claim.agrees(told, Fraction(value)):
            return None
    whole = with_totals(claim, facts)
    readings = [reading(claim, one, statement, whole, facts) for one in claim.equals]
    if any(r.agrees for r in readings):
        return None
    if any(r.agrees is None for r in readings):
        return seen(Outcome.OPEN, claim, statement, whole, readings, _open_message(whole, readings))
    outcome, lawful = _how_sure(claim, statement, whole, readings)
    if claim.split and statement.hit.number >= 0:
        whole_told = shared_out(statement, (r.value for r in readings if r.value is not None))
        if whole_told or (whole_told is not None and statement.standing is not Standing.PLAIN):
            return None
        if whole_told is not None:
            outcome, lawful = Outcome.REVIEW, _SHARED
    message = fill(whole, found(statement, readings))
    return seen(outcome, claim, statement, whole, readings, message, lawful)


def reading(
    claim: Claim, one: Formula, statement: Statement, whole: Facts, facts: Facts
) -> Reading:
    """One accepted expression, with blanks as any number from zero."""
    value, told = one.value(whole), statement.figure
    if is_number(value):
        exact = Fraction(value)
        loose = bool(one.paths() & whole.blanks & facts.blanks) or _filled(one, whole, facts)
        if loose and told.value > exact:  # blanks of the row may hold the rest
            return Reading(one, exact, None)
        return Reading(one, exact, claim.agrees(told, exact))
    if told.value.denominator != 1 or told.side is not None:
        return Reading(one, None, None)
    sign = ">=" if claim.check == "most" else "=="
    equal = formula(Binary(sign, one.node, Number(int(told.value))), one.scope).value(whole)
    if equal is not UNKNOWN:
        return Reading(one, None, bool(equal))
    path, *more = one.paths()
    digits = "" if more else ruled_out(path, int(told.value), facts)
    if digits:
        return Reading(one, None, False, glued=digits)
    return Reading(one, None, None)


def with_totals(claim: Claim, facts: Facts) -> Facts:
    """The facts, with a blank cell of the column replaced by the sum of the others of its row."""
    if not facts.blanks:
        return facts
    rows = claim.rows(facts.form)
    blank = [path for path in rows if path in facts.blanks]
    filled: dict[str, Value] = {}
    for path in blank:
        others = [facts.values.get(p) for p in rows[path]]
        known = [v for v in others if isinstance(v, int) and not isinstance(v, bool)]
        if known:
            filled[path] = sum(known)
    if not filled:
        return facts
    return replace(facts, values={**facts.values, **filled}, blanks=facts.blanks - set(filled))


def _filled(one: Formula, whole: Facts, facts: Facts) -> bool:
    """Whether a sum of columns stands in for a cell while one of these columns is blank, too."""
    mine = one.paths() & facts.blanks - whole.blanks
    return any(
        f.path in facts.blanks and f.path not in mine
        for path in mine
        for f in facts.form.rows[facts.form.fields[path].row].fields
    )


def _how_sure(
    claim: Claim, statement: Statement, facts: Facts, readings: Sequence[Reading]
) -> tuple[Outcome, Said | None]:
    """FAIL only where the wording leaves one reading; else REVIEW and the other reading."""
    told = statement.figure
    for one in claim.lawful:
        value = one.value(facts)
        if is_number(value) and told.may_be(Fraction(value)):
            return Outcome.REVIEW, claim.reading or _LAWFUL
    if statement.standing is not Standing.PLAIN:
        return Outcome.REVIEW, REASONS[statement.standing]
    if told.side is not None:
        return Outcome.REVIEW, _ESTIMATE
    if claim.fewer and all(r.value is not None and told.value < r.value for r in readings):
        return Outcome.REVIEW, claim.reading or _FEWER
    if any(r.glued for r in readings):
        return Outcome.REVIEW, _GLUED
    if _broken(statement):
        return Outcome.REVIEW, _BROKEN
    return Outcome.FAIL, None


def _broken(statement: Statement) -> bool:
    """Whether the original has a blank or a comma for sentences inside the number."""
    hit = statement.hit
    if hit.number < 0:
        return False
    printed = statement.prose.printed(hit.number, hit.number_end)
    return any(c.isspace() or c == "，" for c in printed)


def nearest(statement: Statement, readings: Sequence[Reading]) -> Fraction | None:
    """The accepted number that comes closest to the one told."""
    values = [r.value for r in readings if r.value is not None]
    return min(values, key=lambda v: abs(v - statement.figure.value), default=None)


def found(statement: Statement, readings: Sequence[Reading]) -> Found:
    """What messages may name: quote, actual, expected, difference."""
    told, best = statement.figure.value, nearest(statement, readings)
    return {
        "quote": statement.quote,
        "detail": statement.quote,
        "actual": shown(plain(told)),
        "expected": _glued(readings) if best is None else shown(plain(best)),
        "difference": "？" if best is None else shown(plain(told - best)),
    }


def _glued(readings: Sequence[Reading]) -> Said:
    digits = next((r.glued for r in readings if r.glued), "")
    if not digits:
        return Said("？", "？")
    return Said(f"连写的 {digits}", f"the glued {digits}")


def plain(value: Fraction) -> Any:
    """A fraction as the int or decimal that people write."""
    return int(value) if value.denominator == 1 else rounded(value)


def seen(
    outcome: Outcome, claim: Claim, statement: Statement, facts: Facts,
    readings: Sequence[Reading], message: Said, lawful: Said | None = None,
) -> Seen:  # fmt: skip
    """What judging gets: the sentence with its place, and the cells."""
    told, best = statement.figure.value, nearest(statement, readings)
    path = statement.prose.path
    cells = _cells(facts, readings)
    return Seen(
        outcome,
        f"{path}:{readings[0].formula.node if readings else ''}",
        facts.label(path.removesuffix(".text")),
        evidence=(quoted(statement, facts), *cells.values()),
        message=message,
        expected=None if best is None else plain(best),
        actual=plain(told),
        difference=None if best is None else plain(told - best),
        doubtful=any(p in facts.inferred for p in cells),
        passage=statement.quote,
        lawful=lawful,
    )


def quoted(statement: Statement, facts: Facts) -> Evidence:
    """The sentence as evidence: the figure told, the words, and where they stand."""
    path = statement.prose.path
    at = facts.locations.get(path) or Location()
    where = facts.label(path.removesuffix(".text"))
    place = at._replace(span=statement.span)
    return Evidence(path, where, plain(statement.figure.value), "read", place, statement.quote)


def _cells(facts: Facts, readings: Sequence[Reading]) -> Mapping[str, Evidence]:
    cells: dict[str, Evidence] = {}
    for one in readings:
        for each in evidence(facts, one.formula.explain(facts)):
            cells.setdefault(each.path, each)
    return cells


def _open_message(facts: Facts, readings: Sequence[Reading]) -> Said:
    paths = [p for r in readings for p in r.formula.explain(facts).unknown_paths]
    labels = [facts.label(p) for p in dict.fromkeys(paths)][:4]
    if not labels:
        return Said("涉及空格，不能确定", "undecided because of blanks")
    zh, en = "、".join(x.zh for x in labels), ", ".join(x.en for x in labels)
    return Said(f"{_UNREAD.zh}：{zh}", f"{_UNREAD.en}: {en}")
