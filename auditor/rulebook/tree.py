"""The nodes of an expression, the ways to walk over them, and what its names may stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Final, Literal

from auditor.errors import ExpressionError, Said
from auditor.model import Value
from auditor.rulebook.wordlist import WordList


@dataclass(frozen=True, slots=True, kw_only=True)
class Spanned:
    """Where a node stands in the text; two trees are equal wherever they stand."""

    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Spanned):
    """A number as written; `90%` is 0.9."""

    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Text(Spanned):
    """A text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name(Spanned):
    """A name by its segments; with `wildcard`, everything below it."""

    parts: tuple[str, ...]
    wildcard: bool = False

    def __str__(self) -> str:
        return ".".join((*self.parts, "*") if self.wildcard else self.parts)


@dataclass(frozen=True, slots=True)
class Not(Spanned):
    """`not x`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Negate(Spanned):
    """`-x`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Spanned):
    """Two operands and one of: or and == != < <= > >= + - * /."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call(Spanned):
    """A function by its English name, with its arguments."""

    name: str
    args: tuple[Node, ...]


Node = Number | Text | Name | Not | Negate | Binary | Call


@dataclass(frozen=True, slots=True)
class Constant:
    """What a name may stand for instead of a fact: a dated threshold, or a list of words."""

    value: Value | WordList


# The dotted paths of the facts that a name stands for: one, or any number for a wildcard.
# Raises ExpressionError for a name that it does not know.
Resolver = Callable[[Name], tuple[str, ...] | Constant]


class Missing(Enum):
    """The two ways in which a fact has no value. Neither is true or false: test with `is`."""

    UNKNOWN = "unknown"
    BLANK = "blank"

    def __bool__(self) -> bool:
        raise TypeError(f"{self.name} is neither true nor false")


UNKNOWN: Final = Missing.UNKNOWN
BLANK: Final = Missing.BLANK
Unknown = Literal[Missing.UNKNOWN]
Blank = Literal[Missing.BLANK]


def one_meaning(node: Name, resolve: Resolver) -> str | Constant:
    """The one fact or constant that a name stands for where a single value is needed."""
    meant = resolve(node)
    if isinstance(meant, Constant):
        return meant
    if node.wildcard or len(meant) != 1:
        said = Said(
            f"“{node}”不止一项，请用“合计”等函数",
            f"'{node}' is not one fact: use sum, max, min or count",
        )
        raise ExpressionError(said, node.start, node.end)
    return meant[0]


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below, in reading order."""
    match node:
        case Binary(left=left, right=right):
            return left, right
        case Call(args=args):
            return args
        case Not(operand=operand) | Negate(operand=operand):
            return (operand,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes below it, in reading order."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def names(node: Node) -> Iterator[Name]:
    """All names in the expression, in reading order, repeated as often as they are written."""
    return (found for found in walk(node) if isinstance(found, Name))


def dated_names(node: Node) -> Iterator[tuple[Name, bool]]:
    """All names in reading order, each with whether it is read from last year's report.

    Names that are read from several other reports are left out: they are no facts of this one.
    """
    stack = [(node, False)]
    while stack:
        node, prior = stack.pop()
        if isinstance(node, Name):
            yield node, prior
        if isinstance(node, Call) and node.name in ("units", "peers"):
            continue
        below = prior or (isinstance(node, Call) and node.name == "prior")
        stack.extend((child, below) for child in reversed(children(node)))


PEERS = "\0peers"
"""Where facts hold what functions of the peers come to; no path of a form is called so."""


def of_peers(node: Call) -> bool:
    """Whether a function is of the peers and constants alone: one answer for all of them."""
    return any(isinstance(arg, Call) and arg.name == "peers" for arg in node.args) and all(
        isinstance(arg, Number) or (isinstance(arg, Call) and arg.name == "peers")
        for arg in node.args
    )


def shared(node: Call, place: tuple[str, str | None, str]) -> str:
    """The key under which such an answer is kept, for a form, a table and a place in it."""
    return f"{place} {node!r}"


def operands(node: Node, op: str) -> list[Node]:
    """What a chain of one operator joins: `a and b and c` gives a, b, c."""
    found: list[Node] = []
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, Binary) and node.op == op:
            stack += (node.right, node.left)
        else:
            found.append(node)
    return found


def addends(node: Node) -> list[tuple[int, Node]]:
    """The terms of a sum with their signs, through `+`, `-` and `sum(…)`; (1, node) if none."""
    found: list[tuple[int, Node]] = []
    stack = [(1, node)]
    while stack:
        sign, node = stack.pop()
        match node:
            case Binary(op="+" | "-" as op, left=left, right=right):
                stack += ((sign if op == "+" else -sign, right), (sign, left))
            case Negate(operand=operand):
                stack.append((-sign, operand))
            case Call(name="sum", args=args):
                stack.extend((sign, arg) for arg in reversed(args))
            case _:
                found.append((sign, node))
    return found
