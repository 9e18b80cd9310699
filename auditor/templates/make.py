"""Make the default templates from their texts: `python -m auditor.templates.make`.

The result is committed: whoever uses the program needs only Word to change a template.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from auditor.renderers._papers.package import repacked
from auditor.templates import FOLDER

_LATIN = "Times New Roman"
_SONG, _FANGSONG, _HEI, _KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_FALLBACKS = {_SONG: "华文中宋", _FANGSONG: "仿宋", _HEI: "SimHei", _KAI: "楷体"}
_EPOCH = datetime(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks: font, size in points, alignment, indents in characters."""

    font: str = _FANGSONG
    size: float = 16
    align: str = "justify"
    first: float = 2
    left: float = 0
    leading: float = 28
    before: float = 0
    after: float = 0
    bold: bool = False
    keep: bool = False


LOOKS = {
    "title": Look(_SONG, 22, "center", 0, leading=34, before=14, after=20, keep=True),
    "to": Look(first=0),
    "body": Look(),
    "h1": Look(_HEI, keep=True, before=6),
    "h2": Look(_KAI, keep=True),
    "line": Look(),
    "note": Look(_FANGSONG, 12, "left", 0, leading=20),
    "sign": Look(align="right", first=0, before=14),
    "issuer": Look(align="right", first=0, before=14, keep=True),
    "last": Look(keep=True),
    "tag": Look(size=10.5, first=0, leading=14),
}
CHECKLIST = LOOKS | {
    "title": Look(_HEI, 20, "center", 0, leading=30, after=6, keep=True),
    "to": Look(_HEI, 14, "center", 0, leading=24, after=4),
    "h1": Look(_HEI, 14, "left", 0, leading=24, before=10, after=2, keep=True),
    "box": Look(_HEI, 12, "left", 0, leading=21, before=6, keep=True),
    "line": Look(_FANGSONG, 12, "left", 0, left=2, leading=20),
    "body": Look(_FANGSONG, 12, "left", 0, leading=20),
    "note": Look(_FANGSONG, 10.5, "left", 0, leading=18, before=4),
}
_ALIGN = {
    "center": WD_ALIGN_PARAGRAPH.CENTER, "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT, "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}  # fmt: skip


def main() -> None:
    """Write every template of every language beside its text."""
    for lang in ("zh", "en"):
        texts = yaml.safe_load((FOLDER / f"{lang}.yaml").read_text(encoding="utf-8"))
        for paper, paragraphs in texts.items():
            Path(FOLDER / f"{paper}.{lang}.docx").write_bytes(made(paper, paragraphs))


def made(paper: str, paragraphs: Sequence[Mapping[str, Any]]) -> bytes:
    """One template, the same bytes every time."""
    document = Document()
    looks = CHECKLIST if paper == "checklist" else LOOKS
    _page(document, narrow=paper == "checklist")
    for entry in paragraphs:
        ((kind, text),) = entry.items()
        if kind == "table":
            _table(document, text)
        elif kind == "break":
            _broken(document.add_paragraph())
        else:
            _written(document.add_paragraph(), str(text), looks[kind])
    _numbered(document.sections[0].footer.paragraphs[0])
    _fallbacks(document)
    about = document.core_properties
    about.author, about.comments, about.title = "", "", ""
    about.created = about.modified = _EPOCH
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def _page(document: Any, *, narrow: bool) -> None:
    """A4 with the margins of an official letter; the clerk's list has narrower ones."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    sides = (2.0, 2.0, 2.0, 2.0) if narrow else (3.7, 3.5, 2.8, 2.6)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Cm(side) for side in sides
    )
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, Pt(16)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FANGSONG)


def _written(paragraph: Any, text: str, look: Look) -> None:
    shape = paragraph.paragraph_format
    shape.alignment = _ALIGN[look.align]
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(look.leading)
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.first_line_indent = Pt(look.first * look.size)
    shape.left_indent = Pt(look.left * look.size)
    shape.keep_with_next = look.keep
    _inked(paragraph.add_run(text), look.font, look.size, bold=look.bold)


def _broken(paragraph: Any) -> None:
    """A new page, begun by a line that is next to nothing: a break that stands on a full page by
    itself would leave an empty one."""
    shape = paragraph.paragraph_format
    shape.page_break_before = True
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    shape.space_before = shape.space_after = Pt(0)
    paragraph.add_run("").font.size = Pt(1)


def _inked(run: Any, font: str, size: float, *, bold: bool = False) -> None:
    run.font.name, run.font.size, run.font.bold = _LATIN, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _table(document: Any, told: Mapping[str, Any]) -> None:
    """A table whose second row is repeated for each entry; its head stands on every page."""
    widths = told["widths"]
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = Cm(wide)  # what programs other than Word go by
    rows = (
        (told["head"], _HEI),
        ([f"{{%tr for {told['loop']} %}}"] + [""] * (len(widths) - 1), _FANGSONG),
        (told["row"], _FANGSONG),
        (["{%tr endfor %}"] + [""] * (len(widths) - 1), _FANGSONG),
    )
    for texts, font in rows:
        cells = table.add_row().cells
        for at, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            cell.width = Cm(widths[at])
            align = "left" if at == 1 and font != _HEI else "center"
            _written(cell.paragraphs[0], text, Look(font, 10.5, align, 0, leading=16))
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)


def _numbered(paragraph: Any) -> None:
    """— 1 — in the middle of the foot."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("", "— "), ("begin", ""), ("instr", "PAGE"), ("end", ""), ("", " —")):
        run = paragraph.add_run(text if not kind else "")
        _inked(run, "宋体", 14)
        if kind == "instr":
            code = OxmlElement("w:instrText")
            code.text = text
            run._element.append(code)
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)


def _fallbacks(document: Any) -> None:
    """Where a font is not installed, one that looks much like it."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name, other in _FALLBACKS.items()
    )
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = part.blob.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())


if __name__ == "__main__":
    main()
