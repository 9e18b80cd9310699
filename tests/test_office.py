"""Files that LibreOffice converts: the same report whatever the format; nothing is set in motion."""

from __future__ import annotations

import http.server
import os
import random
import shutil
import stat
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from struct import pack

import pytest

from auditor.corpus import audit_all
from auditor.errors import DocumentError
from auditor.gather import Input, inputs
from auditor.model import Audit
from auditor.pipeline import Settings, audit_one
from auditor.readers import Limits, _convert, known_suffixes, office, prepare, read
from tests.papers import docx, kinds, p, packed, tables, texts

SAMPLES = Path(__file__).parent.parent / "reports_in"
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF = rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\u19968?\u12289?words\par second\par}"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
SPACES = (
    f'xmlns:text="{TEXT}" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def odt(body: str, **more: str) -> bytes:
    content = (
        f'<office:document-content {SPACES} office:version="1.2"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry'
        f' m:full-path="/" m:media-type="{kind}"/><m:file-entry m:full-path="content.xml"'
        ' m:media-type="text/xml"/></m:manifest>'
    )
    parts = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}
    return packed(parts | more)


def ole(**streams: bytes) -> bytes:
    """A compound file whose top holds these streams; each takes 4,096 bytes."""
    directory = entry("Root Entry", 5, 1 if streams else 0xFFFFFFFF, 0xFFFFFFFE, 0)
    body = b""
    for number, (name, data) in enumerate(streams.items(), 1):
        after = number + 1 if number < len(streams) else 0xFFFFFFFF
        directory += entry(name, 2, 0xFFFFFFFF, 2 + 8 * (number - 1), 4_096, after)
        body += data.ljust(4_096, b"\0")
    table = [0xFFFFFFFD, 0xFFFFFFFE]
    for number in range(len(streams)):
        first = 2 + 8 * number
        table += [*range(first + 1, first + 8), 0xFFFFFFFE]
    head = MAGIC + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += pack("<IIIIIIIII", 0, 1, 1, 0, 4_096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += pack("<I", 0) + b"\xff" * (108 * 4)
    fat = pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return head + fat + directory.ljust(512, b"\0") + body


def entry(
    name: str, kind: int, child: int, start: int, size: int, right: int = 0xFFFFFFFF
) -> bytes:
    called = name.encode("utf-16-le") + b"\0\0"
    return (
        called.ljust(64, b"\0") + pack("<HBB", len(called), kind, 1)
        + pack("<III", 0xFFFFFFFF, right, child) + bytes(36) + pack("<IQ", start, size)
    )  # fmt: skip


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "converted"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """An office program of a few lines of shell; it notes each start in a file."""

    def made(script: str) -> Path:
        program = tmp_path / "office"
        log = tmp_path / "starts"
        program.write_text(f'#!/bin/sh\necho "$@" >> {log}\n{script}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("AUDITOR_SOFFICE", str(program))
        return log

    return made


def copying(tmp_path: Path) -> str:
    """A program that turns every input into the same word-processor file."""
    (tmp_path / "result.docx").write_bytes(docx(p("converted")))
    return (
        f'while [ "$1" != --outdir ]; do shift; done; out=$2; shift 2; mkdir -p "$out"\n'
        f'for f in "$@"; do b=$(basename "$f"); cp {tmp_path}/result.docx "$out/${{b%.*}}.docx"; done'
    )


def refused(data: bytes, name: str = "a.doc", limits: Limits | None = None) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(name, data=data, limits=limits or Limits())
    assert caught.value.said.zh
    return caught.value


# --- without the program ---------------------------------------------------------------------


def test_without_the_program_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_SOFFICE", "/nowhere/soffice")
    wrong = refused(RTF, "a.rtf")
    assert wrong.kind == "unsupported"
    assert "libreoffice-writer-nogui" in wrong.said.zh
    assert ".docx" in wrong.said.zh
    office.prepare([("a.rtf", RTF), ("b.rtf", RTF)], Limits())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (MAGIC + bytes(500), "broken"),
        (MAGIC + bytes(9_000), "broken"),
        (ole(), "broken"),
        (ole(Contents=b"x"), "broken"),
        (ole(WordDocument=b"\xec\xa5" + bytes(9) + b"\x01"), "encrypted"),
        (ole(EncryptedPackage=b"x", EncryptionInfo=b"y"), "encrypted"),
        (ole(**{"PowerPoint Document": b"x"}), "unsupported"),
        (b"\0\1\2" * 50, "broken"),
        (b"PK\3\4" + bytes(90), "broken"),
        (packed({"a": "b"}), "broken"),
        (odt("", **{"META-INF/manifest.xml": "<a:encryption-data/>"}), "encrypted"),
        (odt("<!DOCTYPE a><x/>"), "broken"),
        (odt(" " * 20_000_000), "too-large"),
        (b"", "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_program_never_sees(data: bytes, kind: str, fake: Callable[[str], Path]) -> None:
    log = fake("exit 0")
    assert refused(data).kind == kind
    assert not log.exists()


def test_a_spreadsheet_inside_a_text_document_is_no_workbook() -> None:
    data = ole(WordDocument=b"\xec\xa5" + bytes(20)) + "Workbook".encode("utf-16-le")
    assert office.checked(data, "a.doc", Limits()) == "doc"
    assert office.checked(data, "a.WPS", Limits()) == "wps"
    assert office.checked(ole(MatOST=b"x"), "a.wps", Limits()) == "wps"
    assert refused(ole(Workbook=b"x", WordDocumen=b"y")).kind == "broken"


@pytest.mark.parametrize("seed", [ole(WordDocument=b"\xec\xa5"), ole(Workbook=b"\t\x08", A=b"b")])
def test_damaged_containers_only_ever_raise_document_errors(seed: bytes) -> None:
    noise = random.Random(3)
    for _ in range(300):
        data = bytearray(seed)
        for _ in range(noise.randrange(1, 12)):
            data[noise.choice((noise.randrange(8, 100), noise.randrange(512, 1_600)))] = (
                noise.randrange(256)
            )
        try:
            office.checked(bytes(data), "a.wps", Limits())
        except DocumentError:
            continue


# --- a program that misbehaves ---------------------------------------------------------------


def test_a_program_that_does_nothing(fake: Callable[[str], Path]) -> None:
    fake("exit 1")
    assert refused(RTF, "a.rtf").kind == "broken"


def test_a_program_that_never_ends_is_ended_with_its_children(
    fake: Callable[[str], Path], tmp_path: Path
) -> None:
    fake(f"sh -c 'sleep 5; touch {tmp_path}/alive' &\nsleep 600")
    begun = time.perf_counter()
    wrong = refused(RTF, "a.rtf", Limits(seconds=1))
    assert wrong.kind == "too-large"
    assert time.perf_counter() - begun < 4
    time.sleep(5)
    assert not (tmp_path / "alive").exists()


def test_a_half_written_result_is_no_result(fake: Callable[[str], Path], tmp_path: Path) -> None:
    fake(copying(tmp_path))
    (tmp_path / "result.docx").write_bytes(docx(p("converted"))[:-40])
    assert refused(RTF, "a.rtf").kind == "broken"


def test_a_conversion_is_kept(fake: Callable[[str], Path], tmp_path: Path, own_cache: Path) -> None:
    log = fake(copying(tmp_path))
    document = read("a.rtf", data=RTF)
    assert (document.format, texts(document)) == ("rtf", ["converted"])
    assert read("b.rtf", data=RTF).blocks[0].location.source == "b.rtf"
    assert len(log.read_text().splitlines()) == 1
    (kept,) = own_cache.iterdir()
    kept.write_bytes(b"PK\3\4 half")
    assert texts(read("a.rtf", data=RTF)) == ["converted"]
    assert len(log.read_text().splitlines()) == 2


def test_a_batch_is_one_start(fake: Callable[[str], Path], tmp_path: Path) -> None:
    log = fake(copying(tmp_path))
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.rtf").write_bytes(RTF + str(number).encode())
    (folder / "bad.doc").write_bytes(b"\0\1")
    (folder / "a.txt").write_text("x")
    items = inputs([folder], known_suffixes())
    prepare((item.path, item.content) for item in items)
    assert len(log.read_text().splitlines()) == 1
    for number in range(5):
        assert texts(read(folder / f"{number}.rtf")) == ["converted"]
    assert len(log.read_text().splitlines()) == 1


def test_many_at_the_same_time(
    fake: Callable[[str], Path], tmp_path: Path, own_cache: Path
) -> None:
    fake(copying(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: texts(read(f"{n}.rtf", data=RTF)), range(16)))
    assert found == [["converted"]] * 16
    assert [path.suffix for path in own_cache.iterdir()] == [".docx"]


def test_a_cache_that_cannot_be_written(
    fake: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(copying(tmp_path))
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "file"))
    assert texts(read("a.rtf", data=RTF)) == ["converted"]


def test_the_oldest_conversions_go_first(
    fake: Callable[[str], Path], tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(copying(tmp_path))
    monkeypatch.setattr(_convert, "_STORE", replace(_convert._STORE, most=3_000))
    own_cache.mkdir(parents=True)
    for number in range(4):
        (own_cache / f"{number}").write_bytes(bytes(1_000))
        os.utime(own_cache / f"{number}", (number, number))
    office.prepare([("a.rtf", RTF)], Limits())
    assert "0" not in {path.name for path in own_cache.iterdir()}
    assert "3" in {path.name for path in own_cache.iterdir()}


# --- the program itself ----------------------------------------------------------------------


@needs_office
def test_rtf_and_odt() -> None:
    assert texts(read("a.rtf", data=RTF)) == ["一、words", "second"]
    document = read(
        "a.odt", data=odt('<text:h text:outline-level="1">题</text:h><text:p>文</text:p>')
    )
    assert (document.format, texts(document)) == ("odt", ["题", "文"])
    assert kinds(read("a.docx", data=RTF)) == ["wrong-extension"]


@pytest.fixture
def web() -> http.server.HTTPServer:
    """A server that counts who asks."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    asked: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = asked  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server  # type: ignore[misc]
    server.shutdown()
    server.server_close()


@needs_office
def test_links_of_a_document_are_not_followed(web: http.server.HTTPServer, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    host = f"http://127.0.0.1:{web.server_port}"
    section = (
        '<text:section text:name="s{}"><text:section-source xlink:href="{}"{}/></text:section>'
    )
    body = (
        "<text:p>start</text:p>"
        + section.format(1, secret.as_uri(), ' text:filter-name="Text"')
        + section.format(2, f"{host}/page.html", "")
        + f'<text:p><draw:frame draw:name="f"><draw:image xlink:href="{host}/a.png" xlink:type="simple"'
        ' xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p><text:p>end</text:p>'
    )
    document = read("a.odt", data=odt(body))
    assert "start" in texts(document)
    assert "end" in texts(document)
    assert not any("SECRET" in text for text in texts(document))
    rtf = rb'{\rtf1 x{\field{\*\fldinst INCLUDEPICTURE "%s/b.png"}{\fldrslt y}}\par' % host.encode()
    rtf += rb'{\field{\*\fldinst INCLUDETEXT "%s"}{\fldrslt z}}\par}' % str(secret).encode()
    assert not any("SECRET" in text for text in texts(read("a.rtf", data=rtf)))
    assert web.asked == []  # type: ignore[attr-defined]


@needs_office
@pytest.mark.parametrize("suffix", ["doc", "odt", "rtf", "wps"])
def test_reports_are_judged_alike_in_every_format(
    suffix: str, tmp_path: Path, settings: Settings
) -> None:
    subjects = ("示例县自然资源局2023", "示例县民政局2023")
    originals = [path for name in subjects for path in SAMPLES.glob(f"{name}*.docx")]
    copies = converted_copies(originals, suffix, tmp_path)
    prepare(((path, lambda _: None) for path in copies), limits=settings.limits)
    assert len(copies) == len(subjects)
    for original, copy in zip(originals, copies, strict=True):
        expected, found = audit_one(Input(original), settings), audit_one(Input(copy), settings)
        assert isinstance(expected, Audit)
        assert isinstance(found, Audit)
        assert found.report.coverage == expected.report.coverage
        assert found.report.data == expected.report.data
        assert {r.rule: r.outcome for r in found.results} == {
            r.rule: r.outcome for r in expected.results
        }


def converted_copies(originals: Sequence[Path], suffix: str, folder: Path) -> list[Path]:
    """Reports saved in another format by the program."""
    import subprocess

    names = [shutil.copy(path, folder / f"x{n}.docx") for n, path in enumerate(originals)]
    kind = "doc" if suffix == "wps" else suffix
    command = [OFFICE, f"-env:UserInstallation=file://{folder}/p", "--headless", "--convert-to", kind,
               "--outdir", folder, *names]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    made = [folder / f"x{n}.{kind}" for n in range(len(names))]
    return [path.rename(path.with_name(f"y{path.stem}.{suffix}")) for path in made]


@needs_office
def test_a_batch_of_good_and_bad_files(tmp_path: Path, settings: Settings) -> None:
    original = next(path for path in SAMPLES.glob("示例县自然资源局2023*.docx"))
    [good] = converted_copies([original], "doc", tmp_path)
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(good, folder / "good.doc")
    (folder / "cut.doc").write_bytes(good.read_bytes()[:6_000])
    (folder / "bad.rtf").write_bytes(b"{\\rtf1 " + bytes(range(1, 256)) * 50)
    (folder / "none.odt").write_bytes(odt("<text:nonsense>"))
    batch = audit_all(inputs([folder], known_suffixes()), settings)
    assert [audit.report.source for audit in batch.audits] == [(folder / "good.doc").as_posix()]
    assert not batch.faults
    assert len(batch.refusals) == 3


@needs_office
def test_tables_keep_their_merged_cells(tmp_path: Path) -> None:
    from docx import Document as Draft

    draft = Draft()
    grid = draft.add_table(2, 3)
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "甲"
    for (row, column), text in {(0, 2): "乙", (1, 0): "1", (1, 1): "2", (1, 2): "3"}.items():
        grid.cell(row, column).text = text
    draft.save(str(tmp_path / "a.docx"))
    (table,) = tables(read(converted_copies([tmp_path / "a.docx"], "rtf", tmp_path)[0]))
    found = [(c.text, c.row, c.column, c.column_span) for c in table.cells]
    assert found == [
        ("甲", 0, 0, 2),
        ("乙", 0, 2, 1),
        ("1", 1, 0, 1),
        ("2", 1, 1, 1),
        ("3", 1, 2, 1),
    ]


@needs_office
def test_figures_that_the_program_drops_are_unread() -> None:
    """A merged cell that reaches into others: their rows lose their last cells."""

    def row(*cells: str) -> str:
        own = (x if x.startswith("<") else f"<table:table-cell><text:p>{x}</text:p></table:table-cell>"
               for x in cells)  # fmt: skip
        return f"<table:table-row>{''.join(own)}</table:table-row>"

    def table(rows: int) -> str:
        wide = (
            f'<table:table-cell table:number-rows-spanned="{rows}" '
            'table:number-columns-spanned="2"><text:p>项</text:p></table:table-cell>'
            "<table:covered-table-cell/>"
        )
        columns = '<table:table-column table:number-columns-repeated="4"/>'
        covered = "<table:covered-table-cell/>"
        lines = [
            row(wide, "甲", "乙"),
            row(covered, "子", "31", "32"),
            row(covered, "丑", "41", "42"),
        ]
        return f"<table:table>{columns}{''.join(lines)}</table:table>"

    lost = read("a.odt", data=odt(table(3)))
    assert "cut-off" in kinds(lost)
    assert "cut-off" not in kinds(read("a.odt", data=odt(table(1))))
