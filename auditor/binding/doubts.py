"""Rows that stand in the chart and are doubtful all the same, for what is left over near them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.binding.lexicon import Sheet
from auditor.binding.naming import TAIL, Key, Naming
from auditor.binding.options import NAMED, Fit, Option
from auditor.binding.seats import Judge, Seat, missing, opened
from auditor.binding.stream import Stream
from auditor.text import plain

_MOST_LEFT = 40  # figures behind a row that are looked at
_SCRAP = 6  # letters of a label's last line
_ROW = 3  # figures side by side that are no narrative


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
    displaced = _Displaced(judge.stream, naming, _taken(found))
    if any(map(displaced.leads, found.values())):
        return {key: tuple(map(opened, seats)) for key, seats in found.items()}
    return {
        key: tuple(opened(seat) if behind or seat.key in doubtful else seat for seat in seats)
        for key, seats in found.items()
        for behind in (displaced.follows(seats, judge),)
    }


def _taken(found: Mapping[str, tuple[Seat, ...]]) -> frozenset[int]:
    options = (seat.option for seats in found.values() for seat in seats if seat.option)
    return frozenset(n for o in options for n in range(o.begin, o.end))


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
        if self._parted(seat) or self._torn(index) or self._doubled(seat):
            return True
        if self._shed(index) or self._feeds(index):
            return True
        after, before = self._lost(index, 1), self._lost(index, -1)
        if not (after or before):
            return False
        if self._left_over(index) >= seat.line.size:
            return True
        return after and not _one_line(self.judge.stream, seat)

    def _strayed(self, index: int) -> bool:
        """Whether a row without a label, told by its place, has reason not to be there: its
        sums fail, or its neighbourhood holds numbers that no row took. With a label, both: its
        figures may have been too long for their cells."""
        seat = self.rows[index]
        if seat.option is None:
            return False
        sums = self.judge.sums.get(seat.option.key, ())
        fail = not self.judge.hold(sums, seat.option)
        if seat.named:
            beside = self._beside(seat.option)
            return bool(sums and fail and beside) or any(self._is_own(n, seat) for n in beside)
        return fail or self._left_over(index) > 0

    def _feeds(self, index: int) -> bool:
        """Whether the row behind has too many figures: its first may be pieces of this one's."""
        option = self.rows[index].option
        behind = next((k for k in range(index + 1, len(self.rows)) if self.rows[k].option), None)
        if option is None or behind is None or not self._shed(behind):
            return False
        follower = self.rows[behind].option
        return follower is not None and follower.begin == option.end

    def _shed(self, index: int) -> bool:
        """Whether pieces of its figures stand below a row: a line of figures that no row took,
        several of them or one with a leading zero, fewer than the row has, alone or directly
        below it with a scrap of a label."""
        option, stream = self.rows[index].option, self.judge.stream
        if option is None:
            return False
        size, last = self.rows[index].line.size, stream.numbers[option.end - 1].line
        placed = [row.option.begin for row in self.rows if row.option]
        stop = min((b for b in placed if b >= option.end), default=option.end)
        between = range(option.end, min(stop, option.end + _MOST_LEFT))
        if (
            len(between) > 1
            and len(between) % size
            and not any(_letters(stream, (n,)) for n in between)
        ):
            return True
        rest = between[:size]
        lines: dict[int, list[int]] = {}
        for n in rest:
            lines.setdefault(stream.numbers[n].line, []).append(n)
        return any(
            len(several) < size
            and (len(several) > 1 or stream.numbers[several[0]].several)
            and not any(stream.numbers[n].loose or stream.numbers[n].unit for n in several)
            and _letters(stream, several) <= (_SCRAP if line == last + 1 else 0)
            for line, several in lines.items()
            if line > last
        )

    def _parted(self, seat: Seat) -> bool:
        """Whether a row over several lines fails its sums, which hold with the figure behind it
        instead of any of its own: a page number or a note stands among them."""
        option = seat.option
        assert option is not None
        sums = self.judge.sums.get(option.key, ())
        numbers = self.judge.stream.numbers
        if not sums or option.fit is not Fit.FULL or self.judge.hold(sums, option):
            return False
        if option.end == len(numbers) or self._is_taken(option.end):
            return False
        if numbers[option.begin].line == numbers[option.end].line:
            return False
        return self.judge.holds_of(sums, option.key, range(option.begin, option.end + 1))

    def _beside(self, option: Option) -> list[int]:
        """Figures on the line above or below that no row took, if they are no whole row."""
        numbers, size = self.judge.stream.numbers, option.end - option.begin
        near = range(max(0, option.begin - 2 * size), min(len(numbers), option.end + 2 * size))
        found: list[int] = []
        for line in (numbers[option.begin].line - 1, numbers[option.end - 1].line + 1):
            lone = (n for n in near if not (numbers[n].loose or numbers[n].unit))
            there = [n for n in lone if numbers[n].line == line]
            if len(there) < max(size, 2) and not any(map(self._is_taken, there)):
                found += there
        return found

    def _is_own(self, number: int, seat: Seat) -> bool:
        """Whether a piece of a row's label stands on the line of a figure."""
        text, at = self.judge.stream.flow.text, self.judge.stream.numbers[number].begin
        line = text[text.rfind("\n", 0, at) + 1 : at]
        pieces = [plain(piece) for piece in line.split("  ")]
        return any(len(p) > 1 and any(p in s for s in seat.line.spellings) for p in pieces)

    def _torn(self, index: int) -> bool:
        """Whether figures that no row took stand alone on the line below a row: its own may have
        been too long for one line. A single one is a page number where the row's sums hold."""
        seat, stream = self.rows[index], self.judge.stream
        option = seat.option
        assert option is not None
        end = option.end
        if end >= len(stream.numbers) or self._is_taken(end):
            return False
        if stream.words[end]:
            return self._goes_on(seat, end)
        line, last = stream.numbers[end].line, stream.numbers[end - 1].line
        alone = end + 1 == len(stream.numbers) or stream.numbers[end + 1].line != line
        sums = self.judge.sums.get(option.key, ())
        return not ((alone or line == last) and sums and self.judge.hold(sums, option))

    def _doubled(self, seat: Seat) -> bool:
        """Whether a whole row's figures that no row took follow behind the last letters of this
        row's label: its own may be those, and these the ones of the row before."""
        stream, option = self.judge.stream, seat.option
        assert option is not None
        end = option.end
        if end >= len(stream.numbers) or self._is_taken(end):
            return False
        if stream.ends[end] - end < seat.line.size:
            return False
        begin, stop = stream.before(end)
        words = plain(stream.flow.text[begin:stop])[-_SCRAP:]
        return len(words) >= _SCRAP and any(s.endswith(words) for s in seat.line.spellings)

    def _goes_on(self, seat: Seat, start: int) -> bool:
        """Whether figures that no row took stand on the next line behind a piece of this row's
        label: label and figures were both too long for their cells."""
        names, numbers = self.naming[start], self.judge.stream.numbers
        if names.stranger or (names.most >= NAMED and names.best != seat.key):
            return False
        if numbers[start].loose or numbers[start].unit:  # words follow it, as in a heading
            return False
        count = self.judge.stream.ends[start] - start
        return numbers[start].line == numbers[start - 1].line + 1 and count <= 2 * seat.line.size

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


