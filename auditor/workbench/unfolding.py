"""An expression evaluated over the facts of a report, node by node, as a tree of steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.renderers.words import Words
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula
from auditor.rulebook.functions import ACROSS
from auditor.rulebook.kleene import OWN, Result, Sight, across, value_of
from auditor.rulebook.numbers import COMPARE, Interval, is_number, numeral
from auditor.rulebook.tree import (
    BLANK,
    UNKNOWN,
    Binary,
    Call,
    Constant,
    Name,
    Node,
    Number,
    Text,
    addends,
    children,
    operands,
)
from auditor.rulebook.wordlist import WordList
from auditor.workbench.steps import Step, place_of
from auditor.workbench.wording import Wording

_QUOTED = 24  # characters of a text that are enough to know it by
_MANY = 12  # other reports that are told one by one


@dataclass(frozen=True)
class Unfolding:
    """One formula over the facts of one report."""

    formula: Formula
    facts: Facts
    sight: Sight
    wording: Wording

    @property
    def words(self) -> Words:
        """The words of the language."""
        return self.wording.words

    def tree(self, node: Node | None = None, *, prior: bool = False) -> Step:
        """The node with its value, and the nodes below it."""
        node = self.formula.node if node is None else node
        if isinstance(node, Name):
            return self._name(node, prior)
        if isinstance(node, Call) and node.name == "prior":
            inner = self.tree(node.args[0], prior=True)
            return Step(self.wording(node), self._value(node, prior), prior=True, steps=(inner,))
        if isinstance(node, Call) and node.name in ACROSS:
            return Step(self.wording(node), steps=tuple(self._elsewhere(node)))
        below = tuple(self._below(node, prior))
        return Step(self.wording(node), self._value(node, prior), steps=below)

    def _below(self, node: Node, prior: bool) -> Iterator[Step]:
        """The nodes below; of a comparison, a side that is no single name is told by its side."""
        compared = node.left if isinstance(node, Binary) and node.op in COMPARE else None
        for part in _parts(node):
            step = self.tree(part, prior=prior)
            if compared is not None and not isinstance(part, Name) and step.steps:
                side = "step.left" if part is compared else "step.right"
                step = replace(step, said=self.words(side))
            yield step

    def _value(self, node: Node, prior: bool) -> str:
        return self.shown(value_of(node, self.sight, prior))

    def shown(self, value: Result | object) -> str:
        """A value for people: □ for a blank, ？ for what was not read."""
        if value is UNKNOWN or value is BLANK:
            return "？" if value is UNKNOWN else "□"
        if isinstance(value, bool):
            return self.words("step.holds" if value else "step.fails")
        if isinstance(value, Interval):
            return _range(value)
        if isinstance(value, WordList):
            return self.words("step.words", count=len(value.expressions))
        if is_number(value):
            return numeral(value)
        text = " ".join(str(value).split())
        short = text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
        return self.wording.quoted(short)

    def _name(self, name: Name, prior: bool) -> Step:
        meant = self.sight.meant(name)
        if isinstance(meant, Constant):
            return Step(self.wording.name(name), self.shown(meant.value))
        facts = tuple(self.fact(path, prior=prior) for path in meant)
        if len(facts) == 1 and not name.wildcard:
            return facts[0]
        return Step(self.wording.name(name), steps=facts)

    def fact(self, path: str, *, prior: bool = False) -> Step:
        """A fact with its label, its value as it was read, and its place."""
        source = self.facts.source(prior=prior, unit=OWN)
        value, state = self.sight.fact(path, prior), source.state(path)
        shown = self._word(path, value)
        place = place_of(source.locations.get(path), self.words)
        if prior and self.facts.prior is None:
            state, place = "open", ""
        label = self.facts.label(path.removesuffix(".text")).inside(self.words.lang)
        return Step(label, shown or self.shown(value), "", place, state, prior, path)

    def _word(self, path: str, value: object) -> str:
        """Yes or no, or the word for people of an enumerated fact; "" for any other."""
        if isinstance(value, bool):
            return self.words("step.is_so" if value else "step.is_not")
        words = self.facts.form.words_of(path) if self.words.lang == "zh" else {}
        return self.wording.quoted(words[str(value)]) if str(value) in words else ""

    def _elsewhere(self, node: Call) -> Iterator[Step]:
        """The value in each of the other reports; of many the first few."""
        values = across(node, self.sight)
        others = self.facts.units if node.name == "units" else ()
        for number, value in enumerate(values[:_MANY]):
            name = others[number].subject if number < len(others) else f"#{number + 1}"
            yield Step(name, self.shown(value))
        if len(values) > _MANY:
            yield Step(self.words("sign.more", count=len(values)))


def _parts(node: Node) -> tuple[Node, ...]:
    """What a reader wants to see below a node: a whole chain at once, no constants."""
    if isinstance(node, Binary) and node.op in ("and", "or"):
        found: tuple[Node, ...] = tuple(operands(node, node.op))
    elif isinstance(node, Binary) and node.op in ("+", "-"):
        found = tuple(term for _, term in addends(node))
    else:
        found = children(node)
    return tuple(part for part in found if not isinstance(part, Number | Text))


def _range(value: Interval) -> str:
    """What is left open by blanks: `≥ 3`, `3–5`."""
    low, high = value.low, value.high
    if high[0]:
        return "□" if low == (0, 0) else f"≥ {numeral(low[1])}"
    return f"≤ {numeral(high[1])}" if low[0] else f"{numeral(low[1])}–{numeral(high[1])}"
