"""PDF: a number that the page's edge or a clip cuts off is open, never read short."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from auditor.model import Cell, Document, Table, Text
from auditor.readers import read
from tests.pdf_writer import Page, span, write
from tests.test_pdf import random_grid

NAMES, WIDTHS = ["项目", "甲", "总计"], [80, 60, 60]
RIGHT = 60 + sum(WIDTHS)


def cells(page: Page, form: bool = False) -> list[Cell]:
    document: Document = read("a.pdf", data=write([page], form=form))
    return [c for b in document.blocks if isinstance(b, Table) for c in b.cells]


def doubts(page: Page) -> dict[str, str]:
    return {c.text: c.doubt for c in cells(page) if c.doubt}


def shown(words: str, x: float, size: float, edge: float) -> str:
    """What some programs write: without the characters that lie wholly outside of a clip."""
    kept = ""
    for c in words:
        if x + span(kept, size) < edge:
            kept += c
    return kept


def cut_at(edge: float, last: str = "847146", dropped: bool = True, **more: object) -> Page:
    """A table whose last column reaches over the edge of what is printed."""
    page = Page(**more).clip(0, 0, edge, 800)  # type: ignore[arg-type]
    page.table(60, 100, [NAMES, ["收到", "12", ""], ["办结", "3", ""]], WIDTHS)
    x = RIGHT - WIDTHS[-1] + 3
    page.text(x, 134, shown(last, x, 10, edge) if dropped else last)
    return page.text(x, 154, "5")


@pytest.mark.parametrize("dropped", [True, False])
@pytest.mark.parametrize("edge", [214, 216.5, 219, 223, 228])
def test_a_number_cut_by_a_clip_is_doubted(edge: float, dropped: bool) -> None:
    page = cut_at(edge, dropped=dropped)
    assert {c.text for c in cells(page) if not c.doubt} >= {"12", "3"}
    assert not {c.text for c in cells(page) if not c.doubt} & {"8", "84", "847", "8471", "84714"}


def test_a_number_that_ends_before_the_edge_is_whole() -> None:
    page = cut_at(255, last="84")
    assert not doubts(page)
    assert {"12", "3", "84", "5"} <= {c.text for c in cells(page)}


def test_an_empty_cell_that_goes_on_beyond_the_edge_may_hold_a_number() -> None:
    page = Page().clip(0, 0, 245, 800).table(60, 100, [NAMES, ["收到", "12", ""]], WIDTHS)
    page.text(250, 134, "7")
    assert "" in doubts(page)


@pytest.mark.parametrize("width", [245, 215, 206])
def test_the_edge_of_the_page_cuts_as_a_clip_does(width: float) -> None:
    page = Page(width=width).table(60, 100, [NAMES, ["收到", "12", "847146"]], WIDTHS)
    read_ = {c.text for c in cells(page) if not c.doubt and any(map(str.isdigit, c.text))}
    assert read_ <= {"12", "847146"}
    if width < 234:
        assert read_ == {"12"}


@pytest.mark.parametrize("edge", [112, 114, 117])
def test_a_number_in_running_text_that_the_edge_cuts_is_not_read(edge: float) -> None:
    page = Page(width=edge).text(60, 100, "收到申请").text(100, 100, "847146")
    document = read("a.pdf", data=write([page]))
    words = "".join(b.text for b in document.blocks if isinstance(b, Text))
    assert words.startswith("收到申请")
    assert not any(map(str.isdigit, words))


def test_a_clip_inside_a_cell() -> None:
    """A box with hidden overflow, which cuts through a figure."""
    for left, wide in ((140, 21), (143, 22), (140, 14.9), (143, 17)):
        page = Page().table(60, 100, [["项目", "甲"], ["收到", ""], ["办结", "3"]], [80, wide + 6])
        page.raw("q").clip(left, 115, wide, 20).text(
            143, 134, shown("847146", 143, 10, left + wide)
        )
        page.raw("Q")
        assert [text for text in doubts(page) if text.startswith("84")], (left, wide)


def test_numbers_that_are_aligned_in_a_clip_are_whole() -> None:
    """Some programs clip every line of a cell to the room inside the cell's padding."""
    page = Page().table(60, 100, [["项目", "甲"], ["收到", ""], ["办结", ""]], [80, 60])
    page.raw("q").clip(145, 120, 50, 20).text(179.5, 134, "847").raw("Q")
    page.raw("q").clip(145, 140, 50, 20).text(145, 154, "12").raw("Q")
    assert not doubts(page)
    assert {"847", "12"} <= {c.text for c in cells(page)}


def test_a_cell_that_fills_the_page_keeps_its_column() -> None:
    """A page in the middle of a merged cell has no rule across in that cell's column."""
    page = Page()
    for x in (60, 120, 200, 260):
        page.line(x, 100, x, 160)
    for y in (100, 120, 140, 160):
        page.line(120, y, 260, y)
    for i, row in enumerate((["甲", "1"], ["乙", "2"], ["丙", "3"])):
        page.text(123, 114 + 20 * i, row[0]).text(203, 114 + 20 * i, row[1])
    assert max(c.column for c in cells(page)) == 2


@examples(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), share=st.floats(0.3, 0.99), dropped=st.booleans())
def test_wherever_a_table_is_cut_no_number_is_read_short(
    seed: int, share: float, dropped: bool
) -> None:
    random_ = random.Random(seed)
    grid, widths = random_grid(random_)
    grid = [[("" if c == "<" else c) or c.replace("<", "") for c in row] for row in grid]
    edge = 40 + share * sum(widths)
    page = Page().clip(0, 0, edge, 800)
    page.table(40, 90, [["" for _ in row] for row in grid], widths)
    size = random_.choice([8, 9, 10])
    for i, row in enumerate(grid):
        for j, words in enumerate(row):
            x = 40 + sum(widths[:j]) + 3 + random_.choice([0, 0, 8])
            text = shown(words, x, size, edge) if dropped else words
            if text:
                page.text(x, 104 + 20 * i, text, size)
    true = {text for row in grid for text in row}
    for cell in cells(page, form=random_.random() < 0.3):
        if not cell.doubt and any(map(str.isdigit, cell.text)):
            assert cell.text in true
            left = 40 + sum(widths[: cell.column])
            assert grid[cell.row][cell.column] == cell.text, (left, edge)
