"""Word-processor files: flow, numbering, tables, revisions, what is hidden in an archive."""

from __future__ import annotations

import io

import docx as python_docx
import pytest
from hypothesis import given

from auditor.model import Text
from auditor.readers import read
from tests.papers import (
    SPACES,
    Merged,
    by_rows,
    grids,
    kinds,
    matrix,
    p,
    pictures,
    read_docx,
    reduced,
    tables,
    tbl,
    tc,
    texts,
)


def run(inner: str) -> str:
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def sdt(inner: str, props: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{props}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


T = "<w:t>{}</w:t>".format
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
BOX = "<w:txbxContent>{}</w:txbxContent>".format


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p("一、", "20", "23", "年"), ["一、2023年"]),
        (run(T("甲") + "<w:tab/>" + T("1")), ["甲\t1"]),
        (run(T("甲") + "<w:br/>" + T("乙") + '<w:br w:type="page"/><w:cr/>' + T("丙")), [*"甲乙丙"]),
        (run(T("a") + "<w:noBreakHyphen/>" + T("b") + '<w:sym w:char="F0A7"/>'), ["a-b"]),
        (run("<w:rPr><w:vanish/></w:rPr>" + T("藏")) + p("甲"), ["甲"]),
        (run('<w:rPr><w:vanish w:val="0"/></w:rPr>' + T("甲")), ["甲"]),
        (sdt(p("甲")) + f"<w:p>{sdt('<w:r>' + T('乙') + '</w:r>')}</w:p>", ["甲", "乙"]),
        (f"<w:p><w:hyperlink><w:r>{T('甲')}</w:r></w:hyperlink><w:smartTag><w:r>{T('乙')}</w:r>"
         "</w:smartTag></w:p>", ["甲乙"]),
        (f"<w:p>{FIELD('begin')}<w:r><w:instrText>DATE</w:instrText>{T('x')}</w:r>"
         f"{FIELD('separate')}<w:r>{T('2024')}</w:r>{FIELD('end')}<w:r>{T('年')}</w:r></w:p>",
         ["2024年"]),
        (f"<w:p>{FIELD('begin')}<w:r>{T('x')}</w:r></w:p>" + p("甲"), ["甲"]),
        (f'<w:p><w:fldSimple w:instr="PAGE"><w:r>{T("3")}</w:r></w:fldSimple></w:p>', ["3"]),
        (run(f"<w:ruby><w:rt><w:r>{T('hàn')}</w:r></w:rt><w:rubyBase><w:r>{T('汉')}</w:r>"
             "</w:rubyBase></w:ruby>"), ["汉"]),
        ("<w:p><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>", ["x=1"]),
        (p("甲") + sdt(p("目录"), '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
                       "</w:docPartObj>"), ["甲"]),
        (p("甲\x7f\u200b"), ["甲"]),
        (run('<w:footnoteReference w:id="2"/>' + T("甲")), ["甲"]),
    ],
)  # fmt: skip
def test_paragraphs(body: str, expected: list[str]) -> None:
    assert texts(read_docx(body)) == expected


def test_text_boxes_once_after_their_paragraph() -> None:
    drawn = f"<w:drawing><wps:txbx>{BOX(p('框'))}</wps:txbx></w:drawing>"
    fallback = f"<w:pict><v:textbox>{BOX(p('框'))}</v:textbox></w:pict>"
    both = (
        f"<mc:AlternateContent><mc:Choice>{drawn}</mc:Choice>"
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )
    assert texts(read_docx(run(T("前") + both + T("后")))) == ["前后", "框"]
    assert texts(read_docx(run(fallback))) == ["框"]
    table = tbl(tc("甲") + tc("1"), tc("乙") + tc("2"))
    assert texts(read_docx(run(f"<w:pict>{BOX(table)}</w:pict>"))) == ["Table"]


