"""PDF: tables from their rules, text from its glyphs, and doubt where a number has two hands."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.model import Cell, Document, Picture, Report, Table, Text
from auditor.pipeline import Input, Settings, bind_document, read_document
from auditor.readers import Limits, read
from auditor.readers._pdf_trial import is_risky
from tests.conftest import ROOT
from tests.papers import kinds
from tests.pdf_writer import LEFT, UP, Page, assembled, write

GRID = [
    ["项目", "数量", LEFT, "备注"],
    [UP, "甲", "乙", UP],
    ["大类", "12", "3", "无"],
    [UP, "0", "4567", ""],
    ["小计", "12", "4570", LEFT],
]
WIDTHS = [90, 60, 60, 70]
CELLS = {
    ("项目", 0, 0, 2, 1), ("数量", 0, 1, 1, 2), ("备注", 0, 3, 2, 1), ("甲", 1, 1, 1, 1),
    ("乙", 1, 2, 1, 1), ("大类", 2, 0, 2, 1), ("12", 2, 1, 1, 1), ("3", 2, 2, 1, 1),
    ("无", 2, 3, 1, 1), ("0", 3, 1, 1, 1), ("4567", 3, 2, 1, 1), ("", 3, 3, 1, 1),
    ("小计", 4, 0, 1, 1), ("12", 4, 1, 1, 1), ("4570", 4, 2, 1, 2),
}  # fmt: skip
USUAL = Limits()


@pytest.fixture(autouse=True)
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this reader does by itself: recognition is tested in test_ocr.py."""
    from auditor.readers import _ocr

    monkeypatch.setattr(_ocr, "is_installed", lambda: False)


def pdf(*pages: Page, limits: Limits = USUAL, **more: object) -> Document:
    return read("a.pdf", data=write(pages, **more), limits=limits)  # type: ignore[arg-type]


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def placed(table: Table) -> set[tuple[str, int, int, int, int]]:
    return {(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells}


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Text)]


def rows(table: Table) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in sorted(table.cells, key=lambda c: (c.row, c.column)):
        found[cell.row].append(cell.text)
    return found


def cell(document: Document, text: str) -> Cell:
    return next(c for t in tables(document) for c in t.cells if c.text == text)


def doubts(document: Document) -> dict[str, str]:
    return {c.text: c.doubt for t in tables(document) for c in t.cells if c.doubt}


def refused(data: bytes, limits: Limits = USUAL) -> str:
    with pytest.raises(DocumentError) as caught:
        read("a.pdf", data=data, limits=limits)
    assert caught.value.said.zh
    assert caught.value.said.en
    return caught.value.kind


# --- tables ----------------------------------------------------------------------------------


def test_a_ruled_table_between_text() -> None:
    page = Page().text(60, 80, "前面的话").table(60, 100, GRID, WIDTHS).text(60, 240, "后面的话")
    document = pdf(page)
    before, table, after = document.blocks
    assert isinstance(before, Text)
    assert isinstance(table, Table)
    assert isinstance(after, Text)
    assert (before.text, after.text) == ("前面的话", "后面的话")
    assert placed(table) == CELLS
    assert (table.rows, table.columns) == (5, 4)
    assert not document.flattened
    assert (table.location.page, table.location.table, table.location.line) == (1, 1, 2)
    assert table.location.box == (60, 100, 340, 200)
    assert {c.box for c in table.cells if c.text == "4567"} == {(210, 160, 270, 180)}
    assert {c.page for c in table.cells} == {1}
    assert not doubts(document)


TURNS = {
    "upright": ((595, 842), None),
    "turned 90": ((842, 595), (0, 1, -1, 0, 842, 0)),
    "turned 180": ((595, 842), (-1, 0, 0, -1, 595, 842)),
    "turned 270": ((842, 595), (0, -1, 1, 0, 0, 595)),
    "askew": ((595, 842), (0.99992, 0.01222, -0.01222, 0.99992, 0, 0)),
    "small": ((595, 842), (0.3, 0, 0, 0.3, 50, 70)),
    "large": ((1785, 2526), (3, 0, 0, 3, 0, 0)),
    "mirrored space": ((595, 842), (1, 0, 0, 1, 7.3, -11.9)),
}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("form", [False, True])
def test_however_the_page_is_turned(turn: str, rotate: int, form: bool) -> None:
    size, matrix = TURNS[turn]
    page = Page(rotate=rotate, matrix=matrix).table(60, 100, GRID, WIDTHS)
    page.width, page.height = size
    document = pdf(page, form=form)
    assert placed(tables(document)[0]) == CELLS
    assert not doubts(document)


