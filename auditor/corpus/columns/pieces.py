"""The tables of a run in pieces: each made by whoever has the time, and kept by what it is of.

A piece is of reports that follow each other in the batch, always as many, so that a run over the
same reports asks for the same pieces, however its work is divided.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from auditor.corpus.columns.audited import audited_lying
from auditor.corpus.columns.rows import Part
from auditor.corpus.columns.tables import TABLES
from auditor.corpus.columns.writing import write_part
from auditor.corpus.kept import Kept
from auditor.corpus.keys import digest
from auditor.corpus.packs import Packs, packed, unpacked
from auditor.corpus.plain import DamagedError, loads
from auditor.corpus.shelf import PackShelf, Ref
from auditor.pipeline import Settings

SIZE = 500
"""Reports in a piece."""


class Lying(NamedTuple):
    """An audit in a pack: its number in the batch, the place of its report, its entry, copies."""

    number: int
    place: int
    pack: str
    entry: int
    copies: tuple[str, ...] = ()


class Pieces:
    """Makes pieces of the tables. `run` is the key of all that reports are judged by."""

    def __init__(
        self,
        packs: Packs,
        shelf: PackShelf,
        settings: Settings,
        kept: Kept | None,
        run: bytes,
        lang: str,
    ) -> None:
        self._packs = packs
        self._shelf = shelf
        self._settings = settings
        self._kept = kept
        self._lang = lang
        every = (settings.rules, *settings.editions)
        self._frame = digest(b"columns", run, lang, [(r.id, r.version, r.digest) for r in every])

    def made(self, audits: Sequence[Lying], refs: Mapping[int, Ref]) -> list[bytes]:
        """The piece of some audits: a file for each table."""
        self._shelf.refs = refs
        entries = [self._packs.read(one.pack, one.entry) for one in audits]
        of = [(one.number, refs[one.place].key, refs[one.place].final, one.copies, entry)
              for one, entry in zip(audits, entries, strict=True)]  # fmt: skip
        key = digest(self._frame, of)
        known = self._known(key)
        if known is not None:
            return known
        part = Part(self._lang)
        for one, entry in zip(audits, entries, strict=True):
            bound = self._shelf.bound(one.place)
            part.add(audited_lying(one.number, bound, loads(entry), one.copies, self._settings))
        files = files_of(part)
        if self._kept is not None:
            self._kept.keep({key: packed(files)})
        return files

    def _known(self, key: bytes) -> list[bytes] | None:
        found = self._kept.fetch([key]) if self._kept is not None else {}
        try:
            return unpacked(found[key])
        except (KeyError, DamagedError):
            return None


def files_of(part: Part) -> list[bytes]:
    """The files of a part, one for each table."""
    with tempfile.TemporaryDirectory(prefix="auditor-columns-") as made:
        write_part(part, Path(made), "0")
        return [(Path(made) / f"{table}-0.parquet").read_bytes() for table in TABLES]


def pieces(count: int) -> Iterator[range]:
    """The numbers of the audits of each piece."""
    for begin in range(0, count, SIZE):
        yield range(begin, min(begin + SIZE, count))
