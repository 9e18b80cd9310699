"""One slip costs once: rules that fail because of one wrong cell are told, and deduct together."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.errors import Said
from auditor.judging.grade import grade
from auditor.model import (
    FOLLOWS,
    Change,
    Diagnosis,
    Evidence,
    Finding,
    Location,
    Outcome,
    Repair,
    Result,
    RuleInfo,
    Severity,
)
from auditor.rulebook.rule import Grading, Item
from tests.conftest import ROOT, Run

NOBODY = Said("", "")
SHEET = Grading(
    deductions={Severity.MAJOR: Decimal(10), Severity.MINOR: Decimal(3)},
    rules={"A2": Decimal(15)},
    veto=frozenset({Severity.FATAL}),
    bands=(("优", Decimal(90)), ("差", Decimal(0))),
)


def result(rule: str, *prints: str, severity: Severity = Severity.MAJOR) -> Result:
    found = tuple(
        Finding(rule, Outcome.FAIL, NOBODY, NOBODY, fingerprint=print_) for print_ in prints
    )
    return Result(rule, Outcome.FAIL, severity, found, failed=len(found))


CELL = Change("t.r.c", NOBODY, 1, 2)
TOTAL = Change("t.r.total", NOBODY, 1, 2, FOLLOWS)


def diagnosis(*prints: str, cells: int = 1, **more: object) -> Diagnosis:
    change = CELL
    first = Repair((change,) * cells, "", "likely")
    return replace(Diagnosis((), (first,), 1, complete=True, findings=prints), **more)  # type: ignore[arg-type]


def deducted(
    results: list[Result], *diagnoses: Diagnosis, sheet: Grading = SHEET
) -> dict[str, str]:
    infos = {r.rule: RuleInfo(r.rule, NOBODY, r.severity, r.rule[0]) for r in results}
    found = grade(results, sheet, infos, diagnoses)
    return {d.rule: f"{d.points}{'=' + d.same_as if d.same_as else ''}" for d in found.deductions}


ALL = [result("A1", "a"), result("A2", "b"), result("T1", "c"), result("Q1", "d")]


def test_one_slip_costs_what_its_dearest_rule_costs() -> None:
    assert deducted(ALL) == {"A1": "10", "A2": "15", "T1": "10", "Q1": "10"}
    assert deducted(ALL, diagnosis("a", "b", "c")) == {
        "A1": "0=A2", "A2": "15", "T1": "0=A2", "Q1": "10",
    }  # fmt: skip
    assert grade(ALL, SHEET, {r.rule: RuleInfo(r.rule, NOBODY, r.severity, "F") for r in ALL},
                 [diagnosis("a", "b", "c")]).score == 75  # fmt: skip


@pytest.mark.parametrize(
    "unsure",
    [
        diagnosis("a", "b", count=2),
        diagnosis("a", "b", complete=False),
        diagnosis("a", "b", cells=2),
        diagnosis("a", "b", repairs=(), count=0),
        diagnosis("a", "b", repairs=(Repair((Change("p", NOBODY, 1, 2, doubtful=True),), "", "likely"),)),
        diagnosis("a", "b", repairs=(Repair((Change("p", NOBODY, 1, 2),), "", "likely", event=True),)),
    ],
)  # fmt: skip
def test_what_is_not_sure_counts_rule_by_rule(unsure: Diagnosis) -> None:
    assert deducted(ALL, unsure) == deducted(ALL)


@pytest.mark.parametrize(
    "cells", [[(CELL,)], [(CELL, TOTAL)], [(CELL, TOTAL), (replace(CELL, path="t.q.c"), TOTAL)]]
)
@pytest.mark.parametrize("band", ["likely", "undecided"])
def test_whichever_cell_it_is_it_is_one_slip(cells: list[tuple[Change, ...]], band: str) -> None:
    """A total that was summed up from the wrong cell is no second slip."""
    repairs = tuple(Repair(each, "", band) for each in cells)
    one = diagnosis("a", "b", "c", repairs=repairs, count=len(repairs))
    assert deducted(ALL, one) == {"A1": "0=A2", "A2": "15", "T1": "0=A2", "Q1": "10"}


@pytest.mark.parametrize(
    "cells", [[(CELL,), (CELL, CELL)], [(CELL,), (CELL, replace(TOTAL, doubtful=True))]]
)
def test_where_one_explanation_is_of_two_slips_rules_count_by_themselves(
    cells: list[tuple[Change, ...]],
) -> None:
    repairs = tuple(Repair(each, "", "likely") for each in cells)
    one = diagnosis("a", "b", repairs=repairs, count=len(repairs))
    assert deducted(ALL, one) == deducted(ALL)


def told(rule: str, span: tuple[int, int] | None, by: int | None = 3, path: str = "a") -> Result:
    """A rule that finds a difference in some words of a text."""
    place = Evidence(path, NOBODY, 1, location=Location(span=span), quote="…")
    found = Finding(
        rule, Outcome.FAIL, NOBODY, NOBODY, (place,), difference=by, fingerprint=f"{rule}{span}"
    )
    return Result(rule, Outcome.FAIL, Severity.MAJOR, (found,), failed=1)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([told("T1", (10, 14)), told("T2", (0, 30), -3)], {"T1": "10", "T2": "0=T1"}),
        ([told("T1", (10, 14)), told("T2", (14, 30))], {"T1": "10", "T2": "10"}),
        ([told("T1", (10, 14)), told("T2", (0, 30), 4)], {"T1": "10", "T2": "10"}),
        ([told("T1", (10, 14)), told("T2", (0, 30), path="b")], {"T1": "10", "T2": "10"}),
        ([told("T1", None), told("T2", None)], {"T1": "10", "T2": "10"}),
        ([told("T1", (1, 4), None), told("T2", (1, 4), None)], {"T1": "10", "T2": "10"}),
        ([told("T1", (1, 4)), told("T2", (9, 12)), told("T3", (0, 20)), told("T4", (21, 22))],
         {"T1": "10", "T2": "0=T1", "T3": "0=T1", "T4": "10"}),
    ],
)  # fmt: skip
def test_the_same_difference_in_the_same_words_is_one_slip(
    results: list[Result], expected: dict[str, str]
) -> None:
    assert deducted(results) == expected


def test_a_rule_without_places_belongs_to_no_slip() -> None:
    bare = replace(result("B1", "x"), findings=())
    assert deducted([*ALL, bare], diagnosis("a", "b"))["B1"] == "10"


def test_a_rule_that_finds_more_counts_by_itself() -> None:
    results = [result("A1", "a"), result("A2", "b", "elsewhere"), result("T1", "c")]
    assert deducted(results, diagnosis("a", "b", "c")) == {"A1": "10", "A2": "15", "T1": "0=A1"}


def test_two_slips_cost_twice() -> None:
    results = [result("A1", "a"), result("A3", "b"), result("T1", "c"), result("T2", "d")]
    assert deducted(results, diagnosis("a", "b"), diagnosis("c", "d")) == {
        "A1": "10", "A3": "0=A1", "T1": "10", "T2": "0=T1",
    }  # fmt: skip


def test_rules_without_points_lead_nobody() -> None:
    results = [
        result("N1", "a", severity=Severity.NOTE),
        result("A1", "b"),
        result("M1", "c", severity=Severity.MINOR),
    ]
    assert deducted(results, diagnosis("a", "b", "c")) == {"A1": "10", "M1": "0=A1"}


def test_a_veto_stays_a_veto() -> None:
    results = [result("A1", "a"), result("P1", "b", severity=Severity.FATAL)]
    infos = {r.rule: RuleInfo(r.rule, NOBODY, r.severity, r.rule[0]) for r in results}
    assert grade(results, SHEET, infos, [diagnosis("a", "b")]).vetoed_by == ("P1",)


def test_items_of_a_sheet_are_lost_once_by_one_slip() -> None:
    items = (Item(NOBODY, Decimal(1), frozenset({"A1"})), Item(NOBODY, Decimal(2), frozenset({"T"})),
             Item(NOBODY, Decimal(1), frozenset({"A2", "Q"})))  # fmt: skip
    sheet = replace(SHEET, full=Decimal(10), items=items, zero_from=3)
    assert deducted(ALL, sheet=sheet) == {"A1": "1", "T1": "2", "A2": "1"}
    infos = {r.rule: RuleInfo(r.rule, NOBODY, r.severity, r.rule[0]) for r in ALL}
    assert grade(ALL, sheet, infos).score == 0
    slip = diagnosis("a", "b", "c")
    # Q1 has another reason, so that the last item is lost by itself.
    assert deducted(ALL, slip, sheet=sheet) == {"A1": "0=T1", "T1": "2", "A2": "1"}
    assert grade(ALL, sheet, infos, [slip]).score == 7


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (Grading(), "the rule set has no grades: no grade"),
        (replace(SHEET, least_evaluated=Decimal(1)),
         "only 1/2 of the rules could be judged, less than 100%: no grade"),
        (replace(SHEET, least_evaluated=Decimal("0.525")),
         "only 1/2 of the rules could be judged, less than 52.5%: no grade"),
    ],
)  # fmt: skip
def test_why_there_is_no_letter(sheet: Grading, said: str) -> None:
    results = [result("A1", "a"), replace(result("A2", "b"), outcome=Outcome.OPEN)]
    infos = {r.rule: RuleInfo(r.rule, NOBODY, r.severity, r.rule[0]) for r in results}
    found = grade(results, sheet, infos)
    assert (found.letter, found.reason and found.reason.en) == (None, said)


def test_it_is_told_on_the_screen_and_in_json(auditor: Run) -> None:
    (sample,) = Path(ROOT / "reports_in").glob("示例市示例区教育局2023*.docx")
    done = auditor("audit", sample, "--as-of", "2024-02-01")
    assert "与 A02 同一处错，不重复扣分" in done.stdout
    value = json.loads(auditor("audit", sample, "--as-of", "2024-02-01", "-f", "json").stdout)
    found = value["audits"][0]["grade"]["deductions"]
    assert {d["rule"]: d["same_as"] for d in found if d["rule"] in ("A02", "A03")} == {
        "A02": "", "A03": "A02",
    }  # fmt: skip
    assert next(d for d in found if d["rule"] == "A03")["points"] == "0"


def test_a_wrong_figure_of_the_text_costs_once(auditor: Run, tmp_path: Path) -> None:
    """A part that is neither the table's nor fits its total: one figure, two rules."""
    (sample,) = Path(ROOT / "reports_in").glob("示例县市场监督管理局2023*.json")
    text = sample.read_text(encoding="utf-8")
    before = "申请人中自然人17件，商业企业2件，法律服务机构1件"
    assert before in text
    wrong = "共20件，其中自然人17件、商业企业12件、法律服务机构1件"
    (tmp_path / "r.json").write_text(text.replace(before, wrong), encoding="utf-8")
    audit = json.loads(auditor("audit", "r.json", "-f", "json").stdout)["audits"][0]
    found = {d["rule"]: d["same_as"] for d in audit["grade"]["deductions"]}
    assert found == {"T07": "", "T17": "T07"}


def test_what_each_explanation_mends_is_one_slip(auditor: Run) -> None:
    """Either row may lack the application: with neither would there be results of none."""
    (sample,) = Path(ROOT / "reports_in").glob("云溪县柳河镇*.html")
    done = auditor("audit", sample, "--as-of", "2024-02-01", "-f", "json")
    audit = json.loads(done.stdout)["audits"][0]
    assert {r["band"] for r in audit["repairs"]} == {"undecided"}
    found = {d["rule"]: d["same_as"] for d in audit["grade"]["deductions"]}
    assert found == {"A01": "", "C13": "A01"}
