"""How alike the texts of reports are: to last year's of the same body, and to those of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from auditor.corpus import lookalike
from auditor.corpus.asked import likenesses_asked
from auditor.corpus.bodies import Naming, naming_of
from auditor.corpus.heads import Head
from auditor.errors import Said
from auditor.form import SIMILARITIES, Form
from auditor.model import Evidence, Report, Value
from auditor.pipeline import Settings, form_of
from auditor.rulebook.rule import Compare

if TYPE_CHECKING:
    from auditor.corpus.lookalike import Pieces

Pair: TypeAlias = tuple[int, int, Decimal]
"""Two reports by number, the smaller first, and how alike they are."""

WHOLE = "whole"
PRIOR, PEERS = SIMILARITIES
_PASSAGES = 3  # shown side by side
_NAMED = 5  # look-alikes that are named


@dataclass(frozen=True, slots=True)
class Comparing:
    """How texts are compared in this run: of last year's and of peers, which parts."""

    compare: Compare
    naming: Naming
    prior: frozenset[str]
    peers: frozenset[str]

    @property
    def wanted(self) -> frozenset[str]:
        """All parts that are compared with anything."""
        return self.prior | self.peers


def comparing(settings: Settings) -> Comparing:
    """What the rules want compared; nothing where they set no limit from which it is notable."""
    compare, naming = settings.rules.compare, naming_of(settings.forms[-1])
    if compare.notable <= 0:
        return Comparing(compare, naming, frozenset(), frozenset())
    every = [likenesses_asked(rules, settings.forms)
             for rules in (settings.rules, *settings.editions)]  # fmt: skip
    asked = {group: frozenset[str]().union(*(one[group] for one in every)) for group in every[0]}
    return Comparing(compare, naming, asked[PRIOR], asked[PEERS] | {WHOLE})


@dataclass(frozen=True)
class Texts:
    """One report's own words: the whole, and each section, masked; long enough ones only."""

    report: Report
    form: Form
    how: Comparing

    @cached_property
    def plain(self) -> dict[str, str]:
        """The text of each section as it stands; the whole is all of them."""
        found = {}
        for section in self.form.sections:
            part = self.report.data.get(section.key)
            text = part.get("text") if isinstance(part, Mapping) else None
            if not section.table and isinstance(text, str) and text:
                found[section.key] = text
        return {WHOLE: "\n".join(found.values()), **found}

    @cached_property
    def masked(self) -> dict[str, str]:
        """The masked texts that are compared and long enough for it."""
        wanted = self.how.wanted
        texts = {key: self.mask(text) for key, text in self.plain.items() if key in wanted}
        return {key: text for key, text in texts.items() if len(text) >= self.how.compare.shortest}

    @property
    def lengths(self) -> dict[str, int]:
        """The lengths of the masked texts that are compared with those of peers."""
        return {key: len(text) for key, text in self.masked.items() if key in self.how.peers}

    @cached_property
    def pieces(self) -> dict[str, Pieces]:
        """The pieces of the masked texts that are compared with last year's."""
        prior = self.how.prior
        return {key: lookalike.pieces(text) for key, text in self.masked.items() if key in prior}

    def mask(self, text: str) -> str:
        """A text without the body's names, set phrases and numbers."""
        return lookalike.masked(text, self._names, phrases(self.how.compare.phrases))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        name, naming = self.report.subject.name or "", self.how.naming
        parts = {name, *naming.shorter(name), *naming.areas(name)}
        return tuple(sorted(parts - {""}, key=lambda part: (-len(part), part)))


def texts_of(report: Report, settings: Settings, how: Comparing) -> Texts:
    """The texts of a report as they are compared."""
    return Texts(report, form_of(report, settings), how)


@lru_cache(maxsize=16)
def phrases(patterns: tuple[str, ...]) -> Callable[[str], str]:
    """What takes the set phrases out of a text, in RE2: no pattern can make it slow."""
    if not patterns:
        return lambda text: text
    import re2

    options = re2.Options()
    options.log_errors = False
    pattern: Any = re2.compile("|".join(f"(?:{p})" for p in patterns), options)
    return lambda text: str(pattern.sub("", text))


# ---- last year -----------------------------------------------------------------------------------


@dataclass
class Likeness:
    """The facts of one report that come from comparing texts."""

    values: dict[str, Value] = field(default_factory=dict)
    quotes: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)


def past(like: Likeness, own: Texts, before: Texts) -> None:
    """How alike the texts are to last year's, with the passages where that is notable."""
    for key in own.pieces.keys() & before.pieces.keys():
        share = lookalike.jaccard(own.pieces[key], before.pieces[key])
        like.values[f"{PRIOR}.{key}"] = share
        if share >= own.how.compare.notable:
            like.quotes[f"{PRIOR}.{key}"] = tuple(_beside(own, before, key, prior=True))


# ---- the others of the same year -----------------------------------------------------------------


class Abreast(NamedTuple):
    """What comparing with the reports of other bodies for the same year gave for one report.

    `parts` are those of its text that were compared, each with the nearest others (likeness,
    number), the nearest first; `alike` is how many count as look-alikes; `bodies` how many bodies
    there are.
    """

    parts: Mapping[str, tuple[tuple[Decimal, int], ...]]
    alike: int
    bodies: int

    @property
    def others(self) -> tuple[int, ...]:
        """All that are told of."""
        return tuple(number for nearest in self.parts.values() for _, number in nearest)


