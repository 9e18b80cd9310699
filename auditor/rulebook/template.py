"""Messages: text with {expressions} of the rule language (never `str.format`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from auditor.errors import ExpressionError, Said
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula, formula
from auditor.rulebook.scope import Scope
from auditor.rulebook.tree import Missing, Name
from auditor.text import written

SPECIAL = {
    "difference": "difference", "差": "difference",
    "expected": "expected", "应为": "expected",
    "actual": "actual", "实为": "actual",
    "detail": "detail", "详情": "detail",
    "place": "place", "所在": "place",
    "quote": "quote", "原文": "quote",
    "count": "count", "个数": "count",
}  # fmt: skip

Found = Mapping[str, str | Said]
"""What a check found, by special word; a place has a name in each language."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A special word in braces: what the check found, under its English name."""

    name: str


@dataclass(frozen=True, slots=True)
class Template:
    """One message in both languages, ready to be filled."""

    zh: tuple[str | Hole | Formula, ...]
    en: tuple[str | Hole | Formula, ...]

    def filled(self, facts: Facts, found: Found) -> Said:
        """The message with its numbers. An unknown number is written as ？."""
        return Said(_fill(self.zh, facts, found, "zh"), _fill(self.en, facts, found, "en"))


def template(said: Said, scope: Scope) -> Template:
    """Parse a message. Raises ExpressionError for a brace left open or an unknown name."""
    zh = _parts(said.zh, scope)
    return Template(zh, zh if said.en == said.zh else _parts(said.en, scope))


def _parts(text: str, scope: Scope) -> tuple[str | Hole | Formula, ...]:
    parts: list[str | Hole | Formula] = []
    at = 0
    while (start := text.find("{", at)) >= 0:
        end = text.find("}", start)
        if end < 0:
            said = Said("花括号没有合上", "this brace is never closed")
            raise ExpressionError(said, start, start + 1)
        parts += [text[at:start], _hole(text[start + 1 : end], start + 1, scope)]
        at = end + 1
    parts.append(text[at:])
    return tuple(p for p in parts if p != "")


def _hole(text: str, offset: int, scope: Scope) -> Hole | Formula:
    """A special word, or an expression; a column's or row's own name wins over a special word."""
    try:
        node = parse(text)
        special = SPECIAL.get(str(node)) if isinstance(node, Name) else None
        return Hole(special) if special else formula(node, scope)
    except ExpressionError as error:
        start, end = error.start + offset, error.end + offset
        raise ExpressionError(error.said, start, end, error.suggestions) from error


def _fill(parts: tuple[str | Hole | Formula, ...], facts: Facts, found: Found, lang: str) -> str:
    return "".join(_one(part, facts, found, lang) for part in parts)


def _one(part: str | Hole | Formula, facts: Facts, found: Found, lang: str) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Hole):
        word = found.get(part.name, "？")
        return word.inside(lang) if isinstance(word, Said) else word
    return shown(part.value(facts))


def shown(value: Any) -> str:
    """A value for people: fractions as decimals to four places, unknown as ？."""
    if isinstance(value, Fraction):
        return format(round(value * 10000) / 10000, ".4f").rstrip("0").rstrip(".")
    if isinstance(value, bool | Missing) or value is None:
        return "？"
    return written(value)
