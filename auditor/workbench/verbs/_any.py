"""Any verb, told by what it found: each finding with the facts that it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Evidence, Finding, Result
from auditor.renderers.words import Words
from auditor.rulebook.facts import Facts
from auditor.text import written
from auditor.workbench.ground import Ground
from auditor.workbench.steps import Step, place_of

NAME = ""


def said(ground: Ground) -> str:
    """The body as it is written."""
    return ground.words("sentence.other", body=str(ground.rule.body))


def unfold(ground: Ground, facts: Facts, result: Result) -> Iterator[Step]:
    """The findings, and how many places passed."""
    yield from findings(ground.words, result)
    if result.passed:
        yield Step(ground.words("step.folded", count=result.passed), outcome="pass")


def findings(words: Words, result: Result) -> Iterator[Step]:
    """Each finding with its evidence."""
    for found in result.findings:
        lines = [evidence_step(e, words) for e in found.evidence]
        if found.exception is not None:
            because = found.exception.inside(words.lang)
            lines.append(Step(words("step.because", reason=because)))
        yield Step(_where(found, words), found.message.inside(words.lang), found.outcome,
                   steps=tuple(lines))  # fmt: skip


def _where(found: Finding, words: Words) -> str:
    return found.where.inside(words.lang) or words("step.whole")


def evidence_step(one: Evidence, words: Words) -> Step:
    """One fact that a finding rests on."""
    value = one.quote or ("" if one.value is None else written(one.value))
    label = one.label.inside(words.lang)
    if one.subject:
        label = f"{one.subject} · {label}"
    return Step(label, value, "", place_of(one.location, words), one.state, one.prior, one.path)
