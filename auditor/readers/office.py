"""Files that only an office program reads (.doc .wps .rtf .odt) → Document, by conversion."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from auditor.errors import DocumentError, Said
from auditor.model import Document, Location, Observation, Table, Text
from auditor.readers.limits import Limits, Options, broken

SUFFIXES = (".doc", ".wps", ".rtf", ".odt", ".wpt", ".dot")

_WPS = (".wps", ".wpt")
_RTF = b"{\\rtf"
_ZIP = b"PK"
_FIGURE = re.compile(r"[0-9][0-9.,]*")


def read(data: bytes, name: str, options: Options) -> Document:
    """What the word-processor reader makes of the file once it is converted.

    Raises DocumentError `broken`, `encrypted`, `too-large`, `unsupported`.
    """
    from auditor.readers import _convert, docx

    kind = checked(data, name, options.limits)
    converted = _convert.stored(data)
    if converted is None:
        converted = _convert.converted(data, kind, options.limits.seconds)
    document = docx.read(converted, name, options)
    seen = document.observations
    if kind == "odt" and _figures_of(data, options.limits) - Counter(_figures(document)):
        seen = (*seen, Observation("cut-off", location=Location(name), detail="table"))
    return replace(document, format=kind, observations=seen)


def _figures_of(data: bytes, limits: Limits) -> Counter[str]:
    """The cells of an OpenDocument text that hold nothing but a figure.

    The program drops cells of a table whose merged cells overlap others, without a word.
    """
    from auditor.readers._ods import texts_of_cells
    from auditor.readers._package import Package

    return Counter(filter(_FIGURE.fullmatch, texts_of_cells(Package(data, limits))))


def _figures(document: Document) -> Iterator[str]:
    """The same in what was read, wherever it stands there."""
    for block in document.blocks:
        if isinstance(block, Table):
            yield from (cell.text.strip() for cell in block.cells)
        elif isinstance(block, Text):
            yield block.text.strip()


def prepare(files: list[tuple[str, bytes]], limits: Limits) -> None:
    """Convert many files with one start of the program; what fails is tried again alone."""
    from auditor.readers import _convert

    wanted = []
    for name, data in files:
        try:
            wanted.append((data, checked(data, name, limits)))
        except DocumentError:
            continue  # it will be said when the file is read
    _convert.convert_all(wanted, limits.seconds)


def checked(data: bytes, name: str, limits: Limits) -> str:
    """The format of a file that may be handed to the program: `doc`, `wps`, `rtf` or `odt`."""
    from auditor.readers import _ole

    suffix = PurePath(name).suffix.lower()
    if data.startswith(_RTF):
        return "rtf"
    if data.startswith(_ZIP):
        return _odt(data, limits)
    inside = _ole.kind(data)
    if inside == "word" or (not inside and suffix in _WPS and _ole.streams(data)):
        return "wps" if suffix in _WPS else "doc"
    raise broken(
        "不是完整的 Word、WPS、RTF 或 ODF 文件", "it is no whole Word, WPS, RTF or ODF file"
    )


def _odt(data: bytes, limits: Limits) -> str:
    """An OpenDocument text, looked at before a large program opens it."""
    from auditor.readers._ods import refuse_encrypted
    from auditor.readers._package import Package

    package = Package(data, limits)
    refuse_encrypted(package)
    names = package.names()
    if "content.xml" not in names:
        raise broken("缺少 content.xml", "there is no content.xml")
    for name in ("content.xml", "styles.xml", "meta.xml", "settings.xml"):
        package.safe(name)
    return "odt"


def not_installed() -> DocumentError:
    """What to do where there is no office program."""
    return DocumentError(
        "unsupported",
        Said(
            "读取这种文件需要 LibreOffice（Debian：apt install libreoffice-writer-nogui），"
            "或者请另存为 .docx 后再试。",
            "this kind of file needs LibreOffice (Debian: apt install libreoffice-writer-nogui); "
            "or save it as .docx",
        ),
    )
