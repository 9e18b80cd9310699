"""Sentences in which a phrase of a rule stands, made from the phrase itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.verbs import breakdown, claim

_NUMBERS = (3, 4)
_DEEPEST = 4
_PIECE = re.compile(r"\{([^{}]*)\}|…{1,2}|\$|[()|\[\]]|[^{}…$()|\[\]]+")
_PHRASES = frozenset({"says", "none", "parts"})


def sentences_of(rule: Rule, rules: RuleSet) -> Iterator[str]:
    """A sentence or two for each phrase in the body of a rule."""
    keys = {**breakdown.KEYS, **claim.KEYS}
    for body in rule.body if isinstance(rule.body, list) else [rule.body]:
        members = body if isinstance(body, Mapping) else {}
        lead = _lead(members, keys, rules.terms)
        for key, value in members.items():
            if keys.get(key) in _PHRASES:
                for phrase in value if isinstance(value, list) else [value]:
                    yield from _sentences(str(phrase), lead, rules.terms)


def _lead(
    body: Mapping[str, Any], keys: Mapping[str, str], terms: Mapping[str, Sequence[str]]
) -> str:
    """A word that the sentence must have or without which it is in doubt; empty for none."""
    for key, value in body.items():
        words = value if isinstance(value, list) else [value]
        if keys.get(key) in ("near", "sure") and words:
            return sample(str(words[0]), terms, "")
    return ""


def _sentences(phrase: str, lead: str, terms: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for number in _NUMBERS if "{n}" in phrase or _names(phrase) else ("",):
        text = sample(phrase, terms, str(number))
        yield f"{text}。"
        if lead:
            yield f"{lead}，{text}。"


def _names(phrase: str) -> bool:
    return "{" in phrase


def sample(phrase: str, terms: Mapping[str, Sequence[str]], number: str, depth: int = 0) -> str:
    """The shortest text that a phrase matches: first alternatives, nothing that may be left out."""
    out: list[list[str]] = [[""]]
    kinds: list[str] = []
    for found in _PIECE.finditer(phrase):
        piece: Any = found.group(0)
        if piece in ("(", "["):
            out.append([""])
            kinds.append(piece)
        elif piece == "|":
            out[-1].append("")
        elif piece in (")", "]") and kinds:
            alternatives = out.pop()
            out[-1][-1] += alternatives[0] if kinds.pop() == "(" else ""
        elif found.group(1) is not None:
            out[-1][-1] += _named(found.group(1), terms, number, depth)
        elif piece not in ("…", "……", "$"):
            out[-1][-1] += piece
    return out[0][0]


def _named(name: str, terms: Mapping[str, Sequence[str]], number: str, depth: int) -> str:
    if name == "n":
        return number
    entries = terms.get(name, ())
    return sample(entries[0], terms, number, depth + 1) if entries and depth < _DEEPEST else ""
