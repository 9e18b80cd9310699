"""The rows of a table as printed: header bands, and the lines of numbers below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.binding.labels import Sight, Vocabulary
from auditor.binding.lattice import Lattice, overlap
from auditor.binding.numbers import is_blank, is_numeric
from auditor.model import Cell
from auditor.text import ordinal

_BANDS, _TALL = 24, 12


@dataclass(frozen=True, slots=True)
class Band:
    """A run of header rows: the cells that print a column label, by column.

    `texts` are all that print something, or may do so. In a `torn` band a label stands below
    nothing: the spans of its cells contradict each other.
    """

    cells: tuple[tuple[Cell, Sight], ...]
    left: int
    columns: int
    first: int
    last: int
    texts: tuple[Cell, ...] = ()
    torn: bool = False

    @property
    def lowest(self) -> list[Cell]:
        """The texts of its last row: the labels nearest to the numbers."""
        return [c for c in self.texts if c.row + c.row_span > self.last]


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row below a header: labels, then values. `doubt` marks torn rows."""

    lattice: Lattice
    at: int
    labels: tuple[Cell, ...]
    values: tuple[Cell, ...]
    bands: tuple[Band, ...]
    inherited: bool = False
    joined: str = ""
    doubt: bool = False

    @property
    def printed(self) -> str:
        """The row's own label as printed: the last text to the left of its numbers."""
        return self.joined or (self.labels[-1].text if self.labels else "")

    def has_numbers(self) -> bool:
        """Whether any value is more than a blank."""
        return any(not is_blank(cell.text) for cell in self.values)

    def counts(self) -> bool:
        """Whether its figures only number the columns, directly below their heads."""
        texts = [cell.text.strip() for cell in self.values]
        below = any(band.last + 1 == self.at for band in self.bands)
        return below and len(texts) > 2 and texts == [str(n) for n in range(1, len(texts) + 1)]

    def has_figures(self) -> bool:
        """Whether any value reads like a number."""
        return any(is_numeric(cell.text) for cell in self.values)


def lines_of(lattices: Sequence[Lattice], words: Vocabulary) -> list[Line]:
    """Every row that is not a header row, in reading order; torn rows are put together."""
    lines: list[Line] = []
    carried: tuple[Band, ...] = ()
    for lattice in lattices:
        bands = bands_of(lattice, words)
        heads = {row for band in bands for row in range(band.first, band.last + 1)}
        passed = 0
        for at in range(len(lattice.rows)):
            if at not in heads:
                while passed < len(bands) and bands[passed].last < at:
                    passed += 1
                own = tuple(bands[max(0, passed - _BANDS) : passed][::-1])
                line = _line(lattice, at, own or carried, words, inherited=not own)
                if line is not None:
                    lines.append(line)
        carried = (*bands[::-1], *carried)[:_BANDS]
    return list(_mended(lines, words))


def bands_of(lattice: Lattice, words: Vocabulary) -> list[Band]:
    """The header rows of a table, neighbouring ones as one band."""
    marked = [at for at in range(len(lattice.rows)) if _is_head(lattice.rows[at], words)]
    bands: list[Band] = []
    start = 0
    for i, at in enumerate(marked):
        if i + 1 == len(marked) or marked[i + 1] != at + 1 or at - marked[start] >= _TALL:
            bands.append(_band(lattice, words, marked[start], at))
            start = i + 1
    return bands


def _is_head(cells: Sequence[Cell], words: Vocabulary) -> bool:
    """A row with column labels and no number; one label of both kinds may well label a row."""
    tails = [c for c in cells if words.find(c.text).within(words.tails)]
    if not tails or any(is_numeric(c.text) for c in cells):
        return False
    both = [c for c in tails if words.find(c.text).within(words.rows)]
    return len(both) < len(tails) or len(tails) > 1


def _band(lattice: Lattice, words: Vocabulary, first: int, last: int) -> Band:
    cells = {c for at in range(first, last + 1) for c in lattice.rows[at]}
    ordered = sorted(cells, key=lambda c: (c.column, c.row))
    seen = [(c, words.find(c.text).within(words.tails)) for c in ordered]
    named = tuple((c, sight) for c, sight in seen if sight)
    return Band(
        cells=named,
        left=min(c.column for c, _ in named),
        columns=lattice.table.columns,
        first=first,
        last=last,
        texts=tuple(c for c in ordered if c.doubt or not is_blank(c.text)),
        torn=any(c.row > first and not _is_below(lattice, c) for c, _ in named),
    )


