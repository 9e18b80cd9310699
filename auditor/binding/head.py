"""The facts of the head (title, body, year, dates, cited documents), by the form's patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count, pairwise
from typing import Any

from auditor.binding.classify import classified
from auditor.binding.passages import Passage, paragraphs
from auditor.binding.patterns import compiled, matches, matching, normal, read_in, tight
from auditor.form import Form
from auditor.model import Document, Location, Observation, Subject
from auditor.text import compact, squeeze

_LINES = 25
_END = 8  # the last lines, where a report is signed
_SPREAD = re.compile(r"(?:\S ){5,}\S")
_ALONE = 40
_TEXT = 2_000_000
_FIRST_YEAR, _LAST_YEAR = 1990, 2999
_NOWHERE = Location()
_OWN = frozenset(("title", "subject.name", "period", "covers", "published", "cited"))


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a document says; None where it says nothing.

    `covers` holds ISO dates (`from`, `to`), `others` the texts and ISO dates of what only the form
    knows of, `places` the location of each fact by its path.
    """

    title: str | None = None
    subject: Subject = field(default_factory=Subject)
    period: int | None = None
    covers: Mapping[str, str | None] | None = None
    published: str | None = None
    cited: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Location] = field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    title_lines: int = 1


_Text = tuple[str, Location | Passage, int]  # where it stands, how many lines it joins
_Sought = tuple[_Text, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Found:
    """One match: its groups and where it stands."""

    groups: Mapping[str, str]
    location: Location = _NOWHERE
    joined: int = 1
    damaged: bool = False
    where: str = ""


def read_head(
    document: Document,
    form: Form,
    head: Sequence[Passage],
    passages: Sequence[Passage],
    wrapped: int = 0,
) -> Head:
    """Read every fact that `form.read` knows.

    `head` are the lines before the first heading, `wrapped` is the width at which lines break.
    """
    source = _Source(form, document, head, passages, wrapped)
    title = _title(form, source)
    source.title = title
    name = _first(form, "subject.name", source)
    named = name.groups["name"].strip() if name else None
    year = next((f for f in _all(form, "period", source) if _is_year(f)), None)
    places = {"title": title, "subject.name": name, "period": year}
    covers, span, damaged = _covers(form, source)
    published, day, wrong = _published(form, source)
    others = _others(form, source)
    places |= {"covers": span, "published": day, **others}
    return Head(
        title=title.groups["title"].strip() if title else None,
        subject=classified(form, Subject(named)),
        period=int(year.groups["year"]) if year else None,
        covers=covers,
        published=published,
        cited=_cited(form, source),
        others={fact: _text(found) for fact, found in others.items()},
        places={path: found.location for path, found in places.items() if found},
        observations=(*damaged, *wrong),
        title_lines=title.joined if title else 0,
    )


class _Source:
    """The texts of a document by the word that patterns use for them."""

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
        self.title: _Found | None = None
        self.head = list(head)
        self.passages = passages
        self._kept: dict[str, tuple[list[_Sought], Iterator[_Sought]]] = {}

    def sought(self, entry: Mapping[str, str]) -> Iterator[_Text]:
        """The texts in which a pattern of the form occurs, nearest first."""
        where, pattern = entry["in"], entry["pattern"]
        if where == "meta":
            yield from self.meta(entry.get("key", "").casefold())
        elif where == "title":
            if self.title is not None:
                yield normal(self.title.groups["title"]), self.title.location, 1
        else:
            yield from (text for text, found in self._searched(where) if pattern in found)

    def _searched(self, where: str) -> Iterator[_Sought]:
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

    def texts(self, where: str) -> Iterator[_Text]:
        """The texts of one kind, nearest first."""
        if where == "line":
            yield from self.lines()
        elif where == "opening":
            yield from self.opening()
        elif where == "alone":
            tried: set[str] = set()  # the same figure stands in many cells
            for passage in (*self.head, *reversed(self.passages)):
                text = passage.text
                if len(text) <= _ALONE and text not in tried:
                    tried.add(text)
                    yield tight(text), passage, 1
        elif where == "end":
            for passage in [p for p in self.passages if not p.within][: -_END - 1 : -1]:
                yield tight(passage.text), passage, 1
        else:
            text = paragraphs(self.passages, wrapped=self.wrapped)
            yield normal(text[:_TEXT]), _NOWHERE, 1

    def meta(self, key: str) -> Iterator[_Text]:
        """The metadata of a name; sites spell the same names in every way."""
        for name, value in self.document.metadata.items():
            if name.casefold() == key:
                yield normal(value), Location(self.document.source), 1

    def lines(self) -> Iterator[_Text]:
        """The first lines; then cells in pairs, and lines joined by two and by three."""
        lines = [p for p in self.head if not p.within][:_LINES]
        cells = [p for p in self.head if p.within][: 2 * _LINES]
        for passage in (*lines, *cells):
            yield normal(_close(passage.text)), passage, 1
        for one, other in pairwise(cells):
            if one.at == other.at:
                yield normal(f"{one.text}:{other.text}"), other, 1
        for number in (2, 3):
            for at in range(len(lines) - number + 1):
                parts = [p.text.strip() for p in lines[at : at + number]]
                yield normal("".join(parts)), lines[at], number

    def opening(self) -> Iterator[_Text]:
        """The lines before the first heading as one text; they may be wrapped."""
        lines = [p for p in self.head if not p.within]
        if lines:
            joined = "".join(p.text.strip() for p in lines)
            yield normal(joined), lines[0], 1


def _close(line: str) -> str:
    """A line set wide, letter by letter, without its blanks."""
    bare = squeeze(line)
    return bare.replace(" ", "") if _SPREAD.fullmatch(bare) else line


def _all(
    form: Form, fact: str, source: _Source, entries: Sequence[Mapping[str, str]] = ()
) -> Iterator[_Found]:
    """Every match of a fact, the form's first pattern first."""
    for entry in entries or form.read.get(fact, ()):
        pattern = compiled(entry["pattern"])
        for text, at, joined in source.sought(entry):
            for match in pattern.finditer(text):
                location = at.location if isinstance(at, Passage) else at
                yield _Found(match.groupdict(), location, joined, "damaged" in entry, entry["in"])


def _first(form: Form, fact: str, source: _Source) -> _Found | None:
    return next(_all(form, fact, source), None)


def _title(form: Form, source: _Source) -> _Found | None:
    """The title that tells body and year; of several (a page also lists the reports of other
    years) the one that the page itself is called, unjoined if possible; else the first one."""
    best: tuple[int, bool, int] | None = None
    chosen: _Found | None = None
    page = "".join(tight(text) for text, _, _ in source.meta("title"))
    for found in _all(form, "title", source):
        told = sum(_tells(form, found.groups["title"], fact) for fact in ("subject.name", "period"))
        rank = (told, tight(found.groups["title"]) in page, -found.joined)
        if best is None or rank > best:
            best, chosen = rank, found
        elif chosen is not None and rank[0] == best[0] and _completes(form, source, found, chosen):
            chosen = found
    return chosen


def _completes(form: Form, source: _Source, longer: _Found, shorter: _Found) -> bool:
    """Whether a title was wrapped inside the body's name: the text knows the longer name."""
    whole, part = (_name(form, found.groups["title"]) for found in (longer, shorter))
    if len(whole) <= len(part) or not whole.endswith(part):
        return False
    texts = (passage.text for passage in source.passages)
    return any(whole in tight(text) for text in texts if whole.isascii() or not text.isascii())


def _name(form: Form, title: str) -> str:
    """The body that a title names, `` where it names none."""
    for entry in form.read.get("subject.name", ()):
        if entry["in"] == "title":
            match = compiled(entry["pattern"]).search(normal(title))
            if match:
                return str(match["name"])
    return ""


def _tells(form: Form, title: str, fact: str) -> bool:
    return any(
        entry["in"] == "title" and matches(entry["pattern"], normal(title))
        for entry in form.read.get(fact, ())
    )


def _is_year(found: _Found) -> bool:
    return _FIRST_YEAR <= int(found.groups["year"]) <= _LAST_YEAR


def _iso(groups: Mapping[str, str], prefix: str = "", year: str | None = None) -> str | None:
    """A real date as ISO text; None where the calendar has no such day."""
    try:
        parts = (year or groups[f"{prefix}year"], groups[f"{prefix}month"], groups[f"{prefix}day"])
        return date(int(parts[0]), int(parts[1]), int(parts[2])).isoformat()
    except ValueError:
        return None


def _others(form: Form, source: _Source) -> dict[str, _Found]:
    """What the form reads besides: the first match of each that is a date or a text."""
    found = {}
    for fact in (key for key in form.read if key not in _OWN):
        first = next((f for f in _all(form, fact, source) if _text(f)), None)
        if first is not None:
            found[fact] = first
    return found


def _text(found: _Found) -> str:
    """The text of a match, or its date; empty for a day that no calendar has."""
    groups = found.groups
    return (_iso(groups) or "") if "year" in groups else groups["text"].strip()


_Told = tuple[Any, _Found | None, tuple[Observation, ...]]


def _covers(form: Form, source: _Source) -> _Told:
    found = _first(form, "covers", source)
    if found is None:
        return None, None, ()
    groups = found.groups
    until = groups.get("to_year") or groups["from_year"]
    covers = {"from": _iso(groups, "from_"), "to": _iso(groups, "to_", until)}
    bad = tuple(_damaged(form, f"covers.{k}", found) for k, v in covers.items() if v is None)
    return covers, found, bad


def _published(form: Form, source: _Source) -> _Told:
    bad: tuple[Observation, ...] = ()
    for found in _all(form, "published", source):
        day = None if found.damaged else _iso(found.groups)
        if day is not None:
            if found.where == "meta":  # a page is dated anew when a site is moved
                label = form.labels.get("published", "published")
                bad = (*bad, Observation("page-date", label, found.location, day, "published"))
            return day, found, bad
        bad = bad or (_damaged(form, "published", found),)
    return None, None, bad


def _damaged(form: Form, path: str, found: _Found) -> Observation:
    detail = "-".join(v for v in found.groups.values() if v)
    label = form.labels.get(path, path)
    return Observation("date-damaged", label, found.location, detail, path)


def _cited(form: Form, source: _Source) -> tuple[str, ...]:
    """The documents that the text cites; `trim` takes off the words that lead up to one."""
    found: dict[str, None] = {}
    for entry in form.read.get("cited", ()):
        trim = compiled(entry["trim"]) if "trim" in entry else None
        for match in _all(form, "cited", source, (entry,)):
            cited = compact(match.groups["cited"])
            found[trim.sub("", cited) if trim is not None else cited] = None
    return tuple(found)
