"""Job: what a verb needs to turn one rule into a check for one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.errors import ExpressionError, Said
from auditor.form import Form, TableForm
from auditor.model import Evidence, Value
from auditor.rulebook.author import Author, near
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula, formula
from auditor.rulebook.functions import Kind
from auditor.rulebook.kinds import kind
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import Rule
from auditor.rulebook.scope import Place, Scope
from auditor.rulebook.sieve import Sieve
from auditor.rulebook.template import Found, Template, template
from auditor.rulebook.tree import UNKNOWN, Binary, Missing, Name, Node, Not, Text
from auditor.rulebook.wordlist import WordList

if TYPE_CHECKING:
    from auditor.rulebook.explain import Evaluation

Fill = Callable[[Facts, Found], Said]
"""Fills a message with the rule's numbers and with what the check found."""


_MANY, _FEW = 60, 6
NEXT_YEAR = "+1"
"""After a helper: the rule chose the split as it stood in the report of the year after."""


@dataclass(frozen=True)
class Job:
    """One rule, one form, its thresholds, and where the author's mistakes are noted.

    `thresholds` hold the word lists, too: both are names. `kinds` are the observations that rules
    may name: every accepted spelling → English word.
    Without `checking` the messages are not parsed until one is needed: they were checked before.
    """

    rule: Rule
    form: Form
    thresholds: Mapping[str, Value | WordList]
    author: Author
    kinds: Mapping[str, str] = field(default_factory=dict)
    checking: bool = True
    trees: Mapping[str, Node] = field(default_factory=dict)
    sieve: Sieve = field(default_factory=Sieve)
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def table(self) -> TableForm | None:
        """The table that the rule names, by short name, key or number; None if it names none."""
        return table_of(self.form, self.rule.table)

    def scope(self, place: Place | None = None) -> Scope:
        """The names at a place of the rule's table, or of the whole report."""
        if place is None:
            return Scope(self.form, self.table, thresholds=self.thresholds)
        return Scope(self.form, self.table, place, self.thresholds)

    def mark(self, key: str) -> Mark | None:
        """Where the value of one of the rule's keys stands in its file."""
        return self.rule.marks.get(key)

    def formula(
        self, text: Any, mark: Mark | None, scope: Scope, wanted: Kind = "logic"
    ) -> Formula | None:
        """The expression bound to the scope; None after a mistake, which is noted."""
        if not isinstance(text, str):
            said = Said("这里应当是一个式子", "an expression is expected here")
            self.author.wrong(mark, said)
            return None
        with self.author.expression(mark, text):
            return build(self.parse(text), scope, wanted, checking=self.checking)
        return None

    def parse(self, text: str) -> Node:
        """The tree of an expression, parsed before or now. Raises ExpressionError."""
        return self.trees.get(text) or parse(text)

    def message(self, place: Place | None = None) -> Fill:
        """Fills the rule's message at a place; checked now, built when first needed."""
        said, scope = self.rule.message, self.scope(place)
        if said is None:
            return lambda facts, found: self.rule.title
        if self.checking:
            for text in dict.fromkeys((said.zh, said.en)):
                with self.author.expression(self.mark("message"), text):
                    template(Said(text, text), scope)
        built: list[Template] = []

        def fill(facts: Facts, found: Found) -> Said:
            if not built:
                built.append(template(said, scope))
            return built[0].filled(facts, found)

        return fill


def table_of(form: Form, word: str) -> TableForm | None:
    """A table by short name, key or number (表三)."""
    for table in form.tables:
        if word and word in (table.name, table.key, table.number):
            return table
    return None


def build(node: Node, scope: Scope, wanted: Kind, *, checking: bool = True) -> Formula:
    """Check kinds and words, then bind. Raises ExpressionError."""
    node = with_keys(node, scope)
    if not checking:
        return formula(node, scope)
    found = kind(node, lambda name: kind_of(scope, name))
    if found != wanted:
        said = {
            "logic": Said("这里要一个能判断真假的式子", "this must be something true or false"),
            "number": Said("这里要一个数", "this must be a number"),
        }.get(wanted, Said("种类不对", "wrong kind"))
        raise ExpressionError(said, node.start, node.end)
    return formula(node, scope)


