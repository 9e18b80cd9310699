"""Plain data copied along the schema: what is missing is noted, what is wrong is refused."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal
from typing import Any

from auditor.binding.filling import Schema, got, resolved, types_of
from auditor.errors import DocumentError, Said
from auditor.form import Field, Form
from auditor.model import Location, Observation

LOST = frozenset(
    (
        "unreadable",
        "row-unread",
        "table-unread",
        "not-a-count",
        "cell-missing",
        "row-missing",
        "table-missing",
        "section-missing",
        "section-unread",
    )
)
_LIMIT = 10**15
_PLACES, _WHOLE = 12, 18
_TYPES = {
    "object": Said("一组成员", "an object"),
    "array": Said("列表", "a list"),
    "string": Said("文字", "a text"),
    "integer": Said("整数", "a whole number"),
    "null": Said("空", "null"),
}


class Filler:
    """Copies data along the schema; notes what is missing; refuses what is wrong."""

    def __init__(
        self,
        form: Form,
        source: str,
        told: Sequence[Observation],
        places: Mapping[str, tuple[int, int]],
    ) -> None:
        self.form = form
        self.source = source
        self.places = places
        self.told = tuple(told)
        self.known = {(o.path, o.kind) for o in told}
        self.noted: list[Observation] = []
        self._whole: frozenset[str] = frozenset()

    def filled(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The whole data along the schema."""
        self._whole = _undivided(self.form, given, {o.path for o in self.told})
        return self.object(self.form.schema, given, "")

    def object(self, node: Schema, given: Mapping[str, Any], path: str) -> dict[str, Any]:
        """An object with every member that the schema requires, in the schema's order."""
        properties = node.get("properties", {})
        known_members(given, list(properties), path)
        required = set(node.get("required", ())) | (set() if path else set(properties))
        filled: dict[str, Any] = {}
        for key, child in properties.items():
            at = f"{path}.{key}" if path else key
            here = resolved(self.form.schema, child)
            if key in given:
                filled[key] = self.value(here, given[key], at)
            elif key in required:
                filled[key] = self.missing(here, at)
        return filled

    def value(self, node: Schema, given: Any, path: str) -> Any:
        """One member of any type."""
        if path in self.form.fields:
            return self.cell(self.form.fields[path], given)
        if given is None and path.endswith(".text"):
            self.unread(path)
        kinds = types_of(node)
        kind = _kind(given)
        if kinds and kind not in kinds:
            raise _wrong(path, given, kinds)
        if isinstance(given, Mapping):
            return self.object(node, given, path)
        if isinstance(given, list):
            item = resolved(self.form.schema, node.get("items", {}))
            return [self.value(item, entry, f"{path}[{i}]") for i, entry in enumerate(given)]
        if node.get("enum") and given not in node["enum"]:
            said = Said(f"{path} 的值 {given} 不认识", f"{path}: unknown value {given}")
            raise broken(path, said, [str(e) for e in node["enum"] if e], str(given))
        return int(given) if isinstance(given, Decimal) else given

    def cell(self, of: Field, given: Any) -> Any:
        """A count as int, an amount as a decimal string; null is a printed blank."""
        if given is None:
            standing = any((p, k) in self.known for p in above(of.path) for k in LOST)
            if not standing and self._whole.isdisjoint(above(of.path)):
                self.note("blank-cell", of.path, of.label)
            return None
        number = _number(of, given)
        whole = number == number.to_integral_value()
        if of.kind == "amount" and number >= 0 and _short(number):
            return format(number, "f")
        exact = of.kind != "amount" and whole and abs(number) <= _LIMIT
        if exact and (number >= 0 or of.kind == "change"):
            return int(number)
        self.note("not-a-count", of.path, of.label, str(given))
        return None

    def unread(self, path: str) -> None:
        """A section without text was not read, unless the report says that it is missing."""
        key = path.partition(".")[0]
        if not {(key, "section-missing"), (key, "section-unread")} & self.known:
            self.note("section-unread", key, self.form.labels.get(key, key))

    def missing(self, node: Schema, path: str) -> Any:
        """What stands for a member that is not there, and the note that it is not."""
        form = self.form
        keys = {s.key: s.table for s in form.sections}
        label = form.labels.get(path, path)
        if path in keys:
            self.note("section-missing", path, label)
            if keys[path]:
                self.note("table-missing", path, label)
        elif path in form.rows or any(r.group == path for r in form.rows.values()):
            for row in _rows_below(form, path):
                self.note("row-missing", row, form.labels.get(row, row))
        elif path in form.fields:
            self.note("cell-missing", path, label)
        elif path.partition(".")[0] in keys and path.endswith(".text"):
            self.note("section-missing", path.partition(".")[0], label)
        return _nothing(form, node)

    def note(self, kind: str, path: str, label: str, detail: str = "") -> None:
        """Observe something, unless the report already says so."""
        if (path, kind) not in self.known:
            where = self.where(path, label)
            self.noted.append(Observation(kind, label, where, detail, path))

    def where(self, path: str, label: str) -> Location:
        """Line and character of a member; of a missing one those of the nearest that holds it."""
        at = next((self.places[p] for p in above(path) if p in self.places), None)
        if at is None:
            return Location(self.source, label)
        return Location(self.source, label, line=at[0], column=at[1])


