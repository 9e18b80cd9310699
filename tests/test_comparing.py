"""rules diff: what an edit of the rules changes is what two whole audits would have shown."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from auditor.corpus.batch import audit_all
from auditor.form import Form
from auditor.pipeline import Input, Settings
from auditor.workbench.comparing import Comparison, compare
from auditor.workbench.revisions import edition as read_edition
from tests.conftest import ROOT, Run

NAMES = (
    "示例县市场监督管理局2023年政府信息公开工作年度报告.json",
    "示例县市场监督管理局2022年政府信息公开工作年度报告.txt",  # glued digits: reading leans on rules
    "云溪县住房和城乡建设局2023年政府信息公开工作年度报告.yaml",
    "云溪县交通运输局2023年政府信息公开工作年度报告.html",
    "云溪县柳河镇人民政府2023年政府信息公开工作年度报告.html",
    "云溪县城市管理局2023年政府信息公开工作报告.docx",
)
REPORTS = [ROOT / "reports_in" / name for name in NAMES]

EDITS: dict[str, tuple[str, str, str]] = {
    "nothing": ("arithmetic.yaml", "# 算术", "# 算术。"),
    "looser": ("arithmetic.yaml", "上年结转 = 办理总计 + 结转下年\n", "上年结转 >= 办理总计 + 结转下年\n"),
    "stricter": ("arithmetic.yaml", "现行有效 >= 制发 - 废止", "现行有效 >= 制发 + 废止 + 3"),
    "threshold": ("ruleset.yaml", "  总体情况字数下限:\n    值: {2019: 200}", "  总体情况字数下限:\n    值: {2019: 900}"),
    "severity": ("arithmetic.yaml", "  级别: 严重\n  依据: [表三注, 30号-四]\n  表: 申请\n  逐: 列\n  应当: 本",
        "  级别: 致命\n  依据: [表三注, 30号-四]\n  表: 申请\n  逐: 列\n  应当: 本",),
    "review": ("arithmetic.yaml", "  级别: 严重\n  依据: [30号-四]\n  表: 争议", "  级别: 严重\n  复核: 是\n  依据: [30号-四]\n  表: 争议"),
    "years": ("arithmetic.yaml", "  表: 争议\n  逐: 行\n", "  起: 2030\n  表: 争议\n  逐: 行\n"),
    "terms": ("ruleset.yaml", "  件: [件次, 件,", "  件: [件次,"),
    "grading": ("ruleset.yaml", "严重: 15,", "严重: 20,"),
}  # fmt: skip


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("rules")

    def copy(name: str) -> Path:
        target = folder / name / "ogi"
        if not target.exists():
            shutil.copytree(ROOT / "rules" / "ogi", target)
            file, old, new = EDITS[name]
            text = (target / file).read_text(encoding="utf-8")
            assert old in text, name
            (target / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return target

    return copy


edition = cache(read_edition)
"""Each edition is read once: a set of rules takes a second, and no test changes one that is read."""


def _compared(
    old: Path, new: Path, forms: tuple[Form, ...], paths: list[Path] = REPORTS
) -> Comparison:
    first, second = edition(str(old), forms), edition(str(new), forms)
    settings = Settings(forms, first.rules, as_of="2024-02-01")
    return compare(first, second, [Input(p) for p in paths], settings)


@cache
def _audited(folder: Path, forms: tuple[Form, ...]) -> dict:
    """Body and year → outcomes, letter, score: by a whole audit."""
    settings = Settings(forms, edition(str(folder), forms).rules, as_of="2024-02-01")
    return {
        (a.report.subject.name, a.report.period): (
            {r.rule: str(r.outcome) for r in a.results}, a.grade.letter, a.grade.score
        )
        for a in audit_all([Input(p) for p in REPORTS], settings).audits
    }  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_it_says_what_two_audits_would(
    name: str, forms: tuple[Form, ...], edited: Callable[[str], Path]
) -> None:
    found = _compared(ROOT / "rules" / "ogi", edited(name), forms)
    old, new = _audited(ROOT / "rules" / "ogi", forms), _audited(edited(name), forms)
    wanted = {key: (old[key], new[key]) for key in old}
    assert found.reports == len(wanted)
    harmless = {"pass", "notApplicable", None}
    expected, regraded = set(), {}
    for key, (before, after) in wanted.items():
        for rule in before[0].keys() | after[0].keys():
            pair = (before[0].get(rule), after[0].get(rule))
            if pair[0] != pair[1] and not set(pair) <= harmless:
                expected.add((key, rule, *pair))
        if before[1:] != after[1:]:
            regraded[key] = (before[1:], after[1:])
    told = {
        ((b.subject, b.period), t.rule, t.before or None, t.after or None)
        for b in found.bodies
        for t in b.turns
    }
    assert told == expected
    assert {
        (b.subject, b.period): ((b.before.letter, b.before.score), (b.after.letter, b.after.score))
        for b in found.bodies
        if b.regraded
    } == regraded
    assert bool(told or regraded) == (name != "nothing")


def test_kinds_of_change(forms: tuple[Form, ...], edited: Callable[[str], Path]) -> None:
    ogi, few = ROOT / "rules" / "ogi", REPORTS[3:4]
    assert _compared(ogi, edited("nothing"), forms, few).changed == {}
    looser = _compared(ogi, edited("looser"), forms, few)
    assert looser.changed == {"A01": "changed"}
    assert looser.counts()["A01"]["passing"] == 1
    back = _compared(edited("looser"), ogi, forms, few)
    assert back.counts()["A01"]["failing"] == 1
    assert _compared(ogi, edited("threshold"), forms, few).changed == {"Q07": "changed"}
    local = _compared(ogi, ROOT / "rules" / "ogi-local-example", forms, few)
    assert local.changed["L01"] == "added"
    assert local.changed["A12d"] == "removed"
    assert local.changed["S11"] == "weighed"


def test_what_cannot_be_read_any_more(forms: tuple[Form, ...], tmp_path: Path) -> None:
    """A rule that looks at a cell that this report has not: it was passed, now it is open."""
    source = ROOT / "rules" / "ogi"
    shutil.copytree(source, tmp_path / "ogi")
    path = tmp_path / "ogi" / "arithmetic.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("应当: 维持 + 纠正", "应当: 字数(导语) * 0 + 维持 + 纠正"), encoding="utf-8"
    )
    data = json.loads(next(p for p in REPORTS if p.suffix == ".json").read_text(encoding="utf-8"))
    data["opening"] = None
    (tmp_path / "r.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    found = _compared(source, tmp_path / "ogi", forms, [tmp_path / "r.json"])
    assert found.counts()["A04"]["unread"] == 1


def test_nothing_hidden_is_shown(forms: tuple[Form, ...], tmp_path: Path) -> None:
    secret = "110101199003070011"
    data = json.loads(next(p for p in REPORTS if p.suffix == ".json").read_text(encoding="utf-8"))
    data["overview"]["text"] = f"王某，身份证{secret}。" + data["overview"]["text"]
    (tmp_path / "r.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    shutil.copytree(ROOT / "rules" / "ogi", tmp_path / "ogi")
    extra = "- {编号: Z1, 名称: 甲, 依据: [30号-四], 忌用: [王某，身份证110101199003070011], 示例: {合格: [{}], 不合格: [{}]}}\n"
    path = tmp_path / "ogi" / "fees.yaml"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    found = _compared(ROOT / "rules" / "ogi", tmp_path / "ogi", forms, [tmp_path / "r.json"])
    turn = found.bodies[0].turns[0]
    assert (turn.rule, turn.kind) == ("Z1", "failing")
    assert turn.message is not None
    assert secret not in turn.message.zh


# ---- the command -------------------------------------------------------------------------------


def test_the_command_in_both_languages(auditor: Run, edited: Callable[[str], Path]) -> None:
    ogi, new = ROOT / "rules" / "ogi", edited("looser")
    corpus = ROOT / "reports_in" / "云溪县交通运输局2023年政府信息公开工作年度报告.html"
    done = auditor("rules", "diff", ogi, new, corpus)
    assert done.returncode == 0, done.stderr
    assert "A01 不合格 → 合格" in done.stdout
    graver = auditor("rules", "diff", ogi, edited("severity"), corpus)
    assert "85 良 → 60 差" in graver.stdout
    page = auditor("rules", "diff", ogi, new, corpus, "-f", "markdown", "--lang", "en").stdout
    assert "A01 fails → passes" in page
    data = json.loads(auditor("rules", "diff", ogi, new, corpus, "-f", "json").stdout)
    assert data["bodies"][0]["grade"]["after"]["letter"] == "良"  # the text is wrong as before
    assert data["rules"] == [{"rule": "A01", "change": "changed", "failing": 0, "passing": 1,
                              "unread": 0, "readable": 0, "review": 0, "settled": 0}]  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_revisions_of_a_repository(auditor: Run, tmp_path: Path) -> None:
    repository = tmp_path / "own"
    shutil.copytree(ROOT / "rules" / "ogi", repository / "regeln" / "ogi")

    def git(*arguments: str) -> None:
        own = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *own, *arguments], cwd=repository, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    git("tag", "v1")
    path = repository / "regeln" / "ogi" / "arithmetic.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("上年结转 = 办理", "上年结转 >= 办理", 1), encoding="utf-8")
    git("commit", "-qam", "two")
    corpus = next(p for p in REPORTS if p.suffix == ".json")
    more = ("-f", "json", "--rules", "regeln")
    done = auditor("rules", "diff", "v1", "HEAD", corpus, *more, cwd=repository)
    assert done.returncode == 0, done.stderr
    assert [r["rule"] for r in json.loads(done.stdout)["rules"]] == ["A01"]
    named = auditor("rules", "diff", "HEAD~1:regeln/ogi", "regeln/ogi", corpus, "-f", "json",
                    cwd=repository)  # fmt: skip
    assert [r["rule"] for r in json.loads(named.stdout)["rules"]] == ["A01"]
    for wrong in ("v9", "--output=x", "HEAD:nowhere"):
        done = auditor("rules", "diff", "HEAD", "--", wrong, corpus, cwd=repository)
        assert done.returncode == 2, done.stdout
        assert "Traceback" not in done.stderr


def test_a_broken_edit_is_told_before_any_report_is_read(
    auditor: Run, edited: Callable[[str], Path], tmp_path: Path
) -> None:
    shutil.copytree(edited("nothing"), tmp_path / "ogi")
    path = tmp_path / "ogi" / "arithmetic.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("本年新收 + 上年结转", "本年新手 + 上年结转", 1), encoding="utf-8")
    done = auditor("rules", "diff", ROOT / "rules" / "ogi", tmp_path / "ogi", REPORTS[0])
    assert done.returncode == 2
    assert "本年新手" in done.stderr


def test_what_fails_is_told_by_a_place_that_fails() -> None:
    from auditor.errors import Said
    from auditor.model import Finding, Outcome, Result, Severity
    from auditor.workbench.comparing import told

    unread = Finding("A01", Outcome.OPEN, Said("未能读取", "not read"), Said("甲", "a"))
    wrong = Finding("A01", Outcome.FAIL, Said("差 3", "off by 3"), Said("乙", "b"))
    result = Result("A01", Outcome.FAIL, Severity.MAJOR, (unread, wrong))
    assert told(result) == wrong.message
