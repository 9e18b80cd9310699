"""The first sheet: key figures, two charts and the ranking; and the files set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from auditor.model import Audit, Batch, Severity
from auditor.refusals import ASIDE
from auditor.renderers._papers.items import State
from auditor.renderers._papers.plain import clean
from auditor.renderers._papers.standing import (
    Standing,
    common_failures,
    missing,
    set_aside,
)
from auditor.renderers._xlsx.book import FILL, LETTERS, Book, put, put_row, score_format, set_up
from auditor.years import year_meant

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_HEAD = 19  # the row of the ranking's head; the charts stand above
_WIDTHS = (7.0, 32.0, 8.0, 9.0, 9.0, 8.0, 8.0, 8.0, 8.0, 9.0, 10.0, 9.0, 46.0)
_SEVERITIES = tuple(sorted(Severity, reverse=True))
_DATA = 20  # charts read their numbers from columns to the right of what is printed
_RULES = 10


def summary_sheet(
    sheet: Worksheet, book: Book, batch: Batch, ranked: Sequence[Standing],
    links: Mapping[str, str], subtitle: str,
) -> None:  # fmt: skip
    """Key figures, charts, ranking; `links` are the sheets of the bodies by file."""
    put(sheet, 0, 0, book.word("title"), book.style(bold=True, font_size=18, font_name="黑体"))
    sheet.set_row(0, 30)
    grey = book.style(font_color="#52606D")
    put(sheet, 1, 0, subtitle, grey)
    ungraded = sum(s.rank is None for s in ranked)
    aside = len(batch.refusals) + len(batch.faults)
    facts = {"count": len(ranked), "ungraded": ungraded, "aside": aside}
    told = book.word("facts", **facts, years=_years(book, ranked), missing=_absent(book, batch))
    put(sheet, 2, 0, told, book.style(bold=True))
    put(sheet, _HEAD - 1, 0, book.word("ranking"), grey)
    keys = ("rank", "body", "year", "letter", "score", *(s.key for s in _SEVERITIES),
            "review", "open", "waived", "file")  # fmt: skip
    put_row(sheet, _HEAD, [book.word(k) for k in keys], book.style(head=True))
    set_up(sheet, book, _WIDTHS, _HEAD)
    sheet.freeze_panes(0, 0)
    sheet.print_area(0, 0, _HEAD + max(len(ranked), 1), len(keys) - 1)
    shade = _shades(ranked)
    number = score_format(s.score for s in ranked)
    for row, standing in enumerate(ranked, start=_HEAD + 1):
        _standing(sheet, book, row, standing, links, shade, number)
    if ranked:
        sheet.autofilter(_HEAD, 0, _HEAD + len(ranked), len(keys) - 1)
        _charts(sheet, book, ranked, sheet.get_name())
    else:
        put(sheet, _HEAD + 1, 0, book.word("none"), book.style(italic=True))


def _years(book: Book, ranked: Sequence[Standing]) -> str:
    """How many reports of each year, where there are several."""
    counts = Counter(book.voice.year(s.audit) for s in ranked)
    if len(counts) < 2:
        return ""
    told = [book.word("facts_year", year=y, count=n) for y, n in sorted(counts.items())[::-1]]
    return book.word("facts_years", years=book.voice.join(told))


def _absent(book: Book, batch: Batch) -> str:
    """How many bodies have handed in nothing, and of how many that is not certain."""
    if not batch.missing:
        return ""
    unsure = sum(r.unread for r in batch.missing)
    return book.word("facts_missing", count=len(batch.missing), unsure=unsure)


def _standing(
    sheet: Worksheet, book: Book, row: int, standing: Standing, links: Mapping[str, str],
    shade: Mapping[str | None, str], number: str,
) -> None:  # fmt: skip
    audit, voice = standing.audit, book.voice
    middle = book.style(cell=True, align="center", valign="vcenter")
    put(sheet, row, 0, standing.rank or "–", middle)
    name, target = voice.body(audit), links.get(audit.report.source)
    if target:
        style = book.style(cell=True, valign="vcenter", font_color="#1F5FA8", underline=1)
        sheet.write_url(row, 1, f"internal:'{target}'!A1", style, name)
    else:
        put(sheet, row, 1, name, book.style(cell=True, valign="vcenter"))
    put(sheet, row, 2, audit.report.period or voice.year(audit), middle)
    letter = audit.grade.letter
    tint = book.style(cell=True, align="center", valign="vcenter", bg_color=shade[letter])
    put(sheet, row, 3, voice.letter(letter), tint)
    score = standing.score
    style = book.style(cell=True, align="center", valign="vcenter", num_format=number)
    put(sheet, row, 4, score if score is not None else "–", style)
    for at, severity in enumerate(_SEVERITIES, start=5):
        _count(sheet, book, row, at, standing.failed.get(severity, 0), State.FAIL)
    for at, state in enumerate((State.REVIEW, State.OPEN, State.WAIVED), start=9):
        _count(sheet, book, row, at, standing.states.get(state, 0), state)
    put(sheet, row, 12, clean(audit.report.source),
        book.style(cell=True, text_wrap=False, shrink=True, valign="vcenter", font_size=9,
                   font_color="#52606D"))  # fmt: skip


def _count(sheet: Worksheet, book: Book, row: int, column: int, number: int, state: State) -> None:
    """A count that does not shout where it is zero."""
    look = {"bg_color": FILL[state]} if number else {"font_color": "#B0B8C1"}
    style = book.style(cell=True, align="center", valign="vcenter", num_format="0", **look)
    put(sheet, row, column, number, style)


def _shades(ranked: Sequence[Standing]) -> dict[str | None, str]:
    """A colour for each grade, the best first; grades are words of the rule set."""
    graded = sorted((s for s in ranked if s.score is not None), key=lambda s: -(s.score or 0))
    letters = list(dict.fromkeys(s.audit.grade.letter for s in graded))
    found: dict[str | None, str] = {None: "#FFFFFF"}
    for at, letter in enumerate(letters):
        found[letter] = LETTERS[min(at, len(LETTERS) - 1)]
    return found | {s.audit.grade.letter: "#FFFFFF" for s in ranked
                    if s.audit.grade.letter not in found}  # fmt: skip


def _charts(sheet: Worksheet, book: Book, ranked: Sequence[Standing], name: str) -> None:
    """Reports by grade, and the rules that fail most often, with their numbers beside.

    Of several years the one that is meant: the others lie in the folder to be compared with.
    """
    years = {s.audit.report.period for s in ranked}
    year = year_meant(s.audit.report.period for s in ranked) if len(years) > 1 else None
    told = book.word("chart_year", year=year) if year else ""
    ranked = [s for s in ranked if year in (None, s.audit.report.period)]
    faint = book.style(font_color="#9AA5B1", font_size=9)
    letters = Counter(book.voice.letter(s.audit.grade.letter) for s in ranked)
    shades = {book.voice.letter(k): v for k, v in _shades(ranked).items()}
    put_row_at(sheet, 0, _DATA, (book.word("letter"), book.word("reports")), faint, book)
    for row, (letter, count) in enumerate(letters.items(), start=1):
        put_row_at(sheet, row, _DATA, (letter, count), faint, book)
    points = [{"fill": {"color": shades.get(k, "#FFFFFF")}, "border": {"color": "#9AA5B1"}}
              for k in letters]  # fmt: skip
    title, data = book.word("chart_letters", year=told), (_DATA, len(letters))
    _chart(sheet, book, name, "column", title, data, (3, 0, 330), points)
    rules = common_failures([s.audit for s in ranked])[:_RULES]
    if not rules:
        return
    put_row_at(sheet, 0, _DATA + 3, (book.word("rule"), book.word("reports")), faint, book)
    for row, (rule, where) in enumerate(rules, start=1):
        title = book.voice.title(where[0], rule)
        label = f"{clean(rule)} {title if len(title) <= 22 else title[:21] + '…'}"
        put_row_at(sheet, row, _DATA + 3, (label, len(where)), faint, book)
    fill = [{"fill": {"color": "#C65F55"}} for _ in rules]
    title, data = book.word("chart_rules", year=told), (_DATA + 3, len(rules))
    _chart(sheet, book, name, "bar", title, data, (3, 3, 700), fill)


def put_row_at(
    sheet: Worksheet, row: int, column: int, values: tuple[str, object], style: object, book: Book
) -> None:
    """Two cells of a chart's numbers."""
    del book
    for at, value in enumerate(values):
        put(sheet, row, column + at, value, style)


