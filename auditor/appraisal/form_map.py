"""A form as a grid of cells to colour: what heat maps are drawn on, on a screen or on a page."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.form import Form, TableForm


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its label and the path of the cell in every column, "" where there is none."""

    label: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: its number for people, the labels of its columns, its rows."""

    name: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def grids(form: Form, lang: str) -> tuple[Grid, ...]:
    """The tables of a form in order, rows that only a merged print has left out."""
    return tuple(_grid(form, table, lang) for table in form.tables)


def cell_label(form: Form, path: str, lang: str) -> str:
    """What a cell is called."""
    return form.said(path).inside(lang)


def _grid(form: Form, table: TableForm, lang: str) -> Grid:
    rows = [row for row in table.rows if not row.undivided]
    keys = tuple(dict.fromkeys(f.key for row in rows for f in row.fields))
    first = {f.key: f for row in reversed(rows) for f in row.fields}
    columns = tuple(_last(form, first[key].path, lang) for key in keys)
    lines = []
    for row in rows:
        at = {f.key: f.path for f in row.fields}
        label = _below(form, row.path, lang)
        lines.append(Line(label, tuple(at.get(key, "") for key in keys)))
    return Grid(table.number if lang != "en" else table.key, columns, tuple(lines))


def _below(form: Form, path: str, lang: str) -> str:
    """The label of a row without its table."""
    said = form.said(path).inside(lang)
    return said.partition(" · ")[2] or said


def _last(form: Form, path: str, lang: str) -> str:
    return form.said(path).inside(lang).rpartition(" · ")[2]
