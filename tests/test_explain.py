"""rules explain: sentences, and an evaluation that says what the audit says, value by value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from auditor.corpus.held import with_company
from auditor.form import Form
from auditor.gather import Input
from auditor.pipeline import Bound, Settings, bind_one, facts_for
from auditor.renderers.words import load
from auditor.rulebook.apply import apply
from auditor.rulebook.examples import valid
from auditor.rulebook.facts import Facts
from auditor.rulebook.functions import FUNCTIONS
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import RuleSet
from auditor.workbench.account import account
from auditor.workbench.ground import rule_named
from auditor.workbench.steps import Step
from tests.conftest import ROOT, Run

REPORTS = ROOT / "reports_in"
SENTENCES = yaml.safe_load((ROOT / "tests" / "sentences.yaml").read_text(encoding="utf-8"))
SUMS = REPORTS / "示例市示例区教育局2023年政府信息公开工作年度报告.docx"
PAIR = [REPORTS / f"示例县市场监督管理局{name}" for name in (
    "2023年政府信息公开工作年度报告.json", "2022年政府信息公开工作年度报告.txt")]  # fmt: skip


@pytest.mark.parametrize("case", SENTENCES, ids=lambda c: c["rule"])
def test_a_rule_in_one_sentence(case: dict, forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    rule = rule_named(ruleset, case["rule"])
    told = {lang: account(ruleset, rule, forms, lang).sentence for lang in ("zh", "en")}
    assert told == {"zh": case["zh"], "en": case["en"]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_function_has_its_phrase(lang: str) -> None:
    words = load(lang, "workbench")
    assert not [name for name in FUNCTIONS if not words.get(f"function.{name}", "")]


@pytest.mark.parametrize("part", ["workbench", "site"])
def test_both_languages_have_the_same_words(part: str) -> None:
    zh, en = (load(lang, part).phrases for lang in ("zh", "en"))
    assert zh.keys() == en.keys()
    for key, text in zh.items():
        if key.startswith("below."):
            continue  # these show the language itself, with braces of its own
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", en[key])), key


@pytest.fixture(scope="module")
def read(settings: Settings) -> list[Facts]:
    bound = [bind_one(Input(path), settings) for path in (SUMS, *PAIR)]
    assert all(isinstance(one, Bound) for one in bound)
    pairs = with_company(bound, (), settings)  # type: ignore[arg-type]
    return [facts_for(one.report, settings, company) for one, company in pairs]


def test_every_rule_explains_what_the_audit_says(
    forms: tuple[Form, ...], ruleset: RuleSet, read: list[Facts]
) -> None:
    """The outcome of every rule, and as many failing places as it has findings."""
    for facts in (*read, *(valid(f) for f in forms if f.id in ruleset.forms)):
        ready = {r.rule.id: r for r in prepare(ruleset, facts.form, facts.period)}
        for rule in ruleset.rules:
            told = account(ruleset, rule, forms, "zh", facts)
            if rule.id not in ready:
                assert told.outcome == "notApplicable"
                continue
            result = apply(ready[rule.id], facts)
            assert told.outcome == result.outcome, rule.id
            shown = [s.outcome for s in told.evaluation]
            for outcome in ("fail", "review", "open"):
                held = sum(f.outcome == outcome for f in result.findings)
                assert shown.count(outcome) == held, (rule.id, outcome)


def _all(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from _all(step.steps)


def test_every_value_has_its_place(
    forms: tuple[Form, ...], ruleset: RuleSet, read: list[Facts]
) -> None:
    told = account(ruleset, rule_named(ruleset, "A02"), forms, "zh", read[0])
    failing = next(s for s in told.evaluation if s.outcome == "fail")
    facts = {s.path: s for s in _all(failing.steps) if s.path}
    assert len(facts) == 22
    total = facts["applications.total.natural_person"]
    assert (total.value, total.place) == ("57", "第2张表27行4列")
    sides = [s.value for s in failing.steps[0].steps]
    assert sides == ["84", "57"]


def test_a_condition_that_cannot_be_judged_is_all_there_is(
    forms: tuple[Form, ...], ruleset: RuleSet
) -> None:
    """Nothing behind it is told as if it had been looked at."""
    base = valid(forms[-1])
    facts = replace(base, values={k: v for k, v in base.values.items() if k != "subject.kind"})
    told = account(ruleset, rule_named(ruleset, "C11"), forms, "zh", facts)
    assert told.outcome == "open"
    assert [s.outcome for s in told.evaluation] == ["open", ""]


def test_last_years_facts_are_told_as_such(
    forms: tuple[Form, ...], ruleset: RuleSet, read: list[Facts]
) -> None:
    told = account(ruleset, rule_named(ruleset, "Y01"), forms, "en", read[1])
    assert told.outcome == "pass"
    prior = [s for s in _all(told.evaluation) if s.prior and s.path]
    assert {s.path.rpartition(".")[0] for s in prior} == {"applications.carried_out"}


def test_what_must_be_hidden_is_hidden_in_every_rule(
    settings: Settings, forms: tuple[Form, ...], ruleset: RuleSet, tmp_path: Path
) -> None:
    data = json.loads(PAIR[0].read_text(encoding="utf-8"))
    secret = "110101199003070011"
    data["overview"]["text"] = f"王某，身份证{secret}。" + data["overview"]["text"]
    path = tmp_path / "r.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    bound = bind_one(Input(path), settings)
    assert isinstance(bound, Bound)
    facts = facts_for(bound.report, settings)
    outcomes = set()
    for rule in ruleset.rules:
        told = account(ruleset, rule, forms, "zh", facts)
        outcomes.add((rule.id, told.outcome))
        assert secret not in json.dumps(told.plain(), ensure_ascii=False), rule.id
    assert ("P01", "fail") in outcomes


def test_a_claim_lists_its_mentions(
    forms: tuple[Form, ...], ruleset: RuleSet, read: list[Facts]
) -> None:
    told = account(ruleset, rule_named(ruleset, "T01"), forms, "zh", read[0])
    mention = told.evaluation[0]
    assert mention.value == "文中的数 62"
    assert mention.steps[0].said == "可以是 本年新收"
    assert mention.steps[0].value == "62 ✓"
    assert len(told.evaluation) == 1  # several claims look at it, and it is told once


def test_a_claim_tells_why_a_figure_does_not_count(
    settings: Settings, forms: tuple[Form, ...], ruleset: RuleSet, tmp_path: Path
) -> None:
    data = json.loads(PAIR[0].read_text(encoding="utf-8"))
    data["overview"]["text"] = "2022年收到政府信息公开申请5件。"
    path = tmp_path / "r.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    bound = bind_one(Input(path), settings)
    assert isinstance(bound, Bound)
    told = account(
        ruleset, rule_named(ruleset, "T01"), forms, "zh", facts_for(bound.report, settings)
    )
    assert [step.value for step in told.evaluation] == ["不算：说的是别的时期"]


# ---- the command -------------------------------------------------------------------------------


def test_on_the_screen(auditor: Run) -> None:
    done = auditor("rules", "explain", "A02", SUMS, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "✗ 表三 · 自然人列  63 + 6 + 3 + 8 + 1 + 3 = 84 ≠ 57" in done.stdout
    assert "其余 7 格为 0" in done.stdout
    whole = auditor("rules", "explain", "A02", SUMS, "--all", cwd=ROOT).stdout
    assert "其余" not in whole
    assert len(whole) > 3 * len(done.stdout)


def test_as_json_and_markdown_in_english(auditor: Run) -> None:
    done = auditor("rules", "explain", "A01", "--format", "json", "--lang", "en")
    told = json.loads(done.stdout)
    assert told["says"].startswith("In every column")
    assert [e["expects"] for e in told["examples"]].count("pass") >= 3
    page = auditor("rules", "explain", "C02", PAIR[0], "-f", "markdown", "--lang", "en").stdout
    assert page.startswith("# C02 More disputes than applications handled\n")
    assert "## Step by step: " in page


def test_what_cannot_be_explained(auditor: Run, tmp_path: Path) -> None:
    done = auditor("rules", "explain", "A1")
    assert done.returncode == 2
    assert "A01" in done.stderr
    (tmp_path / "note.txt").write_text("今天开会。", encoding="utf-8")
    assert auditor("rules", "explain", "A01", tmp_path / "note.txt").returncode == 2
    assert auditor("rules", "explain", "A01", "-f", "parchment").returncode == 2
