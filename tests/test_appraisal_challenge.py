"""Slips put into clean reports: the reports are clean, the slips are slips, the shares are true."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from auditor.appraisal.challenge import MEASURES, Outcomes, Plan, Shares, _judged, challenge
from auditor.appraisal.challenge_out import percent
from auditor.appraisal.floor import floors, missed
from auditor.appraisal.growing import Garden
from auditor.appraisal.slips import KINDS, slip
from auditor.errors import Said, UsageError
from auditor.form import Form
from auditor.judging.evaluate import evaluate
from auditor.model import Change, Diagnosis, Outcome, Repair
from auditor.rulebook.equalities import equalities
from auditor.rulebook.load import load_rules
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import RuleSet
from auditor.schema import load_forms
from tests.conftest import ROOT, Run


@pytest.fixture
def form(forms: tuple[Form, ...]) -> Form:
    return next(f for f in forms if f.id == "ogi-2021")


@pytest.fixture(scope="module")
def each(forms: tuple[Form, ...], ruleset: RuleSet) -> Outcomes:
    form = next(f for f in forms if f.id == "ogi-2021")
    return challenge(ruleset, form, Plan(each=1))


@pytest.mark.parametrize("edition", ["ogi-2021", "ogi-2019"])
def test_grown_reports_are_clean_and_not_empty(
    edition: str, forms: tuple[Form, ...], ruleset: RuleSet
) -> None:
    form = next(f for f in forms if f.id == edition)
    garden = Garden(ruleset, form)
    random = Random(5)
    for _ in range(6):
        facts = garden.grow(random)
        for one in equalities(ruleset, facts):
            terms = [(facts.values[path], x) for (path, prior, _), x in one.terms if not prior]
            if len(terms) == len(one.terms):
                assert sum(int(value) * x for value, x in terms) == 0, one
        failing = {
            r.rule for r in evaluate(prepare(ruleset, form, facts.period), facts)
            if r.outcome is Outcome.FAIL
        }  # fmt: skip
        assert failing <= {"S13"}  # the example's title lacks its year
        assert sum(bool(facts.values[path]) for path in garden.cells) >= 8


def test_a_form_that_nobody_has_seen_grows_too() -> None:
    (form,) = load_forms(ROOT / "tests" / "foreign")
    rules = load_rules(ROOT / "tests" / "foreign" / "rules")
    found = challenge(rules, form, Plan(trials=60))
    assert found.total.share("detected") > 0.5


@pytest.mark.parametrize(
    ("kind", "true", "may_be"),
    [
        ("zero", 7, {0}), ("transpose", 12, {21}), ("drop", 12, {1, 2}), ("few", 0, {1, 2, 3}),
        ("double", 12, {112, 122}), ("tenfold", 4, {40}), ("neighbour", 4, {9}),
        ("digit", 10, {*range(11, 20), *range(20, 100, 10)}), ("anything", 4, set(range(401))),
    ],
)  # fmt: skip
def test_every_kind_of_slip(kind: str, true: int, may_be: set[int]) -> None:
    seen = {slip(Random(seed), true, [9], [kind]) for seed in range(60)}
    assert {wrong for found in seen if found for name, wrong in [found] if name == kind} <= may_be
    assert any(seen)


def test_what_cannot_change_a_figure_is_no_slip() -> None:
    assert slip(Random(1), 0, [0], ["zero", "transpose", "tenfold", "neighbour"]) is None
    assert set(KINDS) >= {"zero", "transpose", "drop", "few"}


def test_the_same_seed_gives_the_same_outcomes(form: Form, ruleset: RuleSet) -> None:
    plan = Plan(slips=2, trials=15, seed=7)
    assert challenge(ruleset, form, plan).trials == challenge(ruleset, form, plan).trials
    other = challenge(ruleset, form, replace(plan, seed=8))
    assert other.trials != challenge(ruleset, form, plan).trials
    assert all(len(t.true) == len(t.kinds) == 2 for t in other.trials)


def test_any_slip_of_table_three_is_detected_and_pinned(each: Outcomes) -> None:
    three = each.by_table()["applications"]
    assert three.trials == 175
    assert all(three.counts[m] == 175 for m in ("detected", "first", "pinned"))
    assert three.counts["misled"] == 0
    four = each.by_table()["disputes"]
    assert four.counts["detected"] == four.trials


def change(path: str, would_be: int) -> Change:
    return Change(path, Said(path, path), 0, would_be)


def diagnosis(*repairs: tuple[dict[str, int], str]) -> Diagnosis:
    told = tuple(
        Repair(tuple(change(p, v) for p, v in cells.items()), "", band) for cells, band in repairs
    )
    return Diagnosis((), told, len(told), complete=True)


JUDGED = [
    ([], {"a": 1}, (False, False, False)),
    ([diagnosis()], {"a": 1}, (False, False, False)),
    ([diagnosis(({"a": 1}, "likely"))], {"a": 1}, (True, True, False)),
    ([diagnosis(({"a": 2}, "likely"))], {"a": 1}, (False, False, True)),
    ([diagnosis(({"a": 2}, "possible"))], {"a": 1}, (False, False, False)),
    ([diagnosis(({"a": 1}, "undecided"))], {"a": 1}, (True, False, False)),
    ([diagnosis(({"a": 1}, "likely")), diagnosis(({"b": 1}, "possible"))], {"a": 1, "b": 1},
     (True, False, False)),
    ([diagnosis(({"a": 1}, "likely")), diagnosis(({"b": 2}, "likely"))], {"a": 1, "b": 1},
     (False, False, True)),
    ([diagnosis(({"a": 1}, "likely"))], {"a": 1, "b": 1}, (False, False, False)),
]  # fmt: skip


@pytest.mark.parametrize(("told", "true", "outcome"), JUDGED)
def test_what_counts_as_right(
    told: list[Diagnosis], true: dict[str, int], outcome: tuple[bool, bool, bool]
) -> None:
    assert tuple(_judged(told, true).values()) == outcome


def test_shares_are_not_rounded_up_to_all() -> None:
    assert percent(Shares(10_000, {"detected": 9_999}), "detected") == "99.9%"
    assert percent(Shares(10, {"detected": 10}), "detected") == "100.0%"


def test_floors(each: Outcomes) -> None:
    assert not missed(each, floors(["表三:pinned=1, 申请:detected=1", "misled=0.05"]))
    ((floor, shares),) = missed(each, floors(["表二:detected=1"]))
    assert (floor.table, floor.measure) == ("表二", "detected")
    assert shares.counts["detected"] < shares.trials
    for wrong in ("detected", "seen=1", "detected=2", "detected=x"):
        with pytest.raises(UsageError):
            floors([wrong])
    with pytest.raises(UsageError):
        missed(each, floors(["表九:detected=1"]))


def test_the_command(auditor: Run) -> None:
    common = ("rules", "challenge", "--form", "ogi-2021", "--trials", "40")
    done = auditor(*common, "--floor", "detected=0.5")
    assert done.returncode == 0, done.stderr
    assert "不低于要求" in done.stderr
    assert "首选即真" in done.stdout
    done = auditor(*common, "--floor", "misled=0,表二:pinned=1", "--format", "json")
    assert done.returncode == 1, done.stderr
    assert "低于要求：表二:pinned=1" in done.stderr
    value = json.loads(done.stdout)["forms"][0]
    assert value["total"]["trials"] <= 40
    assert set(MEASURES) < set(value["total"])
    page = auditor(*common, "--format", "html", "--lang", "en").stdout
    assert "first and right" in page
    assert "<script" not in page
    assert auditor(*common, "--kind", "none").returncode == 2
