"""Ways to lay a row of the form over numbers of the text, with what speaks for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property

from auditor.binding.lexicon import Lexicon, Line
from auditor.binding.naming import Key, Naming
from auditor.binding.stream import Number, Stream
from auditor.form import Field

LABEL = 6.0
NUMBER = 1.0
BLANK = 0.6
WHOLE_RUN = 1.5
WHOLE_LINE = 1.0
CUT_LINE = 3.0
STRADDLE = 3.0
LOOSE = 1.5
APART = 0.3
FAR = 1.2
UNNAMED = 1.0
UNDIVIDED = 0.5
VETO = 0.15
NAMED = 0.6
"""Trust from which a text is said to name a row."""

CLEAR = 0.8
"""Trust from which a row's label directly before numbers excludes a table without labels."""

REACH = 3
"""Numbers too many behind a label over which it still names a row of fewer numbers."""

FRAGMENT = 6
"""Letters inside a row that may be a displaced piece of a label."""

UNNAMED_SIZE = 5
"""A row with fewer numbers cannot be told without its label."""


class Fit(Enum):
    """What an option lays over the row: its numbers, too few of them, or glued figures."""

    FULL = "full"
    PARTIAL = "partial"
    GLUED = "glued"


@dataclass(frozen=True, slots=True)
class Option:
    """Numbers begin..end (exclusive) as the row at `key`; `named` is the trust in its label."""

    key: Key
    begin: int
    end: int
    fit: Fit
    score: float
    named: float


