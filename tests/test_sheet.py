"""Spreadsheets: exact values, merged cells, words beside tables, hidden sheets, hostile files."""

from __future__ import annotations

import datetime
import io
import random
import shutil
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.gather import Input
from auditor.model import Audit, Document, Location, Observation, Table, Text
from auditor.pipeline import Settings, audit_one
from auditor.readers import Limits, read
from tests.papers import Merged, docx, grids, kinds, p, packed, pictures, reduced, tables, texts
from tests.workbooks import LAYOUTS, workbook

SAMPLES = Path(__file__).parent.parent / "reports_in"
XLS = Path(__file__).parent / "errors.xls"


def book(*sheets: list[list[Any]], merged: tuple[tuple[int, ...], ...] = (), **more: Any) -> bytes:
    """A workbook of sheets of rows; None is no cell at all."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for rows in sheets:
            sheet = made.add_worksheet()
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(r, c, value, day)
                    elif value is not None:
                        sheet.write(r, c, value)
            for span in merged:
                sheet.merge_range(*span, rows[span[0]][span[1]])
        if "title" in more:
            made.set_properties({"title": more["title"]})
    return stream.getvalue()


def read_book(*sheets: list[list[Any]], **more: Any) -> Document:
    return read("x.xlsx", data=book(*sheets, **more))


def grid(table: Table) -> list[list[str | None]]:
    """The text at every place of the sheet; None where no cell of the table stands."""
    found: list[list[str | None]] = [[None] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                assert found[row][column] is None
                found[row][column] = cell.text
    return found


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, "3"), (3.0, "3"), (0, "0"), (-7, "-7"), (24252.311082, "24252.311082"),
        (0.1 + 0.2, "0.3"), (0.125, "0.125"), (1e20, "100000000000000000000"),
        (1234567890123456, "1234567890123456"), (1e-7, "0.0000001"), (True, "TRUE"),
        (datetime.date(2024, 1, 5), "2024-01-05"), ("３ 件", "３ 件"), (" 无 ", "无"), ("007", "007"),
        ("=1/0", "0"), ("商业\n企业", "商业企业"), ("12\n34", "12 34"),
    ],
)  # fmt: skip
def test_values_are_exact(value: Any, expected: str) -> None:
    (table,) = tables(read_book([["甲", "乙"], [value, "末"]]))
    assert table.cells[2].text == expected


def cell_xml(cells: str) -> Document:
    """A sheet of two columns whose second row is given as XML."""
    data = book([["甲", "乙"], [1, 2]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    start = parts[name].index(b'<row r="2"')
    end = parts[name].index(b"</row>", start)
    parts[name] = parts[name][:start] + f'<row r="2">{cells}'.encode() + parts[name][end:]
    return read("x.xlsx", data=packed(parts))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ('<c r="A2"><f>B2+1</f><v>4</v></c><c r="B2"><v>3</v></c>', ["4", "3"]),
        ('<c r="A2"><f>B2+1</f></c><c r="B2"><v>3</v></c>', ["=B2+1", "3"]),
        ('<c r="A2"><f>B2+1</f><v></v></c><c r="B2"><v>3</v></c>', ["=B2+1", "3"]),
        ('<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B2"><v>3</v></c>', ["#DIV/0!", "3"]),
        ('<c r="A2" t="e"><v>#REF!</v></c><c r="B2" t="str"><f>A1</f><v>丙</v></c>', ["#REF!", "丙"]),
        ("<c><v>1</v></c><c><v>2</v></c>", ["1", "2"]),
        ("<c t='inlineStr'><is><t>字</t></is></c><c><v>2</v></c>", ["字", "2"]),
        ('<c r="A2" s="0"/><c r="B2"><v>2</v></c>', ["", "2"]),
    ],
)  # fmt: skip
def test_what_nobody_worked_out_is_not_blank(cells: str, expected: list[str]) -> None:
    (table,) = tables(cell_xml(cells))
    assert [cell.text for cell in table.cells][2:] == expected


# --- layout ----------------------------------------------------------------------------------


def test_places_are_those_of_the_sheet() -> None:
    document = read_book([], [[], [None, None, "题"], [], [None, "甲", "乙"], [None, 1, 2]])
    assert texts(document) == ["题", "Table"]
    text, table = document.blocks
    assert text.location == Location("x.xlsx", "Sheet2", table=2, row=2, column=3, line=1)
    assert table.location == Location("x.xlsx", "Sheet2", table=2, row=4, column=2, line=2)
    assert isinstance(table, Table)
    assert [(cell.row + 1, cell.column + 1) for cell in table.cells] == [
        (4, 2),
        (4, 3),
        (5, 2),
        (5, 3),
    ]
    assert not document.flattened


def test_blank_rows_part_tables_and_lone_lines_are_text() -> None:
    document = read_book(
        [["年度报告"], ["一、概述"], ["第一段。\n第二段。"], ["甲", "乙"], [1, 2], [], ["丙", "丁"], [3, 4],
         ["说" * 80], ["二、其他"], ["戊", "己"], [5, 6], [], ["成文日期", "2024年1月5日"]]
    )  # fmt: skip
    assert texts(document) == [
        "年度报告", "一、概述", "第一段。", "第二段。", "Table", "Table", "说" * 80, "二、其他", "Table",
        "成文日期 2024年1月5日",
    ]  # fmt: skip


def test_a_label_without_numbers_stays_in_its_table() -> None:
    rows: list[list[Any]] = [
        ["甲", "乙"],
        ["一、新收", 1],
        ["二、结转"],
        ["三、办理", 3],
        ["四、下年"],
    ]
    assert texts(read_book(rows)) == ["Table"]
    rows[2:3] = [["二、另一张表"], ["丙", "丁"]]
    assert texts(read_book(rows)) == ["Table", "二、另一张表", "Table"]


def test_merged_lines_and_cells() -> None:
    rows = [
        ["题"],
        ["甲", "乙", None],
        [None, "丙", "丁"],
        [1, 2, 3],
        ["（一）小标题"],
        [4, 5, 6],
        ["注"],
    ]
    document = read_book(
        rows, merged=((0, 0, 0, 2), (1, 0, 2, 0), (1, 1, 1, 2), (4, 0, 4, 2), (6, 0, 6, 2))
    )
    assert texts(document) == ["题", "Table", "注"]
    assert grid(tables(document)[0])[1:] == [
        ["甲", "乙", "乙"], ["甲", "丙", "丁"], ["1", "2", "3"], ["（一）小标题"] * 3, ["4", "5", "6"],
    ]  # fmt: skip


def test_a_merged_cell_holds_its_rows_together() -> None:
    (table,) = tables(read_book([["组", "甲", 1], [], [None, "乙", 2]], merged=((0, 0, 2, 0),)))
    assert grid(table) == [["组", "甲", "1"], ["组", "", ""], ["组", "乙", "2"]]


def test_columns_without_a_word_are_no_cells() -> None:
    (table,) = tables(read_book([["甲", None, "乙"], [1, None, None]]))
    assert [(c.text, c.row, c.column) for c in table.cells] == [
        ("甲", 0, 0), ("乙", 0, 2), ("1", 1, 0), ("", 1, 2),
    ]  # fmt: skip


@given(grids())
@settings(max_examples=60)
def test_grids_come_back(cells: Merged) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for row, column, down, across, text in cells:
            if down > 1 or across > 1:
                sheet.merge_range(row, column, row + down - 1, column + across - 1, text)
            else:
                sheet.write_string(row, column, text)
    document = read("x.xlsx", data=stream.getvalue())
    expected = {text.strip() for line in reduced(cells) for text in line if text}
    found = {cell.text for table in tables(document) for cell in table.cells}
    found |= {word for block in document.blocks if isinstance(block, Text) for word in [block.text]}
    if len(tables(document)) == len(document.blocks) == 1:
        assert found - {""} == {text.replace("\n", "") for text in expected}
    for table in tables(document):
        grid(table)


def test_hidden_sheets_come_last_and_are_noted() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
        for name, text in (("旧稿", "藏"), ("正文", "显")):
            made.add_worksheet(name).write(0, 0, text)
        made.get_worksheet_by_name("正文").activate()
        made.get_worksheet_by_name("旧稿").hide()
    document = read("x.xlsx", data=stream.getvalue())
    assert texts(document) == ["显", "藏"]
    place = Location("x.xlsx", "旧稿", table=1)
    assert document.observations == (Observation("hidden-content", "旧稿", place, "旧稿"),)


def test_a_numbered_sheet_name_is_a_heading_unless_it_is_printed() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
        made.add_worksheet("一、概述").write(0, 0, "文")
        made.add_worksheet("二、数据").write(0, 0, "二、数据（件）")
        made.add_worksheet("Sheet3").write(0, 0, "末")
        made.add_worksheet("三、其他")
    assert texts(read("x.xlsx", data=stream.getvalue())) == [
        "一、概述", "文", "二、数据（件）", "末", "三、其他",
    ]  # fmt: skip


def test_tables_on_sheets_of_their_own_go_under_their_headings() -> None:
    words = [["一、概述"], ["文"], ["二、甲表"], ["三、乙表"], ["四、其他"], ["末"]]
    one, other = [["甲", "数"], ["a", 1]], [["乙", "数"], ["b", 2]]
    document = read_book(words, one, other)
    assert texts(document) == [
        "一、概述",
        "文",
        "二、甲表",
        "Table",
        "三、乙表",
        "Table",
        "四、其他",
        "末",
    ]
    assert not document.flattened
    unsure = read_book(words, one)
    assert texts(unsure)[-1] == "Table"
    assert unsure.flattened  # nothing may be said to be missing where the order is not known


def test_metadata_and_pictures() -> None:
    data = book([["甲", "乙"], [1, 2]], title="年度报告")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    document = read("x.xlsx", data=packed(parts | {"xl/media/image1.png": b"\x89PNG"}))
    assert document.metadata == {"title": "年度报告"}
    assert [picture.kind for picture in pictures(document)] == ["image"]


# --- other formats ---------------------------------------------------------------------------

SPACES = " ".join(
    f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
    for n in ("office", "table", "text", "style")
)


def ods(tables_: str, styles: str = "", **more: str) -> bytes:
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f"{tables_}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": content, **more})


def td(text: str = "", given: str = "") -> str:
    inside = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {given}>{inside}</table:table-cell>"


WIDE = td("", 'table:number-columns-repeated="16384"')
LONG = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
CONCEALED = (
    '<style:style style:name="h" style:family="table"><style:table-properties'
    ' table:display="false"/></style:style>'
)


def tr(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_ods() -> None:
    number = 'office:value-type="float" office:value="24252.311082"'
    day = 'office:value-type="date" office:date-value="2024-01-05T00:00:00"'
    head = tr(td("组", 'table:number-rows-spanned="2"'), td("甲<text:s text:c='2'/>乙"))
    body = tr("<table:covered-table-cell/>", td("24,252.31", number))
    grouped = f"<table:table-header-rows>{body}</table:table-header-rows>"
    last = tr(td("5.1", day), td("x", 'table:formula="a"'))
    unknown = tr(td("", 'table:formula="of:=[.A1]"'), td("#DIV/0!"))
    data = ods(
        f'<table:table table:name="一">{head}{grouped}{tr(WIDE)}{LONG}</table:table>'
        f'<table:table table:name="藏" table:style-name="h">{last}{unknown}</table:table>',
        CONCEALED,
    )
    document = read("x.ods", data=data)
    assert document.format == "ods"
    assert kinds(document) == ["hidden-content"]
    one, other = tables(document)
    assert grid(one) == [["组", "甲  乙"], ["组", "24252.311082"]]
    assert grid(other) == [["2024-01-05", "x"], ["=of:=[.A1]", "#DIV/0!"]]


def test_the_old_binary_format() -> None:
    """Made by LibreOffice: 甲 乙 / 3 24252.311082 / #DIV/0! 2024-01-05, the first cell merged down."""
    document = read(XLS)
    assert document.format == "xls"
    assert grid(tables(document)[0]) == [
        ["甲", "甲", "乙"], ["3", "24252.311082", "TRUE"], ["#", "2024-01-05", "丙"],
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_other_formats_of_an_office_program(suffix: str, tmp_path: Path) -> None:
    rows = [
        ["题"],
        ["甲", "乙", "丙"],
        [1, 24252.311082, None],
        [datetime.date(2024, 1, 5), 4, "无"],
    ]
    (tmp_path / "x.xlsx").write_bytes(book(rows, merged=((0, 0, 0, 2),)))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/p", "--headless",
               "--convert-to", suffix, "--outdir", tmp_path, tmp_path / "x.xlsx"]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    if not (tmp_path / f"x.{suffix}").exists():
        pytest.skip("LibreOffice Calc is not installed")
    document = read(tmp_path / f"x.{suffix}")
    expected = read(tmp_path / "x.xlsx")
    assert texts(document) == texts(expected)
    assert tables(document)[0].cells == tables(expected)[0].cells


