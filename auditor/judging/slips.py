"""Rules that fail because of one slip: they cost points once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from auditor.model import Diagnosis, Outcome, Result


def one_slips(diagnoses: Sequence[Diagnosis], results: Sequence[Result]) -> Iterator[list[Result]]:
    """The failing results of every slip that breaks several rules, in the order of the results.

    It is one slip where every repair that comes into question is of one cell, with the totals that
    were summed up from it, and read without doubt. A rule belongs to it where all that it finds
    does.
    """
    for one in diagnoses:
        if not _is_one_slip(one):
            continue
        explained = set(one.findings)
        mine = [r for r in results if r.outcome is Outcome.FAIL and _fails(r) <= explained]
        if len(mine) > 1:
            yield mine


def _is_one_slip(one: Diagnosis) -> bool:
    if not one.repairs or not one.all_told:
        return False
    return all(
        repair.culprit and not any(c.doubtful for c in repair.cells) for repair in one.repairs
    )


def _fails(result: Result) -> set[str]:
    return {f.fingerprint for f in result.findings if f.outcome is Outcome.FAIL and not f.waiver}


def led(slips: Sequence[list[Result]], points: Callable[[Result], Decimal]) -> Mapping[str, str]:
    """Rule → the rule that costs the points for it: the dearest of its slip, the first of several.

    A rule that costs nothing leads nobody and is led by nobody.
    """
    found: dict[str, str] = {}
    for slip in slips:
        costly = [result for result in slip if points(result) > 0]
        if len(costly) > 1:
            leader = max(costly, key=points)
            found |= {r.rule: leader.rule for r in costly if r is not leader}
    return found
