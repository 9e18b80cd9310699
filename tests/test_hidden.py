"""What is not shown is neither counted nor taken for missing; what a click shows is read."""

from __future__ import annotations

import io
import json
import time
from html import escape

import pytest
import xlsxwriter

from auditor.model import Document
from auditor.pipeline import Settings
from auditor.readers import read
from tests.page_variants import Grid, page, paragraph, table
from tests.papers import docx, kinds, matrix, p, read_html, tables, texts
from tests.round_trip import compared, drawn
from tests.test_variants import accused, bound, hold

OF = drawn(500)
ROW = "<tr><td>甲<td>乙<tr><td>1<td>{}</table>"


@pytest.mark.parametrize(
    ("style", "cell", "expected"),
    [
        (".Old{display:none}", "<span class=Old>7</span>2", "2"),
        ("td .old, .x{ DISPLAY : none }", "<i class=old>7</i>2", "2"),
        (".old{display:none} td .old{display:inline}", "<i class=old>7</i>2", "72"),
        (".old{display:none}", "<i class=old style='display:inline'>7</i>2", "72"),
        ("@media print{.old{display:none}}", "<i class=old>7</i>2", "72"),
        ("@media screen{.old{display:none}}", "<i class=old>7</i>2", "2"),
        ("/* .old{display:none} */", "<i class=old>7</i>2", "72"),
        ("", "<span style='font-size:0'>7</span>2", "2"),
        ("", "<span style='font-size:0'><b style='font-size:9pt'>7</b></span>2", "72"),
        ("", "<span style='opacity: 0'>7</span>2", "2"),
        ("", "<span style='opacity:0.5'>7</span>2", "72"),
        ("", "<span style='position:absolute;left:-9999px'>7</span>2", "2"),
        ("", "<span style='text-decoration:line-through'>7</span>2", "2"),
        ("", "<select><option>7<option selected>2</select>", "2"),
    ],
)
def test_words_in_a_cell(style: str, cell: str, expected: str) -> None:
    made = read_html(f"<style>{style}</style><table>{ROW.format(cell)}")
    assert matrix(tables(made)[0])[1] == ["1", expected]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2<sup>1</sup>", "2[1]"),
        ("2<sup>[1]</sup>", "2[1]"),
        ("2<span style='vertical-align:super'>3</span>", "2[3]"),
        ("件数<sup>1</sup>", "件数[1]"),
        ("m<sup>2</sup>", "m2"),
        ("<sup>1</sup>2", "12"),
        ("2<sup>th</sup>", "2th"),
    ],
)
def test_raised_figures_are_no_figures_of_a_number(cell: str, expected: str) -> None:
    assert matrix(tables(read_html(f"<table>{ROW.format(cell)}"))[0])[1] == ["1", expected]
    inside = cell.replace("<sup>", "|up|").replace("</sup>", "|").split("|")
    if "up" in inside:
        plain, _, raised, after = inside
        up = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        runs = (("", plain), (up, raised), ("", after))
        line = "".join(f"<w:r>{look}<w:t>{words}</w:t></w:r>" for look, words in runs)
        assert texts(read("x.docx", data=docx(f"<w:p>{line}</w:p>"))) == [expected]


def test_a_cell_that_is_raised_as_a_whole() -> None:
    up = '<w:rPr><w:position w:val="8"/></w:rPr>'
    line = "".join(f"<w:r>{up}<w:t>{figure}</w:t></w:r>" for figure in "12")
    assert texts(read("x.docx", data=docx(f"<w:p>{line}</w:p>"))) == ["12"]


def test_hidden_words_of_a_text_are_noted() -> None:
    run = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>{}</w:t></w:r>"
    assert kinds(read("x.docx", data=docx(p("甲") + f"<w:p>{run.format('乙')}</w:p>"))) == []
    long = read("x.docx", data=docx(p("甲") + f"<w:p>{run.format('乙' * 20)}</w:p>"))
    assert (texts(long), kinds(long)) == (["甲"], ["hidden-content"])


