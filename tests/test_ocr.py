"""Scans and pictures: no figure is invented, what is doubtful is open, sums only confirm."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import pytest

from auditor.binding.bound import BoundCell, BoundTable, State
from auditor.binding.recognised import settled
from auditor.errors import DocumentError
from auditor.extraction import report_bytes
from auditor.form import Form
from auditor.model import (
    Block,
    Cell,
    Document,
    Identity,
    Location,
    Observation,
    Outcome,
    Picture,
    Refusal,
    Report,
    Table,
    Text,
)
from auditor.pipeline import Bound, Input, Settings, bind_document, facts_for, judge, read_document
from auditor.readers import _ocr, _ocr_kept, _pictures, read
from auditor.readers import picture as picture_reader
from auditor.readers.limits import Limits
from auditor.readers.watch import watched
from tests.conftest import ROOT
from tests.papers import HEAD, docx, p
from tests.scans import CLEAN, OFFICE, Wear, picture, scan

INSTALLED = _ocr.is_installed()
with_extra = pytest.mark.skipif(not INSTALLED, reason="the extra `ocr` is not installed")
drawn_by = pytest.mark.skipif(find_spec("PIL") is None, reason="Pillow is not installed")


@pytest.fixture(autouse=True)
def _nothing_recognised_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "recognising"))


# --- pages drawn in code ---------------------------------------------------------------------

ROWS, COLUMNS = 6, 7


def figures(seed: int) -> list[list[str]]:
    """Rows of cells: counts of every size, decimals, blanks."""
    chance = Random(seed)
    kinds = ("0", "0", "1", "{:d}", "{:d}", "{:.2f}", "")
    return [
        [chance.choice(kinds).format(*_number(chance)) for _ in range(COLUMNS)] for _ in range(ROWS)
    ]


def _number(chance: Random) -> tuple[int]:
    return (chance.randrange(10 ** chance.randrange(1, 7)),)


def page(cells: list[list[str]], dpi: int = 200) -> Any:
    """A sheet with a ruled table of figures."""
    from PIL import Image, ImageDraw, ImageFont

    sheet = Image.new("RGB", (round(8.27 * dpi), round(6 * dpi)), (255, 255, 255))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(round(11 * dpi / 72))
    left, top, wide, high = dpi * 0.9, dpi * 1.2, dpi * 0.92, dpi * 0.42
    for row in range(ROWS + 1):
        y = top + row * high
        draw.line((left, y, left + COLUMNS * wide, y), fill=(0, 0, 0), width=max(dpi // 100, 1))
    for column in range(COLUMNS + 1):
        x = left + column * wide
        draw.line((x, top, x, top + ROWS * high), fill=(0, 0, 0), width=max(dpi // 100, 1))
    for row, texts in enumerate(cells):
        for column, text in enumerate(texts):
            at = (left + (column + 0.5) * wide, top + (row + 0.5) * high)
            draw.text(at, text, fill=(20, 20, 20), font=font, anchor="mm")
    return sheet


def compared(document: Document, cells: list[list[str]]) -> tuple[list[str], list[str]]:
    """(wrong, doubted) cells of the one table of a document."""
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert (table.rows, table.columns) == (ROWS, COLUMNS)
    wrong, doubted = [], []
    for cell in table.cells:
        true = cells[cell.row][cell.column]
        if cell.doubt:
            doubted.append(f"{cell.text} for {true}: {cell.doubt}")
        elif cell.text != true:
            wrong.append(f"{cell.text} for {true}")
        assert cell.confidence is not None
    return wrong, doubted


@with_extra
@pytest.mark.parametrize("seed", [1, 2])
def test_a_worn_scan_has_no_wrong_figure(seed: int) -> None:
    cells = figures(seed)
    document = read("scan.pdf", data=scan([page(cells)], replace(OFFICE, seals=1), seed))
    wrong, doubted = compared(document, cells)
    assert not wrong
    assert len(doubted) <= ROWS * COLUMNS // 10
    assert [o.kind for o in document.observations] == ["recognised"]


@with_extra
def test_a_picture_alone_is_read_like_a_page() -> None:
    cells = figures(3)
    document = read("table.png", data=picture(page(cells), CLEAN, kind="PNG"))
    wrong, doubted = compared(document, cells)
    assert not wrong
    assert len(doubted) <= 2
    assert document.format == "picture"


class Remembering:
    """The models, which are given each picture only once however often it is asked about."""

    def __init__(self, models: _ocr.Engine) -> None:
        self._models = models
        self._known: dict[object, list[Any]] = {}

    def read(self, crops: Sequence[Any]) -> list[Any]:
        key = tuple((crop.shape, crop.tobytes()) for crop in crops)
        if key not in self._known:
            self._known[key] = self._models.read(crops)
        return self._known[key]

    def find(self, picture: Any) -> list[Any]:
        key = picture.shape, picture.tobytes()
        if key not in self._known:
            self._known[key] = self._models.find(picture)
        return self._known[key]


@with_extra
def test_a_page_is_recognised_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The models are not even loaded again; what was kept and damaged is recognised anew."""
    data = scan([page(figures(1))], OFFICE, 1)
    models = Remembering(_ocr.engine())
    monkeypatch.setattr(_ocr_kept, "engine", lambda: models)
    first = read("scan.pdf", data=data)

    def unwanted() -> _ocr.Engine:
        raise AssertionError("recognised again")

    monkeypatch.setattr(_ocr_kept, "engine", unwanted)
    assert read("scan.pdf", data=data) == first
    with pytest.raises(AssertionError):
        read("scan.pdf", data=scan([page(figures(2))], OFFICE, 1))
    monkeypatch.setattr(_ocr_kept, "engine", lambda: models)
    (kept,) = (tmp_path / "recognising" / "recognised").glob("*.json")
    whole = kept.read_bytes()
    answers = json.loads(whole)
    longest = max((k for k in answers if k[:5] != "find "), key=lambda k: len(answers[k]))
    for damaged in (
        b"", whole[: len(whole) // 2], b"[1]", b'{"a": 1}', b'{"find a": [[1, 2, 3, "4"]]}',
        json.dumps({**answers, longest: [["7", 99]]}).encode(),
        json.dumps({**answers, longest: answers[longest][1:]}).encode(),
    ):  # fmt: skip
        kept.write_bytes(damaged)
        assert read("scan.pdf", data=data) == first
        assert json.loads(kept.read_bytes()) == answers


@with_extra
def test_places_are_those_of_the_page_as_it_was_scanned() -> None:
    cells = figures(4)
    flat = read("a.png", data=picture(page(cells), CLEAN, kind="PNG"))
    turned = read("b.png", data=picture(page(cells), replace(CLEAN, turn=2.0), kind="PNG"))
    boxes = []
    for document in (flat, turned):
        (table,) = [block for block in document.blocks if isinstance(block, Table)]
        boxes.append({(c.row, c.column): c.box for c in table.cells})
    # Turned clockwise around the middle, the right end of a row stands lower than the left.
    low = boxes[1][0, COLUMNS - 1][1] - boxes[1][0, 0][1]
    assert low > 8
    assert abs(boxes[0][0, COLUMNS - 1][1] - boxes[0][0, 0][1]) <= 1


@with_extra
def test_red_figures_are_not_taken_for_blanks() -> None:
    cells = [["7"] * COLUMNS for _ in range(ROWS)]
    sheet = page(cells)
    red = sheet.point([min(255, n + 200) for n in range(256)] + list(range(256)) * 2)
    box = (round(200 * 0.95), round(200 * 1.25), round(200 * 1.75), round(200 * 1.58))
    sheet.paste(red.crop(box), box[:2])
    document = read("red.png", data=picture(sheet, CLEAN, kind="PNG"))
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    first = table.cells[0]
    assert first.doubt or first.text == "7"


@with_extra
@pytest.mark.parametrize("quarter", [1, 2])
def test_a_page_on_its_side_or_head_is_read_upright(quarter: int) -> None:
    from PIL import ImageDraw, ImageFont

    cells = figures(4)
    sheet, wear = page(cells, 100), replace(CLEAN, dpi=100)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(18)
    for line in range(3):
        draw.text((90, 20 + 30 * line), "These lines tell which way is up", (0, 0, 0), font)
    flat = read("a.png", data=picture(sheet, wear, kind="PNG"))
    turned = read("a.png", data=picture(sheet.rotate(90 * quarter, expand=True), wear, kind="PNG"))
    assert not compared(turned, cells)[0]
    words = [b.text for b in turned.blocks if isinstance(b, Text)]
    assert words == [b.text for b in flat.blocks if isinstance(b, Text)]
    # Places are those of the picture as it came: a row runs up, or back.
    (table,) = [block for block in turned.blocks if isinstance(block, Table)]
    boxes = {(c.row, c.column): c.box for c in table.cells if c.box}
    (left, top, *_), (right, low, *_) = boxes[1, 0], boxes[1, COLUMNS - 1]
    along = (right - left, low - top)[quarter % 2]
    assert along < -300
    assert abs((low - top, right - left)[quarter % 2]) <= 2


@with_extra
@pytest.mark.parametrize("name", ["scan.png", "scan.pdf"])
def test_a_scan_of_nothing_was_not_read(name: str, settings: Settings) -> None:
    from PIL import Image

    sheet, wear = Image.effect_noise((300, 400), 90).convert("RGB"), replace(CLEAN, dpi=72)
    data = scan([sheet], wear) if name.endswith(".pdf") else picture(sheet, wear, kind="PNG")
    found = bind_document(read_document(Input(Path(name), data)), settings)
    assert isinstance(found, Refusal)
    assert (found.kind, found.unread) == ("unrecognised", True)
    assert "未能读取" in found.said.zh


def test_pictures_without_the_extra_were_not_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.readers._pictures.is_installed", lambda: False)
    name, data = in_word(bytes(9_000))
    found = bind_document(read_document(Input(Path(name), data)), settings)
    assert isinstance(found, Refusal)
    assert (found.kind, found.unread) == ("unrecognised", True)
    assert "auditor[ocr]" in found.said.zh


# --- refusals --------------------------------------------------------------------------------


@drawn_by
@pytest.mark.parametrize("name", ["scan.pdf", "scan.png"])
def test_without_the_extra_the_verdict_says_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_ocr, "is_installed", lambda: False)
    sheet = page(figures(1), dpi=60)
    given = replace(CLEAN, dpi=60)
    data = scan([sheet], given) if name.endswith(".pdf") else picture(sheet, given, kind="PNG")
    with pytest.raises(DocumentError) as refused:
        read(name, data=data)
    assert refused.value.kind == "unsupported"
    assert 'pip install "auditor[ocr]"' in refused.value.said.zh
    assert 'pip install "auditor[ocr]"' in refused.value.said.en


