"""Web pages: paragraphs, tables with spans, layout tables, what is hidden, what is hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.model import Text
from auditor.readers import Limits, read
from tests.papers import (
    Merged,
    by_rows,
    grids,
    kinds,
    matrix,
    pictures,
    read_html,
    reduced,
    tables,
    texts,
)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>一<span>20</span><span>23</span>年<o:p></o:p></p>", ["一2023年"]),
        ("<p>甲<br>乙<br/>丙</p>", ["甲", "乙", "丙"]),
        ("<div>甲<p>乙</p>丙</div>", ["甲", "乙", "丙"]),
        ("<p>中文\n   换行</p>", ["中文换行"]),
        ("<p>two\n   words  here</p>", ["two words here"]),
        ("<p><span>20</span>\n<span>23</span></p>", ["20 23"]),
        ("<p>&nbsp;&nbsp;　甲&nbsp;乙 </p>", ["甲\xa0乙"]),
        ("<p>甲<!-- 注 -->乙<script>x</script><style>y</style></p>", ["甲乙"]),
        ("<nav>菜单</nav><noscript>n</noscript><template><p>t</p></template><p>甲", ["甲"]),
        ("<select><option>一<option>二</select><textarea>x</textarea><button>b</button>甲", ["甲"]),
        ("<p hidden>甲</p><p style='DISPLAY : none'>乙<p style='visibility:hidden'>丙<p>丁", ["丁"]),
        ("<p style='display:block'>甲<p class=hidden>乙<p style='overflow:hidden'>丙", [*"甲乙丙"]),
        ("<ul><li>甲<li>乙</ul>", ["甲", "乙"]),
        ("<ol><li>甲<li><p>乙</p><p>丙</p><li value=7>丁<li>戊</ol>己",
         ["1.甲", "2.乙", "丙", "7.丁", "8.戊", "己"]),
        ("<ol type=a start=3><li>甲<ol><li>乙</ol><li>丙</ol>", ["c.甲", "1.乙", "d.丙"]),
        ("<ol style='list-style-type:none'><li>甲</ol>", ["甲"]),
        ("<ruby>汉<rt>hàn</rt></ruby>字", ["汉字"]),
        ("甲&#8203;乙&#xFEFF;丙", ["甲乙丙"]),
        ("<center>甲</center><blockquote>乙</blockquote>丙<hr>丁", [*"甲乙丙丁"]),
        ("<h1>甲<br>乙</h1>", ["甲乙"]),
        ("plain < text", ["plain < text"]),
        ("<frameset><frame src=a></frameset>", ["Picture"]),
    ],
)  # fmt: skip
def test_paragraphs(page: str, expected: list[str]) -> None:
    assert texts(read_html(page)) == expected


def test_headings_have_their_level() -> None:
    document = read_html("<h1>一</h1><p>二</p><h3><b>三</b></h3>")
    levels = [(b.text, b.level) for b in document.blocks if isinstance(b, Text)]
    assert levels == [("一", 1), ("二", None), ("三", 3)]


def test_places() -> None:
    document = read_html("<p>甲</p><table><tr><td>1<td>2</table><p>乙<table><tr><td>3<td>4</table>")
    places = [(b.location.line, b.location.table) for b in document.blocks]
    assert places == [(1, None), (2, 1), (3, None), (4, 2)]
    assert not document.flattened


def test_metadata() -> None:
    document = read_html(
        "<head><title> 年度\n报告 </title><meta name='ArticleTitle' content=' 甲 '>"
        "<meta name=PubDate content='2024-01-05'><meta name=PubDate content='x'>"
        "<meta name=empty content=''><meta property='og:title' content='y'></head><p>文"
    )
    expected = {"title": "年度 报告", "ArticleTitle": "甲", "PubDate": "2024-01-05"}
    assert document.metadata == expected
    assert texts(document) == ["文"]


def test_pictures_but_no_icons() -> None:
    document = read_html(
        "<p>甲<img src=a alt='一张表'>乙</p><img src=b width=16 height=16><img width='20px'>"
        "<iframe src=c>x</iframe><object data=d>y</object><canvas>z</canvas><img width=600>"
    )
    found = [(b.kind, b.text) for b in pictures(document)]
    assert found == [
        ("image", "一张表"),
        ("frame", ""),
        ("frame", ""),
        ("image", ""),
        ("image", ""),
    ]
    assert texts(document)[:3] == ["甲", "Picture", "乙"]


def test_only_pre_is_flattened_text() -> None:
    document = read_html("<html><body><pre>甲\n\n  乙\t1 \n丙</pre></body></html>")
    assert document.flattened
    assert texts(document) == ["甲", "  乙\t1", "丙"]
    assert not read_html("<p>甲</p><pre>乙\n丙</pre>").flattened
    assert read_html("甲\n乙").flattened


def test_hidden_text_of_some_length_is_noted() -> None:
    page = f"<div style='display:none'><p>{'藏' * 300}</p></div><p>甲"
    assert kinds(read_html(page)) == ["hidden-content"]
    assert texts(read_html(page)) == ["甲"]
    assert kinds(read_html("<div style='display:none'>短</div><p>甲")) == []
    assert texts(read_html(page.removesuffix("<p>甲"))) == ["藏" * 300]  # a script will show it
    assert texts(read_html(page.encode("utf-16"))) == ["甲"]


# --- tables ----------------------------------------------------------------------------------


def test_spans() -> None:
    document = read_html(
        "<table><caption>题</caption><tr><th rowspan=2>甲<th colspan=2>乙"
        "<tr><td>1<td>&nbsp;<tr><td>a<br>b<td><p>商业</p><p>企业</p><td>12<br>34</table>"
    )
    assert texts(document) == ["题", "Table"]
    (table,) = tables(document)
    assert matrix(table) == [["甲", "乙", "乙"], ["甲", "1", ""], ["a b", "商业企业", "12 34"]]


def test_heads_and_feet_stand_where_they_are_shown() -> None:
    document = read_html(
        "<table><tfoot><tr><td>计<td>3</tfoot><tbody><tr><td>甲<td>1</tbody>"
        "<thead><tr><th>名<th>数</thead><tbody><tr><td>乙<td>2</table>"
    )
    assert matrix(tables(document)[0]) == [["名", "数"], ["甲", "1"], ["乙", "2"], ["计", "3"]]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td rowspan=0>甲<td>1<tr><td>2<tr><td>3", [["甲", "1"], ["甲", "2"], ["甲", "3"]]),
        ("<tr><td rowspan=99>甲<td>1<tr><td>2", [["甲", "1"], ["甲", "2"]]),
        ("<tr><td colspan=9999>题<tr><td>1<td>2", [["题", "题"], ["1", "2"]]),
        ("<tr><td colspan=0>题<td>1<tr><td>2<td>3", [["题", "1"], ["2", "3"]]),
        ("<tr><td colspan=-3 rowspan=x>题<td>1", [["题", "1"]]),
        # A column span gives way to a cell that comes down from above.
        ("<tr><td>a<td rowspan=2>b<tr><td colspan=2>c<td>d", [["a", "b", None], ["c", "b", "d"]]),
        ("<tr><td>a<td>b<tr><tr><td>c", [["a", "b"], ["c", None]]),
        ("<tbody><tr><td rowspan=5>a<td>b</tbody><tbody><tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<tr><td colspan=2>a<td>b<tr><td colspan=2>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<tr style='display:none'><td>x<td>y<tr><td>a<td>b", [["a", "b"]]),
        ("<td>a<td>b", [["a", "b"]]),
        ("<tr><td><ol><li>甲</ol><td>1", [["1.甲", "1"]]),
    ],
)
def test_odd_spans(rows: str, expected: list[list[str | None]]) -> None:
    assert matrix(tables(read_html(f"<table>{rows}</table>"))[0]) == expected


def test_boxes_need_no_row_around_them() -> None:
    cells = "".join(f"<i style='display:table-cell'>{c}</i>" for c in "甲1")
    table = f"<div style='display:table'>{cells}</div>"
    groups = f"<div style='display:table'><p style='display:table-row-group'>{cells}</p></div>"
    assert [matrix(t) for t in tables(read_html(table + groups))] == [[["甲", "1"]]] * 2


def test_tables_of_layout_flow() -> None:
    inner = "<table><tr><td>甲<td>1<tr><td>乙<td>2</table>"
    document = read_html(
        f"<table><tr><td><table><tr><td>左<p>栏</table><td>前{inner}后<tr><td>脚</table>"
    )
    assert texts(document) == ["左", "栏", "前", "Table", "后", "脚"]
    assert matrix(tables(document)[0]) == [["甲", "1"], ["乙", "2"]]
    assert texts(read_html("<table><tr><td><h2>题</h2>文</table>")) == ["题", "文"]
    long = "文" * 100
    assert texts(read_html(f"<table><tr><td>题<tr><td>{long}</table>")) == ["题", long]
    assert texts(read_html("<table><tr><td>甲<tr><td>乙</table>")) == ["Table"]
    assert texts(read_html("<table></table><table><tr><td>&nbsp;<td></table>甲")) == ["甲"]


def test_a_decorated_cell_does_not_make_its_table_layout() -> None:
    document = read_html("<table><tr><td>甲<td><table><tr><td>5</table></table>")
    assert matrix(tables(document)[0]) == [["甲", "5"]]


def test_a_picture_in_a_table_follows_it() -> None:
    assert texts(read_html("<table><tr><td>甲<td><img src=a></table>")) == ["Table", "Picture"]
    assert texts(read_html("<table><tr><td><td><img src=a></table>")) == ["Picture"]


def test_a_cell_that_shows_only_a_picture_is_no_blank() -> None:
    shown = "<table><tr><td>甲<td>乙<td><tr><td>1<img src=a><td><img src=b><td></table>"
    (table,) = tables(read_html(shown))
    assert [(c.text, bool(c.doubt)) for c in table.cells] == [
        ("甲", False), ("乙", False), ("", False), ("1", False), ("", True), ("", False),
    ]  # fmt: skip


@given(grids())
def test_grids_come_back(cells: Merged) -> None:
    page = "".join(
        "<tr>" + "".join(
            f"<td rowspan={down} colspan={across}>{escaped(text)}</td>"
            for _, _, down, across, text in row
        ) + "</tr>"
        for row in by_rows(cells)
    )  # fmt: skip
    (table,) = tables(read_html(f"<table>{page}</table>"))
    assert matrix(table) == reduced(cells)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


PIECES = """
<table> </table> <tr> </tr> <td> <td/rowspan=0> <td/colspan=7> <td/rowspan=3> <th> <caption>
<tbody> <thead> <tfoot> <p> </p> <div> </div> <br> <ol> <li> </ol> <h2> </h2> <pre> </pre>
<img> <b> </b> <a> </a> <select> <template> <svg> </svg> <frameset> <form> <math> <mi> <col>
<script> </script> <!-- --> <title> <plaintext> <p/hidden> 甲 1 &#27; &nbsp;
"""


@given(st.lists(st.sampled_from(PIECES.split()), max_size=40))
def test_any_soup_gives_grids_without_overlap(pieces: list[str]) -> None:
    try:
        document = read_html("<!DOCTYPE html>" + "".join(pieces))
    except DocumentError:
        return
    for table in tables(document):
        matrix(table)
    assert not any("\x1b" in block.text for block in document.blocks if isinstance(block, Text))


# --- encodings -------------------------------------------------------------------------------

CHINESE = "<p>二〇二三年度工作报告，共收到来信</p>"


@pytest.mark.parametrize(
    ("declared", "encoding", "seen"),
    [
        ("utf-8", "utf-8", []),
        ("gb2312", "gbk", ["encoding"]),
        ("GBK", "gbk", ["encoding"]),
        ("gb2312", "utf-8", ["encoding-declared-wrong"]),
        ("utf-8", "gbk", ["encoding", "encoding-declared-wrong"]),
        ("nonsense", "utf-8", ["encoding-declared-wrong"]),
        ("utf-8", "utf-8-sig", []),
        ("utf-8", "utf-16", ["encoding"]),
    ],
)
def test_the_declared_encoding_is_only_a_hint(
    declared: str, encoding: str, seen: list[str]
) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body>{CHINESE}</body></html>'
    document = read_html(page.encode(encoding))
    assert kinds(document) == seen
    assert texts(document) == ["二〇二三年度工作报告，共收到来信"]


# --- hostile pages ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "x",
        "<svg><g/>" * 20_000,
        "<table><tr><td>x<td>y</table>" * 5_001,
        "<table>" + ("<tr>" + "<td colspan=9999>x" * 4) * 2_000 + "</table>",
        "<table>" + "<tr>" + "<td rowspan=9999>x" * 3_000 + "<tr><td>y" * 3_000 + "</table>",
        "<table><tr>" + "<td>x" * 5_000 + "</table>",
        "<p>" * 1_000_001,
        "<div " + " ".join(f"a{n}" for n in range(30_000)) + ">x",
        "<div " + "".join(f"a{n}='>'" for n in range(30_000)) + ">x",
        "<div " + "".join(f'a{n}="<p>"' for n in range(30_000)) + ">x",
    ],
    ids=lambda page: page[:20],
)
def test_hostile_pages_are_refused_in_time(page: str) -> None:
    begun = time.process_time()
    with pytest.raises(DocumentError) as caught:
        read_html("<html><body>" + page)
    assert caught.value.kind == "too-large"
    assert time.process_time() - begun < 20


def test_odd_but_harmless_pages_are_read() -> None:
    assert texts(read_html("<div>" * 3_000 + "x")) == ["x"]
    assert texts(read_html("<table><tr><td>" * 500 + "x")) == ["x"]
    assert len(read_html("<font size=2><p>x" * 5_000).blocks) == 5_000
    assert len(read_html("<p>" * 20_000 + "x" + " " * 1_000_000).blocks) == 1
    assert texts(read_html(f"<img src='data:image/png;base64,{'a/b+' * 200_000}'>")) == ["Picture"]
    with pytest.raises(DocumentError, match="tags"):
        read("x.html", data=b"<p>x" * 11, limits=Limits(nodes=10))


def test_crossed_out_text_does_not_count() -> None:
    """`12` beside a crossed-out `34` is not 1234."""
    document = read_html("<table><tr><td>a</td><td>12<s>34</s><del>5</del></td></tr></table>")
    assert matrix(tables(document)[0]) == [["a", "12"]]
    assert "struck-out" in kinds(document)
    assert "struck-out" not in kinds(read_html("<p>12<s> </s></p>"))


def test_fields_of_a_form_show_their_values() -> None:
    page = (
        "<table><tr><td>a</td><td><input value=12></td><td><input type=hidden value=7></td></table>"
    )
    assert matrix(tables(read_html(page))[0]) == [["a", "12", ""]]
