"""Figures that ran together: 713000074 for seven slots, split where only one way is possible.

A run with as many digits as slots splits in one way. A longer one is split only if the sums of
its own row leave one way, or the sums over other rows do, and if a sum over other rows confirms
it: digits that nothing confirms stay open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.binding.lexicon import Line
from auditor.binding.options import Fit
from auditor.binding.seats import Seat
from auditor.binding.stream import Number, Stream
from auditor.form import Field
from auditor.model import Identity

MOST_DIGITS_OVER = 16
"""Digits beyond one a slot that a run may have."""

MOST_SPLITS = 4000
"""Ways to split one run that are looked at."""

MOST_SUMS = 20_000
"""Different sums over other rows that are looked at."""

Values = tuple[int, ...]
Split = dict[str, tuple[int, tuple[Identity, ...]]]


@dataclass(frozen=True, slots=True)
class Run:
    """Glued figures of one row: the pieces between blanks, and every split its sums allow."""

    line: Line
    pieces: tuple[str, ...]
    own: tuple[Identity, ...]
    ways: tuple[Values, ...]
    leant: tuple[Identity, ...] = ()

    @property
    def digits(self) -> str:
        """All digits in a row."""
        return "".join(self.pieces)

    @property
    def forced(self) -> bool:
        """Whether there are as many digits as slots."""
        return len(self.digits) == self.line.size

    @property
    def values(self) -> dict[str, int]:
        """The values by path where one way is left."""
        return dict(zip(self.paths, self.ways[0], strict=True)) if len(self.ways) == 1 else {}

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of its slots."""
        return tuple(f.path for f in self.line.slots)

    def column(self, path: str) -> int:
        """The slot of a path."""
        return self.paths.index(path)


def unglued(stream: Stream, seats: Sequence[Seat], identities: Sequence[Identity]) -> Split:
    """The values of one table's glued rows, with the identities that chose them."""
    runs = [run for seat in seats if seat.glued and (run := _run(stream, seat, identities))]
    if not runs:
        return {}
    whole = not any(_vanished(stream, seat) for seat in seats)
    simple = [run for run in runs if run.forced and _stands_alone(run, whole=whole)]
    split: Split = {p: (v, ()) for run in simple for p, v in run.values.items()}
    if not whole:
        return split
    known = {f.path: v for seat in seats for f, v in _read(seat)}
    known |= {path: value for path, (value, _) in split.items()}
    open_runs = [run for run in runs if not run.forced]
    for run in _solved(open_runs, known, _outer(seats, identities)):
        leant = (*run.own, *run.leant)
        split |= {path: (value, leant) for path, value in run.values.items()}
    return split


def _run(stream: Stream, seat: Seat, identities: Sequence[Identity]) -> Run | None:
    """The glued run of a row, with the splits that its own sums allow."""
    assert seat.option is not None
    numbers = stream.numbers[seat.option.begin : seat.option.end]
    pieces = tuple(number.text for number in numbers)
    digits = "".join(pieces)
    if not digits.isdigit() or any(number.unit for number in numbers):
        return None
    if any(field.kind != "count" for field in seat.line.slots) and len(digits) > seat.line.size:
        return None
    paths = {f.path for f in seat.line.slots}
    own = tuple(i for i in identities if all(path in paths for path, _ in i.terms))
    if len(digits) == seat.line.size:
        return Run(seat.line, pieces, own, (tuple(map(int, digits)),))
    if len(digits) > seat.line.size + MOST_DIGITS_OVER or not own:
        return None
    return Run(seat.line, pieces, own, _ways(seat.line, digits, own))


def _ways(line: Line, digits: str, own: Sequence[Identity]) -> tuple[Values, ...]:
    """Every split for which the row's sums hold; none where there are too many to look at."""
    checks = [_weights(line, identity) for identity in own]
    found: list[Values] = []
    for count, values in enumerate(_splits(digits, line.size)):
        if count > MOST_SPLITS * 20 or len(found) > MOST_SPLITS:
            return ()
        if all(sum(c * values[i] for i, c in check) == 0 for check in checks):
            found.append(values)
    return tuple(found)


def _weights(line: Line, identity: Identity) -> list[tuple[int, int]]:
    slots = {f.path: i for i, f in enumerate(line.slots)}
    return [(slots[path], coefficient) for path, coefficient in identity.terms]


def _splits(digits: str, parts: int) -> Iterator[Values]:
    """Every way to read digits as so many numbers without leading zeros."""
    if parts == 1:
        if len(digits) == 1 or digits[0] != "0":
            yield (int(digits),)
        return
    longest = 1 if digits[0] == "0" else len(digits) - parts + 1
    for length in range(1, longest + 1):
        head = int(digits[:length])
        for rest in _splits(digits[length:], parts - 1):
            yield (head, *rest)


def _stands_alone(run: Run, *, whole: bool) -> bool:
    """Whether one digit a slot is certain.

    A digit other than 0 before the last could start a longer number in a row whose blanks have
    vanished: then no row of the table may have lost any, and the row's own sums must hold.
    """
    if not run.digits[:-1].strip("0"):
        return True
    checks = [_weights(run.line, identity) for identity in run.own]
    values = run.ways[0]
    holds = all(sum(c * values[i] for i, c in check) == 0 for check in checks)
    return whole and bool(checks) and holds


