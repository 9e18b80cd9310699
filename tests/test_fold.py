"""Findings are tied by a cell, never by the text that they quote."""

from __future__ import annotations

from auditor.errors import Said
from auditor.judging.fold import fold
from auditor.model import Evidence, Finding, Outcome, Result, Severity

TEXT = Evidence("overview.text", Said("总体情况", "overview"), 12, quote="收到申请12件")
CELL = Evidence("applications.new.total", Said("表三 · 本年新收", "new"), 15)


def result(rule: str, *facts: Evidence) -> Result:
    said = Said("不符", "differs")
    one = Finding(rule, Outcome.FAIL, said, said, facts, difference=3, fingerprint=rule)
    return Result(rule, Outcome.FAIL, Severity.MAJOR, (one,))


def cells(*results: Result) -> list[tuple[str, ...]]:
    found = fold(results, lambda path: Said(path, path))
    return [tuple(path for path, _ in one.cells) for one in found]


def test_two_sums_with_a_cell_in_common_are_one_slip() -> None:
    assert cells(result("T01", TEXT, CELL), result("A01", CELL)) == [(CELL.path,)]


def test_two_figures_of_one_section_are_two() -> None:
    assert cells(result("T01", TEXT, CELL), result("T10", TEXT)) == []
