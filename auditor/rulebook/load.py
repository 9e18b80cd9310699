"""A folder of rule files → RuleSet. Everything wrong is told at once, with its place.

A rule set is a folder with `ruleset.yaml` and any number of other .yaml files, each a list of
rules. `extends: NAME` takes over the rule set in the folder NAME beside it; `adjust` changes
single rules of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from auditor.errors import RulesError, Said, SourceError, UsageError
from auditor.model import Basis
from auditor.rulebook.author import Author, near, renamed
from auditor.rulebook.editions import INDEX, SEMANTIC, find_ruleset
from auditor.rulebook.entry import SEVERITIES, YES, Ground, Members, basis, read_entry, said, year
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import Compare, Grading, Group, Rule, RuleSet, Threshold
from auditor.rulebook.sheets import Named, amount, compare_of, grading_of, named_rules
from auditor.rulebook.source import load_yaml
from auditor.rulebook.wordlist import WordList
from auditor.rulebook.words import FILE, read_words

__all__ = ["INDEX", "find_ruleset", "load_rules"]
_MOST_FILES, _MOST_BYTES, _DEEPEST = 200, 2_000_000, 5

_KEYS = {
    "id": "编号", "version": "版本", "title": "名称", "forms": "表式", "extends": "沿用",
    "adjust": "调整", "families": "类别", "citations": "引用", "thresholds": "阈值",
    "grading": "评分", "groups": "归类", "compare": "对比", "terms": "词组",
    "since": "起", "until": "止", "replaced_by": "取代者",
}  # fmt: skip
_ADJUST = {
    "severity": "severity", "级别": "severity", "off": "off", "停用": "off",
    "review": "review", "复核": "review", "since": "since", "起": "since",
    "until": "until", "止": "until", "waivable": "waivable", "可豁免": "waivable",
    "replaced_by": "replaced_by", "取代者": "replaced_by",
}  # fmt: skip
_THRESHOLD = {"values": "values", "值": "values", "basis": "basis", "依据": "basis"}
SHEETS = "sheets"


@dataclass
class _Draft:
    """A rule set while it is being read: a child starts from its parent's."""

    rules: dict[str, Rule] = field(default_factory=dict)
    citations: dict[str, Basis] = field(default_factory=dict)
    thresholds: dict[str, Threshold] = field(default_factory=dict)
    families: dict[str, Said] = field(default_factory=dict)
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    grading: Grading = field(default_factory=Grading)
    sheets: dict[str, Grading] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    compare: Compare = field(default_factory=Compare)
    named: Named = field(default_factory=list)
    ever: set[str] = field(default_factory=set)
    forms: tuple[str, ...] = ()
    words: dict[str, WordList] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    bytes_: list[bytes] = field(default_factory=list)
    id: str = ""
    version: str = ""
    since: int | None = None
    until: int | None = None
    replaced_by: str = ""
    title: Said = field(default_factory=lambda: Said("", ""))


def load_rules(folder: Path) -> RuleSet:
    """Read a rule set. Raises RulesError with every mistake, UsageError if there is none."""
    draft = _Draft()
    _read(folder, draft, 0)
    if not any(author.mistakes for author in draft.authors.values()):
        _all_known(draft)
    mistakes = [m for author in draft.authors.values() for m in author.mistakes]
    if mistakes:
        raise RulesError(tuple(mistakes))
    digest = hashlib.sha256(b"\x00".join(draft.bytes_)).hexdigest()
    return RuleSet(
        id=draft.id,
        version=draft.version,
        title=draft.title,
        forms=draft.forms,
        rules=tuple(draft.rules.values()),
        thresholds=draft.thresholds,
        grading=draft.grading,
        families=draft.families,
        terms=draft.terms,
        digest=digest,
        authors=draft.authors,
        words=draft.words,
        sheets=draft.sheets,
        grouping=tuple(draft.groups.values()),
        compare=draft.compare,
        citations=draft.citations,
        since=draft.since,
        until=draft.until,
        replaced_by=draft.replaced_by,
    )


def _read(folder: Path, draft: _Draft, depth: int) -> None:
    """One folder: first the rule set that it extends, then its index, then its rules."""
    if depth > _DEEPEST:
        raise UsageError(Said("沿用的层数太多", "rule sets extend each other in a circle"))
    index = folder / INDEX
    author = _author(index, draft)
    node = _yaml(author)
    if node is None:
        return
    root = author.mapping(node, None, Said(INDEX, INDEX))
    if root is None:
        return
    keys = {name: english for english, zh in _KEYS.items() for name in (english, zh)}
    members = renamed(author, root, keys, Said("规则集", "rule set"))
    if "extends" in members:
        _extend(author, folder, members["extends"], draft, depth)
    _index(author, members, draft)
    _words(folder, draft)
    _rules(folder, draft)
    _sheets(folder, draft)
    if "adjust" in members:
        _adjust(author, members["adjust"], draft)


