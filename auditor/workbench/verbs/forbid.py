"""forbid: an expression must hold nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Result
from auditor.rulebook.facts import Facts
from auditor.rulebook.numbers import COMPARE
from auditor.rulebook.tree import Binary
from auditor.workbench.ground import Ground
from auditor.workbench.steps import Step
from auditor.workbench.verbs import _holding

NAME = "forbid"
_CONTRARY = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def said(ground: Ground) -> str:
    """`x must not exceed y` for a comparison, else the expression that must not be."""
    body = str(ground.rule.body)
    node, wording = ground.node(body), ground.wording(body)
    if isinstance(node, Binary) and node.op in COMPARE:
        turned = Binary(_CONTRARY[node.op], node.left, node.right)
        return wording.must(turned) or ""
    return ground.words("sentence.forbids", text=wording(node))


def unfold(ground: Ground, facts: Facts, result: Result) -> Iterator[Step]:
    """The expression at every place."""
    yield from _holding.unfold(ground, facts, result, wanted=False)
