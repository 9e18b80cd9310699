"""PDF: pages beside each other on one sheet, and columns, are read one after the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from auditor.model import Document, Table, Text
from auditor.pipeline import Settings
from auditor.readers import read
from tests.pdf_writer import Page, write
from tests.printed import Paper, printed, together
from tests.round_trip import drawn
from tests.test_variants import bound, hold

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
    page = lying()
    for k in range(8):
        page.text(60, 80 + 20 * k, f"（{k}）部分公开，只计这一情形，不计其他情形", 10)
        for column in range(7):
            page.text(450 + 50 * column, 80 + 20 * k, f"{k}{column}", 10)
    document = read("a.pdf", data=write([page]))
    assert len(lines(document)) == 8
    assert all(line.split("\t")[-1] == f"{k}6" for k, line in enumerate(lines(document)))


def test_a_ruled_table_across_the_middle_stays_whole() -> None:
    """Prose in the cells of both halves, and rules that cross the middle."""
    grid = [[f"{k}{words}" for words in PROSE[:2]] for k in range(6)]
    document = read("a.pdf", data=write([lying().table(50, 50, grid, [370, 370])]))
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert [cell.text for cell in table.cells] == [words for row in grid for words in row]


def test_what_stands_across_columns_stays_between_them() -> None:
    page = Page().text(100, 60, "一段横贯全页的话，从左边一直写到右边的文字不可分开。", 14)
    for k in range(4):
        page.text(50, 100 + 16 * k, f"左上{k}栏写明本年公开的信息，共计若干。", 10)
        page.text(310, 100 + 16 * k, f"右上{k}栏写明本年公开的信息，共计若干。", 10)
        page.text(50, 250 + 16 * k, f"左下{k}栏写明本年公开的信息，共计若干。", 10)
        page.text(310, 250 + 16 * k, f"右下{k}栏写明本年公开的信息，共计若干。", 10)
    page.text(100, 200, "又一段横贯全页的话，从左边一直写到右边的文字不可分开。", 14)
    whole = "".join(lines(read("a.pdf", data=write([page]))))
    order = [whole.index(w) for w in ("一段", "左上0", "左上3", "右上0", "又一", "左下0", "右下3")]
    assert order == sorted(order)


def test_letters_that_pdfium_replaces_stand_in_their_place_on_a_smaller_page() -> None:
    """It tells radicals in a form object by their places in that."""
    page = Page().text(50, 80, "⼈⺠政府信息公开⼯作", 20, glyphwise=True)
    for k, words in enumerate(PROSE):
        page.text(50, 120 + 30 * k, words, 20)
    document = read("a.pdf", data=together(write([page]), 2, 1))
    assert lines(document)[0].replace(" ", "") == "人民政府信息公开工作"
