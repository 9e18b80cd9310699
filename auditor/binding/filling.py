"""The plain JSON of a report: an empty one by the form's schema, and values put into it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from auditor.form import Form

Schema = Mapping[str, Any]


def resolved(schema: Schema, node: Schema) -> Schema:
    """A node with its local `$ref` merged in; the node's own keys win."""
    if "$ref" not in node:
        return node
    target = schema["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return {**resolved(schema, target), **{k: v for k, v in node.items() if k != "$ref"}}


def types_of(node: Schema) -> tuple[str, ...]:
    """The JSON types that a node admits."""
    kind = node.get("type", ())
    return (kind,) if isinstance(kind, str) else tuple(kind)


def empty(form: Form) -> dict[str, Any]:
    """Every member that the schema describes: null, [] or an object of such; no optional rows."""
    filled = _copied(_of(form))
    assert isinstance(filled, dict)
    return filled


@lru_cache(maxsize=16)
def _of(form: Form) -> Any:
    return _empty(form.schema, form.schema, optional=True)


def _copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {k: None if value is None else _copied(value) for k, value in node.items()}
    return list(node) if isinstance(node, list) else node


def _empty(schema: Schema, node: Schema, *, optional: bool = False) -> Any:
    here = resolved(schema, node)
    kinds = types_of(here)
    if "object" in kinds and "null" not in kinds:
        wanted = here.get("properties", {}) if optional else here.get("required", ())
        return {key: _empty(schema, here["properties"][key]) for key in wanted}
    return [] if kinds == ("array",) else None


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Set the member at a dotted path; objects on the way come into being."""
    way, last = _way(path)
    for key in way:
        data = data.setdefault(key, {})
    data[last] = value


@lru_cache(maxsize=4096)
def _way(path: str) -> tuple[tuple[str, ...], str]:
    """The members on the way to a path, and its own name."""
    *way, last = path.split(".")
    return tuple(way), last


def got(data: Mapping[str, Any], path: str) -> Any:
    """The member at a dotted path, None where there is none."""
    at: Any = data
    for key in path.split("."):
        if not isinstance(at, Mapping) or key not in at:
            return None
        at = at[key]
    return at


def json_value(value: int | Decimal | None) -> int | str | None:
    """A count as int, an amount as a plain decimal string, null as null."""
    return format(value, "f") if isinstance(value, Decimal) else value


def fitted(form: Form, data: dict[str, Any]) -> dict[str, Any]:
    """The data cut to the lengths that the schema allows: a hostile text may be endless."""
    cut = _fitted(form.schema, form.schema, data)
    assert isinstance(cut, dict)
    return cut


def _fitted(schema: Schema, node: Schema, value: Any) -> Any:
    if value is None or isinstance(value, int):  # most are counts
        return value
    here = resolved(schema, node)
    if isinstance(value, str):
        return value[: here.get("maxLength")]
    if isinstance(value, list):
        items = here.get("items", {})
        return [_fitted(schema, items, item) for item in value[: here.get("maxItems")]]
    if isinstance(value, dict):
        properties = here.get("properties", {})
        return {
            k: v if v is None or type(v) is int else _fitted(schema, properties.get(k, {}), v)
            for k, v in value.items()
        }
    return value