def _is_below(lattice: Lattice, cell: Cell) -> bool:
    return any(overlap(cell, other) for other in lattice.rows[cell.row - 1])


def _line(
    lattice: Lattice, at: int, bands: tuple[Band, ...], words: Vocabulary, inherited: bool
) -> Line | None:
    cells = lattice.rows[at]
    if bands and (not inherited or bands[0].columns == lattice.table.columns):
        left = bands[0].left
    else:
        left = _first_value(cells)
    texts = [c for c in cells if not is_blank(c.text) and not is_numeric(c.text)]
    labels = [c for c in texts if c.column < left]
    start = _end(labels) if labels else left
    for cell in texts[len(labels) :]:  # those that a badly merged header leaves no room for
        if cell.column == (start if labels else cells[0].column) and _is_row(cell, words):
            labels.append(cell)
            left = start = _end(labels)
    values = tuple(c for c in cells if c.column >= min(start, left) and not _is_over(c, at))
    if not values:
        return None
    labels.sort(key=lambda c: c.row == at)  # one that reaches down from above is a group's
    return Line(lattice, at, tuple(labels), values, bands, inherited)


def _end(labels: Sequence[Cell]) -> int:
    return labels[-1].column + labels[-1].column_span


def _is_over(cell: Cell, at: int) -> bool:
    """Whether words of the header reach down into a row."""
    return cell.row < at and not is_blank(cell.text) and not is_numeric(cell.text)


def _is_row(cell: Cell, words: Vocabulary) -> bool:
    """Whether a cell prints the label of a row or a group, and can be nothing else."""
    sight = words.find(cell.text)
    if sight.score < 1:
        return False
    rows = bool(sight.within(words.rows | words.groups))
    return bool(ordinal(cell.text)) or (rows and not sight.labels & words.tails)


def _first_value(cells: Sequence[Cell]) -> int:
    """Where the numbers begin in a row without a header: after its last text."""
    texts = [c for c in cells if not is_blank(c.text) and not is_numeric(c.text)]
    return texts[-1].column + texts[-1].column_span if texts else 0


def _mended(lines: Sequence[Line], words: Vocabulary) -> Iterator[Line]:
    """A row torn by a page break is one again, if its two labels joined are a form label."""
    at = 0
    while at < len(lines):
        line = lines[at]
        below = lines[at + 1] if at + 1 < len(lines) else None
        whole = _together(line, below, words) if below is not None else None
        yield whole or line
        at += 2 if whole else 1


def _together(line: Line, below: Line, words: Vocabulary) -> Line | None:
    if not _adjacent(line, below) or not line.labels:
        return None
    own = [c for c in below.labels if c.row == below.at]
    joined = line.printed + (own[-1].text if own else "")
    exact = words.find(line.printed)
    if own and not (exact and exact.score == 1):
        if words.find(joined).score < 1 or not words.find(joined).within(words.rows):
            return _half(line, below, joined, words.find(own[-1].text))
        upper, lower = line.has_numbers(), below.has_numbers()
        values = below.values if lower and not upper else line.values
        return replace(line, values=values, joined=joined, doubt=upper and lower)
    if own or not below.has_numbers():
        return None
    if _broken(line, below) if line.has_numbers() else exact.within(words.rows):
        return replace(line, doubt=True)
    return None


def _half(line: Line, below: Line, joined: str, sight: Sight) -> Line | None:
    """A row torn by a page break whose label cannot be told: its figures are on one of the pages
    only, and what goes on with the label stands beside none."""
    told = bool(sight) and sight.score == 1
    torn = _page(below.values[0]) > _page(line.values[-1]) and not told
    if torn and line.has_figures() and not below.has_figures() and not ordinal(below.printed):
        return replace(line, joined=joined, doubt=True)
    return None


def _broken(line: Line, below: Line) -> bool:
    """Whether numbers without a label go on with a row on the next page: digits may be torn."""
    return min(map(_page, below.values), default=0) > max(map(_page, line.values), default=0)


def _page(cell: Cell) -> int:
    return cell.page or 0


def _adjacent(line: Line, below: Line) -> bool:
    if line.lattice is below.lattice:
        return below.at == line.at + 1
    follows = below.lattice.number == line.lattice.number + 1
    return follows and line.at + 1 == len(line.lattice.rows) and below.at == 0
