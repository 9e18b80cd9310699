"""Which files of a folder are audited, in which order, and what is said of those that cannot be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from auditor.corpus import audit_all
from auditor.gather import inputs
from auditor.pipeline import Settings
from auditor.readers import known_suffixes

TREE = (
    "b.html", "a/z.txt", "a/b/c.json", "a.txt", "A.docx", "a-b/1.pdf", "乙/甲.doc", "甲.wps",
    "page_files/logo.png", "page_files/within.html", "某局.rar", "某局.ofd", "某局.ceb",
)  # fmt: skip
ASIDE = (".git/x.txt", "a/.hidden.txt", "~$a.docx", "a/~$tmp/x.txt", "page_files/photo.jpg",
         "a.txt.corrections.yaml", "roster.yaml", "名册.xlsx", "notes.bak")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*TREE, *ASIDE):
        path = tmp_path / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "reports" / "link.txt").symlink_to(tmp_path / "reports" / "a.txt")
    (tmp_path / "reports" / "round").symlink_to(tmp_path / "reports", target_is_directory=True)
    return tmp_path / "reports"


def test_a_folder_gives_its_reports_at_any_depth_in_the_order_of_names(folder: Path) -> None:
    found = [item.path.relative_to(folder) for item in inputs([folder], known_suffixes())]
    wanted = set(map(Path, TREE)) - {Path("page_files/logo.png")}
    assert found == sorted(wanted)


def test_a_link_that_leads_out_of_the_folder_is_told_of(folder: Path, settings: Settings) -> None:
    (folder / "a" / "other.txt").symlink_to(folder.parent / "nowhere.txt")
    (folder / "a" / "whole").symlink_to(folder.parent, target_is_directory=True)
    (folder / "a" / "notes.bak").symlink_to(folder.parent / "notes.bak")
    items = inputs([folder / "a"], known_suffixes())
    assert [item.path.name for item in items] == ["c.json", "other.txt", "whole", "z.txt"]
    batch = audit_all(items[1:3], settings)
    assert [(r.kind, r.unread) for r in batch.refusals] == [("missing", True)] * 2


def test_a_link_to_nothing_is_a_report_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "r.docx").symlink_to(tmp_path / "moved.docx")
    (tmp_path / "notes").symlink_to(tmp_path / "moved")
    assert [item.path.name for item in inputs([tmp_path], known_suffixes())] == ["r.docx"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_named_and_never_waited_for(tmp_path: Path, settings: Settings) -> None:
    for name in ("r.docx", "r.doc", "x.zip", "某局年报", "control", ".hidden.docx"):
        os.mkfifo(tmp_path / name)
    items = inputs([tmp_path], known_suffixes())
    assert {item.path.name for item in items} == {"r.docx", "r.doc", "x.zip", "某局年报"}
    batch = audit_all(items, settings)
    assert [(r.kind, r.unread) for r in batch.refusals] == [("missing", True)] * 4
    assert all("管道" in r.said.zh for r in batch.refusals)


def test_a_document_whose_name_tells_no_kind_is_no_silent_pass(tmp_path: Path) -> None:
    files = {"某局2023年报": b"x", "附件1.某局": b"x", "download": b"%PDF-1.7\n", "page": b"<html>",
             "word": b"PK\x03\x04", "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}  # fmt: skip
    aside = {"LICENSE": b"Free.", "logo": b"\x89PNG", ".page": b"<html>", "x.log": b"<html>",
             "说明.log": b"x", "~$某局": b"x"}  # fmt: skip
    for name, data in {**files, **aside}.items():
        (tmp_path / name).write_bytes(data)
    found = {item.path.name for item in inputs([tmp_path], known_suffixes())}
    assert found == set(files)


def test_very_deep_folders(tmp_path: Path) -> None:
    at = tmp_path
    for _ in range(300):
        at = at / "d"
    at.mkdir(parents=True)
    (at / "x.txt").write_bytes(b"x")
    assert [item.path for item in inputs([tmp_path], known_suffixes())] == [at / "x.txt"]


def test_a_folder_that_cannot_be_opened_is_no_silent_pass(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = os.scandir

    def scandir(path: Any) -> Any:
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied")
        return own(path)

    monkeypatch.setattr(os, "scandir", scandir)
    items = inputs([folder / "a"], known_suffixes())
    assert [item.path.name for item in items] == ["b", "z.txt"]
    batch = audit_all(items, settings)
    [closed] = [refusal for refusal in batch.refusals if refusal.source.endswith("b")]
    assert (closed.kind, closed.unread) == ("missing", True)
    assert "没有权限" in closed.said.zh
