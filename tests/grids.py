"""Invented documents for the tests: the official tables, filled, as readers would give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from auditor.form import Form, TableForm
from auditor.model import Block, Cell, Document, Location, Table, Text
from auditor.schema import load_form

SCHEMAS = Path(__file__).parent.parent / "schemas"
NEW = load_form(SCHEMAS / "ogi-2021.schema.json")
OLD = load_form(SCHEMAS / "ogi-2019.schema.json")
ANCIENT = load_form(SCHEMAS / "ogi-2008.schema.json")

Span = tuple[str, int, int]
Written = Callable[[str], str]


def laid(rows: Sequence[Sequence[str | Span]], location: Location = Location()) -> Table:
    """A table from rows of texts or (text, rows, columns), placed as HTML places them."""
    cells: list[Cell] = []
    full: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        column = 0
        for item in row:
            text, down, wide = item if isinstance(item, tuple) else (item, 1, 1)
            while (at, column) in full:
                column += 1
            full |= {(at + i, column + j) for i in range(down) for j in range(wide)}
            cells.append(Cell(text, at, column, down, wide))
            column += wide
    return Table(tuple(cells), len(rows), 1 + max(c for _, c in full), location)


def rows_of(form: Form, key: str, written: Written = lambda path: "0") -> list[list[str | Span]]:
    """The rows of one official table with its merged cells."""
    table = form.table(key)
    return {
        "disclosure": _disclosure,
        "applications": _applications,
        "disputes": _disputes,
    }[key](table, written)


def table_of(form: Form, key: str, written: Written = lambda path: "0") -> Table:
    """One official table, filled by `written` (path → text)."""
    return laid(rows_of(form, key, written))


def _disclosure(table: TableForm, written: Written) -> list[list[str | Span]]:
    rows: list[list[str | Span]] = []
    over = ""
    for row in table.rows:
        width = 12 // len(row.fields)
        if row.under[0].text != over:
            over = row.under[0].text
            rows.append([(over, 1, 13)])
            tails = [(f.labels[-1].text, 1, width) for f in row.fields]
            rows.append(["信息内容", *tails])
        rows.append([row.labels[0].text, *((written(f.path), 1, width) for f in row.fields)])
    return rows


def _applications(table: TableForm, written: Written) -> list[list[str | Span]]:
    note = table.heads[-1].text
    five = [f.labels[-1].text for f in table.rows[0].fields[1:6]]
    rows: list[list[str | Span]] = [
        [(note, 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        list(five),
    ]
    printed = [row for row in table.rows if not row.undivided]
    outer, group = "", ""
    for row in printed:
        line: list[str | Span] = []
        if row.under and row.under[0].text != outer:
            outer = row.under[0].text
            line.append((outer, sum(bool(r.under) for r in printed), 1))
        if len(row.labels) > 1 and row.group != group:
            group = row.group
            line.append((row.labels[0].text, sum(r.group == group for r in printed), 1))
        line.append((row.labels[-1].text, 1, 3 - len(row.labels) - bool(row.under) + 1))
        rows.append([*line, *(written(f.path) for f in row.fields)])
    return rows


def _disputes(table: TableForm, written: Written) -> list[list[str | Span]]:
    first, *others = table.rows
    tails = [f.labels[-1].text for f in first.fields]
    return [
        [(first.labels[0].text, 1, 5), ("行政诉讼", 1, 10)],
        [*((t, 2, 1) for t in tails), *((r.labels[0].text, 1, 5) for r in others)],
        [*tails, *tails],
        [written(f.path) for f in table.fields()],
    ]


TITLE = "示例市示例局2023年政府信息公开工作年度报告"
OPENING = "根据有关规定编制本报告，所列数据的统计期限自2023年1月1日起至2023年12月31日止。"
BODY = {
    "overview": "本年度公开信息40条，没有收到申请。",
    "problems": "栏目更新不及时；下一步按月核对。",
    "others": "无。",
}


def document(
    form: Form = NEW,
    written: Written = lambda path: "0",
    *,
    title: str = TITLE,
    body: Mapping[str, str] | None = None,
    tables: Mapping[str, Table] | None = None,
    drop: Sequence[str] = (),
) -> Document:
    """A whole clean report; `drop` leaves sections out, `tables` replaces some."""
    blocks: list[Block] = [Text(title), Text(OPENING)]
    texts = BODY if body is None else body
    for section in form.sections:
        if section.key in drop:
            continue
        blocks.append(Text(f"{section.ordinal}、{section.heading.text}"))
        if section.table:
            made = (tables or {}).get(section.key)
            blocks.append(made or table_of(form, section.key, written))
        else:
            blocks.append(Text(texts[section.key]))
    return Document(source="sample.docx", format="docx", blocks=tuple(blocks))
