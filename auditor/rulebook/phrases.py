"""Phrases: how a statement is worded, as policy staff write it, compiled to one linear pattern.

    送来…材料{n}件        … skips characters within the clause, never a digit
    其他情形……{n}件       …… skips a remark in brackets, too
    (送来|交来)[的]材料    one of several; what may be left out
    {送来}…材料{n}{件}     {…} is a list of words (or of phrases) of the rule set
    没有…材料$            $ is the end of the clause, ^ its beginning

`{n}` is a number in digits or characters, with 约, 余 or 万 where they stand; `{m}` is another
number in digits, of which nothing is asked; `{年}` or `{year}` is a year in digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from auditor.errors import ExpressionError, Said
from auditor.rulebook.figures import AFTER, BEFORE, DIGITAL, PRINTED
from auditor.rulebook.prose import BREAK, Part, Prose, folded
from auditor.rulebook.vocabulary import VOCABULARY

Words = Mapping[str, Sequence[str]]
_SKIP = f"[^0-9。!?,;:()“”{BREAK}]*?"
_REMARK = r"(?:\([^()]*\))?"
_END = "(?:[,;:()、]|$)"
_START = "(?:^|[,;:()、])"
_DEEPEST = 4
_FIGURE = f"(?:{PRINTED})"
_ANOTHER = "(?:[0-9][0-9,.]*[余多]?[万亿]?)"
_YEAR = "(?:19|20)[0-9]{2}年度?"
_DIGITS = re.compile(rf"(?:{'|'.join(BEFORE)})?{DIGITAL}(?:[{''.join(AFTER)}](?:万|亿)?)?")
_LIST = re.compile(r"\{([^{}]+)\}")
_PART = re.compile(r"\{([^{}]*)\}|…{1,2}|[()|\[\]$^]|[^{}…()|\[\]$^]+|.", re.DOTALL)


Group: TypeAlias = tuple[str, ...]
"""Literal pieces of which one must occur in every match."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a phrase stands and, inside it, its number (-1 where it has none)."""

    start: int
    end: int
    number: int = -1
    number_end: int = -1


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases as one expression of RE2; `needs` are the groups of literals of each phrase.

    `firsts` are the literals of which one must occur, `heads` how these begin. `numbered`: every
    phrase has a number, so that only sentences with numbers are searched.
    """

    expression: str
    needs: tuple[tuple[Group, ...], ...]
    firsts: frozenset[str]
    heads: frozenset[str]
    numbered: bool

    def holding(self, part: Part) -> Iterable[int]:
        """The sentences in which all that some phrase needs occurs, by number and in order."""
        found, holding, masks = 0, part.holding, part.masks
        for groups in self.needs:
            held = -1
            for group in groups:
                some = 0
                for key in group:
                    mask = masks.get(key)
                    some |= holding(key) if mask is None else mask
                held &= some
                if not held:
                    break
            found |= held
        return tuple(n for n in range(found.bit_length()) if found >> n & 1)

    def absent(self, prose: Prose) -> bool:
        """Whether none of the phrases can stand in a text, by the pieces that stand there."""
        known = prose.found
        told = VOCABULARY.told.get(self.expression)
        if told is None:
            told = VOCABULARY.tell(self.expression, self.pieces())
        if told <= known.known:
            return self.firsts.isdisjoint(known.pieces)
        return self.heads.isdisjoint(prose.pairs)

    def pieces(self) -> Iterator[str]:
        """All literals of all phrases."""
        return (key for groups in self.needs for group in groups for key in group)

    def found(self, prose: Prose) -> tuple[Hit, ...]:
        """Every place where one of the phrases stands, from left to right; looked up once."""
        if self.absent(prose):
            return ()
        part = prose.numbered if self.numbered else prose.whole
        if not part.sentences:
            return ()
        hits = part.hits.get(self.expression)
        if hits is None:
            hits = part.hits[self.expression] = tuple(self._search(part))
        return hits

    def _search(self, part: Part) -> Iterator[Hit]:
        for n in self.holding(part):
            yield from _hits(self.expression, part, n)


class Gist:
    """What the phrases of a rule need, to tell at a glance which of them a report can say.

    `phrases` are those of one claim each: a claim is told of where one of its phrases can stand.
    """

    def __init__(self, phrases: Iterable[Iterable[Phrases | None]]) -> None:
        claims = [[one for one in of if one is not None] for of in phrases]
        self._phrases = [one for of in claims for one in of]
        self._count = len(claims)
        self._claims: dict[str, set[int]] = {}
        for number, of in enumerate(claims):
            for key in (key for one in of for key in one.firsts):
                self._claims.setdefault(key, set()).add(number)
        self._firsts = frozenset(self._claims)

    def spoken(self, proses: Sequence[Prose]) -> Mapping[int, Sequence[Prose]]:
        """The claims that can be told of in these texts, and in which; all where it is not sure."""
        told = VOCABULARY.tell(self._firsts, self._pieces())
        found: dict[int, list[Prose]] = {}
        for prose in proses:
            known = prose.found
            if told > known.known:
                return dict.fromkeys(range(self._count), proses)
            claims: set[int] = set()
            for key in self._firsts & known.pieces:
                claims |= self._claims[key]
            for claim in claims:
                found.setdefault(claim, []).append(prose)
        return found

    def _pieces(self) -> Iterator[str]:
        return (key for one in self._phrases for key in one.pieces())


def _hits(expression: str, part: Part, n: int) -> Iterator[Hit]:
    """The hits in one sentence.

    Searched as bytes, which is what RE2 works on, and without groups, which is several times
    faster; the number is found inside the hit.
    """
    data = part.encoded[n]
    for match in pattern(expression).finditer(data):
        sentence, start = part.sentences[n], part.starts[n]
        first, last = (len(data[:at].decode()) for at in match.span())
        number = _number(expression, sentence, first, last) if _FIGURE in expression else None
        if number is None:
            yield Hit(start + first, start + last)
        else:
            yield Hit(start + first, start + last, start + number[0], start + number[1])


def _number(expression: str, sentence: str, first: int, last: int) -> tuple[int, int] | None:
    """Where the number of a hit stands: its only digits, or what the pattern takes for it."""
    digits = _DIGITS.search(sentence, first, last)
    if digits is not None and not _DIGITS.search(sentence, digits.end(), last):
        return digits.span()
    whole = pattern(expression.replace(_FIGURE, f"({PRINTED})")).match(sentence, first)
    if whole is None:
        return None
    groups = range(1, whole.re.groups + 1)
    return next((span for n in groups if (span := whole.span(n))[0] >= 0), None)


def phrases(templates: Sequence[str], words: Words) -> Phrases:
    """The templates as one pattern. Raises ExpressionError for one that is not in order."""
    parts, needs = [], []
    for template in _each(templates, words, 0):
        part, groups = _compiled(template, words, 0)
        if not groups:
            said = Said("句式里至少要有两个相连的字", "a phrase needs two characters in a row")
            raise ExpressionError(said, 0, len(template))
        parts.append(part)
        needs.append(groups)
    firsts = frozenset(key for groups in needs for key in groups[0])
    heads = frozenset(key[:2] for key in firsts)
    numbered = all(_FIGURE in part for part in parts)
    return Phrases("|".join(f"(?:{p})" for p in parts), tuple(needs), firsts, heads, numbered)


def _each(templates: Sequence[str], words: Words, depth: int) -> Iterator[str]:
    """The templates; one that is a list of the rule set and nothing else stands for its entries.

    Each then has needs of its own, and fewer sentences are searched in vain.
    """
    for template in templates:
        named = _LIST.fullmatch(folded(template))
        entries = words.get(named[1]) if named is not None and depth < _DEEPEST else None
        if entries:
            yield from _each(entries, words, depth + 1)
        else:
            yield template


def _compiled(template: str, words: Words, depth: int) -> tuple[str, tuple[Group, ...]]:
    """(expression, groups of literals) of one template."""
    out: list[str] = []
    groups: list[Group] = []
    open_: list[str] = []
    text = folded(template)
    for match in _PART.finditer(text):
        piece = match.group(0)
        literals: Group = ()
        if match.group(1) is not None:
            piece_, literals = _named(match.group(1), words, depth, match.span())
            out.append(piece_)
        elif piece in ("(", "["):
            if piece == "(" and not open_:
                groups += _alternatives(text, match.start())
            open_.append(piece)
            out.append("(?:")
        elif piece in (")", "]"):
            if not open_ or (open_.pop() == "(") != (piece == ")"):
                raise _unbalanced(match.start())
            out.append(")" if piece == ")" else ")?")
        else:
            out.append(_sign(piece))
            literals = (piece,) if _literal(piece) else ()
        if literals and not open_:
            groups.append(literals)
    if open_:
        raise _unbalanced(len(template))
    # The rarest first: long pieces are told apart soonest.
    groups.sort(key=lambda group: (-min(map(len, group)), len(group)))
    return "".join(out), tuple(groups)


def _alternatives(text: str, start: int) -> list[Group]:
    """The literals of a group of alternatives, if every one of them begins with one."""
    end = text.find(")", start)
    inner = text[start + 1 : end]
    if any(sign in inner for sign in "([{"):
        return []
    pieces = [re.split("[…$]", part)[0] for part in inner.split("|")]
    return [tuple(pieces)] if all(len(p) >= 2 for p in pieces) else []


def _literal(piece: str) -> bool:
    return len(piece) >= 2 and piece[0] != "…"


def _sign(piece: str) -> str:
    signs = {"…": _SKIP, "……": _REMARK + _SKIP, "|": "|", "$": _END, "^": _START}
    return signs.get(piece) or "".join(_escaped(c) for c in piece)


def _escaped(c: str) -> str:
    return c if c.isalnum() else f"\\x{{{ord(c):x}}}"


def _named(name: str, words: Words, depth: int, span: tuple[int, int]) -> tuple[str, Group]:
    """`{n}`, `{年}`, or a list of the rule set by its name, whose entries may be phrases."""
    if name == "n":
        return f":?{_FIGURE}", ()
    if name == "m":
        return _ANOTHER, ()
    if name in ("年", "year"):
        return _YEAR, ()
    entries = words.get(name)
    if entries is None or depth >= _DEEPEST:
        from auditor.rulebook.author import near

        said = Said(f"没有这个词组 '{name}'", f"unknown list of terms '{name}'")
        raise ExpressionError(said, *span, near(name, words))
    inner = [_compiled(entry, words, depth + 1) for entry in entries]
    literals = tuple(key for _, groups in inner for key in (groups[0] if groups else ()))
    certain = all(groups for _, groups in inner)
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
