"""Reading what people write: positions, strictness, limits, and mistakes told in their words."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import SourceError
from auditor.rulebook import source
from auditor.rulebook.marks import Listed, Mapped, Mark
from auditor.rulebook.source import Limits, context, load_yaml
from auditor.text import width


@pytest.fixture(params=["c", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both of PyYAML's parsers: the pure one is the fallback where libyaml is absent."""
    if request.param == "pure":
        monkeypatch.setattr(source, "_Parser", yaml.SafeLoader)
    return str(request.param)


def refusal(text: str, **options: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        load_yaml(text, **options)
    return caught.value


def mistake_in(text: str) -> SourceError | None:
    try:
        load_yaml(text)
    except SourceError as error:
        return error
    return None


# ---- values --------------------------------------------------------------------------------------

VALUES = [
    ("12", 12),
    ("-3", -3),
    ("+3", 3),
    ("0", 0),
    ("12.5", Decimal("12.5")),
    ("-0.85", Decimal("-0.85")),
    ("true", True),
    ("false", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("90%", "90%"),
    ("2024-01-31", "2024-01-31"),
    ("2024-01-31 12:30:00", "2024-01-31 12:30:00"),
    ("第3项", "第3项"),
    ("３", "３"),
    ("1.2.3", "1.2.3"),
    ("-", None),
    ("- 1", [1]),
    ("y", "y"),
    ("nothing", "nothing"),
    ("'no'", "no"),
    ('"012"', "012"),
    ("'1.10'", "1.10"),
    ('"a\\u4e2d\\n"', "a中\n"),
    ("|\n  no\n  12", "no\n12"),
    (">\n  一\n  二", "一 二"),
    ("本年新收 + 上年结转 = 办理总计", "本年新收 + 上年结转 = 办理总计"),
    ("说明文字\n  接着写", "说明文字 接着写"),
    ("[1, 二, {丙: 3}]", [1, "二", {"丙": 3}]),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values(parser: str, text: str, value: object) -> None:
    if text == "-":
        assert load_yaml("- \n- ") == [None, None]
        return
    found = load_yaml(text)
    assert found == value
    assert type(found) is type(value) or isinstance(found, list)
    if not text.startswith("- "):
        assert load_yaml(f"键: {text}")["键"] == value


def test_an_empty_text_is_nothing(parser: str) -> None:
    assert load_yaml("") is None
    assert load_yaml("# nur ein Kommentar\n") is None
    assert load_yaml("---\n") is None


def test_whole_keys_become_text(parser: str) -> None:
    assert load_yaml("2019: 0.85\n2021: 0.9") == {"2019": Decimal("0.85"), "2021": Decimal("0.9")}


def test_a_byte_order_mark_is_dropped(parser: str) -> None:
    found = load_yaml("\ufeffa: 1")
    assert found == {"a": 1}
    assert found.marks_of_keys["a"] == Mark(1, 1, 1)


JSON_TEXT = (
    '{"a":1,"b":[1.10,-2.5e-3,true,null,"\\/\\u00e9\\ud83d\\ude00\\\\ud83d"],\n "c":{}, "no":"no"}'
)


def test_json_is_read_exactly(parser: str) -> None:
    found = load_yaml(JSON_TEXT, strict=False)
    assert found == json.loads(JSON_TEXT, parse_float=Decimal)
    assert isinstance(found["b"][0], Decimal)
    assert found.marks_of_values["c"].line == 2


def test_json_may_be_indented_with_tabs() -> None:
    assert load_yaml('{\n\t"a": [\n\t\t1,\n\t\t2\n\t]\n}') == {"a": [1, 2]}


json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.decimals(-1000, 1000, places=3).map(float),
        st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn", "Co")), max_size=8),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text("ab中 :,#'-", max_size=4), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(json_values, st.booleans(), st.sampled_from((None, 2)))
def test_every_json_text_reads_as_json_does(value: Any, ascii_only: bool, indent: Any) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    if isinstance(value, dict | list):
        assert load_yaml(text, strict=False) == json.loads(text, parse_float=Decimal)


# ---- positions -----------------------------------------------------------------------------------


def test_positions(parser: str) -> None:
    found = load_yaml(
        "# 注\n- 编号: A01\n  示例:\n    合格: [{甲: 3}, 四]\n  文: |\n    一\n    二\n"
    )
    assert isinstance(found, Listed)
    assert found.mark.line == 2
    [rule] = found
    assert isinstance(rule, Mapped)
    assert (found.marks[0].line, found.marks[0].column) == (2, 3)
    assert rule.marks_of_keys["编号"] == Mark(2, 3, 2)
    assert rule.marks_of_values["编号"] == Mark(2, 7, 3)
    inner = rule["示例"]["合格"]
    assert inner.marks[1] == Mark(4, 18, 1)
    assert inner[0].marks_of_values["甲"] == Mark(4, 14, 1)
    assert rule.marks_of_values["文"] == Mark(5, 6, 1)


def test_lines_end_as_in_editors(parser: str) -> None:
    for end in ("\n", "\r\n", "\r"):
        found = load_yaml(f"a: 1{end}b:{end}  c: 2{end}")
        assert found["b"].marks_of_keys["c"] == Mark(3, 3, 1)


# ---- traps ---------------------------------------------------------------------------------------

TRAPS = """yes No ON off True NULL 012 -007 00 0.50 1.10 1.0 12:30 1:30:00 1_000 0x1F 0o17 0b1 1e3
-1.5E+3 .inf -.Inf .nan 012.5"""


@pytest.mark.parametrize("word", TRAPS.split())
def test_traps_are_refused_with_the_cure(parser: str, word: str) -> None:
    error = refusal(f"甲: 1\n乙:  {word}  # 注")
    assert (error.line, error.column, error.length) == (2, 5, len(word))
    assert error.suggestions == (f"'{word}'",)
    assert word in error.said.zh
    assert "quotes" in error.said.en
    assert load_yaml(f"乙: '{word}'") == {"乙": word}
    assert refusal(f"{word}: 1").column == 1


@pytest.mark.parametrize("word", ["yes", "012", "12:30", "1_000", ".inf", "True"])
def test_without_strictness_traps_are_text(word: str) -> None:
    assert load_yaml(f"甲: {word}", strict=False) == {"甲": word}


# ---- refusals ------------------------------------------------------------------------------------

COLON, SPACE, INDENT = "半角冒号", "冒号后面要有空格", "缩进"
REFUSED = [
    ("编号：A01\n名称: x\n", COLON, 1, 3),
    ("编号：A01", COLON, 1, 3),
    ("编号：A01\n名称：x\n", COLON, 2, 3),
    ("a: 1\n编号：A01\nb: 2\n", COLON, 2, 3),
    ("a: 1\n编号：A01\n", COLON, 2, 3),
    ("- 编号：A01\n  名称: x\n", COLON, 1, 5),
    ("- 编号: A01\n  名称：x\n  表: y", COLON, 2, 5),
    ("- 编号: A01\n    名称：x\n", COLON, 2, 7),
    ("a:1\nb: 2", SPACE, 1, 3),
    ("- 编号:A01\n  名称: x\n", SPACE, 1, 6),
    ("a:\n\tb: 1\n", "制表符", 2, 1),
    ("a: 1\n\tb: 1\n", "制表符", 2, 1),
    ("a: 'x\nb: 1\n", "引号没有配对", 1, 4),
    ('a: "x\nb: 1\n', "引号没有配对", 1, 4),
    ('a: "x" y', "引号后面还有文字", 1, 8),
    ("a: [1, 2\nb: 3", "括号没有配对", 1, 4),
    ("a: {x: 1\nb: 2", "括号没有配对", 1, 4),
    ("a: [1]]", "多了一个括号", 1, 7),
    ("]", "多了一个括号", 1, 1),
    ("a: 1\n  b: 2\n", INDENT, 2, 4),
    (" a: 1\nb: 2", INDENT, 2, 1),
    ("a:\n  b: 1\n c: 2\n", INDENT, 3, 2),
    ("- a\nb: 1", INDENT, 2, 1),
    ("a: 1\n   - b", INDENT, 2, 4),
    ("a: @x", "请加引号", 1, 4),
    ("a: `x`", "请加引号", 1, 4),
    ("a: b: c", "文字里有冒号", 1, 5),
    ("a: - b", "列表要从下一行开始", 1, 4),
    ("a: |x\n b", "下一行开始", 1, 5),
    ("a: &x 1", "锚点", 1, 4),
    ("a: *x", "锚点", 1, 4),
    ("a: &x [*x]", "锚点", 1, 4),
    ("a: !!str 1", "标记", 1, 4),
    ("a: ! 1", "标记", 1, 4),
    ("a: !!python/object:os.system {}", "标记", 1, 4),
    ("<<: {}", "合并键", 1, 1),
    ("a: 1\n---\nb: 2", "只能有一份", 2, 1),
    ("a: 1\nb: 2\na: 3", "第 1 行和第 3 行", 3, 1),
    ("2: 1\n'2': 3", "写了两次", 2, 1),
    ("? [a]\n: 1", "键应当是文字", 1, 3),
    ("true: 1", "键应当是文字", 1, 1),
    ("~: 1", "键应当是文字", 1, 1),
    ("1.5: 1", "键应当是文字", 1, 1),
    ("a: \x07", "U+0007", 1, 4),
    ("a: 1\nb: x\u2028y", "U+2028", 2, 5),
    ("a: \ud800", "U+D800", 1, 4),
    ("a: \x00", "U+0000", 1, 4),
]


@pytest.mark.parametrize(("text", "word", "line", "column"), REFUSED)
def test_refusals(parser: str, text: str, word: str, line: int, column: int) -> None:
    error = refusal(text)
    assert word in error.said.zh
    assert (error.line, error.column) == (line, column)
    assert error.said.en


def test_unknown_escapes(parser: str) -> None:
    error = refusal('a: 1\nb: "\\d+"')
    assert "反斜杠" in error.said.zh
    assert error.line == 2


def test_colons_in_texts_are_fine(parser: str) -> None:
    text = "说明: 例如：收到三件\n网址: http://a.b/c\n名称：: 1\n长: 注意\n  这里有，例如：三件\n"
    found = load_yaml(text)
    assert found["说明"] == "例如：收到三件"
    assert found["长"] == "注意 这里有，例如：三件"
    assert load_yaml("- 例如：三件") == ["例如：三件"]


# ---- limits --------------------------------------------------------------------------------------


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_limits(parser: str) -> None:
    assert load_yaml(nested(40))
    assert "40 levels" in refusal(nested(41)).said.en
    assert load_yaml("[1, 2]", limits=Limits(nodes=3)) == [1, 2]
    assert "more than 3" in refusal("[1, 2, 3]", limits=Limits(nodes=3)).said.en
    assert "5 MB" in refusal("中" * 2_000_000).said.zh


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "{a: " * 100_000,
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "a: &a {k: 1}\nb: {<<: [*a, *a]}",
        'a: "' + "x\n" * 200_000,
        "[" + "1," * 250_000,
        "1" * 1_000_000,
        "a: " + "9" * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_files_cost_little(text: str) -> None:
    before = time.process_time()
    error = mistake_in(text)
    assert time.process_time() - before < 10  # not for ever, on any machine
    if error:
        assert error.line >= 1
        assert error.column >= 1


@settings(max_examples=300)
@given(st.text(alphabet="ab甲乙：: -\n\t[]{},'\"#|>&*!%@?0.1~", max_size=30))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    error = mistake_in(text)
    if error:
        assert 1 <= error.line <= text.count("\n") + 2
        assert error.column >= 1
        assert error.length >= 1
        assert context(text, error.line, error.column, error.length)


# ---- showing a place -----------------------------------------------------------------------------


def test_the_caret_stands_below_what_is_wrong() -> None:
    assert context("甲: 1\n本年新手 + b", 2, 1, 4) == "本年新手 + b\n^^^^^^^^"
    assert context("甲: 1\n本年新手 + bc", 2, 8, 2) == "本年新手 + bc\n" + " " * 11 + "^^"
    assert context("a\tb", 1, 3, 1) == "a b\n  ^"
    assert context("a", 1, 2, 1) == "a\n ^"
    assert context("a", 7, 1, 1) == "\n^"
    assert context("a\r\nbc\r\n", 2, 2, 1) == "bc\n ^"


def test_a_long_line_is_cut_around_the_place() -> None:
    shown, caret = context("中" * 500 + "x" + "中" * 500, 1, 501, 1).split("\n")
    assert len(shown) <= 120
    assert shown[len(caret) // 2] == "x"
    assert width(shown[: len(caret) // 2]) == len(caret) - 1
