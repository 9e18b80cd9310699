"""Word-processor files as archives: limits, damage, entities, protection."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.gather import inputs
from auditor.model import Text
from auditor.readers import Limits, read
from auditor.readers.archive import Archive
from tests.papers import (
    HEAD,
    SPACES,
    document_xml,
    docx,
    matrix,
    p,
    packed,
    read_docx,
    tables,
    tbl,
    tc,
    texts,
)
from tests.test_readers_docx import ABSTRACT, BOX, NUMS, RESTART, STYLES, item, run, span


def test_other_names_and_the_strict_vocabulary() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    data = packed(
        {
            "_rels/.rels": f'{relations}<Relationship Type="{kind}/officeDocument"'
            ' Target="/word/Document2.xml"/></Relationships>',
            "word/_rels/document2.xml.rels": f'{relations}<Relationship Type="{kind}/styles"'
            ' Target="s.xml"/></Relationships>',
            "word/document2.xml": document_xml(p("甲", props='<w:pStyle w:val="1"/>')).replace(
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                "http://purl.oclc.org/ooxml/wordprocessingml/main",
            ),
            "word/s.xml": f'<w:styles {SPACES}><w:style w:styleId="1"><w:name w:val="heading 1"/>'
            "</w:style></w:styles>",
        }
    )
    document = read("x.docx", data=data)
    assert texts(document) == ["甲"]
    assert isinstance(document.blocks[0], Text)
    assert document.blocks[0].level == 1


def entity(encoding: str, declared: str) -> bytes:
    start = f'<?xml version="1.0" encoding="{declared}"?>'
    rest = f'<!DOCTYPE d [<!ENTITY a "ha">]><w:document {SPACES}><w:body>{p("&a;")}</w:body></w:document>'
    if encoding == "cp037":
        return start.encode() + rest.encode(encoding)
    return (start + rest).encode(encoding)


MAIN = "word/document.xml"
LONG = docx(p("报告") * 1_000)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (docx(p("x") + " " * 20_000_000), "too-large"),
        (docx(p("x"), word__media__a=bytes(20_000_000)), "too-large"),
        (packed({MAIN: "x"} | {f"m{n}": bytes(900_000) for n in range(250)}), "too-large"),
        (packed({MAIN: "x"} | {f"m{n}": "" for n in range(2_000)}), "too-large"),
        (packed({MAIN: entity("utf-8", "utf-8")}), "broken"),
        (packed({MAIN: entity("utf-16", "utf-16")}), "broken"),
        (packed({MAIN: entity("utf-8", "gbk")}), "broken"),
        (packed({MAIN: entity("cp037", "cp037")}), "broken"),
        (packed({MAIN: document_xml(p("x"))}, zipfile.ZIP_LZMA), "broken"),
        (packed({MAIN: HEAD}), "broken"),
        (packed({MAIN: "<a/>"}), "broken"),
        (packed({"word/x.xml": "<a/>"}), "broken"),
        (LONG[: len(LONG) // 2], "broken"),
        (LONG[:-10], "broken"),
        (LONG[:60] + b"???" + LONG[63:], "broken"),
        (b"PK\3\4", "broken"),
        (docx(tbl(tc("x") + tc("y")) * 5_001), "too-large"),
        (docx(tbl(*[tc("x", props=span(99_999)) + tc("y")] * 4_000)), "too-large"),
        (docx(tbl(tc("x") * 4_001)), "too-large"),
        (docx("<w:sdt><w:sdtContent>" * 99 + "</w:sdtContent></w:sdt>" * 99), "too-large"),
        (docx("<w:tbl><w:tr><w:tc>" * 99 + "</w:tc></w:tr></w:tbl>" * 99), "too-large"),
        (docx(f"<w:p>{'<w:ins>' * 99}{'</w:ins>' * 99}</w:p>"), "too-large"),
        (docx(("<w:p><w:r><w:pict><w:txbxContent>") * 99
              + "</w:txbxContent></w:pict></w:r></w:p>" * 99), "too-large"),
        (docx("<w:p><w:r>" + "<mc:AlternateContent><mc:Choice>" * 99
              + "</mc:Choice></mc:AlternateContent>" * 99 + "</w:r></w:p>"), "too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_hostile_archives(data: bytes, kind: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read("x.docx", data=data)
    assert caught.value.kind == kind


def test_an_encrypted_member() -> None:
    data = bytearray(docx(p("x")))
    at = data.rindex(b"PK\1\2")
    data[at + 8] |= 1
    with pytest.raises(DocumentError) as caught:
        read("x.docx", data=bytes(data))
    assert caught.value.kind == "encrypted"


def test_very_deep_but_unknown_markup_is_passed_over() -> None:
    noise = random.Random(1)
    names = [f"w:x{noise.randrange(10**9)}" for _ in range(100_000)]
    deep = "".join(f"<{n}>" for n in names) + "".join(f"</{n}>" for n in reversed(names))
    assert texts(read_docx(deep + p("甲"))) == ["甲"]


def test_limits_are_the_callers() -> None:
    with pytest.raises(DocumentError, match="XML"):
        read("x.docx", data=docx(p("x") * 10), limits=Limits(nodes=20))


SEEDS = [
    docx(p("甲", props='<w:pStyle w:val="s"/>') + tbl(tc("甲", props=RESTART) + tc("1")),
         styles=STYLES, numbering=ABSTRACT + NUMS),
    packed({MAIN: document_xml(item(1) + run(f"<w:pict>{BOX(p('框'))}</w:pict>")),
            "word/numbering.xml": f"<w:numbering {SPACES}>{ABSTRACT}{NUMS}</w:numbering>"},
           zipfile.ZIP_STORED),
]  # fmt: skip


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=6),
    st.floats(0.5, 1),
)
def test_damaged_files_only_ever_raise_document_errors(
    seed: bytes, changes: list[tuple[float, bytes]], kept: float
) -> None:
    data = bytearray(seed)
    for where, what in changes:
        at = int(where * (len(data) - len(what)))
        data[at : at + len(what)] = what
    try:
        document = read("x.docx", data=bytes(data[: int(kept * len(data)) + 1]))
    except DocumentError:
        return
    for table in tables(document):
        matrix(table)


_TAGS = ["p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "ins", "del", "pict", "txbxContent",
         "pPr", "numPr", "tcPr", "hyperlink", "rPr"]  # fmt: skip


@given(st.recursive(st.just(""), lambda inner: st.builds(
    lambda tag, parts: f"<w:{tag}>{''.join(parts)}{'字' if tag == 't' else ''}</w:{tag}>",
    st.sampled_from(_TAGS), st.lists(inner, max_size=3)), max_leaves=25))  # fmt: skip
def test_any_nesting_of_known_elements(body: str) -> None:
    try:
        read_docx(body)
    except DocumentError as refusal:
        assert refusal.kind in ("empty", "too-large")  # noqa: PT017 - most bodies are empty


def test_file_on_disk(tmp_path: Path) -> None:
    (tmp_path / "甲.docx").write_bytes(LONG)
    document = read(tmp_path / "甲.docx")
    assert document.blocks[-1].location.line == 1_000
    assert document.blocks[-1].location.source == str(tmp_path / "甲.docx")


def test_a_member_without_a_name() -> None:
    """Found by fuzzing: the library cannot say whether it is a folder."""
    data = packed({"aa.txt": "x", "b.txt": "words"}).replace(b"aa.txt", b"\0a.txt")
    names = [member.name for member in Archive(data, Limits()).members()]
    assert "b.txt" in names


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        (Limits(), "too-large"),
        (Limits(ratio=100_000), ""),
        (Limits(ratio=100_000, size=1_500_000), "too-large"),
        (Limits(ratio=100_000, size=100_000), "too-large"),  # all members together, too
        (Limits(ratio=100_000, members=0), "too-large"),
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_members_keep_to_the_limits_that_were_set(
    limits: Limits, kind: str, nested: bool, tmp_path: Path
) -> None:
    data = packed({"a.txt": "x" * 2_000_000})
    path = tmp_path / "a.zip"
    path.write_bytes(packed({"b.zip": data}, zipfile.ZIP_STORED) if nested else data)
    (found,) = inputs([path], frozenset({".txt"}), limits)
    try:
        assert len(found.content() or b"") == 2_000_000
    except DocumentError as refused:
        assert refused.kind == kind  # noqa: PT017
    else:
        assert not kind
