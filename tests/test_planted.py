"""The samples' planted defects are found, and the clean samples fail nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.model import Audit, Outcome, Severity
from auditor.pipeline import Input, Settings, audit_one
from tests.test_truth import SAMPLES, truths

REPORTS = [(p, t) for p, t in truths(SAMPLES) if "verdict" not in t]


def bare(rule: str) -> str:
    """The catalogue's number: S08g is a variant of S08."""
    return rule.rstrip("abcdefghijklmnopqrstuvwxyz")


def failing(audit: Audit) -> set[str]:
    """What is not passed; a rule that a planted gap left open counts, too."""
    return {
        bare(r.rule)
        for r in audit.results
        if r.outcome in (Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN)
    }


@pytest.mark.parametrize(("path", "truth"), REPORTS, ids=lambda v: getattr(v, "name", ""))
def test_planted_defects_are_found(path: Path, truth: dict[str, Any], settings: Settings) -> None:
    audit = audit_one(Input(path), settings)
    assert isinstance(audit, Audit)
    known = {rule.id for rule in settings.rules.rules}
    planted = {d["rule"] for d in truth["defects"]} & known
    assert planted <= failing(audit), planted - failing(audit)


@pytest.mark.parametrize(("path", "truth"), REPORTS, ids=lambda v: getattr(v, "name", ""))
def test_nothing_else_is_accused(path: Path, truth: dict[str, Any], settings: Settings) -> None:
    """A rule that fails at minor or above must have been planted (variants such as S15t count)."""
    audit = audit_one(Input(path), settings)
    assert isinstance(audit, Audit)
    planted = {bare(d["rule"]) for d in truth["defects"]}
    accused = {
        r.rule for r in audit.results if r.outcome is Outcome.FAIL and r.severity >= Severity.MINOR
    }
    follows = {"S15t"} if "S01" in planted else set()
    wrong = {r for r in accused if bare(r) not in planted}
    assert not wrong - follows
