"""What is amiss with the rows and columns of a table of the form, as it is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from auditor.binding.across import Across
from auditor.binding.labels import Vocabulary
from auditor.binding.lattice import Lattice
from auditor.binding.lines import Line
from auditor.binding.numbers import is_blank
from auditor.binding.rows import Claim
from auditor.form import Row, TableForm
from auditor.model import Cell, Observation
from auditor.text import plain

_LONG = 12
_TELLING = 4
_RUN = 6  # letters of a label that stand in no other words by chance
_PIECE = 2  # letters of a label that was cut off
Doubt = tuple[tuple[Lattice, Cell], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the tables of the document say of one table of the form, before cells are read."""

    table: TableForm
    words: Vocabulary
    cells: Mapping[str, Doubt]
    doubtful: frozenset[str]
    claims: tuple[Claim, ...]
    spare: tuple[Line, ...] = ()
    lines: tuple[Across, ...] = ()
    wholes: tuple[str, ...] = field(default=())

    def used(self) -> Iterator[tuple[Lattice, int]]:
        """The printed rows that it rests on."""
        yield from ((c.line.lattice, c.line.at) for c in self.claims)
        yield from ((line.lattice, line.at) for line in self.lines)

    def rows(self) -> dict[str, Claim]:
        """The first claim of each row."""
        first: dict[str, Claim] = {}
        for claim in self.claims:
            first.setdefault(claim.row.path, claim)
        return first


def needed(reading: Reading) -> list[Row]:
    """The rows that ought to be there: where a group is printed whole, the group itself."""
    wholes = set(reading.wholes)
    return [
        row
        for row in reading.table.rows
        if (row.group in wholes if row.undivided else row.group not in wholes)
    ]


def structure(reading: Reading, taken: Mapping[tuple[int, int], str]) -> Iterator[Observation]:
    """Rows and columns: changed, missing, added, merged."""
    rows = reading.rows()
    cut: set[int] = set()
    lost = [row for row in needed(reading) if row.path not in rows]
    # Where one label was cut, nothing may be left of another.
    least = 0 if any(_cut_label(row, reading, _PIECE) for row in lost) else _PIECE
    for row in needed(reading):
        claim = rows.get(row.path)
        if claim is not None:
            yield from _claimed(row, claim, reading)
        elif not any(f.path in reading.cells for f in row.fields):
            piece = _cut_label(row, reading, least)
            cut.update([id(piece)] if piece is not None else ())
            unread = piece or _is_printed(row, reading) or _has_stand_in(row, reading)
            kind = "row-unread" if unread else "row-missing"
            yield Observation(kind, row.label, path=row.path)
        else:
            yield from _gaps(row, reading)
    yield from (note for line, note in _extras(reading, taken) if id(line) not in cut)
    yield from _heads(reading)


def _is_printed(row: Row, reading: Reading) -> bool:
    """Whether the row's own label stands in a line none of whose cells could be placed."""
    if not row.labels:
        return False
    label = row.labels[-1]
    over = (c.text for line in reading.lines for c in line.band.texts)
    if any(label in reading.words.find(text).labels for text in over):
        return True
    long_ = [s for s in label.spellings if len(s) >= _TELLING]
    return any(
        label in reading.words.find(line.printed).labels
        or any(spelling in plain(line.printed) for spelling in long_)
        for line in reading.spare
    )


def _has_stand_in(row: Row, reading: Reading) -> bool:
    """Whether numbers without a label stand where the row would: then its label was lost."""
    lone = (x for x in _in_place(row, reading) if not any(c.row == x.at for c in x.labels))
    return any(x.has_figures() for x in lone)


def _cut_label(row: Row, reading: Reading, least: int) -> Line | None:
    """The line where the row would stand that is labelled with a piece of its label, of `least`
    letters: the rest had no room in its cell."""
    spellings = row.labels[-1].spellings if row.labels else ()
    for line in _in_place(row, reading):
        piece = plain(line.printed)
        cut = len(piece) >= least and any(piece in s for s in spellings)
        if cut or _is_mixed(piece, reading.words):
            return line
    return None


def _is_mixed(printed: str, words: Vocabulary) -> bool:
    """Whether a long piece of one of the table's labels stands among other words: the label of
    another row reaches into this one."""
    pieces = (printed[k : k + _RUN] for k in range(len(printed) - _RUN + 1))
    return any(piece in spelling for piece in pieces for spelling in words.known)


