"""rules new: every kind of rule, from answers to an entry whose examples hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from auditor.commands._asking import Answered, matching
from auditor.errors import UsageError
from auditor.form import Form
from auditor.renderers.words import load
from auditor.rulebook.examples import check_examples
from auditor.rulebook.rule import RuleSet
from auditor.workbench.composing import _alone, composed
from auditor.workbench.drafts import SHAPES, Pen
from auditor.workbench.interview import Known, interview
from auditor.workbench.layout import laid_out
from tests.conftest import ROOT, Run

CASES = yaml.safe_load((ROOT / "tests" / "new_rules.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def newest(forms: tuple[Form, ...]) -> Form:
    return next(form for form in forms if form.id == "ogi-2021")


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_an_entry_with_examples_that_hold(
    case: dict, forms: tuple[Form, ...], newest: Form, ruleset: RuleSet
) -> None:
    lang = case.get("lang", "zh")
    pen = Pen(load(lang, "workbench"), newest)
    asked = Answered(case["answers"], None, pen.words)
    entry = composed(interview(asked, ruleset, newest, lang), ruleset, forms, pen)
    text = entry.text(pen)
    for line in case["lines"]:
        assert line in text.splitlines(), text
    alone = _alone(entry, ruleset, pen)
    assert check_examples(alone, forms) == 2
    passing, failing = (e.edits for e in alone.rules[0].examples)
    assert failing
    assert passing or case["answers"]["kind"] in ("filled", "zero")
    assert laid_out(text, "x") == text


def test_every_kind_has_a_case() -> None:
    assert {case["answers"]["kind"] for case in CASES} == set(SHAPES)


def test_what_cannot_be_answered(forms: tuple[Form, ...], newest: Form, ruleset: RuleSet) -> None:
    words = load("zh", "workbench")
    for answers, told in (
        ({"kind": "most"}, "number"),
        ({"kind": "parchment"}, "parchment"),
        ({"kind": "zero", "number": "申请.本年新手.总计"}, "申请.本年新收.总计"),
        ({"kind": "zero", "number": "申请.本年新收.总计"}, "title"),
    ):
        with pytest.raises(UsageError) as refused:
            interview(Answered(answers, None, words), ruleset, newest, "zh")
        assert told in refused.value.said.zh
    # What is always true has no failing example: it says so instead of writing it.
    answers = {"kind": "free", "expression": "1 = 1", "title": "甲", "basis": "乙"}
    pen = Pen(words, newest)
    with pytest.raises(UsageError):
        composed(
            interview(Answered(answers, None, words), ruleset, newest, "zh"), ruleset, forms, pen
        )


def test_names_are_found_by_a_few_characters(newest: Form) -> None:
    known = [Known(name, newest.labels.get(path, "")) for name, path in newest.names.items()]
    assert matching("新收 总计", known)[0].name == "申请.本年新收.总计"
    assert matching("申请.本年新收.总计", known)[0].name == "申请.本年新收.总计"
    assert "申请.本年新收.总计" in [k.name for k in matching("申请.本年新手.总计", known)]
    assert matching("天", known[:3]) == []


# ---- the command -------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A small rule set of one's own, with the forms beside it."""
    shutil.copytree(ROOT / "rules" / "ogi-local-example", tmp_path / "rules" / "mine")
    shutil.copytree(ROOT / "rules" / "ogi", tmp_path / "rules" / "ogi")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    return tmp_path / "rules" / "mine"


def test_a_person_is_asked(auditor: Run, own: Path) -> None:
    typed = ["一个数不得大于另一个数", "", "新收 总计", "1", "结转下年 总计", "1",
             "新收不多于结转", "本市通知", "严重", "", "", ""]  # fmt: skip
    done = auditor("rules", "new", "--rules", own, input="\n".join(typed) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "表三 · 一、本年新收政府信息公开申请数量 · 总计" in done.stdout
    text = (own / "local.yaml").read_text(encoding="utf-8")
    assert "\n- 编号: L05\n  名称: 新收不多于结转\n  级别: 严重\n" in text
    assert laid_out(text, "x") == text
    assert auditor("rules", "test", "--rules", own).returncode == 0


def test_a_slip_does_not_cost_the_other_answers(auditor: Run, own: Path) -> None:
    before = {p.name: p.read_bytes() for p in own.iterdir()}
    typed = ["一个数不得大于另一个数", "", "新收 总计", "1", "结转下年 总计", "1",
             "新收不多于结转", "本市通知", "严重", "L01",
             "没有 这个 =", "没有这个数 > 0", "申请.本年新收.总计 > 0", ""]  # fmt: skip
    done = auditor("rules", "new", "--rules", own, input="\n".join(typed) + "\n")
    assert done.returncode == 2  # the id is taken
    assert done.stdout.count("不能这样答") == 2  # what is no condition is asked again at once
    assert {p.name: p.read_bytes() for p in own.iterdir()} == before
    answers = done.stdout.rpartition("--answers")[2].partition("\n")[2]
    assert "when: 申请.本年新收.总计 > 0" in answers
    (own.parent / "answers.yaml").write_text(answers.replace("L01", "L77"), encoding="utf-8")
    again = auditor("rules", "new", "--rules", own, "--answers", own.parent / "answers.yaml")
    assert again.returncode == 0, again.stderr
    text = (own / "local.yaml").read_text(encoding="utf-8")
    assert "\n- 编号: L77\n  名称: 新收不多于结转\n  级别: 严重\n" in text


def test_answers_from_a_file_into_a_new_file(auditor: Run, own: Path) -> None:
    answers = "kind: zero\nnumber: 争议.直接起诉.总计\ntitle: 不得直接起诉\nbasis: 本市通知\n"
    more = ("--set", "severity=一般", "--into", own / "more.yaml")
    done = auditor("rules", "new", "--rules", own, "--answers", "-", *more, input=answers)
    assert done.returncode == 0, done.stderr
    text = (own / "more.yaml").read_text(encoding="utf-8")
    assert text.startswith(
        "# yaml-language-server: $schema=../../schemas/rule.schema.json\n- 编号:"
    )
    before = {p.name: p.read_bytes() for p in own.iterdir()}
    again = auditor("rules", "new", "--rules", own, "--answers", "-", "--set", "id=L01", "--into",
                    own / "more.yaml", input=answers)  # fmt: skip
    assert again.returncode == 2  # the id is taken: nothing is left behind
    assert "L01" in again.stderr
    assert {p.name: p.read_bytes() for p in own.iterdir()} == before
    dry = auditor("rules", "new", "--rules", own, "--answers", "-", "--dry-run", input=answers)
    assert dry.returncode == 0
    assert {p.name: p.read_bytes() for p in own.iterdir()} == before
