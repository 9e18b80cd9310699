"""Text as programs take it from a page: labels wrapped around their figures, figures before them."""

from __future__ import annotations

import random
import re

import pytest

from auditor.binding import bind
from auditor.binding.align import align
from auditor.binding.bound import State
from auditor.form import Form
from auditor.model import Document, Report
from auditor.pipeline import Input, Settings, bind_document, read_document
from tests import flattened
from tests.flattened import spaced
from tests.grids import NEW, OLD
from tests.page_variants import tables
from tests.round_trip import drawn


def placed_below(form: Form, values: flattened.Figures, rng: random.Random) -> str:
    """A row's figures a line each above its label, as where figures are set higher; some of them
    stand in line with their label."""
    out = flattened.PREFACE.splitlines()
    for table in form.tables:
        out += [flattened.heading(table), " ".join(flattened.header(table))]
        for before, label, row in flattened.walk(table):
            numbers = flattened.shown(values, row)
            if rng.random() < 0.1 and label:
                out += [*before, f"{label} {' '.join(numbers)}"]
            else:
                out += [*numbers, *before, label]
    return "\n".join([*out, *flattened.EPILOGUE.splitlines()])


def wrapped_around(form: Form, values: flattened.Figures, rng: random.Random) -> str:
    """A long label over three lines, its figures on the one in the middle."""
    out = flattened.PREFACE.splitlines()
    for table in form.tables:
        out += [flattened.heading(table), "  ".join(flattened.header(table))]
        for before, label, row in flattened.walk(table):
            numbers = "   ".join(flattened.shown(values, row))
            if before:
                out.append("".join(before))
            cut = len(label) * 2 // 3 if len(label) > 20 else len(label)
            out += [
                f"{label[:cut]}   {numbers}",
                *([f"      {label[cut:]}"] if label[cut:] else []),
            ]
    return "\n".join([*out, *flattened.EPILOGUE.splitlines()])


def read(form: Form, layout: flattened.Layout, seed: int) -> tuple[list[str], list[str]]:
    """(wrong, open)."""
    rng = random.Random(seed)
    values = flattened.figures(form, rng, busy=0.5)
    text = layout(form, values, rng)
    tables = align(flattened.lines(text), form, flattened.identities(form))
    cells = {path: cell for table in tables for path, cell in table.cells.items()}
    read = {path: c.value for path, c in cells.items() if c.state is not State.OPEN}
    wrong = [f"{p}: {v} for {values[p]}" for p, v in read.items() if v != values[p]]
    return wrong, [path for path in values if path not in read]


@pytest.mark.parametrize("form", [NEW, OLD], ids=lambda form: form.id)
@pytest.mark.parametrize("seed", range(12))
def test_figures_before_their_labels_are_not_those_of_the_row_above(form: Form, seed: int) -> None:
    wrong, _ = read(form, placed_below, seed)
    assert not wrong


def in_runs(form: Form, values: flattened.Figures, rng: random.Random) -> str:
    """Mostly a cell a line; of some rows the labels first and then the figures, or the other way
    round, as where a page is read column by column."""
    out = flattened.PREFACE.splitlines()
    for table in form.tables:
        out += [flattened.heading(table), *flattened.header(table)]
        rows = list(flattened.walk(table))
        while rows:
            many = rng.choice((1, 1, 1, 2, 3, 5))
            run, rows = rows[:many], rows[many:]
            labels = [x for before, label, _ in run for x in (*before, label)]
            numbers = [n for _, _, row in run for n in flattened.shown(values, row)]
            out += [*labels, *numbers] if rng.random() < 0.7 else [*numbers, *labels]
    return "\n".join([*out, *flattened.EPILOGUE.splitlines()])


