"""observe: what the reader noticed."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Result
from auditor.observations import OBSERVATIONS
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import KINDS
from auditor.rulebook.verbs.observe import KEYS
from auditor.workbench.ground import Ground, many, members
from auditor.workbench.steps import Step
from auditor.workbench.verbs._any import findings

NAME = "observe"


def said(ground: Ground) -> str:
    """`the reader must not have noticed …`."""
    words, listed = ground.words, ground.wording().listed
    failing, unread = _kinds(ground)
    text = words("sentence.observe", kinds=listed([_word(k, ground) for k in failing]))
    if unread:
        text += words("sentence.observe_open", kinds=listed([_word(k, ground) for k in unread]))
    return text


def unfold(ground: Ground, facts: Facts, result: Result) -> Iterator[Step]:
    """Each kind with how often it was noticed, then what that led to."""
    for kind in (k for kinds in _kinds(ground) for k in kinds):
        count = len(facts.observed.get(kind, ()))
        if count:
            yield Step(ground.words("step.seen", kind=_word(kind, ground), count=count))
    if not result.findings:
        yield Step(ground.words("step.none_hit"), outcome="pass")
    yield from findings(ground.words, result)


def _kinds(ground: Ground) -> tuple[list[str], list[str]]:
    body = ground.rule.body
    parts = members(body, KEYS) if isinstance(body, dict) else {"kinds": body}
    return _known(parts.get("kinds")), _known(parts.get("open"))


def _known(node: object) -> list[str]:
    return [KINDS.get(kind, kind) for kind in many(node)]


def _word(kind: str, ground: Ground) -> str:
    said_ = OBSERVATIONS.get(kind)
    return said_.inside(ground.words.lang) if said_ else kind
