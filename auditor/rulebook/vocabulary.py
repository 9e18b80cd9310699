"""The pieces of text that rules look for, so that a text is searched once for all of them.

A rule tells which pieces one of its phrases needs when it is first asked. From then on a new text
is run through one automaton (Aho-Corasick) that knows all pieces told before, and a rule learns
at once that nothing it needs is there. The first text of a process, which is mostly the only
one, costs nothing for this. What is found is the same with or without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_ENOUGH = 40  # pieces: fewer are looked for one by one in less time
_MOST = 50_000  # pieces: of more than these each is looked for by itself


@dataclass(frozen=True, slots=True)
class Found:
    """Which of the pieces known when the text was searched stand in it, and where each begins."""

    known: int
    places: Mapping[str, tuple[int, ...]]
    pieces: frozenset[str]


NOTHING = Found(0, {}, frozenset())
"""Of a text that was searched for nothing."""


@dataclass
class Vocabulary:
    """All pieces told so far, in their order. Filled by whoever asks, for the whole process.

    `told` says of each who told pieces how many must be known so that all of these are.
    """

    told: dict[object, int] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)
    _automaton: Any = None
    _holds: int = 0

    def tell(self, who: object, pieces: Iterable[str]) -> int:
        """How many pieces must be known so that all of these are; told once for each `who`."""
        last = self.told.get(who)
        if last is None:
            for piece in filter(None, pieces):  # nothing stands everywhere: it is not looked for
                if piece not in self._numbers:
                    self._numbers[piece] = len(self._order)
                    self._order.append(piece)
            last = self.told[who] = len(self._order)
        return last

    def number(self, piece: str) -> int:
        """The number of a piece; beyond all that is known if nobody told it."""
        return self._numbers.get(piece, _MOST)

    def search(self, text: str) -> Found:
        """All pieces known by now in a text."""
        if not _ENOUGH <= len(self._order) <= _MOST:
            return NOTHING
        if self._holds != len(self._order):
            self._build()
        places: dict[str, list[int]] = {}
        order = self._order
        for number, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            places.setdefault(order[number], []).append(start)
        whole = {piece: tuple(starts) for piece, starts in places.items()}
        return Found(self._holds, whole, frozenset(whole))

    def _build(self) -> None:
        from ahocorasick_rs import AhoCorasick, Implementation

        self._automaton = AhoCorasick(self._order, implementation=Implementation.DFA)
        self._holds = len(self._order)


VOCABULARY = Vocabulary()
"""The one of this process: texts of all reports are searched for the same pieces."""
