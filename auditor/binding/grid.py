"""Ruled tables → the tables of the form, by label paths: no geometry is known to the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.binding.across import Across, across_of
from auditor.binding.bound import BoundCell, BoundTable, Position, State
from auditor.binding.contest import COVERAGE, STRAY, contest, without_strays
from auditor.binding.labels import Vocabulary, vocabularies
from auditor.binding.lattice import Lattice
from auditor.binding.layouts import Plan, Plans, Spot, planned
from auditor.binding.lines import Line, lines_of
from auditor.binding.numbers import is_blank, read_number
from auditor.binding.rows import Claim, claims_of
from auditor.form import Field, Form, Row, TableForm
from auditor.model import Cell, Observation, Table
from auditor.text import plain

_LONG = 12
_TELLING = 4
_RUN = 6  # letters of a label that stand in no other words by chance
_PIECE = 2  # letters of a label that was cut off
_Doubt = tuple[tuple[Lattice, Cell], ...]


def bind_grid(tables: Sequence[tuple[int, Table]], form: Form) -> tuple[BoundTable, ...]:
    """Bind every table of the form that is found among the document's ruled tables.

    The int beside a table is its index in the document's blocks. A table of which less than 60 %
    of the cells are found is left out. In `begin` and `end` the offset counts grid rows.
    """
    lattices = [Lattice(table, block, n) for n, (block, table) in enumerate(tables, start=1)]
    plans = planned(tables, form, lambda: _plans(lattices, form))
    return tuple(_bound(plan, lattices) for plan in plans)


def _plans(lattices: Sequence[Lattice], form: Form) -> Plans:
    """Which cells are which fields, and what is amiss with rows and columns."""
    words = vocabularies(form)
    readings = [_read(table, lattices, words[table.key]) for table in form.tables]
    found = [r for r in readings if r is not None]
    taken = {(at.number, row): r.table.key for r in found for at, row in r.used()}
    index = {id(c): n for x in lattices for n, c in enumerate(x.table.cells)}
    return tuple(_plan(reading, taken, index) for reading in found)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the tables of the document say of one table of the form, before cells are read."""

    table: TableForm
    words: Vocabulary
    cells: Mapping[str, _Doubt]
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


def _read(table: TableForm, lattices: Sequence[Lattice], words: Vocabulary) -> _Reading | None:
    """Read a table downwards or across, whichever gives more of its cells."""
    down, over = _downwards, _across
    readings = []
    for way in (over, down) if table.across else (down, over):
        reading = way(table, lattices, words)
        readings.append(reading)
        if _share(reading) > 1 - STRAY:
            break
    best = max(readings, key=_share)
    return best if _share(best) >= COVERAGE else None


def _share(reading: _Reading) -> float:
    """Which part of the required cells was found; a printed group stands for its children."""
    needed = [f for row in _needed(reading) for f in row.fields]
    exact = reading.words.is_exact  # a cell that prints a label is none of the form's figures
    found = (reading.cells.get(f.path, ()) for f in needed)
    return sum(any(not exact(c.text) for _, c in several) for several in found) / len(needed)


def _needed(reading: _Reading) -> list[Row]:
    """The rows that ought to be there: where a group is printed whole, the group itself."""
    wholes = set(reading.wholes)
    return [
        row
        for row in reading.table.rows
        if (row.group in wholes if row.undivided else row.group not in wholes)
    ]


def _downwards(table: TableForm, lattices: Sequence[Lattice], words: Vocabulary) -> _Reading:
    lines = lines_of(lattices, words)
    claims = without_strays(claims_of(lines, words))
    kept = contest(claims, table)
    cells: dict[str, _Doubt] = {}
    doubtful: set[str] = set()
    for claim in kept:
        for path, found in claim.cells.items():
            cells[path] = (*cells.get(path, ()), *((claim.line.lattice, c) for c in found))
        doubtful |= claim.doubtful
    lone = {id(c.line) for c in kept}
    inside = {c.line.lattice.number for c in kept}
    rest = [x for x in lines if id(x) not in lone and x.lattice.number in inside]
    wholes = tuple(c.row.group for c in kept if c.row.undivided)
    return _Reading(
        table, words, cells, frozenset(doubtful), tuple(kept), tuple(rest), wholes=wholes
    )


