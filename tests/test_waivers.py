"""Waivers: what they cover, what voids them, what is wrong with them, and the file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.corpus import audit_all
from auditor.decisions import Waiver
from auditor.errors import RulesError
from auditor.gather import Input
from auditor.model import Audit, Finding, Outcome, Severity
from auditor.pipeline import Settings
from auditor.verdict import verdict
from auditor.waivers import entry, load, load_text
from tests.conftest import ROOT, Run

CLEAN = ROOT / "reports_in" / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"
DAY = "2024-02-01"


def report(**cells: object) -> bytes:
    """The clean report with cells changed: `new__natural_person=18`."""
    data = json.loads(CLEAN.read_text(encoding="utf-8"))
    for path, value in cells.items():
        row, column = path.split("__")
        data["applications"][row][column] = value
    return json.dumps(data, ensure_ascii=False).encode()


def audited(settings: Settings, *waivers: Waiver, as_of: str = DAY, **cells: object) -> Audit:
    set_up = replace(settings, waivers=waivers, as_of=as_of)
    batch = audit_all([Input(Path("r.json"), report(**cells))], set_up)
    assert not batch.faults, batch.faults[0].trace
    return batch.audits[0]


@pytest.fixture(scope="module")
def wrong(settings: Settings) -> dict[str, object]:
    """Cells that break a sum, whichever the clean report's numbers are."""
    data = json.loads(CLEAN.read_text(encoding="utf-8"))
    return {"new__natural_person": data["applications"]["new"]["natural_person"] + 1}


def failing(audit: Audit) -> list[Finding]:
    return [f for r in audit.results for f in r.findings if f.outcome is Outcome.FAIL]


