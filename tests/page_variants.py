"""The same report as web pages that were made in other ways: each a class of real pages.

`VARIANTS` gives the page of a sample by the name of the variant. `SHOWN` names those in which
something is truly missing or changed, and what may be noticed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "samples"))

import itertools

import grids
from grids import Cell, Grid, placed, tables, width
from sample import OUTCOMES, TABLES, Sample

Variant = Callable[[Sample], str]
Edit = Callable[[Grid], Grid]

VARIANTS: dict[str, Variant] = {}
SHOWN: dict[str, frozenset[str]] = {}


def variant(*shown: str) -> Callable[[Variant], Variant]:
    """Register a page; `shown` are the kinds of observations that are true of it."""

    def add(make: Variant) -> Variant:
        name = make.__name__.strip("_")
        VARIANTS[name], SHOWN[name] = make, frozenset(shown)
        return make

    return add


# --- how a page is put together --------------------------------------------------------------


def cell(c: Cell, text: str | None = None, tag: str = "td") -> str:
    spans = f' rowspan="{c.rows}"' if c.rows > 1 else ""
    spans += f' colspan="{c.columns}"' if c.columns > 1 else ""
    return f"<{tag}{spans}>{escape(c.text) if text is None else text}</{tag}>"


def table(grid: Grid, of: Callable[[Cell], str] = cell) -> str:
    rows = ("".join(map(of, row)) for row in grid)
    return f'<table border="1">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def page(
    sample: Sample,
    p: Callable[[str], str] = paragraph,
    h: Callable[[str, str], str] = lambda _, text: paragraph(text),
    t: Callable[[str, Grid], str] = lambda _, grid: table(grid),
    title: Callable[[str], str] = lambda text: f"<h1>{escape(text)}</h1>",
    around: Callable[[str], str] = lambda body: body,
    style: str = "",
) -> str:
    day = sample.published
    out = [title(sample.title), *map(p, sample.opening)]
    for key in sample.sections:
        out.append(h(key, sample.heading(key)))
        out += map(p, sample.text(key))
        out += [t(key, grid) for grid in tables(sample, key)]
    out += [p(str(sample.source["subject"])), p(f"{day.year}年{day.month}月{day.day}日")]
    head = f'<meta charset="utf-8"><title>{escape(sample.title)}</title>{style}'
    return f"<html><head>{head}</head><body>{around(chr(10).join(out))}</body></html>"


def edited(key: str, edit: Edit) -> Variant:
    """The page with another table in one section."""

    def make(sample: Sample) -> str:
        return page(
            sample, t=lambda k, grid: table(edit([list(r) for r in grid]) if k == key else grid)
        )

    return make


def celled(of: Callable[[Cell], str]) -> Variant:
    """The page with other cells."""
    return lambda sample: page(sample, t=lambda _, grid: table(grid, of))


def span(key: str, row: int, at: int, **spans: int) -> Variant:
    """A cell merged over too many rows or columns, or too few."""

    def edit(grid: Grid) -> Grid:
        grid[row][at] = replace(grid[row][at], **spans)
        return grid

    return edited(key, edit)


def labelled(start: str, **spans: int) -> Variant:
    """The same for the cell of table three that starts so."""

    def edit(grid: Grid) -> Grid:
        return [[replace(c, **spans) if c.text.startswith(start) else c for c in r] for r in grid]

    return edited("applications", edit)


def rows_of(grid: Grid, begin: int, end: int, *, again: bool = True) -> Grid:
    """Some rows of a grid as a table; labels of cells cut above are repeated if `again`."""
    rows = list(placed(grid))
    starts = {(i, column): c for i, row in enumerate(rows) for column, c in row if c is not None}
    found: Grid = []
    for i in range(begin, end):
        line = []
        for column, c in rows[i]:
            if c is not None:
                line.append(replace(c, rows=min(c.rows, end - i)))
            elif i == begin:
                top = max(j for j in range(i) if (j, column) in starts)
                whole = starts[top, column]
                text = whole.text if again else ""
                left = min(whole.rows - (i - top), end - i)
                line.append(replace(whole, text=text, rows=left))
        found.append(line)
    return found


def parts(key: str, cuts: tuple[int, ...], between: str = "", **how: bool) -> Variant:
    """A table cut into several."""

    def make(sample: Sample) -> str:
        def t(k: str, grid: Grid) -> str:
            if k != key:
                return table(grid)
            edges = [0, *cuts, len(grid)]
            pairs = itertools.pairwise(edges)
            return between.join(table(rows_of(grid, a, b, **how)) for a, b in pairs)

        return page(sample, t=t)

    return make


def undone(grid: Grid, *, columns: bool) -> Grid:
    """Merged cells as a cell with their text and empty ones."""
    found: Grid = []
    wide: dict[int, int] = {}
    for row in placed(grid):
        line: list[Cell] = []
        for column, c in row:
            if c is not None:
                wide[column] = c.columns
            first = replace(c, rows=1) if c is not None else Cell("", columns=wide[column])
            if columns:
                line += [replace(first, columns=1), *[Cell("")] * (wide[column] - 1)]
            else:
                line.append(first)
        found.append(line)
    return found


def spread(sample: Sample, attributes: tuple[str, str, str], style: str = "") -> str:
    """Tables made of boxes, which have no merged cells."""
    outer, line, inner = attributes

    def t(_: str, grid: Grid) -> str:
        rows = (
            "".join(f"<div {inner}>{escape(c.text)}</div>" for c in row)
            for row in undone(grid, columns=True)
        )
        return f"<div {outer}>{''.join(f'<div {line}>{row}</div>' for row in rows)}</div>"

    return page(sample, t=t, style=style)


# --- the page around the tables --------------------------------------------------------------


@variant()
def plain_page(sample: Sample) -> str:
    return page(sample)


@variant()
def nested_layout_tables(sample: Sample) -> str:
    left = "<table width=100%><tr><td><table><tr><td>公开指南<br>公开年报</td><td><table><tr><td>"
    end = "</td></tr></table>"
    return page(sample, around=lambda body: f"{left}{body}{end * 3}")


@variant()
def a_layout_row_for_each_block(sample: Sample) -> str:
    def row(body: str) -> str:
        return f"<tr><td>{body}</td></tr>"

    return page(
        sample, row, lambda _, x: row(f"<b>{x}</b>"), lambda _, g: row(table(g)),
        row, lambda body: f"<table>{body}</table>",
    )  # fmt: skip


@variant()
def all_in_one_cell(sample: Sample) -> str:
    return page(
        sample, lambda x: f"{x}<br>", lambda _, x: f"<b>{x}</b><br>", title=lambda x: f"{x}<br><br>",
        around=lambda body: f"<table><tr><td>{body}</td></tr></table>",
    )  # fmt: skip


@variant()
def lines_ended_by_br(sample: Sample) -> str:
    return page(
        sample, lambda x: f"　　{x}<br/>", lambda _, x: f"　　{x}<br/>",
        title=lambda x: f'<div class="title">{x}</div>',
    )  # fmt: skip


@variant()
def headings_and_text_in_one_paragraph(sample: Sample) -> str:
    """Below a list of the reports of other years; the page itself has no name."""
    years = "".join(
        f"<li><a>{paragraph(f'示例市{n}年政府信息公开工作年度报告')}</a></li>"
        for n in (2018, 2019, 2020)
    )
    whole = page(
        sample, lambda x: f"&nbsp;&nbsp;{x}<br>", lambda _, x: f"<strong>{x}</strong><br>",
        lambda _, g: f"</p>{table(g)}<p>", around=lambda body: f"<ul>{years}</ul><p>{body}</p>",
    )  # fmt: skip
    return re.sub("<title>.*?</title>", "", whole)


@variant()
def boxes_of_text(sample: Sample) -> str:
    return page(
        sample, lambda x: f"<div>{x}</div>", lambda _, x: f"<div><strong>{x}</strong></div>",
        title=lambda x: f"<div>{x}</div>",
    )  # fmt: skip


@variant()
def blanks_of_every_kind(sample: Sample) -> str:
    return page(
        sample, lambda x: f"<p>&nbsp;&emsp;{x}</p>", lambda _, x: f"<p>&emsp;&emsp;{x}</p>",
        lambda _, g: table(g, lambda c: cell(c, f"&nbsp;&nbsp;{escape(c.text)}&#8203;&#160;")),
    )  # fmt: skip


@variant()
def end_tags_left_out(sample: Sample) -> str:
    return re.sub(r"</(td|tr|p)>", "", page(sample))


# --- tables made otherwise -------------------------------------------------------------------

TABLE_STYLE = "<style>.t{display:table}.r{display:table-row}.c{display:table-cell}</style>"


@variant()
def tables_by_style_sheet(sample: Sample) -> str:
    return spread(sample, ('class="t"', 'class="r"', 'class="c"'), TABLE_STYLE)


@variant()
def tables_by_inline_style(sample: Sample) -> str:
    kinds = ("table", "table-row", "table-cell")
    return spread(sample, tuple(f'style="display: {k}"' for k in kinds))  # type: ignore[arg-type]


@variant()
def tables_in_paragraphs(sample: Sample) -> str:
    return page(sample, t=lambda _, grid: f'<p align="center">{table(grid)}</p>')


@variant()
def heads_as_th(sample: Sample) -> str:
    def t(key: str, grid: Grid) -> str:
        count = 3 if key in ("applications", "disputes") else 1
        rows = ["".join(cell(c, tag="th" if i < count else "td") for c in r)
                for i, r in enumerate(grid)]  # fmt: skip
        head, body = ("".join(f"<tr>{r}</tr>" for r in x) for x in (rows[:count], rows[count:]))
        return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"

    return page(sample, t=t)


@variant()
def captions_in_the_first_row(sample: Sample) -> str:
    return page(sample, t=lambda _, g: table([[Cell("情况统计表", columns=width(g))], *g]))


@variant()
def headings_in_the_first_row(sample: Sample) -> str:
    return page(
        sample, h=lambda key, x: "" if key in TABLES else paragraph(x),
        t=lambda key, g: table([[Cell(sample.heading(key), columns=width(g))], *g]),
    )  # fmt: skip


@variant()
def headings_as_captions(sample: Sample) -> str:
    return page(
        sample, h=lambda key, x: "" if key in TABLES else paragraph(x),
        t=lambda key, g: table(g).replace(
            '"1">', f'"1"><caption>{sample.heading(key)}</caption>', 1),
    )  # fmt: skip


@variant()
def a_table_for_each_article(sample: Sample) -> str:
    def t(key: str, grid: Grid) -> str:
        several = grids.split(grid, ("第二十条",)) if key == "disclosure" else [grid]
        return "".join(map(table, several))

    return page(sample, t=t)


@variant()
def articles_between_tables(sample: Sample) -> str:
    def t(key: str, grid: Grid) -> str:
        if key != "disclosure":
            return table(grid)
        several = grids.split(grid, ("第二十条",))
        return "".join(paragraph(g[0][0].text) + table(g[1:]) for g in several)

    return page(sample, t=t)


@variant()
def an_empty_column_on_the_right(sample: Sample) -> str:
    return page(sample, t=lambda _, grid: table([[*row, Cell("")] for row in grid]))


@variant()
def a_row_without_height(sample: Sample) -> str:
    return page(sample, t=lambda _, g: table([*g, [Cell("")] * width(g)]))


def _blank_row(at: int, *, merged: bool) -> Variant:
    row = [Cell("", columns=10)] if merged else [Cell("")] * 10
    return edited("applications", lambda g: [*g[:at], row, *g[at:]])


def _repeated_heads(grid: Grid) -> Grid:
    names = [Cell(name) for name in grids.COLUMNS.values()]
    return [*grid[:5], [replace(grid[0][0], rows=1), *names], *grid[5:]]


def _numbered(grid: Grid) -> Grid:
    body = [[Cell(str(n), number=True), *row] for n, row in enumerate(grid[3:], 1)]
    return [[Cell("序号", rows=3), *grid[0]], *grid[1:3], *body]


def _remarks(grid: Grid) -> Grid:
    body = [[*row, Cell("")] for row in grid[3:]]
    return [[*grid[0], Cell("备注", rows=3)], *grid[1:3], *body]


def _without_group(grid: Grid) -> Grid:
    return [grid[0], [Cell(name, rows=2) for name in grids.COLUMNS.values()], [], *grid[3:]]


def _total_first(grid: Grid) -> Grid:
    grid[1] = [grid[1][2], *grid[1][:2]]
    for row in grid[3:]:
        figures = [c for c in row if c.number]
        row[:] = [*(c for c in row if not c.number), figures[-1], *figures[:-1]]
    return grid


def _group_in_label(grid: Grid) -> Grid:
    """The labels of a group and of its row in one cell."""
    found, above = grid[:3], {}
    for row in list(placed(grid))[3:]:
        above.update({column: c for column, c in row if c is not None})
        words = [above[column].text for column, _ in row if not above[column].number]
        label = "".join(word for word in words if not word.startswith("三、"))
        found.append([Cell(label, columns=3), *(c for _, c in row if c is not None and c.number)])
    return found


def _only_names(grid: Grid) -> Grid:
    return [[Cell("", columns=3), *map(Cell, grids.COLUMNS.values())], *grid[3:]]


def _downwards(grid: Grid) -> Grid:
    """Table four with a row for each kind of case."""
    names, n = [Cell(name) for name in OUTCOMES.values()], grid[3]
    return [
        [Cell("类别", columns=2), *names],
        [Cell("行政复议", columns=2), *n[:5]],
        [Cell("行政诉讼", rows=2), Cell("未经复议直接起诉"), *n[5:10]],
        [Cell("复议后起诉"), *n[10:]],
    ]


def _with_label(grid: Grid) -> Grid:
    return [[Cell("", rows=3), *grid[0]], *grid[1:3], [Cell("件数"), *grid[3]]]


def _articles_left(grid: Grid) -> Grid:
    found: Grid = []
    for several in grids.split(grid, ("第二十条",)):
        article = replace(several[0][0], rows=len(several) - 1, columns=1)
        found += [[article, *several[1]], *several[2:]]
    return found


def _without_spans(grid: Grid) -> Grid:
    return [[replace(c, columns=1) for c in row] for row in grid]


def _padded(grid: Grid) -> Grid:
    return [[*row[:-1], replace(row[-1], columns=1), *[Cell("")] * (row[-1].columns - 1)]
            if len(row) > 1 else row for row in grid]  # fmt: skip


def _two_tables(sample: Sample) -> str:
    def t(key: str, grid: Grid) -> str:
        if key != "disputes":
            return table(grid)
        names = [Cell(name) for name in OUTCOMES.values()]
        litigation = [[grid[0][1]], [replace(c) for c in grid[1][5:]], names * 2, grid[3][5:]]
        return table([[grid[0][0]], names, grid[3][:5]]) + table(litigation)

    return page(sample, t=t)


EDITED: dict[str, Variant] = {
    "a blank row above table three": _blank_row(0, merged=True),
    "a blank row below its head": _blank_row(3, merged=False),
    "repeated heads": edited("applications", _repeated_heads),
    "a column of numbers": edited("applications", _numbered),
    "a column for remarks": edited("applications", _remarks),
    "no head over organisations": edited("applications", _without_group),
    "the total first": edited("applications", _total_first),
    "group and row in one label": edited("applications", _group_in_label),
    "table four downwards": edited("disputes", _downwards),
    "table four with a label": edited("disputes", _with_label),
    "table four as two": _two_tables,
    "articles on the left": edited("disclosure", _articles_left),
    "table two without spans": edited("disclosure", _without_spans),
    "table two padded": edited("disclosure", _padded),
    "table three in two": parts("applications", (14,)),
    "table three in two, labels lost": parts("applications", (14,), "<p>&nbsp;</p>", again=False),
    "table three in four": parts("applications", (5, 10, 18)),
    "merged rows undone": lambda s: page(s, t=lambda _, g: table(undone(g, columns=False))),
    "merged cells undone": lambda s: page(s, t=lambda _, g: table(undone(g, columns=True))),
}

# --- cells merged over one row or column too many, or too few --------------------------------

SPANS: dict[str, Variant] = {
    **{f"organisations over {n}": span("applications", 1, 1, columns=n) for n in (4, 6)},
    **{f"applicants over {n}": span("applications", 0, 1, columns=n) for n in (6, 8)},
    **{f"corner over {n}": span("applications", 0, 0, columns=n) for n in (2, 4)},
    **{f"corner down {n}": span("applications", 0, 0, rows=n) for n in (2, 4)},
    **{f"person down {n}": span("applications", 1, 0, rows=n) for n in (1, 3)},
    "total down 1": span("applications", 1, 2, rows=1),
    **{f"results down {n}": labelled("三、", rows=n) for n in (19, 21, 23, 99)},
    **{f"denied down {n}": labelled("（三）", rows=n) for n in (7, 9)},
    **{f"new over {n}": labelled("一、", columns=n) for n in (2, 4)},
    **{f"granted over {n}": labelled("（一）", columns=n) for n in (1, 3)},
    **{f"review over {n}": span("disputes", 0, 0, columns=n) for n in (4, 6)},
    **{f"litigation over {n}": span("disputes", 0, 1, columns=n) for n in (9, 11)},
    **{f"direct over {n}": span("disputes", 1, 5, columns=n) for n in (4, 6)},
    **{f"after review over {n}": span("disputes", 1, 6, columns=n) for n in (4, 6)},
}

# --- words and figures -----------------------------------------------------------------------


def _letters(tag: str) -> Callable[[Cell], str]:
    return lambda c: cell(c, "".join(f"<{tag}>{escape(x)}</{tag}>" for x in c.text))


def _source_lines(c: Cell) -> str:
    return cell(c, f"\n    <p>\n      <span>{escape(c.text)}</span>\n <span>&nbsp;</span>\n </p>\n")


def _broken(c: Cell) -> str:
    half = max(1, len(c.text) // 2)
    broken = f"{escape(c.text[:half])}<br>{escape(c.text[half:])}"
    return cell(c) if c.number else cell(c, broken)


def _stood(before: str, after: str) -> Callable[[Cell], str]:
    """Short labels letter by letter."""

    def of(c: Cell) -> str:
        if c.number or len(c.text) > 12:
            return cell(c)
        return cell(c, "".join(f"{before}{escape(x)}{after}" for x in c.text))

    return of


def _filled(form: str) -> Callable[[Cell], str]:
    return lambda c: cell(c, form.format(escape(c.text)) if c.number else None)


CELLS: dict[str, Variant] = {
    "figures in spans": celled(_letters("span")),
    "figures in fonts": celled(_letters("font")),
    "the source's own lines": celled(_source_lines),
    "labels broken": celled(_broken),
    "labels letter by letter": celled(_stood("", "<br>")),
    "labels paragraph by paragraph": celled(_stood("<p>", "</p>")),
    "labels spaced": celled(_stood("", "&nbsp; ")),
    "figures in a form": celled(_filled('<input type="text" value="{}" readonly>')),
    "figures in boxes": celled(_filled("<textarea>{}</textarea>")),
}

for _named in (EDITED, SPANS, CELLS):
    VARIANTS.update(_named)
    SHOWN.update(dict.fromkeys(_named, frozenset()))

VARIANTS["table three without heads"] = edited("applications", lambda g: g[3:])
SHOWN["table three without heads"] = frozenset(("head-missing",))
VARIANTS["table three with names only"] = edited("applications", _only_names)
SHOWN["table three with names only"] = frozenset(("head-missing",))


def unread() -> Iterator[tuple[str, Variant]]:
    """Pages whose tables are not there to be read: open, and never missing."""
    yield "pictures", lambda s: page(s, t=lambda k, _: f'<p><img src="/{k}.png"></p>')
    yield "frames", lambda s: page(s, t=lambda k, _: f'<iframe src="{k}.html"></iframe>')