def _vanished(stream: Stream, seat: Seat) -> bool:
    """Whether a row has fewer digits than slots: then blanks were lost in this text."""
    if seat.option is None or seat.option.fit is not Fit.PARTIAL:
        return False
    numbers = stream.numbers[seat.option.begin : seat.option.end]
    return sum(number.digits for number in numbers) < seat.line.size


def _read(seat: Seat) -> Iterator[tuple[Field, int]]:
    for field, number in zip(seat.line.slots, seat.numbers, strict=True):
        if isinstance(number, Number) and isinstance(number.value, int) and not seat.leant:
            yield field, number.value


def _outer(seats: Sequence[Seat], identities: Sequence[Identity]) -> list[Identity]:
    """The identities that speak of several rows of this table and of no other table."""
    row = {f.path: seat.line.index for seat in seats for f in seat.line.slots}
    return [
        identity
        for identity in identities
        if all(path in row for path, _ in identity.terms)
        and len({row[path] for path, _ in identity.terms}) > 1
    ]


def _solved(
    runs: Sequence[Run], known: Mapping[str, int], outer: Sequence[Identity]
) -> Iterator[Run]:
    """The runs for which one split is left and confirmed by a sum over other rows."""
    usable = list(outer)
    while True:
        state, broken = _pruned(list(runs), known, usable)
        if broken is None:
            break
        usable.remove(broken)
    values = dict(known)
    for run in state:
        values |= run.values
    confirmed = {
        path for identity in usable if _sum(identity, values) == 0 for path, _ in identity.terms
    }
    for run in state:
        if len(run.ways) == 1 and _keeps_pieces(run) and _doubtful(run) <= confirmed:
            yield run


def _sum(identity: Identity, values: Mapping[str, int]) -> int | None:
    if any(path not in values for path, _ in identity.terms):
        return None
    return sum(coefficient * values[path] for path, coefficient in identity.terms)


def _doubtful(run: Run) -> set[str]:
    """The cells whose value depends on how the run is split."""
    seen: list[set[int]] = [set() for _ in run.line.slots]
    for count, values in enumerate(_splits(run.digits, run.line.size)):
        for slot, value in zip(seen, values, strict=True):
            slot.add(value)
        if count > MOST_SPLITS:
            return set(run.paths)
    return {path for path, slot in zip(run.paths, seen, strict=True) if len(slot) > 1}


def _keeps_pieces(run: Run) -> bool:
    """Whether no number reaches over a printed blank."""
    borders, at = set(), 0
    for value in run.ways[0]:
        at += len(str(value))
        borders.add(at)
    at = 0
    for piece in run.pieces:
        at += len(piece)
        if at not in borders:
            return False
    return True


def _pruned(
    runs: list[Run], known: Mapping[str, int], usable: Sequence[Identity]
) -> tuple[list[Run], Identity | None]:
    """Drop splits that no split of the other rows can balance, until nothing changes.

    An identity that leaves a row without any split is broken in the document: it is returned.
    """
    changed = True
    while changed:
        changed = False
        for identity in usable:
            after = _supported(runs, known, identity)
            if after is None:
                continue
            if any(not new.ways and old.ways for old, new in zip(runs, after, strict=True)):
                return runs, identity
            changed = changed or after != runs
            runs = after
    return runs, None


def _supported(runs: list[Run], known: Mapping[str, int], identity: Identity) -> list[Run] | None:
    """The runs with those splits only that can balance one identity; None if it cannot tell."""
    fixed, parts = 0, []
    for path, coefficient in identity.terms:
        index = next((i for i, run in enumerate(runs) if run.ways and path in run.paths), None)
        if index is not None:
            parts.append((index, runs[index].column(path), coefficient))
        elif path in known:
            fixed += coefficient * known[path]
        else:
            return None
    if len({index for index, _, _ in parts}) < len(parts):
        return None
    return _balanced(runs, parts, fixed, identity)


def _balanced(
    runs: list[Run], parts: list[tuple[int, int, int]], fixed: int, identity: Identity
) -> list[Run] | None:
    choices = [{c * way[slot] for way in runs[i].ways} for i, slot, c in parts]
    ahead = [{fixed}]
    for choice in choices:
        ahead.append({a + b for a in ahead[-1] for b in choice})
        if len(ahead[-1]) > MOST_SUMS:
            return None
    behind = [{0}]
    for choice in reversed(choices):
        behind.append({a + b for a in behind[-1] for b in choice})
        if len(behind[-1]) > MOST_SUMS:
            return None
    behind.reverse()
    after = list(runs)
    for place, (index, slot, coefficient) in enumerate(parts):
        allowed = {v for v in choices[place] if _met(ahead[place], behind[place + 1], v)}
        after[index] = _kept(after[index], slot, coefficient, allowed, identity)
    return after


def _met(ahead: set[int], behind: set[int], value: int) -> bool:
    small, large = (ahead, behind) if len(ahead) < len(behind) else (behind, ahead)
    return any(-(value + a) in large for a in small)


def _kept(run: Run, slot: int, coefficient: int, allowed: set[int], identity: Identity) -> Run:
    ways = tuple(way for way in run.ways if coefficient * way[slot] in allowed)
    if len(ways) == len(run.ways):
        return run
    return Run(run.line, run.pieces, run.own, ways, (*run.leant, identity))
