"""Which cells stand: a value stands only if every alignment without it is clearly worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from auditor.binding.chart import NOWHERE, Chart, Options, Weighed
from auditor.binding.lexicon import Line, Sheet
from auditor.binding.naming import Key
from auditor.binding.options import NAMED, Fit, Option, fits
from auditor.binding.stream import Number, Stream
from auditor.model import Identity

MARGIN = 2.0
"""How much worse every other alignment must be for a cell to stand."""

SUM = 3.0
"""What it is worth that a row's own sums hold, where sums are asked at all."""

MOST_EXTRA = 3
"""Numbers too many in a run up to which its sums may choose."""

Printed = tuple[int | Decimal | None, str]


@dataclass(frozen=True, slots=True)
class Seat:
    """One row of the form in the document.

    `numbers` has one entry a slot: the number that stands there, or None where the slot is open.
    `leant` are the identities without which the row would be open.
    """

    line: Line
    option: Option | None
    numbers: tuple[Number | None, ...]
    glued: bool = False
    leant: tuple[Identity, ...] = ()

    @property
    def key(self) -> Key:
        """The row's table and index."""
        return self.line.table, self.line.index

    @property
    def named(self) -> bool:
        """Whether the document prints this row's label at its numbers."""
        return self.option is not None and self.option.named >= NAMED


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides rows from charts made without and with the rows' own sums."""

    stream: Stream
    sums: Mapping[Key, tuple[Identity, ...]]
    lines: Mapping[Key, Line]

    def seat(self, line: Line, weighed: Weighed) -> Seat:
        """What stands in a row."""
        best, score = max(weighed.options, key=lambda o: o[1], default=(None, NOWHERE))
        if best is None or score <= weighed.without:
            return Seat(line, None, (None,) * line.size)
        if best.fit is Fit.GLUED:
            others = [s for o, s in weighed.options if o is not best]
            sure = score - max([weighed.without, *others]) >= MARGIN
            return Seat(line, best, (None,) * line.size, glued=sure)
        numbers = tuple(self._slot(slot, weighed) for slot in range(line.size))
        return Seat(line, best, self._unshifted(best, numbers))

    def _unshifted(
        self, option: Option, numbers: tuple[Number | None, ...]
    ) -> tuple[Number | None, ...]:
        """In a run with a number too many any one may be the foreign one."""
        run = self._run(option)
        line = self.lines[option.key]
        if not line.size < len(run) <= line.size + MOST_EXTRA:
            return numbers
        allowed: list[set[int | Decimal | None]] = [set() for _ in range(line.size)]
        for chosen in combinations(run, line.size):
            values = [self.stream.numbers[i] for i in chosen]
            if all(fits(f, v) for f, v in zip(line.slots, values, strict=True)):
                for slot, number in zip(allowed, values, strict=True):
                    slot.add(number.value)
        return tuple(
            n if n and slot == {n.value} else None for n, slot in zip(numbers, allowed, strict=True)
        )

    def _run(self, option: Option) -> range:
        """The numbers between the words before and behind an option."""
        return range(self.stream.runs[option.begin], self.stream.ends[option.end - 1])

    def _slot(self, slot: int, weighed: Weighed) -> Number | None:
        """The number that stands in one slot."""
        scores: dict[Printed, tuple[float, Number]] = {}
        other = weighed.without
        for option, score in weighed.options:
            if option.fit is not Fit.FULL:
                other = max(other, score)
                continue
            number = self.stream.numbers[option.begin + slot]
            key = (number.value, number.unit)
            if key not in scores or score > scores[key][0]:
                scores[key] = (score, number)
        ranked = sorted(scores.values(), key=lambda entry: -entry[0])
        if not ranked:
            return None
        second = ranked[1][0] if len(ranked) > 1 else NOWHERE
        return ranked[0][1] if ranked[0][0] - max(second, other) >= MARGIN else None

    def helped(self, seat: Seat, again: Seat) -> Seat:
        """The row after its sums were asked: they may fill what was open, never overrule."""
        sums = self.sums.get((seat.line.table, seat.line.index), ())
        agrees = again.option is not None and again.option.fit is Fit.FULL
        if not sums or not agrees or again.option is None or not self.hold(sums, again.option):
            return self._contradicted(seat, again)
        allowed = self._allowed(sums, again.option)
        filled = tuple(
            a if s is None and a is not None and allowed[i] == {a.value} else s
            for i, (s, a) in enumerate(zip(seat.numbers, again.numbers, strict=True))
        )
        if filled == seat.numbers:
            return self._contradicted(seat, again)
        return replace(again, numbers=filled, leant=sums)

    def _allowed(self, sums: Sequence[Identity], option: Option) -> list[set[int | Decimal | None]]:
        """For each slot the values it has in any choice from the run for which the sums hold."""
        size = self.lines[option.key].size
        run = self._run(option)
        allowed: list[set[int | Decimal | None]] = [set() for _ in range(size)]
        if len(run) > size + MOST_EXTRA:
            return allowed
        for chosen in combinations(run, size):
            if self._sums_hold(sums, option.key, chosen):
                for slot, index in enumerate(chosen):
                    allowed[slot].add(self.stream.numbers[index].value)
        return allowed

    def _contradicted(self, seat: Seat, again: Seat) -> Seat:
        """A value that another one beats as soon as sums are asked does not stand."""
        numbers = tuple(
            None if s and a and (s.value, s.unit) != (a.value, a.unit) else s
            for s, a in zip(seat.numbers, again.numbers, strict=True)
        )
        return replace(seat, numbers=numbers)

    def hold(self, sums: Sequence[Identity], option: Option) -> bool:
        """Whether all sums inside a row hold for the numbers that an option gives it."""
        chosen = range(option.begin, option.end)
        return option.fit is Fit.FULL and self._sums_hold(sums, option.key, chosen)

    def holds_of(self, sums: Sequence[Identity], key: Key, several: Sequence[int]) -> bool:
        """Whether they hold for any choice from several numbers."""
        size = self.lines[key].size
        return any(self._sums_hold(sums, key, chosen) for chosen in combinations(several, size))

    def _sums_hold(self, sums: Sequence[Identity], key: Key, chosen: Sequence[int]) -> bool:
        return all(self._holds(identity, key, chosen) for identity in sums)

    def _holds(self, identity: Identity, key: Key, chosen: Sequence[int]) -> bool:
        total: int | Decimal = 0
        places = {f.path: chosen[i] for i, f in enumerate(self.lines[key].slots)}
        for path, coefficient in identity.terms:
            value = self.stream.numbers[places[path]].value
            if value is None:
                return False
            total += coefficient * value
        return total == 0

    def with_sums(self, options: Options) -> dict[Key, tuple[Option, ...]]:
        """The same options, better by the share of the row's own sums that hold."""
        return {key: tuple(self._favoured(o) for o in found) for key, found in options.items()}

    def _favoured(self, option: Option) -> Option:
        sums = self.sums.get(option.key, ())
        if not sums or option.fit is not Fit.FULL:
            return option
        chosen = range(option.begin, option.end)
        held = sum(self._holds(identity, option.key, chosen) for identity in sums)
        return replace(option, score=option.score + SUM * held / len(sums))

    def seats(self, sheets: Sequence[Sheet], chart: Chart) -> dict[Key, Seat]:
        """Every row of the given sheets."""
        return {
            (line.table, line.index): self.seat(line, chart.rows[line.table, line.index])
            for sheet in sheets
            for line in sheet.lines
        }


def row_sums(
    lines: Mapping[Key, Line], identities: Sequence[Identity]
) -> dict[Key, tuple[Identity, ...]]:
    """For each row the identities that speak of no other row."""
    home = {f.path: key for key, line in lines.items() for f in line.slots}
    found: dict[Key, list[Identity]] = {}
    for identity in identities:
        rows = {home.get(path) for path, _ in identity.terms}
        if len(rows) == 1 and (row := next(iter(rows))) is not None:
            found.setdefault(row, []).append(identity)
    return {key: tuple(sums) for key, sums in found.items()}


def missing(seats: Sequence[Seat]) -> list[Seat]:
    """Rows without a place that no undivided group stands for."""
    replaced = {
        i for s in seats if s.option and s.line.optional for i in range(s.line.index, s.line.follow)
    }
    return [
        s
        for s in seats
        if s.option is None and not s.line.optional and s.line.index not in replaced
    ]


def opened(seat: Seat) -> Seat:
    """The row with no cell that stands."""
    return replace(seat, numbers=(None,) * seat.line.size, glued=False, leant=())
