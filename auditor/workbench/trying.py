"""Examples found by trying: an edit of the valid report that passes, and one that fails.

Every fact that the rule names may take a few values; combinations are tried from few to many until
one gives what is wanted. What is not needed is then taken out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, islice, product
from typing import Any

from auditor.form import Form
from auditor.model import Outcome
from auditor.rulebook.apply import apply
from auditor.rulebook.author import Author
from auditor.rulebook.edits import edited, valid
from auditor.rulebook.holding import spots_of
from auditor.rulebook.looking import KEYS as LOOKING
from auditor.rulebook.numbers import is_number
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import Ready, Rule, RuleSet
from auditor.rulebook.scope import Scope
from auditor.rulebook.tree import Constant, Name, Node, Number, Text, dated_names, walk
from auditor.rulebook.verbs.claim import KEYS as CLAIM
from auditor.rulebook.verbs.require import parts_of
from auditor.rulebook.wordlist import WordList
from auditor.workbench.ground import Ground, many, members
from auditor.workbench.sampling import sample

_TRIES = 4000
_MOST = 4  # facts that are set at once
_FIGURES = (3, 1, 4, 2, 5, 0)
_PLAIN = "本年度各项工作正常开展。"
Edits = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Variable:
    """One fact that may be set: its name, whether last year's, and the values to try."""

    name: str
    prior: bool
    values: tuple[Any, ...]
    steady: bool = False  # a year, say: changed only where nothing else will do


@dataclass(frozen=True)
class Trial:
    """A rule on a form, ready to be tried. `spell` writes the name of a path."""

    ready: Ready
    form: Form
    prior_key: str
    always: Edits

    def outcome(self, chosen: Sequence[tuple[Variable, Any]]) -> Outcome | None:
        """What becomes of a report with these facts; None where the form has none of them."""
        facts = edited(self.form, self.edits(chosen), Author("", ""), None)
        return None if facts is None else apply(self.ready, facts).outcome

    def edits(self, chosen: Sequence[tuple[Variable, Any]]) -> Edits:
        """The facts as the edits of an example."""
        found: Edits = dict(self.always)
        for variable, value in chosen:
            if variable.prior:
                found.setdefault(self.prior_key, {})[variable.name] = value
            else:
                found[variable.name] = value
        return found


def found_examples(rules: RuleSet, rule: Rule, form: Form, ground: Ground) -> tuple[
    list[Edits], list[Edits]
]:  # fmt: skip
    """(edits that pass, edits that fail); an empty list where none was found."""
    ready = next(r for r in prepare(rules, form, None) if r.rule.id == rule.id)
    spell = _speller(form, ground.words.lang)
    prior = "prior" if ground.words.lang == "en" else "上年报告"
    trial = Trial(ready, form, prior, _always(rule, form, spell))
    variables = list(_variables(ground, spell))
    failing = (Outcome.REVIEW,) if rule.review else (Outcome.FAIL,)
    passing = _passing(trial, variables)
    fail = _failing(trial, variables, passing, failing)
    return (
        [trial.edits(passing)] if passing is not None else [],
        [trial.edits(fail)] if fail is not None else [],
    )


def _always(rule: Rule, form: Form, spell: Callable[[str], str]) -> Edits:
    """The year, where the valid report is not of one that the rule is for."""
    period = valid(form).period or 0
    if rule.since is not None and period < rule.since:
        return {spell("period"): rule.since}
    return {}


def _speller(form: Form, lang: str) -> Callable[[str], str]:
    names = {path: name for name, path in form.names.items()}

    def spell(path: str) -> str:
        path = path.removesuffix(".text")
        return path if lang == "en" else names.get(path, path)

    return spell


Chosen = tuple[tuple[Variable, Any], ...]


def _passing(trial: Trial, variables: Sequence[Variable]) -> Chosen | None:
    """A combination that really passes; the one that sets most facts, up to three."""
    best: Chosen | None = None
    for chosen in _combinations(variables):
        if best is not None and len(chosen) > 3:
            break
        if (best is None or len(chosen) > len(best)) and trial.outcome(chosen) is Outcome.PASS:
            best = chosen
    return best


def _failing(
    trial: Trial, variables: Sequence[Variable], passing: Chosen | None, wanted: Sequence[Outcome]
) -> Chosen | None:
    """The passing one with a single figure changed, else any; what is not needed is left out."""
    near = _changed(variables, passing) if passing else iter(())
    for chosen in (*islice(near, _TRIES), *islice(_combinations(variables), _TRIES)):
        if trial.outcome(chosen) in wanted:
            return chosen
    return None


def _changed(variables: Sequence[Variable], passing: Chosen) -> Iterator[Chosen]:
    figures = sorted(enumerate(passing), key=lambda each: (each[1][0].steady, -each[0]))
    for number, (variable, value) in figures:
        for other in variable.values:
            if other != value:
                yield (*passing[:number], (variable, other), *passing[number + 1 :])
    for variable in variables:
        if all(variable is not chosen for chosen, _ in passing):
            yield from ((*passing, (variable, value)) for value in variable.values)


def _combinations(variables: Sequence[Variable]) -> Iterator[Chosen]:
    """Nothing set, then one fact, then two …, each with all its values; a bounded number."""
    every = (
        tuple(zip(some, values, strict=True))
        for size in range(min(len(variables), _MOST) + 1)
        for some in combinations(variables, size)
        for values in product(*(v.values for v in some))
    )
    return islice(every, _TRIES)


