"""What was found out before, by a digest of all that it depends on: kept between runs.

One SQLite file in the user's cache folder, in write-ahead mode: any number of processes may use
it at once, and a process that is killed leaves it whole. Every value carries a checksum. Nothing
here is needed: what cannot be kept, or was damaged, is found out again.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditor.cache import cache_folder

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    key BLOB PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL, value BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS by_use ON entries (used, size);
"""
_AT_ONCE = 64  # keys in one question
_FETCH = "SELECT key, used, value FROM entries WHERE key IN (?" + ", ?" * (_AT_ONCE - 1) + ")"
_DAY = 86_400
_WAIT = 20.0  # seconds for another process to finish writing
_SUM = 4


def default_path() -> Path:
    """Where results are kept."""
    return cache_folder() / "results" / "kept.db"


class Kept:
    """Values by key. It never raises: what cannot be read or written is as if it were not kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = _opened(path)

    def fetch(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Those of the keys that are there, with their values; they count as used today."""
        found: dict[bytes, bytes] = {}
        old: list[bytes] = []
        today = _today()
        for start in range(0, len(keys), _AT_ONCE):
            some = [*keys[start : start + _AT_ONCE]]
            some += [b""] * (_AT_ONCE - len(some))  # always the same question: made ready once
            for key, used, value in self._asked(_FETCH, some):
                data = value[:-_SUM]
                if value[-_SUM:] == _checksum(key, data):
                    found[key] = data
                    if used != today:
                        old.append(key)
        if old:
            self._write("UPDATE entries SET used = ? WHERE key = ?", [(today, k) for k in old])
        return found

    def keep(self, values: Mapping[bytes, bytes]) -> None:
        """Keep these, all or none."""
        today = _today()
        rows = [
            (key, today, len(data), data + _checksum(key, data)) for key, data in values.items()
        ]
        self._write("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", rows)

    def trim(self, most: int) -> None:
        """Let go of what was used longest ago, until the values fit into so many bytes."""
        size = sum(total or 0 for (total,) in self._asked("SELECT SUM(size) FROM entries", ()))
        if size <= most:
            return
        gone: list[tuple[bytes]] = []
        for key, length in self._asked("SELECT key, size FROM entries ORDER BY used, rowid", ()):
            gone.append((key,))
            size -= length
            if size <= most * 0.9:
                break
        self._write("DELETE FROM entries WHERE key = ?", gone)
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.execute("PRAGMA incremental_vacuum")

    def close(self) -> None:
        """Done."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _asked(self, question: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        if self._db is None:
            return []
        try:
            return list(self._db.execute(question, values))
        except sqlite3.Error as wrong:
            self._give_up(wrong)
            return []

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if self._db is None or not rows:
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(statement, rows)
            self._db.execute("COMMIT")
        except sqlite3.Error as wrong:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            self._give_up(wrong)

    def _give_up(self, wrong: sqlite3.Error) -> None:
        """Do without from now on; a damaged file is put aside for the next run to begin anew."""
        self.close()
        if isinstance(wrong, sqlite3.DatabaseError) and not isinstance(
            wrong, sqlite3.OperationalError
        ):
            _put_aside(self._path)


def _today() -> int:
    return int(time.time()) // _DAY


def _checksum(key: bytes, data: bytes) -> bytes:
    return zlib.crc32(data, zlib.crc32(key)).to_bytes(_SUM, "little")


def _opened(path: Path) -> sqlite3.Connection | None:
    """The file, made if it is not there. Only one of this user that nobody else can write."""
    for _ in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not _is_ours(path):
                return None
            db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
            try:
                db.execute("PRAGMA auto_vacuum = INCREMENTAL")
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = NORMAL")
                db.executescript(_SCHEMA)
            except sqlite3.Error:
                db.close()
                raise
            return db
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError:
            _put_aside(path)
        except OSError:
            return None
    return None


def _is_ours(path: Path) -> bool:
    """Whether the folder, and the file if there is one, can be written by this user alone."""
    if not hasattr(os, "getuid"):
        return True
    for one in (path.parent, path):
        try:
            state = one.stat()
        except FileNotFoundError:
            continue
        if state.st_uid != os.getuid() or state.st_mode & 0o022:
            return False
    return True


def _put_aside(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        with suppress(OSError):
            path.with_name(name).replace(path.with_name(f"damaged-{name}"))