class Surveyor:
    """Finds the options of one stream; geometry is shared between rows of one size."""

    def __init__(
        self, stream: Stream, naming: Mapping[int, Naming], sizes: Mapping[Key, int]
    ) -> None:
        self.stream = stream
        self.naming = naming
        self.sizes = sizes
        self._windows: dict[tuple[int, int], float | None] = {}
        self._owners: dict[tuple[int, int], Key] = {}

    @cached_property
    def names_row(self) -> tuple[bool, ...]:
        """For each number, whether the text directly before it names some row."""
        runs, naming = self.stream.runs, self.naming
        return tuple(run == i and naming[run].most >= NAMED for i, run in enumerate(runs))

    def options(self, line: Line) -> Iterator[Option]:
        """All options of one row."""
        for begin in range(len(self.stream.numbers)):
            start = self.stream.runs[begin]
            naming = self.naming[start]
            named = self._named(line, naming, begin - start)
            if named is None:
                continue
            full = self._full(line, begin, named)
            if full:
                yield full
            if begin == start and named >= NAMED:
                yield from self._rest(line, begin, named)

    def _named(self, line: Line, naming: Naming, away: int) -> float | None:
        """The trust in the row's label; None where the text names another row instead."""
        key = (line.table, line.index)
        own = naming.trust(key) if away < max(line.size, REACH) else 0.0
        best = naming.row if line.across else naming.best
        most = naming.trust(best) if best else 0.0
        least = CLEAR if line.across else max(own + VETO, NAMED)
        if best and best != key and most >= least and away < self.sizes[best]:
            return None
        return own if own >= NAMED or self._nameless(line, naming, away) else None

    def _nameless(self, line: Line, naming: Naming, away: int) -> bool:
        """Whether a row may be told by its place alone: a long one with no other label."""
        if line.optional or line.across or line.size < UNNAMED_SIZE:
            return False
        return away > 0 or not naming.stranger

    def _full(self, line: Line, begin: int, named: float) -> Option | None:
        end = begin + line.size
        run = self.stream.ends[begin] - self.stream.runs[begin]
        if line.across and run > line.size + REACH:
            return None
        if end > len(self.stream.numbers) or not self._fits(line, begin):
            return None
        window = self.window(begin, end)
        if self._owners.get((begin, end), (line.table, line.index)) != (line.table, line.index):
            return None
        if window is None or (named < NAMED and self._joined(begin) + self._joined(end)):
            return None
        away = begin - self.stream.runs[begin]
        score = window + self._label(line, named, away)
        return Option((line.table, line.index), begin, end, Fit.FULL, score, named)

    def _label(self, line: Line, named: float, away: int) -> float:
        if named >= NAMED:
            apart = min(APART * away, FAR)
            return LABEL * named - apart - (UNDIVIDED if line.optional else 0.0)
        return -UNNAMED

    def _fits(self, line: Line, begin: int) -> bool:
        numbers = self.stream.numbers
        return all(fits(f, numbers[begin + i]) for i, f in enumerate(line.slots))

    def window(self, begin: int, end: int) -> float | None:
        """What geometry says for neighbouring numbers; None where they cannot be one row."""
        key = (begin, end)
        if key not in self._windows:
            self._windows[key] = self._window(begin, end)
        return self._windows[key]

    def _window(self, begin: int, end: int) -> float | None:
        stream, score = self.stream, 0.0
        if stream.runs[end - 1] > begin and not self._whole(begin, end):
            return None
        if self._spills(begin, end):
            return None
        for i in range(begin, end):
            score += NUMBER if stream.numbers[i].value is not None else BLANK
            if i > begin and stream.words[i]:
                owner = self._torn(begin, i) if self.names_row[i] else None
                if owner is None and (self.names_row[i] or stream.words[i] > FRAGMENT):
                    return None
                if owner is not None:
                    self._owners[begin, end] = owner
                score -= STRADDLE
            if stream.numbers[i].loose:
                score -= LOOSE if i == end - 1 and end - begin > 1 else STRADDLE
        whole = stream.runs[end - 1] == begin and stream.ends[begin] == end
        return score + (WHOLE_RUN if whole else 0.0) + self._line(begin, end)

    def _torn(self, begin: int, at: int) -> Key | None:
        """The row whose own label goes on on the next line, amid its figures; None of others."""
        names = self.naming[at]
        name = names.names.get(names.best) if names.best is not None else None
        if name is None or name.trust >= CLEAR or names.best != self.naming[begin].best:
            return None
        numbers = self.stream.numbers
        return names.best if numbers[at].line == numbers[at - 1].line + 1 else None

    def _spills(self, begin: int, end: int) -> bool:
        """Whether most numbers are on one line and the last few on another: they are none of
        this row's, but page numbers or the like."""
        lines = [number.line for number in self.stream.numbers[begin:end]]
        size = end - begin
        most = max(lines.count(line) for line in {lines[0], lines[-1]})
        return size > 2 and max(2, size - 2) <= most < size

    def _whole(self, begin: int, end: int) -> bool:
        """Whether only whole runs are taken: a row broken by words does not also cut a run."""
        return self.stream.runs[begin] == begin and self.stream.ends[end - 1] == end

    def _line(self, begin: int, end: int) -> float:
        """Numbers that fill a line are a row; numbers cut out of a line hardly are."""
        numbers = self.stream.numbers
        cut = self._joined(begin) + self._joined(end)
        if not cut and end - begin > 1 and numbers[begin].line == numbers[end - 1].line:
            return WHOLE_LINE
        return -CUT_LINE * cut

    def _joined(self, index: int) -> int:
        """Whether a number and the one before it share a line without a word between."""
        if not 0 < index < len(self.stream.numbers) or self.stream.words[index]:
            return 0
        return int(self.stream.numbers[index].line == self.stream.numbers[index - 1].line)

    def _rest(self, line: Line, begin: int, named: float) -> Iterator[Option]:
        """The run is shorter than the row: glued figures, or some are missing."""
        end = self.stream.ends[begin]
        pieces = self.stream.numbers[begin:end]
        short = len(pieces) < line.size
        if not short and not any(p.several for p in pieces):
            return
        key = (line.table, line.index)
        digits = sum(p.digits for p in pieces)
        if digits >= line.size and _together(pieces) and line.size > 1:
            score = LABEL * named + NUMBER * line.size + WHOLE_RUN
            yield Option(key, begin, end, Fit.GLUED, score, named)
        elif short:
            score = LABEL * named * 0.8 + 0.3 * len(pieces)
            yield Option(key, begin, end, Fit.PARTIAL, score, named)


def _together(pieces: tuple[Number, ...]) -> bool:
    return all(p.cell == pieces[0].cell and p.value is not None for p in pieces)


def fits(field: Field, number: Number) -> bool:
    """Whether a printed number can be the value of this cell."""
    if number.several or number.marked:
        return False
    if number.value is None:
        return True
    if isinstance(number.value, Decimal) and field.kind != "amount":
        return False
    return number.value >= 0 or field.kind == "change"


def survey(
    stream: Stream, naming: Mapping[int, Naming], lexicon: Lexicon
) -> dict[Key, tuple[Option, ...]]:
    """Every option of every row."""
    sizes = {(line.table, line.index): line.size for line in lexicon.lines()}
    surveyor = Surveyor(stream, naming, sizes)
    return {(line.table, line.index): tuple(surveyor.options(line)) for line in lexicon.lines()}
