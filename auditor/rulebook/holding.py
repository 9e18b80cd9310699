"""What assert and forbid share: an expression evaluated at every place of a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from auditor.errors import ExpressionError, Said
from auditor.model import Outcome, Value
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula, formula
from auditor.rulebook.job import Fill, Job, build, evidence, helped, unknown
from auditor.rulebook.rule import Check, Seen
from auditor.rulebook.scope import Place, places
from auditor.rulebook.template import Found, shown
from auditor.rulebook.tree import BLANK, UNKNOWN, Not

if TYPE_CHECKING:
    from auditor.rulebook.explain import Evaluation
    from auditor.rulebook.kleene import Touched


@dataclass(frozen=True, slots=True)
class Spot:
    """One place with its expression and its message.

    `judged` is what must hold there: the expression, or for `forbid` its negation, so that "a
    blank may be any number" is read in the rule's favour in both.
    """

    place: Place
    formula: Formula
    judged: Formula
    fill: Fill


def holding(job: Job, *, wanted: bool) -> Check | None:
    """A check that the expression is `wanted` at every place; None after a noted mistake."""
    spots = _spots(job, wanted=wanted)
    if not spots:
        return None

    def check(facts: Facts) -> Iterator[Seen | None]:
        values = facts.values
        prior = facts.prior.values if facts.prior else None
        for spot in spots:
            try:
                if spot.judged.fast(values, prior):
                    yield None
                    continue
            except (KeyError, ArithmeticError):
                pass
            if applies(spot.place, facts):
                yield from _slow(job.rule.id, spot, facts)

    quick = tuple((spot.judged.fast, spot.place) for spot in spots)

    def glance(facts: Facts) -> int | None:
        values = facts.values
        prior = facts.prior.values if facts.prior else None
        passed = 0
        for fast, place in quick:
            try:
                if fast(values, prior):
                    passed += 1
                    continue
            except (KeyError, ArithmeticError):
                pass
            if applies(place, facts):
                return None
        return passed

    return Check(check, tuple((spot.place, spot.judged) for spot in spots), glance)


def spots_of(job: Job, *, wanted: bool = True) -> tuple[Spot, ...]:
    """The places of an asserting rule, or of a forbidding one."""
    return _spots(job, wanted=wanted)


def _spots(job: Job, *, wanted: bool) -> tuple[Spot, ...]:
    """The rule's places. A row that lacks one of the names is no place; one row must have all."""
    body, mark = job.rule.body, job.mark(job.rule.verb)
    if not isinstance(body, str):
        job.formula(body, mark, job.scope())
        return ()
    with job.author.expression(mark, body):
        node = job.parse(body)
        found: list[Spot] = []
        first: ExpressionError | None = None
        for place in places(job.form, job.table, job.rule.for_each):
            try:
                bound = build(node, job.scope(place), "logic", checking=job.checking)
            except ExpressionError as error:
                if job.rule.for_each == "":
                    raise
                first = first or error
                continue
            fill = job.message(place) if not found else _later(job, place)
            judged = bound if wanted else formula(Not(bound.node), bound.scope)
            found.append(Spot(place, bound, judged, fill))
        if not found and first:
            raise first
        return tuple(found)
    return ()


def _later(job: Job, place: Place) -> Fill:
    """The message at a later place, built when it is first needed."""
    built: list[Fill] = []

    def fill(facts: Facts, found: Found) -> Said:
        if not built:
            built.append(job.message(place))
        return built[0](facts, found)

    return fill


def applies(place: Place, facts: Facts) -> bool:
    """A row printed undivided counts only where it was; its children only where it was not."""
    row = place.row
    if row is None or not row.group:
        return True
    return (row.group in facts.undivided) == row.undivided