def _letters(stream: Stream, several: Sequence[int]) -> int:
    """How many letters stand on the line of some figures."""
    text = stream.flow.text
    begin, end = stream.numbers[several[0]].begin, stream.numbers[several[-1]].end
    stop = text.find("\n", end)
    line = text[text.rfind("\n", 0, begin) + 1 : stop if stop >= 0 else len(text)]
    return sum(c.isalpha() for c in line)


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


@dataclass(frozen=True, slots=True)
class _Displaced:
    """Figures that are printed before their own labels, or behind those of the next row.

    Each row then has its neighbour's figures, for which all sums of the row hold; what tells is
    a whole row of figures, one below the other, that no row took.
    """

    stream: Stream
    naming: Mapping[int, Naming]
    taken: frozenset[int]

    def leads(self, seats: Sequence[Seat]) -> bool:
        """Whether such a row stands before the label of the first row, or behind the figures of
        one that has its label in line."""
        first, size = seats[0].option, max(seats[0].line.size, _ROW)
        start = self.stream.runs[first.begin] if first is not None else 0
        if start and self.stream.words[start] <= TAIL:
            before = self.stream.runs[start - 1]
            if self.naming[before].most < NAMED and self._left(before) >= size:
                return True
        inline = (s for s in seats if s.option and _one_line(self.stream, s))
        return any(map(self._follow, inline))

    def follows(self, seats: Sequence[Seat], judge: Judge) -> bool:
        """Whether such a row stands behind any row of a table. Behind one whose sums fail those
        may be pieces of its own figures, unless they are many."""
        for seat in seats:
            if seat.option and self._follow(seat):
                sums = judge.sums.get(seat.key, ())
                left = self._left(self.stream.runs[seat.option.end - 1])
                if judge.hold(sums, seat.option) or left >= 2 * seat.line.size:
                    return True
        return False

    def _follow(self, seat: Seat) -> bool:
        """Whether a whole row's figures follow in the lines below."""
        assert seat.option is not None
        end = seat.option.end
        stop = self.stream.ends[end - 1]
        lines = {n.line for n in self.stream.numbers[end:stop]}
        return len(lines) >= _ROW and self._left(self.stream.runs[end - 1]) >= seat.line.size

    def _left(self, start: int) -> int:
        """How many figures of a run no row took; those that count columns are none."""
        run = range(start, self.stream.ends[start])
        left = [self.stream.numbers[n].value for n in run if n not in self.taken]
        return 0 if left == list(range(1, len(left) + 1)) else len(left)
