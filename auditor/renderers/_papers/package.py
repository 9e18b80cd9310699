"""The zip that a Word document is: bounded before it is opened, written the same every time."""

from __future__ import annotations

import io
import zipfile

from auditor.errors import Said, UsageError

_MOST_PARTS = 1_000
_MOST_BYTES = 40_000_000
_MOST_XML = 4_000_000
MOST_FILE = 20_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


def unpacked_safely(data: bytes, name: str) -> None:
    """Refuse what is no zip, or unfolds into more than a letter needs. Raises UsageError."""
    if len(data) > MOST_FILE:
        raise _too_large(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            found = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        zh = f"模板 {name} 不是能打开的 .docx 文件"
        raise UsageError(Said(zh, f"the template {name} is no readable .docx")) from error
    sizes = [f.file_size for f in found]
    large = any(f.file_size > _MOST_XML for f in found if f.filename.endswith((".xml", ".rels")))
    if len(found) > _MOST_PARTS or sum(sizes) > _MOST_BYTES or large:
        raise _too_large(name)


def repacked(data: bytes) -> bytes:
    """The same package without the time of day in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(part))
    return out.getvalue()


def _too_large(name: str) -> UsageError:
    return UsageError(Said(f"模板 {name} 太大", f"the template {name} is too large"))
