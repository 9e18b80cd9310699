"""Versions of rule sets: which one judges a report, what a change asks of the version number."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import RulesError, UsageError
from auditor.form import Form
from auditor.rulebook.editions import find_ruleset, number
from auditor.rulebook.load import load_rules
from auditor.workbench.changelog import Step, changelog, needed, taken
from auditor.workbench.freezing import freeze
from auditor.workbench.revisions import Edition
from tests.conftest import ROOT, Run

CLEAN = ROOT / "reports_in" / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"
Edit = Callable[..., Path]


@pytest.fixture
def copy(tmp_path: Path) -> Edit:
    """A copy of the default rules under another name, edited: file, old, new …"""

    def edited(name: str, *edits: tuple[str, str, str]) -> Path:
        target = tmp_path / "rules" / name
        shutil.copytree(ROOT / "rules" / "ogi", target)
        for file, old, new in edits:
            text = (target / file).read_text(encoding="utf-8")
            assert old in text, old
            (target / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return target

    return edited


def _version(new: str) -> tuple[str, str, str]:
    return ("ruleset.yaml", '版本: "0.1.0"', f"版本: {new}")


@pytest.mark.parametrize("version", ['"1"', '"1.0"', '"v1.0.0"', '"1.0.0-beta"', '"01.0.0"'])
def test_a_version_is_semantic(copy: Edit, version: str) -> None:
    with pytest.raises(RulesError) as told:
        load_rules(copy("ogi", _version(version)))
    assert told.value.mistakes[0].line == 3


# ---- which edition judges ----------------------------------------------------------------------


def _judged_by(auditor: Run, rules: Path, report: Path, *more: str) -> tuple[str, int]:
    done = auditor("audit", report, "--rules", rules, "-f", "json", *more)
    assert done.returncode in (0, 1), done.stderr
    audit = json.loads(done.stdout)["audits"][0]
    return audit["rules"]["version"], len(audit["results"])


def test_the_edition_of_the_reports_year(auditor: Run, copy: Edit, tmp_path: Path) -> None:
    """The set in force says from which year on; reports of before are judged by the one before."""
    old = copy("ogi@0.1.0")
    new = copy(
        "ogi", _version('"0.2.0"\n起: 2024'), ("fees.yaml", "- 编号: F01\n", "- 编号: F00\n")
    )
    assert find_ruleset(tmp_path / "rules") == new
    for rules in (tmp_path / "rules", new):
        assert _judged_by(auditor, rules, CLEAN)[0] == "0.1.0"
    data = json.loads(CLEAN.read_text(encoding="utf-8"))
    data["period"] = 2024
    later = tmp_path / "later.json"
    later.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert _judged_by(auditor, new, later)[0] == "0.2.0"
    assert _judged_by(auditor, new, CLEAN, "--rules-version", "0.2.0")[0] == "0.2.0"
    assert _judged_by(auditor, new, later, "--rules-version", "0.1.0")[0] == "0.1.0"
    done = auditor("audit", CLEAN, "--rules", new, "--rules-version", "9.9.9")
    assert done.returncode == 2
    assert "0.1.0, 0.2.0" in done.stderr
    assert load_rules(old).until is None


def test_workers_judge_each_year_by_its_edition(auditor: Run, copy: Edit, tmp_path: Path) -> None:
    """The same audits as in one process, also when they are known from before."""
    copy("ogi@0.1.0")
    new = copy(
        "ogi", _version('"0.2.0"\n起: 2024'), ("fees.yaml", "- 编号: F01\n", "- 编号: F00\n")
    )
    folder = tmp_path / "reports"
    folder.mkdir()
    for year in range(2021, 2026):
        data = json.loads(CLEAN.read_text(encoding="utf-8")) | {"period": year}
        text = json.dumps(data, ensure_ascii=False)
        (folder / f"{year}.json").write_text(text, encoding="utf-8")

    def audits(*options: object) -> list[dict]:
        done = auditor("audit", folder, "--rules", new, "-f", "json", *options)
        return json.loads(done.stdout)["audits"]

    alone, divided, again = audits(), audits("--jobs", 2), audits("--jobs", 2)
    versions = {a["report"]["period"]: a["rules"]["version"] for a in divided}
    assert versions == dict.fromkeys(range(2021, 2024), "0.1.0") | {2024: "0.2.0", 2025: "0.2.0"}
    assert alone == divided == again


def test_without_years_the_newest_judges_all(auditor: Run, copy: Edit) -> None:
    copy("ogi@0.1.0")
    new = copy("ogi", _version('"0.2.0"'))
    assert _judged_by(auditor, new, CLEAN)[0] == "0.2.0"


def test_a_report_of_2021_audited_today_is_held_to_the_rules_of_2021(auditor: Run) -> None:
    """C07 begins with 2024, F01 with 2020, thresholds and citations have their years."""
    data = json.loads(CLEAN.read_text(encoding="utf-8"))
    data["period"] = 2021
    done = auditor("audit", "-", "-f", "json", input=json.dumps(data, ensure_ascii=False))
    outcomes = {r["rule"]: r["outcome"] for r in json.loads(done.stdout)["audits"][0]["results"]}
    assert outcomes["C07"] == "notApplicable"
    assert outcomes["F01"] != "notApplicable"


def test_versions_are_ordered_as_numbers() -> None:
    assert number("1.10.0") > number("1.9.0") > number("0.99.99") > number("x")


# ---- replaced rules ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  止: 2023\n  取代者: A09\n", None),
        ("  止: 2023\n  取代者: A99\n", "A99"),
        ("  取代者: A09\n", "止"),
    ],
)
def test_a_replaced_rule_has_an_end_and_a_heir(copy: Edit, line: str, said: str | None) -> None:
    edit = ("arithmetic.yaml", "- 编号: A04\n", f"- 编号: A04\n{line}")
    if said is None:
        rule = next(r for r in load_rules(copy("ogi", edit)).rules if r.id == "A04")
        assert (rule.until, rule.replaced_by) == (2023, "A09")
        return
    with pytest.raises(RulesError) as told:
        load_rules(copy("ogi", edit))
    assert said in told.value.mistakes[0].said.zh


# ---- changelog ---------------------------------------------------------------------------------

_A01 = "上年结转 = 办理总计 + 结转下年\n"
CHANGES: dict[str, tuple[list[tuple[str, str, str]], Step]] = {
    "nothing": ([], Step.NONE),
    "a comment": ([("arithmetic.yaml", "# 算术", "# 算术。")], Step.NONE),
    "words": ([("arithmetic.yaml", "逐项核对该列四个数", "核对该列四个数")], Step.PATCH),
    "an example": ([("arithmetic.yaml", "      - {}\n", "      - {}\n      - {年度: 2023}\n")], Step.PATCH),
    "another sum": ([("arithmetic.yaml", _A01, "上年结转 >= 办理总计 + 结转下年\n")], Step.MAJOR),
    "later": ([("arithmetic.yaml", "- 编号: A01\n", "- 编号: A01\n  起: 2022\n")], Step.MINOR),
    "a condition": ([("arithmetic.yaml", "- 编号: A01\n", "- 编号: A01\n  适用: 年度 > 2021\n")], Step.MINOR),
    "milder": ([("arithmetic.yaml", "级别: 严重", "级别: 一般")], Step.MINOR),
    "graver": ([("arithmetic.yaml", "级别: 严重", "级别: 致命")], Step.MAJOR),
    "for review": ([("arithmetic.yaml", "- 编号: A01\n", "- 编号: A01\n  复核: 是\n")], Step.MINOR),
    "a threshold": ([("ruleset.yaml", "金额小数位上限:\n    值: {2019: 6}", "金额小数位上限:\n    值: {2019: 5}")], Step.MAJOR),
    "a threshold of a review": ([("ruleset.yaml", "值: {2019: 60%}", "值: {2019: 50%}")], Step.MINOR),
    "harder points": ([("ruleset.yaml", "一般: 3", "一般: 5")], Step.MAJOR),
    "softer points": ([("ruleset.yaml", "一般: 3", "一般: 2")], Step.MINOR),
    "one rule less": ([("fees.yaml", "- 编号: F01\n", "- 编号: F00\n")], Step.MAJOR),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_change_asks_for(name: str, copy: Edit) -> None:
    edits, wanted = CHANGES[name]
    old = Edition("old", load_rules(ROOT / "rules" / "ogi"))
    found = changelog(old, Edition("new", load_rules(copy("ogi", *edits))), "zh")
    assert found.asks is wanted, found.lines
    assert found.enough is (wanted is Step.NONE)
    versioned = copy("ogi2", *edits, _version('"0.2.0"'))
    assert changelog(old, Edition("new", load_rules(versioned)), "zh").enough


def test_steps_of_versions() -> None:
    assert taken("1.2.3", "2.0.0") is Step.MAJOR
    assert taken("1.2.3", "1.3.0") is Step.MINOR
    assert taken("1.2.3", "1.2.4") is Step.PATCH
    assert taken("1.2.3", "1.2.3") is taken("1.2.3", "1.2.2") is Step.NONE
    assert needed(Step.MAJOR, "0.9.0") is Step.MINOR
    assert needed(Step.MAJOR, "1.0.0") is Step.MAJOR


def test_the_command_says_whether_the_version_is_enough(auditor: Run, copy: Edit) -> None:
    sum_ = ("arithmetic.yaml", _A01, "上年结转 >= 办理总计 + 结转下年\n")
    ogi, new = ROOT / "rules" / "ogi", copy("new", sum_)
    done = auditor("rules", "changelog", ogi, new)
    assert done.returncode == 1
    assert "升得不够" in done.stdout
    assert "[主版本号] A01 收到与办理应当平衡：改写" in done.stdout
    again = copy("again", sum_, _version('"0.2.0"'))
    page = auditor("rules", "changelog", ogi, again, "-f", "markdown", "--lang", "en")
    assert page.returncode == 0
    assert page.stdout.startswith("## ogi 0.2.0\n")
    data = json.loads(auditor("rules", "changelog", ogi, again, "-f", "json").stdout)
    assert (data["asks"], data["needed"], data["enough"]) == ("major", "minor", True)


# ---- freezing ----------------------------------------------------------------------------------


def test_a_version_is_kept_with_what_it_extends(
    copy: Edit, tmp_path: Path, forms: tuple[Form, ...]
) -> None:
    copy("ogi")
    local = tmp_path / "rules" / "local"
    shutil.copytree(ROOT / "rules" / "ogi-local-example", local)
    made = freeze(local)
    assert [path.name for path in made] == ["ogi@0.1.0", "local@0.1.0"]
    assert freeze(local) == []
    frozen = load_rules(made[-1])
    shutil.rmtree(tmp_path / "rules" / "ogi")
    assert load_rules(made[-1]).digest == frozen.digest  # it leans on nothing that still changes
    assert find_ruleset(tmp_path / "rules").name == "ogi@0.1.0"
    with pytest.raises(UsageError):
        freeze(tmp_path)
