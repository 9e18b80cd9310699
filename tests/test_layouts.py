"""Tables laid out alike are bound once: never with another result than by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from auditor.binding import grid, layouts
from auditor.binding.patterns import matches, matching, read_in
from auditor.form import Form, Label
from auditor.model import Cell, Document, Location, Table, Text
from auditor.pipeline import Settings, bind_document
from auditor.readers import read
from tests.round_trip import LAYOUTS, samples, written

SAME = ("html: simple", "html: portal, UTF-16", "docx: plain", "docx: split tables", "xlsx: merged")


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    layouts._known.cache_clear()
    yield
    layouts._known.cache_clear()


def documents(name: str, settings: Settings, count: int) -> list[Document]:
    """Documents of one layout; each as it is, and with other figures in the same places."""
    suffix = LAYOUTS[name].suffix
    made = [written(name, sample, settings) for sample in samples(name, count, 7_000)]
    own = [read(f"x{suffix}", data=data) for data in made]
    return [*own, *map(other_figures, own)]


def other_figures(document: Document) -> Document:
    """The same document with another figure wherever one stands."""

    def other(cell: Cell, place: int) -> Cell:
        return cell._replace(text=str(7 * place + 3)) if cell.text.isdigit() else cell

    blocks = [
        replace(block, cells=tuple(other(c, n) for n, c in enumerate(block.cells)))
        if isinstance(block, Table)
        else block
        for block in document.blocks
    ]
    return replace(document, blocks=tuple(blocks))


@pytest.mark.parametrize("name", SAME)
def test_a_known_layout_gives_what_the_tables_give_by_themselves(
    name: str, settings: Settings
) -> None:
    several = documents(name, settings, 3)
    known = [bind_document(document, settings) for document in several]
    for document, report in zip(several, known, strict=True):
        layouts._known.cache_clear()
        assert bind_document(document, settings) == report


def test_other_figures_are_no_other_layout(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    plans = grid._plans
    monkeypatch.setattr(grid, "_plans", lambda *given: (made.append(1), plans(*given))[1])
    document, *_, same = documents("html: simple", settings, 1)
    bind_document(document, settings)
    first = len(made)
    bind_document(same, settings)
    assert len(made) == first


def layout(form: Form, *texts: str, cell: Cell = Cell("", 0, 0)) -> object:
    """The layout of a table of one row."""
    row = (cell._replace(text=text, column=n) for n, text in enumerate(texts))
    return layouts.layout_of([(0, Table(tuple(row), 1, len(texts)))], form)


def test_words_blanks_and_spans_are_the_layout_but_figures_are_not(forms: tuple[Form, ...]) -> None:
    form = next(f for f in forms if f.id == "ogi-2021")
    label = form.tables[0].rows[0].labels[-1].text
    usual = layout(form, label, "12", "")
    assert usual == layout(form, label, "7.50", "")
    others = [
        layout(form, label, "12", "/"),
        layout(form, label, "", "12"),
        layout(form, label, "12件", ""),
        layout(form, f"{label}甲", "12", ""),
        layout(form, label, "12", "", cell=Cell("", 0, 0, row_span=2)),
    ]
    assert usual not in others


@pytest.mark.parametrize(
    "cell",
    [
        Cell("", 0, 0, page=1),
        Cell("", 0, 0, box=(0, 0, 9, 9)),
        Cell("", 0, 0, doubt="it is struck out"),
        Cell("", 0, 0, confidence=90),
    ],
)
def test_cells_with_places_or_doubts_of_their_own_have_no_layout(
    cell: Cell, forms: tuple[Form, ...]
) -> None:
    assert layout(forms[0], "项目", "12", cell=cell) is None


def test_what_a_site_tells_of_a_page_is_no_layout(forms: tuple[Form, ...]) -> None:
    form = next(f for f in forms if f.id == "ogi-2021")
    assert layout(form, "甲县乙局", "页面地址") == layout(form, "丙县丁局", "页面之地址")
    label = form.tables[0].rows[0].labels[-1].text
    assert layout(form, "甲县乙局", label) != layout(form, "丙县丁局", label)
    assert layout(form, label[:2], "甲县") != layout(form, "丙县丁局", "甲县")


def test_where_labels_are_figures_nothing_is_kept(forms: tuple[Form, ...]) -> None:
    form = next(f for f in forms if f.id == "ogi-2021")
    assert layouts._has_words(form)
    first, *rest = form.tables
    for text in ("2023", "2023年", "202301批次甲乙丙丁戊"):
        table = replace(first, heads=(*first.heads, Label(text, (text,))))
        assert not layouts._has_words(replace(form, tables=(table, *rest)))


def test_patterns_are_searched_together_as_one_by_one(
    forms: tuple[Form, ...], settings: Settings
) -> None:
    texts = [
        "2023年1月5日",
        "(2023-01-05)",
        "2023年月5日",
        "",
        "12",
        "甲县乙局",
        "甲县乙局2023年政府信息公开工作年度报告",
        "发布机构：甲县乙局",
        "统计期限为2023年1月1日至12月31日，" * 3,
        "现公布2023年度政府信息公开工作年度报告，" * 30,
    ]
    for form in forms:
        for where in ("line", "opening", "alone", "end", "text", "title", "none"):
            patterns = read_in(form, where)
            for text in texts:
                alone = [pattern for pattern in patterns if matches(pattern, text)]
                assert list(matching(patterns, text)) == alone


def test_a_place_is_counted_in_the_document_at_hand(settings: Settings) -> None:
    """A table that stands further down in the next document is found there."""
    document, *_ = documents("docx: plain", settings, 1)
    report = bind_document(document, settings)
    note = Table((Cell("甲县乙局", 0, 0), Cell("页面地址", 0, 1)), 1, 2, Location())
    moved = replace(document, blocks=(note, *document.blocks))
    for _ in range(2):
        found = bind_document(moved, settings)
        assert found.data == report.data  # type: ignore[union-attr]


def test_what_stands_between_tables_counts(settings: Settings) -> None:
    """The same tables once more: behind each other nobody can tell, far behind it is an annex."""
    one = read(
        "x.html", data=written("html: simple", samples("html: simple", 1, 7_000)[0], settings)
    )
    last = next(b for b in reversed(one.blocks) if isinstance(b, Table))
    at = one.blocks.index(last) + 1
    near = replace(one, blocks=(*one.blocks[:at], last, *one.blocks[at:]))
    far = replace(one, blocks=(*one.blocks, *[Text(f"第{n}段。") for n in range(9)], last))
    for order in ((near, far), (far, near)):
        kinds = [{o.kind for o in bind_document(x, settings).observations} for x in order]
        assert ["table-repeated" in found for found in kinds] == [x is far for x in order]
        layouts._known.cache_clear()
