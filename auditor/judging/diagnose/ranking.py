"""Repairs in order of likelihood, in bands of words; and the one number to ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import exp, log

from auditor.errors import Said
from auditor.judging.diagnose.events import Event
from auditor.judging.diagnose.mechanisms import likeliest, likelihoods, misread
from auditor.judging.diagnose.repairs import Change as Changes
from auditor.judging.diagnose.resplit import SPLIT
from auditor.judging.diagnose.system import DOUBTFUL, System, source_of
from auditor.judging.diagnose.usual import Usual
from auditor.judging.diagnose.witness import Witness
from auditor.model import FOLLOWS, Change, Repair
from auditor.rulebook.facts import Facts
from auditor.rulebook.linear import Key

_SLIP = -5.3  # any one cell of 200 slips once in as many reports
_FROM_NOTHING = -0.5  # where 0 ought to stand seldom anything is typed
_EXCHANGE = -10.3  # two cells changed places: one slip
_EVENT = -9.0  # one paste that went wrong
_REREAD = -2.0  # the reader was in doubt: blame it before the author
_MISREAD = -2.0  # where that takes more than one digit misread
_FOLLOWING = -0.7  # a total that was summed up from the wrong figure
_HEARD, _MOST_HEARD = 3.0, 2  # what a rule on the text or on another figure adds or takes away
_ASKED = 6  # repairs that the other rules are asked about
_HABIT = 3.4  # where one total was surely left at 0, others were, too: thirty times as likely
_LIKELY, _POSSIBLE = 0.95, 0.8
"""The share of the first among all explanations from which on it has its band; see
benchmarks/localisation.py for what these come to."""
_EQUAL = 0.25  # of the weight of the first: what weighs as much cannot be told from it
_SURE = 2  # cells: a repair of more of them, and no event, is only possible
HABIT = "total-left-at-zero"
"""A mechanism that is a habit of whoever filled in the form."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A repair with the logarithm of how likely it is, up to a constant."""

    repair: Repair
    score: float


@dataclass(frozen=True, slots=True)
class Ranker:
    """What the repairs of one system are weighed by."""

    system: System
    facts: Facts
    usual: Usual
    habit: bool = False
    witness: Witness | None = None

    def ranked(self, changes: Sequence[Changes], happened: Sequence[Event]) -> tuple[Repair, ...]:
        """All repairs, the likeliest first, each with its band."""
        found = [self._cells(change) for change in changes]
        found += [self._event(event) for event in happened]
        order = self._heard(sorted(found, key=_order))
        bands = _bands([one.score for one in order], order[0].repair if order else None)
        return tuple(replace(one.repair, band=b) for one, b in zip(order, bands, strict=True))

    def _heard(self, order: list[Ranked]) -> list[Ranked]:
        """The first of them weighed with what the other rules say of them."""
        if self.witness is None:
            return order
        sums = {one.rule for one in self.system.equalities}
        told = [self._testified(one, self.witness, sums) for one in order[:_ASKED]]
        return sorted([*told, *order[_ASKED:]], key=_order)

    def _testified(self, one: Ranked, witness: Witness, sums: set[str]) -> Ranked:
        said = witness.hear(one.repair)
        if said is None:
            return one
        speaks_for = tuple(rule for rule in said.speaks_for if rule not in sums)
        net = max(-_MOST_HEARD, min(len(speaks_for) - len(said.speaks_against), _MOST_HEARD))
        repair = replace(one.repair, agrees=speaks_for)
        return Ranked(repair, one.score + _HEARD * net)

    def _cells(self, change: Changes) -> Ranked:
        wrong = frozenset(self.system.cells[n] for n, _ in change)
        follow = _following(self.system, change)
        told = [self._slip(n, by, wrong, follows=n in follow) for n, by in change]
        cells, score = tuple(cell for cell, _ in told), sum(score for _, score in told)
        if _exchanged(cells) and score < _EXCHANGE:
            cells = tuple(replace(c, mechanism="exchanged") for c in cells)
            score = _EXCHANGE
        words = {c.mechanism for c in cells}
        return Ranked(Repair(cells, words.pop() if len(words) == 1 else "", ""), score)

    def _event(self, event: Event) -> Ranked:
        wrong = frozenset(self.system.cells[n] for n, _ in event.change)
        cells = tuple(self._slip(n, by, wrong)[0] for n, by in event.change)
        score = _REREAD if event.name == SPLIT else _EVENT
        return Ranked(Repair(cells, event.name, "", event=True), score)

    def _slip(
        self, cell: int, by: int, wrong: frozenset[Key], *, follows: bool = False
    ) -> tuple[Change, float]:
        """One cell of a repair with its mechanism and its score."""
        path, prior, unit = key = self.system.cells[cell]
        read = int(self.system.values[cell])
        true = read + by
        if self.system.cost[cell] == DOUBTFUL:
            word, score = "reread", _REREAD + (0.0 if misread(read, true) else _MISREAD)
        elif follows:
            word, score = FOLLOWS, _FOLLOWING
        else:
            beside = self.usual.beside(key, wrong)
            shares = likelihoods(read, true, total=key in self.usual.totals, beside=beside)
            word = likeliest(shares)
            score = _SLIP + log(sum(shares.values())) + self.usual.gain(key, read, true)
            score += _FROM_NOTHING if true == 0 else 0.0
            score += _HABIT if self.habit and word == HABIT else 0.0
        source = source_of(key, self.facts)
        doubtful = source is not None and path in source.inferred
        subject = self.facts.units[unit].subject if unit >= 0 else ""
        label = _label(key, self.facts)
        return Change(path, label, read, true, word, prior, doubtful, subject), score


