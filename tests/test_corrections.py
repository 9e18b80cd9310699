"""What was read can be looked at, written out, put right by hand and audited again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.extraction import report_bytes, to_yaml
from auditor.model import Refusal, Report
from auditor.pipeline import Bound, Input, Settings, bind_document, judge, read_document
from auditor.rulebook.source import load_yaml
from tests.conftest import ROOT, Run
from tests.round_trip import samples, written
from tests.test_cli import BAD, CLEAN, CLEAN_WORD

WRONG = "applications.granted.natural_person"


def corrected(folder: Path, value: object = 36, digest: str = "", path: str = WRONG) -> Path:
    """A copy of the bad sample with its one wrong cell corrected beside it."""
    import hashlib

    copy = folder / "r.docx"
    shutil.copy(BAD, copy)
    digest = digest or hashlib.sha256(copy.read_bytes()).hexdigest()
    text = f"digest: {digest}\ncorrections:\n- path: {path}\n  value: {value}\n"
    (folder / "r.docx.corrections.yaml").write_text(
        text + "  who: 张三\n  why: 原件印作36\n", encoding="utf-8"
    )
    return copy


def test_a_correction_is_applied_and_shown(auditor: Run, tmp_path: Path) -> None:
    done = auditor("audit", corrected(tmp_path))
    assert done.returncode == 0, done.stdout
    assert "表三 · 予以公开 · 自然人 = 36（张三：原件印作36）" in " ".join(done.stdout.split())
    found = json.loads(auditor("audit", tmp_path / "r.docx", "-f", "json").stdout)["audits"][0]
    assert found["report"]["data"]["applications"]["granted"]["natural_person"] == 36
    assert [o["kind"] for o in found["report"]["observations"] if o.get("path") == WRONG] == [
        "corrected"
    ]
    assert found["overrides"]


def test_a_cell_may_be_called_as_rules_call_it(auditor: Run, tmp_path: Path) -> None:
    done = auditor("audit", corrected(tmp_path, path="申请.予以公开.自然人"))
    assert done.returncode == 0, done.stdout


def test_what_a_file_of_corrections_holds_is_shown(auditor: Run, tmp_path: Path) -> None:
    copy = corrected(tmp_path)
    beside = tmp_path / "r.docx.corrections.yaml"
    beside.write_text("申请.予以公开.自然人: 36\n", encoding="utf-8")
    assert "auditor inspect" in auditor("audit", copy).stdout
    beside.write_text("digest: a\ncorrections: [\n", encoding="utf-8")
    assert "第 2 行：括号没有配对" in auditor("audit", copy).stdout


def test_a_misspelt_cell_and_a_copied_line(auditor: Run, tmp_path: Path) -> None:
    """The word before the digest may be copied with it; a wrong name is told with near ones."""
    wrong = auditor("audit", corrected(tmp_path, path="申请.予以公开.自然"))
    assert "相近：申请.予以公开.自然人" in "".join(wrong.stdout.split())
    copy = corrected(tmp_path)
    beside = tmp_path / "r.docx.corrections.yaml"
    text = beside.read_text(encoding="utf-8")
    beside.write_text(text.replace("digest: ", "digest: sha256 "), encoding="utf-8")
    assert auditor("audit", copy).returncode == 0


def test_a_changed_original_voids_its_corrections(auditor: Run, tmp_path: Path) -> None:
    done = auditor("audit", corrected(tmp_path, digest="f" * 64), "-f", "json")
    assert done.returncode == 1
    audit = json.loads(done.stdout)["audits"][0]
    report = audit["report"]
    assert "corrections.yaml" in audit["overrides"][0]
    assert "更正未采用" in auditor("audit", tmp_path / "r.docx").stdout
    assert "corrections-void" in [o["kind"] for o in report["observations"]]
    assert report["data"]["applications"]["granted"]["natural_person"] == 63


@pytest.mark.parametrize(
    ("value", "path"),
    [("-1", WRONG), ("a", WRONG), ("3", "applications.granted"), ("3", "applications.grantd")],
)
def test_a_wrong_correction_is_never_lost(
    value: str, path: str, auditor: Run, tmp_path: Path
) -> None:
    done = auditor("audit", corrected(tmp_path, value=value, path=path))
    assert done.returncode == 3, done.stdout
    assert "r.docx.corrections.yaml" in done.stdout


def test_corrections_in_a_folder_are_no_reports(auditor: Run, tmp_path: Path) -> None:
    corrected(tmp_path)
    found = json.loads(auditor("audit", tmp_path, "-f", "json").stdout)
    assert len(found["audits"]) == 1
    assert not found["refused"]


def test_inspect_shows_cells_and_doubts(auditor: Run, tmp_path: Path) -> None:
    done = auditor("inspect", corrected(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "36*" in done.stdout
    assert "200/200" in done.stdout
    places = auditor("inspect", CLEAN_WORD, "--places", "--lang", "en").stdout
    assert "applications.new.total" in places


def test_inspect_says_why_it_cannot(auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("会议通知", encoding="utf-8")
    done = auditor("inspect", tmp_path / "x.txt")
    assert done.returncode == 3
    assert "x.txt" in done.stdout


@pytest.mark.parametrize("flag", [[], ["--yaml"]])
def test_what_is_extracted_gives_the_same_audit(
    flag: list[str], auditor: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = auditor("extract", BAD, CLEAN, CLEAN_WORD, "-o", out, *flag)
    assert done.returncode == 0, done.stderr
    files = sorted(out.iterdir())
    assert len(files) == 3
    for source in (BAD, CLEAN, CLEAN_WORD):
        again = next(f for f in files if f.name.startswith(source.name))
        first, second = (
            json.loads(auditor("audit", p, "-f", "json").stdout)["audits"][0]
            for p in (source, again)
        )
        assert first["report"]["data"] == second["report"]["data"]
        assert [r["outcome"] for r in first["results"]] == [r["outcome"] for r in second["results"]]


def bound(name: str, data: bytes, settings: Settings) -> Report | None:
    try:
        report = bind_document(read_document(Input(Path(name), data)), settings)
    except DocumentError:
        return None
    return None if isinstance(report, Refusal) else report


def same_again(name: str, data: bytes, settings: Settings) -> None:
    """What was extracted from a document is audited as the document is."""
    first = bound(name, data, settings)
    if first is None:
        return
    again = bound("x.report.json", report_bytes(first, as_yaml=False), settings)
    assert again is not None
    assert again.data == first.data
    assert again.coverage == first.coverage
    assert [o.kind for o in again.observations] == [o.kind for o in first.observations]
    told = [
        (r.rule, r.outcome, [(f.outcome, f.message) for f in r.findings])
        for report in (first, again)
        for r in judge(Bound(report), settings).results
    ]
    assert told[: len(told) // 2] == told[len(told) // 2 :]


ODD = st.sampled_from(["050166570228", "1:20", "no", "~", "1e5", "0x1f", "1_0", "1.50", "- a", ""])


@given(
    st.one_of(
        ODD,
        st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n")),
        st.from_regex(r"[0-9.:eE_+-]+"),
    )
)
def test_every_text_comes_back_from_the_yaml(text: str) -> None:
    given = {"a": text, "b": [text, {"c": text}], "n": 5}
    assert load_yaml(to_yaml(given).decode()) == given


def undivided(text: str) -> str:
    """A text, a cell a line, in which （六）其他处理 is printed as one row without its parts."""
    lines = text.split("\n")
    begin = next(n for n, line in enumerate(lines) if "其他处理" in line)
    first = next(n for n in range(begin, len(lines)) if lines[n].strip().isdecimal())
    end = next(n for n in range(first, len(lines)) if "总计" in lines[n])
    return "\n".join([*lines[: begin + 1], *lines[first : first + 7], *lines[end:]])


def test_digits_that_ran_together_are_extracted_as_such(settings: Settings) -> None:
    for sample in samples("text: glued, stray blanks", 3, 3):
        same_again("x.txt", written("text: glued, stray blanks", sample, settings), settings)


def test_a_group_printed_as_one_row_is_extracted_as_such(settings: Settings) -> None:
    plain = ROOT / "reports_in" / "示例市示例区应急管理局2023年政府信息公开工作年度报告.txt"
    whole = undivided(plain.read_text("utf-8")).encode()
    found = bound("x.txt", whole, settings)
    assert found is not None
    assert "undivided" in found.data["applications"]["other"]
    same_again("x.txt", whole, settings)
    word = ROOT / "reports_in" / "示例县自然资源局2023年政府信息公开工作年度报告.docx"
    same_again(word.name, word.read_bytes(), settings)


def test_a_report_in_an_old_form_is_noted_once(settings: Settings) -> None:
    word = ROOT / "reports_in" / "示例市示例区民政局2022年政府信息公开工作年度报告.docx"
    same_again(word.name, word.read_bytes(), settings)


REAL = Path(os.environ["AUDITOR_TRUTH"]) if os.environ.get("AUDITOR_TRUTH") else None


@pytest.mark.skipif(REAL is None, reason="AUDITOR_TRUTH names no folder of real documents")
def test_real_documents_are_extracted_as_they_are(settings: Settings) -> None:
    for path in sorted(REAL.iterdir() if REAL else ()):
        if path.name != "truth.json":
            same_again(path.name, path.read_bytes(), settings)
