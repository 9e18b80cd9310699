"""The page of a rule: its account, its examples as cards, its own text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from auditor.form import Form
from auditor.renderers.words import load
from auditor.rulebook.prepare import applies_to
from auditor.rulebook.rule import Rule, RuleSet
from auditor.workbench.account import Account, Told, account
from auditor.workbench.ground import rule_named


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule in a list."""

    id: str
    title: str
    severity: str
    grade: str
    review: bool


@dataclass(frozen=True, slots=True)
class Family:
    """The rules of one family, with its title."""

    key: str
    title: str
    rules: tuple[Entry, ...]


def families(rules: RuleSet, lang: str) -> tuple[Family, ...]:
    """The rules by family, in the order of the rule set; those of none at the end."""
    words = load(lang)
    found: dict[str, list[Entry]] = {key: [] for key in rules.families}
    for rule in rules.rules:
        severity = words(f"severity.{rule.severity.key}")
        title = rule.title.inside(lang)
        entry = Entry(rule.id, title, severity, rule.severity.key, rule.review)
        found.setdefault(rule.family, []).append(entry)
    titles = {key: said.inside(lang) for key, said in rules.families.items()}
    return tuple(Family(k, titles.get(k, ""), tuple(v)) for k, v in found.items() if v)


@lru_cache(maxsize=1024)
def rule_page(rules: RuleSet, name: str, forms: tuple[Form, ...], lang: str) -> dict[str, Any]:
    """What the template of a rule's page needs."""
    rule = rule_named(rules, name)
    told = account(rules, rule, forms, lang)
    shown, more = _examples(told)
    order = [entry.id for family in families(rules, lang) for entry in family.rules]
    at = order.index(name)
    mine = [form for form in forms if applies_to(rule, form, rules)]
    return {
        "told": told,
        "grade": rule.severity.key,
        "on": [(form.id, form.title.inside(lang)) for form in mine],
        "shown": shown,
        "more": more,
        "source": source(rules, rule),
        "before": order[at - 1] if at else "",
        "after": order[at + 1] if at + 1 < len(order) else "",
    }


def _examples(told: Account) -> tuple[list[Told], list[Told]]:
    """One example of each sort to show at once, the simplest that says something; and the rest."""
    shown: list[Told] = []
    for expects in ("pass", "fail", "review", "open"):
        mine = [example for example in told.examples if example.expects == expects]
        first = shown[0] if shown else None
        best = min(mine, key=lambda example: _plainness(example, first), default=None)
        if best is not None:
            shown.append(best)
    return shown, [example for example in told.examples if example not in shown]


def _plainness(example: Told, first: Told | None) -> tuple[bool, int, int]:
    """Of the names that the right example sets, as many as can be; then few edits, but some."""
    names = {name for name, _ in example.edits}
    other = len(names ^ {name for name, _ in first.edits}) if first is not None else 0
    return not example.edits, other, len(example.edits)


def source(rules: RuleSet, rule: Rule) -> str:
    """The rule as it stands in its file, comments included."""
    author = rules.authors.get(rule.file)
    mark = rule.marks.get("")
    if author is None or mark is None:
        return ""
    lines = author.text.splitlines()
    end = next((n for n in range(mark.line, len(lines)) if _begins(lines[n])), len(lines))
    return "\n".join(lines[mark.line - 1 : end]).rstrip()


def _begins(line: str) -> bool:
    """Whether another entry, or what leads it, begins on this line."""
    return line.startswith(("- ", "#"))


def pages(rules: RuleSet) -> Sequence[str]:
    """The ids of all rules."""
    return [rule.id for rule in rules.rules]
