"""Screening: rules judged over many reports at once, as arrays, where the outcome is plain.

What is decided here is a rule that plainly passes, and one that plainly does not apply; a breach,
a blank, an inferred cell, whatever is not whole numbers, is left to `apply`, which looks at that
one report and builds the evidence. What is decided is what `apply` would say, place by place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from auditor.form import Form
from auditor.model import Result
from auditor.rulebook.apply import UNMET, idle_result, lacking, out_of_years, plain_result
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import Ready, RuleSet
from auditor.rulebook.truth import Columns, Truth, truth

if TYPE_CHECKING:
    import numpy as np

    from auditor.rulebook.truth import Table


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place of a rule as it is screened; of a group printed as one row, or of its children."""

    holds: Truth
    group: str
    undivided: bool


@dataclass(frozen=True, slots=True)
class _Screened:
    """One rule: its condition and its places, each None where arrays cannot tell."""

    ready: Ready
    when: Truth | None
    spots: tuple[_Spot, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """For every screened rule and report: whether all its places are plain, and how many pass."""

    plain: np.ndarray[Any, Any]
    passed: np.ndarray[Any, Any]


class Screen:
    """The rules for one form and year, ready to be asked of many reports."""

    def __init__(self, ready: Sequence[Ready]) -> None:
        columns = Columns()
        self._rules = [_screened(one, columns) for one in ready]
        self._columns = columns
        self.numeric = tuple(n for n, one in enumerate(self._rules) if one.spots)
        """The numbers of the rules whose places are screened as arrays."""

    def results(self, reports: Sequence[Facts]) -> list[list[Result | None]]:
        """For each report the results of all rules in their order, None where `apply` must look."""
        table = self.table(reports)
        verdicts = self.verdicts(table)
        asked = [_Asked.of(one, table) for one in self._rules]
        for row, number in enumerate(self.numeric):
            asked[number].plain = verdicts.plain[row].tolist()
            asked[number].passed = verdicts.passed[row].tolist()
        return [
            [one.result(number, facts) for one in asked] for number, facts in enumerate(reports)
        ]

    def table(self, reports: Sequence[Facts]) -> Table:
        """The numbers of reports as the arrays that `verdicts` looks at."""
        return self._columns.table(reports)

    def verdicts(self, table: Table, only: Sequence[int] | None = None) -> Verdicts:
        """The places of the screened rules, or of those given by number, over all reports."""
        import numpy as np

        numbers = self.numeric if only is None else only
        plain = np.empty((len(numbers), table.count), bool)
        passed = np.zeros((len(numbers), table.count), np.int32)
        for row, number in enumerate(numbers):
            plain[row] = True
            for spot in self._rules[number].spots:
                holds = spot.holds(table)
                sure = holds.value & holds.sure
                passed[row] += sure
                if spot.group and table.any_undivided:
                    sure = sure | ~(table.undivided(spot.group) == spot.undivided)
                elif spot.group and spot.undivided:
                    continue  # a row that no report has printed so
                plain[row] &= sure
        return Verdicts(plain, passed)


@lru_cache(maxsize=64)
def screen_of(rules: RuleSet, form: Form, period: int | None) -> Screen:
    """The rules for reports of this form and year."""
    return Screen(prepare(rules, form, period))


def _screened(ready: Ready, columns: Columns) -> _Screened:
    when = truth(ready.when.node, ready.when.scope, columns) if ready.when is not None else None
    spots: list[_Spot] = []
    for place, formula in ready.check.spots:
        holds = truth(formula.node, formula.scope, columns)
        if holds is None:
            return _Screened(ready, when, ())
        row = place.row
        spots.append(_Spot(holds, row.group if row else "", bool(row and row.undivided)))
    return _Screened(ready, when, tuple(spots))


@dataclass(slots=True)
class _Asked:
    """One rule with what the arrays say of every report."""

    ready: Ready
    applies: Sequence[bool | None] | None
    plain: Sequence[bool] | None = None
    passed: Sequence[int] = ()

    @classmethod
    def of(cls, one: _Screened, table: Table) -> _Asked:
        """The rule with its condition, where arrays can tell it."""
        if one.when is None:
            return cls(one.ready, None)
        holds = one.when(table)
        pairs = zip(holds.value.tolist(), holds.sure.tolist(), strict=True)
        return cls(one.ready, [value if sure else None for value, sure in pairs])

    def result(self, number: int, facts: Facts) -> Result | None:
        """The result of a report, None where `apply` must look."""
        ready = self.ready
        reason = out_of_years(ready.rule, facts) or lacking(ready, facts)
        if reason is not None:
            return idle_result(ready, reason)
        applies = True if self.applies is None else self.applies[number]
        if applies is False:
            return idle_result(ready, UNMET)
        places = self._places(number, facts)
        if places is None or applies is None:
            return None
        if self.applies is None and ready.when is not None:
            held = ready.when.value(facts)
            if held is not True:
                return idle_result(ready, UNMET) if held is False else None
        return plain_result(ready, places)

    def _places(self, number: int, facts: Facts) -> int | None:
        """How many places pass, if all of them plainly do."""
        if self.plain is not None:
            return self.passed[number] if self.plain[number] else None
        glance = self.ready.check.glance
        return None if glance is None else glance(facts)
