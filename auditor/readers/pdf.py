"""PDF files with text → Document: ruled tables from their lines, text from its glyphs.

pdfium is not made for threads: one document at a time, and every handle is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from auditor.errors import DocumentError, Said
from auditor.model import Block, Document, Location, Observation, Table, Text
from auditor.readers._blocks import Budget
from auditor.readers._characters import Scrubber
from auditor.readers.limits import Limits, Options, broken, too_large

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

    from auditor.readers._pdf_glyphs import Glyph
    from auditor.readers._pdf_marks import Marks
    from auditor.readers._pdf_pages import Leaf
    from auditor.readers._pdf_sheet import Sheet

SUFFIXES = (".pdf",)

_LOCK = Lock()
_PASSWORD = (4, 5)  # pdfium's codes: a password is wanted; an unknown way of protection
_DATE = re.compile(
    r"D:([0-9]{4})([01][0-9])([0-3][0-9])(?:([0-2][0-9])([0-5][0-9])(?:([0-5][0-9]))?)?"
)
_LINK = 2
_SILENT = (1, _LINK, 16)  # notes that print nothing on the page: comments, links, pop-ups
_FLATTENED = 0
_HIDDEN = 20  # glyphs: fewer are left over from editing
_REASONS = {
    "scan": ("这是扫描件，没有文字层", "it is a scan without text"),
    "unmapped": ("文字没有编码，无法取得", "its fonts do not tell which characters they draw"),
    "fontless": ("文字所用字体未嵌入文件，无法取得", "its fonts are not in the file"),
}
_DETAILS = {
    "scan": "scan", "unmapped": "glyphs without characters", "fontless": "fonts not in the file",
}  # fmt: skip
_STOPS, _PROSE = ("，", "。"), 3  # signs of prose, and how many cells with them are no label
_POINTS = ("，", "。", "；", "、")
_SHREDS, _GAPS, _LONG = 3, 2, 14  # lines, gaps in each, letters of a piece at most
_TORN_LETTERS = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff（《])")
_TAIL = 32  # bytes after the end mark that say nothing


def read(data: bytes, name: str, options: Options) -> Document:
    """Blocks in reading order.

    Raises DocumentError `broken`, `encrypted`, `too-large`, `unsupported` (a scan, and the extra
    that reads scans is not installed).
    """
    from auditor.readers._pdf_beside import side_by_side
    from auditor.readers._pdf_gutters import columns_of
    from auditor.readers._pdf_margins import page_numbers
    from auditor.readers._pdf_pages import leaf_of
    from auditor.readers._pdf_parts import pages_of
    from auditor.readers._pdf_story import blocks_of
    from auditor.readers._pdf_trial import is_risky, try_out

    _check_end(data)
    if is_risky(data):
        try_out(data, options.limits)
    budget = Budget(options.limits)
    with _LOCK, _opened(data) as pdf:
        sheets, in_place = side_by_side(_sheets(pdf, options.limits))
        sheets = pages_of(sheets)
        metadata = _metadata(pdf)
        numbers = page_numbers(sheets)
        leaves = [leaf_of(sheet, numbers, budget) for sheet in columns_of(sheets)]
        leaves, recognised = _recognised(pdf, leaves, budget, name)
    _check_text(leaves)
    blocks = blocks_of(leaves, name)
    blocks = blocks if in_place else tuple(map(_out_of_place, blocks))
    ruled = any(isinstance(block, Table) for block in blocks)
    seen = (
        *_observed(leaves, name),
        *recognised,
        *_cut(sheets, name, in_place),
        *_torn(blocks, name),
        *(_shredded(blocks, name) if ruled else ()),
    )
    return Document(name, "pdf", blocks, metadata, seen, flattened=not ruled)


@contextmanager
def _opened(data: bytes) -> Iterator[PdfDocument]:
    import pypdfium2

    # For some files pdfium gives no reason of its own: let it not be that for an earlier file.
    pypdfium2.raw.FPDF_LoadMemDocument64(b"", 0, None)
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refused(error) from None
    try:
        if pdf.get_formtype():
            pdf.init_forms()
        yield pdf
    finally:
        pdf.close()


def _refused(error: Exception) -> DocumentError:
    if getattr(error, "err_code", None) in _PASSWORD or "assword" in str(error):
        return DocumentError(
            "encrypted",
            Said(
                "文件已加密，无法读取。请取消密码保护后另存。",
                "the file is protected by a password; save it without protection",
            ),
        )
    return broken("不是可以打开的 PDF", "it cannot be opened as a PDF")


def _check_end(data: bytes) -> None:
    """Refuse files that were cut off: what stood at the end must not pass for absent.

    pdfium mends such files silently, or shows the state before the last change.
    """
    end = data.rfind(b"%%EOF")
    length = re.search(rb"/Linearized\b[^>]{0,200}?/L\s+([0-9]{1,12})", data[:2048])
    if end < 0 and b"startxref" not in data:
        raise broken("结尾缺失，文件不完整", "its end is missing, the file is incomplete")
    if length is not None and len(data) + _TAIL < int(length[1]):
        raise broken("文件不完整，短于所载长度", "it is shorter than it says it is")
    if end >= 0 and re.search(rb"[0-9] [0-9]+ obj\b", data[end + 5 :]):
        raise broken("最后一次修改不完整", "its last change is incomplete")


def _sheets(pdf: PdfDocument, limits: Limits) -> list[Sheet]:
    """All pages, upright. Raises DocumentError `too-large`, `broken`."""
    import pypdfium2

    if len(pdf) > limits.pages:
        raise too_large("页数", "pages", len(pdf), limits.pages)
    until = monotonic() + limits.seconds
    glyphs = limits.glyphs
    sheets = []
    for number in range(1, len(pdf) + 1):
        try:
            sheet, count = _sheet(pdf, number, limits, glyphs)
        except pypdfium2.PdfiumError:
            raise broken(f"第 {number} 页无法打开", f"page {number} cannot be opened") from None
        glyphs -= count
        if monotonic() > until:
            raise too_large("读取秒数", "seconds of reading", f"> {limits.seconds}", limits.seconds)
        sheets.append(sheet)
    return sheets


def _sheet(pdf: PdfDocument, number: int, limits: Limits, most: int) -> tuple[Sheet, int]:
    """One page and the number of its glyphs, of which no more than `most` may be there."""
    from auditor.readers._pdf_glyphs import turned_back
    from auditor.readers._pdf_marks import Walk
    from auditor.readers._pdf_native import handle
    from auditor.readers._pdf_sheet import sheet_of

    page = _page(pdf, number)
    try:
        left, bottom, right, top = page.get_bbox()
        rotation = page.get_rotation() // 90 % 4
        walk = Walk(limits)
        marks = walk.page(handle(page.raw))
        glyphs, seen, count = _glyphs(page, marks, most, limits)
        lost = walk.lost(seen)
        clips = walk.clips()
        back = walk.turned(lost)
        if back:
            more, known, _ = _glyphs(page, marks, most, limits, seen)
            glyphs += [turned_back(g, back[g.order]) for g in more if g.order in back]
            lost = {text: at for text, at in lost.items() if text not in known}
    finally:
        page.close()
    crop = (left, -top, right, -bottom)
    return sheet_of(number, glyphs, marks, lost.values(), clips, crop, rotation), count


def _glyphs(
    page: PdfPage, marks: Marks, most: int, limits: Limits, known: AbstractSet[int] = frozenset()
) -> tuple[list[Glyph], set[int], int]:
    """The glyphs of text objects that are not known yet, those objects, and the count of all."""
    from auditor.readers._pdf_glyphs import glyphs_of
    from auditor.readers._pdf_native import handle

    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > most:
            raise too_large("字符数", "characters", f"> {limits.glyphs:,}", limits.glyphs)
        return *glyphs_of(handle(text.raw), marks.order, known, marks.outer), count
    finally:
        text.close()


def _page(pdf: PdfDocument, number: int) -> PdfPage:
    """A page with its form fields and notes drawn into it, as they are when it is printed."""
    from auditor.readers._pdf_native import handle, native

    api = native()
    page = pdf[number - 1]
    raw = handle(page.raw)
    for index in range(api.FPDFPage_GetAnnotCount(raw)):
        note = api.FPDFPage_GetAnnot(raw, index)
        kind = api.FPDFAnnot_GetSubtype(note) if note else _LINK
        if note:
            api.FPDFPage_CloseAnnot(note)
        if kind not in _SILENT:
            drawn = api.FPDFPage_Flatten(raw, 0) == _FLATTENED
            if drawn:
                page.close()
                page = pdf[number - 1]
            break
    return page


def _recognised(
    pdf: PdfDocument, leaves: list[Leaf], budget: Budget, name: str
) -> tuple[list[Leaf], list[Observation]]:
    """Read the pages without text from their pictures, if the extra for that is there."""
    # Where fonts are missing pdfium draws others in their place: what it shows is not to be read.
    wanted = [n.sheet.number for n in leaves if n.unread and n.unread != "fontless"]
    if not wanted:
        return leaves, []
    from auditor.readers import _ocr, _scan

    if not _ocr.is_installed():
        return leaves, []
    found, seen = _scan.pages(pdf, wanted, budget, name)
    return [_read_in(leaf, found.get(leaf.sheet.number)) for leaf in leaves], seen


def _read_in(leaf: Leaf, found: Leaf | None) -> Leaf:
    """A page as its picture shows it, in its place."""
    return replace(found, sheet=replace(found.sheet, place=leaf.sheet.place)) if found else leaf


def _check_text(leaves: Sequence[Leaf]) -> None:
    """Refuse documents of which no page can be read as text. Raises DocumentError."""
    from auditor.readers._pdf_lines import Line
    from auditor.readers._pdf_pages import Ruled

    readable = any(
        isinstance(item, Line | Ruled) for leaf in leaves if not leaf.unread for item in leaf.items
    )
    unread = {leaf.unread for leaf in leaves if leaf.unread}
    if readable or not unread:
        return
    zh, en = _REASONS[next(why for why in _REASONS if why in unread)]
    if "fontless" in unread:
        # Recognition would read what pdfium draws in place of the missing fonts.
        raise DocumentError(
            "unsupported",
            Said(
                f"{zh}。请提供嵌入了字体的 PDF，或 .docx。",
                f"{en}: supply a PDF with its fonts embedded, or a .docx",
            ),
        )
    from auditor.readers._ocr import missing

    raise missing(zh, en)


def _observed(leaves: Sequence[Leaf], name: str) -> Iterator[Observation]:
    """What was noticed on the pages."""
    for leaf in leaves:
        at = Location(name, page=leaf.sheet.number)
        if leaf.unread:
            yield Observation("unreadable", location=at, detail=_DETAILS[leaf.unread])
        elif leaf.sheet.unmapped:
            detail = f"glyphs without characters: {leaf.sheet.unmapped}"
            yield Observation("unreadable", location=at, detail=detail)
        if len(leaf.sheet.hidden) >= _HIDDEN:
            yield Observation("hidden-content", location=at)


def _out_of_place(block: Block) -> Block:
    """A table of which nobody knows which rows and columns it holds."""
    if not isinstance(block, Table):
        return block
    return replace(block, cells=tuple(c._replace(doubt=c.doubt or "cut") for c in block.cells))


def _cut(sheets: Sequence[Sheet], name: str, in_place: bool) -> Iterator[Observation]:
    """Pages whose lines are cut off; without a page, that columns are, or
    stand on pages of their own."""
    from auditor.readers._pdf_beside import loses_columns, loses_words

    if not in_place or any(sheet.seams or loses_columns(sheet) for sheet in sheets):
        yield Observation("cut-off", location=Location(name))
    for sheet in sheets:
        if loses_words(sheet):
            yield Observation("cut-off", location=Location(name, page=sheet.number))


def _torn(blocks: Sequence[Block], name: str) -> Iterator[Observation]:
    """Pages with prose in cells that do not close: its lines were cut at rules of another table."""
    from auditor.readers._pdf_cells import TORN

    for block in blocks:
        cells = block.cells if isinstance(block, Table) else ()
        prose = [c for c in cells if c.doubt == TORN and any(s in c.text for s in _STOPS)]
        for page in {cell.page for cell in prose} if len(prose) >= _PROSE else ():
            yield Observation("cut-off", location=Location(name, page=page))


def _shredded(blocks: Sequence[Block], name: str) -> Iterator[Observation]:
    """Pages of narrow columns that could not be told apart: lines made of pieces of sentences."""
    lines = [b for b in blocks if isinstance(b, Text) and _is_shredded(b.text)]
    for page in {line.location.page for line in lines} if len(lines) >= _SHREDS else ():
        yield Observation("cut-off", location=Location(name, page=page))


def _is_shredded(text: str) -> bool:
    """Whether a line has gaps between letters, as between figures and signs it may have some, and
    no piece is long; a spread title has pieces of one letter."""
    pieces = text.split(" ")
    if len(_TORN_LETTERS.findall(text)) < _GAPS or not any(sign in text for sign in _POINTS):
        return False
    return max(map(len, pieces)) <= _LONG and len(text) >= 3 * len(pieces)


def _metadata(pdf: PdfDocument) -> dict[str, str]:
    """Title, author and date of creation, where they are told."""
    given = pdf.get_metadata_dict(skip_empty=True)
    scrub = Scrubber()
    found = {
        key.lower(): " ".join(scrub(given.get(key, "")).split()) for key in ("Title", "Author")
    }
    match = _DATE.match(given.get("CreationDate", ""))
    if match:
        year, month, day, hour, minute, second = match.groups(default="00")
        found["created"] = f"{year}-{month}-{day}T{hour}:{minute}:{second}"
    return {key: value for key, value in found.items() if value}
