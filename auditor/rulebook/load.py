"""A folder of rule files → RuleSet. Everything wrong is told at once, with its place.

A rule set is a folder with `ruleset.yaml` and any number of other .yaml files, each a list of
rules. `extends: NAME` takes over the rule set in the folder NAME beside it; `adjust` changes
single rules of it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from auditor.errors import RulesError, Said, UsageError
from auditor.rulebook.adjusting import adjust
from auditor.rulebook.apart import read_apart
from auditor.rulebook.author import Author, near, renamed
from auditor.rulebook.draft import Draft, opened, unclaimed
from auditor.rulebook.editions import INDEX, find_ruleset
from auditor.rulebook.entry import read_entry
from auditor.rulebook.grounds import Ground
from auditor.rulebook.index import KEYS, read_index
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.rule import Rule, RuleSet
from auditor.rulebook.sheets import grading_of
from auditor.rulebook.words import FILE, read_words

__all__ = ["INDEX", "find_ruleset", "load_rules"]
SHEETS = "sheets"
_MOST_FILES, _DEEPEST = 200, 5


def load_rules(folder: Path) -> RuleSet:
    """Read a rule set. Raises RulesError with every mistake, UsageError if there is none."""
    draft = read_rules(folder)
    if draft.mistakes:
        raise RulesError(draft.mistakes)
    return finished(draft)


def read_rules(folder: Path) -> Draft:
    """All that could be read of a rule set, with its mistakes. Raises UsageError."""
    draft = Draft()
    _read(folder, draft, 0)
    _all_known(draft)
    return draft


def finished(draft: Draft) -> RuleSet:
    """The rule set as far as it was read; what is read later does not change it."""
    return RuleSet(
        id=draft.id,
        version=draft.version,
        title=draft.title,
        forms=draft.forms,
        rules=tuple(draft.rules.values()),
        thresholds=dict(draft.thresholds),
        grading=draft.grading,
        families=dict(draft.families),
        terms=dict(draft.terms),
        digest=hashlib.sha256(b"\x00".join(draft.bytes_)).hexdigest(),
        authors=dict(draft.authors),
        words=dict(draft.words),
        sheets=dict(draft.sheets),
        grouping=tuple(draft.groups.values()),
        compare=draft.compare,
        citations=dict(draft.citations),
        since=draft.since,
        until=draft.until,
        replaced_by=draft.replaced_by,
        defined=dict(draft.defined),
        base=draft.base,
    )


def _read(folder: Path, draft: Draft, depth: int) -> None:
    """One folder: first the rule set that it extends, then its index, then its rules."""
    if depth > _DEEPEST:
        raise UsageError(Said("沿用的层数太多", "rule sets extend each other in a circle"))
    author = opened(folder / INDEX, draft)
    node = read_apart(author, draft.broken)
    root = author.mapping(node, None, Said(INDEX, INDEX)) if node is not None else None
    keys = {name: english for english, zh in KEYS.items() for name in (english, zh)}
    members = renamed(author, root, keys, Said("规则集", "rule set")) if root is not None else {}
    if "extends" in members:
        _extend(author, folder, members["extends"], draft, depth)
    if root is not None:
        read_index(author, members, draft)
    _words(folder, draft)
    _rules(folder, draft)
    _sheets(folder, draft)
    if "adjust" in members:
        adjust(author, members["adjust"], draft)


def _extend(
    author: Author, folder: Path, member: tuple[Any, Mark | None], draft: Draft, depth: int
) -> None:
    """Only a sibling folder can be extended: no path of a rule file is followed elsewhere."""
    name, mark = member
    siblings = [p.parent.name for p in folder.resolve().parent.glob(f"*/{INDEX}")]
    if name not in siblings or name == folder.resolve().name:
        zh, en = f"旁边没有规则集 '{name}'", f"no rule set '{name}' beside this one"
        author.wrong(mark, Said(zh, en), near(str(name), siblings))
        draft.broken.append(author.text)
        return
    _read(folder.resolve().parent / str(name), draft, depth + 1)
    draft.base = finished(draft)


def _all_known(draft: Draft) -> None:
    """Every rule or family that a group or a sheet names must be there, if perhaps turned off."""
    for author, name, mark in draft.named:
        if unclaimed(draft, [name]):
            said_ = Said(f"没有规则 '{name}'", f"no rule '{name}'")
            author.wrong(mark, said_, near(name, sorted(draft.ever)))
    for rule in draft.rules.values():
        if rule.replaced_by:
            _replaced(rule, draft)


def _replaced(rule: Rule, draft: Draft) -> None:
    """What takes the place of a rule must be there, and the rule must have an end."""
    author, name = draft.authors[rule.file], rule.replaced_by
    mark = rule.marks.get("replaced_by")
    if name not in draft.rules and not draft.perhaps(name):
        author.wrong(mark, Said(f"没有规则 '{name}'", f"no rule '{name}'"), near(name, draft.rules))
    if rule.until is None:
        zh, en = "有取代者的规则要写明止于哪个年度", "a rule that is replaced must say until when"
        mend = Said("加一行，如 止: 2023", "add a line such as until: 2023")
        author.wrong(mark, Said(zh, en), mend=mend)


def _sheets(folder: Path, draft: Draft) -> None:
    """The further grading sheets of a folder, one a file, by the file's name."""
    for path in sorted((folder / SHEETS).glob("*.yaml"))[:_MOST_FILES]:
        author = opened(path, draft)
        node = read_apart(author, draft.broken)
        if node is not None:
            draft.sheets[path.stem] = grading_of(author, node, None, draft.named)