def kind_of(scope: Scope, name: Name) -> Kind:
    """What a name stands for: cells are numbers, head facts and sections are texts."""
    found = scope(name)
    if not isinstance(found, tuple):
        if isinstance(found.value, WordList):
            return "words"
        return "text" if isinstance(found.value, str) else "number"
    path = found[0]
    if path in scope.form.fields or scope.form.is_number(path):
        return "number"
    return "logic" if scope.form.is_logic(path) else "text"


def with_keys(node: Node, scope: Scope) -> Node:
    """Words for enumerated facts become their keys: a word for people compares equal to its key."""
    if isinstance(node, Binary):
        if node.op in ("==", "!="):
            left = _keyed(node.left, node.right, scope)
            right = _keyed(node.right, node.left, scope)
        else:
            left, right = with_keys(node.left, scope), with_keys(node.right, scope)
        return Binary(node.op, left, right, start=node.start, end=node.end)
    if isinstance(node, Not):
        return Not(with_keys(node.operand, scope), start=node.start, end=node.end)
    return node


def _keyed(node: Node, other: Node, scope: Scope) -> Node:
    if isinstance(node, Name):
        _unquoted(node, other, scope)
    if not (isinstance(node, Text) and isinstance(other, Name)) or other.wildcard:
        return node
    found = scope(other)
    words = scope.form.words_of(found[0]) if isinstance(found, tuple) else {}
    if not words or node.value in words:
        return node
    keys = {word: key for key, word in words.items()}
    if node.value in keys:
        return Text(keys[node.value], start=node.start, end=node.end)
    said = Said(
        f"{other} 没有这一种：'{node.value}'，可以是：{'、'.join(keys)}",
        f"{other} is never '{node.value}'; it may be: {', '.join(words)}",
    )
    raise ExpressionError(said, node.start, node.end, near(node.value, [*keys, *words]))


def _unquoted(node: Name, other: Node, scope: Scope) -> None:
    """A word for people that stands without its quotes beside the fact that may have it."""
    if not isinstance(other, Name) or other.wildcard or node.wildcard or len(node.parts) != 1:
        return
    try:
        found = scope(other)
    except ExpressionError:
        return  # told of the other side
    words = scope.form.words_of(found[0]) if isinstance(found, tuple) else {}
    word = node.parts[0]
    if word in words or word in words.values():
        said = Said(f"文字要放进引号：{word}", f"a text stands in quotes: {word}")
        raise ExpressionError(said, node.start, node.end, (f'"{word}"',))


def evidence(facts: Facts, evaluation: Evaluation) -> tuple[Evidence, ...]:
    """What an evaluation touched, with labels, states and places.

    Of a sum over a whole table the zeros are left out: they say nothing, and there are many.
    """
    found = []
    many = _few_words(evaluation)
    for touched in evaluation.touched:
        if many and touched.value == 0:
            continue
        source = facts.source(prior=touched.prior, unit=touched.unit)
        value = touched.value
        found.append(
            Evidence(
                path=touched.path,
                label=facts.label(touched.path),
                value=None if isinstance(value, Missing) else value,
                state=source.state(touched.path),
                location=source.locations.get(touched.path),
                prior=touched.prior,
                subject=source.subject if touched.unit >= 0 else "",
            )
        )
        if touched.unit < 0 and not touched.prior:
            found += facts.quotes.get(touched.path, ())
    return tuple(found)


def _few_words(evaluation: Evaluation) -> bool:
    """Whether the zeros are left out: in a sum over a table, or where all is zero."""
    touched = evaluation.touched
    return len(touched) > _MANY or (len(touched) > _FEW and all(t.value == 0 for t in touched))


def helped(rule: str, place: Place, facts: Facts, evaluation: Evaluation) -> bool:
    """Whether this place of the rule chose the split of a cell that it now looks at."""
    mine = f"{rule}@{place.key}"
    return any(
        mine + (NEXT_YEAR if t.prior else "")
        in facts.source(prior=t.prior, unit=t.unit).helpers.get(t.path, ())
        for t in evaluation.touched
    )


def unknown(value: Any) -> bool:
    """True for a value that could not be decided."""
    return value is UNKNOWN
