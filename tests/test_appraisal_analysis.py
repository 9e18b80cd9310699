"""Rule sets examined: mistyped rules are seen, proofs prove, the blind spots are real."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import yaml

from auditor.appraisal.analysis import Analysis, analyse
from auditor.appraisal.blindness import blindness
from auditor.appraisal.forced import ranges
from auditor.appraisal.proof import NEVER, Claim, Step, holds
from auditor.errors import Said
from auditor.form import Form
from auditor.judging.diagnose import solver
from auditor.renderers.words import load
from auditor.rulebook.equalities import equalities
from auditor.rulebook.examples import valid
from auditor.rulebook.linear import OWN
from auditor.rulebook.relations import AT_MOST, EQUAL, Relation, relations
from auditor.rulebook.rule import RuleSet
from tests.conftest import ROOT, Run

MISTYPED = yaml.safe_load((ROOT / "tests" / "mistyped.yaml").read_text("utf-8"))
needs_solver = pytest.mark.skipif(not solver.available(), reason="highspy is not installed")


@pytest.fixture
def form(forms: tuple[Form, ...]) -> Form:
    return next(f for f in forms if f.id == "ogi-2021")


def mistyped(ruleset: RuleSet, case: Mapping[str, Any]) -> RuleSet:
    """The rule set with the mistakes of a case; its examples are not asked."""
    bodies = case.get("change", {})
    rules = [replace(r, body=bodies.get(r.id, r.body)) for r in ruleset.rules]
    if "add" in case:
        model = next(r for r in rules if r.id == "A01")
        more = case["add"]
        rules.append(replace(model, id="B01", table=more["table"], for_each=more["for_each"],
                             body=more["body"], origin="local.yaml:1"))  # fmt: skip
    return replace(ruleset, rules=tuple(rules), trees={})


def every(analysis: Analysis) -> list[Relation]:
    return [r for r in analysis.relations if not r.review]


@needs_solver
@pytest.mark.parametrize("case", MISTYPED, ids=lambda c: c["name"])
def test_mistyped(case: Mapping[str, Any], form: Form, ruleset: RuleSet) -> None:
    found = analyse(mistyped(ruleset, case), form)
    hidden = {f.cell[0] for group in found.groups for f in group.cells}
    assert hidden >= set(case.get("forced", ()))
    assert bool(hidden) == bool(case.get("forced"))
    suspects = {rule for group in found.groups for rule in group.suspects}
    assert suspects == set(case.get("suspects", ()))
    cores = {frozenset(step.relation.rule for step in core) for core in found.contradictions}
    assert cores == ({frozenset(case["contradiction"])} if "contradiction" in case else set())
    assert {t.cell[0] for t in found.twice} >= set(case.get("twice", ()))
    assert bool(found.twice) == bool(case.get("twice"))
    assert {n for one in found.left_out for n in one.names} == set(case.get("left_out", ()))
    assert set(found.needless) == set(case.get("needless", ()))
    assert {f.cell[0] for f in found.stated} >= set(case.get("stated", ()))
    assert found.faulty == bool({"forced", "contradiction"} & set(case))
    assert found.complete


@needs_solver
def test_a_mistyped_balance_rule_is_caught_by_what_it_forces(form: Form, ruleset: RuleSet) -> None:
    wrong = mistyped(ruleset, MISTYPED[2])
    assert ranges([r for r in relations(wrong, form).found if not r.review]).forced


@needs_solver
@pytest.mark.parametrize("edition", ["ogi-2021", "ogi-2019"])
def test_the_default_rules_are_sound(
    edition: str, forms: tuple[Form, ...], ruleset: RuleSet
) -> None:
    form = next(f for f in forms if f.id == edition)
    found = analyse(ruleset, form)
    assert (found.faulty, found.complete, found.twice, found.left_out) == (False, True, (), ())
    assert len(found.implied) == 2
    assert found.needless == ()


# --- proofs --------------------------------------------------------------------------------------

A, B = ("a", False), ("b", False)


def relation(op: str, constant: int = 0, **terms: int) -> Relation:
    of = tuple(((name, False), Fraction(x)) for name, x in terms.items())
    return Relation("R", "", Said("", ""), of, Fraction(constant), op)


def test_a_proof_must_prove() -> None:
    sum_ = relation(EQUAL, a=1, b=1)  # a + b = 0
    assert holds(Claim({A: Fraction(1)}), [Step(sum_, Fraction(1))])
    assert not holds(Claim({A: Fraction(2)}), [Step(sum_, Fraction(1))])
    assert not holds(Claim({A: Fraction(1)}), [Step(sum_, Fraction(1))], frozenset([B]))
    below = relation(AT_MOST, -3, a=1)  # a ≤ 3
    assert holds(Claim({A: Fraction(1)}, Fraction(-3)), [Step(below, Fraction(1))])
    assert not holds(Claim({A: Fraction(1)}, Fraction(-2)), [Step(below, Fraction(1))])
    above = relation(AT_MOST, 5, a=-1)  # a ≥ 5
    assert holds(NEVER, [Step(below, Fraction(1, 2)), Step(above, Fraction(1, 2))])
    assert not holds(NEVER, [Step(below, Fraction(-1)), Step(above, Fraction(-1))])


@needs_solver
def test_values_other_than_zero_and_signed_cells() -> None:
    fixed = [relation(EQUAL, -5, a=1), relation(EQUAL, a=1, b=-2, c=-1), relation(AT_MOST, -1, b=1),
             relation(AT_MOST, 3, c=-1), relation(AT_MOST, 1, b=-1)]  # fmt: skip
    found = {f.cell[0]: f for f in ranges(fixed).forced}
    assert {cell: f.value for cell, f in found.items()} == {"a": 5, "b": 1, "c": 3}
    assert (found["a"].stated, found["b"].stated) == (True, True)
    assert ranges([relation(EQUAL, a=1, b=1)]).forced
    assert not ranges([relation(EQUAL, a=1, b=1)], frozenset([A, B])).forced


@needs_solver
def test_a_core_can_spare_none_of_its_relations() -> None:
    chain = [relation(AT_MOST, 1, a=1, b=-1), relation(AT_MOST, 1, b=1, c=-1),
             relation(AT_MOST, 0, c=1, a=-1), relation(AT_MOST, -9, a=1)]  # fmt: skip
    (core,) = ranges(chain).contradictions
    assert {step.relation for step in core} == set(chain[:3])
    for out in chain[:3]:
        assert not ranges([r for r in chain if r is not out]).contradictions


# --- blind spots ---------------------------------------------------------------------------------


def test_the_map_of_the_default_rules(form: Form, ruleset: RuleSet) -> None:
    paths = [f.path for f in form.required_fields]
    firm = [r for r in relations(ruleset, form).found if not r.review]
    found = blindness(firm, paths)
    by_table = {table.key: {found[f.path].least for f in table.fields()} for table in form.tables}
    assert by_table == {"disclosure": {1}, "applications": {4, 6}, "disputes": {2}}
    assert {p for p, s in found.items() if s.least == 6} == {
        f.path for f in form.rows["applications.total"].fields
    }
    beside = blindness(firm, paths, prior=True)
    assert beside["applications.carried_in.total"].least is None


def test_the_examples_of_blind_spots_escape(form: Form, ruleset: RuleSet) -> None:
    """Some change of the cells together leaves every sum as it was."""
    sums = [s for s in equalities(ruleset, valid(form)) if not any(p for (_, p, _), _ in s.terms)]
    firm = [r for r in relations(ruleset, form).found if not r.review]
    found = blindness(firm, [f.path for f in form.required_fields])
    for path, seen in found.items():
        assert seen.least == len(seen.others) + 1
        assert path not in seen.others
        cells = [path, *seen.others]
        rows = [[dict(one.terms).get((cell, False, OWN), 0) for cell in cells] for one in sums]
        rest = np.array(rows)[:, 1:]
        both = np.array(rows)
        if any(map(any, rows)):
            assert np.linalg.matrix_rank(both) == np.linalg.matrix_rank(rest)


def test_the_least_number_is_the_least_by_trying_all() -> None:
    sums = [relation(EQUAL, a=1, b=1, c=-1), relation(EQUAL, d=1, e=1, f=-1),
            relation(EQUAL, a=1, d=1, g=-1), relation(EQUAL, b=1, e=1, h=-1)]  # fmt: skip
    paths = "abcdefghi"
    found = blindness(sums, paths)
    rows = np.array([[dict(r.terms).get((p, False), 0) for p in paths] for r in sums], dtype=int)
    least = {}
    for change in np.ndindex(*(3,) * 9):
        e = np.array(change) - 1
        if e.any() and not (rows @ e).any():
            for n in e.nonzero()[0]:
                path = paths[n]
                least[path] = min(least.get(path, 9), int((e != 0).sum()))
    assert {path: seen.least for path, seen in found.items()} == least


# --- the command ---------------------------------------------------------------------------------


@needs_solver
def test_the_command(auditor: Run) -> None:
    done = auditor("rules", "analyse", "--form", "ogi-2021")
    assert done.returncode == 0, done.stderr
    assert "盲区图" in done.stdout
    assert "没有被规则限死的格子" in done.stdout
    value = json.loads(auditor("rules", "analyse", "--format", "json").stdout)
    assert [f["form"] for f in value["forms"]] == ["ogi-2019", "ogi-2021"]
    assert value["forms"][1]["blindSpots"]["disputes.review.total"]["least"] == 2
    refused = auditor("rules", "analyse", "--form", "none")
    assert refused.returncode == 2


@needs_solver
def test_a_faulty_set_is_told_on_every_output(auditor: Run, tmp_path: Any) -> None:
    folder = tmp_path / "rules" / "town"
    folder.mkdir(parents=True)
    (tmp_path / "rules" / "ogi").symlink_to(ROOT / "rules" / "ogi")
    (folder / "ruleset.yaml").write_text(
        '编号: town\n版本: "1.0.0"\n名称: {zh: <b>镇</b>, en: Town}\n沿用: ogi\n类别: {B: {zh: 本地, en: Own}}\n',
        "utf-8",
    )
    (folder / "own.yaml").write_text(
        "- {编号: B01, 名称: {zh: 试, en: try}, 级别: 严重, 依据: [某文], 表: 申请, 逐: 列,"
        " 应当: 本年新收 + 上年结转 = 办理总计, 整改: 改,"
        " 示例: {合格: [{}], 不合格: [{申请.本年新收.总计: 1}]}}\n",
        "utf-8",
    )
    done = auditor("rules", "analyse", "--rules", folder, "--form", "ogi-2021")
    assert done.returncode == 1, done.stderr
    assert "被规则限死的格子" in done.stdout
    assert re.search(r"先查 A01（arithmetic.yaml:\d+）、B01（own.yaml:1）", done.stdout)
    page = auditor("rules", "analyse", "--rules", folder, "--format", "html").stdout
    assert "&lt;b&gt;镇" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    value = json.loads(auditor("rules", "analyse", "--rules", folder, "--format", "json").stdout)
    assert value["forms"][1]["suspects"] == ["A01", "B01"]


def test_words_are_the_same_in_both_languages() -> None:
    assert load("zh", "appraisal").phrases.keys() == load("en", "appraisal").phrases.keys()
