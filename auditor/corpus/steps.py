"""What a worker does with the documents it is given: read them, count them, judge them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auditor.corpus.batch import guarded
from auditor.corpus.bodies import Bodies
from auditor.corpus.census import census
from auditor.corpus.company import Library, company_of
from auditor.corpus.heads import Head, head_of
from auditor.corpus.judged import audit_bytes, tally_plain
from auditor.corpus.likeness import Abreast, comparing, texts_of
from auditor.corpus.lookalike import sketch
from auditor.corpus.naming import Names
from auditor.corpus.packs import LocalPacks
from auditor.corpus.plain import dumps, encode
from auditor.corpus.shelf import PackShelf, Ref, bound_bytes
from auditor.corpus.ties import Group, Ties
from auditor.corpus.worker import AT, DONE, Start
from auditor.gather import Input, corrections_of
from auditor.model import Audit, Refusal
from auditor.pipeline import Bound, bind_one, judge
from auditor.readers import prepare
from auditor.rulebook.facts import Facts, Peers

BOUND, REFUSED, FAULT = "bound", "refused", "fault"
"""What became of a document when it was read."""

INDEX, SKETCHES, FIRST = 0, 1, 2
"""The entries of a pack of read documents: its index, the sketches of texts, the first report."""

Stamp = tuple[tuple[int, int] | None, ...]
"""Size and time of a file and of its corrections: whether they are still those that were read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One document of a pack: its number, its file's stamp, what became of it, and with what."""

    number: int
    stamp: Stamp
    kind: str
    value: Any
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Judging:
    """One report to judge, by place: its ties, its likenesses, the files that hold the same."""

    place: int
    ties: Ties
    near: Abreast | None
    duplicates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What all judging of a run shares."""

    known: Bodies
    names: Names
    figures: Mapping[Group, dict[object, Any]]


class Bench:
    """Where a worker works: its settings, its packs, and what it was told."""

    def __init__(self, start: Start, marks: Any) -> None:
        self._start = start
        self._marks = marks
        self._settings = start.settings
        self._packs = LocalPacks(start.work)
        self._how = comparing(start.settings)
        self._library: Library | None = None
        self._shelf = PackShelf(self._packs, start.settings)

    def told(self, name: str, value: Any) -> None:
        """Take in what all steps after this one need."""
        assert name == "library"
        assert isinstance(value, Told)
        self._shelf = PackShelf(self._packs, self._settings, value.known)
        peers = {group: Peers(_Nobody(), dict(memo)) for group, memo in value.figures.items()}
        self._library = Library(
            self._shelf, self._settings, value.known, value.names, self._how, peers
        )

    def do(self, step: str, numbers: tuple[int, ...], load: Any) -> object:
        """One step of these documents."""
        return {"read": self._read, "census": self._census, "judge": self._judge}[step](
            numbers, load
        )

    def _at(self, number: int) -> None:
        self._marks[AT] = number

    def _done(self) -> None:
        self._marks[DONE] += 1

    # ---- reading ---------------------------------------------------------------------------------

    def _read(self, numbers: tuple[int, ...], items: Sequence[Input]) -> object:
        """Documents → bound reports in a pack; the pack's name and what became of each."""
        self._at(numbers[0])
        prepare(((i.path, i.content) for i in items), limits=self._settings.limits)
        readings: list[Reading] = []
        entries: list[bytes] = []
        sketches: dict[str, dict[int, bytes]] = {}
        for number, item in zip(numbers, items, strict=True):
            self._at(number)
            stamp = stamp_of(item)
            kind, value = self._one(item)
            if isinstance(value, Bound):
                entries.append(bound_bytes(value))
                head = self._head(number, value, sketches)
                place = FIRST + len(entries) - 1
                readings.append(Reading(number, stamp, kind, head_plain(head), place))
            else:
                readings.append(Reading(number, stamp, kind, encode(value)))
            self._done()
        name = _name("read", numbers)
        index = tuple((r.number, r.stamp, r.kind, r.value, r.entry) for r in readings)
        self._packs.write(name, [dumps(index), dumps(sketches), *entries])
        return name, index

    def _one(self, item: Input) -> tuple[str, Bound | Refusal]:
        faults: list[Refusal] = []
        found = guarded(item.name, faults, bind_one, item, self._settings)
        if found is None:
            return FAULT, faults[0]
        return (REFUSED if isinstance(found, Refusal) else BOUND), found

    def _head(self, number: int, bound: Bound, sketches: dict[str, dict[int, bytes]]) -> Head:
        texts = texts_of(bound.report, self._settings, self._how)
        if self._start.sketching:
            for part in texts.lengths:
                sketches.setdefault(part, {})[number] = sketch(texts.masked[part])
        return head_of(bound.report, texts.lengths)

    # ---- counting --------------------------------------------------------------------------------

    def _census(
        self, numbers: tuple[int, ...], load: tuple[Sequence[int], Mapping[int, Ref]]
    ) -> object:
        """The figures of reports that are compared with their peers."""
        places, self._shelf.refs = load
        found = []
        for number, place in zip(numbers, places, strict=True):
            self._at(number)
            found.append(census(self._shelf.bound(place).report, self._settings))
            self._done()
        return found

    # ---- judging ---------------------------------------------------------------------------------

    def _judge(
        self, numbers: tuple[int, ...], load: tuple[Sequence[Judging], Mapping[int, Ref]]
    ) -> object:
        """Reports → audits in a pack; the pack's name and what became of each."""
        library = self._library
        assert library is not None
        given, self._shelf.refs = load
        library.forget()
        index: list[Any] = []
        entries: list[bytes] = []
        for number, one in zip(numbers, given, strict=True):
            self._at(number)
            faults: list[Refusal] = []
            bound, audit = self._judged(one, library, faults)
            tally = None
            if audit is not None:
                audit = replace(audit, duplicates=one.duplicates)
                entries.append(audit_bytes(audit, bound.report, self._settings))
                tally = tally_plain(audit)
            place = 0 if tally is None else len(entries)
            index.append((number, tally, place, tuple(encode(f) for f in faults)))
            self._done()
        name = _name("judge", numbers)
        self._packs.write(name, [dumps(tuple(index)), *entries])
        return name, tuple(index)

    def _judged(
        self, one: Judging, library: Library, faults: list[Refusal]
    ) -> tuple[Bound, Audit | None]:
        bound = library.bound(one.place)
        source = bound.report.source
        company = guarded(source, faults, company_of, one.place, one.ties, one.near, library)
        if company is None:
            return bound, guarded(source, faults, judge, bound, self._settings)
        return bound, guarded(source, faults, judge, bound, self._settings, company)


