"""Which report is wrong, where several speak of one figure; and what the text says of a repair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest

from auditor.form import Form
from auditor.judging.diagnose import Witness, diagnose, explained
from auditor.judging.evaluate import evaluate
from auditor.model import Diagnosis, Location, Observation
from auditor.rulebook.equalities import equalities, ties
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import RuleSet
from tests.conftest import ROOT, Run
from tests.records import record, slipped
from tests.test_diagnose import facts_with, told

COLUMNS = ("natural_person", "total")


@pytest.fixture
def form(forms: tuple[Form, ...]) -> Form:
    return next(f for f in forms if f.id == "ogi-2021")


def flows(new: int = 0, carried_in: int = 0, granted: int = 0, out: int = 0) -> dict[str, int]:
    """Table three with one busy column, all sums holding."""
    rows = {"new": new, "carried_in": carried_in, "granted": granted, "total": granted,
            "carried_out": out}  # fmt: skip
    return {f"applications.{r}.{k}": n for r, n in rows.items() for k in COLUMNS}


def cells(diagnosis: Diagnosis) -> list[tuple[str, bool, str, int]]:
    return [
        (c.path.removeprefix("applications."), c.prior, c.subject, c.would_be)
        for c in diagnosis.repairs[0].cells
    ]


# --- two years -----------------------------------------------------------------------------------


def years(form: Form, now: Mapping[str, int], then: Mapping[str, int]) -> Facts:
    last = replace(facts_with(form, {**flows(new=5, granted=3, out=2), **then}), period=2022)
    this = facts_with(form, {**flows(new=4, carried_in=2, granted=6), **now}, prior=last)
    return replace(this, period=2023)


def test_the_carry_over_is_one_of_the_sums(form: Form, ruleset: RuleSet) -> None:
    facts = years(form, {}, {})
    tied = [one for one in equalities(ruleset, facts) if len(one.sources) == 2]
    assert [(one.rule, one.key) for one in tied] == [("Y01", "total")]
    assert diagnose(ruleset, facts) == ((), ())


def test_this_year_is_wrong(form: Form, ruleset: RuleSet) -> None:
    (found,), _ = diagnose(ruleset, years(form, {"applications.carried_in.total": 7}, {}))
    assert cells(found) == [("carried_in.total", False, "", 2)]
    assert found.repairs[0].band == "likely"
    assert {b.rule for b in found.broken} == {"A01", "A03", "Y01"}


def test_last_year_is_wrong(form: Form, ruleset: RuleSet) -> None:
    (found,), _ = diagnose(ruleset, years(form, {}, {"applications.carried_out.total": 9}))
    assert cells(found) == [("carried_out.total", True, "", 2)]
    assert found.repairs[0].cells[0].label.zh.startswith("上年 ")
    assert {b.where.zh[:2] for b in found.broken if b.rule != "Y01"} == {"上年"}
    assert {b.place for b in found.broken if b.rule != "Y01"} == {""}


def test_each_year_holds_by_itself(form: Form, ruleset: RuleSet) -> None:
    facts = years(form, flows(new=4, carried_in=3, granted=7), {})
    (found,), _ = diagnose(ruleset, facts)
    assert (found.note, found.repairs) == ("both-consistent", ())


def test_a_body_that_was_renamed_need_not_carry_over(form: Form, ruleset: RuleSet) -> None:
    facts = years(form, flows(new=4, carried_in=3, granted=7), {})
    values = {**facts.values, "beside.prior.renamed": True}
    assert diagnose(ruleset, replace(facts, values=values)) == ((), ())


def test_last_year_on_another_form(form: Form, forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    old = next(f for f in forms if f.id == "ogi-2019")
    last = replace(facts_with(old, {**flows(new=5, granted=3, out=2),
                                    "applications.carried_out.total": 9}), period=2020)  # fmt: skip
    facts = replace(
        facts_with(form, flows(new=4, carried_in=2, granted=6), prior=last), period=2021
    )
    (found,), _ = diagnose(ruleset, facts)
    assert cells(found) == [("carried_out.total", True, "", 2)]


# --- a summary and its units ---------------------------------------------------------------------


def unit(form: Form, name: str, values: Mapping[str, int]) -> Facts:
    base = facts_with(form, values)
    return replace(base, values={**base.values, "subject.name": name})


def summary(form: Form, own: Mapping[str, int], *units: Mapping[str, int]) -> Facts:
    named = tuple(unit(form, f"示例{'甲乙丙'[n]}局", values) for n, values in enumerate(units))
    facts = facts_with(form, own, units=named)
    return replace(facts, values={**facts.values, "beside.units.missing": 0})


A, B = flows(new=6, granted=6), flows(new=4, granted=4)
SUM = flows(new=10, granted=10)


def test_a_sum_over_units_is_an_equality(form: Form, ruleset: RuleSet) -> None:
    facts = summary(form, SUM, A, B)
    found = ties(ruleset, facts)
    assert {one.rule for one in found} >= {"X01", "X01j", "X03"}
    assert {len(one.terms) for one in found} == {3}
    assert diagnose(ruleset, facts) == ((), ())
    missing = {**facts.values, "beside.units.missing": 1}
    assert ties(ruleset, replace(facts, values=missing)) == ()


def test_a_unit_is_wrong(form: Form, ruleset: RuleSet) -> None:
    wrong = {**B, "applications.new.natural_person": 40}
    (found,), _ = diagnose(ruleset, summary(form, SUM, A, wrong))
    assert cells(found) == [("new.natural_person", False, "示例乙局", 4)]
    assert found.repairs[0].cells[0].label.zh.startswith("示例乙局 ")
    assert not found.repairs[0].cells[0].own


def test_the_summary_is_wrong(form: Form, ruleset: RuleSet) -> None:
    wrong = {**SUM, "applications.new.natural_person": 100}
    (found,), _ = diagnose(ruleset, summary(form, wrong, A, B))
    assert cells(found) == [("new.natural_person", False, "", 10)]
    assert "X01" in {b.rule for b in found.broken}


def test_the_units_tell_what_the_summary_alone_does_not(form: Form, ruleset: RuleSet) -> None:
    """3 ≠ 8 in a row of table four: any of five cells; the units say 3."""
    row = "disputes.review"
    own = {f"{row}.upheld": 3, f"{row}.total": 8}
    (alone,), _ = diagnose(ruleset, facts_with(form, own))
    assert alone.count > 2
    parts = {f"{row}.upheld": 3, f"{row}.total": 3}
    (found,), _ = diagnose(ruleset, summary(form, own, parts, {}))
    assert told(found) == [({f"{row}.total": 3}, "likely")]


def test_units_that_only_differ_accuse_nobody(form: Form, ruleset: RuleSet) -> None:
    """Forwarded applications may count twice: the rule is for review, no cell is named."""
    assert diagnose(ruleset, summary(form, SUM, A, flows(new=5, granted=5))) == ((), ())


def test_a_difference_with_the_units_does_not_move_the_blame(form: Form, ruleset: RuleSet) -> None:
    """The summary has one wrong cell; that its units differ besides changes nothing."""
    wrong = {**SUM, "applications.granted.natural_person": 17}
    (found,), _ = diagnose(ruleset, summary(form, wrong, A, flows(new=5, granted=5)))
    assert told(found) == [({"applications.granted.natural_person": 10}, "likely")]


# --- readings ------------------------------------------------------------------------------------


def glued(form: Form, digits: str, values: tuple[int, ...]) -> tuple[Observation, ...]:
    row = form.rows["applications.new"]
    place = Location(line=7, span=(10, 10 + len(digits)))
    return tuple(
        Observation("inferred", f.label, place, digits, f.path, ("A03@applications.new",))
        for f, _ in zip(row.fields, values, strict=True)
    )


def split(form: Form, digits: str, values: tuple[int, ...], **more: int) -> Facts:
    """Handled and granted (1, 11, 0, 0, 0, 0, 12); the new ones glued and split as told."""
    known = {}
    for row in ("granted", "total"):
        numbers = (1, 11, 0, 0, 0, 0, 12)
        paths = [f.path for f in form.rows[f"applications.{row}"].fields]
        known |= dict(zip(paths, numbers, strict=True))
    facts = facts_with(form, {**known, **more})
    own = [f.path for f in form.rows["applications.new"].fields]
    return replace(
        facts,
        values={p: v for p, v in facts.values.items() if p not in own},
        inferred=dict(zip(own, values, strict=True)),
        helpers=dict.fromkeys(own, ("A03@applications.new",)),
        observations=glued(form, digits, values),
    )


def test_another_split_is_blamed_before_the_author(form: Form, ruleset: RuleSet) -> None:
    (found,), _ = diagnose(ruleset, split(form, "111000012", (11, 1, 0, 0, 0, 0, 12)))
    first = found.repairs[0]
    assert (first.mechanism, first.event, first.band) == ("split-otherwise", True, "likely")
    assert {c.path.rpartition(".")[2]: c.would_be for c in first.cells} == {
        "natural_person": 1, "commercial_enterprise": 11,
    }  # fmt: skip
    assert all(c.doubtful for c in first.cells)


def test_a_split_over_a_printed_blank_is_none(form: Form, ruleset: RuleSet) -> None:
    (found,), _ = diagnose(ruleset, split(form, "11 1000012", (11, 1, 0, 0, 0, 0, 12)))
    assert all(r.mechanism != "split-otherwise" for r in found.repairs)


def test_of_doubtful_figures_the_one_with_one_doubtful_digit(form: Form, ruleset: RuleSet) -> None:
    """12 + 48 = 65: 12 may be 17 misread, 48 is no 53."""
    row = "disputes.review"
    facts = facts_with(form, {f"{row}.total": 65})
    doubted = {f"{row}.upheld": 12, f"{row}.corrected": 48}
    values = {p: v for p, v in facts.values.items() if p not in doubted}
    (found,), _ = diagnose(ruleset, replace(facts, values=values, inferred=doubted))
    first = found.repairs[0]
    assert [(c.path, c.would_be, c.mechanism) for c in first.cells] == [
        (f"{row}.upheld", 17, "reread")
    ]
    assert first.cells[0].doubtful
    assert all(not c.path.endswith("total") for r in found.repairs for c in r.cells)


# --- what the text says --------------------------------------------------------------------------

ROW = "disputes.review"


def heard(ruleset: RuleSet, facts: Facts) -> tuple[Diagnosis, ...]:
    ready = prepare(ruleset, facts.form, facts.period)
    witness = Witness(ready, evaluate(ready, facts), facts)
    return explained(diagnose(ruleset, facts, witness)[0], witness)


def reported(form: Form, text: str) -> Facts:
    facts = facts_with(form, {f"{ROW}.upheld": 5})
    return replace(facts, values={**facts.values, "overview.text": text})


def test_the_text_tells_the_figure_that_the_table_lacks(form: Form, ruleset: RuleSet) -> None:
    (found,) = heard(ruleset, reported(form, "全年发生行政复议5件，未发生行政诉讼。"))
    first = found.repairs[0]
    assert ({c.path: c.would_be for c in first.cells}, first.band) == (
        {f"{ROW}.total": 5},
        "likely",
    )
    assert "T09" in first.agrees
    assert len(found.findings) > len(found.broken)  # the sentence is explained by the same cell


def test_the_text_speaks_against_a_repair(form: Form, ruleset: RuleSet) -> None:
    (found,) = heard(ruleset, reported(form, "全年未发生行政复议、行政诉讼。"))
    assert {c.path: c.would_be for c in found.repairs[0].cells} == {f"{ROW}.upheld": 0}
    assert found.repairs[0].band == "possible"


def test_a_silent_text_says_nothing(form: Form, ruleset: RuleSet) -> None:
    (found,) = heard(ruleset, reported(form, "全年工作正常开展。"))
    assert [r.band for r in found.repairs] == ["undecided", "undecided"]
    assert all(r.agrees == () for r in found.repairs)


def test_what_cannot_be_told_apart_is_marked_alike(auditor: Run) -> None:
    """The table on the screen prefers none of the repairs either."""
    (sample,) = (ROOT / "reports_in").glob("云溪县柳河镇人民政府2023*.html")
    shown = auditor("audit", sample, "--as-of", "2024-02-01").stdout
    drawn = shown[shown.index("错在哪一格") : shown.index("前提")]
    assert drawn.count("无法区分") == 2
    assert drawn.count("0?") == 4


@pytest.mark.parametrize("seed", range(8))
def test_rules_that_see_nothing_of_a_repair_need_not_be_asked(
    form: Form, ruleset: RuleSet, seed: int
) -> None:
    """The testimony is the same as that of all rules, asked one by one."""
    random = Random(seed)
    facts, _ = slipped(record(form, random), random, 3)
    facts = replace(facts, values={**facts.values, "overview.text": _SPOKEN})
    ready = prepare(ruleset, form, facts.period)
    results = evaluate(ready, facts)
    every = [replace(one) for one in ready]
    for one in every:
        one.__dict__["reads"] = None
    assert sum(one.reads is not None for one in ready) > 50
    witness, asking_all = Witness(ready, results, facts), Witness(every, results, facts)
    repairs = [r for d in diagnose(ruleset, facts)[0] for r in d.repairs]
    assert repairs
    for repair in repairs:
        assert witness.hear(repair) == asking_all.hear(repair)


_SPOKEN = "全年收到申请12件，上年结转3件，办结14件，予以公开5件，发生行政复议5件，未发生行政诉讼。"
