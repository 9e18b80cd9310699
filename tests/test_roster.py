"""The roster: read from YAML or a workbook, every mistake told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import RulesError, UsageError
from auditor.form import Form
from auditor.roster import Roster, load_roster, roster_in
from tests.conftest import ROOT, Run

HEAD = ["单位", "别名", "类别", "层级", "上级", "汇总", "期限", "起", "原名"]


def written(folder: Path, text: str) -> Path:
    path = folder / "roster.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def workbook(path: Path, *rows: list[object]) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((HEAD, *rows)):
            sheet.write_row(at, 0, row)
    return path


@pytest.fixture
def example(forms: tuple[Form, ...]) -> Roster:
    return load_roster(ROOT / "rules" / "roster-example.yaml", forms)


def test_a_body_is_found_by_every_name(example: Roster) -> None:
    unit = example.find("示例县 水务局")
    assert unit is not None
    assert unit.name == "示例县水利局"
    assert example.find("示例市水利局") is None
    assert example.find(None) is None


def test_units_and_years(example: Roster) -> None:
    whole = example.find("示例县人民政府")
    assert whole is not None
    names = {year: {u.name for u in example.units_of(whole, year)} for year in (2021, 2022)}
    assert names[2021] - names[2022] == {"示例县旅游局"}
    assert names[2022] - names[2021] == {"示例县行政审批局", "示例县文化和旅游局"}
    unit = example.find("示例县水利局")
    assert unit is not None
    assert example.units_of(unit, 2022) == ()
    assert [u.name for u in example.above(unit)] == ["示例县人民政府"]


def test_deadlines_by_kind_and_by_body(forms: tuple[Form, ...], tmp_path: Path) -> None:
    text = "期限: {部门: 01-28}\n单位:\n- {单位: 甲局, 类别: 部门}\n- {单位: 乙局, 类别: 部门, 期限: 2024-02-05}\n- 单位: 丙局\n"
    roster = load_roster(written(tmp_path, text), forms)
    assert [roster.deadline(u, 2023) for u in roster.units] == ["2024-01-28", "2024-02-05", None]


def test_a_workbook_says_the_same(forms: tuple[Form, ...], tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "名册.xlsx",
        ["示例县人民政府", "", "人民政府", "县级", "", "全部"],
        ["示例县水利局", "示例县水务局、县水利局", "部门", "", "示例县人民政府", "", "01-28", 2020, "示例县河务局"],
    )  # fmt: skip
    roster = load_roster(path, forms)
    unit = roster.find("县水利局")
    assert unit is not None
    assert (unit.kind, unit.since, unit.renamed_from) == ("department", 2020, ("示例县河务局",))
    assert roster.deadline(unit, 2023) == "2024-01-28"
    assert roster_in(tmp_path) == path


def test_a_list_as_offices_keep_it(forms: tuple[Form, ...], tmp_path: Path) -> None:
    """A title above the head, columns for people; a column nobody knows is told once."""
    import xlsxwriter

    path = tmp_path / "a.xlsx"

    def load(*rows: list[object]) -> Roster:
        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet()
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
        return load_roster(path, forms)

    bodies = [[1, "甲局", "部门", "张三"], [2, "乙局", "部门", "李四"]]
    found = load(["报送单位名单"], ["序号", "单位名称", "类别", "联系人"], *bodies)
    assert [u.name for u in found.units] == ["甲局", "乙局"]
    with pytest.raises(RulesError) as raised:
        load(["序号", "单位", "类刖", "联系人"], *bodies)
    assert [m.said.zh for m in raised.value.mistakes] == ["不认识这一列：类刖"]
    assert raised.value.mistakes[0].suggestions[0] == "类别"
    with pytest.raises(RulesError, match="没有表头"):
        load(*bodies)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roster_saved_as_text(forms: tuple[Form, ...], tmp_path: Path, encoding: str) -> None:
    """What Excel saves as CSV; the YAML file in another encoding is told so."""
    path = tmp_path / "名册.csv"
    path.write_bytes("序号,单位,类别\r\n1,示例县教育局,部门\r\n".encode(encoding))
    assert roster_in(tmp_path) == path
    [unit] = load_roster(path, forms).units
    assert (unit.name, unit.kind) == ("示例县教育局", "department")


def test_a_roster_in_the_old_format_and_in_another_encoding(
    forms: tuple[Form, ...], tmp_path: Path
) -> None:
    path = tmp_path / "roster.yaml"
    path.write_bytes("- 单位: 示例县教育局\n".encode("gb18030"))
    with pytest.raises(RulesError, match="UTF-8"):
        load_roster(path, forms)
    with pytest.raises(RulesError):
        load_roster(ROOT / "tests" / "errors.xls", forms)


def test_what_the_office_knows_of_a_report(forms: tuple[Form, ...], tmp_path: Path) -> None:
    """The day of its review and the documents in its library, each for its own year."""
    text = "- {单位: 甲局, 备案: 2024-01-12, 文件库: {2023: 66, 2022: 61}}\n- {单位: 乙局, 备案: 01-12}\n"
    first, second = (roster := load_roster(written(tmp_path, text), forms)).units
    assert [roster.reviewed(first, year) for year in (2022, 2023)] == [None, "2024-01-12"]
    assert roster.reviewed(second, 2022) == "2023-01-12"
    assert dict(first.documents) == {2023: 66, 2022: 61}
    sheet = workbook(tmp_path / "a.xlsx")
    import xlsxwriter

    with xlsxwriter.Workbook(sheet) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["单位", "备案", "文件库"])
        page.write_row(1, 0, ["甲局", "2024-01-12", "2023:66、2022：61"])
    [unit] = load_roster(sheet, forms).units
    assert (unit.reviewed, dict(unit.documents)) == ("2024-01-12", {2023: 66, 2022: 61})


WRONG = {
    "- {单位: 甲局, 类别: 部们}": (1, "类别"),
    "- 单位: 甲局\n  别命: 乙局": (2, "别命"),
    "- 单位: 甲局\n- 单位: 甲局": (2, "两次"),
    "- {单位: 甲局, 上级: 乙县}": (1, "没有“乙县”"),
    "- {单位: 甲局, 期限: 2月5日}": (1, "01-31"),
    "- {单位: 甲局, 期限: 02-30}": (1, "01-31"),
    '- {单位: 甲局, 起: "2020"}': (1, "年份"),
    "- {单位: 甲局, 文件库: 66}": (1, "2023: 66"),
    "- {单位: 甲局, 文件库: {去年: 66}}": (1, "2023: 66"),
    "- {单位: 甲局, 备案: 昨天}": (1, "01-31"),
    "- {类别: 部门}": (1, "全称"),
    "单位: 甲局": (1, "列表"),
    "- 甲局": (1, "键: 值"),
    "- [": (1, ""),
}


@pytest.mark.parametrize("text", WRONG)
def test_mistakes_have_their_place(text: str, forms: tuple[Form, ...], tmp_path: Path) -> None:
    line, word = WRONG[text]
    with pytest.raises(RulesError) as caught:
        load_roster(written(tmp_path, text), forms)
    assert any(m.line >= line and word in m.said.zh for m in caught.value.mistakes)
    assert all(m.file == "roster.yaml" for m in caught.value.mistakes)


def test_a_workbook_tells_row_and_column(forms: tuple[Form, ...], tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["甲局"], ["乙局", "", "部们"])
    with pytest.raises(RulesError) as caught:
        load_roster(path, forms)
    [mistake] = caught.value.mistakes
    assert (mistake.line, mistake.column) == (3, 3)
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(RulesError):
        load_roster(broken, forms)


def test_what_cannot_be_opened_is_a_mistake_of_the_command(
    forms: tuple[Form, ...], tmp_path: Path
) -> None:
    with pytest.raises(UsageError):
        load_roster(tmp_path / "none.yaml", forms)


def test_the_command_refuses_a_wrong_roster(auditor: Run, tmp_path: Path) -> None:
    written(tmp_path, "- {单位: 甲局, 类别: 部们}\n")
    done = auditor("audit", tmp_path)
    assert done.returncode == 2
    assert "roster.yaml:1" in done.stderr