# --- hostile files ---------------------------------------------------------------------------

SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(xml: str | bytes, data: bytes | None = None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data or book([["a", "b"]]))) as archive:
        parts: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist()}
    return packed(parts | {SHEET: xml})


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FAR = (
    f'<worksheet xmlns="{MAIN}"><sheetData>%s<row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576">%s</row></sheetData></worksheet>'
)
HUGE = f'<worksheet xmlns="{MAIN}"><sheetData>' + " " * 30_000_000 + "</sheetData></worksheet>"
GOOD = book([["甲", "乙"], [1, 2]])


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (with_sheet(FAR % ("", '<c r="XFD1048576"><v>1</v></c>')), "too-large"),
        (with_sheet(FAR % ("", "<c r='XFD1048576'><v>1</v></c>")), "too-large"),
        (with_sheet((FAR % ("", '<c r="XFD1048576"><v>1</v></c>'))
                    .replace("<c ", "<x:c ").replace("</c", "</x:c")), "too-large"),
        (with_sheet(FAR % ("", "<c><v>1</v></c>" * 10)), "too-large"),
        (with_sheet(f'<worksheet xmlns="{MAIN}"><sheetData><row>{"<c><v>1</v></c>" * 9_000}</row>'
                    + "<row><c><v>1</v></c></row>" * 9_000 + "</sheetData></worksheet>"), "too-large"),
        (with_sheet((FAR % ("", "")).encode("utf-16")), "broken"),
        (with_sheet(HUGE), "too-large"),
        (with_sheet("<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"), "broken"),
        (with_sheet("<worksheet"), "broken"),
        (GOOD[:-30], "broken"),
        (GOOD[: len(GOOD) // 2], "broken"),
        (packed({"xl/workbook.bin": "x"}), "broken"),
        (packed({"xl/workbook.xml": "x"}), "broken"),
        (book([[]]), "empty"),
        (ods('<table:table><table:table-row table:number-rows-repeated="9999999">'
             + td("x", 'table:number-columns-repeated="99"') + "</table:table-row></table:table>"),
         "too-large"),
        (ods("<table:table>" + "<table:table-row-group>" * 99 + "</table:table-row-group>" * 99
             + "</table:table>"), "too-large"),
        (ods("<x"), "broken"),
        (ods("", **{"META-INF/manifest.xml": "<a:encryption-data/>"}), "encrypted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_hostile_workbooks(data: bytes, kind: str) -> None:
    begun = time.process_time()
    with pytest.raises(DocumentError) as caught:
        read("x.xlsx", data=data)
    assert caught.value.kind == kind
    assert time.process_time() - begun < 10


def test_sizes_that_lie_are_refused() -> None:
    """A member that promises ten bytes and unpacks to more: only the promise is ever unpacked."""
    data = bytearray(with_sheet(FAR % ("", "")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    at = data.rindex(size, 0, data.rindex(SHEET.encode()))
    data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(DocumentError) as caught:
        read("x.xlsx", data=bytes(data))
    assert caught.value.kind == "broken"


def test_many_wide_merged_cells_are_refused_or_passed_over() -> None:
    cells = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(1, 2_000))
    xml = (FAR % ("", "")).replace("</worksheet>", f"<mergeCells>{cells}</mergeCells></worksheet>")
    assert len(read("x.xlsx", data=with_sheet(xml)).blocks) == 1


def test_limits_are_the_callers() -> None:
    with pytest.raises(DocumentError) as caught:
        read("x.xlsx", data=book([[1] * 30] * 30), limits=Limits(grid=800))
    assert caught.value.kind == "too-large"
    with pytest.raises(DocumentError) as caught:
        read(XLS, limits=Limits(grid=5))
    assert caught.value.kind == "too-large"


def test_a_protected_workbook() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(DocumentError) as caught:
        read("x.xlsx", data=ole)
    assert caught.value.kind == "encrypted"


@pytest.mark.parametrize(
    ("name", "data", "format_"),
    [("a.xlsx", docx(p("字")), "docx"), ("a.docx", GOOD, "xlsx"), ("a.xls", GOOD, "xlsx"),
     ("a.et", XLS.read_bytes(), "xls"), ("a.txt", GOOD, "xlsx")],
)  # fmt: skip
def test_content_decides(name: str, data: bytes, format_: str) -> None:
    assert read(name, data=data).format == format_


@pytest.mark.parametrize("seed", [GOOD, ods("<table:table/>"), XLS.read_bytes()])
def test_damaged_workbooks_only_ever_raise_document_errors(seed: bytes) -> None:
    noise = random.Random(7)
    for _ in range(20 if seed.startswith(b"\xd0") else 150):
        data = bytearray(seed)
        for _ in range(noise.randrange(1, 8)):
            data[noise.randrange(len(data))] = noise.randrange(256)
        if noise.random() < 0.2:
            data = data[: noise.randrange(len(data))]
        try:
            document = read("x.xls", data=bytes(data))
        except DocumentError:
            continue
        for table in tables(document):
            grid(table)


_TAGS = st.sampled_from(
    ['<row r="%d">', "<row>", "</row>", '<c r="B%d"><v>%d</v></c>', '<c r="A%d" t="s"><v>%d</v></c>',
     '<c t="e"><v>%d</v></c>', "<c><f>x</f></c>", "<c/>", '<c r="%d"/>', '<c r="AAAA%d"/>', "<f/>"]
)  # fmt: skip


@given(st.lists(st.tuples(_TAGS, st.integers(0, 9999)), max_size=20))
@settings(max_examples=150)
def test_any_soup_of_cells(pieces: list[tuple[str, int]]) -> None:
    inside = "".join(tag.replace("%d", str(number)) for tag, number in pieces)
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{inside}</sheetData></worksheet>'
    try:
        document = read("x.xlsx", data=with_sheet(xml, GOOD))
    except DocumentError:
        return
    for table in tables(document):
        grid(table)


# --- whole reports ---------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "subject", ["示例县自然资源局2023", "示例市示例区教育局2023", "示例县统计局"]
)
def test_a_report_as_a_workbook_is_judged_alike(
    layout: str, subject: str, tmp_path: Path, settings: Settings
) -> None:
    original = next(path for path in SAMPLES.glob(f"{subject}*.docx"))
    copy = tmp_path / "x.xlsx"
    copy.write_bytes(workbook(read(original), layout))
    expected, found = audit_one(Input(original), settings), audit_one(Input(copy), settings)
    assert isinstance(expected, Audit)
    assert isinstance(found, Audit)
    assert found.report.coverage.cells_read == 200
    assert {r.rule: r.outcome for r in found.results} == {
        r.rule: r.outcome for r in expected.results
    }
    for key in ("disclosure", "applications", "disputes"):
        assert found.report.data[key] == expected.report.data[key]


def test_looks_boxes_and_what_is_hidden_in_a_sheet_of_opendocument() -> None:
    looks = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {look}/>'
        "</style:style>"
        for name, look in (
            ("up", 'style:text-position="33% 58%"'), ("out", 'style:text-line-through-type="single"'),
        )
    )  # fmt: skip
    span = '<text:span text:style-name="{}">{}</text:span>'
    box = (
        '<draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0">'
        "<text:p>框里的话</text:p></draw:frame>"
    )
    marked = td(f"19{span.format('up', '1')}")
    struck = td(f"{span.format('out', '55')}18")
    rows = [
        tr(td("项目"), td("件数"), td("9"), td("余数")),
        tr(td("甲类"), marked, td("9"), td("1")),
        tr(td("乙类"), struck, td("9"), td("2")),
        tr(td("甲类"), td("7"), td("9"), td("7")).replace(
            "<table:table-row>", '<table:table-row table:visibility="collapse">'
        ),
        tr(f"<table:table-cell>{box}</table:table-cell>"),
    ]
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/><table:table-column/>'
    )
    made = read(
        "x.ods",
        data=ods(f'<table:table table:name="一">{columns}{"".join(rows)}</table:table>', looks),
    )
    table, words = made.blocks
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells] == [
        "项目", "件数", "余数", "甲类", "19[1]", "1", "乙类", "18", "2",
    ]  # fmt: skip
    assert isinstance(words, Text)
    assert words.text == "框里的话"
    assert [(o.kind, o.detail) for o in made.observations] == [("hidden-content", "table")]
