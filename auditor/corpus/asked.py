"""What the rules ask of other reports: only that has to be found out.

Comparing texts is the dearest part of pairing. A likeness that no rule names has no effect on any
output, so it is not worked out. Where a text of a rule cannot be read here, all is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from auditor.errors import ExpressionError, Said
from auditor.form import BESIDE, SIMILARITIES, Form
from auditor.rulebook.expression import parse
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.scope import path_of
from auditor.rulebook.tree import Name, walk

_HOLE = re.compile(r"\{([^{}]*)\}")


@lru_cache(maxsize=16)
def likenesses_asked(rules: RuleSet, forms: tuple[Form, ...]) -> Mapping[str, frozenset[str]]:
    """By group of likenesses (last year's, peers'), the parts of the text that a rule names."""
    words = {word for form in forms for group in SIMILARITIES for word in _words(form, group)}
    found: dict[str, set[str]] = {group: set() for group in SIMILARITIES}
    for text in _texts(rules):
        if not any(word in text for word in words):
            continue
        for path in _paths(text, forms):
            group, _, part = path.rpartition(".")
            if group in found:
                found[group].add(part)
            elif path in found:  # a wildcard, or a text that could not be read
                found[path] |= _parts(forms, path)
    return {group: frozenset(parts) for group, parts in found.items()}


@lru_cache(maxsize=16)
def asked_beside(rules: RuleSet, forms: tuple[Form, ...]) -> frozenset[str]:
    """Of the facts that other reports, the roster and the run give: those that a rule names.

    The others have no effect on any result.
    """
    return _asked_beside(_texts(rules), forms)


def asked_by(rules: Iterable[Rule], forms: tuple[Form, ...]) -> frozenset[str]:
    """The same for single rules."""
    return _asked_beside((text for rule in rules for text in _of_rule(rule)), forms)


def _asked_beside(texts: Iterable[str], forms: tuple[Form, ...]) -> frozenset[str]:
    every = {*BESIDE, *(path for group in SIMILARITIES for path in _below(forms, group))}
    named = [(n, p) for form in forms for n, p in form.names.items() if p in every]
    words = {name.partition(".")[0] for both in named for name in both}
    begun = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(words)))})\s*[.．]")
    found: set[str] = set()
    for text in texts:
        if begun.search(text) is None:
            continue
        for part in _HOLE.findall(text) or [text]:
            try:
                nodes = [node for node in walk(parse(part)) if isinstance(node, Name)]
            except ExpressionError:
                return frozenset(every)
            for node in nodes:
                paths = {path for form in forms if (path := path_of(form, node.parts))}
                found |= {p for p in every for q in paths if p == q or p.startswith(f"{q}.")}
    return frozenset(found)


def _below(forms: tuple[Form, ...], group: str) -> set[str]:
    paths = {path for form in forms for path in form.names.values()}
    return {path for path in paths if path.startswith(f"{group}.")}


def _words(form: Form, group: str) -> Iterator[str]:
    """The last words of the group's names, in either language."""
    yield group.rpartition(".")[2]
    yield from (n.rpartition(".")[2] for n, path in form.names.items() if path == group)


def _parts(forms: tuple[Form, ...], group: str) -> set[str]:
    """All parts of the text that the forms have."""
    within = (path for form in forms for path in form.names.values())
    return {p.rpartition(".")[2] for p in within if p.rpartition(".")[0] == group}


def _paths(text: str, forms: tuple[Form, ...]) -> Iterator[str]:
    """The facts that an expression, or a message with expressions, names."""
    for part in _HOLE.findall(text) or [text]:
        try:
            named = [node.parts for node in walk(parse(part)) if isinstance(node, Name)]
        except ExpressionError:
            yield from SIMILARITIES
            continue
        for form in forms:
            yield from (path for words in named if (path := path_of(form, words)))


def _texts(rules: RuleSet) -> Iterator[str]:
    """Every text of a rule set that may hold an expression."""
    yield from rules.trees
    for rule in rules.rules:
        yield from _of_rule(rule)


def _of_rule(rule: Rule) -> Iterator[str]:
    yield rule.when
    yield from (lawful.when for lawful in rule.exceptions)
    yield from _strings(rule.body)
    for said in (rule.message, *(lawful.say for lawful in rule.exceptions)):
        if isinstance(said, Said):
            yield from (said.zh, said.en)


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _strings(value)
