"""The expression language: its specification as data, an oracle grammar, and its laws."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import lark
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.errors import ExpressionError, Said
from auditor.rulebook.compile import compile_fast
from auditor.rulebook.explain import BLANK, UNKNOWN, Touched, evaluate, linear, working
from auditor.rulebook.expression import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_NODES,
    Binary,
    Call,
    Constant,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Text,
    _Parser,
    kind,
    names,
    parse,
    walk,
)
from auditor.rulebook.functions import BY_ANY_NAME
from auditor.rulebook.kleene import Other, Others
from auditor.rulebook.source import load_yaml

HERE = Path(__file__).parent
CASES = load_yaml((HERE / "expressions.yaml").read_text(encoding="utf-8"))
VERDICTS = [case for case in CASES if "result" in case]
ERRORS = [case for case in CASES if "error" in case]


def resolver(*fact_maps: Mapping[str, Any]) -> Callable[[Name], tuple[str, ...]]:
    paths = list(dict.fromkeys(itertools.chain.from_iterable(fact_maps)))

    def resolve(name: Name) -> tuple[str, ...]:
        if not name.wildcard:
            return (str(name),)
        prefix = str(name).removesuffix("*")
        return tuple(path for path in paths if path.startswith(prefix))

    return resolve


def facts_of(case: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {k: BLANK if v == "□" else v for k, v in (case.get(key) or {}).items()}


def looker(facts: Mapping[str, Any]) -> Callable[[str], Any]:
    return lambda path: facts.get(path, UNKNOWN)


def known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {path: value for path, value in facts.items() if value not in (BLANK, UNKNOWN)}


# ---- the specification ---------------------------------------------------------------------------


def test_every_case_of_the_specification_says_what_it_expects() -> None:
    assert len(VERDICTS) + len(ERRORS) == len(CASES) > 150


@pytest.mark.parametrize("case", VERDICTS, ids=lambda case: case["say"])
def test_specification(case: Mapping[str, Any]) -> None:
    facts, prior = facts_of(case, "given"), facts_of(case, "prior")
    elsewhere = {
        key: [{k: BLANK if v == "□" else v for k, v in one.items()} for one in case.get(key, ())]
        for key in ("units", "peers")
    }
    everyone = (prior, *elsewhere["units"], *elsewhere["peers"])
    resolve, lookup = (
        resolver(facts, {k: v for one in everyone for k, v in one.items()}),
        looker(facts),
    )
    prior_lookup = looker(prior) if "prior" in case else None
    units, peers = (
        tuple(Other(resolve, looker(one)) for one in elsewhere[k]) for k in ("units", "peers")
    )
    others = Others(units, lambda: peers)
    node = parse(case["say"])
    found = evaluate(node, resolve, lookup, prior_lookup, others)
    expected = UNKNOWN if case["result"] == "？" else case["result"]
    assert found.value == expected
    assert type(found.value) is type(expected) or not isinstance(expected, bool)
    assert dict([found.blank_would_be] if found.blank_would_be else []) == case.get("mend", {})
    if "working" in case:
        assert working(node, resolve, lookup, prior_lookup, others=others) == case["working"]
    if "linear" in case:
        coefficients = linear(node, resolve)
        assert coefficients == (None if case["linear"] == "none" else case["linear"])
    try:
        quick = compile_fast(node, resolve)(known(facts), known(prior) if "prior" in case else None)
    except KeyError:
        return
    assert quick == expected


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case["say"])
def test_refusals(case: Mapping[str, Any]) -> None:
    say = case["say"]
    with pytest.raises(ExpressionError) as caught:
        parse(say)
    error = caught.value
    assert str(case["error"]) in str(error)
    assert 0 <= error.start <= error.end <= len(say) + 1
    assert error.said.zh
    assert error.said.en.isascii() or not say.isascii()
    if "at" in case:
        assert say[error.start : error.end] == str(case["at"])
    if "close" in case:
        assert case["close"] in error.suggestions


def test_limits_are_told() -> None:
    for text, word in (
        ("1" * (MAX_LENGTH + 1), "too long"),
        ("(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1), "nested"),
        ("非 " * (MAX_DEPTH + 1) + "甲", "nested"),
        ("-" * (MAX_DEPTH + 1) + "1", "nested"),
        ("1" + "+1" * (MAX_NODES // 2), "too big"),
    ):
        with pytest.raises(ExpressionError, match=word):
            parse(text)


def test_the_largest_expressions_can_be_evaluated() -> None:
    facts = {"a": 1}
    resolve, lookup = resolver(facts), looker(facts)
    half = MAX_NODES // 2 - 1
    for text in (
        "a" + "+a" * half,
        "a" + "*a" * half,
        "a" + "/a" * half,
        "a=a" + " and a=a" * (half // 2 - 1),
        "(" * (MAX_DEPTH - 1) + "a" + ")" * (MAX_DEPTH - 1),
        "abs(a+a*" * 40 + "a" + ")" * 40,
    ):
        node = parse(text)
        value = compile_fast(node, resolve)(facts, None)
        assert evaluate(node, resolve, lookup).value == value
        assert working(node, resolve, lookup)
        kind(node, lambda name: "number")
        linear(node, resolve)


# ---- the oracle ----------------------------------------------------------------------------------


@cache
def grammar() -> lark.Lark:
    text = (HERE / "expression.lark").read_text(encoding="utf-8")
    return lark.Lark(text, parser="lalr", lexer="basic", propagate_positions=True)


def folded(text: str) -> str:
    wide = (
        c if c == "＂" or not "！" <= c <= "～" else unicodedata.normalize("NFKC", c) for c in text
    )
    return "".join(wide)


ONE_SIGN = {"=": "==", "≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/", "−": "-"}


def oracle(text: str) -> Node | None:
    """The tree according to the grammar; None if it refuses."""
    try:
        return plant(grammar().parse(folded(text)), text)
    except (lark.UnexpectedInput, LookupError):
        return None


def plant(tree: Any, text: str) -> Node:
    below = tree.children
    match tree.data:
        case "number":
            written = str(below[0])
            if written.endswith("%"):
                return Number(Decimal(written[:-1]) / 100)
            return Number(Decimal(written) if "." in written else int(written))
        case "text":
            return Text(text[below[0].start_pos + 1 : below[0].end_pos - 1])
        case "name":
            return plant_name(text[below[0].start_pos : below[0].end_pos])
        case "call":
            args = [plant(arg, text) for arg in below[1:] if arg is not None]
            return Call(BY_ANY_NAME[str(below[0])].name, tuple(args))
        case "not_":
            return Not(plant(below[0], text))
        case "negate":
            return Negate(plant(below[1], text))
        case "or_" | "and_" as op:
            return Binary(op.rstrip("_"), plant(below[0], text), plant(below[1], text))
    left, op, right = below
    return Binary(ONE_SIGN.get(op, str(op)), plant(left, text), plant(right, text))


def plant_name(written: str) -> Name:
    parts, inside = [""], False
    for sign in written:
        if sign in "「」":
            inside = sign == "「"
        elif not inside and folded(sign) == ".":
            parts.append("")
        else:
            parts[-1] += sign if inside else folded(sign)
    wildcard = folded(written).endswith(".*")
    return Name(tuple(parts[:-1] if wildcard else parts), wildcard)


def syntax(text: str) -> Node | None:
    """The tree by the engine's own parser, kinds unchecked as in the grammar; None if refused."""
    try:
        return _Parser(text).whole()
    except ExpressionError:
        return None


