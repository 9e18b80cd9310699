"""Mutants of rules: what is changed, what is the same after all, what would notice the change."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.form import Form
from auditor.rulebook.expression import parse
from auditor.rulebook.job import with_keys
from auditor.rulebook.load import load_rules
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.scope import Scope
from auditor.workbench.expressions import expressions
from auditor.workbench.mutants import mutants
from auditor.workbench.mutating import Maker, fates, score
from auditor.workbench.normal import normal
from auditor.workbench.printing import printed
from auditor.workbench.sense import equivalent
from auditor.workbench.slips import slips
from auditor.workbench.witness import witness
from tests.conftest import ROOT, Run

SMALL = ROOT / "tests" / "mistakes"
PAIRS: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/same-sense.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def small() -> RuleSet:
    return load_rules(SMALL)


def test_an_expression_survives_printing(ruleset: RuleSet) -> None:
    texts = {one.text for rule in ruleset.rules for one in expressions(rule)}
    assert len(texts) > 100
    for text in texts:
        assert parse(printed(parse(text))) == parse(text)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p['one']} ~ {p['two']}")
def test_the_same_sense_is_seen(pair: dict[str, Any], forms: tuple[Form, ...]) -> None:
    form = next(f for f in forms if f.id == "ogi-2021")
    scope = Scope(form)
    one, two = (normal(with_keys(parse(pair[key]), scope), scope) for key in ("one", "two"))
    assert (one == two) == pair.get("same", False)


SLIPS = [
    ("申请.本年新收.总计 >= 5", {"> ", "<= ", "6", "4", "自然人", "上年结转"}),
    ("年月日(发布日期) > 131", {">= ", "< ", "201", "130"}),
    ('机关.类别 = "部门" and 年度 > 2020', {" or ", "年度 >=", "人民政府", "2021", "2019", "!="}),
    ("最大(各单位(申请.本年新收.总计)) <= 35%", {"最小", "36%", "34%"}),
    ("上年(申请.结转下年.总计) = 年度 * 10000", {"1000", "100000", "/ "}),
]


@pytest.mark.parametrize(("text", "wanted"), SLIPS, ids=[text for text, _ in SLIPS])
def test_slips_are_small(text: str, wanted: set[str], forms: tuple[Form, ...]) -> None:
    form = next(f for f in forms if f.id == "ogi-2021")
    found = [printed(slip.node) for slip in slips(parse(text), Scope(form))]
    assert len(found) == len(set(found))
    assert printed(parse(text)) not in found
    assert all(any(part in one for one in found) for part in wanted), found


def test_every_kind_of_change_is_made(ruleset: RuleSet, forms: tuple[Form, ...]) -> None:
    kinds = {m.kind for rule in ruleset.rules for m in mutants(rule, ruleset, forms)}
    assert kinds == {"operator", "name", "constant", "part", "bound", "polarity"}


def test_what_is_called_the_same_is_never_told_apart(
    ruleset: RuleSet, forms: tuple[Form, ...]
) -> None:
    """The proof of equivalence against a search for a report that refutes it."""
    same = [
        m for rule in ruleset.rules for m in mutants(rule, ruleset, forms)
        if equivalent(m, ruleset, forms)
    ]  # fmt: skip
    assert len(same) >= 10
    assert [m.said.zh for m in same if witness(m, ruleset, forms, 150) is not None] == []


def test_a_missing_example_is_named(small: RuleSet, forms: tuple[Form, ...]) -> None:
    """Nothing tests the condition of A03: the example that would is found, and does."""
    left = [f.mutant for f in fates(small, forms, only=["A03"]) if f.survives]
    one = next(m for m in left if m.key == "when" and m.new == "")
    found = witness(one, small, forms)
    assert found is not None
    assert "机关.类别" in found.edits
    assert found.line(one.original).startswith("不适用: [{机关.类别: ")


def test_the_witness_kills_when_it_is_written_down(tmp_path: Path, forms: tuple[Form, ...]) -> None:
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    rules = load_rules(folder)
    before = list(fates(rules, forms, only=["A02"]))
    found = ((f.mutant, witness(f.mutant, rules, forms)) for f in before if f.survives)
    survivor, shown = next((m, w) for m, w in found if w is not None)
    text = (folder / "rules.yaml").read_text("utf-8")
    place = "    不合格: [{申请.本年新收.总计: 100, 申请.结转下年.总计: 36}]\n"
    key, _, items = shown.line(survivor.original).partition(": ")
    more = (
        place.replace("}]\n", f"}}, {items[1:]}\n")
        if key == "不合格"
        else f"{place}    {key}: {items}\n"
    )
    (folder / "rules.yaml").write_text(text.replace(place, more), "utf-8")
    after = list(fates(load_rules(folder), forms, only=["A02"]))
    assert score(after) > score(before)


def test_a_rule_that_no_longer_loads_is_no_mutant(small: RuleSet, forms: tuple[Form, ...]) -> None:
    rule = small.rules[0]
    assert not Maker(replace(rule, body="没有这个名称 = 1"), small, None).possible(forms)
    assert Maker(rule, small, None).possible(forms)


def test_the_shipped_examples_notice_changes(ruleset: RuleSet, forms: tuple[Form, ...]) -> None:
    """A share of all mutants, chosen by a seed; the whole is tried before a release."""
    found = list(fates(ruleset, forms, share=0.08, seed=1))
    assert len(found) > 100
    assert score(found) >= 95


def test_the_command_lists_survivors(auditor: Run) -> None:
    done = auditor("rules", "mutate", "--rules", SMALL, "--rule", "A03", "--least", 100)
    assert done.returncode == 1, done.stderr
    assert "A03 适用 少一部分" in done.stdout
    assert "加上示例  不适用: [{机关.类别:" in done.stdout
    done = auditor("rules", "mutate", "--rules", SMALL, "--rule", "Q04", "--lang", "en")
    assert done.returncode == 0
    assert done.stdout.rstrip().endswith("%")
