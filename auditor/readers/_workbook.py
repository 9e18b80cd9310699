"""An Office Open XML workbook, opened so that no cell of it can harm: its sheets as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from struct import pack
from typing import TYPE_CHECKING
from zlib import crc32

from auditor.errors import DocumentError
from auditor.readers.limits import Limits, broken, shown, too_large
from auditor.readers.watch import Stopped

if TYPE_CHECKING:
    from auditor.readers._calamine import Sheet
    from auditor.readers._package import Package

# What the library needs; pictures and drawings it must not even see.
_NEEDED = re.compile(
    r"\[content_types\]\.xml$|_rels/\.rels$"
    r"|xl/(?!media/|drawings/|theme/|charts/|embeddings/|printersettings/).*\.(?:xml|rels)$"
)
# A cell that does not say where it is, within ZZ9999, or whose value is not simply there.
_UNUSUAL = re.compile(
    rb'<c(?! r="[A-Z]{1,2}[0-9]{1,4}"(?: s="[0-9]+")?(?: t="(?:s|n|b|str|inlineStr)")?'
    rb"(?:/|><(?:v|is))>)(?=[\s/>])"
)
_PREFIXED = re.compile(rb":c[\s/>]")
_ELEMENT = re.compile(rb"<(?:[^\s<>/]*:)?(?:(row)|c)(?=[\s/>])([^>]*)")
_PLACE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\s*([A-Za-z]{0,3})([0-9]{0,7})\s*[\"']")
_WIDEST, _LONGEST = 16_384, 1_048_576
_CELL = re.compile(rb"<(\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c\s*>", re.DOTALL)
_TYPE = re.compile(rb"\bt\s*=\s*[\"'](\w*)[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*))")
_SAVED = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*[^/>]?>([^<]+)")


def sheets(package: Package, limits: Limits) -> list[Sheet]:
    """The sheets of a workbook. Raises DocumentError `broken`, `encrypted`, `too-large`."""
    from auditor.readers import _calamine
    from auditor.readers._sheet_parts import with_parts

    parts = _checked_parts(package, limits)
    try:
        found = _calamine.sheets(_stored(parts), limits.grid)
    except OverflowError as wrong:
        raise _too_wide(int(str(wrong)), limits) from None
    except BaseException as wrong:
        # A panic of the library is no Exception; what this process is told to do still counts.
        if isinstance(wrong, KeyboardInterrupt | SystemExit | MemoryError | Stopped):
            raise
        raise failed(type(wrong).__name__, str(wrong)) from None
    return with_parts(package, parts, found)


def failed(kind: str, text: str) -> DocumentError:
    """The refusal of what the library could not read."""
    why = shown(f"{kind}: {text}")
    return broken(f"工作簿无法解析（{why}）", f"the workbook cannot be parsed: {why}")


def _too_wide(units: int, limits: Limits) -> DocumentError:
    return too_large("工作表单元格数", "cells of a sheet", units, limits.grid)


def _checked_parts(package: Package, limits: Limits) -> dict[str, bytes]:
    """The needed parts: the library sees only what was measured here.

    Sizes in an archive may lie; a part that was unpacked within the limits and is then stored as
    it is cannot become a bomb.
    """
    from auditor.readers._sheet_parts import plain_strings

    parts = {}
    for name in filter(_NEEDED.match, package.names()):
        data = package.safe(name)
        if b"\0" in data:
            raise broken(f"{name} 不是 UTF-8", f"{name} is not UTF-8")
        if b"sheetData" in data:
            data = _checked(data, limits)
        elif name.endswith("sharedstrings.xml"):
            data = plain_strings(data)
        parts[name] = data
    return parts


def _stored(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive of parts as they are; the library of the language takes ten times as long."""
    body, directory = bytearray(), bytearray()
    for name, data in parts.items():
        called = name.encode()
        sizes = (crc32(data), len(data), len(data), len(called), 0)
        about = pack("<5H3I2H", 20, 0x800, 0, 0, 33, *sizes)
        directory += b"PK\1\2\x14\0" + about + pack("<3H2I", 0, 0, 0, 0, len(body)) + called
        body += b"PK\3\4" + about + called + data
    end = pack("<4H2IH", 0, 0, len(parts), len(parts), len(directory), len(body), 0)
    return bytes(body + directory + b"PK\5\6" + end)


def _checked(data: bytes, limits: Limits) -> bytes:
    """A sheet that fits in memory and in which cells without a value say so.

    Raises DocumentError `too-large`.
    """
    if _UNUSUAL.search(data) is None and _PREFIXED.search(data) is None:
        return data
    _measure(data, limits)
    return _CELL.sub(_telling, data)


def _measure(data: bytes, limits: Limits) -> None:
    """Refuse a sheet whose cells span a grid that is too large.

    The library lays a sheet out from its first cell to its last. Raises DocumentError.
    """
    row, column = 0, -1
    top, bottom, left, right = _LONGEST, 0, _WIDEST, 0
    for match in _ELEMENT.finditer(data):
        place = _PLACE.search(match[2])
        if match[1]:
            row, column = int(place[2] or 1) if place else row + 1, -1
            continue
        column = _column(place[1]) if place else column + 1
        at = int(place[2] or 1) if place else row
        top, bottom = min(top, at), max(bottom, at)
        left, right = min(left, column), max(right, column)
    if (units := (bottom - top + 1) * (right - left + 1)) > limits.grid:
        raise _too_wide(units, limits)


def _column(letters: bytes) -> int:
    """AB → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def _telling(match: re.Match[bytes]) -> bytes:
    """A cell with an error, or a formula that no program has worked out yet, as its own text.

    Those are values that nobody knows; the library would give both as blanks.
    """
    prefix, given, inside = match[1] or b"", match[2], match[3]
    kind = _TYPE.search(given)
    saved = _SAVED.search(inside)
    if kind is not None and kind[1] == b"e":
        text = saved[1] if saved else b"#"
    elif saved is None and (formula := _FORMULA.search(inside)):
        text = b"=" + (formula[1] or b"")
    else:
        return match[0]
    given = _TYPE.sub(b"", given)
    return b'<%bc%b t="inlineStr"><%bis><%bt>%b</%bt></%bis></%bc>' % (
        prefix, given, prefix, prefix, text, prefix, prefix, prefix,
    )  # fmt: skip