def waiver_of(audit: Audit, finding: Finding, **more: object) -> Waiver:
    name, period = audit.report.subject.name, audit.report.period
    assert name
    assert period
    made = Waiver(
        finding.rule, name, period, finding.fingerprint, (finding.value_key,), "2024-12-31",
        "原件如此", "张三", "批1号", origin="w.yaml:1",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def waivers_for(settings: Settings, cells: dict[str, object], **more: object) -> list[Waiver]:
    audit = audited(settings, **cells)
    return [waiver_of(audit, f, **more) for f in failing(audit)]


def status(audit: Audit) -> int:
    from auditor.model import Batch

    return verdict(Batch((audit,)), Severity.MAJOR).status


def ids(audit: Audit) -> set[str]:
    return {r.rule for r in audit.results if r.rule.startswith("W")}


def test_a_finding_that_quotes_a_secret_can_be_waived_as_it_is_shown(settings: Settings) -> None:
    def look(*waivers: Waiver) -> Audit:
        data = json.loads(CLEAN.read_text(encoding="utf-8"))
        data["overview"]["text"] += "申请人电话13800138000等收到政府信息公开申请99件。"
        set_up = replace(settings, waivers=waivers, as_of=DAY)
        return audit_all([Input(Path("r.json"), json.dumps(data).encode())], set_up).audits[0]

    before = look()
    quoting = next(f for f in failing(before) if f.rule == "T01")
    assert "138****8000" in quoting.message.zh
    after = look(waiver_of(before, quoting))
    assert [f.waiver for r in after.results for f in r.findings if f.rule == "T01"] != [None]
    assert not ids(after)


def test_a_waived_finding_stands_but_counts_for_nothing(
    settings: Settings, wrong: dict[str, object]
) -> None:
    bare = audited(settings, **wrong)
    assert status(bare) == 1
    waived = audited(settings, *waivers_for(settings, wrong), **wrong)
    assert status(waived) == 0
    assert [f.outcome for f in failing(waived)] == [f.outcome for f in failing(bare)]
    assert all(f.waiver and "原件如此" in f.waiver for f in failing(waived))
    assert waived.grade == replace(audited(settings).grade, evaluated=waived.grade.evaluated)
    assert bare.grade.deductions
    assert ids(waived) == set()


def test_a_changed_value_voids_it(settings: Settings, wrong: dict[str, object]) -> None:
    waivers = waivers_for(settings, wrong)
    other = {"new__natural_person": int(str(wrong["new__natural_person"])) + 1}
    audit = audited(settings, *waivers, **other)
    assert status(audit) == 1
    assert not any(f.waiver for f in failing(audit))
    assert ids(audit) == {"W02"}


def test_a_mended_report_leaves_it_unused(settings: Settings, wrong: dict[str, object]) -> None:
    audit = audited(settings, *waivers_for(settings, wrong))
    assert ids(audit) == {"W03"}
    assert status(audit) == 0
    assert audit.grade == audited(settings).grade


@pytest.mark.parametrize(
    ("changes", "as_of", "rule"),
    [
        ({}, "2025-01-01", "W01"),
        ({"reason": " "}, DAY, "W04"),
        ({"owner": ""}, DAY, "W04"),
        ({"approved_by": ""}, DAY, "W04"),
        ({"expires": "2025-02-02"}, DAY, "W05"),
        ({"approved_on": "2023-12-01"}, DAY, "W05"),
        ({"approved_on": "2024-02-02"}, DAY, "W07"),
    ],
)
def test_what_is_wrong_with_a_waiver_takes_its_effect(
    settings: Settings, wrong: dict[str, object], changes: dict[str, str], as_of: str, rule: str
) -> None:
    waivers = waivers_for(settings, wrong, **changes)
    audit = audited(settings, *waivers, as_of=as_of, **wrong)
    assert ids(audit) == {rule}
    assert not any(f.waiver for f in failing(audit))
    assert status(audit) == 1
    assert audit.rules.rules[rule].family == "W"


def test_the_last_day_still_counts(settings: Settings, wrong: dict[str, object]) -> None:
    audit = audited(settings, *waivers_for(settings, wrong), as_of="2024-12-31", **wrong)
    assert status(audit) == 0


def test_some_rules_can_never_be_waived(settings: Settings, wrong: dict[str, object]) -> None:
    waivers = waivers_for(settings, wrong)
    names = {w.rule for w in waivers}
    strict = [replace(r, waivable=False) if r.id in names else r for r in settings.rules.rules]
    rules = settings.rules
    import copy

    hard = copy.copy(rules)
    object.__setattr__(hard, "rules", tuple(strict))
    audit = audited(replace(settings, rules=hard), *waivers, **wrong)
    assert ids(audit) == {"W06"}
    assert status(audit) == 1


def test_a_fatal_rule_cannot_be_waived_unless_it_says_so(settings: Settings) -> None:
    rule = settings.rules.rules[0]
    assert not replace(rule, severity=Severity.FATAL).info().waivable
    assert replace(rule, severity=Severity.FATAL, waivable=True).info().waivable
    assert replace(rule, severity=Severity.MAJOR).info().waivable
    assert not replace(rule, severity=Severity.MINOR, waivable=False).info().waivable


def test_a_waiver_is_for_one_body_year_and_place(
    settings: Settings, wrong: dict[str, object]
) -> None:
    (one, *_) = waivers_for(settings, wrong)
    for other in (
        replace(one, subject="示例县水利局"),
        replace(one, period=2022),
        replace(one, scope="0" * 16),
        replace(one, value_keys=("0" * 16,)),
        replace(one, rule="A12a"),
    ):
        assert not any(f.waiver for f in failing(audited(settings, other, **wrong)))


def test_a_whole_rule_is_waived_only_for_the_values_that_were_seen(
    settings: Settings, wrong: dict[str, object]
) -> None:
    audit = audited(settings, **wrong)
    rules = {f.rule for f in failing(audit)}
    whole = [
        waiver_of(
            audit, next(f for f in failing(audit) if f.rule == rule), scope="rule",
            value_keys=tuple(f.value_key for f in failing(audit) if f.rule == rule),
        )
        for rule in sorted(rules)
    ]  # fmt: skip
    assert status(audited(settings, *whole, **wrong)) == 0
    more = {**wrong, "granted__natural_person": 9999}
    assert status(audited(settings, *whole, **more)) == 1


def test_what_could_not_be_read_is_not_waived(settings: Settings) -> None:
    audit = audited(settings, new__natural_person=None)
    opened = [f for r in audit.results for f in r.findings if f.outcome is Outcome.OPEN]
    assert opened
    waivers = [waiver_of(audit, f) for f in opened]
    again = audited(settings, *waivers, new__natural_person=None)
    assert not any(f.waiver for r in again.results for f in r.findings)
    assert ids(again) == {"W03"}


def test_the_longest_span_is_the_rule_sets(settings: Settings, wrong: dict[str, object]) -> None:
    waivers = waivers_for(settings, wrong, expires="2024-03-31")
    shorter = replace(settings, longest_waiver=30)
    assert ids(audited(shorter, *waivers, **wrong)) == {"W05"}
    longer = replace(settings, longest_waiver=3000)
    late = waivers_for(settings, wrong, expires="2026-03-31")
    assert ids(audited(longer, *late, **wrong)) == {"W05"}


# --- the file -----------------------------------------------------------------------------------

ENTRY = """- rule: A01
  subject: 示例县水利局
  period: 2023
  scope: "0123456789abcdef"
  value_key: "0123456789abcdef"
  reason: 原件如此
  owner: 张三
  approved_by: 批1号
  expires: 2024-12-31
"""
CHINESE = """最长天数: 90
豁免:
  - 规则: A01
    单位: 示例县水利局
    年度: 2023
    范围: 整条规则
    数值指纹: ["0123456789abcdef", "fedcba9876543210"]
    理由: 原件如此
    责任人: 张三
    批准: 批1号
    批准日期: 2024-01-01
    到期: 2024-03-01
"""


def test_a_file_is_read_in_both_languages() -> None:
    (one,) = load_text(ENTRY, "w.yaml", ["A01"]).waivers
    assert (one.rule, one.period, one.origin) == ("A01", 2023, "w.yaml:1")
    found = load_text(CHINESE, "w.yaml", ["A01"])
    assert found.longest_days == 90
    assert found.waivers[0].scope == "rule"
    assert len(found.waivers[0].value_keys) == 2
    assert load_text("", "w.yaml", []).waivers == ()
    assert load_text("waivers:\n", "w.yaml", []).waivers == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("owner", "ower", 7, "owner"),
        ("A01", "A1", 1, "A01"),
        ("2024-12-31", "31.12.2024", 9, "2025-06-30"),
        ("2024-12-31", "2024-02-30", 9, "2024-02-30"),
        ("  expires: 2024-12-31\n", "", 1, "expires"),
        ('scope: "0123456789abcdef"', "scope: all", 4, "rule"),
        ('value_key: "0123456789abcdef"', "value_key: x", 5, "value_key"),
        ("period: 2023", "period: 两千", 3, "above 0"),
        ("period: 2023", "period: [", 3, "bracket"),
        ("- rule", "rule", 2, "indentation"),
    ],
)
def test_a_mistake_is_shown_in_its_line(old: str, new: str, line: int, says: str) -> None:
    with pytest.raises(RulesError) as caught:
        load_text(ENTRY.replace(old, new, 1), "w.yaml", ["A01", "A02"])
    shown = caught.value.shown("en")
    assert f"w.yaml:{line}:" in shown
    assert "^" in shown
    assert says in shown


