"""What the form's own words say about a flat text: its printed rows, labels and head words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.form import Field, Form, Label, PrintedRow, TableForm
from auditor.text import compact, ordinal, plain

_ITEM = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as printed, in the reading order of its table.

    `follow` is the index of the row that comes next when this one is taken: for an undivided
    group it lies behind the group's children, which it replaces.
    """

    index: int
    table: int
    path: str
    label: str
    slots: tuple[Field, ...]
    spellings: tuple[str, ...]
    variants: tuple[str, ...]
    numbering: str
    optional: bool
    across: bool
    follow: int

    @property
    def size(self) -> int:
        """How many numbers it prints."""
        return len(self.slots)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the form: its rows as printed, and the words that only its frame prints."""

    form: TableForm
    lines: tuple[Line, ...]
    signs: tuple[str, ...]

    @property
    def key(self) -> str:
        """The table's key in the form."""
        return self.form.key


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one form, prepared for reading."""

    sheets: tuple[Sheet, ...]
    openings: frozenset[str]
    items: dict[str, frozenset[str]]
    known: re.Pattern[str]
    signed: bool
    sizes: frozenset[int]
    rows: frozenset[str]

    def lines(self) -> Iterator[Line]:
        """Every printed row of every table."""
        for sheet in self.sheets:
            yield from sheet.lines


def lexicon_of(form: Form) -> Lexicon:
    """Prepare a form's words."""
    sheets = tuple(_sheet(number, table) for number, table in enumerate(form.tables))
    labels = list(_labels(form))
    words = {word for label in labels for word in (*label.spellings, *label.variants)}
    words |= {compact(label.text) for label in labels}
    phrases = sorted((re.escape(w) for w in words if len(w) > 1), key=len, reverse=True)
    return Lexicon(
        sheets=sheets,
        openings=frozenset(word[:2] for word in words if len(word) > 1),
        items=_items(labels),
        known=re.compile("|".join(phrases) or r"(?!)"),
        signed=any(f.kind == "change" for t in form.tables for f in t.fields()),
        sizes=frozenset(line.size for sheet in sheets for line in sheet.lines),
        rows=frozenset(s for sheet in sheets for line in sheet.lines for s in line.spellings),
    )


def _labels(form: Form) -> Iterator[Label]:
    for section in form.sections:
        yield section.heading
    for table in form.tables:
        yield from table.heads
        for row in table.rows:
            yield from (*row.labels, *row.under, *(f.labels[-1] for f in row.fields))


def _items(labels: Iterable[Label]) -> dict[str, frozenset[str]]:
    """Item numbers (2.) and how the labels that carry them begin."""
    found: dict[str, set[str]] = {}
    for label in labels:
        item = _ITEM.match(ordinal(label.text))
        if item:
            found.setdefault(item.group(), set()).update(s[:2] for s in label.spellings)
    return {number: frozenset(starts) for number, starts in found.items()}


def _sheet(number: int, table: TableForm) -> Sheet:
    printed = table.printed()
    lines = tuple(_line(i, number, table, printed) for i in range(len(printed)))
    return Sheet(table, lines, _signs(table, lines))


def _line(index: int, number: int, table: TableForm, printed: tuple[PrintedRow, ...]) -> Line:
    row = printed[index]
    label = None if table.across or not row.labels else row.labels[-1]
    return Line(
        index=index,
        table=number,
        path=table.key if table.across else row.slots[0].row,
        label=table.number if table.across else table.rows[index].label,
        slots=row.slots,
        spellings=label.spellings if label else (),
        variants=label.variants if label else (),
        numbering=compact(ordinal(label.text)) if label else "",
        optional=row.optional,
        across=table.across,
        follow=_follow(index, table) if row.optional else index + 1,
    )


def _follow(index: int, table: TableForm) -> int:
    """The first row behind the children of the group that the undivided row stands for."""
    group = table.rows[index].group
    behind = index + 1
    while behind < len(table.rows) and table.rows[behind].group == group:
        behind += 1
    return behind


def _signs(table: TableForm, lines: tuple[Line, ...]) -> tuple[str, ...]:
    """Words of the table's frame: heads, captions, column titles; no row's own label.

    A table laid out across has no row labels: there the labels of its groups are frame too.
    """
    frame = [*table.heads, *(u for row in table.rows for u in row.under)]
    frame += [f.labels[-1] for row in table.rows for f in row.fields]
    if table.across:
        frame += [label for row in table.rows for label in row.labels]
    own = {s for line in lines for s in line.spellings}
    words = (plain(label.text) for label in frame)
    return tuple(dict.fromkeys(w for w in words if len(w) > 2 and w not in own))
