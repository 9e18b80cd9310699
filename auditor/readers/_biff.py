"""Errors in workbooks of the old binary format: the library gives them as blanks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from struct import unpack_from

_SHEET, _FORMULA, _CONSTANT, _END = 0x0085, 0x0006, 0x0205, 0x000A


def errors(stream: bytes) -> Mapping[int, frozenset[tuple[int, int]]]:
    """Number of the sheet → its cells (row, column) that hold an error."""
    starts = [unpack_from("<I", stream, at)[0] for at, size in _records(stream, 0, _SHEET) if size]
    found = {}
    for number, start in enumerate(starts, 1):
        cells = set()
        for kind in (_FORMULA, _CONSTANT):
            for at, size in _records(stream, start, kind):
                if _is_error(stream, at, size, kind):
                    cells.add(unpack_from("<HH", stream, at))
        if cells:
            found[number] = frozenset(cells)
    return found


def _is_error(stream: bytes, at: int, size: int, kind: int) -> bool:
    """A constant error says so; a formula's result does in a value that is no number."""
    if kind == _CONSTANT:
        return size >= 8 and stream[at + 7] == 1
    return size >= 14 and stream[at + 6] == 2 and stream[at + 12 : at + 14] == b"\xff\xff"


def _records(stream: bytes, start: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Offset and size of the records of a kind, from one place to the end of its part."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        if kind in (0x0809, 0x0409, 0x0209, 0x0009):
            depth += 1  # charts stand inside sheets
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        if kind == wanted and at + 4 + size <= len(stream):
            yield at + 4, size
        at += 4 + size