def test_a_hidden_row_is_not_read_and_none_is_missing(settings: Settings) -> None:
    whole = page(OF)
    at = whole.rindex("<tr>", 0, whole.index("七）总计"))
    report = bound((whole[:at] + "<tr hidden" + whole[at + 3 :]).encode(), ".html", settings)
    wrong, opened, _ = compared(report, OF)
    assert not wrong
    assert len(opened) == 7
    assert accused(report) == set()
    assert "hidden-content" in {o.kind for o in report.observations}


@pytest.mark.parametrize("hiding", ["style='display:none'", "hidden"])
def test_panels_are_read(hiding: str, settings: Settings) -> None:
    def panel(key: str, text: str) -> str:
        return f"</div>{paragraph(text)}<div {hiding if key != 'overview' else ''}>"

    whole = page(OF, h=panel, around=lambda body: f"<div>{body}</div>")
    report = bound(whole.encode(), ".html", settings)
    hold(report, OF, frozenset())
    assert "hidden-content" in {o.kind for o in report.observations}


def test_a_second_version_for_printing_is_not_read() -> None:
    one = f"<table>{ROW.format(2)}"
    made = read_html(f"<div>{one}</div><div style='display:none'>{one}</div>")
    assert len(tables(made)) == 1


KEPT = {
    "noscript": lambda inside: f"<noscript>{inside}</noscript>",
    "template": lambda inside: f"<template>{inside}</template>",
    "textarea": lambda inside: f"<textarea>{escape(inside)}</textarea>",
    "script": lambda inside: f"<script>var x = {json.dumps({'content': inside})};</script>",
}


@pytest.mark.parametrize("name", KEPT)
def test_what_a_script_is_to_show_is_read(name: str, settings: Settings) -> None:
    report = bound(page(OF, around=KEPT[name]).encode(), ".html", settings)
    hold(report, OF, frozenset())
    assert "hidden-content" in {o.kind for o in report.observations}


def test_what_is_kept_beside_a_table_that_is_shown_is_not_read() -> None:
    kept = KEPT["textarea"](f"<p>{'丙' * 2000}</p>")
    assert len(texts(read_html(f"<table>{ROW.format(2)}{kept}"))) == 1


def test_an_article_that_goes_on_elsewhere_lacks_nothing(settings: Settings) -> None:
    first = page(OF).partition("<p>四、")[0]
    further = bound(f"{first}<a href='t_1.html'>下一页</a>".encode(), ".html", settings)
    assert accused(further) == set()
    nowhere = bound(f"{first}<a href='#'>下一页</a>".encode(), ".html", settings)
    assert "section-missing" in accused(nowhere)


def test_a_link_to_a_next_page_hides_no_fault_of_this_one(settings: Settings) -> None:
    link = "<a href='t_1.html'>下一页</a>"
    whole = page(OF)
    lacking = whole.partition("<p>四、")[0] + "<p>五、" + whole.partition("<p>五、")[2]
    assert lacking != whole
    assert "section-missing" in accused(bound(f"{lacking}{link}".encode(), ".html", settings))
    label = next(name for name in ("规章", "行政规范性文件") if f">{name}<" in whole)
    other = whole.replace(f">{label}<", f">{label}甲乙<", 1)
    found = bound(f"{other}{link}".encode(), ".html", settings).observations
    assert {"row-missing", "row-extra"} <= {o.kind for o in found}


def test_a_head_as_a_picture_is_not_missing(settings: Settings) -> None:
    def of(key: str, grid: Grid) -> str:
        whole = table(grid)
        head = '<tr><td colspan="10"><img src="h.png" width="600" height="90"></td></tr>'
        return whole.replace(table(grid[:3])[18:-8], head) if key == "applications" else whole

    made = page(OF, t=of)
    assert "h.png" in made
    assert "head-missing" not in accused(bound(made.encode(), ".html", settings))


# --- workbooks -------------------------------------------------------------------------------


def workbook(write: object) -> Document:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        write(book)  # type: ignore[operator]
    return read("x.xlsx", data=stream.getvalue())


