"""require 应有: these parts must be there and not empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.errors import ExpressionError, Said
from auditor.model import Evidence, Outcome
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import Facts
from auditor.rulebook.job import Fill, Job
from auditor.rulebook.rule import Check, Seen
from auditor.rulebook.scope import Place, Scope
from auditor.rulebook.tree import Name

NAME = "require"
ALIAS = "应有"
FILLS = frozenset({"place", "detail"})
BODY = {"$ref": "#/$defs/names", "title": "不得缺、不得空的部分 · parts that must be there"}


@dataclass(frozen=True, slots=True)
class _Part:
    place: Place
    fill: Fill


def prepare(job: Job) -> Check | None:
    """The check; None after a noted mistake. The body is a name or a list of names."""
    paths = parts_of(job)
    if not all(paths):
        return None
    fill = job.message()
    parts = tuple(_Part(Place(p, job.form.said(p.removesuffix(".text"))), fill) for p in paths)

    def check(facts: Facts) -> Iterator[Seen | None]:
        for part in parts:
            yield _look(part, facts)

    def glance(facts: Facts) -> int | None:
        values = facts.values
        there = all(_is_there(values.get(path)) for path in paths)
        return len(parts) if there else None

    return Check(check, glance=glance)


def parts_of(job: Job) -> tuple[str, ...]:
    """The paths of the parts that the body names; "" for one whose mistake has been noted."""
    body = job.rule.body if isinstance(job.rule.body, list) else [job.rule.body]
    scope = job.scope()
    return tuple(_path(job, scope, name) or "" for name in body)


def _path(job: Job, scope: Scope, name: Any) -> str | None:
    """The one fact that a name stands for; None after a noted mistake."""
    mark, text = job.mark(job.rule.verb), str(name)
    with job.author.expression(mark, text):
        node = parse(text)
        if not isinstance(node, Name) or node.wildcard:
            said = Said("这里应当是一个名称", "a name is expected here")
            raise ExpressionError(said, node.start, node.end)
        found = scope(node)
        return found[0] if isinstance(found, tuple) else None
    return None


def _is_there(value: object) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _look(part: _Part, facts: Facts) -> Seen | None:
    path = part.place.key
    value = facts.values.get(path)
    if _is_there(value):
        return None
    said = part.place.said
    missing = value is not None or path in facts.blanks or facts.missing(path)
    if not missing:
        message = Said(f"未能读取：{said.zh}", f"could not be read: {said.en}")
        return Seen(Outcome.OPEN, path, said, _evidence(path, facts), message)
    found = {"place": said, "detail": said}
    return Seen(Outcome.FAIL, path, said, _evidence(path, facts), part.fill(facts, found))


def _evidence(path: str, facts: Facts) -> tuple[Evidence, ...]:
    value = facts.values.get(path)
    return (Evidence(path, facts.label(path), value, facts.state(path), facts.locations.get(path)),)
