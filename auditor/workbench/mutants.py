"""Mutants: a rule with one small slip in it. Examples that are worth their place tell each from
the rule.

Changed are: operators, names, constants and parts of every expression; bounds (thresholds, years,
`at_least`); polarity (assert and forbid, review, conditions); the conditions of exceptions; in
rules about texts each phrase, each accepted expression, each list that lets something off, each
kind of observation. Single words of word lists are data of their own and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.errors import ExpressionError, Said
from auditor.form import Form
from auditor.model import Value
from auditor.rulebook.expression import parse
from auditor.rulebook.job import table_of
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.rule import Rule, RuleSet, Threshold
from auditor.rulebook.scope import Scope, places
from auditor.rulebook.tree import names
from auditor.workbench.bodies import bodies
from auditor.workbench.expressions import expressions
from auditor.workbench.printing import printed
from auditor.workbench.slips import beside, of_days, slips
from auditor.workbench.spots import names_of


@dataclass(frozen=True, eq=False)
class Mutant:
    """A changed rule. `key` is the part of the rule that was changed, `kind` how.

    `thresholds` are those of the rule set with one of them changed.
    """

    rule: Rule
    original: Rule
    kind: str
    key: str
    old: str
    new: str
    thresholds: Mapping[str, Threshold] | None = None

    @property
    def said(self) -> Said:
        """What was changed, in one line."""
        zh, en = _KINDS[self.kind]
        before, after = self.old or "–", self.new or "–"
        return Said(f"{zh}：{before}  →  {after}", f"{en}: {before}  →  {after}")


_KINDS = {
    "operator": ("运算", "operator"),
    "name": ("名称", "name"),
    "constant": ("常数", "constant"),
    "part": ("少一部分", "part left out"),
    "bound": ("界限", "bound"),
    "polarity": ("正反", "polarity"),
}


def mutants(rule: Rule, rules: RuleSet, forms: Sequence[Form]) -> Iterator[Mutant]:
    """Every mutant of a sound rule."""
    scope = _scope(rule, rules, forms)
    if scope is None:
        return
    yield from _polarity(rule)
    yield from _years(rule)
    yield from _thresholds(rule, rules)
    yield from _conditions(rule, replace(scope, place=places(scope.form, None, "")[0]))
    yield from _body(rule, scope)


def _scope(rule: Rule, rules: RuleSet, forms: Sequence[Form]) -> Scope | None:
    """The names at the first place of the first form that has those of the rule."""
    known = names_of(rules)
    for form in forms:
        if form.id not in rules.forms or not applies_to(rule, form, rules):
            continue
        table = table_of(form, rule.table)
        for place in places(form, table, rule.for_each):
            scope = Scope(form, table, place, known)
            if _knows(rule, scope):
                return scope
    return None


def _knows(rule: Rule, scope: Scope) -> bool:
    if rule.verb not in ("assert", "forbid"):
        return True
    try:
        for name in names(parse(rule.body)):
            scope(name)
    except ExpressionError:
        return False
    return True


def _made(rule: Rule, original: Rule, kind: str, key: str, old: str, new: str) -> Mutant:
    return Mutant(rule, original, kind, key, old, new)


# ---- polarity, years, thresholds ---------------------------------------------------------------

_OPPOSITE = {"assert": ("forbid", "应当", "不得"), "forbid": ("assert", "不得", "应当")}


def _polarity(rule: Rule) -> Iterator[Mutant]:
    if rule.verb in _OPPOSITE:
        verb, old, new = _OPPOSITE[rule.verb]
        marks = {**rule.marks, verb: rule.marks.get(rule.verb)}
        changed = replace(rule, verb=verb, marks=marks)
        yield _made(changed, rule, "polarity", rule.verb, old, new)
    changed = replace(rule, review=not rule.review)
    old, new = ("复核", "不复核") if rule.review else ("不复核", "复核")
    if rule.review and (_always_lawful(rule) or any(not e.when for e in rule.exceptions)):
        return  # a review in any case
    yield _made(changed, rule, "polarity", "review", old, new)


def _always_lawful(rule: Rule) -> bool:
    """Whether the verb itself leaves another reading of whatever it finds: see breakdown."""
    check = rule.body.get("核", rule.body.get("check")) if isinstance(rule.body, Mapping) else None
    return rule.verb == "breakdown" and check in ("不足", "short", "各项", "parts")


def _years(rule: Rule) -> Iterator[Mutant]:
    for key, year in (("since", rule.since), ("until", rule.until)):
        for other in (year + 1, year - 1) if year is not None else ():
            changed = replace(rule, since=other) if key == "since" else replace(rule, until=other)
            yield _made(changed, rule, "bound", key, str(year), str(other))


def _thresholds(rule: Rule, rules: RuleSet) -> Iterator[Mutant]:
    """Each threshold that the rule names, a little higher and a little lower."""
    used: dict[str, tuple[str, bool]] = {}
    for one in expressions(rule):
        for word in map(str, names(one.node)):
            if word in rules.thresholds:
                used.setdefault(word, (one.key, of_days(one.node)))
    for name, (key, days) in used.items():
        held = rules.thresholds[name]
        value = held.at(None)
        assert not isinstance(value, str | bool)
        for other in beside(value, days=days):
            changed = replace(
                held, values=tuple((y, _moved(v, value, other)) for y, v in held.values)
            )
            yield Mutant(rule, rule, "bound", key, f"{name} {value}", f"{name} {other}",
                         {**rules.thresholds, name: changed})  # fmt: skip


def _moved(value: Value, old: Value, new: Value) -> Value:
    """Every value of a dated threshold moves by the same step."""
    assert not isinstance(value, str | bool)
    assert not isinstance(old, str | bool)
    assert not isinstance(new, str | bool)
    return value + (new - old)


# ---- conditions --------------------------------------------------------------------------------


def _conditions(rule: Rule, scope: Scope) -> Iterator[Mutant]:
    """The condition and those of the exceptions: changed, turned round, left out."""
    if rule.when:
        for text, kind, old, new in _condition(rule.when, scope):
            yield _made(replace(rule, when=text), rule, kind, "when", old, new)
    for n, lawful in enumerate(rule.exceptions):
        rest = (*rule.exceptions[:n], *rule.exceptions[n + 1 :])
        if not (rule.review and lawful.when == ""):  # a review in any case
            changed = replace(rule, exceptions=rest)
            yield _made(changed, rule, "part", "except", lawful.when or lawful.say.zh, "")
        for text, kind, old, new in _condition(lawful.when, scope) if lawful.when else ():
            other = (*rule.exceptions[:n], replace(lawful, when=text), *rule.exceptions[n + 1 :])
            yield _made(replace(rule, exceptions=other), rule, kind, "except", old, new)


def _condition(text: str, scope: Scope) -> Iterator[tuple[str, str, str, str]]:
    """(changed text, kind, old, new) of every change of a condition."""
    yield "", "part", text, ""
    yield f"not ({text})", "polarity", text, f"not ({text})"
    yield from _expression(text, scope)


def _expression(text: str, scope: Scope) -> Iterator[tuple[str, str, str, str]]:
    for slip in slips(parse(text), scope):
        yield printed(slip.node), slip.kind, slip.old, slip.new


# ---- bodies ------------------------------------------------------------------------------------


def _body(rule: Rule, scope: Scope) -> Iterator[Mutant]:
    if rule.verb in ("assert", "forbid"):
        for text, kind, old, new in _expression(rule.body, scope):
            yield _made(replace(rule, body=text), rule, kind, rule.verb, old, new)
        return
    for body, kind, old, new in bodies(rule, scope):
        yield _made(replace(rule, body=body), rule, kind, rule.verb, old, new)
