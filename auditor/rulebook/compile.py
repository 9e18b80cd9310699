"""The fast path: an expression as closures over `(facts, prior)`.

A fact that is unknown or blank is absent from the mapping, so its closure raises KeyError and the
caller asks `explain.evaluate` instead. The same KeyError says "no report of last year" and
"divided by zero". Everything that can be decided beforehand (names, shapes, constants) is decided
here once: the closures are run for every report.

Python's own `+` is exact for ints. A sum that is no int is added up again by `numbers`, because
Python rounds decimals to 28 digits and cannot mix them with fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

from auditor.model import Value
from auditor.rulebook.functions import ACROSS, FUNCTIONS
from auditor.rulebook.numbers import COMPARE, Numeric, add, alike, divide, multiply, negate, total
from auditor.rulebook.tree import (
    PEERS,
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
    dated_names,
    of_peers,
    one_meaning,
    shared,
    walk,
)
from auditor.rulebook.wordlist import WordList

T = TypeVar("T")
Facts = Mapping[str, Value]
Fast = Callable[[Facts, Facts | None], Any]


def compile_fast(node: Node, resolve: Resolver) -> Fast:
    """The expression as a function of `(facts, prior)`; KeyError where a fact is missing."""
    match node:
        case Number(value=value) | Text(value=value):
            return _constant(value)
        case Name():
            return _name(node, resolve)
        case Not(operand=operand):
            return _inverted(compile_fast(operand, resolve))
        case Negate():
            return _sum(node, resolve)
        case Call():
            return _call(node, resolve)
    if node.op in ("+", "-"):
        return _sum(node, resolve)
    if node.op in COMPARE:
        return _comparison(node, resolve)
    left, right = compile_fast(node.left, resolve), compile_fast(node.right, resolve)
    return _JOIN[node.op](left, right)


def _constant(value: Value | WordList) -> Fast:
    return lambda facts, prior: value


def _name(node: Name, resolve: Resolver) -> Fast:
    meant = one_meaning(node, resolve)
    if isinstance(meant, Constant):
        return _constant(meant.value)
    return lambda facts, prior: facts[meant]


# ---- logic -------------------------------------------------------------------------------------


def _inverted(operand: Fast) -> Fast:
    return lambda facts, prior: not operand(facts, prior)


def _and(left: Fast, right: Fast) -> Fast:
    return lambda facts, prior: left(facts, prior) and right(facts, prior)


def _or(left: Fast, right: Fast) -> Fast:
    return lambda facts, prior: left(facts, prior) or right(facts, prior)


def _comparison(node: Binary, resolve: Resolver) -> Fast:
    compare = COMPARE[node.op]
    left = _atom(node.left, resolve)
    right = None if left is None else _atom(node.right, resolve)
    if isinstance(left, str) and isinstance(right, str):
        return lambda facts, prior: compare(facts[left], facts[right])
    if isinstance(left, str) and isinstance(right, Constant):
        value = right.value
        return lambda facts, prior: compare(facts[left], value)
    first, second = compile_fast(node.left, resolve), compile_fast(node.right, resolve)
    if any(isinstance(part, Binary) and part.op == "/" for part in walk(node)):
        return _careful(compare, first, second)
    return lambda facts, prior: compare(first(facts, prior), second(facts, prior))


def _atom(node: Node, resolve: Resolver) -> str | Constant | None:
    """The path or the constant that a side of a comparison is, None for anything longer."""
    match node:
        case Name():
            return one_meaning(node, resolve)
        case Number(value=value) | Text(value=value):
            return Constant(value)
    return None


def _careful(compare: Callable[[Any, Any], bool], left: Fast, right: Fast) -> Fast:
    return lambda facts, prior: compare(*alike(left(facts, prior), right(facts, prior)))


# ---- arithmetic --------------------------------------------------------------------------------

Values = Callable[[Facts, Facts | None], Sequence[Any]]


def _sum(node: Node, resolve: Resolver) -> Fast:
    """A whole chain of + and - at once: `itemgetter` and `sum` fetch and add without a loop."""
    plus: list[str] = []
    minus: list[str] = []
    more: list[Fast] = []
    less: list[Fast] = []
    for sign, term in addends(node):
        paths = _paths(term, resolve)
        if paths is None:
            (more if sign > 0 else less).append(compile_fast(term, resolve))
        else:
            (plus if sign > 0 else minus).extend(paths)
    if minus or more or less:
        return _long_sum(_fetch(plus, more), _fetch(minus, less))
    return _pair(*plus) if len(plus) == 2 else _plain_sum(_getter(plus))


def _paths(node: Node, resolve: Resolver) -> tuple[str, ...] | None:
    """The facts that a name stands for; None for what is not a fact."""
    if not isinstance(node, Name):
        return None
    meant = resolve(node) if node.wildcard else one_meaning(node, resolve)
    if isinstance(meant, Constant):
        return None
    return (meant,) if isinstance(meant, str) else meant


def _getter(paths: Sequence[str]) -> Callable[[Facts], Sequence[Any]]:
    if len(paths) > 1:
        return itemgetter(*paths)
    if paths:
        only = paths[0]
        return lambda facts: (facts[only],)
    return lambda facts: ()


def _fetch(paths: Sequence[str], terms: Sequence[Fast]) -> Values:
    get = _getter(paths)
    if not terms:
        return lambda facts, prior: get(facts)
    return lambda facts, prior: (*get(facts), *(term(facts, prior) for term in terms))


def _pair(first: str, second: str) -> Fast:
    def run(facts: Facts, prior: Facts | None) -> Numeric:
        x: Any = facts[first]
        y: Any = facts[second]
        result: Numeric = x + y
        return result if result.__class__ is int else _exactly(add, x, y)

    return run


def _plain_sum(get: Callable[[Facts], Sequence[Any]]) -> Fast:
    def run(facts: Facts, prior: Facts | None) -> Numeric:
        values = get(facts)
        result: Numeric = sum(values)
        return result if result.__class__ is int else _exactly(total, values)

    return run


def _long_sum(get_plus: Values, get_minus: Values) -> Fast:
    def run(facts: Facts, prior: Facts | None) -> Numeric:
        plus, minus = get_plus(facts, prior), get_minus(facts, prior)
        try:
            result: Numeric | None = sum(plus) - sum(minus)
        except TypeError:  # a decimal and a fraction
            result = None
        if isinstance(result, int):
            return result
        return _exactly(total, chain(plus, map(negate, minus)))

    return run


def _exactly(operate: Callable[..., T], *values: object) -> T:
    try:
        return operate(*values)
    except ArithmeticError as error:
        raise KeyError("no exact result") from error


def _product(left: Fast, right: Fast) -> Fast:
    return lambda facts, prior: _exactly(multiply, left(facts, prior), right(facts, prior))


def _quotient(left: Fast, right: Fast) -> Fast:
    return lambda facts, prior: _exactly(divide, left(facts, prior), right(facts, prior))


_JOIN: dict[str, Callable[[Fast, Fast], Fast]] = {
    "and": _and,
    "or": _or,
    "*": _product,
    "/": _quotient,
}

# ---- functions ---------------------------------------------------------------------------------


def _call(node: Call, resolve: Resolver) -> Fast:
    if node.name == "sum":
        return _sum(node, resolve)
    if node.name == "prior":
        return _prior(compile_fast(node.args[0], resolve))
    if node.name == "known":
        return _known(node.args[0], resolve)
    if node.name in ACROSS:
        compile_fast(node.args[0], resolve)  # an unknown name is a mistake here, too
        return _elsewhere
    if of_peers(node):
        return _shared(node, resolve)
    run = FUNCTIONS[node.name].run
    assert run is not None
    return _applied(run, [_argument(arg, resolve) for arg in node.args])


def _argument(node: Node, resolve: Resolver) -> Values:
    paths = _paths(node, resolve)
    return _fetch((), [compile_fast(node, resolve)]) if paths is None else _fetch(paths, ())


def _applied(run: Callable[[Sequence[Any]], Any], arguments: Sequence[Values]) -> Fast:
    if len(arguments) == 1:
        only = arguments[0]
        return lambda facts, prior: _exactly(run, only(facts, prior))
    return lambda facts, prior: _exactly(
        run, [value for argument in arguments for value in argument(facts, prior)]
    )


def _prior(inner: Fast) -> Fast:
    def run(facts: Facts, prior: Facts | None) -> object:
        if prior is None:
            raise KeyError("no report of last year")
        return inner(prior, None)

    return run


def _elsewhere(facts: Facts, prior: Facts | None) -> object:
    """Other reports are read on the slow path only: few rules look at them, and seldom."""
    raise KeyError("other reports")


def _shared(node: Call, resolve: Resolver) -> Fast:
    """What was worked out once for all peers; before that it is not there."""
    for arg in node.args:
        compile_fast(arg, resolve)  # an unknown name is a mistake here, too
    key = shared(node, getattr(resolve, "where", ("", None, "")))
    return lambda facts, prior: facts[PEERS][key]  # type: ignore[index]


def _known(node: Node, resolve: Resolver) -> Fast:
    """True if every fact is there and the whole has a value: `known(a or b)` needs both."""
    now: list[str] = []
    then: list[str] = []
    for name, prior in dated_names(node):
        (then if prior else now).extend(_paths(name, resolve) or ())
    inner = compile_fast(node, resolve)

    def run(facts: Facts, prior: Facts | None) -> bool:
        try:
            inner(facts, prior)
        except KeyError:
            return False
        return all(path in facts for path in now) and all(path in (prior or ()) for path in then)

    return run
