"""Which row of the form the text before a run of numbers names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from auditor.binding.lexicon import Lexicon, Line, Sheet
from auditor.binding.stream import Stream
from auditor.text import compact

TAIL = 64
"""Letters before a number that may name it: the longest label has fewer than forty."""

SLACK = 8
"""Letters that may stand between a label and its numbers."""

CLEAR = 0.9
"""Trust from which a label is certain."""

FRAGMENT = 6
"""Letters from which a piece of a label may stand for it."""

STRANGE = 3
"""Unknown letters directly before a run from which they are a label of something else."""

_WORD = re.compile(r"[^\W\d_]")
_NUMBERING = re.compile(r"(?:\([^\W\d_]{1,3}\)|[0-9\ue000]{1,2}[.、)]|[^\W\d_]{1,3}[、.])\s*\Z")


@dataclass(frozen=True, slots=True)
class Name:
    """A row that the text before a run may name.

    `trust` is the similarity, less what stands between label and number; `begin` and `end` are
    where the label is printed. `exact` is false where it is printed otherwise than on the form,
    `whole` where only a piece of it was met.
    """

    trust: float
    begin: int
    end: int
    exact: bool
    whole: bool = True


Key = tuple[int, int]
"""Table and row."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The rows that one run's text may name; `best` of all, `row` of those with own labels.

    `stranger` is set where the letters directly before the run are a label of something else.
    """

    names: Mapping[Key, Name]
    best: Key | None
    row: Key | None
    stranger: bool

    def trust(self, key: Key) -> float:
        """How well the text names this row; 0 where it does not."""
        name = self.names.get(key)
        return name.trust if name else 0.0

    @property
    def most(self) -> float:
        """The trust of the best-named row."""
        return self.trust(self.best) if self.best else 0.0


@dataclass(frozen=True, slots=True)
class _Tail:
    """The letters before a run, without signs and blanks, and where each stands."""

    word: str
    places: tuple[int, ...]
    flow: str
    piece: str

    def numbering(self, index: int) -> str:
        """The numbering printed before the letter at this index."""
        at = self.places[index]
        match = _NUMBERING.search(self.flow, max(0, at - 8), at)
        return compact(match.group()) if match else ""

    def before(self, at: int) -> _Tail:
        """The letters before a place."""
        count = bisect_left(self.places, at)
        return _Tail(self.word[:count], self.places[:count], self.flow, self.piece)

    def starts(self, index: int) -> bool:
        """Whether a word starts here: no letter directly before."""
        at = self.places[index]
        return at == 0 or not _WORD.match(self.flow[at - 1])


def name_runs(stream: Stream, lexicon: Lexicon) -> dict[int, Naming]:
    """For each run, by the index of its first number, the rows that it may be."""
    lines = [(line, _letters(line)) for line in lexicon.lines() if not line.across]
    across = [s for s in lexicon.sheets if s.form.across]
    return {
        start: _naming(stream, start, lines, across, lexicon)
        for start in dict.fromkeys(stream.runs)
    }


def _letters(line: Line) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(s) for s in (*line.spellings, *line.variants))


def _naming(
    stream: Stream,
    start: int,
    lines: list[tuple[Line, tuple[frozenset[str], ...]]],
    across: list[Sheet],
    lexicon: Lexicon,
) -> Naming:
    tail = _tail(stream, start)
    names: dict[Key, Name] = {}
    if tail.word:
        letters = frozenset(tail.word)
        for line, sets in lines:
            name = _name(line, sets, tail, letters)
            if name:
                names[line.table, line.index] = name
    _give_back(names, tail, lines)
    row = max(names, key=lambda key: names[key].trust, default=None)
    for sheet in across:
        name = _across(sheet, stream, start)
        if name:
            names[sheet.lines[0].table, 0] = name
    best = max(names, key=lambda key: names[key].trust, default=None)
    return Naming(names, best, row, _stranger(tail, lexicon))


def _give_back(
    names: dict[Key, Name],
    tail: _Tail,
    lines: list[tuple[Line, tuple[frozenset[str], ...]]],
) -> None:
    """A group's label between the label of one of its rows and the numbers strayed there: the
    numbers are that row's."""
    for group, _ in lines:
        key = (group.table, group.index)
        if not group.optional or key not in names:
            continue
        above = tail.before(names[key].begin)
        for line, sets in lines:
            inside = line.table == group.table and group.index < line.index < group.follow
            name = _name(line, sets, above, frozenset(above.word)) if inside else None
            if name and name.whole and name.trust >= CLEAR:
                names[line.table, line.index] = name
                names.pop(key, None)


