"""Everything that is wrong with a rule set at once: each mistake once, and nothing that follows
from another mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.errors import Mistake
from auditor.form import Form
from auditor.rulebook.complaints import lines_of
from auditor.rulebook.draft import Draft
from auditor.rulebook.examples import mistakes_of_examples
from auditor.rulebook.load import finished, read_rules
from auditor.rulebook.prepare import mistakes_in
from auditor.rulebook.rule import Rule, RuleSet


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule set as far as it could be read, and all its mistakes in the order of the files.

    `sound` is the set without the rules that have a mistake.
    """

    rules: RuleSet
    sound: RuleSet
    mistakes: tuple[Mistake, ...]


def everything_wrong(folder: Path, forms: Sequence[Form], *, examples: bool = True) -> Reading:
    """Read a rule set and look at all of it. Raises UsageError where there is none.

    Without `examples` they are read but not run.
    """
    draft = read_rules(folder)
    rules = finished(draft)
    found = list(draft.mistakes)
    found += [m for m in mistakes_in(rules, forms) if not _follows(m, draft, found)]
    found = _without_wholes(rules, found)
    sound = _without(rules, found, draft.flawed)
    if examples:
        found += [m for m in mistakes_of_examples(sound, forms) if not _follows(m, draft, found)]
    order = {name: n for n, name in enumerate(draft.authors)}
    found.sort(key=lambda m: (order[m.file], m.line, m.column))
    return Reading(rules, sound, tuple(found))


def _follows(mistake: Mistake, draft: Draft, before: Collection[Mistake]) -> bool:
    """Whether a mistake only follows from another, or was told already."""
    if any(
        (m.file, m.line, m.column) == (mistake.file, mistake.line, mistake.column) for m in before
    ):
        return True
    lines = lines_of(draft.authors[mistake.file].text.removeprefix("\ufeff"))
    line = lines[mistake.line - 1] if mistake.line <= len(lines) else ""
    word = line[mistake.column - 1 : mistake.column - 1 + mistake.length]
    parts = re.findall(r"[\w-]+", word)
    return bool(draft.broken) and any(draft.perhaps(part) for part in parts)


def _without_wholes(rules: RuleSet, mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Without what is said of a whole body inside which another mistake lies."""
    bodies = {(r.file, m.line, m.column): _line(r) for r in rules.rules if (m := r.marks[r.verb])}
    starts = _starts(rules)
    inside: dict[tuple[str, int], int] = {}
    for m in mistakes:
        rule = (m.file, _start(starts, m))
        inside[rule] = inside.get(rule, 0) + 1
    return [
        m
        for m in mistakes
        if (m.file, m.line, m.column) not in bodies or inside[m.file, _start(starts, m)] == 1
    ]


def _starts(rules: RuleSet) -> dict[str, list[int]]:
    """The lines in which the rules of each file begin."""
    starts: dict[str, list[int]] = {}
    for rule in rules.rules:
        starts.setdefault(rule.file, []).append(_line(rule))
    return starts


def _start(starts: dict[str, list[int]], mistake: Mistake) -> int:
    """The line in which the rule of a mistake begins; 0 outside any."""
    return max((n for n in starts.get(mistake.file, ()) if n <= mistake.line), default=0)


def _without(rules: RuleSet, mistakes: Sequence[Mistake], flawed: Collection[str]) -> RuleSet:
    """The rules in whose lines no mistake lies: only their examples say something."""
    if not mistakes:
        return rules
    starts = _starts(rules)
    wrong = {(m.file, _start(starts, m)) for m in mistakes}
    kept = [r for r in rules.rules if r.id not in flawed and (r.file, _line(r)) not in wrong]
    return replace(rules, rules=tuple(kept))


def _line(rule: Rule) -> int:
    return int(rule.origin.rpartition(":")[2])
