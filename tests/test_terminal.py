"""The screen: complete in both languages, never wider than told, never cut, never markup."""

from __future__ import annotations

import io
import re
import string
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from auditor.errors import Said
from auditor.model import (
    Audit,
    Batch,
    Evidence,
    Finding,
    Observation,
    Outcome,
    Severity,
)
from auditor.renderers import Options, terminal, words
from auditor.renderers._terminal.layout import clean, wrap
from auditor.text import width
from tests import audits

SUMMARY = "退出状态 1 / exit status 1"
WIDTHS = (60, 80, 100, 160)
BATCHES = {
    "clean": Batch((audits.clean(),)),
    "typo": Batch((audits.typo(),)),
    "messy": Batch((audits.messy(),)),
    "ungraded": Batch((audits.ungraded(),)),
    "hostile": Batch((audits.hostile(),)),
    "folder": audits.folder(),
    "nothing": Batch((), audits.refusals(), (audits.fault(),)),
}
FRAME = set(" \n━┄─│╭╮╰╯·")


def shown(batch: Batch | Audit, at: int = 100, lang: str = "zh", **more: object) -> str:
    whole = batch if isinstance(batch, Batch) else Batch((batch,))
    options = Options(lang=lang, width=at, summary_line=SUMMARY, **more)  # type: ignore[arg-type]
    return terminal.render(whole, options).decode("utf-8")


def squeezed(text: str) -> str:
    return re.sub(r"[\s│]", "", text)


