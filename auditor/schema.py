"""Schema files → Form: one walk over a JSON Schema collects sections, tables, names and labels.

The annotations that start with `x-` are listed in CONTRIBUTING.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError, Said
from auditor.form import (
    BESIDE,
    DOCUMENT,
    SIMILARITIES,
    Field,
    Form,
    Label,
    Row,
    Schema,
    SectionForm,
    TableForm,
)
from auditor.text import plain


def load_form(path: Path) -> Form:
    """Read one schema file. Raises AuditorError if it is no form."""
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AuditorError(
            Said(f"无法读取表式 {path.name}：{error}", f"cannot read the form {path.name}: {error}")
        ) from error
    return form_of(schema)


def load_forms(folder: Path) -> tuple[Form, ...]:
    """All forms of a folder (files whose schema has `x-match`), by id."""
    forms = []
    for path in sorted(folder.glob("*.schema.json")):
        text = path.read_text(encoding="utf-8")
        schema = json.loads(text) if '"x-match"' in text else {}  # the others are large
        if "x-match" in schema:
            forms.append(form_of(schema))
    return tuple(sorted(forms, key=lambda f: f.id))


def form_of(schema: Schema) -> Form:
    """Turn a schema into a Form."""
    builder = _Builder(schema)
    builder.walk_root()
    for path, name in DOCUMENT.items():
        builder.register(path, name, name.rpartition(".")[2])
    builder.beside()
    years = schema.get("x-years", {})
    return Form(
        id=schema["x-name"],
        title=_said(schema.get("x-title", schema.get("title", schema["x-name"]))),
        schema=schema,
        sections=tuple(builder.sections),
        tables=tuple(builder.tables),
        first_year=int(years.get("from", 0)),
        last_year=years.get("until"),
        match=schema.get("x-match", {}),
        read=schema.get("x-read", {}),
        refuse=_said(schema["x-refuse"]) if "x-refuse" in schema else None,
        names=builder.names,
        labels=builder.labels,
        words=builder.words,
        numbers=frozenset(builder.numbers),
        stocks=frozenset(builder.stocks),
        flows=builder.flows,
    )


def _said(value: str | Mapping[str, str]) -> Said:
    return Said(value, value) if isinstance(value, str) else Said(value["zh"], value["en"])


def label_of(text: str, aliases: Sequence[str] = (), variants: Sequence[str] = ()) -> Label:
    """A label with its plain spellings; the form's own comes first."""
    return Label(text, _plain_all((text, *aliases)), _plain_all(variants))


def _plain_all(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for s in map(plain, texts) if s))


