"""Packs: files of many results each, written whole or not at all, read one result at a time.

A pack is a head with the place, length and checksum of every entry, and the entries. It appears
under its name only when it is complete; what is damaged later is refused when it is read.
"""

from __future__ import annotations

import os
import struct
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

from auditor.addresses import Address, AddressError
from auditor.corpus.plain import DamagedError

_T = TypeVar("_T")
_MAGIC = b"AUDPACK1"
_COUNT = struct.Struct("<I")
_ENTRY = struct.Struct("<QII")
_START = len(_MAGIC) + _COUNT.size
_OPEN = 64  # packs held open at once
_HELD = 100_000_000  # bytes of packs from an address that are held
_PAUSES = (0.2, 1.0)  # seconds until something is tried over a network again


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

    def close(self) -> None:
        """Let go of what is held open."""
        ...


def packs_at(place: Path | Address) -> Packs:
    """The packs in a folder of this machine, or at an address."""
    return AddressPacks(place) if isinstance(place, Address) else LocalPacks(place)


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


class AddressPacks:
    """Packs at an address, where all machines can have them.

    A pack is fetched whole, as its entries are asked for together; the last few are held.
    """

    def __init__(self, folder: Address) -> None:
        self._folder = folder
        self._held: dict[str, list[bytes]] = {}
        self._size = 0

    def write(self, name: str, entries: Sequence[bytes]) -> None:
        """Put it there; one that is cut off is never told of, and is refused when it is read."""
        data = packed(entries)
        _tried(lambda: self._folder.child(name).write_bytes(data))

    def read(self, name: str, number: int) -> bytes:
        """One entry."""
        found = self._held.get(name)
        if found is None:
            found = self.read_all(name)
            self._hold(name, found)
        try:
            return found[number]
        except IndexError as wrong:
            raise DamagedError(f"{name}: {wrong}") from None

    def read_all(self, name: str) -> list[bytes]:
        """All entries."""
        try:
            return unpacked(_tried(self._folder.child(name).whole))
        except OSError as wrong:
            raise DamagedError(f"{name}: {wrong}") from None

    def close(self) -> None:
        """Hold nothing."""
        self._held.clear()
        self._size = 0

    def _hold(self, name: str, entries: list[bytes]) -> None:
        """Hold it, and let go of those held longest."""
        self._held[name] = entries
        self._size += sum(map(len, entries))
        while self._size > _HELD and len(self._held) > 1:
            oldest = next(iter(self._held))
            self._size -= sum(map(len, self._held.pop(oldest)))


def _tried(step: Callable[[], _T]) -> _T:
    """A step over a network, which may fail once. Raises what it raised the last time."""
    for pause in _PAUSES:
        try:
            return step()
        except AddressError as wrong:
            if wrong.absent:
                raise
        time.sleep(pause)
    return step()


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
