"""Which cell is likely wrong: the repairs in words, and the table with the cell marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from auditor.form import Row, TableForm
from auditor.model import Audit, Change, Diagnosis
from auditor.renderers import _diagnosis as told
from auditor.renderers._terminal.layout import Prose, clean
from auditor.renderers._terminal.view import INDENT, View, columns, heading, indented
from auditor.text import width

_ROWS = 14
_DERIVED = 8
_LABEL = 16
_HEADING = 12  # the widest English word of a heading
UNDECIDED = "undecided"
_BAND = {"likely": "bold red", "possible": "yellow", "undecided": "dim"}


def culprits(audit: Audit, view: View) -> Iterator[RenderableType]:
    """What explains the failing sums, and what blank or unread cells must be."""
    if audit.diagnoses:
        yield Text()
        yield heading(view.words("section.repairs"), "", "bold", view)
        for diagnosis in audit.diagnoses:
            yield Text()
            yield from _diagnosis(diagnosis, audit, view)
    if audit.derived:
        yield from _derived(audit, view)


def _diagnosis(diagnosis: Diagnosis, audit: Audit, view: View) -> Iterator[RenderableType]:
    words = view.words
    yield _line(told.broken(diagnosis, words), "dim")
    if not diagnosis.repairs:
        yield _line(told.headline(diagnosis, words))
        return
    first = diagnosis.repairs[0]
    yield _line(told.headline(diagnosis, words), "bold")
    if told.is_sole(diagnosis):
        yield _line(told.remark(first, words), _BAND[first.band])
    else:
        yield from _several(diagnosis, view)
    yield from _drawn(diagnosis, audit, view)
    yield _line(told.assumption(diagnosis, words), "dim")
    if diagnosis.ask is not None:
        yield _line(told.ask(diagnosis, words))


def _line(text: str, style: str = "") -> RenderableType:
    return indented(Prose(Text(clean(text)), style))


def _several(diagnosis: Diagnosis, view: View) -> Iterator[RenderableType]:
    for repair in diagnosis.repairs:
        line = Text("· ", style="dim")
        line.append(clean(told.changes(repair, view.words)), style="not dim")
        remark = clean(told.remark(repair, view.words))
        line.append(f"  {remark}", style=f"not dim {_BAND[repair.band]}")
        yield indented(Prose(line))
    if diagnosis.count > len(diagnosis.repairs):
        rest = diagnosis.count - len(diagnosis.repairs)
        yield _line(view.words("cluster.more", count=rest), "dim")


# --- the table with the cell marked ------------------------------------------------------------


def _drawn(diagnosis: Diagnosis, audit: Audit, view: View) -> Iterator[RenderableType]:
    """The rows and columns concerned, as printed, with the sums that fail at the edges.

    Marked are the cells of the first repair; where it cannot be told from others, theirs, too.
    """
    form = view.options.forms.get(audit.report.form)
    first, *others = diagnosis.repairs
    equals = [r for r in others if r.band == first.band == UNDECIDED]
    here = {c.path: c for r in (*equals, first) for c in r.cells if c.own}
    if form is None or not here:
        return
    for table in form.tables:
        if any(f.path in here for f in table.fields(optional=True)):
            yield indented(_excerpt(table, here, diagnosis, audit, view, open_=bool(equals)))


def _excerpt(
    table: TableForm, here: Mapping[str, Change], diagnosis: Diagnosis, audit: Audit, view: View,
    *, open_: bool,
) -> RenderableType:  # fmt: skip
    data = _cells_of(audit.report.data)
    cell = partial(_cell, here=here, data=data, open_=open_)
    fails: dict[str, list[str]] = {}
    for broken in diagnosis.broken:
        said = f"{clean(broken.rule)} {view.value(broken.difference, signed=True)}"
        fails.setdefault(broken.place, []).append(said)
    rows = [r for r in table.rows if any(f.path in data for f in r.fields)]
    rows = _chosen(rows, here, data)
    keys = _telling(rows, here, fails, data)
    drawn = columns(view)
    drawn.width = view.width - 1 - INDENT
    drawn.padding = (0, 1, 0, 0)
    name = table.key if view.words.lang == "en" else table.number
    drawn.add_column(Text(clean(name)), ratio=1, min_width=_LABEL)
    for key in keys:
        shown = [cell(f.path).plain for r in rows for f in r.fields if f.key == key]
        widest = max(map(width, shown), default=0)
        least = max(widest, _HEADING)
        drawn.add_column(
            _column(rows, key, view), justify="right", min_width=widest, max_width=least
        )
    drawn.add_column("", justify="right", style="red", no_wrap=True)
    for row in rows:
        by_key = {f.key: f.path for f in row.fields}
        cells = [cell(by_key.get(key, "")) for key in keys]
        marked = any(path in here for path in by_key.values())
        margin = Text("✗ " + "、".join(fails[row.path]) if row.path in fails else "")
        drawn.add_row(Text(_row(row, view), style="bold" if marked else ""), *cells, margin)
    if any(key in fails for key in keys):
        below = [Text("\n".join(fails.get(key, ())), style="red") for key in keys]
        drawn.add_row(Text("✗", style="red"), *below, "")
    return drawn


def _chosen(rows: Sequence[Row], here: Mapping[str, Change], data: Mapping[str, Any]) -> list[Row]:
    """The rows that say something in the columns concerned; those concerned in any case."""
    keys = {path.rpartition(".")[2] for path in here}
    concerned = [r for r in rows if any(f.path in here for f in r.fields)]
    telling = [r for r in rows if any(f.key in keys and data.get(f.path) for f in r.fields)]
    kept = [r for r in rows if r in concerned or r in telling]
    return kept if len(kept) <= _ROWS else concerned[:_ROWS]


def _telling(
    rows: Sequence[Row], here: Mapping[str, Change], fails: Mapping[str, object],
    data: Mapping[str, Any],
) -> list[str]:  # fmt: skip
    """The columns that are not 0 all the way down; those concerned in any case."""
    fields = [f for row in rows for f in row.fields]
    told = {f.key for f in fields if f.path in here or f.key in fails or data.get(f.path)}
    return [key for key in dict.fromkeys(f.key for f in fields) if key in told]


def _cell(path: str, here: Mapping[str, Change], data: Mapping[str, Any], *, open_: bool) -> Text:
    change = here.get(path)
    value = data.get(path)
    if change is None:
        return Text("" if value is None else str(value), style="dim" if value == 0 else "")
    read = "□" if change.read is None else str(change.read)
    if open_:
        return Text.assemble((read, "bold yellow reverse"), ("?", "bold yellow"))
    return Text.assemble((read, "bold red reverse"), ("→", "dim"), (str(change.would_be), "bold"))


def _row(row: Row, view: View) -> str:
    if view.words.lang == "en":
        return row.path.partition(".")[2].replace("_", " ").replace(".", " · ")
    return clean(row.name.partition(".")[2].replace(".", " · ") or row.label)


def _column(rows: Sequence[Row], key: str, view: View) -> Prose:
    if view.words.lang == "en":
        return Prose(Text(key.replace("_", " ")))
    field = next(f for row in rows for f in row.fields if f.key == key)
    return Prose(Text(clean(field.label.rpartition(" · ")[2] or key)))


def _cells_of(node: object, prefix: str = "") -> dict[str, Any]:
    """The printed counts of report data by path; blank and unread ones are None."""
    found: dict[str, Any] = {}
    if isinstance(node, dict):
        for key, value in node.items():
            path = f"{prefix}{key}"
            if isinstance(value, dict):
                found |= _cells_of(value, f"{path}.")
            elif value is None or isinstance(value, int):
                found[path] = value
    return found


# --- what follows -------------------------------------------------------------------------------


def _derived(audit: Audit, view: View) -> Iterator[RenderableType]:
    """Blank or unread cells that can be only one number."""
    zero = sum(d.value == 0 for d in audit.derived)
    follow = [
        view.words("repair.follows", cell=view.say(d.label), value=d.value)
        for d in audit.derived if d.value
    ]  # fmt: skip
    shown = follow if view.options.verbose else follow[:_DERIVED]
    rest = len(follow) - len(shown)
    shown += [view.words("cluster.more", count=rest)] if rest else []
    yield Text()
    note = view.words("repair.derived_note", count=len(audit.derived), zero=zero)
    yield heading(view.words("section.derived"), note, "bold", view)
    if shown:
        yield indented(Prose(Text(view.join(shown))))
