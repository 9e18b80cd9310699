"""Phrases: how a statement is worded, as policy staff write it, compiled to one linear pattern.

    送来…材料{n}件        … skips characters within the clause, never a digit
    其他情形……{n}件       …… skips a remark in brackets, too
    (送来|交来)[的]材料    one of several; what may be left out
    {送来}…材料{n}{件}     {…} is a list of words (or of phrases) of the rule set
    没有…材料$            $ is the end of the clause

`{n}` is a number in digits or characters, with 约, 余 or 万 where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from auditor.errors import ExpressionError, Said
from auditor.rulebook.figures import PRINTED
from auditor.rulebook.prose import BREAK, Prose, folded

Words = Mapping[str, Sequence[str]]
_SKIP = f"[^0-9。!?,;:()“”{BREAK}]*?"
_REMARK = r"(?:\([^()]*\))?"
_END = f"(?:[。!?,;:(){BREAK}、]|$)"
_DEEPEST = 4
_PART = re.compile(r"\{([^{}]*)\}|…{1,2}|[()|\[\]$]|[^{}…()|\[\]$]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases as one expression of RE2; `keys` are literal pieces of which one must occur."""

    expression: str
    keys: tuple[str, ...]

    def occur(self, text: str) -> bool:
        """Whether a search can find anything: costs next to nothing where it cannot."""
        return any(key in text for key in self.keys)

    def found(self, prose: Prose) -> Iterator[Hit]:
        """Every place where one of the phrases stands, from left to right."""
        if not self.occur(prose.text):
            return
        for match in pattern(self.expression).finditer(prose.text):
            group = next((n for n in range(1, match.re.groups + 1) if match.start(n) >= 0), 0)
            if group:
                yield Hit(match.start(), match.end(), match.start(group), match.end(group))
            else:
                yield Hit(match.start(), match.end())


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a phrase stands and, inside it, its number (-1 where it has none)."""

    start: int
    end: int
    number: int = -1
    number_end: int = -1


def phrases(templates: Sequence[str], words: Words) -> Phrases:
    """The templates as one pattern. Raises ExpressionError for one that is not in order."""
    parts, keys = [], []
    for template in templates:
        part, literals = _compiled(template, words, 0)
        parts.append(part)
        if not literals:
            said = Said("句式里至少要有两个相连的字", "a phrase needs two characters in a row")
            raise ExpressionError(said, 0, len(template))
        keys.append(literals)
    together = tuple(dict.fromkeys(key for group in keys for key in group))
    return Phrases("|".join(f"(?:{p})" for p in parts), together)


def _compiled(template: str, words: Words, depth: int) -> tuple[str, tuple[str, ...]]:
    """(expression, literals of which one must occur in every match) of one template."""
    out: list[str] = []
    best: tuple[str, ...] = ()
    open_: list[str] = []
    for match in _PART.finditer(folded(template)):
        piece = match.group(0)
        if match.group(1) is not None:
            piece_, literals = _named(match.group(1), words, depth, match.span())
            out.append(piece_)
        elif piece in ("(", "["):
            open_.append(piece)
            out.append("(?:")
            literals = ()
        elif piece in (")", "]"):
            if not open_ or (open_.pop() == "(") != (piece == ")"):
                raise _unbalanced(match.start())
            out.append(")" if piece == ")" else ")?")
            literals = ()
        else:
            out.append(_sign(piece))
            literals = (piece,) if _literal(piece) else ()
        if literals and not open_ and _better(literals, best):
            best = literals
    if open_:
        raise _unbalanced(len(template))
    if "|" in out and not best:
        best = _alternatives(folded(template))
    return "".join(out), best


def _alternatives(template: str) -> tuple[str, ...]:
    """The literals of a template that is one group of alternatives, if each has its own."""
    found = []
    for group in re.findall(r"\(([^()\[\]{}]*)\)", template):
        parts = group.split("|")
        if all(len(p) >= 2 and "…" not in p for p in parts):
            found.append(tuple(parts))
    return max(found, key=lambda parts: min(map(len, parts)), default=())


def _better(literals: tuple[str, ...], best: tuple[str, ...]) -> bool:
    return not best or min(map(len, literals)) > min(map(len, best))


def _literal(piece: str) -> bool:
    return len(piece) >= 2 and piece[0] != "…"


def _sign(piece: str) -> str:
    signs = {"…": _SKIP, "……": _REMARK + _SKIP, "|": "|", "$": _END}
    return signs.get(piece) or "".join(_escaped(c) for c in piece)


def _escaped(c: str) -> str:
    return c if c.isalnum() else f"\\x{{{ord(c):x}}}"


def _named(
    name: str, words: Words, depth: int, span: tuple[int, int]
) -> tuple[str, tuple[str, ...]]:
    """`{n}`, or a list of the rule set by its name, whose entries may be phrases themselves."""
    if name == "n":
        return f":?({PRINTED})", ()
    entries = words.get(name)
    if entries is None or depth >= _DEEPEST:
        from auditor.rulebook.author import near

        said = Said(f"没有这个词表 '{name}'", f"unknown list of words '{name}'")
        raise ExpressionError(said, *span, near(name, words))
    inner = [_compiled(entry, words, depth + 1) for entry in entries]
    literals = tuple(key for _, keys in inner for key in keys)
    certain = all(keys for _, keys in inner)
    return "(?:" + "|".join(part for part, _ in inner) + ")", literals if certain else ()


def _unbalanced(at: int) -> ExpressionError:
    said = Said("括号不成对", "the brackets do not match")
    return ExpressionError(said, at, at + 1)


@lru_cache(maxsize=1024)
def pattern(expression: str) -> Any:
    """The linear-time pattern, compiled when it is first needed."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    try:
        return re2.compile(expression, options)
    except re2.error as error:
        said = Said("句式太复杂", "the phrases are too complex")
        raise ExpressionError(said, 0, len(expression)) from error
