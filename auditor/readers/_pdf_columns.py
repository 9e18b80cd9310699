"""Tables without rules: their numbers stand in columns, and labels over several lines beside them.

Taken line by line, the pieces of a label lie around the numbers of its row and between those of
its neighbours. Where columns of numbers are certain, every row becomes one line: its label, a
tab, its numbers parted by tabs. Whatever is not certain is left as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from auditor.readers._pdf_glyphs import Glyph
from auditor.readers._pdf_lines import Line, is_gap, line_of
from auditor.text import nfkc

_GAP = 0.5  # of the size: what parts two pieces of a line
_FEWEST = 3  # numbers of a row, and rows, that show columns
_APART = 5  # lines between two rows of numbers of one table
_LEADING = 1.7  # of the size: from one line of a cell to the next
_NEAR = 0.6  # of the size: how far the label of a row may be above or below its numbers
_LESS = 0.4  # of a figure: how much narrower than the widest a full line may be
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?|[-—–/]|无")
_LAST = frozenset("0123456789-—–/无")  # how a number ends
_FIGURES = re.compile(r"[0-9][0-9.,]*")
_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[.、．]"
)
_ROW = re.compile(rf"(?:{_MARK.pattern})[^0-9。，；：,;:]+")
_SHORT = 30  # characters of a label


@dataclass(slots=True)
class _Row:
    """The numbers of one row by column, with its height, and the label beside it."""

    cells: dict[int, Line]
    texts: dict[int, str]
    top: float
    bottom: float
    label: _Label | None = None


@dataclass(slots=True)
class _Label:
    """The pieces of one label."""

    pieces: list[Line] = field(default_factory=list)

    @property
    def top(self) -> float:
        return self.pieces[0].base

    @property
    def bottom(self) -> float:
        return self.pieces[-1].base

    @property
    def left(self) -> float:
        return min(piece.left for piece in self.pieces)


def in_rows(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page with the rows of its tables without rules put together."""
    several = [line for line in lines if _may_end(line)]
    apart = bool(several) and _is_cellwise(lines)
    known = {id(line): _pieces(line, apart) for line in several}
    if all(len(_numbers(pieces)) < _FEWEST for pieces in known.values()):
        return list(lines)  # as on nearly every page: nothing in it is a row of numbers
    parts = [known.get(id(line)) or _pieces(line, apart) for line in lines]
    found: list[Line] = []
    done = 0
    for begin, end in _regions(lines, parts):
        rows = _rows_of(lines[begin:end], parts[begin:end])
        if rows is not None:
            found += [*map(_alone, lines[done:begin], parts[done:begin]), *rows]
            done = end
    return [*found, *map(_alone, lines[done:], parts[done:])]


def _alone(line: Line, pieces: Sequence[Line]) -> Line:
    """A row of numbers, parted by tabs: without rules their cells may touch.

    Beside them stands nothing, or the label of a row that is numbered, as where a table's last
    rows come to another page and are too few to show columns.
    """
    numbers = _numbers(pieces)
    words = "".join(piece.text for piece in pieces[: len(pieces) - len(numbers)])
    if len(numbers) < _FEWEST or (words and not _is_row(words)):
        return line
    texts = [piece.text for piece in numbers]
    return line._replace(text="\t".join([words, *texts] if words else texts))


def _is_row(words: str) -> bool:
    """Whether words are a numbered label and no sentence."""
    return len(words) <= _SHORT and _ROW.fullmatch(nfkc(words)) is not None


def _is_cellwise(lines: Sequence[Line]) -> bool:
    """Whether figures that follow each other without a gap are told apart by their texts.

    So are cells without any margin, unless a program writes every glyph as a text of its own.
    """
    pairs = [
        (a.order, b.order)
        for line in lines
        for a, b in pairwise(line.glyphs)
        if a.text.isdigit() and b.text.isdigit() and not is_gap(a, b)
    ]
    return 2 * sum(a == b for a, b in pairs) > len(pairs)


def _pieces(line: Line, apart: bool) -> list[Line]:
    """A line parted where it has gaps, and where another text begins if those are `apart`."""
    parts: list[list[Glyph]] = [[line.glyphs[0]]]
    for before, glyph in pairwise(line.glyphs):
        # From place to place: the ink of punctuation is far narrower than that.
        wide = 0.0 if before.text.isascii() else before.hand.em
        beyond = glyph.x - max(before.right, before.x + wide)
        other = apart and glyph.order != before.order
        if other or is_gap(before, glyph) or beyond > _GAP * glyph.hand.em:
            parts.append([])
        parts[-1].append(glyph)
    return [line_of(part) for part in parts] if len(parts) > 1 else [line]


