"""Mistakes of rule authors, collected with their place so that all are shown at once."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from auditor.errors import ExpressionError, Mistake, Said, SourceError
from auditor.rulebook.marks import Mapped, Mark
from auditor.text import width


@dataclass
class Author:
    """One file of an author: where its mistakes are noted."""

    file: str
    text: str
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, mark: Mark | None, said: Said, suggestions: tuple[str, ...] = ()) -> None:
        """Note a mistake at a mark; the author's own line is shown with a caret."""
        from auditor.rulebook.source import context

        mark = mark or Mark(1, 1, 1)
        excerpt = context(self.text, mark.line, mark.column, mark.length)
        self.mistakes.append(Mistake(self.file, mark.line, mark.column, said, excerpt, suggestions))

    def wrong_source(self, error: SourceError) -> None:
        """Note what the YAML reader refused."""
        mark = Mark(error.line, error.column, error.length)
        self.wrong(mark, error.said, error.suggestions)

    def wrong_expression(self, mark: Mark | None, text: str, error: ExpressionError) -> None:
        """Note a mistake inside an expression; the expression is shown with a caret."""
        line = mark.line if mark else 1
        column = (mark.column if mark else 1) + error.start
        before = width(text[: error.start])
        caret = " " * before + "^" * max(1, width(text[error.start : error.end]))
        self.mistakes.append(
            Mistake(self.file, line, column, error.said, f"{text}\n{caret}", error.suggestions)
        )

    @contextmanager
    def expression(self, mark: Mark | None, text: str) -> Iterator[None]:
        """Inside, an ExpressionError about `text` becomes a mistake."""
        try:
            yield
        except ExpressionError as error:
            self.wrong_expression(mark, text, error)

    def mapping(self, node: Any, mark: Mark | None, what: Said) -> Mapped | None:
        """The node as a mapping; anything else is a mistake and gives None."""
        if isinstance(node, Mapped):
            return node
        self.wrong(mark, Said(f"{what.zh}应当是“键: 值”的形式", f"{what.en} must be a mapping"))
        return None

    def one_of(self, node: Any, mark: Mark | None, words: Mapping[Any, Any], what: Said) -> Any:
        """What a word stands for; an unknown word is a mistake and gives None."""
        if isinstance(node, str | bool) and node in words:
            return words[node]
        said = Said(
            f"{what.zh}不能是 '{node}'，可以是：{'、'.join(map(str, words))}",
            f"{what.en} cannot be '{node}'; it may be: {', '.join(map(str, words))}",
        )
        self.wrong(mark, said, near(str(node), [str(w) for w in words]))
        return None


def near(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The known words that look like this one, best first."""
    return tuple(difflib.get_close_matches(word, list(known), n=3, cutoff=0.5))


def renamed(
    author: Author, node: Mapped, keys: Mapping[str, str], what: Said
) -> dict[str, tuple[Any, Mark | None]]:
    """The members of a mapping under their English keys, with the marks of their values.

    `keys` maps every accepted spelling to the English key. Unknown keys, and one key in two
    spellings, are mistakes.
    """
    found: dict[str, tuple[Any, Mark | None]] = {}
    for key, value in node.items():
        english = keys.get(key)
        if english is None:
            said = Said(f"{what.zh}没有这个键 '{key}'", f"{what.en}: unknown key '{key}'")
            author.wrong(node.marks_of_keys.get(key), said, near(key, keys))
        elif english in found:
            said = Said(f"'{key}' 写了两次", f"'{key}' is given twice")
            author.wrong(node.marks_of_keys.get(key), said)
        else:
            found[english] = (value, node.marks_of_values.get(key))
    return found