def _chart(
    sheet: Worksheet, book: Book, name: str, kind: str, title: str, data: tuple[int, int],
    at: tuple[int, int, int], points: Sequence[Mapping[str, object]],
) -> None:  # fmt: skip
    column, count = data
    row, left, wide = at
    chart = book.file.add_chart({"type": kind})
    chart.add_series({
        "name": book.word("reports"),
        "categories": [name, 1, column, count, column],
        "values": [name, 1, column + 1, count, column + 1],
        "points": list(points), "gap": 60,
        "data_labels": {"value": True, "font": {"size": 9}},
    })  # fmt: skip
    font = {"name": "宋体", "size": 9, "color": "#1F2933"}
    chart.set_title({"name": title, "overlay": False,
                     "name_font": {"name": "黑体", "size": 11, "bold": False}})  # fmt: skip
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": font, "line": {"color": "#9AA5B1"},
                      "major_gridlines": {"visible": False}})  # fmt: skip
    chart.set_y_axis({"num_font": font, "major_gridlines": {"visible": False},
                      "reverse": kind == "bar", "line": {"color": "#9AA5B1"}})  # fmt: skip
    if kind == "bar":
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_y_axis({"num_font": font, "reverse": True, "major_gridlines": {"visible": False},
                          "line": {"color": "#9AA5B1"}, "major_tick_mark": "none"})  # fmt: skip
    else:
        chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_chartarea({"border": {"color": "#C9D1DA"}})
    chart.set_size({"width": wide, "height": 290})
    sheet.insert_chart(row, left, chart, {"x_offset": 4 if left == 0 else 62, "y_offset": 4})


def aside_sheet(sheet: Worksheet, book: Book, batch: Batch) -> None:
    """The files that were not audited: what they are, and what to do."""
    put_row(sheet, 0, book.word("aside_columns").split("|"), book.style(head=True))
    set_up(sheet, book, (60.0, 16.0, 70.0), 0)
    absent = {id(r) for r in missing(batch)}
    faults = {id(r) for r in batch.faults}
    for row, refusal in enumerate(set_aside(batch), start=1):
        kind = refusal.kind if refusal.kind in ASIDE else "unread"
        word = book.voice.common(f"refused.{kind}")
        word = book.word("missing") if id(refusal) in absent else word
        word = book.word("fault") if id(refusal) in faults else word
        fill = {"bg_color": FILL[State.OPEN]} if refusal.unread else {}
        put(sheet, row, 0, clean(refusal.source), book.style(cell=True))
        put(sheet, row, 1, word, book.style(cell=True, align="center", **fill))
        put(sheet, row, 2, book.voice.say(refusal.said), book.style(cell=True))
    sheet.autofilter(0, 0, max(len(set_aside(batch)), 1), 2)


def who(audit: Audit, book: Book) -> str:
    """What the sheet of a body is called before it is made legal."""
    return f"{book.voice.body(audit)}{audit.report.period or ''}"
