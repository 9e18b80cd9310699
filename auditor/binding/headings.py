"""Where the headings of the form stand in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from auditor.binding.bound import BoundTable, Position
from auditor.binding.numbers import is_blank
from auditor.binding.passages import Passage, Place
from auditor.form import Form, SectionForm
from auditor.text import chinese_number, compact, ordinal, plain

ACCEPTED = 1.3
CERTAIN = 1.8
_CLOSE, _NEAR, _FAR = 0.97, 0.75, 0.5
_ORDINAL, _WHOLE, _LISTED = 0.5, 0.5, -1.5
_RUN, _IN_LIST = 3, -1.0
_MINOR = re.compile(r"^[（(]")
_INSIDE = re.compile(r"(?<![第一二三四五六七八九十(（])(?=[一二三四五六七八九十]{1,2}\s*[、.．])")
_START = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]{1,3}(?:部分)?|[0-9]{1,2})\s*[、.．,，:：\s]\s*"
)
_LIST = re.compile(r"^\s*(?:[、，,]|和|及|以及|与|等)")
_TRAIL = "：:。.;； "
_SUFFIX = 5
_REACH = 400
_MARKS, _MOST = 500, 400


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that may be a heading; `place` and `end` count lines and characters in them."""

    section: SectionForm
    order: int
    passage: Passage
    place: Place
    end: Place
    printed: str
    score: float
    similarity: float
    number: str
    whole: bool

    @property
    def at(self) -> Position:
        """Its place among the document's blocks."""
        shift = 0 if self.passage.within else self.place[1] - self.passage.start
        return Position(self.passage.at.block, self.passage.at.offset + shift)

    @property
    def changed(self) -> bool:
        """Whether its words are none of the accepted spellings."""
        return self.similarity < 1


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place where a heading may start: the line from there on, its number and its words."""

    passage: Passage
    start: int
    rest: str
    number: str
    body: int
    marked: bool
    below: Passage | None


@dataclass(frozen=True, slots=True)
class _Option:
    """One way to read a heading at a spot: `length` characters of the line, or two lines."""

    similarity: float
    length: int
    printed: str
    whole: bool = False
    torn: bool = False


def candidates_of(passages: Sequence[Passage], form: Form) -> list[Candidate]:
    """Every place that looks like a heading of the form, whatever its score."""
    found: list[Candidate] = []
    for index, passage in enumerate(passages):
        below = passages[index + 1] if index + 1 < len(passages) else None
        for start in _starts(passage.text):
            spot = _spot(passage, start, below)
            options = (_best(spot, n, section) for n, section in enumerate(form.sections))
            found += [c for c in options if c is not None and c.score >= ACCEPTED]
    return _without_contents(found)


def _without_contents(found: Sequence[Candidate]) -> list[Candidate]:
    """Headings in a table of contents count for little: three or more on lines running."""
    first = {c.place[0]: c for c in sorted(found, key=lambda c: (-c.place[1], c.score))}
    runs: list[list[Candidate]] = []
    for line in sorted(first):
        last = runs[-1][-1] if runs else None
        candidate = first[line]
        follows = (
            last is not None
            and line == last.place[0] + 1
            and candidate.at.block <= last.at.block + 1
            and candidate.order > last.order
        )
        if follows:
            runs[-1].append(candidate)
        else:
            runs.append([candidate])
    listed = {c.place[0] for run in runs if len(run) >= _RUN for c in run}
    return [replace(c, score=c.score + _IN_LIST) if c.place[0] in listed else c for c in found]


def _starts(text: str) -> list[int]:
    """Where a heading may start in a line: its beginning, and at 汉字+、 inside of it."""
    lead = len(text) - len(text.lstrip())
    marks = (m.start() for m in islice(_INSIDE.finditer(text), _MARKS))
    return sorted({lead, *marks})


def _spot(passage: Passage, start: int, below: Passage | None) -> _Spot:
    rest = passage.text[start : start + _REACH]
    own = passage.ordinal if not passage.text[:start].strip() else ""
    mark = _START.match(rest) if not own else None
    body = mark.end() if mark else 0
    number = own or ordinal(rest) or (mark.group(0).strip() if mark else "")
    return _Spot(passage, start, rest, number, body, bool(own or mark), below)


def _best(spot: _Spot, order: int, section: SectionForm) -> Candidate | None:
    """The heading of one section at one place, whole or with text glued to it."""
    best = max(_options(spot, section), key=lambda o: _appeal(spot.rest, o))
    if best.similarity < (_FAR if spot.number else _NEAR):
        return None
    passage, line = spot.passage, spot.passage.line
    score = best.similarity + (_WHOLE if best.whole else 0) + _numbering(spot.number, section)
    if _LIST.match(spot.rest[best.length :]) and not best.whole:
        score += _LISTED
    if passage.within and not (best.whole and spot.number):
        score -= _WHOLE
    end = (line, spot.start + best.length)
    if best.torn and spot.below is not None:
        end = (spot.below.line, len(spot.below.text))
    own = passage.ordinal if spot.number == passage.ordinal else ""
    return Candidate(
        section, order, passage, (line, spot.start), end, own + best.printed, score,
        best.similarity, spot.number, best.whole,
    )  # fmt: skip


def _appeal(rest: str, option: _Option) -> float:
    return option.similarity + (_WHOLE if option.whole or _goes_on(rest, option) else 0)


def _options(spot: _Spot, section: SectionForm) -> Iterator[_Option]:
    """The whole line; its beginning where a number stands; the line with the next one."""
    first = not spot.passage.text[: spot.start].strip()
    near, printed = _whole(spot.rest, spot.body, section)
    yield _Option(near, len(spot.rest), printed, whole=first)
    if not spot.marked:
        return
    yield _Option(*_glued(spot.rest, spot.body, section))
    if first and spot.below is not None and len(compact(spot.rest)) < 2 * len(section.heading.text):
        torn, together = _whole(spot.rest + spot.below.text, spot.body, section)
        if torn >= _CLOSE > near:
            yield _Option(torn, len(spot.rest), together, whole=True, torn=True)


def _goes_on(rest: str, option: _Option) -> bool:
    """Whether an exact heading is followed by text of its own, not by more of the heading."""
    after = rest[option.length :]
    word = after.strip(_TRAIL)
    own = after[:1].isspace() or len(word) > _SUFFIX or is_blank(word)
    return option.similarity == 1 and own and not _LIST.match(after)


def _numbering(number: str, section: SectionForm) -> float:
    """The right number speaks for a heading, another one says nothing, （一） against it."""
    if _MINOR.match(number):
        return -_ORDINAL
    return _ORDINAL if number and number_of(number) == number_of(section.ordinal) else 0.0


def number_of(text: str) -> int | None:
    """The value of a printed number such as 三、 or （3）."""
    bare = re.sub(r"[^0-9一二三四五六七八九十]", "", compact(text))
    return int(bare) if bare.isdecimal() else chinese_number(bare)


def _whole(rest: str, body: int, section: SectionForm) -> tuple[float, str]:
    """How near a whole line is to the heading, and the line as printed."""
    printed = rest.strip().rstrip(_TRAIL)
    bare = plain(rest[body:])
    if len(bare) > 3 * max(map(len, section.heading.spellings)):
        return 0.0, printed
    return similarity(bare, section), printed


def similarity(bare: str, section: SectionForm) -> float:
    """1 for an accepted spelling, a little less for a known variant, else how near it is."""
    from rapidfuzz import fuzz

    heading = section.heading
    if bare in heading.spellings:
        return 1.0
    if bare in heading.variants:
        return _CLOSE
    known = (*heading.spellings, *heading.variants)
    return min(_CLOSE, max((fuzz.ratio(bare, k) / 100 for k in known), default=0.0))


def _glued(rest: str, body: int, section: SectionForm) -> tuple[float, int, str]:
    """How near the beginning of a long line is to the heading, and where the heading ends."""
    best = (0.0, 0, "")
    longest = 2 * max(map(len, section.heading.spellings)) + body
    for spelling in (*section.heading.spellings, *section.heading.variants):
        for end in _ends(rest, body, spelling, longest):
            near = similarity(plain(rest[body:end]), section)
            if near > best[0]:
                best = (near, end, rest[:end].strip())
    return best


def _ends(rest: str, body: int, spelling: str, longest: int) -> Iterator[int]:
    """The places just after the last letters of a spelling: where it may end."""
    tail = spelling[-2:]
    at = rest.find(tail, body)
    while 0 <= at <= longest:
        yield at + len(tail)
        at = rest.find(tail, at + 1)


def chain_of(
    candidates: Sequence[Candidate], form: Form, tables: Mapping[str, BoundTable]
) -> list[Candidate]:
    """The best rising chain: at most one a section, in the form's order, beside the tables."""
    fit = [c for c in candidates if _beside(c, form, tables)]
    fit = sorted(fit, key=lambda c: -c.score)[:_MOST]
    fit.sort(key=lambda c: (c.place, c.order))
    totals: list[float] = []
    links: list[int] = []
    for i, candidate in enumerate(fit):
        total, link = candidate.score, -1
        for j in range(i):
            rises = fit[j].place < candidate.place and fit[j].order < candidate.order
            if rises and totals[j] + candidate.score > total:
                total, link = totals[j] + candidate.score, j
        totals.append(total)
        links.append(link)
    chain: list[Candidate] = []
    at = max(range(len(fit)), key=lambda i: (totals[i], -i), default=-1)
    while at >= 0:
        chain.append(fit[at])
        at = links[at]
    return chain[::-1]


def _beside(candidate: Candidate, form: Form, tables: Mapping[str, BoundTable]) -> bool:
    """Before the tables of its own and later sections, after those of earlier ones."""
    for order, section in enumerate(form.sections):
        bound = tables.get(section.key)
        if bound is None or bound.begin is None or bound.end is None:
            continue
        if order >= candidate.order and not candidate.at < bound.begin:
            return False
        if order < candidate.order and candidate.at < bound.end:
            return False
    return True


def strays_of(
    candidates: Sequence[Candidate], chain: Sequence[Candidate]
) -> tuple[list[Candidate], list[Candidate]]:
    """Certain headings outside the chain: of sections it lacks, and of sections it has."""
    have = {c.order: c for c in chain}
    places = {c.place for c in chain}
    certain = [c for c in candidates if c.score >= CERTAIN and c.place not in places]
    by_order: dict[int, Candidate] = {}
    repeated = []
    for candidate in sorted(certain, key=lambda c: (-c.score, c.place)):
        if candidate.order in have:
            repeated.append(candidate)
        else:
            by_order.setdefault(candidate.order, candidate)
    return [by_order[order] for order in sorted(by_order)], repeated
