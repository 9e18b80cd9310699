"""The expression language: text to tree.

The grammar, lowest precedence first (`tests/expression.lark` is the same thing for machines):

    or  ·  and  ·  not  ·  = != < <= > >= (not chained)  ·  + -  ·  * /  ·  unary -
    number  ·  "text"  ·  name  ·  f(x, y)  ·  (x)

Names are only read here; what they mean is the business of a `Resolver`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from auditor.errors import ExpressionError, Said
from auditor.rulebook.functions import BY_ANY_NAME, Function, Kind
from auditor.rulebook.kinds import check, kind
from auditor.rulebook.numbers import divide, rounded
from auditor.rulebook.spelling import near
from auditor.rulebook.tree import (
    Binary,
    Call,
    Constant,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Resolver,
    Text,
    addends,
    children,
    dated_names,
    names,
    operands,
    walk,
)
from auditor.text import nfkc

__all__ = [
    "Binary",
    "Call",
    "Constant",
    "Kind",
    "Name",
    "Negate",
    "Node",
    "Not",
    "Number",
    "Resolver",
    "Text",
    "addends",
    "check",
    "children",
    "dated_names",
    "kind",
    "names",
    "operands",
    "parse",
    "walk",
]

MAX_LENGTH = 2_000
MAX_DEPTH = 50
MAX_NODES = 500

# ---- text to tokens ----------------------------------------------------------------------------

# Full-width signs, digits and letters one by one, so that offsets stay; the full-width quotation
# mark is left out because it would close a text that holds it.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF02}

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<number>[0-9]+(?:\.[0-9]+)?%?(?!\w))
    | (?P<text>"[^"]*"|“[^“”]*”)
    | (?P<name>(?:[^\W\d]\w*|「[^「」]+」)(?:\.(?:[^\W\d]\w*|「[^「」]+」))*(?:\.\*)?)
    | (?P<sign>==|!=|<=|>=|[-=<>≠≤≥+*/()×÷−,])""",
    re.VERBOSE,
)
_SEGMENT = re.compile(r"「([^「」]+)」|([^\W\d]\w*)")
_SIGNS = {"=": "==", "≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/", "−": "-"}
_WORDS = {"or": "or", "或": "or", "and": "and", "且": "and", "not": "not", "非": "not"}

_POWER = {"or": 1, "and": 2, "not": 3}
_POWER |= dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), 4)
_POWER |= {"+": 5, "-": 5, "*": 6, "/": 6, "negate": 7}
_COMPARING = 4

_UNREADABLE = (
    (re.compile('["“]'), Said("引号没有配对", "this quotation mark is never closed")),
    (re.compile("「」"), Said("「」里没有名称", "there is no name between the brackets 「」")),
    (re.compile("「"), Said("「没有配对", "this bracket 「 is never closed")),
    (
        re.compile(r"[0-9.]+[万亿]"),
        Said("数要写全，如 10000", "write the number in digits alone, such as 10000"),
    ),
    (
        re.compile(r"[0-9]"),
        Said(
            "名称不能以数字开头，请加「」；数与文字之间请加空格",
            "a name cannot begin with a digit: put it in 「」, or a space after the number",
        ),
    ),
    (
        re.compile(r"\.[0-9]"),
        Said("以数字开头的一段名称请加「」", "a part that begins with a digit needs 「」"),
    ),
)


_MEANT = {
    "不大于": "<=", "不超过": "<=", "不多于": "<=", "不高于": "<=", "小于等于": "<=",
    "不小于": ">=", "不少于": ">=", "不低于": ">=", "大于等于": ">=", "至少": ">=",
    "大于": ">", "多于": ">", "超过": ">", "小于": "<", "少于": "<", "低于": "<",
    "等于": "=", "不等于": "!=", "加": "+", "减": "-", "乘": "*", "除以": "/",
    "不能超过": "<=", "不得超过": "<=", "不应超过": "<=", "不能多于": "<=", "不得多于": "<=",
    "不能大于": "<=", "不得大于": "<=", "不应大于": "<=", "不能少于": ">=", "不得少于": ">=",
    "不应少于": ">=", "不能小于": ">=", "不得小于": ">=", "应等于": "=", "应当等于": "=",
    "x": "*", "X": "*",
    "并且": "且", "而且": "且", "或者": "或", "=<": "<=", "=>": ">=",
}  # fmt: skip
"""What authors write for an operator."""


