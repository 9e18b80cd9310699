"""Secrets: passages and what is shown for them, found in any text in time linear in both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.text import compact, nfkc

_SHORTEST = 2
_STAR = "*"
_CHANCE = 2  # digits beyond the visible ones from which on a likeness is no chance
_CUTS = re.compile('([“”"…‥「」\n]+)')


@dataclass(frozen=True, slots=True)
class Secrets:
    """Passages by their length, and their beginnings and (turned round) ends by their text."""

    whole: Mapping[int, Mapping[str, str]]
    begins: Mapping[str, str]
    ends: Mapping[str, str]
    longest: int

    def hidden(self, text: str) -> str:
        """The text with every passage as it may be shown, the longest first."""
        for length, table in self.whole.items():
            if len(text) >= length:
                text = _replaced(text, length, table)
        return text

    def quoted(self, text: str) -> str:
        """The same for a quotation, which may cut a passage off at its beginning or end."""
        return "".join(self._uncut(piece) for piece in _CUTS.split(self.hidden(text)))

    def _uncut(self, piece: str) -> str:
        piece = _with_end(piece, self.begins, self.longest)
        return _with_end(piece[::-1], self.ends, self.longest)[::-1]


def secrets_table(secrets: Iterable[tuple[str, str]]) -> Secrets | None:
    """Every spelling of each passage under which it may stand elsewhere; None for no passage."""
    found: dict[str, str] = {}
    for passage, shown in secrets:
        for form in (nfkc, compact):
            if len(form(passage)) >= _SHORTEST:
                found.setdefault(form(passage), form(shown))
        found[passage] = shown
    if not found:
        return None
    whole: dict[int, dict[str, str]] = {}
    for passage in sorted(found, key=len, reverse=True):
        whole.setdefault(len(passage), {})[passage] = found[passage]
    begins, ends = {}, {}
    for passage, shown in found.items():
        begins.update(_beginnings(passage, shown))
        ends.update(_beginnings(passage[::-1], shown[::-1]))
    return Secrets(whole, begins, ends, max(whole))


def _replaced(text: str, length: int, table: Mapping[str, str]) -> str:
    """One pass over the text, however many passages of this length there are."""
    parts, done, at = [], 0, 0
    while at + length <= len(text):
        shown = table.get(text[at : at + length])
        if shown is None:
            at += 1
            continue
        parts += [text[done:at], shown]
        done = at = at + length
    return "".join([*parts, text[done:]]) if parts else text


def _beginnings(passage: str, shown: str) -> dict[str, str]:
    """The beginnings that tell more than may be shown."""
    visible = shown.find(_STAR) if _STAR in shown else len(shown)
    least = visible + (_CHANCE if passage.isascii() else 1)
    return {passage[:n]: shown[:n] for n in range(max(least, _SHORTEST), len(passage))}


def _with_end(piece: str, begins: Mapping[str, str], longest: int) -> str:
    """The piece with the beginning of a passage in which it ends, as it may be shown."""
    for length in range(min(len(piece), longest), _SHORTEST - 1, -1):
        shown = begins.get(piece[-length:])
        if shown is not None:
            return piece[:-length] + shown
    return piece
