"""All expressions of a rule, wherever they stand, with the places of their texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.errors import ExpressionError
from auditor.rulebook.expression import parse
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import Rule
from auditor.rulebook.tree import Node

SUMS = ("equals", "等于", "lawful", "或可")
"""Keys of bodies under which expressions of a number stand."""


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it stands in a rule: under which key, at or after which mark."""

    key: str
    text: str
    mark: Mark | None
    node: Node


def expressions(rule: Rule) -> Iterator[Written]:
    """The condition, the body or what stands in it, the conditions of exceptions."""
    if rule.when:
        yield from _written("when", rule.when, rule.marks.get("when"))
    mark = rule.marks.get(rule.verb)
    if rule.verb in ("assert", "forbid"):
        yield from _written(rule.verb, rule.body, mark)
    else:
        for text in sums_in(rule.body):
            yield from _written(rule.verb, text, mark)
    for lawful in rule.exceptions:
        if lawful.when:
            yield from _written("except", lawful.when, lawful.mark)


def _written(key: str, text: Any, mark: Mark | None) -> Iterator[Written]:
    try:
        yield Written(key, text, mark, parse(text))
    except ExpressionError:
        return  # a mistake, told elsewhere


def sums_in(body: Any) -> Iterator[str]:
    """The expressions in the body of a rule about texts."""
    for part in body if isinstance(body, list) else [body]:
        if isinstance(part, Mapping):
            for key in SUMS:
                value = part.get(key, [])
                yield from (str(v) for v in (value if isinstance(value, list) else [value]))
