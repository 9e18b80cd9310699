"""What a document may be at most, and how a refusal for its size is worded."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import DocumentError, Said

_LONGEST = 200
_ROOM = 65_536  # bytes that are asked for at once where no size is known
LoadYaml = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds that no real report comes near; beyond them a file is refused, never cut.

    `size` bytes of a file · `lines` of a text · `nodes` tags or elements · `tables` · `span` of
    one cell (larger ones are clamped) · `columns` of a table · `grid` units of all tables ·
    `depth` of JSON or YAML · `nesting` of containers in a word-processor file · `members`,
    `unpacked` bytes and `ratio` of a zip archive · `pages`, `objects` on one page and `glyphs` of
    a PDF · `scans` pages or pictures that are recognised, within `scan_seconds` and by
    `scan_memory` bytes more (the models and one page in them take about one thousand million),
    and `pixels` of one of them · `seconds` of work on one document (recognition apart) ·
    `memory`, bytes by which the process may grow.
    """

    size: int = 50_000_000
    lines: int = 200_000
    nodes: int = 1_000_000
    tables: int = 5_000
    span: int = 1_000
    columns: int = 4_000
    grid: int = 3_000_000
    depth: int = 64
    nesting: int = 60
    members: int = 2_000
    unpacked: int = 200_000_000
    ratio: int = 200
    pages: int = 500
    objects: int = 200_000
    glyphs: int = 2_000_000
    seconds: int = 60
    scans: int = 100
    scan_seconds: int = 600
    scan_memory: int = 2_000_000_000
    pixels: int = 60_000_000
    memory: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller sets for a reading: the limits and the YAML loader, if there is one."""

    limits: Limits = Limits()
    load_yaml: LoadYaml | None = None


def at_most(path: Path, most: int) -> bytes:
    """A file's bytes, `most` and one at most: a device may have no end. Raises OSError.

    To ask for `most` bytes at once would make room for all of them, for every small file.
    """
    parts: list[bytes] = []
    with path.open("rb", buffering=0) as stream:
        wanted = min(os.fstat(stream.fileno()).st_size, most) + 1
        left = most + 1
        while left and (part := stream.read(min(wanted, left))):
            parts.append(part)
            left -= len(part)
            wanted = _ROOM
    return b"".join(parts)


def too_large(zh: str, en: str, found: int | str, limit: int) -> DocumentError:
    """A refusal that states both numbers; `zh` and `en` name what was counted."""
    count = f"{found:,}" if isinstance(found, int) else found
    return DocumentError(
        "too-large",
        Said(
            f"文件超出限度：{zh} {count}，上限 {limit:,}。请核对文件，拆分或另存后再试。",
            f"the file exceeds a limit: {en} {count}, at most {limit:,}; "
            "check the file, split it or save it anew",
        ),
    )


def shown(text: object) -> str:
    """Words of a document or a path as they may stand in a message: short, no control signs."""
    plain = "".join(c if c.isprintable() else "�" for c in str(text))
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def broken(zh: str, en: str) -> DocumentError:
    """A file that is not what it claims to be; `zh` and `en` say what is wrong and where."""
    return DocumentError(
        "broken",
        Said(f"文件已损坏或格式不符：{zh}。", f"the file is broken or not of its format: {en}"),
    )
