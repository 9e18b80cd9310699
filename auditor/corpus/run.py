"""A run over many documents: read all, put each beside its company, judge each; in processes.

What is done lies in the folder of the run at once, so that memory does not grow with the number
of documents and nothing is done twice. The result is the same whatever the number of workers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

from auditor import __version__
from auditor.corpus import orders
from auditor.corpus.batch import duplicate, guarded
from auditor.corpus.bodies import Bodies
from auditor.corpus.census import census, figures
from auditor.corpus.company import Library
from auditor.corpus.crew import Crew
from auditor.corpus.duplicates import once
from auditor.corpus.folder import RunFolder
from auditor.corpus.gathered import Gathered
from auditor.corpus.heads import Head
from auditor.corpus.judged import Judged, Place, Tables
from auditor.corpus.judgement import Told
from auditor.corpus.kept import Kept, default_path
from auditor.corpus.keys import digest, judging_key, roster_key, run_key
from auditor.corpus.likened import Likened
from auditor.corpus.likeness import comparing
from auditor.corpus.lookalike import ALL_PAIRS
from auditor.corpus.naming import Names
from auditor.corpus.packs import packs_at
from auditor.corpus.plain import DamagedError, decode, loads
from auditor.corpus.progress import Progress
from auditor.corpus.quick import QuickReader
from auditor.corpus.reading import BOUND, FAULT, stamp_of
from auditor.corpus.shelf import PackShelf, Ref, bound_bytes
from auditor.corpus.steps import INDEX
from auditor.corpus.ties import Group, Ties, by_body
from auditor.corpus.together import Revised, Together, together
from auditor.corpus.worker import Start
from auditor.errors import Said, UsageError
from auditor.gather import Input
from auditor.model import Audit, Batch, Refusal
from auditor.pipeline import Bound, Settings
from auditor.rulebook.facts import Peers
from auditor.rulebook.prepare import for_keeping
from auditor.verdict import Tally

if TYPE_CHECKING:
    from auditor.corpus.cluster import Cluster, Fleet

CACHE = 5_000_000_000
"""Bytes of results that are kept between runs, unless the user says otherwise."""


class Run:
    """One run. Use it as a context: its folder stays if the run is cut off, and goes if it ends."""

    def __init__(
        self,
        items: Sequence[Input],
        settings: Settings,
        jobs: int,
        *,
        resume: bool = False,
        progress: Progress | None = None,
        cache: int = CACHE,
        cluster: Cluster | None = None,
        columns: str | None = None,
    ) -> None:
        settings = _for_workers(settings)
        self._items = items
        self._settings = settings
        self._cache = cache
        self._kept = default_path() if cache else None
        self._jobs = jobs
        self._progress = progress or Progress()
        key = run_key(settings, (item.name for item in items))
        self._folder = RunFolder(key)
        self.resumed = resume and self._folder.unfinished
        manifest = {"run": key, "engine": __version__, "documents": len(items),
                    "rules": settings.rules.digest, "as_of": settings.as_of}  # fmt: skip
        self._cluster = cluster
        self._columns = columns
        shared = cluster.work if cluster is not None else None
        self._folder.begin(manifest, anew=not resume, shared=shared)
        self._packs = packs_at(self._folder.place)
        self._reader = QuickReader(settings)
        self._deaths = self._folder.deaths()
        self._read = Gathered()
        self._judged: dict[int, Place] = {}
        self._tallies: dict[tuple[Any, ...], Tally] = {}
        self._faults: dict[int, tuple[Refusal, ...]] = {}

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._packs.close()
        if kind is None:
            self._folder.remove()
            self._trim()
        elif issubclass(kind, UsageError) and not any(self._folder.packs_of("read")):
            self._folder.remove()  # refused before it began: nothing is there to go on with
        else:
            self._folder.leave()

    def _trim(self) -> None:
        """Let go of what was used longest ago."""
        if self._kept is not None:
            kept = Kept(self._kept)
            kept.trim(self._cache)
            kept.close()

    # ---- the run ---------------------------------------------------------------------------------

    def batch(self) -> Batch:
        """All audits, which lie in the folder of the run as long as it is open."""
        start = Start(
            self._settings,
            self._folder.place,
            self._kept,
            sketching=len(self._items) > ALL_PAIRS,
            patience=3.0 * self._settings.limits.seconds + self._settings.limits.scan_seconds,
            columns=self._columns,
        )
        with self._hired(start) as crew:
            self._read_all(crew)
            return self._compared(crew)

    def _hired(self, start: Start) -> Crew | Fleet:
        """Workers of this machine, or of a cluster."""
        watch = self._progress.at
        if self._cluster is None:
            return Crew(self._jobs, start, deaths=self._deaths, watch=watch)
        from auditor.corpus.cluster import Fleet

        return Fleet(self._cluster, start, self._packs, self._items,
                     deaths=self._deaths, watch=watch, cache=self._cache)  # fmt: skip

    def _read_all(self, crew: Crew | Fleet) -> None:
        self._take_up()
        left = [number for number in range(len(self._items)) if number not in self._read]
        self._progress.begin("read", len(self._items), len(self._items) - len(left))
        crew.run(orders.Reading(self), left)

    def _take_up(self) -> None:
        """What an earlier run has read of files that are still the same."""
        for name in self._folder.packs_of("read"):
            try:
                index = loads(self._packs.read(name, INDEX))
            except DamagedError:
                continue
            self._read.took(name, [one for one in index if self._is_same(*one[:2])])

    def _is_same(self, number: int, stamp: object) -> bool:
        return number not in self._read and stamp == stamp_of(self._items[number])

    def _compared(self, crew: Crew | Fleet) -> Batch:
        """Copies set aside, every report beside its company, judged."""
        read = self._read
        numbers = sorted(read.heads)
        shelf = PackShelf(self._packs, self._settings, self._reader, refs=read.refs)
        heads = [read.heads[number] for number in numbers]
        kept, copies = once(heads, lambda n: shelf.bound(numbers[n]).report)
        sources = {numbers[n]: tuple(heads[c].source for c in copies[n]) for n in copies}
        numbers = [numbers[n] for n in kept]
        self._progress.begin("compare", len(numbers), 0)
        beside, faults = self._together(numbers, crew)
        refs = self._refs(beside.library, numbers)
        self._judge_all(numbers, beside, refs, crew)
        batch = self._batch(numbers, beside, sources, faults)
        if self._columns is not None:
            self._lay(batch.audits, refs, self._columns, crew)
        return batch

    def _batch(
        self,
        numbers: Sequence[int],
        beside: Together,
        copies: Mapping[int, tuple[str, ...]],
        faults: Sequence[Refusal],
    ) -> Batch:
        """Everything in the order of the documents."""
        read = self._read
        judged = [(n, self._judged[n]) for n in numbers if n in self._judged]
        places = [replace(at, copies=copies[n]) if n in copies else at for n, at in judged]
        twice = [duplicate(c, read.heads[n].source) for n in copies for c in copies[n]]
        aside = [read.aside[number] for number in sorted(read.aside)]
        own = [read.faults[number] for number in sorted(read.faults)]
        later = [fault for number in sorted(self._faults) for fault in self._faults[number]]
        return Batch(
            Judged(places, self._packs, beside.library),
            (*aside, *twice),
            (*own, *faults, *later),
            missing=beside.missing,
        )

    def _together(
        self, numbers: Sequence[int], crew: Crew | Fleet
    ) -> tuple[Together, list[Refusal]]:
        """The reports with their company; by themselves after a fault of ours in comparing."""
        read = self._read
        faults: list[Refusal] = []
        heads = [read.heads[number] for number in numbers]
        refs = {place: read.refs[number] for place, number in enumerate(numbers)}
        shelf = PackShelf(self._packs, self._settings, self._reader, refs=refs)
        aside = [*(read.aside[n] for n in sorted(read.aside)),
                 *(read.faults[n] for n in sorted(read.faults))]  # fmt: skip

        before = Likened(numbers, read, self._packs, self._settings, self._kept)

        def peers(groups: Mapping[Group, Sequence[int]], library: Library) -> dict[Group, Peers]:
            return self._peers(groups, library, heads)

        found = guarded("–", faults, together, heads, shelf, aside, self._settings, before, peers)
        if found is None:
            library = Library(
                shelf, self._settings, Bodies(), Names(), comparing(self._settings), {}
            )
            found = Together(heads, [Ties()] * len(heads), {}, library)
        return found, faults

    def _peers(
        self, groups: Mapping[Group, Sequence[int]], library: Library, heads: Sequence[Head]
    ) -> dict[Group, Peers]:
        """The figures of all that have peers; reports that the years around them changed anew."""
        forms = {form.id: form for form in self._settings.forms}
        settings, changed = self._settings, _changed(library)
        found = {}
        for group, members in groups.items():
            counted = [
                census(changed[n].report, settings) if n in changed else heads[n].figures
                for n in members
            ]
            memo = figures(counted, settings.at(group[1]).rules, forms[group[0]], group[1])
            found[group] = Peers((), dict(memo))
        return found

    def _refs(self, library: Library, numbers: Sequence[int]) -> dict[int, Ref]:
        """Where every report lies as it is to be judged, by place."""
        refs = {place: self._read.refs[number] for place, number in enumerate(numbers)}
        changed = _changed(library)
        if changed:
            entries = [bound_bytes(bound) for bound in changed.values()]
            self._packs.write(_CHANGED, entries)
            keys = [hashlib.sha256(entry).digest() for entry in entries]
            refs |= {p: Ref(_CHANGED, n, keys[n], final=True) for n, p in enumerate(changed)}
        return refs

    def _judge_all(
        self,
        numbers: Sequence[int],
        beside: Together,
        refs: Mapping[int, Ref],
        crew: Crew | Fleet,
    ) -> None:
        """Every report judged, but for those that an earlier run has judged beside the same."""
        library = beside.library
        name = f"judge {digest([refs[p] for p in range(len(numbers))]).hex()[:16]}"
        places = {number: place for place, number in enumerate(numbers)}
        self._take_up_judged(name, places)
        left = [numbers[place] for place in by_body(beside.ties)
                if numbers[place] not in self._judged]  # fmt: skip
        self._progress.begin("judge", len(numbers), len(numbers) - len(left))
        crew.tell("judge", self._told(library))
        crew.run(orders.Judging(self, beside, refs, places, name), left)

    def _told(self, library: Library) -> Told:
        """What the workers must know to judge."""
        memo = {group: dict(peers.memo) for group, peers in library.peers.items()}
        settings, names = self._settings, hashlib.sha256()
        for name, of in sorted(library.names.keys.items()):
            names.update(f"{name}\x00{of}\n".encode("utf-8", "surrogatepass"))
        key = digest(judging_key(settings), roster_key(settings.roster), names.digest())
        return Told(library.known, library.names, memo, key)

    def _lay(
        self, audits: Sequence[Audit], refs: Mapping[int, Ref], lang: str, crew: Crew | Fleet
    ) -> None:
        """The tables of the run made in pieces by the workers."""
        from auditor.corpus.columns.pieces import Lying, pieces

        assert isinstance(audits, Judged)
        lying = [Lying(n, p.number, p.pack, p.entry, p.copies)
                 for n, p in enumerate(audits.places)]  # fmt: skip
        wanted = {piece[0]: lying[piece[0] : piece[-1] + 1] for piece in pieces(len(lying))}
        self._progress.begin("columns", len(lying), 0)
        step = orders.Laying(wanted, refs)
        crew.run(step, list(wanted))
        if step.names is not None:
            audits.tables = Tables(lang, step.names, self._packs, self._kept)

    def _take_up_judged(self, step: str, places: Mapping[int, int]) -> None:
        for pack in self._folder.packs_of(step):
            with suppress(DamagedError):
                self.took_judged(pack, loads(self._packs.read(pack, INDEX)), places)

    # ---- what the steps bring --------------------------------------------------------------------

    @property
    def items(self) -> Sequence[Input]:
        """The documents by number."""
        return self._items

    def took_read(self, pack: str, index: Sequence[Sequence[Any]]) -> None:
        """A pack of documents was read."""
        self._folder.add_pack("read", pack)
        self._read.took(pack, index)
        for number, _, kind, *_ in index:
            if kind != BOUND:
                refusal = (self._read.faults if kind == FAULT else self._read.aside)[number]
                self._progress.aside(refusal.source, refusal.said)

    def took_judged(
        self, pack: str, index: Sequence[Sequence[Any]], places: Mapping[int, int]
    ) -> None:
        """A pack of reports was judged."""
        for number, tally, entry, faults in index:
            if tally is not None:
                shared = self._tallies.setdefault(tally, Tally(*tally))
                self._judged[number] = Place(places[number], pack, entry, shared)
            if faults:
                self._faults[number] = tuple(decode(fault) for fault in faults)

    def wrote_judged(self, step: str, pack: str) -> None:
        """Note the pack for a run that goes on."""
        self._folder.add_pack(step, pack)

    def died(self, number: int) -> None:
        """A worker died at a document."""
        self._folder.add_death(number)
        self._progress.died(self._items[number].name)

    def set_aside(self, number: int) -> None:
        """A document that kills its worker is not tried a third time."""
        name = self._items[number].name
        self._read.aside[number] = Refusal(name, KIND, _KILLS, unread=True)
        self._progress.aside(name, _KILLS)


def _for_workers(settings: Settings) -> Settings:
    """The settings with rules that travel: their expressions parsed, nothing else in them."""
    rules, *older = (one if one.trees else for_keeping(one)
                     for one in (settings.rules, *settings.editions))  # fmt: skip
    return replace(settings, rules=rules, editions=tuple(older))


KIND = "worker-died"
_CHANGED = "changed"


def _changed(library: Library) -> Mapping[int, Bound]:
    """The reports that the years around them changed."""
    return library.shelf.changed if isinstance(library.shelf, Revised) else {}


_KILLS = Said(
    "两次使处理进程中止（崩溃、内存耗尽或长时间没有反应），已搁置，未能审核",
    "its worker process ended twice (crashed, out of memory, or stuck): set aside, not audited",
)
