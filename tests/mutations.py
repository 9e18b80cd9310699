"""Documents changed at random where their readers look, and the numbers that may come of them."""

from __future__ import annotations

import html as entities
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from random import Random

from auditor.model import Document, Picture, Table
from auditor.readers import _characters

NUMBER = re.compile("[0-9]+")
TAG = re.compile(r"<[^<>]*>")
PARTS: Mapping[str, tuple[str, ...]] = {
    "docx": ("word/document.xml", "word/styles.xml", "word/numbering.xml"),
    "xlsx": ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"),
    "ods": ("content.xml",),
}
"""The parts of an archive that its reader reads."""

Mutate = Callable[[bytes], bytes]


def mutated(data: bytes, rng: Random) -> bytes:
    """A few slices taken out, doubled, exchanged or overwritten."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        until = min(len(data), at + rng.choice((1, 1, 2, 8, 40, 300)))
        piece = data[at:until]
        other = rng.randrange(len(data) + 1)
        put = rng.choice(
            (b"", piece + piece, data[other : other + len(piece)], rng.randbytes(len(piece)),
             piece[::-1], rng.choice((b"<", b">", b"&", b'"', b"\0", b"</td>", b"99", b"\xff\xfe")))
        )  # fmt: skip
        data = data[:at] + put + data[until:]
    return data


def changed_inside(whole: bytes, names: tuple[str, ...], mutate: Mutate, rng: Random) -> bytes:
    """One part of an archive changed; now and then the bytes of the archive itself."""
    parts = unpacked(whole)
    known = [name for name in names if name in parts]
    if not known or rng.random() < 0.1:
        return mutate(whole)
    name = rng.choice(known)
    return zipped({**parts, name: mutate(parts[name])})


def unpacked(whole: bytes) -> dict[str, bytes]:
    """The parts of an archive that can be read; none where it is none any more."""
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(whole)) as opened:
            for name in opened.namelist():
                with suppress(zipfile.BadZipFile):
                    found[name] = opened.read(name)
    except Exception:  # noqa: BLE001 - what is wrong is for the reader to say
        return found
    return found


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A plain archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return buffer.getvalue()


def source_of(kind: str, given: bytes) -> str:
    """All text of a document, tags included: what may come out of it."""
    if kind not in PARTS:
        return _characters.decode(given, tolerant=True).text
    parts = unpacked(given)
    return "\n".join(parts.get(name, b"").decode("utf-8", "replace") for name in PARTS[kind])


def invented(document: Document, kind: str, given: bytes) -> str:
    """A number that the document does not hold, digit after digit; `` where there is none."""
    source = source_of(kind, given)
    there = (_digits(source), _digits(TAG.sub("", source)))
    for text in _shown(document):
        for number in NUMBER.findall(unicodedata.normalize("NFKC", text)):
            if not (any(number in one for one in there) or _glued(number, source)):
                return str(number)
    return ""


def _digits(text: str) -> str:
    """The digits of a text with nothing between them."""
    return "".join(NUMBER.findall(unicodedata.normalize("NFKC", entities.unescape(text))))


def _shown(document: Document) -> Iterator[str]:
    """Every text of every cell; and paragraphs, but for pages, where torn tags glue them."""
    for block in document.blocks:
        if isinstance(block, Table):
            yield from (cell.text for cell in block.cells)
        elif not isinstance(block, Picture) and document.format != "html":
            yield block.text


def _glued(number: str, source: str) -> bool:
    """Whether two runs of the source make the number: a torn tag swallows what parts them."""
    runs = set(NUMBER.findall(unicodedata.normalize("NFKC", source)))
    return any(number[:at] in runs and number[at:] in runs for at in range(1, len(number)))
