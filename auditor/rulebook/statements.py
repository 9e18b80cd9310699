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
from auditor.rulebook.phrases import Hit, Phrases
from auditor.rulebook.prose import BREAK, Prose

NOTHING = Figure(Fraction(0), Fraction(1))
_LAST = r"(?:去年|上年度?|上一年度?|(?:19|20)\d\d年度?)(?:同期)?"
_MEANT = rf"(?:比|较|与|同|和){_LAST}(?:相比)?"
# `是上年的1.6倍` compares, too; what follows is still of this year.
_COMPARING = re.compile(rf"{_MEANT}|[是为达]到?{_LAST}的(?=[0-9.一二三四五六七八九两]+倍)")
_SPAN = r"\d{1,2}月?(?:\d{1,2}日)?[-~—–至到](?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?"
_PERIOD = re.compile(
    r"(?P<until>截[至止])?(?P<year>(?:19|20)\d\d)年(?P<rest>(?:度|底|末|全年)?"
    rf"(?:{_SPAN}|\d{{1,2}}月(?:\d{{1,2}}日)?)?"
    r"(?:上半年|下半年|前?[一二三四1-4]个?季度|第[一二三四1-4]季度)?)(?P<since>以来|起)?"
    rf"|(?P<months>{_SPAN})"
    r"|(?P<this>(?:本年度?|今年|当年)(?:以来)?|全年|年内|报告期|截[至止]12月)"
    r"|(?P<other>去年|上年度?|上一年度?|前年|往年|历年|历史上?|累计|近[一二两三四五六七八九十0-9]+年"
    r"|以来|上半年|下半年|前?[一二三四1-4]个?季度|截[至止]\d{1,2}月|\d{1,2}月份)"
    r"|(?P<month>\d{1,2}月)"
)
_MONTHS = re.compile(r"(\d{1,2})(?:月|[-~—–至到])")
_BEFORE = re.compile(r"去年|上年度?|上一年度?")
_YEAR = "{年}"
_END = ("底", "末")
_UP_TO = re.compile(r"[-~—–至到]$")
_LISTING = re.compile(r"其中|包括|含")
_SINGLE = frozenset("一两")
_DENIAL = re.compile(r"[没未无不每第逐某任]")
_CLOSE = 6  # characters before a phrase that still belong to it
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
    stand in the sentence before, which leaves a doubt.
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
    """The figure of a hit; None for a range, a bound, and for `one` in 没有一件, 每一件."""
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
    printed = text[hit.number : hit.number_end]
    if printed in _SINGLE and _DENIAL.search(text[prose.clause(hit.start) : hit.number]):
        return None
    return figure(printed)


def _standing(prose: Prose, hit: Hit, read: Figure, manner: Manner, period: int | None) -> Standing:
    at = hit.number if hit.number >= 0 else hit.end - 1
    start, end = prose.sentence(at)
    text = prose.text
    begin = prose.clause(hit.start)
    among = prose.among
    if _any(among(manner.unless), text, max(begin, hit.start - _CLOSE), hit.end):
        return Standing.OTHER
    about = _about(prose, start, hit, manner)
    if about is Standing.OTHER or _said(prose, manner.unsaid, start, end):
        return Standing.OTHER
    if manner.scaled is not None and read.scaled != manner.scaled:
        return Standing.SCALE
    before = text[start:at]
    if manner.whole and _is_part(text, start, hit.start):
        return Standing.PART
    told = text[start : hit.end] if manner.period == "next" else before
    if manner.period != "any" and not _in_period(told, manner.masked, manner.period, period):
        return Standing.PERIOD
    if _any(among(manner.doubt), text, begin, hit.end):
        return Standing.DOUBT
    if _any(among(manner.around), text, start, end):
        return Standing.DOUBT
    if manner.sure and not _any(among(manner.sure), text, start, hit.end):
        return Standing.DOUBT
    if about is Standing.DOUBT:
        return Standing.DOUBT
    if _other_scope(before, among(manner.wide), manner.own):
        return Standing.SCOPE
    if prose.body and manner.endings and _other_body(text[start : hit.end], prose.body, manner):
        return Standing.SCOPE
    return Standing.PLAIN


