"""Whole documents laid out otherwise: sections in cells, tables as attachments, another order.

`VARIANTS` gives (suffix, file) of a sample by name; `NOTED` says what is truly amiss with some,
`EDITED` what else the sample says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from tests.page_variants import cell, paragraph, table

sys.path.insert(0, str(Path(__file__).parent / "samples"))

import as_docx
from grids import Cell, Grid, placed, tables
from sample import OUTCOMES, SECTIONS, TABLES, Sample

Variant = Callable[[Sample], tuple[str, bytes]]
VARIANTS: dict[str, Variant] = {}
NOTED: dict[str, frozenset[str]] = {}
EDITED: dict[str, dict[str, str]] = {}
MARK = '<meta charset="utf-8">'


def variant(name: str, *noted: str) -> Callable[[Variant], Variant]:
    """Register a document; `noted` are the kinds of observations that are true of it."""

    def add(make: Variant) -> Variant:
        VARIANTS[name], NOTED[name] = make, frozenset(noted)
        return make

    return add


def reordered(sample: Sample, *keys: int) -> Sample:
    """The same sections in another order, by their numbers."""
    order = [sample.sections[n - 1] for n in keys]
    return replace(sample, source={**sample.source, "order": order})


# --- Word ------------------------------------------------------------------------------------


def _word(sample: Sample, parts: Sequence[str]) -> tuple[str, bytes]:
    head = map(as_docx._paragraph, (sample.title, *sample.opening))
    return ".docx", as_docx.package([*head, *parts])


def _inside(sample: Sample, key: str) -> str:
    return "".join((*map(as_docx._paragraph, sample.text(key)), *_grids(sample, key)))


def _grids(sample: Sample, key: str) -> list[str]:
    return as_docx._tables(sample, key, "official")


def _frame(rows: Sequence[Sequence[str]]) -> str:
    """A table that only arranges what stands in it."""
    ruler = '<w:gridCol w:w="4500"/>' * len(rows[0])
    lines = ("".join(f"<w:tc>{inside}<w:p/></w:tc>" for inside in row) for row in rows)
    return f"<w:tbl><w:tblGrid>{ruler}</w:tblGrid>{''.join(f'<w:tr>{x}</w:tr>' for x in lines)}</w:tbl>"


@variant("Word: a row for each section")
def _rows(sample: Sample) -> tuple[str, bytes]:
    heads = {key: as_docx._paragraph(sample.heading(key)) for key in sample.sections}
    return _word(sample, [_frame([[heads[k] + _inside(sample, k)] for k in sample.sections])])


@variant("Word: the headings in a column of their own")
def _columns(sample: Sample) -> tuple[str, bytes]:
    heads = {key: as_docx._paragraph(sample.heading(key)) for key in sample.sections}
    return _word(sample, [_frame([[heads[k], _inside(sample, k)] for k in sample.sections])])


# --- pages -----------------------------------------------------------------------------------


def _page(sample: Sample, parts: Sequence[str]) -> tuple[str, bytes]:
    head = f"{MARK}<h1>{escape(sample.title)}</h1>{''.join(map(paragraph, sample.opening))}"
    return ".html", (head + "".join(parts)).encode()


def _section(
    sample: Sample, key: str, heading: str | None = None, of: Callable[[Grid], str] = table
) -> str:
    own = paragraph(sample.heading(key) if heading is None else heading)
    grids = map(of, tables(sample, key))
    return "".join((own, *map(paragraph, sample.text(key)), *grids))


def sections(sample: Sample, heading: Callable[[str], str] = lambda x: x) -> list[str]:
    """All sections, their headings dressed."""
    return [_section(sample, key, heading(sample.heading(key))) for key in sample.sections]


@variant("the tables follow as attachments")
def _attached(sample: Sample) -> tuple[str, bytes]:
    texts = [_section(sample, key, of=lambda _: "<p>见附表</p>") for key in sample.sections]
    grids = [
        paragraph(f"附件{n}：{SECTIONS[key]}") + "".join(map(table, tables(sample, key)))
        for n, key in enumerate(TABLES, 1)
    ]
    return _page(sample, [*texts, *grids])


@variant("a workbook saved as a page: the words on one sheet, each table on its own")
def _sheets(sample: Sample) -> tuple[str, bytes]:
    words = [_section(sample, key, of=lambda _: "") for key in sample.sections]
    grids = [
        f"<h1>Sheet {n}: <em>表{n}</em></h1>" + "".join(map(table, tables(sample, key)))
        for n, key in enumerate(TABLES, 2)
    ]
    day = sample.published
    signed = (str(sample.source["subject"]), f"{day.year}年{day.month}月{day.day}日")
    return _page(sample, [*words, *map(paragraph, signed), *grids])


@variant("a workbook saved as a page: a sheet for each section, its lines in one column")
def _named_sheets(sample: Sample) -> tuple[str, bytes]:
    parts = []
    for key in sample.sections:
        rows = "".join(f"<tr><td>{escape(line)}</td></tr>" for line in sample.text(key))
        parts.append(f"<h1>{sample.heading(key)}</h1><table>{rows}</table>")
        parts += map(table, tables(sample, key))
    return _page(sample, parts)


@variant("each table before its heading")
def _above(sample: Sample) -> tuple[str, bytes]:
    grids = {key: "".join(map(table, tables(sample, key))) for key in sample.sections}
    return _page(
        sample, [grids[key] + _section(sample, key, of=lambda _: "") for key in sample.sections]
    )


def _minor(heading: str) -> str:
    return f"（{heading[0]}）{heading[2:]}"


def _bare(heading: str) -> str:
    return heading[2:]


for _name, _dress, _more in (
    ("", lambda x: x, ()),
    (", numbered as parts", _minor, ()),
    (", not numbered", _bare, ("ordinal-missing",)),
):  # fmt: skip
    for _said, _keys in (("six before five", (1, 2, 3, 4, 6, 5)), ("five first", (5, 1, 2, 3, 4, 6)),
                         ("four before three", (1, 2, 4, 3, 5, 6))):  # fmt: skip
        VARIANTS[_said + _name] = lambda s, k=_keys, d=_dress: _page(  # type: ignore[misc]
            s, sections(reordered(s, *k), d)
        )
        NOTED[_said + _name] = frozenset(("section-order", *_more))


@variant("six before five, numbered anew", "section-order", "ordinal-wrong")
def _renumbered(sample: Sample) -> tuple[str, bytes]:
    of = reordered(sample, 1, 2, 3, 4, 6, 5)
    said = {"others": "五、其他需要报告的事项", "problems": "六、存在的主要问题及改进情况"}
    return _page(of, [_section(of, key, said.get(key)) for key in of.sections])


@variant("numbered as parts, a sentence with the words of its heading")
def _sentence(sample: Sample) -> tuple[str, bytes]:
    return _page(sample, sections(sample, _minor))


EDITED["numbered as parts, a sentence with the words of its heading"] = {
    "others": "未收取信息处理费。\n无其他需要报告的事项。"
}


# --- tables whose words or cells are written otherwise ---------------------------------------


def _edited(key: str, edit: Callable[[Grid], Grid]) -> Variant:
    """A page with one table changed."""

    def make(sample: Sample) -> tuple[str, bytes]:
        def of(k: str) -> str:
            return _section(sample, k, of=lambda g: table(edit(g) if k == key else g))

        return _page(sample, list(map(of, sample.sections)))

    return make


KINDS = ("行政复议", "未经复议直接起诉", "复议后起诉")
HAN = str.maketrans(
    "总体况动开务规发废现许处罚强费数请无复议诉讼维结纠审问题进项报关络执统计类护权组织业机构会",
    "總體況動開務規發廢現許處罰強費數請無復議訴訟維結糾審問題進項報關絡執統計類護權組織業機構會",
)


def _repeated(grid: Grid) -> Grid:
    """Each cell once for every column that it is merged over, as programs for figures write it."""
    return [[part for c in row for part in [replace(c, columns=1)] * c.columns] for row in grid]


def _numbered(grid: Grid) -> Grid:
    """The columns numbered below their heads."""
    return [*grid[:3], [Cell("栏次", columns=3), *(Cell(str(n)) for n in range(1, 8))], *grid[3:]]


def _dated(grid: Grid) -> Grid:
    """The year where the form says that it is this one."""
    return [[replace(c, text=c.text.replace("本年", "2024年")) for c in row] for row in grid]


def _joined(over: str) -> Callable[[Grid], Grid]:
    """Table four with the labels of group and column in one cell."""

    def edit(grid: Grid) -> Grid:
        kinds = [KINDS[0], *(f"{over}{kind}" for kind in KINDS[1:])]
        return [[Cell(f"{a}-{b}") for a in kinds for b in OUTCOMES.values()], grid[3]]

    return edit


def _circled(grid: Grid) -> Grid:
    def text(c: Cell) -> str:
        numbered = c.text[1:2] == "." and not c.number
        return "①②③④⑤⑥⑦⑧"[int(c.text[0]) - 1] + c.text[2:] if numbered else c.text

    return [[replace(c, text=text(c)) for c in row] for row in grid]


VARIANTS |= {
    "table two, merged cells repeated": _edited("disclosure", _repeated),
    "heads that name the year": _edited("disclosure", _dated),
    "columns numbered": _edited("applications", _numbered),
    "table four, joined heads": _edited("disputes", _joined("")),
    "table four, heads joined with all groups": _edited("disputes", _joined("行政诉讼-")),
    "rows numbered in circles": _edited("applications", _circled),
}
NOTED["heads that name the year"] = frozenset(("label-changed",))
NOTED |= dict.fromkeys(VARIANTS.keys() - NOTED.keys(), frozenset())


@variant("traditional script")
def _traditional(sample: Sample) -> tuple[str, bytes]:
    def of(grid: Grid) -> str:
        return table(grid, lambda c: cell(c, c.text.translate(HAN)))

    parts = [_section(sample, k, sample.heading(k).translate(HAN), of) for k in sample.sections]
    return _page(sample, parts)


# --- text as programs write it ---------------------------------------------------------------


def _own(grid: Grid) -> list[list[str]]:
    """The cells as the markup has them, merged or not."""
    return [[c.text for c in row] for row in grid]


def _copied(grid: Grid) -> list[list[str]]:
    """Every place of the grid with the text of the cell that covers it."""
    found: list[list[str]] = []
    for at, row in enumerate(placed(grid)):
        line: list[str] = []
        for column, c in row:
            line += [c.text] * c.columns if c is not None else [found[at - 1][column]]
        found.append(
            line + found[-1][len(line) :] if found and len(line) < len(found[-1]) else line
        )
    return found


def _bars(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(["", lines[0], "|" + " --- |" * len(rows[0]), *lines[1:], ""])


def _flat(
    sample: Sample,
    of: Callable[[Grid], str],
    suffix: str = ".md",
    said: Callable[[str], str] = lambda x: x,
    title: str = "# {}",
) -> tuple[str, bytes]:
    out = [title.format(sample.title), *sample.opening]
    for key in sample.sections:
        out += [said(sample.heading(key)), *sample.text(key), *map(of, tables(sample, key))]
    return suffix, "\n\n".join(out).encode()


def _boxed(grid: Grid) -> str:
    rows = ["│ " + " │ ".join(row) + " │" for row in _own(grid)]
    return "\n├────┼────┤\n".join(["┌────┬────┐", *rows, "└────┴────┘"])


def _emphasised(grid: Grid) -> str:
    return _bars(
        [[x if x[:1].isdigit() and x.isdigit() else f"**{x}**" for x in r] for r in _own(grid)]
    )


def _escaped(grid: Grid) -> str:
    def of(text: str) -> str:
        half = len(text) // 2
        escaped = f"{text[:half]}<br>{text[half:]}" if len(text) > 8 else text
        return escaped.replace(".", "\\.").replace("（", "&#xFF08;") or "&nbsp;"

    return _bars([[of(x) for x in row] for row in _own(grid)])


FLAT: dict[str, Variant] = {
    "tables in markup": lambda s: _flat(s, lambda g: f"<html><body>{table(g)}</body></html>"),
    "tables in markup, .txt": lambda s: _flat(
        s, lambda g: table(g).replace("<tr>", "\n<tr>\n"), ".txt"
    ),
    "merged cells repeated": lambda s: _flat(s, lambda g: _bars(_copied(g))),
    "repeated, tabs": lambda s: _flat(
        s, lambda g: "\n".join("\t".join(row) for row in _copied(g)), ".txt"
    ),
    "drawn boxes": lambda s: _flat(s, _boxed, ".txt"),
    "emphasis": lambda s: _flat(s, _emphasised, said=lambda x: f"**{x}**", title="**{}**"),
    "escapes, entities, breaks": lambda s: _flat(
        s, _escaped, said=lambda x: f"## {x}", title="# [{}](/a_(1).html)"
    ),
    "semicolons": lambda s: _flat(s, lambda g: "\n".join(";".join(row) for row in _own(g)), ".txt"),
    "commas": lambda s: _flat(
        s, lambda g: "\n".join(",".join(x.replace(",", "") for x in row) for row in _own(g)), ".txt"
    ),
}