def png(width: int, height: int) -> bytes:
    """The smallest file that claims such a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@with_extra
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "broken"),
        (b"\xff\xd8\xff" + b"\0" * 99, "broken"),
        (png(60_000, 60_000), "too-large"),
        (png(100, 100), "broken"),
    ],
)
def test_hostile_pictures_are_refused(data: bytes, kind: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read("a.png", data=data)
    assert refused.value.kind == kind


@with_extra
def test_recognition_has_memory_of_its_own() -> None:
    """The models and a page in them take more than a document may: an ordinary scan is read."""
    cells = figures(4)
    data = scan([page(cells)], CLEAN)
    with watched(Limits(memory=250_000_000)):
        document = read("a.pdf", data=data)
    assert compared(document, cells)[0] == []


@with_extra
def test_time_is_limited() -> None:
    data = scan([page(figures(1), dpi=100)], Wear(dpi=100, seals=0))
    with pytest.raises(DocumentError) as refused:
        read("a.pdf", data=data, limits=Limits(scan_seconds=-1))
    assert refused.value.kind == "too-large"
    with pytest.raises(DocumentError) as refused:
        read("a.pdf", data=data, limits=Limits(scans=0))
    assert refused.value.kind == "too-large"


def in_page(image: bytes) -> tuple[str, bytes]:
    from base64 import b64encode

    source = f"data:image/png;base64,{b64encode(image).decode()}"
    return "page.html", f"<html><p>before</p><img src='{source}'><p>after</p></html>".encode()


def in_word(image: bytes) -> tuple[str, bytes]:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="rId7" Type="{kind}/image" Target="media/a.png"/>'
        "</Relationships>"
    )
    drawn = f'<w:drawing><a:blip xmlns:r="{kind}" r:embed="rId7"/></w:drawing>'
    body = f"{p('before')}<w:p><w:r>{drawn}</w:r></w:p>{p('after')}"
    parts = {"word___rels__document.xml.rels": relations, "word__media__a.png": image}
    return "word.docx", docx(body, **parts)


def in_saved_page(image: bytes) -> tuple[str, bytes]:
    from email.mime.image import MIMEImage
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    whole = MIMEMultipart("related", type="text/html")
    page = MIMEText("<p>before</p><img src='x.files/1.png'><p>after</p>", "html")
    page["Content-Location"] = "file:///C:/x.htm"
    part = MIMEImage(image, "png")
    part["Content-Location"] = "file:///C:/x.files/1.png"
    whole.attach(page)
    whole.attach(part)
    return "page.mht", whole.as_bytes()


@drawn_by
@pytest.mark.parametrize("packed", [in_page, in_word, in_saved_page])
def test_a_table_on_a_picture_in_a_document_is_read_or_stays_a_picture(
    packed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = figures(5)
    name, data = packed(picture(page(cells, 150), replace(CLEAN, dpi=150), kind="PNG"))
    if INSTALLED:
        document = read(name, data=data)
        assert [b.__class__.__name__ for b in document.blocks] == ["Text", "Table", "Text"]
        assert not compared(document, cells)[0]
        assert "recognised" in {o.kind for o in document.observations}
    monkeypatch.setattr("auditor.readers._pictures.is_installed", lambda: False)
    document = read(name, data=data)
    assert [b.__class__.__name__ for b in document.blocks] == ["Text", "Picture", "Text"]
    assert not any(isinstance(b, Picture) and b.content for b in document.blocks)


TABLE = Table((Cell("甲", 0, 0), Cell("1", 0, 1, page=1, box=(1, 2, 3, 4), confidence=99)), 1, 2)
LONG = Text("x" * 300)
T, P, G = "Text", "Picture", "Table"


@pytest.mark.parametrize(
    ("around", "found", "lost", "shapes"),
    [
        # What cannot be recognised stays a picture; so does what stands beside a table.
        ([LONG], [], False, [T, P]),
        ([LONG], [TABLE], False, [T, G]),
        ([LONG], [TABLE, TABLE], False, [T, G, G]),
        ([LONG], [Text("a"), TABLE, Text("b"), Text("c")], False, [T, P, G, P]),
        ([LONG], [TABLE], True, [T, G, P]),
        ([LONG], [Text("a")], False, [T, P]),
        # Hardly more than pictures: they are the pages.
        ([Text("cover")], [Text("a"), TABLE, Text("b")], False, [T, T, G, T]),
        ([], [Text("a")], False, [T]),
        ([], [Text("a")], True, [T, P]),
        ([Text("cover"), TABLE], [Text("a")], False, [T, G, P]),
    ],
)
def test_what_is_not_taken_from_a_picture_stays_a_picture(
    around: list[Block],
    found: list[Block],
    lost: bool,
    shapes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notes = (Observation("unreadable"),) if lost else ()
    monkeypatch.setattr(_pictures, "is_installed", lambda: True)
    monkeypatch.setattr(picture_reader, "blocks_of", lambda *_: (tuple(found), notes))
    shown = Picture(Location("a.docx", line=7), content=bytes(5000))
    document = _pictures.recognised(Document("a.docx", "docx", (*around, shown)), Limits())
    assert [type(b).__name__ for b in document.blocks] == shapes
    assert not any(isinstance(b, Picture) and b.content for b in document.blocks)
    for block in document.blocks[len(around) :]:
        assert block.location == shown.location
        assert not isinstance(block, Table) or all(c.box is None for c in block.cells)


def test_a_picture_that_is_shown_often_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(_pictures, "is_installed", lambda: True)
    monkeypatch.setattr(picture_reader, "blocks_of", lambda *_: calls.append(1) or ((TABLE,), ()))
    shown = [Picture(Location("a", line=n), content=bytes(5000)) for n in range(40)]
    document = _pictures.recognised(Document("a", "docx", (LONG, *shown)), Limits())
    assert len(calls) == 1
    assert [b.location.line for b in document.blocks[1:]] == list(range(40))


# --- what sums may do ------------------------------------------------------------------------

PATHS = [f"disputes.review.{key}" for key in ("upheld", "corrected", "other", "pending", "total")]
SUM = Identity("R1", "row", (*((path, 1) for path in PATHS[:-1]), (PATHS[-1], -1)))


def told(*cells: int | str | tuple[str, ...]) -> dict[str, BoundTable]:
    """A row of a table: an int was read, a tuple are the readings of a doubted cell."""
    made = {}
    for path, cell in zip(PATHS, cells, strict=True):
        if isinstance(cell, int):
            made[path] = BoundCell(path, State.READ, cell, str(cell), confidence=99)
        else:
            readings = (cell,) if isinstance(cell, str) else cell
            made[path] = BoundCell(path, State.OPEN, confidence=50, readings=readings)
    return {"disputes": BoundTable("disputes", made)}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((1, 2, 3, 4, 10), "read read read read read"),
        # One reading fits: chosen, and what it was chosen by is not confirmed by that.
        ((1, 2, 3, ("4", "9"), 10), "inferred=1 inferred=2 inferred=3 inferred=4 inferred=10"),
        # Two combinations fit: open.
        ((1, 2, ("3", "4"), ("4", "3"), 10), "inferred=1 inferred=2 open open inferred=10"),
        # No reading fits: open. A clear cell is never overwritten.
        ((1, 2, 3, ("5", "9"), 10), "inferred=1 inferred=2 inferred=3 open inferred=10"),
        ((1, 2, 3, 4, 11), "inferred=1 inferred=2 inferred=3 inferred=4 inferred=11"),
        # One reading is chosen only where the sum holds.
        ((1, 2, 3, "4", 10), "inferred=1 inferred=2 inferred=3 inferred=4 inferred=10"),
        ((1, 2, 3, "5", 10), "inferred=1 inferred=2 inferred=3 open inferred=10"),
    ],
)
def test_sums_choose_between_readings_and_confirm(
    forms: tuple[Form, ...], cells: tuple[Any, ...], expected: str
) -> None:
    form = next(f for f in forms if f.id == "ogi-2021")
    found = settled(told(*cells), form, lambda: (SUM,), frozenset())["disputes"].cells
    said = []
    for path in PATHS:
        cell = found[path]
        value = f"={cell.value}" if cell.state is State.INFERRED else ""
        said.append(f"{cell.state}{value}")
    assert " ".join(said) == expected


def test_a_chosen_cell_names_the_sum_that_chose(forms: tuple[Form, ...]) -> None:
    form = next(f for f in forms if f.id == "ogi-2021")
    table = settled(told(1, 2, 3, ("4", "9"), 10), form, lambda: (SUM,), frozenset())["disputes"]
    assert table.cells[PATHS[3]].rules == ("R1@row",)
    assert table.cells[PATHS[0]].rules == ()
    assert {o.path: o.rules for o in table.observations}[PATHS[3]] == ("R1@row",)


SAMPLES = sorted(p for p in (ROOT / "reports_in").glob("*.docx"))


def recognised(path: Path, only: int | None = None) -> Document:
    """A document as if all of it had been read from a picture, or one of its tables."""
    document = read_document(Input(path))
    tables = [n for n, block in enumerate(document.blocks) if isinstance(block, Table)]
    taken = tables if only is None else [tables[only]]
    blocks = tuple(
        replace(b, cells=tuple(c._replace(confidence=99) for c in b.cells))
        if isinstance(b, Table) and n in taken
        else b
        for n, b in enumerate(document.blocks)
    )
    at = Location() if only is None else Location(document.source, line=taken[0] + 1)
    seen = (*document.observations, Observation("recognised", location=at))
    return replace(document, blocks=blocks, observations=seen)


@pytest.mark.parametrize("again", [False, True])
def test_what_a_table_on_a_picture_lacks_is_for_a_person(settings: Settings, again: bool) -> None:
    """A row that was not found on a picture may have been read wrongly; one in a text was not."""
    path = ROOT / "reports_in" / "云溪县城市管理局2023年政府信息公开工作报告.docx"
    outcomes = []
    for only in (0, 5):  # the table of another section, then the one that lacks a row
        report = bind_document(recognised(path, only), settings)
        assert isinstance(report, Report)
        if again:
            data = report_bytes(report, as_yaml=False)
            report = bind_document(read("x.report.json", data=data), settings)
            assert isinstance(report, Report)
        results = judge(Bound(report), settings).results
        outcomes += [r.outcome for r in results if r.rule == "S08"]
    assert outcomes == [Outcome.FAIL, Outcome.REVIEW]


def test_what_no_sum_confirms_is_a_suspicion_at_most(settings: Settings) -> None:
    fails = reviews = 0
    for path in SAMPLES:
        try:
            report = bind_document(recognised(path), settings)
        except DocumentError:
            continue  # samples that cannot be read at all
        if isinstance(report, Refusal):
            continue
        facts = facts_for(report, settings)
        for result in judge(Bound(report), settings).results:
            for finding in result.findings:
                reviews += finding.outcome is Outcome.REVIEW
                if finding.outcome is Outcome.FAIL:
                    fails += 1
                    values = [facts.values.get(e.path) for e in finding.evidence]
                    assert values
                    assert all(value is not None and not isinstance(value, str) for value in values)
    assert reviews
    assert fails  # confirmed figures that break another sum are still a finding


@with_extra
def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    _ocr.engine.cache_clear()
    found = _ocr.engine()
    assert found.read([]) == []
