"""Account: all that there is to tell of one rule, in one language.

What it says in a sentence, why, the law, its examples with what becomes of them, where it comes
from; and over a report the whole evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.form import Form
from auditor.judging.mask import through
from auditor.model import Basis, Outcome, Severity
from auditor.renderers.words import Words, load
from auditor.rulebook.apply import apply
from auditor.rulebook.author import Author
from auditor.rulebook.edits import edited
from auditor.rulebook.expected import split
from auditor.rulebook.expression import parse
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import applies_to, prepare
from auditor.rulebook.rule import Example, Ready, Rule, RuleSet
from auditor.rulebook.tree import UNKNOWN, names
from auditor.text import written
from auditor.workbench.edits import edits_told
from auditor.workbench.ground import Ground, form_for
from auditor.workbench.hiding import hidden
from auditor.workbench.steps import Step
from auditor.workbench.unfolding import Unfolding
from auditor.workbench.verbs import telling
from auditor.workbench.verbs._any import findings


@dataclass(frozen=True, slots=True)
class Told:
    """One example: what it must give, its edits in words, and the message that comes of it."""

    expects: str
    word: str
    edits: tuple[tuple[str, str], ...]
    message: str = ""

    def plain(self) -> dict[str, Any]:
        """The same for JSON."""
        edits = [{"name": name, "value": value} for name, value in self.edits]
        return {"expects": self.expects, "edits": edits, "message": self.message}


@dataclass(frozen=True, slots=True)
class Account:
    """One rule, explained."""

    id: str
    title: str
    severity: str
    review: bool
    sentence: str
    why: tuple[str, ...]
    law: tuple[str, ...]
    fix: str
    examples: tuple[Told, ...]
    history: tuple[str, ...]
    outcome: str = ""
    evaluation: tuple[Step, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The same for JSON."""
        found: dict[str, Any] = {
            "id": self.id,
            "title": self.title,
            "severity": self.severity,
            "review": self.review,
            "says": self.sentence,
            "why": list(self.why),
            "law": list(self.law),
            "fix": self.fix,
            "examples": [told.plain() for told in self.examples],
            "history": list(self.history),
        }
        if self.outcome:
            found["outcome"] = self.outcome
            found["evaluation"] = [step.plain() for step in self.evaluation]
        return found


def account(
    rules: RuleSet, rule: Rule, forms: tuple[Form, ...], lang: str, facts: Facts | None = None
) -> Account:
    """All about a rule, and with facts the evaluation of that report."""
    mine = facts is not None and applies_to(rule, facts.form, rules)
    form = facts.form if facts is not None and mine else form_for(rule, rules, forms)
    ground = Ground(rules, rule, form, _words(lang), facts.period if facts is not None else None)
    outcome, steps = ("", ()) if facts is None else _evaluation(ground, facts)
    return Account(
        id=rule.id,
        title=rule.title.inside(lang),
        severity=_severity(rule.severity, lang),
        review=rule.review,
        sentence=sentence(ground),
        why=tuple(_why(ground)),
        law=tuple(_law(rule.basis, ground.words)),
        fix=rule.fix.inside(lang) if rule.fix else "",
        examples=tuple(_example(ground, example) for example in rule.examples),
        history=tuple(_history(ground, forms)),
        outcome=outcome,
        evaluation=steps,
    )


def _words(lang: str) -> Words:
    return load(lang, "workbench")


def _severity(severity: Severity, lang: str) -> str:
    return load(lang)(f"severity.{severity.key}")


# ---- what it says ------------------------------------------------------------------------------


def sentence(ground: Ground) -> str:
    """The rule in one sentence: for which reports, when, where, what."""
    rule, words = ground.rule, ground.words
    text = _years(rule, words)
    if rule.when:
        text += words("sentence.when", when=ground.told(rule.when, ground.job.scope()))
    if rule.for_each:
        text += words(f"sentence.{rule.for_each}", table=ground.table)
    text += telling(rule.verb).said(ground)
    if rule.forms and set(rule.forms) != set(ground.rules.forms):
        text += words("sentence.forms", forms=words("sign.list").join(rule.forms))
    return _begun(text) + words("sign.end")


def _begun(text: str) -> str:
    """A capital at the beginning, but not for a name: those are written as they are typed."""
    first = text.partition(" ")[0]
    return text if "." in first or "_" in first else text[:1].upper() + text[1:]


def _years(rule: Rule, words: Words) -> str:
    if rule.since and rule.until:
        return words("sentence.years", since=rule.since, until=rule.until)
    if rule.since:
        return words("sentence.years_from", since=rule.since)
    return words("sentence.years_to", until=rule.until) if rule.until else ""


# ---- why, and on what law ----------------------------------------------------------------------


def _why(ground: Ground) -> Iterator[str]:
    rule, rules, words = ground.rule, ground.rules, ground.words
    lang = words.lang
    group = rules.groups.get(rules.group_of(rule))
    if group is not None:
        yield words("why.group", group=group.inside(lang))
    yield (
        words("why.severity", severity=_severity(rule.severity, lang))
        + words("sign.stop")
        + _cost(ground)
    )
    for lawful in rule.exceptions:
        say = lawful.say.inside(lang)
        if lawful.when:
            when = ground.told(lawful.when, ground.job.scope())
            yield words("why.lawful_when", when=when, say=say)
        else:
            yield words("why.lawful", say=say)
    yield words("why.waivable" if rule.info().waivable else "why.not_waivable")