class _Nobody(Sequence[Facts]):
    """Peers of whom only figures are known: asking for anything else is a mistake of ours."""

    def __len__(self) -> int:
        return 0

    def __getitem__(self, at: Any) -> Any:
        raise AssertionError("a rule asks of peers what the census did not count")

    def __iter__(self) -> Any:
        raise AssertionError("a rule asks of peers what the census did not count")


def _name(step: str, numbers: tuple[int, ...]) -> str:
    """A name that no other pack of the run has."""
    return f"{step}-{numbers[0]:08d}-{secrets.token_hex(6)}"


def stamp_of(item: Input) -> Stamp:
    """The stamp of the file that holds a document; empty for what is in memory."""
    if item.data is not None:
        return ()
    corrections = corrections_of(item)
    return tuple(_stat(path) for path in (item.archive or item.path, corrections))


def _stat(path: Path | None) -> tuple[int, int] | None:
    try:
        state = path.stat() if path is not None else None
    except OSError:
        return None
    return (state.st_size, state.st_mtime_ns) if state is not None else None


def head_plain(head: Head) -> tuple[Any, ...]:
    """A head as plain values."""
    return (
        head.source, head.form, head.name, head.kind, head.level, head.period, head.cells,
        head.glued, dict(head.parts),
    )  # fmt: skip