def test_pictures() -> None:
    body = (
        run('<w:drawing><wp:docPr descr="印章"/><a:blip/></w:drawing>')
        + run("<w:pict><v:imagedata/></w:pict>")
        + run("<w:object><v:imagedata/><o:OLEObject/></w:object>")
        + "<w:altChunk/>"
        + run("<w:pict><v:line/></w:pict>")
    )
    found = [(b.kind, b.text) for b in pictures(read_docx(body))]
    assert found == [("image", "印章"), ("image", ""), ("object", ""), ("object", "")]


def test_a_cell_that_shows_only_a_picture_is_no_blank() -> None:
    drawn = "<w:tc><w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p></w:tc>"
    (table,) = tables(read_docx(tbl(tc("甲") + drawn + tc(""))))
    assert [(c.text, bool(c.doubt)) for c in table.cells] == [
        ("甲", False),
        ("", True),
        ("", False),
    ]


def test_heading_levels() -> None:
    styles = (
        '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="a"><w:basedOn w:val="1"/></w:style>'
        '<w:style w:styleId="b"><w:name w:val="标题 2"/></w:style>'
        '<w:style w:styleId="c"><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
        '<w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style>'
        '<w:style w:styleId="t"><w:name w:val="toc 1"/></w:style>'
    )
    body = "".join(
        p(x, props=f'<w:pStyle w:val="{x}"/>') for x in ["1", "a", "b", "c", "loop", "t"]
    )
    body += p("own", props='<w:outlineLvl w:val="0"/>') + p(
        "body", props='<w:outlineLvl w:val="9"/>'
    )
    document = read_docx(body, styles=styles)
    levels = {b.text: b.level for b in document.blocks if isinstance(b, Text)}
    assert levels == {"1": 1, "a": 1, "b": 2, "c": 3, "loop": None, "own": 1, "body": None}


# --- automatic numbering ---------------------------------------------------------------------


def lvl(level: int, fmt: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{fmt}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


ABSTRACT = (
    '<w:abstractNum w:abstractNumId="0">'
    + lvl(0, "chineseCounting", "%1、")
    + lvl(1, "chineseCountingThousand", "（%2）")
    + lvl(2, "decimal", "%2.%3.", "<w:isLgl/>")
    + lvl(3, "bullet", "")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="5"/>'
    '<w:numFmt w:val="decimalEnclosedCircle"/><w:pStyle w:val="s"/><w:lvlText w:val="%1"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="s"/></w:abstractNum>'
)
NUMS = (
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>'
    f'<w:num w:numId="5"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
    f"{lvl(0, 'upperRoman', '%1)')}</w:lvlOverride></w:num>"
)
STYLES = (
    '<w:style w:styleId="s"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="s2"><w:basedOn w:val="s"/></w:style>'
)


def item(number: int, level: int = 0, text: str = "x") -> str:
    return p(text, props=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def styled(name: str, more: str = "") -> str:
    return p("x", props=f'<w:pStyle w:val="{name}"/>{more}')


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (item(1) * 3, ["一、", "二、", "三、"]),
        (item(1) * 12, [*(f"{c}、" for c in "一二三四五六七八九十"), "十一、", "十二、"]),
        (item(1) + item(1, 1) * 2 + item(1) + item(1, 1),
         ["一、", "（一）", "（二）", "二、", "（一）"]),
        (item(1) + item(1, 1) + item(1, 2) + item(1, 2), ["一、", "（一）", "1.1.", "1.2."]),
        (item(1) * 2 + item(2) * 2, ["一、", "二、", "一、", "二、"]),  # starts anew
        (item(1) + item(2) + item(1), ["一、", "一、", "二、"]),  # one list, begun anew once
        (item(1, text="") + item(1), ["二、"]),  # an empty item counts
        (item(1, 1) + item(1), ["（一）", "二、"]),  # an upper level that was passed over counts
        (item(3) * 2 + item(4), ["⑤", "⑥", "⑦"]),
        (item(3) + item(5) * 2, ["⑤", "VI)", "VII)"]),  # another dress, the same count
        (styled("s") + styled("s2") + styled("s", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
         ["⑤", "⑥", ""]),
        (item(1, 3) + item(1, 7) + item(9) + p("y"), [""] * 4),
    ],
)  # fmt: skip
def test_numbering(body: str, expected: list[str]) -> None:
    document = read_docx(body, numbering=ABSTRACT + NUMS, styles=STYLES)
    assert [b.ordinal for b in document.blocks if isinstance(b, Text)] == expected


def test_levels_that_never_restart() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + lvl(0, "decimal", "%1")
        + lvl(1, "decimal", "%2", '<w:lvlRestart w:val="0"/>')
        + "</w:abstractNum>"
        + NUMS
    )
    document = read_docx((item(1) + item(1, 1)) * 2, numbering=numbering)
    assert [b.ordinal for b in document.blocks if isinstance(b, Text)] == ["1", "1", "2", "2"]


