"""Rows that a page break cuts through: what did not fit on the page stands at the top of the next.

A number too long for its cell goes on in the cell's next line, and that line may be on the next
page. Read alone, what is left of it would pass for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from auditor.model import Cell
from auditor.readers._blocks import joined
from auditor.text import nfkc

TORN = "a page break goes through its number"
_FIGURES = re.compile(r"[0-9][0-9.,]*")
_HEADS = 3  # cells of a row that is a head
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


def without_torn_row(
    cells: list[Cell], rest: Sequence[Cell], at: int, full: Mapping[tuple[int, int], bool]
) -> list[Cell]:
    """`rest` are the cells that follow from row `at` on; without that row if it only goes on with
    the one before, to whose cells in `cells` its text is then added.

    `full` tells by row and column whether a cell has no room for a further figure.
    """
    above, below = _border(cells, rest, at)
    if not below or not _goes_on(cells, above, below):
        return list(rest)
    for part in below:
        k = above[part.column]
        whole = cells[k]
        torn = _is_figures(part) and not full.get((whole.row, whole.column), False)
        cells[k] = whole._replace(
            text=_together(whole, part),
            row_span=whole.row_span + part.row_span - 1,
            doubt=whole.doubt or part.doubt or TORN * torn,
        )
    return [c._replace(row=c.row - 1) for c in rest if c.row != at]


def is_torn(cells: Sequence[Cell], rest: Sequence[Cell], at: int) -> bool:
    """Whether figures in row `at`, the first of `rest`, only go on with those above them."""
    above, below = _border(cells, rest, at)
    figures = any(_is_figures(c) for c in below)
    return figures and _goes_on(cells, above, below)


def _border(
    cells: Sequence[Cell], rest: Sequence[Cell], at: int
) -> tuple[dict[int, int], list[Cell]]:
    """The cells that end at a row, by column, and those that begin in it."""
    above = {c.column: k for k, c in enumerate(cells) if c.row + c.row_span == at}
    return above, [c for c in rest if c.row == at]


def _goes_on(cells: Sequence[Cell], above: Mapping[int, int], below: Sequence[Cell]) -> bool:
    """Whether a row has figures only below figures, and nothing in place of its label."""
    if {c.column for c in below} != set(above):
        return False
    pairs = [(cells[above[c.column]], c) for c in below]
    if any(one.column_span != other.column_span for one, other in pairs):
        return False
    if _is_head(pairs):
        return True
    label = _label(pairs)
    if label is not None and label[1].text.strip():
        return False
    going = [(a, b) for a, b in pairs if _LETTER.search(b.text) is None and b.text.strip()]
    return bool(going) and all(_is_figures(a) and _is_figures(b) for a, b in going)


def _is_head(pairs: Sequence[tuple[Cell, Cell]]) -> bool:
    """Whether a row has words in all of its cells, and what is below goes on with some of them."""
    above = [one.text for one, _ in pairs]
    below = [other.text for _, other in pairs if other.text.strip()]
    words = all(_LETTER.search(text) and not _DIGIT.search(text) for text in (*above, *below))
    return words and 0 < len(below) < len(above) >= _HEADS


def _label(pairs: Sequence[tuple[Cell, Cell]]) -> tuple[Cell, Cell] | None:
    """The label before the first figures, but for a number that counts the rows; a single letter
    may stand for a number there."""
    counted = pairs[1:] if _is_figures(pairs[0][0]) else pairs
    before = list(takewhile(lambda pair: not _is_figures(pair[0]), counted))
    words = [pair for pair in before if pair[0].text.strip()]
    several = [pair for pair in words if len(pair[0].text.strip()) > 1]
    return next(reversed(several or words), None)


def _is_figures(cell: Cell) -> bool:
    return _FIGURES.fullmatch(re.sub(r"\s", "", nfkc(cell.text))) is not None


def _together(whole: Cell, part: Cell) -> str:
    if _is_figures(whole) and _is_figures(part):
        return whole.text + part.text
    return joined((whole.text, part.text)) if part.text.strip() else whole.text
