"""The folder in which every rule fires, and its clean twin, written from tests/everything-wrong."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
SAMPLES, FOLDER = HERE / "samples", HERE / "everything-wrong"
TOLD: Mapping[str, Any] = yaml.safe_load((FOLDER / "wrong.yaml").read_text("utf-8"))
_DOCUMENT = "word/document.xml"


def write_clean(into: Path) -> list[str]:
    """The reports that are in order, with their roster; their file names."""
    _roster("clean", into)
    return [_write(_source(stem), into, stem, ()) for stem in TOLD["clean"]]


def write_wrong(into: Path) -> dict[str, list[str]]:
    """The reports that are not, with their roster: file name → the rules that must fire in it."""
    _roster("wrong", into)
    return {
        _write(_wrong(entry, name), into, name, entry.get("rewrite", ())): entry["fires"]
        for entry in TOLD["wrong"]
        for name in _names(entry)
    }


def _roster(which: str, into: Path) -> None:
    (into / "roster.yaml").write_bytes((FOLDER / f"roster-{which}.yaml").read_bytes())


def _names(entry: Mapping[str, Any]) -> list[str]:
    """The name of an entry, or one name for each of its copies."""
    name, copies = entry["name"], entry.get("copies", 0)
    return [f"{name}{number:02}" for number in range(1, copies + 1)] if copies else [name]


def _source(stem: str) -> dict[str, Any]:
    own = FOLDER / f"{stem}.yaml"
    path = own if own.is_file() else SAMPLES / "sources" / f"{stem}.yaml"
    source: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    # One format for all: what the formats do is tested elsewhere.
    return {**source, "files": [{"as": "docx"}]}


def _wrong(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    source = _source(entry["of"])
    if not entry.get("same"):
        source["subject"] = f"{name}{source['subject']}"
    source |= entry.get("set", {})
    source["files"] = [entry.get("file", {"as": "docx"})]
    return {key: value for key, value in source.items() if value is not None}


def _write(source: Mapping[str, Any], into: Path, name: str, rewrite: Sequence[Any]) -> str:
    """Render one source into the folder and change what was rendered; its file name."""
    sys.path.insert(0, str(SAMPLES))
    try:
        import make
        import sample
    finally:
        sys.path.remove(str(SAMPLES))
    kept = into / f".{name}.yaml"
    kept.write_text(yaml.safe_dump(source, allow_unicode=True), "utf-8")
    loaded = sample.load(kept)
    kept.unlink()
    file = source["files"][0]
    data = make._written(loaded, file)
    target = into / f"{name}.{file['as']}"
    target.write_bytes(_rewritten(data, rewrite))
    return target.name


def _rewritten(data: bytes, rewrite: Sequence[Any]) -> bytes:
    if not rewrite:
        return data
    if not data.startswith(b"PK"):
        return _replaced(data.decode(), rewrite).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info, part in _parts(old):
            new.writestr(
                info, _replaced(part.decode(), rewrite) if info.filename == _DOCUMENT else part
            )
    return out.getvalue()


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    for info in archive.infolist():
        yield info, archive.read(info)


def _replaced(text: str, rewrite: Sequence[Any]) -> str:
    for pattern, replacement in rewrite:
        text, count = re.subn(pattern, replacement, text, count=1, flags=re.DOTALL)
        if not count:
            raise ValueError(f"nothing to rewrite: {pattern}")
    return text
