"""Rows that were placed become a bound table: cells with their places, and what was noticed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.binding.bound import BoundCell, BoundTable, Position, State
from auditor.binding.chart import SKIP_NUMBER, SKIP_ROW
from auditor.binding.lexicon import Lexicon, Line, Sheet
from auditor.binding.naming import Name, Naming
from auditor.binding.options import Fit, Option
from auditor.binding.seats import Seat, missing
from auditor.binding.stream import Number, Stream, around
from auditor.form import Field
from auditor.model import Identity, Location, Observation, Text
from auditor.text import compact, plain

_TORN = re.compile(r"^[一二三四五六七八九十0-9]{1,2}[)）、.．]")
SIGN = 1.5
"""What a word of a table's frame is worth, for or against an edition of the form."""

Split = Mapping[str, tuple[int, tuple[Identity, ...]]]
"""Values that glued figures were split into, with the identities that chose them."""


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it was read, for looking up what is printed where."""

    stream: Stream
    naming: Mapping[int, Naming]
    lexicon: Lexicon
    blocks: tuple[Text, ...]

    def location(self, begin: int, end: int, label: str) -> Location:
        """The place of a stretch of text, for people and machines."""
        first, last = self.stream.flow.place(begin), self.stream.flow.place(end)
        stop = last.offset if last.block == first.block else len(self.blocks[first.block].text)
        own = self.blocks[first.block].location
        return own._replace(label=label, span=(first.offset, stop))

    def text(self, begin: int, end: int) -> str:
        """What is printed from one number to another, both included."""
        numbers = self.stream.numbers
        return self.stream.flow.printed(numbers[begin].begin, numbers[end - 1].end)

    def around(self, first: int, last: int) -> str:
        """The text of a table from its frame to its last number."""
        return around(self.stream, first, last)

    def name(self, seat: Seat) -> Name | None:
        """The label that the document prints for a row, where it stands at the numbers."""
        if seat.option is None or not seat.named:
            return None
        start = self.stream.runs[seat.option.begin]
        return self.naming[start].names.get(seat.option.key)


def table_of(written: Written, sheet: Sheet, seats: Sequence[Seat], split: Split) -> BoundTable:
    """A table with its cells and observations."""
    cells = {
        cell.path: cell for seat in seats for cell in _cells(written, sheet, seat, seats, split)
    }
    noticed = tuple(_noticed(written, sheet, seats, cells))
    begin, end = _borders(written, sheet, seats)
    return BoundTable(sheet.key, cells, noticed, begin, end, _score(written, sheet, seats))


def _score(written: Written, sheet: Sheet, seats: Sequence[Seat]) -> float:
    """What speaks for the table, less rows and numbers that were left over."""
    placed = [seat.option for seat in seats if seat.option]
    absent = missing(seats)
    used = sum(o.end - o.begin for o in placed)
    first, last = min(o.begin for o in placed), max(o.end for o in placed)
    left = SKIP_ROW * len(absent) + SKIP_NUMBER * max(0, last - first - used)
    text = compact(written.around(first, last))
    shown = sum(1 if sign in text else -1 for sign in sheet.signs)
    return round(sum(_worth(o) for o in placed) - left + SIGN * shown, 3)


def _worth(option: Option) -> float:
    """A row that does not fit its numbers hardly speaks for a form."""
    return option.score if option.fit is Fit.FULL else option.score / 2 - SKIP_ROW


def _cells(
    written: Written, sheet: Sheet, seat: Seat, seats: Sequence[Seat], split: Split
) -> Iterator[BoundCell]:
    if seat.option is None:
        if seat in missing(seats) and _printed_somewhere(written, seat.line, seats):
            for field in seat.line.slots:
                yield BoundCell(field.path, State.OPEN)
        return
    for slot, field in enumerate(seat.line.slots):
        number = seat.numbers[slot]
        if number is not None:
            yield _standing(written, seat, field, number)
        elif field.path in split:
            yield _split(written, seat, field, split)
        else:
            yield _open(written, seat, slot, field)


def _standing(written: Written, seat: Seat, field: Field, number: Number) -> BoundCell:
    text = written.stream.flow.printed(number.begin, number.end)
    location = written.location(number.begin, number.end, field.label)
    value = number.value
    if value is None:
        return BoundCell(field.path, State.BLANK, None, text, location)
    if not _unit_fits(field, number.unit):
        return BoundCell(field.path, State.OPEN, None, text, location)
    if field.kind == "amount":
        value = Decimal(value)
    state = State.INFERRED if seat.leant else State.READ
    return BoundCell(field.path, state, value, text, location, _rules(seat.leant))


def _unit_fits(field: Field, unit: str) -> bool:
    """An amount keeps its unit; a count may have any word but a multiplier behind it."""
    if not unit:
        return True
    if field.unit:
        return field.unit.startswith(unit)
    return unit[0] not in "十百千万亿"


def _rules(identities: Sequence[Identity]) -> tuple[str, ...]:
    return tuple(f"{identity.rule}@{identity.where}" for identity in identities)


def _split(written: Written, seat: Seat, field: Field, split: Split) -> BoundCell:
    assert seat.option is not None
    value, leant = split[field.path]
    numbers = written.stream.numbers
    begin, end = numbers[seat.option.begin].begin, numbers[seat.option.end - 1].end
    return BoundCell(
        field.path,
        State.INFERRED if leant else State.READ,
        Decimal(value) if field.kind == "amount" else value,
        written.text(seat.option.begin, seat.option.end),
        written.location(begin, end, field.label),
        _rules(leant),
    )


def _open(written: Written, seat: Seat, slot: int, field: Field) -> BoundCell:
    option = seat.option
    assert option is not None
    first, last = option.begin, option.end
    if option.fit is Fit.FULL:
        first, last = option.begin + slot, option.begin + slot + 1
    numbers = written.stream.numbers
    location = written.location(numbers[first].begin, numbers[last - 1].end, field.label)
    return BoundCell(field.path, State.OPEN, None, written.text(first, last), location)


def _printed_somewhere(written: Written, line: Line, seats: Sequence[Seat]) -> bool:
    """Whether the row's label stands between its neighbours' numbers, only without figures."""
    before = [s.option.end for s in seats[: line.index] if s.option]
    after = [s.option.begin for s in seats[line.index + 1 :] if s.option]
    numbers = written.stream.numbers
    begin = numbers[max(before) - 1].end if before else 0
    end = numbers[min(after)].begin if after else len(written.stream.flow.text)
    words = plain(written.stream.flow.text[begin:end][-2000:])
    return any(s in words for s in line.spellings if len(s) > 2)


def _borders(
    written: Written, sheet: Sheet, seats: Sequence[Seat]
) -> tuple[Position | None, Position | None]:
    """Where the table's frame starts, behind its heading, and where its last number ends."""
    stream = written.stream
    placed = [seat.option for seat in seats if seat.option]
    first, last = min(o.begin for o in placed), max(o.end for o in placed)
    start = stream.runs[first]
    begin, end = stream.before(start)
    begin = _behind_heading(stream.flow.text, max(begin, end - 1500), end, sheet)
    words = [s for s in sheet.signs if len(s) > 3]
    words += [s for seat in seats[:1] for s in seat.line.spellings]
    at = [_find(stream.flow.text, word, begin, end) for word in words]
    named = [n.begin for seat in seats if (n := written.name(seat)) and n.begin >= begin]
    starts = [i for i in at if i >= 0] + named[:1]
    opening = min(starts, default=stream.numbers[first].begin)
    return stream.flow.place(opening), stream.flow.place(stream.numbers[last - 1].end)


