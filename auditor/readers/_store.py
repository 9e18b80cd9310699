"""Results that take seconds, kept as files by the digest of what they were made of."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from auditor.cache import cache_folder


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of the cache; its files end in `suffix` and have `most` bytes together."""

    folder: str
    suffix: str
    most: int

    def fetch(self, key: str) -> bytes | None:
        """What was kept under a key, None where nothing was."""
        try:
            return self._place(key).read_bytes()
        except OSError:
            return None

    def keep(self, key: str, data: bytes) -> None:
        """Keep it; others may be doing the same. Not being able to is no error."""
        place = self._place(key)
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            own = place.with_name(f"{place.name}.{os.getpid()}")
            own.write_bytes(data)
            own.replace(place)
        except OSError:
            return

    def prune(self) -> None:
        """Throw away what was kept first where the folder has grown too large."""
        try:
            states = [(e.stat(), e.path) for e in os.scandir(cache_folder() / self.folder)]
            total = sum(state.st_size for state, _ in states)
            for state, path in sorted(states, key=lambda pair: pair[0].st_mtime):
                if total <= self.most:
                    return
                Path(path).unlink(missing_ok=True)
                total -= state.st_size
        except OSError:
            return

    def _place(self, key: str) -> Path:
        return cache_folder() / self.folder / f"{key}{self.suffix}"
