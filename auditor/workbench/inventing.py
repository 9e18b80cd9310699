"""Small edits of reports that might tell a mutant from its rule: what a person would try."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from auditor.errors import ExpressionError
from auditor.form import BESIDE, Form
from auditor.rulebook.edits import PRIOR, UNREAD, valid
from auditor.rulebook.job import table_of
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.scope import Scope, path_of, places
from auditor.rulebook.tree import Constant, Node, dated_names
from auditor.rulebook.verbs import claim
from auditor.workbench.expressions import expressions
from auditor.workbench.neighbours import name_of
from auditor.workbench.sampling import sentences_of
from auditor.workbench.spots import names_of, spots, whole

Edits = dict[str, Any]
_SMALL = (0, 1, 2, 3, 5, 10, 100)
_MOST_TEXTS, _PLACES = 40, 3
_LAST = PRIOR[1]
_NOT_READ = UNREAD[1]
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Knob:
    """One fact that an edit may change: its name, of which year, and values worth trying."""

    name: str
    prior: bool
    values: tuple[Any, ...]

    def turn(self, edits: Edits, value: Any) -> Edits:
        """The edits with this fact changed; UNREAD takes it away."""
        if self.prior:
            last = dict(edits.get(_LAST) or {})
            return {**edits, _LAST: _changed(last, self.name, value)}
        return _changed(dict(edits), self.name, value)


_GONE = object()


def _changed(edits: Edits, name: str, value: Any) -> Edits:
    if value is not _GONE:
        return {**edits, name: value}
    edits.pop(name, None)
    gone = edits.get(_NOT_READ, [])
    return {**edits, _NOT_READ: [*(gone if isinstance(gone, list) else [gone]), name]}


def invented(rule: Rule, changed: Rule, rules: RuleSet, form: Form, budget: int) -> Iterator[Edits]:
    """Edits, the nearest to the rule's own examples first; at most `budget` of them."""
    bases = _bases(rule)
    knobs = list(_knobs(rule, changed, rules, form, bases))
    yield from islice(_moves(bases, knobs), budget)


def _bases(rule: Rule) -> list[Edits]:
    found: list[Edits] = [{}]
    for example in rule.examples:
        edits = dict(example.edits)
        if edits not in found:
            found.append(edits)
    return found


def _moves(bases: Sequence[Edits], knobs: Sequence[Knob]) -> Iterator[Edits]:
    """One fact changed, then two, then a few at random."""
    yield from bases
    for base in bases:
        for knob in knobs:
            yield from (knob.turn(base, value) for value in knob.values)
        yield from _numbers_moved(base)
    chance = random.Random(0)  # noqa: S311 - the same search every time
    while knobs:
        edits = dict(chance.choice(bases))
        for knob in chance.sample(knobs, min(len(knobs), chance.choice((2, 2, 3, 4)))):
            edits = knob.turn(edits, chance.choice(knob.values))
        yield edits


def _numbers_moved(edits: Any) -> Iterator[Any]:
    """The edits with one of their numbers a little other, in whatever report it stands."""
    items = edits.items() if isinstance(edits, Mapping) else enumerate(edits)
    for key, value in list(items):
        inner: Iterator[Any] = iter(())
        if isinstance(value, Mapping | list):
            inner = _numbers_moved(value)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            inner = (v for v in (value + 1, value - 1, 0, value * 10) if v >= 0)
        for other in inner:
            if isinstance(edits, Mapping):
                yield {**edits, key: other}
            else:
                yield [*edits[:key], other, *edits[key + 1 :]]


# ---- knobs -------------------------------------------------------------------------------------


def _knobs(
    rule: Rule, changed: Rule, rules: RuleSet, form: Form, bases: Sequence[Edits]
) -> Iterator[Knob]:
    """Every fact that the rule or its mutant names, with values worth trying."""
    numbers = _worth(rule, rules, bases)
    texts = _texts(rule, changed, rules, bases)
    seen: set[tuple[str, bool]] = set()
    used = {path for base in bases for path in _named(base, form)}
    for path, prior in _facts(rule, changed, rules, form, used):
        name = name_of(form, path)
        if (name, prior) in seen:
            continue
        seen.add((name, prior))
        values = _values(form, path, numbers, texts, bases)
        if values:
            yield Knob(name, prior, (*values, _GONE))


def _named(edits: Edits, form: Form) -> Iterator[str]:
    """The facts that an example changes, in whatever report."""
    for name, value in edits.items():
        path = path_of(form, tuple(name.split(".")))
        if path is not None:
            yield path
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Mapping):
                yield from _named(dict(inner), form)


