"""Word lists: read, replaced, added to; what lets a match off; one scan for all rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import RulesError
from auditor.form import Form
from auditor.model import Outcome
from auditor.rulebook import sentences
from auditor.rulebook.apply import apply
from auditor.rulebook.examples import valid
from auditor.rulebook.load import load_rules
from auditor.rulebook.prepare import check_all, prepare
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.sieve import Sieve
from tests.conftest import ROOT

INDEX = '编号: t\n版本: "1.0.0"\n名称: 试\n表式: [ogi-2021]\n类别: {T: 试}\n'
RULE = """- 编号: T1
  名称: {{zh: 试, en: try}}
  依据: [某文]
  忌用: {body}
  说明: {{zh: "{{quote}}→{{应为}}", en: "{{quote}}"}}
  整改: 改
  示例: {{合格: [{{}}], 不合格: [{{总体情况: x}}]}}
"""
Make = Callable[..., RuleSet]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    def make(body: str, words: str = "", name: str = "t", more: str = "") -> RuleSet:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "ruleset.yaml").write_text(INDEX + more, "utf-8")
        (folder / "rules.yaml").write_text(RULE.format(body=body), "utf-8")
        if words:
            (folder / "words.yaml").write_text(words, "utf-8")
        return load_rules(folder)

    return make


def found(rules: RuleSet, forms: tuple[Form, ...], text: str) -> list[str]:
    """The messages of the rule on a report with this overview."""
    form = next(f for f in forms if f.id == "ogi-2021")
    facts = valid(form)
    facts.values["overview.text"] = text  # type: ignore[index]
    try:
        result = apply(prepare(rules, form, None)[0], facts)
    finally:
        valid.cache_clear()
    return [f.message.zh for f in result.findings if f.outcome is Outcome.FAIL]


CASES: list[tuple[str, str, str, list[str]]] = [
    ("{词表: 表}", "表: [甲, 乙]", "丙乙", ["乙→"]),
    ("{词表: 表}", "表: {词: [甲], 式: ['z[0-9]{3}']}", "az123", ["z123→"]),
    ("{词表: 表}", "表: {应为: {布署: 部署}}", "布署", ["布署→部署"]),
    ("{词表: 表}", "表: {应为: {'第（([0-9]+号)）': [1号, 2号]}}", "第（3号）", ["3号→1号／2号"]),
    ("{词表: 表}", "表: {应为: {'第（([0-9]+号)）': [1号, 2号]}}", "第（2号）", []),
    ("{词表: 表}", "表: {应为: {'（([^（）]+号)）': 〔2021〕30号}}", "（[2021]30号）", []),
    ("{词: [甲], 除非: [甲乙]}", "", "甲乙", []),
    ("{词: [甲], 除非: [甲乙]}", "", "甲乙甲", ["甲→"]),
    ("{词: [甲], 附近: [表]}", "表: [丁]", "丙。甲丁", ["甲→"]),
    ("{词: [甲], 附近: [丁]}", "", "丁。甲", []),
    ("{词: [甲], 附近无: [丁]}", "", "丁甲", []),
    ("{词: [甲], 附近无: [丁]}", "", "丁；甲", ["甲→"]),
    ("{词: [甲, 乙], 按: 篇}", "", "甲甲乙", ["甲、乙→？"]),
    ("{词: [甲, 乙], 至少: 2}", "", "甲甲", []),
    ("{式: ['x([0-9]+)y']}", "", "x41y", ["41→"]),
    ("{式: ['(x|z)([0-9]+)[)y]']}", "", "x41y z7)", ["x41y→", "z7)→"]),
    ("{式: ['(x|z)([0-9]+)', 'v(w)']}", "", "x41 vw", ["x41→", "w→"]),
    ("{式: ['x([0-9]+)'], 校验: 银行卡}", "", "x4111111111111111 x4111111111111112", ["4111111111111111→"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "words", "text", "expected"), CASES)
def test_what_is_found(
    made: Make, forms: tuple[Form, ...], body: str, words: str, text: str, expected: list[str]
) -> None:
    assert found(made(body, words), forms, text) == expected


MISTAKES: list[tuple[str, str, str]] = [
    ("{词表: 表甲}", "表乙: [甲]", "没有词表"),
    ("{词表: 表}", "表: 3", "应当是“键: 值”"),
    ("{词表: 表}", "表: [3]", "文字"),
    ("{词表: 表}", "表: {式: ['(?=a)']}", "正则表达式有误"),
    ("{词表: 表}", "表: {加: [甲]}", "没有可改的词表"),
    ("{词表: 表}", "表: {多: [甲]}", "没有这个键"),
    ("{词: [甲], 校验: 门牌}", "", "校验不能是"),
    ("{词: [甲], 附近: ['(']}", "", "正则表达式有误"),
    ("{词: [甲], 按: 字}", "", "按不能是"),
    ("{词: [甲], 至少: 0}", "", "正整数"),
]


@pytest.mark.parametrize(("body", "words", "expected"), MISTAKES)
def test_mistakes_of_authors(
    made: Make, forms: tuple[Form, ...], body: str, words: str, expected: str
) -> None:
    with pytest.raises(RulesError) as caught:
        check_all(made(body, words), forms)
    assert any(expected in mistake.said.zh for mistake in caught.value.mistakes)


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("表: [丙]", "甲丙", ["丙→"]),
        ("表: {加: [丙]}", "甲丙", ["甲→", "丙→"]),
        ("表: {去: [甲]}", "甲乙", ["乙→"]),
        ("表: {加: {式: ['z[0-9]+']}, 去: [甲]}", "甲z7", ["z7→"]),
        ("别的: [丙]", "甲丙", ["甲→"]),
    ],
)
def test_a_local_set_changes_a_list(
    made: Make, forms: tuple[Form, ...], words: str, text: str, expected: list[str]
) -> None:
    made("{词表: 表}", "表: [甲, 乙]", name="ground")
    local = made("{词表: 表}", words, name="local", more="沿用: ground\n")
    assert found(local, forms, text) == expected


def test_taking_out_what_is_not_there_is_a_mistake(made: Make) -> None:
    made("{词表: 表}", "表: [甲]", name="ground")
    with pytest.raises(RulesError):
        made("{词表: 表}", "表: {去: [乙]}", name="local", more="沿用: ground\n")


def test_the_local_example_changes_a_shipped_list(ruleset: RuleSet) -> None:
    local = load_rules(ROOT / "rules" / "ogi-local-example").words["其他工作"].words
    shipped = ruleset.words["其他工作"].words
    assert set(local) - set(shipped) == {"文明创建", "招商推介会"}
    assert set(shipped) - set(local) == {"口号"}


def test_a_sieve_that_gave_up_lets_everything_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """RE2 says "nothing found" when it runs out of memory: that must never be a pass."""
    sieve = Sieve()
    number = sieve.add(["a"], "甲")
    assert not sieve.may_match(number, {"a": "乙"})
    assert sieve.may_match(number, {"a": "甲"})

    class Tired:
        def Match(self, text: str) -> None:  # noqa: N802 - RE2's own name
            return None

    tired = Sieve()
    number = tired.add(["a"], "甲")
    monkeypatch.setattr(tired, "_compiled", Tired)
    assert tired.may_match(number, {"a": "乙"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一是甲；二是乙；三是丙。", 3),
        ("一是甲；三是丙。", 1),
        ("（一）甲。（二）乙。", 2),
        ("1.甲。2.乙。增长1.5倍。", 2),
        ("第一，甲。第二，乙。", 2),
        ("一要甲，二要乙", 2),
        ("没有分点", 0),
        ("十一是甲", 0),
    ],
)
def test_items(text: str, expected: int) -> None:
    assert sentences.items(text) == expected


@pytest.mark.parametrize(
    "pattern", ["^乙", "(?m)^乙", "乙$", "(?m)丙?乙$", r"\A乙", r"乙\z", r"\Q乙"]
)
@pytest.mark.parametrize("texts", [["乙", "甲"], ["甲", "乙"], ["甲", "乙", "甲"]])
def test_a_sieve_knows_where_each_text_begins_and_ends(pattern: str, texts: list[str]) -> None:
    sieve = Sieve()
    values = dict(zip("abc", texts, strict=False))
    number = sieve.add(values, pattern)
    assert sieve.may_match(number, values)
