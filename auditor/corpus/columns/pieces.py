"""The tables of a run in pieces: each made by whoever has the time, and kept by what it is of.

A piece is of reports that follow each other in the batch, always as many, so that a run over the
same reports asks for the same pieces, however its work is divided.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from auditor.corpus.columns.audited import audited_lying
from auditor.corpus.columns.rows import Part
from auditor.corpus.columns.tables import TABLES
from auditor.corpus.columns.writing import write_part
from auditor.corpus.kept import Kept
from auditor.corpus.keys import digest
from auditor.corpus.packs import Packs, packed, unpacked
from auditor.corpus.plain import DamagedError, bound_of, bound_plain, dumps, loads
from auditor.corpus.shelf import PackShelf, Ref
from auditor.pipeline import Bound, Settings

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
        self._run = run
        self._lang = lang
        every = (settings.rules, *settings.editions)
        self._frame = digest(b"columns", run, lang, [(r.id, r.version, r.digest) for r in every])

    def made(self, audits: Sequence[Lying], refs: Mapping[int, Ref]) -> list[bytes]:
        """The piece of some audits: a file for each table.

        Each table is kept under a key of its own. Results and cells have most of the rows, and are
        often the same when a rule has changed: cells hang on the reports alone, results on what
        came of each rule, not on what is said of it.
        """
        self._shelf.refs = refs
        entries = [self._packs.read(one.pack, one.entry) for one in audits]
        of = [(one.number, refs[one.place].key, refs[one.place].final, one.copies, entry)
              for one, entry in zip(audits, entries, strict=True)]  # fmt: skip
        key = digest(self._frame, of)
        known = self._known(key)
        return known if known is not None else self._made(key, audits, entries, refs)

    def _made(
        self,
        key: bytes,
        audits: Sequence[Lying],
        entries: Sequence[bytes],
        refs: Mapping[int, Ref],
    ) -> list[bytes]:
        values = [loads(entry) for entry in entries]
        keys = {table: digest(key, table) for table in TABLES}
        keys["cells"] = self._key_of_cells(audits, values, refs)
        about = digest(keys["cells"], b"about")
        found = self._fetch([keys["cells"], about])
        bounds = _heads_of(found.pop(about, None)) if keys["cells"] in found else None
        part = Part(self._lang, of_cells=bounds is None)
        made = bounds or [self._shelf.bound(one.place) for one in audits]
        for one, value, bound in zip(audits, values, made, strict=True):
            part.add(audited_lying(one.number, bound, value, one.copies, self._settings))
        keys["results"] = digest(b"results", self._run, list(part.results_made_of()))
        found |= self._fetch([keys["results"]])
        if bounds is None:
            found.pop(keys["cells"], None)
        new = {keys[table]: file for table, file in self._files(part, keys, found).items()}
        if bounds is None:
            new[about] = dumps([bound_plain(_head_of(bound)) for bound in made])
        if self._kept is not None:
            self._kept.keep(new | {key: packed(list(keys.values()))})
        found |= new
        return [found[keys[table]] for table in TABLES]

    def _files(
        self, part: Part, keys: Mapping[str, bytes], found: Mapping[bytes, bytes]
    ) -> dict[str, bytes]:
        """The files of the tables that are not there yet."""
        todo = [table for table in TABLES if keys[table] not in found]
        with tempfile.TemporaryDirectory(prefix="auditor-columns-") as made:
            write_part(part, Path(made), "0", todo)
            return {t: (Path(made) / f"{t}-0.parquet").read_bytes() for t in todo}

    def _key_of_cells(
        self, audits: Sequence[Lying], values: Sequence[Sequence[Any]], refs: Mapping[int, Ref]
    ) -> bytes:
        """Of the reports, and of what stands in the place of one in which something is hidden."""
        of = [
            (one.number, refs[one.place].key, refs[one.place].final, value[-2] and dumps(value[-2]))
            for one, value in zip(audits, values, strict=True)
        ]
        return digest(b"cells", self._run, of)

    def _known(self, key: bytes) -> list[bytes] | None:
        """The tables of the same audits by the same rules, where none of them is gone."""
        try:
            keys = unpacked(self._fetch([key])[key])
            found = self._fetch(keys)
            return [found[one] for one in keys]
        except (KeyError, DamagedError):
            return None

    def _fetch(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        return self._kept.fetch(keys) if self._kept is not None else {}


def _head_of(bound: Bound) -> Bound:
    """A report without its cells and texts: what is told of it in the tables of audits."""
    report = bound.report
    bare = replace(report, data={}, locations={}, observations=(), rest="", beside="")
    return replace(bound, report=bare)


def _heads_of(kept: bytes | None) -> list[Bound] | None:
    """Such reports as they were kept; None where they were not."""
    if kept is None:
        return None
    try:
        return [bound_of(value) for value in loads(kept)]
    except (DamagedError, TypeError, ValueError):
        return None


def pieces(count: int) -> Iterator[range]:
    """The numbers of the audits of each piece."""
    for begin in range(0, count, SIZE):
        yield range(begin, min(begin + SIZE, count))
