"""Two editions of a rule set over the same reports: what an edit changes before it is adopted.

The reports are read, bound and put beside each other once. A rule that is the same in both, with
the same thresholds and word lists, is judged once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from auditor.corpus.held import with_company, without_copies
from auditor.errors import Said
from auditor.gather import Input
from auditor.judging.grade import grade
from auditor.model import Grade, Outcome, Refusal, Result
from auditor.pipeline import Bound, Settings, bind_one, diagnosed, facts_for, infos_of
from auditor.readers import prepare as prepare_files
from auditor.readers.data import SUFFIXES as DATA
from auditor.rulebook.apply import apply
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import identities, prepare
from auditor.rulebook.rule import Ready, Rule, RuleSet
from auditor.workbench.hiding import hidden
from auditor.workbench.revisions import Edition

KINDS = ("failing", "passing", "unread", "readable", "review", "settled")
"""Newly failing; no longer failing; no longer evaluable; evaluable again; newly for review; no
longer for review."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One rule whose outcome on one report changes. An outcome is "" where there is no rule."""

    rule: str
    kind: str
    before: str
    after: str
    message: Said | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """One report with all that changes for it."""

    subject: str
    period: int | None
    source: str
    turns: tuple[Turn, ...]
    before: Grade
    after: Grade

    @property
    def regraded(self) -> bool:
        """Whether the letter, or the score without one, is another."""
        return (self.before.letter, self.before.score) != (self.after.letter, self.after.score)


@dataclass(frozen=True)
class Comparison:
    """Both editions, the rules that differ, and the reports for which anything changes."""

    old: Edition
    new: Edition
    changed: Mapping[str, str]
    bodies: tuple[Body, ...]
    reports: int
    aside: tuple[Refusal, ...] = ()

    @property
    def unread(self) -> bool:
        """Whether a file could not be read, so that not everything was compared."""
        return any(refusal.unread for refusal in self.aside)

    def counts(self) -> dict[str, dict[str, int]]:
        """Rule → kind → on how many reports; every rule that differs is there."""
        found = {rule: dict.fromkeys(KINDS, 0) for rule in self.changed}
        for body in self.bodies:
            for turn in body.turns:
                found.setdefault(turn.rule, dict.fromkeys(KINDS, 0))[turn.kind] += 1
        return found

    def rule(self, name: str) -> Rule:
        """The rule as it is in the new edition, or was in the old one."""
        rules = {r.id: r for edition in (self.old, self.new) for r in edition.rules.rules}
        return rules[name]


def compare(old: Edition, new: Edition, items: Sequence[Input], settings: Settings) -> Comparison:
    """Judge every report by both editions. `settings` are those of the run but for the rules."""
    sides = (_Side(old.rules, settings), _Side(new.rules, settings))
    changed = changes(old.rules, new.rules)
    prepare_files(((item.path, item.content) for item in items), limits=settings.limits)
    pairs, aside = _facts(items, sides)
    bodies = (_body(first, second, sides, changed) for first, second in pairs)
    kept = tuple(b for b in bodies if b is not None)
    return Comparison(old, new, changed, kept, len(pairs), aside)


# ---- rules that differ -------------------------------------------------------------------------


def changes(old: RuleSet, new: RuleSet) -> dict[str, str]:
    """Rule → `added`, `removed`, `changed` (what it looks for) or `weighed` (its severity)."""
    before = {rule.id: rule for rule in old.rules}
    after = {rule.id: rule for rule in new.rules}
    found = {}
    for name in dict.fromkeys((*after, *before)):
        if name not in before:
            found[name] = "added"
        elif name not in after:
            found[name] = "removed"
        elif not _alike(before[name], after[name], old, new):
            found[name] = "changed"
        elif before[name].severity != after[name].severity:
            found[name] = "weighed"
    return found


def _alike(one: Rule, other: Rule, old: RuleSet, new: RuleSet) -> bool:
    """Whether two rules come to the same on every report."""
    if meaning(one) != meaning(other) or (one.forms or old.forms) != (other.forms or new.forms):
        return False
    return all(
        getattr(old, kind).get(name) == getattr(new, kind).get(name)
        for kind in ("thresholds", "words", "terms")
        for name in _named(one, {**getattr(old, kind), **getattr(new, kind)}, kind, old)
    )


def meaning(rule: Rule) -> tuple[Any, ...]:
    """All of a rule that decides what becomes of a report."""
    lawful = tuple(e.when for e in rule.exceptions)
    return (rule.verb, rule.body, rule.when, rule.table, rule.for_each, rule.since, rule.until,
            rule.review, lawful)  # fmt: skip


def _named(rule: Rule, known: Mapping[str, Any], kind: str, rules: RuleSet) -> list[str]:
    """The thresholds, lists or terms that a rule names; terms may name each other."""
    text = str(meaning(rule))
    if kind == "terms":
        if rule.verb not in ("claim", "breakdown"):
            return []
        return list(known)  # scope and period words hold for every statement
    return [name for name in known if name in text]


# ---- reports, once -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Side:
    """One edition over the reports."""

    rules: RuleSet
    given: Settings
    _ready: dict[tuple[str, int | None], dict[str, Ready]] = field(default_factory=dict)

    @cached_property
    def settings(self) -> Settings:
        """The run with this edition."""
        from dataclasses import replace

        return replace(self.given, rules=self.rules)

    def ready(self, facts: Facts) -> dict[str, Ready]:
        """The rules for a report by id."""
        key = (facts.form.id, facts.period)
        if key not in self._ready:
            found = prepare(self.rules, facts.form, facts.period)
            self._ready[key] = {one.rule.id: one for one in found}
        return self._ready[key]

    def grade(self, results: Mapping[str, Result], facts: Facts) -> Grade:
        """The grade by this edition's sheet, where one slip costs once."""
        ready = self.ready(facts)
        ordered = [results[name] for name in ready]
        diagnoses, _ = diagnosed(tuple(ready.values()), ordered, facts, self.rules)
        infos = infos_of(self.rules, facts.form, facts.period)
        return grade(ordered, self.rules.grading, infos, diagnoses)


