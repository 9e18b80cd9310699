"""What is kept between runs: never a wrong value, whoever writes, dies or damages the file."""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from auditor.corpus.kept import Kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results" / "kept.db"


def test_what_was_kept_comes_back(path: Path) -> None:
    kept = Kept(path)
    kept.keep({b"a": b"1", b"b": b"2" * 100_000})
    kept.close()
    again = Kept(path)
    assert again.fetch([b"a", b"b", b"c"]) == {b"a": b"1", b"b": b"2" * 100_000}
    again.keep({b"a": b"3"})
    assert again.fetch([b"a"]) == {b"a": b"3"}


@pytest.mark.parametrize("what", ["value", "swapped", "file", "foreign", "folder", "open"])
def test_damage_is_no_answer(path: Path, what: str) -> None:
    kept = Kept(path)
    kept.keep({b"a": b"1" * 50, b"b": b"2" * 50})
    kept.close()
    with sqlite3.connect(path) as db:
        if what == "value":
            db.execute("UPDATE entries SET value = x'00' || substr(value, 2)")
        elif what == "swapped":
            db.execute("UPDATE entries SET value = (SELECT value FROM entries WHERE key = x'62')")
    db.close()
    if what == "file":
        path.write_bytes(b"no database " * 1000)
    elif what == "foreign":
        path.chmod(0o666)
    elif what == "folder":
        path.unlink()
        path.mkdir()
    elif what == "open":
        path.parent.chmod(0o777)
    damaged = Kept(path)
    found = damaged.fetch([b"a", b"b"])
    assert found in ({}, {b"b": b"2" * 50})
    damaged.keep({b"c": b"3"})
    damaged.trim(10)
    damaged.close()
    if what == "file":  # a new one was begun
        assert Kept(path).fetch([b"c"]) == {b"c": b"3"}


def test_a_full_disk_is_no_error(path: Path) -> None:
    kept = Kept(path)
    assert kept._db is not None
    kept._db.execute("PRAGMA max_page_count = 20")
    kept.keep({b"a": b"1"})
    kept.keep({bytes([n]): os.urandom(10_000) for n in range(200)})
    assert kept.fetch([b"a"]) in ({}, {b"a": b"1"})
    again = Kept(path)
    assert again.fetch([b"a"]) == {b"a": b"1"}
    assert again.fetch([b"\x05"]) == {}  # all or none


def test_the_oldest_go_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    kept = Kept(path)
    for number in range(10):
        kept.keep({bytes([number]): bytes(1000)})
        now[0] += 90_000
    assert kept.fetch([b"\x00"])  # used now
    kept.trim(5000)
    left = kept.fetch([bytes([n]) for n in range(10)])
    assert set(left) == {b"\x00", b"\x07", b"\x08", b"\x09"}


def _write(path: Path, name: int, count: int) -> None:
    kept = Kept(path)
    for number in range(count):
        kept.keep({f"{name}-{number}-{n}".encode(): f"{name}".encode() * 500 for n in range(20)})


def test_several_at_once_and_one_killed(path: Path) -> None:
    context: Any = mp.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, n, 60)) for n in range(3)]
    for writer in writers:
        writer.start()
    doomed = context.Process(target=_write, args=(path, 9, 100_000))
    doomed.start()
    until = time.monotonic() + 60
    kept = Kept(path)
    while not kept.fetch([b"9-3-0"]):
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(doomed.pid, signal.SIGKILL)
    for writer in (*writers, doomed):
        writer.join(120)
    again = Kept(path)
    keys = [f"{n}-{m}-{k}".encode() for n in range(3) for m in range(60) for k in range(20)]
    found = again.fetch(keys)
    assert len(found) == len(keys)
    assert all(value == key[:1] * 500 for key, value in found.items())
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