def _find(text: str, word: str, begin: int, end: int) -> int:
    return text.find(word, begin, end)


def _behind_heading(text: str, begin: int, end: int, sheet: Sheet) -> int:
    found = [text.rfind(word, begin, end) + len(word) for word in _headings(sheet)]
    return max([begin, *(i for i, w in zip(found, _headings(sheet), strict=True) if i >= len(w))])


def _headings(sheet: Sheet) -> list[str]:
    heading = sheet.form.heading
    return list(dict.fromkeys([compact(heading.text), *heading.spellings]))


def _noticed(
    written: Written, sheet: Sheet, seats: Sequence[Seat], cells: Mapping[str, BoundCell]
) -> Iterator[Observation]:
    absent = missing(seats)
    for seat in seats:
        if seat in absent and seat.line.slots[0].path not in cells:
            yield Observation("row-unread", seat.line.label, path=seat.line.path)
        if seat.option is None:
            continue
        yield from _label_noticed(written, seat)
        yield from _numbers_noticed(written, seat)
    yield from _extra_rows(written, sheet, seats)


def _label_noticed(written: Written, seat: Seat) -> Iterator[Observation]:
    name = written.name(seat)
    if seat.line.across or name is None:
        return
    if seat.line.optional:
        group = seat.line.path.rpartition(".")[0]
        yield Observation(
            "group-undivided",
            seat.line.label,
            written.location(name.begin, name.end, seat.line.label),
            written.stream.flow.printed(name.begin, name.end),
            group,
        )
    printed = written.stream.flow.printed(name.begin, name.end)
    if name.whole and not name.exact and name.trust >= 0.75 and not _is_piece(printed, seat.line):
        place = written.location(name.begin, name.end, seat.line.label)
        yield Observation("label-changed", seat.line.label, place, printed, seat.line.path)