def _tail(stream: Stream, start: int) -> _Tail:
    begin, end = stream.before(start)
    reach = max(begin, end - 400)
    found = [m.start() for m in _WORD.finditer(stream.flow.text, reach, end)][-TAIL:]
    text = stream.flow.text
    word = "".join(text[i] for i in found)
    border = (
        max(text.rfind("\n", reach, found[-1]), text.rfind("|", reach, found[-1])) if found else 0
    )
    piece = "".join(text[i] for i in found if i > border)
    return _Tail(word, tuple(found), text, piece)


def _name(
    line: Line, sets: tuple[frozenset[str], ...], tail: _Tail, letters: frozenset[str]
) -> Name | None:
    """The best match of a row's spellings at the end of the text before a run."""
    best: Name | None = None
    known = len(line.spellings)
    for index, spelling in enumerate((*line.spellings, *line.variants)):
        if len(sets[index] & letters) < 0.3 * len(sets[index]):
            continue
        name = _match(line, spelling, tail, exact=index < known) or _fragment(spelling, tail)
        if name and (best is None or name.trust > best.trust):
            best = name
    return best


def _match(line: Line, spelling: str, tail: _Tail, *, exact: bool) -> Name | None:
    near = tail.word[-(len(spelling) + SLACK) :]
    shift = len(tail.word) - len(near)
    at = near.rfind(spelling)
    if at >= 0:
        return _judged(line, spelling, tail, 1.0, (shift + at, shift + at + len(spelling)), exact)
    if len(spelling) <= 3:
        return None
    least = 75 if len(spelling) <= 5 else 60
    if len(near) < len(spelling):
        score, begin, end = fuzz.ratio(spelling, near, score_cutoff=least), 0, len(near)
    else:
        found = fuzz.partial_ratio_alignment(spelling, near, score_cutoff=least)
        score, begin, end = (found.score, found.dest_start, found.dest_end) if found else (0, 0, 0)
    if score < least or end <= begin:
        return None
    return _judged(line, spelling, tail, score / 100, (shift + begin, shift + end), False)


def _judged(
    line: Line, spelling: str, tail: _Tail, like: float, span: tuple[int, int], exact: bool
) -> Name | None:
    """Weigh a match: near the number, and for short labels with their own numbering."""
    begin, end = span
    away = len(tail.word) - end
    trust = like * (1 - 0.04 * away)
    if away > _slack(line, spelling, like):
        return None
    printed = tail.numbering(begin)
    if line.numbering and printed:
        trust *= 1.0 if _same(printed, line.numbering) else 0.9
    if len(spelling) <= 3 and not _anchored(line, tail, begin, printed):
        trust *= 0.6
    return Name(trust, tail.places[begin], tail.places[end - 1] + 1, exact)


def _slack(line: Line, spelling: str, like: float) -> int:
    """Letters that may stand behind a label: few where it is short or like others."""
    if len(spelling) <= 3:
        return 0
    if line.optional or len(spelling) <= 5:
        return 1 if like == 1.0 else 0
    return SLACK


def _fragment(spelling: str, tail: _Tail) -> Name | None:
    """The cell before a run holds a piece of the label; the rest was displaced."""
    piece = tail.piece
    if len(piece) < FRAGMENT or piece not in spelling:
        return None
    trust = 0.62 + 0.3 * len(piece) / len(spelling)
    return Name(trust, tail.places[-len(piece)], tail.places[-1] + 1, False, whole=False)


def _anchored(line: Line, tail: _Tail, begin: int, printed: str) -> bool:
    if line.numbering:
        return bool(printed)
    return tail.starts(begin)


def _same(printed: str, own: str) -> bool:
    """Whether two numberings say the same; a masked item number is not known."""
    ours, theirs = re.sub(r"\W", "", own), re.sub(r"\W", "", printed)
    return not theirs or not ours or ours == theirs or theirs.endswith(ours)


def _across(sheet: Sheet, stream: Stream, start: int) -> Name | None:
    """A table without row labels is named by the words of its frame."""
    begin, end = stream.before(start)
    text = compact(stream.flow.text[max(begin, end - 1200) : end])[-400:]
    words = (*sheet.signs, *sheet.form.heading.spellings)
    found = sum(1 for word in words if word in text)
    if not found:
        return None
    return Name(min(1.0, found / 4), max(begin, end - 1), end, True)


def _stranger(tail: _Tail, lexicon: Lexicon) -> bool:
    """Whether the letters directly before a run are neither words of the form nor a piece of
    one of its labels."""
    word = tail.word[-24:]
    covered = 0
    for match in lexicon.known.finditer(word):
        covered = match.end()
    if len(word) - covered < STRANGE:
        return False
    return not any(tail.piece in spelling for spelling in lexicon.rows)
