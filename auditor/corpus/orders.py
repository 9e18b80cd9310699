"""What the workers are asked to do, as the crew hands it out: read, count, judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditor.corpus.depends import Trial
from auditor.corpus.shelf import Ref
from auditor.corpus.together import Together

if TYPE_CHECKING:
    from auditor.corpus.columns.pieces import Lying
    from auditor.corpus.run import Run


class Reading:
    """Documents → bound reports."""

    name = "read"

    def __init__(self, run: Run) -> None:
        self._run = run

    def load(self, numbers: Sequence[int]) -> object:
        """The documents."""
        return [self._run.items[number] for number in numbers]

    def took(self, _: Sequence[int], result: Any) -> None:
        """A pack and its index."""
        self._run.took_read(*result)

    def died(self, number: int) -> None:
        """A worker died at this document."""
        self._run.died(number)

    def aside(self, number: int) -> None:
        """It is set aside."""
        self._run.set_aside(number)


class Laying:
    """Audits → the tables of the run, in pieces; a piece goes by the number of its first report.

    A piece at which two workers died is nobody's fault that could be named: then `names` is None,
    and whoever writes the tables makes them.
    """

    name = "columns"

    def __init__(self, pieces: Mapping[int, Sequence[Lying]], refs: Mapping[int, Ref]) -> None:
        self._pieces = pieces
        self._refs = refs
        self._made: dict[int, str] = {}

    @property
    def names(self) -> list[str] | None:
        """The packs of all pieces in their order."""
        if len(self._made) < len(self._pieces):
            return None
        return [self._made[number] for number in self._pieces]

    def load(self, numbers: Sequence[int]) -> object:
        """Where the audits and their reports lie."""
        pieces = [self._pieces[number] for number in numbers]
        return pieces, {one.place: self._refs[one.place] for piece in pieces for one in piece}

    def took(self, numbers: Sequence[int], result: Any) -> None:
        """The packs of some pieces."""
        self._made.update(zip(numbers, result, strict=True))

    def died(self, number: int) -> None:
        """A worker died at this piece; it is tried again."""

    def aside(self, number: int) -> None:
        """The piece stays away."""


class Judging:
    """Bound reports with their company → audits."""

    name = "judge"

    def __init__(
        self,
        run: Run,
        beside: Together,
        refs: Mapping[int, Ref],
        places: Mapping[int, int],
        step: str,
    ) -> None:
        self._run = run
        self._beside = beside
        self._refs = refs
        self._places = places
        self._step = step

    def load(self, numbers: Sequence[int]) -> object:
        """What is to be judged, and where all that it is judged beside lies."""
        trials: list[Trial] = []
        wanted: set[int] = set()
        for number in numbers:
            place = self._places[number]
            ties, near = self._beside.ties[place], self._beside.near.get(place)
            trials.append(Trial(place, self._beside.heads[place].period, ties, near))
            wanted.update((place, *ties.others, *(near.others if near else ())))
        return trials, {place: self._refs[place] for place in wanted}

    def took(self, _: Sequence[int], result: Any) -> None:
        """A pack and its index."""
        pack, index = result
        self._run.wrote_judged(self._step, pack)
        self._run.took_judged(pack, index, self._places)

    def died(self, number: int) -> None:
        """A worker died at this report."""
        self._run.died(number)

    def aside(self, number: int) -> None:
        """It is set aside."""
        self._run.set_aside(number)