def _any(words: Sequence[str], text: str, start: int, end: int) -> bool:
    """Whether one of the words stands between two places."""
    return any(text.find(word, start, end) >= 0 for word in words) if words else False


def _about(prose: Prose, start: int, hit: Hit, manner: Manner) -> Standing:
    """Whether the sentence is about the matter of the rule; in doubt if only the one before is."""
    text, among = prose.text, prose.among
    if _any(among(manner.not_near), text, start, hit.end):
        return Standing.OTHER
    found = Standing.PLAIN
    if manner.near and not _any(among(manner.near), text, start, hit.end):
        if not (manner.carried and _carried(prose, start, manner)):
            return Standing.OTHER
        found = Standing.DOUBT
    if not manner.after:
        return found
    mine = max((text.rfind(word, start, hit.start) for word in among(manner.after)), default=-1)
    others = (text.rfind(word, start, hit.start) for word in among(manner.not_after))
    return found if mine > max(others, default=-1) else Standing.OTHER


def _carried(prose: Prose, start: int, manner: Manner) -> bool:
    """Whether the sentence before, in the same passage, is about the matter of the rule."""
    text = prose.text
    if start < 2 or text[start - 1] == BREAK:
        return False
    begin, end = prose.sentence(start - 2)
    if _any(prose.among(manner.not_near), text, begin, end):
        return False
    return _any(prose.among(manner.near), text, begin, end)


def _said(prose: Prose, unsaid: Phrases | None, start: int, end: int) -> bool:
    """Whether a sentence says what makes it one about another matter."""
    return unsaid is not None and any(start <= hit.start < end for hit in unsaid.found(prose))


def _is_part(text: str, start: int, at: int) -> bool:
    """Whether a listing word governs the place: after it, with no ; or closed bracket between."""
    begin = max(text.rfind(";", start, at), text.rfind(")", start, at), start - 1) + 1
    return _LISTING.search(text, begin, at) is not None


@lru_cache(maxsize=1024)
def _in_period(before: str, masked: tuple[str, ...], wanted: str, period: int | None) -> bool:
    """Whether the nearest word of time before a figure means the year that is wanted.

    Several rules ask it of one figure.
    """
    before = masking(masked, wanted == "last").sub("", before)
    before = _COMPARING.sub("", before)
    last = max(_PERIOD.finditer(before), key=lambda match: match.start(), default=None)
    if wanted == "next":
        return last is not None and last["year"] == str((period or 0) + 1)
    if wanted == "last":
        return last is not None and _last_year(last, period)
    return _this_year(before, last, period)


def _last_year(last: re.Match[str], period: int | None) -> bool:
    """Whether a word of time means the whole year before the report's."""
    if last["other"]:
        return _BEFORE.fullmatch(last["other"]) is not None
    year = last["year"]
    if not year or period != int(year) + 1 or last["until"] or last["since"]:
        return False
    return last["rest"] not in _END and _whole_year(last["rest"])


def _this_year(before: str, last: re.Match[str] | None, period: int | None) -> bool:
    if last is None or last["this"]:
        return True
    if last["other"]:
        return False
    if last["months"]:
        return _whole_year(last["months"])
    ends = _UP_TO.search(before[: last.start()]) is not None and "12月" in last.group(0)
    if last["month"]:
        return ends
    if period is not None and int(last["year"]) != period:
        return False
    if last["until"]:
        months = _MONTHS.findall(last["rest"])
        return not months or months[-1] == "12"
    return ends or _whole_year(last["rest"])


def _whole_year(rest: str) -> bool:
    """`2023年`, `2023年1月至12月`, not `2023年1至6月` nor `2023年上半年`."""
    if "季度" in rest or "半年" in rest:
        return False
    months = [int(m) for m in _MONTHS.findall(rest)]
    return not months or (months[0] == 1 and months[-1] == 12)


@lru_cache(maxsize=16)
def masking(words: tuple[str, ...], last: bool) -> re.Pattern[str]:
    """What is taken out before a word of time is sought; where last year is meant, no years."""
    mine = [word for word in words if not (last and _YEAR in word)]
    escaped = (r"(?:19|20)\d\d年度?".join(map(re.escape, word.split(_YEAR))) for word in mine)
    return re.compile("|".join(escaped) or "(?!)")


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