def test_numbers_inside_cells_are_part_of_their_text() -> None:
    body = tbl(tc(item(1, text="")) + tc(item(1, 1, "甲")), tc(item(1, text="")) + tc("乙"))
    (table,) = tables(read_docx(body, numbering=ABSTRACT + NUMS))
    assert matrix(table) == [["一、", "（一）甲"], ["二、", "乙"]]


# --- tables ----------------------------------------------------------------------------------


def span(n: int) -> str:
    return f'<w:gridSpan w:val="{n}"/>'


RESTART, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (tbl(tc("甲", props=span(2)), tc("1") + tc("2")), [["甲", "甲"], ["1", "2"]]),
        (tbl(tc("甲", props=RESTART) + tc("1"), tc("", props=GOES_ON) + tc("2")),
         [["甲", "1"], ["甲", "2"]]),
        (tbl(tc("甲", props=span(2) + RESTART) + tc("1"), tc("", props=span(2) + GOES_ON) + tc("2"),
             tc("乙") + tc("丙") + tc("3")), [["甲", "甲", "1"], ["甲", "甲", "2"], ["乙", "丙", "3"]]),
        # Two merges, one right below the other.
        (tbl(*(tc("甲乙丙丁"[n], props=(RESTART, GOES_ON)[n % 2]) + tc(str(n)) for n in range(4))),
         [["甲", "0"], ["甲", "1"], ["丙", "2"], ["丙", "3"]]),
        # What goes on with nothing above it is a cell of its own.
        (tbl(tc("甲", props=GOES_ON) + tc("1")), [["甲", "1"]]),
        (tbl(tc("甲", props='<w:hMerge w:val="restart"/>') + tc("", props="<w:hMerge/>"),
             tc("1") + tc("2")), [["甲", "甲"], ["1", "2"]]),
        (tbl('<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("1"), tc("甲") + tc("2")),
         [[None, "1"], ["甲", "2"]]),
        (tbl(tc("商业", "企业") + tc("1", "2"), tc("", "a") + tc("b", "c")),
         [["商业企业", "1 2"], ["a", "b c"]]),
        (tbl(sdt(tc("甲")) + tc("1"), tc("乙") + tc("2")), [["甲", "1"], ["乙", "2"]]),
        (f"<w:tbl>{sdt('<w:tr>' + tc('甲') + tc('1') + '</w:tr>')}</w:tbl>", [["甲", "1"]]),
        (tbl(tc("甲") + tc(tbl(tc("1") + tc("2"))), tc("乙") + tc("3")), [["甲", "1 2"], ["乙", "3"]]),
        (tbl(tc("甲") + tc("0"), "<w:trPr><w:del/></w:trPr>" + tc("乙") + tc("1")), [["甲", "0"]]),
        (tbl(tc("甲") + tc("x", props="<w:cellDel/>") + tc("0"), tc("乙") + tc("1")),
         [["甲", "0"], ["乙", "1"]]),
    ],
)  # fmt: skip
def test_grids(table: str, expected: list[list[str | None]]) -> None:
    assert matrix(tables(read_docx(table))[0]) == expected


def edges(holder: str, line: str) -> str:
    return f'<w:{holder}><w:top w:val="{line}"/><w:insideV w:val="{line}"/></w:{holder}>'


def table_style(name: str, inner: str, more: str = "") -> str:
    return f'<w:style w:type="table" w:styleId="{name}"{more}>{inner}</w:style>'


