"""The value of an expression when facts may be missing: three-valued logic over ranges.

Unknown travels (`false and unknown` is false). A blank is the range of all numbers from zero, and
a range goes through the arithmetic as a range, so that "it holds for no number" is proved.
A value of the wrong sort is unknown here, never an error: a report cannot break a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from auditor.model import Value
from auditor.rulebook.functions import ACROSS, FUNCTIONS, Function
from auditor.rulebook.numbers import (
    ANY_BLANK,
    COMPARE,
    Interval,
    Numeric,
    alike,
    divide,
    interval,
    interval_compare,
    interval_divide,
    interval_multiply,
    interval_negate,
    interval_total,
    is_number,
    multiply,
    narrowed,
    negate,
    total,
)
from auditor.rulebook.tree import (
    BLANK,
    UNKNOWN,
    Binary,
    Blank,
    Call,
    Constant,
    Name,
    Node,
    Not,
    Number,
    Resolver,
    Text,
    Unknown,
    addends,
    dated_names,
    of_peers,
    one_meaning,
    operands,
    shared,
)
from auditor.rulebook.wordlist import WordList

Lookup = Callable[[str], Value | Unknown | Blank]
Key = tuple[str, bool, int]  # a path, whether it is last year's, and of which unit (-1: none)
OWN = -1
Result = Numeric | str | bool | Interval | WordList | Unknown


@dataclass(frozen=True, slots=True)
class Touched:
    """One fact that was looked at: its path, whether last year's, its value, its written name.

    `unit` is the number of the unit whose report it is from, OWN for the report itself.
    """

    path: str
    prior: bool
    value: Value | Unknown | Blank
    name: str
    unit: int = OWN

    @property
    def key(self) -> Key:
        """What tells it from every other fact."""
        return self.path, self.prior, self.unit


@dataclass(frozen=True, slots=True)
class Other:
    """Another report as an expression sees it: its names, its facts, its year before."""

    resolve: Resolver
    lookup: Lookup
    prior_lookup: Lookup | None = None


@dataclass(frozen=True, slots=True)
class Others:
    """The other reports of an evaluation.

    `peers` gives them when they are asked for. `memo` keeps what an expression comes to in the
    peers: it is the same for all of them.
    """

    units: tuple[Other, ...] = ()
    peers: Callable[[], Iterable[Other]] = tuple
    memo: dict[object, Any] | None = None
    place: tuple[str, str | None, str] = ("", None, "")


@dataclass(frozen=True, slots=True)
class Sight:
    """What an evaluation can see; `filled` supposes numbers for blanks, `seen` keeps a record."""

    resolve: Resolver
    lookup: Lookup
    prior_lookup: Lookup | None = None
    filled: Mapping[Key, Numeric] = field(default_factory=dict)
    seen: dict[Key, Touched] = field(default_factory=dict)
    others: Others = Others()
    unit: int = OWN

    def fact(self, path: str, prior: bool) -> Value | Unknown | Blank:
        """The fact as the report has it."""
        lookup = self.prior_lookup if prior else self.lookup
        return UNKNOWN if lookup is None else lookup(path)

    def read(self, name: Name, path: str, prior: bool) -> Result:
        """The fact as a value to reckon with."""
        key, value = (path, prior, self.unit), self.fact(path, prior)
        if key not in self.seen:
            self.seen[key] = Touched(path, prior, value, str(name), self.unit)
        return self.filled.get(key, ANY_BLANK) if value is BLANK else value

    def meant(self, name: Name) -> tuple[str, ...] | Constant:
        """The facts, or the constant, that a name stands for."""
        if name.wildcard:
            return self.resolve(name)
        meant = one_meaning(name, self.resolve)
        return (meant,) if isinstance(meant, str) else meant

    def read_all(self, name: Name, prior: bool) -> list[Result]:
        """The value of a plain name, or of each fact below a wildcard."""
        meant = self.meant(name)
        if isinstance(meant, Constant):
            return [meant.value]
        return [self.read(name, path, prior) for path in meant]

    def keys(self, node: Node, prior: bool = False) -> list[Key]:
        """All facts that an expression names, in reading order."""
        found: list[Key] = []
        for name, dated in dated_names(node):
            meant = self.meant(name)
            if not isinstance(meant, Constant):
                found.extend((path, prior or dated, self.unit) for path in meant)
        return found


def value_of(node: Node, sight: Sight, prior: bool = False) -> Result:
    """The value: a number, a text, a truth, a range where blanks leave one, or UNKNOWN."""
    match node:
        case Number(value=value) | Text(value=value):
            return value
        case Name():
            meant = one_meaning(node, sight.resolve)
            return meant.value if isinstance(meant, Constant) else sight.read(node, meant, prior)
        case Not(operand=operand):
            verdict = value_of(operand, sight, prior)
            return not verdict if isinstance(verdict, bool) else UNKNOWN
        case Binary(op="and" | "or"):
            return _logic(node, sight, prior)
        case Binary(op="*" | "/" | "==" | "!=" | "<" | "<=" | ">" | ">="):
            left, right = value_of(node.left, sight, prior), value_of(node.right, sight, prior)
            return _joined(node.op, left, right)
        case Call() if node.name != "sum":
            return _call(node, sight, prior)
    return _sum(node, sight, prior)


def _logic(node: Binary, sight: Sight, prior: bool) -> Result:
    decisive = node.op == "or"
    verdict: Result = not decisive
    for operand in operands(node, node.op):
        found = value_of(operand, sight, prior)
        if found is decisive:
            return decisive
        if found is not (not decisive):
            verdict = UNKNOWN
    return verdict


def _joined(op: str, left: Result, right: Result) -> Result:
    if op == "*":
        return _fold(lambda v: multiply(*v), lambda v: interval_multiply(*v), (left, right))
    if op == "/":
        return _fold(lambda v: divide(*v), lambda v: interval_divide(*v), (left, right))
    return _compared(op, left, right)


def _compared(op: str, left: Result, right: Result) -> Result:
    sort = _sort(left)
    if sort is None or sort != _sort(right):
        return UNKNOWN
    if isinstance(left, Interval) or isinstance(right, Interval):
        verdict = interval_compare(op, interval(_number(left)), interval(_number(right)))
        return UNKNOWN if verdict is None else verdict
    if sort != "number" and op not in ("==", "!="):
        return UNKNOWN
    return COMPARE[op](*alike(left, right))


def _sort(value: Result) -> str | None:
    if isinstance(value, bool):
        return "logic"
    if isinstance(value, str):
        return "text"
    if isinstance(value, WordList):
        return "words"
    return None if value is UNKNOWN else "number"


def _number(value: Result) -> Numeric | Interval:
    assert isinstance(value, Interval) or is_number(value)
    return value


def _sum(node: Node, sight: Sight, prior: bool) -> Result:
    values: list[Result] = []
    for sign, term in addends(node):
        found = _values(term, sight, prior)
        values.extend(found if sign > 0 else map(_negated, found))
    return _fold(total, interval_total, values)


def _values(node: Node, sight: Sight, prior: bool) -> list[Result]:
    if isinstance(node, Name):
        return sight.read_all(node, prior)
    if isinstance(node, Call) and node.name in ACROSS:
        return across(node, sight)
    return [value_of(node, sight, prior)]


def across(node: Call, sight: Sight) -> list[Result]:
    """The value of an expression in each of the other reports.

    Units are counted one by one, so what one of them lacks is unknown. Peers are a statistic:
    those that have no value are left out, and what they hold is no evidence.
    """
    inner, others = node.args[0], sight.others
    if node.name == "units":
        if not others.units:
            return [UNKNOWN]
        return [
            value_of(inner, replace(sight, **_seen_from(other), unit=number))
            for number, other in enumerate(others.units)
        ]
    key = (inner, others.place)
    if others.memo is not None and key in others.memo:
        return list(others.memo[key])
    sights = (Sight(o.resolve, o.lookup, o.prior_lookup) for o in others.peers())
    values = [v for v in (value_of(inner, one) for one in sights) if is_number(v)]
    if others.memo is not None:
        others.memo[key] = values
    return list(values)


def _seen_from(other: Other) -> dict[str, Any]:
    return {
        "resolve": other.resolve,
        "lookup": other.lookup,
        "prior_lookup": other.prior_lookup,
    }


def _negated(value: Result) -> Result:
    if isinstance(value, Interval):
        return interval_negate(value)
    return negate(value) if is_number(value) else UNKNOWN


def _fold(
    run: Callable[[Sequence[Any]], Numeric],
    span: Callable[[Sequence[Interval]], Interval],
    values: Sequence[Result],
) -> Result:
    """One number or range out of many; UNKNOWN if one of them is, or if there is no result."""
    if any(_sort(value) != "number" for value in values):
        return UNKNOWN
    try:
        if any(isinstance(value, Interval) for value in values):
            return narrowed(span([interval(_number(value)) for value in values]))
        return run(values)
    except ArithmeticError:
        return UNKNOWN


def _call(node: Call, sight: Sight, prior: bool) -> Result:
    if node.name == "known":
        return _known(node.args[0], sight, prior)
    if node.name == "prior":
        value = value_of(node.args[0], sight, prior=True)  # read in any case: it is evidence
        return UNKNOWN if sight.prior_lookup is None else value
    if node.name in ACROSS:
        return UNKNOWN  # a list is no value: only a function takes one
    memo = sight.others.memo if of_peers(node) else None
    key = (node, sight.others.place)
    if memo is not None and key in memo:
        found: Result = memo[key]
        return found
    values = [value for arg in node.args for value in _values(arg, sight, prior)]
    value = _applied(FUNCTIONS[node.name], values)
    if memo is not None:
        memo[key] = value
        if is_number(value):
            memo[shared(node, sight.others.place)] = value  # from here the fast path takes it
    return value


def _applied(function: Function, values: Sequence[Result]) -> Result:
    assert function.run is not None
    if function.span is not None:
        return _fold(function.run, function.span, values)
    takes = {*function.takes, "text"} if "number" in function.takes else set(function.takes)
    if not all(_sort(value) in takes for value in values):
        return UNKNOWN
    try:
        found: Result = function.run(values)
    except ArithmeticError:
        return UNKNOWN
    return found


def _known(node: Node, sight: Sight, prior: bool) -> bool:
    value = value_of(node, sight, prior)
    for name, dated in dated_names(node):
        sight.read_all(name, prior or dated)  # what `or` passed over is evidence here
    certain = all(
        sight.fact(path, dated) not in (UNKNOWN, BLANK)
        for path, dated, _ in sight.keys(node, prior)
    )
    return certain and value is not UNKNOWN
