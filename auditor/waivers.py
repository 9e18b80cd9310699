"""The file of waivers: read strictly, every mistake shown in its line; and entries for it.

A list of entries, or `{longest_days: 90, waivers: […]}`; keys in English or Chinese. What an entry
lacks for approval (reason, owner, approved_by) is a finding of the audit, not a mistake here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from auditor.decisions import Waiver
from auditor.errors import RulesError, Said, SourceError, UsageError
from auditor.model import Batch
from auditor.rulebook.author import Author, near, renamed
from auditor.rulebook.marks import Listed, Mapped, Mark

_MOST_BYTES = 2_000_000
KEYS = {
    "rule": "规则", "subject": "单位", "period": "年度", "scope": "范围", "value_key": "数值指纹",
    "reason": "理由", "owner": "责任人", "approved_by": "批准", "approved_on": "批准日期",
    "expires": "到期", "where": "位置",
}  # fmt: skip
_REQUIRED = ("rule", "subject", "period", "scope", "value_key", "expires")
_FILE = {
    "waivers": "waivers", "豁免": "waivers",
    "longest_days": "longest_days", "最长天数": "longest_days",
}  # fmt: skip
_NAMES = {name: key for key, chinese in KEYS.items() for name in (key, chinese)}
_SCOPES = {"rule": "rule", "整条规则": "rule"}
_FINGERPRINT = re.compile("[0-9a-f]{16}")
_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class WaiverFile:
    """What a file holds; `longest_days` can only shorten what the rule set allows."""

    waivers: tuple[Waiver, ...]
    longest_days: int | None = None


def load(path: Path, rules: Collection[str]) -> WaiverFile:
    """Read a file of waivers; `rules` are the ids that exist.

    Raises RulesError with every mistake, UsageError where the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        said = Said(f"读不到豁免文件 {path}", f"cannot read the waiver file {path}")
        raise UsageError(said) from error
    if len(data) > _MOST_BYTES:
        raise UsageError(Said(f"豁免文件 {path} 太大", f"the waiver file {path} is too large"))
    return load_text(data.decode("utf-8-sig", errors="replace"), path.as_posix(), rules)


def load_text(text: str, name: str, rules: Collection[str]) -> WaiverFile:
    """The same from the text of a file. Raises RulesError with every mistake."""
    from auditor.rulebook.source import load_yaml

    author = Author(name, text)
    found = WaiverFile(())
    try:
        if "\ufffd" in author.text:
            author.wrong(None, Said("应当是UTF-8编码", "the file must be in UTF-8"))
        found = _file(author, load_yaml(author.text), rules)
    except SourceError as error:
        author.wrong_source(error)
    if author.mistakes:
        raise RulesError(tuple(author.mistakes))
    return found


def _file(author: Author, node: Any, rules: Collection[str]) -> WaiverFile:
    longest = None
    entries, mark = node, None
    if isinstance(node, Mapped):
        members = renamed(author, node, _FILE, Said("豁免文件", "waiver file"))
        entries, mark = members.get("waivers", (None, None))
        if "longest_days" in members:
            longest = _count(author, *members["longest_days"])
    if entries is None:
        return WaiverFile((), longest)
    if not isinstance(entries, Listed):
        said = Said("豁免应当是一个列表，每条以“- ”开头", "waivers are a list of entries")
        author.wrong(mark, said)
        return WaiverFile(())
    read = (
        _entry(author, item, at, rules) for item, at in zip(entries, entries.marks, strict=True)
    )
    return WaiverFile(tuple(w for w in read if w is not None), longest)


def _entry(author: Author, node: Any, mark: Mark | None, rules: Collection[str]) -> Waiver | None:
    entry = author.mapping(node, mark, Said("一条豁免", "a waiver"))
    if entry is None:
        return None
    before = len(author.mistakes)
    members = renamed(author, entry, _NAMES, Said("豁免", "waiver"))
    for key in _REQUIRED:
        if key not in members:
            zh, en = f"豁免缺少“{KEYS[key]}”（{key}）", f"the waiver has no '{key}'"
            author.wrong(entry.mark, Said(zh, en))
    if len(author.mistakes) > before:
        return None
    line = entry.mark.line
    waiver = Waiver(
        rule=_rule(author, *members["rule"], rules),
        subject=_text(author, *members["subject"], "subject"),
        period=_count(author, *members["period"]),
        scope=_scope(author, *members["scope"]),
        value_keys=_value_keys(author, *members["value_key"]),
        expires=_date(author, *members["expires"]),
        reason=_optional(author, members, "reason"),
        owner=_optional(author, members, "owner"),
        approved_by=_optional(author, members, "approved_by"),
        approved_on=_date(author, *members["approved_on"]) if "approved_on" in members else "",
        origin=f"{author.file}:{line}",
    )
    return waiver if len(author.mistakes) == before else None


