"""Reading a file: which reader, by name and by content; encodings; plain text; refusals."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.model import Document, Table
from auditor.observations import OBSERVATIONS
from auditor.readers import SUFFIXES, Limits, known_suffixes, read, supported
from auditor.readers._ocr import is_installed
from tests.papers import docx, kinds, matrix, p, packed

CHINESE = "二〇二三年度工作报告，共收到来信12件。\n全年合计办理11件，结转下年1件。\n"


USUAL = Limits()


def refused(data: bytes, name: str, limits: Limits = USUAL) -> str:
    """The kind of the refusal, which must say something in both languages."""
    with pytest.raises(DocumentError) as caught:
        read(name, data=data, limits=limits)
    assert caught.value.said.zh
    assert caught.value.said.en
    return caught.value.kind


# --- which reader ----------------------------------------------------------------------------


def test_suffixes_are_found_by_walking_the_package() -> None:
    assert {SUFFIXES[s] for s in (".txt", ".html", ".docx", ".json")} == {
        "text", "html", "docx", "data",
    }  # fmt: skip
    assert supported(Path("A.DOCX"))
    assert not supported(Path("a.ofd"))
    assert {".pdf", ".doc", ".docx"} <= known_suffixes()
    assert {".png", ".jpg"} <= known_suffixes()
    assert ".gif" not in known_suffixes()


PICTURE = "broken" if is_installed() else "unsupported"


def test_reading_data_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    code = (
        "import sys; from auditor.readers import read; read('a.json');"
        "print({'selectolax', 'zipfile', 'xml.etree.ElementTree', 'lxml', 'docx', 're2', 'yaml'}"
        " & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
    )  # fmt: skip
    assert done.stdout.strip() == "set()"


PAGE = b"<!DOCTYPE html><html><body><p>page</p></body></html>"


@pytest.mark.parametrize(
    ("name", "data", "format_", "seen"),
    [
        ("a.html", PAGE, "html", []),
        ("a.HTM", PAGE, "html", []),
        ("a.txt", PAGE, "html", ["wrong-extension"]),
        ("a.json", PAGE, "html", ["wrong-extension"]),
        ("a.doc", PAGE, "html", ["wrong-extension"]),
        ("a.xls", b"<table><tr><td>1<td>2</table>", "html", ["wrong-extension"]),
        ("a.docx", PAGE, "html", ["wrong-extension"]),
        ("a.docx", b"only words", "text", ["wrong-extension"]),
        ("a.doc", docx(p("x")), "docx", ["wrong-extension"]),
        ("a.txt", docx(p("x")), "docx", ["wrong-extension"]),
        ("a.docm", docx(p("x")), "docx", []),
        ("a.md", b"# x\n<table>", "text", []),
        ("-", PAGE, "html", []),
        ("-", b"<p>x", "html", []),
        ("-", docx(p("x")), "docx", []),
        ("-", b' {"a": 1}', "json", []),
        ("-", b"words", "text", []),
        ("report", b"words", "text", []),
        ("a.log", b"words", "text", []),
    ],
)
def test_content_decides_where_it_speaks_clearly(
    name: str, data: bytes, format_: str, seen: list[str]
) -> None:
    document = read(name, data=data)
    assert (document.format, kinds(document)) == (format_, seen)
    assert document.source == name
    assert document.digest == hashlib.sha256(data).hexdigest()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "broken"),
        ("a.txt", b"%PDF-1.7 ...", "broken"),
        ("a.doc", OLE, "broken"),
        ("a.wps", OLE, "broken"),
        ("a.docx", OLE, "broken"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.xlsx", packed({"xl/workbook.xml": "x"}), "broken"),
        ("a.docx", packed({"xl/workbook.xml": "x"}), "broken"),
        ("a.txt", packed({"a": "x"}), "unsupported"),
        ("a.zip", packed({"a": "x"}), "unsupported"),
        ("a.ofd", packed({"OFD.xml": "x"}), "unsupported"),
        ("a.rar", b"Rar!\x1a\x07\x01\0", "unsupported"),
        ("a.tar", b"a\0\0\0ustar", "unsupported"),
        ("a.ceb", b"Founder CEB\0", "unsupported"),
        ("a.mht", b"MIME-Version: 1.0\r\n", "broken"),
        ("a.doc", b"MIME-Version: 1.0\r\n", "broken"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0", PICTURE),
        ("a.html", b"\x89PNG\r\n\x1a\n\0", PICTURE),
        ("a.gif", b"GIF89a\0", "unsupported"),
        ("a.xml", b"<?xml version='1.0'?><a/>", "unsupported"),
        ("a.exe", b"MZ\0\0", "unsupported"),
        ("-", b"MZ\0\0", "unsupported"),
        ("a.txt", b"a\0b", "broken"),
        ("a.txt", bytes(range(1, 32)) * 4, "broken"),
        ("a.html", b"<p>\0", "broken"),
        ("a.docx", b"\0\1\2", "broken"),
        ("a.txt", b"", "empty"),
        ("a.docx", b"", "empty"),
        ("a.txt", b"\xef\xbb\xbf \r\n\t", "empty"),
        ("a.txt", "\ufeff　\n".encode("utf-16-le"), "empty"),
        ("a.html", b"<html><body><script>x</script></body></html>", "empty"),
        ("a.docx", docx(p("")), "empty"),
    ],
)
def test_refusals(name: str, data: bytes, kind: str) -> None:
    assert refused(data, name) == kind


def test_unsupported_says_which_format_and_what_to_do() -> None:
    with pytest.raises(DocumentError, match=r"OFD.*\.docx"):
        read("a.ofd", data=packed({"OFD.xml": "x"}))
    for name, data in (
        ("a.rar", b"Rar!\x1a\x07"),
        ("a.tar", b"a\0ustar"),
        ("a.7z", b"7z\xbc\xaf'\x1c"),
    ):
        with pytest.raises(DocumentError, match=r"解压.*unpack"):
            read(name, data=data)


def test_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"words")
    assert read(tmp_path / "a.txt") == read(str(tmp_path / "a.txt"))
    for path in (tmp_path / "none.txt", tmp_path, "a\0b"):
        with pytest.raises(DocumentError) as caught:
            read(path)
        assert caught.value.kind == "missing"
        assert "\0" not in str(caught.value)
    with pytest.raises(DocumentError, match=r"5.*4") as caught:
        read(tmp_path / "a.txt", limits=Limits(size=4))
    assert caught.value.kind == "too-large"
    assert refused(b"words", "a.txt", Limits(size=4)) == "too-large"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless device")
def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        read("/dev/zero", limits=Limits(size=1000))
    assert caught.value.kind == "too-large"


# --- never anything but a DocumentError ------------------------------------------------------

NAMES = [*sorted(SUFFIXES), "a.pdf", "a.doc", "-", "x.unknown"]


def outcome(name: str, data: bytes) -> Document | str:
    """Reading ends in a document or in a refusal; anything else fails the test."""
    try:
        document = read(name, data=data, load_yaml=lambda text: {"text": text})
    except DocumentError as refusal:
        return refusal.kind
    assert set(kinds(document)) <= set(OBSERVATIONS)
    return document


@given(st.sampled_from(NAMES), st.binary(max_size=300))
def test_random_bytes(name: str, data: bytes) -> None:
    outcome("x" + name, data)


@given(
    st.sampled_from(NAMES),
    st.sampled_from(
        [b"PK\3\4", b"<html>", b"{", b"\xff\xfe", b"\xef\xbb\xbf", b"<?xml ", b"%PDF-"]
    ),
    st.binary(max_size=200),
)
def test_random_bytes_after_a_promising_start(name: str, start: bytes, data: bytes) -> None:
    outcome("x" + name, start + data)


@given(st.sampled_from(NAMES), st.text(max_size=300))
def test_random_text(name: str, text: str) -> None:
    outcome("x" + name, text.encode("utf-8", "ignore"))


# --- real documents, where they are at hand --------------------------------------------------

FOLDER = Path(os.environ.get("AUDITOR_TRUTH") or "/nonexistent")
REAL = sorted(FOLDER.iterdir()) if FOLDER.is_dir() else []


@pytest.mark.parametrize(
    "path", [x for x in REAL if x.suffix in SUFFIXES and x.suffix != ".json"], ids=lambda x: x.name
)
def test_real_documents_are_read(path: Path) -> None:
    document = read(path)
    assert document.blocks
    assert document.flattened == (document.format == "text")
    assert not {"control-characters", "wrong-extension"} & set(kinds(document))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    if not document.flattened:
        assert len(tables) >= 3
    for table in tables:
        assert None not in {text for line in matrix(table) for text in line}
