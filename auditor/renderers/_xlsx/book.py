"""The workbook's styles, and how a sheet is filled: text is always text, never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from auditor.model import Batch
from auditor.renderers._papers.items import State
from auditor.renderers._papers.voice import Voice

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CELL = 32_000  # Excel holds 32,767 characters in a cell
_INK, _LINE, _HEAD = "#1F2933", "#C9D1DA", "#E8EDF3"
FILL = {
    State.FAIL: "#FDECEA",
    State.REVIEW: "#FFF6DA",
    State.OPEN: "#E6F1FA",
    State.WAIVED: "#EEEEEE",
}
LETTERS = ("#DDF1E2", "#E4F0FB", "#FFF3D1", "#FBDCD8")


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook that is being filled, and how it speaks."""

    file: Workbook
    voice: Voice
    styles: dict[tuple[tuple[str, Any], ...], Format]

    def word(self, key: str, **gaps: object) -> str:
        """A word of the sheets."""
        return self.voice.words(f"sheet.{key}", **gaps)

    def style(self, **more: Any) -> Format:
        """A style, made once; `cell` gives a bordered, wrapped cell of a table."""
        key = tuple(sorted(more.items()))
        if key not in self.styles:
            look = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "font_color": _INK}
            if more.pop("cell", False):
                look |= {"border": 1, "border_color": _LINE, "text_wrap": True, "valign": "top"}
            if more.pop("head", False):
                look |= {
                    "border": 1, "border_color": _LINE, "text_wrap": True, "bold": True,
                    "align": "center", "bg_color": _HEAD, "font_name": "黑体",
                }  # fmt: skip
            self.styles[key] = self.file.add_format(look | more)
        return self.styles[key]


def created(batch: Batch, as_of: str) -> datetime:
    """The day of the audit, so that the same audit gives the same bytes."""
    told = batch.audits[0].as_of if batch.audits else as_of
    try:
        return datetime.combine(date.fromisoformat(told), time())
    except ValueError:
        return datetime(1980, 1, 1)


def put(sheet: Worksheet, row: int, column: int, value: object, style: Format) -> None:
    """One cell: counts and scores as numbers, everything else as text, even what begins with =."""
    if isinstance(value, bool) or value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, value, style)
    else:
        text = str(value)
        sheet.write_string(row, column, text if len(text) <= CELL else f"{text[:CELL]}……", style)


def put_row(sheet: Worksheet, row: int, values: Iterable[object], style: Format) -> None:
    """A row of cells in one style."""
    for column, value in enumerate(values):
        put(sheet, row, column, value, style)


def set_up(
    sheet: Worksheet, book: Book, widths: Sequence[float], head: int, *, landscape: bool = True
) -> None:
    """Widths, frozen head, and a page that prints: A4, all columns, the head on each page."""
    for column, wide in enumerate(widths):
        sheet.set_column(column, column, wide)
    sheet.freeze_panes(head + 1, 0)
    sheet.repeat_rows(head)
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer(f"&C&9{book.word('page')}")
    sheet.hide_gridlines(2)


def score_format(scores: Iterable[Decimal | None]) -> str:
    """As many places as the scores have, at most two."""
    exponents = (s.as_tuple().exponent for s in scores if s is not None)
    places = max((-e for e in exponents if isinstance(e, int)), default=0)
    return "0." + "0" * min(places, 2) if places > 0 else "0"
