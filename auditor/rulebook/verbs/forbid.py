"""forbid 不得: an expression must not hold at any place."""

from __future__ import annotations

from auditor.rulebook.holding import holding
from auditor.rulebook.job import Job
from auditor.rulebook.rule import Check

NAME = "forbid"
ALIAS = "不得"
FILLS = frozenset({"place"})
BODY = {"type": "string", "title": "式子 · an expression"}


def prepare(job: Job) -> Check | None:
    """The check; None after a noted mistake."""
    return holding(job, wanted=False)
