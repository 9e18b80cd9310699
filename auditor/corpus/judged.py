"""Audits as they lie on disk, and a long sequence of them that opens one at a time.

Nearly every result of an audit is a plain pass, or a rule that does not apply: of those only a
code, a count and a reason are kept, and they are given back as values shared by all audits.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

from auditor import __version__
from auditor.corpus.company import Library
from auditor.corpus.kept import Kept
from auditor.corpus.packs import Packs
from auditor.corpus.plain import decode, encode, loads, report_of, report_plain
from auditor.errors import Said
from auditor.form import Form
from auditor.model import Audit, Outcome, Report, Result, RuleReference, Severity
from auditor.pipeline import Bound, Settings, form_of, reference_of
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import RuleSet
from auditor.verdict import Tally

OUTCOMES = tuple(Outcome)
_CODES = {outcome: code for code, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True, eq=False)
class Order:
    """The rules for reports of one form and year, in their order, with their severities.

    `shared` keeps the plain results that audits by these rules have in common.
    """

    rules: tuple[str, ...]
    severities: tuple[Severity, ...]
    shared: dict[tuple[int, int, int, tuple[str, str] | None], Result] = field(default_factory=dict)


@lru_cache(maxsize=64)
def order_of(rules: RuleSet, form: Form, period: int | None) -> Order:
    """The order of the results of a report of this form and year."""
    ready = prepare(rules, form, period)
    return Order(tuple(r.rule.id for r in ready), tuple(r.rule.severity for r in ready))


def order_plain(order: Order) -> tuple[Any, ...]:
    """An order as plain values."""
    return order.rules, tuple(int(severity) for severity in order.severities)


def order_of_plain(value: tuple[Any, ...]) -> Order:
    """The order of plain values."""
    return Order(tuple(value[0]), tuple(map(Severity, value[1])))


def results_plain(results: Sequence[Result], order: Order) -> tuple[Any, ...]:
    """Results as (outcome codes, counts, numbers of reasons, reasons, those with findings)."""
    codes, passed, why = bytearray(), array("I"), bytearray()
    reasons: dict[Said, int] = {}
    odd: dict[int, Any] = {}
    for place, result in enumerate(results):
        codes.append(_CODES[result.outcome])
        passed.append(result.passed)
        reason = result.reason
        why.append(0 if reason is None else reasons.setdefault(reason, len(reasons) + 1) & 255)
        if _is_odd(result, place, order) or len(reasons) > 255:
            odd[place] = encode(result)
    said = tuple((reason.zh, reason.en) for reason in reasons)
    return bytes(codes), passed.tobytes(), bytes(why), said, odd


def _is_odd(result: Result, place: int, order: Order) -> bool:
    """Whether a result is more than a code, a count and a reason."""
    return bool(
        result.findings
        or result.failed
        or result.open
        or place >= len(order.rules)
        or result.rule != order.rules[place]
        or result.severity is not order.severities[place]
    )


def results_of(value: tuple[Any, ...], order: Order) -> tuple[Result, ...]:
    """The results of plain values."""
    codes, passed, why, said, odd = value
    counts = array("I")
    counts.frombytes(passed)
    reasons = (None, *said)
    shared = order.shared
    found: list[Result] = []
    for place, (code, count, number) in enumerate(zip(codes, counts, why, strict=True)):
        if place in odd:
            found.append(decode(odd[place]))
            continue
        key = (place, code, count, reasons[number])
        result = shared.get(key)
        if result is None:
            result = shared[key] = _plain(order, *key)
        found.append(result)
    return tuple(found)


def _plain(
    order: Order, place: int, code: int, passed: int, reason: tuple[str, str] | None
) -> Result:
    said = Said(*reason) if reason else None
    rule, severity = order.rules[place], order.severities[place]
    return Result(rule, OUTCOMES[code], severity, passed=passed, reason=said)


# ---- audits --------------------------------------------------------------------------------------


def audit_plain(audit: Audit, report: Report, settings: Settings) -> tuple[Any, ...]:
    """An audit as plain values; `report` is the report that was judged, which lies elsewhere.

    Only where masking changed the report or the rules are they kept here as well.
    """
    form = form_of(report, settings)
    order = order_of(settings.at(report.period).rules, form, report.period)
    reference = _reference(settings, form, report.period, len(audit.results) > len(order.rules))
    return (
        *_told(audit, order),
        None if audit.report is report else report_plain(audit.report),
        None if audit.rules is reference else encode(audit.rules),
    )


def audit_value(audit: Audit, order: Order) -> tuple[Any, ...]:
    """The same for an audit that is in memory with its report and its rules."""
    return (*_told(audit, order), None, None)


def _told(audit: Audit, order: Order) -> tuple[Any, ...]:
    return (
        results_plain(audit.results, order),
        encode(audit.grade),
        encode(audit.diagnoses),
        encode(audit.derived),
        encode(audit.clusters),
        encode(audit.overrides),
    )


def audit_of(value: tuple[Any, ...], bound: Bound, settings: Settings) -> Audit:
    """The audit of plain values and the report that was judged."""
    report = bound.report
    form = form_of(report, settings)
    order = order_of(settings.at(report.period).rules, form, report.period)
    results, grade, diagnoses, derived, clusters, overrides, masked, rules = value
    found = results_of(results, order)
    reference = _reference(settings, form, report.period, len(found) > len(order.rules))
    return Audit(
        report=report if masked is None else report_of(masked),
        rules=reference if rules is None else decode(rules),
        results=found,
        grade=decode(grade),
        engine=__version__,
        as_of=settings.as_of,
        clusters=decode(clusters),
        diagnoses=decode(diagnoses),
        derived=decode(derived),
        overrides=decode(overrides),
    )


def _reference(
    settings: Settings, form: Form, period: int | None, about_waivers: bool
) -> RuleReference:
    return reference_of(settings.at(period).rules, form, period, about_waivers)


# ---- many ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where an audit lies, by its report's number: its pack, its entry there, what counts of it.

    `copies` are other files that hold the same report.
    """

    number: int
    pack: str
    entry: int
    tally: Tally
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """The columns of a run in pieces, in a language: the packs that hold them, in their order.

    `kept` is where results are kept between runs, if they are.
    """

    lang: str
    names: Sequence[str]
    packs: Packs
    kept: Path | None = None

    def files(self) -> Iterator[list[bytes]]:
        """Of each piece the files, one for each table."""
        return map(self.packs.read_all, self.names)

    @contextmanager
    def keeping(self) -> Iterator[Kept | None]:
        """What is kept between runs, as long as it is needed."""
        kept = Kept(self.kept) if self.kept is not None else None
        try:
            yield kept
        finally:
            if kept is not None:
                kept.close()


