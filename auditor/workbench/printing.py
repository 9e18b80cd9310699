"""An expression tree as the text that an author would write."""

from __future__ import annotations

import re
from decimal import Decimal

from auditor.rulebook.functions import FUNCTIONS
from auditor.rulebook.tree import Binary, Call, Name, Negate, Node, Not, Number, Text
from auditor.text import written

_POWER = {"or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4}
_POWER |= {"+": 5, "-": 5, "*": 6, "/": 6}
_NOT, _NEGATE = 3, 7
_PLAIN = re.compile(r"[^\W\d]\w*")


def printed(node: Node) -> str:
    """The text of an expression; parsing it gives the same tree."""
    return _text(node, 0)


def _text(node: Node, least: int) -> str:
    """The text, in brackets where its operator binds less than `least`."""
    match node:
        case Binary(op=op, left=left, right=right):
            power = _POWER[op]
            sides = f"{_text(left, power)} {_sign(op)} {_text(right, power + 1)}"
            return f"({sides})" if power < least else sides
        case Not(operand=operand):
            inner = f"not {_text(operand, _NOT)}"
            return f"({inner})" if least > _NOT else inner
        case Negate(operand=operand):
            inner = f"-{_text(operand, _NEGATE)}"
            return f"({inner})" if least > _NEGATE else inner
        case Call(name=name, args=args):
            return f"{FUNCTIONS[name].chinese}({', '.join(_text(arg, 0) for arg in args)})"
        case Name(parts=parts, wildcard=wildcard):
            return ".".join((*map(_part, parts), *(["*"] if wildcard else [])))
        case Number(value=value):
            return _number(value)
        case Text(value=value):
            return f"“{value}”" if '"' in value else f'"{value}"'


def _sign(op: str) -> str:
    return {"==": "="}.get(op, op)


def _part(part: str) -> str:
    return part if _PLAIN.fullmatch(part) else f"「{part}」"


def _number(value: int | Decimal) -> str:
    if isinstance(value, Decimal) and value != int(value):
        share = (value * 100).normalize()
        return f"{written(share)}%" if 0 < value < 1 else written(value)
    return written(value)