def _nothing(form: Form, node: Schema) -> Any:
    """Nulls in the shape of the schema."""
    kinds = types_of(node)
    if "object" in kinds and "null" not in kinds:
        properties = node.get("properties", {})
        return {
            key: _nothing(form, resolved(form.schema, properties[key]))
            for key in node.get("required", ())
        }
    return [] if kinds == ("array",) else None


def above(path: str) -> Iterator[str]:
    """The path and every path above it."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _rows_below(form: Form, path: str) -> list[str]:
    return [p for p, r in form.rows.items() if not r.undivided and path in (p, r.group)]


def _undivided(form: Form, data: Mapping[str, Any], told: Set[str]) -> frozenset[str]:
    """The rows that a group printed as one row stands for: they are absent, not blank.

    `told` are the paths of which the report says something: a printed row may be unread.
    """
    rows = form.rows.values()
    filled = {r.path for r in rows if any(got(data, f.path) is not None for f in r.fields)}
    read = {r.path for r in rows if r.path in filled or any(f.path in told for f in r.fields)}
    whole = {r.group for r in rows if r.undivided and r.path in read}
    whole -= {r.group for r in rows if not r.undivided and r.path in filled}
    return frozenset(r.path for r in rows if r.group in whole and not r.undivided)


def known_members(given: Mapping[str, Any], known: Sequence[str], path: str) -> None:
    """Refuse a member that the form does not have, with the nearest that it has."""
    for key in given:
        if key not in known:
            at = f"{path}.{key}" if path else str(key)
            said = Said(f"没有成员 {at}", f"unknown member {at}")
            raise broken(at, said, known, str(key))


def _kind(given: Any) -> str:
    """The JSON type of a value; bool is no number."""
    if given is None:
        return "null"
    for kind, types in (("boolean", bool), ("string", str), ("integer", int), ("object", Mapping)):
        if isinstance(given, types):
            return kind
    if isinstance(given, list):
        return "array"
    whole = isinstance(given, Decimal) and abs(given) <= _LIMIT and given % 1 == 0
    return "integer" if whole else "number"


def _number(of: Field, given: Any) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | Decimal | str):
        raise _wrong(of.path, given, ("string",) if of.kind == "amount" else ("integer",))
    if isinstance(given, str) and of.kind != "amount":
        raise _wrong(of.path, given, ("integer",))
    if isinstance(given, str) and not _is_decimal(given):
        said = Said(
            f'{of.path} 应为十进制数，例如 "12.5"，现为 {given!r}',
            f'{of.path} must be a decimal such as "12.5", not {given!r}',
        )
        raise DocumentError("broken", said)
    return Decimal(given)


def _is_decimal(text: str) -> bool:
    whole, _, places = text.removeprefix("-").partition(".")
    return whole.isascii() and whole.isdigit() and (not places or _digits(places))


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _short(number: Decimal) -> bool:
    whole, _, places = format(number, "f").partition(".")
    return len(whole) <= _WHOLE and len(places) <= _PLACES


def _wrong(path: str, given: Any, kinds: Sequence[str]) -> DocumentError:
    shown = [_TYPES[k] for k in kinds if k in _TYPES]
    zh = "或".join(s.zh for s in shown)
    en = " or ".join(s.en for s in shown)
    value, text = str(given)[:40], isinstance(given, str)
    found = Said(f"文字“{value}”", f'the text "{value}"') if text else Said(value, value)
    return DocumentError(
        "broken",
        Said(f"{path} 应为{zh}，现为{found.zh}", f"{path} must be {en}, found {found.en}"),
    )


def broken(path: str, said: Said, known: Sequence[str], given: str = "") -> DocumentError:
    """The error for a wrong word, with the nearest known ones."""
    near = difflib.get_close_matches(given or path, known, n=3)
    if near:
        names = "、".join(near)
        said = Said(f"{said.zh}；是否为 {names}", f"{said.en}; did you mean {', '.join(near)}")
    return DocumentError("broken", said)