NUMBERS = ("甲", "乙", "b", "组.一.总计")
LIST = Name(("组",), wildcard=True)
TEXTS = ("文", "「说 明」")
LEVELS = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6}
SPELLINGS = {
    "or": (" or ", " 或 "),
    "and": (" and ", " 且 "),
    "==": ("=", "==", "＝", " = "),
    "!=": ("!=", "≠", "！＝"),
    "<": ("<", "＜"),
    "<=": ("<=", "≤", "＜＝"),
    ">": (">", "＞"),
    ">=": (">=", "≥"),
    "+": ("+", "＋", " + "),
    "-": ("-", "－", "−"),
    "*": ("*", "×", "＊"),
    "/": ("/", "÷", "／"),
}


def a_name(written: str) -> Name:
    return Name(tuple(part.strip("「」") for part in written.split(".")))


literals = st.one_of(
    st.integers(0, 30).map(Number),
    st.sampled_from(("0.5", "12.25", "0.9")).map(lambda text: Number(Decimal(text))),
)
plain_names = st.sampled_from(NUMBERS).map(a_name)
texts = st.one_of(
    st.sampled_from(TEXTS).map(a_name), st.sampled_from(("", "无", "共 3 件")).map(Text)
)


def wider_numbers(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(st.one_of(inner, st.just(LIST)), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(Binary, st.sampled_from("+-"), inner, inner),
        st.builds(Negate, inner),
        st.builds(Call, st.sampled_from(("sum", "max", "min", "count")), several),
        st.builds(Call, st.just("abs"), st.tuples(inner)),
    )


def logic_over(numbers: st.SearchStrategy[Node], *more: st.SearchStrategy[Node]) -> Any:
    compared = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
    leaves = st.one_of(
        st.builds(Binary, compared, numbers, numbers),
        st.builds(Binary, st.just("=="), numbers, numbers),
        *more,
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Binary, st.sampled_from(("and", "or")), inner, inner), st.builds(Not, inner)
        ),
        max_leaves=4,
    )