@pytest.mark.parametrize(
    ("rotate", "box"),
    [(0, (150, 100, 210, 120)), (90, (722, 150, 742, 210)), (180, (385, 722, 445, 742)),
     (270, (100, 385, 120, 445))],
)  # fmt: skip
def test_places_are_those_of_the_displayed_page(rotate: int, box: tuple[int, ...]) -> None:
    document = pdf(Page(rotate=rotate).table(60, 100, [["a", "b"], ["c", "d"]], [90, 60]))
    assert cell(document, "b").box == box


@pytest.mark.parametrize("glyphwise", [False, True])
def test_places_on_a_page_that_is_turned_by_its_content(glyphwise: bool) -> None:
    page = Page(matrix=(0, 1, -1, 0, 842, 0)).table(60, 100, [["a", "b"], ["c", "d"]], [90, 60])
    page.text(60, 300, "正文", glyphwise=glyphwise)
    page.width, page.height = 842, 595
    assert cell(pdf(page), "b").box == (100, 385, 120, 445)


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize(
    "without", [(), ("left", "right"), ("top", "bottom"), ("left", "right", "top", "bottom")]
)
def test_outer_borders_may_be_missing(without: tuple[str, ...], filled: bool) -> None:
    grid = [["项目", "甲", "乙"], ["一", "12", "3"], ["二", "0", "4567"], ["三", "5", "6"]]
    page = Page().table(60, 100, grid, filled=filled, without=without)
    assert rows(tables(pdf(page))[0]) == grid


def test_double_and_dotted_rules_are_one() -> None:
    page = Page()
    for x in (60, 140, 220):
        page.line(x, 100, x, 160).line(x + 1.6, 100, x + 1.6, 160)
    for y in (100, 120, 140, 160):
        for x in range(60, 220, 4):
            page.line(x, y, x + 2.5, y)
    for y, words in ((114, "ab"), (134, "cd"), (154, "ef")):
        page.text(70, y, words[0]).text(150, y, words[1])
    assert rows(tables(pdf(page))[0]) == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_rules_that_are_a_ground_between_light_cells() -> None:
    """Pages from the days before style sheets: a dark table, white cells, a gap between them."""
    page = Page().fill(60, 100, 241, 61, "0.2 0.2 0.2")
    for i, row in enumerate([["项目", "甲", "乙"], ["收到", "12", "3"], ["办结", "0", "45"]]):
        for j, words in enumerate(row):
            page.fill(61 + 80 * j, 101 + 20 * i, 79, 19, "1 1 1")
            page.text(64 + 80 * j, 114 + 20 * i, words)
    document = pdf(page)
    assert rows(tables(document)[0]) == [
        ["项目", "甲", "乙"],
        ["收到", "12", "3"],
        ["办结", "0", "45"],
    ]
    assert not doubts(document)


def test_panels_on_a_shaded_page_are_no_table() -> None:
    page = Page().fill(0, 0, 595, 842, "0.9 0.9 0.9")
    for x in (20, 310):
        page.fill(x, 60, 260, 700, "1 1 1").text(x + 20, 100, "一段文字")
    assert not tables(pdf(page))


def test_what_looks_like_a_rule_and_is_none() -> None:
    page = Page().fill(60, 100, 280, 20, "0.8 0.9 1")  # shading
    page.table(60, 100, GRID, WIDTHS)
    page.fill(60, 155, 280, 0.5, "1 1 1")  # white
    page.raw("q /Clear gs").fill(60, 150, 280, 0.5).raw("Q")  # transparent
    page.fill(63, 156, 40, 0.5)  # underline
    page.raw("60 700 280 0.5 re n")  # a path that is not drawn
    page.raw("q 0 0 10 10 re W n").line(200, 100, 200, 200).raw("Q")  # clipped away
    document = pdf(page)
    assert placed(tables(document)[0]) == CELLS


def test_a_frame_around_the_page_or_a_single_cell_is_no_table() -> None:
    page = Page().raw("20 20 555 802 re S").raw("60 700 200 40 re S").text(70, 130, "一段话")
    document = pdf(page)
    assert not tables(document)
    assert document.flattened
    assert texts(document) == ["一段话"]


def test_a_table_inside_a_cell() -> None:
    page = Page().table(60, 100, [["外", ""], ["左", "右"]], [150, 200], 80)
    page.table(230, 120, [["甲", "1"], ["乙", "2"]], [60, 60])
    assert sorted(map(rows, tables(pdf(page)))) == [
        [["外", ""], ["左", "右"]],
        [["甲", "1"], ["乙", "2"]],
    ]


def test_borders_that_do_not_close_are_doubted() -> None:
    page = Page().table(60, 100, [["1", LEFT, "5"], ["2", "3", "6"]])
    page.raw("1 1 1 RG")  # nothing more: now an L of three units
    page = Page()
    for y in (100, 140):
        page.line(60, y, 300, y)
    for x in (60, 220, 300):
        page.line(x, 100, x, 140)
    page.line(140, 120, 140, 140).line(60, 120, 140, 120).line(220, 120, 300, 120)
    page.text(70, 114, "1").text(70, 134, "2").text(150, 134, "3").text(230, 114, "4")
    document = pdf(page)
    assert set(doubts(document)) >= {"1", "3"}
    assert "4" not in doubts(document)


