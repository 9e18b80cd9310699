"""What Markdown and other markup add to plain text: taken off, or read as the tables it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import pairwise

from auditor.model import Cell, Table
from auditor.readers._blocks import joined

_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~^$&])")
_GOAL = (
    r"\(\s*(?:<[^<>]*>|[^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)"
    r"(?:\s+\"[^\"]*\")?\s*\)"
)
_PICTURE = re.compile(rf"!\[[^\]]{{0,200}}\]{_GOAL}")
_LINK = re.compile(rf"\[([^\[\]]{{1,200}})\]{_GOAL}")
_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(b|i|u|em|strong|span|font|center|p|div|sup|sub|small|mark|a)(?:\s[^<>]{0,400})?/?>",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"</([a-z]{1,6})>", re.IGNORECASE)
_BARS = "│┃║┆┇┊┋"
_CORNERS = "┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋┠┨┯┷┿╂╟╢╤╧╪╫"
_LINES = frozenset(_BARS + _CORNERS)
_BOXES = str.maketrans(
    dict.fromkeys(_BARS, "|") | dict.fromkeys("─━═┄┅┈┉", "-") | dict.fromkeys(_CORNERS, "+")
)
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_RULE = re.compile(r"^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?)?\s*$")
_FIGURE = re.compile(r"\s*(?:[-－—–/]?[0-9０-９.．]*|无)\s*")
_COUNT = re.compile(r"[-+－—–/]?[0-9０-９.．,，]*|无")
_THOUSANDS = re.compile(r"(?:^|,)[1-9１-９][0-9０-９]{0,2},[0-9０-９]{3}(?![0-9０-９])")
_GRID = re.compile(r"^\s*[+|]?(?:[-=]+[+|])+[-=]*\s*$")
_RULES = 4  # of such a grid
_FRAMED = re.compile(r"(?<=\|)[ \t]*(?:NaN|Unnamed: [0-9]{1,3}(?:_level_[0-9])?)[ \t]*(?=\|)")
_WHOLE = re.compile(r"(?<=\|)[ \t]*(-?[0-9]{1,15})\.0[ \t]*(?=\|)")
_SENTENCE = re.compile("[，。；：]")
_TABLE = re.compile(r"<(/?)table\b[^<>]*>", re.IGNORECASE)
_FEWEST = 3  # columns of a table whose merged cells are repeated
_LONGEST = 5_000  # characters of such a line
_FIGURES, _ROWS = 6, 5  # so many lines of figures make a text one of values parted by commas


def plain_line(line: str) -> str:
    """A line without the signs of emphasis, escapes, links, simple tags and entities."""
    if not _LINES.isdisjoint(line):
        line = line.translate(_BOXES)
    if "<" in line:
        line = _without_tags(_BREAK.sub(" " if "|" in line else "\n", line))
    if "](" in line:
        line = _LINK.sub(r"\1", _PICTURE.sub("", line))
    if "**" in line or "__" in line:
        line = _BOLD.sub(r"\2", line)
    if "\\" in line:
        line = _ESCAPE.sub(r"\1", line)
    if "&" in line:
        from html import unescape

        line = _ENTITY.sub(lambda match: unescape(match.group()), line)
    return line


def _without_tags(line: str) -> str:
    """A line without simple tags: those in pairs, and one that is the whole line. Any other is
    something that the text speaks of."""
    if _TAG.fullmatch(line.strip()):
        return ""
    closed = {match[1].lower() for match in _CLOSING.finditer(line)}
    return _TAG.sub(lambda match: "" if match[1].lower() in closed else match[0], line)


def tables_in(text: str) -> Iterator[tuple[int, int]]:
    """Where whole tables in markup stand, from the first sign to the last, the outermost only."""
    depth = begin = 0
    for match in _TABLE.finditer(text):
        if not match[1]:
            begin = begin if depth else match.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield begin, match.end()


def repeated(lines: Sequence[str]) -> Table | None:
    """Rows as the table whose merged cells they repeat; None where they do not.

    Only where every line has as many cells and some label stands twice side by side is it sure
    that each cell stands in its own column.
    """
    rows = [_cells(line) for line in lines if not _RULE.match(line)]
    columns = len(rows[0]) if rows else 0
    if columns < _FEWEST or any(len(row) != columns for row in rows):
        return None
    if not any(a == b and len(a) > 1 and a[-1].isalpha() for row in rows for a, b in pairwise(row)):
        return None
    cells = [
        Cell(text, at, column) for at, row in enumerate(rows) for column, text in enumerate(row)
    ]
    return Table(tuple(cells), len(rows), columns)


def boxed(lines: Sequence[str]) -> Table | None:
    """Rows between rules as a table; None where they are no plain grid. A row may take several
    lines."""
    if sum(_GRID.match(line) is not None for line in lines) < _RULES:
        return None
    rows: list[list[list[str]]] = []
    fresh = True
    for line in lines:
        if _GRID.match(line):
            fresh = True
            continue
        pieces = _cells(line)
        if rows and len(pieces) != len(rows[0]):
            return None
        if fresh:
            rows.append([[] for _ in pieces])
            fresh = False
        for cell, piece in zip(rows[-1], pieces, strict=True):
            cell.append(piece)
    cells = [
        Cell(joined(pieces), at, column)
        for at, row in enumerate(rows)
        for column, pieces in enumerate(row)
    ]
    columns = len(rows[0]) if rows else 0
    return Table(tuple(cells), len(rows), columns) if columns >= _FEWEST else None


def without_frames(text: str) -> str:
    """Rows as they were before a library of data frames wrote them: no names for columns that
    have none, nothing for cells without a value, no points for whole numbers."""
    if not _FRAMED.search(text):
        return text
    return _WHOLE.sub(r" \1 ", _FRAMED.sub("  ", text))


def values(text: str) -> list[list[str]]:
    """The rows of a text whose lines all hold as many values, parted by tabs, commas or
    semicolons, as a program saves a sheet; none of any other text."""
    head = text[: text.find("\n")]
    sign = max("\t,;", key=head.count)
    if head.count(sign) < _FEWEST - 1:
        return []
    import csv

    try:
        rows = [row for row in csv.reader(StringIO(text, newline=""), delimiter=sign) if row]
    except csv.Error:
        return []
    return rows if len(rows) >= _ROWS and len(set(map(len, rows))) == 1 else []


def in_columns(table: Table) -> bool:
    """Whether each cell stands in its own column, not where the cells left of it end: in rows
    of figures no column holds words here and figures there."""
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text:
            rows.setdefault(cell.row, []).append(cell)
    figures, words = set[int](), set[int]()
    for row in rows.values():
        told = {cell.column for cell in row if _COUNT.fullmatch(cell.text)}
        if told:
            figures |= told
            words |= {cell.column for cell in row} - told
    return figures.isdisjoint(words)


def separated(text: str) -> str:
    """Values separated by commas or semicolons as values separated by tabs, where a text is made
    of such."""
    lines = text.split("\n")
    if sum(line.count(";") >= _FIGURES and _ends_so(line) for line in lines) >= _ROWS:
        said = (_SENTENCE.search(line) and not _ends_so(line) for line in lines)
        return "\n".join(x if s else _tabbed(x) for x, s in zip(lines, said, strict=True))
    rows = list(filter(_is_figures, lines))
    sure = {_figures(row) for row in rows if not _THOUSANDS.search(row)}
    if len(rows) < _ROWS or any(_figures(row) not in sure for row in rows):
        return text  # 1,234 is one figure or two
    import csv

    for at, line in enumerate(lines):
        short = "," in line and len(line) < _LONGEST
        if short and (_SENTENCE.search(line) is None or '"' in line or _is_figures(line)):
            lines[at] = "\t".join(next(csv.reader([line]), []))
    return "\n".join(lines)


def _ends_so(line: str) -> bool:
    """Whether a line ends with a row's figures between semicolons."""
    last = _tabbed(line).rstrip().split("\t")[-_FIGURES:]
    return len(last) == _FIGURES and all(map(_FIGURE.fullmatch, last))


def _tabbed(line: str) -> str:
    import csv

    if ";" not in line or len(line) >= _LONGEST:
        return line
    return "\t".join(next(csv.reader([line], delimiter=";"), []))


def _figures(line: str) -> int:
    """How many figures a line ends with, if only commas part them."""
    quoted = '"' in line and len(line) < _LONGEST
    values = (_parted(line) if quoted else line.rstrip().split(","))[::-1]
    return next((n for n, x in enumerate(values) if not _FIGURE.fullmatch(x)), len(values))


def _parted(line: str) -> list[str]:
    """Values between quotes."""
    import csv

    return next(csv.reader([line.rstrip()]), [])


def _is_figures(line: str) -> bool:
    """Whether a line ends with as many as a row of figures has."""
    return line.count(",") >= _FIGURES and _figures(line) >= _FIGURES


def is_row(line: str) -> bool:
    """Whether a line is a row between bars or of several values between tabs."""
    if _ROW.match(line) is not None or line.count("\t") >= _FEWEST - 1:
        return True
    return line.count("+") > 1 and _GRID.match(line) is not None


def _cells(line: str) -> list[str]:
    match = _ROW.match(line)
    values = match[1].split("|") if match else line.split("\t")
    return [value.strip() for value in values]
