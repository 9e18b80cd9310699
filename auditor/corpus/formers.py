"""What was kept of audits by other rules, and what of it still holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from auditor.corpus.asked import asked_by
from auditor.corpus.former import UNOPENED, Before, Change, Former, UnopenedError, before_of
from auditor.corpus.judged import audit_plain, order_of, order_plain
from auditor.corpus.kept import Kept
from auditor.corpus.keys import digest, logic_keys, rule_keys
from auditor.corpus.plain import DamagedError, dumps, loads
from auditor.corpus.ties import Ties
from auditor.model import Derived, Diagnosis, Result
from auditor.pipeline import Bound, Settings, concluded, form_called, form_of
from auditor.rulebook.facts import DRAFT, PAGE_DATE, Facts, Peers, facts_of
from auditor.rulebook.prepare import prepare
from auditor.verdict import tally_of

_TRIES = 20  # reports of which a changed rule may want to see others


class Value(NamedTuple):
    """What is kept of an audit: by which rules, of which form, whether nothing of it was hidden,
    itself."""

    rules: bytes
    form: str
    clean: bool
    tally: tuple[Any, ...]
    entry: bytes


def value_of(data: bytes | None) -> Value | None:
    """What was kept of an audit; None where there is nothing, or something else."""
    try:
        return Value(*loads(data)) if data is not None else None
    except (DamagedError, TypeError):
        return None


class Editions:
    """The settings of a run with the edition of the rules for a year, and the key of its rules."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._known: dict[int | None, tuple[Settings, bytes]] = {}

    def at(self, period: int | None) -> tuple[Settings, bytes]:
        """Those for reports of that year."""
        found = self._known.get(period)
        if found is None:
            settings = self.settings.at(period)
            key = digest(list(rule_keys(settings.rules).items()))
            found = self._known[period] = (settings, key)
        return found


class Changed(NamedTuple):
    """Which rules are others now; `alone` where they ask nothing that comparing reports gives."""

    rules: Change
    alone: bool


class Formers:
    """Audits by other rules, as they were kept; `frame` is the key of all but the rules."""

    def __init__(self, frame: bytes, editions: Editions, kept: Kept | None) -> None:
        self._frame = frame
        self._editions = editions
        self._kept = kept
        self._before: dict[bytes, Before] = {}
        self._changed: dict[tuple[bytes, bytes], Changed] = {}
        self._written: set[bytes] = set()
        self._tries: Counter[tuple[bytes, bytes]] = Counter()
        self._keys: dict[tuple[bytes, str, int | None], bytes] = {}

    def find(self, known: Value | None, period: int | None) -> Former | None:
        """One of them. None where anything was hidden or waived: what was kept is then no longer
        what the rules saw."""
        settings, _ = self._editions.at(period)
        if self._kept is None or known is None or not known.clean or settings.waivers:
            return None
        key = self._key(known.rules, known.form, period)
        try:
            if key not in self._before:
                self._before[key] = before_of(self._kept.fetch([key])[key])
            return Former(self._before[key], loads(known.entry))
        except (KeyError, IndexError, TypeError, ValueError, DamagedError):
            return None

    def change(self, known: Value, period: int | None, former: Former) -> Changed:
        """What is different now for reports of this form and year."""
        settings, edition = self._editions.at(period)
        key = self._key(known.rules, known.form, period), edition
        if key not in self._changed:
            form, rules = form_called(known.form, settings), settings.rules
            ready = prepare(rules, form, period)
            order = order_of(rules, form, period)
            change = former.before.change(ready, order, rules)
            asked = asked_by((ready[n].rule for n in change.places), settings.forms)
            others = asked - {DRAFT, PAGE_DATE}  # which the run and the report itself tell
            self._changed[key] = Changed(change, change.alike and not others)
        return self._changed[key]

    def unmoved(self, known: Value, period: int | None, former: Former) -> Value | None:
        """The same audit by the rules of today, where that can be told without its report."""
        if former.stays_silent(self.change(known, period, former).rules):
            return known._replace(rules=self._editions.at(period)[1])
        return None

    def still(
        self, known: Value, former: Former, bound: Bound, ties: Ties, peers: Peers | None
    ) -> Value | None:
        """The same audit by the rules of today, where what has changed looks at it alone.

        Neither last year's report nor any other is opened, and nothing is compared.
        """
        changed = self.change(known, bound.report.period, former)
        if not changed.alone:
            return None
        report = bound.report
        settings, edition = self._editions.at(report.period)
        form = form_of(report, settings)
        facts = facts_of(
            report, form, None if ties.prior is None else UNOPENED,
            beside={DRAFT: True} if settings.draft else {},
            units=(UNOPENED,) * len(ties.units or ()), peers=peers,
        )  # fmt: skip
        ready = prepare(settings.rules, form, report.period)
        try:
            if former.holds(changed.rules, ready, facts):
                return known._replace(rules=edition)
        except UnopenedError:
            self._looked(known, report.period)
            return None
        if not (changed.rules.words and former.whole()):
            return None
        with suppress(UnopenedError):  # what is found may rest on other reports, too
            results = former.with_changed(changed.rules, ready, facts, rule_keys(settings.rules))
            return self._again(bound, facts, results, former)
        return None

    def _again(
        self, bound: Bound, facts: Facts, results: tuple[Result, ...], former: Former
    ) -> Value:
        """An audit of results that are known, with what was said of wrong cells."""
        settings, edition = self._editions.at(bound.report.period)
        audit = concluded(bound, settings, facts, results, (), former.diagnosed())
        entry = dumps(audit_plain(audit, bound.report, self._editions.settings))
        return Value(edition, bound.report.form, True, tuple(tally_of(audit)), entry)

    def _looked(self, known: Value, period: int | None) -> None:
        """A changed rule looked at another report; where that is usual no more are tried."""
        key = self._key(known.rules, known.form, period), self._editions.at(period)[1]
        self._tries[key] += 1
        if self._tries[key] >= _TRIES:
            self._changed[key] = self._changed[key]._replace(alone=False)

    def diagnosed(
        self, known: Value | None, bound: Bound, former: Former | None
    ) -> tuple[tuple[Diagnosis, ...], tuple[Derived, ...]] | None:
        """The diagnosis of before, where the rules of today look for the same; else None."""
        if known is None or former is None or not former.whole():
            return None
        change = self.change(known, bound.report.period, former).rules
        return former.diagnosed() if change.words else None

    def order(self, form: str, period: int | None) -> Mapping[bytes, bytes]:
        """With which rules, in which order, audits of this form and year are made: to be kept."""
        settings, edition = self._editions.at(period)
        key = self._key(edition, form, period)
        if key in self._written:
            return {}
        self._written.add(key)
        order = order_of(settings.rules, form_called(form, settings), period)
        rules = settings.rules
        return {key: dumps((order_plain(order), dict(rule_keys(rules)), dict(logic_keys(rules))))}

    def _key(self, rules: bytes, form: str, period: int | None) -> bytes:
        """The key of rules for reports of one form and year; it is asked for at every report."""
        of = rules, form, period
        if of not in self._keys:
            self._keys[of] = digest(b"order", self._frame, *of)
        return self._keys[of]
