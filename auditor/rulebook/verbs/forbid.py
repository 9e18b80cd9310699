"""forbid 不得: an expression must not hold at any place."""

from __future__ import annotations

from auditor.rulebook.holding import holding
from auditor.rulebook.job import Job
from auditor.rulebook.rule import Check

NAME = "forbid"
ALIAS = "不得"
FILLS = frozenset({"place"})
BODY = {"$ref": "#/$defs/expression", "title": "不得成立的式子 · what must not hold"}


def prepare(job: Job) -> Check | None:
    """The check; None after a noted mistake."""
    return holding(job, wanted=False)
