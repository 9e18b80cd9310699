"""Listings: a total told in a sentence and the parts told after it, as numbers of one unit.

`共25条，其中甲18条、乙7条` · `25条（甲18条、乙7条）` · `25条：甲18条；乙7条`. One total may be
divided more than once in a row (by channel, then by result): whenever the parts so far add up to
it, the next part begins another division. What stands in brackets after a part is no sibling.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from auditor.rulebook.figures import PRINTED, Figure, figure
from auditor.rulebook.prose import Prose

COUNTED = re.compile(rf"(?P<n>{PRINTED})(?P<unit>元|人次|件次|户次|[一-龥])")
_CHARACTERS = frozenset("零〇○一二两三四五六七八九十百千万亿")
_COUNTERS = frozenset("件条份宗例起")
_NO_UNITS = frozenset("年月日号时点是、度版届级类章第方项大所以至到轮季")
_INTRO = re.compile(r"其中[,:]?|分别[为是]?[,:]?|包括[,:]?|[(]|:")
_PART = "其中"
_NESTED = re.compile(r"\([^()]*\)")
_NOT_PARTS = re.compile(r"[(](?:含|另|不含|较|同|比|占|约|以|截)")
_CHANGE = re.compile(
    r"(?:较|比|同比|环比)[^,;。]{0,16}(?:增加|减少|增长|下降|上升|增|减|多|少)[了约近]?$"
)
_REACH = 2000  # characters: a list is longer than a sentence, and still not endless
_LONG = 96  # characters of a quotation


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its unit, and where it stands."""

    figure: Figure
    unit: str
    start: int
    end: int

    @property
    def value(self) -> Fraction:
        """The number as told."""
        return self.figure.value