def test_labels_over_lines_and_down_the_page() -> None:
    page = Page().table(60, 100, [["", "甲"], ["", "1"]], [60, 80], 60)
    page.text(63, 130, "不予公").text(63, 142, "开")
    for i, c in enumerate("竖排"):
        page.text(80, 180 + 12 * i, c)
    document = pdf(page)
    assert rows(tables(document)[0]) == [["不予公开", "甲"], ["竖排", "1"]]
    side = Page().table(60, 100, [["", "甲"], ["乙", "1"]], [60, 80], 60)
    side.text(80, 110, "侧写", angle=-90)
    assert cell(pdf(side), "侧写").doubt
    rising = Page().table(60, 100, [["", "甲"], ["乙", "1"]], [60, 80], 60)
    rising.text(80, 150, "侧写", angle=90)
    assert cell(pdf(rising), "侧写").doubt


# --- one number, one hand --------------------------------------------------------------------

TWO = [["项目", "数量"], ["甲", "12"], ["乙", "345"]]


def two() -> Page:
    return Page().table(60, 100, TWO)


@pytest.mark.parametrize(
    "page",
    [
        two().text(153, 134, "7", font="F2"),
        two().text(153, 134, "7", size=8),
        two().text(153, 134, "7", colour=(1, 0, 0)),
        two().text(153, 132, "7"),
        two().text(145, 134, "7", glyphwise=True),
        two().text(178, 134, "7"),
        two().text(148, 134, "7", mode=3),
        two().text(190, 134, "77777", size=10),
        two().text(140, 134, "\ue123"),
        two().line(142, 131, 154, 131),
        two().line(143, 131, 147.5, 131),
        two().fill(141, 122, 15, 16, "1 1 1").text(143, 134, "9"),
    ],
    ids=["font", "size", "colour", "baseline", "over it", "apart", "hidden", "reaches out",
         "no character", "struck", "one figure struck", "painted over"],
)  # fmt: skip
def test_a_number_of_two_hands_is_doubted(page: Page) -> None:
    document = pdf(page)
    cells = {(c.row, c.column): c for c in tables(document)[0].cells}
    assert cells[1, 1].doubt
    assert not cells[2, 1].doubt
    assert cells[2, 1].text == "345"


def test_the_same_glyph_drawn_twice_is_one() -> None:
    document = pdf(two().text(143.3, 134, "12").text(143, 134.2, "12"))
    assert rows(tables(document)[0]) == TWO
    assert not doubts(document)


def test_a_number_glyph_by_glyph_is_one() -> None:
    page = (
        Page().table(60, 100, [["甲", ""], ["乙", "3"]]).text(143, 114, "1,119.5", glyphwise=True)
    )
    assert rows(tables(pdf(page))[0])[0] == ["甲", "1,119.5"]


def test_two_numbers_in_a_cell_are_not_glued() -> None:
    page = Page().table(60, 100, [["甲", ""], ["乙", "3"]], height=40)
    document = pdf(page.text(143, 114, "12").text(143, 128, "34"))
    assert cell(document, "12 34").doubt
    noted = Page().table(60, 100, [["甲", ""], ["乙", "3[1]"]], height=40)
    document = pdf(noted.text(143, 114, "12").text(143, 128, "34[1]"))
    assert cell(document, "12 34[1]").doubt
    assert not cell(document, "3[1]").doubt
    document = pdf(Page().table(60, 100, [["甲", ""]]).text(143, 114, "12").text(180, 114, "34"))
    assert cell(document, "12 34").doubt


def test_a_number_too_wide_for_its_cell_goes_on_below() -> None:
    page = Page().table(60, 100, [["甲", "", "7"], ["乙", "3", "0"]], [60, 26, 26], 40)
    document = pdf(page.text(123, 114, "1234").text(123, 128, "5"))
    assert cell(document, "12345").doubt == ""
    missing = Page().table(60, 100, [["甲", "", ""], ["乙", "3", "0"]], [60, 26, 26], 40)
    missing.text(123, 114, "1234").text(123, 128, "5678").text(149, 114, "0").text(149, 128, "1")
    assert set(doubts(pdf(missing))) == {"1234 5678", "0 1"}


def test_all_numbers_of_a_row_may_be_too_wide() -> None:
    page = Page().table(60, 100, [["甲", "", "", ""], ["乙", "3", "0", "1"]], [60, 26, 26, 26], 40)
    for x, words in ((123, "1234"), (149, "5678"), (175, "9012")):
        page.text(x, 114, words).text(x, 128, words[0])
    assert rows(tables(pdf(page))[0])[0] == ["甲", "12341", "56785", "90129"]


