"""Which of a table's labels a printed text is: exactly, in a known variant, or nearly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from auditor.form import Form, Label, Row, TableForm
from auditor.text import compact, plain

NEAR = 0.8
MARGIN = 0.08
_PREFIX = 6
_DATED = re.compile(r"(?:19|20)[0-9]{2}年?度?(.+)")
_MARK = re.compile(r"(?:[①-⑳¹²³⁰-⁹*※]+|[\[［〔【(（]注?[0-9]{1,2}[\]］〕】)）])\s*\Z")  # of a note
_THIS = 2  # letters that say of a year that it is this one
_VARIANT = 0.97
_MOST = 8192  # texts that are remembered


@dataclass(frozen=True, slots=True)
class Sight:
    """The labels that a text may be, how near it is, and whether its words were changed."""

    labels: frozenset[Label] = frozenset()
    score: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.labels)

    @property
    def changed(self) -> bool:
        """Whether the printed words differ from every accepted spelling."""
        return 0 < self.score < 1

    def within(self, labels: Iterable[Label]) -> Sight:
        """The same sight, of some labels only."""
        if not self.labels:
            return NOTHING
        common = self.labels.intersection(labels)
        if len(common) == len(self.labels):
            return self
        return Sight(common, self.score) if common else NOTHING


NOTHING = Sight()


class Vocabulary:
    """All labels of one table of the form; texts are looked up once each."""

    def __init__(self, table: TableForm) -> None:
        self.table = table
        self.rows = frozenset(row.labels[-1] for row in table.rows if row.labels)
        self.groups = frozenset(label for row in table.rows for label in row.labels[:-1])
        self.tails = frozenset(f.labels[-1] for row in table.rows for f in row.fields)
        self._exact: dict[str, set[Label]] = {}
        self._variant: dict[str, set[Label]] = {}
        self._seen: dict[str, Sight] = {}
        for label in self._labels():
            for spelling in label.spellings:
                self._exact.setdefault(spelling, set()).add(label)
            for variant in label.variants:
                self._variant.setdefault(variant, set()).add(label)
        for row in table.rows:
            for spelling in _with_groups(row):
                self._exact.setdefault(spelling, set()).add(row.labels[-1])
        self.joined = _joined(table) if table.across else {}
        for spelling, (_, tail) in self.joined.items():
            self._exact.setdefault(spelling, {tail})
        self.known = (*self._exact, *self._variant)
        self._longest = max(map(len, self.known), default=0)

    def _labels(self) -> Iterator[Label]:
        yield from sorted(self.rows | self.groups | self.tails, key=lambda label: label.text)
        yield from self.table.heads
        for row in self.table.rows:
            yield from row.under

    def find(self, text: str) -> Sight:
        """What a printed text is; an empty sight where it is no label of this table."""
        bare = plain(text)
        if bare not in self._exact and (mark := _MARK.search(text)):
            bare = plain(text[: mark.start()]) or bare
        seen = self._seen.get(bare)
        if seen is None:
            if len(bare) > 2 * self._longest:  # too long to be near any label or part of one
                return NOTHING
            if len(self._seen) >= _MOST:
                self._seen.clear()
            seen = self._seen[bare] = self._look(bare)
        return seen

    def row_in(self, text: str) -> Label | None:
        """The label of a row that a column's own label begins with, in a table laid out across."""
        return (
            self.joined[bare][0] if self.joined and (bare := plain(text)) in self.joined else None
        )

    def is_exact(self, text: str) -> bool:
        """Whether the text is one of the accepted spellings."""
        return plain(text) in self._exact

    def _look(self, bare: str) -> Sight:
        if not bare:
            return NOTHING
        if bare in self._exact:
            return Sight(frozenset(self._exact[bare]), 1.0)
        if bare in self._variant:
            return Sight(frozenset(self._variant[bare]), _VARIANT)
        return self._near(bare) or self._cut(bare) or self._dated(bare)

    def _near(self, bare: str) -> Sight:
        """The nearest label, if it is near and no other label is about as near."""
        from rapidfuzz import fuzz, process

        floor = (NEAR - MARGIN) * 100
        found = process.extract(bare, self.known, scorer=fuzz.ratio, score_cutoff=floor, limit=6)
        if not found or found[0][1] < NEAR * 100:
            return NOTHING
        best = self._of(found[0][0])
        for spelling, score, _ in found[1:]:
            if not self._of(spelling) & best and score > found[0][1] - MARGIN * 100:
                return NOTHING
        return Sight(best, min(found[0][1] / 100, _VARIANT))

    def _cut(self, bare: str) -> Sight:
        """A label of which only the beginning is printed."""
        if len(bare) < _PREFIX:
            return NOTHING
        whole = {frozenset(labels) for s, labels in self._exact.items() if s.startswith(bare)}
        return Sight(whole.pop(), NEAR) if len(whole) == 1 else NOTHING

    def _dated(self, bare: str) -> Sight:
        """A label that names the year where the form says that it is this one."""
        match = _DATED.match(bare)
        if match is None or len(match[1]) < _PREFIX:
            return NOTHING
        rest = match[1]
        ends = (s for s in self._exact if s.endswith(rest) and len(s) <= len(rest) + _THIS)
        whole = {frozenset(self._exact[s]) for s in ends}
        return Sight(whole.pop(), _VARIANT) if len(whole) == 1 else NOTHING

    def _of(self, spelling: str) -> frozenset[Label]:
        return frozenset(self._exact.get(spelling) or self._variant[spelling])


@lru_cache(maxsize=16)
def vocabularies(form: Form) -> Mapping[str, Vocabulary]:
    """The vocabulary of each table of a form: reports of one form print the same labels."""
    return {table.key: Vocabulary(table) for table in form.tables}


def _with_groups(row: Row) -> Iterator[str]:
    """The label of a row printed in one cell with the label of its group."""
    if len(row.labels) < 2:
        return
    own = row.labels[-1]
    for group in row.labels[-2].spellings:
        for text in (compact(own.text), *own.spellings):
            yield plain(f"{group}{text}")


def _joined(table: TableForm) -> dict[str, tuple[Label, Label]]:
    """Columns that are headed by the labels of row and column in one cell, by their spelling."""
    found: dict[str, tuple[Label, Label]] = {}
    for row in (r for r in table.rows if r.labels):
        own = row.labels[-1]
        over = ["", *(s for under in row.under for s in under.spellings)]
        for of in row.fields:
            tail = of.labels[-1]
            for parts in product(over, own.spellings, tail.spellings):
                found[plain("".join(parts))] = own, tail
    return found


def nearness(text: str, spellings: Iterable[str]) -> float:
    """How near a printed text is to the nearest of some plain spellings, from 0 to 1."""
    from rapidfuzz import fuzz

    bare = plain(text)
    return max((fuzz.ratio(bare, spelling) / 100 for spelling in spellings), default=0.0)
