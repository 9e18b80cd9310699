"""observe 所见: what the binder noticed is a finding.

The body is a kind, a list of kinds, or a mapping: `kinds` 种类, `open` 待读 (kinds that mean "not
read": the place is OPEN), `per` 按 (`each` 处, `table` 表 or `report` 篇: one finding for each of
them), `in` 所在 (only in these tables or sections).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.errors import Said
from auditor.model import Evidence, Observation, Outcome
from auditor.rulebook.author import near, renamed
from auditor.rulebook.facts import Facts
from auditor.rulebook.job import Fill, Job
from auditor.rulebook.marks import Mapped
from auditor.rulebook.rule import Check, Seen
from auditor.rulebook.scope import path_of
from auditor.rulebook.template import Found

NAME = "observe"
ALIAS = "所见"
FILLS = frozenset({"detail", "place", "count"})
KEYS = {
    "kinds": "kinds", "种类": "kinds", "open": "open", "待读": "open",
    "per": "per", "按": "per", "in": "in", "所在": "in",
}  # fmt: skip
_PER = {"each": "each", "处": "each", "table": "table", "表": "table",
        "report": "report", "篇": "report"}  # fmt: skip
_SHOWN = 6
_KINDS = {"$ref": "#/$defs/kinds"}
_NAMED = {"in": {"$ref": "#/$defs/names"}}
BODY = {
    "type": ["string", "array", "object"],
    "if": {"type": ["string", "array"]},
    "then": {"$ref": "#/$defs/kinds"},
    "properties": {
        key: {"enum": list(_PER)} if meaning == "per" else _NAMED.get(meaning, _KINDS)
        for key, meaning in KEYS.items()
    },
    "additionalProperties": False,
    "title": "看到的情况 · what the reader noticed",
}


@dataclass(frozen=True, slots=True)
class _Body:
    kinds: tuple[str, ...]
    open: tuple[str, ...]
    per: str
    within: tuple[str, ...]


def prepare(job: Job) -> Check | None:
    """The check; None after a noted mistake."""
    body = _body(job)
    if body is None:
        return None
    fill = job.message()

    def check(facts: Facts) -> Iterator[Seen | None]:
        failing = _collect(facts, body.kinds, body)
        for group in failing:
            yield _seen(Outcome.FAIL, group, facts, fill)
        unread = _collect(facts, body.open, body)
        for group in unread:
            yield _seen(Outcome.OPEN, group, facts, fill)
        if not failing and not unread:
            yield None

    kinds = frozenset((*body.kinds, *body.open))

    def glance(facts: Facts) -> int | None:
        return 1 if kinds.isdisjoint(facts.observed) else None

    return Check(check, glance=glance)


def _body(job: Job) -> _Body | None:
    node, mark = job.rule.body, job.mark(NAME)
    if isinstance(node, str | list):
        node = {"kinds": (node, mark)}
    elif isinstance(node, Mapped):
        node = renamed(job.author, node, KEYS, Said("所见", "observe"))
    else:
        job.author.wrong(mark, Said("所见应当是一个或几个种类", "observe takes kinds"))
        return None
    before = len(job.author.mistakes)
    kinds = _kinds(job, *node.get("kinds", ([], mark)))
    unread = _kinds(job, *node.get("open", ([], mark)))
    per_node, per_mark = node.get("per", ("each", None))
    per = job.author.one_of(per_node, per_mark, _PER, Said("按", "per"))
    within = _within(job, *node.get("in", ([], mark)))
    if len(job.author.mistakes) > before:
        return None
    return _Body(kinds, unread, str(per), within)


def _many(node: Any) -> list[str]:
    return [str(n) for n in node] if isinstance(node, list) else [str(node)]


def _kinds(job: Job, node: Any, mark: Any) -> tuple[str, ...]:
    """Known kinds only: a misspelt kind would pass silently for ever."""
    names = _many(node)
    for name in names:
        if name not in job.kinds:
            said = Said(f"没有这种观察 '{name}'", f"unknown observation '{name}'")
            job.author.wrong(mark, said, near(name, job.kinds))
    return tuple(job.kinds.get(n, n) for n in names)


def _within(job: Job, node: Any, mark: Any) -> tuple[str, ...]:
    paths = []
    for name in _many(node):
        path = path_of(job.form, tuple(name.split(".")))
        if path is None:
            said = Said(f"没有这个名称 '{name}'", f"unknown name '{name}'")
            job.author.wrong(mark, said, near(name, job.form.names))
        else:
            paths.append(path)
    return tuple(paths)


def _collect(
    facts: Facts, kinds: Sequence[str], body: _Body
) -> list[tuple[str, list[Observation]]]:
    """The observations of these kinds, grouped as the body asks; (key of the group, members)."""
    groups: dict[str, list[Observation]] = {}
    for kind in kinds:
        for seen in facts.observed.get(kind, ()):
            if body.within and not seen.path.startswith(body.within):
                continue
            groups.setdefault(_key(seen, body.per, len(groups)), []).append(seen)
    return list(groups.items())


def _key(seen: Observation, per: str, number: int) -> str:
    if per == "report":
        return "*"
    if per == "table":
        return seen.path.partition(".")[0]
    return f"{seen.kind}:{seen.path or seen.detail or number}"


def _seen(outcome: Outcome, group: tuple[str, list[Observation]], facts: Facts, fill: Fill) -> Seen:
    key, members = group
    where = _where(key, members, facts)
    labels = [_label(m, facts) for m in members]
    chinese = _listed([x.zh for x in labels], "等{}处")
    place = Said(chinese, _listed([x.en for x in labels], "… ({})"))
    details = _listed([m.detail for m in members if m.detail], "等{}处")
    found: Found = {"detail": details or where, "place": place, "count": str(len(members))}
    message = fill(facts, found)
    if outcome is Outcome.OPEN:
        message = Said(f"未能读取：{place.zh}", f"could not be read: {place.en}")
    evidence = tuple(_evidence(m, facts) for m in members)
    return Seen(outcome, key, where, evidence, message)


def _where(key: str, members: Sequence[Observation], facts: Facts) -> Said:
    if len(members) == 1:
        return _label(members[0], facts)
    if key in facts.form.labels:
        return facts.label(key)
    return Said("全篇", "whole report") if key == "*" else _label(members[0], facts)


def _label(seen: Observation, facts: Facts) -> Said:
    if seen.path in facts.form.labels:
        return facts.label(seen.path)
    return Said(seen.label or seen.location.label, seen.label or seen.location.label)


def _listed(words: Sequence[str], more: str) -> str:
    """The distinct words, at most six, then their number."""
    distinct = list(dict.fromkeys(w for w in words if w))
    shown = "、".join(distinct[:_SHOWN])
    return shown + (" " + more.format(len(distinct)) if len(distinct) > _SHOWN else "")


def _evidence(seen: Observation, facts: Facts) -> Evidence:
    return Evidence(
        path=seen.path,
        label=_label(seen, facts),
        value=facts.values.get(seen.path),
        state=facts.state(seen.path),
        location=seen.location if seen.location.source else facts.locations.get(seen.path),
        quote=seen.detail,
    )
