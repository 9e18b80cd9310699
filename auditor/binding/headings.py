"""Where the headings of the form stand in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from auditor.binding.bound import Position
from auditor.binding.heading_words import CLOSE, MARGIN, Headings, Words, headings_of
from auditor.binding.numbering import Mark, bare_mark, lead, mark_of, value_of
from auditor.binding.numbers import is_blank
from auditor.binding.passages import Passage, Place
from auditor.form import Form, SectionForm
from auditor.text import compact, plain

ACCEPTED = 1.3
_NEAR, _FAR = 0.75, 0.5
_ORDINAL, _WHOLE, _LISTED = 0.5, 0.5, -1.5
_RUN, _IN_LIST = 3, -1.0
_MINOR, _IN_CELL = -0.15, -0.2
_INSIDE = re.compile(
    r"(?<![第一二三四五六七八九十(（])(?=[一二三四五六七八九十]{1,2}\s*[、.．丶]"
    r"|第[一二三四五六七八九十]{1,2}部分)"
)
_CLOSING = (")", "）")
_REMARK = re.compile(r"\s*[（(][^（()）]{1,20}[)）]\s*$")
_LIST = re.compile(r"^\s*(?:[、，,]|和|及|以及|与|等)")
_TRAIL = "：:。.;； 】]〕"
_PARTED = re.compile(r"\s*[：:。．.]\s*\S|\s*\n|[\s\u3000]{2,}\S")
_SUFFIX = 5
_REACH = 400
_MARKS = 500


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
    value: int | None
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
    """A place where a heading may start: the line from there on, its number and its words.

    `body` is where the words begin, `bare` are all of them as labels are compared, or as many as
    show that they are too many; `first` tells that nothing stands before.
    """

    passage: Passage
    start: int
    rest: str
    mark: Mark | None
    below: Passage | None
    first: bool
    body: int
    bare: str

    def marked(self, mark: Mark) -> _Spot:
        """The same with another number."""
        bare = plain(self.rest[mark.length :])
        return replace(self, mark=mark, body=mark.length, bare=bare)


class _Option(NamedTuple):
    """One way to read a heading at a spot: `length` characters of the line, or two lines."""

    similarity: float
    length: int
    printed: str
    whole: bool = False
    torn: bool = False


def candidates_of(passages: Sequence[Passage], form: Form) -> list[Candidate]:
    """Every place that looks like a heading of the form, whatever its score."""
    found: list[Candidate] = []
    known = headings_of(form)
    for index, passage in enumerate(passages):
        below = passages[index + 1] if index + 1 < len(passages) else None
        for start in _starts(passage.text):
            spot = _spot(passage, start, below, known.many)
            options = [_best(spot, words) for words in _possible(spot, known)]
            found += [c for c in options if c is not None and c.score >= ACCEPTED]
    return _without_sentences(_without_contents(found))


def _without_sentences(found: Sequence[Candidate]) -> list[Candidate]:
    """Without unnumbered lines that are only near a heading that is printed in its own words."""
    exact = {c.order for c in found if not c.changed and c.whole and c.score >= ACCEPTED}
    return [c for c in found if c.number or not c.changed or c.order not in exact]


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
    begin = len(text) - len(text.lstrip())
    signs = lead(text)
    marks = (m.start() for m in islice(_INSIDE.finditer(text), _MARKS))
    return sorted({begin, *(at for at in marks if at > signs)})


def _possible(spot: _Spot, known: Headings) -> Sequence[Words]:
    """The headings that may stand there: running text is told apart without comparing it."""
    if len(spot.bare) <= known.many or (spot.first and spot.rest.rstrip().endswith(_CLOSING)):
        return known.words
    head = spot.rest[: spot.body + 2 * known.longest + MARGIN]
    return [words for words in known.words if any(tail in head for tail in words.tails)]


def _spot(passage: Passage, start: int, below: Passage | None, many: int) -> _Spot:
    rest = passage.text[start : start + _REACH]
    first = not passage.text[:start].strip()
    own = passage.ordinal if first else ""
    if own:
        told = mark_of(own)
        mark: Mark | None = Mark(own, 0, value_of(own), told.minor if told else False)
    else:
        mark = mark_of(rest)
    mark = _written(rest, mark)
    body = mark.length if mark else lead(rest)
    bare = plain(rest[body : body + 2 * many])
    if len(bare) <= many and len(rest) > body + 2 * many:
        bare = plain(rest[body:])
    return _Spot(passage, start, rest, mark, below, first, body, bare)


def _written(rest: str, mark: Mark | None) -> Mark | None:
    """The number that a heading was given by hand, where a list puts one of its own before it."""
    own = mark_of(rest[mark.length :]) if mark is not None else None
    if mark is None or own is None or own.minor or own.value is None:
        return mark
    return Mark(own.printed, mark.length + own.length, own.value)


def _best(spot: _Spot, words: Words) -> Candidate | None:
    """The heading of one section at one place, whole or with text glued to it."""
    section = words.section
    options = list(_options(spot, words))
    best = options[0]
    if len(options) > 1:
        best = max(options, key=lambda o: _appeal(spot.rest, o))
    bare = bare_mark(spot.rest) if spot.mark is None and best.similarity < 1 else None
    if bare is not None:
        found = _best(spot.marked(bare), words)
        return found if found is not None and found.similarity == 1 else None
    if best.similarity < (_FAR if spot.mark else _NEAR):
        return None
    passage, line = spot.passage, spot.passage.line
    score = best.similarity + (_WHOLE if best.whole else 0) + _numbering(spot.mark, words)
    if _LIST.match(spot.rest[best.length :]) and not best.whole:
        score += _LISTED
    if not best.whole and best.similarity == 1 and _is_parted(spot, best):
        score = max(score, ACCEPTED)
    if passage.within and not (best.whole and spot.mark):
        score += _IN_CELL if best.whole and best.similarity == 1 else -_WHOLE
    end = (line, spot.start + best.length)
    if best.torn and spot.below is not None:
        end = (spot.below.line, len(spot.below.text))
    mark = spot.mark or Mark("", 0, None)
    own = mark.printed if mark.printed == passage.ordinal else ""
    return Candidate(
        section, words.order, passage, (line, spot.start), end, own + best.printed, score,
        best.similarity, mark.printed, mark.value, best.whole,
    )  # fmt: skip


def _appeal(rest: str, option: _Option) -> float:
    return option.similarity + (_WHOLE if option.whole or _goes_on(rest, option) else 0)


def _options(spot: _Spot, words: Words) -> Iterator[_Option]:
    """The whole line; its beginning where a number stands; the line with the next one."""
    near, printed = _near(spot.bare, words), _printed(spot.rest)
    yield _Option(near, len(spot.rest), printed, whole=spot.first)
    if spot.first and spot.rest.rstrip().endswith(_CLOSING):
        remark = _REMARK.search(spot.rest)
        if remark is not None:
            near = _near(plain(spot.rest[spot.body : remark.start()]), words)
            if near == 1:
                yield _Option(near, len(spot.rest), printed, whole=True)
    if spot.mark is None:
        if spot.first:
            yield from _opened(spot, words)
        return
    yield _Option(*_glued(spot.rest, spot.body, words))
    if (
        spot.first
        and spot.below is not None
        and len(compact(spot.rest)) < 2 * len(words.section.heading.text)
    ):
        whole = spot.rest + spot.below.text
        torn = _near(plain(whole[spot.body :]), words)
        if torn >= CLOSE > near:
            yield _Option(torn, len(spot.rest), _printed(whole), whole=True, torn=True)


def _is_parted(spot: _Spot, option: _Option) -> bool:
    """Whether an exact heading begins a line and a sign parts it from the text behind it."""
    return spot.first and _PARTED.match(spot.rest[option.length :]) is not None


def _opened(spot: _Spot, words: Words) -> Iterator[_Option]:
    """A heading without a number before text on the same line, parted from it by a sign."""
    for end in _ends(spot.rest, spot.body, words):
        if words.is_exact(plain(spot.rest[spot.body : end])):
            option = _Option(1.0, end, spot.rest[:end].strip())
            if _is_parted(spot, option):
                yield option
            return


def _goes_on(rest: str, option: _Option) -> bool:
    """Whether an exact heading is followed by text of its own, not by more of the heading."""
    after = rest[option.length :]
    word = after.strip(_TRAIL)
    own = after[:1].isspace() or len(word) > _SUFFIX or is_blank(word)
    return option.similarity == 1 and own and not _LIST.match(after)


def _numbering(mark: Mark | None, words: Words) -> float:
    """The right number speaks for a heading, another one says nothing, （一） against it."""
    if mark is None:
        return 0.0
    if mark.minor:
        return _MINOR if mark.value == words.value else -_ORDINAL
    return _ORDINAL if mark.value == words.value else 0.0


def _printed(rest: str) -> str:
    """A whole line as printed."""
    return rest.strip().rstrip(_TRAIL)


def _near(bare: str, words: Words) -> float:
    """How near the words of a whole line are to the heading."""
    return 0.0 if len(bare) > 3 * words.longest else words.similarity(bare)


def _glued(rest: str, body: int, words: Words) -> tuple[float, int, str]:
    """How near the beginning of a long line is to the heading, and where the heading ends."""
    best = (0.0, 0, "")
    for end in _ends(rest, body, words):
        near = words.similarity(plain(rest[body:end]))
        if near > best[0]:
            best = (near, end, rest[:end].strip())
    return best


def _ends(rest: str, body: int, words: Words) -> Iterator[int]:
    """The places just after the last letters of a spelling: where the heading may end."""
    last = 2 * words.longest + body
    for tail in words.tails:
        at = rest.find(tail, body, last + len(tail))
        while at >= 0:
            yield at + len(tail)
            at = rest.find(tail, at + 1, last + len(tail))
