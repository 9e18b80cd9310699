"""Screening many reports at once says what judging each of them says, or leaves it to that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.form import Form
from auditor.model import Observation, Outcome, Report
from auditor.pipeline import Settings, bind_one, facts_for
from auditor.rulebook.apply import apply
from auditor.rulebook.examples import valid
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import Facts, Peers
from auditor.rulebook.formula import formula
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.scope import Scope
from auditor.rulebook.screen import screen_of
from auditor.rulebook.tree import UNKNOWN
from auditor.rulebook.truth import Columns, truth
from auditor.session import inputs_of
from tests.conftest import ROOT
from tests.records import record

FORM = "ogi-2021"


@pytest.fixture(scope="module")
def form(forms: tuple[Form, ...]) -> Form:
    return next(one for one in forms if one.id == FORM)


def agree(rules: RuleSet, form: Form, period: int | None, reports: list[Facts]) -> tuple[int, int]:
    """How many results were decided by screening, of how many: all as judging says."""
    ready = prepare(rules, form, period)
    decided = 0
    for facts, plain in zip(reports, screen_of(rules, form, period).results(reports), strict=True):
        for one, result in zip(ready, plain, strict=True):
            if result is not None:
                decided += 1
                assert result == apply(one, facts), one.rule.id
    return decided, len(ready) * len(reports)


def blank(random: Random, values: dict[str, Any], paths: list[str]) -> frozenset[str]:
    gone = random.sample(paths, random.choice((1, 2, 5)))
    for path in gone:
        values.pop(path, None)
    return frozenset(gone)


def changed(random: Random, facts: Facts) -> Facts:
    """The same report with cells that are wrong, blank, unread, inferred, huge or no count."""
    values, paths = dict(facts.values), [p for p in facts.form.fields if p in facts.values]
    blanks: frozenset[str] = frozenset()
    inferred: dict[str, Any] = {}
    helpers: dict[str, tuple[str, ...]] = {}
    match random.randrange(7):
        case 1:
            values[random.choice(paths)] = random.choice((0, 1, 7, 10**14, 10**30))
        case 2:
            blanks = blank(random, values, paths)
        case 3:
            blank(random, values, paths)
        case 4:
            path = random.choice(paths)
            inferred = {path: values.pop(path)}
            helpers = {path: ("A01:natural_person", "A02:natural_person")}
        case 5:
            values[random.choice(paths)] = Decimal("1.5")
        case 6:
            values["overview.text"] = random.choice(TEXTS)
    return replace(facts, values=values, blanks=blanks, inferred=inferred, helpers=helpers)


TEXTS = (
    "全年新收政府信息公开申请3件，全部办结。", "未收到政府信息公开申请。", "",
    "共发布信息20条，其中网站12条、公众号7条。联系人身份证110101199003078515。",
    "收取信息处理费100元。行政复议1件，维持1件。",
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_screening_agrees_on_random_reports(seed: int, form: Form, ruleset: RuleSet) -> None:
    random = Random(seed)
    reports = []
    for _ in range(6):
        prior = changed(random, record(form, random)) if random.random() < 0.5 else None
        facts = replace(changed(random, record(form, random)), period=2023, prior=prior)
        reports.append(facts)
    decided, of = agree(ruleset, form, 2023, reports)
    assert decided > of * 0.3


def test_screening_agrees_on_every_sample(settings: Settings) -> None:
    groups: dict[tuple[str, int | None], list[Facts]] = {}
    for item in inputs_of([ROOT / "reports_in", ROOT / "tests" / "everything-wrong"]):
        if item.path.suffix.lower() not in (".json", ".yaml", ".txt", ".html", ".docx"):
            continue
        bound = bind_one(item, settings)
        if isinstance(getattr(bound, "report", None), Report):
            facts = facts_for(bound.report, settings)
            groups.setdefault((facts.form.id, facts.period), []).append(facts)
    assert sum(map(len, groups.values())) > 10
    for (_, period), reports in groups.items():
        decided, of = agree(settings.rules, reports[0].form, period, reports)
        assert decided > of * 0.3


def test_nearly_all_of_a_report_in_order_is_screened(form: Form, ruleset: RuleSet) -> None:
    facts = replace(valid(form), period=2023)
    decided, of = agree(ruleset, form, 2023, [facts] * 3)
    assert decided > of * 0.6


def test_a_breach_is_left_to_judging(form: Form, ruleset: RuleSet) -> None:
    facts = replace(valid(form), period=2023)
    wrong = replace(facts, values={**facts.values, "applications.new.total": 3})
    right, broken = screen_of(ruleset, form, 2023).results([facts, wrong])
    at = next(n for n, r in enumerate(prepare(ruleset, form, 2023)) if r.rule.id == "A01")
    assert right[at] is not None
    assert right[at].outcome is Outcome.PASS
    assert broken[at] is None


def test_groups_printed_as_one_row(form: Form, ruleset: RuleSet) -> None:
    facts = replace(valid(form), period=2023)
    row = next(row for row in form.rows.values() if row.undivided)
    children = [r for r in form.rows.values() if r.group == row.group and not r.undivided]
    values = {p: v for p, v in facts.values.items()
              if p not in {f.path for r in children for f in r.fields}}  # fmt: skip
    values |= {f.path: 0 for f in row.fields}
    whole = replace(facts, values=values, undivided=frozenset((row.group,)))
    agree(ruleset, form, 2023, [facts, whole])


def test_what_was_noticed_is_left_to_judging(form: Form, ruleset: RuleSet) -> None:
    facts = replace(valid(form), period=2023, observations=(Observation("section-order", ""),))
    agree(ruleset, form, 2023, [facts])


EXPRESSIONS = (
    "申请.本年新收.总计 = 0", "申请.本年新收.总计 + 申请.上年结转.总计 >= 3",
    "申请.本年新收.总计 * 2 - 申请.上年结转.总计 / 3 < 90%",
    "申请.本年新收.总计 > 1 and 申请.上年结转.总计 > 1",
    "申请.本年新收.总计 > 1 or 申请.上年结转.总计 > 1",
    "not (申请.本年新收.总计 > 1) or 已知(申请.上年结转.总计)",
    "合计(申请.不予公开.*) <= 申请.办理总计.总计", "机关.类别 = \"部门\"", "机关.类别 != \"部门\"",
    "上年(申请.结转下年.总计) = 申请.上年结转.总计", "申请.本年新收.总计 - 申请.本年新收.总计 = 0",
)  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_over_many_reports(text: str, form: Form) -> None:
    random, scope, columns = Random(text), Scope(form), Columns()
    one = formula(parse(text), scope)
    held = truth(one.node, scope, columns)
    assert held is not None
    reports = []
    for _ in range(60):
        prior = changed(random, record(form, random)) if random.random() < 0.7 else None
        reports.append(replace(changed(random, record(form, random)), prior=prior))
    value, sure = held(columns.table(reports))
    assert sure.any()
    for number, facts in enumerate(reports):
        if sure[number]:
            assert one.value(facts) == value[number]


@pytest.mark.parametrize(
    "text",
    ["最大(申请.本年新收.*) > 1", "含(总体情况, \"申请\")", "申请.本年新收.总计 / 申请.办理总计.总计 > 1",
     "申请.本年新收.总计 * 5000000 > 1", "个数(同类(申请.本年新收.总计)) > 3",
     "申请.本年新收.总计 * 申请.上年结转.总计 > 1"],
)  # fmt: skip
def test_what_arrays_cannot_tell(text: str, form: Form) -> None:
    assert truth(parse(text), Scope(form), Columns()) is None


def test_figures_of_peers_are_the_same_the_quick_way(form: Form) -> None:
    scope = Scope(form)
    one = formula(parse("分位(同类(申请.本年新收.总计), 75%) >= 2"), scope)
    peers = Peers([replace(valid(form), values={**valid(form).values, "applications.new.total": n})
                   for n in range(5)])  # fmt: skip
    values: dict[str, Any] = {**valid(form).values}
    facts = replace(valid(form), values=values, peers=peers)
    slow = one.value(facts)
    assert slow is True
    with pytest.raises(KeyError):
        one.fast(values, None)
    from auditor.rulebook.tree import PEERS

    assert one.fast({**values, PEERS: peers.memo}, None) is slow


def test_numbers_are_exact(form: Form) -> None:
    columns = Columns()
    held = truth(parse("申请.本年新收.总计 = 申请.办理总计.总计"), Scope(form), columns)
    assert held is not None
    big = 1 << 40
    pairs = [(big, big - 1), (big, big), (big + 1, big + 1), (True, 1)]
    reports = [
        replace(valid(form), values={"applications.new.total": a, "applications.total.total": b})
        for a, b in pairs
    ]
    value, sure = held(columns.table(reports))
    assert sure.tolist() == [True, True, False, False]
    assert value[:2].tolist() == [False, True]
    assert value.dtype == np.bool_


def test_an_unknown_comparison_stays_uncertain(form: Form) -> None:
    columns, scope = Columns(), Scope(form)
    one = formula(parse("申请.本年新收.总计 > 1 or 申请.上年结转.总计 > 1"), scope)
    held = truth(one.node, scope, columns)
    assert held is not None
    only = replace(valid(form), values={"applications.carried_in.total": 5})
    _, sure = held(columns.table([only]))
    assert sure.tolist() == [False]
    assert one.value(only) is not UNKNOWN
