"""The placeholders that a template may use, by paper: their shape, names and what they say.

English keys are ours; Chinese names and the explanations are words (`papers.*.yaml`, `fields`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from auditor.renderers.words import load

Node: TypeAlias = "Shape | Each | None"
"""A value to print (None), a group of fields, or a list to loop over."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A group of fields by English key; `words` is where their names stand."""

    words: str
    members: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Each:
    """A list: of groups, or of sentences where `of` is None."""

    of: Shape | None = None


def _texts(*keys: str) -> dict[str, Node]:
    return dict.fromkeys(keys)


_LINES: dict[str, Node] = {"places": Each(), "culprit": Each(), "remarks": Each()}
ITEM = Shape("item.", _texts("no", "title", "severity", "family", "basis", "fix", "rules") | _LINES)
_ENTRY = Shape(
    "entry.",
    _texts("rank", "body", "year", "letter", "score", "fail_count", "review_count", "open_count",
           "worst"),
)  # fmt: skip
_COMMON = Shape("common_item.", _texts("no", "title", "count", "share", "bodies", "basis", "fix"))
_RUN = _texts("audit_day", "rules", "due")
_LISTS: dict[str, Node] = dict.fromkeys(("faults", "reviews", "opens", "waivers"), Each(ITEM))
_NO = Shape("no.", _texts("faults", "reviews", "opens", "demands"))
NOTICE = Shape(
    "",
    _texts("body", "report", "year", "file", "letter", "score", "fail_count", "review_count",
           "open_count", "waived_count")
    | _RUN | _LISTS | {"unread_cells": Each(), "no": _NO},
)  # fmt: skip
CIRCULAR = Shape(
    "",
    _texts("year", "report_count", "good_count", "poor_count", "ungraded_count", "letters",
           "common_more")
    | _RUN
    | {"good": Each(_ENTRY), "poor": Each(_ENTRY), "common": Each(_COMMON),
       "ranking": Each(_ENTRY), "missing": Each(), "unread": Each(), "aside": Each()},
)  # fmt: skip
CHECKLIST = Shape("", {**_RUN, "bodies": Each(NOTICE), "unread": Each()})
PAPERS = {"notice": NOTICE, "circular": CIRCULAR, "checklist": CHECKLIST}


@lru_cache(maxsize=64)
def names_of(words: str, key: str) -> tuple[str, ...]:
    """What a field may be called: its English key, and its Chinese name."""
    chinese = load("zh", "papers")(f"fields.{words}{key}.name")
    return (key,) if chinese == key else (key, chinese)


def members_of(shape: Shape) -> dict[str, Node]:
    """The fields of a group by every name that they have."""
    return {n: node for k, node in shape.members.items() for n in names_of(shape.words, k)}


def named(values: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """Values by English key → the same under every name. KeyError where one is lacking."""
    found: dict[str, Any] = {}
    for key, node in shape.members.items():
        value = _named(values[key], node)
        found |= dict.fromkeys(names_of(shape.words, key), value)
    return found


def _named(value: Any, node: Node) -> Any:
    if isinstance(node, Shape):
        return named(value, node)
    if isinstance(node, Each):
        return [named(v, node.of) if node.of else v for v in value]
    return value


def sample(shape: Shape) -> dict[str, Any]:
    """Values of the right shape, two in each list: to try a template out."""
    return {key: _sample(node) for key, node in shape.members.items()}


def _sample(node: Node) -> Any:
    if isinstance(node, Shape):
        return sample(node)
    if isinstance(node, Each):
        return [sample(node.of) if node.of else "1"] * 2
    return "1"


def page(lang: str) -> str:
    """All placeholders, for people: what `auditor notices --fields` prints."""
    words = load(lang, "papers")
    parts = [words("field_page.usage")]
    for paper in ("notice", "circular"):
        lines = [words(f"field_page.{paper}"), *_lines(PAPERS[paper], lang, "  ", set())]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _lines(shape: Shape, lang: str, lead: str, told: set[str]) -> Iterator[str]:
    words = load(lang, "papers")
    for key, node in shape.members.items():
        about = words(f"fields.{shape.words}{key}.about")
        names = " / ".join(reversed(names_of(shape.words, key)))
        yield f"{lead}{names}  {about}"
        inner = node.of if isinstance(node, Each) else node
        if inner is not None and inner.words not in told:
            told.add(inner.words)
            yield from _lines(inner, lang, lead + "    ", told)
