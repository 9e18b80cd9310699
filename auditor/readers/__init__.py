"""Readers: a file → a Document. Adding a format is adding one module here, nothing else.

A reader is a module with `SUFFIXES` (lower case, the usual one first) and
`read(data, name, options) -> Document`. Heavy libraries are imported inside functions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from auditor.errors import DocumentError, Said
from auditor.model import Document, Location, Observation, Picture
from auditor.own import MARK, own_output
from auditor.readers import _content
from auditor.readers.limits import Limits, LoadYaml, Options, at_most, shown, too_large

__all__ = ["SUFFIXES", "Limits", "has_marks", "known_suffixes", "prepare", "read", "supported"]

_TOGETHER = 40  # files in memory at once


class Reader(Protocol):
    """What a module of this package must have to be a reader."""

    SUFFIXES: tuple[str, ...]

    def read(self, data: bytes, name: str, options: Options) -> Document:
        """Bytes → Document; raises DocumentError."""


def _readers() -> dict[str, str]:
    """Suffix → module name, found by walking the package. Names with `_` are parts, no readers."""
    found = {}
    for info in iter_modules(__path__):
        if not info.name.startswith("_"):
            module = import_module(f"{__name__}.{info.name}")
            found.update(dict.fromkeys(getattr(module, "SUFFIXES", ()), info.name))
    return found


SUFFIXES: Mapping[str, str] = _readers()


def has_marks(head: bytes) -> bool:
    """Whether a file is a document, or an archive, by its first bytes."""
    return _content.has_marks(head)


def known_suffixes() -> frozenset[str]:
    """Suffixes of documents that can be read, are known but not readable yet, or may hold some."""
    return frozenset(SUFFIXES) | _content.PAPERS | _content.HOLDERS


def supported(path: Path) -> bool:
    """Whether a file can be read, judged by its suffix alone."""
    return path.suffix.lower() in SUFFIXES


def prepare(
    files: Iterable[tuple[Path, Callable[[int], bytes | None]]],
    *,
    limits: Limits = Limits(),
) -> None:
    """Do once for a batch what would take long for each file: conversions by another program.

    `files` are paths with what gives their bytes, so many at most, None for those of the file
    itself. Nothing is refused here; a batch without such files costs nothing.
    """
    wanted = [pair for pair in files if SUFFIXES.get(pair[0].suffix.lower()) == "office"]
    if len(wanted) < 2:
        return
    from auditor.readers import office

    for start in range(0, len(wanted), _TOGETHER):
        found = []
        for path, content in wanted[start : start + _TOGETHER]:
            try:
                found.append((path.name, content(limits.size) or _bytes(path, limits.size)))
            except DocumentError:
                continue  # it will be said when the file is read
        office.prepare(found, limits)


def read(
    path: Path | str,
    *,
    data: bytes | None = None,
    limits: Limits = Limits(),
    load_yaml: LoadYaml | None = None,
) -> Document:
    """Read a file, or `data` under the name `path` (`-` for standard input).

    Raises DocumentError: `missing`, `empty`, `too-large`, `unsupported`, `encrypted`, `broken`,
    `duplicate-key`, `not-a-number`.
    """
    name = str(path)
    if data is None:
        data = _bytes(Path(path), limits.size)
    if len(data) > limits.size:
        raise too_large("字节数", "bytes", len(data), limits.size)
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise _empty()
    suffix = Path(name).suffix.lower()
    kind = _kind(data, suffix)
    reader = cast(Reader, import_module(f"{__name__}.{SUFFIXES[kind]}"))
    document = reader.read(data, name, Options(limits, load_yaml))
    if any(isinstance(b, Picture) and b.content for b in document.blocks):
        from auditor.readers._pictures import recognised

        document = recognised(document, limits)
    if not document.blocks and document.data is None:
        raise own_output() if kind == ".html" and MARK.encode() in data[:2_000] else _empty()
    seen = document.observations
    if kind != suffix and suffix in SUFFIXES.keys() | _content.NAMED.keys():
        seen = (Observation("wrong-extension", location=Location(name), detail=kind), *seen)
    return replace(document, observations=seen, digest=hashlib.sha256(data).hexdigest())


def _bytes(path: Path, most: int) -> bytes:
    """The content, never more than one byte over the limit: a device may have no end."""
    try:
        data = at_most(path, most)
        if len(data) > most:
            raise too_large("字节数", "bytes", max(path.stat().st_size, len(data)), most)
    except (OSError, ValueError) as wrong:
        raise _missing(path, wrong) from None
    return data


def _kind(data: bytes, suffix: str) -> str:
    """The suffix by which a file is to be read. Content decides where it speaks clearly."""
    found = _content.signature(data)
    expected = SUFFIXES.get(suffix)
    binary = {SUFFIXES.get(kind) for kind in (".docx", *_content.NAMED)}
    if expected and expected not in binary:
        found = found or (".html" if _content.is_page(data) else suffix)
    elif expected and found in ("", ".zip"):
        found = _written(data) or suffix
    found = found or _content.writing(data)
    if expected and SUFFIXES.get(found) == expected:
        return suffix
    if found not in SUFFIXES:
        raise _content.unsupported(found, suffix)
    return found


def _written(data: bytes) -> str:
    """A text under the name of a binary format; `` if it is no text either."""
    return "" if data.startswith(b"PK") else _content.writing(data)


def _missing(path: Path, wrong: Exception) -> DocumentError:
    if isinstance(wrong, FileNotFoundError):
        zh, en = "没有这个文件", "there is no such file"
    elif isinstance(wrong, IsADirectoryError):
        zh, en = "这是文件夹，不是文件", "this is a folder, not a file"
    elif isinstance(wrong, PermissionError):
        zh, en = "没有读取权限", "no permission to read it"
    else:
        zh, en = "无法打开", "it cannot be opened"
    return DocumentError("missing", Said(f"{zh}：{shown(path)}", f"{en}: {shown(path)}"))


def _empty() -> DocumentError:
    return DocumentError(
        "empty", Said("文件是空的，没有任何文字。", "the file is empty: it holds no text")
    )