TABLE_STYLES = (
    table_style("Plain", "")
    + table_style("Grid", f"<w:tblPr>{edges('tblBorders', 'single')}</w:tblPr>")
    + table_style("Below", '<w:basedOn w:val="Grid"/>')
    + table_style("Bare", f'<w:basedOn w:val="Grid"/><w:tblPr>{edges("tblBorders", "nil")}</w:tblPr>')
    + table_style("Round", '<w:basedOn w:val="Round"/>')
    + table_style("Head", f"<w:tblStylePr><w:tcPr>{edges('tcBorders', 'single')}</w:tcPr></w:tblStylePr>")
)  # fmt: skip
NAMED = '<w:tblStyle w:val="{}"/>'.format


@pytest.mark.parametrize(
    ("own", "cell", "usual", "ruled"),
    [
        ("", "", False, False),
        ("", "", True, True),
        (NAMED("Plain"), "", True, False),
        (NAMED("Nowhere"), "", False, True),  # who knows
        (NAMED("Grid"), "", False, True),
        (NAMED("Below"), "", False, True),
        (NAMED("Bare"), "", False, False),
        (NAMED("Round"), "", False, False),
        (NAMED("Head"), "", False, True),
        (NAMED("Grid") + edges("tblBorders", "none"), "", False, False),
        (NAMED("Bare") + edges("tblBorders", "double"), "", False, True),
        ("", edges("tcBorders", "single"), False, True),
        ("", edges("tcBorders", "nil"), False, False),
    ],
)
def test_whether_a_table_has_lines(own: str, cell: str, usual: bool, ruled: bool) -> None:
    default = table_style("Usual", f"<w:tblPr>{edges('tblBorders', 'single')}</w:tblPr>",
                          ' w:default="1"')  # fmt: skip
    table = tbl(tc("甲", props=cell) + tc("1"), tc("乙") + tc("2"))
    table = table.replace("<w:tblPr/>", f"<w:tblPr>{own}</w:tblPr>")
    document = read_docx(table, styles=TABLE_STYLES + (default if usual else ""))
    assert [found.ruled for found in tables(document)] == [ruled]


def test_a_single_cell_is_layout() -> None:
    inner = tbl(tc("甲") + tc("1"), tc("乙") + tc("2"))
    document = read_docx(tbl(tc(p("前"), inner, p("后"))))
    assert texts(document) == ["前", "Table", "后"]
    assert document.blocks[1].location.table == 1
    assert texts(read_docx(tbl(tc("题"), tc("文" * 100)))) == ["题", "文" * 100]
    assert texts(read_docx(tbl(tc("") + tc("")) + p("甲"))) == ["甲"]


