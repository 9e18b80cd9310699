"""The papers that are handed out: the workbook, the notices, the checklist."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.model import Batch
from auditor.renderers import Options, load
from tests import audits
from tests.conftest import ROOT, Run

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
docx = pytest.importorskip("docx", reason="python-docx is not installed")
pytest.importorskip("docxtpl", reason="the extra `office` is not installed")

OPTIONS = Options(engine="0.1.0", as_of="2026-01-31")
WRONG = "示例市示例区教育局2023年政府信息公开工作年度报告.docx"
COLUMNS = ("一级指标", "二级指标", "评价标准", "问题明细", "整改结果")


def words(path: Path) -> str:
    return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)


def test_the_workbook_has_the_five_columns_and_stays_text() -> None:
    data = load("xlsx").render(Batch((audits.typo(), audits.hostile())), OPTIONS)
    book = openpyxl.load_workbook(io.BytesIO(data))
    heads = [
        [str(c.value) for c in row if c.value is not None]
        for sheet in book.worksheets
        for row in sheet.iter_rows(max_row=8)
    ]
    assert any(all(name in head for name in COLUMNS) for head in heads)
    assert any(sheet.freeze_panes for sheet in book.worksheets)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(c.data_type != "f" for c in row), sheet.title


def test_the_workbook_is_the_same_every_time() -> None:
    batch = Batch((audits.typo(),))
    assert load("xlsx").render(batch, OPTIONS) == load("xlsx").render(batch, OPTIONS)


def test_a_notice_tells_the_sum_and_never_what_is_right(auditor: Run, tmp_path: Path) -> None:
    done = auditor("notices", ROOT / "reports_in" / WRONG, "-o", tmp_path, "--due", "2024-03-01")
    assert done.returncode == 0, done.stderr
    (notice,) = [p for p in tmp_path.glob("*.docx") if "教育局" in p.name]
    text = words(notice)
    for part in ("示例市示例区教育局", "63 + 2 + 1 = 66 ≠ 39", "若只改一格", "63 → 36", "依据"):
        assert part in text
    assert "正确值是" not in text


def test_a_wrong_placeholder_is_named_before_anything_is_written(
    auditor: Run, tmp_path: Path
) -> None:
    template = docx.Document()
    template.add_paragraph("{{ bodyy }}")
    template.save(str(tmp_path / "own.docx"))
    out = tmp_path / "out"
    done = auditor(
        "notices", ROOT / "reports_in" / WRONG, "-o", out, "--template", tmp_path / "own.docx"
    )
    assert done.returncode == 2, done.stdout
    assert "bodyy" in done.stderr
    assert not list(out.glob("*.docx")) if out.exists() else True


def test_what_a_report_says_is_no_template() -> None:
    audit = audits.typo()
    subject = replace(audit.report.subject, name="{{ 7*7 }}县{% for x in y %}")
    told = {**audit.report.data, "title": "{{ 7*7 }}县年度报告"}
    hostile = replace(audit, report=replace(audit.report, subject=subject, data=told))
    data = load("checklist").render(Batch((hostile,)), OPTIONS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("word/document.xml").decode()
    assert "49县" not in text
    assert "7*7" in text