def _facts(
    rule: Rule, changed: Rule, rules: RuleSet, form: Form, used: Set[str]
) -> Iterator[tuple[str, bool]]:
    """The facts that the rule or its mutant look at, at places that its examples know first."""
    for one in (rule, changed):
        for written in expressions(one):
            look = spots if written.key in ("assert", "forbid") else whole
            places_ = [list(_of(s.node, s.scope)) for s in look(one, written.text, rules, [form])]
            places_.sort(key=lambda facts: not any(path in used for path, _ in facts))
            for facts in places_[:_PLACES]:
                yield from facts
    if rule.verb not in ("assert", "forbid"):
        texts = [f"{section.key}.text" for section in form.sections]
        for path in (*texts, "opening", "period"):
            if path in form.labels:
                yield path, False
        yield from _column_facts(rule, rules, form)


def _of(node: Node, scope: Scope) -> Iterator[tuple[str, bool]]:
    for name, prior in dated_names(node):
        try:
            meant = scope(name)
        except ExpressionError:
            continue
        if not isinstance(meant, Constant):
            yield from ((path, prior) for path in meant[:2])


def _column_facts(rule: Rule, rules: RuleSet, form: Form) -> Iterator[tuple[str, bool]]:
    """The facts of the expressions of a claim, in the column that it names."""
    table = table_of(form, rule.table)
    for body in rule.body if isinstance(rule.body, list) else [rule.body]:
        named = [body[k] for k in body if claim.KEYS.get(k) == "column"] if _maps(body) else []
        for place in places(form, table, "column" if named else ""):
            if named and named[0] not in (place.column, *place.said.zh.removesuffix("列").split()):
                continue
            scope = Scope(form, table, place, names_of(rules))
            for written in expressions(rule):
                yield from _of(written.node, scope)


def _maps(body: object) -> bool:
    return isinstance(body, Mapping)


def _worth(rule: Rule, rules: RuleSet, bases: Sequence[Edits]) -> tuple[Any, ...]:
    """Numbers near those that matter: of the examples, and at the thresholds."""
    found: dict[Any, None] = dict.fromkeys(_SMALL)
    for base in bases:
        for number in _leaves(base):
            found.update(dict.fromkeys((number, number + 1, max(0, number - 1))))
    named = {str(n) for one in expressions(rule) for n, _ in dated_names(one.node)}
    for name in sorted(named & set(rules.thresholds)):
        value = Decimal(str(rules.thresholds[name].at(None)))
        for factor in (1, 10, 20, 100, 1000):
            at = value * factor
            if at == int(at):
                found.update(dict.fromkeys((int(at), int(at) + 1, max(0, int(at) - 1))))
        found.update(dict.fromkeys((value, value + Decimal("0.005"), value - Decimal("0.005"))))
    return tuple(found)


def _leaves(edits: Any) -> Iterator[Any]:
    for value in edits.values() if isinstance(edits, Mapping) else edits:
        if isinstance(value, Mapping | list):
            yield from _leaves(value)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            yield value


def _texts(rule: Rule, changed: Rule, rules: RuleSet, bases: Sequence[Edits]) -> tuple[str, ...]:
    """Texts of the examples, and sentences in which the rule's phrases stand."""
    found: dict[str, None] = {}
    for base in bases:
        found.update(dict.fromkeys(v for v in base.values() if isinstance(v, str)))
    for one in (rule, changed):
        found.update(dict.fromkeys(sentences_of(one, rules)))
    return tuple(found)


def _values(
    form: Form, path: str, numbers: Sequence[Any], texts: Sequence[str], bases: Sequence[Edits]
) -> tuple[Any, ...]:
    """Values worth trying for one fact, by its kind."""
    cell = form.fields.get(path)
    if cell is not None and cell.kind != "amount":
        return (*(n for n in numbers if isinstance(n, int)), None)
    if cell is not None or (not path.endswith(".text") and _is_number(form, path)):
        whole_ = isinstance(valid(form).values.get(path), int)
        return tuple(n for n in numbers if not whole_ or isinstance(n, int))
    if form.is_logic(path):
        return ("是", "否")
    if form.words_of(path):
        return tuple(form.words_of(path).values())
    default = valid(form).values.get(path)
    own = [
        b[name] for b in bases for name in (name_of(form, path),) if isinstance(b.get(name), str)
    ]
    if (isinstance(default, str) and _DATE.fullmatch(default)) or any(map(_DATE.fullmatch, own)):
        return tuple(_days([*own, default]))
    return tuple(dict.fromkeys((*own, *texts[:_MOST_TEXTS])))


def _is_number(form: Form, path: str) -> bool:
    return form.is_number(path) or BESIDE.get(path, ("", ""))[1] == "number"


def _days(texts: Sequence[Any]) -> Iterator[str]:
    """Each day, the days beside it, and the ends of its year."""
    for text in dict.fromkeys(t for t in texts if isinstance(t, str) and _DATE.fullmatch(t)):
        day = date.fromisoformat(text)
        for other in (day, day + timedelta(1), day - timedelta(1)):
            yield other.isoformat()
        for year in (day.year, day.year - 1):
            yield f"{year}-01-01"
            yield f"{year}-12-31"
            yield f"{year}-11-30"
