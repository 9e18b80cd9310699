"""Packs: files of many results each, written whole or not at all, read one result at a time.

A pack is a head with the place, length and checksum of every entry, and the entries. It appears
under its name only when it is complete; what is damaged later is refused when it is read.
"""

from __future__ import annotations

import os
import struct
import tempfile
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from auditor.corpus.plain import DamagedError

_MAGIC = b"AUDPACK1"
_COUNT = struct.Struct("<I")
_ENTRY = struct.Struct("<QII")
_START = len(_MAGIC) + _COUNT.size
_OPEN = 64  # packs held open at once


class Packs(Protocol):
    """A place for packs, by name."""

    def write(self, name: str, entries: Sequence[bytes]) -> None:
        """Put a pack there whole, replacing any of the same name."""
        ...

    def read(self, name: str, number: int) -> bytes:
        """One entry of a pack. Raises DamagedError, also where there is no such pack."""
        ...

    def read_all(self, name: str) -> list[bytes]:
        """All entries of a pack. Raises DamagedError."""
        ...


def packed(entries: Sequence[bytes]) -> bytes:
    """Entries as the bytes of a pack."""
    at = _START + _ENTRY.size * len(entries)
    head = [_MAGIC, _COUNT.pack(len(entries))]
    for entry in entries:
        head.append(_ENTRY.pack(at, len(entry), zlib.crc32(entry)))
        at += len(entry)
    return b"".join((*head, *entries))


def unpacked(data: bytes) -> list[bytes]:
    """The entries of a pack's bytes. Raises DamagedError."""
    try:
        if data[: len(_MAGIC)] != _MAGIC:
            raise DamagedError("no pack")
        (count,) = _COUNT.unpack_from(data, len(_MAGIC))
        places = [_ENTRY.unpack_from(data, _START + n * _ENTRY.size) for n in range(count)]
    except struct.error as wrong:
        raise DamagedError(str(wrong)) from None
    return [_checked(data[at : at + size], size, crc) for at, size, crc in places]


def _checked(entry: bytes, size: int, crc: int) -> bytes:
    if len(entry) != size or zlib.crc32(entry) != crc:
        raise DamagedError("an entry of a pack is damaged")
    return entry


class LocalPacks:
    """Packs in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened = lru_cache(maxsize=_OPEN)(self._open)

    def write(self, name: str, entries: Sequence[bytes]) -> None:
        """Write beside its place, then move there: a reader never sees half of it."""
        data = packed(entries)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".new-", delete=False) as new:
            try:
                new.write(data)
                new.flush()
            except BaseException:
                new.close()
                Path(new.name).unlink(missing_ok=True)
                raise
        os.replace(new.name, self._folder / name)  # noqa: PTH105 - atomic on every system

    def read(self, name: str, number: int) -> bytes:
        """One entry, read from its place in the file."""
        try:
            places, stream = self._opened(name)
            at, size, crc = places[number]
            stream.seek(at)
            return _checked(stream.read(size), size, crc)
        except (OSError, IndexError) as wrong:
            raise DamagedError(f"{name}: {wrong}") from None

    def read_all(self, name: str) -> list[bytes]:
        """All entries."""
        try:
            return unpacked((self._folder / name).read_bytes())
        except OSError as wrong:
            raise DamagedError(f"{name}: {wrong}") from None

    def close(self) -> None:
        """Close the files that are held open."""
        self._opened.cache_clear()

    def _open(self, name: str) -> tuple[list[tuple[int, int, int]], _Stream]:
        stream = _Stream(self._folder / name)
        head = stream.read(_START)
        if head[: len(_MAGIC)] != _MAGIC or len(head) < _START:
            raise DamagedError(f"{name} is no pack")
        (count,) = _COUNT.unpack_from(head, len(_MAGIC))
        index = stream.read(count * _ENTRY.size)
        if len(index) < count * _ENTRY.size:
            raise DamagedError(f"{name} is cut off")
        return [_ENTRY.unpack_from(index, n * _ENTRY.size) for n in range(count)], stream


class _Stream:
    """An open file that is closed when nothing holds it any more."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")

    def read(self, size: int) -> bytes:
        """The next bytes."""
        return self._file.read(size)

    def seek(self, at: int) -> None:
        """Go to a place."""
        self._file.seek(at)

    def __del__(self) -> None:
        file = getattr(self, "_file", None)
        if file is not None:
            file.close()