def order(text: str, *parts: str) -> None:
    """Each part stands somewhere after the one before it."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"{part!r} is not after {text[max(at - 80, 0) : at]!r}"
        at = found + len(part)


# --- the page --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_the_screen(name: str, lang: str, verbose: bool) -> None:
    for at in (24, 40, *WIDTHS, 240):
        lines = shown(BATCHES[name], at, lang, verbose=verbose).splitlines()
        assert [line for line in lines if width(line) > at] == []
        assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("name", ["clean", "typo", "messy", "ungraded", "hostile"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_narrow_screen_shows_the_same_characters(name: str, lang: str) -> None:
    wide = Counter(shown(BATCHES[name], 240, lang))
    for at in WIDTHS:
        narrow = Counter(shown(BATCHES[name], at, lang))
        assert {c: n for c, n in narrow.items() if c not in FRAME} == {
            c: n for c, n in wide.items() if c not in FRAME
        }


def test_a_narrow_ranking_shows_the_same_characters() -> None:
    pages = [Counter(shown(BATCHES["folder"], at)) for at in (76, 118)]
    first, second = ({c: n for c, n in p.items() if c not in FRAME} for p in pages)
    assert first == second


@pytest.mark.parametrize("name", BATCHES)
def test_the_last_line_is_the_summary(name: str) -> None:
    assert shown(BATCHES[name]).splitlines()[-1] == SUMMARY


def test_colour_is_only_paint() -> None:
    for batch in BATCHES.values():
        plain, coloured = shown(batch), shown(batch, colour=True)
        assert "\x1b" not in plain
        assert "\x1b[" in coloured
        bare = re.sub("\x1b\\[[0-9;]*m", "", coloured)
        assert squeezed(bare) == squeezed(plain)


def test_a_pipe_gets_no_escapes() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80)
    terminal.show(BATCHES["messy"], Options(), console)
    assert "\x1b" not in out.getvalue()
    assert max(map(width, out.getvalue().splitlines())) <= 80


def test_the_screen_is_no_wider_than_the_console() -> None:
    out = io.StringIO()
    terminal.show(BATCHES["messy"], Options(width=200), Console(file=out, width=70))
    assert max(map(width, out.getvalue().splitlines())) <= 70


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("at", WIDTHS)
def test_hostile_text_is_only_text(lang: str, at: int) -> None:
    page = shown(BATCHES["hostile"], at, lang)
    assert not set(page) & {"\x1b", "\x9b", "\x07", "\u202e", "\ud800"}
    told = squeezed(shown(BATCHES["hostile"], 240, lang))
    assert told.count("[/b][red]局<script>alert(1)</script>[link=x]") >= 7
    assert "“[bold][/b]" in told


# --- one report ------------------------------------------------------------------------------


def test_the_header_tells_who_what_and_how_much() -> None:
    page = shown(BATCHES["typo"], 80)
    order(
        page, "示例区住房和城乡建设局", "2024 年度", "ogi-2021", "良", "76 分", "非官方评分",
        "已评判 10/10", "reports_in/示例区住建局-2024.html", "单元格 200/200", "章节 6/6",
        "表三 175/175", "✓ 合格 7", "✗ 不合格 3", "? 待复核 0", "○ 未能读取 0", "– 不适用 1",
    )  # fmt: skip
    assert "▀▀█ █▀▀" in page


def test_severities_then_review_then_unread_then_points() -> None:
    page = shown(BATCHES["messy"])
    order(page, "━━ 致命", "━━ 严重", "━━ 一般", "━━ 提示", "━━ 待复核", "━━ 未能读取", "━━ 扣分")
    order(page, "P01", "A01  收到", "A02  办理", "A03  各行", "C13", "S02", "T22", "X08", "A04")


def test_a_finding_has_place_sum_difference_law_and_fix() -> None:
    page = shown(BATCHES["messy"], 80)
    order(
        page, "A03  各行总计应等于各类申请人之和", "10 处", "表三 · 予以公开",
        "9 + 5 + 4 + 3 + 2 + 2 = 25 ≠ 11", "差 +14", "依据  国办公开办函〔2021〕30号",
        "整改  核对该行总计与各列",
    )  # fmt: skip
    assert "第 2 页" in page
    assert "“申请人张某" in page
    assert "填报说明（依据待核）" in page
    assert "表三 · 予以公开 · 科研机构 = 4" in shown(BATCHES["messy"], 160)


@pytest.mark.parametrize("place", ["表三 · 其他处理", "表三 · 不予公开 · 法律法规禁止"])
def test_a_page_is_never_broken_over_two_lines(place: str) -> None:
    audit = audits.messy()
    moved = [
        replace(r, findings=tuple(replace(f, where=Said(place, place)) for f in r.findings))
        for r in audit.results
    ]
    audit = replace(audit, results=tuple(moved))
    paged = re.findall(r"第 [0-9]+ 页", shown(audit, 160))
    assert paged
    for at in range(60, 110):
        assert re.findall(r"第 [0-9]+ 页", shown(audit, at)) == paged


def test_a_page_stands_beside_its_place_where_there_is_room() -> None:
    lines = shown(BATCHES["messy"], 80).splitlines()
    paged = [line for line in lines if re.search("第 [0-9]+ 页", line)]
    assert all(re.search(r"[^ ] {2}第 [0-9]+ 页", line) for line in paged)


def test_many_places_are_counted_unless_verbose() -> None:
    page, long = shown(BATCHES["messy"]), shown(BATCHES["messy"], verbose=True)
    assert page.count("差 -3") == 7
    assert "另有 2 处" in page
    assert len(re.findall("[^，]差 -3\n", long)) == 9
    assert "另有 2 处" not in long


def test_one_typo_is_one_block() -> None:
    page = shown(BATCHES["typo"], 80)
    assert page.count("✗") == 2
    assert "以下 3 处很可能出自同一格：表三 · 办理总计 · 自然人（差 18）" in page
    order(page, "以下 3 处", "12 + 2 = 14 ≠ 31 + 1 = 32", "6 + 1 + 4 + 2 = 13 ≠ 31", "35 ≠ 17")
    assert page.count("国办公开办函") == 1
    assert page.count("整改") == 2
    assert "整改  A01 A02  逐项核对" in page


def test_what_only_asks_is_not_counted_among_the_failures_of_a_slip() -> None:
    audit = audits.typo()
    asks = replace(audit.results[0].findings[0], outcome=Outcome.REVIEW)
    one = replace(audit.results[0], outcome=Outcome.REVIEW, findings=(asks,))
    told = replace(audit, results=(one, *audit.results[1:]))
    page = shown(told, 80)
    assert "严重  2 条规则不合格" in page
    assert page.count("待复核") >= 2
    both = shown(Batch((told, audits.clean())), 120)
    assert "A02 A03  2 处很可能出自同一格" in both


def test_what_a_cluster_leaves_keeps_its_own_block_without_the_law_again() -> None:
    audit = audits.typo()
    cluster = replace(audit.clusters[0], findings=audit.clusters[0].findings[:2])
    page = shown(replace(audit, clusters=(cluster,)), 80)
    order(page, "以下 2 处", "A03  各行总计应等于各类申请人之和", "35 ≠ 17")
    assert page.count("整改  核对该行") == 1
    assert page.count("整改") == 2


def test_several_suspects_are_listed() -> None:
    audit = audits.typo()
    cells = tuple((f"p{n}", Said(f"格{n}", f"cell {n}")) for n in range(11))
    page = shown(replace(audit, clusters=(replace(audit.clusters[0], cells=cells),)), 120)
    assert "格0、格1" in page
    assert "等另 3 格" in squeezed(page) or "等另3格" in squeezed(page)


def test_review_explains_and_does_not_accuse() -> None:
    page = shown(BATCHES["messy"])
    tail = page[page.index("━━ 待复核") : page.index("━━ 未能读取")]
    assert "? X08  规章制定权" in tail
    assert "或因  可能填报了由本部门起草、政府制定的规章；请核实。" in tail
    assert "应为 0，实为 3" in tail
    assert "✗" not in tail
    assert "X08" not in page[page.index("━━ 扣分") :]


def test_unread_is_not_failed() -> None:
    page = shown(BATCHES["messy"])
    assert "○ A04  复议诉讼总计应等于各项之和  表四 · 行政复议：尚未审结未读出；为 1 时成立" in page
    assert "未读出 2 格：表四 · 直接起诉 · 未审结、表四 · 复议 · 未审结" in page


def test_unread_cells_are_named_by_their_row() -> None:
    picked = sorted(audits.rows()[3:5])
    first, second = (audits.form().labels[row] for row in picked)
    lost = [f.path for f in audits.form().required_fields if f.row in picked]
    about = audits.report(audits.balanced(), unread=lost)
    page = squeezed(shown(audits.audited(about, {}), 80))
    assert squeezed(f"未读出14格：{first}（7格）、{second}（7格）") in page
    row = Observation("row-missing", first, path=picked[0])
    more = replace(about, observations=(*about.observations, row))
    page = squeezed(shown(audits.audited(more, {}), 80))
    assert squeezed(f"未读出14格：{second}（7格）、{first}") in page


def test_many_unread_places_are_short() -> None:
    places = [
        Finding("A02", Outcome.OPEN, Said("未读" * 40, "unread"), Said(f"表三 · 列{n}", f"t · {n}"))
        for n in range(7)
    ]
    page = shown(audits.audited(audits.clean().report, {"A02": places}), 120)
    assert "表三：列0、列1、列2 等 7 处" in page
    assert "未读未读" not in page
    assert "未读未读" in shown(audits.audited(audits.clean().report, {"A02": places}), verbose=True)


def test_a_working_that_is_no_sum_leaves_the_word_to_the_message() -> None:
    label = Said("导语", "opening")
    evidence = (Evidence("opening", label, "很长的正文" * 20), Evidence("n", label, 5))
    finding = Finding(
        "S02", Outcome.FAIL, Said("列举不足六个", "fewer than six"), Said("", ""), evidence,
        expected=6, actual=5, difference=-1, working="提及数(“概述”) = 5 ≠ 6",
    )  # fmt: skip
    audit = audits.audited(audits.clean().report, {"S02": [finding]})
    page, long = shown(audit), shown(audit, verbose=True)
    assert re.search("导语 +列举不足六个", page)
    assert "应为 6，实为 5" in page
    assert "导语 = 5" in page
    assert "提及数" not in page
    assert "很长的正文" not in page
    assert "提及数" in long
    assert "很长的正文" in long


def test_points_are_told_with_cap_and_veto() -> None:
    page = shown(BATCHES["messy"])
    tail = page[page.index("━━ 扣分") :]
    assert re.search(r"A03 .* -8 +已到上限", tail)
    assert re.search(r"P01 .* -40 +一票否决", tail)
    assert re.search(r"合计 +-75", tail)


def test_what_was_overridden_and_doubled_is_told() -> None:
    page = shown(BATCHES["messy"])
    assert "指定  --period 2024、--kind department" in page
    assert "只计一次：reports_in/县/示例县经开区.txt" in page


def test_a_clean_report_is_short() -> None:
    page = shown(BATCHES["clean"], 80)
    assert len(page.splitlines()) <= 18
    assert "✓ 适用的 10 条规则全部合格。" in page
    assert "不适用 1 条：S12" in page
    assert "优  100 分" in page


def test_without_a_grade_the_reason_stands_there() -> None:
    page = shown(BATCHES["ungraded"], 80)
    order(
        page, "（未读出机关名称）", "年度未读出", "未评定", "读出的内容不足以评定", "未读出 190 格"
    )
    assert "分" not in page.split("读出的内容")[0].replace("分布", "")
    assert "全部合格" not in page


def test_repairs_are_possibilities() -> None:
    page = shown(replace(audits.typo(), diagnoses=(audits.diagnosis(),)), 100)
    order(
        page,
        "━━ 错在哪一格",
        "A02 表三 · 自然人列 +18",
        "若只改一格，唯一能使全部勾稽关系成立的是",
        "表三 · 办理总计 · 自然人：31 → 13",
        "很可能、相邻数字颠倒",
        "（未穷尽",
        "请核实这一个数",
    )
    assert "正确值是" not in page


def test_the_footer_names_what_judged() -> None:
    assert "规则集 ogi 2026.1（5f1c0e9ab2d3） · auditor 0.1.0 · 审核日期 2026-01-31" in shown(
        BATCHES["clean"]
    )


def test_a_score_with_a_fraction_and_a_foreign_letter() -> None:
    audit = audits.clean()
    graded = replace(audit, grade=replace(audit.grade, letter="A+", score=Decimal("86.5")))
    page = shown(graded, 80)
    assert "A+  86.5 分" in page
    assert "█▀█ █▀▀   █▀▀" in page


def test_a_family_of_rules_without_a_reference_still_prints() -> None:
    audit = audits.messy()
    page = shown(replace(audit, rules=replace(audit.rules, rules={})))
    assert "✗ A03" in page


# --- many reports ----------------------------------------------------------------------------


def test_the_ranking_is_by_score_then_name_and_ungraded_last() -> None:
    page = shown(BATCHES["folder"], 160)
    rows = [line for line in page.splitlines() if re.match(r"^[0-9–] ", line)]
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "1", "–"]
    assert [row.split()[1][:5] for row in rows[1:3]] == ["示例区住房", "示例县经济"]
    assert "198/200" in rows[2]
    assert re.search(r"差 +25 +1 +4 +1 +1 +1 +1 ", rows[2])


def test_every_year_has_its_own_ranks_the_newest_first() -> None:
    page = shown(BATCHES["folder"], 160)
    rows = [line for line in page.splitlines() if re.match(r"^[0-9–] ", line)]
    years = [re.findall(r" (20[0-9]{2}|–) ", row)[0] for row in rows]
    assert years == ["2024", "2024", "2024", "2023", "–"]
    assert "各年度分别排名" in page
    assert "各年度分别排名" not in shown(Batch((audits.clean(), audits.messy())), 160)


def test_two_reports_of_one_body_and_year_are_named_with_their_files() -> None:
    one = audits.clean()
    other = replace(one, report=replace(one.report, source="reports_in/草稿.docx"))
    page = shown(Batch((one, other)), 160)
    assert "2 份不完全相同的报告，请确认以哪份为准：示例市民政局-2024.docx、草稿.docx" in page
    assert "不完全相同" not in shown(BATCHES["folder"], 160)


def test_a_folder_tells_each_rule_once() -> None:
    page = shown(BATCHES["folder"], 160)
    part = page[page.index("━━ 各规则情况") : page.index("━━ 不合格的报告")]
    assert re.search(r"A02 +办理结果总计应等于各项之和 +严重 +2 +· +1 ", part)
    order(part, "P01", "A01", "A02", "A03", "C13", "S02", "T22", "X08")
    assert "另有 1 条规则只是未读（规则与份数）：A04 1" in part


def test_the_worst_findings_are_lines() -> None:
    page = shown(BATCHES["folder"], 160)
    part = page[page.index("━━ 不合格的报告") : page.index("━━ 未审核的文件")]
    assert "3 处很可能出自同一格：表三 · 办理总计 · 自然人" in part
    assert part.count("✗") == 6
    assert "另有 2 处不合格" in part
    order(part, "示例县经济", "✗ 致命  P01", "✗ 严重  A01", "（共 7 处）", "示例区住房")


def test_only_what_fails_by_the_users_measure_is_listed() -> None:
    assert (
        "示例区"
        not in shown(BATCHES["folder"], 160, fail_on=Severity.FATAL).split("━━ 不合格的报告")[1]
    )
    calm = Batch((audits.clean(), audits.clean()))
    assert "━━ 不合格的报告" not in shown(calm)
    assert "所有报告的规则全部合格" in shown(calm)


def test_verbose_shows_each_report_in_full() -> None:
    page = shown(BATCHES["folder"], 100, verbose=True)
    assert page.count("非官方评分 · 已评判") == 5
    assert "━━ 不合格的报告" not in page


def test_files_set_aside_have_their_sentence() -> None:
    page = shown(BATCHES["folder"], 100)
    order(
        page, "━━ 未审核的文件", "空白表式", "reports_in/空表.docx  这是空白表式", "旧表式",
        "不是年度报告", "重复", "无法读取", "reports_in/坏.json  第 3 行",
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fault_is_called_a_bug(lang: str) -> None:
    page = shown(BATCHES["nothing"], 100, lang)
    assert "his is a bug in auditor" in page
    assert "KeyError: 'total'" in page


def test_one_audit_among_refusals_is_shown_in_full() -> None:
    page = shown(Batch((audits.clean(),), audits.refusals()), 100)
    order(page, "优  100 分", "━━ 未审核的文件")
    assert "━━ 排名" not in page


def test_a_big_folder_is_quick_enough_to_print() -> None:
    page = shown(audits.folder(300), 120)
    assert "示例镇299人民政府" in page
    assert "\n302 示例区住房" in page


# --- words -----------------------------------------------------------------------------------


def test_both_languages_have_the_same_words() -> None:
    zh, en = words.load("zh").phrases, words.load("en").phrases
    assert list(zh) == list(en)
    for key in zh:
        assert gaps(zh[key]) == gaps(en[key]), key
        assert zh[key].strip(), key


def gaps(phrase: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


def test_marks_are_drawn_in_a_rectangle() -> None:
    for lang in ("zh", "en"):
        for key, drawn in words.load(lang).phrases.items():
            if key.startswith("mark."):
                rows = drawn.splitlines()
                assert (len(rows), len({len(row) for row in rows})) == (12, 1), (lang, key)


def test_every_word_is_used() -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in sources())
    families = (
        "severity.",
        "outcome.",
        "outcome_short.",
        "letter.",
        "mark.",
        "refused.",
        "folder.",
        "note.",
        "band.",
        "mechanism.",
        "change.",
        "csv.",
    )
    for key in words.load("zh").phrases:
        assert key in code or key.startswith(families), key


def sources() -> list[Path]:
    return sorted(Path(terminal.__file__).parent.rglob("*.py"))


def test_no_words_stand_in_the_code() -> None:
    """Papers excepted: they name fonts, and tell authors of templates what is wrong with them."""
    for path in sources():
        if {"_papers", "_xlsx", "xlsx.py"} & set(path.parts):
            continue
        found = set(re.findall("[\u4e00-\u9fff]", path.read_text(encoding="utf-8")))
        assert found <= set("优良中差"), path.name


@pytest.mark.parametrize("name", ["clean", "typo", "messy", "ungraded", "folder", "nothing"])
def test_english_is_complete(name: str) -> None:
    page = shown(BATCHES[name], 400, "en").replace(SUMMARY, "")
    for audit in BATCHES[name].audits:
        facts = [e.quote for r in audit.results for f in r.findings for e in f.evidence if e.quote]
        for told in (audit.report.source, audit.report.subject.name, *audit.duplicates, *facts):
            page = page.replace(told or " ", "")
    for refusal in (*BATCHES[name].refusals, *BATCHES[name].faults):
        page = page.replace(refusal.said.en, "").replace(refusal.source, "")
    for law in audits.TOLD["laws"].values():
        page = page.replace(law[1], "")
    assert re.findall("[\u4e00-\u9fff，。：；、（）]+", page) == []


# --- lines -----------------------------------------------------------------------------------


@given(
    st.text(alphabet="表三收到申请，。（）“”《》·+−=≠ 0123456789.ab/\u00a0", max_size=120),
    st.integers(4, 60),
)
def test_wrapped_lines_fit_and_lose_nothing(text: str, at: int) -> None:
    lines = [line.plain for line in wrap(Text(text), at)]
    assert all(width(line) <= at for line in lines) or width(text) <= at
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@given(st.lists(st.integers(0, 99999), min_size=2, max_size=30), st.integers(16, 60))
def test_numbers_are_never_broken(numbers: list[int], at: int) -> None:
    text = "本年新收" + " + ".join(map(str, numbers)) + f" = {sum(numbers)}，共{numbers[0]}件"
    lines = wrap(Text(text), at)
    found = [n for line in lines for n in re.findall("[0-9]+", line.plain)]
    assert found == re.findall("[0-9]+", text)


def test_signs_stand_where_they_may() -> None:
    text = Text("依据《条例》第五十条（二），应当公开；逐项核对“总计”各列。" * 3)
    for at in range(12, 60):
        lines = [line.plain for line in wrap(text, at)]
        assert not [line for line in lines if line[0] in "，。；）》”"]
        assert not [line for line in lines if line[-1] in "（《“"]


def test_styles_survive_wrapping() -> None:
    text = Text.assemble("依据", ("粗体文字很长很长", "bold"), "后面")
    lines = wrap(text, 10)
    assert "".join(line.plain for line in lines) == text.plain
    assert sum(s.end - s.start for line in lines for s in line.spans) == 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb\x1b[0mc", "abc"),
        ("a\x9b31mb", "ab"),
        ("a\x1b]8;;http://x\x07b\x1b]8;;\x1b\\c", "abc"),
        ("左\u202e右\u200b\ufeff", "左右"),
        ("一\n二\r\n三\t四\u2028五", "一 二 三 四 五"),
        ("\ud800半", "半"),
        ("[bold]x[/b]", "[bold]x[/b]"),
        ("字" * 5000, "字" * 4000 + "……"),
    ],
)
def test_text_from_outside_is_cleaned(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_of_very_many_reports_the_last_and_how_many_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen is no list of thousands, and nothing is left out without a word."""
    from auditor.renderers._terminal import folder

    many = Batch((audits.clean(),) * 7 + (audits.typo(),) * 4)
    whole = shown(many)
    assert "只列出" not in whole
    monkeypatch.setattr(folder, "MANY", 10)
    monkeypatch.setattr(folder, "LAST", 3)
    short = shown(many)
    assert "只列出各年度排在最后的共 3 份" in short
    assert "另有 1 份报告不合格" in short
    assert len(short) < len(whole)
    head = short.split("只列出")[0]
    assert " 7；" in head
    assert " 4\n" in head
    assert "只列出" not in shown(many, verbose=True)


