"""A zip archive as a folder: what is in it, and the bytes of one member within the limits.

Nothing is ever written to disk, so that no name in an archive can lead anywhere.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from auditor.errors import DocumentError, Said
from auditor.readers._package import METHODS, ZIP_FAULTS, packed_badly
from auditor.readers.limits import Limits, shown, too_large

if TYPE_CHECKING:
    from zipfile import ZipInfo

SUFFIX = ".zip"

_PROTECTED, _UTF_8 = 0x1, 0x800
_FILES = 10  # of the largest size that all members may have together
_DRIVE = re.compile(r"^[A-Za-z]:")
_JUNK = ("__MACOSX", "__macosx")


class Member(NamedTuple):
    """A file in an archive: its number there, and its name as people know it."""

    number: int
    name: str


class Archive:
    """An open archive. Raises DocumentError `broken`, `missing`, `too-large`."""

    def __init__(self, source: Path | bytes | BinaryIO, limits: Limits) -> None:
        from zipfile import BadZipFile, ZipFile

        self._limits = limits
        try:
            self._zip = ZipFile(BytesIO(source) if isinstance(source, bytes) else source)
        except (BadZipFile, *ZIP_FAULTS) as wrong:
            raise packed_badly(str(wrong)) from None
        self._entries = self._zip.infolist()
        if len(self._entries) > limits.members:
            raise too_large("压缩包成员数", "archive members", len(self._entries), limits.members)
        unpacked = sum(entry.file_size for entry in self._entries)
        if unpacked > (most := _FILES * limits.size):
            raise too_large("解压后字节数", "unpacked bytes", unpacked, most)

    def members(self) -> list[Member]:
        """The files, in the order of their names; folders and what systems leave behind are not."""
        found = []
        taken: set[str] = set()
        for number, entry in enumerate(self._entries):
            parts = _parts(entry)
            # An entry may have no name at all: the library cannot tell whether that is a folder.
            if not parts or entry.is_dir() or any(map(_is_junk, parts)):
                continue
            name = "/".join(parts)
            stem, dot, suffix = name.rpartition(".")
            times = 2
            while name in taken:  # two files of one name are two files
                name = f"{stem} ({times}){dot}{suffix}"
                times += 1
            taken.add(name)
            found.append(Member(number, name))
        return sorted(found, key=_by_name)

    def data(self, number: int) -> bytes:
        """The bytes of a member. Raises DocumentError `broken`, `encrypted`, `too-large`."""
        from zipfile import BadZipFile
        from zlib import error as zlib_error

        entry, limits = self._entries[number], self._limits
        _check(entry, limits)
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(limits.size + 1)
        except (BadZipFile, zlib_error, *ZIP_FAULTS) as wrong:
            raise packed_badly(str(wrong)) from None
        if len(data) > limits.size:
            raise too_large("字节数", "bytes", len(data), limits.size)
        return data


def _by_name(member: Member) -> str:
    return member.name


def _parts(entry: ZipInfo) -> list[str]:
    """The folders and the name, without anything that leads out of the archive."""
    name = _DRIVE.sub("", _name(entry).replace("\\", "/"))
    return [shown(part) for part in PurePosixPath(name).parts if part.strip("/") not in ("", "..")]


def _name(entry: ZipInfo) -> str:
    """The name in its own encoding: programs of Chinese systems write GBK and do not say so."""
    if entry.flag_bits & _UTF_8 or entry.filename.isascii():
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _is_junk(part: str) -> bool:
    return part.startswith((".", "~$")) or part in _JUNK


def _check(entry: ZipInfo, limits: Limits) -> None:
    """Refuse a member by what its entry says. Raises DocumentError."""
    if entry.flag_bits & _PROTECTED:
        raise DocumentError(
            "encrypted",
            Said(
                "压缩包设了密码，无法读取。请解压后再审核。",
                "the archive is protected by a password; unpack it first",
            ),
        )
    if entry.compress_type not in METHODS:
        raise packed_badly(f"compression {entry.compress_type}")
    if entry.file_size > limits.size:
        raise too_large("字节数", "bytes", entry.file_size, limits.size)
    packed = max(1, entry.compress_size)
    if entry.file_size > 1_000_000 and entry.file_size > packed * limits.ratio:
        raise too_large("压缩倍数", "compression ratio", entry.file_size // packed, limits.ratio)