numbers = st.recursive(st.one_of(literals, plain_names, plain_names), wider_numbers, max_leaves=6)
textual = st.one_of(
    st.builds(Binary, st.sampled_from(("==", "!=")), texts, texts),
    st.builds(Call, st.just("contains"), st.lists(texts, min_size=2, max_size=3).map(tuple)),
    st.builds(lambda t, n: Binary("<", Call("length", (t,)), n), texts, literals),
)
with_prior = st.one_of(numbers, st.builds(Call, st.just("prior"), st.tuples(numbers)))
knowing = st.builds(Call, st.just("known"), st.tuples(with_prior))
conditions = logic_over(with_prior, textual, knowing, st.just(Name(("有",))))
anything = st.one_of(with_prior, conditions)


def shown(node: Node, pick: Callable[[Any], Any], least: int = 0) -> str:
    """The expression as text, in one of the many ways to write it."""
    text, level = written(node, pick)
    if level < least or pick((False, False, False, True)):
        return pick(("({})", "（{}）", "( {} )")).format(text)
    return text


def written(node: Node, pick: Callable[[Any], Any]) -> tuple[str, int]:
    match node:
        case Number(value=value):
            return str(value), 8
        case Text(value=value):
            return pick(('"{}"', "“{}”")).format(value), 8
        case Name(parts=parts, wildcard=wildcard):
            quoted = (f"「{p}」" if " " in p or pick((False, False, True)) else p for p in parts)
            return pick((".", "．")).join((*quoted, "*") if wildcard else quoted), 8
        case Not(operand=operand):
            return pick(("not {}", "非 {}")).format(shown(operand, pick, 3)), 3
        case Negate(operand=operand):
            return pick(("-{}", "－ {}")).format(shown(operand, pick, 7)), 7
        case Call(name=name, args=args):
            names_ = (name, BY_ANY_NAME[name].chinese)
            inside = pick((",", "， ")).join(
                str(a) if isinstance(a, Name) and a.wildcard else shown(a, pick) for a in args
            )
            return f"{pick(names_)}({inside})", 8
    level = LEVELS.get(node.op, 4)
    left = shown(node.left, pick, level + (level == 4))
    return left + pick(SPELLINGS[node.op]) + shown(node.right, pick, level + 1), level


@given(anything, st.randoms(use_true_random=False))
def test_both_parsers_read_back_what_was_written(node: Node, random: Any) -> None:
    text = shown(node, random.choice)
    assert parse(text) == node
    assert oracle(text) == node