class Judged(Sequence[Audit]):
    """Audits in files; each is opened when it is asked for, and none is kept.

    `tables` are the columns of all of them, where they were asked for.
    """

    tables: Tables | None = None

    def __init__(self, places: Sequence[Place], packs: Packs, library: Library) -> None:
        self._places = places
        self._packs = packs
        self._library = library

    @property
    def places(self) -> Sequence[Place]:
        """Where each lies."""
        return self._places

    @property
    def tallies(self) -> Iterator[Tally]:
        """What the gate must know of each."""
        return (place.tally for place in self._places)

    @property
    def settings(self) -> Settings:
        """How they were judged."""
        return self._library.settings

    def plain(self) -> Iterator[tuple[Place, Bound, tuple[Any, ...]]]:
        """Each with its report, as plain values."""
        for place in self._places:
            value = loads(self._packs.read(place.pack, place.entry))
            yield place, self._library.bound(place.number), value

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Audit: ...
    @overload
    def __getitem__(self, at: slice) -> Judged: ...
    def __getitem__(self, at: int | slice) -> Audit | Judged:
        if isinstance(at, slice):
            return Judged(self._places[at], self._packs, self._library)
        return self._opened(self._places[at])

    def __iter__(self) -> Iterator[Audit]:
        return map(self._opened, self._places)

    def _opened(self, place: Place) -> Audit:
        value = loads(self._packs.read(place.pack, place.entry))
        bound = self._library.bound(place.number)
        audit = audit_of(value, bound, self._library.settings)
        return replace(audit, duplicates=place.copies) if place.copies else audit
