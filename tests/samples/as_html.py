"""Samples as web pages: a plain one, and two as content management systems make them."""

from __future__ import annotations

import re
from html import escape
from string import Template

from grids import Cell, Grid, tables
from sample import HERE, Sample

PAGES = {name: HERE / "pages" / f"{name}.html" for name in ("simple", "cms", "portal")}

BORDERS = (
    "<style>table { border-collapse: collapse } td { border: 1px solid #000; font-size: 7pt }</style>"
    "</head>"
)


def page(
    sample: Sample,
    style: str = "simple",
    encoding: str = "utf-8",
    *,
    nowrap: bool = False,
    sheet: bool = False,
) -> bytes:
    """One sample; `style` is the page around it; `nowrap` keeps figures on one line; `sheet`
    leaves the borders of tables to a style sheet."""
    rich = style != "simple"
    blocks = [_paragraph(line, rich) for line in sample.opening]
    for key in sample.sections:
        heading = sample.heading(key)
        blocks.append(_paragraph(heading, rich) if rich else f"<h2>{escape(heading)}</h2>")
        blocks.extend(_paragraph(line, rich) for line in sample.text(key))
        blocks.extend(_table(grid, rich, nowrap) for grid in tables(sample, key))
    facts = {
        "encoding": encoding,
        "title": escape(sample.title),
        "subject": escape(str(sample.source["subject"])),
        "date": sample.published.isoformat(),
        "body": "\n".join(blocks),
    }
    template = Template(PAGES[style].read_text(encoding="utf-8"))
    whole = template.substitute(facts)
    if sheet:
        whole = whole.replace(' border="1" cellspacing="0"', "").replace("</head>", BORDERS, 1)
    return whole.encode(encoding)


def _paragraph(text: str, rich: bool) -> str:
    if not rich:
        return f"<p>{escape(text)}</p>"
    return f'<p style="text-indent: 2em; line-height: 2">{_broken(text)}<o:p></o:p></p>'


def _broken(text: str) -> str:
    """Words and numbers split over spans, as text pasted from a word processor is."""
    pieces = re.findall(r"20|\d+|[^\d]{1,23}", text)
    return "".join(f'<span style="font-family: 仿宋">{escape(piece)}</span>' for piece in pieces)


def _table(grid: Grid, rich: bool, nowrap: bool) -> str:
    lines = ["".join(_cell(cell, rich, nowrap) for cell in line) for line in grid]
    rows = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table border="1" cellspacing="0"><tbody>\n{rows}\n</tbody></table>'


def _cell(cell: Cell, rich: bool, nowrap: bool) -> str:
    spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    spans += " nowrap" if nowrap and cell.number else ""
    text = escape(cell.text)
    if rich and cell.number:
        text = f"<p><span>&nbsp;{text}</span><o:p></o:p></p>"
    elif rich:
        text = f'<p align="center">{_broken(cell.text)}</p>'
    return f"<td{spans}>{text}</td>"
