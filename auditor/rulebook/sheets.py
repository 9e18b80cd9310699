"""Grading sheets, kinds of failure and the comparing of texts: the parts of a rule set that are
neither rules nor thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from auditor.errors import Said
from auditor.model import Severity, Value
from auditor.rulebook.author import Author, renamed, said
from auditor.rulebook.entry import SEVERITIES
from auditor.rulebook.marks import Mark
from auditor.rulebook.rule import Compare, Grading, Item
from auditor.text import decimal, nfkc

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
    if isinstance(value, str) and (value := nfkc(value)).endswith("%"):
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
        node, at = parts.get(key, (None, mark))
        return {} if node is None else _points(author, node, at)

    deductions = _by_severity(author, parts, numbers("deductions"))
    veto, at = parts.get("veto", ([], mark))
    severities = {
        author.one_of(word, where, SEVERITIES, Said("级别", "severity"))
        for word, where in _items(veto, at)
    }
    items = author.mapping(*parts["items"], Said("分项", "items")) if "items" in parts else None
    bands = _bands(author, numbers("bands"), parts.get("bands", (None, mark))[1])
    return Grading(
        full=Decimal(str(amount(parts.get("full", (100, None))[0]) or 100)),
        deductions=deductions,
        rules=numbers("rules"),
        caps=numbers("caps"),
        veto=frozenset(s for s in severities if isinstance(s, Severity)),
        bands=bands,
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


def _points(author: Author, node: Any, mark: Mark | None) -> dict[str, Decimal]:
    """A table of points, none below 0: a deduction is subtracted anyway."""
    table = author.mapping(node, mark, Said("分值", "points"))
    found = {}
    for name, value in (table or {}).items():
        number, at = amount(value), table.marks_of_values.get(name) if table else mark
        if number is None or isinstance(number, str):
            author.wrong(at, Said("这里应当是一个数", "a number is expected here"))
        elif number < 0:
            said_ = Said("分值不能是负数", "points are never below 0")
            author.wrong(at, said_, (str(-number),))
            found[name] = Decimal(0)
        else:
            found[name] = Decimal(str(number))
    return found


def _by_severity(
    author: Author, parts: Mapping[str, tuple[Any, Mark | None]], points: Mapping[str, Decimal]
) -> dict[Severity, Decimal]:
    """What a failure of each severity costs."""
    node, _ = parts.get("deductions", (None, None))
    marks = getattr(node, "marks_of_keys", {})
    found = {
        author.one_of(word, marks.get(word), SEVERITIES, Said("级别", "severity")): cost
        for word, cost in points.items()
    }
    return {s: cost for s, cost in found.items() if isinstance(s, Severity)}


def _bands(
    author: Author, bands: Mapping[str, Decimal], mark: Mark | None
) -> tuple[tuple[str, Decimal], ...]:
    """The grades, the best first; the last one is from 0, so that every score has its grade."""
    ordered = tuple(sorted(bands.items(), key=lambda band: -band[1]))
    least = list(bands.values())
    mend = Said(
        "从高到低写，最后一个是 0，如 {优: 90, 良: 75, 中: 60, 差: 0}",
        "write the best first, the last from 0, such as {A: 90, B: 75, C: 60, D: 0}",
    )
    straight = least in (sorted(least), sorted(least, reverse=True))
    if not straight or len(set(least)) < len(least):
        author.wrong(mark, Said("等次的分数乱了次序", "the grades are out of order"), mend=mend)
    elif least and min(least) > 0:
        said_ = Said("最低的等次不是从 0 分起", "the lowest grade does not begin at 0")
        author.wrong(mark, said_, mend=mend)
    return ordered


def _items(node: Any, mark: Mark | None) -> list[tuple[Any, Mark | None]]:
    """The items of a list, or the one that stands alone, with their places."""
    if not isinstance(node, list):
        return [(node, mark)]
    return list(zip(node, getattr(node, "marks", [mark] * len(node)), strict=True))


def named_rules(author: Author, node: Any, mark: Mark | None, named: Named) -> Item:
    """`{zh, en, rules: [D01, Y], points: 5}`: rules or families under one word."""
    entry = author.mapping(node, mark, Said("归类", "a group"))
    parts = renamed(author, entry, _GROUP, Said("归类", "group")) if entry is not None else {}
    names, at = parts.get("rules", ([], mark))
    listed = [str(name) for name, _ in _items(names, at)]
    named += [(author, str(name), where) for name, where in _items(names, at)]
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
