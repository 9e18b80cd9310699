"""Grading sheets, kinds of failure and the comparing of texts: the parts of a rule set that are
neither rules nor thresholds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from auditor.errors import Said
from auditor.model import Severity, Value
from auditor.rulebook.author import Author, renamed, said
from auditor.rulebook.entry import SEVERITIES
from auditor.rulebook.marks import Mapped, Mark
from auditor.rulebook.rule import Compare, Grading, Item
from auditor.text import decimal

Named = list[tuple[Author, str, Mark | None]]
"""Rules and families that were named, to be looked up when all rules are known."""

_GRADING = {
    "title": "title", "名称": "title", "full": "full", "满分": "full",
    "deductions": "deductions", "扣分": "deductions", "rules": "rules", "单条": "rules",
    "caps": "caps", "封顶": "caps", "veto": "veto", "否决": "veto", "bands": "bands",
    "items": "items", "分项": "items", "zero_from": "zero_from", "几项归零": "zero_from",
    "等次": "bands", "least_evaluated": "least", "至少评定": "least",
    "longest_waiver": "longest", "豁免最长天数": "longest",
}  # fmt: skip
_GROUP = {
    "zh": "zh", "en": "en", "rules": "rules", "规则": "rules", "points": "points", "分": "points",
}  # fmt: skip
_COMPARE = {
    "phrases": "phrases", "套语": "phrases", "shortest": "shortest", "最短": "shortest",
    "notable": "notable", "留意": "notable", "alike": "alike", "雷同": "alike",
}  # fmt: skip


def amount(value: Any) -> Value | None:
    """A number of a YAML file; `35%` is 0.35. None for anything else."""
    if isinstance(value, str) and value.endswith("%"):
        number = decimal(value[:-1])
        return None if number is None else number / 100
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    return None


def grading_of(author: Author, node: Any, mark: Mark | None, named: Named) -> Grading:
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
    items = author.mapping(*parts["items"], Said("分项", "items")) if "items" in parts else None
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
        longest_waiver=_days(author, *parts.get("longest", (366, mark))),
        items=tuple(
            replace(item, title=item.title if item.title.zh else Said(name, name))
            for name, value in (items or {}).items()
            for item in [named_rules(author, value, mark, named)]
        ),
        zero_from=int(amount(parts.get("zero_from", (0, None))[0]) or 0),
    )


def named_rules(author: Author, node: Any, mark: Mark | None, named: Named) -> Item:
    """`{zh, en, rules: [D01, Y], points: 5}`: rules or families under one word."""
    entry = author.mapping(node, mark, Said("归类", "a group"))
    parts = renamed(author, entry, _GROUP, Said("归类", "group")) if entry is not None else {}
    names, at = parts.get("rules", ([], mark))
    listed = [str(name) for name in (names if isinstance(names, list) else [names])]
    named += [(author, name, at) for name in listed]
    zh = str(parts.get("zh", ("", None))[0])
    points = amount(parts.get("points", (0, None))[0])
    if points is None:
        author.wrong(mark, Said("这里应当是一个数", "a number is expected here"))
    said_ = Said(zh, str(parts.get("en", (zh, None))[0]))
    return Item(said_, Decimal(str(points or 0)), frozenset(listed))


def _days(author: Author, node: Any, mark: Mark | None) -> int:
    if isinstance(node, int) and not isinstance(node, bool) and node > 0:
        return node
    author.wrong(mark, Said("天数应当是正整数", "days are a whole number above 0"))
    return 0


def compare_of(author: Author, node: Any, mark: Mark | None) -> Compare:
    """How texts are compared: set phrases as RE2 patterns, shares and the least length."""
    entry = author.mapping(node, mark, Said("对比", "compare"))
    if entry is None:
        return Compare()
    parts = renamed(author, entry, _COMPARE, Said("对比", "compare"))
    phrases, at = parts.get("phrases", ([], mark))
    patterns = tuple(str(p) for p in (phrases if isinstance(phrases, list) else [phrases]))
    for pattern in patterns:
        _right_pattern(author, pattern, at)
    numbers = {key: amount(parts[key][0]) for key in ("notable", "alike") if key in parts}
    shortest = parts.get("shortest", (0, None))[0]
    if not isinstance(shortest, int) or None in numbers.values():
        author.wrong(mark, Said("这里应当是一个数", "a number is expected here"))
        return Compare()
    shares = {key: Decimal(str(value)) for key, value in numbers.items()}
    return Compare(patterns, shortest, **shares)


def _right_pattern(author: Author, pattern: str, mark: Mark | None) -> None:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        author.wrong(mark, Said(f"式样有误：{pattern}", f"not a pattern of RE2: {pattern}"))
