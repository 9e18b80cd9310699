"""Text without a grid: what stands is right, whatever the layout and the damage."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.binding.align import align
from auditor.binding.bound import BoundCell, BoundTable, State
from auditor.form import Form
from auditor.model import Observation, Text
from auditor.schema import load_form
from tests.conftest import ROOT
from tests.flattened import (
    LAYOUTS,
    PREFACE,
    Figures,
    figures,
    glued,
    heading,
    identities,
    lines,
    one_cell_a_line,
    pipes,
    rows,
    shown,
    spaced,
    walk,
)

FORMS = {
    name: load_form(ROOT / "schemas" / f"{name}.schema.json") for name in ("ogi-2019", "ogi-2021")
}
SUMS = {name: identities(form) for name, form in FORMS.items()}
NEW = FORMS["ogi-2021"]
REAL = os.environ.get("AUDITOR_TRUTH")

Truth = Mapping[str, int | Decimal | str | None]


def read(text: str, form: Form = NEW) -> tuple[BoundTable, ...]:
    return align(lines(text), form, SUMS[form.id])


def cells(tables: Sequence[BoundTable]) -> dict[str, BoundCell]:
    return {path: cell for table in tables for path, cell in table.cells.items()}


def seen(tables: Sequence[BoundTable], kind: str) -> list[Observation]:
    return [o for table in tables for o in table.observations if o.kind == kind]


def compare(tables: Sequence[BoundTable], truth: Truth) -> tuple[list[str], int]:
    """(wrong, open): a printed blank that was read as a number is wrong, too."""
    wrong, unread = [], 0
    found = cells(tables)
    for path, true in truth.items():
        cell = found.get(path)
        if cell is None or cell.state is State.OPEN:
            unread += true is not None
        elif cell.state is State.BLANK:
            wrong += [f"{path}: blank, true {true}"] * (true is not None)
        elif true is None or cell.value != Decimal(str(true)):
            wrong.append(f"{path}: {cell.state} {cell.value}, true {true}")
    return wrong, unread


def drawn(form: Form, seed: int) -> tuple[Figures, random.Random]:
    rng = random.Random(seed)
    busy, most = rng.choice([0.05, 0.15, 0.4]), rng.choice([5, 60, 900])
    return figures(form, rng, busy=busy, most=most), rng


# --- whole texts -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_is_read(form: Form, layout: object) -> None:
    unread = total = 0
    for seed in range(12):
        values, rng = drawn(form, seed)
        wrong, missing = compare(read(layout(form, values, rng), form), values)  # type: ignore[operator]
        assert not wrong, (seed, wrong)
        unread, total = unread + missing, total + len(values)
    assert unread <= total / 100


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_glued_figures_are_split_only_where_one_way_is_possible(form: Form) -> None:
    inferred = 0
    for seed in range(25):
        values, rng = drawn(form, seed)
        tables = read(glued(form, values, rng), form)
        assert not compare(tables, values)[0], seed
        inferred += sum(c.state is State.INFERRED for c in cells(tables).values())
    assert inferred > 100


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_sums_that_do_not_hold_are_read_as_printed(form: Form) -> None:
    for seed in range(20):
        values, rng = drawn(form, seed)
        for path in rng.sample([p for p in values if not p.startswith("disclosure")], 3):
            values[path] = int(values[path]) + rng.choice([1, 2, 10])
        for layout in (spaced, glued):
            assert not compare(read(layout(form, values, rng), form), values)[0], seed
        assert compare(read(spaced(form, values, rng), form), values) == ([], 0)


@pytest.mark.parametrize("layout", [one_cell_a_line, spaced, pipes])
def test_a_preface_that_names_a_table_is_no_second_table(layout: object) -> None:
    values, rng = drawn(NEW, 3)
    preface = (
        "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、"
        "政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项组成，"
        "统计期限自2023年1月1日起至2023年12月31日止，"
        "联系地址：示例路1号，电话：0000-12345678，邮编：100000。\n"
    )
    text = preface + layout(NEW, values, rng)  # type: ignore[operator]
    assert compare(read(text), values) == compare(read(layout(NEW, values, rng)), values)  # type: ignore[operator]
    assert not [c for p, c in cells(read(text)).items() if p[0] == "d" and c.state is State.OPEN]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_figures_in_any_layout(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(list(FORMS.values())))
    layout = data.draw(st.sampled_from([*LAYOUTS.values(), glued]))
    values, rng = drawn(form, data.draw(st.integers(0, 10**6)))
    assert not compare(read(layout(form, values, rng), form), values)[0]


def test_the_right_edition_scores_clearly_better() -> None:
    for name, form in FORMS.items():
        for layout in (one_cell_a_line, spaced, pipes, glued):
            values, rng = drawn(form, 5)
            blocks = lines(layout(form, values, rng))
            scores = {n: sum(t.score for t in align(blocks, f, SUMS[n])) for n, f in FORMS.items()}
            other = next(n for n in FORMS if n != name)
            assert scores[name] > scores[other] + 10, (name, layout.__name__, scores)


def test_positions_enclose_the_tables() -> None:
    values, rng = drawn(NEW, 1)
    blocks = lines(spaced(NEW, values, rng))
    tables = align(blocks, NEW, SUMS[NEW.id])
    headings = [i for t in NEW.tables for i, b in enumerate(blocks) if b.text == heading(t)]
    for at, table in zip(headings, tables, strict=True):
        assert table.begin is not None
        assert table.end is not None
        assert at < table.begin.block <= table.end.block
        assert blocks[table.end.block].text[table.end.offset - 1].isdigit()
    for cell in cells(tables).values():
        line, span = cell.location.line, cell.location.span
        assert line is not None
        assert span is not None
        text = next(b.text for b in blocks if b.location.line == line)
        assert text[slice(*span)] == cell.text == str(cell.value)


# --- damage ----------------------------------------------------------------------------------


def damaged(text: list[str], rng: random.Random) -> list[str]:
    """One line dropped, moved, joined, doubled, or exchanged with the next.

    Two figures that are exchanged cannot be seen; such damage is not done.
    """
    first = next(i for i, line in enumerate(text) if NEW.tables[0].heading.text in line)
    at = rng.randrange(first, len(text) - 8)
    out, kind = list(text), rng.choice(["drop", "swap", "join", "glue", "double", "move"])
    labelled = [bool(re.search(r"[^\W\d_]", line)) for line in text[at : at + 2]]
    if kind == "drop":
        del out[at]
    elif kind == "double":
        out.insert(at, out[at])
    elif kind in {"join", "glue"}:
        out[at : at + 2] = [(" " if kind == "join" else "").join(out[at : at + 2])]
    elif kind == "swap" and any(labelled):
        out[at], out[at + 1] = out[at + 1], out[at]
    elif kind == "move" and labelled[0]:
        out.insert(min(len(out) - 1, at + rng.randint(-8, 8)), out.pop(at))
    return out


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("times", [1, 3])
def test_damage_makes_nothing_wrong(layout: object, times: int) -> None:
    unread = total = 0
    for seed in range(50):
        form = FORMS[("ogi-2019", "ogi-2021")[seed % 2]]
        values, rng = drawn(form, seed)
        text = [line for line in layout(form, values, rng).split("\n") if line.strip()]  # type: ignore[operator]
        for _ in range(times):
            text = damaged(text, rng)
        wrong, missing = compare(read("\n".join(text), form), values)
        assert not wrong, (seed, wrong)
        unread, total = unread + missing, total + len(values)
    assert unread <= total * 0.02 * times


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_lost_stretches_make_nothing_wrong(layout: object) -> None:
    for seed in range(30):
        values, rng = drawn(NEW, seed)
        text = [line for line in layout(NEW, values, rng).split("\n") if line.strip()]  # type: ignore[operator]
        first = next(i for i, line in enumerate(text) if NEW.tables[0].heading.text in line)
        at, count = rng.randrange(first, len(text) - 10), rng.choice([2, 5, 8, 9, 16, 24])
        del text[at : at + count]
        assert not compare(read("\n".join(text)), values)[0], (seed, at, count)


def wrapped(text: str, room: int) -> str:
    """Numbers too long for their cells go on in a line below, as in a PDF without rules."""
    out = []
    for line in text.split("\n"):
        label, figures = re.match(r"(.*?)((?:[ \t\u3000]+[0-9.]+)*)$", line).groups()  # type: ignore[union-attr]
        several = figures.split()
        out.append(" ".join([label, *(n[:room] for n in several)]))
        rest = [n[room:] for n in several if n[room:]]
        out += [" ".join(rest)] if rest else []
    return "\n".join(out)


@pytest.mark.parametrize("room", [1, 2, 3])
def test_numbers_that_go_on_in_the_next_line_are_not_read_short(room: int) -> None:
    for seed in range(8):
        values, rng = drawn(NEW, seed)
        wrong, _ = compare(read(wrapped(spaced(NEW, values, rng), room)), values)
        assert not wrong, seed


def test_a_deleted_row_is_missed_and_the_others_stand() -> None:
    table = NEW.table("applications")
    for row in rows(table):
        values, _ = drawn(NEW, 7)
        text = spaced(NEW, values, random.Random(1)).split("\n")
        label = row.labels[-1].text
        at = next(
            i
            for i, t in enumerate(text)
            if re.match(rf"{re.escape(label)}|{re.escape(label[13:] or label)}[ 　\t]", t)
        )
        at += not text[at][-1:].isdigit()
        del text[at]
        tables = read("\n".join(text))
        wrong, unread = compare(tables, values)
        assert not wrong
        gone = {f.path for f in row.slots}
        found = cells(tables)
        assert all(p not in found or found[p].state is State.OPEN for p in gone), label
        assert unread <= len(gone) + 7, label


def test_vanished_blanks_leave_their_row_open() -> None:
    for seed in range(20):
        values, rng = drawn(NEW, seed)
        lost = {p for p in values if rng.random() < 0.1}
        text = PREFACE
        for table in NEW.tables:
            text += heading(table) + "\n"
            text += "\n".join(h.text for h in table.heads) + "\n"
            for row in rows(table):
                text += (
                    row.labels[-1].text + "\n"
                    if row.labels
                    else "行政复议\n结果维持\n结果纠正\n尚未审结\n"
                )
                text += "".join(f"{values[f.path]}\n" for f in row.slots if f.path not in lost)
        truth = {p: None if p in lost else v for p, v in values.items()}
        assert not compare(read(text), truth)[0], seed


def test_of_two_sets_of_tables_the_first_is_the_reports_own() -> None:
    for seed in range(8):
        values, rng = drawn(NEW, seed)
        others, _ = drawn(NEW, seed + 100)
        text = spaced(NEW, values, rng) + "\n" + one_cell_a_line(NEW, others, rng)
        found = read(text)
        assert compare(found, values) == ([], 0), seed
        noted = [o.kind for table in found for o in table.observations]
        assert noted.count("table-repeated") == len(NEW.tables)


def test_where_tables_are_repeated_in_place_only_what_both_say_stands() -> None:
    values, _ = drawn(NEW, 3)
    others, _ = drawn(NEW, 103)
    text = PREFACE
    for table in NEW.tables:
        for of in (values, others):
            text += "\n".join((heading(table), *(h.text for h in table.heads))) + "\n"
            for before, label, row in walk(table):
                text += "\n".join([*before, label, *shown(of, row)]) + "\n"
    truth = {p: v if others[p] == v else None for p, v in values.items()}
    found = read(text)
    assert not compare(found, truth)[0]
    assert compare(found, values)[1] > 0


def test_tables_in_another_order_are_read() -> None:
    values, rng = drawn(NEW, 3)
    text = spaced(NEW, values, rng)
    marks = [text.index(heading(t)) for t in NEW.tables] + [text.index("五、")]
    parts = [text[a:b] for a, b in pairwise(marks)]
    wrong, unread = compare(
        read(text[: marks[0]] + parts[2] + parts[0] + parts[1] + text[marks[3] :]), values
    )
    assert not wrong
    assert unread < 20


# --- what is no table ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        PREFACE,
        PREFACE * 30,
        "行政许可40件，行政处罚12件，行政强制3件，行政事业性收费24.5万元。",
        "行政许可\n40\n行政处罚\n12\n行政强制\n3\n行政事业性收费\n5\n",
        "指标名称 计量单位 2018年度\n主动公开文件数 条 2069\n受理申请总数 条 0\n同意公开答复数 条 0\n不予公开答复数 条 0",
    ],
)
def test_narrative_and_other_tables_are_no_table(text: str) -> None:
    for form in FORMS.values():
        assert sum(t.score for t in read(text, form)) <= 0


# --- single cells ----------------------------------------------------------------------------


def with_cell(path: str, printed: str, form: Form = NEW) -> tuple[BoundTable, ...]:
    """A text in which one cell of table two is printed otherwise."""
    values, _ = drawn(form, 2)
    text = one_cell_a_line(form, values, random.Random(5)).split("\n")
    row = next(r for r in rows(form.table("disclosure")) if path in {f.path for f in r.slots})
    slot = next(i for i, f in enumerate(row.slots) if f.path == path)
    label, first = row.labels[-1].text, text.index(heading(form.table("disclosure")))
    at = next(
        i
        for i in range(first, len(text))
        if label.endswith("".join(text[i - 1 : i + 1])) or label == text[i]
    )
    text[at + 1 + slot] = printed
    return read("\n".join(text), form)


LICENCES, FEES, MADE = (
    "disclosure.licences.decisions",
    "disclosure.fees.amount",
    "disclosure.rules.made",
)


@pytest.mark.parametrize(
    ("path", "printed", "value", "kind"),
    [
        (LICENCES, "139件", 139, "unit-in-cell"),
        (LICENCES, "1,234", 1234, "digits-normalised"),
        (LICENCES, "１２３４", 1234, "digits-normalised"),
        (LICENCES, "　 12", 12, ""),
        (LICENCES, "\t\u00a012", 12, ""),
        (FEES, "24252.311082", Decimal("24252.311082"), ""),
        (FEES, "12.5万元", Decimal("12.5"), "unit-in-cell"),
        (MADE, "22（其中修订16件）", 22, "note-in-cell"),
        (MADE, "22\n（其中修订 16 件）", 22, "note-in-cell"),
    ],
)
def test_a_number_among_other_signs(path: str, printed: str, value: object, kind: str) -> None:
    tables = with_cell(path, printed)
    cell = cells(tables)[path]
    assert (cell.state, cell.value) == (State.READ, value)
    assert [o.path for o in seen(tables, kind)] == ([path] if kind else [])


@pytest.mark.parametrize(
    ("path", "printed"),
    [
        (LICENCES, "5万件"),
        (LICENCES, "1.5"),
        (LICENCES, "0012"),
        (LICENCES, "增1423"),
        (LICENCES, "减38"),
        (LICENCES, "12%"),
        (LICENCES, "12 13"),
        (LICENCES, "12/13"),
        (FEES, "12.5元"),
    ],
)
def test_what_is_no_plain_number_stays_open(path: str, printed: str) -> None:
    cell = cells(with_cell(path, printed)).get(path)
    assert cell is None or cell.state is State.OPEN


@pytest.mark.parametrize("sign", ["/", "-", "—", "无", "空"])
def test_a_printed_sign_for_none_is_a_blank(sign: str) -> None:
    cell = cells(with_cell(LICENCES, sign))[LICENCES]
    assert (cell.state, cell.value, cell.text) == (State.BLANK, None, sign)


def test_empty_cells_between_bars_are_blanks() -> None:
    values, rng = drawn(NEW, 4)
    text = re.sub(r"\| 0 (?=\| [0-9])", "|  ", pipes(NEW, values, rng))
    found = cells(read(text))
    assert not [p for p, c in found.items() if c.value is not None and c.value != values[p]]
    assert sum(c.state is State.BLANK for c in found.values()) > 20


def test_empty_cells_between_tabs_are_blanks() -> None:
    values, rng = drawn(NEW, 4)
    text = spaced(NEW, values, rng).replace("　", " ").replace("\t", " ")
    text = re.sub(r" +(?=[0-9])", "\t", text)
    found = cells(read(re.sub(r"\t0(?=\t)", "\t", text)))
    assert not [p for p, c in found.items() if c.value is not None and c.value != values[p]]
    assert sum(c.state is State.BLANK for c in found.values()) > 80


def glue(rows_glued: Mapping[str, str]) -> dict[str, BoundCell]:
    """Table three with all rows zero and glued, but for the given ones."""
    text = heading(NEW.table("applications"))
    for row in rows(NEW.table("applications")):
        path = row.slots[0].row.removeprefix("applications.")
        text += row.labels[-1].text + rows_glued.get(path, "0000000")
    return cells(read(text + "四、"))


def values_of(found: Mapping[str, BoundCell], row: str) -> list[object]:
    return [cell.value for path, cell in found.items() if path.startswith(f"applications.{row}.")]


def test_as_many_digits_as_slots_lean_on_no_sum() -> None:
    found = glue({})
    assert {cell.state for cell in found.values()} == {State.READ}
    assert not any(cell.rules for cell in found.values())


def test_longer_runs_need_their_sums_and_say_which() -> None:
    same = dict.fromkeys(("new", "granted", "total"), "713000074")
    found = glue(same)
    assert values_of(found, "new") == [71, 3, 0, 0, 0, 0, 74]
    cell = found["applications.new.natural_person"]
    assert (cell.state, cell.rules) == (State.INFERRED, ("A03@applications.new",))


def test_a_split_that_no_other_row_confirms_stays_open() -> None:
    found = glue({"new": "713000074"})
    assert {found[p].state for p in found if p.startswith("applications.new.")} == {State.OPEN}
    assert found["applications.new.total"].text == "713000074"


def test_glued_cells_without_sums_stay_open() -> None:
    values, _ = drawn(NEW, 6)
    text = glued(NEW, values, random.Random(0))
    start, end = text.index("行政规范性文件", 300), text.index("第二十条第（五）项", 300)
    for figures_, states in (("8855698", {State.OPEN}), ("000", {State.READ})):
        found = cells(read(text[:start] + "行政规范性文件" + figures_ + text[end:]))
        assert {found[p].state for p in found if ".normative_documents." in p} == states


def test_negative_changes() -> None:
    form = FORMS["ogi-2019"]
    values, _ = drawn(form, 6)
    text = glued(form, values, random.Random(0))
    start, end = text.index("行政事业性收费", 300), text.index("第二十条第（九）项", 300)
    found = cells(read(text[:start] + "行政事业性收费35-15" + text[end:], form))
    assert [found[f"disclosure.fees.{k}"].value for k in ("prior_items", "change")] == [35, -15]
    start = text.index("行政处罚", text.index("处理决定数量"))
    end = text.index("行政强制", start)
    found = cells(read(text[:start] + "行政处罚2648-18538" + text[end:], form))
    assert {c.state for p, c in found.items() if ".penalties." in p} == {State.OPEN}


# --- rows ------------------------------------------------------------------------------------


def test_an_undivided_group_is_one_row() -> None:
    values, _ = drawn(NEW, 9)
    text = spaced(NEW, values, random.Random(2))
    start, end = text.index("（六）其他处理"), text.index("（七）总计")
    tables = read(text[:start] + "（六）其他处理 3 0 0 0 0 1 4\n" + text[end:])
    found = cells(tables)
    row = [
        found[f"applications.other.undivided.{k}"].value
        for k in NEW.table("applications").column_keys()
    ]
    assert row == [3, 0, 0, 0, 0, 1, 4]
    assert not [p for p in found if re.match(r"applications\.other\.(?!undivided)", p)]
    assert [o.path for o in seen(tables, "group-undivided")] == ["applications.other"]
    assert not seen(tables, "row-unread")


def test_an_extra_row_and_a_changed_label_are_noticed() -> None:
    values, _ = drawn(NEW, 9)
    text = spaced(NEW, values, random.Random(2))
    text = text.replace("行政执法案卷", "行政执法档卷")
    text = text.replace("（七）总计", "4.撤回情形 0 0 0 0 0 0 0\n（七）总计")
    tables = read(text)
    assert compare(tables, values) == ([], 0)
    assert [o.detail for o in seen(tables, "row-extra")] == ["4.撤回情形"]
    assert [o.path for o in seen(tables, "label-changed")] == [
        "applications.denied.enforcement_files"
    ]


def test_a_row_of_another_name_is_not_taken_for_the_missing_one() -> None:
    values, _ = drawn(NEW, 9)
    text = spaced(NEW, values, random.Random(2)).replace("（一）予以公开", "（一）撤回情形")
    tables = read(text)
    assert not [p for p in cells(tables) if p.startswith("applications.granted.")]
    assert [o.path for o in seen(tables, "row-unread")] == ["applications.granted"]
    assert compare(tables, values) == ([], 7)


# --- limits ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "7" * 10**6,
        "0 " * 10**5,
        "0\n" * 10**5,
        "12345678901234567890\n" * 20_000,
        "1," * 10**5 + "000" * 10**5,
        "(1" * 10**5,
        "|" * 10**6,
        "| a | | | | | | | |\n" * 10_000,
        "1-" * 10**5 + "1/" * 10**5 + "1:" * 10**5 + "1." * 10**5,
        "一、本年新收政府信息公开申请数量" * 10_000,
        "一、本年新收政府信息公开申请数量 0 0 0 0 0 0 0\n" * 10_000,
        "".join(f"{r.labels[-1].text}1111112222" for r in rows(NEW.table("applications"))) * 100,
        "".join(f"{r.labels[-1].text}{'12' * 11}" for r in rows(NEW.table("applications"))),
    ],
    ids=range(13),
)
def test_hostile_text_ends_soon(text: str) -> None:
    began = time.process_time()
    read(text)
    assert time.process_time() - began < 20


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text("0123456789 ,.-|/\n(（）)一二、件元行政许可公开总计其他", max_size=60), max_size=30
    )
)
def test_any_text_is_survived(texts: list[str]) -> None:
    for form in FORMS.values():
        align([Text(text) for text in texts], form, SUMS[form.id])


# --- real documents --------------------------------------------------------------------------


def real() -> list[tuple[Path, dict[str, object]]]:
    if not REAL:
        return []
    found = json.loads((Path(REAL) / "truth.json").read_text(encoding="utf-8"))
    return [(Path(REAL) / n, t) for n, t in sorted(found.items()) if n.endswith((".txt", ".md"))]


@pytest.mark.skipif(not REAL, reason="AUDITOR_TRUTH names no folder with a truth.json")
@pytest.mark.parametrize(("path", "truth"), real(), ids=lambda v: getattr(v, "name", ""))
def test_real_text_has_no_wrong_cell(path: Path, truth: dict[str, object]) -> None:
    blocks = lines(path.read_text(encoding="utf-8"))
    read_as = {name: align(blocks, form, SUMS[name]) for name, form in FORMS.items()}
    best = max(read_as, key=lambda name: sum(t.score for t in read_as[name]))
    assert best == truth["form"]
    wrong, unread = compare(read_as[best], truth["cells"])  # type: ignore[arg-type]
    assert not wrong
    print(f"{path.name}: {unread} open")
