"""What the narrative says of numbers: right sentences are never accused, wrong ones are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.form import Form
from auditor.model import Outcome, Severity
from auditor.rulebook.apply import apply
from auditor.rulebook.author import Author
from auditor.rulebook.edits import edited
from auditor.rulebook.facts import Facts
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.source import load_yaml

GROUPS = load_yaml((Path(__file__).parent / "claims.yaml").read_text("utf-8"))
FLAGGED = (Outcome.FAIL, Outcome.REVIEW)
ALL = [
    (group, kind, sentence)
    for group in GROUPS
    for kind in ("right", "wrong")
    for sentence in group.get(kind, [])
]


def facts_of(form: Form, group: Mapping[str, Any], sentence: str) -> Facts:
    author = Author("claims.yaml", "")
    edits = {"年度": 2023, **group["figures"], "总体情况": sentence, "其他事项": "无。"}
    if "prior" in group:
        edits["上年报告"] = {"年度": 2022, **group["prior"]}
    facts = edited(form, edits, author, None)
    assert facts is not None, author.mistakes
    return facts


def outcomes(
    forms: tuple[Form, ...], rules: RuleSet, group: Mapping[str, Any], sentence: str
) -> Iterator[tuple[str, Outcome, Severity]]:
    form = next(f for f in forms if f.id == group.get("form", "ogi-2021"))
    facts = facts_of(form, group, sentence)
    for ready in prepare(rules, form, 2023):
        if ready.rule.family == "T":
            result = apply(ready, facts)
            yield result.rule, result.outcome, result.severity


def found(*args: Any) -> list[tuple[str, Outcome]]:
    """What is flagged above a note."""
    return [(r, o) for r, o, s in outcomes(*args) if o in FLAGGED and s > Severity.NOTE]


def test_there_are_enough_sentences() -> None:
    assert len(ALL) >= 150
    assert len({s for _, _, s in ALL}) >= 150


@pytest.mark.parametrize(
    ("group", "sentence"), [(g, s) for g, k, s in ALL if k == "right"], ids=lambda v: str(v)[:40]
)
def test_a_right_sentence_never_fails(
    forms: tuple[Form, ...], ruleset: RuleSet, group: Mapping[str, Any], sentence: str
) -> None:
    assert not [r for r, o in found(forms, ruleset, group, sentence) if o is Outcome.FAIL]


def test_wrong_sentences_are_found(forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    wrong = [(g, s) for g, k, s in ALL if k == "wrong"]
    missed = [s for g, s in wrong if not found(forms, ruleset, g, s)]
    assert len(missed) <= 0.05 * len(wrong), missed


def test_numbers_that_a_table_backs_are_tied(forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    """Of the figures in the right sentences on tables, nine in ten are looked at by a rule."""
    from auditor.rulebook.mentions import mentions

    seen = []
    for group, kind, sentence in ALL:
        if kind == "wrong" and any(w in group["about"] for w in ("received", "results", "disput")):
            form = next(f for f in forms if f.id == group.get("form", "ogi-2021"))
            facts = facts_of(form, group, sentence)
            seen += [m for m in mentions(ruleset, facts) if m.path == "overview.text"]
    tied = [m for m in seen if m.rules]
    assert len(tied) >= 0.9 * len(seen), [m.quote for m in seen if not m.rules]
    assert all(m.reason is not None for m in seen if not m.rules)


def test_true_numbers_of_the_tables_are_tied(forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    """In the groups that ask for it: numbers of two and more that a cell has, nine in ten."""
    from auditor.rulebook.mentions import mentions

    backed = []
    for group, kind, sentence in ALL:
        if kind == "right" and group.get("tied"):
            facts = facts_of(next(f for f in forms if f.id == "ogi-2021"), group, sentence)
            cells = {str(v) for v in group["figures"].values() if v > 1}
            found_ = [m for m in mentions(ruleset, facts) if m.path == "overview.text"]
            backed += [m for m in found_ if m.printed.rstrip("件") in cells]
    assert len(backed) >= 80
    untied = [m.quote for m in backed if not m.rules]
    assert len(untied) <= 0.1 * len(backed), untied


@pytest.mark.parametrize(
    "text",
    [
        "收到申请1件" * 3000,
        "共5件其中3件" * 3000,
        "5件占3%" * 3000,
        "1" * 9000 + "件申请",
        "\n" * 9000,
    ],
    ids=["claims", "lists", "shares", "digits", "lines"],
)
def test_a_hostile_text_is_judged_or_left_open(
    forms: tuple[Form, ...], ruleset: RuleSet, text: str
) -> None:
    """It ends, raises nothing, and what was not looked at any more is open."""
    group = {"figures": {"申请.本年新收.总计": 1}}
    found_ = {r: o for r, o, _ in outcomes(forms, ruleset, group, text)}
    if text.startswith("收到"):
        assert found_["T01"] is Outcome.OPEN