class Before(Protocol):
    """What was made of texts before, told by part and by the numbers of the reports."""

    def sketches(self, part: str, members: Sequence[int]) -> Callable[[int], bytes]:
        """The sketches of one part of many texts."""
        ...

    def pairs(
        self, part: str, names: Mapping[int, str | None], find: Callable[[], Iterable[Pair]]
    ) -> Iterable[Pair]:
        """The pairs that are alike in one part: found before, or now by `find`.

        `names` are those of the bodies of all that are compared: they are masked in their texts.
        """
        ...


def abreast(
    heads: Sequence[Head],
    keys: Sequence[str | None],
    texts: Callable[[int], Texts],
    how: Comparing,
    before: Before | None = None,
) -> dict[int, Abreast]:
    """For each report that has others of its year beside it, by number.

    `texts` fetches the texts of a report.
    """
    found: dict[int, Abreast] = {}
    if len(heads) < 2 or how.compare.notable <= 0:
        return found
    for group in _by_year(heads, keys):
        bodies = len({keys[number] for number in group})
        alone: dict[tuple[str, ...], Abreast] = {}  # most are like nobody: one value for them all
        near = {part: _nearest(part, group, heads, keys, texts, how, before)
                for part in _parts(group, heads, how)}  # fmt: skip
        for number in group:
            own = heads[number].parts
            parts = {part: near[part].get(number, _NONE) for part in near if part in own}
            told = {part: tuple(one.nearest) for part, one in parts.items()}
            alike = parts[WHOLE].alike if WHOLE in parts else 0
            one = Abreast(told, alike, bodies)
            found[number] = one if any(told.values()) else alone.setdefault(tuple(told), one)
    return found


def _by_year(heads: Sequence[Head], keys: Sequence[str | None]) -> Iterable[Sequence[int]]:
    years: dict[int, list[int]] = {}
    for number, head in enumerate(heads):
        if head.period and keys[number]:
            years.setdefault(head.period, []).append(number)
    return [group for group in years.values() if len(group) > 1]


def _parts(group: Sequence[int], heads: Sequence[Head], how: Comparing) -> Iterable[str]:
    """The parts that some report of the group has, in a fixed order."""
    there = dict.fromkeys(part for number in group for part in heads[number].parts)
    return [part for part in there if part in how.peers]


@dataclass(slots=True)
class _Near:
    """The nearest few of one report, and how many of all are look-alikes."""

    nearest: list[tuple[Decimal, int]] = field(default_factory=list)
    alike: int = 0

    def met(self, share: Decimal, other: int, least: Decimal) -> None:
        """Take in one more."""
        self.alike += share >= least
        self.nearest.append((share, other))
        self.nearest.sort(key=lambda pair: (-pair[0], pair[1]))
        del self.nearest[_NAMED:]


_NONE = _Near()


def _nearest(
    part: str,
    group: Sequence[int],
    heads: Sequence[Head],
    keys: Sequence[str | None],
    texts: Callable[[int], Texts],
    how: Comparing,
    before: Before | None,
) -> dict[int, _Near]:
    """For one part of the text: the nearest of those that have any near."""
    members = [number for number in group if part in heads[number].parts]

    def find() -> Iterable[Pair]:
        many = len(members) > lookalike.ALL_PAIRS
        made = before.sketches(part, members) if before and many else None
        lengths = {number: heads[number].parts[part] for number in members}
        text = lambda number: texts(number).masked[part]  # noqa: E731
        return lookalike.alike_of(lengths, text, how.compare.notable, made)

    found: dict[int, _Near] = {}
    names = {number: heads[number].name for number in members}
    for one, other, share in before.pairs(part, names, find) if before else find():
        if keys[one] != keys[other]:
            found.setdefault(one, _Near()).met(share, other, how.compare.alike)
            found.setdefault(other, _Near()).met(share, one, how.compare.alike)
    return found


def told(like: Likeness, own: Texts, near: Abreast, texts: Callable[[int], Texts]) -> None:
    """The greatest likeness of each part, and for the whole text who else is that alike."""
    for part, nearest in near.parts.items():
        path = f"{PEERS}.{part}"
        like.values[path] = nearest[0][0] if nearest else Decimal(0)
        if nearest:
            like.quotes[path] = tuple(_beside(own, texts(nearest[0][1]), part, prior=False))
        if part == WHOLE:
            close = [(share, n) for share, n in nearest if share >= own.how.compare.alike]
            like.values["beside.peers.alike"] = near.alike
            like.quotes["beside.peers.alike"] = tuple(
                Evidence(f"{PEERS}.{WHOLE}", _name(texts(n).report), share,
                         subject=_body(texts(n).report))
                for share, n in close
            )  # fmt: skip
    like.values["beside.peers.count"] = near.bodies


def _body(report: Report) -> str:
    return report.subject.name or report.source


def _name(report: Report) -> Said:
    """The body with its year."""
    name = f"{_body(report)} {report.period or ''}".strip()
    return Said(name, name)


def _beside(own: Texts, other: Texts, part: str, *, prior: bool) -> Iterator[Evidence]:
    """The passages in common, ours and theirs in turn."""
    path = part if part != WHOLE else ""
    pairs = lookalike.shared(own.plain[part], other.plain[part], (own.mask, other.mask), _PASSAGES)
    for ours, theirs in pairs:
        where = own.report.locations.get(f"{path}.text") if path else None
        yield Evidence(path, _name(own.report), None, "read", where, ours)
        there = other.report.locations.get(f"{path}.text") if path else None
        label, body = _name(other.report), _body(other.report)
        yield Evidence(path, label, None, "read", there, theirs, prior, body)
