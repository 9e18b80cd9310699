"""What is in an OLE compound file (Office 97–2003): names and beginnings of its top streams.

Only the top storage counts: a text document may hold a spreadsheet inside, and the other way.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from functools import cached_property
from struct import unpack_from
from sys import byteorder

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SHIFTS = (9, 12)  # sectors have 512 or 4,096 bytes
_END = 0xFFFFFFF0  # sector numbers from here on are marks
_MOST = 4_000  # entries of a directory that are looked at
_ENTRY = 128
_HEAD = 2_048
_LARGE, _SMALL = 4_096, 64  # smaller streams share their sectors, in pieces
_STREAM = 2


class _Container:
    """The sectors of a compound file; everything out of bounds ends a chain."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = 1 << data[30]
        table = [s for s in unpack_from("<109I", data, 76) if s < _END]
        following = unpack_from("<I", data, 68)[0]
        for _ in range(len(data) // self.size):
            if following >= _END or len(more := self._numbers(following)) < 2:
                break
            table += [s for s in more[:-1] if s < _END]
            following = more[-1]
        most = len(data) // self.size // (self.size // 4) + 2
        self._next = array("I")
        for sector in table[:most]:
            self._next.extend(self._numbers(sector))

    def sector(self, number: int) -> bytes:
        """The bytes of one sector."""
        start = (number + 1) * self.size
        return self._data[start : start + self.size]

    def chain(self, number: int, most: int) -> Iterator[bytes]:
        """The sectors of a stream, at most so many."""
        for _ in range(most):
            if number >= len(self._next):
                return
            yield self.sector(number)
            number = self._next[number]

    def small(self, number: int, size: int) -> bytes:
        """A stream of the shared sectors."""
        shared, table = self._shared
        found = b""
        for _ in range(-(-size // _SMALL)):
            if number >= len(table) // 4:
                break
            found += shared[number * _SMALL : (number + 1) * _SMALL]
            number = unpack_from("<I", table, number * 4)[0]
        return found[:size]

    @cached_property
    def directory(self) -> bytes:
        """The entries of the directory."""
        first = unpack_from("<I", self._data, 48)[0]
        return b"".join(self.chain(first, _MOST * _ENTRY // self.size))

    @cached_property
    def _shared(self) -> tuple[bytes, bytes]:
        """The sectors that small streams share (the stream of the root), and their table."""
        root = unpack_from("<I", self.directory, 116)[0]
        table = unpack_from("<I", self._data, 60)[0]
        most = len(self._next)
        return b"".join(self.chain(root, most)), b"".join(self.chain(table, most))

    def _numbers(self, sector: int) -> array[int]:
        raw = self.sector(sector)
        found = array("I", raw[: len(raw) // 4 * 4])
        if byteorder == "big":
            found.byteswap()
        return found


def streams(data: bytes, *whole: str) -> Mapping[str, bytes]:
    """Name, in small letters → the beginning of each stream at the top; those in `whole` are whole.

    Storages are empty. Nothing is found in a damaged file.
    """
    if not data.startswith(MAGIC) or len(data) < 1_024 or data[30] not in _SHIFTS:
        return {}
    container = _Container(data)
    directory = container.directory
    found: dict[str, bytes] = {}
    for at in _top(directory):
        length, kind = unpack_from("<HB", directory, at + 64)
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        start, size = unpack_from("<II", directory, at + 116)
        wanted = min(size, len(data) if name.lower() in whole else _HEAD) if kind == _STREAM else 0
        if name.lower() in found:
            continue
        if wanted and size < _LARGE:
            found[name.lower()] = container.small(start, wanted)
        else:
            sectors = container.chain(start, -(-wanted // container.size))
            found[name.lower()] = b"".join(sectors)[:wanted]
    return found


def _top(directory: bytes) -> Iterator[int]:
    """Offsets of the entries at the top: a search tree below the root's child."""
    if len(directory) < _ENTRY:
        return
    waiting = [unpack_from("<I", directory, 76)[0]]
    seen = set()
    while waiting:
        number = waiting.pop()
        at = number * _ENTRY
        if number in seen or at + _ENTRY > len(directory):
            continue
        seen.add(number)
        yield at
        waiting += unpack_from("<II", directory, at + 68)


def kind(data: bytes) -> str:
    """`word`, `sheet`, `slides`, `encrypted`, `` for anything else."""
    found = streams(data)
    if "encryptedpackage" in found:
        return "encrypted"
    if "worddocument" in found:
        head = found["worddocument"]
        return "encrypted" if len(head) > 12 and head[11] & 1 else "word"
    if "workbook" in found or "book" in found:
        return "sheet"
    return "slides" if "powerpoint document" in found else ""
