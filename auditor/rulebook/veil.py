"""Veil: how much of a found passage may be shown, and what stands for the rest.

What is hidden keeps its length, so that places in a text stay right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.rulebook.looking import Hit
from auditor.rulebook.sentences import whole

_REACH = 200
_STAR = "*"


@dataclass(slots=True)
class Veil:
    """`mask` is a rule's: empty, `all`, or the characters shown at each end (`2-3`)."""

    mask: str
    _numbers: dict[str, int] = field(default_factory=dict)
    _known: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def all(self) -> bool:
        """Whether nothing at all may be shown, not even what stands around."""
        return self.mask == "all"

    def shown(self, hit: Hit) -> str:
        """The passage as it may be shown."""
        return veiled(hit.word, self.mask)

    def key(self, hit: Hit) -> str:
        """What tells this passage from others. A hash of a number with four digits hidden is soon
        guessed, so a masked passage is told by what is shown and by its turn among its like."""
        if not self.mask:
            return hit.word
        shown = self.shown(hit)
        if (shown, hit.word) not in self._known:
            self._numbers[shown] = self._numbers.get(shown, 0) + 1
            self._known[shown, hit.word] = self._numbers[shown]
        return f"{shown}#{self._known[shown, hit.word]}"

    def secrets(self, hit: Hit) -> tuple[tuple[str, str], ...]:
        """The passage and what is shown for it; with `all`, the whole sentence."""
        if not self.mask:
            return ()
        found = hit.word
        if self.all:
            left, right = whole(hit.text, hit.start, hit.end, _REACH)
            found = hit.text[left:right].strip()
        return ((found, veiled(found, self.mask)),)


def veiled(text: str, mask: str) -> str:
    """A passage with its middle hidden; never more than half of it is shown."""
    if not mask:
        return text
    if mask == "all":
        return _STAR * len(text)
    first, last = (int(part) for part in mask.split("-"))
    if first + last > len(text) * 2 // 3:
        first, last = min(first, 1), 0
    return text[:first] + _STAR * (len(text) - first - last) + text[len(text) - last :]
