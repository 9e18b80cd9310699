"""What the workers are asked to do, as the crew hands it out: read, count, judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditor.corpus.shelf import Ref
from auditor.corpus.steps import Judging as One
from auditor.corpus.together import Together

if TYPE_CHECKING:
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


class Counting:
    """Bound reports → what the rules want to know of all peers."""

    name = "census"

    def __init__(self, run: Run, refs: Mapping[int, Ref], places: Mapping[int, int]) -> None:
        self._run = run
        self._refs = refs
        self._places = places
        self.found: dict[int, tuple[Any, ...]] = {}

    def load(self, numbers: Sequence[int]) -> object:
        """The places of the reports, and where they lie."""
        places = [self._places[number] for number in numbers]
        return places, {place: self._refs[place] for place in places}

    def took(self, numbers: Sequence[int], result: Any) -> None:
        """The figures of each."""
        places = (self._places[number] for number in numbers)
        self.found.update(zip(places, result, strict=True))

    def died(self, number: int) -> None:
        """A worker died at this report."""
        self._run.died(number)

    def aside(self, number: int) -> None:
        """It is no peer to anyone."""
        self._run.set_aside(number)


class Judging:
    """Bound reports with their company → audits."""

    name = "judge"

    def __init__(
        self,
        run: Run,
        beside: Together,
        refs: Mapping[int, Ref],
        places: Mapping[int, int],
        copies: Mapping[int, tuple[str, ...]],
        step: str,
    ) -> None:
        self._run = run
        self._beside = beside
        self._refs = refs
        self._places = places
        self._copies = copies
        self._step = step

    def load(self, numbers: Sequence[int]) -> object:
        """What is to be judged, and where all that it is judged beside lies."""
        given: list[One] = []
        wanted: set[int] = set()
        for number in numbers:
            place = self._places[number]
            ties, near = self._beside.ties[place], self._beside.near.get(place)
            given.append(One(place, ties, near, self._copies.get(number, ())))
            wanted.update((place, *ties.others, *(near.others if near else ())))
        return given, {place: self._refs[place] for place in wanted}

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
