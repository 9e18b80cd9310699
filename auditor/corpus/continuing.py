"""Digits that a file has glued together, split by what last year's report says of the stock.

A row whose stock is last year's plus what came in minus what went out can be read across two
years: if just one way to split the digits agrees, the cells are inferred (never read, and never
used to prove that very rule); if none does, that is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Any

from auditor.corpus.bodies import Bodies
from auditor.corpus.heads import Head
from auditor.form import Form, Row
from auditor.model import Location, Observation, Report
from auditor.pipeline import Settings, form_of
from auditor.rulebook.expression import parse
from auditor.rulebook.job import NEXT_YEAR, table_of
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.tree import Call, walk

_MOST = 24  # digits of one run


@dataclass(frozen=True, slots=True)
class _Glued:
    """A row of a report whose digits run together, or whose cells were all read (one way)."""

    row: Row
    ways: tuple[tuple[int, ...], ...]
    digits: str = ""
    location: Location = Location()


def continued(
    heads: Sequence[Head], open_: Callable[[int], Report], settings: Settings, known: Bodies
) -> Mapping[int, Report]:
    """The reports, by number, whose glued rows were split where the year before leaves one way.

    Only reports with cells that were not read are opened, and those of the year before them.
    """
    changed: dict[int, Report] = {}
    places: dict[tuple[str, int], list[int]] = {}
    for number, head in enumerate(heads):
        key = known.key(head.name)
        if key and head.period:
            places.setdefault((key, head.period), []).append(number)
    for (key, year), here in sorted(places.items(), key=lambda item: item[0][1]):
        before = places.get((key, year - 1), [])
        if len(here) != 1 or len(before) != 1 or not heads[here[0]].glued:
            continue
        one, other = before[0], here[0]
        prior, report = changed.get(one) or open_(one), changed.get(other) or open_(other)
        if prior.form == report.form and not _all_read(report):
            changed[one], changed[other] = _joined(prior, report, settings)
    return changed


def _all_read(report: Report) -> bool:
    return not any(seen.kind == "unreadable" for seen in report.observations)


def _joined(prior: Report, report: Report, settings: Settings) -> tuple[Report, Report]:
    """Both reports, each stock of this year's read across the two."""
    form = form_of(report, settings)
    for stock, flows in form.flows.items():
        row = form.rows[form.fields[stock].row]
        now, then = _ways(report, row), _ways(prior, row)
        if now is None or then is None or not now.digits:
            continue
        at = [cell.path for cell in row.fields]
        before = {way[at.index(stock)] for way in then.ways}
        came, went, left = (at.index(path) for path in (*flows, stock))
        fitting = [
            (old, way)
            for old in sorted(before)
            for way in now.ways
            if old + way[came] - way[went] == way[left]
        ]
        if not fitting:
            report = _mismatch(report, row, now, sorted(before))
        elif len(fitting) == 1:
            old, way = fitting[0]
            helpers = _helpers(settings.rules, form, row)
            report = _inferred(report, dict(zip(at, way, strict=True)), helpers)
            if then.digits:
                prior = _inferred(prior, {stock: old}, tuple(h + NEXT_YEAR for h in helpers))
    return prior, report


def _ways(report: Report, row: Row) -> _Glued | None:
    """The ways to read a row: one if all was read, all splits of its digits; else None."""
    cells = [_cell(report.data, cell.path) for cell in row.fields]
    read = tuple(value for value in cells if isinstance(value, int))
    if len(read) == len(cells):
        return _Glued(row, (read,))
    seen = {o.path: o for o in report.observations if o.kind == "unreadable"}
    own = [seen[cell.path] for cell in row.fields if cell.path in seen]
    digits = {o.detail for o in own}
    if len(own) != len(row.fields) or len(digits) != 1:
        return None
    text = digits.pop()
    if not text.isascii() or not text.isdecimal() or not len(own) <= len(text) <= _MOST:
        return None
    return _Glued(row, tuple(_splits(text, len(own))), text, own[0].location)


def _splits(digits: str, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to cut digits into whole numbers without leading zeros."""
    for cuts in combinations(range(1, len(digits)), parts - 1):
        bounds = (0, *cuts, len(digits))
        pieces = [digits[a:b] for a, b in pairwise(bounds)]
        if all(piece == "0" or piece[0] != "0" for piece in pieces):
            yield tuple(map(int, pieces))


def _cell(data: Any, path: str) -> object:
    for part in path.split("."):
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


def _mismatch(report: Report, row: Row, now: _Glued, before: Sequence[int]) -> Report:
    """No split agrees with last year's stock; told with the digits, in signs alone."""
    stock = "/".join(map(str, before[:3]))
    detail = f"{stock} + □ - □ ≠ □ ← {now.digits}"
    seen = Observation("glued-mismatch", row.label, now.location, detail, row.path)
    return replace(report, observations=(*report.observations, seen))


def _inferred(report: Report, values: Mapping[str, int], helpers: tuple[str, ...]) -> Report:
    """The report with cells filled in that are marked as inferred."""
    data = dict(report.data)
    observations = []
    for seen in report.observations:
        if seen.kind == "unreadable" and seen.path in values:
            seen = replace(seen, kind="inferred", rules=helpers)  # noqa: PLW2901
        observations.append(seen)
    for path, value in values.items():
        data = _put(data, path.split("."), value)
    return replace(report, data=data, observations=tuple(observations))


def _put(node: Mapping[str, Any], way: Sequence[str], value: int) -> dict[str, Any]:
    """A copy of nested data with one value changed."""
    first, *rest = way
    return {**node, first: _put(node[first], rest, value) if rest else value}


def _helpers(rules: RuleSet, form: Form, row: Row) -> tuple[str, ...]:
    """The rules that compare this row with last year's: none of them can prove the split."""
    found = []
    for rule in rules.rules:
        table = table_of(form, rule.table)
        if rule.for_each == "row" and table is not None and table.key == row.table:
            node = parse(rule.body) if isinstance(rule.body, str) else None
            if node and any(isinstance(n, Call) and n.name == "prior" for n in walk(node)):
                found.append(f"{rule.id}@{row.path}")
    return tuple(found)
