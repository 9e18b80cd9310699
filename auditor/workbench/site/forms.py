"""The page of a form: its sections, its tables as they are printed, the names in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.form import Form, TableForm
from auditor.renderers._grid import CAPTION, HEAD, SLOT, Printed, lay_out


def form_page(form: Form, lang: str) -> dict[str, Any]:
    """What the template of a form's page needs."""
    names = {path: name for name, path in form.names.items()}
    written = (lambda path: path) if lang == "en" else (lambda path: names.get(path, path))
    numbers = {table.key: table.number for table in form.tables}
    sections = [
        {
            "key": s.key,
            "printed": f"{s.ordinal}、{s.heading.text}",
            "name": written(s.key),
            "table": numbers.get(s.key, ""),
        }
        for s in form.sections
    ]
    tables = [_table(table, form, written, lang) for table in form.tables]
    facts = list(_facts(form, written, lang))
    return {"form": form, "sections": sections, "tables": tables, "facts": facts}


def _table(table: TableForm, form: Form, written: Any, lang: str) -> dict[str, Any]:
    grid = lay_out(table)
    rows: list[list[dict[str, str]]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(_cell(cell, table, written, form))
    return {
        "key": table.key,
        "number": table.number,
        "heading": table.heading.text,
        "name": table.key if lang == "en" else table.name,
        "rows": rows,
    }


def _cell(cell: Printed, table: TableForm, written: Any, form: Form) -> dict[str, str]:
    """A printed cell with the short name that it stands for."""
    span = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (
        f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    )
    name = short = ""
    if cell.path and cell.kind == HEAD and not table.across:
        short = _column(cell.path, table, written)
    elif cell.path and cell.kind in (HEAD, CAPTION):
        path = cell.path if "." in cell.path else _across_path(cell.path, table)
        short = written(path).rpartition(".")[2] if path else ""
    elif cell.kind == SLOT:
        name = written(cell.path)
        short = ".".join(name.split(".")[1:]) if table.across else "·"
    return {"kind": cell.kind, "text": cell.text, "span": span, "name": name, "short": short}


def _column(key: str, table: TableForm, written: Any) -> str:
    """The name of a column: that of the first cell with its key."""
    cell = next((f for f in table.fields() if f.key == key), None)
    return written(cell.path).rpartition(".")[2] if cell is not None else ""


def _across_path(key: str, table: TableForm) -> str:
    return next((f.path for f in table.fields() if f.key == key), "")


def _facts(form: Form, written: Any, lang: str) -> Iterator[dict[str, str]]:
    """The names that stand in no table: head, texts, and what comes from elsewhere."""
    tables = {table.key for table in form.tables}
    for path, label in form.labels.items():
        if path.partition(".")[0] in tables or _below(path, form):
            continue
        said = label if lang == "zh" else form.said(path).en
        words = form.words_of(path)
        listed = " · ".join(words.values() if lang == "zh" else words)
        yield {"label": said, "name": written(path), "words": listed}


def _below(path: str, form: Form) -> bool:
    """Whether a path only holds others."""
    return any(other.startswith(f"{path}.") for other in form.labels)
