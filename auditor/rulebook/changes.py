"""Changes: `同比增长8.5%`, `比上年增加3件`, computed again; and mentions that must agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from auditor.errors import Said
from auditor.model import Outcome
from auditor.rulebook.claims import Claim
from auditor.rulebook.facts import Facts
from auditor.rulebook.figures import NUMBER, Figure, figure
from auditor.rulebook.formula import formula
from auditor.rulebook.job import Fill
from auditor.rulebook.numbers import is_number
from auditor.rulebook.periods import masking
from auditor.rulebook.phrases import Hit
from auditor.rulebook.rule import Seen
from auditor.rulebook.siblings import shared_out
from auditor.rulebook.statements import REASONS, Standing, Statement
from auditor.rulebook.template import shown
from auditor.rulebook.tree import Call
from auditor.rulebook.unread import MOST
from auditor.rulebook.weighing import Reading, found, nearest, plain, quoted, seen

_LAST = r"(?:去年|上年度?|上一年度?|(?:19|20)\d\d年度?)"
_MORE = "增加|增长|上升|提高|增|升|多"
_LESS = "减少|下降|降低|回落|减|降|少"
_CHANGE = re.compile(
    rf"(?:同比|[比较与同]{_LAST}(?:同期)?(?:的?(?:{NUMBER})[^0-9,。;年月日])?(?:相比)?)[^0-9。;]{{0,10}}?"
    rf"(?:(?P<same>持平)|(?P<up>{_MORE})(?P<to>到|至|为)?了?(?P<about>[约近]?)(?P<n>{NUMBER})(?P<unit>个?百分点|%|倍|.)"
    rf"|(?P<down>{_LESS})(?P<to2>到|至|为)?了?(?P<about2>[约近]?)(?P<m>{NUMBER})(?P<unit2>个?百分点|%|倍|.))"
)
# The same change told once more as a percentage: `增加23件,增幅8.19%`.
_AGAIN = re.compile(
    rf"[,、(](?:同比)?(?:(?P<up>{_MORE}|增幅|涨幅)|(?P<down>{_LESS}|降幅))[为达了]?到?"
    rf"(?P<about>[约近]?)(?P<n>{NUMBER})%"
)
_BEFORE = re.compile(rf"(?P<of>{_LAST})(?:同期)?[^0-9,。;·]{{0,4}}?(?P<n>{NUMBER})(?P<unit>.)")
# Between a figure and its change only years and last year's figure may stand.
_ASIDE = re.compile(rf"{_LAST}(?:同期)?[^0-9,。;]{{0,8}}?(?:{NUMBER}).|(?:19|20)\d\d年")
_FIGURES = re.compile(r"[0-9;]")
_LOOSE = frozenset("成半番")  # 两成, 一半, 一番: too coarse to compute
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was told: `sign` times `figure`, in `unit` (% or 倍 or a counted thing)."""

    sign: int
    figure: Figure
    unit: str

    def fits(self, now: Fraction, before: Fraction) -> bool | None:
        """Whether it is the change between the numbers; None where it cannot be computed."""
        gap = now - before
        if self.unit not in ("%", "倍"):
            return self.figure.may_be(gap * self.sign)
        if before == 0:
            return None
        part = gap / before * self.sign
        if self.figure.side is not None:
            scale = 1 if self.unit == "倍" else 100
            return self.figure.may_be(part * scale)
        if self.unit == "倍":
            return self.figure.rounds(part) or self.figure.rounds(now / before)
        return part >= 0 and self.figure.rounds(part * 100)


def changed(claim: Claim, statement: Statement, facts: Facts, fill: Fill) -> Iterator[Seen | None]:
    """The change told after a figure, against last year's report or the sentence's own figure."""
    told = changes_told(statement)
    if not told or statement.figure.side is not None:
        return
    now = statement.figure.value
    if statement.standing is not Standing.PLAIN and not _of_the_table(claim, now, facts):
        return  # of another scope, so is what it was last year
    readings = _last_year(claim, facts)
    before = _in_sentence(statement, claim.manner.masked, facts.period)
    before = before or [r.value for r in readings if r.value is not None]
    fits = [_all(one.fits(now, b) for one in told) for b in before]
    if any(fits):
        yield None
    elif readings and any(r.value is None for r in readings):
        message = Said("上年报告中对应的数未能读取", "last year's figure could not be read")
        yield seen(Outcome.OPEN, claim, statement, facts, readings, message)
    elif any(fit is False for fit in fits):
        yield _wrong(claim, statement, facts, fill, readings, before)


def _all(fits: Iterable[bool | None]) -> bool | None:
    """Whether every change fits; None where none can be computed."""
    known = [fit for fit in fits if fit is not None]
    return all(known) if known else None


def _of_the_table(claim: Claim, now: Fraction, facts: Facts) -> bool:
    values = [one.value(facts) for one in claim.equals]
    return any(is_number(v) and Fraction(v) == now for v in values)