WORDS = (
    *(
        "甲",
        "b",
        "或",
        "且",
        "非",
        "or",
        "and",
        "not",
        "组.*",
        "甲.或",
        "「且」",
        "合计",
        "max",
        "上年",
    ),
    *(
        "1",
        "2.5",
        "90%",
        "３",
        "“无”",
        '"x y"',
        "(",
        ")",
        "（",
        "）",
        ",",
        "，",
        "+",
        "-",
        "*",
        "/",
        "×",
    ),
    *("=", "==", "!=", "≠", "<", "<=", "≥", ".", "%", "「", "」", "“", '"', "!", "；", " ", "　"),
)


@settings(max_examples=500)
@given(st.lists(st.sampled_from(WORDS), max_size=9), st.sampled_from(("", " ")))
@example(["甲", "=", "b", "=", "1"], "")
def test_both_parsers_accept_and_refuse_the_same_soup(words: list[str], gap: str) -> None:
    text = gap.join(words)
    assert syntax(text) == oracle(text)


@settings(max_examples=300)
@given(st.text(alphabet='甲a1.*+-=<>!()（）,，。“”"「」％%＝ 　\n²①_＂', max_size=10))
def test_both_parsers_accept_and_refuse_the_same_characters(text: str) -> None:
    assert syntax(text) == oracle(text)


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    try:
        node = parse(text)
    except ExpressionError:
        return
    assert list(names(node)) == [n for n in walk(node) if isinstance(n, Name)]


@given(anything, st.randoms(use_true_random=False))
def test_every_span_reads_back_as_its_node(node: Node, random: Any) -> None:
    text = shown(node, random.choice)
    for part in walk(parse(text)):
        assert syntax(text[part.start : part.end]) == part


# ---- the laws of evaluation ----------------------------------------------------------------------

PATHS = (*(str(a_name(n)) for n in NUMBERS), "组.二")
RESOLVE = resolver(PATHS)
counts = st.integers(-3, 30)
amounts = st.decimals(-30, 30, places=2)
values = st.one_of(counts, counts, amounts)
text_facts = {"文": "本年无此项", "说 明": "共 3 件", "有": True}
full = st.fixed_dictionaries(dict.fromkeys(PATHS, values)).map(lambda f: f | text_facts)
partial = st.fixed_dictionaries({}, optional=dict.fromkeys(PATHS, values)).map(
    lambda f: f | text_facts
)


def slow(node: Node, facts: Mapping[str, Any], prior: Mapping[str, Any] | None = None) -> Any:
    return evaluate(node, RESOLVE, looker(facts), None if prior is None else looker(prior)).value


def fast(node: Node, facts: Mapping[str, Any], prior: Mapping[str, Any] | None = None) -> Any:
    try:
        return compile_fast(node, RESOLVE)(known(facts), None if prior is None else known(prior))
    except KeyError:
        return None


@settings(max_examples=400)
@given(anything, full, full)
def test_fast_and_slow_agree_on_what_is_known(node: Node, facts: Any, prior: Any) -> None:
    quick = fast(node, facts, prior)
    careful = slow(node, facts, prior)
    if quick is None:
        assert careful is UNKNOWN or any(isinstance(n, Binary) and n.op == "/" for n in walk(node))
    else:
        assert type(quick) is type(careful)
        assert quick == careful
    assert not isinstance(careful, float)


@settings(max_examples=400)
@given(anything, partial, st.one_of(st.none(), partial))
def test_the_fast_path_never_contradicts_the_slow_one(node: Node, facts: Any, prior: Any) -> None:
    quick = fast(node, facts, prior)
    if quick is not None:
        assert quick == slow(node, facts, prior)


@settings(max_examples=400)
@given(logic_over(with_prior, textual), partial, full, partial)
def test_learning_more_never_changes_a_verdict(
    node: Node, facts: Any, rest: Any, prior: Any
) -> None:
    before = slow(node, facts, prior)
    if before is not UNKNOWN:
        assert slow(node, rest | facts, rest | prior) is before


