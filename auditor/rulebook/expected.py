"""What an example or a case says of a result besides its outcome: numbers, places, words.

`gives` 得: `expected` 应为, `actual` 实为, `difference` 差 (numbers), `count` 处数 (how many
findings), `places` 处 (the places of the findings), `message` 说明 (words that one message holds).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from auditor.errors import Said
from auditor.model import Finding, Outcome, Result
from auditor.rulebook.author import Author, renamed
from auditor.rulebook.marks import Mapped, Mark
from auditor.text import written

GIVES = ("gives", "得")
KEYS = {
    "expected": "expected", "应为": "expected", "actual": "actual", "实为": "actual",
    "difference": "difference", "差": "difference", "count": "count", "处数": "count",
    "places": "places", "处": "places", "message": "message", "说明": "message",
}  # fmt: skip
_NUMBERS = {"expected": "应为", "actual": "实为", "difference": "差"}
WHAT = Said("得", "gives")
OUTCOMES: Mapping[Outcome, Said] = {
    Outcome.PASS: Said("合格", "pass"),
    Outcome.FAIL: Said("不合格", "fail"),
    Outcome.REVIEW: Said("待核", "review"),
    Outcome.OPEN: Said("未读", "open"),
    Outcome.NOT_APPLICABLE: Said("不适用", "skip"),
}
"""The words under which examples and cases expect an outcome."""


def split(edits: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The edits proper, and what the example says that the rule gives."""
    told = next((edits[key] for key in GIVES if key in edits), None)
    if told is None:
        return edits, {}
    own = Mapped(getattr(edits, "mark", Mark(1, 1, 1)))
    own.update({key: value for key, value in edits.items() if key not in GIVES})
    own.marks_of_keys.update(getattr(edits, "marks_of_keys", {}))
    return own, told if isinstance(told, Mapping) else {}


def checked(author: Author, edits: Mapped) -> None:
    """Note what is wrong with the `gives` of an example."""
    for key in GIVES:
        if key not in edits:
            continue
        node = author.mapping(edits[key], edits.marks_of_keys.get(key), WHAT)
        for name, (value, mark) in (renamed(author, node, KEYS, WHAT) if node else {}).items():
            if name in (*_NUMBERS, "count") and not _is_number(value):
                author.wrong(mark, Said(f"'{value}' 不是数", f"'{value}' is no number"))


def _is_number(value: Any) -> bool:
    return value.__class__ is int or isinstance(value, Decimal)


def outcome_told(wanted: Said, result: Result) -> Said:
    """That a result has another outcome than was told, and why it has."""
    why = result.findings[0].message if result.findings else result.reason
    got = OUTCOMES[result.outcome]
    zh, en = f"应为“{wanted.zh}”，结果是“{got.zh}”", f"should give {wanted.en}, gives {got.en}"
    return Said(zh + (f"：{why.zh}" if why else ""), en + (f": {why.en}" if why else ""))


def disagreement(told: Mapping[str, Any], result: Result) -> Said | None:
    """What is otherwise than told; None where all agrees."""
    wanted = {KEYS[key]: value for key, value in told.items() if key in KEYS}
    found = [f for f in result.findings if f.outcome is not Outcome.PASS]
    if "count" in wanted and wanted["count"] != len(found):
        return _differs("处数", "count", wanted["count"], len(found))
    for key, zh in _NUMBERS.items():
        if key in wanted and all(getattr(f, key) != wanted[key] for f in found):
            there = "、".join(_shown(getattr(f, key)) for f in found[:3])
            return _differs(zh, key, wanted[key], there or "–")
    if "places" in wanted and (odd := _places(wanted["places"], found)):
        return odd
    if "message" in wanted and not any(_holds(f, str(wanted["message"])) for f in found):
        first = found[0].message if found else Said("–", "–")
        zh = f"说明应含“{wanted['message']}”，是“{first.zh}”"
        return Said(zh, f"the message should hold “{wanted['message']}”, it is “{first.en}”")
    return None


def _holds(finding: Finding, words: str) -> bool:
    return words in finding.message.zh or words in finding.message.en


def _places(wanted: Any, found: list[Finding]) -> Said | None:
    """Every place told must be among those found, and no other may be."""
    names = [str(n) for n in (wanted if isinstance(wanted, list) else [wanted])]
    places = [f.where.zh for f in found]
    missing = [n for n in names if not any(n in p for p in places)]
    more = [p for p in places if not any(n in p for n in names)]
    if not missing and not more:
        return None
    return _differs("处", "places", "、".join(names), "、".join(places) or "–")


def _differs(zh: str, en: str, wanted: object, there: object) -> Said:
    return Said(
        f"{zh}应为 {_shown(wanted)}，是 {_shown(there)}", f"{en} {wanted} told, {there} found"
    )


def _shown(value: object) -> str:
    return written(value) if isinstance(value, int | Decimal) else str(value)
