"""Ground: one rule of a rule set on one form, with the words to tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auditor.errors import ExpressionError, Said, UsageError
from auditor.form import Form
from auditor.renderers.words import Words
from auditor.rulebook.author import Author, near
from auditor.rulebook.claims import column_place
from auditor.rulebook.job import Job
from auditor.rulebook.prepare import KINDS, applies_to
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.scope import Scope, places
from auditor.rulebook.tree import Node, names
from auditor.workbench.wording import Wording


@dataclass(frozen=True)
class Ground:
    """A rule with all that is needed to tell of it in one language, for reports of one year."""

    rules: RuleSet
    rule: Rule
    form: Form
    words: Words
    period: int | None = None

    @cached_property
    def job(self) -> Job:
        """The rule as its verb reads it; nothing is checked again."""
        values = {name: held.at(self.period) for name, held in self.rules.thresholds.items()}
        return Job(
            self.rule,
            self.form,
            {**values, **self.rules.words},
            Author(self.rule.file, ""),
            KINDS,
            checking=False,
            trees=self.rules.trees,
            terms=self.rules.terms,
        )

    @cached_property
    def scope(self) -> Scope:
        """The names at the first place of the rule where all that its body names is known."""
        body = self.rule.body
        for place in places(self.form, self.job.table, self.rule.for_each):
            scope = self.job.scope(place)
            if not isinstance(body, str) or _all_known(self.job.parse(body), scope):
                return scope
        return self.job.scope()

    def wording(self, source: str = "", scope: Scope | None = None) -> Wording:
        """How expressions are told here."""
        return Wording(scope or self.scope, self.words, source)

    def told(self, text: str, scope: Scope | None = None) -> str:
        """An expression of the rule in words."""
        return self.wording(text, scope)(self.node(text, scope))

    def node(self, text: str, scope: Scope | None = None) -> Node:
        """The tree of an expression."""
        return self.job.parse(text)

    def column_scope(self, parts: Mapping[str, Any]) -> Scope:
        """The names of the column that a verb's body names, if it names one."""
        named = {"column": (parts["column"], None)} if "column" in parts else {}
        return self.job.scope(column_place(self.job, named))

    def label(self, path: str) -> str:
        """The label of a part of the form."""
        return self.form.said(path.removesuffix(".text")).inside(self.words.lang)

    @property
    def table(self) -> str:
        """The rule's table for people."""
        if self.job.table is None:
            return ""
        return self.label(self.job.table.key)


def _all_known(node: Node, scope: Scope) -> bool:
    try:
        return all(scope(name) is not None for name in names(node))
    except ExpressionError:
        return False


def rule_named(rules: RuleSet, name: str) -> Rule:
    """The rule with this id. Raises UsageError with those that look like it."""
    for rule in rules.rules:
        if rule.id == name:
            return rule
    hint = near(name, [r.id for r in rules.rules])
    like = ", ".join(hint)
    zh, en = (f"，相近：{like}", f"; did you mean: {like}") if hint else ("", "")
    raise UsageError(Said(f"没有规则 '{name}'{zh}", f"no rule '{name}'{en}"))


def form_for(rule: Rule, rules: RuleSet, forms: tuple[Form, ...]) -> Form:
    """The newest form that a rule is for."""
    mine = [form for form in forms if applies_to(rule, form, rules)]
    return max(mine, key=lambda form: form.first_year)


def members(body: Any, keys: Mapping[str, str]) -> dict[str, Any]:
    """The members of a verb's body under their English keys."""
    return {keys[key]: value for key, value in body.items() if key in keys}


def many(node: Any) -> list[str]:
    """One text or a list of them."""
    if node is None:
        return []
    return [str(item) for item in node] if isinstance(node, list) else [str(node)]
