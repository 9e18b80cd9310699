"""Headings are found beside the tables; a lost heading is unread, an absent section missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from auditor.binding import bind, validate
from auditor.binding.sections import Sections, find_sections
from auditor.form import Form
from auditor.model import Block, Document, Location, Observation, Picture, Refusal, Report, Text
from tests.grids import ANCIENT, BODY, NEW, OLD, document, laid, rows_of, table_of

FORMS = (NEW, OLD, ANCIENT)
HEADINGS = [f"{s.ordinal}、{s.heading.text}" for s in NEW.sections]


def report(of: Document, **options: object) -> Report:
    bound = bind(of, FORMS, lambda form: (), **options)  # type: ignore[arg-type]
    assert isinstance(bound, Report), bound
    form = next(f for f in FORMS if f.id == bound.form)
    assert validate(bound, form) == ()
    return bound


def noted(bound: Report) -> list[tuple[str, str]]:
    return [(o.kind, o.path) for o in bound.observations]


def changed(of: Document, old: str, new: str) -> Document:
    """The document with one text replaced; an empty text leaves the block out."""
    blocks = [
        replace(b, text=b.text.replace(old, new)) if isinstance(b, Text) else b for b in of.blocks
    ]
    return replace(of, blocks=tuple(b for b in blocks if not isinstance(b, Text) or b.text))


def plain(*lines: str, form: Form = NEW) -> Sections:
    blocks = tuple(Text(t, Location(line=n)) for n, t in enumerate(lines, 1) if t)
    return find_sections(Document("a.txt", "text", blocks, flattened=True), form, {})


@pytest.mark.parametrize("form", [NEW, OLD])
def test_a_clean_report(form: Form) -> None:
    bound = report(document(form, title=f"示例市示例局{form.first_year}年政府信息公开工作年度报告"))
    assert bound.form == form.id
    assert bound.observations == () or form is OLD
    assert bound.coverage.sections_read == 6
    assert bound.data["overview"] == {"heading": HEADINGS[0], "text": BODY["overview"]}
    assert bound.data["others"]["text"] == "无。"


@pytest.mark.parametrize("key", [s.key for s in NEW.sections])
def test_a_deleted_section_is_missing(key: str) -> None:
    bound = report(document(drop=[key]))
    table = [("table-missing", key)] if NEW.section(key).table else []
    assert noted(bound) == [*table, ("section-missing", key)]
    assert bound.coverage.sections_read == 5
    assert bound.data[key]["heading"] is None


@pytest.mark.parametrize("key", ["disclosure", "applications", "disputes"])
def test_a_table_without_its_heading_is_unread(key: str) -> None:
    heading = f"{NEW.section(key).ordinal}、{NEW.section(key).heading.text}"
    bound = report(changed(document(), heading, ""))
    assert noted(bound) == [("section-unread", key)]
    assert bound.observations[0].detail == "heading"


def test_a_text_without_its_heading_keeps_its_text() -> None:
    body = {**BODY, "problems": "存在的问题是栏目更新不及时、培训不够。" * 5}
    bound = report(changed(document(body=body), HEADINGS[4], ""))
    assert noted(bound) == [("section-unread", "problems")]
    assert bound.data["problems"] == {"heading": None, "text": body["problems"]}
    assert body["problems"] not in bound.beside + bound.rest  # nor is it told twice


def test_a_picture_may_be_what_is_missing() -> None:
    whole = document(drop=["problems"])
    blocks = list(whole.blocks)
    blocks.insert(-2, Picture())
    bound = report(replace(whole, blocks=tuple(blocks)))
    assert noted(bound) == [("section-unread", "problems")]
    at = next(i for i, b in enumerate(blocks) if isinstance(b, Text) and b.text == HEADINGS[2])
    tables = document()
    blocks = [Picture() if i == at + 1 else b for i, b in enumerate(tables.blocks)]
    bound = report(replace(tables, blocks=tuple(blocks)))
    kinds = ("table-unread", "table-pictured")
    assert noted(bound) == [(kind, "applications") for kind in kinds]


@pytest.mark.parametrize(
    ("pages", "kind"),
    [([None], "unread"), ([2], "unread"), ([1, 2], "unread"), ([3], "missing"), ([], "missing")],
)
def test_what_a_scan_does_not_show_may_not_have_been_recognised(
    pages: list[int | None], kind: str
) -> None:
    whole = document(drop=["applications", "problems"])
    blocks = tuple(replace(b, location=b.location._replace(page=2)) for b in whole.blocks)
    seen = tuple(Observation("recognised", location=Location(page=page)) for page in pages)
    bound = report(replace(whole, blocks=blocks, observations=seen))
    told = [(k, at) for k, at in noted(bound) if k.startswith(("table", "section"))]
    assert told == [
        (f"table-{kind}", "applications"),
        (f"section-{kind}", "applications"),
        (f"section-{kind}", "problems"),
    ]


def test_ordinals() -> None:
    assert noted(report(changed(document(), "一、总", "总"))) == [("ordinal-missing", "overview")]
    bound = report(changed(document(), HEADINGS[4], HEADINGS[4].replace("五", "六")))
    assert noted(bound) == [("ordinal-wrong", "problems")]
    blocks = [
        Text(b.text[2:], ordinal=b.text[:2]) if isinstance(b, Text) and b.text in HEADINGS else b
        for b in document().blocks
    ]
    bound = report(replace(document(), blocks=tuple(blocks)))
    assert noted(bound) == []
    assert bound.data["overview"]["heading"] == HEADINGS[0]


@pytest.mark.parametrize(
    ("printed", "kinds"),
    [
        ("一、概述", ["heading-changed"]),
        ("一、总体 情况", []),
        ("一．总体情况：", []),
        ("一、总体工作情况", ["heading-changed"]),
        ("1、总体情况", []),
        ("第一部分 总体情况", []),
    ],
)
def test_spellings(printed: str, kinds: list[str]) -> None:
    bound = report(changed(document(), HEADINGS[0], printed))
    assert [o.kind for o in bound.observations] == kinds
    assert bound.data["overview"]["text"] == BODY["overview"]


def test_long_variants_are_accepted() -> None:
    long = "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"
    assert noted(report(changed(document(), HEADINGS[3], long))) == []
    typo = "四、政府信息公开行政法复议、行政诉讼情况"
    bound = report(changed(document(), HEADINGS[3], typo))
    assert noted(bound) == [("heading-changed", "disputes")]


def test_order_and_repetition() -> None:
    whole = document()
    at = {b.text: i for i, b in enumerate(whole.blocks) if isinstance(b, Text)}
    blocks = list(whole.blocks)
    five = blocks[at[HEADINGS[4]] : at[HEADINGS[4]] + 2]
    del blocks[at[HEADINGS[4]] : at[HEADINGS[4]] + 2]
    blocks[at[HEADINGS[1]] : at[HEADINGS[1]]] = five
    bound = report(replace(whole, blocks=tuple(blocks)))
    assert noted(bound) == [("section-order", "problems")]
    assert bound.data["problems"]["text"] == BODY["problems"]
    assert bound.data["overview"]["text"] == BODY["overview"]
    twice = (*whole.blocks, Text(HEADINGS[5]), Text("还有。"))
    bound = report(replace(whole, blocks=twice))
    assert noted(bound) == [("section-repeated", "others")]


def test_the_list_in_the_opening_is_no_heading() -> None:
    names = "、".join(s.heading.text for s in NEW.sections)
    numbered = "；".join(f"{s.ordinal}、{s.heading.text}" for s in NEW.sections)
    for listing in (f"本报告由{names}六部分组成。", f"本报告包括：{numbered}。", f"{names}。"):
        whole = document()
        blocks = (whole.blocks[0], Text(listing), *whole.blocks[1:])
        bound = report(replace(whole, blocks=blocks))
        assert noted(bound) == []
        assert listing in bound.data["opening"]


def test_headings_glued_to_their_text() -> None:
    found = plain(
        "本报告包括总体情况、存在的主要问题及改进情况和其他需要报告的事项等部分。一、总体情况2023年，我局"
        "做了一些工作。二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况四、政府信息公开行政复议、"
        "行政诉讼情况五、存在的主要问题及改进情况（一）问题：栏目少。六、其他需要报告的事项 无。"
    )
    texts = {k: s.text for k, s in found.found.items()}
    assert texts["overview"] == "2023年，我局做了一些工作。"
    assert texts["problems"] == "（一）问题：栏目少。"
    assert texts["others"] == "无。"
    assert texts["disclosure"] == ""
    assert found.opening is not None
    assert found.opening.endswith("等部分。")
    assert found.read == 6


def test_subheadings_are_no_headings() -> None:
    found = plain(
        "一、总体情况",
        "（一）主动公开政府信息情况",
        "公开了。",
        "（二）收到和处理政府信息公开申请情况",
        "没有。",
        "五、存在的主要问题及改进情况",
        "（一）存在的主要问题",
        "少。",
        "六、其他需要报告的事项",
        "无",
    )
    assert found.found["disclosure"].heading is None
    assert found.found["overview"].text is not None
    assert "没有。" in found.found["overview"].text
    assert found.found["others"].text == "无"


def test_a_heading_with_nothing_below_is_empty_not_unread() -> None:
    bound = report(changed(document(), "无。", ""))
    assert bound.data["others"]["text"] == ""
    assert noted(bound) == []


def test_a_heading_torn_over_two_lines() -> None:
    found = plain("一、总体情况", "好。", "五、存在的主要问题及", "改进情况", "少。")
    assert found.found["problems"].heading == "五、存在的主要问题及改进情况"
    assert found.found["problems"].text == "少。"


def test_wrapped_lines_become_paragraphs() -> None:
    lines = [
        "一、总体情况",
        "示例市示例局在示例年度里认真做好各项工作，把示例工作放在",
        "重要的位置，按照示例办法的要求及时发布示例内容，全年共发",
        "布示例内容四十条，其中示例文件十条，示例动态三十条，都在",
        "— 1 —",
        "示例网站上可以查到。",
        "示例市示例局还组织了两次培训，参加的人员共有六十人，效果",
        "比较好。",
        "（一）示例平台。示例平台的建设按照计划进行，新开设示例栏",
        "目两个。",
    ]
    text = plain(*lines).found["overview"].text
    assert text is not None
    assert text.split("\n") == [
        "".join(lines[1:4]) + lines[5],
        "".join(lines[6:8]),
        "".join(lines[8:]),
    ]


def test_signatures_are_not_part_of_the_last_section() -> None:
    whole = document()
    signed = (*whole.blocks, Text("示例市示例局"), Text("2024年1月20日"))
    bound = report(replace(whole, blocks=signed))
    assert bound.data["others"]["text"] == "无。"
    assert bound.published == "2024-01-20"


def test_a_whole_report_in_one_layout_table() -> None:
    rows: list[list[object]] = [[("示例市示例局2023年政府信息公开工作年度报告", 1, 15)]]
    for section in NEW.sections:
        rows.append([(f"{section.ordinal}、{section.heading.text}", 1, 15)])
        if section.table:
            rows += [[*row] for row in rows_of(NEW, section.key)]
        else:
            rows.append([(BODY[section.key], 1, 15)])
    table = laid(rows)  # type: ignore[arg-type]
    bound = report(Document("a.html", "html", (table,)))
    assert noted(bound) == []
    assert bound.data["overview"]["text"] == BODY["overview"]
    assert bound.data["problems"]["text"] == BODY["problems"]
    assert bound.coverage.cells_read == 200
    assert (bound.subject.name, bound.period) == ("示例市示例局", 2023)


def test_what_is_no_report_is_refused() -> None:
    def verdict(*texts: str) -> str:
        of = Document("a.docx", "docx", tuple(Text(t) for t in texts))
        bound = bind(of, FORMS, lambda form: ())
        assert isinstance(bound, Refusal)
        assert bound.said.zh
        assert bound.said.en
        return bound.kind

    assert verdict("关于天气的通知", "今天晴。") == "not-a-report"
    old = "示例市示例局2017年政府信息公开工作年度报告"
    assert verdict(old, "一、概述", "做了一些工作。") == "old-form"


def test_the_blank_form_is_a_template() -> None:
    def filled(title: str, text: str) -> Document:
        body = dict.fromkeys(BODY, text)
        return document(written=lambda p: "", title=title, body=body)

    blank = filled("政府信息公开工作年度报告格式模板", "（文字描述）")
    bound = bind(replace(blank, blocks=(blank.blocks[0], *blank.blocks[2:])), FORMS, lambda f: ())
    assert isinstance(bound, Refusal)
    assert bound.kind == "template"
    named = report(filled("示例市示例局2023年政府信息公开工作年度报告", "做了一些工作。"))
    assert named.coverage.cells_read == 200


def test_a_report_whose_tables_are_pictures() -> None:
    whole = document()
    blocks = tuple(b if isinstance(b, Text) else Picture() for b in whole.blocks)
    bound = report(replace(whole, blocks=blocks))
    assert [k for k, _ in noted(bound)] == ["table-unread", "table-pictured"] * 3
    assert bound.coverage.cells_read == 0
    assert bound.coverage.sections_read == 6


def test_the_wrong_edition_for_the_year() -> None:
    old = document(OLD, title="示例市示例局2022年政府信息公开工作年度报告")
    bound = report(old)
    assert bound.form == OLD.id
    assert ("edition-mismatch", "") in noted(bound)
    bound = report(document(), period=2019, kind="government")
    assert bound.period == 2019
    assert bound.data["period"] == 2019
    assert bound.subject.kind == "government"
    assert [o.detail for o in bound.observations] == ["2019"]


def test_every_fact_has_its_place() -> None:
    bound = report(document())
    for path in NEW.fields:
        if not path.rpartition(".")[0].endswith("undivided"):
            assert bound.locations[path].source == "sample.docx"
            assert bound.locations[path].row
    assert bound.locations["overview.text"].label == NEW.labels["overview.text"]
    assert {"title", "period", "subject.name", "covers"} <= set(bound.locations)


def test_a_table_of_contents_is_no_body() -> None:
    whole = document()
    for tail in ("", " 1", "…………3"):
        contents = tuple(Text(f"{heading}{tail}") for heading in HEADINGS)
        blocks = (whole.blocks[0], Text("目录"), *contents, *whole.blocks[1:])
        bound = report(replace(whole, blocks=blocks))
        assert noted(bound) == []
        assert bound.data["overview"]["text"] == BODY["overview"]


def test_lines_of_the_page_are_not_the_report() -> None:
    whole = document()
    around = (
        *whole.blocks[:1],
        Text("发布日期：2024-01-20"),
        Text("来源：示例网"),
        *whole.blocks[1:],
        Text("分享到：示例"),
        Text("版权所有 示例网"),
    )
    bound = report(replace(whole, blocks=around))
    assert bound.data["opening"] == report(whole).data["opening"]
    assert bound.data["others"]["text"] == "无。"
    assert bound.published == "2024-01-20"


def test_a_hostile_text_is_cut_to_what_the_schema_allows() -> None:
    bound = report(document(body={**BODY, "overview": "好" * 600_000}))
    assert len(bound.data["overview"]["text"]) == 500_000


SIGNED = ("示例市示例局", "2024年1月15日")


@pytest.mark.parametrize(
    "below",
    [
        (*SIGNED, "友情链接：示例省人民政府", "版权所有 示例网"),
        (*SIGNED, "关于天气的通知", "各单位：", "一是注意安全。", "2024年3月5日"),
        ("示例局", "二〇二四年一月十五日", "下一篇文章"),
        ("2024年1月15日", "相关文章", "示例市示例局2022年政府信息公开工作年度报告"),
        ("附件：示例市示例局2023年政府信息公开工作年度报告.docx", *SIGNED),
        SIGNED,
    ],
)
def test_what_follows_the_signature_is_no_section(below: tuple[str, ...]) -> None:
    whole = document()
    bound = report(replace(whole, blocks=(*whole.blocks, *map(Text, below))))
    assert bound.data["others"]["text"] == BODY["others"]
    assert all(line in bound.rest for line in below)


@pytest.mark.parametrize("kind", ["docx", "text"])
def test_what_is_told_beside_a_table_is_kept(kind: str) -> None:
    whole = document()
    at = next(n for n, x in enumerate(whole.blocks) if isinstance(x, Text) and x.text[:1] == "五")
    told = "2023年，因政府信息公开被申请行政复议2件。"
    blocks = (*whole.blocks[:at], Text(told), *whole.blocks[at:])
    bound = report(replace(whole, blocks=blocks, flattened=kind == "text"))
    assert told in bound.beside.split("\n")
    assert not any(text in bound.beside for text in BODY.values())
    assert report(whole).beside.find("复议2件") < 0


def test_the_section_that_stands_last_is_signed() -> None:
    whole = document()
    blocks = (*whole.blocks[:-4], *whole.blocks[-2:], *whole.blocks[-4:-2], *map(Text, SIGNED))
    bound = report(replace(whole, blocks=blocks))
    assert noted(bound) == [("section-order", "problems")]
    assert bound.data["problems"]["text"] == BODY["problems"]


def test_a_date_within_the_last_section_does_not_end_it() -> None:
    body = {**BODY, "others": "收费情况如下。\n2023年5月6日\n收取1件。"}
    assert report(document(body=body)).data["others"]["text"] == body["others"]


def test_a_table_in_words_of_its_own_is_not_missing() -> None:
    other = laid([["维持", "纠正", "其他", "合计"], ["0", "1", "0", "1"]])
    bound = report(document(tables={"disputes": other}))
    assert noted(bound) == [("table-unread", "disputes")]


KEYS = ("disclosure", "applications", "disputes")


def annexed(own: str, keys: Sequence[str], *, headed: bool = False, behind: str = "9") -> Report:
    """A report with tables once more behind it, filled with another figure."""
    whole = document(written=lambda _: own)
    more: list[Block] = [Text("附件：全市汇总表")]
    for key in keys:
        if headed:
            more.append(Text(f"{NEW.section(key).ordinal}、{NEW.section(key).heading.text}"))
        more.append(table_of(NEW, key, lambda _: behind))
    return report(replace(whole, blocks=(*whole.blocks, *more)))


@pytest.mark.parametrize("headed", [False, True])
@pytest.mark.parametrize("keys", [KEYS, KEYS[:2], KEYS[:1], KEYS[1:2], KEYS[2:]])
def test_a_second_set_of_tables_behind_the_report(keys: Sequence[str], headed: bool) -> None:
    bound = annexed("0", keys, headed=headed)
    assert noted(bound) == [("table-repeated", key) for key in keys]
    assert bound.coverage.sections_read == 6
    assert bound.data["applications"]["new"]["total"] == 0
    assert bound.data["problems"]["text"] == BODY["problems"]
    places = {o.path: o.location.table for o in bound.observations}
    assert places == {key: 4 + n for n, key in enumerate(keys)}


def test_which_of_two_tables_is_meant_cannot_always_be_told() -> None:
    """Of two that follow each other, and of empty ones with others behind, nothing is taken."""
    whole = document()
    at = next(n for n, x in enumerate(whole.blocks) if isinstance(x, Text) and x.text[:1] == "四")
    again = (Text("（二）全市"), table_of(NEW, "applications", lambda _: "9"))
    beside = report(replace(whole, blocks=(*whole.blocks[:at], *again, *whole.blocks[at:])))
    empty = annexed("", KEYS)
    for bound in (beside, empty):
        assert {o.kind for o in bound.observations} == {"unreadable"}
        assert bound.data["applications"]["new"]["total"] is None
        assert bound.coverage.sections_read == 6
