"""assert 应当: an expression must hold at every place."""

from __future__ import annotations

from auditor.rulebook.holding import holding
from auditor.rulebook.job import Job
from auditor.rulebook.rule import Check

NAME = "assert"
ALIAS = "应当"
FILLS = frozenset({"expected", "actual", "difference", "place"})
BODY = {"$ref": "#/$defs/expression", "title": "应当成立的式子 · what must hold"}


def prepare(job: Job) -> Check | None:
    """The check; None after a noted mistake."""
    return holding(job, wanted=True)
