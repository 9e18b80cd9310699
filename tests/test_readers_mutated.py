"""Valid documents of every kind, damaged at random: read or refused, in time, nothing invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.readers import Limits, mht, office, read
from auditor.readers.archive import Archive
from auditor.readers.limits import Options
from auditor.readers.watch import watched
from auditor.rulebook.source import load_yaml
from tests.mutations import PARTS, changed_inside, invented, mutated, zipped
from tests.papers import docx, p, tbl, tc
from tests.pdf_writer import Page, write

LIMITS = Limits(size=2_000_000, nodes=100_000, grid=300_000, seconds=5, scans=0)
OPTIONS = Options(LIMITS, load_yaml)
ROWS = [["甲", "乙", "丙"], ["10", "207", "3.5"], ["41", "", "66"]]


def _docx() -> bytes:
    return docx(p("第12号报告") + tbl(*["".join(map(tc, row)) for row in ROWS]))


def _page() -> bytes:
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) for row in ROWS)
    return f"<html><p>第12号</p><table>{cells}</table><img src='a.png'></html>".encode()


def _saved() -> bytes:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    part = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + _page() + b"\r\n--b\r\n"
    image = b"Content-Type: image/png\r\nContent-Location: a.png\r\n\r\nx\r\n--b--\r\n"
    return head + part + image


def _workbook(suffix: str) -> bytes:
    from tests.workbooks import workbook

    made = workbook(read("x.docx", data=_docx()), "merged")
    return made if suffix == "xlsx" else _ods()


def _ods() -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell office:value-type='string'><text:p>{c}</text:p></table:table-cell>"
            for c in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    names = " ".join(
        f"xmlns:{n}='urn:oasis:names:tc:opendocument:xmlns:{n}:1.0'"
        for n in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet><table:table>{rows}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode()})


def _pdf() -> bytes:
    return write([Page().text(60, 60, "第12号").table(60, 100, ROWS, [90, 90, 90])])


def _png() -> bytes:
    image = pytest.importorskip("PIL.Image")
    import io

    out = io.BytesIO()
    image.effect_noise((40, 30), 50).save(out, "PNG")
    return out.getvalue()


SEEDS: dict[str, Callable[[], bytes]] = {
    "docx": _docx,
    "xlsx": lambda: _workbook("xlsx"),
    "ods": _ods,
    "html": _page,
    "mht": _saved,
    "txt": "第12号报告\n表一\t10\t207\n合计 3.5\n".encode,
    "json": '{"a": {"b": 12, "c": ["3.5", null]}, "文": "207"}'.encode,
    "yaml": "a:\n  b: 12\n  c: ['3.5', null]\n文: '207'\n".encode,
    "pdf": _pdf,
    "xls": (Path(__file__).parent / "errors.xls").read_bytes,
    "zip": lambda: zipped({"a.html": _page(), "b/c.docx": _docx()}),
    "png": _png,
    "rtf": lambda: rb"{\rtf1 {\b 12} text \trowd\cellx100 207\cell\row}",
    "doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
}
EXACT = frozenset(("docx", "ods", "html", "txt"))  # of the others the text is not in the bytes


@cache
def seed_of(kind: str) -> bytes:
    return SEEDS[kind]()


def opened(kind: str, data: bytes) -> None:
    """One reader on one input; anything but a refusal is a fault."""
    name = f"x.{kind}"
    if kind == "zip":
        archive = Archive(data, LIMITS)
        for member in archive.members():
            archive.data(member.number)
    elif kind in ("rtf", "doc"):  # converting takes seconds: only what decides about it
        office.checked(data, name, LIMITS)
    elif kind == "png":
        from auditor.readers.picture import frames

        list(frames(data, replace(LIMITS, scans=9)))
    elif kind == "mht":
        mht.read(data, name, OPTIONS)
    else:
        document = read(name, data=data, limits=LIMITS, load_yaml=load_yaml)
        if kind in EXACT and document.format.removesuffix("ml") in (kind, "htm", "text"):
            found = "html" if document.format == "html" else kind
            assert not invented(document, found, data)


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_damaged_documents_are_read_or_refused(kind: str, seed: int) -> None:
    rng = Random(seed)
    whole = seed_of(kind)

    def damage(data: bytes) -> bytes:
        return mutated(data, rng)

    data = changed_inside(whole, PARTS[kind], damage, rng) if kind in PARTS else damage(whole)
    try:
        with watched(LIMITS):
            opened(kind, data)
    except DocumentError as refused:
        assert refused.said.zh  # noqa: PT017
        assert refused.said.en  # noqa: PT017
