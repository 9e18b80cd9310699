"""What assert and forbid share: their expression at every place, node by node."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Result
from auditor.rulebook.apply import fingerprint
from auditor.rulebook.facts import Facts
from auditor.rulebook.holding import Spot, applies, spots_of
from auditor.rulebook.tree import UNKNOWN
from auditor.workbench.ground import Ground
from auditor.workbench.steps import Step
from auditor.workbench.unfolding import Unfolding


def unfold(ground: Ground, facts: Facts, result: Result, *, wanted: bool) -> Iterator[Step]:
    """One step for each place; a row that the document does not print so is none."""
    found = {f.fingerprint: f.outcome for f in result.findings}
    for spot in spots_of(ground.job, wanted=wanted):
        if applies(spot.place, facts):
            outcome = found.get(fingerprint(ground.rule.id, spot.place.key), "")
            yield _place(ground, facts, spot, str(outcome))


def _place(ground: Ground, facts: Facts, spot: Spot, outcome: str) -> Step:
    tree = unfolded(ground, facts, spot)
    if not outcome:
        value = spot.judged.explain(facts).value
        outcome = "skipped" if value is UNKNOWN else "pass"
    said = spot.place.said.inside(ground.words.lang) or ground.words("step.whole")
    return Step(said, spot.formula.working(facts), outcome, steps=(tree,))


def unfolded(ground: Ground, facts: Facts, spot: Spot) -> Step:
    """The expression at one place as a tree."""
    formula = spot.formula
    wording = ground.wording(str(ground.rule.body), formula.scope)
    return Unfolding(formula, facts, formula.sight(facts), wording).tree()
