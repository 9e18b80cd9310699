"""Samples as Word documents, written as raw XML so that the bytes never change."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from grids import Cell, Grid, placed, split, tables, width
from sample import Sample

EPOCH = (1980, 1, 1, 0, 0, 0)
SPACE = "http://schemas.openxmlformats.org"
MAIN = f"{SPACE}/wordprocessingml/2006/main"
OFFICE = f"{SPACE}/officeDocument/2006/relationships"
PACKAGE = f"{SPACE}/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPED = re.compile(r"^(?:[一二三四五六]、|（[一二三四五六]）)")
TOPIC = re.compile(r"^（[一二三四五六]）([^。]{2,16})。(.+)$")
STARTS = ("第二十条",)
WIDTHS = {4: (2400,) * 4, 10: (800, 1100, 2800, *(700,) * 7), 15: (640,) * 15}


def document(
    sample: Sample, headings: str = "styled", layout: str = "official", *, wide: bool = False
) -> bytes:
    """One sample as Word.

    `headings`: styled (a style, typed ordinals), plain (nothing but text), auto (numbered by
    their style) or direct (numbered paragraph by paragraph). `layout` split: one table an article.
    `wide`: a large sheet whose columns hold large numbers on one line.
    """
    body = [
        _paragraph(sample.title, style="Title"),
        *([_paragraph(f"（{_day(sample)}）", align="center")] if _on_top(sample) else []),
        *map(_paragraph, sample.opening),
    ]
    for key in sample.sections:
        body.append(_heading(sample.heading(key), 0, headings))
        body.extend(_narrative(sample.text(key), headings))
        body.extend(_tables(sample, key, layout))
    if not _on_top(sample):
        body.append(_paragraph(str(sample.source["subject"]), align="right"))
        body.append(_paragraph(_day(sample), align="right"))
    whole = package(body, numbered=headings == "auto")
    return _widened(whole) if wide else whole


def package(body: Iterable[str], *, numbered: bool = False) -> bytes:
    """The zip around a body: stored, with a fixed date and order, so that it is reproducible."""
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations({f"{OFFICE}/officeDocument": "word/document.xml"}),
        "word/document.xml": _document("".join(body)),
        "word/_rels/document.xml.rels": _relations(
            {f"{OFFICE}/styles": "styles.xml", f"{OFFICE}/numbering": "numbering.xml"}
        ),
        "word/styles.xml": _styles(numbered=numbered),
        "word/numbering.xml": _numbering(linked=numbered),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (XML + text).encode())
    return buffer.getvalue()


def _widened(whole: bytes) -> bytes:
    """The same on a sheet of twice the size, lying, with columns to match."""
    large = '<w:pgSz w:w="23811" w:h="16838" w:orient="landscape"/>'
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["word/document.xml"].decode()
    body = re.sub(r"<w:pgSz[^>]*/>", large, body)
    body = re.sub(r'(<w:(?:gridCol|tcW|tblW) w:w=")([0-9]+)', _wider, body)
    parts["word/document.xml"] = body.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _wider(match: re.Match[str]) -> str:
    return f"{match[1]}{11 * int(match[2]) // 5}"


def blank_form(sample: Sample, title: str, notes: dict[str, str]) -> bytes:
    """The official form that nobody has filled in yet."""
    body = [_paragraph(title, style="Title")]
    for key in sample.sections:
        body.append(_heading(sample.heading(key), 0, "styled"))
        body.extend([_paragraph(notes[key])] if key in notes else [])
        body.extend(_tables(sample, key, "official"))
    return package(body)


def _on_top(sample: Sample) -> bool:
    return bool(sample.source.get("date_on_top"))


def _day(sample: Sample) -> str:
    day = sample.published
    return f"{day.year}年{day.month}月{day.day}日"


def _heading(text: str, level: int, headings: str) -> str:
    """A heading; its typed ordinal goes where Word numbers by itself."""
    if headings == "plain":
        return _paragraph(text)
    if headings == "styled":
        return _paragraph(text, style=f"Heading{level + 1}")
    bare = TYPED.sub("", text)
    if headings == "auto":
        return _paragraph(bare, style=f"Heading{level + 1}")
    return _paragraph(bare, settings=_numbered(level))


def _narrative(lines: list[str], headings: str) -> list[str]:
    """Paragraphs; numbered sub-topics become headings of their own where Word numbers."""
    out: list[str] = []
    for line in lines:
        topic = TOPIC.match(line) if headings in ("auto", "direct") else None
        if topic:
            out.append(_heading(topic[1], 1, headings))
            out.append(_paragraph(topic[2]))
        else:
            out.append(_paragraph(line))
    return out


def _tables(sample: Sample, key: str, layout: str) -> list[str]:
    """The tables of a section, with the empty paragraph that Word wants between two."""
    grids = tables(sample, key)
    if layout == "split" and key == "disclosure":
        grids = split(grids[0], STARTS)
    return [_table(grid) + _paragraph("") for grid in grids]


def _table(grid: Grid) -> str:
    columns = width(grid)
    ruler = "".join(f'<w:gridCol w:w="{size}"/>' for size in WIDTHS[columns])
    lines = "".join(f"<w:tr>{_row(row, WIDTHS[columns])}</w:tr>" for row in _rows(grid))
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="9600" w:type="dxa"/></w:tblPr>'
        f"<w:tblGrid>{ruler}</w:tblGrid>"
        f"{lines}</w:tbl>"
    )


Line = list[tuple[Cell, bool]]


def _rows(grid: Grid) -> Iterable[Line]:
    """Rows with, for each place, its cell and whether it only goes on from above."""
    above: dict[int, Cell] = {}
    for row in placed(grid):
        line: Line = []
        for column, cell in row:
            line.append((cell or above[column], cell is None))
            above[column] = line[-1][0]
        yield line


def _row(line: Line, widths: tuple[int, ...]) -> str:
    text, column = "", 0
    for cell, goes_on in line:
        text += _cell(cell, goes_on, sum(widths[column : column + cell.columns]))
        column += cell.columns
    return text


def _cell(cell: Cell, goes_on: bool, size: int) -> str:
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    merge = ""
    if cell.rows > 1:
        merge = "<w:vMerge/>" if goes_on else '<w:vMerge w:val="restart"/>'
    text = "" if goes_on else cell.text
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/>{span}{merge}</w:tcPr>'
        f"{_paragraph(text, align='center', style='Cell')}</w:tc>"
    )


def _paragraph(text: str, style: str = "", align: str = "", settings: str = "") -> str:
    """A paragraph; figures are runs of their own, as Word leaves them when fonts change."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    aligned = f'<w:jc w:val="{align}"/>' if align else ""
    inside = styled + settings + aligned
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{escape(piece)}</w:t></w:r>'
        for piece in re.findall(r"[0-9]+|[^0-9]+", text)
    )
    return f"<w:p>{f'<w:pPr>{inside}</w:pPr>' if inside else ''}{runs}</w:p>"


