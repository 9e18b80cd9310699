"""Clean reports grown from the rules alone: random figures that satisfy every rule of a set.

Nothing is known of the form's meaning. A figure is put into a cell, and what that breaks is
balanced by figures in other cells, until every sum and every inequality holds again; then another
one. Which rows and columns are busy differs from report to report, as it does among real ones.
There is no narrative: what is measured with these reports is what the tables show by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import lcm
from random import Random

from auditor.form import Form
from auditor.judging.evaluate import evaluate
from auditor.model import Outcome, Value
from auditor.rulebook.examples import valid
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import prepare
from auditor.rulebook.relations import EQUAL, Relation, relations
from auditor.rulebook.rule import Ready, RuleSet

_DECIDED = (Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.REVIEW)
_FLOWS = (4, 14)
_STEPS = 60
_LARGEST = 100_000


@dataclass(frozen=True)
class _Row:
    """A relation over this year's cells in whole numbers; an inequality may be below 0."""

    terms: tuple[tuple[str, int], ...]
    constant: int
    equal: bool

    def excess(self, values: dict[str, int]) -> int:
        """By how much it fails: 0 where it holds."""
        total = self.constant + sum(x * values[path] for path, x in self.terms)
        return total if self.equal or total > 0 else 0


class Garden:
    """What reports of one form are grown from; the same seed gives the same reports."""

    def __init__(self, rules: RuleSet, form: Form) -> None:
        self.form = form
        every = prepare(rules, form, valid(form).period)
        self._base = _without_texts(valid(form))
        # What fails or is open on the form's own example without narrative says nothing of figures.
        useless = {r.rule for r in evaluate(every, self._base) if r.outcome not in _DECIDED}
        self.ready: tuple[Ready, ...] = tuple(r for r in every if r.rule.id not in useless)
        firm = [r for r in relations(rules, form).found if not r.review]
        self._rows = [_row(r) for r in firm if not any(dated for (_, dated), _ in r.terms)]
        self._cells = [f.path for f in form.required_fields if f.kind == "count"]
        known = set(self._cells)
        self._rows = [row for row in self._rows if {path for path, _ in row.terms} <= known]
        self._of_cell: dict[str, list[int]] = {path: [] for path in self._cells}
        for n, row in enumerate(self._rows):
            for path, _ in row.terms:
                self._of_cell[path].append(n)

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells that hold a count, in the form's order."""
        return tuple(self._cells)

    def grow(self, random: Random) -> Facts:
        """One report without a fault."""
        values = dict.fromkeys(self._cells, 0)
        liking = self._liking(random)
        for table in self.form.tables:
            own = [path for path in self._cells if self.form.fields[path].table == table.key]
            for _ in range(random.randint(*_FLOWS) if own else 0):
                seed = random.choices(own, [liking[path] for path in own])[0]
                new = self._balanced(values, seed, _figure(random), liking, random)
                if new is not values and self.clean(self.facts(new)):
                    values = new
        return self.facts(values)

    def clean(self, facts: Facts) -> bool:
        """Whether no rule fails."""
        return not any(r.outcome is Outcome.FAIL for r in evaluate(self.ready, facts))

    def facts(self, counts: dict[str, int]) -> Facts:
        """A report with these counts; all else is the form's example."""
        values: dict[str, Value] = {**self._base.values, **counts}
        return replace(self._base, values=values)

    def _liking(self, random: Random) -> dict[str, float]:
        """How readily figures go to a cell: by its row and its column, differently each time."""
        lines: dict[tuple[str, str], float] = {}
        found = {}
        for path in self._cells:
            field = self.form.fields[path]
            row = lines.setdefault((field.table, field.row), random.lognormvariate(0, 1.3))
            column = lines.setdefault((field.table, field.key), random.lognormvariate(0, 1.6))
            found[path] = row * column
        return found

    def _balanced(
        self, values: dict[str, int], seed: str, figure: int, liking: dict[str, float],
        random: Random,
    ) -> dict[str, int]:  # fmt: skip
        """The values with a figure added and balanced; as they were if that does not come off."""
        new = dict(values)
        new[seed] += figure
        failing = {n for n in self._of_cell[seed] if self._rows[n].excess(new)}
        for _ in range(_STEPS):
            if not failing:
                return new
            row = self._rows[random.choice(sorted(failing))]
            step = self._step(row, new, failing, liking, random)
            if step is None:
                return values
            path, by = step
            new[path] += by
            for n in self._of_cell[path]:
                failing.discard(n)
                if self._rows[n].excess(new):
                    failing.add(n)
        return new if not failing else values

    def _step(
        self, row: _Row, values: dict[str, int], failing: set[int], liking: dict[str, float],
        random: Random,
    ) -> tuple[str, int] | None:  # fmt: skip
        """A cell to add to, and how much: the one after which fewest relations fail."""
        excess = row.excess(values)
        best: list[tuple[str, int]] = []
        least = len(self._rows) + 1
        for path, x in row.terms:
            if x * excess >= 0 or (excess % x and row.equal):
                continue
            by = -(-abs(excess) // abs(x))
            if values[path] + by > _LARGEST:
                continue
            after = self._failing_after(path, by, values, failing)
            if after < least:
                best, least = [], after
            if after == least:
                best.append((path, by))
        return random.choices(best, [liking[path] for path, _ in best])[0] if best else None

    def _failing_after(self, path: str, by: int, values: dict[str, int], failing: set[int]) -> int:
        changed = {**values, path: values[path] + by}
        mine = self._of_cell[path]
        return len(failing - set(mine)) + sum(self._rows[n].excess(changed) != 0 for n in mine)


def _without_texts(facts: Facts) -> Facts:
    """The same without narrative: rules about it are open."""
    kept = {path: value for path, value in facts.values.items() if not path.endswith(".text")}
    return replace(facts, values=kept)


def _row(relation: Relation) -> _Row:
    scale = lcm(relation.constant.denominator, *(x.denominator for _, x in relation.terms))
    terms = tuple((path, int(x * scale)) for (path, _), x in relation.terms)
    return _Row(terms, int(relation.constant * scale), relation.op == EQUAL)


def _figure(random: Random) -> int:
    """A figure as they occur: most are small, a few are large."""
    return random.choice((1, 1, 1, 2, 2, 3, 5, 8, random.randint(10, 60), random.randint(60, 900)))


def grown(garden: Garden, count: int, random: Random) -> Sequence[Facts]:
    """So many clean reports."""
    return [garden.grow(random) for _ in range(count)]
