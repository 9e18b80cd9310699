"""Style: what loads and may be right, and yet leaves a reader of an audit or the next author in
the dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from auditor.errors import Mistake, Said
from auditor.form import Form
from auditor.model import Severity
from auditor.rulebook.author import Author
from auditor.rulebook.entry import SEVERITIES
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import Rule, RuleSet
from auditor.workbench.constants import bare_numbers
from auditor.workbench.showing import shows_nothing
from auditor.workbench.twins import twins
from auditor.workbench.unused import unused


@dataclass(frozen=True, slots=True)
class Slip:
    """One finding of style: the name of the check, and where and how to mend it."""

    check: str
    mistake: Mistake


CHECKS: dict[str, Said] = {
    "no-severity": Said("没有级别", "no severity"),
    "no-points": Said("有的级别没有扣分", "a severity without points"),
    "comment": Said("文字后面成了注释", "a text that ends in a comment"),
    "no-fix": Said("没有整改", "no fix"),
    "no-message": Said("没有说明", "no message"),
    "no-numbers": Said("说明不见数", "a message without its numbers"),
    "same-rule": Said("重复的规则", "two rules that say the same"),
    "bare-number": Said("裸数", "a threshold as a bare number"),
    "unsourced": Said("依据未核而级别高", "too severe for an unsourced basis"),
    "no-family": Said("没有类别", "no family"),
    "replaced": Said("取代了沿用的规则", "takes the place of a rule"),
    "unused": Said("没有用到", "not used"),
}
"""Every check by its name, with its words."""


def style(rules: RuleSet, forms: Sequence[Form], *, whole: bool = True) -> tuple[Slip, ...]:
    """All slips of rules without mistakes, in the order of the files.

    `whole` is false where other rules of the set have mistakes: then nothing is called unused.
    """
    found = [slip for rule in rules.rules for slip in _of_one(rule, rules, forms)]
    found += [*_no_points(rules), *_comments(rules)]
    found += [_slip("same-rule", rules, *told) for told in twins(rules, forms)]
    found += [_slip("unused", rules, *told) for told in (unused(rules) if whole else ())]
    order = {name: n for n, name in enumerate(rules.authors)}
    return tuple(sorted(found, key=lambda s: (order[s.mistake.file], s.mistake.line)))


def _of_one(rule: Rule, rules: RuleSet, forms: Sequence[Form]) -> Iterator[Slip]:
    looks: dict[str, Callable[[Rule, RuleSet], Iterator[tuple[Mark | None, Said, Said]]]] = {
        "no-severity": _no_severity,
        "no-fix": _no_fix,
        "no-message": _no_message,
        "unsourced": _unsourced,
        "no-family": _no_family,
        "replaced": _replaced,
        "bare-number": bare_numbers,
        "no-numbers": lambda one, whole: shows_nothing(one, whole, forms),
    }
    for check, look in looks.items():
        for mark, said, mend in look(rule, rules):
            file = rules.defined["adjust", rule.id].file if check == "unsourced" else rule.file
            yield _slip(check, rules, file, mark, said, mend)


def _slip(check: str, rules: RuleSet, file: str, mark: Mark | None, said: Said, mend: Said) -> Slip:
    author = Author(file, rules.authors[file].text)
    author.wrong(mark, said, mend=mend)
    return Slip(check, author.mistakes[0])


def _no_fix(rule: Rule, rules: RuleSet) -> Iterator[tuple[Mark | None, Said, Said]]:
    if rule.fix is None:
        said = Said(f"{rule.id} 没有“整改”", f"{rule.id} has no 'fix'")
        yield rule.marks.get("id"), said, Said("写明该怎样改报告", "say how to mend the report")


def _no_severity(rule: Rule, rules: RuleSet) -> Iterator[tuple[Mark | None, Said, Said]]:
    if rule.marks.get("severity") is None and ("adjust", rule.id) not in rules.defined:
        said = Said(f"{rule.id} 没有“级别”，按严重算", f"{rule.id} has no 'severity': it is major")
        mend = Said("写明，如 级别: 一般", "say it, such as severity: minor")
        yield rule.marks.get("id"), said, mend


def _no_points(rules: RuleSet) -> Iterator[Slip]:
    """A severity that the rules have and the sheet leaves out costs nothing, and nobody says so."""
    at, points = rules.defined.get(("grading", "")), rules.grading.deductions
    if at is None or at.file not in rules.authors or not points:
        return
    scored = {rule.severity for rule in rules.rules if not rule.review}
    names = {s: word for word, s in SEVERITIES.items() if not word.isascii()}
    for severity in sorted(scored - set(points)):
        zh, en = (
            f"“扣分”没有{names[severity]}，不扣分",
            f"no points are taken off for {severity.key}",
        )
        mend = Said(f"写明，如 {names[severity]}: 0", f"say it, such as {severity.key}: 0")
        yield _slip("no-points", rules, at.file, at.mark, Said(zh, en), mend)


_CUT = re.compile(
    r"(?m)^\s*(?:- )?[^\s#'\"\[{:|>-][^:#'\"\n]*: +[^\s'\"\[{|>#&*][^#'\"\n]* (#[^\s#][^\n]*)$"
)


def _comments(rules: RuleSet) -> Iterator[Slip]:
    """What stands behind “ #” is a comment, and is not printed."""
    said = Said(
        "“#”前有空格，后面的都是注释，不会印出来",
        "what follows ' #' is a comment and is not printed",
    )
    mend = Said(
        "要印的，整段加引号；是注释的，“#”后空一格", "quote the text, or put a space after '#'"
    )
    for file, author in rules.authors.items():
        for found in _CUT.finditer(author.text):
            line = author.text.count("\n", 0, found.start(1)) + 1
            column = found.start(1) - author.text.rfind("\n", 0, found.start(1))
            mark = Mark(line, column, len(found[1]))
            yield _slip("comment", rules, file, mark, said, mend)


