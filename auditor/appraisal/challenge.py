"""How a rule set does: slips put into clean reports, and what is detected and pinned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from auditor.appraisal.growing import Garden
from auditor.appraisal.slips import KINDS, slip
from auditor.form import Form
from auditor.judging.diagnose import diagnose
from auditor.judging.evaluate import evaluate
from auditor.model import Diagnosis, Outcome, Value
from auditor.rulebook.facts import Facts
from auditor.rulebook.rule import RuleSet

MEASURES = ("detected", "first", "pinned", "misled")
_REPORTS = 24


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried: so many slips a report, of which kinds, how often, from which seed.

    With `each` every cell gets that many trials; `trials` then does not matter.
    """

    slips: int = 1
    kinds: tuple[str, ...] = tuple(KINDS)
    trials: int = 1000
    each: int = 0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """One report with its slips (path → truth), and what became of it.

    `detected`: a rule fails. `first`: the first repairs are the truth. `pinned` and `misled`:
    they are called very likely, and are or are not.
    """

    true: Mapping[str, int]
    kinds: tuple[str, ...]
    detected: bool
    first: bool
    pinned: bool
    misled: bool


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of so many trials came out how."""

    trials: int
    counts: Mapping[str, int]

    def share(self, measure: str) -> float:
        """Between 0 and 1; 0 where nothing was tried."""
        return self.counts[measure] / self.trials if self.trials else 0.0


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The trials on one form, and their shares over all, by table, by kind and by cell.

    Trials whose slips fall into several tables, or are of several kinds, count under each.
    """

    form: Form
    plan: Plan
    trials: tuple[Trial, ...]

    @property
    def total(self) -> Shares:
        """All trials."""
        return _shares(self.trials)

    def by_table(self) -> dict[str, Shares]:
        """By the key of the table."""
        order = [table.key for table in self.form.tables]
        found = self._by(lambda t: {self.form.fields[path].table for path in t.true})
        return {key: found[key] for key in order if key in found}

    def by_kind(self) -> dict[str, Shares]:
        """By the kind of slip."""
        found = self._by(lambda t: set(t.kinds))
        return {kind: found[kind] for kind in KINDS if kind in found}

    def by_cell(self) -> dict[str, Shares]:
        """By the cell that slipped."""
        return self._by(lambda t: set(t.true))

    def _by(self, keys: Callable[[Trial], set[str]]) -> dict[str, Shares]:
        parts: dict[str, list[Trial]] = {}
        for trial in self.trials:
            for key in keys(trial):
                parts.setdefault(key, []).append(trial)
        return {key: _shares(part) for key, part in parts.items()}


def _shares(trials: Sequence[Trial]) -> Shares:
    counts = Counter(m for trial in trials for m in MEASURES if getattr(trial, m))
    return Shares(len(trials), {m: counts[m] for m in MEASURES})


def challenge(rules: RuleSet, form: Form, plan: Plan) -> Outcomes:
    """Try it. The same seed gives the same outcomes."""
    random = Random(plan.seed)  # noqa: S311 - to be repeated, not to be secret
    garden = Garden(rules, form)
    reports = [garden.grow(random) for _ in range(_REPORTS)]
    trials = [
        trial
        for number, cells in enumerate(_cells(garden, plan, random))
        if (trial := _trial(rules, garden, reports[number % len(reports)], cells, plan, random))
    ]
    return Outcomes(form, plan, tuple(trials))


def _cells(garden: Garden, plan: Plan, random: Random) -> Iterator[list[str]]:
    """The cells that slip, trial by trial."""
    if not plan.each:
        for _ in range(plan.trials):
            yield random.sample(garden.cells, plan.slips)
        return
    for _ in range(plan.each):
        for path in garden.cells:
            others = [other for other in garden.cells if other != path]
            yield [path, *random.sample(others, plan.slips - 1)]


def _trial(
    rules: RuleSet, garden: Garden, report: Facts, cells: Iterable[str], plan: Plan, random: Random
) -> Trial | None:
    """One trial; None where no kind of slip changes a figure."""
    values: dict[str, Value] = dict(report.values)
    true: dict[str, int] = {}
    kinds = []
    for path in cells:
        stood = int(values[path])
        made = slip(random, stood, _beside(garden.form, path, report), plan.kinds)
        if made is None:
            return None
        kind, values[path] = made
        true[path] = stood
        kinds.append(kind)
    wrong = replace(report, values=values)
    detected = any(r.outcome is Outcome.FAIL for r in evaluate(garden.ready, wrong))
    diagnoses, _ = diagnose(rules, wrong)
    return Trial(true, tuple(kinds), detected, **_judged(diagnoses, true))


def _beside(form: Form, path: str, report: Facts) -> list[int]:
    """The other counts of the same row, or of the same table where the row has none."""
    field = form.fields[path]
    rows = [f for f in form.rows[field.row].fields if f.path != path and f.kind == "count"]
    near = rows or [f for f in form.table(field.table).fields() if f.kind == "count"]
    return [int(report.values[f.path]) for f in near if f.path in report.values]


def _judged(diagnoses: Sequence[Diagnosis], true: Mapping[str, int]) -> dict[str, bool]:
    """Whether what is told first is the truth, and whether that is said with confidence."""
    first: dict[str, int] = {}
    sure, wrong = bool(diagnoses), False
    for one in diagnoses:
        if not one.repairs:
            sure, first = False, {}
            break
        best = one.repairs[0]
        told = {c.path: c.would_be for c in best.cells}
        first |= told
        sure = sure and best.band == "likely"
        wrong = wrong or (best.band == "likely" and not told.items() <= true.items())
    right = bool(first) and first == dict(true)
    return {"first": right, "pinned": right and sure, "misled": wrong}
