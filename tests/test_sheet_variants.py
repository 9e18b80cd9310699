"""Workbooks in which parts stand side by side, or figures are shown otherwise than they are held."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest
import xlsxwriter

from auditor.model import Table
from auditor.pipeline import Settings
from auditor.readers import read
from auditor.readers._sheet_formats import looks
from tests.round_trip import compared, drawn
from tests.sheet_variants import BESIDE, as_page, formatted, last_year
from tests.test_variants import accused, bound, hold


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("seed", [500, 503])
def test_what_stands_side_by_side_is_parted(name: str, seed: int, settings: Settings) -> None:
    sample = drawn(seed)
    report = bound(BESIDE[name](sample), ".xlsx", settings)
    hold(report, sample, frozenset())


@pytest.mark.parametrize("first", [True, False])
def test_beside_another_years_tables_nothing_is_read_wrong(first: bool, settings: Settings) -> None:
    sample = drawn(500)
    report = bound(last_year(sample, drawn(501, form=sample.form), first=first), ".xlsx", settings)
    wrong, _, _ = compared(report, sample)
    assert not wrong
    assert not accused(report)


def test_a_blank_column_within_a_table_parts_nothing(tmp_path: object) -> None:
    path = f"{tmp_path}/x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((("项目", "", "甲", "", "乙"), ("收到", "", 1, "", 2),
                                  ("办结", "", 3, "", 4), ("结转", "", 5, "", 6))):  # fmt: skip
            sheet.write_row(at, 0, row)
    blocks = read(path).blocks
    assert len(blocks) == 1
    assert isinstance(blocks[0], Table)
    assert {c.text for c in blocks[0].cells if c.row == 1} == {"收到", "1", "2", ""} - {""}


AS_HELD = ("0;-0;;@", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "General;General;", '0"件"',
           '"￥"#,##0.00', "0_);(0)", "[DBNum1][$-804]General", "@", "000", "# ?/?",
           "0.00E+00")  # fmt: skip
SHOWN: dict[str, Callable[[float], float]] = {
    "0": lambda x: x + 0.2,
    "#,##0": lambda x: x - 0.4,
    "0!.0,": lambda x: x * 10_000,
    "0,": lambda x: x * 1_000,
    "0%": lambda x: x / 100,
    ";;;": lambda x: x,
    '"件"': lambda x: x,
}


@pytest.mark.parametrize("code", AS_HELD)
def test_formats_that_change_no_figure_are_read(code: str, settings: Settings) -> None:
    sample = drawn(500)
    wrong, opened, _ = compared(bound(formatted(sample, code), ".xlsx", settings), sample)
    assert not wrong
    assert len(opened) <= 1


@pytest.mark.parametrize("code", SHOWN)
def test_a_figure_shown_otherwise_is_open(code: str, settings: Settings) -> None:
    sample = drawn(500)
    report = bound(formatted(sample, code, SHOWN[code]), ".xlsx", settings)
    wrong, opened, _ = compared(report, sample)
    assert not wrong
    assert {p for p, text in sample.cells.items() if text.isdigit() and int(text)} <= set(opened)
    assert not {o.kind for o in report.observations} & {"not-a-count", "blank-cell"}


def test_a_style_without_a_format_is_counted() -> None:
    styles = b'<cellXfs count="2"><xf/><xf numFmtId="9"/></cellXfs>'
    assert list(looks(styles)) == [b"1"]


@pytest.mark.parametrize(
    ("before", "piece", "after"),
    [
        (b'<cellXfs><xf numFmtId="3"/></cellXfs>', b"<numFmt ", b">"),
        (b"", b"<cellXfs ", b""),
        (b"<cellXfs>", b"<xf ", b"</cellXfs>"),
    ],
)
def test_hostile_styles_end_soon(before: bytes, piece: bytes, after: bytes) -> None:
    start = time.process_time()
    looks(before + piece * 30_000 + after)
    assert (
        time.process_time() - start < 3
    )  # a hundredth of it; what scans again takes half a minute


def test_a_sheet_of_very_many_parts_is_left_whole() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for left in range(0, 3900, 3):
            for row in range(6):
                sheet.write_row(row, left, (f"甲{row}", row))
    start = time.process_time()
    assert len(read("x.xlsx", data=out.getvalue()).blocks) == 1
    assert time.process_time() - start < 10


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("seed", [500, 503])
def test_a_sheet_saved_as_a_page_is_read_as_a_sheet(
    big: bool, seed: int, settings: Settings
) -> None:
    sample = drawn(seed)
    hold(bound(as_page(sample, big=big).encode(), ".html", settings), sample, frozenset())
