"""Tables from text that has lost its grid, by alignment with the form's own reading order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from auditor.binding.bound import BoundTable
from auditor.binding.chart import Options, chart_of
from auditor.binding.doubts import doubted
from auditor.binding.glued import unglued
from auditor.binding.lexicon import Lexicon, Sheet, lexicon_of
from auditor.binding.naming import Naming, name_runs
from auditor.binding.options import Fit, Option, survey
from auditor.binding.seats import Judge, Seat, opened, row_sums
from auditor.binding.stream import Stream, around, stream_of
from auditor.binding.written import Written, table_of
from auditor.form import Form
from auditor.model import Identity, Observation, Text
from auditor.text import compact

COVERED = 0.6
"""Share of a table's rows that must be found, or the table is not this one."""

LABELLED = 0.5
"""Share of a table's rows that must be found by their own labels."""

SIGNS = 2
"""Words of the table's frame that a table of few rows must show: its labels alone also occur
in narrative."""

MANY_ROWS = 12


def align(
    blocks: Sequence[Text], form: Form, identities: Sequence[Identity]
) -> tuple[BoundTable, ...]:
    """Bind the form's tables in lines of text; a cell that is not certain is open."""
    lexicon = lexicon_of(form)
    stream = stream_of(blocks, lexicon)
    if not stream.numbers:
        return ()
    reading = _Reading(stream, lexicon, identities)
    seats = reading.seats()
    repeated: frozenset[str] = frozenset()
    while second := reading.second_set():
        first = _Reading(_until(reading.stream, second), lexicon, identities)
        own = first.seats()
        if own.keys() != seats.keys():
            break
        repeated |= reading.again.keys()
        reading, seats, stream = first, own, first.stream
    written = Written(stream, reading.naming, lexicon, tuple(blocks))
    tables = []
    for sheet in lexicon.sheets:
        found = seats.get(sheet.key)
        if found:
            made = table_of(written, sheet, found, unglued(stream, found, identities))
            tables.append(_noted(made, sheet) if sheet.key in repeated else made)
    return tuple(tables)


def _until(stream: Stream, end: int) -> Stream:
    """The numbers before one of them."""
    return replace(
        stream,
        numbers=stream.numbers[:end],
        runs=stream.runs[:end],
        ends=tuple(min(stop, end) for stop in stream.ends[:end]),
        words=stream.words[:end],
    )


def _noted(table: BoundTable, sheet: Sheet) -> BoundTable:
    """The table with the remark that it stands in the document again."""
    note = Observation("table-repeated", sheet.form.number, path=sheet.key)
    return replace(table, observations=(*table.observations, note))


