"""Inline examples: an edit of a valid report, and what the rule must say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from auditor.errors import Mistake, RulesError, Said
from auditor.form import Form
from auditor.model import Outcome, Result
from auditor.rulebook.apply import apply
from auditor.rulebook.author import Author
from auditor.rulebook.edits import edited, valid
from auditor.rulebook.expected import OUTCOMES, disagreement, outcome_told, split
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import applies_to, prepare
from auditor.rulebook.rule import Example, Ready, Rule, RuleSet

__all__ = ["Readied", "check_examples", "examples_of", "mistakes_of_examples", "valid"]

Known: TypeAlias = Callable[[RuleSet, Rule], bool]
"""Whether the examples of a rule of this set were found right before."""

_EXPECTED = {
    "pass": (Outcome.PASS, Outcome.NOT_APPLICABLE),
    "fail": (Outcome.FAIL,),
    "review": (Outcome.REVIEW,),
    "open": (Outcome.OPEN,),
    "skip": (Outcome.NOT_APPLICABLE,),
}


def check_examples(rules: RuleSet, forms: Sequence[Form], sound: Known | None = None) -> int:
    """Check every example of every rule; the number of them. Raises RulesError with all faults.

    Those of rules that are known to be `sound` are not tried again.
    """
    mistakes = mistakes_of_examples(rules, forms, sound)
    if mistakes:
        raise RulesError(mistakes)
    return sum(len(rule.examples) for rule in rules.rules)


def mistakes_of_examples(
    rules: RuleSet, forms: Sequence[Form], sound: Known | None = None
) -> tuple[Mistake, ...]:
    """Everything that is wrong with the examples of rules that were found in order.

    The examples of rules that a set takes over are about the set that they are taken from.
    """
    mistakes: list[Mistake] = []
    if rules.base is not None:
        mistakes += mistakes_of_examples(rules.base, forms, sound)
    mine = [form for form in forms if form.id in rules.forms]
    ready = Readied(rules)
    for rule in rules.own:
        if sound is not None and sound(rules, rule):
            continue
        author = Author(rule.file, rules.authors[rule.file].text)
        _check_rule(rule, [form for form in mine if applies_to(rule, form, rules)], ready, author)
        mistakes += author.mistakes
    return tuple(mistakes)


class Readied:
    """The rules of a set ready for any form and year, prepared when they are first asked for."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._found: dict[tuple[Form, int | None], Mapping[str, Ready]] = {}

    def of(self, rule: str, form: Form, period: int | None) -> Ready:
        """One rule for reports of a form and a year, with the thresholds of that year."""
        key = (form, period)
        if key not in self._found:
            ready = prepare(self._rules, form, period, checking=True)  # as they were checked
            self._found[key] = {r.rule.id: r for r in ready}
        return self._found[key][rule]


def _check_rule(rule: Rule, forms: Sequence[Form], ready: Readied, author: Author) -> None:
    """All examples of one rule on each of its forms."""
    passed: set[Outcome] = set()
    for example in rule.examples:
        for form, facts in examples_of(example, forms, author).items():
            result = apply(ready.of(rule.id, form, facts.period), facts)
            if example.expects == "pass":
                passed.add(result.outcome)
            _compare(rule, example, result, form, author)
    if passed and Outcome.PASS not in passed:
        zh, en = "合格示例都不适用，没有一个真正通过", "no passing example is really judged"
        author.wrong(rule.marks.get("examples"), Said(f"{rule.id}：{zh}", f"{rule.id}: {en}"))


def examples_of(example: Example, forms: Sequence[Form], author: Author) -> Mapping[Form, Facts]:
    """The report of an example on each form that has all its names.

    A name may belong to another form of the rule; it is a mistake if no form knows it.
    """
    edits = split(example.edits)[0]
    judged: dict[Form, Facts] = {}
    unknown: list[list[Mistake]] = []
    for form in forms:
        own = Author(author.file, author.text)
        facts = edited(form, edits, own, example.mark)
        if facts is None:
            unknown.append(own.mistakes)
        else:
            judged[form] = facts
    if unknown and not judged:
        places = [{(m.line, m.column) for m in found} for found in unknown]
        everywhere = set.intersection(*places)
        shared = [m for m in unknown[0] if (m.line, m.column) in everywhere]
        author.mistakes += shared or unknown[0][:1]
    return judged


def _compare(rule: Rule, example: Example, result: Result, form: Form, author: Author) -> None:
    if result.outcome not in expected_outcomes(rule, example):
        author.wrong(example.mark, _says(rule, example, result, form), mend=_MEND)
        return
    told = disagreement(split(example.edits)[1], result)
    if told is not None:
        zh, en = f"{rule.id} 的这个示例：{told.zh}", f"this example of {rule.id}: {told.en}"
        author.wrong(example.mark, Said(f"{zh}（{form.id}）", f"{en} ({form.id})"), mend=_MEND)


_MEND = Said("规则不对就改规则，示例不对就改示例", "mend the rule, or the example")


def expected_outcomes(rule: Rule, example: Example) -> tuple[Outcome, ...]:
    """What may become of an example: a breach of a rule for review is a review."""
    if rule.review and example.expects == "fail":
        return (Outcome.REVIEW,)
    return _EXPECTED[example.expects]


def _says(rule: Rule, example: Example, result: Result, form: Form) -> Said:
    told = outcome_told(OUTCOMES[_EXPECTED[example.expects][0]], result)
    zh = f"{rule.id} 的这个示例（{form.id}）{told.zh}"
    return Said(zh, f"this example of {rule.id} ({form.id}) {told.en}")
