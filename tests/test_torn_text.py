"""Text: figures that lost a piece on the way are open, never read short."""

from __future__ import annotations

import re

from auditor.binding.passages import passages_of, wrap_width
from auditor.model import Document, Location, Text
from auditor.pipeline import Settings
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