def _cost(ground: Ground) -> str:
    """What a failure costs on the grading sheet."""
    rule, rules, words = ground.rule, ground.rules, ground.words
    if rule.review:
        return words("why.review")
    sheet = rules.grading
    if rule.severity in sheet.veto:
        return words("why.veto")
    points = sheet.rules.get(rule.id, sheet.deductions.get(rule.severity))
    if not points:
        return words("why.free")
    cap = sheet.caps.get(rule.family)
    if cap is None:
        return words("why.points", points=written(points))
    said = rules.families.get(rule.family)
    family = said.inside(words.lang) if said else rule.family
    return words("why.points_cap", points=written(points), family=family, cap=written(cap))


def _law(bases: tuple[Basis, ...], words: Words) -> Iterator[str]:
    for basis in bases:
        text = basis.text.inside(words.lang)
        if not basis.sourced:
            text += words("law.unsourced")
        if basis.since is not None and basis.before is not None:
            yield text + words("law.from", since=basis.since)
            yield basis.before.text.inside(words.lang) + words("law.before", since=basis.since)
        else:
            yield text


# ---- examples and history ----------------------------------------------------------------------


def _example(ground: Ground, example: Example) -> Told:
    changes = split(example.edits)[0]
    facts = edited(ground.form, changes, Author("", ""), example.mark)
    word = ground.words(f"example.{example.expects}")
    message = ""
    if facts is not None:
        result = apply(_ready(ground, None), facts)
        if result.findings:
            message = result.findings[0].message.inside(ground.words.lang)
    return Told(example.expects, word, edits_told(changes, ground), message)


def _ready(ground: Ground, period: int | None) -> Ready:
    ready = prepare(ground.rules, ground.form, period)
    return next(one for one in ready if one.rule.id == ground.rule.id)


def _history(ground: Ground, forms: tuple[Form, ...]) -> Iterator[str]:
    rule, rules, words = ground.rule, ground.rules, ground.words
    yield words("history.set", id=rules.id, version=rules.version)
    yield words("history.origin", origin=rule.origin)
    if rule.since:
        yield words("history.since", since=rule.since)
    if rule.until:
        yield words("history.until", until=rule.until)
    if not rule.since and not rule.until:
        yield words("history.always")
    if rule.replaced_by:
        yield words("history.replaced", by=rule.replaced_by)
    mine = [f.title.inside(words.lang) for f in forms if applies_to(rule, f, rules)]
    yield words("history.forms", forms=words("sign.stop").join(mine))
    for name in _thresholds(rule, rules):
        held = rules.thresholds[name].values
        told = [words("history.threshold_one", value=written(v), year=y) for y, v in held]
        values = words("sign.list").join(told)
        yield words("history.threshold", name=name, values=values)


def _thresholds(rule: Rule, rules: RuleSet) -> list[str]:
    """The thresholds that a rule names in its condition or its expression."""
    texts = [text for text in (rule.when, rule.body) if isinstance(text, str) and text]
    if rule.verb not in ("assert", "forbid"):
        texts = [rule.when] if rule.when else []
    found = (str(name) for text in texts for name in names(parse(text)))
    return [name for name in dict.fromkeys(found) if name in rules.thresholds]


# ---- over a report -----------------------------------------------------------------------------


def _evaluation(ground: Ground, facts: Facts) -> tuple[str, tuple[Step, ...]]:
    """The outcome and the steps; what no output may show is hidden in them."""
    if not applies_to(ground.rule, facts.form, ground.rules):
        title = facts.form.title.inside(ground.words.lang)
        return str(Outcome.NOT_APPLICABLE), (Step(ground.words("step.other_form", form=title)),)
    ready = _ready(ground, facts.period)
    result = apply(ready, facts)
    steps = tuple(_steps(ground, facts, ready))
    if result.outcome is Outcome.NOT_APPLICABLE and result.reason is not None:
        steps = (Step(result.reason.inside(ground.words.lang)), *steps)
    elif ready.when is not None and ready.when.value(facts) is UNKNOWN:
        steps = (*findings(ground.words, result), *steps)
    else:
        steps = (*steps, *telling(ground.rule.verb).unfold(ground, facts, result))
    return str(result.outcome), _hidden(steps, ground, facts)


def _steps(ground: Ground, facts: Facts, ready: Ready) -> Iterator[Step]:
    """The condition, and the lawful readings that have one."""
    scope, words = ground.job.scope(), ground.words
    for formula, text, key in (
        (ready.when, ground.rule.when, "step.when"),
        *((f, e.when, "step.exception") for (f, _), e in _lawful(ground, ready)),
    ):
        if formula is not None:
            wording = ground.wording(text, scope)
            tree = Unfolding(formula, facts, formula.sight(facts), wording).tree()
            value = formula.value(facts)
            shown = "holds" if value is True else "fails" if value is False else "unknown"
            yield Step(words(key), words(f"step.{shown}"), steps=(tree,))


def _lawful(ground: Ground, ready: Ready) -> Iterator[tuple[Any, Any]]:
    return zip(ready.exceptions, ground.rule.exceptions, strict=True)


def _hidden(steps: tuple[Step, ...], ground: Ground, facts: Facts) -> tuple[Step, ...]:
    """The steps without the passages that rules want hidden, in whatever rule they are told."""
    shown: tuple[Step, ...] = through(steps, hidden(ground.rules, facts))
    return shown