def test_figures_set_wide_are_one_number() -> None:
    page = Page().table(60, 100, [["甲", "", "7"]], [60, 80, 40])
    page.raw("3.5 Tc").text(123, 114, "4567").raw("0 Tc")
    document = pdf(page)
    assert rows(tables(document)[0]) == [["甲", "4567", "7"]]
    assert not doubts(document)


def torn(upper: str, lower: str, label: str = "", width: float = 26) -> Document:
    """A row of which a page break cuts off the end."""
    first = Page().table(60, 760, [["项目", "", "数"], ["乙", "", "5"]], [60, width, 26], 30)
    first.text(123, 804, upper)
    below = Page().table(60, 60, [[label, "", ""], ["丙", "8", "9"]], [60, width, 26], 30)
    return pdf(first, below.text(123, 74, lower))


def test_words_of_a_head_torn_by_a_page_break_are_whole_again() -> None:
    def parted(*top: str) -> list[list[str]]:
        upper = Page().table(60, 760, [["甲", "乙丙", "丁戊"]], [60, 60, 60])
        lower = Page().table(60, 60, [list(top), ["庚", "1", "2"]], [60, 60, 60])
        return rows(tables(pdf(upper, lower))[0])

    assert parted("", "己", "") == [["甲", "乙丙己", "丁戊"], ["庚", "1", "2"]]
    assert parted("", "1", "")[1] == ["", "1", ""]
    assert parted("辛", "己", "丁")[1] == ["辛", "己", "丁"]


def test_a_number_torn_by_a_page_break_is_whole_again_or_doubted() -> None:
    document = torn("1234", "56")
    assert rows(tables(document)[0])[1:] == [["乙", "123456", "5"], ["丙", "8", "9"]]
    assert not doubts(document)
    assert list(doubts(torn("12", "34"))) == ["1234"]  # there was room for a third figure
    assert rows(tables(torn("1234", "56", "甲"))[0])[2] == ["甲", "56", ""]
    assert rows(tables(torn("", "56"))[0])[2] == ["", "56", ""]


def test_a_line_of_figures_at_the_end_of_a_page_is_no_page_number() -> None:
    first = Page().text(60, 740, "合计 12 34 56").text(100, 800, "7").text(160, 800, "8")
    assert texts(pdf(first, Page().text(60, 60, "后文")))[1] == "7 8"


UNRULED = [
    ("一、收到的", "数量", "12", "3", "1589"),
    ("（一）不公", "开", "0", "1234", "7"),
    ("（二）其他", "", "5", "0", "0"),
    ("（三）还有更长的", "一行", "0", "12", ""),
]


def unruled() -> Page:
    """A table without rules: labels over two lines, numbers between them."""
    page = Page()
    for i, (above, below, *numbers) in enumerate(UNRULED):
        y = 100 + 40 * i
        page.text(60, y, above).text(60, y + 13, below)
        for k, number in enumerate(numbers):
            page.text(180 + 60 * k, y + 6.5 * bool(below), number)
    return page


def test_rows_of_a_table_without_rules_are_lines() -> None:
    assert texts(pdf(unruled()))[:3] == [
        "一、收到的数量\t12\t3\t1589", "（一）不公开\t0\t1234\t7", "（二）其他\t5\t0\t0",
    ]  # fmt: skip


def test_a_label_without_rules_may_be_written_in_many_texts() -> None:
    page, y = unruled(), 260
    page.text(60, y, "2.").text(70, y, "申请").text(90, y, "按收费通知要求")
    page.text(20, y + 6.5, "（四）").text(60, y + 13, "办理其政府a")
    for k in range(3):
        page.text(180 + 60 * k, y + 6.5, str(7 + k))
    assert "2.申请按收费通知要求办理其政府a\t7\t8\t9" in texts(pdf(page))


@pytest.mark.parametrize(
    ("label", "parted"),
    [("（七）总计", True), ("", True), ("四、结转下年度继续办理", True), ("其中：", False),
     ("（一）全年公开信息，其中", False)],
)  # fmt: skip
def test_a_last_row_on_another_page_is_parted(label: str, parted: bool) -> None:
    page = Page().text(60, 60, "别的话")
    if label:
        page.text(60, 100, label)
    for k, number in enumerate(("33829", "16531", "8", "96527")):
        page.text(250 + 25 * k, 100, number)
    (row,) = [text for text in texts(pdf(page)) if "16531" in text]
    numbers = "33829\t16531\t8\t96527"
    assert (row == "\t".join([label, numbers] if label else [numbers])) == parted


def test_a_number_without_rules_goes_on_below_only_where_it_had_no_room() -> None:
    below = 113
    full = unruled().text(300, below, "6")  # below 1589, the widest of the table
    assert texts(pdf(full))[0].split("\t")[1:] == ["12", "3", "15896"]
    short = unruled().text(240, below, "6")  # below 3, which could have been longer
    assert "36" not in "".join(texts(pdf(short)))