@given(conditions, conditions, partial)
def test_laws_of_kleene(x: Node, y: Node, facts: Any) -> None:
    def value(node: Node) -> Any:
        return slow(node, facts, facts)

    both, either = Binary("and", x, y), Binary("or", x, y)
    assert value(both) is value(Binary("and", y, x))
    assert value(either) is value(Binary("or", y, x))
    assert value(Not(both)) is value(Binary("or", Not(x), Not(y)))
    assert value(Not(either)) is value(Binary("and", Not(x), Not(y)))
    assert value(Not(Not(x))) is value(x)
    if value(x) is False:
        assert value(both) is False
    if value(x) is True:
        assert value(either) is True
    if value(x) is UNKNOWN and value(y) is not False:
        assert value(both) is UNKNOWN


def fillings(facts: Mapping[str, Any], upto: int) -> Iterator[dict[str, Any]]:
    blanks = [path for path, value in facts.items() if value is BLANK]
    for chosen in itertools.product(range(upto + 1), repeat=len(blanks)):
        yield {**facts, **dict(zip(blanks, chosen, strict=True))}


@settings(max_examples=400, deadline=None)
@given(logic_over(numbers, textual), full, st.sets(st.sampled_from(PATHS), min_size=1, max_size=2))
def test_blanks_are_judged_soundly(node: Node, facts: Any, blanks: set[str]) -> None:
    facts = facts | dict.fromkeys(blanks, BLANK)
    found = evaluate(node, RESOLVE, looker(facts))
    run = compile_fast(node, RESOLVE)

    def holds(filled: Mapping[str, Any]) -> Any:
        try:
            return run(filled, None)
        except KeyError:
            return slow(node, filled)

    if found.value is False:
        assert not any(holds(filled) is True for filled in fillings(facts, 30 // len(blanks)))
    if found.value is True and found.blank_paths:
        assert holds(facts | dict.fromkeys(blanks, 0)) is True
    if found.blank_would_be:
        assert found.value is UNKNOWN
        path, number = found.blank_would_be
        assert number >= 0
        assert slow(node, facts | {path: number}) is True


terms = st.lists(
    st.tuples(st.sampled_from("+-"), st.sampled_from(NUMBERS).map(a_name)), min_size=1, max_size=4
)


@st.composite
def sums(draw: Any) -> Node:
    (_, node), *rest = draw(terms)
    for op, name in rest:
        node = Binary(op, node, name)
    return node


@settings(max_examples=300, deadline=None)
@given(
    sums(),
    sums(),
    st.fixed_dictionaries(dict.fromkeys(PATHS, st.integers(0, 9))),
    st.sampled_from(PATHS),
)
def test_one_blank_in_an_identity_is_solved_or_refuted(
    left: Node, right: Node, facts: Any, blank: str
) -> None:
    node = Binary("==", left, right)
    found = evaluate(node, RESOLVE, looker(facts | {blank: BLANK}))
    mending = [n for n in range(200) if slow(node, facts | {blank: n}) is True]
    if not mending:
        assert found.value is False
    elif mending[0] == 0:
        assert found.value is True
    else:
        assert found.value is UNKNOWN
        assert found.blank_would_be == (blank, mending[0])


@given(sums(), sums(), full)
def test_a_linear_form_is_the_difference_of_the_sides(left: Node, right: Node, facts: Any) -> None:
    node = Binary("==", left, right)
    found = evaluate(node, RESOLVE, looker(facts))
    form = linear(node, RESOLVE) or {}
    assert sum(Fraction(facts[path]) * Fraction(x) for path, x in form.items()) == found.difference


@given(anything, partial, st.one_of(st.none(), partial))
def test_the_working_can_always_be_printed(node: Node, facts: Any, prior: Any) -> None:
    blanked = {path: BLANK if value == 3 else value for path, value in facts.items()}
    prior_lookup = None if prior is None else looker(prior)
    for language in ("zh", "en"):
        text = working(node, RESOLVE, looker(blanked), prior_lookup, language=language)
        assert text
        assert "E+" not in text


# ---- details -------------------------------------------------------------------------------------


def test_touched_facts_come_in_reading_order_without_repetition() -> None:
    node = parse("乙 + 甲 = 上年(乙) + 乙 + 合计(组.*)")
    facts = {"甲": 1, "乙": BLANK, "组.一": 3}
    found = evaluate(node, resolver(facts), looker(facts), looker({"乙": 2}))
    assert found.touched == (
        Touched("乙", False, BLANK, "乙"),
        Touched("甲", False, 1, "甲"),
        Touched("乙", True, 2, "乙"),
        Touched("组.一", False, 3, "组.*"),
    )
    assert found.blank_paths == ("乙",)
    assert found.unknown_paths == ()


def test_what_decides_is_the_evidence() -> None:
    node = parse("甲 = 1 且 乙 = 1")
    facts = {"甲": 2, "乙": 1}
    found = evaluate(node, resolver(facts), looker(facts))
    assert [fact.path for fact in found.touched] == ["甲"]
    assert (found.left, found.right, found.difference) == (2, 1, 1)


def test_a_name_may_be_a_dated_threshold() -> None:
    def resolve(name: Name) -> tuple[str, ...] | Constant:
        return Constant(Decimal("0.9")) if str(name) == "比例" else (str(name),)

    node = parse("甲 ≥ 比例 * 乙 且 甲 ≥ 比例")
    assert compile_fast(node, resolve)({"甲": 9, "乙": 10}, None) is True
    found = evaluate(node, resolve, looker({"甲": 8, "乙": 10}))
    assert found.value is False
    assert (found.left, found.right, found.difference) == (8, 9, -1)
    assert [fact.path for fact in found.touched] == ["甲", "乙"]
    assert working(node, resolve, looker({"甲": 8, "乙": 10})) == "8 < 0.9 × 10 = 9.0"
    assert linear(parse("甲 = 比例 * 乙"), resolve) == {"甲": 1, "乙": Decimal("-0.9")}


def test_a_plain_name_must_be_one_fact() -> None:
    for text in ("甲 = 1", "甲 + 1 = 2", "组.*"):
        node = parse(text)
        with pytest.raises(ExpressionError, match="not one fact"):
            compile_fast(node, lambda name: ("一", "二"))
        with pytest.raises(ExpressionError, match="not one fact"):
            evaluate(node, lambda name: ("一", "二"), looker({}))


def test_errors_of_the_resolver_come_through() -> None:
    def resolve(name: Name) -> tuple[str, ...]:
        raise ExpressionError(Said("没有", "unknown"), name.start, name.end, ("本年新收",))

    with pytest.raises(ExpressionError) as caught:
        compile_fast(parse("1 + 本年新手 = 2"), resolve)
    assert (caught.value.start, caught.value.end) == (4, 8)


def test_kinds_are_checked_with_the_names() -> None:
    kinds: dict[str, Any] = {"文": "text", "甲": "number", "有": "logic"}

    def of(text: str) -> str:
        return kind(parse(text), lambda name: kinds[str(name)])

    assert of("甲 + 1") == "number"
    assert of("文") == "text"
    assert of("有 且 甲 = 1") == "logic"
    assert of("上年(文)") == "text"
    assert of("组.*") == "list"
    for text, at in (
        ("文 + 1", (0, 1)),
        ("有 且 甲", (4, 5)),
        ("文 = 甲", (0, 5)),
        ("甲 < 文", (4, 5)),
    ):
        with pytest.raises(ExpressionError) as caught:
            of(text)
        assert (caught.value.start, caught.value.end) == at


def test_nothing_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError):
        bool(UNKNOWN)


def test_what_a_report_holds_cannot_break_a_rule() -> None:
    huge = Decimal("1E+999999")
    for text in (
        "甲 + 1 = 乙",
        "甲 * 乙 > 3",
        "甲 / 乙 = 1",
        "最大(甲, 乙) = 甲",
        "字数(甲) = 3",
        "甲 = 乙",
    ):
        for facts in ({"甲": "三", "乙": 1}, {"甲": huge, "乙": 1}, {"甲": True, "乙": 1}):
            node = parse(text)
            evaluate(node, resolver(facts), looker(facts))
            working(parse("甲 + 乙 = 1"), resolver(facts), looker({"甲": "三", "乙": 1}))
