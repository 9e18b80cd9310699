"""Mistakes of rule authors, collected with their place so that all are shown at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from auditor.errors import ExpressionError, Mistake, Said, SourceError
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.spelling import near
from auditor.text import width

SAID = {"zh": "zh", "en": "en"}
YES = {True: True, False: False, "是": True, "否": False}


@dataclass
class Author:
    """One file of an author: where its mistakes are noted."""

    file: str
    text: str
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(
        self, mark: Mark | None, said: Said, suggestions: tuple[str, ...] = (),
        mend: Said | None = None,
    ) -> None:  # fmt: skip
        """Note a mistake at a mark; the author's own line is shown with a caret."""
        from auditor.rulebook.source import context

        mark = mark or Mark(1, 1, 1)
        excerpt = context(self.text, mark.line, mark.column, mark.length) if self.text else ""
        self.mistakes.append(
            Mistake(
                self.file, mark.line, mark.column, said, excerpt, suggestions, mark.length, mend
            )
        )

    def wrong_source(self, error: SourceError) -> None:
        """Note what the YAML reader refused."""
        mark = Mark(error.line, error.column, error.length)
        self.wrong(mark, error.said, error.suggestions)

    def wrong_expression(self, mark: Mark | None, text: str, error: ExpressionError) -> None:
        """Note a mistake inside an expression; the expression is shown with a caret."""
        from auditor.rulebook.placing import placed

        at = placed(self.text, mark or Mark(1, 1, 1), text, error.start, error.end)
        before = width(text[: error.start])
        caret = " " * before + "^" * max(1, width(text[error.start : error.end]))
        excerpt = f"{' '.join(text.splitlines())}\n{caret}"
        self.mistakes.append(
            Mistake(
                self.file, at.line, at.column, error.said, excerpt, error.suggestions, at.length
            )
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
        known = [w for w in words if isinstance(w, str)]
        said = Said(
            f"{what.zh}不能是 '{node}'，可以是：{'、'.join(known)}",
            f"{what.en} cannot be '{node}'; it may be: {', '.join(known)}",
        )
        self.wrong(mark, said, near(str(node), known))
        return None


def renamed(
    author: Author, node: Mapped, keys: Mapping[str, str], what: Said
) -> dict[str, tuple[Any, Mark | None]]:
    """The members of a mapping under their English keys, with the marks of their values.

    `keys` maps every accepted spelling to the English key. Unknown keys, and one key in two
    spellings, are mistakes. A misspelt key is taken for the nearest one that is not there, so that
    what stands under it is read, too, and nothing else is said to be missing.
    """
    found: dict[str, tuple[Any, Mark | None]] = {}
    there = {keys[key] for key in node if key in keys}
    for key, value in node.items():
        english, mark = keys.get(key), node.marks_of_keys.get(key)
        if english is None:
            close = near(key, keys)
            said = Said(f"{what.zh}没有这个键 '{key}'", f"{what.en}: unknown key '{key}'")
            author.wrong(mark, said, close, None if close else _keys(keys))
            english = next((keys[k] for k in close if keys[k] not in there), None)
            if english is None:
                continue
            there.add(english)
        elif english in found:
            said = Said(f"'{key}' 写了两次", f"'{key}' is given twice")
            author.wrong(mark, said, mend=Said("只留一个", "keep one of them"))
        found.setdefault(english, (value, node.marks_of_values.get(key)))
    return found


def _keys(keys: Mapping[str, str]) -> Said:
    """What may stand there instead of an unknown key."""
    chinese = [key for key, english in keys.items() if key != english]
    english = [key for key, english in keys.items() if key == english]
    return Said(f"可以用的键：{'、'.join(chinese)}", f"the keys are: {', '.join(english)}")


def misread(node: Mapped, keys: Mapping[str, str]) -> bool:
    """Whether a key is neither known nor near one that is: then anything may be missing."""
    return any(key not in keys and not near(key, keys) for key in node)


def said(author: Author, node: Any, mark: Mark | None) -> Said:
    """Text for people: one string, or `{zh, en}`."""
    if isinstance(node, str):
        return Said(node, node)
    if isinstance(node, Mapped):
        members = renamed(author, node, SAID, Said("文字", "text"))
        zh = str(members.get("zh", members.get("en", ("", None)))[0])
        return Said(zh, str(members.get("en", (zh, None))[0]))
    author.wrong(mark, Said("这里应当是文字，或 {zh: …, en: …}", "text or {zh, en} expected"))
    return Said("", "")


__all__ = ["SAID", "YES", "Author", "misread", "near", "renamed", "said"]