def test_watermarks() -> None:
    page = Page().table(60, 100, GRID, WIDTHS)
    page.text(80, 230, "内部资料2024", 40, colour=(0.8, 0.8, 0.8), angle=35)
    page.text(60, 190, "内部资料2024", 60, colour=(0.85, 0.85, 0.85))
    page.text(60, 150, "12345", 9, state="/Thin gs")
    page.text(60, 180, "99999", 10, colour=(1, 1, 1))
    document = pdf(page)
    assert placed(tables(document)[0]) == CELLS
    assert cell(document, "4567").doubt in ("", "something in the cell is hidden or painted over")


def test_white_on_dark_is_read_and_white_on_white_is_not() -> None:
    page = Page().fill(60, 100, 160, 20, "0 0 0.5").table(60, 100, [["", ""], ["甲", "1"]])
    page.text(63, 114, "白字", colour=(1, 1, 1)).text(63, 300, "隐" * 20, colour=(1, 1, 1))
    page.text(63, 320, "正文")
    document = pdf(page)
    assert rows(tables(document)[0])[0] == ["白字", ""]
    assert texts(document)[-1:] == ["正文"]
    assert kinds(document) == ["hidden-content"]


# --- over pages ------------------------------------------------------------------------------

LONG = [
    ["项目", "甲", "乙"],
    *([f"第{'一二三四五六七八九十'[i]}行", str(i), str(i * 11)] for i in range(10)),
]


def broken(head: bool, number: str = "— {} —", shift: float = 0) -> list[Page]:
    first = Page().text(60, 60, "正文").table(60, 700, LONG[:4], without=("bottom",))
    rest = [LONG[0], *LONG[4:]] if head else LONG[4:]
    second = Page().table(60 + shift, 60, rest).text(60, 400, "后文")
    for n, page in enumerate((first, second), 3):
        page.text(280, 810, number.format(n)).text(60, 30, "某某年报")
    return [first, second]


@pytest.mark.parametrize("head", [False, True])
@pytest.mark.parametrize("number", ["— {} —", "- {} -", "{}", "第{}页", "{}/9", "·{}·"])
def test_a_table_over_a_page_break_is_one(head: bool, number: str) -> None:
    document = pdf(*broken(head, number))
    assert texts(document) == ["正文", "后文"]
    (table,) = tables(document)
    assert rows(table) == LONG
    assert [c.page for c in table.cells if c.column == 0] == [1] * 4 + [2] * 7


def test_other_columns_or_text_between_make_another_table() -> None:
    assert len(tables(pdf(*broken(True, shift=8)))) == 1
    first, second = broken(False)
    assert len(tables(pdf(first.text(60, 795, "以下续表说明文字"), second))) == 2
    first = Page().table(60, 700, LONG[:4])
    second = Page().table(60, 60, LONG[4:], [80, 60, 100])
    assert len(tables(pdf(first, second))) == 2


def test_a_coarser_part_keeps_its_columns() -> None:
    first = Page().table(60, 740, LONG[:2])
    second = Page().table(60, 60, [["说明", "无", LEFT], ["合计", "9", LEFT]])
    (table,) = tables(pdf(first, second))
    assert {(c.column, c.column_span) for c in table.cells if c.row == 3} == {(0, 1), (1, 2)}


def test_a_page_number_in_a_cell_is_not_its_number() -> None:
    pages = []
    for n in range(1, 5):
        page = Page().text(295, 815, str(n), 9, font="F2").text(60, 100, f"第{n}页的正文")
        if n == 3:
            page.table(60, 790, [["甲", "5", "", "", "6"]], [80, 80, 80, 80, 80], 40)
        pages.append(page)
    document = pdf(*pages)
    (table,) = tables(document)
    assert rows(table) == [["甲", "5", "", "", "6"]]
    assert [c.column for c in table.cells if c.doubt] == [2]
    assert not [t for t in texts(document) if "页的正文" not in t]


def test_figures_of_a_table_are_no_page_numbers() -> None:
    pages = [
        Page().table(60, 760, [["甲", str(n), str(n + 1)], ["乙", "0", str(n)]])
        for n in range(1, 4)
    ]
    found = [text for t in tables(pdf(*pages)) for row in rows(t) for text in row]
    assert found == ["甲", "1", "2", "乙", "0", "1", "甲", "2", "3", "乙", "0", "2",
                     "甲", "3", "4", "乙", "0", "3"]  # fmt: skip


# --- text ------------------------------------------------------------------------------------

LINE = "这是一行把版心排满的正文用来检验换行之后能否接成一段共有三十四个字符不多不少吧"


