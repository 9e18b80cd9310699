"""Rules that fail because of one slip: they cost points once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from auditor.judging.fold import size_of
from auditor.model import Diagnosis, Finding, Outcome, Result


def one_slips(diagnoses: Sequence[Diagnosis], results: Sequence[Result]) -> Iterator[list[Result]]:
    """The failing results of every slip that breaks several rules, in the order of the results.

    It is one slip where every repair that comes into question is of one cell, with the totals that
    were summed up from it, and read without doubt; or where rules find the same difference in the
    same words of a text. A rule belongs to it where all that it finds does.
    """
    sure = (frozenset(one.findings) for one in diagnoses if _is_one_slip(one))
    for explained in (*sure, *_in_text(results)):
        mine = [r for r in results if r.outcome is Outcome.FAIL and set() < _fails(r) <= explained]
        if len(mine) > 1:
            yield mine


def _is_one_slip(one: Diagnosis) -> bool:
    if not one.repairs or not one.all_told:
        return False
    return all(
        repair.culprit and not any(c.doubtful for c in repair.cells) for repair in one.repairs
    )


def _in_text(results: Sequence[Result]) -> Iterator[frozenset[str]]:
    """Findings, by fingerprint, of the same difference in words that overlap."""
    failing = (f for r in results if r.outcome is Outcome.FAIL for f in r.findings)
    quoted = sorted(place for f in failing if (place := _quoted(f)) is not None)
    for _, alike in groupby(quoted, key=lambda place: place[:2]):
        reached, group = -1, set[str]()
        for _, _, (start, end), print_ in alike:
            if start >= reached:
                yield frozenset(group)
                group = set()
            group.add(print_)
            reached = max(reached, end)
        yield frozenset(group)


def _quoted(finding: Finding) -> tuple[str, int | Decimal, tuple[int, int], str] | None:
    """The text, the size of the difference, the span and the fingerprint of a finding on a text."""
    size = size_of(finding)
    if finding.outcome is not Outcome.FAIL or finding.waiver or size is None:
        return None
    for one in finding.evidence:
        if one.quote and not one.prior and not one.subject and one.location is not None:
            span = one.location.span
            return (one.path, size, span, finding.fingerprint) if span is not None else None
    return None


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
