"""Bound reports with their company → audits: judged now, or known from before.

What an audit depends on is told by two keys. The first is of all that it was put beside, and is
known before any report is opened: where it is met, nothing is done. The second is of what came of
that (which facts comparing gave): another report in the folder often changes nothing for this one.
Where only some rules have changed, only those are judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from auditor.corpus.asked import asked_beside
from auditor.corpus.batch import guarded
from auditor.corpus.bodies import Bodies
from auditor.corpus.company import Library, company_of
from auditor.corpus.depends import Trial, came_of_it, put_beside
from auditor.corpus.former import Former
from auditor.corpus.formers import Editions, Formers, Value, value_of
from auditor.corpus.judged import audit_plain
from auditor.corpus.kept import Kept
from auditor.corpus.keys import digest, judging_key, rule_keys
from auditor.corpus.likeness import Comparing
from auditor.corpus.naming import Names
from auditor.corpus.plain import dumps, encode
from auditor.corpus.shelf import PackShelf, Ref
from auditor.corpus.ties import Group, Ties
from auditor.model import Audit, Refusal, Result
from auditor.pipeline import (
    Bound,
    Company,
    Settings,
    concluded,
    facts_for,
    hidden_in,
    judge,
)
from auditor.rulebook.apply import apply
from auditor.rulebook.facts import Facts, Peers
from auditor.rulebook.prepare import prepare
from auditor.rulebook.screen import screen_of
from auditor.verdict import tally_of

_AT_ONCE = 128  # reports that are screened together


@dataclass(frozen=True, slots=True)
class Told:
    """What all judging of a run shares; `key` is of it and of the run's settings."""

    known: Bodies
    names: Names
    figures: Mapping[Group, dict[object, Any]]
    key: bytes


class Judgement(NamedTuple):
    """What became of one report: its tally and its audit as it lies in a pack, or faults."""

    tally: tuple[Any, ...] | None
    entry: bytes
    faults: tuple[Refusal, ...] = ()


@dataclass(slots=True)
class _Case:
    """One report on its way to a judgement: what it is judged beside, and what is known of it."""

    number: int
    first: bytes
    second: bytes
    bound: Bound
    company: Company
    known: Value | None
    faults: list[Refusal]
    settings: Settings
    edition: bytes
    facts: Facts | None = None
    former: Former | None = None
    plain: Sequence[Result | None] = ()