def _is_piece(printed: str, line: Line) -> bool:
    """Whether a label was torn, not changed: lines wrap where a cell ended, and pieces of the
    cell beside it stand before and between."""
    words = _TORN.sub("", printed.strip()).split()
    ends = (plain("".join(words[at:])) for at in range(len(words)))
    return "\n" in printed or any(bare and bare in s for bare in ends for s in line.spellings)


def _numbers_noticed(written: Written, seat: Seat) -> Iterator[Observation]:
    for field, number in zip(seat.line.slots, seat.numbers, strict=True):
        if number is None:
            continue
        location = written.location(number.begin, number.end, field.label)
        printed = written.stream.flow.printed(number.begin, number.end)
        if number.unit:
            yield Observation("unit-in-cell", field.label, location, printed, field.path)
        if number.note:
            yield Observation("note-in-cell", field.label, location, number.note, field.path)
        if number.normalised:
            yield Observation("digits-normalised", field.label, location, printed, field.path)


def _extra_rows(written: Written, sheet: Sheet, seats: Sequence[Seat]) -> Iterator[Observation]:
    """Labelled runs of as many numbers as the table's rows have, which no row took."""
    stream = written.stream
    placed = [seat.option for seat in seats if seat.option]
    taken = {n for o in placed for n in range(o.begin, o.end)}
    first, last = min(o.begin for o in placed), max(o.end for o in placed)
    sizes = {line.size for line in sheet.lines}
    for start in dict.fromkeys(stream.runs[first:last]):
        run = range(start, stream.ends[start])
        if start <= first or len(run) not in sizes or not taken.isdisjoint(run):
            continue
        if not written.naming[start].stranger:
            continue
        yield _extra_row(written, sheet, start)


def _extra_row(written: Written, sheet: Sheet, start: int) -> Observation:
    begin, end = written.stream.before(start)
    text = written.stream.flow.text[begin:end]
    label = text.rstrip("| \t\n").split("|")[-1].strip().split("\n")[-1].strip()
    at = text.rfind(label) + begin if label else end
    printed = written.stream.flow.printed(at, at + len(label))
    words = f"{sheet.form.number} · {printed}"
    return Observation(
        "row-extra", words, written.location(at, at + len(label), words), printed, sheet.key
    )
