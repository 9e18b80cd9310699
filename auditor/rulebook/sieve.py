"""One pass over the texts of a report for the patterns of all rules together.

Most reports hold none of the words that most rules look for. RE2 matches any number of patterns
at once, so a report is scanned once for each selection of texts, not once for each rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.model import Value

_END = "\x00"
_MEMORY = 64 << 20  # bytes; the automaton of some hundred Chinese patterns takes a few million


class Sieve:
    """Patterns by the texts they look through. Filled while rules are prepared, then only asked."""

    def __init__(self) -> None:
        self._patterns: dict[tuple[str, ...], list[str]] = {}
        self._sets: dict[tuple[str, ...], Any] = {}
        self._values: Mapping[str, Value] | None = None
        self._known: dict[tuple[str, ...], frozenset[int] | None] = {}

    def add(self, texts: tuple[str, ...], expression: str) -> int:
        """Take in a pattern for these texts; its number among them."""
        members = self._patterns.setdefault(texts, [])
        members.append(expression)
        self._sets.pop(texts, None)
        return len(members) - 1

    def may_match(self, texts: tuple[str, ...], number: int, values: Mapping[str, Value]) -> bool:
        """Whether a pattern occurs in one of the texts; True also where that is not certain."""
        if values is not self._values:
            self._values, self._known = values, {}
        if texts not in self._known:
            self._known[texts] = self._scan(texts, values)
        found = self._known[texts]
        return found is None or number in found

    def _scan(self, texts: tuple[str, ...], values: Mapping[str, Value]) -> frozenset[int] | None:
        """The patterns that occur; None if the automaton ran out of memory.

        The texts are joined by a character that no pattern of words spans. RE2 tells "nothing
        found" and "gave up" alike: a last pattern that always occurs tells them apart.
        """
        if texts not in self._sets:
            self._sets[texts] = self._compiled(self._patterns[texts])
        found = [values[path] for path in texts if path in values]
        hits = self._sets[texts].Match(_END.join([*map(str, found), _END]))
        last = len(self._patterns[texts])
        return frozenset(hits) if hits and last in hits else None

    def _compiled(self, expressions: list[str]) -> Any:
        import re2

        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        combined = re2.Set.SearchSet(options)
        for expression in (*expressions, "\\x{0}"):
            combined.Add(expression)
        combined.Compile()
        return combined
