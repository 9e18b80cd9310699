"""A folder of rule files → RuleSet. Everything wrong is told at once, with its place.

A rule set is a folder with `ruleset.yaml` and any number of other .yaml files, each a list of
rules. `extends: NAME` takes over the rule set in the folder NAME beside it; `adjust` changes
single rules of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditor.errors import RulesError, Said, SourceError, UsageError
from auditor.model import Basis, Severity, Value
from auditor.rulebook.author import Author, near, renamed
from auditor.rulebook.entry import SEVERITIES, YES, Ground, Members, basis, read_entry, said
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.rule import Grading, Rule, RuleSet, Threshold
from auditor.rulebook.source import load_yaml
from auditor.text import decimal

INDEX = "ruleset.yaml"
_MOST_FILES, _MOST_BYTES, _DEEPEST = 200, 2_000_000, 5

_KEYS = {
    "id": "编号", "version": "版本", "title": "名称", "forms": "表式", "extends": "沿用",
    "adjust": "调整", "families": "类别", "citations": "引用", "thresholds": "阈值",
    "grading": "评分", "words": "词表",
}  # fmt: skip
_ADJUST = {
    "severity": "severity", "级别": "severity", "off": "off", "停用": "off",
    "review": "review", "复核": "review", "since": "since", "起": "since",
    "until": "until", "止": "until",
}  # fmt: skip
_THRESHOLD = {"values": "values", "值": "values", "basis": "basis", "依据": "basis"}
_GRADING = {
    "title": "title", "名称": "title", "full": "full", "满分": "full",
    "deductions": "deductions", "扣分": "deductions", "rules": "rules", "单条": "rules",
    "caps": "caps", "封顶": "caps", "veto": "veto", "否决": "veto", "bands": "bands",
    "等次": "bands", "least_evaluated": "least", "至少评定": "least",
}  # fmt: skip


@dataclass
class _Draft:
    """A rule set while it is being read: a child starts from its parent's."""

    rules: dict[str, Rule] = field(default_factory=dict)
    citations: dict[str, Basis] = field(default_factory=dict)
    thresholds: dict[str, Threshold] = field(default_factory=dict)
    families: dict[str, Said] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    grading: Grading = field(default_factory=Grading)
    forms: tuple[str, ...] = ()
    authors: dict[str, Author] = field(default_factory=dict)
    bytes_: list[bytes] = field(default_factory=list)
    id: str = ""
    version: str = ""
    title: Said = field(default_factory=lambda: Said("", ""))


def find_ruleset(folder: Path) -> Path:
    """The folder of the rule set: the given one, or its only subfolder that extends nothing."""
    if (folder / INDEX).is_file():
        return folder
    bases = [p.parent for p in sorted(folder.glob(f"*/{INDEX}")) if not _extends(p)]
    if len(bases) == 1:
        return bases[0]
    said_ = Said(
        f"{folder} 里没有 {INDEX}，请指明规则文件夹",
        f"no {INDEX} in {folder}: name the folder of a rule set",
    )
    raise UsageError(said_)


def _extends(index: Path) -> bool:
    text = index.read_text(encoding="utf-8", errors="replace")
    return any(line.startswith(("extends:", "沿用:")) for line in text.splitlines())


def load_rules(folder: Path) -> RuleSet:
    """Read a rule set. Raises RulesError with every mistake, UsageError if there is none."""
    draft = _Draft()
    _read(folder, draft, 0)
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
        words=draft.words,
        digest=digest,
        authors=draft.authors,
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
    _rules(folder, draft)
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


def _index(author: Author, members: Members, draft: _Draft) -> None:
    for key in ("id", "version", "title"):
        if key not in members:
            zh, en = f"规则集缺少“{_KEYS[key]}”", f"the rule set has no '{key}'"
            author.wrong(None, Said(zh, en))
    draft.id = str(members.get("id", ("", None))[0])
    version, version_mark = members.get("version", ("", None))
    if not isinstance(version, str):
        author.wrong(version_mark, Said('版本要加引号，如 "1.0.0"', "quote the version"))
    draft.version = str(version)
    draft.title = said(author, *members.get("title", ("", None)))
    if "forms" in members:
        forms = members["forms"][0]
        draft.forms = tuple(str(f) for f in (forms if isinstance(forms, list) else [forms]))
    for name, node, mark in _entries(author, members, "families"):
        draft.families[name] = said(author, node, mark)
    for name, node, mark in _entries(author, members, "citations"):
        draft.citations[name] = basis(author, node, mark, Ground({}))
    for name, node, mark in _entries(author, members, "thresholds"):
        _threshold(author, name, node, mark, draft)
    for name, node, mark in _entries(author, members, "words"):
        _words(author, name, node, mark, draft)
    if "grading" in members:
        draft.grading = _grading(author, *members["grading"])


