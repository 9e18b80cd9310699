"""Ruled tables → the tables of the form, by label paths: no geometry is known to the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditor.binding.across import across_of
from auditor.binding.bound import BoundCell, BoundTable, Position, State
from auditor.binding.contest import COVERAGE, STRAY, contest, without_strays
from auditor.binding.copies import repeated, second_set
from auditor.binding.labels import Vocabulary, vocabularies
from auditor.binding.lattice import Lattice
from auditor.binding.layouts import BEHIND, Plan, Plans, Spot, planned
from auditor.binding.lines import lines_of
from auditor.binding.numbers import is_blank, read_number
from auditor.binding.rows import claims_of
from auditor.binding.structure import Doubt, Reading, needed, structure
from auditor.form import Field, Form, TableForm
from auditor.model import Cell, Observation, Table


def bind_grid(tables: Sequence[tuple[int, Table]], form: Form) -> tuple[BoundTable, ...]:
    """Bind every table of the form that is found among the document's ruled tables.

    The int beside a table is its index in the document's blocks. A table of which less than 60 %
    of the cells are found is left out. In `begin` and `end` the offset counts grid rows.
    """
    lattices = [Lattice(table, block, n) for n, (block, table) in enumerate(tables, start=1)]
    plans = planned(tables, form, lambda: _plans(lattices, form))
    return tuple(_bound(plan, lattices) for plan in plans)


def _plans(lattices: Sequence[Lattice], form: Form) -> Plans:
    """Which cells are which fields, and what is amiss with rows and columns.

    Where a second set of all tables stands behind the first, the first is the report's own; that
    there is another is noted.
    """
    plans = _planned(lattices, form)
    begin = second_set(plans, form, [x.block for x in lattices])
    own = _planned(lattices[: begin - 1], form) if begin else ()
    if len(own) < len(form.tables) or not all(_has_figures(plan, lattices) for plan in own):
        return plans
    other = repeated(plans, begin)
    return tuple(_noted(x, lattices[other[x.key] - 1], form) if x.key in other else x for x in own)


def _has_figures(plan: Plan, lattices: Sequence[Lattice]) -> bool:
    """Whether a table is filled in at all, and does not only point to where it is."""
    spots = (spot for _, found, _ in plan.cells for spot in found)
    return any(not is_blank(lattices[n - 1].table.cells[at].text) for n, at in spots)


def _noted(plan: Plan, other: Lattice, form: Form) -> Plan:
    """The plan with the remark that its table stands in the document again, and where."""
    name = next(table.number for table in form.tables if table.key == plan.key)
    note = Observation("table-repeated", name, other.here(0, name), path=plan.key)
    return replace(plan, observations=(*plan.observations, note))


def _planned(lattices: Sequence[Lattice], form: Form) -> Plans:
    words = vocabularies(form)
    readings = [_read(table, lattices, words[table.key]) for table in form.tables]
    found = [r for r in readings if r is not None]
    taken = {(at.number, row): r.table.key for r in found for at, row in r.used()}
    index = {id(c): n for x in lattices for n, c in enumerate(x.table.cells)}
    return tuple(_plan(reading, taken, index) for reading in found)


def _read(table: TableForm, lattices: Sequence[Lattice], words: Vocabulary) -> Reading | None:
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


def _share(reading: Reading) -> float:
    """Which part of the required cells was found; a printed group stands for its children."""
    wanted = [f for row in needed(reading) for f in row.fields]
    exact = reading.words.is_exact  # a cell that prints a label is none of the form's figures
    found = (reading.cells.get(f.path, ()) for f in wanted)
    return sum(any(not exact(c.text) for _, c in several) for several in found) / len(wanted)


def _downwards(table: TableForm, lattices: Sequence[Lattice], words: Vocabulary) -> Reading:
    lines = lines_of(lattices, words)
    claims = without_strays(claims_of(lines, words))
    kept = contest(claims, table)
    cells: dict[str, Doubt] = {}
    doubtful: set[str] = set()
    for claim in kept:
        for path, found in claim.cells.items():
            cells[path] = (*cells.get(path, ()), *((claim.line.lattice, c) for c in found))
        doubtful |= claim.doubtful
    lone = {id(c.line) for c in kept}
    inside = {c.line.lattice.number for c in kept}
    rest = [x for x in lines if id(x) not in lone and x.lattice.number in inside]
    wholes = tuple(c.row.group for c in kept if c.row.undivided)
    return Reading(
        table, words, cells, frozenset(doubtful), tuple(kept), tuple(rest), wholes=wholes
    )


def _across(table: TableForm, lattices: Sequence[Lattice], words: Vocabulary) -> Reading:
    lines = across_of(lattices, words)
    cells: dict[str, Doubt] = {}
    doubtful: set[str] = set()
    widest = max((len(line.cells) for line in lines), default=0)
    lines = [line for line in lines if len(line.cells) >= STRAY * widest]
    for line in lines:
        for path, found in line.cells.items():
            cells[path] = (*cells.get(path, ()), *((line.lattice, c) for c in found))
        doubtful |= line.doubtful
    return Reading(table, words, cells, frozenset(doubtful), (), lines=tuple(lines))


def _plan(reading: Reading, taken: Mapping[tuple[int, int], str], index: Mapping[int, int]) -> Plan:
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
    amiss = tuple(structure(reading, taken))
    begin, end = _extent(reading, taken)
    weight = {
        "row-missing": 5,
        "row-extra": 3,
        "group-undivided": 5,
        "label-changed": 1,
        "cell-missing": 1,
    }
    score = len(cells) - sum(weight.get(o.kind, 0) for o in amiss)
    return Plan(reading.table.key, cells, amiss, begin, end, float(max(score, 1)))


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


def _extent(reading: Reading, taken: Mapping[tuple[int, int], str]) -> tuple[Spot, Spot]:
    """From the first row with one of its labels to the last with its numbers before its rows are
    printed again elsewhere."""
    used = sorted((at.number, row) for at, row in reading.used())
    number, row = used[0]
    lattices = {at.number: at for at, _ in reading.used()}
    lattice = lattices[number]
    before = [r for (n, r), key in taken.items() if n == number and r < row]
    first = row
    for at in range(row, max(before, default=-1), -1):
        if any(reading.words.find(c.text) for c in lattice.rows[at]):
            first = at
    strange = {n for (n, _), key in taken.items() if key != reading.table.key}
    end = used[0]
    for spot in used:
        between = range(end[0] + 1, spot[0])
        gap = lattices[spot[0]].block - lattices[end[0]].block
        if gap > BEHIND or any(n in strange for n in between):
            break
        end = spot
    return (number, first), (end[0], end[1] + 1)