def _author(path: Path, draft: _Draft) -> Author:
    """Open a file of the rule set; its bytes go into the digest."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            Said(f"读不到规则文件 {path}", f"cannot read the rule file {path}")
        ) from error
    if len(data) > _MOST_BYTES:
        raise UsageError(Said(f"规则文件 {path} 太大", f"the rule file {path} is too large"))
    name = _shown(path)
    draft.bytes_.append(data)
    author = Author(name, data.decode("utf-8-sig", errors="replace"))
    draft.authors[name] = author
    if "\ufffd" in author.text:
        author.wrong(None, Said("规则文件应当是UTF-8编码", "rule files must be in UTF-8"))
    return author


def _shown(path: Path) -> str:
    """A path for people: below the current folder where it is, else the last three parts."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return "/".join(path.resolve().parts[-3:])


def _yaml(author: Author) -> Any:
    """The parsed file, or None after a noted mistake."""
    try:
        return load_yaml(author.text)
    except SourceError as error:
        author.wrong_source(error)
        return None


def _extend(
    author: Author, folder: Path, member: tuple[Any, Mark | None], draft: _Draft, depth: int
) -> None:
    """Only a sibling folder can be extended: no path of a rule file is followed elsewhere."""
    name, mark = member
    siblings = [p.parent.name for p in folder.resolve().parent.glob(f"*/{INDEX}")]
    if name not in siblings or name == folder.resolve().name:
        zh, en = f"旁边没有规则集 '{name}'", f"no rule set '{name}' beside this one"
        author.wrong(mark, Said(zh, en), near(str(name), siblings))
        return
    _read(folder.resolve().parent / str(name), draft, depth + 1)


def _identity(author: Author, members: Members, draft: _Draft) -> None:
    """What tells the set from others, and for which years it is valid."""
    for key in ("id", "version", "title"):
        if key not in members:
            zh, en = f"规则集缺少“{_KEYS[key]}”", f"the rule set has no '{key}'"
            author.wrong(None, Said(zh, en))
    draft.id = str(members.get("id", ("", None))[0])
    version, version_mark = members.get("version", ("", None))
    if not isinstance(version, str):
        author.wrong(version_mark, Said('版本要加引号，如 "1.0.0"', "quote the version"))
    elif not SEMANTIC.fullmatch(version):
        zh, en = "版本应当是三个数，如 1.0.0", "a version is three numbers, as 1.0.0"
        author.wrong(version_mark, Said(zh, en))
    draft.version = str(version)
    draft.since, draft.until = (year(author, members, key) for key in ("since", "until"))
    draft.replaced_by = str(members.get("replaced_by", ("", None))[0])
    draft.title = said(author, *members.get("title", ("", None)))


def _index(author: Author, members: Members, draft: _Draft) -> None:
    _identity(author, members, draft)
    if "forms" in members:
        forms = members["forms"][0]
        draft.forms = tuple(str(f) for f in (forms if isinstance(forms, list) else [forms]))
    for name, node, mark in _entries(author, members, "families"):
        draft.families[name] = said(author, node, mark)
        draft.ever.add(name)
    for name, node, mark in _entries(author, members, "citations"):
        draft.citations[name] = basis(author, node, mark, Ground(draft.citations))
    for name, node, mark in _entries(author, members, "thresholds"):
        _threshold(author, name, node, mark, draft)
    for name, node, mark in _entries(author, members, "terms"):
        _terms(author, name, node, mark, draft)
    if "grading" in members:
        draft.grading = grading_of(author, *members["grading"], draft.named)
    for name, node, mark in _entries(author, members, "groups"):
        item = named_rules(author, node, mark, draft.named)
        draft.groups[name] = Group(name, item.title, item.rules)
    if "compare" in members:
        draft.compare = compare_of(author, *members["compare"])


def _terms(author: Author, name: str, node: Any, mark: Mark | None, draft: _Draft) -> None:
    """`name: [word, phrase, …]`: a set that extends another may replace a list of it."""
    entries = node if isinstance(node, list) else [node]
    if not entries or not all(isinstance(e, str) and e for e in entries):
        author.wrong(mark, Said("词组里应当是词或句式", "a list of terms holds words or phrases"))
        return
    draft.terms[name] = tuple(entries)


def _entries(author: Author, members: Members, key: str) -> Iterator[tuple[str, Any, Mark | None]]:
    """The entries of a mapping member, with the marks of their values."""
    if key not in members:
        return
    node = author.mapping(*members[key], Said(_KEYS[key], key))
    for name, value in (node or {}).items():
        yield name, value, node.marks_of_values.get(name) if node else None


def _threshold(author: Author, name: str, node: Any, mark: Mark | None, draft: _Draft) -> None:
    """`name: {values: {2019: 0.85}, basis: …}`: a number with a history."""
    entry = author.mapping(node, mark, Said("阈值", "a threshold"))
    if entry is None:
        return
    parts = renamed(author, entry, _THRESHOLD, Said("阈值", "threshold"))
    values = author.mapping(*parts.get("values", (None, mark)), Said("值", "values"))
    found = []
    for when, value in (values or {}).items():
        number = amount(value)
        if not str(when).isdigit() or number is None:
            at = values.marks_of_values.get(when) if values else None
            author.wrong(at, Said("阈值写作 年份: 数", "a threshold is written year: number"))
        else:
            found.append((int(when), number))
    if found:
        text = str(parts.get("basis", ("", None))[0])
        draft.thresholds[name] = Threshold(name, tuple(sorted(found)), text)


