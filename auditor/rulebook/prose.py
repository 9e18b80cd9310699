"""Prose: a text as it is searched: half-width signs, no white space, with the way back.

Chinese needs no blanks, and where a document was wrapped they mean nothing; a line that begins
with an ordinal does begin a new passage and is kept apart by BREAK.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import add
from typing import Any

from auditor.rulebook.vocabulary import VOCABULARY, Found

BREAK = "\x1e"
ENDS = "。!?" + BREAK
STOPS = ENDS + ",;:()"
_SENTENCE = re.compile(f"[^{ENDS}]+")
_NUMBERED = re.compile("[0-9]|[零〇一二两三四五六七八九十百千万亿][件条份宗例起]")
_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
_WIDE = re.compile("[\uff01-\uff5e\u3000]")
_COMMON = [(chr(0xFF01 + ord(c) - 0x21), c) for c in ",:;()%!?"] + [("\u3000", " ")]
_ORDINAL = re.compile(
    r"[(][一二三四五六七八九十0-9]{1,3}[)]|[一二三四五六七八九十]{1,3}[、是]|[0-9]{1,2}[.、](?![0-9])"
)
_COUNTED = re.compile("[0-9][件条份宗例起个次项人篇部期场元]$")
_SHORT = 30  # characters: lines that were wrapped are longer
_REACH = 400  # characters: a clause or sentence is looked back no further


def folded(text: str) -> str:
    """Full-width signs and digits become half-width, one for one."""
    for wide, narrow in _COMMON:
        if wide in text:
            text = text.replace(wide, narrow)
    return text.translate(_WIDTH) if _WIDE.search(text) else text


@dataclass(frozen=True)
class Part:
    """Some sentences of a text as they are searched, with where each begins.

    `masks` and `hits` keep what was looked up: many rules ask for the same words and phrases.
    """

    prose: Prose
    sentences: tuple[str, ...]
    starts: tuple[int, ...]
    masks: dict[str, int] = field(default_factory=dict)
    hits: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def encoded(self) -> tuple[bytes, ...]:
        """The sentences as bytes."""
        return tuple(sentence.encode("utf-8", "replace") for sentence in self.sentences)

    def holding(self, key: str) -> int:
        """The sentences in which a piece occurs, as bits; looked up once for each piece."""
        mask = self.masks.get(key)
        if mask is None:
            mask = self.masks[key] = self._holding(key)
        return mask

    def _holding(self, key: str) -> int:
        if VOCABULARY.number(key) < self.prose.found.known:
            return 0  # what is there was taken in at the beginning
        mask = 0
        if key[:2] in self.prose.pairs:
            for n, sentence in enumerate(self.sentences):
                if key in sentence:
                    mask |= 1 << n
        return mask

    def take(self, found: Found) -> None:
        """Take in where the known pieces stand."""
        for key, places in found.places.items():
            self.masks[key] = self._bits(places, len(key))

    def _bits(self, places: Sequence[int], length: int) -> int:
        mask = 0
        for at in places:
            n = bisect_right(self.starts, at) - 1
            if n >= 0 and at + length <= self.starts[n] + len(self.sentences[n]):
                mask |= 1 << n
        return mask


@dataclass(frozen=True)
class Prose:
    """One text of a report: `path` names it, `text` is what is searched, `body` whose it is."""

    path: str
    original: str
    text: str
    body: str = ""
    _among: dict[Sequence[str], Sequence[str]] = field(default_factory=dict, compare=False)

    def among(self, words: Sequence[str]) -> Sequence[str]:
        """Those of the words that occur at all: most of a list do not."""
        found = self._among.get(words)
        if found is None:
            if VOCABULARY.tell(words, words) <= self.found.known:
                here = self.found.pieces
                found = [word for word in words if word in here or not word]
            else:
                found = [word for word in words if word in self.text]
            self._among[words] = found
        return found

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Where the sentences begin and end, the sign at the end left out."""
        return tuple(match.span() for match in _SENTENCE.finditer(self.text))

    @cached_property
    def numbered(self) -> Part:
        """The sentences with a number."""
        text = self.text
        return self._part([s for s in self.sentences if _NUMBERED.search(text, *s)])

    @cached_property
    def whole(self) -> Part:
        """All sentences."""
        return self._part(self.sentences)

    @cached_property
    def found(self) -> Found:
        """The pieces that rules were known to look for when this was first asked."""
        return VOCABULARY.search(self.text)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """All two characters that stand together: what a longer piece needs to occur."""
        return frozenset(map(add, self.text, self.text[1:]))

    def _part(self, sentences: Sequence[tuple[int, int]]) -> Part:
        text = self.text
        pieces = tuple(text[start:end] for start, end in sentences)
        part = Part(self, pieces, tuple(start for start, _ in sentences))
        part.take(self.found)
        return part

    @cached_property
    def passages(self) -> tuple[tuple[int, int], ...]:
        """The sentences with a number; one that begins with a listing word continues the last."""
        text, found = self.text, list[tuple[int, int]]()
        for start, end in self.sentences:
            if found and found[-1][1] + 1 == start and text.startswith("其中", start):
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return tuple(p for p in found if _NUMBERED.search(text, *p))

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
        """The sentence around a place, as far as it matters for what stands there."""
        sentences = self.sentences
        start, end = sentences[max(0, bisect_right(sentences, (at, 1 << 62)) - 1)]
        return max(start, at - _REACH), min(end, at + _REACH)

    def clause(self, at: int) -> int:
        """Where the clause begins that a place is in."""
        text, least = self.text, max(0, at - _REACH)
        while at > least and text[at - 1] not in STOPS:
            at -= 1
        return at


def _listed(last: str, line: str) -> bool:
    """Whether two lines are items of a list without signs: short, the first ends with a count."""
    short = len(last) <= _SHORT and len(line) <= _SHORT
    return short and "一" <= line[0] <= "龥" and _COUNTED.search(last) is not None


def prose(path: str, original: str, body: str = "") -> Prose:
    """The text of a section, made ready once for all rules."""
    text = folded(original)
    if "\n" not in text and "\r" not in text:
        return Prose(path, original, "".join(text.split()), body)
    pieces: list[str] = []
    last = ""
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        whole = "".join(words)
        if pieces and (_ORDINAL.match(words[0]) or _listed(last, whole)):
            pieces.append(BREAK)
        pieces += words
        last = whole
    return Prose(path, original, "".join(pieces), body)
