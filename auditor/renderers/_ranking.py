"""The order of reports: the best first, the same in every output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.model import Audit


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rank of a report depends on; `score` is None for one without a grade."""

    score: Decimal | None
    name: str
    period: int | None
    source: str

    @classmethod
    def of(cls, audit: Audit) -> Standing:
        """That of an audit."""
        grade, report = audit.grade, audit.report
        score = grade.score if grade.letter is not None else None
        return cls(score, report.subject.name or "", report.period, report.source)


def standings(of: Sequence[Standing]) -> list[tuple[str, int]]:
    """(rank, place in the sequence), the best first; equal scores have equal rank.

    Those without a grade are at the end and have none.
    """

    def key(at: int) -> tuple[bool, Decimal, str, int, str]:
        one = of[at]
        score = Decimal(0) if one.score is None else -one.score
        return one.score is None, score, one.name, one.period or 0, one.source

    ranks: list[tuple[str, int]] = []
    for place, at in enumerate(sorted(range(len(of)), key=key), start=1):
        if of[at].score is None:
            ranks.append(("–", at))
        elif ranks and of[ranks[-1][1]].score == of[at].score:
            ranks.append((ranks[-1][0], at))
        else:
            ranks.append((str(place), at))
    return ranks


def ranked(audits: Sequence[Audit]) -> Iterator[tuple[str, Audit]]:
    """The best first, each opened when its turn comes."""
    for rank, at in standings([Standing.of(audit) for audit in audits]):
        yield rank, audits[at]
