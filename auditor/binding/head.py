"""The facts of the head (title, body, year, dates, cited documents), by the form's patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditor.binding.classify import classified
from auditor.binding.passages import Passage
from auditor.binding.patterns import compiled, matches, normal, tight
from auditor.binding.sources import Found, Source
from auditor.form import Form
from auditor.model import Document, Location, Observation, Subject, Text
from auditor.text import compact

_FIRST_YEAR, _LAST_YEAR = 1990, 2999
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
    source = Source(form, document, head, passages, wrapped)
    title = _title(form, source)
    source.title = title
    name = _first(form, "subject.name", source)
    named = name.groups["name"].strip() if name else None
    source.name = named or ""
    year = next((f for f in _all(form, "period", source) if _is_year(f)), None)
    places = {"title": title, "subject.name": name, "period": year}
    covers, span, damaged = _covers(form, source)
    published, day, wrong = _published(form, source)
    others = _others(form, source)
    places |= {"covers": span, "published": day, **others}
    return Head(
        title=_closed(title.groups["title"]) if title else None,
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


def _all(
    form: Form, fact: str, source: Source, entries: Sequence[Mapping[str, str]] = ()
) -> Iterator[Found]:
    """Every match of a fact, the form's first pattern first."""
    for entry in entries or form.read.get(fact, ()):
        pattern = compiled(entry["pattern"])
        for text, at, joined in source.sought(entry):
            for match in pattern.finditer(text):
                line, location = (at.line, at.location) if isinstance(at, Passage) else (0, at)
                whole = len(match.group()) >= len(text.strip()) - 1
                damaged = "damaged" in entry
                yield Found(match.groupdict(), location, joined, damaged, entry["in"], line, whole)


def _first(form: Form, fact: str, source: Source) -> Found | None:
    return next(_all(form, fact, source), None)


def _title(form: Form, source: Source) -> Found | None:
    """The title that tells body and year; of several (a page also lists the reports of other
    years) the one that the page itself is called, a heading if possible, a line of its own if
    possible, unjoined if possible; else the first one."""
    best: tuple[int, bool, bool, bool, int] | None = None
    chosen: Found | None = None
    page = "".join(tight(text) for text, _, _ in source.meta("title"))
    large = {b.location.line for b in source.document.blocks if isinstance(b, Text) and b.level}
    for found in _all(form, "title", source):
        told = sum(_tells(form, found.groups["title"], fact) for fact in ("subject.name", "period"))
        alone = found.whole and found.joined == 1
        head = found.location.line in large and found.location.line is not None
        rank = (told, tight(found.groups["title"]) in page, head, alone, -found.joined)
        if best is None or rank > best:
            best, chosen = rank, found
        elif chosen is not None and rank[0] == best[0] and _completes(form, source, found, chosen):
            chosen = found
    return chosen


def _closed(title: str) -> str:
    """A title without blanks, which Chinese does not need; one in letters keeps them."""
    return title.strip() if any(c.isascii() and c.isalpha() for c in title) else compact(title)


def _completes(form: Form, source: Source, longer: Found, shorter: Found) -> bool:
    """Whether a title was wrapped inside the body's name: the text knows the longer name."""
    whole, part = (_name(form, found.groups["title"]) for found in (longer, shorter))
    if len(whole) <= len(part) or not whole.endswith(part):
        return False
    more = whole[: -len(part)]
    if longer.joined > 3:  # in a column so narrow no line holds a name: it is told twice
        return tight("".join(p.text for p in source.passages)).count(whole) > 1
    lines = (p.text for p in source.passages if whole.isascii() or not p.text.isascii())
    texts = [text for line in lines if part in (text := tight(line))]
    return any(whole in text for text in texts) and not any(_alone(part, more, x) for x in texts)


def _alone(part: str, more: str, text: str) -> bool:
    """Whether a text has a name behind other words than those that would complete it."""
    at = text.find(part)
    return at > 0 and not text[:at].endswith(more[-at:])


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


def _is_year(found: Found) -> bool:
    return _FIRST_YEAR <= int(found.groups["year"]) <= _LAST_YEAR


def _iso(groups: Mapping[str, str], prefix: str = "", year: str | None = None) -> str | None:
    """A real date as ISO text; None where the calendar has no such day."""
    try:
        parts = (year or groups[f"{prefix}year"], groups[f"{prefix}month"], groups[f"{prefix}day"])
        return date(int(parts[0]), int(parts[1]), int(parts[2])).isoformat()
    except ValueError:
        return None


def _others(form: Form, source: Source) -> dict[str, Found]:
    """What the form reads besides: the first match of each that is a date or a text."""
    found = {}
    for fact in (key for key in form.read if key not in _OWN):
        first = next((f for f in _all(form, fact, source) if _text(f)), None)
        if first is not None:
            found[fact] = first
    return found


def _text(found: Found) -> str:
    """The text of a match, or its date; empty for a day that no calendar has."""
    groups = found.groups
    return (_iso(groups) or "") if "year" in groups else groups["text"].strip()


_Told = tuple[Any, Found | None, tuple[Observation, ...]]


def _covers(form: Form, source: Source) -> _Told:
    found = _first(form, "covers", source)
    if found is None:
        return None, None, ()
    groups = found.groups
    until = groups.get("to_year") or groups["from_year"]
    covers = {"from": _iso(groups, "from_"), "to": _iso(groups, "to_", until)}
    bad = tuple(_damaged(form, f"covers.{k}", found) for k, v in covers.items() if v is None)
    return covers, found, bad


def _published(form: Form, source: Source) -> _Told:
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


def _damaged(form: Form, path: str, found: Found) -> Observation:
    detail = "-".join(v for v in found.groups.values() if v)
    label = form.labels.get(path, path)
    return Observation("date-damaged", label, found.location, detail, path)


def _cited(form: Form, source: Source) -> tuple[str, ...]:
    """The documents that the text cites; `trim` takes off the words that lead up to one."""
    found: dict[str, None] = {}
    for entry in form.read.get("cited", ()):
        trim = compiled(entry["trim"]) if "trim" in entry else None
        for match in _all(form, "cited", source, (entry,)):
            cited = compact(match.groups["cited"])
            found[trim.sub("", cited) if trim is not None else cited] = None
    return tuple(found)
