"""Bound reports in packs, fetched by number."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from auditor.corpus.bodies import Bodies
from auditor.corpus.packs import Packs
from auditor.corpus.plain import bound_of, bound_plain, dumps, loads
from auditor.corpus.quick import KeyPlaces, QuickReader
from auditor.corpus.rostered import bound_rostered
from auditor.pipeline import Bound, Settings


class Ref(NamedTuple):
    """Where a bound report lies, and the key of what it was read from.

    `final` where the years around it changed it already.
    """

    pack: str
    entry: int
    key: bytes = b""
    final: bool = False


_LENGTH = struct.Struct("<I")
_PLAIN, _DATA = b"P", b"D"


def bound_bytes(bound: Bound) -> bytes:
    """A bound report as it lies in a pack: its plain values, or the file that it was read from.

    Only data that was read quickly is kept as its file: that is smaller, and as soon read.
    """
    places, report = bound.report.locations, bound.report
    if isinstance(places, KeyPlaces) and not bound.overrides and not report.observations:
        return data_bytes(report.source, places.data)
    return _PLAIN + dumps(bound_plain(bound))


def data_bytes(source: str, data: bytes) -> bytes:
    """A file of data that is read quickly, as it lies in a pack."""
    name = source.encode("utf-8", "surrogatepass")
    return b"".join((_DATA, _LENGTH.pack(len(name)), name, data))


def is_data(entry: bytes) -> bool:
    """Whether an entry is such a file."""
    return entry[:1] == _DATA


def bound_at(data: bytes, reader: QuickReader) -> Bound:
    """The bound report of an entry. Raises DamagedError."""
    if data[:1] == _PLAIN:
        return bound_of(loads(data[1:]))
    start = len(_DATA) + _LENGTH.size
    (length,) = _LENGTH.unpack_from(data, len(_DATA))
    source = data[start : start + length].decode("utf-8", "surrogatepass")
    return Bound(reader.again(data[start + length :], source))


@dataclass(slots=True)
class PackShelf:
    """A shelf of packs; `refs` may grow while it is used."""

    packs: Packs
    settings: Settings
    reader: QuickReader
    known: Bodies | None = None
    refs: Mapping[int, Ref] = field(default_factory=dict)

    def bound(self, number: int) -> Bound:
        """The report of that number, with what the roster says of its body."""
        ref = self.refs[number]
        bound = bound_at(self.packs.read(ref.pack, ref.entry), self.reader)
        if ref.final or self.known is None:
            return bound
        return bound_rostered(bound, self.known, self.settings)
