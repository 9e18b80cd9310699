"""A folder in which every rule fires, and its clean twin in which none does."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.corpus import audit_all
from auditor.model import Batch, Outcome
from auditor.pipeline import Input, Settings
from auditor.rulebook.rule import RuleSet
from tests.everything import TOLD, write_clean, write_wrong

FIRED = (Outcome.FAIL, Outcome.REVIEW)


def audited(folder: Path, settings: Settings) -> Batch:
    batch = audit_all([Input(path) for path in sorted(folder.iterdir())], settings)
    assert not batch.faults, batch.faults[0].trace
    assert not batch.refusals, batch.refusals
    return batch


def fired(batch: Batch) -> dict[str, set[str]]:
    """File name → the rules that fire in it."""
    return {
        Path(audit.report.source).name: {r.rule for r in audit.results if r.outcome in FIRED}
        for audit in batch.audits
    }


@pytest.fixture(scope="module")
def wrong(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    folder = tmp_path_factory.mktemp("wrong")
    told = write_wrong(folder)
    return told, fired(audited(folder, settings))


def test_each_report_breaks_what_it_says(
    wrong: tuple[dict[str, list[str]], dict[str, set[str]]],
) -> None:
    told, found = wrong
    silent = {name: sorted(set(rules) - found[name]) for name, rules in told.items()}
    assert {name: rules for name, rules in silent.items() if rules} == {}


def test_every_rule_fires(
    wrong: tuple[dict[str, list[str]], dict[str, set[str]]], ruleset: RuleSet
) -> None:
    """A new rule is added to a report there, or stands under `uncovered` with the reason."""
    told, _ = wrong
    known = {rule.id for rule in ruleset.rules}
    claimed = {rule for rules in told.values() for rule in rules}
    assert claimed - known == set(), "no such rule"
    assert known - claimed == set(TOLD["uncovered"])


def test_none_fires_in_the_clean_twin(tmp_path: Path, settings: Settings) -> None:
    write_clean(tmp_path)
    batch = audited(tmp_path, settings)
    assert len(batch.audits) == len(TOLD["clean"])
    odd = {
        Path(audit.report.source).name: {
            r.rule: r.findings[0].message.zh
            for r in audit.results
            if r.outcome in (*FIRED, Outcome.OPEN)
        }
        for audit in batch.audits
    }
    assert {name: rules for name, rules in odd.items() if rules} == {}
