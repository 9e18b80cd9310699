"""A folder: reports are put beside those they belong to, and nobody is accused by mistake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.corpus.bodies import bodies, naming_of
from auditor.corpus.census import countable
from auditor.errors import Said
from auditor.form import Form
from auditor.model import Outcome, Severity
from auditor.pipeline import Settings
from auditor.roster import Roster, Unit
from auditor.verdict import verdict
from tests.bodies import audit, findings, of, outcome, report, result
from tests.conftest import ROOT, Run

NA, PASS, FAIL, REVIEW, OPEN = (
    Outcome.NOT_APPLICABLE, Outcome.PASS, Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN,
)  # fmt: skip
BUREAU = "示例县水利局"


def carried(name: str, period: int, carried_in: int = 0, carried_out: int = 0) -> dict[str, Any]:
    """A report whose only figures are what was carried in and out, of natural persons."""
    rows: dict[str, int] = {"new": carried_out, "carried_in": carried_in, "granted": carried_in}
    rows |= {"total": carried_in, "carried_out": carried_out}
    edits = {
        f"applications__{row}__{column}": number
        for row, number in rows.items()
        for column in ("natural_person", "total")
    }
    return report(name, period, **edits)


# ---- last year -----------------------------------------------------------------------------------


def test_without_last_year_nothing_is_compared(tmp_path: Path, settings: Settings) -> None:
    alone = of(audit(tmp_path, settings, carried(BUREAU, 2023, 2)), BUREAU)
    found = result(alone, "Y01")
    assert found.outcome is NA
    assert found.reason is not None
    assert "上一年度" in found.reason.zh


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (BUREAU, BUREAU, FAIL),
        ("示例市示例县水利局", BUREAU, FAIL),
        (BUREAU, "示例市示例县水利局", FAIL),
        ("水利局", BUREAU, NA),
        ("示例市水利局", BUREAU, NA),
        ("示例县水务局", BUREAU, NA),
    ],
)
def test_who_is_the_same_body(
    before: str, now: str, expected: Outcome, tmp_path: Path, settings: Settings
) -> None:
    batch = audit(tmp_path, settings, carried(before, 2022, 0, 3), carried(now, 2023, 2, 0))
    assert outcome(of(batch, now), "Y01") is expected


def test_a_short_name_that_two_bodies_could_have_is_nobody(
    tmp_path: Path, settings: Settings
) -> None:
    batch = audit(
        tmp_path, settings, carried("甲市示例县水利局", 2022, 0, 3),
        carried("乙市示例县水利局", 2022, 0, 4), carried(BUREAU, 2023, 2, 0),
    )  # fmt: skip
    assert outcome(of(batch, BUREAU), "Y01") is NA


def test_every_column_is_told_and_the_difference(tmp_path: Path, settings: Settings) -> None:
    batch = audit(tmp_path, settings, carried(BUREAU, 2022, 0, 3), carried(BUREAU, 2023, 2, 0))
    found = findings(of(batch, BUREAU), "Y01")
    assert {f.evidence[0].path for f in found} == {
        "applications.carried_in.natural_person", "applications.carried_in.total",
    }  # fmt: skip
    assert [f.difference for f in found] == [-1, -1]
    assert any(e.prior for e in found[0].evidence)


def test_equal_totals_with_other_applicants_are_a_note(tmp_path: Path, settings: Settings) -> None:
    before = carried(BUREAU, 2022, 0, 3)
    before["applications"]["carried_out"] |= {"natural_person": 0, "other": 3}
    one = of(audit(tmp_path, settings, before, carried(BUREAU, 2023, 3)), BUREAU)
    assert outcome(one, "Y01") is PASS
    assert outcome(one, "Y01c") is REVIEW
    assert result(one, "Y01c").severity is Severity.NOTE


def test_two_versions_of_last_year_are_no_company_and_are_told(
    tmp_path: Path, settings: Settings
) -> None:
    batch = audit(
        tmp_path, settings, carried(BUREAU, 2022, 0, 3), carried(BUREAU, 2022, 0, 2),
        carried(BUREAU, 2023, 2),
    )  # fmt: skip
    assert outcome(of(batch, BUREAU), "Y01") is NA
    before = [a for a in batch.audits if a.report.period == 2022]
    assert [outcome(a, "Y14") for a in before] == [REVIEW, REVIEW]
    [finding] = findings(before[0], "Y14")
    assert any(e.value == 3 for e in finding.evidence)
    other = before[1].report.source
    assert any(e.value == 2 and e.subject == other for e in finding.evidence)
    assert any(e.value == other for e in finding.evidence)


def test_two_versions_with_the_same_figures_and_other_words_are_told(
    tmp_path: Path, settings: Settings
) -> None:
    reworded = report(BUREAU, overview__text="主动公开、依申请公开等工作情况另行说明。")
    batch = audit(tmp_path, settings, report(BUREAU), reworded)
    assert [outcome(a, "Y14") for a in batch.audits] == [REVIEW, REVIEW]
    first, second = batch.audits
    [finding] = findings(first, "Y14")
    assert second.report.source in [e.value for e in finding.evidence]


def test_a_renamed_body_is_asked_not_accused(tmp_path: Path, settings: Settings) -> None:
    roster = Roster(
        (Unit(BUREAU, renamed_from=("示例县水务局",)), Unit("示例县水务局", until=2022))
    )
    batch = audit(
        tmp_path, settings, carried("示例县水务局", 2022, 0, 3), carried(BUREAU, 2023, 2),
        roster=roster,
    )  # fmt: skip
    [first, *_] = findings(of(batch, BUREAU), "Y01")
    assert first.outcome is REVIEW
    assert first.exception is not None
    assert "更名" in first.exception.zh


def test_a_body_merged_of_several_has_no_past(tmp_path: Path, settings: Settings) -> None:
    roster = Roster((Unit(BUREAU, merged_from=("示例县水务局", "示例县河务局")),))
    batch = audit(
        tmp_path, settings, carried("示例县水务局", 2022, 0, 3), carried(BUREAU, 2023, 2),
        roster=roster,
    )  # fmt: skip
    assert outcome(of(batch, BUREAU), "Y01") is NA


@pytest.mark.parametrize(
    ("since", "told"), [(2023, NA), (2022, FAIL), (2020, FAIL), (None, REVIEW)]
)
def test_a_body_that_took_in_others_under_its_own_name(
    since: int | None, told: Outcome, tmp_path: Path, settings: Settings
) -> None:
    """Before its first year as one, its name was that of a smaller body."""
    roster = Roster((Unit(BUREAU, merged_from=(BUREAU, "示例县河务局"), since=since),))
    before, now = carried(BUREAU, 2022, 0, 3), carried(BUREAU, 2023, 2)
    assert outcome(of(audit(tmp_path, settings, before, now, roster=roster), BUREAU), "Y01") is told


def test_stock_of_the_old_form_is_not_compared(tmp_path: Path, settings: Settings) -> None:
    """Documents disclosed in all (2019 form) are no documents in force (2021 form)."""
    now = report(BUREAU, 2021, disclosure__normative_documents__in_force=50)
    one = of(audit(tmp_path, settings, report(BUREAU, 2020), now), BUREAU, 2021)
    assert outcome(one, "Y02") is NA


@pytest.mark.parametrize(
    ("before", "made", "now", "more", "less"),
    [(10, 2, 12, PASS, PASS), (10, 2, 13, FAIL, PASS), (10, 2, 11, PASS, REVIEW)],
)
def test_stock_and_flow(
    before: int, made: int, now: int, more: Outcome, less: Outcome, tmp_path: Path,
    settings: Settings,
) -> None:  # fmt: skip
    row = "disclosure__normative_documents__"
    first = report(BUREAU, 2022, **{f"{row}in_force": before})
    second = report(BUREAU, 2023, **{f"{row}in_force": now, f"{row}made": made})
    one = of(audit(tmp_path, settings, first, second), BUREAU)
    assert (outcome(one, "Y02"), outcome(one, "Y02e")) == (more, less)


def test_a_copied_table_needs_three_numbers(tmp_path: Path, settings: Settings) -> None:
    three = {
        f"disclosure__{row}__decisions": n
        for row, n in (("licences", 31), ("penalties", 7), ("coercion", 4))
    }
    two = dict(list(three.items())[:2])
    for edits, expected in ((three, FAIL), (two, NA)):
        batch = audit(
            tmp_path, settings, report(BUREAU, 2022, **edits), report(BUREAU, 2023, **edits)
        )
        assert outcome(of(batch, BUREAU), "Y08") is expected


# ---- glued digits --------------------------------------------------------------------------------


def glued(digits: str, period: int) -> dict[str, Any]:
    """A report whose row of documents has lost its grid."""
    row = "disclosure.normative_documents"
    cells = [f"{row}.{key}" for key in ("made", "repealed", "in_force")]
    seen = [{"kind": "unreadable", "label": "x", "path": c, "detail": digits} for c in cells]
    data = report(BUREAU, period, **{c.replace(".", "__"): None for c in cells})
    around = {"form": "ogi-2021", "source": "a", "observations": seen}
    return {**around, "period": period, "data": data}


def stock(period: int, in_force: int) -> dict[str, Any]:
    return report(BUREAU, period, disclosure__normative_documents__in_force=in_force)


def test_glued_digits_are_split_by_last_years_stock(tmp_path: Path, settings: Settings) -> None:
    one = of(audit(tmp_path, settings, stock(2022, 665), glued("8855698", 2023)), BUREAU)
    row = one.report.data["disclosure"]["normative_documents"]
    assert row == {"made": 88, "repealed": 55, "in_force": 698}
    assert {o.kind for o in one.report.observations} >= {"inferred"}
    assert outcome(one, "Y02") is OPEN  # it chose the split and proves nothing


def test_digits_that_no_split_continues_are_told_for_review(
    tmp_path: Path, settings: Settings
) -> None:
    one = of(audit(tmp_path, settings, stock(2022, 698), glued("77132470", 2023)), BUREAU)
    [finding] = findings(one, "Y02g")
    assert finding.outcome is REVIEW
    assert "77132470" in finding.message.zh
    assert one.report.data["disclosure"]["normative_documents"]["in_force"] is None


def test_digits_that_several_splits_continue_stay_open(tmp_path: Path, settings: Settings) -> None:
    """1|1|1… : 10 + 1 - 1 = 10 and 10 + 11 - 11 = 10 cannot be told apart by 111110 alone."""
    one = of(audit(tmp_path, settings, stock(2022, 10), glued("111110", 2023)), BUREAU)
    assert one.report.data["disclosure"]["normative_documents"]["in_force"] in (None, 10)
    seen = {o.kind for o in one.report.observations if o.path.endswith("in_force")}
    assert seen <= {"unreadable", "inferred"}


def test_an_inferred_stock_never_accuses(tmp_path: Path, settings: Settings) -> None:
    row = "disclosure__normative_documents__"
    third = report(BUREAU, 2024, **{f"{row}made": 1, f"{row}in_force": 900})
    batch = audit(tmp_path, settings, stock(2022, 665), glued("8855698", 2023), third)
    [finding] = findings(of(batch, BUREAU, 2024), "Y02")
    assert finding.outcome is REVIEW


# ---- the summary and its units -------------------------------------------------------------------

COUNTY = "示例县人民政府"


def roster(*names: str, **more: Any) -> Roster:
    units = tuple(Unit(name, parent=COUNTY) for name in names)
    return Roster((Unit(COUNTY, kind="government", sums_up=("全部",), **more), *units))


def received(name: str, number: int) -> dict[str, Any]:
    edits = {
        f"applications__{row}__{column}": number
        for row in ("new", "granted", "total")
        for column in ("natural_person", "total")
    }
    return report(name, **edits)


def test_a_unit_larger_than_the_summary_is_a_fault(tmp_path: Path, settings: Settings) -> None:
    batch = audit(
        tmp_path,
        settings,
        received(COUNTY, 5),
        received(BUREAU, 6),
        roster=roster(BUREAU, "示例县民政局"),
    )
    found = findings(of(batch, COUNTY), "X02")
    assert found[0].outcome is FAIL
    unit = [e for e in found[0].evidence if e.subject]
    assert {e.subject for e in unit} == {BUREAU}
    assert unit[0].value == 6
    assert unit[0].location is not None
    assert unit[0].location.source.endswith("001.json")


def test_sums_are_compared_only_when_all_units_are_there(
    tmp_path: Path, settings: Settings
) -> None:
    both = (BUREAU, "示例县民政局")
    reports = [received(COUNTY, 5), received(BUREAU, 3), received("示例县民政局", 1)]
    whole = of(audit(tmp_path, settings, *reports, roster=roster(*both)), COUNTY)
    assert outcome(whole, "X01") is REVIEW
    assert findings(whole, "X01")[0].difference == -1
    part = of(audit(tmp_path / "b", settings, *reports[:2], roster=roster(*both)), COUNTY)
    assert (outcome(part, "X01"), outcome(part, "X01p")) == (NA, PASS)
    alone = of(audit(tmp_path / "c", settings, *reports), COUNTY)
    assert {outcome(alone, rule) for rule in ("X01", "X02", "X03")} == {NA}


def test_the_roster_says_what_a_body_is(tmp_path: Path, settings: Settings) -> None:
    one = of(audit(tmp_path, settings, report(COUNTY), roster=roster(BUREAU)), COUNTY)
    assert one.report.subject.kind == "government"
    assert one.report.data["subject"]["kind"] == "government"
    assert any("人民政府（原认作" in said.zh for said in one.overrides)
    assert not any("government" in said.zh for said in one.overrides)


# ---- who has handed in ---------------------------------------------------------------------------


def test_who_is_missing(tmp_path: Path, settings: Settings) -> None:
    known = Roster(
        (Unit(BUREAU), Unit("示例县民政局"), Unit("示例县旅游局", until=2021), Unit("示例县教育局"))
    )
    (tmp_path / "x").mkdir()
    broken = tmp_path / "示例县教育局2023年报告.docx"
    broken.write_bytes(b"no document")
    from auditor.corpus import audit_all
    from auditor.pipeline import Input

    audit(tmp_path, settings, report(BUREAU))
    run = replace(settings, roster=known, folder=True)
    batch = audit_all([Input(tmp_path / "000.json"), Input(broken)], run)
    assert [(m.source, m.kind, m.unread) for m in batch.missing] == [
        ("示例县民政局", "not-submitted", False),
        ("示例县教育局", "not-submitted", True),
    ]
    assert verdict(batch, Severity.MAJOR).status == 1
    single = audit_all([Input(tmp_path / "000.json")], replace(run, folder=False))
    assert single.missing == ()


def test_a_report_without_a_name_may_be_anyones(tmp_path: Path, settings: Settings) -> None:
    nameless = report(BUREAU)
    nameless["subject"]["name"] = None
    batch = audit(
        tmp_path, settings, report("示例县教育局"), nameless,
        roster=Roster((Unit("示例县教育局"), Unit(BUREAU))), folder=True,
    )  # fmt: skip
    assert [(m.source, m.unread) for m in batch.missing] == [(BUREAU, True)]
    assert verdict(batch, Severity.MAJOR).status == 3


# ---- names and drafts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "text", "in_opening", "in_text"),
    [
        ("请与示例县民政局联系。", "", FAIL, PASS),
        ("", "与示例县民政局联合开展培训。", PASS, REVIEW),
        ("请与示例县人民政府办公室联系。", "向示例县人民政府报告。", PASS, PASS),
        ("请与示例市人民政府办公室联系。", "", PASS, PASS),
        (f"请与{BUREAU}联系。", f"{BUREAU}公开信息。", PASS, PASS),
        ("请与示例县柳河镇人民政府办公室联系。", "", FAIL, PASS),
        ("请与柳河镇联系，水利局民政局都在。", "", PASS, PASS),
    ],
)
def test_other_bodies_names(
    opening: str, text: str, in_opening: Outcome, in_text: Outcome, tmp_path: Path,
    settings: Settings,
) -> None:  # fmt: skip
    one = report(BUREAU)
    one["opening"] += opening
    one["overview"]["text"] += text
    others = [
        report(name)
        for name in (
            "示例县民政局", "示例县人民政府", "示例县人民政府办公室", "示例县柳河镇人民政府", "示例市示例县教育局",
        )
    ]  # fmt: skip
    found = of(audit(tmp_path, settings, one, *others), BUREAU)
    assert (outcome(found, "X06"), outcome(found, "X06t")) == (in_opening, in_text)
    quotes = [e.quote for f in findings(found, "X06") for e in f.evidence if e.quote]
    assert bool(quotes) == (in_opening is FAIL)


def test_a_draft_has_no_deadline_and_says_so(tmp_path: Path, auditor: Run) -> None:
    import json

    late = report(BUREAU)
    late["published"] = "2024-02-20"
    (tmp_path / "a.json").write_text(json.dumps(late, ensure_ascii=False), encoding="utf-8")
    for options, expected in (((), "fail"), (("--draft",), "notApplicable")):
        done = auditor("audit", "a.json", "-f", "json", *options)
        [one] = json.loads(done.stdout)["audits"]
        found = next(r for r in one["results"] if r["rule"] == "D01")
        assert found["outcome"] == expected
        assert ("--draft" in one["overrides"]) == bool(options)
        if options:
            assert "草稿" in found["reason"]["zh"]


@pytest.mark.parametrize(
    ("day", "kind", "rule", "expected"),
    [
        ("2024-01-31", "department", "D01", PASS),
        ("2024-02-01", "department", "D01", FAIL),
        ("2024-02-10", "township", "D01", NA),
        ("2024-02-10", "subdistrict", "D02", NA),
        ("2024-03-31", "government", "D02", PASS),
        ("2024-04-01", "government", "D02", FAIL),
        ("2023-12-31", "department", "D04", FAIL),
        ("2023-12-31", "department", "D01", NA),
        ("2024-01-02", "department", "D04", PASS),
        (None, "department", "D01", NA),
        (None, "department", "D04", NA),
        ("2024-02-10", "township", "D03", NA),
    ],
)
def test_deadlines(
    day: str | None, kind: str, rule: str, expected: Outcome, tmp_path: Path, settings: Settings
) -> None:
    one = report(BUREAU)
    one["published"], one["subject"]["kind"] = day, kind
    assert outcome(of(audit(tmp_path, settings, one), BUREAU), rule) is expected


def test_statute_and_local_date_are_kept_apart(tmp_path: Path, settings: Settings) -> None:
    known = Roster((Unit(BUREAU, deadline="01-15"),))
    one = of(audit(tmp_path, settings, report(BUREAU), roster=known), BUREAU)
    assert (outcome(one, "D01"), outcome(one, "D03")) == (PASS, FAIL)
    assert result(one, "D03").severity is Severity.MINOR


# ---- naming --------------------------------------------------------------------------------------

SHORTER = {
    "示例市示例区司法局": ("示例区司法局",),
    "示例省示例市示例区司法局": ("示例市示例区司法局", "示例区司法局"),
    "示例市水利局": (),
    "示例市城市管理局": (),
    "水利局": (),
    "": (),
}


@pytest.mark.parametrize("name", SHORTER)
def test_only_outer_areas_come_off(name: str, forms: tuple[Form, ...]) -> None:
    assert naming_of(forms[-1]).shorter(name) == SHORTER[name]


def test_the_roster_knows_aliases_without_the_outer_area(forms: tuple[Form, ...]) -> None:
    known = Roster((Unit("示例县水利局", aliases=("县水利局",)),))
    found = bodies(["示例市示例县水利局", "县水利局", "示例县民政局"], known, naming_of(forms[-1]))
    names = ("示例市示例县水利局", "县水利局", "示例县民政局", None)
    assert [found.key(n) for n in names] == ["示例县水利局", "示例县水利局", "示例县民政局", None]


def test_a_sheet_of_items(auditor: Run, tmp_path: Path) -> None:
    """Two of the named failures lose everything, one loses five points, others nothing."""
    import json

    late = report(BUREAU)
    late["published"] = "2024-02-20"
    empty = report("示例县民政局")
    empty["others"]["text"] = ""
    both = report("示例县教育局")
    both["others"]["text"], both["published"] = "", "2024-02-20"
    clean = report("示例县财政局")
    for number, data in enumerate((late, empty, both, clean)):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    done = auditor("audit", tmp_path, "-f", "json", "--sheet", "ten-points")
    audits = json.loads(done.stdout)["audits"]
    assert [a["grade"]["score"] for a in audits] == ["5", "5", "0", "10"]
    assert "reason" in audits[2]["grade"]
    assert all("--sheet ten-points" in a["overrides"] for a in audits)
    refused = auditor("audit", tmp_path, "--sheet", "nine")
    assert refused.returncode == 2
    assert "ten-points" in refused.stderr


def test_failures_are_grouped_as_the_rules_say(settings: Settings) -> None:
    rules = {rule.id: rule for rule in settings.rules.rules}
    groups = {
        key: settings.rules.group_of(rules[key]) for key in ("D01", "A01", "Y09", "S14", "Y01")
    }
    assert groups == {
        "D01": "late", "A01": "inaccurate", "Y09": "alike", "S14": "perfunctory", "Y01": "inaccurate",
    }  # fmt: skip
    assert isinstance(settings.rules.groups["late"], Said)
    mine = [rule.id for rule in rules.values() if not settings.rules.group_of(rule)]
    assert not [name for name in mine if name[0] in "SACYXD"]


def test_the_example_city_has_its_own_sheet_and_dates(forms: tuple[Form, ...]) -> None:
    from auditor.rulebook.load import load_rules

    rules = load_rules(ROOT / "rules" / "ogi-local-example")
    late = [r.id for r in rules.rules if rules.group_of(r) == "late"]
    assert {"L02", "L03", "D01"} <= set(late)
    assert "ten-points" in rules.sheets


def test_one_report_under_two_spellings_is_no_second_version(
    tmp_path: Path, settings: Settings
) -> None:
    batch = audit(
        tmp_path, settings, carried(f"示例市{BUREAU}", 2022, 0, 3), carried(BUREAU, 2022, 0, 3),
        carried(BUREAU, 2023, 2),
    )  # fmt: skip
    assert outcome(of(batch, BUREAU, 2022), "Y14") is PASS
    assert outcome(of(batch, BUREAU), "Y01") is FAIL


@pytest.mark.parametrize(
    ("edits", "reports"),
    [
        ({}, 1),
        ({"problems__text": "存在的主要问题是更新不及时.  改进情况:已经补齐。"}, 1),
        ({"published": None}, 1),
        ({"problems__text": "存在的主要问题是更新不及时。改进情况：已补齐，电话13900001111。"}, 2),
        ({"disclosure__fees__amount": "0.5"}, 2),
        ({"published": "2024-02-20"}, 2),
    ],
)
def test_what_is_said_elsewhere_in_another_version_is_judged_too(
    tmp_path: Path, settings: Settings, edits: dict[str, Any], reports: int
) -> None:
    batch = audit(tmp_path, settings, report(BUREAU), report(BUREAU, **edits))
    assert len(batch.audits) == reports
    assert sum(r.kind == "duplicate" for r in batch.refusals) == 2 - reports


def test_of_copies_the_one_with_a_date_is_judged(tmp_path: Path, settings: Settings) -> None:
    batch = audit(
        tmp_path, settings, report(BUREAU, published=None), report(BUREAU, published="2024-03-20")
    )
    assert len(batch.audits) == 1
    assert outcome(of(batch, BUREAU), "D01") is FAIL


@pytest.mark.parametrize("digits", ["693665", "8855698", "100", "0012"])
def test_splits_are_whole_numbers_that_give_the_digits_back(digits: str) -> None:
    from auditor.corpus.continuing import _splits

    found = list(_splits(digits, 3))
    assert len(set(found)) == len(found)
    assert all("".join(map(str, way)) == digits for way in found)


def test_the_newest_year_is_asked_for_and_a_file_named_after_it_is_a_doubt(
    tmp_path: Path, settings: Settings
) -> None:
    """Last year's reports are complete, this year's still come in; one has the wrong year in it."""
    names = ("示例县民政局", "示例县教育局", "示例县审计局")
    roster_of = Roster(tuple(Unit(name) for name in (*names, BUREAU)))
    last = [report(name, 2022) for name in (*names, BUREAU)]
    reports = [*last, report(names[0]), report(names[1]), report(names[2], 2021)]
    batch = audit(tmp_path, settings, *reports, roster=roster_of, folder=True)
    assert [(m.source, m.unread) for m in batch.missing] == [(names[2], False), (BUREAU, False)]
    assert "2023" in batch.missing[0].said.zh
    (tmp_path / "006.json").rename(tmp_path / "审计局2023年报告.json")
    from auditor.corpus import audit_all
    from auditor.pipeline import Input

    run = replace(settings, roster=roster_of, folder=True)
    again = audit_all([Input(p) for p in sorted(tmp_path.iterdir())], run)
    assert [(m.source, m.unread) for m in again.missing] == [(names[2], True), (BUREAU, False)]
    asked = audit_all([Input(p) for p in sorted(tmp_path.iterdir())], replace(run, year=2022))
    assert asked.missing == ()


@pytest.mark.parametrize(
    ("years", "meant"),
    [
        ([], None),
        ([None], None),
        ([2022] * 30 + [2023] * 20, 2023),
        ([2022] * 4 + [2023], 2023),
        ([2023] * 9 + [2032, None], 2023),
    ],
)
def test_which_year_a_folder_is_about(years: list[int | None], meant: int | None) -> None:
    from auditor.years import year_meant

    assert year_meant(years) == meant


# ---- a summary and its units, and who is named ---------------------------------------------------


def test_a_slip_of_a_unit_is_no_fault_of_the_summary(tmp_path: Path, settings: Settings) -> None:
    slip = received(BUREAU, 3)
    slip["applications"]["granted"]["total"] = 999
    both = (BUREAU, "示例县民政局")
    batch = audit(
        tmp_path, settings, received(COUNTY, 5), slip, received("示例县民政局", 2),
        roster=roster(*both),
    )  # fmt: skip
    assert outcome(of(batch, COUNTY), "X02") is PASS
    assert outcome(of(batch, BUREAU), "A03") is FAIL


def test_the_message_names_the_other_body(tmp_path: Path, settings: Settings) -> None:
    batch = audit(
        tmp_path, settings, received(COUNTY, 5), received(BUREAU, 6), received("示例县民政局", 2),
        roster=roster(BUREAU, "示例县民政局"),
    )  # fmt: skip
    said = findings(of(batch, COUNTY), "X02")[0].message
    assert said.zh == f"有单位报 6，汇总报告只有 5（{BUREAU}）"
    assert said.en.endswith(f"({BUREAU})")


# ---- figures of peers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "counted"),
    [
        ("{本年新收}", True),
        ("{个数(同类(申请.本年新收.总计))}", False),
        ("{个数(同类 （申请.本年新收.总计）)}", False),  # blanks before a bracket are allowed
        ("{count(peers (applications.new.total))}", False),
    ],
)
def test_what_a_message_asks_of_peers_is_not_counted_apart(
    asked: str, counted: bool, settings: Settings
) -> None:
    first, *others = settings.rules.rules
    rules = (replace(first, message=Said(asked, "")), *others)
    assert countable(replace(settings.rules, rules=rules)) is counted
