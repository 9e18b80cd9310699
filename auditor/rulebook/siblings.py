"""Siblings: the other figures of a sentence that tell of the same quantity.

`甲处9件、乙处2件` tells eleven in two parts; `甲处9件，合计11件` tells it in both ways. What one
sentence tells several times is weighed together: a part is no contradiction of its whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from auditor.errors import Said
from auditor.model import Outcome
from auditor.rulebook.listings import Count, counts
from auditor.rulebook.numbers import is_number
from auditor.rulebook.rule import Seen
from auditor.rulebook.statements import Standing, Statement

_PART = "其中"
_REACH = 6  # figures to each side that may be parts of one whole
_WIDER = Said(
    "报告另有一处按更大的口径与表一致，这里可能只是其中一部分",
    "another sentence agrees with the table in a wider scope; this figure may be a part",
)
_BESIDE = Said(
    "同一句里另有一处与表一致，这里可能只是其中一部分",
    "another figure of the sentence agrees with the table; this one may be a part",
)


Quantity: TypeAlias = tuple[str, int, str]
"""A text, where the sentence in it begins, and what is told there."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was seen of one statement, and the quantity that it tells."""

    seen: Seen | None
    statement: Statement | None = None
    quantity: Quantity = ("", -1, "")


def shared_out(statement: Statement, wholes: Iterable[Fraction]) -> bool | None:
    """Whether the figure and its neighbours add up to a whole; None if they do not.

    True where the sentence tells that whole, too, so that nothing is left open.
    """
    told = _counts(statement)
    mine = next((n for n, c in enumerate(told) if c.start <= statement.hit.number < c.end), None)
    if mine is None:
        return None
    more = {whole for whole in wholes if whole > statement.figure.value}
    adding = [run for run in _runs(told, mine) if sum((c.value for c in run), Fraction(0)) in more]
    if not adding:
        return None
    values = {c.value for c in told}
    return any(sum((c.value for c in run), Fraction(0)) in values for run in adding)


def _counts(statement: Statement) -> list[Count]:
    """The figures of the sentence that count things of the same unit."""
    prose, at = statement.prose, statement.hit.number
    told = counts(prose, *prose.sentence(at))
    unit = next((c.unit for c in told if c.start <= at < c.end), "")
    return [c for c in told if c.unit == unit and c.figure.side is None]


def _runs(told: Sequence[Count], mine: int) -> Iterator[Sequence[Count]]:
    """Every run of two or more neighbours that one figure is in."""
    for first in range(max(0, mine - _REACH), mine + 1):
        for last in range(max(mine, first + 1), min(len(told), mine + _REACH + 1)):
            yield told[first : last + 1]


def settled(heard: Sequence[Heard]) -> Iterator[Seen | None]:
    """What is left to say where a sentence agrees with the table in another place.

    What was in doubt there needs no look; what was not may still be a part of what agrees.
    """
    agreed: dict[Quantity, list[Statement]] = {}
    wide = False  # whether the table holds the figures of a wider scope
    for one in heard:
        if one.seen is None and one.statement is not None:
            agreed.setdefault(one.quantity, []).append(one.statement)
            wide = wide or one.statement.standing is Standing.SCOPE
    for one in heard:
        if one.seen is None or one.statement is None:
            yield one.seen
        elif one.quantity in agreed:
            yield from _beside(one.seen, one.statement, agreed[one.quantity])
        elif wide and _a_share(one, agreed):
            yield None
        else:
            yield _within(one.seen) if wide else one.seen


def _a_share(one: Heard, agreed: Mapping[Quantity, Sequence[Statement]]) -> bool:
    """Whether bodies after 其中 tell their shares of a whole that was told before and agrees."""
    told = one.statement
    assert told is not None
    assert one.seen is not None
    prose, gap = told.prose, one.seen.difference
    start, _ = prose.sentence(told.hit.start)
    if told.standing is not Standing.SCOPE or not is_number(gap) or gap >= 0:
        return False
    listed = _PART in prose.text[start : told.hit.start]
    path, _, of = one.quantity
    return listed and any(
        place == path and what == of and begin < start for place, begin, what in agreed
    )


def _within(seen: Seen) -> Seen:
    """A contradiction in a report that tells the table's figures in a wider scope."""
    gap = seen.difference
    if seen.outcome is not Outcome.FAIL or not is_number(gap) or gap >= 0:
        return seen
    return replace(seen, outcome=Outcome.REVIEW, lawful=_WIDER)


def _beside(seen: Seen, told: Statement, agreed: Sequence[Statement]) -> Iterator[Seen]:
    """A contradiction beside figures that agree; those in doubt speak for what stands before."""
    sure = [
        other
        for other in agreed
        if other.standing is not Standing.DOUBT or told.hit.start < other.hit.start
    ]
    if not sure or (seen.outcome is Outcome.REVIEW and told.standing is Standing.PLAIN):
        yield seen
    elif seen.outcome is Outcome.FAIL:
        part = any(told.figure.value < other.figure.value for other in sure)
        yield replace(seen, outcome=Outcome.REVIEW, lawful=_BESIDE) if part else seen
    elif seen.outcome is not Outcome.REVIEW:
        yield seen
