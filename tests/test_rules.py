"""Every rule holds its own examples, on every form that it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.form import Form
from auditor.model import Outcome
from auditor.rulebook.apply import apply
from auditor.rulebook.examples import check_examples, valid
from auditor.rulebook.load import find_ruleset, load_rules
from auditor.rulebook.prepare import check_all, identities, prepare
from auditor.rulebook.rule import RuleSet
from tests.conftest import ROOT

SETS = sorted(p.parent for p in (ROOT / "rules").glob("*/ruleset.yaml"))


@pytest.mark.parametrize("folder", SETS, ids=lambda p: p.name)
def test_examples_hold(folder: Path, forms: tuple[Form, ...]) -> None:
    rules = load_rules(folder)
    check_all(rules, forms)
    assert check_examples(rules, forms) >= 2 * len(rules.rules)


def test_default_set_is_found_among_several() -> None:
    assert find_ruleset(ROOT / "rules").name == "ogi"


def test_every_rule_is_complete(ruleset: RuleSet) -> None:
    for rule in ruleset.rules:
        assert rule.basis, rule.id
        assert rule.fix is not None, rule.id
        assert rule.message is not None, rule.id
        assert rule.title.zh != rule.title.en, f"{rule.id} is not bilingual"
        assert {e.expects for e in rule.examples} >= {"pass"}, rule.id


def test_every_rule_has_a_family(ruleset: RuleSet) -> None:
    assert {rule.family for rule in ruleset.rules} <= set(ruleset.families)


def test_a_valid_report_fails_nothing(forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    """The all-zero report from which examples start: only notes for review."""
    for form in forms:
        if form.id not in ruleset.forms:
            continue
        facts = valid(form)
        bad = {
            result.rule
            for result in (apply(ready, facts) for ready in prepare(ruleset, form, facts.period))
            if result.outcome in (Outcome.FAIL, Outcome.OPEN)
        }
        assert bad <= {"S13"}, bad  # the example title has no year


def test_identities_are_those_printed_on_the_form(
    forms: tuple[Form, ...], ruleset: RuleSet
) -> None:
    """Seven columns twice, every row once, three groups of disputes: no more, no less."""
    for form in forms:
        if form.id in ruleset.forms:
            found = identities(ruleset, form)
            table = form.table("applications")
            columns = len(table.column_keys())
            assert len(found) == 2 * columns + len(table.rows) + 3
            assert all(sum(abs(c) for _, c in i.terms) >= 4 for i in found)


def test_thresholds_change_with_the_year(forms: tuple[Form, ...]) -> None:
    """The local set lowers a threshold from 2024 on: 55 % passes for 2023 and not for 2024."""
    rules = load_rules(ROOT / "rules" / "ogi-local-example")
    held = rules.thresholds["不掌握占比上限"]
    assert [str(held.at(y)) for y in (2019, 2023, 2024, 2030)] == ["0.6", "0.6", "0.5", "0.5"]


def test_adjusting_changes_only_what_it_names(ruleset: RuleSet) -> None:
    local = load_rules(ROOT / "rules" / "ogi-local-example")
    before, after = ({r.id: r for r in s.rules} for s in (ruleset, local))
    assert before["S10"].severity > after["S10"].severity
    assert set(before) - set(after) == {"A12d"}
    assert set(after) - set(before) == {"L01", "L02", "L03", "L04"}
    assert before["A01"] == after["A01"]
    assert ruleset.digest != local.digest


def test_schema_of_rule_files_is_current_and_right(forms: tuple[Form, ...]) -> None:
    """Editors complete from it; every shipped rule file conforms to it."""
    import json

    import jsonschema

    from auditor.rulebook.schema import rule_schema_text
    from auditor.rulebook.source import load_yaml

    committed = (ROOT / "schemas" / "rule.schema.json").read_text(encoding="utf-8")
    assert committed == rule_schema_text(forms), (
        "run: auditor rules schema > schemas/rule.schema.json"
    )
    validator = jsonschema.Draft202012Validator(json.loads(committed))
    files = [
        p for p in (ROOT / "rules").glob("*/*.yaml") if p.name not in ("ruleset.yaml", "words.yaml")
    ]
    assert files
    for path in files:
        rules_ = json.loads(json.dumps(load_yaml(path.read_text("utf-8")), default=float))
        assert not list(validator.iter_errors(rules_)), path
    assert list(validator.iter_errors([{"编号": "X1", "应当": "a = b", "不得": "a = b"}]))


@pytest.mark.parametrize("folder", SETS, ids=lambda p: p.name)
def test_every_rule_file_points_to_the_schema(folder: Path) -> None:
    """Editors read the first line; tests/test_editor.py tries it with a real language server."""
    for path in folder.glob("*.yaml"):
        if path.name not in ("ruleset.yaml", "words.yaml"):
            first = path.read_text(encoding="utf-8").splitlines()[0]
            assert first == "# yaml-language-server: $schema=../../schemas/rule.schema.json", path
    assert (folder / "../../schemas/rule.schema.json").is_file()


def test_a_report_is_held_to_the_law_of_its_year(ruleset: RuleSet) -> None:
    """No report for 2019 is accused under a notice of 2021."""
    for rule in ruleset.rules:
        for basis in rule.info(2019).basis:
            assert "2021" not in basis.text.zh, f"{rule.id} is for 2019 and cites {basis.text.zh}"
    cited = {b.text.zh for rule in ruleset.rules for b in rule.info(2021).basis}
    assert any("2021" in text for text in cited)