def _rule(author: Author, node: Any, mark: Mark | None, rules: Collection[str]) -> str:
    if node not in rules:
        said = Said(f"没有规则 '{node}'", f"no rule '{node}'")
        author.wrong(mark, said, near(str(node), rules))
    return str(node)


def _text(author: Author, node: Any, mark: Mark | None, key: str) -> str:
    if isinstance(node, str) and node.strip():
        return node
    author.wrong(mark, Said(f"“{KEYS[key]}”应当是文字", f"'{key}' must be text"))
    return ""


def _optional(author: Author, members: dict[str, tuple[Any, Mark | None]], key: str) -> str:
    """A text that may be missing or empty here: then the audit says that it is not approved."""
    node, mark = members.get(key, (None, None))
    if node is None or node == "":
        return ""
    if isinstance(node, int) and not isinstance(node, bool):
        return str(node)
    return _text(author, node, mark, key)


def _count(author: Author, node: Any, mark: Mark | None) -> int:
    if isinstance(node, int) and not isinstance(node, bool) and node > 0:
        return node
    author.wrong(mark, Said("这里应当是正整数", "a whole number above 0 is expected here"))
    return 0


def _scope(author: Author, node: Any, mark: Mark | None) -> str:
    word = str(node)
    if word in _SCOPES or _FINGERPRINT.fullmatch(word):
        return _SCOPES.get(word, word)
    said = Said(
        "“范围”是一处问题的指纹（16位），或 rule（整条规则）",
        "'scope' is the fingerprint of a place (16 hex digits) or 'rule'",
    )
    author.wrong(mark, said)
    return ""


def _value_keys(author: Author, node: Any, mark: Mark | None) -> tuple[str, ...]:
    keys = [str(key) for key in (node if isinstance(node, Listed) else [node])]
    if not keys or not all(_FINGERPRINT.fullmatch(key) for key in keys):
        said = Said(
            "“数值指纹”是审核结果里的 value_key（16位），数字请加引号",
            "'value_key' is the value_key of the finding (16 hex digits, in quotes)",
        )
        author.wrong(mark, said)
    return tuple(keys)


def _date(author: Author, node: Any, mark: Mark | None) -> str:
    try:
        return date.fromisoformat(str(node)).isoformat()
    except ValueError:
        said = Said(f"不是日期：{node}，应如 2025-06-30", f"no date: {node}; write 2025-06-30")
        author.wrong(mark, said)
        return ""


def unmatched(batch: Batch, waivers: Sequence[Waiver]) -> tuple[Said, ...]:
    """Remarks on waivers that no report of the run concerns: perhaps their body is misspelt."""
    seen = {(a.report.subject.name, a.report.period) for a in batch.audits}
    return tuple(
        Said(
            f"{w.origin}：本次审核没有 {w.subject} {w.period} 年的报告，这条豁免未用到",
            f"{w.origin}: no report of {w.subject} for {w.period} in this run: not used",
        )
        for w in waivers
        if (w.subject, w.period) not in seen
    )


def entry(waiver: Waiver, where: str) -> str:
    """One entry as text of the file; every text is quoted, whatever it holds."""
    values: list[tuple[str, object]] = [
        ("rule", waiver.rule), ("subject", waiver.subject), ("period", waiver.period),
        ("where", where), ("scope", waiver.scope),
        ("value_key", waiver.value_keys[0] if len(waiver.value_keys) == 1 else waiver.value_keys),
        ("reason", waiver.reason), ("owner", waiver.owner), ("approved_by", waiver.approved_by),
        ("approved_on", waiver.approved_on), ("expires", waiver.expires),
    ]  # fmt: skip
    lines = [f"{key}: {_quoted(value)}" for key, value in values if value != ""]
    return "- " + "\n  ".join(lines) + "\n"


def _quoted(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
