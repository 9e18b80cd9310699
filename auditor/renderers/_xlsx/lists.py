"""The lists of problems: five columns for each body, and all bodies in one list to filter."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from auditor.model import Audit
from auditor.renderers._papers.items import Item, State
from auditor.renderers._papers.plain import clean
from auditor.renderers._papers.voice import Voice
from auditor.renderers._xlsx.book import CELL, FILL, Book, put, put_row, set_up
from auditor.text import width, written

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_FIVE = (12.0, 26.0, 34.0, 66.0, 20.0)
_PLACES = 40


def details(item: Item, voice: Voice) -> str:
    """What stands in the column of details: state, places with their sums, the likely culprit."""
    tag = voice.words("sheet.tag", state=voice.words(f"state.{item.state}"))
    if item.state is State.FAIL:
        state, severity = voice.words("state.fail"), voice.severity(item.severity)
        tag = voice.words("sheet.tag_severity", state=state, severity=severity)
    colon = voice.common("joint.colon")
    lines = [p.line(colon) for p in item.places[:_PLACES]]
    if len(lines) > 1:
        lines = [f"{n}. {line}" for n, line in enumerate(lines, start=1)]
    rest = len(item.places) - len(lines)
    lines += [voice.words("paper.more_places", count=rest)] if rest else []
    if item.culprit:
        lead = voice.words("paper.culprit")
        lines += [lead + item.culprit[0], *item.culprit[1:]]
    lines += item.remarks
    if item.fix and item.state is State.FAIL:
        lines.append(f"{voice.common('label.fix')}{colon}{item.fix}")
    if lines and len(item.places) == 1:
        return "\n".join([tag + lines[0], *lines[1:]])
    return "\n".join([tag, *lines])


def body_sheet(
    sheet: Worksheet, book: Book, audit: Audit, found: Sequence[Item], summary: str
) -> None:
    """One body's sheet: exactly the five columns, the last left for the body to fill in."""
    voice = book.voice
    title = book.word("body_title", body=voice.body(audit), year=voice.year(audit))
    put(sheet, 0, 0, title, book.style(bold=True, font_size=15, font_name="黑体"))
    sheet.set_row(0, 26)
    put(sheet, 1, 0, _grade(audit, found, book), book.style(font_color="#52606D"))
    back = book.style(font_color="#1F5FA8", underline=1, align="right")
    sheet.write_url(1, 4, f"internal:'{summary}'!A1", back, book.word("back"))
    put_row(sheet, 2, book.word("columns").split("|"), book.style(head=True))
    set_up(sheet, book, _FIVE, 2)
    for row, item in enumerate(found, start=3):
        _line(sheet, book, row, 0, item)
        sheet.set_row(row, _height(_cells(item, voice), _FIVE))
    if found:
        sheet.autofilter(2, 0, 2 + len(found), 4)
    else:
        put(sheet, 3, 0, book.word("clean"), book.style(italic=True))


def all_sheet(
    sheet: Worksheet, book: Book, found: Sequence[tuple[Audit, tuple[Item, ...]]]
) -> None:
    """Every body in one list: who, the five columns, then what one filters by."""
    voice = book.voice
    heads = [*_words(book, "who"), *_words(book, "columns"), *_words(book, "more")]
    put_row(sheet, 0, heads, book.style(head=True))
    widths = (22.0, 8.0, *_FIVE, 11.0, 9.0, 10.0, 40.0)
    set_up(sheet, book, widths, 0)
    row = 0
    for audit, listed in found:
        for item in listed:
            row += 1
            plain = book.style(cell=True)
            put(sheet, row, 0, voice.body(audit), plain)
            year = audit.report.period
            put(sheet, row, 1, year or voice.year(audit), _centred(book))
            _line(sheet, book, row, 2, item)
            state = voice.words(f"state.{item.state}")
            put(sheet, row, 7, state, _centred(book, bg_color=FILL[item.state]))
            put(sheet, row, 8, voice.severity(item.severity), _centred(book))
            put(sheet, row, 9, voice.join(clean(r) for r in item.rules), _centred(book))
            put(sheet, row, 10, clean(audit.report.source), plain)
            cells = (voice.body(audit), "", *_cells(item, voice), "", "", "",
                     clean(audit.report.source))  # fmt: skip
            sheet.set_row(row, _height(cells, widths))
    sheet.autofilter(0, 0, max(row, 1), len(heads) - 1)
    sheet.freeze_panes(1, 2)


def _words(book: Book, key: str) -> list[str]:
    return book.word(key).split("|")


def _centred(book: Book, **more: str) -> object:
    return book.style(cell=True, align="center", **more)


def _cells(item: Item, voice: Voice) -> tuple[str, str, str, str, str]:
    return item.family, item.title, item.basis, details(item, voice), ""


def _line(sheet: Worksheet, book: Book, row: int, column: int, item: Item) -> None:
    plain = book.style(cell=True)
    for at, text in enumerate(_cells(item, book.voice)):
        style = book.style(cell=True, bg_color=FILL[item.state]) if at == 3 else plain
        put(sheet, row, column + at, text or None, style)


def _grade(audit: Audit, found: Sequence[Item], book: Book) -> str:
    states = {s.value: sum(i.state is s for i in found) for s in State}
    grade, voice = audit.grade, book.voice
    score = written(grade.score) if grade.letter is not None and grade.score is not None else "–"
    return book.word("body_grade", letter=voice.letter(grade.letter), score=score, **states)


def _height(cells: Sequence[str], widths: Sequence[float]) -> float:
    """The height that the fullest cell needs, in points: not every program finds it itself."""
    lines = 1
    for text, wide in zip(cells, widths, strict=True):
        room = max(wide - 1.5, 1)
        needed = sum(max(ceil(width(line) / room), 1) for line in text[:CELL].split("\n"))
        lines = max(lines, needed)
    return min(lines * 15.0 + 5, 409)
