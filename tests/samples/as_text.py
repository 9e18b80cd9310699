"""Samples that have lost their grid: text from Word, from a crawler, and from a PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grids import Cell, Grid, placed, tables
from sample import Sample

LINE = 32
PAGE = 42
SHORT = 14
PIECES = re.compile(r"[0-9][0-9.%/-]*|.")
STOPS = frozenset("，。；：、）〕》”")


def lines(sample: Sample) -> bytes:
    """One cell a line with a TAB before it, as Word's tables become when pasted as text."""
    out = [sample.title, "", *(f"    {line}" for line in sample.opening), ""]
    for key in sample.sections:
        out.append(sample.heading(key))
        out.extend(f"    {line}" for line in sample.text(key))
        for grid in tables(sample, key):
            out.extend(_cell_lines(grid))
        out.append("")
    return _encoded([*out, str(sample.source["subject"]), _day(sample)])


def glued(sample: Sample) -> bytes:
    """All on one line, cells without anything between them, as a crawler leaves it."""
    subject, day = sample.source["subject"], sample.published.isoformat()
    head = [
        f"标题: {sample.title}",
        f"发布时间: {day} 10:20",
        f"发布机构: {subject}",
        "栏目: 政府信息公开年报",
        "==================== 正文 ====================",
    ]
    crumbs = f"当前位置： 首页 > 政府信息公开年报 {sample.title} "
    crumbs += f"来源：{subject} 时间：{day} 字号：大 中 小 "
    body = "".join(sample.opening)
    for key in sample.sections:
        body += sample.heading(key) + "".join(sample.text(key))
        for grid in tables(sample, key):
            body += "".join(cell.text for line in grid for cell in line)
    return _encoded([*head, crumbs + body + " 附件下载 打印本页"])


def pdf(sample: Sample) -> bytes:
    """Text taken from a PDF: wrapped lines, `|` rows, page numbers, long labels on their own."""
    out = [*_wrapped(sample.title), ""]
    for line in sample.opening:
        out.extend(_wrapped(line))
    for key in sample.sections:
        out.extend(["", sample.heading(key)])
        for line in sample.text(key):
            out.extend(_wrapped(line))
        for grid in tables(sample, key):
            out.extend(_bars(grid))
    out.extend(["", str(sample.source["subject"]), _day(sample)])
    return _encoded(list(_paged(out)))


def _encoded(text: list[str]) -> bytes:
    return ("\n".join(text) + "\n").encode()


def _day(sample: Sample) -> str:
    day = sample.published
    return f"{day.year}年{day.month}月{day.day}日"


def _cell_lines(grid: Grid) -> Iterator[str]:
    """Merged cells are empty lines below their first; numbers have the spaces that Word leaves."""
    for row in placed(grid):
        yield ""
        for _, cell in row:
            yield "\t" + (_spaced(cell) if cell else "")


def _spaced(cell: Cell) -> str:
    return f"　{cell.text}" if cell.number else cell.text


def _wrapped(text: str) -> Iterator[str]:
    """Lines of equal length; a number is not broken and no line begins with a stop."""
    line = ""
    for piece in PIECES.findall(text):
        if line and len(line) + len(piece) > LINE and piece not in STOPS:
            yield line
            line = ""
        line += piece
    yield line


def _bars(grid: Grid) -> Iterator[str]:
    """Rows of bars. Labels that are too long for their cell stand on lines before the row."""
    previous = 0
    for line in grid:
        long = [cell.text for cell in line if not cell.number and len(cell.text) > SHORT]
        for text in long:
            yield from (text[start : start + SHORT] for start in range(0, len(text), SHORT))
        cells = [cell.text for cell in line if cell.number or len(cell.text) <= SHORT]
        if not cells:
            continue
        yield f"| {' | '.join(cells)} |"
        if len(cells) != previous:
            yield "|" + "---|" * len(cells)
        previous = len(cells)


def _paged(text: list[str]) -> Iterator[str]:
    """A page number after every so many lines, in the midst of whatever stands there."""
    page, since = 0, 0
    for line, after in zip(text, [*text[1:], ""], strict=True):
        yield line
        since += 1
        if since >= PAGE and not after.startswith("|-"):
            page, since = page + 1, 0
            yield f"— {page} —"
