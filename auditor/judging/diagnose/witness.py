"""What the other rules say of a repair: the narrative may tell the figure that the table lacks.

A repair is tried on the facts. Findings that vanish speak for it, findings that appear against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.model import Change, Diagnosis, Outcome, Repair, Result, Value
from auditor.rulebook.apply import apply
from auditor.rulebook.facts import Facts
from auditor.rulebook.rule import Ready

_VERBS = ("assert", "forbid", "claim")
_FOUND = (Outcome.FAIL, Outcome.REVIEW)


@dataclass(frozen=True, slots=True)
class Testimony:
    """Rules that find nothing more with a repair, rules that find something because of it, and
    the fingerprints of what is gone."""

    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()


@dataclass(slots=True)
class Witness:
    """The rules as they came out, to be asked again about facts that a repair has changed."""

    ready: Sequence[Ready]
    results: Sequence[Result]
    facts: Facts
    _before: dict[str, frozenset[str]] = field(default_factory=dict)
    _heard: dict[tuple[tuple[str, Value], ...], Testimony] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for result in self.results:
            found = (f.fingerprint for f in result.findings if f.outcome in _FOUND)
            self._before[result.rule] = frozenset(found)

    def hear(self, repair: Repair) -> Testimony | None:
        """What the rules say of a repair; None for one that changes another report, too."""
        if not all(change.own for change in repair.cells):
            return None
        key = tuple((change.path, change.would_be) for change in repair.cells)
        if key not in self._heard:
            self._heard[key] = self._asked(repair)
        return self._heard[key]

    def _asked(self, repair: Repair) -> Testimony:
        changed = self._changed(repair.cells)
        touched = {change.path for change in repair.cells} if not self.facts.undivided else None
        better, worse, gone = [], [], set[str]()
        for ready in self.ready:
            before = self._before.get(ready.rule.id, frozenset())
            if not before and (ready.rule.verb not in _VERBS or ready.rule.review):
                continue
            if touched and ready.reads is not None and touched.isdisjoint(ready.reads):
                continue  # it sees nothing of the repair
            result = apply(ready, changed)
            after = frozenset(f.fingerprint for f in result.findings if f.outcome in _FOUND)
            gone |= before - after
            if after - before:
                worse.append(ready.rule.id)
            elif before - after and not after:
                better.append(ready.rule.id)
        return Testimony(tuple(better), tuple(worse), frozenset(gone))

    def _changed(self, cells: Sequence[Change]) -> Facts:
        values: dict[str, Value] = dict(self.facts.values)
        inferred: Mapping[str, Value] = self.facts.inferred
        for change in cells:
            if change.path in inferred:
                inferred = {**inferred, change.path: change.would_be}
            else:
                values[change.path] = change.would_be
        changed = replace(self.facts, values=values, inferred=inferred)
        if (
            "prose" in self.facts.__dict__
        ):  # the texts are the same: searched, they need not be again
            changed.__dict__["prose"] = self.facts.prose
        return changed


def explained(diagnoses: Sequence[Diagnosis], witness: Witness) -> tuple[Diagnosis, ...]:
    """The diagnoses with all findings that they explain, in any rule.

    What other rules find because of the same wrong cell is told with it, not apart: all that the
    likely repair mends; where none is likely, what each of them would mend.
    """
    return tuple(_explained(one, witness) for one in diagnoses)


def _explained(one: Diagnosis, witness: Witness) -> Diagnosis:
    gone = _gone(one, witness)
    found = [f.fingerprint for r in witness.results for f in r.findings]
    more = [print_ for print_ in found if print_ in gone and print_ not in one.findings]
    return replace(one, findings=(*one.findings, *more)) if more else one


def _gone(one: Diagnosis, witness: Witness) -> frozenset[str]:
    """The findings that the repair mends, whichever of those that come into question it is."""
    likely = bool(one.repairs) and one.repairs[0].band == "likely"
    if not likely and not one.all_told:
        return frozenset()
    heard = [witness.hear(repair) for repair in (one.repairs[:1] if likely else one.repairs)]
    gone = [said.gone for said in heard if said is not None]
    return frozenset.intersection(*gone) if gone and len(gone) == len(heard) else frozenset()