def _words(folder: Path, draft: Draft) -> None:
    """The word lists of the folder, if it has any."""
    if (folder / FILE).is_file():
        author = opened(folder / FILE, draft)
        node = read_apart(author, draft.broken)
        if node is not None:
            draft.broken += read_words(author, node, draft.words)
            for name, mark in node.marks_of_keys.items() if isinstance(node, Mapped) else ():
                draft.define("words", name, author, mark)
        for name in sorted(draft.words.keys() & draft.thresholds.keys()):
            zh, en = f"“{name}”已是阈值的名称", f"'{name}' is a threshold already"
            at = draft.defined.get(("words", name))
            author.wrong(at.mark if at else None, Said(zh, en), mend=_OTHER_NAME)


_OTHER_NAME = Said("换一个名称", "give it another name")


def _rules(folder: Path, draft: Draft) -> None:
    """Every other .yaml file of the folder, by name."""
    files = [p for p in sorted(folder.glob("*.yaml")) if p.name not in (INDEX, FILE)]
    if len(files) > _MOST_FILES:
        raise UsageError(Said("规则文件太多", "too many rule files"))
    own: set[str] = set()
    for path in files:
        author = opened(path, draft)
        node = read_apart(author, draft.broken)
        if node is None:
            continue
        if not isinstance(node, list):
            zh = "规则文件应当是一个列表，每条规则以“- ”开头"
            author.wrong(None, Said(zh, "a rule file is a list: each rule starts with '- '"))
            draft.broken.append(author.text)
            continue
        _rule_file(author, node, draft, own)


def _rule_file(author: Author, node: Any, draft: Draft, own: set[str]) -> None:
    """The rules of one file; `own` are the ids of the folder so far: each may be used once."""
    for item, mark in zip(node, node.marks, strict=True):
        before = len(author.mistakes)
        rule = read_entry(author, item, mark, Ground(draft.citations))
        flawed = len(author.mistakes) > before
        if rule is None:
            draft.broken.append(str(item))
            continue
        if rule.id in own:
            known = draft.rules[rule.id]
            zh = f"编号 {rule.id} 已在 {known.origin} 用过"
            mend = Said("换一个编号", "give it another id")
            said_ = Said(zh, f"{rule.id} stands in {known.origin}")
            author.wrong(rule.marks.get("id"), said_, mend=mend)
            continue
        own.add(rule.id)
        draft.rules[rule.id] = rule
        draft.flawed.discard(rule.id)
        if flawed:
            draft.flawed.add(rule.id)
        draft.ever |= {rule.id, rule.family}
