"""`adjust` 调整: what a rule set changes in single rules of the set that it extends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from auditor.errors import Said
from auditor.rulebook.author import YES, Author, near, renamed
from auditor.rulebook.draft import Draft
from auditor.rulebook.entry import SEVERITIES, Members, year
from auditor.rulebook.marks import Mark

_KEYS = {
    "severity": "severity", "级别": "severity", "off": "off", "停用": "off",
    "review": "review", "复核": "review", "since": "since", "起": "since",
    "until": "until", "止": "until", "waivable": "waivable", "可豁免": "waivable",
    "replaced_by": "replaced_by", "取代者": "replaced_by",
}  # fmt: skip
_NAMES = {english: word for word, english in _KEYS.items() if word != english}
_WHAT = Said("调整", "adjust")


def adjust(author: Author, member: tuple[Any, Mark | None], draft: Draft) -> None:
    """`adjust: {A01: {severity: minor}}`: changes to single rules of the extended set."""
    node = author.mapping(*member, _WHAT)
    for name, change in (node or {}).items():
        mark = node.marks_of_keys.get(name) if node else None
        if name not in draft.rules:
            if not draft.perhaps(name):
                zh, en = f"没有规则 '{name}'", f"no rule '{name}'"
                author.wrong(mark, Said(zh, en), near(name, draft.rules))
            continue
        at = node.marks_of_values.get(name) if node else None
        entry = author.mapping(change, at, _WHAT)
        if entry is not None:
            draft.define("adjust", name, author, mark)
            _adjusted(author, name, renamed(author, entry, _KEYS, _WHAT), draft)


def _adjusted(author: Author, name: str, parts: Members, draft: Draft) -> None:
    changes: dict[str, Any] = {}
    before = len(author.mistakes)
    for key, (value, mark) in parts.items():
        words: Mapping[Any, Any] = SEVERITIES if key == "severity" else YES
        if key in ("since", "until"):
            changes[key] = year(author, parts, key)
        elif key == "replaced_by":
            changes[key] = str(value)
        else:
            changes[key] = author.one_of(value, mark, words, Said(_NAMES[key], key))
    if len(author.mistakes) > before:
        return
    if changes.pop("off", False):
        del draft.rules[name]
        return
    draft.rules[name] = replace(draft.rules[name], **changes)
