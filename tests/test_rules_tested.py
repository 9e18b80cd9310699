"""`rules test`: case files, what examples cover, and running again on every save."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from auditor.errors import RulesError, UsageError
from auditor.form import Form
from auditor.rulebook.load import load_rules
from auditor.rulebook.rule import RuleSet
from auditor.workbench.cases import load_cases, wrong_in
from auditor.workbench.testing import run_all, watched
from tests.conftest import ROOT, Run

SMALL = ROOT / "tests" / "mistakes"
CASES = """- 名称: 收多办少
  报告: {申请.本年新收.总计: 3, 申请.本年新收.自然人: 3, 总体情况: 收到申请3件。}
  应得:
    A01: {结果: 不合格, 差: 3, 处: [自然人, 总计], 处数: 2, 说明: 新收 3}
    A02: 合格
    其余: 合格
- name: other words
  report: {applications.new.total: 3, overview: 收到申请3件。}
  expect: {A01: fail, rest: pass}
"""


def wrong(folder: Path, text: str, forms: tuple[Form, ...]) -> list[str]:
    (folder / "c.yaml").write_text(text, "utf-8")
    rules = load_rules(SMALL)
    return [m.shown() for case in load_cases(folder, rules, forms) for m in wrong_in(case, rules)]


def test_cases_hold(tmp_path: Path, forms: tuple[Form, ...]) -> None:
    assert wrong(tmp_path, CASES, forms) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("差: 3", "差: 2", 4, "差应为 2，是 3"),
        ("[自然人, 总计]", "[总计]", 4, "处应为 总计"),
        ("处数: 2", "处数: 1", 4, "处数应为 1，是 2"),
        ("说明: 新收 3", "说明: 新收 4", 4, "说明应含"),
        ("A02: 合格", "A02: 待核", 5, "A02 应为“待核”，结果是“合格”"),
        ("总体情况: 收到申请3件。", "总体情况: 收到申请4件。", 6, "T01 应为“合格”，结果是“不合格”"),
    ],
)
def test_a_case_that_does_not_hold_is_told_at_its_line(
    old: str, new: str, line: int, says: str, tmp_path: Path, forms: tuple[Form, ...]
) -> None:
    [told] = wrong(tmp_path, CASES.replace(old, new, 1), forms)
    assert f"c.yaml:{line}:" in told
    assert says in told


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  应得:", "  应的:", "没有这个键"),
        ("A02: 合格", "A20: 合格", "没有规则"),
        ("A02: 合格", "A02: 通过", "结果不能是"),
        ("申请.本年新收.总计: 3", "申请.本年新手.总计: 3", "没有这个名称"),
        ("报告: {申请.本年新收.总计: 3, 申请", "文件: x.docx\n  报告: {申请", "其一"),
    ],
)
def test_mistakes_in_case_files_are_told(
    old: str, new: str, says: str, tmp_path: Path, forms: tuple[Form, ...]
) -> None:
    (tmp_path / "c.yaml").write_text(CASES.replace(old, new, 1), "utf-8")
    with pytest.raises(RulesError) as error:
        load_cases(tmp_path, load_rules(SMALL), forms)
    assert says in error.value.shown()


def test_a_document_may_be_a_case_but_no_path_is_followed(
    tmp_path: Path, forms: tuple[Form, ...], ruleset: object
) -> None:
    name = "示例县市场监督管理局2023年政府信息公开工作年度报告.json"
    shutil.copy(ROOT / "reports_in" / name, tmp_path / name)
    case = f"- 名称: 文件\n  文件: {name}\n  应得: {{A01: 合格}}\n"
    assert wrong(tmp_path, case, forms) == []
    for other in ("../x.json", "/etc/passwd", "no.json"):
        with pytest.raises(RulesError):
            wrong(tmp_path, case.replace(name, other), forms)


def test_no_case_files_is_no_success(tmp_path: Path, forms: tuple[Form, ...]) -> None:
    with pytest.raises(UsageError):
        load_cases(tmp_path, load_rules(SMALL), forms)


def test_coverage_names_what_nothing_reaches(tmp_path: Path, forms: tuple[Form, ...]) -> None:
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    missed = run_all(folder, forms, cover=True).coverage
    assert missed is not None
    assert {(b.rule, b.key, b.value) for b in missed.missed} == {
        ("A02", "when", False),
        ("A02", "except", True),
        ("A03", "when", False),
    }
    assert missed.silent == ()
    rules = folder / "rules.yaml"
    more = "    不适用: [{机关.类别: 街道办事处}]\n"
    rules.write_text(rules.read_text("utf-8").replace(
        "    不合格: [{年度: 2023, 发布日期: \"2024-02-01\"}]\n",
        "    不合格: [{年度: 2023, 发布日期: \"2024-02-01\"}]\n" + more), "utf-8")  # fmt: skip
    then = run_all(folder, forms, cover=True).coverage
    assert then is not None
    assert len(then.missed) == 2
    assert then.share > missed.share


def test_watching_runs_again_when_a_file_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1", "utf-8")
    runs: list[str] = []
    look = threading.Thread(
        target=watched, args=([tmp_path], lambda: runs.append(file.read_text("utf-8"))),
        kwargs={"once": True}, daemon=True,
    )  # fmt: skip
    look.start()
    while not runs:
        time.sleep(0.01)
    file.write_text("a: 22", "utf-8")
    look.join(10)
    assert runs == ["a: 1", "a: 22"]


def test_the_floor_decides_the_status(auditor: Run) -> None:
    done = auditor("rules", "test", "--rules", SMALL, "--least", 50)
    assert done.returncode == 0, done.stdout
    assert "全部成立" in done.stdout
    done = auditor("rules", "test", "--rules", SMALL, "--least", 100)
    assert done.returncode == 1
    assert "A03  适用 从未为假" in done.stdout


def test_the_cases_in_the_guide_hold(
    tmp_path: Path, forms: tuple[Form, ...], ruleset: RuleSet
) -> None:
    guide = (ROOT / "rules" / "LANGUAGE.md").read_text("utf-8")
    [block] = [b for b in guide.split("```yaml\n")[1:] if b.startswith("- 名称: ")]
    (tmp_path / "c.yaml").write_text(block.partition("```")[0], "utf-8")
    [case] = load_cases(tmp_path, ruleset, forms)
    told = [m.said.zh for m in wrong_in(case, ruleset)]
    assert [t for t in told if " A01 " in t or " T04 " in t] == []
