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
from auditor.rulebook.marks import Mark
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
    prepared = mistakes_in(rules, forms)
    sound = _sound(rules, [*found, *prepared], draft)
    found += [m for m in prepared if not _follows(m, draft, found)]
    found = _leading(rules, found)
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


_MISPLACED = ("unknown table", "the table has no column")
_UNNAMED = "unknown name"


def _leading(rules: RuleSet, mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Without what follows from another mistake in the same rule.

    A body is called empty where the only thing in it is wrong; where the table or column is
    wrong, no name is known.
    """
    bodies = {(r.file, at.line, at.column) for r in rules.rules if (at := _body(r))}
    starts = _starts(rules)
    of_rule: dict[tuple[str, int], list[Mistake]] = {}
    for m in mistakes:
        of_rule.setdefault((m.file, _start(starts, m)), []).append(m)
    kept = []
    for m in mistakes:
        beside = [o for o in of_rule[m.file, _start(starts, m)] if o is not m]
        misplaced = any(o.said.en.startswith(_MISPLACED) for o in beside)
        if beside and (m.file, m.line, m.column) in bodies:
            continue
        if misplaced and m.said.en.startswith(_UNNAMED):
            continue
        kept.append(m)
    return kept


def _body(rule: Rule) -> Mark | None:
    """Where a body of several parts begins; an expression is one part."""
    return None if rule.verb in ("assert", "forbid") else rule.marks[rule.verb]


def _starts(rules: RuleSet) -> dict[str, list[int]]:
    """The lines in which the rules of each file begin."""
    starts: dict[str, list[int]] = {}
    for rule in rules.rules:
        starts.setdefault(rule.file, []).append(_line(rule))
    return starts


def _start(starts: dict[str, list[int]], mistake: Mistake) -> int:
    """The line in which the rule of a mistake begins; 0 outside any."""
    return max((n for n in starts.get(mistake.file, ()) if n <= mistake.line), default=0)


def _sound(rules: RuleSet, mistakes: Sequence[Mistake], draft: Draft) -> RuleSet:
    """The rules that lean on nothing wrong: only their examples say something."""
    if not mistakes:
        return rules
    starts = _starts(rules)
    wrong = {(m.file, _start(starts, m)) for m in mistakes}
    kept = [
        r
        for r in rules.rules
        if r.id not in draft.flawed
        and (r.file, _line(r)) not in wrong
        and not _leans(r, starts, draft)
    ]
    base = None if rules.base is None else _sound(rules.base, mistakes, draft)
    return replace(rules, rules=tuple(kept), base=base)


def _leans(rule: Rule, starts: dict[str, list[int]], draft: Draft) -> bool:
    """Whether a rule names a threshold or a list that was not understood."""
    if not draft.broken:
        return False
    first = _line(rule)
    last = min((n for n in starts[rule.file] if n > first), default=None)
    lines = lines_of(draft.authors[rule.file].text)[first - 1 : last and last - 1]
    words = re.findall(r"[\w-]+", "\n".join(lines))
    return any(draft.perhaps(word) for word in dict.fromkeys(words))


def _line(rule: Rule) -> int:
    return int(rule.origin.rpartition(":")[2])
