"""The gate: the least grade, the last line, and outputs that overwrite nothing."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.model import Batch, Severity
from auditor.outputs import write_file
from auditor.rulebook.rule import RuleSet
from auditor.session import least_grade_of
from auditor.verdict import LeastGrade, verdict
from tests import audits
from tests.conftest import ROOT, Run
from tests.test_waivers import CLEAN, report

LETTERS = ("优", "良", "中", "差")


@pytest.mark.parametrize(
    ("least", "status"),
    [
        (LeastGrade("差", None, LETTERS), 0),
        (LeastGrade("良", None, LETTERS), 0),
        (LeastGrade("优", None, LETTERS), 1),
        (LeastGrade("60", Decimal(60)), 0),
        (LeastGrade("99.5", Decimal("99.5")), 1),
    ],
)
def test_a_grade_below_the_least_fails(least: LeastGrade, status: int) -> None:
    batch = Batch((replace(audits.typo(), results=()),))
    assert batch.audits[0].grade.letter == "良"
    found = verdict(batch, Severity.MAJOR, least_grade=least)
    assert found.status == status
    assert (least.text in found.said.zh) == bool(status)


def test_no_grade_does_not_reach_any() -> None:
    batch = Batch((replace(audits.ungraded(), results=()),))
    assert verdict(batch, Severity.MAJOR).status == 0
    for least in (LeastGrade("差", None, LETTERS), LeastGrade("0", Decimal(0))):
        assert verdict(batch, Severity.MAJOR, least_grade=least).status == 3


def test_the_least_grade_is_a_word_of_the_sheet_or_points(ruleset: RuleSet) -> None:
    assert least_grade_of(None, ruleset) is None
    assert least_grade_of("75", ruleset) == LeastGrade("75", Decimal(75))
    good = least_grade_of("good", ruleset)
    assert good == least_grade_of("良", ruleset)
    with pytest.raises(UsageError):
        least_grade_of("B+", ruleset)


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "github", "gitlab", "csv", "markdown"])
def test_the_reason_is_on_stderr_where_the_output_is_for_machines(
    name: str, auditor: Run, tmp_path: Path
) -> None:
    (tmp_path / "r.json").write_bytes(report(new__natural_person=9999))
    done = auditor("audit", "r.json", "-f", name, "--lang", "en")
    assert done.returncode == 1
    last = done.stderr.rstrip("\n").splitlines()
    assert last == ["1 of 1 report(s) fail a rule of severity major or above"]


def test_lines_of_a_json_report_are_told(auditor: Run, tmp_path: Path) -> None:
    data = json.loads(report(new__natural_person=9999))
    (tmp_path / "r.json").write_text(json.dumps(data, ensure_ascii=False, indent=2), "utf-8")
    run = json.loads(auditor("audit", "r.json", "-f", "sarif").stdout)["runs"][0]
    lines = (tmp_path / "r.json").read_text(encoding="utf-8").splitlines()
    seen = 0
    for result in run["results"]:
        for place in result.get("relatedLocations", ()):
            name = place["logicalLocations"][0].get("fullyQualifiedName", "")
            region = place["physicalLocation"].get("region")
            if name == "applications.new.natural_person" and region:
                line = lines[region["startLine"] - 1]
                assert line[region["startColumn"] - 1 :].startswith("9999")
                seen += 1
    assert seen


# --- outputs ------------------------------------------------------------------------------------


def test_an_input_is_never_overwritten(auditor: Run, tmp_path: Path) -> None:
    shutil.copy(CLEAN, tmp_path / "r.json")
    before = (tmp_path / "r.json").read_bytes()
    (tmp_path / "link.json").symlink_to("r.json")
    (tmp_path / "r.json.corrections.yaml").write_text("", encoding="utf-8")
    for output in (
        "r.json",
        "./r.json",
        tmp_path / "r.json",
        "link.json",
        "r.json.corrections.yaml",
    ):
        (tmp_path / "r.json.corrections.yaml").write_text("", encoding="utf-8")
        for words in (["-f", "json", "-o", output], ["-f", f"sarif={output}"]):
            done = auditor("audit", "r.json", *words)
            assert done.returncode == 2, (words, done.stdout)
    assert (tmp_path / "r.json").read_bytes() == before
    assert (tmp_path / "r.json.corrections.yaml").read_bytes() == b""


def test_rules_forms_and_settings_are_never_overwritten(auditor: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    (tmp_path / "w.yaml").write_text("", encoding="utf-8")
    own = ("--rules", "rules", "--schemas", "schemas", "--waivers", "w.yaml")
    for output in ("rules/ogi/ruleset.yaml", "schemas/ogi-2021.schema.json", "w.yaml"):
        before = (tmp_path / output).read_bytes()
        done = auditor("audit", CLEAN, *own, "-f", "json", "-o", output)
        assert done.returncode == 2, done.stdout
        assert (tmp_path / output).read_bytes() == before
    done = auditor("audit", CLEAN, "-f", "json=a.out", "-f", "sarif=./a.out")
    assert done.returncode == 2


def test_an_earlier_output_is_replaced_whole_and_no_rest_is_left(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"x" * 10_000)
    write_file(tmp_path / "out", b"new")
    assert (tmp_path / "out").read_bytes() == b"new"
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError):
        write_file(tmp_path / "folder", b"new")
    with pytest.raises(UsageError):
        write_file(tmp_path / "none" / "out", b"new")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "out"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_device_is_written_to_and_not_replaced() -> None:
    null = Path(os.devnull)
    write_file(null, b"x")
    assert not null.is_file()
