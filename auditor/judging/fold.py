"""Findings that are most likely one slip are tied together, so that one typo is one fault.

A wrong cell breaks every sum that it is part of by the same amount, up to the sign. Findings of
the same absolute difference that have a cell in common are therefore shown as one. This names a
common cell, not a culprit: naming the culprit is diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from auditor.errors import Said
from auditor.model import Cluster, Diagnosis, Finding, Outcome, Result


def fold(
    results: Sequence[Result], label: Callable[[str], Said], diagnoses: Sequence[Diagnosis] = ()
) -> tuple[Cluster, ...]:
    """The clusters of two or more failing sums, in the order of the findings.

    Where diagnosis has found one cell that stands out, the cell is named and ties all the sums.
    """
    failing = [f for f in _failing(results) if size_of(f) is not None]
    clusters = list(_pinned(failing, diagnoses))
    told = {print_ for cluster in clusters for print_ in cluster.findings}
    left = [f for f in failing if f.fingerprint not in told]
    while left:
        first, rest = left[0], left[1:]
        members, cells = _gather(first, rest)
        left = [f for f in rest if f not in members]
        if len(members) > 1:
            paths = _in_order(first, cells)
            clusters.append(
                Cluster(
                    tuple(f.fingerprint for f in members),
                    tuple((path, label(path)) for path in paths),
                    size_of(first) or 0,
                )
            )
    return tuple(clusters)


def _pinned(failing: Sequence[Finding], diagnoses: Sequence[Diagnosis]) -> Iterator[Cluster]:
    """The sums that one cell explains, where no other explanation is as likely."""
    by_print = {f.fingerprint: f for f in failing}
    for diagnosis in diagnoses:
        members = [by_print[p] for p in diagnosis.findings if p in by_print]
        first = diagnosis.repairs[0] if diagnosis.repairs else None
        cell = first.culprit if first is not None and first.band == "likely" else None
        if cell is None or len(members) < 2:
            continue
        size = abs(cell.would_be - (cell.read or 0))
        prints = tuple(f.fingerprint for f in members)
        yield Cluster(prints, ((cell.path, cell.label),), size)


def _failing(results: Sequence[Result]) -> list[Finding]:
    return [f for r in results for f in r.findings if f.outcome in (Outcome.FAIL, Outcome.REVIEW)]


def size_of(finding: Finding) -> int | Decimal | None:
    """The absolute difference of a sum that fails; None for any other finding."""
    difference = finding.difference
    if not isinstance(difference, int | Decimal) or difference == 0:
        return None
    return difference.copy_abs() if isinstance(difference, Decimal) else abs(difference)


def _cells(finding: Finding) -> frozenset[str]:
    """Its own cells: a text in which a number stands is none, however many findings quote it."""
    return frozenset(e.path for e in finding.evidence if not (e.prior or e.subject or e.quote))


def _gather(first: Finding, rest: Sequence[Finding]) -> tuple[list[Finding], frozenset[str]]:
    """The findings that share a cell with the first and with each other.

    Of all cells of the first finding, the one that most of the others touch ties the cluster.
    """
    alike = [f for f in rest if size_of(f) == size_of(first)]
    best: list[Finding] = []
    for cell in sorted(_cells(first)):
        touching = [f for f in alike if cell in _cells(f)]
        if len(touching) > len(best):
            best = touching
    common = _cells(first).intersection(*(_cells(f) for f in best)) if best else frozenset()
    return [first, *best], common


def _in_order(finding: Finding, cells: frozenset[str]) -> list[str]:
    """The common cells as the finding lists them."""
    return list(dict.fromkeys(e.path for e in finding.evidence if e.path in cells))
