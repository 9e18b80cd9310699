"""Rows that stand in the chart and are doubtful all the same, for what is left over near them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.binding.lexicon import Sheet
from auditor.binding.naming import Key, Naming
from auditor.binding.options import Fit
from auditor.binding.seats import Judge, Seat, missing, opened
from auditor.binding.stream import Stream


def doubted(
    judge: Judge,
    naming: Mapping[int, Naming],
    sheets: Sequence[Sheet],
    found: Mapping[str, tuple[Seat, ...]],
) -> dict[str, tuple[Seat, ...]]:
    """Open the rows that may hold what a missing neighbour has lost, or that look shifted."""
    every = [seat for sheet in sheets for seat in _seats(sheet, found)]
    gone = {seat.key for sheet in sheets for seat in missing(_seats(sheet, found))}
    rows = tuple(seat for seat in every if not seat.line.optional or seat.option)
    glued = frozenset(seat.line.table for seat in every if seat.glued)
    doubts = _Doubts(judge, naming, rows, frozenset(gone), glued)
    doubtful = {s.key for i, s in enumerate(rows) if s.option and doubts.about(i)}
    return {
        key: tuple(opened(seat) if seat.key in doubtful else seat for seat in seats)
        for key, seats in found.items()
    }


def _seats(sheet: Sheet, found: Mapping[str, tuple[Seat, ...]]) -> tuple[Seat, ...]:
    """A table's rows; all missing where the table was not found."""
    if sheet.key in found:
        return found[sheet.key]
    return tuple(Seat(line, None, (None,) * line.size) for line in sheet.lines)


@dataclass(frozen=True, slots=True)
class _Doubts:
    """All rows in the form's order, with the missing ones and the tables with glued figures."""

    judge: Judge
    naming: Mapping[int, Naming]
    rows: tuple[Seat, ...]
    gone: frozenset[Key]
    glued: frozenset[int]

    def about(self, index: int) -> bool:
        """Whether a row is doubtful."""
        seat = self.rows[index]
        if _shifted(self.judge, seat) or self._broken(seat) or self._strayed(index):
            return True
        if self._torn(index):
            return True
        after, before = self._lost(index, 1), self._lost(index, -1)
        if not (after or before):
            return False
        if self._left_over(index) >= seat.line.size:
            return True
        return after and not _one_line(self.judge.stream, seat)

    def _strayed(self, index: int) -> bool:
        """Whether a row without a label, told by its place, has reason not to be there: its
        sums fail, or its neighbourhood holds numbers that no row took."""
        seat = self.rows[index]
        if seat.named or seat.option is None:
            return False
        sums = self.judge.sums.get(seat.option.key, ())
        return not self.judge.hold(sums, seat.option) or self._left_over(index) > 0

    def _torn(self, index: int) -> bool:
        """Whether figures that no row took stand alone on the line below a row: its own may have
        been too long for one line. A single one is a page number where the row's sums hold."""
        seat, stream = self.rows[index], self.judge.stream
        option = seat.option
        assert option is not None
        end = option.end
        if end >= len(stream.numbers) or stream.words[end] or self._is_taken(end):
            return False
        if stream.numbers[end].line == stream.numbers[end - 1].line:
            return False
        line = stream.numbers[end].line
        alone = end + 1 == len(stream.numbers) or stream.numbers[end + 1].line != line
        sums = self.judge.sums.get(option.key, ())
        return not (alone and sums and self.judge.hold(sums, option))

    def _is_taken(self, number: int) -> bool:
        return any(r.option and r.option.begin <= number < r.option.end for r in self.rows)

    def _broken(self, seat: Seat) -> bool:
        """Where blanks between figures are lost, as many figures as slots may be chance: then
        the row's sums must hold."""
        option = seat.option
        if option is None or option.fit is not Fit.FULL or seat.line.table not in self.glued:
            return False
        numbers = self.judge.stream.numbers[option.begin : option.end]
        sums = self.judge.sums.get(option.key, ())
        more = sum(number.digits for number in numbers) > seat.line.size
        return more and bool(sums) and not self.judge.hold(sums, option)

    def _lost(self, index: int, step: int) -> bool:
        """Whether the neighbouring row is missing, so that lost lines can have made this row
        from the head of one and the tail of another.

        A table that is not there at all has left nothing, unless numbers go on behind the row.
        """
        if not 0 <= index + step < len(self.rows):
            return False
        seat, other = self.rows[index], self.rows[index + step]
        if other.key not in self.gone:
            return False
        if other.line.table == seat.line.table or self._found(other.line.table):
            return True
        assert seat.option is not None
        last = seat.option.end
        return step > 0 and self.judge.stream.ends[last - 1] > last

    def _found(self, table: int) -> bool:
        return any(seat.option for seat in self.rows if seat.line.table == table)

    def _left_over(self, index: int) -> int:
        """The most numbers that no row took, directly before or behind this row.

        Numbers with a label of something else are none of the form's.
        """
        option, stream = self.rows[index].option, self.judge.stream
        assert option is not None
        placed = [row.option for row in self.rows if row.option]
        ahead = max((o.end for o in placed if o.end <= option.begin), default=-1)
        behind = min((o.begin for o in placed if o.begin >= option.end), default=-1)
        if ahead < 0:
            ahead = stream.runs[option.begin]
        if behind < 0:
            behind = stream.ends[option.end - 1]
        stretches = (range(ahead, option.begin), range(option.end, behind))
        return max(sum(not self.naming[stream.runs[i]].stranger for i in s) for s in stretches)


def _shifted(judge: Judge, seat: Seat) -> bool:
    """Whether a row over several lines looks like one with a blank and a page number.

    Its sums fail, yet hold for all numbers but the first or the last, whichever cell is blank.
    """
    option = seat.option
    if option is None or option.fit is not Fit.FULL or _one_line(judge.stream, seat):
        return False
    sums = judge.sums.get(option.key, ())
    if len(sums) != 1 or judge.hold(sums, option):
        return False
    values = [n.value for n in judge.stream.numbers[option.begin : option.end]]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return False
    weights = dict(sums[0].terms)
    signs = [weights.get(f.path, 0) for f in seat.line.slots]
    return any(_holds_with_a_blank(rest, signs) for rest in (known[:-1], known[1:]))


def _holds_with_a_blank(values: Sequence[int | Decimal], signs: Sequence[int]) -> bool:
    return any(
        sum(v * s for v, s in zip([*values[:at], 0, *values[at:]], signs, strict=True)) == 0
        for at in range(len(signs))
    )


def _one_line(stream: Stream, seat: Seat) -> bool:
    """Whether a row has a line to itself, with some of its label."""
    assert seat.option is not None
    begin, end = seat.option.begin, seat.option.end
    line = stream.numbers[begin].line
    around = stream.numbers[max(0, begin - 1) : begin] + stream.numbers[end : end + 1]
    if stream.numbers[end - 1].line != line or any(n.line == line for n in around):
        return False
    text, at = stream.flow.text, stream.numbers[begin].begin
    return any(c.isalpha() for c in text[text.rfind("\n", 0, at) + 1 : at])
