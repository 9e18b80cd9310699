"""One pass over the texts of a report for the patterns of all rules together.

Most reports hold none of the words that most rules look for. RE2 matches any number of patterns
at once, so a report is scanned once, not once for each rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from auditor.model import Value

_END = "\x00"
_BETWEEN = f"\n{_END}\n"  # each text begins and ends a line
# What is of a whole text, or cannot stand in a group: such a pattern is let through.
_ALONE = re.compile(r"\\[AzQ]|\(\?\w*-\w*m")
_ALWAYS = "\\x{0}"
_MEMORY = 64 << 20  # bytes; the automaton of some hundred Chinese patterns takes a few million


class Sieve:
    """Patterns and the texts they look through. Filled while rules are prepared, then only asked.

    It looks through all texts for every pattern: what it lets through, the rule itself looks at.
    """

    def __init__(self) -> None:
        self._patterns: list[str] = []
        self._texts: dict[str, None] = {}
        self._set: Any = None
        self._values: Mapping[str, Value] | None = None
        self._found: frozenset[int] | None = None

    def add(self, texts: Iterable[str], expression: str) -> int:
        """Take in a pattern and the texts it is for; its number."""
        self._patterns.append(expression)
        self._texts.update(dict.fromkeys(texts))
        self._set = None
        return len(self._patterns) - 1

    def may_match(self, number: int, values: Mapping[str, Value]) -> bool:
        """Whether a pattern occurs in one of the texts; True also where that is not certain."""
        if values is not self._values:
            self._values, self._found = values, self._scan(values)
        return self._found is None or number in self._found

    def _scan(self, values: Mapping[str, Value]) -> frozenset[int] | None:
        """The patterns that occur; None if the automaton ran out of memory.

        The texts are joined by a character that no pattern of words spans; their ends are ends of
        lines, where `^` and `$` hold. RE2 tells "nothing found" and "gave up" alike: a last
        pattern that always occurs tells them apart.
        """
        if self._set is None:
            self._set = self._compiled()
        found = [str(values[path]) for path in self._texts if path in values]
        hits = self._set.Match("\n" + _BETWEEN.join([*found, _END]))
        return frozenset(hits) if hits and len(self._patterns) in hits else None

    def _compiled(self) -> Any:
        import re2

        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        combined = re2.Set.SearchSet(options)
        for expression in (*self._patterns, _ALWAYS):
            combined.Add(_ALWAYS if _ALONE.search(expression) else f"(?m:{expression})")
        combined.Compile()
        return combined