def _numbered(level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'


def _document(body: str) -> str:
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    return f'<w:document xmlns:w="{MAIN}"><w:body>{body}{page}</w:body></w:document>'


def _relations(targets: dict[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def _types() -> str:
    parts = {"document": "document.main", "styles": "styles", "numbering": "numbering"}
    entries = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD_TYPE}.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{entries}</Types>'
    )


def _styles(*, numbered: bool) -> str:
    headings = [
        _style(
            f"Heading{level + 1}",
            f"heading {level + 1}",
            (_numbered(level) if numbered else "") + f'<w:outlineLvl w:val="{level}"/>',
        )
        for level in (0, 1)
    ]
    styles = [
        _style("Normal", "Normal"),
        _style("Title", "Title", '<w:jc w:val="center"/>'),
        *headings,
        _style("Cell", "cell"),
        '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:tblPr>'
        f"<w:tblBorders>{_borders()}</w:tblBorders></w:tblPr></w:style>",
    ]
    return f'<w:styles xmlns:w="{MAIN}">{"".join(styles)}</w:styles>'


def _style(key: str, name: str, settings: str = "") -> str:
    default = ' w:default="1"' if key == "Normal" else ""
    inside = f"<w:pPr>{settings}</w:pPr>" if settings else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{key}">'
        f'<w:name w:val="{name}"/>{inside}</w:style>'
    )


def _borders() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in sides)


def _numbering(*, linked: bool) -> str:
    """Level one 一、 and level two （一）, both counted by Word; `linked` to the heading styles."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        + (f'<w:pStyle w:val="Heading{level + 1}"/>' if linked else "")
        + f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate(("%1、", "（%2）"))
    )
    return (
        f'<w:numbering xmlns:w="{MAIN}"><w:abstractNum w:abstractNumId="0">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
