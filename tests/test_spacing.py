"""Blanks between all letters of a line are none; blanks between figures may part numbers."""

from __future__ import annotations

import pytest

from auditor.binding.spacing import closed
from auditor.pipeline import Settings
from tests import heading_variants
from tests.page_variants import page, paragraph
from tests.round_trip import drawn
from tests.test_variants import bound, hold

BLANKS = (" ", "  ", "\u3000", "\u00a0")


def spaced(words: str, blank: str = " ") -> str:
    return blank.join(words)


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize(
    "words",
    [
        "一、总体情况",
        "全年共收到申请3012件，办结2991件。",
        "示例市示例局2023年度报告",
        "（一）主动公开。全年公开信息1039条，其中许可80条",
    ],
)
def test_lines_that_are_closed(words: str, blank: str) -> None:
    assert closed(spaced(words, blank)) == words


@pytest.mark.parametrize(
    "line",
    [
        "规章 0 3 5",
        "全年公开 信息 12 条",
        "a b c",
        "1 2 3 4 5 6 7",
        "规\t章\t0\t0\t1\t2",
        "收到3 012件",
    ],
)
def test_lines_that_stay(line: str) -> None:
    assert closed(line) == line


def test_figures_of_a_row_stay_apart() -> None:
    """Each may be a cell of its own."""
    assert closed("行 政 许 可 1 2 0 3 4").endswith("1 2 0 3 4")
    assert closed("（ 二 ） 部 分 公 开 ， 只 计 这 一 情 形 1 2 0").endswith("1 2 0")
    assert (
        closed(spaced("全年共收到申请1") + "  " + spaced("2件，办结。"))
        == "全年共收到申请1  2件，办结。"
    )


@pytest.mark.parametrize("blank", BLANKS)
def test_whole_pages(blank: str, settings: Settings) -> None:
    of = drawn(500)

    def wide(text: str) -> str:
        return paragraph(spaced(text, blank))

    made = page(of, p=wide, h=lambda _, text: wide(text), title=lambda t: f"<h1>{wide(t)}</h1>")
    hold(bound(made.encode(), ".html", settings), of, frozenset())


def test_whole_texts(settings: Settings) -> None:
    of = drawn(500, blanks=False)
    lines = heading_variants.text(of, heading_variants.USUAL).split("\n")
    text = "\n".join(line if "\t" in line else spaced(line) for line in lines)
    hold(bound(text.encode(), ".txt", settings), of, frozenset())
