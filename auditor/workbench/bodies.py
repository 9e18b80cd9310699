"""Small slips in the bodies of rules about texts and observations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from auditor.rulebook import looking
from auditor.rulebook.expression import parse
from auditor.rulebook.marks import Listed, Mapped, Mark
from auditor.rulebook.rule import Rule
from auditor.rulebook.scope import Scope, places
from auditor.rulebook.tree import Name
from auditor.rulebook.verbs import breakdown, claim
from auditor.text import written
from auditor.workbench.neighbours import neighbours
from auditor.workbench.printing import printed
from auditor.workbench.slips import slips

Changed = tuple[Any, str, str, str]
"""A changed body, the kind of the change, what stood there, what stands there now."""

_NOWHERE = Mark(1, 1, 1)


def bodies(rule: Rule, scope: Scope) -> Iterator[Changed]:
    """Every body that differs from the rule's by one slip."""
    match rule.verb:
        case "avoid":
            yield from _avoid(rule.body)
        case "observe":
            yield from _observe(rule.body)
        case "require":
            yield from _require(rule.body, scope)
        case "claim":
            yield from _claims(rule.body, scope)
        case "breakdown":
            yield from _parts(rule.body, breakdown.KEYS, scope)


# ---- parts of mappings and lists ---------------------------------------------------------------


def _copy(body: Mapping[str, Any]) -> Mapped:
    new = Mapped(getattr(body, "mark", _NOWHERE))
    new.update(body)
    new.marks_of_keys.update(getattr(body, "marks_of_keys", {}))
    new.marks_of_values.update(getattr(body, "marks_of_values", {}))
    return new


def _with(body: Mapping[str, Any], key: str, value: Any) -> Mapped:
    new = _copy(body)
    new[key] = value
    return new


def _without(body: Mapping[str, Any], key: str) -> Mapped:
    new = _copy(body)
    del new[key]
    return new


def _items(node: Any) -> list[Any]:
    return list(node) if isinstance(node, list) else [node]


def _listed(items: Sequence[Any]) -> Listed:
    new = Listed(_NOWHERE)
    new.extend(items)
    new.marks.extend([_NOWHERE] * len(items))
    return new


def _fewer(body: Mapping[str, Any], key: str) -> Iterator[Changed]:
    """The body with one item of a list less, where there are several."""
    items = _items(body[key])
    for n in range(len(items)) if len(items) > 1 else ():
        rest = _listed([*items[:n], *items[n + 1 :]])
        yield _with(body, key, rest), "part", f"{key} {_shown(items[n])}", ""


def _gone(body: Mapping[str, Any], key: str) -> Iterator[Changed]:
    yield _without(body, key), "part", f"{key} {_shown(body[key])}", ""


def _shown(node: Any) -> str:
    if isinstance(node, list):
        return "、".join(_shown(item) for item in node)
    return written(node) if isinstance(node, int | str) else str(node)


# ---- avoid, observe, require -------------------------------------------------------------------


def _avoid(body: Any) -> Iterator[Changed]:
    if not isinstance(body, Mapping):
        return
    for key in body:
        what = looking.KEYS.get(key)
        if what in ("words", "per"):
            continue
        if what == "at_least":
            yield from _counted(body, key)
        elif what in ("patterns", "lists", "in"):
            yield from _fewer(body, key)
            if what == "in":
                yield from _gone(body, key)
        else:
            yield from _gone(body, key)


def _counted(body: Mapping[str, Any], key: str) -> Iterator[Changed]:
    least = int(body[key])
    for other in (least + 1, least - 1):
        if other >= 1:
            yield _with(body, key, other), "bound", f"{key} {least}", f"{key} {other}"


def _observe(body: Any) -> Iterator[Changed]:
    if isinstance(body, list):
        for n in range(len(body)) if len(body) > 1 else ():
            yield _listed([*body[:n], *body[n + 1 :]]), "part", str(body[n]), ""
    for key in body if isinstance(body, Mapping) else ():
        if key in ("kinds", "种类", "open", "待读"):
            yield from _fewer(body, key)
        if key in ("open", "待读", "in", "所在"):
            yield from _gone(body, key)


