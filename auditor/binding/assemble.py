"""Bound tables, sections and head → Report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.binding.bound import BoundCell, BoundTable, Position, State
from auditor.binding.classify import classified
from auditor.binding.filling import empty, fitted, json_value, put
from auditor.binding.head import Head
from auditor.binding.labels import Vocabulary, vocabularies
from auditor.binding.numbers import is_numeric
from auditor.binding.passages import hidden_between, pictures_between
from auditor.binding.sections import Sections
from auditor.form import Form, TableForm
from auditor.model import Coverage, Document, Location, Observation, Report, Subject, Table
from auditor.text import plain

_EXPLAINED = frozenset(("unreadable", "not-a-count"))
_SEEN = {State.BLANK: "blank-cell", State.OPEN: "unreadable", State.INFERRED: "inferred"}
_PRINTED = 4  # labels on lines of their own: a table that has lost its grid
_FIGURES = 3
_LINE = 60
_TELLING = 4  # letters of a label that stands for its row wherever it is printed
_MISSING = {"row-missing": "row-unread", "cell-missing": "unreadable"}
_READ = frozenset((State.READ, State.BLANK, State.INFERRED))


@dataclass(frozen=True, slots=True)
class Parts:
    """All that was bound of one document under one form; `aligned` tables had no grid."""

    document: Document
    form: Form
    tables: Mapping[str, BoundTable]
    aligned: frozenset[str]
    sections: Sections
    head: Head
    opening: str | None


def report_of(parts: Parts, *, period: int | None = None, kind: str | None = None) -> Report:
    """The form filled in; `period` and `kind` take the place of what was read."""
    year = parts.head.period if period is None else period
    subject = _subject(parts, kind)
    return Report(
        form=parts.form.id,
        subject=subject,
        period=year,
        data=_data(parts, subject, year),
        locations=_locations(parts),
        observations=tuple(_observations(parts, year)),
        coverage=_coverage(parts),
        source=parts.document.source,
        published=parts.head.published,
        digest=parts.document.digest,
    )


def _subject(parts: Parts, kind: str | None) -> Subject:
    if kind is None:
        return parts.head.subject
    return classified(parts.form, replace(parts.head.subject, kind=kind))


def _data(parts: Parts, subject: Subject, period: int | None) -> dict[str, Any]:
    data, head = empty(parts.form), parts.head
    for key, value in (
        ("subject.name", subject.name),
        ("subject.kind", subject.kind),
        ("subject.level", subject.level),
        ("period", period),
        ("title", head.title),
        ("published", head.published),
        ("covers", dict(head.covers) if head.covers else None),
        ("opening", parts.opening),
        ("cited", list(head.cited)),
        *head.others.items(),
    ):
        if key.partition(".")[0] in data:
            put(data, key, value)
    for section in parts.sections.found.values():
        put(data, f"{section.key}.heading", section.heading)
        if not parts.form.section(section.key).table:
            put(data, f"{section.key}.text", section.text)
    for cell in _cells(parts):
        put(data, cell.path, json_value(cell.value))
    return fitted(parts.form, _complete(parts, data))


def _complete(parts: Parts, data: dict[str, Any]) -> dict[str, Any]:
    """A row that was printed has all its cells, also an optional one."""
    for table in parts.tables.values():
        for row in parts.form.table(table.key).rows:
            if row.undivided and any(f.path in table.cells for f in row.fields):
                for of in row.fields:
                    if of.path not in table.cells:
                        put(data, of.path, None)
    return data


def _cells(parts: Parts) -> Iterator[BoundCell]:
    """The bound cells in the form's order."""
    for table in parts.form.tables:
        bound = parts.tables.get(table.key)
        if bound is not None:
            yield from (
                bound.cells[f.path] for f in table.fields(optional=True) if f.path in bound.cells
            )


def _locations(parts: Parts) -> dict[str, Location]:
    source, labels = parts.document.source, parts.form.labels
    places: dict[str, Location] = {}
    for path, location in parts.head.places.items():
        places[path] = _at(location, source, labels.get(path, path))
    for section in parts.sections.found.values():
        for part, location in (("heading", section.location), ("text", section.body)):
            path = f"{section.key}.{part}"
            if getattr(section, part) is not None and path in labels:
                places[path] = _at(location, source, labels[path])
    for cell in _cells(parts):
        places[cell.path] = _at(cell.location, source, parts.form.fields[cell.path].label)
    return places


def _at(at: Location, source: str, label: str) -> Location:
    """The place in this document under another label; by hand, for each cell has one."""
    if at.source == source and at.label == label:  # as of every cell that was read from a grid
        return at
    return Location(
        source, label, at.page, at.table, at.row, at.column, at.line, at.span, at.box
    )  # fmt: skip


