"""Text: figures that lost a piece on the way are open, never read short."""

from __future__ import annotations

import re

import pytest

from auditor.binding.passages import passages_of, wrap_width
from auditor.model import Document, Location, Text
from auditor.pipeline import Settings
from auditor.readers import read
from tests.heading_variants import USUAL, text
from tests.round_trip import compared, drawn
from tests.test_variants import bound

OF = drawn(510, blanks=False)


def test_a_full_width_comma_may_part_thousands(settings: Settings) -> None:
    def parted(match: re.Match[str]) -> str:
        return f"{match[1]}，{match[2]}"

    lines = text(OF, USUAL).split("\n")
    made = [re.sub(r"(\d{1,3})(\d{3})(?!\d)", parted, x) if "\t" in x else x for x in lines]
    wrong, opened, _ = compared(bound("\n".join(made).encode(), ".txt", settings), OF)
    assert not wrong
    assert opened


def test_pieces_of_figures_below_a_row(settings: Settings) -> None:
    """A page break went through two figures of a row; for what is left of it its sum holds."""
    lines = text(OF, USUAL).replace("\t", " ").split("\n")
    at = next(i for i, line in enumerate(lines) if line.count("56806") == 2)
    lines[at : at + 1] = [lines[at].replace("56806", "568"), "办理结果", "06 06"]
    wrong, opened, _ = compared(bound("\n".join(lines).encode(), ".txt", settings), OF)
    assert not wrong
    assert "applications.granted.total" in opened


def width(*lines: str) -> int:
    blocks = tuple(Text(line, Location("x", line=n)) for n, line in enumerate(lines, 1))
    return wrap_width(passages_of(Document("x", "text", blocks)))


def test_a_few_widest_lines_that_end_no_sentence_are_broken() -> None:
    full = "本报告由总体情况、主动公开情况、收到和处理申请情况、存在的主要问题、其他事项组成和"
    assert width(full, full, "等等。", "规章 0 0 0") > 0
    assert width(f"{full}。", f"{full}。", "等等。") == 0
    assert width(full, "等等。") == 0


def test_pieces_that_the_next_row_could_take(settings: Settings) -> None:
    """One figure a line: the pieces stand before the figures of a row that has too many then."""
    lines = text(OF, USUAL).split("\n")
    at = next(i for i, line in enumerate(lines) if line.count("56806") == 2)
    lines[at : at + 1] = [lines[at].replace("56806", "568"), "办理结果\n06\n06"]
    lines[at + 2] = "\n".join(re.findall(r"\d+", lines[at + 2])[-7:])
    made = "\n".join(line.replace("\t", "\n") for line in lines)
    wrong, *_ = compared(bound(made.encode(), ".txt", settings), OF)
    assert not wrong


def test_rows_of_tables_say_nothing_of_how_wide_lines_are() -> None:
    full = (
        "报告由总体情况、主动公开情况、收到和处理申请情况、行政复议和行政诉讼情况、存在的主要问题等"
    )
    row = f"{'、'.join(['申请'] * 18)}    0    0    12    0"
    broken = (f"{full}存在", f"{full}疑问", f"{full}。", "等等，不一。")
    assert width(*broken) == width(*broken, row) == width(*broken, row, row) > 0
    assert width(f"{full}存在", f"{full}了。", f"{full}。", "等等，不一。") == 0


def test_a_label_that_goes_on_behind_the_figures_of_the_row_before(settings: Settings) -> None:
    """The first line of a label stands above the figures of the row before, as where a label of
    a group is on that line, too; behind them follows the rest of it with its own figures."""
    of = drawn(500, blanks=False)
    lines = text(of, USUAL).replace("\t", "  ").split("\n")
    at = next(i for i, line in enumerate(lines) if "逾期未按收费通知要求" in line)
    figures = [re.findall(r"\d+", line)[-7:] for line in lines[at - 1 : at + 1]]
    lines[at - 1 : at + 1] = [
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府",
        "信息公开申请",
        "（六）其他 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处",
        " ".join(figures[0]),
        "处理    理其政府信息公开申请  " + " ".join(figures[1]),
    ]
    wrong, opened, _ = compared(bound("\n".join(lines).encode(), ".txt", settings), of)
    assert not wrong
    assert opened


@pytest.mark.parametrize("sign", [";", ","])
def test_a_line_without_end_is_no_row_of_values(sign: str) -> None:
    row = sign.join(("甲", *"123456789")) + "\n"
    long = sign.join(('"乙"' + "丙" * 200_000, *"123456789")) + "\n"
    assert read("a.txt", data=(row * 20 + long + row).encode()).blocks