def _require(body: Any, scope: Scope) -> Iterator[Changed]:
    items = _items(body)
    for n, item in enumerate(items):
        if len(items) > 1:
            yield _listed([*items[:n], *items[n + 1 :]]), "part", str(item), ""
        name = parse(str(item))
        for other in neighbours(name, scope) if isinstance(name, Name) else ():
            changed = _listed([*items[:n], printed(other), *items[n + 1 :]])
            yield changed, "name", str(item), printed(other)


# ---- claim, breakdown --------------------------------------------------------------------------

_PHRASES = frozenset({"says", "none", "parts"})
_WHAT_IT_IS_ABOUT = frozenset({"column", "reading", None})
_OTHER_CHECK = {"合计": "不足", "sum": "short", "不足": "合计", "short": "sum"}


def _claims(body: Any, scope: Scope) -> Iterator[Changed]:
    if not isinstance(body, list):
        yield from _parts(body, claim.KEYS, scope)
        return
    for n, one in enumerate(body):
        if len(body) > 1:
            rest = _listed([*body[:n], *body[n + 1 :]])
            yield rest, "part", f"{_told(one)}", ""
        for changed, kind, old, new in _parts(one, claim.KEYS, scope):
            whole = _listed([*body[:n], changed, *body[n + 1 :]])
            yield whole, kind, f"[{n + 1}] {old}", new and f"[{n + 1}] {new}"


def _told(one: Mapping[str, Any]) -> str:
    return "；".join(
        f"{key} {_shown(one[key])}" for key in one if key in ("称", "says", "称无", "none")
    )


def _parts(body: Mapping[str, Any], keys: Mapping[str, str], scope: Scope) -> Iterator[Changed]:
    """One body of a claim or a breakdown, changed in one of its parts."""
    scope = _in_column(body, keys, scope)
    for key in body:
        what = keys.get(key)
        if what in _PHRASES:
            yield from _fewer(body, key)
            if what != "parts" and len([k for k in body if keys.get(k) in ("says", "none")]) > 1:
                yield from _gone(body, key)
        elif what in ("equals", "lawful"):
            yield from _fewer(body, key)
            if what == "lawful":
                yield from _gone(body, key)
            yield from _sums(body, key, scope)
        elif what == "check":
            yield from _checked(body, key)
        elif what not in _WHAT_IT_IS_ABOUT:
            yield from _gone(body, key)


def _checked(body: Mapping[str, Any], key: str) -> Iterator[Changed]:
    """Parts that exceed their total, parts that fall short of it: one instead of the other."""
    other = _OTHER_CHECK.get(str(body[key]))
    if other is not None:
        yield _with(body, key, other), "polarity", f"{key} {body[key]}", f"{key} {other}"


def _sums(body: Mapping[str, Any], key: str, scope: Scope) -> Iterator[Changed]:
    """The accepted expressions, each with every slip."""
    items = _items(body[key])
    for n, item in enumerate(items):
        for slip in slips(parse(str(item)), scope):
            new = printed(slip.node)
            if new in map(str, items):
                continue  # the same as one reading less
            changed = _listed([*items[:n], new, *items[n + 1 :]])
            yield _with(body, key, changed), slip.kind, f"{key} {slip.old}", f"{key} {slip.new}"


def _in_column(body: Mapping[str, Any], keys: Mapping[str, str], scope: Scope) -> Scope:
    """The names in the column that the body names."""
    named = next((body[key] for key in body if keys.get(key) == "column"), None)
    if named is None or scope.table is None:
        return scope
    for place in places(scope.form, scope.table, "column"):
        word = place.said.zh.rpartition(" · ")[2]
        if named in (place.column, word, word.removesuffix("列")):
            return replace(scope, place=place)
    return scope
