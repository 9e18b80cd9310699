"""Two rules that say the same: an agency would be told twice, and staff would mend only one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from auditor.errors import ExpressionError, Said
from auditor.form import Form
from auditor.rulebook.marks import Mark
from auditor.rulebook.prepare import KINDS
from auditor.rulebook.rule import Rule, RuleSet
from auditor.workbench.normal import Normal, normal
from auditor.workbench.spots import spots, whole

Told = tuple[str, Mark | None, Said, Said]
_FORMS_OF_KINDS = ("kinds", "种类", "open", "待读", "in", "所在")
_ALWAYS: Normal = ("always",)


def twins(rules: RuleSet, forms: Sequence[Form]) -> Iterator[Told]:
    """The later of two rules of which one says all that the other says."""
    said = [(rule, _all_said(rule, rules, forms)) for rule in rules.rules]
    for n, (rule, mine) in enumerate(said):
        for other, theirs in said[:n]:
            if mine and theirs and _overlap(rule, other) and (mine <= theirs or theirs <= mine):
                yield _told(rule, other)
                break


def _told(rule: Rule, other: Rule) -> Told:
    zh = f"{rule.id} 与 {other.id}（{other.origin}）说的是同一件事"
    en = f"{rule.id} says the same as {other.id} ({other.origin})"
    mend = Said(
        "删去一条；要改级别的在“调整”里改", "take one out; severities change under 'adjust'"
    )
    return rule.file, rule.marks.get(rule.verb), Said(zh, en), mend


def _overlap(rule: Rule, other: Rule) -> bool:
    """Whether there is a report year for which both are asked."""
    first = max(rule.since or 0, other.since or 0)
    last = min(rule.until or 9999, other.until or 9999)
    return first <= last


def _all_said(rule: Rule, rules: RuleSet, forms: Sequence[Form]) -> frozenset[Hashable]:
    """What a rule asks, place by place, in a form that does not depend on how it is written."""
    if rule.verb in ("assert", "forbid"):
        return frozenset(_conditions(rule, rules, forms))
    conditions = _when(rule, rules, forms)
    return frozenset(
        (form.id, conditions.get(form.id, _ALWAYS), rule.verb, rule.table, _frozen(rule.body))
        for form in forms
        if form.id in (rule.forms or rules.forms)
    )


def _conditions(rule: Rule, rules: RuleSet, forms: Sequence[Form]) -> Iterator[Hashable]:
    conditions = _when(rule, rules, forms)
    for spot in spots(rule, rule.body, rules, forms):
        try:
            body = normal(spot.node, spot.scope, holds=rule.verb == "assert")
        except ExpressionError:
            continue  # a name that this row does not have
        yield spot.form.id, conditions.get(spot.form.id, _ALWAYS), body


def _when(rule: Rule, rules: RuleSet, forms: Sequence[Form]) -> dict[str, Normal]:
    if not rule.when:
        return {}
    found = {}
    for spot in whole(rule, rule.when, rules, forms):
        try:
            found[spot.form.id] = normal(spot.node, spot.scope)
        except ExpressionError:
            found[spot.form.id] = ("unknown", rule.when)
    return found


def _frozen(node: object) -> Hashable:
    """A body as it stands, without regard to the order of its lists and keys."""
    if isinstance(node, dict):
        return frozenset((key, _frozen(value)) for key, value in node.items())
    if isinstance(node, list):
        return frozenset(_frozen(item) for item in node)
    if isinstance(node, str) and node in KINDS:
        return KINDS[node]
    return (node,) if isinstance(node, bool) else str(node)