def _is_number(piece: Line) -> bool:
    return _NUMBER.fullmatch(nfkc(piece.text).replace(" ", "")) is not None


def _may_end(line: Line) -> bool:
    """Whether a line can end with a number at all."""
    return nfkc(line.text).rstrip(" ")[-1:] in _LAST


def _numbers(pieces: Sequence[Line]) -> list[Line]:
    """The numbers with which a line ends."""
    count = 0
    while count < len(pieces) and _is_number(pieces[-1 - count]):
        count += 1
    return list(pieces[len(pieces) - count :])


# --- where tables are ------------------------------------------------------------------------


def _regions(lines: Sequence[Line], parts: Sequence[list[Line]]) -> Iterator[tuple[int, int]]:
    """Runs of lines with rows of numbers, with the lines of labels around them."""
    anchors = [i for i, pieces in enumerate(parts) if len(_numbers(pieces)) >= _FEWEST]
    runs: list[list[int]] = []
    for at in anchors:
        if runs and at - runs[-1][-1] <= _APART and _is_open(parts, runs[-1][-1], at):
            runs[-1].append(at)
        else:
            runs.append([at])
    floor = 0
    for run in runs:
        if len(run) >= _FEWEST:
            begin, end = _widened(lines, parts, run, floor)
            yield begin, end
            floor = end


def _is_open(parts: Sequence[list[Line]], one: int, other: int) -> bool:
    """Whether no words stand in the columns between two rows of numbers."""
    left = min(_numbers(parts[i])[0].left for i in (one, other))
    return all(p.right <= left or _is_number(p) for i in range(one + 1, other) for p in parts[i])


def _widened(
    lines: Sequence[Line], parts: Sequence[list[Line]], run: Sequence[int], floor: int
) -> tuple[int, int]:
    """A run with the lines before and behind it that only hold pieces of labels or numbers."""
    left = min(_numbers(parts[i])[0].left for i in run)
    begin, end = run[0], run[-1] + 1
    while begin > floor and _is_beside(lines[begin - 1], lines[begin], parts[begin - 1], left):
        begin -= 1
    while end < len(lines) and _is_beside(lines[end], lines[end - 1], parts[end], left):
        end += 1
    return begin, end


def _is_beside(line: Line, other: Line, pieces: Sequence[Line], left: float) -> bool:
    near = abs(line.base - other.base) <= _LEADING * line.size
    return near and all(p.right <= left or _is_number(p) for p in pieces)


# --- one table -------------------------------------------------------------------------------


def _rows_of(lines: Sequence[Line], parts: Sequence[list[Line]]) -> list[Line] | None:
    """The rows of a table as lines; None where its columns or labels are not certain."""
    anchors = [numbers for pieces in parts if len(numbers := _numbers(pieces)) >= _FEWEST]
    columns = _columns([n for numbers in anchors for n in numbers])
    if len(columns) != max(map(len, anchors)):
        return None
    rows: list[_Row] = []
    labels: list[_Label] = []
    widest = max(_advance(n) for numbers in anchors for n in numbers)
    for line in parts:
        pieces = [p for piece in line for p in _cut(piece, columns[0][0])]
        words = [p for p in pieces if p.right <= columns[0][0] and not _is_cell(p, columns)]
        cells = {k: p for p in pieces for k in _column(p, columns) if _is_number(p)}
        if len(words) + len(cells) != len(pieces):
            return None
        fresh = _add(labels, words)
        if cells and not _goes_on(rows, cells, widest, fresh=fresh):
            base = next(iter(cells.values())).base
            texts = {k: p.text for k, p in cells.items()}
            rows.append(_Row(cells, texts, base, base))
    if not _named(rows, labels, lines[0].size):
        return None
    return list(_written(rows, labels, len(columns)))


def _cut(piece: Line, left: float) -> list[Line]:
    """A label and the number that follows without a gap, where the columns begin."""
    at = next((i for i, g in enumerate(piece.glyphs) if g.left >= left - 1), 0)
    if at == 0 or _is_number(piece) or not _is_number(line_of(piece.glyphs[at:])):
        return [piece]
    return [line_of(piece.glyphs[:at]), line_of(piece.glyphs[at:])]


def _columns(numbers: Sequence[Line]) -> list[tuple[float, float]]:
    """The stretches across in which numbers stand."""
    found: list[tuple[float, float]] = []
    for left, right in sorted((n.left, n.right) for n in numbers):
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    return found


