"""Prose: a text as it is searched: half-width signs, no white space, with the way back.

Chinese needs no blanks, and where a document was wrapped they mean nothing; a line that begins
with an ordinal does begin a new passage and is kept apart by BREAK.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

BREAK = "\x1e"
ENDS = "。!?" + BREAK
STOPS = ENDS + ",;:()"
_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
_ORDINAL_LINE = re.compile(
    r"\s*[\r\n]\s*(?=[(][一二三四五六七八九十0-9]{1,3}[)]|[一二三四五六七八九十]{1,3}[、是]|[0-9]{1,2}[.、](?![0-9]))"
)


def folded(text: str) -> str:
    """Full-width signs and digits become half-width, one for one."""
    return text.translate(_WIDTH)


@dataclass(frozen=True)
class Prose:
    """One text of a report: `path` names it, `text` is what is searched."""

    path: str
    original: str
    text: str

    @cached_property
    def _places(self) -> list[int]:
        """For every character of `text` its place in the original."""
        places, at = [], 0
        original = self.original
        for c in self.text:
            if c != BREAK:
                while original[at].isspace():
                    at += 1
                places.append(at)
                at += 1
            else:
                places.append(at)
        return places

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original, in characters."""
        return self._places[start], self._places[end - 1] + 1

    def printed(self, start: int, end: int) -> str:
        """What stands there in the original."""
        first, last = self.span(start, end)
        return self.original[first:last]

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence around a place; one that begins with a listing word goes on."""
        return self._before(at, ENDS), self._after(at, ENDS)

    def clause(self, at: int) -> int:
        """Where the clause begins that a place is in."""
        return self._before(at, STOPS)

    def _before(self, at: int, signs: str) -> int:
        text = self.text
        while at > 0 and text[at - 1] not in signs:
            at -= 1
        return at

    def _after(self, at: int, signs: str) -> int:
        text = self.text
        while at < len(text) and text[at] not in signs:
            at += 1
        return at


def prose(path: str, original: str) -> Prose:
    """The text of a section, made ready once for all rules."""
    text = folded(original)
    if "\n" in text or "\r" in text:
        text = _ORDINAL_LINE.sub(BREAK, text)
    # BREAK counts as white space for str.split, so it is kept aside.
    parts = text.split(BREAK) if BREAK in text else [text]
    return Prose(path, original, BREAK.join("".join(part.split()) for part in parts))
