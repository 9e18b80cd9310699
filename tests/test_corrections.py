"""What was read can be looked at, written out, put right by hand and audited again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Run
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
    assert "张三" in done.stdout
    found = json.loads(auditor("audit", tmp_path / "r.docx", "-f", "json").stdout)["audits"][0]
    assert found["report"]["data"]["applications"]["granted"]["natural_person"] == 36
    assert [o["kind"] for o in found["report"]["observations"] if o.get("path") == WRONG] == [
        "corrected"
    ]
    assert found["overrides"]


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
