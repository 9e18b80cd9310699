"""An audit that was made by other rules: which of its results still hold, and whether all do."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.corpus.judged import Order, order_of_plain, results_of
from auditor.corpus.plain import decode, loads
from auditor.model import Outcome, Result
from auditor.rulebook.apply import apply
from auditor.rulebook.facts import Facts
from auditor.rulebook.rule import Ready


@dataclass(frozen=True, slots=True)
class Before:
    """Rules that judged before: their order, and the key of each."""

    order: Order
    keys: Mapping[str, bytes]


def before_of(data: bytes) -> Before:
    """The rules that were kept with audits. Raises what damage to the bytes comes to."""
    order, keys = loads(data)
    return Before(order_of_plain(order), keys)


@dataclass(frozen=True, slots=True)
class Former:
    """One audit of before: `value` as it was kept, `now` the keys of the rules of today."""

    before: Before
    value: tuple[Any, ...]
    now: Mapping[str, bytes]

    def results(self) -> dict[str, Result]:
        """The results of the rules that are as they were."""
        results = results_of(self.value[0], self.before.order)
        return {one.rule: one for one in results if self._same(one.rule)}

    def _same(self, rule: str) -> bool:
        key = self.before.keys.get(rule)
        return key is not None and self.now.get(rule) == key

    def holds(self, ready: Sequence[Ready], order: Order, facts: Facts) -> bool:
        """Whether the audit is what judging by the rules of today would give.

        It is where the same rules stand in the same order, what has changed passes or does not
        apply as before, and nothing was, or could be, said of which cell is wrong or missing.
        """
        before = self.before.order
        if (order.rules, order.severities) != (before.rules, before.severities):
            return False
        if not self._is_quiet(facts):
            return False
        changed = [n for n, one in enumerate(ready) if not self._same(one.rule.id)]
        if any(ready[n].rule.mask for n in changed):
            return False
        codes, passed, why, said, odd = self.value[0]
        counts = array("I")
        counts.frombytes(passed)
        for place in changed:
            result = apply(ready[place], facts)
            told = said[why[place] - 1][0] if why[place] else None
            was = (tuple(Outcome)[codes[place]], counts[place], told)
            reason = result.reason.zh if result.reason is not None else None
            if place in odd or result.findings or was != (result.outcome, result.passed, reason):
                return False
        return True

    def _is_quiet(self, facts: Facts) -> bool:
        """Whether nothing was said of wrong cells, nothing hidden, and every cell was read."""
        _, _, diagnoses, derived, _, _, masked, rules = self.value
        if masked is not None or rules is not None or decode(diagnoses) or decode(derived):
            return False
        return all(field.path in facts.values for field in facts.form.required_fields)