def _across(table: TableForm, lattices: Sequence[Lattice], words: Vocabulary) -> _Reading:
    lines = across_of(lattices, words)
    cells: dict[str, _Doubt] = {}
    doubtful: set[str] = set()
    widest = max((len(line.cells) for line in lines), default=0)
    lines = [line for line in lines if len(line.cells) >= STRAY * widest]
    for line in lines:
        for path, found in line.cells.items():
            cells[path] = (*cells.get(path, ()), *((line.lattice, c) for c in found))
        doubtful |= line.doubtful
    return _Reading(table, words, cells, frozenset(doubtful), (), lines=tuple(lines))


def _plan(
    reading: _Reading, taken: Mapping[tuple[int, int], str], index: Mapping[int, int]
) -> Plan:
    """One table of the form as found, before its cells are read."""
    cells = tuple(
        (
            of,
            tuple((lattice.number, index[id(cell)]) for lattice, cell in reading.cells[of.path]),
            of.path in reading.doubtful,
        )
        for of in reading.table.fields(optional=True)
        if of.path in reading.cells
    )
    structure = tuple(_structure(reading, taken))
    begin, end = _extent(reading, taken)
    weight = {
        "row-missing": 5,
        "row-extra": 3,
        "group-undivided": 5,
        "label-changed": 1,
        "cell-missing": 1,
    }
    score = len(cells) - sum(weight.get(o.kind, 0) for o in structure)
    return Plan(reading.table.key, cells, structure, begin, end, float(max(score, 1)))


def _bound(plan: Plan, lattices: Sequence[Lattice]) -> BoundTable:
    """Read the cells and say what was noticed on the way."""
    cells: dict[str, BoundCell] = {}
    notes: list[Observation] = []
    for of, spots, doubtful in plan.cells:
        found = [(lattices[n - 1], lattices[n - 1].table.cells[at]) for n, at in spots]
        cells[of.path] = _cell(of, found, doubtful, notes)
    begin, end = (Position(lattices[n - 1].block, row) for n, row in (plan.begin, plan.end))
    return BoundTable(plan.key, cells, (*notes, *plan.observations), begin, end, plan.score)


def _cell(
    of: Field, found: Sequence[tuple[Lattice, Cell]], doubtful: bool, notes: list[Observation]
) -> BoundCell:
    """One cell as read; several that disagree, or one that the reader doubts, are open."""
    lattice, first = found[0]
    location = lattice.place(first, of.label)
    read, sure = read_number(first.text, of), first.confidence
    if doubtful or first.doubt or (len(found) > 1 and _disagree(of, found)):
        text = " | ".join(dict.fromkeys(read_number(c.text, of).text for _, c in found))
        notes.append(Observation("unreadable", of.label, location, text, of.path))
        choices = () if doubtful or len(found) > 1 else first.readings
        return BoundCell(of.path, State.OPEN, None, text, location, (), sure, choices)
    kinds = ("blank-cell",) if read.state is State.BLANK else read.notes
    notes += [Observation(kind, of.label, location, read.text, of.path) for kind in kinds]
    return BoundCell(of.path, read.state, read.value, read.text, location, (), sure)


def _disagree(of: Field, found: Sequence[tuple[Lattice, Cell]]) -> bool:
    """Whether several cells are in doubt or do not say the same."""
    reads = [read_number(cell.text, of) for _, cell in found]
    return len({(r.state, r.value) for r in reads}) > 1 or any(cell.doubt for _, cell in found)


