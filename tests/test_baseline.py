"""Baselines: new, mended, still there; no fault hides behind one that was mended."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from auditor import baseline
from auditor.corpus import audit_all
from auditor.errors import UsageError
from auditor.gather import Input
from auditor.json_text import to_bytes
from auditor.model import Batch, Severity
from auditor.pipeline import Settings
from auditor.verdict import verdict
from tests.conftest import Run
from tests.test_waivers import report


def run(settings: Settings, **cells: object) -> Batch:
    return audit_all([Input(Path("r.json"), report(**cells))], settings)


@pytest.fixture(scope="module")
def number() -> int:
    return int(json.loads(report())["applications"]["new"]["natural_person"])


def checked(settings: Settings, old: Batch, new: Batch, tmp_path: Path) -> Batch:
    """Through the file, as a user does it."""
    file = tmp_path / "b.json"
    file.write_bytes(to_bytes(baseline.content(baseline.taken(old, "b.json"), old)))
    return baseline.compared(new, baseline.load(file))


def told(batch: Batch) -> dict[str, int]:
    return {k: v for k, v in baseline.counts(batch).items() if v}


def test_what_was_known_does_not_fail_again(
    settings: Settings, number: int, tmp_path: Path
) -> None:
    bad = run(settings, new__natural_person=number + 1)
    known = len([f for r in bad.audits[0].results for f in r.findings])
    again = checked(settings, bad, bad, tmp_path)
    assert told(again) == {"still": known}
    assert verdict(bad, Severity.MAJOR).status == 1
    assert verdict(again, Severity.MAJOR).status == 0
    assert f"未改 {known}" in verdict(again, Severity.MAJOR).said.zh


def test_what_was_mended_is_told(settings: Settings, number: int, tmp_path: Path) -> None:
    bad = run(settings, new__natural_person=number + 1)
    known = len([f for r in bad.audits[0].results for f in r.findings])
    good = checked(settings, bad, run(settings), tmp_path)
    assert told(good) == {"mended": known}
    assert {p.state for p in good.audits[0].past} == {"mended"}


def test_the_same_place_with_other_values_is_new(
    settings: Settings, number: int, tmp_path: Path
) -> None:
    bad = run(settings, new__natural_person=number + 1)
    other = checked(settings, bad, run(settings, new__natural_person=number + 2), tmp_path)
    counts = told(other)
    assert set(counts) == {"new", "changed"}
    assert counts["new"] == counts["changed"]
    assert verdict(other, Severity.MAJOR).status == 1
    assert "新增的" in verdict(other, Severity.MAJOR).said.zh


def test_what_cannot_be_judged_now_is_not_mended(
    settings: Settings, number: int, tmp_path: Path
) -> None:
    bad = run(settings, new__natural_person=number + 1)
    blank = checked(settings, bad, run(settings, new__natural_person=None), tmp_path)
    assert "mended" not in told(blank)
    assert told(blank)["unjudged"]
    assert verdict(blank, Severity.MAJOR).status == 3


def test_a_clean_baseline_knows_nothing(settings: Settings, number: int, tmp_path: Path) -> None:
    bad = checked(settings, run(settings), run(settings, new__natural_person=number + 1), tmp_path)
    assert set(told(bad)) == {"new"}
    assert verdict(bad, Severity.MAJOR).status == 1


def test_another_body_or_year_is_not_known(settings: Settings, number: int, tmp_path: Path) -> None:
    bad = run(settings, new__natural_person=number + 1)
    audit = bad.audits[0]
    other = replace(bad, audits=(replace(audit, report=replace(audit.report, period=2022)),))
    compared = checked(settings, bad, other, tmp_path)
    assert set(told(compared)) == {"new"}
    assert len(compared.notes) == 1


def test_the_same_finding_twice_is_known_once(settings: Settings, number: int) -> None:
    bad = run(settings, new__natural_person=number + 1)
    audit = bad.audits[0]
    twice = tuple(replace(r, findings=r.findings * 2) for r in audit.results)
    known = baseline.taken(bad, "b")
    compared = baseline.compared(replace(bad, audits=(replace(audit, results=twice),)), known)
    counts = told(compared)
    assert counts["new"] == counts["still"]
    pair = baseline.taken(replace(bad, audits=(audit, audit)), "b")
    assert [len(k.findings) for k in pair.reports.values()] == [counts["still"]]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "baseline/2"}', '{"schema": "baseline/1", "reports": [1]}',
             '{"schema": "baseline/1", "reports": [{"subject": 1, "period": 1, "findings": []}]}',
             "[" * 100_000],
)  # fmt: skip
def test_what_is_no_baseline_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        baseline.load(tmp_path / "b.json")


# --- the command --------------------------------------------------------------------------------


def test_write_check_and_diff(auditor: Run, tmp_path: Path, number: int) -> None:
    (tmp_path / "old.json").write_bytes(report(new__natural_person=number + 1))
    (tmp_path / "new.json").write_bytes(report())
    assert auditor("baseline", "write", "b.json", "old.json").returncode == 0
    still = auditor("baseline", "check", "b.json", "old.json")
    assert still.returncode == 0, still.stdout
    assert "未改" in still.stdout
    mended = auditor("baseline", "diff", "old.json", "new.json")
    assert mended.returncode == 0, mended.stdout
    assert "已改" in mended.stdout
    worse = auditor("baseline", "diff", "new.json", "old.json", "-f", "json", "--lang", "en")
    assert worse.returncode == 1
    shown = json.loads(worse.stdout)
    assert shown["baseline"] == "new.json"
    changes = {f.get("change") for r in shown["audits"][0]["results"] for f in r["findings"]}
    assert changes == {"new"}
    assert worse.stderr.startswith("compared with new.json: ")


def test_a_baseline_is_written_with_the_roster_that_it_is_checked_with(
    auditor: Run, tmp_path: Path
) -> None:
    """What a body is decides which rules are for it: both must know the same of it."""
    (tmp_path / "in").mkdir()
    content = json.loads(report())
    (tmp_path / "in" / "r.json").write_bytes(to_bytes(content))
    roster = f"单位:\n  - {{单位: {content['subject']['name']}, 类别: 人民政府}}\n"
    (tmp_path / "in" / "roster.yaml").write_text(roster, encoding="utf-8")
    (tmp_path / "elsewhere.yaml").write_text(roster, encoding="utf-8")
    for place, more in (("in", ()), ("in/r.json", ("--roster", "elsewhere.yaml"))):
        alone = auditor("baseline", "write", "b.json", "in/r.json", "--quiet")
        other = json.loads((tmp_path / "b.json").read_bytes())["reports"]
        done = auditor("baseline", "write", "b.json", place, "--quiet", *more)
        assert (alone.returncode, done.returncode) == (0, 0), done.stderr
        assert json.loads((tmp_path / "b.json").read_bytes())["reports"] != other
        checked = auditor("baseline", "check", "b.json", place, "-f", "json", *more)
        shown = json.loads(checked.stdout)["audits"][0]["results"]
        assert {f.get("change") for r in shown for f in r["findings"]} == {"still"}


def test_no_other_file_is_taken_for_a_baseline(auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_bytes(report())
    (tmp_path / "other.json").write_bytes(report())
    assert auditor("baseline", "write", "r.json", "r.json").returncode == 2
    assert auditor("baseline", "write", "other.json", "r.json").returncode == 2
    assert (tmp_path / "other.json").read_bytes() == report()
    assert auditor("baseline", "check", "nowhere.json", "r.json").returncode == 2
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    assert auditor("baseline", "diff", "broken.json", "r.json").returncode == 2
    assert auditor("baseline", "write", "b.json", "broken.json").returncode == 2
    assert not (tmp_path / "b.json").exists()


def test_of_two_versions_of_one_report_only_one_has_the_fault(
    settings: Settings, number: int, tmp_path: Path
) -> None:
    """The other file has not mended anything; a real mend is told once."""
    good, bad = report(), report(new__natural_person=number + 1)
    both = [Input(tmp_path / "a.json", good), Input(tmp_path / "b.json", bad)]
    batch = audit_all(both, settings)
    known = sum(len(r.findings) for a in batch.audits for r in a.results)
    assert known
    assert told(checked(settings, batch, batch, tmp_path)) == {"still": known}
    mended = audit_all([both[0], Input(tmp_path / "b.json", good)], settings)
    found = told(checked(settings, batch, mended, tmp_path))
    faults = sum(len(r.findings) for r in batch.audits[1].results if r.outcome.value == "fail")
    assert found["mended"] >= faults
    assert sum(found.values()) <= known
