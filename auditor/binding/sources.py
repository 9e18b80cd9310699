"""The texts of a document in which the form's patterns seek a fact, nearest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, pairwise
from typing import NamedTuple

from auditor.binding.passages import Passage, paragraphs
from auditor.binding.patterns import matching, normal, read_in, tight
from auditor.form import Form
from auditor.model import Document, Location
from auditor.text import compact, squeeze

_LINES = 25
_END = 8  # the last lines, where a report is signed
_SPREAD = re.compile(r"(?:\S ){5,}\S")
_DIGITS = re.compile(r"[0-9]+")
_WAY = re.compile(r"[>＞›»]")
_ALONE = 40
_NARROW = 12  # letters of a line in a column so narrow that a title takes many
_TEXT = 2_000_000
_NOWHERE = Location()


class Found(NamedTuple):
    """One match: its groups and where it stands; `whole` if its text says nothing else."""

    groups: Mapping[str, str]
    location: Location = _NOWHERE
    joined: int = 1
    damaged: bool = False
    where: str = ""
    line: int = 0
    whole: bool = False


Sought = tuple[str, Location | Passage, int]
"""A text, where it stands and how many lines it joins."""

_Kept = tuple[Sought, Sequence[str]]


class Source:
    """The texts of a document by the word that patterns use for them.

    `title` is set once it is found, for what is sought in it or below it.
    """

    def __init__(
        self,
        form: Form,
        document: Document,
        head: Sequence[Passage],
        passages: Sequence[Passage],
        wrapped: int,
    ) -> None:
        self.form = form
        self.document = document
        self.wrapped = wrapped
        self.title: Found | None = None
        self.name = ""
        self.head = list(head)
        self.passages = passages
        self._kept: dict[str, tuple[list[_Kept], Iterator[_Kept]]] = {}

    def sought(self, entry: Mapping[str, str]) -> Iterator[Sought]:
        """The texts in which a pattern of the form occurs, nearest first."""
        where, pattern = entry["in"], entry["pattern"]
        if where == "meta":
            yield from self.meta(entry.get("key", "").casefold())
        elif where == "title":
            if self.title is not None:
                yield normal(self.title.groups["title"]), self.title.location, 1
        else:
            yield from (text for text, found in self._searched(where) if pattern in found)

    def _searched(self, where: str) -> Iterator[_Kept]:
        """Each text in which a pattern occurs, searched once and only as far as asked."""
        if where not in self._kept:
            patterns = read_in(self.form, where)
            pairs = ((x, f) for x in self.texts(where) if (f := matching(patterns, x[0])))
            self._kept[where] = [], pairs
        known, new = self._kept[where]
        for at in count():
            if at == len(known):
                following = next(new, None)
                if following is None:
                    return
                known.append(following)
            yield known[at]

    def texts(self, where: str) -> Iterator[Sought]:
        """The texts of one kind, nearest first."""
        if where == "line":
            yield from self.lines()
        elif where == "opening":
            yield from self.opening()
        elif where == "alone":
            yield from self.alone()
        elif where == "signature":
            yield from self.signatures()
        elif where == "end":
            for passage in [p for p in self.passages if not p.within][: -_END - 1 : -1]:
                yield tight(passage.text), passage, 1
        else:
            text = paragraphs(self.passages, wrapped=self.wrapped)
            yield normal(text[:_TEXT]), _NOWHERE, 1

    def alone(self) -> Iterator[Sought]:
        """Short lines: below the title, below the body's name, then from the end.

        What stands above the title is the page's own, as the day on which it is looked at.
        """
        first = self.title.line if self.title is not None else 0
        head = [p for p in self.head if p.line >= first]
        signed = [below for above, below in self._below() if self._names(above)]
        tried: set[str] = set()  # the same figure stands in many cells
        for passage in (*head, *signed, *reversed(self.passages)):
            text = passage.text
            if len(text) <= _ALONE and text not in tried and passage.line >= first:
                tried.add(text)
                yield tight(text), passage, 1

    def signatures(self) -> Iterator[Sought]:
        """Lines directly above a lone date, behind the head."""
        dates = read_in(self.form, "alone")
        first = self.head[-1].line if self.head else -1
        for above, below in self._below():
            if above.line > first and matching(dates, tight(below.text)):
                yield tight(above.text), above, 1

    def _below(self) -> Iterator[tuple[Passage, Passage]]:
        """Neighbouring short lines of running text."""
        lines = (p for p in self.passages if not p.within)
        return ((a, b) for a, b in pairwise(lines) if len(a.text) <= _ALONE >= len(b.text))

    def _names(self, line: Passage) -> bool:
        bare = tight(line.text)
        return len(bare) > 1 and compact(self.name).endswith(bare)

    def meta(self, key: str) -> Iterator[Sought]:
        """The metadata of a name; sites spell the same names in every way."""
        for name, value in self.document.metadata.items():
            if name.casefold() == key:
                yield normal(value), Location(self.document.source), 1

    def lines(self) -> Iterator[Sought]:
        """The first lines and the last; then cells in pairs, lines joined by two and by three."""
        own = [p for p in self.head if not p.within]
        runs = [own[:_LINES], own[_LINES:][-_LINES:]]
        cells = [p for p in self.head if p.within][: 2 * _LINES]
        for passage in (*runs[0], *runs[1], *cells):
            yield normal(_close(passage.text)), passage, 1
        for one, other in pairwise(cells):
            if one.at == other.at:
                yield normal(f"{one.text}:{other.text}"), other, 1
        for number in (2, 3):
            for run in runs:
                yield from _joined(run, number)
        narrow = [p for p in runs[0] if len(p.text) <= _NARROW]
        if len(narrow) > 3:
            for number in (4, 5, 6):
                yield from _joined(narrow, number)

    def opening(self) -> Iterator[Sought]:
        """The lines before the first heading as one text; they may be wrapped."""
        lines = [p for p in self.head if not p.within]
        if lines:
            joined = "".join(p.text.strip() for p in lines)
            yield normal(joined), lines[0], 1


def _joined(lines: Sequence[Passage], number: int) -> Iterator[Sought]:
    """Neighbouring lines as one; what belongs to the page's menus is joined with nothing."""
    for at in range(len(lines) - number + 1):
        parts = [p.text.strip() for p in lines[at : at + number]]
        before = lines[at - 1].text.strip() if at else ""
        if _WAY.search(parts[0]) or _shape(before) == _shape(parts[0]):
            continue
        yield normal("".join(parts)), lines[at], number


def _shape(line: str) -> str:
    """A line without its figures: items of a list of years look alike."""
    return _DIGITS.sub("0", line)


def _close(line: str) -> str:
    """A line set wide, letter by letter, without its blanks."""
    bare = squeeze(line)
    return bare.replace(" ", "") if _SPREAD.fullmatch(bare) else line
