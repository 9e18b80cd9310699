"""Documents → bound reports with their heads: read now, or known from before by their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

from auditor.addresses import Address
from auditor.corpus.batch import guarded
from auditor.corpus.census import asked_of_peers, census
from auditor.corpus.heads import Head, head_of
from auditor.corpus.kept import Kept
from auditor.corpus.keys import (
    digest,
    engine_key,
    forms_key,
    heads_key,
    identities_key,
    reading_key,
)
from auditor.corpus.likeness import comparing, texts_of
from auditor.corpus.lookalike import sketch
from auditor.corpus.plain import DamagedError, decode, dumps, encode, loads
from auditor.corpus.quick import QuickReader
from auditor.corpus.shelf import bound_bytes, data_bytes, is_data
from auditor.errors import AuditorError
from auditor.gather import Input, corrections_of
from auditor.model import Refusal
from auditor.pipeline import Bound, Settings, bind_one
from auditor.readers.data import SUFFIXES as DATA
from auditor.readers.limits import at_most
from auditor.rulebook.tree import names

BOUND, REFUSED, FAULT = "bound", "refused", "fault"
"""What became of a document when it was read."""

_PASSING = frozenset(("too-large", "missing", "corrections"))
"""Refusals that another day may not repeat: the machine was slow, the file was not there."""

_AT_ONCE = 8  # files that are fetched at once

Stamp = tuple[tuple[int, int] | None, ...]
"""Size and time of a file and of its corrections: whether they are still those that were read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one document: its head (`bound`) or its refusal, as plain values.

    `key` stands for all that reading it depended on, empty where it could not even be opened;
    `entry` is the report as it lies in a pack; `sketches` are those of its texts.
    """

    kind: str
    value: Any
    key: bytes = b""
    stamp: Stamp = ()
    entry: bytes = b""
    sketches: Mapping[str, bytes] = field(default_factory=dict)


class _Opened(NamedTuple):
    """A document's bytes, None where it cannot be opened, with the key of what they are."""

    item: Input
    data: bytes | None
    key: bytes
    stamp: Stamp
    corrected: bool


