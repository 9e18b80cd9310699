"""Shares: `5件，占6.17%`, computed again from the numbers told before it or from the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditor.rulebook.figures import NUMBER, Figure, figure
from auditor.rulebook.listings import Count, counts
from auditor.rulebook.prose import Prose

_PARTS = 5  # parts that one share may be told of together
_BASES = 40  # numbers told before a share that it may be of
_SHARE = re.compile(
    rf"(?:[,(、]?[约大]?占(?:比|到)?(?P<base>[^0-9,;。()]{{0,16}}?)[约近为达]?|\()(?P<p>{NUMBER})%"
)

_EACH = re.compile(
    r"(?:分别占|占比(?:分别)?[为是达]?|比例分别[为是达]?)[^0-9,;。()]{0,12}?"
    rf"(?P<list>(?:{NUMBER})%(?:[、,和及](?:{NUMBER})%)+)"
)


@dataclass(frozen=True, slots=True)
class Share:
    """A part, the percentage told of it, and the numbers of its unit told before."""

    prose: Prose
    part: Count
    sums: tuple[Fraction, ...]  # the part, and with it what is told right before it
    percent: Figure
    bases: tuple[Fraction, ...]
    base: str
    end: int

    def fits(self, whole: Fraction) -> bool:
        """Whether it is this share of a whole, rounded or cut off at the last printed digit."""
        return whole > 0 and any(self.percent.rounds(part / whole * 100) for part in self.sums)

    @property
    def quote(self) -> str:
        """The part and its share as printed."""
        start = max(self.prose.clause(self.part.start), self.part.start - 24)
        return self.prose.printed(start, self.end).strip(" \n,，。;；")

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the text, in characters."""
        return self.prose.span(self.part.start, self.end)


def shares(prose: Prose, unless: Sequence[str]) -> Iterator[Share]:
    """Every share that follows directly on a counted part."""
    text = prose.text
    if "%" not in text:
        return
    for start, end in prose.passages:
        if text.find("%", start, end) < 0:
            continue
        told = counts(prose, start, end)
        lists = list(_EACH.finditer(text, start, end))
        listed = {each.start("list") for each in lists}
        for at, part in enumerate(told):
            match = _SHARE.match(text, part.end)
            read = figure(match["p"]) if match and match.start("p") not in listed else None
            if match is None or read is None or part.figure.side is not None:
                continue
            base = match["base"] or ""
            if any(word in base for word in unless):
                continue
            bases = tuple(c.value for c in told[max(0, at - _BASES) : at] if c.unit == part.unit)
            sums = _sums(prose, told[max(0, at - _PARTS) : at + 1])
            yield Share(prose, part, sums, read, bases, base, match.end())
        for each in lists:
            yield from _respective(prose, each, [c for c in told if c.end <= each.start()])


def _respective(prose: Prose, match: re.Match[str], told: Sequence[Count]) -> Iterator[Share]:
    """Shares told one after the other of as many parts: `甲类5件、乙类2件,分别占71.4%、28.6%`."""
    read = [figure(printed) for printed in re.split("[、,和及]", match["list"].replace("%", ""))]
    mine = [c for c in told if c.unit == told[-1].unit and not _inside(prose, c)]
    parts, before = mine[-len(read) :], mine[: -len(read)][-_BASES:]
    if len(parts) < len(read) or ";" in prose.text[parts[0].end : match.start()]:
        return
    bases = (sum((c.value for c in parts), Fraction(0)), *(c.value for c in before))
    for part, percent in zip(parts, read, strict=True):
        if percent is not None and part.figure.side is None:
            yield Share(prose, part, (part.value,), percent, bases, "", match.end())


def _inside(prose: Prose, part: Count) -> bool:
    """Whether a part stands in brackets that are closed behind it, as a part of another."""
    opened = prose.text.rfind("(", prose.sentence(part.start)[0], part.start)
    return opened >= 0 and ")" not in prose.text[opened : part.start]


def _sums(prose: Prose, told: Sequence[Count]) -> tuple[Fraction, ...]:
    """The last figure, and what it comes to with its neighbours: `甲类5件、乙类2件，占7%`."""
    part, *before = reversed(told)
    sums, first = [part.value], part
    for one in before:
        gap = prose.text[one.end : first.start]
        if one.unit != part.unit or "%" in gap or ";" in gap:
            break
        sums.append(sums[-1] + one.value)
        first = one
    return tuple(sums)