@pytest.mark.parametrize(
    "text", ['"', "a: b # c", "\u2028\x85\x07\ud83d\ude00", "- x\n- y", "!tag"]
)
def test_an_entry_is_read_back_whatever_it_holds(text: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    made = Waiver("A01", text, 2023, "0" * 16, ("1" * 16,), "2024-12-31", text, text, text)
    (back,) = load_text(entry(made, text), "w", ["A01"]).waivers
    assert replace(back, origin="") == made


# --- the command --------------------------------------------------------------------------------


def test_the_command_adds_what_lets_a_report_pass(
    auditor: Run, tmp_path: Path, wrong: dict[str, object]
) -> None:
    (tmp_path / "r.json").write_bytes(report(**wrong))
    found = json.loads(auditor("audit", "r.json", "-f", "json").stdout)["audits"][0]["results"]
    rules = [r["rule"] for r in found if r["outcome"] == "fail"]
    told = ("--reason", "原件如此", "--owner", "张三", "--expires", "2024-12-31", "--as-of", DAY)
    for rule in rules:
        done = auditor(
            "waivers", "add", "w.yaml", "r.json", "--rule", rule, "--approved-by", "1号", *told
        )
        assert done.returncode == 0, done.stderr
    assert len(load(tmp_path / "w.yaml", rules).waivers) >= len(rules)
    done = auditor("audit", "r.json", "--waivers", "w.yaml", "--as-of", DAY)
    assert done.returncode == 0, done.stdout
    failing = next(
        line for line in done.stdout.splitlines() if "待复核" in line and "未能读取" in line
    )
    failing = re.sub(r"\s", "", failing)
    assert "✗不合格0" in failing
    assert f"豁免{len(rules)}" in failing
    assert (
        auditor("audit", "r.json", "--waivers", "w.yaml", "--as-of", "2025-01-01").returncode == 1
    )
    none = auditor(
        "waivers", "add", "w.yaml", "r.json", "--rule", "S01", "--approved-by", "1号", *told
    )
    assert none.returncode == 2


def test_a_broken_file_stops_everything_and_a_stranger_is_told(
    auditor: Run, tmp_path: Path
) -> None:
    (tmp_path / "w.yaml").write_text(ENTRY.replace("owner", "ower"), encoding="utf-8")
    done = auditor("audit", "no-such-file.docx", "--waivers", "w.yaml")
    assert done.returncode == 2
    assert "w.yaml:7:" in done.stderr
    assert auditor("audit", CLEAN, "--waivers", "nowhere.yaml").returncode == 2
    (tmp_path / "w.yaml").write_text(ENTRY, encoding="utf-8")
    done = auditor("audit", CLEAN, "--waivers", "w.yaml")
    assert done.returncode == 0
    assert "示例县水利局" in done.stdout
    shown = json.loads(auditor("audit", CLEAN, "--waivers", "w.yaml", "-f", "json").stdout)
    assert len(shown["notes"]) == 1
