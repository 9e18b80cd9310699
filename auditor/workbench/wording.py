"""An expression of a rule in words: the same meaning, in the reader's language.

Names are told as rule authors write them (Chinese short names, English keys), thresholds with
their value, functions as phrases of `auditor/words/workbench.*.yaml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from auditor.form import Form
from auditor.renderers.words import Words
from auditor.rulebook.functions import FUNCTIONS
from auditor.rulebook.numbers import COMPARE, Numeric, is_number, numeral
from auditor.rulebook.scope import Scope, path_of
from auditor.rulebook.tree import (
    Binary,
    Call,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Text,
    operands,
)
from auditor.rulebook.wordlist import WordList
from auditor.text import written

_SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "*": "×", "/": "÷"}
_OR, _AND, _COMPARED, _SUM, _PRODUCT, _ATOM = range(1, 7)
_MOST = 8  # words of a list that are told one by one


@dataclass(frozen=True)
class Wording:
    """What expressions are told with: their scope, the words of a language, the source text.

    `source` is the expression as its author wrote it: numbers are told as they stand there.
    """

    scope: Scope
    words: Words
    source: str = ""

    def __call__(self, node: Node) -> str:
        """The whole expression."""
        return self._told(node)[0]

    def must(self, node: Node) -> str | None:
        """A comparison as something that must hold: `x must not exceed y`; None for others."""
        if not isinstance(node, Binary) or node.op not in COMPARE:
            return None
        if node.op == "==" and node.right == Text(""):
            return self.words("sentence.no_text", text=self._side(node.left))
        relation = self.words(f"relation.{node.op}")
        return f"{self._side(node.left)} {relation} {self._side(node.right, node.left)}"

    def name(self, name: Name) -> str:
        """A name in the words of the language; a threshold with its value."""
        word = str(name).removesuffix(".*")
        if not name.wildcard and word in self.scope.thresholds:
            return self._threshold(word)
        shown = named(self.scope, name.parts, self.words.lang) or word
        below = self.words("below")
        return (
            f"{below} {shown}"
            if name.wildcard and self._english
            else (shown + below if name.wildcard else shown)
        )

    @property
    def _english(self) -> bool:
        return self.words.lang == "en"

    def _threshold(self, word: str) -> str:
        value = self.scope.thresholds[word]
        if isinstance(value, WordList):
            return self.quoted(word)
        told = number(value) if is_number(value) else written(value)
        if isinstance(value, Decimal) and 0 < value < 1:
            told = number((value * 100).normalize()) + "%"
        return f"{word}（{told}）" if not self._english else f"{word} ({told})"

    def quoted(self, text: str) -> str:
        """A text in the quotation marks of the language."""
        return f"{self.words('sign.open')}{text}{self.words('sign.close')}"

    def listed(self, texts: Sequence[str], *, sign: str = "sign.list") -> str:
        """Texts one after the other; of many the first few and their number."""
        shown = self.words(sign).join(texts[:_MOST])
        more = self.words("sign.more", count=len(texts))
        return shown if len(texts) <= _MOST else f"{shown}{more}"

    # ---- parts, each with how tightly it binds -------------------------------------------------

    def _told(self, node: Node) -> tuple[str, int]:
        match node:
            case Number():
                return self._number(node), _ATOM
            case Text(value=value):
                return self.quoted(value), _ATOM
            case Name():
                return self.name(node), _ATOM
            case Not(operand=operand):
                return self.words("sign.not") + self._tight(operand, _ATOM), _COMPARED
            case Negate(operand=operand):
                return "-" + self._tight(operand, _PRODUCT), _SUM
            case Call():
                return self._call(node), _ATOM
        return self._binary(node)

    def _binary(self, node: Binary) -> tuple[str, int]:
        if node.op in ("and", "or"):
            level = _AND if node.op == "and" else _OR
            least = _COMPARED if node.op == "or" else _AND + 1  # `a and b or c` is misread
            parts = [self._tight(part, least) for part in operands(node, node.op)]
            return self.words(f"sign.{node.op}").join(parts), level
        if node.op in COMPARE:
            left = self._side(node.left, node.right)
            return f"{left} {_SIGNS[node.op]} {self._side(node.right, node.left)}", _COMPARED
        level = _SUM if node.op in ("+", "-") else _PRODUCT
        left = self._tight(node.left, level)
        right = self._tight(node.right, level + (node.op in ("-", "/", "*")))
        return f"{left} {_SIGNS.get(node.op, node.op)} {right}", level

    def _tight(self, node: Node, least: int) -> str:
        text, level = self._told(node)
        if level >= least:
            return text
        return f"({text})" if self._english else f"（{text}）"

    def _side(self, node: Node, other: Node | None = None) -> str:
        """One side of a comparison; the key of an enumerated fact is told in its word."""
        if isinstance(node, Text) and isinstance(other, Name):
            found = self.scope(other)
            words = self.scope.form.words_of(found[0]) if isinstance(found, tuple) else {}
            if self._english:
                words = {word: key for key, word in words.items()}
            return self.quoted(words.get(node.value, node.value))
        return self._tight(node, _SUM)

    def _number(self, node: Number) -> str:
        as_written = self.source[node.start : node.end]
        return as_written if as_written[:1].isdigit() else number(node.value)

    def _call(self, node: Call) -> str:
        args = [self._tight(arg, _SUM if len(node.args) > 1 else _ATOM) for arg in node.args]
        phrase = self.words.get(f"function.{node.name}_{len(args)}", "")  # of so few arguments
        phrase = phrase or self.words.get(f"function.{node.name}", "")
        if not phrase:
            function = FUNCTIONS[node.name]
            shown = function.name if self._english else function.chinese
            return f"{shown}({', '.join(args)})"
        rest = self.listed(args[1:])
        several = self.words("sign.any_of", list=rest) if len(args) > 2 else rest
        whole = args[0] if len(args) == 1 else self.words("sign.group", list=self.listed(args))
        return phrase.format(
            all=whole, first=args[0], rest=rest, any=several,
            most=self.listed(args[:-1]), last=args[-1],
            second=args[1] if len(args) > 1 else "", others=self.listed(args[2:]),
        )  # fmt: skip


def number(value: Numeric) -> str:
    """A number for people."""
    return numeral(value)


def named(scope: Scope, parts: Sequence[str], lang: str) -> str | None:
    """A name as it is written in a language at this place; None for what the form lacks.

    What is relative to a table or a row stays so.
    """
    bases = [scope.place.row.path] if scope.place.row is not None else []
    if scope.table is not None and not bases:
        bases.append(scope.table.key)
    for base in (*bases, ""):
        words = (*base.split("."), *parts) if base else tuple(parts)
        path = path_of(scope.form, words)
        if path is not None:
            whole = path if lang == "en" else short_names(scope.form).get(path, path)
            return ".".join(whole.split(".")[-len(parts) :])
    return None


@lru_cache(maxsize=16)
def short_names(form: Form) -> dict[str, str]:
    """Path → the dotted short name of the form."""
    return {path: name for name, path in form.names.items()}
