"""RuleSet → rules ready for one form and one report year; every mistake is noted on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from auditor.errors import Mistake, RulesError, Said
from auditor.form import BESIDE, SIMILARITIES, Form
from auditor.model import Identity, Value
from auditor.observations import OBSERVATIONS
from auditor.rulebook.author import Author, near
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import PUBLISHED
from auditor.rulebook.formula import Formula
from auditor.rulebook.functions import ACROSS
from auditor.rulebook.holding import spots_of
from auditor.rulebook.job import Job, table_of
from auditor.rulebook.rule import Ready, Rule, RuleSet
from auditor.rulebook.scope import path_of
from auditor.rulebook.sieve import Sieve
from auditor.rulebook.tree import Call, Name, walk
from auditor.rulebook.verbs import verbs

KINDS = {name: kind for kind, said in OBSERVATIONS.items() for name in (kind, said.zh)}


def prepare(
    rules: RuleSet, form: Form, period: int | None, *, checking: bool = False
) -> tuple[Ready, ...]:
    """The rules for a report of this form and year, in order. Raises RulesError.

    With `checking` the messages are parsed, too, so that every mistake is found now.
    """
    values = tuple((name, held.at(period)) for name, held in rules.thresholds.items())
    return _prepared(rules, form, values, checking)


@lru_cache(maxsize=64)
def _prepared(
    rules: RuleSet, form: Form, thresholds: tuple[tuple[str, Value], ...], checking: bool
) -> tuple[Ready, ...]:
    authors = {name: Author(a.file, a.text) for name, a in rules.authors.items()}
    names, sieve = {**dict(thresholds), **rules.words}, Sieve()
    ready = [
        _ready(
            Job(
                rule,
                form,
                names,
                authors[rule.file],
                KINDS,
                checking,
                rules.trees,
                sieve,
                rules.terms,
            )
        )
        for rule in rules.rules
        if applies_to(rule, form, rules)
    ]
    mistakes = [m for author in authors.values() for m in author.mistakes]
    if mistakes:
        raise RulesError(tuple(mistakes))
    return tuple(r for r in ready if r is not None)


def applies_to(rule: Rule, form: Form, rules: RuleSet) -> bool:
    """Whether a rule is for this form: those it names, else all of the rule set."""
    return form.id in (rule.forms or rules.forms)


def _ready(job: Job) -> Ready | None:
    rule = job.rule
    if not _table_known(job):
        return None
    check = verbs()[rule.verb].prepare(job)
    when = _condition(job, rule.when, "when") if rule.when else None
    if rule.when and when is None:
        return None
    exceptions = tuple(
        (job.formula(e.when, e.mark, job.scope()) if e.when else None, e.say)
        for e in rule.exceptions
    )
    return Ready(rule, check, when, exceptions, _needs(job)) if check is not None else None


def _needs(job: Job) -> tuple[str, ...]:
    """What a rule looks at besides the report: in its body and in its condition."""
    rule = job.rule
    found: dict[str, None] = {}
    for text in (rule.when, rule.body if rule.verb in ("assert", "forbid") else ""):
        if not isinstance(text, str) or not text:
            continue
        nodes = list(walk(job.parse(text)))
        asked = {id(n.args[0]) for n in nodes if isinstance(n, Call) and n.name == "known"}
        for node in nodes:
            if isinstance(node, Call) and node.name in ("prior", *ACROSS):
                found[node.name] = None
            elif isinstance(node, Name) and id(node) not in asked:
                path = path_of(job.form, node.parts)
                if (
                    path is not None and (path in BESIDE or path.startswith(SIMILARITIES))
                ) or path == PUBLISHED:
                    found[path] = None
    return tuple(found)


def _condition(job: Job, text: str, key: str) -> Formula | None:
    return job.formula(text, job.mark(key), job.scope())


def _table_known(job: Job) -> bool:
    """A table that the form does not have is a mistake, and so is for_each without a table."""
    rule = job.rule
    if rule.for_each and not rule.table:
        said = Said("“逐”要和“表”一起写", "for_each needs a table")
        job.author.wrong(job.mark("for_each"), said)
        return False
    if rule.table and table_of(job.form, rule.table) is None:
        known = [word for t in job.form.tables for word in (t.name, t.number, t.key)]
        said = Said(f"没有这张表 '{rule.table}'", f"unknown table '{rule.table}'")
        job.author.wrong(job.mark("table"), said, near(rule.table, known))
        return False
    return True


def check_all(rules: RuleSet, forms: Sequence[Form]) -> None:
    """Prepare every rule for every form it is for. Raises RulesError with all the mistakes."""
    found = mistakes_in(rules, forms)
    if found:
        raise RulesError(found)


def mistakes_in(rules: RuleSet, forms: Sequence[Form]) -> tuple[Mistake, ...]:
    """Everything that is wrong with the rules, each mistake once, in the order of the files."""
    from auditor.rulebook.oversights import oversights

    authors = {name: Author(a.file, a.text) for name, a in rules.authors.items()}
    oversights(rules, forms, authors)
    found = [m for author in authors.values() for m in author.mistakes]
    for form in forms:
        if form.id not in rules.forms:
            continue
        try:
            prepare(rules, form, None, checking=True)
        except RulesError as error:
            found += error.mistakes
    once = {(m.file, m.line, m.column, m.said.en): m for m in reversed(found)}
    return tuple(sorted(once.values(), key=lambda m: (m.file, m.line, m.column)))


def for_keeping(rules: RuleSet) -> RuleSet:
    """The rule set with its expressions parsed, without what only checking needs.

    It must have been checked: examples, marks and the text of the files are gone.
    """
    texts = {rule.body for rule in rules.rules if isinstance(rule.body, str)}
    texts |= {rule.when for rule in rules.rules if rule.when}
    texts |= {text for rule in rules.rules for text in _expressions(rule.body)}
    texts |= {e.when for rule in rules.rules for e in rule.exceptions if e.when}
    return replace(
        rules,
        rules=tuple(
            replace(rule, examples=(), marks={}, body=_kept_body(rule, rules))
            for rule in rules.rules
        ),
        authors={name: Author(a.file, "") for name, a in rules.authors.items()},
        defined={},
        base=None,
        trees={text: parse(text) for text in sorted(texts)},
    )


def _expressions(body: Any) -> set[str]:
    """The expressions in a body that is not one itself: what stands under `equals` and `lawful`."""
    if isinstance(body, list):
        return {text for each in body for text in _expressions(each)}
    if not isinstance(body, Mapping):
        return set()
    named = (body[key] for key in ("equals", "等于", "lawful", "或可") if key in body)
    return {str(t) for value in named for t in (value if isinstance(value, list) else [value])}


def _kept_body(rule: Rule, rules: RuleSet) -> Any:
    """The body as its verb wants it kept: with what is slow to compile compiled."""
    keep = getattr(verbs()[rule.verb], "keep", None)
    return keep(rule.body, rules.terms) if keep else rule.body


@lru_cache(maxsize=64)
def identities(rules: RuleSet, form: Form) -> tuple[Identity, ...]:
    """The linear equalities among cells that the rules state for this form.

    Only rules that hold without a condition count: a binder may lean on nothing else.
    """
    from auditor.rulebook.linear import linear

    found = []
    for rule in rules.rules:
        if rule.verb != "assert" or rule.when or rule.review or not applies_to(rule, form, rules):
            continue
        names = {n: t.at(None) for n, t in rules.thresholds.items()} | dict(rules.words)
        job = Job(rule, form, names, _nobody(rule))
        for spot in spots_of(job):
            terms = linear(spot.formula.node, spot.formula.scope)
            whole_numbers = terms and all(c == int(c) for c in terms.values())
            if terms and whole_numbers and terms.keys() <= form.fields.keys():
                whole = tuple((path, int(c)) for path, c in terms.items())
                found.append(Identity(rule.id, spot.place.key, whole))
    return tuple(found)


def _nobody(rule: Rule) -> Author:
    """An author for rules that were checked before: nothing is noted."""
    return Author(rule.file, "")