class Reader:
    """Reads documents for one run. What was kept is used, and what is new is kept."""

    def __init__(self, settings: Settings, *, sketching: bool, kept: Kept | None = None) -> None:
        self.settings = settings
        self.how = comparing(settings)
        self.quick = QuickReader(settings)
        self._sketching = sketching
        self._kept = kept
        asked = [sketching, self.how.prior, self.how.peers, self._asked_key()]
        self._reading = reading_key(settings)
        self._heads = heads_key(settings, asked)
        self._identities: bytes | None = None

    def _asked_key(self) -> bytes:
        """What is asked of peers, by its digest: kept, as all rules are made ready to tell it."""
        settings = self.settings
        rules = [rules.digest for rules in (settings.rules, *settings.editions)]
        key = digest(b"asked", engine_key(), forms_key(settings), rules)
        found = self._fetch([key]).get(key)
        if found is None:
            found = digest(list(_asked(settings)))
            if self._kept is not None:
                self._kept.keep({key: found})
        return found

    def open(self, items: Sequence[Input]) -> list[tuple[_Opened, Reading | None]]:
        """The documents opened, each with what is known of it from before."""
        opened = self._open_all(items)
        heads = [self._head_key(one.key) for one in opened]
        told = self._fetch([head for head, one in zip(heads, opened, strict=True) if one.key])
        known = [_told(told.get(head)) for head in heads]
        bodies = self._fetch([one.key for one, of in zip(opened, known, strict=True)
                              if of is not None and of.whole])  # fmt: skip
        return [(one, _known(one, of, bodies)) for one, of in zip(opened, known, strict=True)]

    def read(self, opened: _Opened) -> Reading:
        """One document read."""
        item, faults = opened.item, list[Refusal]()
        found = guarded(item.name, faults, self._bound, opened)
        if isinstance(found, Refusal):
            return Reading(REFUSED, encode(found), opened.key, opened.stamp)
        headed = found and guarded(item.name, faults, self._headed, found)
        if not found or not headed:
            return Reading(FAULT, encode(faults[0]), b"", opened.stamp)
        head, sketches = headed
        entry = bound_bytes(found)
        return Reading(BOUND, head_plain(head), opened.key, opened.stamp, entry, sketches)

    def keep(self, readings: Sequence[Reading]) -> None:
        """Keep what was read anew."""
        new: dict[bytes, bytes] = {}
        for one in readings:
            passing = one.kind == REFUSED and decode(one.value).kind in _PASSING
            if self._kept is None or not one.key or one.kind == FAULT or passing:
                continue
            whole = one.kind == BOUND and not is_data(one.entry)
            new[self._head_key(one.key)] = dumps((one.kind, one.value, dict(one.sketches), whole))
            if whole:
                new[one.key] = one.entry
        if self._kept is not None:
            self._kept.keep(new)

    def _fetch(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        return self._kept.fetch(keys) if self._kept is not None else {}

    # ---- opening ---------------------------------------------------------------------------------

    def _open_all(self, items: Sequence[Input]) -> list[_Opened]:
        """Those at addresses side by side: what takes time there is the way."""
        if all(item.address is None for item in items):
            return [self._open(item) for item in items]
        with ThreadPoolExecutor(_AT_ONCE) as hands:
            return list(hands.map(self._open, items))

    def _open(self, item: Input) -> _Opened:
        """The bytes of a document within its limits, and the key of all that they can become."""
        corrections = corrections_of(item)
        stamp = () if item.data is not None else (_stat(item.place), _stat(corrections))
        try:
            data = self._bytes(item)
            beside = corrections.read_bytes() if corrections is not None else None
        except (OSError, AuditorError):
            data = None
        if data is None:
            return _Opened(item, None, b"", stamp, corrections is not None)
        key = hashlib.sha256(self._reading)
        name = item.name.encode("utf-8", "surrogatepass")
        key.update(len(name).to_bytes(4, "little") + name)
        key.update(hashlib.sha256(data).digest())
        key.update(b"-" if beside is None else hashlib.sha256(beside).digest())
        if item.path.suffix.lower() not in DATA:
            key.update(self._sums())
        return _Opened(item, data, key.digest(), stamp, corrections is not None)

    def _bytes(self, item: Input) -> bytes | None:
        """None for what is larger than it may be: the long way says so."""
        most = self.settings.limits.size
        data = item.content(most)
        if data is None:
            data = at_most(item.path, most)
        return data if len(data) <= most else None

    def _sums(self) -> bytes:
        """The sums that split glued digits: documents without any never ask for them."""
        if self._identities is None:
            self._identities = identities_key(self.settings)
        return self._identities

    def _head_key(self, key: bytes) -> bytes:
        return hashlib.sha256(self._heads + key).digest()

    # ---- reading ---------------------------------------------------------------------------------

    def _bound(self, opened: _Opened) -> Bound | Refusal:
        """One document up to its report: whole data the quick way, anything else the long way."""
        item, data = opened.item, opened.data
        if data is None:
            return bind_one(item, self.settings)
        if item.data is None and not opened.corrected and item.path.suffix.lower() == ".json":
            report = self.quick.report(data, item.name)
            if report is not None:
                return Bound(report)
        return bind_one(replace(item, held=data), self.settings)

    def _headed(self, bound: Bound) -> tuple[Head, dict[str, bytes]]:
        report = bound.report
        texts = texts_of(report, self.settings, self.how)
        lengths = texts.lengths
        sketches = {p: sketch(texts.masked[p]) for p in lengths} if self._sketching else {}
        return replace(head_of(report, lengths), figures=census(report, self.settings)), sketches


class _Told(NamedTuple):
    """What is kept of a document; `whole` where its report is kept by itself, too."""

    kind: str
    value: Any
    sketches: Mapping[str, bytes]
    whole: bool


def _told(kept: bytes | None) -> _Told | None:
    """What was kept, None where nothing was or it is damaged."""
    if kept is None:
        return None
    try:
        return _Told(*loads(kept))
    except (DamagedError, TypeError, ValueError):
        return None


def _known(opened: _Opened, told: _Told | None, bodies: Mapping[bytes, bytes]) -> Reading | None:
    """A document as it was read before; None where any of it is missing."""
    if told is None or opened.data is None:
        return None
    entry = b""
    if told.kind == BOUND:
        held = bodies.get(opened.key) if told.whole else data_bytes(opened.item.name, opened.data)
        if held is None:
            return None
        entry = held
    return Reading(told.kind, told.value, opened.key, opened.stamp, entry, told.sketches)


def _asked(settings: Settings) -> Iterator[object]:
    """What is asked of peers on every form, with the thresholds that it names."""
    for rules in (settings.rules, *settings.editions):
        for form in settings.forms:
            if form.refuse is not None or form.id not in rules.forms:
                continue
            for one in asked_of_peers(rules, form, None):
                words = {part for name in names(one.formula.node) for part in name.parts}
                yield one.key, [held for name, held in rules.thresholds.items() if name in words]


def stamp_of(item: Input) -> Stamp:
    """The stamp of the file that holds a document; empty for what is in memory."""
    if item.data is not None:
        return ()
    return _stat(item.place), _stat(corrections_of(item))


def _stat(path: Path | Address | None) -> tuple[int, int] | None:
    if isinstance(path, Address):
        return path.size or 0, path.mark
    try:
        state = path.stat() if path is not None else None
    except OSError:
        return None
    return (state.st_size, state.st_mtime_ns) if state is not None else None


# ---- heads as plain values -----------------------------------------------------------------------


def head_plain(head: Head) -> tuple[Any, ...]:
    """A head as plain values."""
    figures = tuple((f.numerator, f.denominator) if isinstance(f, Fraction) else f
                    for f in head.figures)  # fmt: skip
    return (
        head.source, head.form, head.name, head.kind, head.level, head.period, head.cells,
        head.glued, dict(head.parts), figures,
    )  # fmt: skip


def head_of_plain(value: Sequence[Any]) -> Head:
    """The head of plain values."""
    source, form, name, kind, level, period, cells, glued, parts, figures = value
    numbers = tuple(Fraction(*f) if isinstance(f, tuple) else f for f in figures)
    kind, level = kind and intern(kind), level and intern(level)  # thousands have the same
    return Head(source, intern(form), name, kind, level, period, cells, glued, parts, numbers)
