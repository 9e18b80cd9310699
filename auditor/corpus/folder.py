"""The folder of a run: what is done lies there until the run is finished, whatever happens.

`run.json` says what the run is for, `done.jsonl` which packs are complete, `deaths.jsonl` at which
documents workers have died. A line is added only after its pack is whole, so that a run that is
killed goes on with what the lines say. A lock that the system gives back keeps a second process
out.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditor.addresses import Address
from auditor.cache import cache_folder

_MANIFEST, _DONE, _DEATHS, _LOCK = "run.json", "done.jsonl", "deaths.jsonl", "lock"
_NAME = "shared"


class RunFolder:
    """One run's folder. Raises OSError where it cannot be made."""

    def __init__(self, key: str) -> None:
        base = cache_folder() / "runs"
        base.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path, self._held = _free(base, key)
        self.packs = self.path / "packs"
        self.place: Path | Address = self.packs

    @property
    def unfinished(self) -> bool:
        """Whether an earlier run for the same was cut off here."""
        return (self.path / _MANIFEST).is_file()

    def begin(
        self, manifest: dict[str, Any], *, anew: bool, shared: Path | Address | None = None
    ) -> None:
        """Start afresh, or go on with what is there. `shared` is where all machines have packs."""
        if shared is not None:
            self.place = _below(shared, self._name())
        if anew or not self.unfinished:
            self._clear()
        self.packs.mkdir(exist_ok=True)
        if isinstance(self.place, Address):
            self.place.mkdir()
        else:
            self.place.mkdir(exist_ok=True)
        for leftover in self.packs.glob(".new-*"):
            leftover.unlink(missing_ok=True)
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (self.path / _MANIFEST).write_text(text + "\n", encoding="utf-8")

    def add_pack(self, step: str, name: str) -> None:
        """Note that a pack is complete."""
        self._add(_DONE, {"step": step, "pack": name})

    def add_death(self, number: int) -> None:
        """Note that a worker died at a document."""
        self._add(_DEATHS, {"number": number})

    def packs_of(self, step: str) -> Iterator[str]:
        """The complete packs of a step, in the order in which they were written."""
        yield from (str(line["pack"]) for line in self._lines(_DONE) if line.get("step") == step)

    def deaths(self) -> Counter[int]:
        """How many workers died at each document."""
        return Counter(int(line["number"]) for line in self._lines(_DEATHS))

    def _name(self) -> str:
        """The run's name where others may have theirs: the same until it is finished."""
        file = self.path / _NAME
        if not file.is_file():
            file.write_text(f"auditor-{self.path.name}-{secrets.token_hex(4)}", encoding="ascii")
        return file.read_text(encoding="ascii")

    def remove(self) -> None:
        """The run is finished: nothing of it is needed any more."""
        self._held.close()
        self._remove_packs()
        shutil.rmtree(self.path, ignore_errors=True)

    def leave(self) -> None:
        """Give the folder back as it is, for the run to go on another time."""
        self._held.close()

    def _remove_packs(self) -> None:
        if isinstance(self.place, Address):
            with suppress(OSError):
                self.place.remove()
        else:
            shutil.rmtree(self.place, ignore_errors=True)

    def _clear(self) -> None:
        self._remove_packs()
        for path in self.path.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif not path.name.startswith((_LOCK, _NAME)):
                path.unlink()

    def _add(self, file: str, line: dict[str, Any]) -> None:
        with (self.path / file).open("a", encoding="utf-8") as stream:
            stream.write("\n" + json.dumps(line) + "\n")  # the last line may have been cut off

    def _lines(self, file: str) -> Iterator[dict[str, Any]]:
        """The whole lines of a file; the last one may be cut off."""
        try:
            text = (self.path / file).read_text(encoding="utf-8")
        except OSError:
            return
        for line in text.splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                yield found


def _below(shared: Path | Address, name: str) -> Path | Address:
    return shared.child(name) if isinstance(shared, Address) else shared.absolute() / name


def _free(base: Path, key: str) -> tuple[Path, sqlite3.Connection]:
    """The folder for a key, locked for this process; another one beside it if it is in use."""
    number = 0
    while True:
        path = base / (key if not number else f"{key}-{number}")
        path.mkdir(exist_ok=True, mode=0o700)
        held = sqlite3.connect(path / _LOCK, timeout=0, isolation_level=None)
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            held.close()
            number += 1
            if number > 100:  # so many runs at once: something else is wrong
                raise OSError(f"cannot lock {path}") from None
            continue
        return path, held