@given(grids())
def test_grids_come_back(cells: Merged) -> None:
    def row(at: int) -> str:
        inner = ""
        for top, _, down, across, text in sorted(cells, key=lambda c: c[1]):
            if top <= at < top + down:
                merge = "" if down == 1 else RESTART if top == at else GOES_ON
                inner += tc(p(escaped(text) if top == at else ""), props=span(across) + merge)
        return inner

    rows = len(by_rows(cells))
    (table,) = tables(read_docx(tbl(*map(row, range(rows)))))
    assert matrix(table) == reduced(cells)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def test_a_document_of_python_docx() -> None:
    made = python_docx.Document()
    made.core_properties.title = "题名"
    made.core_properties.author = "作者"
    made.add_heading("一级", 1)
    table = made.add_table(3, 3)
    for n in range(9):
        table.cell(n // 3, n % 3).text = str(n)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "左"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "上"
    made.add_paragraph("条", style="List Number")
    made.add_paragraph("条", style="List Number")
    stream = io.BytesIO()
    made.save(stream)
    document = read("x.docx", data=stream.getvalue())
    assert document.metadata == {"title": "题名", "creator": "作者"}
    assert texts(document) == ["一级", "Table", "1.条", "2.条"]
    assert isinstance(document.blocks[0], Text)
    assert document.blocks[0].level == 1
    expected = [["左", "上", "上"], ["左", "4", "5"], ["6", "7", "8"]]
    assert matrix(tables(document)[0]) == expected


# --- revisions and comments ------------------------------------------------------------------


def test_tracked_changes_are_accepted_and_noted() -> None:
    body = (
        f"<w:p><w:ins><w:r>{T('新')}</w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
        f"<w:moveFrom><w:r>{T('走')}</w:r></w:moveFrom><w:moveTo><w:r>{T('来')}</w:r></w:moveTo></w:p>"
    )
    document = read_docx(body)
    assert texts(document) == ["新来"]
    assert kinds(document) == ["tracked-changes"]


def test_a_deleted_end_joins_two_paragraphs() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    assert texts(read_docx(p("甲", props=gone) + p("乙") + p("丙"))) == ["甲乙", "丙"]
    table = tbl(tc("1") + tc("2"))
    body = p("甲", props=gone) + table + p("乙", props=gone)
    assert texts(read_docx(body)) == ["甲", "Table", "乙"]


def test_comments_are_noted() -> None:
    document = read_docx(run(T("甲") + '<w:commentReference w:id="0"/>'))
    assert (texts(document), kinds(document)) == (["甲"], ["comments"])


def test_crossed_out_text_does_not_count() -> None:
    body = "<w:p><w:r><w:t>12</w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>34</w:t></w:r></w:p>"
    document = read_docx(body)
    assert (texts(document), kinds(document)) == (["12"], ["struck-out"])
    off = body.replace("<w:strike/>", '<w:strike w:val="0"/>')
    assert texts(read_docx(off)) == ["1234"]


def test_footnotes_follow_what_cites_them() -> None:
    def cite(kind: str, number: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    def notes(kind: str) -> str:
        own = "".join(f'<w:{kind} w:id="{n}">{p(f"{kind}{n}")}</w:{kind}>' for n in (2, 3))
        rule = f'<w:{kind} w:type="separator" w:id="0">{p("rule")}</w:{kind}>'
        return f"<w:{kind}s {SPACES}>{rule}{own}</w:{kind}s>"

    cell = f"<w:p><w:r><w:t>5</w:t></w:r>{cite('footnote', 3)}</w:p>"
    first = f"<w:p><w:r><w:t>甲</w:t></w:r>{cite('footnote', 2)}{cite('endnote', 2)}</w:p>"
    body = first + p("乙") + tbl(tc("a") + tc(cell)) + p("丙")
    parts = {f"word__{kind}s.xml": notes(kind) for kind in ("footnote", "endnote")}
    document = read_docx(body, **parts)
    assert texts(document) == ["甲", "footnote2", "endnote2", "乙", "Table", "footnote3", "丙"]
    assert matrix(tables(document)[0]) == [["a", "5"]]


def coloured(text: str, colour: str) -> str:
    return f'<w:r><w:rPr><w:color w:val="{colour}"/></w:rPr><w:t>{text}</w:t></w:r>'


def test_white_figures_behind_others_are_hidden() -> None:
    cells = tc("项", p("12").replace("</w:p>", coloured("9", "FFFFFF") + "</w:p>"))
    whole = tc(f"<w:p>{coloured('1', 'FFFFFF')}{coloured('2', 'FFFFFF')}</w:p>")
    (table,) = tables(read_docx(tbl(tc("甲") + tc("乙"), cells + whole)))
    assert [c.text for c in table.cells if c.row == 1] == ["项12", "12"]


@pytest.mark.parametrize("asked", [" =SUM(ABOVE) ", r" eq \o\ac(○,5) "])
def test_a_field_without_a_result_is_no_blank(asked: str) -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    field = (
        f"{mark.format('begin')}<w:r><w:instrText>{asked}</w:instrText></w:r>{mark.format('end')}"
    )
    (table,) = tables(read_docx(tbl(tc("甲") + tc("乙"), tc("项") + tc(f"<w:p>{field}</w:p>"))))
    assert table.cells[-1].doubt
    assert not table.cells[-2].doubt
