"""A folder in which every rule fires, and its clean twin in which none does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditor.corpus import audit_all
from auditor.gather import inputs
from auditor.model import Batch, Outcome
from auditor.pipeline import Settings
from auditor.readers import known_suffixes
from auditor.roster import load_roster, roster_in
from auditor.rulebook.rule import RuleSet
from tests.everything import TOLD, write_clean, write_wrong

FIRED = (Outcome.FAIL, Outcome.REVIEW)


def audited(folder: Path, settings: Settings) -> Batch:
    """The folder with the roster that lies in it, as the command audits it."""
    there = roster_in(folder)
    assert there is not None
    settings = replace(settings, roster=load_roster(there, settings.forms), folder=True)
    batch = audit_all(inputs([folder], known_suffixes()), settings)
    assert not batch.faults, batch.faults[0].trace
    assert not batch.refusals, batch.refusals
    return batch


def fired(batch: Batch, *outcomes: Outcome) -> dict[str, set[str]]:
    """File name → the rules that fire in it."""
    return {
        Path(audit.report.source).name: {
            r.rule for r in audit.results if r.outcome in (outcomes or FIRED)
        }
        for audit in batch.audits
    }


@pytest.fixture(scope="module")
def wrong(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> tuple[dict[str, list[str]], Batch]:
    folder = tmp_path_factory.mktemp("wrong")
    told = write_wrong(folder)
    return told, audited(folder, settings)


def test_each_report_breaks_what_it_says(wrong: tuple[dict[str, list[str]], Batch]) -> None:
    told, batch = wrong
    found = fired(batch)
    silent = {name: sorted(set(rules) - found[name]) for name, rules in told.items()}
    assert {name: rules for name, rules in silent.items() if rules} == {}


def test_every_rule_fires(wrong: tuple[dict[str, list[str]], Batch], ruleset: RuleSet) -> None:
    """A new rule is added to a report there, or stands under `uncovered` with the reason."""
    told, _ = wrong
    known = {rule.id for rule in ruleset.rules}
    claimed = {rule for rules in told.values() for rule in rules}
    assert claimed - known == set(), "no such rule"
    assert known - claimed == set(TOLD["uncovered"])


def test_a_rule_that_can_fail_does(
    wrong: tuple[dict[str, list[str]], Batch], ruleset: RuleSet
) -> None:
    """Review is enough only for a rule that never says more."""
    _, batch = wrong
    failed = set().union(*fired(batch, Outcome.FAIL).values())
    firm = {rule.id for rule in ruleset.rules if not rule.review}
    assert firm - failed == set(TOLD["uncovered"]) & firm


def test_who_has_handed_in_nothing(wrong: tuple[dict[str, list[str]], Batch]) -> None:
    _, batch = wrong
    assert [body.source for body in batch.missing] == TOLD["missing"]


def test_none_fires_in_the_clean_twin(tmp_path: Path, settings: Settings) -> None:
    write_clean(tmp_path)
    batch = audited(tmp_path, settings)
    assert len(batch.audits) == len(TOLD["clean"])
    assert not batch.missing
    odd = {
        Path(audit.report.source).name: {
            r.rule: r.findings[0].message.zh
            for r in audit.results
            if r.outcome in (*FIRED, Outcome.OPEN)
        }
        for audit in batch.audits
    }
    assert {name: rules for name, rules in odd.items() if rules} == {}