def test_wrapped_lines_are_one_paragraph_also_over_a_page() -> None:
    first = Page().text(220, 60, "标题", 16)
    first.text(80, 100, LINE[:-2]).text(60, 118, LINE).text(60, 136, "完了。")
    first.text(80, 154, "一、短标题").text(80, 172, LINE[:-2]).text(250, 815, "1")
    second = Page().text(60, 60, "接上页。").text(80, 78, "新的一段").text(250, 815, "2")
    document = pdf(first, second)
    assert texts(document) == [
        "标题", LINE[:-2] + LINE + "完了。", "一、短标题", LINE[:-2] + "接上页。", "新的一段",
    ]  # fmt: skip
    paragraph = document.blocks[1].location
    assert (paragraph.page, paragraph.line) == (1, 2)
    assert paragraph.box is not None
    assert paragraph.box[0] == 60


def test_a_short_last_sentence_is_not_joined_with_the_signature() -> None:
    page = Page().text(60, 80, "本年度没有其他需要说明的任何事项。").text(60, 96, "示例市示例局")
    assert texts(pdf(page)) == ["本年度没有其他需要说明的任何事项。", "示例市示例局"]


def test_words_keep_their_blanks_and_numbers_do_not_get_any() -> None:
    page = Page().text(60, 100, "Annual Report 2023").text(60, 120, "共收到12 34件", glyphwise=True)
    page.text(60, 140, "2023").text(84, 140, "年1").text(99, 140, "月")
    assert texts(pdf(page)) == ["Annual Report 2023", "共收到12 34件", "2023年1月"]


def test_radicals_and_pairs_are_characters() -> None:
    page = Page().text(60, 100, "⽤户⼈数⺠").text(60, 120, "１２㎡")
    assert texts(pdf(page)) == ["用户人数民", "１２㎡"]


def test_metadata() -> None:
    title, author = (
        "\ufeff年度报告".encode("utf-16-be"),
        "\ufeffA\x9b31m \u202eB".encode("utf-16-be"),
    )
    info = f"/Title<{title.hex()}>/Author<{author.hex()}>/CreationDate(D:20240226144123+08'00')"
    document = pdf(Page().text(60, 60, "正文"), info=info)
    assert document.metadata == {
        "title": "年度报告", "author": "A B", "created": "2024-02-26T14:41:23",
    }  # fmt: skip
    assert not pdf(Page().text(60, 60, "正文"), info="/CreationDate(yesterday)").metadata


def test_form_fields_and_notes_are_printed() -> None:
    note = (
        "/Annots[<</Type/Annot/Subtype/FreeText/Rect[143 716 200 736]/DA(/Helv 10 Tf 0 g)"
        "/Contents(77)/F 4/AP<</N 13 0 R>>>>]"
    )
    page = Page(extra=note).table(60, 100, [["甲", ""], ["乙", "1"]])
    document = pdf(page)
    assert rows(tables(document)[0])[1] == ["乙", "1"]


# --- pages that cannot be read ---------------------------------------------------------------


def test_pictures_that_could_hold_a_table() -> None:
    page = Page().text(60, 60, "正文" * 20).image(60, 100, 400, 200).image(300, 600, 110, 110)
    (picture,) = [b for b in pdf(page).blocks if isinstance(b, Picture)]
    assert (picture.kind, picture.location.page, picture.location.box) == (
        "image", 1, (60, 100, 460, 300),
    )  # fmt: skip
    strips = Page().text(60, 60, "正文" * 20)
    for i in range(20):
        strips.image(60, 100 + 10 * i, 400, 10)
    (picture,) = [b for b in pdf(strips).blocks if isinstance(b, Picture)]
    assert picture.location.box == (60, 100, 460, 300)
    ground = Page().image(0, 0, 595, 842)
    for i in range(10):
        ground.text(60, 100 + 20 * i, "正文" * 5)
    assert not [b for b in pdf(ground).blocks if isinstance(b, Picture)]


@pytest.mark.parametrize(
    "scan",
    [
        Page().image(0, 0, 595, 842),
        Page().image(0, 0, 595, 842).text(60, 60, "识别的文字" * 9, mode=3),
        Page().text(60, 60, "识别的文字" * 9).image(0, 0, 595, 842),
        Page().text(60, 60, "没有映射的文字" * 9, font="F3"),
    ],
    ids=["bare", "hidden text", "text below", "no map"],
)
def test_scans(scan: Page) -> None:
    assert refused(write([scan])) == "unsupported"
    document = pdf(Page().text(60, 60, "正文"), scan)
    assert texts(document) == ["正文"]
    picture = document.blocks[-1]
    assert isinstance(picture, Picture)
    assert (picture.kind, picture.location.page) == ("scan", 2)
    assert "unreadable" in kinds(document)


def test_letters_drawn_as_curves_are_a_scan() -> None:
    page = Page()
    for i in range(400):
        page.raw(f"{60 + i} 500 m {62 + i} 502 {63 + i} 504 {64 + i} 500 c f")
    assert refused(write([page])) == "unsupported"


def test_an_empty_page_is_empty() -> None:
    assert refused(write([Page()])) == "empty"