def _words(author: Author, name: str, node: Any, mark: Mark | None, draft: _Draft) -> None:
    """`name: [word, phrase, …]`: a set that extends another may replace a list of it."""
    entries = node if isinstance(node, list) else [node]
    if not entries or not all(isinstance(e, str) and e for e in entries):
        author.wrong(mark, Said("词表里应当是词或句式", "a list of words holds words or phrases"))
        return
    draft.words[name] = tuple(entries)


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
    for year, value in (values or {}).items():
        number = amount(value)
        if not str(year).isdigit() or number is None:
            at = values.marks_of_values.get(year) if values else None
            author.wrong(at, Said("阈值写作 年份: 数", "a threshold is written year: number"))
        else:
            found.append((int(year), number))
    if found:
        text = str(parts.get("basis", ("", None))[0])
        draft.thresholds[name] = Threshold(name, tuple(sorted(found)), text)


def amount(value: Any) -> Value | None:
    """A number of a YAML file; `35%` is 0.35. None for anything else."""
    if isinstance(value, str) and value.endswith("%"):
        number = decimal(value[:-1])
        return None if number is None else number / 100
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    return None


def _grading(author: Author, node: Any, mark: Mark | None) -> Grading:
    """The grading sheet: all of it is data."""
    entry = author.mapping(node, mark, Said("评分", "grading"))
    if entry is None:
        return Grading()
    parts = renamed(author, entry, _GRADING, Said("评分", "grading"))

    def numbers(key: str) -> dict[str, Decimal]:
        table = author.mapping(
            *parts.get(key, (Mapped(Mark(1, 1, 1)), mark)), Said("分值", "points")
        )
        found = {}
        for name, value in (table or {}).items():
            number = amount(value)
            if number is None:
                at = table.marks_of_values.get(name) if table else mark
                author.wrong(at, Said("这里应当是一个数", "a number is expected here"))
            else:
                found[name] = Decimal(str(number))
        return found

    deductions = {
        author.one_of(word, mark, SEVERITIES, Said("级别", "severity")): points
        for word, points in numbers("deductions").items()
    }
    veto = parts.get("veto", ([], mark))[0]
    severities = {
        author.one_of(word, mark, SEVERITIES, Said("级别", "severity"))
        for word in (veto if isinstance(veto, list) else [veto])
    }
    bands = sorted(numbers("bands").items(), key=lambda band: -band[1])
    return Grading(
        full=Decimal(str(amount(parts.get("full", (100, None))[0]) or 100)),
        deductions={s: p for s, p in deductions.items() if isinstance(s, Severity)},
        rules=numbers("rules"),
        caps=numbers("caps"),
        veto=frozenset(s for s in severities if isinstance(s, Severity)),
        bands=tuple(bands),
        least_evaluated=Decimal(str(amount(parts.get("least", (0, None))[0]) or 0)),
        title=said(author, *parts.get("title", ("", mark))),
    )


def _rules(folder: Path, draft: _Draft) -> None:
    """Every other .yaml file of the folder, by name."""
    files = [p for p in sorted(folder.glob("*.yaml")) if p.name != INDEX]
    if len(files) > _MOST_FILES:
        raise UsageError(Said("规则文件太多", "too many rule files"))
    for path in files:
        author = _author(path, draft)
        node = _yaml(author)
        if node is None:
            continue
        if not isinstance(node, list):
            zh = "规则文件应当是一个列表，每条规则以“- ”开头"
            author.wrong(None, Said(zh, "a rule file is a list: each rule starts with '- '"))
            continue
        _rule_file(author, node, draft)


def _rule_file(author: Author, node: Any, draft: _Draft) -> None:
    own: Mapping[str, Rule] = {}
    for item, mark in zip(node, node.marks, strict=True):
        rule = read_entry(author, item, mark, Ground(draft.citations))
        if rule is None:
            continue
        known = draft.rules.get(rule.id)
        if known is not None and (known.file == author.file or rule.id in own):
            zh, en = (
                f"编号 {rule.id} 已在 {known.origin} 用过",
                f"{rule.id} stands in {known.origin}",
            )
            author.wrong(rule.marks.get("id"), Said(zh, en))
        draft.rules[rule.id] = rule


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
        if key in ("since", "until"):
            changes[key] = value
        else:
            changes[key] = author.one_of(value, mark, words, Said(key, key))
    if changes.pop("off", False):
        del draft.rules[name]
        return
    if all(value is not None for value in changes.values()):
        draft.rules[name] = replace(draft.rules[name], **changes)
