"""What was read of one document, section by section and cell by cell: why does it say that?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.catalogue import columns
from auditor.errors import Said
from auditor.form import Form, Row, TableForm
from auditor.model import Location, Observation, Report
from auditor.observations import OBSERVATIONS
from auditor.text import squeeze, width, written

_MARKS = {"blank-cell": "□", "inferred": "~", "corrected": "*"}
_COUNTED = ("blank-cell", "inferred")
_LEGEND = Said(
    "□ 印作空白 · ？ 未读出 · ~ 推断，或图像识别未经印证 · * 人工更正",
    "□ printed blank · ？ not read · ~ inferred, or unconfirmed on a picture · * corrected by hand",
)
_HEAD = ("title", "subject.name", "subject.kind", "subject.level", "period", "published",
         "covers.from", "covers.to")  # fmt: skip
_QUOTE, _BEGINS = 40, 24


def page(report: Report, form: Form, lang: str, *, places: bool = False) -> str:
    """Everything that was read, with doubts; with `places`, every cell's place as well."""
    parts = [
        _top(report, form, lang),
        _facts(report, form, lang),
        _sections(report, form, lang),
        *(_table(report, form, table) for table in form.tables),
        _LEGEND.inside(lang),
        _observations(report, lang, every=places),
    ]
    if places:
        parts.append(_places(report))
    return "\n\n".join(part for part in parts if part)


def _top(report: Report, form: Form, lang: str) -> str:
    cover = report.coverage
    read = Said("单元格", "cells").inside(lang), Said("章节", "sections").inside(lang)
    return "\n".join(
        (
            f"{report.source}",
            f"sha256 {report.digest}" if report.digest else "",
            f"{form.id} · {form.title.inside(lang)}",
            f"{read[0]} {cover.cells_read}/{cover.cells_total} · "
            f"{read[1]} {cover.sections_read}/{cover.sections_total}",
        )
    )


def _value(report: Report, path: str) -> object:
    """The value at a dotted path of the data, None where there is none."""
    at: object = report.data
    for key in path.split("."):
        at = at.get(key) if isinstance(at, dict) else None
    return at


def _facts(report: Report, form: Form, lang: str) -> str:
    rows = []
    for path in _HEAD:
        if path in form.labels:
            value = _value(report, path)
            word = form.words_of(path).get(str(value)) if lang == "zh" else None
            shown = "？" if value is None else word or written(value)
            rows.append((form.said(path).inside(lang), shown, _place(report.locations.get(path))))
    cited = report.data.get("cited") or []
    rows += [(form.said("cited").inside(lang), str(c), "") for c in cited]
    return columns(rows)


def _sections(report: Report, form: Form, lang: str) -> str:
    rows = []
    for section in form.sections:
        heading = _value(report, f"{section.key}.heading")
        text = _value(report, f"{section.key}.text")
        length = "" if section.table else _length(text, lang)
        place = _place(report.locations.get(f"{section.key}.heading"))
        begins = "" if section.table else _short(squeeze(str(text or "")), _BEGINS)
        rows.append((section.ordinal, squeeze(str(heading or "？")), length, place, begins))
    return columns(rows)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"


def _length(text: object, lang: str) -> str:
    if text is None:
        return "？"
    return Said(f"{len(str(text))} 字", f"{len(str(text))} characters").inside(lang)


def _table(report: Report, form: Form, table: TableForm) -> str:
    """The table as the form has it: a row a line, a column a column, doubts marked."""
    marks = _marks(report.observations)
    whole = {o.path for o in report.observations if o.kind == "group-undivided"}
    printed = [row for row in table.rows if (row.group in whole) == row.undivided or not row.group]
    parts = []
    for rows in _shapes(printed):
        keys = [f.key for f in rows[0].fields]
        head = ("", *(form.labels[f.path].rpartition(" · ")[2] for f in rows[0].fields))
        lines = [(_name(row, table), *_cells(row, keys, report, marks)) for row in rows]
        parts.append(_grid([head, *lines]))
    return f"{table.number} {table.heading.text}\n" + "\n".join(parts)


def _shapes(printed: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows in order, together as long as they have the same columns."""
    found: list[Row] = []
    for row in printed:
        if found and [f.key for f in row.fields] != [f.key for f in found[0].fields]:
            yield found
            found = []
        found.append(row)
    if found:
        yield found


def _name(row: Row, table: TableForm) -> str:
    return row.name.removeprefix(f"{table.name}.")


def _marks(observations: Sequence[Observation]) -> dict[str, str]:
    return {o.path: _MARKS[o.kind] for o in observations if o.kind in _MARKS and o.path}


def _cells(row: Row, keys: Sequence[str], report: Report, marks: dict[str, str]) -> list[str]:
    """The cells of a row as printed, with their doubts."""
    found = []
    for key in keys:
        path = f"{row.path}.{key}"
        value, mark = _value(report, path), marks.get(path, "")
        if value is not None:
            found.append(written(value) + (mark if mark != "□" else ""))
        else:
            found.append(mark or "？")
    return found


def _grid(rows: Sequence[Sequence[str]]) -> str:
    """Columns of numbers, right-aligned; the first column is text."""
    widths = [max(width(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        first = row[0] + " " * (widths[0] - width(row[0]))
        rest = [" " * (w - width(t)) + t for t, w in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join((first, *rest)).rstrip())
    return "\n".join(lines)


def _observations(report: Report, lang: str, *, every: bool) -> str:
    """What was noticed, kind by kind; what the tables show by a mark is only counted."""
    rows = []
    marked: dict[str, int] = {}
    for seen in report.observations:
        if seen.kind in _COUNTED and not every:
            marked[seen.kind] = marked.get(seen.kind, 0) + 1
            continue
        detail = _short(squeeze(seen.detail), _QUOTE)
        rows.append((_word(seen, lang), seen.path or seen.label, detail, _place(seen.location)))
    for kind, count in marked.items():
        said = Said(f"{count} 处，见上表 {_MARKS[kind]}", f"{count}, marked {_MARKS[kind]} above")
        rows.append((_word(Observation(kind), lang), said.inside(lang), "", ""))
    return columns(rows)


def _word(seen: Observation, lang: str) -> str:
    said = OBSERVATIONS.get(seen.kind)
    return said.inside(lang) if said else seen.kind


def _place(at: Location | None) -> str:
    """Where something stands, in as many numbers as are known."""
    if at is None:
        return ""
    named = (("p", at.page), ("t", at.table), ("l", at.line), ("r", at.row), ("c", at.column))
    return " ".join(f"{letter}{number}" for letter, number in named if number is not None)


def _places(report: Report) -> str:
    rows = [
        (path, written(_value(report, path)), at.label, _place(at))
        for path, at in report.locations.items()
        if _value(report, path) is not None and not path.endswith((".text", "opening"))
    ]
    return columns(rows)
