"""The order of reports, year by year and the best first: the same in every output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

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
    """(rank, place in the sequence): the newest year first, in each year the best first.

    Reports of two years stand in no common order: every year has its own ranks. Equal scores have
    equal rank; those without a grade are at the end of their year and have none; those without a
    year are last.
    """

    def key(at: int) -> tuple[int, bool, Decimal, str, str]:
        one = of[at]
        score = Decimal(0) if one.score is None else -one.score
        return -(one.period or 0), one.score is None, score, one.name, one.source

    found: list[tuple[str, int]] = []
    for _, year in groupby(sorted(range(len(of)), key=key), lambda at: of[at].period):
        rank, before = "–", None
        for place, at in enumerate(year, start=1):
            score = of[at].score
            if score != before:
                rank, before = "–" if score is None else str(place), score
            found.append((rank, at))
    return found


def ranked(audits: Sequence[Audit]) -> Iterator[tuple[str, Audit]]:
    """In the order of their standings, each opened when its turn comes."""
    for rank, at in standings([Standing.of(audit) for audit in audits]):
        yield rank, audits[at]