def _observations(parts: Parts, period: int | None) -> Iterator[Observation]:
    """The reader's own, then the head's, each table's, the sections'."""
    source = parts.document.source
    yield from parts.document.observations
    yield from (_sourced(o, source) for o in parts.head.observations)
    if period is not None and not parts.form.covers(period):
        yield Observation("edition-mismatch", parts.form.id, detail=str(period))
    for table in parts.form.tables:
        for seen in _of_table(parts, table):
            yield _sourced(seen, source)
    yield from (_sourced(o, source) for o in parts.sections.observations)


def _sourced(seen: Observation, source: str) -> Observation:
    at = _at(seen.location, source, seen.location.label)
    return Observation(seen.kind, seen.label, at, seen.detail, seen.path, seen.rules)


def _of_table(parts: Parts, table: TableForm) -> Iterator[Observation]:
    bound = parts.tables.get(table.key)
    if bound is None:
        kind = "table-unread" if _may_hide(parts, table) else "table-missing"
        yield Observation(kind, table.number, detail=table.heading.text, path=table.key)
        if _pictured(parts, table):
            yield Observation("table-pictured", table.number, path=table.key)
        return
    if _on_a_picture(parts, bound):
        yield Observation("recognised", table.number, path=table.key)
    if _unruled(parts, bound):
        yield Observation("table-unruled", table.number, path=table.key)
    explained = {o.path for o in bound.observations if o.kind in _EXPLAINED}
    noted = {(o.kind, o.path) for o in bound.observations}
    for of in table.fields(optional=True):
        cell = bound.cells.get(of.path)
        word = _SEEN.get(cell.state) if cell is not None else None
        if cell is None or word is None or (word, of.path) in noted:
            continue
        if word != "unreadable" or of.path not in explained:
            yield Observation(word, of.label, cell.location, cell.text, of.path, cell.rules)
    told = [o for o in bound.observations if not _told_outside(parts, o)]
    yield from _at_hand(parts, table, told)
    if table.key in parts.aligned:
        yield from _unread_rows(parts, table, bound)


def _unruled(parts: Parts, bound: BoundTable) -> bool:
    """Whether the document draws no line in a table."""
    block = parts.document.blocks[bound.begin.block] if bound.begin is not None else None
    return isinstance(block, Table) and not block.ruled


def _at_hand(
    parts: Parts, table: TableForm, observed: Sequence[Observation]
) -> Iterator[Observation]:
    """A row that stands beside its table, on a line of its own with a figure or in another table,
    is not missing; nor is what may be in another table that goes on with this one."""
    missing = [o for o in observed if o.kind in _MISSING]
    if not missing:
        yield from observed
        return
    goes_on = _goes_on(parts, table)
    lines = (p.text for p in parts.sections.passages if not p.within and len(p.text) <= _LINE)
    beside = [plain(text) for text in lines if any(map(str.isdigit, text))]
    cells = {plain(c.text) for _, block in _unbound(parts) for c in block.cells}
    for seen in observed:
        own = _spellings(parts, seen.path) if seen.kind == "row-missing" else ()
        told = any(bare.startswith(spelling) for bare in beside for spelling in own) or any(
            spelling in cells and len(spelling) >= _TELLING for spelling in own
        )
        unread = _MISSING.get(seen.kind) if goes_on or told else None
        yield replace(seen, kind=unread) if unread else seen


def _spellings(parts: Parts, path: str) -> tuple[str, ...]:
    row = next((r for t in parts.form.tables for r in t.rows if r.path == path), None)
    return row.labels[-1].spellings if row is not None and row.labels else ()


def _unbound(parts: Parts) -> Iterator[tuple[int, Table]]:
    """The tables with figures that are no table of the form, with their places."""
    places = [b for t in parts.tables.values() for b in (t.begin, t.end) if b is not None]
    known = {at.block for at in places}
    for number, block in enumerate(parts.document.blocks):
        figures = isinstance(block, Table) and any(is_numeric(c.text) for c in block.cells)
        if isinstance(block, Table) and figures and number not in known:
            yield number, block


def _goes_on(parts: Parts, table: TableForm) -> bool:
    """Whether another table with figures prints labels of this one, or stands between its parts:
    the rest of it, printed apart from what names its rows."""
    words = vocabularies(parts.form)[table.key]
    own = parts.tables.get(table.key)
    begin, end = (own.begin, own.end) if own is not None else (None, None)
    return any(
        _has_labels(block, words)
        or (begin is not None and end is not None and begin.block < number < end.block)
        for number, block in _unbound(parts)
    )


