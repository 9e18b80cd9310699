"""Digits that ran together and were split with the help of sums: other ways to split them.

Where sums fail all the same, the split may be wrong rather than the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, takewhile

from auditor.judging.diagnose.events import Event, explaining
from auditor.judging.diagnose.repairs import Change
from auditor.judging.diagnose.system import System
from auditor.model import Observation
from auditor.rulebook.facts import Facts
from auditor.rulebook.linear import OWN

SPLIT = "split-otherwise"
_MOST = 4_000  # ways to split one run that are looked at


def resplits(system: System, facts: Facts) -> tuple[Event, ...]:
    """The other splits of one run of digits with which every sum holds."""
    if not facts.helpers or not system.syndrome().any():
        return ()
    at = {path: n for n, (path, prior, unit) in enumerate(system.cells)
          if not prior and unit == OWN}  # fmt: skip
    found: list[Event] = []
    for run in _runs(facts.observed.get("inferred", ())):
        cells = [at[seen.path] for seen in run if seen.path in at]
        if len(cells) == len(run):
            changes = list(_otherwise(system, cells, run[0].detail))
            found += explaining(system, [Event(SPLIT, change) for change in changes])
    return tuple(found)


def _runs(seen: Sequence[Observation]) -> list[list[Observation]]:
    """The cells that were split from the same digits at the same place."""
    runs: dict[tuple[object, ...], list[Observation]] = {}
    for one in seen:
        digits = one.detail.replace(" ", "")
        if digits.isascii() and digits.isdecimal() and one.location.span is not None:
            place = (one.location.line, one.location.span, one.detail)
            runs.setdefault(place, []).append(one)
    return [run for run in runs.values() if len(run) > 1]


def _otherwise(system: System, cells: Sequence[int], detail: str) -> Iterator[Change]:
    """The changes from the split that was taken to every other one."""
    stands = [int(system.values[n]) for n in cells]
    pieces = detail.split(" ")
    digits = "".join(pieces)
    if "".join(map(str, stands)) != digits:
        return  # corrected since, or not all of the run
    blanks = set[int]()
    for piece in pieces[:-1]:
        blanks.add(len(piece) + max(blanks, default=0))
    for _, values in takewhile(lambda one: one[0] < _MOST, enumerate(_splits(digits, len(cells)))):
        borders = {len("".join(map(str, values[:n]))) for n in range(1, len(values))}
        if blanks <= borders and list(values) != stands:
            moved = zip(cells, values, stands, strict=True)
            yield tuple(sorted((n, new - old) for n, new, old in moved if new != old))


def _splits(digits: str, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to cut digits into whole numbers without leading zeros."""
    for cuts in combinations(range(1, len(digits)), parts - 1):
        pieces = [digits[a:b] for a, b in pairwise((0, *cuts, len(digits)))]
        if all(piece == "0" or piece[0] != "0" for piece in pieces):
            yield tuple(map(int, pieces))
