"""How alike the texts of reports are: to last year's of the same body, and to those of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from auditor.corpus import lookalike
from auditor.corpus.bodies import Naming, naming_of
from auditor.errors import Said
from auditor.form import Form
from auditor.model import Evidence, Report, Value
from auditor.pipeline import Settings, form_of
from auditor.rulebook.rule import Compare

WHOLE = "whole"
_PRIOR, _PEERS = "beside.prior.similarity", "beside.peers.similarity"
_PASSAGES = 3  # shown side by side
_NAMED = 5  # look-alikes that are named


@dataclass
class Likeness:
    """The facts of one report that come from comparing texts."""

    values: dict[str, Value] = field(default_factory=dict)
    quotes: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Text:
    """One report's own words: the whole, and each section, masked; long enough ones only."""

    report: Report
    form: Form
    naming: Naming
    compare: Compare

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
        """The masked texts that are long enough to be compared."""
        texts = {key: self.mask(text) for key, text in self.plain.items()}
        return {key: text for key, text in texts.items() if len(text) >= self.compare.shortest}

    @cached_property
    def pieces(self) -> dict[str, frozenset[int]]:
        """The pieces of the masked texts."""
        return {key: lookalike.pieces(text) for key, text in self.masked.items()}

    def mask(self, text: str) -> str:
        """A text without the body's names, set phrases and numbers."""
        return lookalike.masked(text, self._names, phrases(self.compare.phrases))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        name = self.report.subject.name or ""
        parts = {name, *self.naming.shorter(name), *self.naming.areas(name)}
        return tuple(sorted(parts - {""}, key=lambda part: (-len(part), part)))


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


def likenesses(
    reports: Sequence[Report],
    priors: Sequence[Report | None],
    keys: Sequence[str | None],
    settings: Settings,
) -> tuple[Likeness, ...]:
    """What comparing texts gives for each report, in order."""
    compare, naming = settings.rules.compare, naming_of(settings.forms[-1])
    texts = [_Text(r, form_of(r, settings), naming, compare) for r in reports]
    found = tuple(Likeness() for _ in reports)
    if len(reports) < 2 or compare.notable <= 0:
        return found
    place = {id(report): number for number, report in enumerate(reports)}
    for number, prior in enumerate(priors):
        if prior is not None:
            _past(found[number], texts[number], texts[place[id(prior)]], compare)
    for group in _by_year(reports, keys).values():
        _abreast([texts[n] for n in group], [found[n] for n in group], [keys[n] for n in group])
    return found


def _past(like: Likeness, own: _Text, before: _Text, compare: Compare) -> None:
    for key in own.pieces.keys() & before.pieces.keys():
        share = lookalike.jaccard(own.pieces[key], before.pieces[key])
        like.values[f"{_PRIOR}.{key}"] = share
        if share >= compare.notable:
            like.quotes[f"{_PRIOR}.{key}"] = tuple(_beside(own, before, key, prior=True))


def _by_year(reports: Sequence[Report], keys: Sequence[str | None]) -> dict[int, list[int]]:
    years: dict[int, list[int]] = {}
    for number, report in enumerate(reports):
        if report.period and keys[number]:
            years.setdefault(report.period, []).append(number)
    return {year: group for year, group in years.items() if len(group) > 1}


def _abreast(texts: Sequence[_Text], found: Sequence[Likeness], keys: Sequence[str | None]) -> None:
    """The reports of different bodies for one year, each against all others."""
    parts = dict.fromkeys(key for text in texts for key in text.masked)
    for part in parts:
        closest: dict[int, list[tuple[Decimal, int]]] = {}
        least = texts[0].compare.notable
        for one, other, share in lookalike.alike([t.masked.get(part, "") for t in texts], least):
            if keys[one] != keys[other]:
                closest.setdefault(one, []).append((share, other))
                closest.setdefault(other, []).append((share, one))
        for number, text in enumerate(texts):
            if part in text.masked:
                near = sorted(closest.get(number, ()), key=lambda pair: (-pair[0], pair[1]))
                _told(found[number], text, texts, part, near)
    count = len(set(keys))
    for like in found:
        like.values["beside.peers.count"] = count


def _told(
    like: Likeness,
    own: _Text,
    texts: Sequence[_Text],
    part: str,
    near: Sequence[tuple[Decimal, int]],
) -> None:
    """The greatest likeness of one part, and for the whole text who else is that alike."""
    path = f"{_PEERS}.{part}"
    like.values[path] = near[0][0] if near else Decimal(0)
    if near:
        like.quotes[path] = tuple(_beside(own, texts[near[0][1]], part, prior=False))
    if part != WHOLE:
        return
    close = [(share, n) for share, n in near if share >= own.compare.alike]
    like.values["beside.peers.alike"] = len(close)
    like.quotes["beside.peers.alike"] = tuple(
        Evidence("beside.peers.similarity.whole", _name(texts[n].report), share,
                 subject=_body(texts[n].report))
        for share, n in close[:_NAMED]
    )  # fmt: skip


def _body(report: Report) -> str:
    return report.subject.name or report.source


def _name(report: Report) -> Said:
    """The body with its year."""
    name = f"{_body(report)} {report.period or ''}".strip()
    return Said(name, name)


def _beside(own: _Text, other: _Text, part: str, *, prior: bool) -> Iterator[Evidence]:
    """The passages in common, ours and theirs in turn."""
    path = part if part != WHOLE else ""
    pairs = lookalike.shared(own.plain[part], other.plain[part], (own.mask, other.mask), _PASSAGES)
    for ours, theirs in pairs:
        where = own.report.locations.get(f"{path}.text") if path else None
        yield Evidence(path, _name(own.report), None, "read", where, ours)
        there = other.report.locations.get(f"{path}.text") if path else None
        label, body = _name(other.report), _body(other.report)
        yield Evidence(path, label, None, "read", there, theirs, prior, body)
