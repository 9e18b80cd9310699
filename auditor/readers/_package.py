"""An office file as a set of XML parts, opened with limits: no bombs, no entities."""

from __future__ import annotations

import re
from io import BytesIO
from posixpath import join, normpath
from struct import error as StructError  # noqa: N812 - a class under a function's name
from typing import TYPE_CHECKING

from auditor.errors import DocumentError, Said
from auditor.own import MADE, MARK
from auditor.readers._characters import Scrubber, characters, has_radicals
from auditor.readers.limits import Limits, broken, shown, too_large

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element
    from zipfile import ZipInfo

_DECLARED = [
    word.encode(codec)
    for word in ("<!DOCTYPE", "<!ENTITY", "<!doctype", "<!entity")
    for codec in ("utf-8", "utf-16-le", "utf-16-be")
]
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
_SAFE_ENCODINGS = frozenset((b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"))
_SMALL = 1_000_000
_LOCAL = b"PK\x03\x04"
METHODS = (0, 8)  # stored and deflated: office programs use no other
ZIP_FAULTS = (
    OSError, ValueError, NotImplementedError, EOFError, RuntimeError, IndexError, OverflowError,
    StructError,
)  # fmt: skip
_CORE = "docProps/core.xml"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# The same vocabulary has two namespaces; one is enough for us.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main",
     b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main",
     b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)  # fmt: skip


class Package:
    """The parts of an office file by their names.

    Raises DocumentError: `broken`, `encrypted`, `too-large`.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        from zipfile import BadZipFile, ZipFile

        self._limits = limits
        self._data = data
        try:
            found = ZipFile(BytesIO(data)).infolist()
        except (BadZipFile, *ZIP_FAULTS) as wrong:
            raise packed_badly(str(wrong)) from None
        self._members: dict[str, ZipInfo] = {}
        for member in found:
            _check(member, limits)
            self._members[member.filename.lower().lstrip("/")] = member
        _check_all(found, limits)

    def part(self, name: str) -> bytes | None:
        """The bytes of a part, None where there is none; names know no case."""
        member = self._members.get(name.lower().lstrip("/"))
        return None if member is None else self._unpacked(member)

    def _unpacked(self, member: ZipInfo) -> bytes:
        """One member, never more of it than its entry promises: what promises less is refused."""
        from zlib import crc32, decompressobj
        from zlib import error as zlib_error

        at, size, data = member.header_offset, member.file_size, self._data
        lengths = (int.from_bytes(data[at + n : at + n + 2], "little") for n in (26, 28))
        start = at + 30 + sum(lengths)
        part = data[start : start + member.compress_size]
        try:
            if member.compress_type:
                part = decompressobj(-15).decompress(part, size + 1)
        except zlib_error as wrong:
            raise packed_badly(f"{member.filename}: {wrong}") from None
        if len(part) != size or crc32(part) != member.CRC or data[at : at + 4] != _LOCAL:
            raise packed_badly(f"{member.filename}: size or checksum")
        return part

    def names(self) -> tuple[str, ...]:
        """The names of all parts, in lower case."""
        return tuple(self._members)

    def safe(self, name: str) -> bytes:
        """The bytes of an XML part without declarations; empty where there is none."""
        data = self.part(name)
        return b"" if data is None else self._safe(data, name)

    def tree(self, name: str) -> Element | None:
        """A part parsed, None where there is none."""
        # The parser is the standard one: what makes it unsafe, declarations, is refused before.
        from xml.etree.ElementTree import ParseError, fromstring

        data = self.part(name)
        if data is None:
            return None
        data = self._safe(data, name)
        try:
            return fromstring(data)  # noqa: S314
        except (ParseError, ValueError, LookupError) as wrong:
            name = shown(name)
            raise broken(
                f"{name} 不是完整的 XML（{wrong}）", f"{name} is not XML: {wrong}"
            ) from None

    def related(self, name: str) -> dict[str, str]:
        """Kind → name of the parts that a part refers to; `` is the package itself."""
        folder, _, file = name.rpartition("/")
        tree = self.tree(join(folder, "_rels", f"{file}.rels"))
        found: dict[str, str] = {}
        for relation in tree.iter(_RELATION) if tree is not None else ():
            if relation.get("TargetMode") != "External":
                kind = relation.get("Type", "").rpartition("/")[2]
                target = relation.get("Target", "")
                found.setdefault(kind, normpath(join("/", folder, target)).lstrip("/"))
        return found

    def targets(self, name: str) -> dict[str, str]:
        """Id → name of the parts inside the package that a part refers to."""
        folder, _, file = name.rpartition("/")
        tree = self.tree(join(folder, "_rels", f"{file}.rels"))
        return {
            relation.get("Id", ""): normpath(join("/", folder, relation.get("Target", ""))).lstrip(
                "/"
            )
            for relation in (tree.iter(_RELATION) if tree is not None else ())
            if relation.get("TargetMode") != "External"
        }

    def metadata(self, scrub: Scrubber) -> dict[str, str]:
        """`title` and `creator` as the author's program recorded them; the mark of our own."""
        data = self.safe(_CORE)
        found: dict[str, str] = {MADE: MARK} if MARK.encode() in data else {}
        for key in ("title", "creator") if data else ():
            # Most files leave both out: a look at the bytes spares the parse.
            if b":%b>" % key.encode() in data and (tree := self.tree(_CORE)) is not None:
                element = tree.find(_DUBLIN + key)
                text = scrub(element.text or "").strip() if element is not None else ""
                found |= {key: text} if text else {}
        return found

    def _safe(self, data: bytes, name: str) -> bytes:
        elements = data.count(b"<")
        if elements > self._limits.nodes:
            raise too_large("XML 标记数", "XML tags", elements, self._limits.nodes)
        declared = _ENCODING.match(data)
        odd = b"<!" in data or b"\0" in data  # one quick search instead of twelve
        if (odd and any(word in data for word in _DECLARED)) or (
            declared and declared[1].lower() not in _SAFE_ENCODINGS
        ):
            name = shown(name)
            raise broken(
                f"{name} 含有 DTD、实体声明或不允许的编码",
                f"{name} has a DTD, an entity or an encoding that is not allowed",
            )
        for strict, usual in _STRICT:
            if strict in data:
                data = data.replace(strict, usual)
        if has_radicals(data) and b"\0" not in data:
            data = characters(data.decode(errors="surrogateescape")).encode(
                errors="surrogateescape"
            )
        return data


def _check(member: ZipInfo, limits: Limits) -> None:
    if member.flag_bits & 0x1:
        raise DocumentError(
            "encrypted",
            Said(
                "压缩包内容已加密，无法读取。请取消密码保护后另存。",
                "the archive is protected by a password; save it without protection",
            ),
        )
    if member.compress_type not in METHODS:
        raise packed_badly(f"{member.filename}: compression {member.compress_type}")
    size, packed = member.file_size, max(1, member.compress_size)
    if size > _SMALL and size > packed * limits.ratio:
        raise too_large("压缩倍数", "compression ratio", size // packed, limits.ratio)


def _check_all(members: list[ZipInfo], limits: Limits) -> None:
    if len(members) > limits.members:
        raise too_large("压缩包成员数", "archive members", len(members), limits.members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked:
        raise too_large("解压后字节数", "unpacked bytes", unpacked, limits.unpacked)


def packed_badly(why: str) -> DocumentError:
    why = shown(why)
    return broken(
        "文件内部不完整或已损坏，请打开后另存再试", f"the archive is cut or damaged: {why}"
    )
