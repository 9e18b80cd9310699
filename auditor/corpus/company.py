"""The company of one report: those it is judged beside, and the facts that comparing gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from auditor.corpus.bodies import Bodies
from auditor.corpus.heads import Shelf
from auditor.corpus.likeness import (
    Abreast,
    Comparing,
    Likeness,
    Texts,
    past,
    texts_of,
    told,
)
from auditor.corpus.naming import Names, mentions
from auditor.corpus.ties import Group, Ties
from auditor.errors import Said
from auditor.form import Form
from auditor.model import Evidence, Report, Value
from auditor.pipeline import Bound, Company, Settings, form_of
from auditor.rulebook.facts import Peers, flat

_SHOWN = 6  # differing cells that are shown
_KEPT = 256


@dataclass
class _Beside:
    """The facts of one report while they are gathered, with what they rest on."""

    values: dict[str, Value] = field(default_factory=dict)
    quotes: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)


class Library:
    """All that judging a report needs of the others: it fetches them by number."""

    def __init__(
        self,
        shelf: Shelf,
        settings: Settings,
        known: Bodies,
        names: Names,
        how: Comparing,
        peers: Mapping[Group, Peers],
    ) -> None:
        self.shelf = shelf
        self.settings = settings
        self.known = known
        self.names = names
        self.how = how
        self.peers = peers
        self.bound = lru_cache(maxsize=_KEPT)(shelf.bound)
        self.texts = lru_cache(maxsize=_KEPT)(self._texts)

    def forget(self) -> None:
        """Let go of what was fetched: the numbers may lie elsewhere now."""
        self.bound.cache_clear()
        self.texts.cache_clear()

    def report(self, number: int) -> Report:
        """The report of that number."""
        found: Bound = self.bound(number)
        return found.report

    def _texts(self, number: int) -> Texts:
        return texts_of(self.report(number), self.settings, self.how)


def company_of(number: int, ties: Ties, near: Abreast | None, library: Library) -> Company:
    """What the rules may look at beside a report."""
    report, settings, known = library.report(number), library.settings, library.known
    beside = _Beside()
    prior = None if ties.prior is None else library.report(ties.prior)
    _versions(report, [library.report(n) for n in ties.versions], settings, beside)
    beside.values["beside.prior.gap"] = ties.gap
    _past(report, prior, renamed=ties.renamed, settings=settings, beside=beside)
    _roster(report, known, ties, beside)
    _likeness(number, ties, near, library, beside)
    for path, (count, quotes) in mentions(report, library.names, known, library.how.naming).items():
        beside.values[path], beside.quotes[path] = count, quotes
    return Company(
        prior,
        tuple(library.report(n) for n in ties.units or ()),
        library.peers.get(ties.group) if ties.group else None,
        beside.values,
        beside.quotes,
    )


def _versions(
    report: Report, others: Sequence[Report], settings: Settings, beside: _Beside
) -> None:
    """Other reports of the same body for the same year: their files, and the cells that differ."""
    beside.values[_VERSIONS] = len(others)
    labels = form_of(report, settings)
    files = [Evidence(_VERSIONS, _FILE, other.source) for other in others[:_SHOWN]]
    shown = [e for other in others for e in _differences(report, other, labels)]
    if others:
        beside.quotes[_VERSIONS] = (*files, *shown[: 2 * _SHOWN])


_VERSIONS = "beside.versions"
_FILE = Said("另一份", "the other file")


def _differences(report: Report, other: Report, form: Form) -> Iterator[Evidence]:
    for path in form.fields:
        own, theirs = _at(report, path), _at(other, path)
        if own is not None and theirs is not None and own != theirs:
            label = form.said(path)
            yield Evidence(path, label, own, location=report.locations.get(path))
            yield Evidence(
                path, label, theirs, location=other.locations.get(path), subject=other.source
            )


def _at(report: Report, path: str) -> Value | None:
    """The value of a cell; None where it was not read, or only inferred."""
    node: object = report.data
    for part in path.split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return node if isinstance(node, int | str) else None


def _past(
    report: Report, prior: Report | None, *, renamed: bool, settings: Settings, beside: _Beside
) -> None:
    """How many different numbers of last year's report come again, and how many do not.

    Zeros and what is carried forward by its nature (stocks) say nothing.
    """
    beside.values["beside.prior.renamed"] = renamed
    if prior is None:
        return
    form, before = form_of(report, settings), form_of(prior, settings)
    own, theirs = flat(report.data), flat(prior.data)
    pairs = [
        (own[path], theirs[path])
        for path in _compared(form, before)
        if path in own and path in theirs
    ]
    again = {one for one, other in pairs if one == other and one not in (0, "0")}
    beside.values["beside.prior.same"] = len(again)
    beside.values["beside.prior.different"] = sum(one != other for one, other in pairs)


@lru_cache(maxsize=16)
def _compared(form: Form, before: Form) -> tuple[str, ...]:
    """The cells that a number of last year's may come again in."""
    return tuple(form.fields.keys() & before.fields.keys() - form.stocks)


def _roster(report: Report, known: Bodies, ties: Ties, beside: _Beside) -> None:
    if ties.units is not None:
        beside.values["beside.units.count"] = len(ties.units)
        beside.values["beside.units.missing"] = ties.missing
    unit = known.unit(report.subject.name)
    if unit is not None and known.roster is not None and report.period:
        told = {
            "roster.deadline": known.roster.deadline(unit, report.period),
            "roster.reviewed": known.roster.reviewed(unit, report.period),
            "roster.documents": unit.documents.get(report.period),
        }
        beside.values |= {path: value for path, value in told.items() if value is not None}


def _likeness(
    number: int, ties: Ties, near: Abreast | None, library: Library, beside: _Beside
) -> None:
    like = Likeness()
    if ties.prior is not None and library.how.prior:
        past(like, library.texts(number), library.texts(ties.prior))
    if near is not None:
        told(like, library.texts(number), near, library.texts)
    beside.values |= like.values
    beside.quotes |= like.quotes
