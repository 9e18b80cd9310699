"""require: parts that must be there."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Result
from auditor.rulebook.facts import Facts
from auditor.rulebook.verbs.require import parts_of
from auditor.workbench.ground import Ground
from auditor.workbench.steps import Step, place_of
from auditor.workbench.verbs._any import findings

NAME = "require"


def said(ground: Ground) -> str:
    """`these parts must be there`."""
    labels = [ground.label(path) for path in parts_of(ground.job)]
    return ground.words("sentence.require", parts=ground.wording().listed(labels))


def unfold(ground: Ground, facts: Facts, result: Result) -> Iterator[Step]:
    """Every part with what was found there."""
    missing = {f.evidence[0].path for f in result.findings if f.evidence}
    for path in parts_of(ground.job):
        if path not in missing:
            value = facts.values.get(path)
            shown = _shown(value, ground)
            place = place_of(facts.locations.get(path), ground.words)
            yield Step(ground.label(path), shown, "pass", place, "read", path=path)
    yield from findings(ground.words, result)


def _shown(value: object, ground: Ground) -> str:
    if isinstance(value, str):
        return ground.words("step.chars", count=len(value))
    return str(value)
