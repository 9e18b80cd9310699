"""The edits of an example in words: each name with its value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.errors import ExpressionError
from auditor.rulebook.edits import OBSERVED, PEERS, PRIOR, TIMES, UNITS, UNREAD
from auditor.rulebook.expression import parse
from auditor.rulebook.prepare import KINDS
from auditor.rulebook.tree import Name
from auditor.text import written
from auditor.workbench.ground import Ground, many
from auditor.workbench.wording import named

Pairs = tuple[tuple[str, str], ...]


def edits_told(edits: Mapping[str, Any], ground: Ground) -> Pairs:
    """(name, value) for every edit; none for the valid report itself."""
    return tuple(_told(edits, ground, ""))


def _told(edits: Mapping[str, Any], ground: Ground, lead: str) -> Iterator[tuple[str, str]]:
    words = ground.words
    for name, value in edits.items():
        if name in PRIOR:
            yield from _below(value, ground, words("example.prior"))
        elif name in UNITS or name in PEERS:
            key = "example.units" if name in UNITS else "example.peers"
            for item in value if isinstance(value, list) else [value]:
                yield from _below(item, ground, words(key))
        elif name in OBSERVED:
            for item in value if isinstance(value, list) else [value]:
                yield lead + words("example.seen"), _seen(item, ground)
        elif name in UNREAD:
            for item in many(value):
                yield lead + shown_name(item, ground), words("example.unread")
        elif name in TIMES:
            yield lead.strip(), f"×{value}"
        else:
            yield lead + shown_name(name, ground), _value(name, value, ground)


def _below(value: Any, ground: Ground, word: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from _told(value, ground, f"{word} · ")


def shown_name(name: str, ground: Ground) -> str:
    """A name of an example in the language of the reader."""
    try:
        node = parse(name)
    except ExpressionError:
        return name
    if not isinstance(node, Name):
        return name
    return named(ground.job.scope(), node.parts, ground.words.lang) or name


def _value(name: str, value: Any, ground: Ground) -> str:
    if value is None:
        return ground.words("example.gone" if _is_text(name, ground) else "example.blank")
    return written(value)


def _is_text(name: str, ground: Ground) -> bool:
    """Whether a name is a section of text: without a value it is missing, not blank."""
    path = ground.form.names.get(name, name)
    return f"{path}.text" in ground.form.labels


def _seen(item: Any, ground: Ground) -> str:
    """What the reader noticed: kind, place, detail."""
    lang = ground.words.lang
    parts = list(item.values()) if isinstance(item, Mapping) else [item]
    kind = str(parts[0])
    if lang == "en":
        kind = KINDS.get(kind, kind)
    rest = [shown_name(str(part), ground) for part in parts[1:]]
    return " · ".join((kind, *rest))
