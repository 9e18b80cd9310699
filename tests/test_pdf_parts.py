"""PDF: pages beside each other on one sheet, and columns, are read one after the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from auditor.model import Document, Table, Text
from auditor.pipeline import Settings
from auditor.readers import read
from tests.page_variants import page
from tests.pdf_writer import Page, write
from tests.printed import Paper, apart, printed, together
from tests.round_trip import compared, drawn
from tests.test_variants import accused, at, bound, hold

PROSE = (
    "全年主动公开各类信息一百二十条，其中政策文件八条；",
    "公众查询更加便捷。",
    "各科室按月报送，逐条核对。",
)


def sheets(across: int, down: int, *size: float) -> Callable[[bytes], bytes]:
    return lambda pdf: together(pdf, across, down, *size)


SHEETS = {
    "two": (Paper, sheets(2, 1)),
    "two on a larger sheet": (Paper, sheets(2, 1, 1191, 842)),
    "four": (Paper, sheets(2, 2)),
    "four on a sheet that stands": (Paper, sheets(2, 2, 595, 842)),
    "one above the other": (Paper, sheets(1, 2, 595, 842)),
    "two columns": (lambda: Paper(columns=2, table=3), bytes),
    "three columns on a lying sheet": (lambda: Paper(columns=3, width=1191, table=3), bytes),
    "a lying page": (lambda: Paper(width=842, height=595, table=8), bytes),
}


@pytest.mark.parametrize("name", SHEETS)
def test_whole_reports(name: str, settings: Settings) -> None:
    paper, make = SHEETS[name]
    for seed in (500, 510):
        of = drawn(seed, blanks=False)
        pdf = printed(of, paper())  # type: ignore[operator]
        hold(bound(make(pdf), ".pdf", settings), of, frozenset())


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Text)]


def lying() -> Page:
    return Page(842, 595)


def test_a_wide_table_without_rules_stays_whole() -> None:
    """Its columns have gaps, and its labels may hold commas, but its figures are no prose."""
    sheet = lying()
    for k in range(8):
        sheet.text(60, 80 + 20 * k, f"（{k}）部分公开，只计这一情形，不计其他情形", 10)
        for column in range(7):
            sheet.text(450 + 50 * column, 80 + 20 * k, f"{k}{column}", 10)
    document = read("a.pdf", data=write([sheet]))
    assert len(lines(document)) == 8
    assert all(line.split("\t")[-1] == f"{k}6" for k, line in enumerate(lines(document)))


def test_a_ruled_table_across_the_middle_stays_whole() -> None:
    """Prose in the cells of both halves, and rules that cross the middle."""
    grid = [[f"{k}{words}" for words in PROSE[:2]] for k in range(6)]
    document = read("a.pdf", data=write([lying().table(50, 50, grid, [370, 370])]))
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert [cell.text for cell in table.cells] == [words for row in grid for words in row]


def test_what_stands_across_columns_stays_between_them() -> None:
    sheet = Page().text(100, 60, "一段横贯全页的话，从左边一直写到右边的文字不可分开。", 14)
    for k in range(4):
        sheet.text(50, 100 + 16 * k, f"左上{k}栏写明本年公开的信息，共计若干。", 10)
        sheet.text(310, 100 + 16 * k, f"右上{k}栏写明本年公开的信息，共计若干。", 10)
        sheet.text(50, 250 + 16 * k, f"左下{k}栏写明本年公开的信息，共计若干。", 10)
        sheet.text(310, 250 + 16 * k, f"右下{k}栏写明本年公开的信息，共计若干。", 10)
    sheet.text(100, 200, "又一段横贯全页的话，从左边一直写到右边的文字不可分开。", 14)
    whole = "".join(lines(read("a.pdf", data=write([sheet]))))
    order = [whole.index(w) for w in ("一段", "左上0", "左上3", "右上0", "又一", "左下0", "右下3")]
    assert order == sorted(order)


def test_letters_that_pdfium_replaces_stand_in_their_place_on_a_smaller_page() -> None:
    """It tells radicals in a form object by their places in that."""
    sheet = Page().text(50, 80, "⼈⺠政府信息公开⼯作", 20, glyphwise=True)
    for k, words in enumerate(PROSE):
        sheet.text(50, 120 + 30 * k, words, 20)
    document = read("a.pdf", data=together(write([sheet]), 2, 1))
    assert lines(document)[0].replace(" ", "") == "人民政府信息公开工作"


@pytest.mark.parametrize("seed", [500, 510])
def test_a_sheet_wider_than_its_paper(seed: int, settings: Settings) -> None:
    of = drawn(seed, blanks=False)
    hold(bound(apart(of), ".pdf", settings), of, frozenset())


@pytest.mark.parametrize(("seed", "order"), [(500, (0,)), (510, (0,)), (500, (1, 0))])
def test_what_was_cut_off_is_unread(seed: int, order: tuple[int, ...], settings: Settings) -> None:
    """Only the left pages are there, or they come last, where nobody knows what goes on where."""
    of = drawn(seed, blanks=False)
    report = bound(apart(of, order=order), ".pdf", settings)
    wrong, opened, _ = compared(report, of)
    assert not wrong
    assert opened
    assert not accused(report)
    assert at(report.data, "overview.text") is None


def test_rows_of_the_same_heights_below_each_other(settings: Settings) -> None:
    """A table that goes on over pages, each row counted: its rows begin with figures, too."""
    pages = [
        Page().table(50, 50, [[str(k + n), f"第{k + n}项", "3"] for k in range(20)], [40, 200, 80])
        for n in (1, 21)
    ]
    (table,) = (b for b in read("a.pdf", data=write(pages)).blocks if isinstance(b, Table))
    assert table.rows == 40
    assert not any(cell.doubt for cell in table.cells)


@pytest.mark.parametrize("piece", ["文件", "行政规范", "性"])
def test_a_label_that_had_no_room_is_no_missing_row(piece: str, settings: Settings) -> None:
    of = drawn(500)
    made = page(of).replace("行政规范性文件</td>", f"{piece}</td>").replace("规章</td>", "规</td>")
    report = bound(made.encode(), ".html", settings)
    assert not accused(report) & {"row-missing"}
    assert not compared(report, of)[0]


def narrow(*pages: tuple[str, ...]) -> list[str]:
    """Pages of one narrow column that ends near the foot of each."""
    made = []
    for several in pages:
        sheet = Page(595, 842)
        for up, line in enumerate(reversed(several)):
            sheet.text(50, 800 - 15 * up, line, 10)
        made.append(sheet)
    return lines(read("x.pdf", data=write(made)))


def test_a_lone_number_at_the_foot_of_a_narrow_column_is_text() -> None:
    full = ("今年公开信息",) * 9
    found = narrow((*full, "文号是〔二〕", "30"), ("号，全年公开", *full))
    assert "文号是〔二〕30号，全年公开" in "".join(found)
    assert "1" not in "".join(narrow((*full, "1"), (*full, "2")))  # numbers of the pages


def test_a_page_with_a_few_lines_of_a_narrow_column() -> None:
    full = ("今年公开信息",) * 9
    found = narrow((*full, "今年没有。"), ("三、收到处理", "申请情况"))
    assert "三、收到处理申请情况" in found
