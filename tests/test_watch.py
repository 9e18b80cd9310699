"""Time and memory of one document are bounded, and the batch goes on."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.corpus import audit_all
from auditor.errors import DocumentError
from auditor.pipeline import Input, Settings
from auditor.readers import Limits
from auditor.readers.watch import watched
from tests.conftest import ROOT, Run


def spin(until: list[bytes] | None = None) -> None:
    while True:
        if until is not None:
            until.append(bytes(5_000_000))


def test_work_without_end_is_stopped_and_said() -> None:
    with pytest.raises(DocumentError, match=r"处理秒数 > 1") as caught, watched(Limits(seconds=1)):
        spin()
    assert caught.value.kind == "too-large"


def test_errors_on_the_way_do_not_keep_it() -> None:
    def stubborn() -> None:
        while True:
            with suppress(Exception):  # as a careless library does
                spin()

    with pytest.raises(DocumentError), watched(Limits(seconds=1)):
        stubborn()


def test_growing_work_is_stopped() -> None:
    with pytest.raises(DocumentError, match=r"内存"), watched(Limits(memory=60_000_000)):
        spin([])


def test_work_that_ends_is_left_alone() -> None:
    before = threading.active_count()
    for _ in range(50):
        with watched(Limits(seconds=1)):
            pass
    with pytest.raises(KeyError), watched(Limits()):
        raise KeyError
    assert threading.active_count() <= before + 51


def test_the_batch_goes_on(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor.readers import text

    plain = text.read

    def slow(data: bytes, name: str, options: object) -> object:
        if "slow" in name:
            spin()
        return plain(data, name, options)  # type: ignore[arg-type]

    monkeypatch.setattr(text, "read", slow)
    good = next(p for p in sorted((ROOT / "reports_in").glob("*.docx")) if "2023" in p.name)
    (tmp_path / "slow.txt").write_text("words", encoding="utf-8")
    quick = replace(settings, limits=Limits(seconds=2))
    batch = audit_all([Input(tmp_path / "slow.txt"), Input(good)], quick)
    assert [(r.kind, r.unread) for r in batch.refusals] == [("too-large", True)]
    assert len(batch.audits) == 1
    assert not batch.faults


def test_limits_on_the_command_line(auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"x\n" * 600_000)
    done = auditor("audit", "big.txt", "--max-size", "1", "--lang", "en")
    assert done.returncode == 3
    assert "1,000,000" in done.stdout
