"""Whole narratives of invented bodies: the true ones are not accused, planted errors are found."""

from __future__ import annotations

import re
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
from auditor.rulebook.figures import figure
from auditor.rulebook.prepare import prepare
from auditor.rulebook.rule import RuleSet
from auditor.rulebook.source import load_yaml

GROUPS = load_yaml((Path(__file__).parent / "narratives.yaml").read_text("utf-8"))
FLAGGED = (Outcome.FAIL, Outcome.REVIEW)
MARKED = re.compile("<([^<>]+)>")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
DIGITS = "零一二三四五六七八九"
# The families that judge what a text says; the others need a whole report.
FAMILIES = frozenset("TYCDPFX")


def facts_of(forms: tuple[Form, ...], group: Mapping[str, Any], text: str) -> tuple[Form, Facts]:
    form = next(f for f in forms if f.id == group.get("form", "ogi-2021"))
    year = group.get("year", 2023)
    edits = {"年度": year, "其他事项": "无。", **group["figures"]}
    edits[group.get("section", "总体情况")] = text
    if "body" in group:
        edits["机关.名称"] = group["body"]
    if "prior" in group:
        edits["上年报告"] = {"年度": year - 1, **group["prior"]}
    author = Author("narratives.yaml", "")
    facts = edited(form, edits, author, None)
    assert facts is not None, author.mistakes
    return form, facts


def found(
    forms: tuple[Form, ...], rules: RuleSet, group: Mapping[str, Any], text: str
) -> dict[str, tuple[Outcome, int]]:
    """What is flagged above a note, with the number of findings."""
    form, facts = facts_of(forms, group, text)
    flagged = {}
    for ready in prepare(rules, form, facts.period):
        if ready.rule.family in FAMILIES:
            result = apply(ready, facts)
            if result.outcome in FLAGGED and result.severity > Severity.NOTE:
                flagged[result.rule] = (result.outcome, len(result.findings))
    return flagged


def plain(text: str) -> str:
    return MARKED.sub(r"\1", text)


def planted(text: str) -> Iterator[str]:
    """The text with one of the marked figures changed, for each of them."""
    for mark in MARKED.finditer(text):
        yield plain(text[: mark.start()]) + changed(mark[1]) + plain(text[mark.end() :])


def changed(printed: str) -> str:
    """Another figure in the same hand, some more than this one."""
    read = figure(printed.translate({w: n for n, w in WIDE.items()}))
    assert read is not None, printed
    if read.value.denominator != 1:
        return f"{float(read.value) * 1.31:.2f}"
    value = int(read.value)
    more = value + (3 if value < 20 else value // 8 + 1)
    if printed[0] in DIGITS + "十":
        tens, ones = divmod(more, 10)
        return (DIGITS[tens] if tens > 1 else "") + "十" * (tens > 0) + DIGITS[ones] * (ones > 0)
    text = f"{more:,}" if "," in printed else str(more)
    return text if printed[0].isascii() else text.translate(WIDE)


TRUE = [(group, text) for group in GROUPS for text in group["truths"]]


def asked(
    forms: tuple[Form, ...], rules: RuleSet, group: Mapping[str, Any], text: str
) -> dict[str, Outcome]:
    """What is flagged for the sake of the text; the figures alone may be asked about, too."""
    silent = found(forms, rules, group, "本年度工作有序开展。")
    flagged = found(forms, rules, group, plain(text))
    return {rule: outcome for rule, (outcome, _) in flagged.items() if rule not in silent}


@pytest.mark.parametrize(("group", "text"), TRUE, ids=[t[:24] for _, t in TRUE])
def test_a_true_narrative_never_fails(
    forms: tuple[Form, ...], ruleset: RuleSet, group: Mapping[str, Any], text: str
) -> None:
    flagged = asked(forms, ruleset, group, text)
    assert not [rule for rule, outcome in flagged.items() if outcome is Outcome.FAIL]


HANDS = {
    "full width": lambda text: text.translate(WIDE),
    "half-width signs": lambda text: text.translate(str.maketrans("，；：（）", ",;:()")),
    "another counter": lambda text: text.replace("件", "宗"),
    "blanks": lambda text: re.sub(r"(\d+)(?=[件条份])", r" \1 ", text),
    "wrapped": lambda text: text.replace("，", "，\n"),
    "shorter sentences": lambda text: text.replace("；", "。"),
}


@pytest.mark.parametrize("hand", HANDS)
def test_a_true_narrative_is_true_in_another_hand(
    forms: tuple[Form, ...], ruleset: RuleSet, hand: str
) -> None:
    accused = {}
    for group, text in TRUE[:: len(HANDS) // 2]:
        flagged = asked(forms, ruleset, group, HANDS[hand](plain(text)))
        failed = [rule for rule, outcome in flagged.items() if outcome is Outcome.FAIL]
        if failed:
            accused[text] = failed
    assert not accused


def test_few_true_narratives_want_a_person(forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    """Totals of other bodies, parts without their whole: one in ten at most."""
    wanting = [text for group, text in TRUE if asked(forms, ruleset, group, text)]
    assert len(wanting) <= len(TRUE) / 10, wanting


def test_planted_errors_are_found(forms: tuple[Form, ...], ruleset: RuleSet) -> None:
    tried, missed = 0, []
    for group, text in TRUE:
        before = found(forms, ruleset, group, plain(text))
        for wrong in planted(text):
            tried += 1
            if found(forms, ruleset, group, wrong) == before:
                missed.append(wrong)
    assert tried >= 250
    assert len(missed) <= 0.03 * tried, missed
