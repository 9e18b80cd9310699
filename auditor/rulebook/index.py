"""ruleset.yaml: what a rule set is called, and what its rules lean on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from auditor.errors import Said
from auditor.rulebook.author import Author, misread, renamed, said
from auditor.rulebook.draft import Draft
from auditor.rulebook.editions import SEMANTIC
from auditor.rulebook.entry import Members, year
from auditor.rulebook.grounds import FIRST_YEAR, LAST_YEAR, Ground, basis
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.rule import Group, Threshold
from auditor.rulebook.sheets import amount, compare_of, grading_of, named_rules
from auditor.text import nfkc

KEYS = {
    "id": "编号", "version": "版本", "title": "名称", "forms": "表式", "extends": "沿用",
    "adjust": "调整", "families": "类别", "citations": "引用", "thresholds": "阈值",
    "grading": "评分", "groups": "归类", "compare": "对比", "terms": "词组",
    "since": "起", "until": "止", "replaced_by": "取代者",
}  # fmt: skip
_THRESHOLD = {"values": "values", "值": "values", "basis": "basis", "依据": "basis"}
_MISSING = {
    "id": Said("加一行，如 编号: 本市", "add a line such as id: our-city"),
    "version": Said('加一行，如 版本: "1.0.0"', 'add a line such as version: "1.0.0"'),
    "title": Said("加一行，如 名称: 本市规则", "add a line such as title: Rules of our city"),
}
_NUMBERED = Said('如 "1.0.0"', 'such as "1.0.0"')


def read_index(author: Author, members: Members, draft: Draft) -> None:
    """Take in all that the index defines; mistakes are noted."""
    _name(author, members, draft)
    if "forms" in members:
        node, mark = members["forms"]
        draft.forms = tuple(str(f) for f in (node if isinstance(node, list) else [node]))
        draft.define("forms", "", author, mark)
    for name, node, mark in _entries(author, members, "families", draft):
        draft.families[name] = said(author, node, mark)
        draft.ever.add(name)
    for name, node, mark in _entries(author, members, "citations", draft):
        draft.citations[name] = basis(author, node, mark, Ground(draft.citations))
    for name, node, mark in _entries(author, members, "thresholds", draft):
        _threshold(author, name, node, mark, draft)
    for name, node, mark in _entries(author, members, "terms", draft):
        _terms(author, name, node, mark, draft)
    if "grading" in members:
        draft.define("grading", "", author, members["grading"][1])
        draft.grading = grading_of(author, *members["grading"], draft.named)
    for name, node, mark in _entries(author, members, "groups", draft):
        item = named_rules(author, node, mark, draft.named)
        draft.groups[name] = Group(name, item.title, item.rules)
    if "compare" in members:
        draft.compare = compare_of(author, *members["compare"])


def _name(author: Author, members: Members, draft: Draft) -> None:
    for key in ("id", "version", "title"):
        if key not in members:
            zh, en = f"规则集缺少“{KEYS[key]}”", f"the rule set has no '{key}'"
            author.wrong(None, Said(zh, en), mend=_MISSING[key])
    draft.id = str(members.get("id", (draft.id, None))[0])
    version, version_mark = members.get("version", ("", None))
    if not isinstance(version, str):
        said_ = Said("版本要加引号", "quote the version")
        three = ".".join([*str(version).split("."), "0", "0"][:3])
        author.wrong(version_mark, said_, (f'"{three}"',))
    elif "version" in members and not SEMANTIC.fullmatch(version):
        said_ = Said("版本应当是三个数", "a version is three numbers")
        author.wrong(version_mark, said_, mend=_NUMBERED)
    draft.version = str(version)
    draft.since, draft.until = (year(author, members, key) for key in ("since", "until"))
    draft.replaced_by = str(members.get("replaced_by", ("", None))[0])
    draft.title = said(author, *members.get("title", ("", None)))


def _entries(
    author: Author, members: Members, key: str, draft: Draft
) -> Iterator[tuple[str, Any, Mark | None]]:
    """The entries of a mapping member, with the marks of their values.

    What has a mistake is noted as broken: nobody is blamed for naming it.
    """
    if key not in members:
        return
    node = author.mapping(*members[key], Said(KEYS[key], key))
    if node is None:
        draft.broken.append(str(members[key][0]))
        return
    for name, value in node.items():
        before = len(author.mistakes)
        draft.define(key, name, author, node.marks_of_keys.get(name))
        yield name, value, node.marks_of_values.get(name)
        if len(author.mistakes) > before:
            draft.broken.append(name)


def _terms(author: Author, name: str, node: Any, mark: Mark | None, draft: Draft) -> None:
    """`name: [word, phrase, …]`: a set that extends another may replace a list of it."""
    entries = node if isinstance(node, list) else [node]
    if not entries or not all(isinstance(e, str) and e for e in entries):
        author.wrong(mark, Said("词组里应当是词或句式", "a list of terms holds words or phrases"))
        return
    draft.terms[name] = tuple(entries)


def _threshold(author: Author, name: str, node: Any, mark: Mark | None, draft: Draft) -> None:
    """`name: {values: {2019: 0.85}, basis: …}`: a number with a history."""
    entry = author.mapping(node, mark, Said("阈值", "a threshold"))
    if entry is None:
        return
    parts = renamed(author, entry, _THRESHOLD, Said("阈值", "threshold"))
    if "values" not in parts:
        if not misread(entry, _THRESHOLD):
            said_ = Said("阈值没有“值”", "the threshold has no 'values'")
            author.wrong(entry.mark, said_, mend=_DATED)
        return
    node, mark = parts["values"]
    if not isinstance(node, Mapped):
        said_ = Said("“值”要写明自哪个年度起", "'values' say from which year on")
        author.wrong(mark, said_, mend=_DATED)
        return
    values, found = node, []
    for when, value in (values or {}).items():
        number, at = amount(value), _marks(values, when)
        if not str(when).isdigit() or not FIRST_YEAR <= int(when) <= LAST_YEAR:
            author.wrong(at[0], Said(f"'{when}' 不是年份", f"'{when}' is no year"), mend=_DATED)
        elif number is None:
            said_ = Said(f"'{value}' 不是数", f"'{value}' is no number")
            author.wrong(at[1], said_, _day(str(value)), mend=_DATED)
        else:
            found.append((int(when), number))
    if found:
        text = str(parts.get("basis", ("", None))[0])
        draft.thresholds[name] = Threshold(name, tuple(sorted(found)), text)


_DATED = Said(
    "写作 值: {2021: 35%}，自哪个年度起、多少", "write values: {2021: 35%}, from which year on"
)


def _day(text: str) -> tuple[str, ...]:
    """A day of the year as the number that rules compare: 1月31日 and 01-31 are 131."""
    found = re.fullmatch(r"([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?", nfkc(text).strip())
    return (str(int(found[1]) * 100 + int(found[2])),) if found else ()


def _marks(values: Mapped | None, year: str) -> tuple[Mark | None, Mark | None]:
    """Where a year and its value stand."""
    if values is None:
        return None, None
    return values.marks_of_keys.get(year), values.marks_of_values.get(year)
