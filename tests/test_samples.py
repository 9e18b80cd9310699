"""The samples: they come out of their sources unchanged, and what is said of them is true.

Nothing of the auditor is used here. The arithmetic is done by hand on truth.json, so that it can
bear witness for or against the auditor.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[1]
REPORTS_IN = ROOT / "reports_in"
SAMPLES = ROOT / "tests" / "samples"
TRUTH: dict[str, dict[str, Any]] = json.loads((REPORTS_IN / "truth.json").read_text("utf-8"))
REPORTS = {name: facts for name, facts in TRUTH.items() if "verdict" not in facts}
SOURCES = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((SAMPLES / "sources").glob("*.yaml"))
}
APART = ("new", "carried_in", "total", "carried_out")
ARITHMETIC = frozenset({"A01", "A02", "A03", "A04", "A09", "C13"})
Failures = set[tuple[str, str]]

each_report = pytest.mark.parametrize("name", REPORTS)
each_source = pytest.mark.parametrize("stem", SOURCES)


def test_made_again_byte_for_byte(tmp_path: Path) -> None:
    command = [sys.executable, str(SAMPLES / "make.py"), "--into", str(tmp_path)]
    subprocess.run(command, check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in REPORTS_IN.iterdir()}
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == []


def test_truth_covers_the_folder() -> None:
    assert {path.name for path in REPORTS_IN.iterdir()} == {*TRUTH, "truth.json"}


@each_report
def test_sums_break_where_planted_and_nowhere_else(name: str) -> None:
    facts = REPORTS[name]
    cells = {path: float(value or 0) for path, value in facts["cells"].items()}
    planted = {(d["rule"], d["where"]) for d in facts["defects"] if d["rule"] in ARITHMETIC}
    assert broken(cells) == planted


@each_report
def test_cells_are_cells_of_the_form(name: str) -> None:
    facts = REPORTS[name]
    schema = _schema(facts["form"])
    strangers = [path for path in facts["cells"] if not _is_cell(schema, path)]
    assert strangers == []


@each_report
def test_a_fault_in_a_cell_is_told_by_its_right_value(name: str) -> None:
    facts = REPORTS[name]
    causes = [d for d in facts["defects"] if "cause" in d]
    assert [d for d in causes if facts["cells"][d["cause"]] == d["meant"]] == []


def test_carry_over_between_years() -> None:
    """Two bodies hand over what the next year takes up; the third does not."""
    years = {(facts["subject"], facts["period"]): facts for facts in REPORTS.values()}
    pairs = [
        (years[body, year - 1], now)
        for (body, year), now in years.items()
        if (body, year - 1) in years
    ]
    wrong = {}
    for before, now in pairs:
        planted = {d["where"] for d in now["defects"] if d["rule"] == "Y01"}
        found = _not_handed_over(before["cells"], now["cells"])
        assert found == planted
        wrong[now["subject"]] = bool(found)
    assert sorted(wrong.values()) == [False, False, True]


@each_source
def test_text_agrees_with_the_tables(stem: str) -> None:
    """What the text says in the usual words; faults in the text are planted by a T rule."""
    source = SOURCES[stem]
    facts = next(facts for facts in REPORTS.values() if facts["source"] == stem)
    faults = {d["rule"] for d in facts["defects"]}
    said = list(_said(source["overview"], facts["cells"]))
    wrong = {rule for rule, number, lawful in said if number not in lawful}
    assert said
    assert wrong == faults & {"T01", "T02", "T03", "T06", "T09", "T17"}


@each_source
def test_length_of_the_text(stem: str) -> None:
    source = SOURCES[stem]
    text = "".join(str(source.get(key, "")) for key in ("overview", "problems", "others"))
    if len(source["defects"]) < 10:
        assert 380 <= len(text) <= 1200


@pytest.mark.parametrize("name", [n for n in REPORTS if n.endswith((".json", ".yaml"))])
def test_data_follow_the_schema(name: str) -> None:
    data = yaml.safe_load((REPORTS_IN / name).read_text("utf-8"))
    errors = Draft202012Validator(_schema(REPORTS[name]["form"])).iter_errors(data)
    assert [error.message for error in errors] == []


def test_every_input_format_is_there() -> None:
    suffixes = {Path(name).suffix for name in REPORTS}
    assert suffixes == {".docx", ".html", ".txt", ".md", ".json", ".yaml"}
    pages = [path.read_bytes() for path in REPORTS_IN.glob("*.html")]
    assert sum(b"charset=gb18030" in page for page in pages) == 1
    assert {facts["verdict"] for facts in TRUTH.values() if "verdict" in facts} == {
        "template",
        "old-form",
        "not-a-report",
        "broken",
    }


@pytest.mark.parametrize("name", [name for name in TRUTH if name.endswith(".docx")])
def test_word_files_are_zips_unless_broken(name: str) -> None:
    whole = zipfile.is_zipfile(REPORTS_IN / name)
    assert whole == (TRUTH[name].get("verdict") != "broken")


# --- arithmetic, by hand ---------------------------------------------------------------------


def broken(cells: dict[str, float]) -> Failures:
    """The identities that the printed cells break, a blank counted as 0."""
    return {*_columns(cells), *_rows(cells), *_disputes(cells), *_in_force(cells)}


def _columns(cells: dict[str, float]) -> Iterator[tuple[str, str]]:
    for column in sorted({path.rpartition(".")[2] for path in _table_three(cells)}):
        new, old, total, left = (cells[f"applications.{row}.{column}"] for row in APART)
        results = [
            value
            for path, value in _table_three(cells).items()
            if path.endswith(f".{column}") and path.split(".")[1] not in APART
        ]
        if new + old != total + left:
            yield "A01", f"applications.*.{column}"
        if sum(results) != total:
            yield "A02", f"applications.total.{column}"
        if new + old == 0 and any([*results, total, left]):
            yield "C13", f"applications.*.{column}"


def _rows(cells: dict[str, float]) -> Iterator[tuple[str, str]]:
    rows: dict[str, dict[str, float]] = {}
    for path, value in _table_three(cells).items():
        row, _, column = path.rpartition(".")
        rows.setdefault(row, {})[column] = value
    for row, values in rows.items():
        if sum(values.values()) - values["total"] != values["total"]:
            yield "A03", row


def _disputes(cells: dict[str, float]) -> Iterator[tuple[str, str]]:
    for kind in ("review", "direct_litigation", "litigation_after_review"):
        values = [value for path, value in cells.items() if path.startswith(f"disputes.{kind}.")]
        total = cells[f"disputes.{kind}.total"]
        if sum(values) - total != total:
            yield "A04", f"disputes.{kind}.total"


def _in_force(cells: dict[str, float]) -> Iterator[tuple[str, str]]:
    for kind in ("rules", "normative_documents"):
        row = f"disclosure.{kind}"
        if f"{row}.in_force" not in cells:
            continue
        if cells[f"{row}.in_force"] < cells[f"{row}.made"] - cells[f"{row}.repealed"]:
            yield "A09", row


def _table_three(cells: dict[str, float]) -> dict[str, float]:
    return {path: value for path, value in cells.items() if path.startswith("applications.")}


def _not_handed_over(before: dict[str, Any], now: dict[str, Any]) -> set[str]:
    columns = [path.rpartition(".")[2] for path in now if path.startswith("applications.new.")]
    return {
        f"applications.carried_in.{column}"
        for column in columns
        if before[f"applications.carried_out.{column}"] != now[f"applications.carried_in.{column}"]
    }


# --- what the text says ----------------------------------------------------------------------


def _said(text: str, cells: dict[str, Any]) -> Iterator[tuple[str, int, set[int]]]:
    """Rule, number told, and the numbers that would be right."""

    def total(row: str) -> int:
        return int(cells[f"{row}.total"] or 0)

    suits = [total(f"disputes.{kind}") for kind in ("direct_litigation", "litigation_after_review")]
    usual = [
        ("T01", r"(?:收到|新收)政府信息公开申请(\d+)[件条]", {total("applications.new")}),
        ("T01", r"(未|没有)收到政府信息公开申请", {total("applications.new")}),
        ("T02", r"办结(\d+)件", {total("applications.total")}),
        ("T03", r"上年结转的?(\d+)件", {total("applications.carried_in")}),
        ("T03", r"结转下年度(?:继续办理)?(\d+)件", {total("applications.carried_out")}),
        ("T03", r"另有(\d+)件[^。]*结转下年度", {total("applications.carried_out")}),
        ("T06", r"予以公开(\d+)件", {total("applications.granted")}),
        ("T09", r"行政复议(\d+)件", {total("disputes.review")}),
        ("T09", r"行政诉讼(\d+)件", {sum(suits), *suits}),
    ]
    for rule, pattern, lawful in usual:
        for found in re.finditer(pattern, text):
            number = found[1]
            yield rule, int(number) if number.isdigit() else 0, lawful
    for whole, parts in re.findall(r"信息共?(\d+)条，(?:其中|包括)?([^；。]+)", text):
        told = [int(part) for part in re.findall(r"(\d+)条", parts)]
        if len(told) > 1:
            yield "T17", sum(told), {int(whole)}


# --- the forms -------------------------------------------------------------------------------


def _schema(form: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(
        (ROOT / "schemas" / f"{form}.schema.json").read_text("utf-8")
    )
    return schema


def _is_cell(schema: dict[str, Any], path: str) -> bool:
    node = schema
    for key in path.split("."):
        node = node.get("properties", {}).get(key, {})
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return "type" in node and "properties" not in node