@dataclass(frozen=True, slots=True)
class _Read:
    """One report as both editions read it; the same object where they read alike."""

    old: Bound
    new: Bound


def _facts(
    items: Sequence[Input], sides: tuple[_Side, _Side]
) -> tuple[list[tuple[Facts, Facts]], tuple[Refusal, ...]]:
    """Each report as both editions see it, copies once, and the files that are none."""
    first, second = sides
    read = [bind_one(item, first.settings) for item in items]
    found = list(_both(items, read, sides))
    kept = {id(one) for one in without_copies([each.old for each in found])}
    found = [each for each in found if id(each.old) in kept]
    aside = tuple(one for one in read if isinstance(one, Refusal))
    old = _beside([each.old for each in found], aside, first.settings)
    if first.rules.compare == second.rules.compare and all(e.old is e.new for e in found):
        return [(facts, facts) for facts in old], aside
    new = _beside([each.new for each in found], aside, second.settings)
    return list(zip(old, new, strict=True)), aside


def _both(
    items: Sequence[Input], read: Sequence[Bound | Refusal], sides: tuple[_Side, _Side]
) -> Iterator[_Read]:
    """The reports as both read them: glued digits are split by sums that the rules state.

    Data has no glued digits and is never read twice; nor is anything where the sums are the same.
    """
    first, second = sides
    forms = first.given.forms
    alike = all(identities(first.rules, f) == identities(second.rules, f) for f in forms)
    for item, one in zip(items, read, strict=True):
        if isinstance(one, Refusal):
            continue
        same = alike or item.path.suffix.lower() in DATA
        other = one if same else bind_one(item, second.settings)
        if isinstance(other, Bound):
            yield _Read(one, other)


def _beside(bound: list[Bound], aside: tuple[Refusal, ...], settings: Settings) -> list[Facts]:
    """The facts of each report with its company."""
    pairs = with_company(bound, aside, settings)
    return [facts_for(one.report, settings, company) for one, company in pairs]


# ---- judging, twice where it matters -----------------------------------------------------------


def _body(
    first: Facts, second: Facts, sides: tuple[_Side, _Side], changed: Mapping[str, str]
) -> Body | None:
    """What changes for one report; None for nothing."""
    old, new = sides
    before, after = old.ready(first), new.ready(second)
    # A report that is read in another way may turn any rule.
    names = list(changed) if first is second else list(dict.fromkeys((*after, *before)))
    judged = _judge(before, first, set(names)), _judge(after, second, set(names))
    turns = tuple(_turns(judged, names, old, first))
    same_weight = "weighed" not in changed.values() and old.rules.grading == new.rules.grading
    failing = any(r.outcome is Outcome.FAIL for results in judged for r in results.values())
    if not turns and same_weight and not failing and _hold(sides, first, second):
        return None  # what is found is the same, and no wrong cell is there to be explained
    common = _judge(before, first, before.keys() - set(names))
    body = Body(
        first.subject,
        first.period,
        _source(first),
        turns,
        old.grade(judged[0] | common, first),
        new.grade(judged[1] | common, second),
    )
    return body if turns or body.regraded else None


def _hold(sides: tuple[_Side, _Side], first: Facts, second: Facts) -> bool:
    from auditor.judging.diagnose import all_hold

    old, new = sides
    return all_hold(old.rules, first) and all_hold(new.rules, second)


def _judge(ready: Mapping[str, Ready], facts: Facts, names: Set[str]) -> dict[str, Result]:
    return {name: apply(one, facts) for name, one in ready.items() if name in names}


def _turns(
    judged: tuple[dict[str, Result], dict[str, Result]], names: Sequence[str], old: _Side,
    facts: Facts,
) -> Iterator[Turn]:  # fmt: skip
    show = None
    for name in names:
        before, after = (results.get(name) for results in judged)
        kind = _kind(before, after)
        if kind is None:
            continue
        shown = after if after is not None and after.findings else before
        message = told(shown) if shown is not None else None
        if message is not None:
            show = show or hidden(old.rules, facts)
            message = Said(show(message.zh), show(message.en))
        yield Turn(name, kind, _word(before), _word(after), message)


def told(result: Result) -> Said | None:
    """What is said of the first place that makes the result what it is."""
    places = [f for f in result.findings if f.outcome is result.outcome] or result.findings
    return places[0].message if places else None


def _word(result: Result | None) -> str:
    return "" if result is None else str(result.outcome)


def _kind(before: Result | None, after: Result | None) -> str | None:
    """The kind of a change; None where an inspector would see none."""
    was = before.outcome if before is not None else Outcome.NOT_APPLICABLE
    now = after.outcome if after is not None else Outcome.NOT_APPLICABLE
    if was == now:
        return None
    for outcome, gained, lost in (
        (Outcome.FAIL, "failing", "passing"),
        (Outcome.OPEN, "unread", "readable"),
        (Outcome.REVIEW, "review", "settled"),
    ):
        if now is outcome:
            return gained
        if was is outcome:
            return lost
    return None  # passed, or no longer applies: nothing was held against it


def _source(facts: Facts) -> str:
    return next((at.source for at in facts.locations.values() if at.source), "")
