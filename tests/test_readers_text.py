"""Bytes → characters, plain text → lines, numbers → words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import DocumentError
from auditor.model import Table, Text
from auditor.readers import Limits, read
from auditor.readers._characters import Scrubber, plausible
from auditor.readers._counting import counting, printed
from auditor.text import chinese_number
from tests.papers import docx, kinds, p, texts

CHINESE = "二〇二三年度工作报告，共收到来信12件。\n全年合计办理11件，结转下年1件。\n"


def refused(data: bytes, name: str, limits: Limits | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        read(name, data=data, limits=limits or Limits())
    return caught.value.kind


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (CHINESE.encode(), []),
        (CHINESE.encode("utf-8-sig"), []),
        (CHINESE.encode("utf-16"), ["encoding"]),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), ["encoding"]),
        (CHINESE.encode("gbk"), ["encoding"]),
        (CHINESE.encode("gb18030"), ["encoding"]),
        (("𠮷" + CHINESE).encode("gb18030"), ["encoding"]),
        ("报".encode("gbk"), ["encoding"]),
    ],
)
def test_the_ladder(data: bytes, seen: list[str]) -> None:
    document = read("a.txt", data=data)
    assert kinds(document) == seen
    assert "报" in "".join(texts(document))


@pytest.mark.parametrize(
    "data",
    [
        "caf\xe9 et cr\xe8me br\xfbl\xe9e".encode("latin-1"),
        "報告書を公表する、ありがとう".encode("euc-jp"),
        "臺灣繁體中文報告書內容".encode("big5"),
        "Отчёт о работе за год".encode("cp1251"),
        CHINESE.encode()[:40] + b"\xff" + CHINESE.encode()[40:],
        b"\xef\xbb\xbf\xff\xff",
        b"\xff\xfea",
        "\ufeffa\0b".encode("utf-16-le"),
        b"\xff" * 100,
    ],
)
def test_what_is_no_encoding_of_ours_is_broken(data: bytes) -> None:
    assert refused(data, "a.txt") == "broken"
    assert refused(b"{" + data, "a.json") == "broken"


def test_a_long_text_with_a_cut_character_is_read_and_noted() -> None:
    document = read("a.txt", data=(CHINESE * 5).encode() + "报".encode()[:2])
    assert kinds(document) == ["encoding-damaged"]
    assert texts(document)[-1] == "\ufffd"
    with pytest.raises(DocumentError):
        read("a.json", data=b'{"a":"' + (CHINESE * 5).encode() + b"\xff")


@given(st.binary(max_size=400))
def test_random_bytes_are_seldom_plausible_chinese(data: bytes) -> None:
    text = data.decode("gb18030", "ignore")
    if len([c for c in text if "\u4e00" <= c <= "\u9fff"]) > 40:
        assert not plausible(text)


# --- plain text ------------------------------------------------------------------------------


def test_lines_keep_their_number_and_their_indentation() -> None:
    document = read("a.md", data="标题: 甲\n\n\t　1 \r\n乙\f丙\r丁\v戊\u2028己".encode())
    found = [(b.location.line, b.text) for b in document.blocks if isinstance(b, Text)]
    assert found == [
        (1, "标题: 甲"), (3, "\t　1"), (4, "乙"), (4, "丙"), (5, "丁"), (5, "戊"), (5, "己"),
    ]  # fmt: skip
    assert document.flattened
    assert document.format == "text"


def test_control_characters_go_and_are_noted_once() -> None:
    data = (
        "words and words\x1b[31m甲\x1b[0m乙\x07\x9b1m丙\x1b]0;title\x07丁\n\x00".encode().replace(
            b"\0", b"\1"
        )
    )
    document = read("a.txt", data=data)
    assert texts(document) == ["words and words甲乙丙丁"]
    assert kinds(document) == ["control-characters"]


def test_invisible_marks_go_silently() -> None:
    document = read("a.txt", data="甲\u200b乙\u202e丙\ufeff丁\u00ad".encode())
    assert texts(document) == ["甲乙丙丁"]
    assert kinds(document) == []


@given(st.text())
def test_scrubbed_text_is_printable_and_scrubbing_is_idempotent(text: str) -> None:
    once = Scrubber()(text)
    assert not any(c < " " and c not in "\t\n\r" for c in once)
    again = Scrubber()
    assert again(once) == once
    assert not again.dropped
    once.encode()


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.txt", str), ("a.html", "<p>{}</p>".format), ("a.docx", lambda text: docx(p(text)))],
)
def test_radicals_are_the_characters_that_they_look_like(name: str, write: Any) -> None:
    written = write("⼀、示例市⼈⺠政府⻓期公开，收⻅12件")
    data = written if isinstance(written, bytes) else written.encode()
    assert texts(read(name, data=data)) == ["一、示例市人民政府长期公开，收见12件"]


def test_limit_of_lines() -> None:
    assert refused(b"a\n" * 10, "a.txt", Limits(lines=10)) == "too-large"
    assert read("a.txt", data=b"a\n" * 9, limits=Limits(lines=10)).blocks
    assert len(read("a.txt", data=b"a" * 5_000_000).blocks) == 1


# --- numbers ---------------------------------------------------------------------------------


@given(st.integers(0, 9999))
def test_counting_is_the_inverse_of_reading(number: int) -> None:
    assert chinese_number(counting(number)) == number


@pytest.mark.parametrize(
    ("style", "number", "text"),
    [
        ("chineseCounting", 10, "十"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 20_305, "二万零三百零五"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographDigital", 105, "一〇五"),
        ("ideographTraditional", 11, "甲"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 5, "05"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircle", 21, "21"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 3, "C"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerRoman", 4, "iv"),
        ("bullet", 4, ""),
        ("hebrew1", 4, "4"),
        ("lowerRoman", -4, "-4"),
        ("lowerRoman", 10**6, "1000000"),
    ],
)
def test_numbering_styles(style: str, number: int, text: str) -> None:
    assert printed(style, number) == text


# --- Markdown and other markup ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("**一、总体**情况", ["一、总体情况"]),
        ("__甲__与**乙**、**丙**", ["甲与乙、丙"]),
        ("5** 注", ["5** 注"]),
        ("1\\. 甲\\_乙", ["1. 甲_乙"]),
        ("| 甲\\|乙 | 1 |", ["| 甲\\|乙 | 1 |"]),
        ("[甲](http://示例/a_(1).html \"乙\")及[2]", ["甲及[2]"]),
        ("![甲](data:image/png;base64,AAAA)乙", ["乙"]),
        ("甲&nbsp;&lt;乙&amp;&unknown;", ["甲\u00a0<乙&&unknown;"]),
        ("甲<br/>乙", ["甲", "乙"]),
        ("| 甲<br>乙 | <b>1</b> |", ["| 甲 乙 | 1 |"]),
        ("收到“<b onclick='x'>”一类的留言", ["收到“<b onclick='x'>”一类的留言"]),
        ("<center>\n<font size=3>甲</font>\n</center>", ["甲"]),
        ("│ 甲 │ 1 │", ["| 甲 | 1 |"]),
        ("少于<5件", ["少于<5件"]),
    ],
)  # fmt: skip
def test_signs_of_markup_are_no_text(written: str, read_as: list[str]) -> None:
    assert texts(read("a.md", data=written.encode())) == read_as


def test_tables_in_markup_are_tables_with_their_line() -> None:
    data = "甲\n<table>\n<tr><td colspan=2>乙</td></tr><tr><td>丙</td><td>1</td></tr></table>\n丁"
    document = read("a.md", data=data.encode())
    kinds_of = [type(block).__name__ for block in document.blocks]
    assert kinds_of == ["Text", "Table", "Text"]
    assert [block.location.line for block in document.blocks] == [1, 2, 4]
    assert document.flattened
    assert texts(read("a.md", data="甲<table><tr><td>乙".encode())) == ["甲<table><tr><td>乙"]


def test_merged_cells_that_are_repeated_make_a_table() -> None:
    data = "| 甲乙 | 甲乙 | 丙 |\n|---|---|---|\n| 丁 | 1 | 1 |\n"
    (table,) = read("a.md", data=data.encode()).blocks
    assert isinstance(table, Table)
    assert (table.rows, table.columns, table.location.table) == (2, 3, 1)
    for other in (
        data.replace("甲乙 | 甲乙", "甲乙 | 丙"),
        data.replace("| 丁 | 1 | 1 |", "| 丁 | 1 |"),
    ):
        assert not any(isinstance(b, Table) for b in read("a.md", data=other.encode()).blocks)


def test_values_parted_by_commas_are_parted_by_tabs() -> None:
    rows = '甲,1,2,,4,5,"1,006"\n' + "乙,0,0,0,0,0,0\n" * 5
    found = texts(read("a.txt", data=(rows * 2 + "全年收到1,2,3件。").encode()))
    assert found[:2] == ["甲\t1\t2\t\t4\t5\t1,006", "乙\t0\t0\t0\t0\t0\t0"]
    assert found[-1] == "全年收到1,2,3件。"
    doubtful = "甲乙\n" + rows.replace("乙,0,0", "乙,12,345", 1)  # or 12,345 without its marks
    assert texts(read("a.txt", data=doubtful.encode())) == doubtful.rstrip().split("\n")


@pytest.mark.parametrize("sign", "\t,")
def test_a_sheet_saved_as_text_keeps_its_columns(sign: str) -> None:
    rows = [
        ["“甲”的报告", "", "", ""], ["“一、本表”", "", "", ""], ["乙", "", "丙", "丁"],
        ["戊", "己", "“1,024”", "2"], ["", "庚", "", "3"], ["没有其他。" * 20, "", "", ""],
    ]  # fmt: skip
    data = "\n".join(sign.join(row) for row in rows).replace("“", '"').replace("”", '"').encode()
    first, second, table, last = read("a.txt", data=data).blocks
    assert [b.text for b in (first, second, last) if isinstance(b, Text)] == [
        "甲的报告", "一、本表", "没有其他。" * 20,
    ]  # fmt: skip
    assert isinstance(table, Table)
    assert [(c.text, c.row, c.column) for c in table.cells if c.text] == [
        ("乙", 2, 0), ("丙", 2, 2), ("丁", 2, 3), ("戊", 3, 0), ("己", 3, 1), ("1,024", 3, 2),
        ("2", 3, 3), ("庚", 4, 1), ("3", 4, 3),
    ]  # fmt: skip
    assert (table.location.line, table.location.row, last.location.line) == (3, 3, 6)
    packed = data.replace(f"{sign}庚{sign}{sign}3".encode(), f"庚{sign}3{sign}{sign}".encode())
    assert not any(isinstance(block, Table) for block in read("a.txt", data=packed).blocks)


GRIDS = {
    "thin": ("┌──┬──┬──┐", "├──┼──┼──┤", "└──┴──┴──┘", "│"),
    "heavy": ("┏━━┳━━┳━━┓", "┣━━╋━━╋━━┫", "┗━━┻━━┻━━┛", "┃"),
    "signs": ("+--+--+--+", "+==+==+==+", "+--+--+--+", "|"),
}


@pytest.mark.parametrize("name", GRIDS)
def test_a_row_between_rules_may_take_several_lines(name: str) -> None:
    top, between, bottom, bar = GRIDS[name]
    rows = [[("甲", "乙丙", "丁"), ("", "戊", "")], [("己", "12", ""), ("", "34", "")],
            [("庚", "5", "6")]]  # fmt: skip
    written = ["\n".join(bar + bar.join(line) + bar for line in several) for several in rows]
    data = "\n".join(["前", top, f"\n{between}\n".join(written), bottom, "后"])
    first, table, last = read("a.txt", data=data.encode()).blocks
    assert isinstance(table, Table)
    assert [c.text for c in table.cells] == [
        "甲", "乙丙戊", "丁", "己", "12 34", "", "庚", "5", "6",
    ]  # fmt: skip
    assert (first.location.line, table.location.line, last.location.line) == (1, 2, 11)
    broken = data.replace(f"{bar}5{bar}6{bar}", f"{bar}5{bar}")
    assert not any(isinstance(b, Table) for b in read("a.txt", data=broken.encode()).blocks)


def test_tables_of_a_library_of_data_frames() -> None:
    data = "| 甲 | Unnamed: 1 |\n|---|---|\n| NaN | 12.0 |\n| -3.0 | 1.50 |\n| NaN | NaN |\n"
    assert texts(read("a.md", data=data.encode())) == [
        "| 甲 |  |", "|---|---|", "|  | 12 |", "| -3 | 1.50 |", "|  |  |",
    ]  # fmt: skip
    plain = "| 甲 | 乙 |\n|---|---|\n| 1 | 12.0 |\n"
    assert texts(read("a.md", data=plain.encode()))[2] == "| 1 | 12.0 |"


def test_values_between_quotes() -> None:
    data = '"甲","1","2","","4","5","1,006"\n' + '"乙","0","0","0","0","0","0"\n' * 9 + "后"
    found = texts(read("a.txt", data=data.encode()))
    assert found[:2] == ["甲\t1\t2\t\t4\t5\t1,006", "乙\t0\t0\t0\t0\t0\t0"]


@pytest.mark.parametrize(
    "sign", ["[", "**", "__", "&", "<b ", "![", "<table", "|", "[a](<", ",1", "+-", "|NaN"]
)
def test_signs_without_end_take_no_time(sign: str) -> None:
    assert read("a.md", data=(sign * 100_000).encode()).blocks
