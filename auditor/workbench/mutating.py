"""`rules mutate`: which mutants of the rules their own examples tell from the rules."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.errors import RulesError
from auditor.form import Form
from auditor.rulebook.apply import apply
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import applies_to, prepare
from auditor.rulebook.rule import Ready, Rule, RuleSet, Threshold
from auditor.workbench.mutants import Mutant, mutants
from auditor.workbench.sense import equivalent
from auditor.workbench.trials import Trial, trials


@dataclass(frozen=True, eq=False)
class Fate:
    """What became of a mutant: killed by a trial, equivalent to its rule, or neither."""

    mutant: Mutant
    killer: Trial | None = None
    equal: bool = False

    @property
    def survives(self) -> bool:
        """Whether no example tells the mutant from its rule, and one could."""
        return self.killer is None and not self.equal


def score(fates: Sequence[Fate]) -> float:
    """Killed of all that could be, in a hundred."""
    counted = [fate for fate in fates if not fate.equal]
    killed = sum(not fate.survives for fate in counted)
    return 100.0 if not counted else 100 * killed / len(counted)


def fates(
    rules: RuleSet, forms: Sequence[Form], *, share: float = 1.0, seed: int = 0,
    only: Sequence[str] = (),
) -> Iterator[Fate]:  # fmt: skip
    """The fate of every mutant of the set's own rules, or of a share that the seed chooses.

    Mutants that cannot be prepared are no rules and are left out.
    """
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    own = [form for form in forms if form.id in rules.forms]
    tried = trials(rules, own)
    for rule in rules.own:
        if only and rule.id not in only:
            continue
        for mutant in mutants(rule, rules, own):
            if share < 1 and chance.random() >= share:
                continue
            fate = _fate(mutant, tried[rule.id], rules, own)
            if fate is not None:
                yield fate


def _fate(
    mutant: Mutant, tried: Sequence[Trial], rules: RuleSet, forms: Sequence[Form]
) -> Fate | None:
    maker = Maker(mutant.rule, rules, mutant.thresholds)
    if not maker.possible(forms):
        return None
    for trial in tried:
        ready = maker.ready(trial.form, trial.facts)
        if ready is not None and trial.refutes(apply(ready, trial.facts)):
            return Fate(mutant, trial)
    return Fate(mutant, equal=equivalent(mutant, rules, forms))


class Maker:
    """One rule, prepared for forms and years when it is first asked."""

    def __init__(
        self, rule: Rule, rules: RuleSet, thresholds: Mapping[str, Threshold] | None
    ) -> None:
        changed = rules.thresholds if thresholds is None else thresholds
        self._rules = replace(rules, rules=(rule,), thresholds=changed, authors={
            rule.file: rules.authors[rule.file]})  # fmt: skip
        self._ready: dict[tuple[str, int | None], Ready | None] = {}

    def possible(self, forms: Sequence[Form]) -> bool:
        """Whether it is a rule at all."""
        rule = self._rules.rules[0]
        mine = [form for form in forms if applies_to(rule, form, self._rules)]
        return any(self._prepared(form, None) is not None for form in mine)

    def ready(self, form: Form, facts: Facts) -> Ready | None:
        """The rule for a report; None where it is none."""
        return self._prepared(form, facts.period)

    def _prepared(self, form: Form, period: int | None) -> Ready | None:
        key = (form.id, period)
        if key not in self._ready:
            try:
                found = prepare(self._rules, form, period)
            except RulesError:
                found = ()
            self._ready[key] = found[0] if found else None
        return self._ready[key]
