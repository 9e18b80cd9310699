"""Coverage: which rules were ever asked, and which of their conditions were ever true and false.

A branch is one side of one condition: the condition of a rule, what it asserts or forbids, each
part that `and`, `or` or `not` joins, the condition of each exception. It is covered where an
example or a case reaches it, in reading order as people read it: what stands after a part that
decides is not reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.errors import ExpressionError
from auditor.form import Form
from auditor.model import Outcome
from auditor.rulebook.apply import apply
from auditor.rulebook.examples import Readied
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula, formula
from auditor.rulebook.holding import applies
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.rule import Ready, Rule, RuleSet
from auditor.rulebook.tree import Binary, Node, Not, operands
from auditor.workbench.expressions import expressions
from auditor.workbench.spots import Spot, spots, whole

Asked = tuple[str, Form, Facts]
"""A rule, a form, and the facts of a report that it was asked about."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One condition and one of its two values."""

    rule: str
    key: str
    text: str
    value: bool


@dataclass
class Coverage:
    """All branches and those reached; for each rule whether it passed and found something."""

    branches: dict[Branch, None] = field(default_factory=dict)
    reached: set[Branch] = field(default_factory=set)
    rules: dict[str, set[bool]] = field(default_factory=dict)

    @property
    def missed(self) -> tuple[Branch, ...]:
        """What nothing reaches, in the order of the rules."""
        return tuple(b for b in self.branches if b not in self.reached)

    @property
    def silent(self) -> tuple[str, ...]:
        """The rules that never passed, or never found anything."""
        return tuple(rule for rule, seen in self.rules.items() if len(seen) < 2)

    @property
    def share(self) -> float:
        """Covered rules and branches in a hundred."""
        whole_ = len(self.branches) + len(self.rules)
        missed = len(self.missed) + len(self.silent)
        return 100.0 if not whole_ else 100 * (whole_ - missed) / whole_


def coverage(rules: RuleSet, forms: Sequence[Form], asked: Iterable[Asked]) -> Coverage:
    """What these reports cover of the rules."""
    found = Coverage()
    by_id = {rule.id: rule for rule in rules.rules}
    for rule in rules.own:
        if any(applies_to(rule, form, rules) for form in forms):
            found.rules[rule.id] = set()
            found.branches.update(dict.fromkeys(_branches(rule)))
    watchers: dict[tuple[str, str], list[_Watcher]] = {}
    ready = Readied(rules)
    for id_, form, facts in asked:
        if id_ not in found.rules:
            continue
        rule = by_id[id_]
        if (id_, form.id) not in watchers:
            watchers[id_, form.id] = list(_watchers(rule, form, rules))
        one = ready.of(id_, form, facts.period)
        _watch(one, watchers[id_, form.id], facts, found)
    return found


def _branches(rule: Rule) -> Iterator[Branch]:
    for one in expressions(rule):
        if one.key in ("when", "except", "assert", "forbid"):
            for node in parts(one.node):
                text = one.text[node.start : node.end].strip()
                yield Branch(rule.id, one.key, text, True)
                yield Branch(rule.id, one.key, text, False)


def parts(node: Node) -> Iterator[Node]:
    """A condition and each part that `and`, `or` or `not` joins, in reading order."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Binary) and node.op in ("and", "or"):
            stack += reversed(operands(node, node.op))
        elif isinstance(node, Not):
            stack.append(node.operand)


def _joins(node: Node) -> bool:
    return isinstance(node, Not) or (isinstance(node, Binary) and node.op in ("and", "or"))


@dataclass(frozen=True, slots=True)
class _Watcher:
    """An expression at one place, watched part by part; `leaves` are its parts without parts."""

    rule: str
    key: str
    text: str
    spot: Spot
    leaves: Mapping[int, Formula]

    def watch(self, facts: Facts, reached: set[Branch]) -> bool | None:
        """The truth of the whole; every part that is reached on the way is noted."""
        return self._part(self.spot.node, facts, reached)

    def _part(self, node: Node, facts: Facts, reached: set[Branch]) -> bool | None:
        value: bool | None
        if isinstance(node, Binary) and node.op in ("and", "or"):
            value = self._joined(node, facts, reached)
        elif isinstance(node, Not):
            inner = self._part(node.operand, facts, reached)
            value = None if inner is None else not inner
        else:
            found = self.leaves[id(node)].value(facts)
            value = found if isinstance(found, bool) else None
        if value is not None:
            text = self.text[node.start : node.end].strip()
            reached.add(Branch(self.rule, self.key, text, value))
        return value

    def _joined(self, node: Binary, facts: Facts, reached: set[Branch]) -> bool | None:
        decisive = node.op == "or"
        whole_: bool | None = not decisive
        for part in operands(node, node.op):
            value = self._part(part, facts, reached)
            if value is decisive:
                return decisive
            if value is None:
                whole_ = None
        return whole_


def _watchers(rule: Rule, form: Form, rules: RuleSet) -> Iterator[_Watcher]:
    for one in expressions(rule):
        if one.key in ("assert", "forbid"):
            places = spots(rule, one.text, rules, [form])
        elif one.key in ("when", "except"):
            places = whole(rule, one.text, rules, [form])
        else:
            continue
        for spot in places:
            leaves = _leaves(spot)
            if leaves is not None:
                yield _Watcher(rule.id, one.key, one.text, spot, leaves)


def _leaves(spot: Spot) -> Mapping[int, Formula] | None:
    """Every part without parts, compiled; None where the place lacks a name."""
    try:
        return {id(n): formula(n, spot.scope) for n in parts(spot.node) if not _joins(n)}
    except ExpressionError:
        return None


def _watch(ready: Ready, watchers: Sequence[_Watcher], facts: Facts, found: Coverage) -> None:
    """One report: what the rule says of it, and what it reaches on the way."""
    result = apply(ready, facts)
    if result.outcome is Outcome.PASS:
        found.rules[ready.rule.id].add(True)
    elif result.outcome in (Outcome.FAIL, Outcome.REVIEW):
        found.rules[ready.rule.id].add(False)
    if not all(facts.has(need) for need in ready.needs):
        return
    breached = result.outcome in (Outcome.FAIL, Outcome.REVIEW)
    applicable = True
    for one in watchers:
        if one.key == "when":
            applicable = one.watch(facts, found.reached) is True
        elif breached if one.key == "except" else applicable and applies(one.spot.place, facts):
            one.watch(facts, found.reached)
