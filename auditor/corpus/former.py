"""An audit that was made by other rules: which of its results still hold, and whether all do."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from auditor.corpus.judged import OUTCOMES, Order, order_of_plain, results_of
from auditor.corpus.keys import logic_keys, rule_keys
from auditor.corpus.plain import decode, loads
from auditor.model import Derived, Diagnosis, Result
from auditor.rulebook.apply import apply
from auditor.rulebook.facts import Facts
from auditor.rulebook.rule import Ready, RuleSet


class Change(NamedTuple):
    """The places of the rules that are not as they were; `alike` where all stand as before.

    `alike`: the same rules in the same order, none of the changed ones hiding anything.
    `words`: whatever has changed finds the same in the same places, and only words it otherwise.
    """

    places: tuple[int, ...]
    alike: bool
    words: bool


@dataclass(frozen=True, slots=True)
class Before:
    """Rules that judged before: their order, the key of each, the key of what each looks for."""

    order: Order
    keys: Mapping[str, bytes]
    logic: Mapping[str, bytes]

    def change(self, ready: Sequence[Ready], order: Order, rules: RuleSet) -> Change:
        """What is different in the rules of today."""
        now, logic = rule_keys(rules), logic_keys(rules)
        places = tuple(n for n, one in enumerate(ready) if not self.same(one.rule.id, now))
        stand = order.rules == self.order.rules
        alike = stand and not any(ready[n].rule.mask for n in places)
        return Change(places, alike, alike and self.logic == logic)

    def same(self, rule: str, now: Mapping[str, bytes]) -> bool:
        """Whether a rule is as it was."""
        key = self.keys.get(rule)
        return key is not None and now.get(rule) == key


def before_of(data: bytes) -> Before:
    """The rules that were kept with audits. Raises what damage to the bytes comes to."""
    order, keys, logic = loads(data)
    return Before(order_of_plain(order), keys, logic)


@dataclass(frozen=True, slots=True)
class Former:
    """One audit of before: `value` as it was kept."""

    before: Before
    value: tuple[Any, ...]

    def results(self, now: Mapping[str, bytes]) -> dict[str, Result]:
        """The results of the rules that are as they were."""
        results = results_of(self.value[0], self.before.order)
        return {one.rule: one for one in results if self.before.same(one.rule, now)}

    def with_changed(
        self, change: Change, ready: Sequence[Ready], facts: Facts, now: Mapping[str, bytes]
    ) -> tuple[Result, ...]:
        """All results: those of the changed rules made anew, the others as they were."""
        same, anew = self.results(now), frozenset(change.places)
        return tuple(
            apply(one, facts) if place in anew else same[one.rule.id]
            for place, one in enumerate(ready)
        )

    def holds(self, change: Change, ready: Sequence[Ready], facts: Facts) -> bool:
        """Whether the audit is what judging by the rules of today would give.

        It is where the same rules stand in the same order, what has changed passes or does not
        apply as before (then its severity has no effect), and nothing was, or could be, said of
        which cell is wrong or missing.
        """
        if not change.alike or not self._is_quiet(facts):
            return False
        codes, passed, why, said, odd = self.value[0]
        counts = array("I")
        counts.frombytes(passed)
        for place in change.places:
            result = apply(ready[place], facts)
            told = said[why[place] - 1][0] if why[place] else None
            was = (OUTCOMES[codes[place]], counts[place], told)
            reason = result.reason.zh if result.reason is not None else None
            if place in odd or result.findings or was != (result.outcome, result.passed, reason):
                return False
        return True

    def stays_silent(self, change: Change) -> bool:
        """Whether the audit is the same whatever the report is: what has changed looks for the
        same as before, and found nothing here. Then no word of it stands anywhere, and its
        severity has no effect; what is said of wrong cells names rules only by their ids."""
        *_, odd = self.value[0]
        return change.words and self.whole() and not any(place in odd for place in change.places)

    def diagnosed(self) -> tuple[tuple[Diagnosis, ...], tuple[Derived, ...]]:
        """What was said of which cells are wrong and what blanks must be."""
        _, _, diagnoses, derived, *_ = self.value
        return decode(diagnoses), decode(derived)

    def whole(self) -> bool:
        """Whether the audit lies here with nothing put in the place of its report or its rules."""
        *_, masked, rules = self.value
        return masked is None and rules is None

    def _is_quiet(self, facts: Facts) -> bool:
        """Whether nothing was said of wrong cells, nothing hidden, and every cell was read."""
        if not self.whole() or any(self.diagnosed()):
            return False
        return all(field.path in facts.values for field in facts.form.required_fields)


# ---- reports that are not opened -----------------------------------------------------------------


class UnopenedError(Exception):
    """A rule asked of a report that was not opened for it."""


class _Sealed(Mapping[str, Any]):
    """The facts of a report that was not opened: none can be looked at."""

    def __getitem__(self, path: str) -> Any:
        raise UnopenedError(path)

    def __iter__(self) -> Iterator[str]:
        raise UnopenedError

    def __len__(self) -> int:
        raise UnopenedError

    def __contains__(self, path: object) -> bool:
        raise UnopenedError


class _Unopened:
    """A report that is there, of which nothing else is known; it may be passed around."""

    values = _Sealed()
    undivided: frozenset[str] = frozenset()

    @property
    def prior(self) -> _Unopened:
        """Whether there is one is not known: whoever looks at it is stopped there."""
        return self

    def lookup(self, path: str) -> Any:
        """No fact can be looked at."""
        raise UnopenedError(path)

    def __getattr__(self, name: str) -> Any:
        raise UnopenedError(name)


UNOPENED = cast(Facts, _Unopened())
"""Stands for a report beside the one that is judged. A rule that looks at it raises
UnopenedError; one that does not comes out the same, whatever is in it."""
