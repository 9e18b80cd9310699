"""What a worker does with the documents it is given: read them, judge them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditor.corpus.depends import Trial
from auditor.corpus.judgement import Judge, Told, faults_plain
from auditor.corpus.kept import Kept
from auditor.corpus.keys import digest
from auditor.corpus.packs import packs_at
from auditor.corpus.plain import dumps
from auditor.corpus.reading import BOUND, Reader
from auditor.corpus.shelf import PackShelf, Ref
from auditor.corpus.worker import AT, DONE, Start
from auditor.gather import Input
from auditor.readers import prepare

if TYPE_CHECKING:
    from auditor.corpus.columns.pieces import Lying, Pieces

INDEX, SKETCHES, FIRST = 0, 1, 2
"""The entries of a pack of read documents: its index, the sketches of texts, the first report."""


class Bench:
    """Where a worker works: its settings, its packs, and what it was told."""

    def __init__(self, start: Start, marks: Any) -> None:
        self._start = start
        self._marks = marks
        self._packs = packs_at(start.work)
        self._kept = Kept(start.kept) if start.kept is not None else None
        self._reader = Reader(start.settings, sketching=start.sketching, kept=self._kept)
        self._judge: Judge | None = None
        self._pieces: Pieces | None = None

    def told(self, name: str, value: Any) -> None:
        """Take in what all steps after this one need."""
        assert name == "judge"
        assert isinstance(value, Told)
        reader = self._reader
        shelf = PackShelf(self._packs, reader.settings, reader.quick, value.known)
        self._judge = Judge(reader.settings, shelf, reader.how, self._kept, value)
        lang = self._start.columns
        if lang is not None:
            from auditor.corpus.columns.pieces import Pieces

            self._pieces = Pieces(self._packs, shelf, reader.settings, self._kept, value.key, lang)

    def do(self, step: str, numbers: tuple[int, ...], load: Any) -> object:
        """One step of these documents."""
        return {"read": self._read, "judge": self._judged, "columns": self._laid}[step](
            numbers, load
        )

    def _read(self, numbers: tuple[int, ...], items: Sequence[Input]) -> object:
        """Documents → bound reports in a pack; the pack's name and its index."""
        self._marks[AT] = numbers[0]
        opened = self._reader.open(items)
        new = [replace(one.item, held=one.data) for one, known in opened if known is None]
        prepare(((i.path, i.content) for i in new), limits=self._start.settings.limits)
        index: list[tuple[Any, ...]] = []
        entries: list[bytes] = []
        sketches: dict[str, dict[int, bytes]] = {}
        made = []
        for number, (one, known) in zip(numbers, opened, strict=True):
            self._marks[AT] = number
            reading = known or self._reader.read(one)
            if known is None:
                made.append(reading)
            place = 0
            if reading.kind == BOUND:
                entries.append(reading.entry)
                place = FIRST + len(entries) - 1
            index.append((number, reading.stamp, reading.kind, reading.value, reading.key, place))
            for part, sketch in reading.sketches.items():
                sketches.setdefault(part, {})[number] = sketch
            self._marks[DONE] += 1
        self._reader.keep(made)
        return self._written("read", numbers, index, [dumps(sketches), *entries])

    def _judged(
        self, numbers: tuple[int, ...], load: tuple[Sequence[Trial], Mapping[int, Ref]]
    ) -> object:
        """Reports → audits in a pack; the pack's name and its index."""
        judge = self._judge
        assert judge is not None
        trials, refs = load

        def at(place: int) -> None:
            self._marks[AT] = numbers[place]

        index: list[tuple[Any, ...]] = []
        entries: list[bytes] = []
        for number, found in zip(numbers, judge.judge(trials, refs, at), strict=True):
            if found.tally is not None:
                entries.append(found.entry)
            place = 0 if found.tally is None else len(entries)
            index.append((number, found.tally, place, faults_plain(found.faults)))
        self._marks[DONE] += len(numbers)
        return self._written("judge", numbers, index, entries)

    def _laid(
        self, numbers: tuple[int, ...], load: tuple[Sequence[Sequence[Lying]], Mapping[int, Ref]]
    ) -> object:
        """Audits → pieces of the tables, each in a pack of its own; the names of the packs."""
        pieces = self._pieces
        assert pieces is not None
        wanted, refs = load
        names: list[str] = []
        for number, audits in zip(numbers, wanted, strict=True):
            self._marks[AT] = number
            files = pieces.made(audits, refs)
            names.append(f"columns-{audits[0].number:08d}-{digest(*files).hex()[:16]}")
            self._packs.write(names[-1], files)
            self._marks[DONE] += len(audits)
        return names

    def _written(
        self, step: str, numbers: tuple[int, ...], index: Sequence[Any], entries: Sequence[bytes]
    ) -> object:
        """A pack under the name of its index, which tells what its entries were made from.

        To write the same again is harmless: one stands for the other.
        """
        data = [dumps(tuple(index)), *entries]
        name = f"{step}-{numbers[0]:08d}-{digest(data[0]).hex()[:16]}"
        self._packs.write(name, data)
        return name, tuple(index)