def paged(form: Form, values: flattened.Figures, rng: random.Random) -> str:
    """A cell a line, with bare page numbers and an address among the cells."""
    out: list[str] = []
    for at, line in enumerate(flattened.one_cell_a_line(form, values, rng).split("\n")):
        out += [line, *([str(at // 12), "http://www.example.gov.cn/a_1.html"] * (at % 12 == 11))]
    return "\n".join(out)


@pytest.mark.parametrize("form", [NEW, OLD], ids=lambda form: form.id)
@pytest.mark.parametrize("layout", [in_runs, paged])
@pytest.mark.parametrize("seed", range(12))
def test_figures_apart_from_their_labels_are_not_those_of_another_row(
    form: Form, layout: flattened.Layout, seed: int
) -> None:
    wrong, _ = read(form, layout, seed)
    assert not wrong


@pytest.mark.parametrize("form", [NEW, OLD], ids=lambda form: form.id)
@pytest.mark.parametrize("seed", range(4))
def test_figures_within_a_wrapped_label_are_read(form: Form, seed: int) -> None:
    wrong, unread = read(form, wrapped_around, seed)
    assert not wrong
    assert not unread


def test_an_amount_broken_behind_a_comma_is_open() -> None:
    row = "\n".join(["行政事业  808,351,", "性收费    126"])
    rng = random.Random(2)
    text = spaced(NEW, flattened.figures(NEW, rng), rng)
    text = re.sub(r"(?m)^行政事业性收费.*$", row, text)
    (table, *_) = align(flattened.lines(text), NEW, flattened.identities(NEW))
    assert table.cells["disclosure.fees.amount"].state is State.OPEN


def _piece(lines: list[str], at: int, tall: int) -> str:
    """What a cell shows on one line of its row, its own lines in the middle."""
    at -= (tall - len(lines)) // 2
    return (lines[at] if 0 <= at < len(lines) else "").ljust(8)


def narrow(form: Form, values: flattened.Figures, rng: random.Random) -> str:
    """Labels and figures broken over the lines of narrow cells, a cell's lines in the middle."""
    out = flattened.PREFACE.splitlines()
    for table in form.tables:
        out += [flattened.heading(table), "  ".join(flattened.header(table))]
        for before, label, row in flattened.walk(table):
            shown = flattened.shown(values, row)
            pieces = [[x[i : i + 2] for i in range(0, len(x), 2)] for x in shown]
            cells = [[label[i : i + 4] for i in range(0, len(label), 4)] or [""], *pieces]
            tall = max(map(len, cells))
            out += before
            out += ["  ".join(_piece(c, at, tall) for c in cells).rstrip() for at in range(tall)]
    return "\n".join([*out, *flattened.EPILOGUE.splitlines()])


@pytest.mark.parametrize("seed", range(12))
def test_figures_broken_in_narrow_cells_are_not_read_short(seed: int) -> None:
    wrong, _ = read(NEW, narrow, seed)
    assert not wrong


def test_what_was_hardly_read_is_taken_for_the_form_of_its_year() -> None:
    """Only the table is left that both editions of the form have."""
    rng = random.Random(1)
    whole = wrapped_around(OLD, flattened.figures(OLD, rng), rng)
    first, last = (whole.index(flattened.heading(OLD.tables[n])) for n in (0, 2))
    text = (whole[:first] + whole[last:]).replace("示例局政府", "示例局2019年政府", 1)
    lines = flattened.lines(text)
    bound = bind(Document("x.txt", "text", lines, flattened=True), (NEW, OLD), flattened.identities)
    assert isinstance(bound, Report)
    assert (bound.form, bound.period) == (OLD.id, 2019)
    assert not any(o.kind == "edition-mismatch" for o in bound.observations)
    assert bound.coverage.tables["disputes"] == (15, 15)


def staggered(form: Form, values: flattened.Figures, rng: random.Random) -> str:
    """A label over two lines, some of its figures in line with the first, some with the second."""
    out = flattened.PREFACE.splitlines()
    for table in form.tables:
        out += [flattened.heading(table), "  ".join(flattened.header(table))]
        for before, label, row in flattened.walk(table):
            numbers = flattened.shown(values, row)
            cut = len(label) * 3 // 5 if len(label) > 20 else len(label)
            here = rng.randint(3, 4) if label[cut:] else len(numbers)
            out.append("".join(before))
            out.append("   ".join([label[:cut], *numbers[:here]]))
            if label[cut:]:
                out.append("   ".join([f"   {label[cut:]}", *numbers[here:]]))
    return "\n".join([*(line for line in out if line), *flattened.EPILOGUE.splitlines()])


@pytest.mark.parametrize("form", [NEW, OLD], ids=lambda form: form.id)
def test_figures_that_stand_on_both_lines_of_their_label_are_read(form: Form) -> None:
    unread = 0
    for seed in range(12):
        wrong, missing = read(form, staggered, seed)
        assert not wrong
        unread += len(missing)
    assert unread <= 12 * 14  # of two rows whose labels end alike


def test_lines_of_tables_do_not_hide_that_the_text_is_wrapped(settings: Settings) -> None:
    of = drawn(503, "ogi-2021", blanks=False)
    long = (
        "本年度公开信息若干条，其中概况信息若干条、动态信息若干条，按月核对栏目，按季通报结果。" * 8
    )
    out = [of.title, *_wrapped(long)]
    for key in of.sections:
        out += [of.heading(key), *(x for line in of.text(key) for x in _wrapped(line))]
        for grid in tables(of, key):
            out += ["  ".join(cell.text for cell in row) for row in grid]
    report = bind_document(read_document(Input("x.txt", "\n".join(out).encode())), settings)
    assert isinstance(report, Report)
    assert report.data["opening"] == long


def _wrapped(line: str) -> list[str]:
    return [line[at : at + 40] for at in range(0, len(line), 40)]
