"""The structure of report data: its members in their order, and where each belongs in the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.form import Form
from auditor.model import Coverage

Shape = tuple[tuple[str, ...], tuple[tuple[int, Any], ...]]
"""The keys of an object, and the shapes of those of its members that are objects, by place."""


Plan = tuple[tuple[str, Any], ...]
"""The keys of an object in the form's order, each with the place of its value, or with a plan."""

ABSENT = -1  # the place of a member that the long way adds as null


@dataclass(frozen=True, eq=False)
class Structure:
    """One way to write a report: its members in their order, and the form that it follows.

    `plan` puts the members into the form's order, None where they are in it; `paths` are all
    members that are no object, `members` is the number of all; `places` are those of `paths` by
    kind: `count`, `change` (a count that may be negative), `amount`, `text`, `list`, `other`.
    """

    form: Form
    shape: Shape
    plan: Plan | None
    paths: tuple[str, ...]
    members: int
    places: Mapping[str, tuple[int, ...]]
    coverage: Coverage


def shape_of(node: Mapping[str, Any]) -> Shape:
    """The shape of an object."""
    inner = tuple(
        (place, shape_of(value)) for place, value in enumerate(node.values())
        if value.__class__ is dict
    )  # fmt: skip
    return tuple(node), inner


def structure_of(form: Form, shape: Shape, plan: Plan | None, coverage: Coverage) -> Structure:
    """The structure of a shape, with the kinds of its members by the form."""
    paths = tuple(paths_of(shape, ""))
    cells = form.fields
    kinds: dict[str, list[int]] = {}
    for place, path in enumerate(paths):
        kind = cells[path].kind if path in cells else _kind(form, path)
        kinds.setdefault(kind, []).append(place)
    places = {kind: tuple(found) for kind, found in kinds.items()}
    return Structure(form, shape, plan, paths, members_of(shape), places, coverage)


def _kind(form: Form, path: str) -> str:
    """`text` of a section, `list`, or `other`: a fact of the head, a heading."""
    if path.endswith(".text"):
        return "text"
    node: Any = form.schema
    for part in path.split("."):
        node = _resolved(form.schema, node.get("properties", {}).get(part, {}))
    return "list" if "array" in _types(node) else "other"


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return node


def _types(node: Mapping[str, Any]) -> tuple[str, ...]:
    kind = node.get("type", ())
    return (kind,) if isinstance(kind, str) else tuple(kind)


def paths_of(shape: Shape, prefix: str) -> Iterator[str]:
    """The dotted paths of all members that are no object, in their order."""
    keys, inner = shape
    objects = dict(inner)
    for place, key in enumerate(keys):
        if place in objects:
            yield from paths_of(objects[place], f"{prefix}{key}.")
        else:
            yield prefix + key


def plan_of(wanted: Shape, prefix: str, there: Mapping[str, int]) -> Plan:
    """How members at the places `there` are put into the shape that is wanted."""
    keys, inner = wanted
    objects = dict(inner)
    return tuple(
        (key, plan_of(objects[n], f"{prefix}{key}.", there) if n in objects
         else there.get(prefix + key, ABSENT))
        for n, key in enumerate(keys)
    )  # fmt: skip


def value_at(node: Any, path: str) -> Any:
    """The value at a dotted path; KeyError where there is none."""
    for key in path.split("."):
        node = node[key]
    return node


def members_of(shape: Shape) -> int:
    """The number of all members, objects included."""
    keys, inner = shape
    return len(keys) + sum(members_of(below) for _, below in inner)