class _Builder:
    """Walks a schema once and collects sections, tables, names and labels."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.sections: list[SectionForm] = []
        self.tables: list[TableForm] = []
        self.names: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.words: dict[str, dict[str, str]] = {}
        self.numbers: set[str] = set()
        self.stocks: set[str] = set()
        self.flows: dict[str, tuple[str, str]] = {}

    def beside(self) -> None:
        """The facts that come from elsewhere; likeness is told for each section of text."""
        for path, (name, kind) in BESIDE.items():
            self.register(path, name, name.replace(".", " · "))
            if kind == "number":
                self.numbers.add(path)
        for group in SIMILARITIES:
            for section in self.sections:
                if not section.table:
                    path, name = f"{group}.{section.key}", f"{BESIDE[group][0]}.{section.name}"
                    self.register(path, name, name.replace(".", " · "))
                    self.numbers.add(path)

    def resolve(self, node: Schema) -> dict[str, Any]:
        """The node with its local `$ref` merged in; the node's own annotations win."""
        if "$ref" not in node:
            return dict(node)
        target = self.schema["$defs"][node["$ref"].removeprefix("#/$defs/")]
        return {**self.resolve(target), **{k: v for k, v in node.items() if k != "$ref"}}

    def walk_root(self) -> None:
        """Sections become sections, tables become tables, the rest is the head."""
        for key, node in self.schema.get("properties", {}).items():
            child = self.resolve(node)
            if "x-ordinal" not in child:
                self.name(key, child, "", "")
                continue
            self.name(key, child, "", "", deep="x-table" not in child)
            table = "x-table" in child
            heading = _label(child)
            self.sections.append(
                SectionForm(key, child["x-name"], heading, child["x-ordinal"], table)
            )
            if table:
                self.tables.append(self.table(key, child))

    def name(
        self, path: str, node: Schema, names: str, label: str, *, deep: bool = True
    ) -> tuple[str, str]:
        """Register the name and the label of a node; returns both, dotted."""
        own = f"{names}.{node['x-name']}" if names else str(node.get("x-name", path))
        words = " · ".join(w for w in (label, _word(node)) if w)
        self.register(path, own, words)
        if "x-words" in node:
            self.words[path] = dict(node["x-words"])
        if "integer" in _many(node.get("type")):
            self.numbers.add(path)
        if deep:
            for key, child in node.get("properties", {}).items():
                self.name(f"{path}.{key}", self.resolve(child), own, words)
        return own, words

    def register(self, path: str, name: str, words: str) -> None:
        """A fact's name for rule authors and its label for people."""
        self.names[name] = path
        self.labels[path] = words

    def table(self, key: str, node: Schema) -> TableForm:
        """A section with a table: every object whose members are numbers is a row."""
        rows: list[Row] = []
        context = _Context(key, str(node["x-name"]), str(node["x-table"]), (), (), "")
        for child_key, child in node["properties"].items():
            resolved = self.resolve(child)
            if resolved.get("type") == "object":
                rows.extend(self.rows(f"{key}.{child_key}", resolved, context, key))
            else:
                self.name(f"{key}.{child_key}", resolved, context.name, context.label)
        return TableForm(
            key=key,
            name=str(node["x-name"]),
            number=str(node["x-table"]),
            heading=_label(node),
            ordinal=str(node["x-ordinal"]),
            across=node.get("x-layout") == "across",
            heads=tuple(label_of(h) for h in node.get("x-heads", ())),
            rows=tuple(rows),
        )

    def rows(self, path: str, node: Schema, above: _Context, table: str) -> Iterator[Row]:
        """The rows at or below a node, a group's undivided row before its children."""
        here = self.enter(path, node, above)
        children = {k: self.resolve(v) for k, v in node["properties"].items()}
        if all(child.get("type") != "object" for child in children.values()):
            yield self.row(path, node, children, here, table)
            return
        ordered = sorted(children.items(), key=lambda kv: not kv[1].get("x-undivided"))
        for key, child in ordered:
            yield from self.rows(f"{path}.{key}", child, here, table)

    def enter(self, path: str, node: Schema, above: _Context) -> _Context:
        """The context below a node: its title joins the labels, its name the dotted name."""
        title = str(node.get("title", ""))
        labels = (*above.labels, _label(node)) if title else above.labels
        under = (*above.under, *(label_of(u) for u in _many(node.get("x-under"))))
        name = f"{above.name}.{node['x-name']}"
        words = f"{above.label} · {_word(node)}" if title else above.label
        self.register(path, name, words)
        return _Context(path, name, words, labels, under, above.path)

    def row(
        self, path: str, node: Schema, children: Mapping[str, Schema], here: _Context, table: str
    ) -> Row:
        """A row with its cells."""
        fields = tuple(self.cell(f"{path}.{k}", k, c, here, table) for k, c in children.items())
        return Row(
            path=path,
            table=table,
            labels=here.labels,
            under=here.under,
            fields=fields,
            group=here.parent if here.parent != table else "",
            undivided=bool(node.get("x-undivided")),
            label=here.label,
            name=here.name,
        )

    def cell(self, path: str, key: str, node: Schema, here: _Context, table: str) -> Field:
        """A cell of a row."""
        context = self.enter(path, node, here)
        if node.get("x-stock"):
            self.stocks.add(path)
            if isinstance(node["x-stock"], list):
                came, went = (f"{here.path}.{name}" for name in node["x-stock"])
                self.flows[path] = (came, went)
        kind = str(node.get("x-kind", "count" if node.get("minimum") == 0 else "change"))
        blank = node.get("x-blank", {})
        return Field(
            path=path,
            table=table,
            row=here.path,
            key=key,
            labels=context.labels,
            kind=kind,
            minimum=blank.get("minimum"),
            unit=str(node.get("x-unit", "")),
            label=context.label,
        )


@dataclass(frozen=True, slots=True)
class _Context:
    path: str
    name: str
    label: str
    labels: tuple[Label, ...]
    under: tuple[Label, ...]
    parent: str


def _label(node: Schema) -> Label:
    return label_of(str(node["title"]), node.get("x-aliases", ()), node.get("x-variants", ()))


def _many(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _word(node: Schema) -> str:
    """The short word for a place: the table's number, else the name, else the title."""
    return str(node.get("x-table") or node.get("x-name") or node.get("title", ""))