class Token(NamedTuple):
    """A word of the expression; `kind` is number, text, name, end, or the operator itself."""

    kind: str
    start: int
    end: int


def _tokens(text: str, folded: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(folded, at)
        if found is None:
            raise _unreadable(text, folded, at)
        kind, word, start, at = str(found.lastgroup), found.group(), at, found.end()
        if kind == "name":
            yield Token(_WORDS.get(word, kind), start, at)
        elif kind == "sign":
            yield Token(_SIGNS.get(word, word), start, at)
        elif kind != "space":
            yield Token(kind, start, at)
    yield Token("end", at, at)


def _unreadable(text: str, folded: str, at: int) -> ExpressionError:
    for pattern, said in _UNREADABLE:
        if pattern.match(folded, at):
            return ExpressionError(said, at, at + 1)
    sign = text[at]
    zh, en = f"这里不能有“{sign}”", f"the character '{sign}' means nothing here"
    if folded[at] == ":":
        zh, en = f"{zh}；键的后面要用半角冒号加空格（: ）", f"{en}; after a key write ': '"
    elif not text[at + 1 :].strip():
        zh, en = f"{zh}：式子末尾不用标点", f"{en}: no sign ends an expression"
    elif sign in "‘’'":
        zh, en = f"{zh}；文字用双引号", f"{en}; texts stand in double quotes"
    found = {"。": ".", "≦": "<=", "≧": ">="} if text[at + 1 :].strip() else {}
    return ExpressionError(Said(zh, en), at, at + 1, (found[sign],) if sign in found else ())


def in_signs(name: str) -> str | None:
    """A sentence without spaces as the expression that it may mean: 甲不超过乙 is 甲 <= 乙."""
    for words in sorted(_MEANT, key=len, reverse=True):
        left, found, right = name.partition(words)
        if len(words) > 1 and found and left and right:
            return f"{left} {_MEANT[words]} {right}"
    return None


# ---- tokens to tree ----------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def parse(text: str) -> Node:
    """The tree of an expression, its kinds checked as far as they show without the names."""
    if len(text) > MAX_LENGTH:
        said = Said(
            f"表达式过长：{len(text)} 字，至多 {MAX_LENGTH} 字",
            f"the expression is too long: {len(text)} characters of at most {MAX_LENGTH}",
        )
        raise ExpressionError(said, MAX_LENGTH, len(text))
    node = _Parser(text).whole()
    count = sum(1 for _ in walk(node))
    if count > MAX_NODES:
        said = Said(
            f"表达式过繁：{count} 项，至多 {MAX_NODES} 项",
            f"the expression is too big: {count} parts of at most {MAX_NODES}",
        )
        raise ExpressionError(said, 0, len(text))
    check(node)
    return node


class _Parser:
    """A Pratt parser: one loop for all operators, driven by their binding power."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = text.translate(_HALF_WIDTH)
        self.tokens = list(_tokens(text, self.folded))
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        if self.tokens[0].kind == "end":
            said = Said("表达式是空的", "the expression is empty")
            raise ExpressionError(said, 0, len(self.text))
        node = self.expression(0)
        if self.tokens[self.at].kind != "end":
            raise self.unexpected()
        return node

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, least: int) -> Node:
        left = self.operand(least)
        while least < (power := _POWER.get(self.tokens[self.at].kind, 0)) and power != 3:
            op = self.take()
            right = self.expression(power)
            left = Binary(op.kind, left, right, start=left.start, end=right.end)
            if power == _COMPARING and _POWER.get(self.tokens[self.at].kind) == _COMPARING:
                raise self.chained(left)
        return left

    def operand(self, least: int) -> Node:
        token = self.take()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            said = Said(f"嵌套过深，至多 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")
            raise ExpressionError(said, token.start, token.end)
        node = self.primary(token, least)
        self.depth -= 1
        return node

    def primary(self, token: Token, least: int) -> Node:
        match token.kind:
            case "number":
                value = _number(self.folded[token.start : token.end])
                return Number(value, start=token.start, end=token.end)
            case "text":
                value_ = self.text[token.start + 1 : token.end - 1]
                return Text(value_, start=token.start, end=token.end)
            case "name":
                return self.name_or_call(token)
            case "(":
                inner = self.expression(0)
                end = self.expect(")").end
                return replace(inner, start=token.start, end=end)
            case "-":
                operand = self.expression(_POWER["negate"] - 1)
                return Negate(operand, start=token.start, end=operand.end)
            case "not" if least < _POWER["not"]:
                operand = self.expression(_POWER["not"] - 1)
                return Not(operand, start=token.start, end=operand.end)
        self.at -= 1
        raise self.unexpected()

    def name_or_call(self, token: Token) -> Node:
        if self.tokens[self.at].kind == "(":
            return self.call(token)
        written = self.folded[token.start : token.end]
        wildcard = written.endswith(".*")
        parts = tuple(
            self.text[token.start + found.start(1) : token.start + found.end(1)]
            if found.group(1)
            else found.group(2)
            for found in _SEGMENT.finditer(written)
        )
        return Name(parts, wildcard, start=token.start, end=token.end)

    def call(self, token: Token) -> Node:
        function = self.function(token)
        self.take()
        args: list[Node] = []
        while self.tokens[self.at].kind != ")":
            args.append(self.expression(0))
            if self.tokens[self.at].kind == "end":
                raise self.unexpected(")")
            if self.tokens[self.at].kind != ")":
                self.expect(",")
                if self.tokens[self.at].kind == ")":
                    raise self.unexpected()
        return Call(function.name, tuple(args), start=token.start, end=self.take().end)

    def function(self, token: Token) -> Function:
        written = self.folded[token.start : token.end]
        if written in BY_ANY_NAME:
            return BY_ANY_NAME[written]
        said = Said(f"没有这个函数“{written}”", f"unknown function '{written}'")
        raise ExpressionError(said, token.start, token.end, near(written, BY_ANY_NAME))

    def expect(self, kind: str) -> Token:
        if self.tokens[self.at].kind != kind:
            raise self.unexpected(kind)
        return self.take()

    def unexpected(self, wanted: str = "") -> ExpressionError:
        token = self.tokens[self.at]
        start = token.start
        if token.kind in ("<", ">") and self.at and self.text[start - 1] in "=＝":
            start -= 1
        word = self.text[start : token.end]
        if token.kind == "end":
            zh, en = "表达式没有写完", "the expression is not finished"
        elif token.kind == "not":
            zh, en = f"“{word}”要与它所否定的一起放进括号", f"put '{word}' and its operand in ( )"
        else:
            zh, en = f"这里不该是“{word}”", f"'{word}' is not expected here"
            if word in ",，" and self.text[start - 1 : start].isdigit():
                zh, en = f"{zh}：数里不用千分位的逗号", f"{en}: write numbers without commas"
            elif self.text.lstrip().startswith(("如果", "若", "当", "if ")):
                zh, en = f"{zh}：条件写在“适用”里", f"{en}: conditions stand under 'when'"
        if wanted:
            zh, en = f"{zh}，缺“{wanted}”", f"{en}, '{wanted}' is missing"
        meant = _MEANT.get(nfkc(word))
        hint = () if meant is None else (meant,)
        return ExpressionError(Said(zh, en), start, max(token.end, start + 1), hint)

    def chained(self, first: Binary) -> ExpressionError:
        op = self.take()
        second = self.expression(_COMPARING)
        middle = self.text[first.right.start : first.right.end]
        whole = self.text[first.start : first.end]
        rest = f"{middle} {self.text[op.start : op.end]} {self.text[second.start : second.end]}"
        said = Said(
            f"比较不能连写，请写成：{whole} 且 {rest}",
            f"comparisons cannot be chained; write: {whole} and {rest}",
        )
        return ExpressionError(said, first.start, second.end, (f"{whole} and {rest}",))


def _number(written: str) -> int | Decimal:
    if written.endswith("%"):
        return rounded(divide(Decimal(written[:-1]), 100))
    return Decimal(written) if "." in written else int(written)