# ---- what may be set ---------------------------------------------------------------------------


def _variables(ground: Ground, spell: Callable[[str], str]) -> Iterator[Variable]:
    """The facts that a rule looks at, with values that may make a difference."""
    rule = ground.rule
    seen: dict[tuple[str, bool], Variable] = {}
    for node, scope in _expressions(ground):
        for name, prior in dated_names(node):
            for path in _paths(scope, name):
                key = (path, prior)
                values = _values(ground.form, path, node, scope)
                steady = ground.form.is_number(path)
                seen.setdefault(key, Variable(spell(path), prior, values, steady))
    if rule.verb == "require":
        for path in parts_of(ground.job):
            seen[path, False] = Variable(spell(path), False, (None,))
    if rule.verb in ("avoid", "claim"):
        for path in _texts(ground):
            values = tuple(_sentences(ground))
            seen[path, False] = Variable(spell(path), False, values)
            break
    yield from seen.values()


def _expressions(ground: Ground) -> Iterator[tuple[Node, Scope]]:
    """The rule's expressions, each with the scope of its names at the rule's first place."""
    rule, job = ground.rule, ground.job
    if rule.verb in ("assert", "forbid"):
        spots = spots_of(job, wanted=rule.verb == "assert")
        if spots:
            yield spots[0].formula.node, spots[0].formula.scope
    if rule.verb == "claim":
        parts = members(rule.body, CLAIM)
        scope = ground.column_scope(parts)
        for text in many(parts.get("equals")):
            yield ground.node(text), scope
    if rule.when:
        yield ground.node(rule.when), job.scope()


def _paths(scope: Scope, name: Name) -> tuple[str, ...]:
    found = scope(name)
    return () if isinstance(found, Constant) else found[:1]


def _values(form: Form, path: str, node: Node, scope: Scope) -> tuple[Any, ...]:
    """Values for a fact: small figures and those beside every number of the expression."""
    base = valid(form).values.get(path)
    words = form.words_of(path)
    if words:
        return tuple(words.values())
    if form.is_logic(path):
        return (True, False)
    if path in form.fields or form.is_number(path):
        return _figures(form, path, node, scope, base)
    if isinstance(base, str) and len(base) == 10 and base[4] == base[7] == "-":
        return _dates(base)
    return tuple(_texts_for(node, scope))


def _figures(form: Form, path: str, node: Node, scope: Scope, base: Any) -> tuple[Any, ...]:
    near: list[Any] = []
    for found in _constants(node, scope):
        whole = int(found)
        if 0 < whole < 10**6:
            near += [whole, whole + 1, whole - 1]
    values = [*_FIGURES, *near]
    if path not in form.fields and isinstance(base, int):  # a year, a count of other reports
        values = [base, base + 1, base - 1]
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _constants(node: Node, scope: Scope) -> Iterator[Decimal | int]:
    for part in walk(node):
        if isinstance(part, Number):
            yield part.value
        elif isinstance(part, Name) and not part.wildcard:
            meant = scope(part)
            if isinstance(meant, Constant) and is_number(meant.value):
                value = meant.value
                if isinstance(value, int | Decimal):
                    yield value


def _dates(base: str) -> tuple[str, ...]:
    """Days of the year after and of the one after that."""
    year = int(base[:4])
    days = ("01-10", "01-31", "02-01", "02-28", "03-15", "03-31", "04-01", "06-30", "12-31")
    return tuple(f"{y}-{day}" for y in (year, year + 1) for day in days)


def _texts_for(node: Node, scope: Scope) -> Iterator[str]:
    """A text with none of the words of the expression, with each, and with all of them."""
    found: list[str] = []
    for part in walk(node):
        if isinstance(part, Text):
            found.append(part.value)
        elif isinstance(part, Name) and not part.wildcard:
            meant = scope(part)
            if isinstance(meant, Constant) and isinstance(meant.value, WordList):
                found += meant.value.words[:1]
    words = [word for word in dict.fromkeys(found) if word]
    if words:
        yield f"{_PLAIN}{'、'.join(words)}。"
    yield _PLAIN
    yield from (f"{_PLAIN}{word}。" for word in words)
    yield _PLAIN * 120


def _texts(ground: Ground) -> Sequence[str]:
    """The texts that a rule on words searches."""
    keys: Mapping[str, str] = CLAIM if ground.rule.verb == "claim" else LOOKING
    body = ground.rule.body
    parts = members(body, keys) if isinstance(body, dict) else {}
    named = [ground.form.names.get(name, name) for name in many(parts.get("in"))]
    return [*named, *(p for p in ground.form.labels if p.endswith(".text"))]


def _sentences(ground: Ground) -> Iterator[str]:
    """A sentence without any of the words, then one with each word or phrase."""
    body = ground.rule.body
    yield _PLAIN
    if ground.rule.verb == "claim":
        parts = members(body, CLAIM)
        for figure in _FIGURES[:2]:
            for phrase in [*many(parts.get("says")), *many(parts.get("none"))]:
                yield f"{sample(phrase, ground.rules.terms, str(figure))}。"
        return
    parts = members(body, LOOKING) if isinstance(body, dict) else {"words": body}
    for word in many(parts.get("words")):
        yield f"{_PLAIN}{word}。"
