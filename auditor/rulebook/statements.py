"""Statements: what a narrative says of one quantity, with all that qualifies the saying.

A statement is a phrase that was found with its figure, and how far it may be held against the
table: plainly; with a doubt (another scope, wording that has a second reading); or not at all
(another period, a part of a whole, a range, a number that is of something else).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from auditor.errors import Said
from auditor.rulebook.facts import Facts
from auditor.rulebook.figures import Figure, figure
from auditor.rulebook.periods import SUMMED, in_period, sums_up
from auditor.rulebook.phrases import Hit, Phrases
from auditor.rulebook.prose import BREAK, Prose

NOTHING = Figure(Fraction(0), Fraction(1))
_LISTING = re.compile(r"其中|包括|含")
_SINGLE = frozenset("一两")
_COUNTED = re.compile("[:共]{0,2}[0-9]")
_SIGNS = frozenset(",、;")
_DENIAL = re.compile(r"[没未无不每第逐某任]")
_CONTINUING = "其中"
_CLOSE = 6  # characters before a phrase that still belong to it
_CARRIED = 2  # sentences back that may tell what one is about
_BOUNDS = ("以上", "以下", "以内", "之内", "左右", "上下")
_RANGE = frozenset("-~—–至")


class Standing(StrEnum):
    """How far a statement may be held against the tables."""

    PLAIN = "plain"
    SCOPE = "scope"
    DOUBT = "doubt"
    PART = "part"
    PERIOD = "period"
    OTHER = "other"
    SCALE = "scale"


REASONS: Mapping[Standing, Said] = {
    Standing.SCOPE: Said("文中口径可能与本表不同", "the text may count another scope"),
    Standing.DOUBT: Said("文中说法还有别的理解", "the wording has another reading"),
    Standing.PART: Said("只是其中一部分", "a part of the whole only"),
    Standing.PERIOD: Said("说的是别的时期", "of another period"),
    Standing.OTHER: Said("说的是别的事项", "of something else"),
    Standing.SCALE: Said("以万计的数另行核对", "numbers in 万 are checked by another rule"),
}
HELD = frozenset({Standing.PLAIN, Standing.SCOPE, Standing.DOUBT})


@dataclass(frozen=True, slots=True)
class Manner:
    """How a rule wants statements to be taken: words that void, doubt, or tell the scope.

    `around`: anywhere in the sentence, one leaves a doubt. `near`: one must stand in the
    sentence up to the figure, of `not_near` none may; without one of `sure` there it is in doubt.
    `after`: the nearest of `after` and `not_after` before the phrase must be one of `after`:
    维持3件 is told of the right block. `period`: `this` year's, `last` year's, `next` year's
    (told anywhere up to the end of the phrase), or `any`. `endings` and `verbs` tell a name
    that a clause begins with: of another body than the report's it is another scope. `unsaid`: a
    sentence that says one of these is about another matter. `carried`: the words of `near` may
    stand up to two sentences before, which leaves a doubt.
    """

    unless: Sequence[str] = ()
    doubt: Sequence[str] = ()
    around: Sequence[str] = ()
    near: Sequence[str] = ()
    not_near: Sequence[str] = ()
    sure: Sequence[str] = ()
    after: Sequence[str] = ()
    not_after: Sequence[str] = ()
    wide: Sequence[str] = ()
    own: Sequence[str] = ()
    endings: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    unsaid: Phrases | None = None
    carried: bool = False
    whole: bool = True
    period: str = "this"
    scaled: bool | None = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One mention: where it stands, what it says, and how far it counts."""

    prose: Prose
    hit: Hit
    figure: Figure
    standing: Standing
    nothing: bool = False

    @property
    def quote(self) -> str:
        """The words of the statement as printed, from the beginning of its clause."""
        start = max(self.prose.clause(self.hit.start), self.hit.start - 24)
        return self.prose.printed(start, self.hit.end).strip(" \n,，。;；")

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the text, in characters."""
        return self.prose.span(self.hit.start, self.hit.end)


def statements(
    proses: Sequence[Prose], says: Phrases | None, none: Phrases | None, manner: Manner,
    period: int | None,
) -> Iterator[Statement]:  # fmt: skip
    """Every mention in these texts, in order, those that do not count included."""
    for prose in proses:
        if manner.near and not prose.among(manner.near):
            continue
        if says is not None:
            for hit in says.found(prose):
                read = _figure(prose, hit)
                if read is not None:
                    standing = _standing(prose, hit, read, manner, period)
                    yield Statement(prose, hit, read, standing)
        if none is not None:
            for hit in none.found(prose):
                standing = _standing(prose, hit, NOTHING, manner, period)
                yield Statement(prose, hit, NOTHING, standing, nothing=True)


def _figure(prose: Prose, hit: Hit) -> Figure | None:
    """The figure of a hit; None for a range, a bound, and for `one` in 没有一件, 每一件.

    In a list without signs (甲类5件乙类1件) what follows a figure has its own behind it.
    """
    text = prose.text
    if hit.number < 0:
        return NOTHING
    before = text[hit.number - 1 : hit.number]
    if before in _RANGE and text[hit.number - 2 : hit.number - 1].isdigit():
        return None
    if text[hit.end : hit.end + 1] in _RANGE and text[hit.end + 1 : hit.end + 2].isdigit():
        return None
    if text.startswith(_BOUNDS, hit.end):
        return None
    closed = text[hit.end - 1] in _SIGNS
    if hit.number == hit.start and not closed and _COUNTED.match(text, hit.end):
        return None
    printed = text[hit.number : hit.number_end]
    if printed in _SINGLE and _DENIAL.search(text[prose.clause(hit.start) : hit.number]):
        return None
    return figure(printed)


def _standing(prose: Prose, hit: Hit, read: Figure, manner: Manner, period: int | None) -> Standing:
    at = hit.number if hit.number >= 0 else hit.end - 1
    start, end = prose.sentence(at)
    text = prose.text
    begin = prose.clause(hit.start)
    if _any(prose.among(manner.unless), text, max(begin, hit.start - _CLOSE), hit.end):
        return Standing.OTHER
    lead = _lead(prose, start)
    about = _about(prose, start, lead, hit, manner)
    if about is Standing.OTHER or _said(prose, manner.unsaid, start, end):
        return Standing.OTHER
    if manner.scaled is not None and read.scaled != manner.scaled:
        return Standing.SCALE
    if manner.whole and _is_part(text, start, hit.start):
        return Standing.PART
    told = text[lead : hit.end] if manner.period == "next" else text[lead:at]
    if manner.period != "any" and not in_period(told, manner.masked, manner.period, period):
        return Standing.PERIOD
    if about is Standing.DOUBT or _doubtful(prose, hit, manner, (start, begin, at, end)):
        return Standing.DOUBT
    return _scope(prose, hit, manner, lead, text[lead:at])


def _lead(prose: Prose, start: int) -> int:
    """Where what a sentence continues begins: one that opens with 其中 continues the last."""
    text = prose.text
    if start < 2 or not text.startswith(_CONTINUING, start) or text[start - 1] == BREAK:
        return start
    return prose.sentence(start - 2)[0]


def _doubtful(prose: Prose, hit: Hit, manner: Manner, places: tuple[int, int, int, int]) -> bool:
    """Whether the wording leaves another reading."""
    text, among = prose.text, prose.among
    start, begin, at, end = places
    before = text[start:at]
    if manner.period == "this" and SUMMED in before and sums_up(before):
        return True
    if _any(among(manner.doubt), text, begin, hit.end):
        return True
    if _any(among(manner.around), text, start, end):
        return True
    return bool(manner.sure) and not _any(among(manner.sure), text, start, hit.end)


def _scope(prose: Prose, hit: Hit, manner: Manner, start: int, before: str) -> Standing:
    """Whether the figure is told of the body of the report, as far as its words tell."""
    if _other_scope(before, prose.among(manner.wide), manner.own):
        return Standing.SCOPE
    told = prose.text[start : hit.end]
    if prose.body and manner.endings and _other_body(told, prose.body, manner):
        return Standing.SCOPE
    return Standing.PLAIN


def _any(words: Sequence[str], text: str, start: int, end: int) -> bool:
    """Whether one of the words stands between two places."""
    return any(text.find(word, start, end) >= 0 for word in words) if words else False


def _about(prose: Prose, start: int, lead: int, hit: Hit, manner: Manner) -> Standing:
    """Whether the sentence is about the matter of the rule; in doubt if only the one before is."""
    text, among = prose.text, prose.among
    if _any(among(manner.not_near), text, start, hit.end):
        return Standing.OTHER
    other = lead < start and _any(among(manner.not_near), text, lead, start)
    found = Standing.DOUBT if other else Standing.PLAIN
    if manner.near and not _any(among(manner.near), text, start, hit.end):
        if not (manner.carried and _carried(prose, start, manner)):
            return Standing.OTHER
        found = Standing.DOUBT
    if not manner.after:
        return found
    mine = max((text.rfind(word, lead, hit.start) for word in among(manner.after)), default=-1)
    others = (text.rfind(word, lead, hit.start) for word in among(manner.not_after))
    return found if mine > max(others, default=-1) else Standing.OTHER


def _carried(prose: Prose, start: int, manner: Manner) -> bool:
    """Whether a sentence not far before, or the first of the passage, is about the matter of the
    rule, and none in between is of another.
    """
    text = prose.text
    near, not_near = prose.among(manner.near), prose.among(manner.not_near)
    begin = start
    for _ in range(_CARRIED):
        if begin < 2 or text[begin - 1] == BREAK:
            return False
        begin, end = prose.sentence(begin - 2)
        if _any(not_near, text, begin, end):
            return False
        if _any(near, text, begin, end):
            return True
    lead = text.rfind(BREAK, 0, begin) + 1
    return _any(near, text, lead, prose.sentence(lead)[1])


def _said(prose: Prose, unsaid: Phrases | None, start: int, end: int) -> bool:
    """Whether a sentence says what makes it one about another matter."""
    return unsaid is not None and any(start <= hit.start < end for hit in unsaid.found(prose))


def _is_part(text: str, start: int, at: int) -> bool:
    """Whether a listing word governs the place: after it, with no ; or closed bracket between."""
    begin = max(text.rfind(";", start, at), text.rfind(")", start, at), start - 1) + 1
    return _LISTING.search(text, begin, at) is not None


def _other_scope(before: str, wide: Sequence[str], own: Sequence[str]) -> bool:
    """Whether the nearest word of scope is one of another scope."""
    if not wide:
        return False
    far = max((before.rfind(word) for word in wide), default=-1)
    return far >= 0 and far > max((before.rfind(word) for word in own), default=-1)


def _other_body(told: str, body: str, manner: Manner) -> bool:
    """Whether the last name that a clause begins with is another's than the report's own: its
    short forms are made of the characters of the full name, in order."""
    named = _naming(manner.endings, manner.verbs).findall(told)
    return bool(named) and not _is_short_for(named[-1], body)


@lru_cache(maxsize=16)
def _naming(endings: tuple[str, ...], verbs: tuple[str, ...]) -> re.Pattern[str]:
    """A name at the beginning of a clause, and what a body does right behind it."""
    end, verb = (
        "|".join(map(re.escape, sorted(w, key=len, reverse=True))) for w in (endings, verbs)
    )
    lead = r"(?:^|[,;:(、])(?:其中|(?:19|20)\d\d年度?|[全本今]年度?)?"
    return re.compile(rf"{lead}([一-龥]{{1,12}}?(?:{end}))(?={verb})")


def _is_short_for(name: str, body: str) -> bool:
    name = name.lstrip("我本该")
    rest = iter(body)
    return len(name) < 2 or all(character in rest for character in name)


def proses_of(facts: Facts, paths: Sequence[str]) -> list[Prose]:
    """The texts that were read, made ready once for each report."""
    ready = facts.prose
    return [ready[path] for path in paths if path in ready]
