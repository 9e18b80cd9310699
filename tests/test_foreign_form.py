"""Another form is new files only: a toy budget table works without a change to the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model import Audit, Outcome, Refusal
from auditor.pipeline import Input, Settings, audit_one
from auditor.rulebook.examples import check_examples
from auditor.rulebook.load import load_rules
from auditor.rulebook.prepare import check_all
from auditor.schema import load_forms

FOLDER = Path(__file__).parent / "foreign"

PAGE = """<html><head><title>Budget of Example Town 2031</title></head><body>
<h1>Budget of Example Town 2031</h1>
<h2>A. Foreword</h2><p>A modest year for everyone.</p>
<h2>B. Spending</h2>
<table><tr><td>Heading</td><td>Planned</td><td>Spent</td></tr>
<tr><td>Roads</td><td>{roads}</td><td>4</td></tr>
<tr><td>Schools</td><td>7</td><td>6</td></tr>
<tr><td>All</td><td>12</td><td>10</td></tr></table></body></html>"""


@pytest.fixture(scope="module")
def foreign() -> Settings:
    forms = load_forms(FOLDER)
    rules = load_rules(FOLDER / "rules")
    check_all(rules, forms)
    assert check_examples(rules, forms) == 4
    return Settings(forms, rules, as_of="2032-01-01")


def audited(tmp_path: Path, settings: Settings, roads: str) -> Audit:
    path = tmp_path / "budget.html"
    path.write_text(PAGE.format(roads=roads), encoding="utf-8")
    audit = audit_one(Input(path), settings)
    assert isinstance(audit, Audit), audit
    return audit


def test_right_budget_passes(tmp_path: Path, foreign: Settings) -> None:
    audit = audited(tmp_path, foreign, "5")
    assert audit.report.data["spending"]["roads"] == {"planned": 5, "spent": 4}
    assert audit.report.period == 2031
    assert audit.report.subject.name == "Example Town"
    assert {r.outcome for r in audit.results} == {Outcome.PASS}


def test_wrong_budget_fails_with_its_numbers(tmp_path: Path, foreign: Settings) -> None:
    audit = audited(tmp_path, foreign, "6")
    failing = [r for r in audit.results if r.outcome is Outcome.FAIL]
    assert [r.rule for r in failing] == ["B01"]
    assert failing[0].findings[0].working == "6 + 7 = 13 ≠ 12"
    assert failing[0].findings[0].difference == 1


def test_other_papers_are_no_budgets(tmp_path: Path, foreign: Settings) -> None:
    path = tmp_path / "letter.html"
    path.write_text("<p>Dear all, the meeting is on Monday.</p>", encoding="utf-8")
    assert isinstance(audit_one(Input(path), foreign), Refusal)