def _slow(rule: str, spot: Spot, facts: Facts) -> Iterator[Seen | None]:
    """The place judged with unknowns, blanks and inferred cells, and with its evidence."""
    seen = spot.judged.explain(facts)
    if helped(rule, spot.place, facts, seen):
        yield _open(spot, facts, seen, _CHOSE_SPLIT)
    elif seen.value is True:
        yield None
    elif not unknown(seen.value):
        yield _failing(spot, facts, seen)
    elif not _absent(facts, seen) and not _foreign(facts, seen):
        yield _open(spot, facts, seen, _why_open(facts, seen))


def _failing(spot: Spot, facts: Facts, seen: Evaluation) -> Seen:
    found: Found = {
        "expected": _text(seen.right),
        "actual": _text(seen.left),
        "difference": _text(seen.difference),
        "place": spot.place.said,
    }
    return Seen(
        Outcome.FAIL,
        spot.place.key,
        spot.place.said,
        evidence=evidence(facts, seen),
        message=spot.fill(facts, found),
        expected=_value(seen.right),
        actual=_value(seen.left),
        difference=_value(seen.difference),
        working=spot.formula.working(facts) if seen.difference is not None else "",
        doubtful=any(
            t.path in facts.source(prior=t.prior, unit=t.unit).inferred for t in seen.touched
        ),
    )


def _absent(facts: Facts, seen: Evaluation) -> bool:
    """Whether all that is unknown is text of parts that are certainly not there.

    Another rule says that they are missing; what they would have said is nobody's to judge.
    """
    paths = seen.unknown_paths
    return bool(paths) and all(p not in facts.form.fields and facts.missing(p) for p in paths)


def _foreign(facts: Facts, seen: Evaluation) -> bool:
    """Whether what is unknown is not on the form of the other report: nothing to compare."""
    unknown_ = [t for t in seen.touched if t.value is UNKNOWN]
    return bool(unknown_) and all(
        t.path not in facts.source(prior=t.prior, unit=t.unit).form.labels for t in unknown_
    )


_CHOSE_SPLIT = Said(
    "原文数字连写，是靠这条勾稽关系拆开的，不能再用它来证明",
    "the digits were glued and split by this very identity, which therefore proves nothing",
)


def _open(spot: Spot, facts: Facts, seen: Evaluation, message: Said) -> Seen:
    return Seen(
        Outcome.OPEN,
        spot.place.key,
        spot.place.said,
        evidence=evidence(facts, seen),
        message=message,
        working=spot.formula.working(facts),
    )


def _why_open(facts: Facts, seen: Evaluation) -> Said:
    """What was not read; for one decisive blank, the number that would make it hold."""
    if seen.blank_would_be is not None:
        path, value = seen.blank_would_be
        label = facts.label(path)
        return Said(
            f"{label.zh} 是空格；若为 {shown(value)} 则成立",
            f"{label.en} is blank; it would hold with {shown(value)}",
        )
    blank = bool(seen.blank_paths) and not seen.unknown_paths
    wanted = BLANK if blank else UNKNOWN
    labels = [_dated(t, facts) for t in seen.touched if t.value is wanted][:4]
    zh, en = "、".join(x.zh for x in labels), ", ".join(x.en for x in labels)
    if blank:
        return Said(f"空格不能确定：{zh}", f"undecided because of blanks: {en}")
    if not labels:
        return Said("无法判断", "could not be judged")
    return Said(f"未能读取：{zh}", f"could not be read: {en}")


def _dated(touched: Touched, facts: Facts) -> Said:
    """The label of a fact, with the report that it is from where that is another."""
    label = facts.label(touched.path)
    if touched.unit >= 0:
        name = facts.units[touched.unit].subject
        return Said(f"{name} · {label.zh}", f"{name} · {label.en}")
    return Said(f"上年 · {label.zh}", f"last year · {label.en}") if touched.prior else label


def _text(value: Any) -> str:
    return "？" if value is None else shown(value)


def _value(value: Any) -> Value | None:
    """A fact-like value for the finding; endless fractions are rounded for display."""
    if value is None or isinstance(value, int | str | bool):
        return value
    return value if isinstance(value, Decimal) else Decimal(shown(value))
