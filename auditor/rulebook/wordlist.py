"""Word lists: words and patterns under one name, that rules look for.

A pattern runs on RE2 only: its time grows with the text and with nothing else. It may hold one
group; then the group is what was found, and the rest of the pattern is where it must stand.
With more groups than one the whole match is what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from auditor.errors import ExpressionError, Said
from auditor.text import plain


@dataclass(frozen=True, slots=True)
class WordList:
    """Words, patterns, and patterns whose group must read as one of the right forms.

    `right` maps a pattern to its right forms; without a group in the pattern, every match is
    wrong and the forms only say what was meant.
    """

    name: str
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    right: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def expressions(self) -> tuple[str, ...]:
        """Everything that is looked for, as patterns."""
        escaped = tuple(escape(word) for word in self.words)
        return (*escaped, *self.patterns, *(pattern for pattern, _ in self.right))

    def found(self, text: str) -> bool:
        """Whether any of it occurs."""
        for word in self.words:  # not any(): this is asked for every sentence
            if word in text:
                return True
        rest = _patterns(self)
        return rest is not None and rest.search(text) is not None

    def count(self, text: str) -> int:
        """How many of its words and patterns occur."""
        words = sum(1 for word in self.words if word in text)
        rest = (*self.patterns, *(pattern for pattern, _ in self.right))
        return words + sum(1 for pattern in rest if compiled(pattern).search(text) is not None)

    def matches(self, text: str) -> frozenset[str]:
        """All that is found of it."""
        return frozenset(match.group(0) for match in _whole(self).finditer(text))

    def first(self, text: str) -> tuple[int, int] | None:
        """Where the first of it stands: (start, end) in characters."""
        match = _whole(self).search(text)
        return None if match is None else match.span()


@lru_cache(maxsize=256)
def _whole(of: WordList) -> Any:
    """All of a list as one pattern."""
    return compiled(joined(of.expressions))


@lru_cache(maxsize=256)
def _patterns(of: WordList) -> Any:
    """All of a list but its words as one pattern; None where it has words alone."""
    rest = (*of.patterns, *(pattern for pattern, _ in of.right))
    return compiled(joined(rest)) if rest else None


# An escaped sign, a class of characters, the beginning of a group that does not capture, a sign.
_SIGNS = r"\\.|\[\^?\]?(?:\\.|[^\]])*\]|\(\?|."


def escape(word: str) -> str:
    """A word as a pattern that matches it and nothing else."""
    return "".join(c if c.isalnum() else f"\\x{{{ord(c):x}}}" for c in word)


def joined(expressions: tuple[str, ...]) -> str:
    """All of them as one alternation, so that a text is scanned once."""
    return "|".join(f"(?:{_single(expression)})" for expression in expressions)


@lru_cache(maxsize=1024)
def _single(expression: str) -> str:
    """A pattern whose groups mark what was found only if it has one.

    Who writes several uses brackets to group alternatives, not to point at a part.
    """
    signs = re.findall(_SIGNS, expression)
    if signs.count("(") < 2:
        return expression
    return re.sub(_SIGNS, lambda m: "(?:" if m.group(0) == "(" else m.group(0), expression)


def meant(match: Any, lists: tuple[WordList, ...]) -> tuple[str, ...] | None:
    """The right forms for a match of these lists; None where it reads as one of them."""
    return _meant(match.group(0), match.group(match.lastindex or 0), lists)


@lru_cache(maxsize=8192)
def _meant(whole: str, part: str, lists: tuple[WordList, ...]) -> tuple[str, ...] | None:
    """The same laws are named in every report."""
    for pattern, forms in right_forms(lists):
        found = compiled(pattern).fullmatch(whole)
        if found is None:
            continue
        if found.lastindex and plain(part) in {plain(form) for form in forms}:
            return None
        return forms
    return ()


def right_forms(lists: tuple[WordList, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every pattern that has right forms, with them."""
    for one in lists:
        yield from one.right


@lru_cache(maxsize=1024)
def compiled(expression: str) -> Any:
    """A linear-time pattern. Raises ExpressionError for one that RE2 does not know."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(expression, options)
    except re2.error as error:
        why = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        said = Said(
            f"正则表达式有误（不支持前后断言与反向引用）：{why}",
            f"not a pattern of RE2 (no lookaround, no back-references): {why}",
        )
        raise ExpressionError(said, 0, len(expression)) from error
