"""An expression with its numbers in place of its names, as a person would check it on paper.

    6 + 6 + 4 + 3 + 3 + 4 = 26 ≠ 20

What is printed is a true statement: of a failing comparison the relation that really holds, of a
failing `and` its first failing part. What is not known prints as ？ and a blank as □.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from auditor.model import Value
from auditor.rulebook.functions import ACROSS, FUNCTIONS
from auditor.rulebook.kleene import Lookup, Others, Result, Sight, across, value_of
from auditor.rulebook.numbers import (
    COMPARE,
    Interval,
    Numeric,
    alike,
    is_number,
    is_terminating,
    numeral,
)
from auditor.rulebook.tree import (
    BLANK,
    UNKNOWN,
    Binary,
    Blank,
    Call,
    Constant,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Resolver,
    Text,
    Unknown,
    addends,
    operands,
)
from auditor.rulebook.wordlist import WordList

_SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "*": "×", "/": "÷"}
_CONTRARY = {"==": "≠", "!=": "=", "<": "≥", "<=": ">", ">": "≤", ">=": "<"}
_SHORT = 3  # a longer sum is printed without its zeros
_MANY = 12  # reports whose values are printed one by one
_QUOTED = 16  # characters of a text that are enough to know it by


@dataclass(frozen=True, slots=True)
class _Words:
    both: str
    either: str
    never: str
    yes: str
    no: str
    left: str
    right: str


_WORDS = {
    "zh": _Words(" 且 ", " 或 ", "非 ", "是", "否", "“", "”"),
    "en": _Words(" and ", " or ", "not ", "yes", "no", '"', '"'),
}


@dataclass(frozen=True, slots=True)
class _Page:
    """What the printing functions share: what can be seen, and the language."""

    sight: Sight
    language: str

    @property
    def words(self) -> _Words:
        return _WORDS[self.language]


def working(
    node: Node,
    resolve: Resolver,
    lookup: Lookup,
    prior_lookup: Lookup | None = None,
    *,
    language: str = "zh",
    others: Others = Others(),
) -> str:
    """The expression in numbers; `language` is `zh` or `en` (words and function names)."""
    page = _Page(Sight(resolve, lookup, prior_lookup, others=others), language)
    return _statement(node, page, prior=False)


def _statement(node: Node, page: _Page, prior: bool) -> str:
    value = value_of(node, page.sight, prior)
    match node:
        case Binary(op="and" | "or"):
            return _joined(node, value, page, prior)
        case Binary(op=op) if op in COMPARE:
            return _comparison(node, value, page, prior)
        case Not(operand=operand) if isinstance(value, bool):
            return _statement(operand, page, prior)  # the statement says by itself what holds
        case Not(operand=operand):
            return f"{page.words.never}({_statement(operand, page, prior)})"
        case Call(name="prior", args=(inner,)):
            return _statement(inner, page, prior=True)
        case Call() if isinstance(value, bool):
            text, _ = _written(node, page, prior)
            return text if value else page.words.never + text
    return _side(node, page, prior)


def _joined(node: Binary, value: Result, page: _Page, prior: bool) -> str:
    """`and`: its first failing part, or all; `or`: its first true part, or all."""
    parts = operands(node, node.op)
    decisive = node.op == "or"
    if value is decisive:
        parts = [part for part in parts if value_of(part, page.sight, prior) is decisive][:1]
    # When every part of an `or` fails, all their failures hold together.
    either = decisive and not isinstance(value, bool)
    word = page.words.either if either else page.words.both
    return word.join(_statement(part, page, prior) for part in parts)


def _comparison(node: Binary, value: Result, page: _Page, prior: bool) -> str:
    left, right = (value_of(side, page.sight, prior) for side in (node.left, node.right))
    sign = _SIGNS[node.op]
    if value is False:
        sign = _relation(node.op, left, right)
    return f"{_side(node.left, page, prior)} {sign} {_side(node.right, page, prior)}"


def _relation(op: str, left: Result, right: Result) -> str:
    """The relation that holds where `op` does not."""
    if op in ("==", "!=") or not is_number(left) or not is_number(right):
        return _CONTRARY[op]
    first, second = alike(left, right)
    return "=" if first == second else "<" if first < second else ">"


def _side(node: Node, page: _Page, prior: bool) -> str:
    """One side of a comparison: the working, and its value if that is not the same."""
    text, value = _written(node, page, prior)[0], value_of(node, page.sight, prior)
    if not is_number(value) or text == numeral(value):
        return text
    sign = "≈" if isinstance(value, Fraction) and not is_terminating(value) else "="
    return f"{text} {sign} {numeral(value)}"


# ---- terms: each as its text and how tightly it binds ------------------------------------------

_SUM, _PRODUCT, _ATOM = 1, 2, 3
_Written = tuple[str, int]


def _written(node: Node, page: _Page, prior: bool) -> _Written:
    match node:
        case Number(value=value) | Text(value=value):
            return _value(value, page)
        case Name():
            texts = [_value(value, page) for value in _facts(node, page, prior)]
            return texts[0] if len(texts) == 1 else (", ".join(t for t, _ in texts), _ATOM)
        case Negate() | Binary(op="+" | "-") | Call(name="sum"):
            return _sum(node, page, prior)
        case Binary(op="*" | "/" as op, left=left, right=right):
            first = _tight(_written(left, page, prior), _PRODUCT)
            second = _tight(_written(right, page, prior), _ATOM)
            return f"{first} {_SIGNS[op]} {second}", _PRODUCT
        case Call(name="prior", args=(inner,)):
            return _written(inner, page, prior=True)
        case Call(name=name) if name in ACROSS:
            return ", ".join(text for text, _ in _elsewhere(node, page)), _ATOM
        case Call(name=name, args=args):
            function = FUNCTIONS[name]
            shown = function.name if page.language == "en" else function.chinese
            inside = ", ".join(_written(arg, page, prior)[0] for arg in args)
            return f"{shown}({inside})", _ATOM
    return f"({_statement(node, page, prior)})", _ATOM


def _facts(name: Name, page: _Page, prior: bool) -> list[Value | WordList | Unknown | Blank]:
    meant = page.sight.meant(name)
    if isinstance(meant, Constant):
        return [meant.value]
    return [page.sight.fact(path, prior) for path in meant]


def _elsewhere(node: Call, page: _Page) -> list[_Written]:
    """The values in the other reports; of many the first few."""
    values = across(node, page.sight)
    shown = [_value(BLANK if isinstance(v, Interval) else v, page) for v in values[:_MANY]]
    return [*shown, ("…", _ATOM)] if len(values) > _MANY else shown


def _value(value: Value | Numeric | WordList | Unknown | Blank, page: _Page) -> _Written:
    if value is UNKNOWN or value is BLANK:
        return ("□" if value is BLANK else "？"), _ATOM
    if isinstance(value, bool):
        return (page.words.yes if value else page.words.no), _ATOM
    if isinstance(value, WordList):
        return value.name, _ATOM
    if isinstance(value, str):
        text = " ".join(value.split())
        short = text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
        return f"{page.words.left}{short}{page.words.right}", _ATOM
    return numeral(value), _SUM if value < 0 else _ATOM


def _tight(written: _Written, least: int) -> str:
    text, level = written
    return text if level >= least else f"({text})"


def _sum(node: Node, page: _Page, prior: bool) -> _Written:
    terms: list[tuple[int, _Written]] = []
    for sign, term in addends(node):
        if isinstance(term, Name):
            terms.extend((sign, _value(value, page)) for value in _facts(term, page, prior))
        elif isinstance(term, Call) and term.name in ACROSS:
            terms.extend((sign, written) for written in _elsewhere(term, page))
        elif value_of(term, page.sight, prior) == 0:
            terms.append((sign, _value(0, page)))
        else:
            terms.append((sign, _written(term, page, prior)))
    if len(terms) > _SHORT:
        terms = [(sign, written) for sign, written in terms if not _is_zero(written)]
    if not terms:
        return _value(0, page)
    return _chain(terms)


def _is_zero(written: _Written) -> bool:
    return written[0].strip("0") in ("", ".")


def _chain(terms: Sequence[tuple[int, _Written]]) -> _Written:
    (sign, first), *rest = terms
    if sign > 0 and not rest:
        return first
    text = first[0] if sign > 0 else "-" + _tight(first, _PRODUCT)
    for sign, written in rest:
        text += f" {'+' if sign > 0 else '-'} {_tight(written, _PRODUCT)}"
    return text, _SUM
