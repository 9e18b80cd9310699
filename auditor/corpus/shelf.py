"""Bound reports in packs, fetched by number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from auditor.corpus.bodies import Bodies
from auditor.corpus.packs import Packs
from auditor.corpus.plain import bound_of, bound_plain, dumps, loads
from auditor.corpus.rostered import bound_rostered
from auditor.pipeline import Bound, Settings


class Ref(NamedTuple):
    """Where a bound report lies; `final` where the years around it changed it already."""

    pack: str
    entry: int
    final: bool = False


def bound_bytes(bound: Bound) -> bytes:
    """A bound report as it lies in a pack."""
    return dumps(bound_plain(bound))


def bound_at(data: bytes) -> Bound:
    """The bound report of an entry."""
    return bound_of(loads(data))


@dataclass(slots=True)
class PackShelf:
    """A shelf of packs; `refs` may grow while it is used."""

    packs: Packs
    settings: Settings
    known: Bodies | None = None
    refs: Mapping[int, Ref] = field(default_factory=dict)

    def bound(self, number: int) -> Bound:
        """The report of that number, with what the roster says of its body."""
        ref = self.refs[number]
        bound = bound_at(self.packs.read(ref.pack, ref.entry))
        if ref.final or self.known is None:
            return bound
        return bound_rostered(bound, self.known, self.settings)
