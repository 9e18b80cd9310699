"""The order of reports: the best first, the same in every output."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import Audit


def ranked(audits: Sequence[Audit]) -> list[tuple[str, Audit]]:
    """The best first, equal scores with equal rank; those without a grade at the end."""

    def key(audit: Audit) -> tuple[bool, object, str, int, str]:
        grade, report = audit.grade, audit.report
        score = grade.score if grade.letter is not None and grade.score is not None else None
        name = report.subject.name or ""
        return (
            score is None,
            -score if score is not None else 0,
            name,
            report.period or 0,
            report.source,
        )

    ordered = sorted(audits, key=key)
    ranks: list[tuple[str, Audit]] = []
    for place, audit in enumerate(ordered, start=1):
        if key(audit)[0]:
            ranks.append(("–", audit))
        elif ranks and ranks[-1][1].grade.score == audit.grade.score:
            ranks.append((ranks[-1][0], audit))
        else:
            ranks.append((str(place), audit))
    return ranks