@pytest.mark.parametrize("at", [48, 60, 72])
def test_names_have_room_on_narrow_screens(at: int) -> None:
    names = [a.report.subject.name for a in BATCHES["folder"].audits]
    lines = shown(BATCHES["folder"], at).splitlines()
    for name in filter(None, names):
        assert any(re.match(rf"\s*[–\d]+\s+{name[:4]}", line) for line in lines), name
    assert max(map(width, lines)) <= at


def test_a_bound_is_not_called_the_right_number() -> None:
    """At least 60 characters: 60 is no number that the text should have had."""
    audit = audits.typo()
    found = replace(
        audit.results[0].findings[0], working="字数(x) = 10 < 60", expected=60, actual=10
    )
    one = replace(audit.results[0], findings=(found,))
    page = shown(replace(audit, results=(one, *audit.results[1:]), clusters=()), 80)
    assert "界限 60，实为 10" in page


def test_what_is_waived_everywhere_counts_nowhere_among_the_failures() -> None:
    """As in the workbook and for the exit status: the ranking and the list of failing reports."""
    audit = audits.typo()
    results = tuple(
        replace(r, findings=tuple(replace(f, waiver="理由") for f in r.findings))
        for r in audit.results
    )
    waived = replace(audit, results=results, clusters=())
    page = shown(Batch((waived, audits.clean())), 120)
    assert "━━ 不合格的报告" not in page
    row = next(line for line in page.splitlines() if waived.report.source in line or "2024" in line)
    assert re.search(r" ·    ·    ·    · ", row)