def _order(one: Ranked) -> tuple[float, list[str]]:
    return -one.score, [c.path for c in one.repair.cells]


def _following(system: System, change: Changes) -> frozenset[int]:
    """The totals that are wrong because a part is, by as much: summed up from the wrong figure.

    One slip and its consequence, not two slips.
    """
    if len(change) < 2:
        return frozenset()
    found: set[int] = set()
    for (source, one), (total, other) in permutations(change, 2):
        rows = system.matrix[system.matrix[:, source] * system.matrix[:, total] < 0]
        alone = (rows * rows[:, [total]] > 0).sum(axis=1) == 1
        if one == other and alone.any():
            found.add(total)
    return frozenset(found)


def _label(key: Key, facts: Facts) -> Said:
    """The label of a cell, with the report that it stands in where that is another."""
    path, prior, unit = key
    said = facts.label(path)
    if prior:
        said = Said(f"上年 {said.zh}", f"last year's {said.en}")
    if unit >= 0:
        name = facts.units[unit].subject
        said = Said(f"{name} {said.zh}", f"{name}, {said.en}")
    return said


def _exchanged(cells: tuple[Change, ...]) -> bool:
    """Whether two cells hold each other's value."""
    if len(cells) != 2:
        return False
    one, other = cells
    return one.read == other.would_be and other.read == one.would_be


def _bands(scores: Sequence[float], first: Repair | None) -> list[str]:
    """`likely` for one that outweighs all others together, `undecided` for those that none does."""
    if first is None:
        return []
    weights = [exp(score - scores[0]) for score in scores]
    share = weights[0] / sum(weights)
    few = first.event or len(first.cells) <= _SURE
    if share >= _LIKELY and few:
        return ["likely", *["possible"] * (len(scores) - 1)]
    if share >= _POSSIBLE:
        return ["possible"] * len(scores)
    return ["undecided" if weight >= _EQUAL else "possible" for weight in weights]


def to_ask(repairs: Sequence[Repair]) -> Change | None:
    """The cell whose true value tells the explanations apart best.

    That is the cell for which the largest group of repairs that agree on its value is smallest;
    of several the one most often named.
    """
    cells = {_place(c): c for r in reversed(repairs) for c in r.cells}
    if not cells:
        return None

    def cost(key: tuple[str, bool, str]) -> tuple[int, int]:
        groups = Counter(
            next((c.would_be for c in r.cells if _place(c) == key), None) for r in repairs
        )
        return max(groups.values()), groups[None]

    return cells[min(sorted(cells), key=cost)]


def _place(change: Change) -> tuple[str, bool, str]:
    return change.path, change.prior, change.subject