def _told_outside(parts: Parts, seen: Observation) -> bool:
    """A note that belongs into a table's head may stand beside the table."""
    if seen.kind != "head-missing":
        return False
    return any(plain(seen.detail) in plain(p.text) for p in parts.sections.passages)


def _unread_rows(parts: Parts, table: TableForm, bound: BoundTable) -> Iterator[Observation]:
    """In a text without a grid nothing is missing, it is only not read."""
    noted = {o.path for o in bound.observations if o.kind in ("row-unread", "row-missing")}
    for row in _required(table, bound):
        if row.path not in noted and not any(f.path in bound.cells for f in row.fields):
            yield Observation("row-unread", row.label, path=row.path)


def _required(table: TableForm, bound: BoundTable | None) -> Iterator[Any]:
    """The rows that count: a printed undivided group stands for its children."""
    cells = bound.cells if bound is not None else {}
    whole = {r.group for r in table.rows if r.undivided and any(f.path in cells for f in r.fields)}
    split = {
        r.group
        for r in table.rows
        if r.group and not r.undivided and any(f.path in cells for f in r.fields)
    }
    for row in table.rows:
        stands = row.group in whole - split
        if stands if row.undivided else not stands:
            yield row


def _pictured(parts: Parts, table: TableForm) -> bool:
    """Whether a picture stands where the table should."""
    begin, end = parts.sections.found[table.key].span or _gap(parts, table)
    return pictures_between(parts.document, begin, end)


def _on_a_picture(parts: Parts, bound: BoundTable) -> bool:
    """Whether a table was read from a picture in a text; of pages the reader's notes tell."""
    notes = parts.document.observations
    return any(o.kind == "recognised" and o.location.line is not None for o in notes) and any(
        cell.confidence is not None for cell in bound.cells.values()
    )


def _may_hide(parts: Parts, table: TableForm) -> bool:
    """Whether the table may have been lost on the way: no grid, a picture, a torn table."""
    begin, end = parts.sections.found[table.key].span or _gap(parts, table)
    if parts.document.flattened or hidden_between(parts.document, begin, end):
        return True
    words = vocabularies(parts.form)[table.key]
    known = {t.begin.block for t in parts.tables.values() if t.begin is not None}
    known |= {t.end.block for t in parts.tables.values() if t.end is not None}
    blocks = list(enumerate(parts.document.blocks))[begin.block : end.block + 1]
    unknown = [block for i, block in blocks if i not in known and isinstance(block, Table)]
    if any(_has_labels(block, words) or _has_figures(block) for block in unknown):
        return True
    texts = [p.text for p in parts.sections.passages if begin <= p.at < end and not p.within]
    seen = {x for text in texts for x in words.find(text).labels if words.is_exact(text)}
    return len(seen) >= _PRINTED


def _gap(parts: Parts, table: TableForm) -> tuple[Position, Position]:
    """Between the bound tables that stand before and after it in the form."""
    before, after = Position(0), Position(len(parts.document.blocks))
    passed = False
    for other in parts.form.tables:
        bound = parts.tables.get(other.key)
        if other.key == table.key:
            passed = True
        elif bound is not None and bound.begin is not None and bound.end is not None:
            before = before if passed else max(before, bound.end)
            after = min(after, bound.begin) if passed else after
    return before, after


def _has_figures(block: Table) -> bool:
    """Whether a table holds figures: then it may be the one that is sought, in other words."""
    return sum(is_numeric(c.text) for c in block.cells) >= _FIGURES


def _has_labels(block: Table, words: Vocabulary) -> bool:
    """Whether a ruled table prints labels of the table that is sought."""
    sights = [words.find(c.text) for c in block.cells]
    return len({x for s in sights for x in s.labels if s.score == 1}) > 1


def _coverage(parts: Parts) -> Coverage:
    """Cells read of those required; the children of a group printed whole count with it."""
    tables: dict[str, tuple[int, int]] = {}
    for table in parts.form.tables:
        bound = parts.tables.get(table.key)
        rows = list(_required(table, bound))
        total = sum(1 for _ in table.fields())
        behind = total - sum(len(r.fields) for r in rows)
        cells = bound.cells if bound is not None else {}
        wanted = [f.path for r in rows for f in r.fields]
        read = sum(p in cells and cells[p].state in _READ for p in wanted)
        tables[table.key] = (read + behind, total)
    return Coverage(
        cells_read=sum(read for read, _ in tables.values()),
        cells_total=sum(total for _, total in tables.values()),
        sections_read=parts.sections.read,
        sections_total=len(parts.form.sections),
        tables=tables,
    )