def _column(piece: Line, columns: Sequence[tuple[float, float]]) -> list[int]:
    over = [
        k for k, (left, right) in enumerate(columns) if piece.left <= right and piece.right >= left
    ]
    return over if len(over) == 1 else []


def _is_cell(piece: Line, columns: Sequence[tuple[float, float]]) -> bool:
    return _is_number(piece) and bool(_column(piece, columns))


def _add(labels: list[_Label], words: Sequence[Line]) -> bool:
    """Put pieces of labels to those that they go on; whether one of them begins a label."""
    begins = False
    before: _Label | None = None
    for piece in words:
        beside = before if before is not None and _adjoins(before.pieces[-1], piece) else None
        own = None
        if beside is not None and _MARK.fullmatch(nfkc(beside.pieces[-1].text)):
            own = beside
        elif not _MARK.match(nfkc(piece.text)):
            own = _label_above(labels, piece) or beside
        if own is None:
            own, begins = _Label(), True
            labels.append(own)
        own.pieces.append(piece)
        before = own
    return begins


def _adjoins(one: Line, other: Line) -> bool:
    """Whether a piece follows another one directly on its line."""
    gap = other.glyphs[0].x - one.right
    return one.base == other.base and gap <= _GAP * other.size


def _label_above(labels: Sequence[_Label], piece: Line) -> _Label | None:
    for label in reversed(labels):
        low = max([p.base for p in label.pieces])
        if not 0 < piece.base - low <= _LEADING * piece.size:
            continue
        line = [p for p in label.pieces if p.base == low]  # it may be written in many texts
        left, right = min(p.left for p in line), max(p.right for p in line)
        shared = min(right, piece.right) - max(left, piece.left)
        narrow = min(right - left, piece.right - piece.left)
        if shared >= narrow / 2:
            return label
    return None


def _advance(piece: Line) -> float:
    """How wide a number is, from the place of its first figure to that behind its last."""
    glyphs = piece.glyphs
    if len(glyphs) > 1:
        return glyphs[-1].x - glyphs[0].x + (glyphs[-1].x - glyphs[-2].x)
    return glyphs[0].hand.em * (0.5 if glyphs[0].text.isascii() else 1.0)


def _goes_on(rows: list[_Row], cells: dict[int, Line], widest: float, *, fresh: bool) -> bool:
    """Add figures to the row above where each of them had no room there."""
    if not rows or fresh:
        return False
    row = rows[-1]
    for column, piece in cells.items():
        above = row.cells.get(column)
        if above is None or not _FIGURES.fullmatch(nfkc(above.text)):
            return False
        near = 0 < piece.base - above.base <= _LEADING * piece.size
        full = _advance(above) > widest - _LESS * piece.size
        if not near or not full or not _FIGURES.fullmatch(nfkc(piece.text)):
            return False
    for column, piece in cells.items():
        row.cells[column] = piece
        row.texts[column] += piece.text
        row.bottom = piece.base
    return True


def _named(rows: Sequence[_Row], labels: Sequence[_Label], size: float) -> bool:
    """Give every row the label beside it; whether each has one of its own."""
    near = _NEAR * size
    taken: set[int] = set()
    for row in rows:
        beside = [x for x in labels if x.top <= row.bottom + near and x.bottom >= row.top - near]
        middle = (row.top + row.bottom) / 2
        own = max(
            beside, key=lambda x: (x.left, -abs((x.top + x.bottom) / 2 - middle)), default=None
        )
        if own is None or id(own) in taken:
            return False
        taken.add(id(own))
        row.label = own
    return True


def _written(rows: Sequence[_Row], labels: Sequence[_Label], columns: int) -> Iterator[Line]:
    """The rows as lines, each after the labels of groups that begin before it."""
    own = {id(row.label) for row in rows}
    groups = sorted((x for x in labels if id(x) not in own), key=lambda x: x.top)
    for row in rows:
        assert row.label is not None
        while groups and groups[0].top <= row.bottom:
            yield _joined(groups.pop(0).pieces)
        words = _joined(row.label.pieces)
        texts = [row.texts.get(k, "") for k in range(columns)]
        glyphs = (*words.glyphs, *(g for k in sorted(row.cells) for g in row.cells[k].glyphs))
        yield Line(glyphs, "\t".join([words.text, *texts]), row.bottom, words.size)
    yield from (_joined(label.pieces) for label in groups)


def _joined(pieces: Sequence[Line]) -> Line:
    first = pieces[0]
    glyphs = tuple(g for piece in pieces for g in piece.glyphs)
    return Line(glyphs, "".join(p.text for p in pieces), first.base, first.size)
