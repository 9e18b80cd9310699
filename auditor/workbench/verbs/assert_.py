"""assert: an expression must hold at every place."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Result
from auditor.rulebook.facts import Facts
from auditor.workbench.ground import Ground
from auditor.workbench.steps import Step
from auditor.workbench.verbs import _holding

NAME = "assert"


def said(ground: Ground) -> str:
    """`x must equal y`, or the whole expression."""
    body = str(ground.rule.body)
    node, wording = ground.node(body), ground.wording(body)
    return wording.must(node) or ground.words("sentence.holds", text=wording(node))


def unfold(ground: Ground, facts: Facts, result: Result) -> Iterator[Step]:
    """The expression at every place."""
    yield from _holding.unfold(ground, facts, result, wanted=True)