def filled(book: object, rows: object) -> object:
    sheet = book.add_worksheet()  # type: ignore[attr-defined]
    for at, row in enumerate(rows):  # type: ignore[arg-type]
        sheet.write_row(at, 0, row)
    return sheet


def test_hidden_rows_and_columns_of_a_sheet() -> None:
    def write(book: object) -> None:
        rows = [["项目", "件数", 9, "金额"], ["甲类", 1, 9, 2], ["甲类", 7, 9, 7],
                ["乙类", 0, 9, 0], [5, 5, 5, 5]]  # fmt: skip
        sheet = filled(book, rows)
        for row in (2, 3, 4):
            sheet.set_row(row, None, None, {"hidden": True})  # type: ignore[attr-defined]
        sheet.set_column(2, 2, None, None, {"hidden": True})  # type: ignore[attr-defined]

    made = workbook(write)
    found = [cell.text for cell in tables(made)[0].cells]
    assert found == ["项目", "件数", "金额", "甲类", "1", "2", "乙类", "0", "0"]
    assert [(o.kind, o.detail) for o in made.observations] == [("hidden-content", "table")]


def test_text_boxes_of_a_sheet_stand_where_they_begin() -> None:
    def write(book: object) -> None:
        sheet = filled(book, [["一、甲"], [], [], ["二、乙"]])
        sheet.insert_textbox(1, 0, "第一行\n第二行")  # type: ignore[attr-defined]

    assert texts(workbook(write)) == ["一、甲", "第一行", "第二行", "二、乙"]


def test_a_tall_merged_cell_of_words_is_no_table() -> None:
    def write(book: object) -> None:
        sheet = filled(book, [])
        sheet.merge_range(0, 0, 4, 5, "一、甲\n　　今年没有。")  # type: ignore[attr-defined]
        sheet.merge_range(5, 0, 5, 5, "二、乙")  # type: ignore[attr-defined]

    assert texts(workbook(write)) == ["一、甲", "今年没有。", "二、乙"]


def test_marks_and_struck_figures_within_a_cell() -> None:
    def write(book: object) -> None:
        up = book.add_format({"font_script": 1})  # type: ignore[attr-defined]
        out, plain = (
            book.add_format(look)  # type: ignore[attr-defined]
            for look in ({"font_strikeout": True}, {})
        )
        sheet = filled(book, [["项目", "件数"], ["甲类"], ["乙类"]])
        sheet.write_rich_string(1, 1, plain, "19", up, "1")  # type: ignore[attr-defined]
        sheet.write_rich_string(2, 1, out, "55", plain, "18")  # type: ignore[attr-defined]

    assert matrix(tables(workbook(write))[0])[1:] == [["甲类", "19[1]"], ["乙类", "18"]]


def test_the_words_of_all_parts_may_stand_on_a_later_sheet() -> None:
    def write(book: object) -> None:
        filled(book, [["项目", "件数"], ["甲类", 1]])
        filled(book, [["某某报告"], ["一、甲"], ["二、乙"], ["今年没有。"]])

    assert texts(workbook(write)) == ["某某报告", "一、甲", "Table", "二、乙", "今年没有。"]


@pytest.mark.parametrize(
    "page",
    [
        "<style>" + "@media" * 100_000 + "display</style><p>甲",
        "<style>"
        + "".join(f".a{n}{{display:none}}" for n in range(20_000))
        + "</style>"
        + "<p class=a1>甲" * 20_000,
        "<style>div{display:none}</style>" + "<div>甲</div>" * 50_000,
        "<div>" + "<div style='display:none'><table><tr><td>1</table></div>" * 5_000 + "甲",
        "甲<script>" + '"\\"' * 100_000 + "</script>",
    ],
    ids=["media", "rules", "elements", "panels", "strings"],
)
def test_hostile_pages_end_soon(page: str) -> None:
    start = time.process_time()
    assert "甲" in texts(read_html(page))[0]
    assert time.process_time() - start < 10
