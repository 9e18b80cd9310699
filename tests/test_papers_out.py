"""The papers that are handed out: the workbook, the notices, the checklist."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from auditor.model import Batch
from auditor.renderers import Options, load
from auditor.templates import FOLDER
from tests import audits
from tests.conftest import ROOT, Run

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
docx = pytest.importorskip("docx", reason="python-docx is not installed")
pytest.importorskip("docxtpl", reason="the extra `office` is not installed")

OPTIONS = Options(engine="0.1.0", as_of="2026-01-31")
CLEAN = "示例县市场监督管理局2023年政府信息公开工作年度报告.json"
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


def test_last_years_report_gets_no_letter(auditor: Run, tmp_path: Path) -> None:
    """What lies beside the reports to be compared with is neither written to nor counted."""
    text = (ROOT / "reports_in" / CLEAN).read_text("utf-8")
    data = json.loads(text)
    data["applications"]["granted"]["total"] = 99
    this = json.dumps(data, ensure_ascii=False)
    (tmp_path / "this.json").write_text(this, "utf-8")
    (tmp_path / "last.json").write_text(this.replace("2023", "2022"), "utf-8")
    (tmp_path / "other.json").write_text(this.replace("市场监督管理局", "水利局"), "utf-8")
    done = auditor("notices", tmp_path, "-o", tmp_path / "out")
    assert "1 份是其他年度（2022）" in done.stdout
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert all("2022" not in name for name in names)
    assert len(names) == 3
    assert "共审核报告2份" in words(tmp_path / "out" / "通报.docx")
    auditor("notices", tmp_path, "-o", tmp_path / "old", "--year", "2022")
    assert any("2022" in p.name for p in (tmp_path / "old").iterdir())


def test_the_circular_knows_the_roster_and_letters_the_waivers(
    auditor: Run, tmp_path: Path
) -> None:
    report = tmp_path / "r.docx"
    report.write_bytes((ROOT / "reports_in" / WRONG).read_bytes())
    roster = "单位:\n  - 单位: 示例市示例区教育局\n  - 单位: 示例市示例区林业局\n"
    (tmp_path / "roster.yaml").write_text(roster, "utf-8")
    waived = tmp_path / "waivers.yaml"
    for rule in ("A02", "A03"):
        done = auditor(
            "waivers", "add", waived, report, "--rule", rule, "--reason", "已更正", "--owner", "张三",
            "--approved-by", "批1号", "--expires", "2024-06-30", "--as-of", "2024-02-01",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    auditor("notices", tmp_path, "-o", out, "--waivers", waived, "--as-of", "2024-02-01")
    assert [p.name for p in out.iterdir()] == ["通报.docx"]
    assert "示例市示例区林业局" in words(out / "通报.docx")


def test_one_slip_cites_each_law_once(auditor: Run, tmp_path: Path) -> None:
    auditor("notices", ROOT / "reports_in" / WRONG, "-o", tmp_path)
    text = words(next(p for p in tmp_path.iterdir() if "教育局" in p.name))
    assert text.count("国办公开办函〔2021〕30号第四部分：内容不准确、不全面") == 1
    assert "。；" not in text


def test_what_a_run_wrote_is_no_report_for_the_next(auditor: Run, tmp_path: Path) -> None:
    """Outputs beside the reports are named and nothing else: neither judged nor unread."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.json").write_bytes((ROOT / "reports_in" / CLEAN).read_bytes())
    (folder / "b.docx").write_bytes((ROOT / "reports_in" / WRONG).read_bytes())
    kinds = {"html": "html", "xlsx": "xlsx", "checklist": "docx", "gitlab": "json", "json": "json",
             "markdown": "md", "terminal": "txt"}  # fmt: skip
    outputs = [f"{kind}={folder}/{kind}.{suffix}" for kind, suffix in kinds.items()]
    auditor("audit", folder, *(word for output in outputs for word in ("-f", output)))
    auditor("baseline", "write", folder / "baseline.json", folder)
    auditor("notices", folder, "-o", folder)
    (folder / "b.docx").unlink()
    done = auditor("audit", folder, "-f", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["audits"]) == 1
    assert {r["kind"] for r in found["refused"]} == {"own-output"}
    assert len(found["refused"]) == len(kinds) + 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_command_showed_of_a_report_is_no_second_report(
    auditor: Run, tmp_path: Path, lang: str
) -> None:
    """Redirected into the folder, whatever the file is called."""
    report = tmp_path / "r.docx"
    report.write_bytes((ROOT / "reports_in" / WRONG).read_bytes())
    shown = {
        "listed.txt": ("inspect", report), "places.md": ("inspect", "--places", report),
        "told.txt": ("numbers", report), "why.txt": ("rules", "explain", "A02", report),
        "audit.txt": ("audit", report), "audits.txt": ("audit", report, "-f", "json"),
    }  # fmt: skip
    for step in ("document", "report", "facts"):
        shown[f"{step}.txt"] = shown[f"{step}.json"] = ("audit", report, "--stop-after", step)
    for name, command in shown.items():
        text = auditor(*command, "--lang", lang).stdout
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = json.loads(auditor("audit", tmp_path, "-f", "json").stdout)
    assert len(found["audits"]) == 1
    kinds = {r["source"].rpartition("/")[2]: r["kind"] for r in found["refused"]}
    assert kinds.pop("why.txt") == "not-a-report"
    assert set(kinds) == set(shown) - {"why.txt"}
    assert set(kinds.values()) == {"own-output"}


def test_the_mark_of_our_papers_hides_no_report(auditor: Run, tmp_path: Path) -> None:
    document = docx.Document(str(ROOT / "reports_in" / WRONG))
    document.core_properties.keywords = "auditor-output"
    document.save(str(tmp_path / "marked.docx"))
    assert auditor("audit", tmp_path / "marked.docx").returncode == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("paper", ["notice", "circular", "checklist"])
def test_a_template_is_what_its_text_says(paper: str, lang: str) -> None:
    """And no page break stands by itself: on a full page it would leave an empty one."""
    from auditor.templates.make import made

    texts = yaml.safe_load((FOLDER / f"{lang}.yaml").read_text(encoding="utf-8"))
    with (
        zipfile.ZipFile(FOLDER / f"{paper}.{lang}.docx") as kept,
        zipfile.ZipFile(io.BytesIO(made(paper, texts[paper]))) as anew,
    ):
        body = kept.read("word/document.xml")
        assert body == anew.read("word/document.xml")
    assert b'w:type="page"' not in body
    breaks = sum("break" in entry for entry in texts[paper])
    assert body.count(b"<w:pageBreakBefore/>") == breaks


@pytest.mark.parametrize(
    ("reports", "sharing", "told"),
    [
        (2, [2, 1], [2]),
        (20, [3, 2, 1], [3, 2]),
        (21, [3, 2], [3, 2]),
        (41, [3, 2], [3]),  # one in twenty, to the next whole report
        (200, [10, 9], [10]),
        (30, [*range(30, 10, -1)], [*range(30, 18, -1)]),  # twelve at most
    ],
)
def test_what_many_reports_share(reports: int, sharing: list[int], told: list[int]) -> None:
    from auditor.renderers._papers.facts import _common
    from auditor.renderers._papers.voice import voice

    audit = audits.folder().audits[0]
    failures = [("A01", (audit,) * many) for many in sharing]
    found = _common(failures, [audit] * reports, voice("zh"))
    assert [one["count"] for one in found] == told
