"""What a file is by its bytes, whatever it is called. Kinds are named by their usual suffix."""

from __future__ import annotations

import re

from auditor.errors import DocumentError, Said

_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
    (b"RIFF", ".webp"),
    (b"Rar!", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"\x1f\x8b\x08", ".gz"),
)
_ARCHIVES = (
    (b"word/document", ".docx"),
    (b"xl/workbook", ".xlsx"),
    (b"ppt/presentation", ".pptx"),
    (b"opendocument.text", ".odt"),
    (b"opendocument.spreadsheet", ".ods"),
    (b"OFD.xml", ".ofd"),
    (b"word/", ".docx"),
)
_MAIL = re.compile(
    rb"\s*(?:[A-Z][A-Z-]{1,40}:[^\n]{0,999}\n(?:[ \t][^\n]{0,999}\n){0,20}+){0,20}?"
    rb"(?:MIME-Version:|From: <Saved by|Content-Type: *multipart/)",
    re.IGNORECASE,
)
# Atomic: a file of a thousand comments must not be matched in every way there is.
_PAGE = re.compile(
    rb"(?>(?:\s+|<\?xml[^>]*>|<!--.*?-->)*)<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_MARKUP = re.compile(rb"<(?:body|table|div|p|br|span|meta|h[1-6])\b[^>]*>", re.IGNORECASE)
_OBJECT = re.compile(rb"\s*[\[{]")
_HEAD = 65_536

NAMED = {
    ".pdf": ("PDF", "PDF"),
    ".doc": ("Word 97–2003（或 WPS）", "Word 97–2003 or WPS"),
    ".wps": ("WPS 文字", "WPS Writer"),
    ".xls": ("Excel 97–2003", "Excel 97–2003"),
    ".xlsx": ("Excel", "Excel"),
    ".et": ("WPS 表格", "WPS Spreadsheets"),
    ".ppt": ("PowerPoint 97–2003", "PowerPoint 97–2003"),
    ".pptx": ("PowerPoint", "PowerPoint"),
    ".ods": ("ODF 表格", "OpenDocument spreadsheet"),
    ".odt": ("ODF 文本", "OpenDocument text"),
    ".ofd": ("OFD 版式", "OFD"),
    ".rtf": ("RTF", "RTF"),
    ".mht": ("单个文件网页 MHT", "single-file web page (MHT)"),
    ".mhtml": ("单个文件网页 MHT", "single-file web page (MHT)"),
    ".xml": ("XML", "XML"),
    ".zip": ("ZIP 压缩包", "ZIP archive"),
    ".rar": ("RAR 压缩包", "RAR archive"),
    ".7z": ("7z 压缩包", "7z archive"),
    ".gz": ("gzip 压缩包", "gzip archive"),
    ".tgz": ("gzip 压缩包", "gzip archive"),
    ".tar": ("tar 压缩包", "tar archive"),
    ".ceb": ("方正 CEB 版式", "CEB"),
    ".cebx": ("方正 CEBX 版式", "CEBX"),
    ".eml": ("电子邮件", "e-mail"),
    ".msg": ("Outlook 邮件", "Outlook message"),
    ".png": ("图片 PNG", "picture (PNG)"),
    ".jpg": ("图片 JPEG", "picture (JPEG)"),
    ".jpeg": ("图片 JPEG", "picture (JPEG)"),
    ".gif": ("图片 GIF", "picture (GIF)"),
    ".bmp": ("图片 BMP", "picture (BMP)"),
    ".tif": ("图片 TIFF", "picture (TIFF)"),
    ".tiff": ("图片 TIFF", "picture (TIFF)"),
    ".webp": ("图片 WebP", "picture (WebP)"),
}
PAPERS = frozenset(
    ".pdf .doc .wps .xls .xlsx .et .ods .odt .ofd .rtf .mht .mhtml .ceb .cebx".split()  # noqa: SIM905
)
"""Suffixes that a report may well have although no reader is there for it."""

_PICTURES = frozenset((".png", ".jpg", ".gif", ".tif", ".webp"))
_PACKED = frozenset((".rar", ".7z", ".gz", ".tgz", ".tar"))
HOLDERS = _PACKED | {".ppt", ".pptx", ".eml", ".msg"}
"""Suffixes of what may hold a report: in a folder such a file is told of, where others are passed
over."""


def signature(data: bytes) -> str:
    """The kind of a binary file by its magic bytes, `` where it has none.

    Raises DocumentError `encrypted` for a protected office file.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((kind for mark, kind in _ARCHIVES if mark in data), ".zip")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return _checked(kind, data)
    return ".pdf" if b"%PDF-" in data[:1024] and b"\0" in data else ""


def has_marks(head: bytes) -> bool:
    """Whether the first bytes are those of a document or an archive; a picture may be anything."""
    begins = head.startswith((b"PK\x03\x04", *(m for m, kind in _MAGIC if kind not in _PICTURES)))
    return begins or b"%PDF-" in head or is_page(head)


def _checked(kind: str, data: bytes) -> str:
    if kind != ".doc":
        return kind
    from auditor.readers import _ole

    inside = _ole.kind(data)
    if inside == "encrypted" or (not inside and "EncryptedPackage".encode("utf-16-le") in data):
        raise DocumentError(
            "encrypted",
            Said(
                "文件已加密，无法读取。请取消密码保护后另存。",
                "the file is protected by a password; save it without protection",
            ),
        )
    return {"sheet": ".xls", "slides": ".ppt"}.get(inside, ".doc")


def writing(data: bytes) -> str:
    """The kind of a text file: `.html`, `.json`, `.mht`, `.xml`, `.txt`, `` for binary."""
    head = _as_ascii(data[:_HEAD])
    if b"\0" in head:
        return ""
    if _MAIL.match(head):
        return ".mht"
    if is_page(data):
        return ".html"
    if head.lstrip().startswith(b"<?xml"):
        return ".xml"
    if _MARKUP.search(head):
        return ".html"
    return ".json" if _OBJECT.match(head) else ".txt"


def is_page(data: bytes) -> bool:
    """Whether a file says at its beginning that it is a web page."""
    return _PAGE.match(_as_ascii(data[:_HEAD])) is not None


def _as_ascii(head: bytes) -> bytes:
    """Enough of any encoding to look for markup in it."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8", "replace")
    if head.startswith((b"<\0", b"\0<")):
        return head.replace(b"\0", b"")
    return head.removeprefix(b"\xef\xbb\xbf")


def unsupported(kind: str, suffix: str) -> DocumentError:
    """The refusal of a kind that nothing here can read."""
    zh, en = NAMED.get(kind) or NAMED.get(suffix) or ("未知格式", f"unknown {suffix}".strip())
    packed = (kind or suffix) in {".zip", *_PACKED}
    todo = "解压" if packed else "另存为 .docx 或 .html"
    do = "unpack it" if packed else "save it as .docx or .html"
    return DocumentError(
        "unsupported",
        Said(
            f"文件类型：{zh}。本版本尚不能读取，请{todo}后再试。",
            f"this version cannot read this kind of file yet: {en}; {do}",
        ),
    )
