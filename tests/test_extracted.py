"""Text as programs take it from a page: labels wrapped around their figures, figures before them."""

from __future__ import annotations

import random

import pytest

from auditor.binding.align import align
from auditor.binding.bound import State
from auditor.form import Form
from tests import flattened
from tests.grids import NEW, OLD


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


@pytest.mark.parametrize("form", [NEW, OLD], ids=lambda form: form.id)
@pytest.mark.parametrize("seed", range(4))
def test_figures_within_a_wrapped_label_are_read(form: Form, seed: int) -> None:
    wrong, unread = read(form, wrapped_around, seed)
    assert not wrong
    assert not unread


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