class Judge:
    """Judges reports for one run. What was kept is used, and what is new is kept."""

    def __init__(
        self, settings: Settings, shelf: PackShelf, how: Comparing, kept: Kept | None, told: Told
    ) -> None:
        self._settings = settings
        self._shelf = shelf
        self._kept = kept
        self._told = told
        peers = {group: Peers(NOBODY, dict(memo)) for group, memo in told.figures.items()}
        self._library = Library(shelf, settings, told.known, told.names, how, peers)
        self._figures = {g: digest(list(memo.items())) for g, memo in told.figures.items()}
        self._frame = judging_key(settings)
        self._editions = Editions(settings)
        self._formers = Formers(self._frame, self._editions, kept)
        every = (settings.rules, *settings.editions)
        self._asked = frozenset[str]().union(*(asked_beside(r, settings.forms) for r in every))

    def judge(
        self, trials: Sequence[Trial], refs: Mapping[int, Ref], at: Callable[[int], None]
    ) -> list[Judgement]:
        """Some reports judged; `at` is told the number in the list of the one at hand."""
        self._shelf.refs = refs
        self._library.forget()
        fast = [
            put_beside(self._told.key, trial, refs, self._group(trial.ties)) for trial in trials
        ]
        second = self._fetch(fast)
        known = self._fetch(list(second.values()))
        new: dict[bytes, bytes] = {}
        found: dict[int, Judgement] = {}
        left: list[tuple[int, bytes, Value | None]] = []
        for number, first in enumerate(fast):
            value = value_of(known.get(second.get(first, b"")))
            if value is None or value.rules != self._editions.at(trials[number].period)[1]:
                left.append((number, first, value))
            else:
                found[number] = Judgement(value.tally, value.entry)
        for begin in range(0, len(left), _AT_ONCE):
            self._judge_some(left[begin : begin + _AT_ONCE], trials, refs, at, second, found, new)
        if self._kept is not None:
            self._kept.keep(new)
        return [found[number] for number in range(len(trials))]

    def _judge_some(
        self,
        some: Sequence[tuple[int, bytes, Value | None]],
        trials: Sequence[Trial],
        refs: Mapping[int, Ref],
        at: Callable[[int], None],
        seconds: Mapping[bytes, bytes],
        found: dict[int, Judgement],
        new: dict[bytes, bytes],
    ) -> None:
        """Reports that are not known by what they were put beside."""
        cases: list[_Case] = []
        for number, first, value in some:
            at(number)
            still = guarded("", [], self._still, trials[number], value, new) if value else None
            if still is not None:
                found[number] = Judgement(still.tally, still.entry)
                new[seconds[first]] = dumps(tuple(still))
                continue
            case = self._beside(number, trials[number], first, value, refs)
            if isinstance(case, Judgement):
                found[number] = case
            else:
                cases.append(case)
        kept = self._fetch([case.second for case in cases])
        for case in cases:
            value = value_of(kept.get(case.second))
            case.known = value or case.known
            if case.known is not None and case.known.rules == case.edition:
                found[case.number] = Judgement(case.known.tally, case.known.entry)
                new[case.first] = case.second
        todo = [case for case in cases if case.number not in found]
        for case in todo:
            at(case.number)
            case.facts = guarded(case.bound.report.source, case.faults, facts_for,
                                 case.bound.report, self._settings, case.company)  # fmt: skip
            case.former = self._formers.find(case.known, case.bound.report.period)
        self._screen([c for c in todo if c.facts is not None and c.former is None])
        for case in todo:
            at(case.number)
            found[case.number] = self._one(case, new)

    def _fetch(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        return self._kept.fetch(keys) if self._kept is not None else {}

    def _still(self, trial: Trial, known: Value, new: dict[bytes, bytes]) -> Value | None:
        """What was kept by other rules, where it holds whatever the reports beside this one are."""
        ties, library = trial.ties, self._library
        peers = library.peers.get(ties.group) if ties.group else None
        former = self._formers.find(known, trial.period)
        if former is None:
            return None
        still = self._formers.unmoved(known, trial.period, former)
        if still is None:
            bound = library.bound(trial.place)
            still = self._formers.still(known, former, bound, ties, peers)
        if still is not None:
            new |= self._formers.order(still.form, trial.period)
        return still

    def _group(self, ties: Ties) -> bytes | None:
        return self._figures.get(ties.group) if ties.group is not None else None

    # ---- one report ------------------------------------------------------------------------------

    def _beside(
        self,
        number: int,
        trial: Trial,
        first: bytes,
        known: Value | None,
        refs: Mapping[int, Ref],
    ) -> _Case | Judgement:
        """A report with its company; judged alone after a fault of ours in comparing."""
        faults = list[Refusal]()
        bound = self._library.bound(trial.place)
        source = bound.report.source
        company = guarded(
            source, faults, company_of, trial.place, trial.ties, trial.near, self._library
        )
        if company is None:
            audit = guarded(source, faults, judge, bound, self._settings)
            return self._told_of(audit, bound, faults)
        beside = (bound, company, self._asked, self._group(trial.ties))
        second = came_of_it(self._frame, trial, refs, *beside)
        settings, edition = self._editions.at(bound.report.period)
        return _Case(number, first, second, bound, company, known, faults, settings, edition)

    def _screen(self, cases: Sequence[_Case]) -> None:
        """The plain results of all rules, for reports of one form and year at a time."""
        groups: dict[tuple[str, int | None], list[_Case]] = {}
        for case in cases:
            assert case.facts is not None
            groups.setdefault((case.facts.form.id, case.facts.period), []).append(case)
        for members in groups.values():
            facts = [case.facts for case in members if case.facts is not None]
            rules = members[0].settings.rules
            screen = screen_of(rules, facts[0].form, facts[0].period)
            for case, plain in zip(members, screen.results(facts), strict=True):
                case.plain = plain

    def _one(self, case: _Case, new: dict[bytes, bytes]) -> Judgement:
        """One report judged, as far as it is not known; what is new of it goes into `new`."""
        facts, faults = case.facts, case.faults
        value = None
        if facts is not None:
            value = guarded(case.bound.report.source, faults, self._valued, case, facts)
        if value is None:
            return Judgement(None, b"", tuple(faults))
        new[case.second] = dumps(tuple(value))
        new[case.first] = case.second
        new |= self._formers.order(value.form, case.bound.report.period)
        return Judgement(value.tally, value.entry, tuple(faults))

    def _valued(self, case: _Case, facts: Facts) -> Value:
        """What is kept of the audit: that of before, where it still holds."""
        rules, former, known = case.settings.rules, case.former, case.known
        if former is not None and known is not None:
            ready = prepare(rules, facts.form, facts.period)
            change = self._formers.change(known, facts.period, former)
            if former.holds(change.rules, ready, facts):
                return known._replace(rules=case.edition)
        audit, clean = self._judged(case, facts)
        entry = dumps(audit_plain(audit, case.bound.report, self._settings))
        form = case.bound.report.form
        return Value(case.edition, form, clean, tuple(tally_of(audit)), entry)

    def _told_of(self, audit: Audit | None, bound: Bound, faults: Sequence[Refusal]) -> Judgement:
        if audit is None:
            return Judgement(None, b"", tuple(faults))
        entry = dumps(audit_plain(audit, bound.report, self._settings))
        return Judgement(tuple(tally_of(audit)), entry, tuple(faults))

    def _judged(self, case: _Case, facts: Facts) -> tuple[Audit, bool]:
        """The audit, and whether nothing of it is hidden."""
        settings = case.settings
        ready = prepare(settings.rules, facts.form, facts.period)
        now = rule_keys(settings.rules)
        same = case.former.results(now) if case.former is not None else {}
        plain = case.plain or (None,) * len(ready)
        results = tuple(
            same.get(one.rule.id) or known or apply(one, facts)
            for one, known in zip(ready, plain, strict=True)
        )
        secrets = hidden_in(results, ready, facts)
        told = self._formers.diagnosed(case.known, case.bound, case.former)
        return concluded(case.bound, settings, facts, results, secrets, told), not secrets


class _Nobody(Sequence[Facts]):
    """Peers of whom only figures are known: asking for anything else is a mistake of ours."""

    def __len__(self) -> int:
        return 0

    def __getitem__(self, at: Any) -> Any:
        raise AssertionError("a rule asks of peers what was not counted")

    def __iter__(self) -> Any:
        raise AssertionError("a rule asks of peers what was not counted")


NOBODY = _Nobody()


def faults_plain(faults: Sequence[Refusal]) -> tuple[Any, ...]:
    """Faults as plain values."""
    return tuple(encode(fault) for fault in faults)
