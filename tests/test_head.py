"""Title, body, year and dates as printed; nothing is ever taken from the clock."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from auditor.binding.head import Head, read_head
from auditor.binding.patterns import normal
from auditor.binding.sections import find_sections
from auditor.model import Document, Text
from tests.grids import NEW


def head(*lines: str, after: Sequence[str] = (), **metadata: str) -> Head:
    texts = (*lines, "一、总体情况", "本年度做了一些工作。", *after)
    blocks = tuple(Text(line) for line in texts)
    document = Document("a.html", "html", blocks, metadata=metadata)
    found = find_sections(document, NEW, {})
    return read_head(document, NEW, found.head, found.passages)


@pytest.mark.parametrize(
    ("lines", "name", "year"),
    [
        (["示例市示例局2023年政府信息公开工作年度报告"], "示例市示例局", 2023),
        (["2023年示例市示例局政府信息公开工作年度报告"], "示例市示例局", 2023),
        (["示例市示例局2023年度政府信息公开年度报告"], "示例市示例局", 2023),
        (["示例市示例局2023年", "政府信息公开工作年度报告"], "示例市示例局", 2023),
        (["示例市示例局", "2023年政府信息公开", "工作年度报告"], "示例市示例局", 2023),
        (["示例市示例局二〇二三年政府信息公开工作年度报告"], "示例市示例局", 2023),
        (["示例市示例局二○二三年度政府信息公开工作年度报告"], "示例市示例局", 2023),
        (["示例市示例局２０２３年政府信息公开工作年度报告"], "示例市示例局", 2023),
        (["2023 年示例市示例局政府信息公开", "工作年度报告"], "示例市示例局", 2023),
        (["示例市示例局 2023 年政府信息公开工作年度报告"], "示例市示例局", 2023),
        (["首页 政务公开", "示例网", "示例县示例镇人民政府2022年政府信息公开工作年度报告"],
         "示例县示例镇人民政府", 2022),
        (["关于示例县示例局2023年度政府信息公开工作情况的报告",
          "根据《中华人民共和国政府信息公开条例》和《中华人民共和国政府信息公开工作年度报告格式》编制。"],
         "示例县示例局", 2023),
        (["根据条例和《中华人民共和国政府信息公开工作年度报告格式》编制。",
          "示例县示例局2023年政府信息公开工作年度报告"], "示例县示例局", 2023),
        (["示例县示例局2023年政府信息公开工作年度报告",
          "现公布示例县示例局2023年政府信息公开工作年度报告（统计期限：2023年1月1日至2023年12月31日）。"],
         "示例县示例局", 2023),
    ],
)  # fmt: skip
def test_titles(lines: list[str], name: str, year: int) -> None:
    found = head(*lines)
    assert (found.subject.name, found.period) == (name, year)
    assert found.title is not None


@pytest.mark.parametrize(
    "line",
    [
        "数据统计时间：2023.1.1—2023.12.31。",
        "数据统计时间: 2023-01-01",
        "统计日期：2023年1月1日至2023年12月31日",
        "时间：2023年1月1日 至 12月31日",
    ],
)
def test_a_period_is_no_day_of_publication(line: str) -> None:
    title = "示例县示例局2023年政府信息公开工作年度报告"
    assert head(title, line).published is None
    assert head(title, line, "发布时间：2024-01-19 10:20").published == "2024-01-19"
    assert head(title, line, "来源：示例局 时间：2024年1月19日 字号：大").published == "2024-01-19"


def test_a_title_that_tells_more_is_preferred() -> None:
    found = head("政府信息公开年报", "示例网", "示例市示例局2023年政府信息公开工作年度报告")
    assert found.title == "示例市示例局2023年政府信息公开工作年度报告"


def test_of_several_years_the_title_of_the_page_is_taken() -> None:
    listed = [f"示例县示例局{year}年政府信息公开工作年度报告" for year in (2024, 2022, 2023)]
    assert head(*listed, title=f"{listed[2]}-示例县人民政府").period == 2023
    assert head(listed[2], title="示例县人民政府").period == 2023


def test_metadata_helps_where_the_page_does_not() -> None:
    found = head(
        "正文",
        ArticleTitle="示例市示例局2022年政府信息公开工作年度报告",
        PubDate="2023-01-20 10:11",
    )
    assert (found.subject.name, found.period) == ("示例市示例局", 2022)
    assert found.published == "2023-01-20"
    assert head("正文", pubdate="2023-01-20 10:11").published == "2023-01-20"


def test_nothing_found_is_nothing() -> None:
    found = head("关于天气的通知")
    assert (found.title, found.period, found.subject.name, found.published) == (None,) * 4
    assert found.covers is None
    assert found.cited == ()


def test_the_period_that_the_text_states() -> None:
    opening = "本报告所列数据的统计期限自2023年1月1日起至12月31日止。"
    found = head("示例市示例局政府信息公开工作年度报告", opening)
    assert found.covers == {"from": "2023-01-01", "to": "2023-12-31"}
    assert found.period == 2023


def test_a_period_that_is_torn_over_lines() -> None:
    found = head("某局政府信息公开工作年度报告", "统计期限为2023", "年1月1日至2023年12月", "31日。")
    assert found.covers == {"from": "2023-01-01", "to": "2023-12-31"}


def test_dates_must_be_real() -> None:
    found = head("统计期限自2023年1月1日至2023年12月32日", "发布日期：2024-02-30")
    assert found.covers == {"from": "2023-01-01", "to": None}
    assert found.published is None
    assert [o.path for o in found.observations] == ["covers.to", "published"]
    assert {o.kind for o in found.observations} == {"date-damaged"}


def test_a_date_below_the_report() -> None:
    found = head("示例市示例局2023年政府信息公开工作年度报告", after=["二〇二四年一月二十日"])
    assert found.published == "2024-01-20"


def test_cited_documents_once_each() -> None:
    found = head(
        after=["依据《国办公开办函〔2021〕30号》、国办公开办函〔2021〕30 号和国务院令第711号。"]
    )
    assert found.cited == ("国办公开办函〔2021〕30号", "国务院令第711号")


@pytest.mark.parametrize(
    ("name", "kind", "level"),
    [
        ("示例市人民政府", "government", "city"),
        ("示例县示例镇人民政府", "township", "township"),
        ("示例区示例街道办事处", "subdistrict", "township"),
        ("示例县示例局", "department", "county"),
        ("示例省示例厅", "department", "province"),
        ("示例自治区示例厅", "department", "province"),
        ("示例县市场监督管理局", "department", "county"),
        ("示例市示例区城市管理局", "department", "county"),
        ("示例市城市管理局", "department", "city"),
    ],
)
def test_kind_and_level_come_from_the_name(name: str, kind: str, level: str) -> None:
    found = head(f"{name}2023年政府信息公开工作年度报告")
    assert (found.subject.kind, found.subject.level) == (kind, level)


def test_a_cited_document_without_the_words_before_it() -> None:
    found = head("按照国办公开办函〔2021〕30号和国令第711号编制。")
    assert found.cited == ("国办公开办函〔2021〕30号", "国令第711号")


def test_normal_text() -> None:
    assert normal("二〇二三年 十二月三十一日") == "2023年 十二月三十一日"
    assert normal("二〇二三年十二月三十一日") == "2023年12月31日"
    assert normal("年 度 报 告 书") == "年度报告书"
    assert normal("20 23年") == "2023年"


@pytest.mark.parametrize(
    ("day", "published"),
    [
        ("2024.01.15", "2024-01-15"),
        ("2024/1/15", "2024-01-15"),
        ("二〇二四年一月十五日", "2024-01-15"),
        ("20241月15日", None),
        ("2024年1月日", None),
        ("2024年115日", None),
    ],
)
def test_the_day_under_the_signature(day: str, published: str | None) -> None:
    found = head("示例市示例局2023年政府信息公开工作年度报告", after=("示例市示例局", day))
    assert found.published == published
    assert ("date-damaged" in [o.kind for o in found.observations]) == (published is None)


def test_a_body_that_only_signs() -> None:
    found = head("2023年政府信息公开工作年度报告", after=("无", "示例市示例局", "2024年1月15日"))
    assert found.subject.name == "示例市示例局"


def test_a_name_broken_over_two_lines_of_the_title() -> None:
    title = ("示例县市场监督管", "理局2023年政府信息公开工作年度报告")
    assert head(*title, after=("示例县市场监督管理局",)).subject.name == "示例县市场监督管理局"
    assert head("通知公告", title[1], after=("x",)).subject.name == "理局"


def test_a_title_set_wide() -> None:
    found = head(" ".join("示例市示例局2023年政府信息公开工作年度报告"))
    assert (found.subject.name, found.period) == ("示例市示例局", 2023)


@pytest.mark.parametrize(
    ("after", "signed"),
    [
        (["示例市示例局", "2024年1月18日"], "2024-01-18"),
        (["二〇二四年1月18日"], "2024-01-18"),
        (["（2024年1月18日）", *["页脚"] * 12], "2024-01-18"),
        (["2024年1月18日印发。"], None),
        (["2024年13月18日"], None),
    ],
)
def test_the_day_of_signing(after: list[str], signed: str | None) -> None:
    found = head("示例市示例局2023年政府信息公开工作年度报告", after=after, PubDate="2024-03-01")
    assert found.published == "2024-03-01"
    assert found.others.get("signed") == signed


def test_the_column_of_a_page() -> None:
    assert head("正文", ColumnName="通知公告").others["column"] == "通知公告"
    assert head("栏目: 政府信息公开年报").others["column"] == "政府信息公开年报"
    assert "column" not in head("本栏目共有三条").others


@pytest.mark.parametrize(
    ("lines", "name", "year"),
    [
        (["现将示例市示例局2023年政府信息公开工作年度报告报送贵办。",
          "示例市示例局2023年政府信息公开工作年度报告"], "示例市示例局", 2023),
        (["首页 > 部门 > 示例市示例局 > 政府信息公开年报", "2023年政府信息公开工作年度报告"],
         "示例市示例局", 2023),
        (["2023年政府信息公开工作年度报告", "按照规定，现公布示例市示例局2023年度报告。"],
         "示例市示例局", 2023),
        (["2023年政府信息公开工作年度报告", "本报告由示例市示例局按照条例编制。"],
         "示例市示例局", 2023),
        (["示例市示例局政府信息公开工作年度报告（2023年）"], "示例市示例局", 2023),
        (["示例市示例局政府信息公开工作年度报告", "（2023年度）"], "示例市示例局", 2023),
        ([*(f"{year}年" for year in range(2015, 2027)), "示例市示例局政府信息公开工作年度报告",
          "所列数据的统计期限自2023年1月1日起至12月31日止。"], "示例市示例局", 2023),
        ([*(f"示例市示例局{year}年政府信息公开工作年度报告" for year in (2021, 2022)),
          *(f"栏目{n}" for n in range(60)), "示例市示例局2023年政府信息公开工作年度报告"],
         "示例市示例局", 2023),
    ],
)  # fmt: skip
def test_titles_among_the_words_of_a_page(lines: list[str], name: str, year: int) -> None:
    found = head(*lines, title="示例市示例局2023年政府信息公开工作年度报告")
    assert (found.subject.name, found.period) == (name, year)


def test_the_body_that_signs_comes_before_the_site_that_publishes() -> None:
    signed = ("无", "示例市示例局", "2024年1月15日", *["页脚"] * 12)
    title = "2023年政府信息公开工作年度报告"
    assert head(title, after=signed, ContentSource="示例网").subject.name == "示例市示例局"
    assert head(title, ContentSource="示例县示例局").subject.name == "示例县示例局"


def test_of_several_lone_dates_the_signed_one_is_the_reports() -> None:
    title = "示例市示例局2023年政府信息公开工作年度报告"
    below = (
        "无",
        "示例市示例局",
        "2024年1月15日",
        "关于天气的通知",
        "示例市示例局",
        "2024年3月5日",
    )
    assert head("2026年11月30日", title, after=below).published == "2024-01-15"
    assert head("2026年11月30日", title).published is None
    assert head(title, "（2024年1月18日）", after=below).published == "2024-01-18"


def test_a_name_above_a_telephone_number_signs_nothing() -> None:
    below = ("无", "示例县示例局", "2024年1月15日", "示例县示例办公室", "电话：0000-12345678")
    assert head("2023年政府信息公开工作年度报告", after=below).subject.name == "示例县示例局"


def test_a_wrapped_sentence_that_names_the_report_is_not_its_title() -> None:
    title = "示例市示例局2023年政府信息公开工作年度报告"
    opening = "根据有关规定和示例市示例局的安排，现公"
    found = head(title, opening, f"布{title}。", "全文共六个部分。")
    assert (found.title, found.subject.name) == (title, "示例市示例局")


def test_a_title_in_a_narrow_column_takes_many_lines() -> None:
    title = ("示例省示例市", "青禾区住房和", "示例建设局", "2023年政府信", "息公开工作年", "度报告")
    opening = ("本报告由示例", "省示例市青禾", "区住房和示例", "建设局编制。")
    found = head(*title, *opening)
    assert (found.subject.name, found.period) == ("示例省示例市青禾区住房和示例建设局", 2023)


def test_a_title_in_traditional_script() -> None:
    found = head("示例縣水務局2023年政府信息公開工作年度報告")
    assert (found.subject.name, found.period) == ("示例县水务局", 2023)


@pytest.mark.parametrize(
    "title",
    [
        "示例市示例局政府信息公开2023年度报告",
        "示例市示例局政府信息公开工作2023年年度报告",
        "示例市示例局2023年信息公开工作年度报告",
        "示例市示例局2023年政务公开工作年度报告",
        "示例市示例局关于2023年政府信息公开工作的年度报告",
        "示例市示例局关于印发2023年政府信息公开工作年度报告的通知",
        "示例市示例局2023年度政府信息公开工作情况年度报告",
        "示例市示例局2023政府信息公开工作年度报告",
        "示例市示例局2023年度政府信息公开工作总结报告",
        "【年报】示例市示例局2023年政府信息公开工作年度报告",
        "附件1 示例市示例局2023年政府信息公开工作年度报告",
        "示例市示例局 2023年 政府信息 公开工作年度报告",
        "《示例市示例局2023年政府信息公开工作年度报告》",
        '"示例市示例局2023年政府信息公开工作年度报告"',
        "名称 示例市示例局2023年政府信息公开工作年度报告",
    ],
)
def test_titles_in_other_words(title: str) -> None:
    opening = "所列数据的统计期限自2023年1月1日起至2023年12月31日止。"
    found = head(title, opening)
    assert (found.subject.name, found.period) == ("示例市示例局", 2023)


@pytest.mark.parametrize("name", ["示例市政府信息公开中心", "示例县政务公开办公室"])
@pytest.mark.parametrize("title", ["{}2023年政府信息公开工作年度报告", "2023年{}政府信息公开工作年度报告",
                                   "{}政府信息公开工作年度报告（2023年）"])  # fmt: skip
def test_bodies_whose_name_is_like_the_title(name: str, title: str) -> None:
    found = head(title.format(name))
    assert (found.subject.name, found.period) == (name, 2023)


@pytest.mark.parametrize("before", ["# ", "首页 示例网 ", "您的位置： 首页 > ", "标题："])
def test_what_stands_before_a_title_on_its_line(before: str) -> None:
    found = head(f"{before}示例市示例局2023年政府信息公开工作年度报告")
    assert (found.subject.name, found.period) == ("示例市示例局", 2023)


def test_words_of_the_rules_are_known_in_traditional_script() -> None:
    from auditor.text import simplified

    assert simplified("違反規定、遷移、討論、設立、餘額、徵詢見面") == (
        "违反规定、迁移、讨论、设立、余额、征询见面"
    )