def _wrong(
    claim: Claim, statement: Statement, facts: Facts, fill: Fill, readings: Sequence[Reading],
    before: Sequence[Fraction],
) -> Seen:  # fmt: skip
    quote = _with_change(statement)
    words = {
        **found(statement, readings),
        "quote": quote,
        "expected": "、".join(dict.fromkeys(shown(plain(b)) for b in before)),
    }
    plainly = statement.standing is Standing.PLAIN
    base = seen(
        Outcome.FAIL if plainly else Outcome.REVIEW, claim, statement, facts, readings,
        fill(facts, words), None if plainly else REASONS[statement.standing],
    )  # fmt: skip
    return replace(base, key=f"{base.key}:change", passage=quote)


def changes_told(statement: Statement) -> tuple[Change, ...]:
    """The change told after the figure in its sentence, before any other figure; and what is told
    of it once more as a percentage."""
    prose, hit = statement.prose, statement.hit
    _, end = prose.sentence(hit.end - 1)
    rest = _BRACKETS.sub("", prose.text[hit.end : end])
    match = _CHANGE.search(rest)
    if match is None or _FIGURES.search(_ASIDE.sub("", rest[: match.start()])):
        return ()
    first = _change(match)
    if first is None:
        return ()
    again = _AGAIN.match(rest, match.end())
    read = figure(again["n"]) if again else None
    if again is None or read is None or first.unit in ("%", "倍"):
        return (first,)
    if again["about"]:
        read = replace(read, side=0)
    return first, Change(1 if again["up"] else -1, read, "%")


def _change(match: re.Match[str]) -> Change | None:
    """The change that a match tells; None for one that cannot be computed."""
    if match["same"]:
        return Change(1, Figure(Fraction(0), Fraction(1)), "")
    number, unit = match["n"] or match["m"], match["unit"] or match["unit2"]
    read = figure(number)
    if read is None or "百分点" in unit or unit in _LOOSE or match["to"] or match["to2"]:
        return None
    if match["about"] or match["about2"]:
        read = replace(read, side=0)
    return Change(1 if match["up"] else -1, read, unit)


def told_with(statement: Statement) -> Iterator[Statement]:
    """A statement and the number of its change, as two; nothing where no change is told."""
    if not changes_told(statement):
        return
    yield statement
    match = _change_after(statement)
    if match is not None and not match["same"]:
        begin, end = match.span("n" if match["up"] else "m")
        yield replace(statement, hit=Hit(begin, end, begin, end))


def _change_after(statement: Statement) -> re.Match[str] | None:
    prose, hit = statement.prose, statement.hit
    return _CHANGE.search(prose.text, hit.end, prose.sentence(hit.end - 1)[1])


def _with_change(statement: Statement) -> str:
    prose, hit = statement.prose, statement.hit
    match = _change_after(statement)
    last = match.end() if match else hit.end
    short = last - hit.start <= 80
    return prose.printed(hit.start, last if short else hit.end).strip()


def _last_year(claim: Claim, facts: Facts) -> list[Reading]:
    """The accepted expressions, read from last year's report; none without one."""
    if facts.prior is None:
        return []
    readings = []
    for one in claim.equals:
        value = formula(Call("prior", (one.node,)), one.scope).value(facts)
        readings.append(Reading(one, Fraction(value) if is_number(value) else None, None))
    return readings


def _in_sentence(statement: Statement, masked: Sequence[str], period: int | None) -> list[Fraction]:
    """Last year's figures that the sentence itself tells, of the same counted thing."""
    prose, hit = statement.prose, statement.hit
    start, end = prose.sentence(hit.end - 1)
    text = prose.text[start:end]
    text = masking(tuple(masked), last=False).sub(lambda match: "·" * len(match[0]), text)
    unit = prose.text[hit.number_end : hit.number_end + 1]
    found_ = []
    for match in _BEFORE.finditer(text):
        read = figure(match["n"])
        changes = re.search(f"{_MORE}|{_LESS}", match.group(0)[: match.start("n") - match.start()])
        later = period is not None and match["of"] >= str(period) and match["of"][0] == "2"
        if read is not None and match["unit"] == unit and not changes and not later:
            found_.append(read.value)
    return found_


def agreeing(claim: Claim, facts: Facts, fill: Fill) -> Iterator[Seen | None]:
    """All plain mentions of one quantity must tell the same, or all be accepted readings."""
    told = [
        s
        for s in islice(claim.statements(facts), MOST)
        if s.standing is Standing.PLAIN and s.figure.side is None
    ]
    if len(told) < 2:
        return
    if len({s.figure.value for s in told}) == 1:
        yield None
        return
    values = [one.value(facts) for one in (*claim.equals, *claim.lawful)]
    accepted = {Fraction(v) for v in values if is_number(v)}
    wholes = accepted | {s.figure.value for s in told}
    told = [s for s in told if s.hit.number < 0 or shared_out(s, wholes) is None]
    different = {s.figure.value for s in told}
    if len(different) <= 1 or different <= accepted:
        yield None
        return
    first = told[0]
    other = next(s for s in told if s.figure.value != first.figure.value)
    words = {**found(other, []), "quote": first.quote, "detail": other.quote,
             "expected": shown(plain(first.figure.value))}  # fmt: skip
    base = seen(
        Outcome.FAIL, claim, other, facts, [], fill(facts, words)
    )  # fmt: skip
    yield replace(base, evidence=(quoted(first, facts), quoted(other, facts)))


__all__ = ["Change", "agreeing", "changed", "nearest"]
