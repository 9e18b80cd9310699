"""Scope: what a name in a rule stands for, at one place of one form.

A rule without a table names facts in full (table.row.column). With a table, names are relative to
it; with `for_each`, relative to a column (so that a name is a row) or to a row (so that a name is
a column). Short names and English keys may be mixed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from auditor.errors import ExpressionError, Said
from auditor.form import Form, Row, TableForm
from auditor.model import Value
from auditor.rulebook.expression import in_signs
from auditor.rulebook.tree import Constant, Name
from auditor.rulebook.wordlist import WordList

_WHOLE = Said("", "")


@dataclass(frozen=True, slots=True)
class Place:
    """One place that a rule looks at: a column, a row, or the whole report (key "")."""

    key: str
    said: Said
    row: Row | None = None
    column: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Scope:
    """Resolves names for one form, table and place; thresholds and word lists are names too."""

    form: Form
    table: TableForm | None = None
    place: Place = field(default_factory=lambda: Place("", _WHOLE))
    thresholds: Mapping[str, Value | WordList] = field(default_factory=dict)
    _known: dict[tuple[tuple[str, ...], bool], tuple[str, ...] | Constant] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @property
    def where(self) -> tuple[str, str | None, str]:
        """The form, the table and the place: what an expression's meaning depends on."""
        return self.form.id, self.table.key if self.table else None, self.place.key

    def __call__(self, name: Name) -> tuple[str, ...] | Constant:
        """The fact paths of a name. Raises ExpressionError with the nearest known names."""
        key = (name.parts, name.wildcard)
        meant = self._known.get(key)
        if meant is None:
            meant = self._known[key] = self._meant(name)
        return meant

    def _meant(self, name: Name) -> tuple[str, ...] | Constant:
        words = tuple(name.parts)
        if not name.wildcard and len(words) == 1 and words[0] in self.thresholds:
            return Constant(self.thresholds[words[0]])
        paths = self._relative(words, name.wildcard) or self._absolute(words, name.wildcard)
        if paths:
            return paths
        raise ExpressionError(
            Said(f"没有这个名称 '{name}'", f"unknown name '{name}'"),
            name.start,
            name.end,
            lambda: self._meant_instead(words),
        )

    def _relative(self, words: tuple[str, ...], wildcard: bool) -> tuple[str, ...]:
        if self.table is None:
            return ()
        if self.place.row is not None:
            return _cell_of(self.place.row, words, self.form) if not wildcard else ()
        path = path_of(self.form, (self.table.key, *words))
        if path is None:
            return ()
        if not self.place.column:
            return cells_below(self.form, path) if wildcard else _fact(self.form, path)
        cells = cells_below(self.form, path) if wildcard or path in self.form.rows else ()
        return tuple(c for c in cells if self.form.fields[c].key == self.place.column)

    def _absolute(self, words: tuple[str, ...], wildcard: bool) -> tuple[str, ...]:
        path = path_of(self.form, words)
        if path is None:
            return ()
        return cells_below(self.form, path) if wildcard else _fact(self.form, path)

    def _meant_instead(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The expression that a sentence may mean, or names that look like this one."""
        spelled = in_signs(words[0]) if len(words) == 1 else None
        return (spelled,) if spelled else self.nearest(".".join(words))

    def nearest(self, word: str) -> tuple[str, ...]:
        """Up to three known names that look like this one, best first."""
        known = list(self.known())
        found = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
        if not found:
            last = word.rpartition(".")[2]
            found = [k for k in known if word in k or k.rpartition(".")[2] == last][:3]
        return tuple(found)

    def known(self) -> Iterable[str]:
        """The names that can be used here, relative ones first."""
        if self.place.row is not None:
            yield from _column_names(self.form, self.place.row)
        elif self.table is not None:
            prefix = self.table.name + "."
            for name, path in self.form.names.items():
                if name.startswith(prefix) and (not self.place.column or path in self.form.rows):
                    yield name.removeprefix(prefix)
        yield from self.thresholds
        if self.place.row is None or self.table is None:
            yield from self.form.names


def places(form: Form, table: TableForm | None, for_each: str) -> tuple[Place, ...]:
    """The places of a rule: `row`, `column`, or one for the whole report."""
    if table is None or not for_each:
        return (Place("", form.said(table.key) if table else _WHOLE),)
    if for_each == "row":
        return tuple(
            Place(row.path, form.said(row.path), row=row, optional=row.undivided)
            for row in table.rows
        )
    return tuple(
        Place(key, _column_said(form, table, key), column=key) for key in table.column_keys()
    )


def _column_said(form: Form, table: TableForm, key: str) -> Said:
    cell = next(f for f in table.fields() if f.key == key)
    word = form.labels[cell.path].rsplit(" · ", 1)[-1]
    return Said(f"{table.number} · {word}列", f"{table.key} · column {key.replace('_', ' ')}")


@lru_cache(maxsize=8192)
def path_of(form: Form, words: tuple[str, ...]) -> str | None:
    """The fact path of a dotted name in short names, keys or a mixture; None if unknown."""
    index = _index(form)
    path = ""
    for word in words:
        path = index.get((path, word), "")
        if not path:
            return None
    return path


@lru_cache(maxsize=64)
def _index(form: Form) -> dict[tuple[str, str], str]:
    """(parent path, short name or key) → path."""
    index: dict[tuple[str, str], str] = {}
    for name, path in form.names.items():
        parent = path.rpartition(".")[0]
        index[parent, name.rpartition(".")[2]] = path
        index[parent, path.rpartition(".")[2]] = path
    return index


def _fact(form: Form, path: str) -> tuple[str, ...]:
    """A path that is a fact; a text section stands for its text."""
    if f"{path}.text" in form.labels:
        return (f"{path}.text",)
    if path in form.rows or path in form.groups or path in {t.key for t in form.tables}:
        return ()
    return (path,)


@lru_cache(maxsize=4096)
def cells_below(form: Form, path: str) -> tuple[str, ...]:
    """All cells at or below a path in reading order, rows printed undivided left out."""
    return tuple(
        f.path
        for table in form.tables
        for f in table.fields()
        if f.path == path or f.path.startswith(path + ".")
    )


def _cell_of(row: Row, words: tuple[str, ...], form: Form) -> tuple[str, ...]:
    if len(words) != 1:
        return ()
    path = path_of(form, (*row.path.split("."), words[0]))
    return (path,) if path in form.fields else ()


def _column_names(form: Form, row: Row) -> list[str]:
    cells = {f.path for f in row.fields}
    return [name.rpartition(".")[2] for name, path in form.names.items() if path in cells]