def _all_known(draft: _Draft) -> None:
    """Every rule or family that a group or a sheet names must be there, if perhaps turned off."""
    for author, name, mark in draft.named:
        if name not in draft.ever:
            said_ = Said(f"没有规则 '{name}'", f"no rule '{name}'")
            author.wrong(mark, said_, near(name, sorted(draft.ever)))
    for rule in draft.rules.values():
        _replaced(rule, draft)


def _replaced(rule: Rule, draft: _Draft) -> None:
    """What takes the place of a rule must be there, and the rule must have an end."""
    if not rule.replaced_by:
        return
    author, mark = draft.authors[rule.file], rule.marks.get("replaced_by")
    if rule.replaced_by not in draft.rules:
        name = rule.replaced_by
        said_ = Said(f"没有规则 '{name}'", f"no rule '{name}'")
        author.wrong(mark, said_, near(name, draft.rules))
    if rule.until is None:
        zh, en = "有取代者的规则要写明止于哪个年度", "a rule that is replaced must say until when"
        author.wrong(mark, Said(zh, en))


def _sheets(folder: Path, draft: _Draft) -> None:
    """The further grading sheets of a folder, one a file, by the file's name."""
    for path in sorted((folder / SHEETS).glob("*.yaml"))[:_MOST_FILES]:
        author = _author(path, draft)
        node = _yaml(author)
        if node is not None:
            draft.sheets[path.stem] = grading_of(author, node, None, draft.named)


def _words(folder: Path, draft: _Draft) -> None:
    """The word lists of the folder, if it has any."""
    if (folder / FILE).is_file():
        author = _author(folder / FILE, draft)
        node = _yaml(author)
        if node is not None:
            read_words(author, node, draft.words)
        for name in sorted(draft.words.keys() & draft.thresholds.keys()):
            zh, en = f"“{name}”已是阈值的名称", f"'{name}' is a threshold already"
            author.wrong(None, Said(zh, en))


def _rules(folder: Path, draft: _Draft) -> None:
    """Every other .yaml file of the folder, by name."""
    files = [p for p in sorted(folder.glob("*.yaml")) if p.name not in (INDEX, FILE)]
    if len(files) > _MOST_FILES:
        raise UsageError(Said("规则文件太多", "too many rule files"))
    own: set[str] = set()
    for path in files:
        author = _author(path, draft)
        node = _yaml(author)
        if node is None:
            continue
        if not isinstance(node, list):
            zh = "规则文件应当是一个列表，每条规则以“- ”开头"
            author.wrong(None, Said(zh, "a rule file is a list: each rule starts with '- '"))
            continue
        _rule_file(author, node, draft, own)


def _rule_file(author: Author, node: Any, draft: _Draft, own: set[str]) -> None:
    """The rules of a file; `own` are the ids of the folder so far: only those of another set give
    way."""
    for item, mark in zip(node, node.marks, strict=True):
        rule = read_entry(author, item, mark, Ground(draft.citations))
        if rule is None:
            continue
        known = draft.rules.get(rule.id)
        if known is not None and rule.id in own:
            zh, en = (
                f"编号 {rule.id} 已在 {known.origin} 用过",
                f"{rule.id} stands in {known.origin}",
            )
            author.wrong(rule.marks.get("id"), Said(zh, en))
        own.add(rule.id)
        draft.rules[rule.id] = rule
        draft.ever |= {rule.id, rule.family}


def _adjust(author: Author, member: tuple[Any, Mark | None], draft: _Draft) -> None:
    """`adjust: {A01: {severity: minor}}`: changes to single rules of the extended set."""
    node = author.mapping(*member, Said("调整", "adjust"))
    if node is None:
        return
    for name, change in node.items():
        mark = node.marks_of_keys.get(name)
        if name not in draft.rules:
            zh, en = f"没有规则 '{name}'", f"no rule '{name}'"
            author.wrong(mark, Said(zh, en), near(name, draft.rules))
            continue
        entry = author.mapping(change, node.marks_of_values.get(name), Said("调整", "adjust"))
        if entry is not None:
            parts = renamed(author, entry, _ADJUST, Said("调整", "adjust"))
            _adjusted(author, name, parts, draft)


def _adjusted(author: Author, name: str, parts: Members, draft: _Draft) -> None:
    changes: dict[str, Any] = {}
    for key, (value, mark) in parts.items():
        words: Mapping[Any, Any] = SEVERITIES if key == "severity" else YES
        if key in ("since", "until", "replaced_by"):
            changes[key] = value
        else:
            changes[key] = author.one_of(value, mark, words, Said(key, key))
    if changes.pop("off", False):
        del draft.rules[name]
        return
    if all(value is not None for value in changes.values()):
        draft.rules[name] = replace(draft.rules[name], **changes)
