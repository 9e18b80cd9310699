"""Form: the labels by which a document is read and the names that rules may use.

A form is made from a schema (`auditor.schema`). It knows no file format and no rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from auditor.errors import Said

Schema = Mapping[str, Any]

DOCUMENT = {
    "document": "文件",
    "document.flattened": "文件.已失版式",
    "document.rest": "文件.其余文字",
    "document.beside": "文件.表旁文字",
}
"""Facts of the file rather than of the form: whether it has lost its grid and its numbering, and
the running text that belongs to no part of the form, and what of it stands beside tables."""

BESIDE: Mapping[str, tuple[str, str]] = {
    "document.draft": ("文件.草稿", "logic"),
    "document.page_date": ("文件.网页日期", "logic"),
    "beside": ("对照", ""),
    "beside.prior": ("对照.上年", ""),
    "beside.prior.renamed": ("对照.上年.更名", "logic"),
    "beside.prior.gap": ("对照.上年.断档", "number"),
    "beside.prior.same": ("对照.上年.相同数", "number"),
    "beside.prior.different": ("对照.上年.不同数", "number"),
    "beside.prior.similarity": ("对照.上年.相似度", ""),
    "beside.prior.similarity.whole": ("对照.上年.相似度.全文", "number"),
    "beside.peers": ("对照.同级", ""),
    "beside.peers.count": ("对照.同级.份数", "number"),
    "beside.peers.alike": ("对照.同级.雷同份数", "number"),
    "beside.peers.similarity": ("对照.同级.相似度", ""),
    "beside.peers.similarity.whole": ("对照.同级.相似度.全文", "number"),
    "beside.versions": ("对照.另版数", "number"),
    "beside.names": ("对照.他名", ""),
    "beside.names.opening": ("对照.他名.导语", "number"),
    "beside.names.text": ("对照.他名.正文", "number"),
    "beside.units": ("对照.分项", ""),
    "beside.units.count": ("对照.分项.份数", "number"),
    "beside.units.missing": ("对照.分项.缺数", "number"),
    "roster": ("名册", ""),
    "roster.deadline": ("名册.期限", "text"),
    "roster.reviewed": ("名册.备案", "text"),
    "roster.documents": ("名册.文件库", "number"),
}
"""Facts that come from other reports, from the roster or from the run: name and kind of each.

None of them is on the form; where one has no value, a rule that names it is not applicable.
"""

SIMILARITIES = ("beside.prior.similarity", "beside.peers.similarity")
"""Groups with one number for the whole text and one for each section of text."""


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label: its text as on the form and the plain spellings by which it is known.

    `spellings` are as good as the form's own words; `variants` are recognised as this label but
    noted as changed.
    """

    text: str
    spellings: tuple[str, ...]
    variants: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """By its text alone: labels are looked up by the thousand."""
        return hash(self.text)


@dataclass(frozen=True, slots=True)
class Field:
    """One cell of the form.

    `labels` are the titles on the way from the table to the cell, outermost first; `row` is the
    path of the object that holds it. `kind` is `count`, `change` (may be negative) or `amount`.
    """

    path: str
    table: str
    row: str
    key: str
    labels: tuple[Label, ...]
    kind: str
    minimum: int | None
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form as data: an object whose members are cells.

    `labels` are the titles from the table down to the row; `under` are printed labels that may
    also stand to its left (group captions without a key). `undivided` marks a group that a
    document printed as one row; it then stands for `group`'s children.
    """

    path: str
    table: str
    labels: tuple[Label, ...]
    under: tuple[Label, ...]
    fields: tuple[Field, ...]
    group: str
    undivided: bool
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row as printed: its label path and its number slots in reading order.

    A table laid out `across` prints all its rows as one line of numbers, without a label.
    """

    labels: tuple[Label, ...]
    under: tuple[Label, ...]
    slots: tuple[Field, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class TableForm:
    """One table of the form: `key` is its path, `number` the word for people (表三)."""

    key: str
    name: str
    number: str
    heading: Label
    ordinal: str
    across: bool
    heads: tuple[Label, ...]
    rows: tuple[Row, ...]

    def fields(self, *, optional: bool = False) -> Iterator[Field]:
        """The cells in reading order; the undivided rows only where `optional` is set."""
        for row in self.rows:
            if optional or not row.undivided:
                yield from row.fields

    def printed(self) -> tuple[PrintedRow, ...]:
        """The rows as a document prints them, in reading order."""
        if self.across:
            slots = tuple(f for row in self.rows for f in row.fields)
            return (PrintedRow((), (), slots, optional=False),)
        return tuple(
            PrintedRow(row.labels, row.under, row.fields, optional=row.undivided)
            for row in self.rows
        )

    def column_keys(self) -> tuple[str, ...]:
        """The distinct last keys of its cells, in order of first appearance."""
        return tuple(dict.fromkeys(f.key for row in self.rows for f in row.fields))


@dataclass(frozen=True, slots=True)
class SectionForm:
    """One of the form's sections, in printed order; `table` where it holds a table."""

    key: str
    name: str
    heading: Label
    ordinal: str
    table: bool


@dataclass(frozen=True, eq=False)
class Form:
    """One edition of the official form. `refuse` is set where it is known but not audited.

    `stocks` are cells that stand from year to year; `flows` are what came in and went out.
    """

    id: str
    title: Said
    schema: Schema
    sections: tuple[SectionForm, ...]
    tables: tuple[TableForm, ...]
    first_year: int
    last_year: int | None
    match: Mapping[str, list[str]]
    read: Mapping[str, list[dict[str, str]]]
    refuse: Said | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    stocks: frozenset[str] = frozenset()
    flows: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def said(self, path: str) -> Said:
        """The label of a fact in both languages; the English one is made of its key."""
        words = " · ".join(path.replace("_", " ").split("."))
        return Said(self.labels.get(path, path), words)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every cell by path, undivided rows included."""
        return {f.path: f for t in self.tables for f in t.fields(optional=True)}

    @cached_property
    def required_fields(self) -> tuple[Field, ...]:
        """The cells that a complete report prints."""
        return tuple(f for t in self.tables for f in t.fields())

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts of the sections."""
        return tuple(path for path in self.labels if path.endswith(".text"))

    def is_logic(self, path: str) -> bool:
        """Whether a fact is true or false by itself."""
        if path in BESIDE:
            return BESIDE[path][1] == "logic"
        return path == "document.flattened"

    def is_number(self, path: str) -> bool:
        """Whether a fact of the head is a number by its type."""
        return path in self.numbers

    def words_of(self, path: str) -> Mapping[str, str]:
        """The words for people of an enumerated fact (key → word); empty for any other."""
        return self.words.get(path, {})

    @cached_property
    def groups(self) -> frozenset[str]:
        """The paths of groups: objects that hold rows."""
        return frozenset(r.group for r in self.rows.values() if r.group)

    @cached_property
    def amounts(self) -> tuple[Field, ...]:
        """The cells that hold an amount."""
        return tuple(f for f in self.fields.values() if f.kind == "amount")

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Every row by path."""
        return {r.path: r for t in self.tables for r in t.rows}

    def table(self, key: str) -> TableForm:
        """The table with this key; KeyError if there is none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)

    def section(self, key: str) -> SectionForm:
        """The section with this key; KeyError if there is none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def covers(self, period: int) -> bool:
        """Whether this edition is the right one for a report of that year."""
        return self.first_year <= period and (self.last_year is None or period <= self.last_year)