class _Reading:
    """One document read against one form."""

    def __init__(self, stream: Stream, lexicon: Lexicon, identities: Sequence[Identity]) -> None:
        self.stream = stream
        self.lexicon = lexicon
        self.naming: Mapping[int, Naming] = name_runs(stream, lexicon)
        self.options: Options = survey(stream, self.naming, lexicon)
        lines = {(line.table, line.index): line for line in lexicon.lines()}
        self.judge = Judge(stream, row_sums(lines, identities), lines)
        self.spans: dict[str, tuple[int, int]] = {}
        self.again: dict[str, tuple[int, int]] = {}

    def second_set(self) -> int:
        """The number with which the form's tables begin anew, behind all of them; 0 for none.

        A last table that is repeated right behind itself is none: which is meant nobody can tell.
        """
        keys = [sheet.key for sheet in self.lexicon.sheets if sheet.key in self.spans]
        if not self.again.keys() & set(keys[:-1]):
            return 0
        pairs = {key: sorted((self.spans[key], self.again[key])) for key in self.again}
        first = [pairs[key][0] if key in pairs else self.spans[key] for key in keys]
        begin = min(later for _, (later, _) in pairs.values())
        ordered = all(one[1] <= other[0] for one, other in pairwise(first))
        return begin if ordered and first[-1][1] <= begin else 0

    def seats(self) -> dict[str, tuple[Seat, ...]]:
        """The rows of every table that was found, by the table's key."""
        found = self._tables(self.lexicon.sheets, self.options)
        self.spans = {key: _span(seats) for key, seats in found.items()}
        used = {n for seats in found.values() for n in _taken(seats)}
        free = {key: _unused(options, used) for key, options in self.options.items()}
        for sheet in self.lexicon.sheets:
            again = self._tables((sheet,), free).get(sheet.key)
            if again and sheet.key in found:
                if _whole_row(again):
                    self.again[sheet.key] = _span(again)
                    found[sheet.key] = _agreed(found[sheet.key], again)
            elif again:
                found[sheet.key] = again
                used |= set(_taken(again))
                free = {key: _unused(options, used) for key, options in free.items()}
        return found

    def _tables(self, sheets: Sequence[Sheet], options: Options) -> dict[str, tuple[Seat, ...]]:
        chart = chart_of(sheets, self.stream, options)
        seats = self.judge.seats(sheets, chart)
        if any(_ambiguous(seat) for seat in seats.values()):
            again = chart_of(sheets, self.stream, self.judge.with_sums(options))
            asked = self.judge.seats(sheets, again)
            seats = {key: self.judge.helped(seat, asked[key]) for key, seat in seats.items()}
        found = {}
        for sheet in sheets:
            rows = tuple(seats[line.table, line.index] for line in sheet.lines)
            if self._is_table(sheet, rows):
                found[sheet.key] = rows
        return doubted(self.judge, self.naming, sheets, found)

    def _is_table(self, sheet: Sheet, seats: Sequence[Seat]) -> bool:
        """Whether enough of the table is there, and more than its labels."""
        rows = [seat for seat in seats if not seat.line.optional]
        placed, named = _reach(seats), _reach([s for s in seats if s.named])
        if len(placed) < COVERED * len(rows) or len(named) < LABELLED * len(rows):
            return False
        if len(named) >= MANY_ROWS:
            return True
        text = compact(around(self.stream, *_span(seats)))
        return sum(1 for sign in sheet.signs if sign in text) >= SIGNS


def _ambiguous(seat: Seat) -> bool:
    return seat.option is not None and seat.option.fit is Fit.FULL and None in seat.numbers


def _reach(seats: Sequence[Seat]) -> set[int]:
    """The rows that are placed; an undivided group stands for all its children."""
    rows: set[int] = set()
    for seat in seats:
        if seat.option is None:
            continue
        line = seat.line
        rows |= set(range(line.index + 1, line.follow)) if line.optional else {line.index}
    return rows


def _span(seats: Sequence[Seat]) -> tuple[int, int]:
    placed = [seat.option for seat in seats if seat.option]
    return min(o.begin for o in placed), max(o.end for o in placed)


def _taken(seats: Sequence[Seat]) -> set[int]:
    return {n for seat in seats if seat.option for n in range(seat.option.begin, seat.option.end)}


def _unused(options: Sequence[Option], used: set[int]) -> tuple[Option, ...]:
    return tuple(o for o in options if used.isdisjoint(range(o.begin, o.end)))


def _whole_row(seats: Sequence[Seat]) -> bool:
    """Whether a row has all its figures: a preface that names the table beside a date and a
    telephone number is no second table."""
    return any(seat.option and seat.option.fit is not Fit.PARTIAL for seat in seats)


def _agreed(seats: Sequence[Seat], again: Sequence[Seat]) -> tuple[Seat, ...]:
    """The document holds this table twice: only what both say stands."""
    return tuple(_both(one, other) for one, other in zip(seats, again, strict=True))


def _both(one: Seat, other: Seat) -> Seat:
    if other.option is None:
        return opened(one)
    numbers = tuple(
        a if a and b and (a.value, a.unit) == (b.value, b.unit) else None
        for a, b in zip(one.numbers, other.numbers, strict=True)
    )
    return replace(one, numbers=numbers, glued=False)