ENCRYPTED = (
    "/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4"
    "/O<2055c756c72e1ad702608e8196acad447ad32d17cff583235f6dd15fed7dab67>"
    "/U<7150bd1da9d292af3627fca6a8dde1d696e25312041aed09059f9daee04353ae>>>"
    "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
)


def test_a_broken_file_after_an_encrypted_one_is_broken() -> None:
    lost = write([Page().text(60, 60, "正文")]).replace(b"/Pages 2 0 R", b"/Pagez 2 0 R")
    assert refused(write([Page().text(60, 60, "正文")], trailer=ENCRYPTED)) == "encrypted"
    assert refused(lost) == "broken"


def test_whole_document_faults() -> None:
    good = write([Page().text(60, 60, "正文" * 30)])
    assert refused(write([Page().text(60, 60, "正文")], trailer=ENCRYPTED)) == "encrypted"
    assert refused(b"%PDF-1.7 ...") == "broken"
    assert refused(b"%PDF-1.7\n" + bytes(2000)) == "broken"
    for share in (0.2, 0.5, 0.8, 0.97):
        assert refused(good[: int(len(good) * share)]) == "broken"
    assert refused(good + b"\n9 0 obj\n<</Type/Page") == "broken"
    linear = good.replace(
        b"%\xe2\xe3\xcf\xd3\n", b"%\xe2\n90 0 obj<</Linearized 1/L 999999>>endobj\n"
    )
    assert refused(linear) == "broken"


@pytest.mark.parametrize(
    "limits",
    [Limits(pages=1), Limits(glyphs=30), Limits(objects=10), Limits(seconds=-1), Limits(tables=1),
     Limits(grid=20), Limits(columns=2)],
)  # fmt: skip
def test_limits(limits: Limits) -> None:
    pages = [Page().table(60, 100, GRID, WIDTHS).table(60, 400, TWO) for _ in range(2)]
    assert refused(write(pages), limits) == "too-large"


def test_ten_thousand_tables_and_a_million_objects_are_refused() -> None:
    page = Page().raw("0.2 w")
    for i in range(6000):
        x, y = i % 100 * 5, i // 100 * 8
        page.raw(f"{x} {y} 2 2 re {x + 2} {y} 2 2 re S")
    page.text(60, 60, "正文", 1)
    assert refused(write([page])) == "too-large"
    many = Page().text(60, 60, "正文").raw("0 0 m 1 1 l S\n" * 200_001)
    assert refused(write([many])) == "too-large"