def _in_place(row: Row, reading: Reading) -> Iterator[Line]:
    """The lines that are no row yet and stand where a row of the form would."""
    order = {r.path: n for n, r in enumerate(reading.table.rows)}
    at = {order[c.row.path]: _place(c.line) for c in reading.claims}
    before = max((p for n, p in at.items() if n < order[row.path]), default=(0, 0))
    after = min((p for n, p in at.items() if n > order[row.path]), default=(1 << 30, 0))
    return (x for x in reading.spare if before < _place(x) < after)


def _place(line: Line) -> tuple[int, int]:
    return line.lattice.number, line.at


def _claimed(row: Row, claim: Claim, reading: Reading) -> Iterator[Observation]:
    here = claim.line.lattice.here(claim.line.at, row.label)
    if claim.changed and not claim.line.joined:
        yield Observation("label-changed", row.label, here, claim.line.printed, row.path)
    if row.undivided:
        yield Observation("group-undivided", row.label, here, claim.line.printed, row.group)
    yield from _gaps(row, reading)


def _gaps(row: Row, reading: Reading) -> Iterator[Observation]:
    """Cells that were not found; in a row with a doubted cell they may be part of that one.

    Nor are they missing where as many cells are printed as there are fields.
    """
    claim = reading.rows().get(row.path)
    near = [c for f in row.fields for _, c in reading.cells.get(f.path, ())]
    near += claim.line.values if claim is not None else ()
    full = claim is not None and len(claim.line.values) >= len(row.fields)
    full = full or _is_full(reading)
    kind = "unreadable" if full or any(cell.doubt for cell in near) else "cell-missing"
    for of in row.fields:
        if of.path not in reading.cells:
            yield Observation(kind, of.label, path=of.path)


def _is_full(reading: Reading) -> bool:
    """Whether a line across has as many cells as the table has fields."""
    fields = sum(len(row.fields) for row in needed(reading))
    return any(len(line.lattice.rows[line.at]) >= fields for line in reading.lines)


def _extras(
    reading: Reading, taken: Mapping[tuple[int, int], str]
) -> Iterator[tuple[Line, Observation]]:
    """Labelled rows with numbers that the form does not know."""
    key, claimed = reading.table.key, {c.row.labels[-1] for c in reading.claims if c.row.labels}
    for line in reading.spare:
        if reading.words.find(line.printed).within(reading.words.rows - claimed):
            continue  # a row of the form that could not be read
        number = line.lattice.number
        if not line.printed.strip() or not line.has_figures() or (number, line.at) in taken:
            continue
        rows = [at for n, at in taken if n == number]
        near = max((at for at in rows if at < line.at), default=min(rows))
        if taken[number, near] == key and not line.counts():
            here = line.lattice.here(line.at, reading.table.number)
            yield line, Observation("row-extra", reading.table.number, here, line.printed, key)


def _heads(reading: Reading) -> Iterator[Observation]:
    """Column labels that were reworded or added, long notes that are not there."""
    key, number = reading.table.key, reading.table.number
    changed: dict[str, tuple[Lattice, Cell]] = {}
    added: dict[str, tuple[Lattice, Cell]] = {}
    for claim in reading.claims:
        changed.update({c.text: (claim.line.lattice, c) for c in claim.heads})
        added.update({str(c.column): (claim.line.lattice, c) for c in claim.extra})
    for line in reading.lines:
        changed.update({c.text: (line.lattice, c) for c in line.heads})
    for text, (lattice, cell) in changed.items():
        if cell.page is not None and _is_piece(cell, lattice, reading):
            continue  # the end of a page went through it
        yield Observation("label-changed", number, lattice.place(cell, number), text, key)
    for lattice, cell in added.values():
        over = lattice.above(cell.row, cell)
        detail = over.text if over is not None else ""
        yield Observation("label-changed", number, lattice.place(cell, number), detail, key)
    yield from _lost_notes(reading)


def _is_piece(cell: Cell, lattice: Lattice, reading: Reading) -> bool:
    """Whether a label is a piece of one of the form's, whose rest stands on another page."""
    own = plain(cell.text)
    others = {plain(c.text) for c in lattice.table.cells if c.page not in (None, cell.page)}
    return any(
        other and (own + other in reading.words.known or other + own in reading.words.known)
        for other in others
    )


def _lost_notes(reading: Reading) -> Iterator[Observation]:
    lattices = {at.number: at for at, _ in reading.used()}
    if any(c.doubt and is_blank(c.text) for x in lattices.values() for c in x.table.cells):
        return  # it may stand there: a head as a picture
    printed = [c.text for x in lattices.values() for c in x.table.cells if not is_blank(c.text)]
    seen = {label for text in printed for label in reading.words.find(text).labels}
    for head in reading.table.heads:
        if len(head.text) > _LONG and head not in seen:
            key, number = reading.table.key, reading.table.number
            yield Observation("head-missing", number, detail=head.text, path=key)