def _no_message(rule: Rule, rules: RuleSet) -> Iterator[tuple[Mark | None, Said, Said]]:
    if rule.message is None:
        said = Said(f"{rule.id} 没有“说明”", f"{rule.id} has no 'message'")
        mend = Said("写明看到了什么，带上数", "say what was found, with its numbers")
        yield rule.marks.get("id"), said, mend


def _unsourced(rule: Rule, rules: RuleSet) -> Iterator[tuple[Mark | None, Said, Said]]:
    """A set may not make more of an unsourced rule than the set that it extends."""
    at = rules.defined.get(("adjust", rule.id))
    if at is None or not rule.basis or any(b.sourced for b in rule.basis):
        return
    if rule.severity > Severity.NOTE or not rule.review:
        zh, en = f"{rule.id} 的依据未经核实", f"the basis of {rule.id} is unsourced"
        mend = Said("级别只能是提示并且复核；有本地依据的另写一条规则",
                    "leave it a note for review, or write a rule of its own")  # fmt: skip
        yield at.mark, Said(zh, en), mend


def _no_family(rule: Rule, rules: RuleSet) -> Iterator[tuple[Mark | None, Said, Said]]:
    if rule.family not in rules.families:
        known = "、".join(rules.families)
        said = Said(f"编号 {rule.id} 不属于任何类别", f"the id {rule.id} belongs to no family")
        zh = f"以 {known} 之一开头，或在“类别”里加 {rule.family}"
        en = f"begin it with one of {known}, or add {rule.family} to 'families'"
        yield rule.marks.get("id"), said, Said(zh, en)


def _replaced(rule: Rule, rules: RuleSet) -> Iterator[tuple[Mark | None, Said, Said]]:
    """An id that is taken by accident turns off the rule that had it."""
    known = next((r for r in rules.base.rules if r.id == rule.id), None) if rules.base else None
    if known is None or known.origin == rule.origin:
        return
    zh = f"编号 {rule.id} 取代了 {known.origin} 的“{known.title.zh}”，那一条不再查"
    en = f"{rule.id} takes the place of “{known.title.en}” ({known.origin})"
    mend = Said("换一个编号；要停用原来那一条的，写在“调整”里",
                "give it another id; to turn the other off, use 'adjust'")  # fmt: skip
    yield rule.marks.get("id"), Said(zh, en), mend
