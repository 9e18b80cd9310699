"""Whether an expression makes sense: numbers are added, conditions joined, like meets like."""

from __future__ import annotations

from collections.abc import Callable

from auditor.errors import ExpressionError, Said
from auditor.rulebook.functions import ACROSS, FUNCTIONS, Function, Kind
from auditor.rulebook.tree import Binary, Call, Name, Negate, Node, Not, Number, Text, walk

_KINDS = {
    "number": Said("数", "a number"),
    "text": Said("文字", "text"),
    "logic": Said("判断", "a condition"),
    "list": Said("一组数", "a list"),
    "words": Said("词表", "a word list"),
}


def check(node: Node) -> None:
    """Refuse what cannot make sense whatever the names mean: `1 + "a"`, `not 3`."""
    kind(node, lambda name: "any")


def kind(node: Node, kind_of_name: Callable[[Name], Kind]) -> Kind:
    """What the expression gives; ExpressionError at the part that does not fit.

    The answer is "any" only where `kind_of_name` gave it.
    """
    match node:
        case Number():
            return "number"
        case Text():
            return "text"
        case Name():
            return "list" if node.wildcard else kind_of_name(node)
        case Not():
            return _need(node.operand, "logic", kind_of_name)
        case Negate():
            return _need(node.operand, "number", kind_of_name)
        case Call():
            return _call_kind(node, kind_of_name)
    if node.op in ("and", "or"):
        wanted: Kind = "logic"
    elif node.op in ("+", "-", "*", "/"):
        wanted = "number"
    else:
        return _comparison_kind(node, kind_of_name)
    for operand in (node.left, node.right):
        _need(operand, wanted, kind_of_name)
    return wanted


def _need(node: Node, wanted: Kind, kind_of_name: Callable[[Name], Kind]) -> Kind:
    _fits(node, kind(node, kind_of_name), (wanted,))
    return wanted


def _fits(node: Node, found: Kind, wanted: tuple[Kind, ...]) -> None:
    if found == "any" or found in wanted:
        return
    want, have = _KINDS[wanted[0]], _KINDS[found]
    zh = f"这里要的是{want.zh}，不是{have.zh}"
    en = f"{want.en} is needed here, not {have.en}"
    if found == "list":
        zh, en = f"{zh}；一组数请用“合计”等函数", f"{en}; use sum, max, min or count"
    raise ExpressionError(Said(zh, en), node.start, node.end)


def _comparison_kind(node: Binary, kind_of_name: Callable[[Name], Kind]) -> Kind:
    left, right = kind(node.left, kind_of_name), kind(node.right, kind_of_name)
    wanted: tuple[Kind, ...] = ("number",)
    if node.op in ("==", "!="):
        wanted = ("number", "text", "logic")
    _fits(node.left, left, wanted)
    _fits(node.right, right, wanted)
    if left != right and "any" not in (left, right):
        said = Said(
            f"{_KINDS[left].zh}与{_KINDS[right].zh}不能相比",
            f"{_KINDS[left].en} cannot be compared with {_KINDS[right].en}",
        )
        raise ExpressionError(said, node.start, node.end)
    return "logic"


def _call_kind(node: Call, kind_of_name: Callable[[Name], Kind]) -> Kind:
    function = FUNCTIONS[node.name]
    _check_arity(node, function)
    if function.name in _ALONE:
        _check_nesting(node, function)
    found: Kind = "any"
    for arg in node.args:
        found = kind(arg, kind_of_name)
        _fits(arg, found, function.takes)
    return found if function.gives == "any" else function.gives


def _check_arity(node: Call, function: Function) -> None:
    count, least, most = len(node.args), function.least, function.most
    if count >= least and (most is None or count <= most):
        return
    number = f"{least}" if least == most else f"{least}+"
    said = Said(
        f"函数“{function.chinese}”要 {number} 个参数，这里有 {count} 个",
        f"{function.name} takes {number} argument(s), here are {count}",
    )
    raise ExpressionError(said, node.start, node.end)


_ALONE = {"prior": ("prior", "units", "peers"), "units": ACROSS, "peers": ACROSS}
"""What cannot stand inside a function that reads other reports."""


def _check_nesting(node: Call, function: Function) -> None:
    for inner in walk(node):
        if inner is node or not isinstance(inner, Call) or inner.name not in _ALONE[node.name]:
            continue
        other = FUNCTIONS[inner.name]
        said = Said(
            f"“{function.chinese}”里不能再有“{other.chinese}”",
            f"{other.name} cannot stand inside {function.name}",
        )
        raise ExpressionError(said, inner.start, inner.end)