def _structure(reading: _Reading, taken: Mapping[tuple[int, int], str]) -> Iterator[Observation]:
    """Rows and columns: changed, missing, added, merged."""
    rows = reading.rows()
    cut: set[int] = set()
    lost = [row for row in _needed(reading) if row.path not in rows]
    # Where one label was cut, nothing may be left of another.
    least = 0 if any(_cut_label(row, reading, _PIECE) for row in lost) else _PIECE
    for row in _needed(reading):
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


def _is_printed(row: Row, reading: _Reading) -> bool:
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


def _has_stand_in(row: Row, reading: _Reading) -> bool:
    """Whether numbers without a label stand where the row would: then its label was lost."""
    lone = (x for x in _in_place(row, reading) if not any(c.row == x.at for c in x.labels))
    return any(x.has_figures() for x in lone)


def _cut_label(row: Row, reading: _Reading, least: int) -> Line | None:
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


def _in_place(row: Row, reading: _Reading) -> Iterator[Line]:
    """The lines that are no row yet and stand where a row of the form would."""
    order = {r.path: n for n, r in enumerate(reading.table.rows)}
    at = {order[c.row.path]: _place(c.line) for c in reading.claims}
    before = max((p for n, p in at.items() if n < order[row.path]), default=(0, 0))
    after = min((p for n, p in at.items() if n > order[row.path]), default=(1 << 30, 0))
    return (x for x in reading.spare if before < _place(x) < after)


def _place(line: Line) -> tuple[int, int]:
    return line.lattice.number, line.at


def _claimed(row: Row, claim: Claim, reading: _Reading) -> Iterator[Observation]:
    here = claim.line.lattice.here(claim.line.at, row.label)
    if claim.changed and not claim.line.joined:
        yield Observation("label-changed", row.label, here, claim.line.printed, row.path)
    if row.undivided:
        yield Observation("group-undivided", row.label, here, claim.line.printed, row.group)
    yield from _gaps(row, reading)


def _gaps(row: Row, reading: _Reading) -> Iterator[Observation]:
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


def _is_full(reading: _Reading) -> bool:
    """Whether a line across has as many cells as the table has fields."""
    fields = sum(len(row.fields) for row in _needed(reading))
    return any(len(line.lattice.rows[line.at]) >= fields for line in reading.lines)


def _extras(
    reading: _Reading, taken: Mapping[tuple[int, int], str]
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


def _heads(reading: _Reading) -> Iterator[Observation]:
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
        yield Observation("label-changed", number, lattice.place(cell, number), text, key)
    for lattice, cell in added.values():
        over = lattice.above(cell.row, cell)
        detail = over.text if over is not None else ""
        yield Observation("label-changed", number, lattice.place(cell, number), detail, key)
    yield from _lost_notes(reading)


def _lost_notes(reading: _Reading) -> Iterator[Observation]:
    lattices = {at.number: at for at, _ in reading.used()}
    printed = [c.text for x in lattices.values() for c in x.table.cells if not is_blank(c.text)]
    seen = {label for text in printed for label in reading.words.find(text).labels}
    for head in reading.table.heads:
        if len(head.text) > _LONG and head not in seen:
            key, number = reading.table.key, reading.table.number
            yield Observation("head-missing", number, detail=head.text, path=key)


def _extent(reading: _Reading, taken: Mapping[tuple[int, int], str]) -> tuple[Spot, Spot]:
    """From the first row with one of its labels to the last with its numbers."""
    used = sorted((at.number, row) for at, row in reading.used())
    number, row = used[0]
    lattice = next(at for at, _ in reading.used() if at.number == number)
    before = [r for (n, r), key in taken.items() if n == number and r < row]
    first = row
    for at in range(row, max(before, default=-1), -1):
        if any(reading.words.find(c.text) for c in lattice.rows[at]):
            first = at
    return (number, first), (used[-1][0], used[-1][1] + 1)