@dataclass(frozen=True, slots=True)
class Listing:
    """A total and its parts. `divided` is true where they added up to it at least once."""

    prose: Prose
    total: Count
    parts: tuple[Count, ...]
    divided: bool

    @property
    def sum(self) -> Fraction:
        """What the parts come to."""
        return sum((p.value for p in self.parts), Fraction(0))

    @property
    def slack(self) -> Fraction:
        """How far figures that are rounded (1.2万) may be apart without a contradiction."""
        told = (self.total, *self.parts)
        return sum((c.figure.step for c in told if c.figure.step != 1), Fraction(0))

    @property
    def quote(self) -> str:
        """The total and its parts as printed."""
        text = self.prose.printed(self.total.start, self.parts[-1].end).strip()
        return text if len(text) <= _LONG else f"{text[: _LONG // 2]}…{text[-_LONG // 2 :]}"

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the text, in characters."""
        return self.prose.span(self.total.start, self.parts[-1].end)


@lru_cache(maxsize=8)
def _counts(prose: Prose) -> tuple[tuple[int, ...], tuple[Count, ...]]:
    """All counted things of a text with where they begin: read once for all rules."""
    found = []
    text = prose.text
    for match in (m for s, e in prose.passages for m in COUNTED.finditer(text, s, e)):
        printed, unit = match["n"], match["unit"]
        if unit in _NO_UNITS or (printed[0] in _CHARACTERS and unit not in _COUNTERS):
            continue
        read = figure(printed)
        if read is not None and not _ordinal(text, match.start()):
            found.append(Count(read, unit, match.start(), match.end()))
    return tuple(c.start for c in found), tuple(found)


def counts(prose: Prose, start: int, end: int) -> tuple[Count, ...]:
    """The counted things between two places, in order."""
    starts, found = _counts(prose)
    return found[bisect_left(starts, start) : bisect_left(starts, end)]


def _ordinal(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    return before in ("第", "-", "~", "—", "–", "每", ".")


@lru_cache(maxsize=8)
def listings(prose: Prose, stops: tuple[str, ...]) -> tuple[Listing, ...]:
    """Every total with two or more parts of its unit after it, or with one that is more."""
    return tuple(_listings(prose, stops))


def _listings(prose: Prose, stops: Sequence[str]) -> Iterator[Listing]:
    text = prose.text
    for start, end in prose.passages:
        if len(counts(prose, start, end)) < 2:
            continue
        done: set[int] = set()
        for intro in _INTRO.finditer(text, start, end):
            if intro.group(0) == "(" and _NOT_PARTS.match(text, intro.start()):
                continue
            begin, stop = intro.end(), _stop(text, intro, min(end, intro.end() + _REACH))
            for found in _divided(
                prose, max(start, intro.start() - _REACH), intro.start(), begin, stop, stops
            ):
                if found.parts[0].start not in done:
                    done.update(p.start for p in found.parts)
                    yield found


def _stop(text: str, intro: re.Match[str], end: int) -> int:
    """Where a list ends: its closing bracket, another listing word, the end of the sentence."""
    depth = 0
    for at in range(intro.end(), end):
        if text[at] == "(":
            depth += 1
        elif text[at] == ")":
            if depth == 0:
                return at
            depth -= 1
        elif depth == 0 and text.startswith("其中", at) and at > intro.end():
            return at
    return end


def _divided(
    prose: Prose, start: int, before: int, begin: int, stop: int, stops: Sequence[str]
) -> Iterator[Listing]:
    text = prose.text
    inside = _hidden(text, begin, stop)
    parts = [c for c in counts(prose, begin, stop) if not _within(c.start, inside)]
    hidden = _hidden(text, start, before)
    totals = {
        c.unit: c
        for c in counts(prose, start, before)
        if not _within(c.start, hidden)
        and not _CHANGE.search(text, max(start, c.start - 24), c.start)
    }  # the last of each unit; a change against another year is no total
    more = _exceeding(prose, start, before, begin, parts) if parts else None
    if more is not None:
        yield more
        return
    for unit, total in totals.items():
        mine = [p for p in parts if p.unit == unit]
        if len(mine) >= 2 and total.figure.side is None and total.value > 0:
            found = _accumulated(prose, total, _siblings(prose, total, mine, stops))
            if found is not None:
                yield found


def _exceeding(
    prose: Prose, start: int, before: int, begin: int, parts: Sequence[Count]
) -> Listing | None:
    """A first part that is more than every number of its unit told before in the sentence."""
    first, text = parts[0], prose.text
    told = [c for c in counts(prose, start, before) if c.unit == first.unit]
    close = not any(sign in text[begin : first.start] for sign in ",;:")
    if not (told and close and text.startswith(_PART, begin - len(_PART))):
        return None
    if first.figure.side is not None or any(c.figure.side is not None for c in told):
        return None
    most = max(told, key=lambda c: c.value)
    over = first.value > most.value and "比" not in text[start:before]
    return Listing(prose, most, (first,), divided=False) if over else None


def _hidden(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [m.span() for m in _NESTED.finditer(text, start, end)]


def _within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(begin <= at < end for begin, end in spans)


def _siblings(
    prose: Prose, total: Count, parts: Sequence[Count], stops: Sequence[str]
) -> list[Count]:
    """The parts up to what is plainly no sibling: as large as the total, or of another matter."""
    text, kept = prose.text, [parts[0]]
    own = _has(text, prose.clause(parts[0].start), parts[0].end, stops)
    # A list with commas ends at the next semicolon; one with semicolons does not.
    between = text[parts[0].end : parts[1].start]
    closes = ";" not in between
    for last, part in pairwise(parts):
        gap = text[last.end : part.start]
        so_far = sum(p.value for p in kept)
        if part.value >= total.value or part.figure.side is not None:
            break
        if len(kept) > 1 and part.value == so_far != total.value:
            break  # what the parts come to, told once more
        if (closes and ";" in gap and so_far != total.value) or "。" in gap:
            break
        if not own and _has(text, last.end, part.start, stops):
            break
        kept.append(part)
    return kept if parts[0].value < total.value and parts[0].figure.side is None else []


def _has(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    return any(text.find(word, start, end) >= 0 for word in words)


def _accumulated(prose: Prose, total: Count, parts: Sequence[Count]) -> Listing | None:
    """The last division that does not add up, or the first that does."""
    divided, group = False, list[Count]()
    whole: tuple[Count, ...] = ()
    for part in parts:
        group.append(part)
        so_far = sum(p.value for p in group)
        if so_far == total.value:
            divided, whole, group = True, tuple(group), []
        elif so_far > total.value and not divided:
            break
    if divided:
        return Listing(prose, total, whole, divided=True)
    return Listing(prose, total, tuple(parts), divided=False) if len(parts) >= 2 else None