def drawing(*streams: bytes, contents: str = "4 0 R") -> bytes:
    """A page; each further stream is a form that the one before may draw as /F."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</XObject<</F 5 0 R>>>>"
        b"/Contents %s>>" % contents.encode(),
    ]
    for number, stream in enumerate(streams, 4):
        inner = f"/Resources<</XObject<</F {min(number + 1, len(streams) + 3)} 0 R>>>>"
        entries = f"/Subtype/Form/BBox[0 0 99 99]{inner}" if number > 4 else ""
        packed = zlib.compress(stream, 9)
        objects.append(
            b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
            % (entries.encode(), len(packed), packed)
        )
    return assembled(objects)


LINE_OF = b"0 0 m 9 9 l S "
BOMBS = {
    "forms of forms": drawing(*[b"/F Do " * 200] * 7, LINE_OF),
    "a form of itself": drawing(b"/F Do", b"/F Do /F Do"),
    "long blank": drawing(b" " * 300_000_000),
    "the same again": drawing(LINE_OF * 100_000, contents=f"[{'4 0 R ' * 3000}]"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_unfolds_without_end_is_refused(bomb: str) -> None:
    assert is_risky(BOMBS[bomb])
    assert refused(BOMBS[bomb], Limits(seconds=2)) in ("too-large", "empty")


def test_a_usual_file_needs_no_trial() -> None:
    assert not is_risky(write([Page().table(60, 100, GRID, WIDTHS)] * 30))
    assert is_risky(write([Page()], form=True))
    assert is_risky(write([Page()], info="/Subtype/#46orm"))


# --- anything --------------------------------------------------------------------------------

_SEEDS = [
    write([Page().table(60, 100, GRID, WIDTHS).text(60, 60, "正文").image(60, 400, 400, 200)]),
    write(broken(True), form=True),
]


@examples(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_bytes_crash_the_reader(data: st.DataObject) -> None:
    bad = bytearray(data.draw(st.sampled_from(_SEEDS)))
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(bad) - 1))
        piece = data.draw(st.binary(max_size=8))
        end = at + data.draw(st.integers(0, 8))
        bad[at:end] = piece
        if not bad:
            return
    try:
        document = read("a.pdf", data=bytes(bad))
    except DocumentError:
        return
    assert document.blocks


_STREAM = re.compile(rb"stream\n.*?endstream", re.DOTALL)
_PLAIN = write([Page().table(60, 100, GRID, WIDTHS).text(60, 60, "正文")])
_AROUND = [
    at
    for start, end in pairwise([0, *(x for m in _STREAM.finditer(_PLAIN) for x in m.span())])
    for at in range(start, end)
    if not _PLAIN[start:end].startswith(b"stream\n")
]


@examples(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damage_around_what_is_drawn_invents_no_number(data: st.DataObject) -> None:
    """Fonts, widths, boxes, turns, references: each may be lost, none gives another number."""
    bad = bytearray(_PLAIN)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.sampled_from(_AROUND))
        bad[at] = data.draw(st.sampled_from(b"0123456789 /<>[]RF-."))
    try:
        document = read("a.pdf", data=bytes(bad))
    except DocumentError:
        return
    found = {c.text for t in tables(document) for c in t.cells if not c.doubt}
    assert {text for text in found if text.strip().isdigit()} <= {text for text, *_ in CELLS}


def random_grid(random_: random.Random) -> tuple[list[list[str]], list[float]]:
    columns, lines = random_.randint(2, 8), random_.randint(2, 14)
    widths = [random_.choice([36, 48, 60, 75]) for _ in range(columns)]
    values = ["0", "1", "12", "345", "6789", "", "/", "1.5", "３"]
    grid = [[random_.choice(values) for _ in range(columns)] for _ in range(lines)]
    for row in grid:
        row[0] = random_.choice(["甲", "乙类", "丙"])
    for _ in range(random_.randint(0, 4)):
        i, j = random_.randrange(lines), random_.randrange(1, columns)
        grid[i][j] = LEFT
    return grid, widths


def expected(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[text for text in row if text != LEFT] for row in grid]


@pytest.mark.parametrize("seed", range(40))
def test_random_tables_are_read_cell_by_cell(seed: int) -> None:
    random_ = random.Random(seed)
    grid, widths = random_grid(random_)
    rotate, filled = random_.choice([0, 90, 180, 270]), random_.random() < 0.5
    page = Page(rotate=rotate).text(60, 60, "表前的正文")
    page.table(40, 90, grid, widths, random_.choice([16, 22, 30]), filled=filled)
    document = pdf(page, form=random_.random() < 0.3)
    assert [row for row in rows(tables(document)[0]) if row] == expected(grid)
    assert not doubts(document)


# --- bound to a form -------------------------------------------------------------------------


def doubting(document: Document) -> Document:
    """The same with every second number in doubt."""
    count = 0
    blocks = []
    for block in document.blocks:
        if isinstance(block, Table):
            cells = list(block.cells)
            for place, one in enumerate(cells):
                if one.text.strip().isdigit():
                    count += 1
                    cells[place] = one._replace(doubt="smudged" if count % 2 else "")
            block = replace(block, cells=tuple(cells))  # noqa: PLW2901
        blocks.append(block)
    return replace(document, blocks=tuple(blocks))


def numbers(data: object, path: str = "") -> Iterator[tuple[str, int]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from numbers(value, f"{path}.{key}".strip("."))
    elif isinstance(data, int):
        yield path, data


def test_a_number_in_doubt_is_open(settings: Settings) -> None:
    document = read_document(Input(next(ROOT.glob("reports_in/*教育局2023*.html"))))
    sure, careful = (bind_document(d, settings) for d in (document, doubting(document)))
    assert isinstance(sure, Report)
    assert isinstance(careful, Report)
    before, after = dict(numbers(sure.data)), dict(numbers(careful.data))
    gone = before.keys() - after.keys()
    assert len(gone) > 80
    assert after.items() <= before.items()
    assert gone <= {seen.path for seen in careful.observations if seen.kind == "unreadable"}


def test_lines_made_of_pieces_of_sentences_are_unread() -> None:
    """Columns too narrow to be told apart: no word of such a page is judged."""
    from auditor.model import Location, Text
    from auditor.readers.pdf import _shredded

    def lines(*texts: str) -> list[Text]:
        return [Text(text, Location("x.pdf", page=2)) for text in texts]

    torn = lines(
        "条和《国务院办公 信息情况、收到和 日止。对内容有疑 （一）主动公开。",
        "公开办公室关于印 申请情况、存 临江路120号；电",
        "的工作 况、主动公 开，今年1月 日起至12月",
    )
    whole = lines(
        "一、总体情况 本年，各项工作按时完成。",
        "地址：示例市临江路 邮编：123456 电话：0399",
        "结果维持 结果纠正 其他结果 尚未审结 总计",
        "（一）主动公开。全年公开信息 48 条，其中许可 5 条，处罚 3 条，均已在网站公布。",
    )
    assert [(o.kind, o.location.page) for o in _shredded(torn, "x.pdf")] == [("cut-off", 2)]
    assert not list(_shredded([*whole, *torn[:2]], "x.pdf"))
