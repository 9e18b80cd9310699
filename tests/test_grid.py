"""Ruled tables are bound by their labels; what is not clear is open, never wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.binding.bound import BoundTable, State
from auditor.binding.grid import bind_grid
from auditor.form import Form
from auditor.model import Cell, Table
from tests.grids import NEW, OLD, Span, laid, rows_of, table_of

Rows = list[list[str | Span]]


def numbers(form: Form) -> dict[str, str]:
    """Another number for every cell, so that no two can be confused."""
    return {path: str(1000 + i) for i, path in enumerate(form.fields)}


def bound(form: Form, *tables: Table) -> dict[str, BoundTable]:
    return {t.key: t for t in bind_grid(list(enumerate(tables)), form)}


def kinds(table: BoundTable) -> list[str]:
    return [o.kind for o in table.observations]


def notes(table: BoundTable, kind: str) -> list[tuple[str, str]]:
    return [(o.path, o.detail) for o in table.observations if o.kind == kind]


def wrong(table: BoundTable, values: dict[str, str]) -> list[str]:
    """Cells that were read as something else than what stands there."""
    return [
        path
        for path, cell in table.cells.items()
        if cell.state is State.READ and str(cell.value) != values[path]
    ]


KEYS = [(form, t.key) for form in (NEW, OLD) for t in form.tables]


@pytest.mark.parametrize(("form", "key"), KEYS)
def test_official_tables_bind_whole(form: Form, key: str) -> None:
    values = numbers(form)
    table = bound(form, table_of(form, key, values.__getitem__))[key]
    assert not wrong(table, values)
    assert set(table.cells) == {f.path for f in form.table(key).fields()}
    assert kinds(table) == []


@pytest.mark.parametrize(("form", "key"), KEYS)
def test_every_blank_is_seen(form: Form, key: str) -> None:
    fields = [f.path for f in form.table(key).fields()]
    for path in fields[:: max(1, len(fields) // 12)]:
        table = bound(form, table_of(form, key, lambda p, gone=path: "" if p == gone else "1"))[key]
        assert notes(table, "blank-cell") == [(path, "")]
        assert table.cells[path].state is State.BLANK
        assert all(c.value is not None for p, c in table.cells.items() if p != path)


def without(table: Table, at: int) -> Table:
    """The table without one grid row; spans that cross it shrink, as an editor leaves them."""
    cells = []
    for cell in table.cells:
        last = cell.row + cell.row_span - 1
        if cell.row == at == last:
            continue
        top = cell.row - (cell.row > at)
        down = cell.row_span - (cell.row <= at <= last)
        cells.append(cell._replace(row=top, row_span=down))
    return Table(tuple(cells), table.rows - 1, table.columns)


@pytest.mark.parametrize("form", [NEW, OLD])
def test_a_deleted_row_is_missing_and_nothing_else(form: Form) -> None:
    values = numbers(form)
    key = "applications"
    whole = table_of(form, key, values.__getitem__)
    rows = [r for r in form.table(key).rows if not r.undivided]
    for at, row in enumerate(rows, start=3):
        table = bound(form, without(whole, at))[key]
        assert notes(table, "row-missing") == [(row.path, "")], row.label
        assert kinds(table) == ["row-missing"]
        assert not wrong(table, values)
        assert len(table.cells) == 7 * (len(rows) - 1)


def test_a_deleted_column_gives_missing_cells() -> None:
    values = numbers(NEW)
    whole = table_of(NEW, "applications", values.__getitem__)
    for column in range(3, 10):
        cells = [
            c._replace(column=c.column - (c.column > column), column_span=c.column_span - inside)
            for c in whole.cells
            if (inside := c.column <= column < c.column + c.column_span) < c.column_span
            or not inside
        ]
        table = bound(NEW, Table(tuple(cells), whole.rows, 9))["applications"]
        assert set(kinds(table)) == {"cell-missing"}
        assert len(notes(table, "cell-missing")) == 25
        assert not wrong(table, values)


def test_an_undivided_group_stands_for_its_children() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    at = next(i for i, row in enumerate(rows) if ("（六）其他处理", 3, 1) in row)
    merged: Rows = [*rows[:at], [("（六）其他处理", 1, 2), *rows[at][2:]], *rows[at + 3 :]]
    merged[5] = [("三、本年度办理结果", 20, 1), *merged[5][1:]]
    table = bound(NEW, laid(merged))["applications"]
    assert kinds(table) == ["group-undivided"]
    assert notes(table, "group-undivided") == [("applications.other", "（六）其他处理")]
    first = values["applications.other.overdue_correction.natural_person"]
    assert str(table.cells["applications.other.undivided.natural_person"].value) == first


def test_the_other_edition_is_told_apart() -> None:
    new = [table_of(NEW, t.key) for t in NEW.tables]
    old = [table_of(OLD, t.key) for t in OLD.tables]
    assert "disclosure" not in bound(OLD, *new)
    assert "disclosure" not in bound(NEW, *old)


def test_a_reworded_label_is_bound_and_noted() -> None:
    def typed(text: str) -> Table:
        rows = rows_of(NEW, "applications")
        rows[3][0] = (text, 1, 3)
        return laid(rows)

    table = bound(NEW, typed("一、本年度新收政府信息公开申请数"))["applications"]
    label = ("applications.new", "一、本年度新收政府信息公开申请数")
    assert notes(table, "label-changed") == [label]
    table = bound(NEW, typed("一 本年新收 政府信息公开申请 数量"))["applications"]
    assert "row-missing" not in kinds(table)
    table = bound(NEW, typed("一、其他情形"))["applications"]
    assert notes(table, "row-missing") == [("applications.new", "")]
    assert notes(table, "row-extra") == [("applications", "一、其他情形")]


def test_a_reworded_column_is_noted_once() -> None:
    rows = rows_of(NEW, "applications")
    rows[2][3] = "法律服务机构类"
    table = bound(NEW, laid(rows))["applications"]
    assert notes(table, "label-changed") == [("applications", "法律服务机构类")]
    assert len(table.cells) == 175


def test_an_extra_row_and_an_extra_column() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "disclosure", values.__getitem__)
    rows.insert(4, ["其他主动公开文件", ("7", 1, 4), ("8", 1, 4), ("9", 1, 4)])
    table = bound(NEW, laid(rows))["disclosure"]
    assert notes(table, "row-extra") == [("disclosure", "其他主动公开文件")]
    assert not wrong(table, values)
    rows = rows_of(NEW, "applications", values.__getitem__)
    rows[0].append(("外国人", 3, 1))
    for row in rows[3:]:
        row.append("77")
    table = bound(NEW, laid(rows))["applications"]
    assert notes(table, "label-changed") == [("applications", "外国人")]
    assert not wrong(table, values)
    assert len(table.cells) == 175


def test_a_table_split_over_pages_binds() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    head = rows[:3]
    for cut in range(4, len(rows)):
        upper, lower = _cut(rows, cut)
        for second in (lower, [*head, *lower]):
            table = bound(NEW, laid(upper), laid(second))["applications"]
            assert kinds(table) == []
            assert len(table.cells) == 175
            assert not wrong(table, values)


def _cut(rows: Rows, cut: int) -> tuple[Rows, Rows]:
    """Two tables; labels that span the break are blank in the second."""
    table = laid(rows)
    upper: Rows = [[] for _ in range(cut)]
    lower: Rows = [[] for _ in range(len(rows) - cut)]
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        end = cell.row + cell.row_span
        if cell.row < cut:
            upper[cell.row].append((cell.text, min(end, cut) - cell.row, cell.column_span))
        if end > cut:
            text = cell.text if cell.row >= cut else ""
            top = max(cell.row, cut)
            lower[top - cut].append((text, end - top, cell.column_span))
    return upper, lower


def test_a_row_torn_by_a_page_break_is_joined() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    at = next(i for i, r in enumerate(rows) if "5.要求行政机关确认或重新出具已获取信息" in str(r))
    numbers_of = rows[at][1:]
    rows[at][0] = "5.要求行政机关确认或"
    rows.insert(at + 1, ["重新出具已获取信息", *[""] * 7])
    rows = _grown(rows, at)
    table = bound(NEW, laid(rows))["applications"]
    assert not wrong(table, values)
    assert len(table.cells) == 175
    assert kinds(table) == []
    rows[at][1:] = [""] * 7
    rows[at + 1][1:] = numbers_of
    table = bound(NEW, laid(rows))["applications"]
    assert not wrong(table, values)
    assert len(table.cells) == 175


def _grown(rows: Rows, at: int) -> Rows:
    """One more line inside the groups that cover a row."""
    grown: Rows = []
    for i, row in enumerate(rows):
        cells: list[str | Span] = []
        for item in row:
            tall = isinstance(item, tuple) and i <= at < i + item[1] and item[1] > 1
            cells.append((item[0], item[1] + 1, item[2]) if tall else item)  # type: ignore[operator, misc]
        grown.append(cells)
    return grown


def test_foreign_and_repeated_tables() -> None:
    values = numbers(NEW)
    foreign = laid([["行政许可", "12"], ["行政处罚", "30"], ["信息内容", "条数"]])
    visits = laid([["月份", "自然人", "总计"], ["一月", "5", "6"], ["总计", "9", "9"]])
    tables = [table_of(NEW, t.key, values.__getitem__) for t in NEW.tables]
    found = bound(NEW, foreign, visits, *tables)
    for key, table in found.items():
        assert not wrong(table, values)
        assert kinds(table) == [], key
        assert all(c.state is State.READ for c in table.cells.values())


def test_two_tables_that_disagree_are_open() -> None:
    one = table_of(NEW, "applications", lambda p: "1")
    other = table_of(NEW, "applications", lambda p: "2" if p.endswith("new.total") else "1")
    table = bound(NEW, one, other)["applications"]
    opened = [p for p, c in table.cells.items() if c.state is State.OPEN]
    assert opened == ["applications.new.total"]
    assert notes(table, "unreadable") == [("applications.new.total", "1 | 2")]


def test_several_form_tables_in_one_layout_table() -> None:
    values = numbers(NEW)
    rows: Rows = []
    for table in NEW.tables:
        rows.append([(f"{table.ordinal}、{table.heading.text}", 1, 15)])
        rows += [[*r] for r in rows_of(NEW, table.key, values.__getitem__)]
    found = bound(NEW, laid(rows))
    assert set(found) == {t.key for t in NEW.tables}
    for table in found.values():
        assert not wrong(table, values)
        assert kinds(table) == []
    begins = [found[t.key].begin for t in NEW.tables]
    ends = [found[t.key].end for t in NEW.tables]
    assert all(b is not None and e is not None and b < e for b, e in zip(begins, ends, strict=True))
    assert all(
        e is not None and b is not None and e < b for e, b in zip(ends, begins[1:], strict=False)
    )


def test_columns_merged_differently_in_head_and_body() -> None:
    rows: Rows = [
        [("第二十条第（五）项", 1, 5)],
        ["信息内容", "上一年项目数量", ("本年增/减", 1, 2), "处理决定数量"],
        ["行政许可", ("11", 1, 2), "12", "13"],
        ["其他对外管理服务事项", ("14", 1, 2), "15", "16"],
    ]
    official = rows_of(OLD, "disclosure", lambda p: "0")
    rest: Rows = [
        [_half(item, n == 0) for n, item in enumerate(row)] for row in official[:4] + official[8:]
    ]
    table = bound(OLD, laid([*rest[:4], *rows, *rest[4:]]))["disclosure"]
    assert table.cells["disclosure.licences.prior_items"].value == 11
    assert table.cells["disclosure.licences.change"].value == 12
    assert table.cells["disclosure.other_services.decisions"].value == 16


def _half(item: str | Span, first: bool) -> str | Span:
    """A thirteen-column row in five columns."""
    if not isinstance(item, tuple):
        return item
    widths = {13: 5, 4: 1, 6: 2, 12: 4}
    return (item[0], item[1], widths[item[2]])


def test_a_body_shifted_against_its_head_is_never_wrong() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    rows[3][0] = (str(rows[3][0][0]), 1, 2)
    rows[4] = [(str(rows[4][0][0]), 1, 2), "", *rows[4][1:-1]]
    table = bound(NEW, laid(rows))["applications"]
    assert not wrong(table, values)


def test_a_number_over_several_columns_is_open() -> None:
    rows = rows_of(NEW, "applications")
    rows[3][1:] = [("0", 1, 7)]
    rows[4][1:] = [("", 1, 7)]
    table = bound(NEW, laid(rows))["applications"]
    new = [table.cells[f.path].state for f in NEW.rows["applications.new"].fields]
    old = [table.cells[f.path].state for f in NEW.rows["applications.carried_in"].fields]
    assert new == [State.OPEN] * 7
    assert old == [State.BLANK] * 7


def test_words_in_a_number_cell_are_open() -> None:
    rows = rows_of(NEW, "applications")
    rows[3][1] = "见附件"
    rows[4][1] = "三"
    table = bound(NEW, laid(rows))["applications"]
    assert notes(table, "unreadable") == [
        ("applications.new.natural_person", "见附件"),
        ("applications.carried_in.natural_person", "三"),
    ]


def test_the_note_of_the_head_is_missed() -> None:
    rows = rows_of(NEW, "applications")
    rows[0][0] = ("", 3, 3)
    table = bound(NEW, laid(rows))["applications"]
    assert kinds(table) == ["head-missing"]
    assert notes(table, "head-missing")[0][0] == "applications"


def test_a_row_in_the_wrong_group_and_a_namesake() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    at = next(i for i, r in enumerate(rows) if "8.属于行政查询事项" in str(r))
    rows.insert(at + 1, ["9.其他", *["55"] * 7])
    table = bound(NEW, laid(_grown(rows, at)))["applications"]
    assert not wrong(table, values)
    assert notes(table, "row-extra") == [("applications", "9.其他")]


def test_every_cell_has_its_place() -> None:
    table = bound(NEW, laid([["x"]]), table_of(NEW, "disputes"))["disputes"]
    place = table.cells["disputes.review.upheld"].location
    assert (place.table, place.row, place.column) == (2, 4, 1)
    assert place.label == NEW.fields["disputes.review.upheld"].label


def test_most_of_a_table_missing_is_no_table() -> None:
    rows = rows_of(NEW, "applications")
    table = laid([*rows[:5]])
    assert bound(NEW, table) == {}
    assert bound(NEW, Table((Cell("", 0, 0),), 1, 1)) == {}
    assert bound(NEW) == {}


def test_disputes_laid_out_downwards() -> None:
    values = numbers(NEW)
    form = NEW.table("disputes")
    tails = [f.labels[-1].text for f in form.rows[0].fields]
    rows: Rows = [["", *tails]]
    rows += [[r.labels[0].text, *(values[f.path] for f in r.fields)] for r in form.rows]
    table = bound(NEW, laid(rows))["disputes"]
    assert not wrong(table, values)
    assert len(table.cells) == 15
    assert kinds(table) == []


def test_groups_on_lines_of_their_own() -> None:
    values = numbers(NEW)
    rows: Rows = [["项目", *(f.labels[-1].text for f in NEW.rows["applications.new"].fields)]]
    group = ""
    for row in NEW.table("applications").rows:
        if row.undivided:
            continue
        if row.group != group and len(row.labels) > 1:
            group = row.group
            rows.append([row.labels[0].text, *[""] * 7])
        rows.append([row.labels[-1].text, *(values[f.path] for f in row.fields)])
    table = bound(NEW, laid(rows))["applications"]
    assert not wrong(table, values)
    assert kinds(table) == ["head-missing"]
    assert len(table.cells) == 175


def test_heads_that_a_page_break_has_emptied() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    rows[1][0], rows[1][2] = ("", 2, 1), ("", 2, 1)
    table = bound(NEW, laid(rows))["applications"]
    assert {p: str(c.value) for p, c in table.cells.items()} == {
        p: v for p, v in values.items() if p in table.cells
    }
    assert len(table.cells) == 175
    assert not notes(table, "cell-missing")


def test_a_garbled_column_label() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    rows[1][0] = ("自然入", 2, 1)
    table = bound(NEW, laid(rows))["applications"]
    assert notes(table, "label-changed") == [("applications", "自然入")]
    assert len([c for c in table.cells.values() if c.state is State.READ]) == 175
    rows[1][0] = ("口口", 2, 1)
    table = bound(NEW, laid(rows))["applications"]
    assert "cell-missing" not in kinds(table)
    opened = [p for p, c in table.cells.items() if c.state is State.OPEN]
    assert len(opened) == 25
    assert all(p.endswith("natural_person") for p in opened)


def test_a_column_headed_by_its_group_too() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    rows[2] = [f"法人或其他组织\n{label}" for label in rows[2]]
    table = bound(NEW, laid(rows))["applications"]
    assert len([c for c in table.cells.values() if c.state is State.READ]) == 175
    assert not wrong(table, values)


def test_a_row_label_cut_short() -> None:
    rows = rows_of(NEW, "applications")
    rows[3][0] = ("一、本年新收申请数量", 1, 3)
    table = bound(NEW, laid(rows))["applications"]
    assert notes(table, "label-changed") == [("applications.new", "一、本年新收申请数量")]
    assert len(table.cells) == 175


@pytest.mark.parametrize(("printed", "typed"), [("（七）总计", "（七）小计"), ("3.其他", "3.其它")])
def test_a_label_in_other_words_is_no_missing_row(printed: str, typed: str) -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    for row in rows:
        row[:] = [(typed, *c[1:]) if c[0] == printed else typed if c == printed else c for c in row]
    table = bound(NEW, laid(rows))["applications"]
    assert not notes(table, "row-missing")
    assert not wrong(table, values)


def test_a_lost_row_label_is_unread_not_missing() -> None:
    values = numbers(NEW)
    rows = rows_of(NEW, "applications", values.__getitem__)
    rows[4][0] = ("", 1, 3)
    table = bound(NEW, laid(rows))["applications"]
    assert notes(table, "row-unread") == [("applications.carried_in", "")]
    assert kinds(table) == ["row-unread"]


def test_a_row_of_blanks_beside_its_heads_gives_no_cell() -> None:
    """Met in a PDF: the columns under the heads are torn off, blanks beside them are left."""
    whole = laid(rows_of(NEW, "applications"))
    torn = max(c.row for c in whole.cells)
    first = min(c.column for c in whole.cells if c.row == torn and c.text == "0")
    kept = [c for c in whole.cells if c.row != torn or c.column < first]
    label = max((c for c in kept if c.row == torn), key=lambda c: c.column)
    kept = [
        *(c._replace(column_span=c.column_span - 1) if c is label else c for c in kept),
        Cell("", torn, label.column + label.column_span - 1),
    ]
    table = bound(NEW, replace(whole, cells=tuple(kept)))["applications"]
    assert not [path for path in table.cells if path.startswith("applications.carried_out.")]
    assert "row-missing" not in kinds(table)


def test_digits_torn_by_a_page_break_are_open() -> None:
    """A row without a label at the top of a page may be the rest of the last one."""
    rows = rows_of(NEW, "applications")
    rows.insert(5, ["", *([""] * 6), "4"])
    pages = [c._replace(page=1 if c.row < 5 else 2) for c in laid(rows).cells]
    table = bound(NEW, replace(laid(rows), cells=tuple(pages)))["applications"]
    torn = [table.cells[f.path].state for f in NEW.rows["applications.carried_in"].fields]
    assert torn == [State.OPEN] * 7
    whole = [table.cells[f.path].state for f in NEW.rows["applications.new"].fields]
    assert whole == [State.READ] * 7


def test_a_blank_cell_beyond_the_heads_shifts_its_row() -> None:
    """The label is merged over a column too many: the last cell has no head above."""
    values = numbers(NEW)
    blank = "disclosure.rules.in_force"
    rows = rows_of(NEW, "disclosure", lambda path: "—" if path == blank else values[path])
    rows = [
        [item[0] if isinstance(item, tuple) and item[2] < 13 else item for item in r] for r in rows
    ]
    label = rows[2][0]
    assert isinstance(label, str)
    rows[2][0] = (label, 1, 2)
    table = bound(NEW, laid(rows))["disclosure"]
    assert not wrong(table, values)
    assert all(c.state is State.OPEN for p, c in table.cells.items() if ".rules." in p)


def test_a_blank_row_is_not_filled_from_another_whole_table() -> None:
    row = "applications.carried_out."
    one = table_of(NEW, "applications", lambda path: "" if path.startswith(row) else "1")
    other = table_of(NEW, "applications", lambda path: "5" if path.startswith(row) else "1")
    table = bound(NEW, one, other)["applications"]
    states = {c.state for p, c in table.cells.items() if p.startswith(row)}
    assert states == {State.OPEN}


def test_labels_are_no_figures() -> None:
    """A table of a row for each label: what stands below a label is another label."""
    outcomes = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    groups = ["行政复议", "未经复议直接起诉", "复议后起诉"]
    rows: Rows = [
        [*([(g, 5, 1)] if o == outcomes[0] else []), o, "-"] for g in groups for o in outcomes
    ]
    assert bound(NEW, laid(rows)) == {}


def test_a_row_whose_heads_are_unknown_is_unread_not_extra() -> None:
    rows = rows_of(NEW, "disclosure", lambda path: "7")
    rows = [["信息内容", ("全年办理数", 1, 12)] if "处理决定" in str(row) else row for row in rows]
    table = bound(NEW, laid(rows))["disclosure"]
    assert set(kinds(table)) == {"row-unread"}


def test_heads_above_the_columns_of_others_tell_nothing() -> None:
    """Cells that are merged across were written without their spans: rows with long labels and
    the head begin further left than the others, and the last head reaches over them all."""
    values = numbers(NEW)
    cells = []
    for cell in table_of(NEW, "applications", values.__getitem__).cells:
        wide = {c.row for c in cells if c.column == 0 and c.column_span == 3} | {0, 1, 2}
        if cell.column == 0 and cell.column_span == 3:
            cells.append(cell)
            continue
        if cell.row not in wide:
            cells.append(cell)
        elif cell.row == 1 and cell.column == 9:
            cells.append(cell._replace(column=3, column_span=7, row_span=1))
        else:
            last = cell.column + cell.column_span == 10
            cells.append(cell._replace(column=cell.column - 2, column_span=3 if last else 1))
    cells = [c._replace(column_span=1) if c.column_span == 3 and not c.column else c for c in cells]
    found = bound(NEW, Table(tuple(cells), max(c.row for c in cells) + 1, 10))
    assert not wrong(found["applications"], values)
    assert any(c.state is State.OPEN for c in found["applications"].cells.values())


@pytest.mark.parametrize("pages", [(None, None), (1, 2)])
def test_labels_that_the_end_of_a_page_went_through(pages: tuple[int | None, int | None]) -> None:
    """Their pieces stand in two rows; without pages they are reworded."""
    values, cells = numbers(NEW), []
    before, behind = pages
    for cell in table_of(NEW, "disputes", values.__getitem__).cells:
        if cell.row == 2:
            cells.append(cell._replace(text=cell.text[:2], page=before))
            cells.append(cell._replace(text=cell.text[2:], row=3, page=behind))
        elif cell.row == 3:
            cells.append(cell._replace(row=4, page=behind))
        else:
            reach = cell.row + cell.row_span == 3
            cells.append(cell._replace(row_span=cell.row_span + reach, page=before))
    table = bound(NEW, Table(tuple(sorted(cells, key=lambda c: (c.row, c.column))), 5, 15))
    found = table["disputes"]
    assert not wrong(found, values)
    assert ("label-changed" in kinds(found)) == (before is None)
