"""The four tables: what each column is called, its type, and what it means.

`docs/columns.md` is held against this list. Types are those of SQL: counts whole, amounts decimal.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditor.errors import Said


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its SQL type, what it holds."""

    name: str
    kind: str
    said: Said


def _column(name: str, kind: str, zh: str, en: str) -> Column:
    return Column(name, kind, Said(zh, en))


_REPORT = _column("report", "INTEGER", "报告的序号，四张表以它相连", "number of the report: joins")
_SOURCE = _column("source", "VARCHAR", "文件", "file")
_SUBJECT = _column("subject", "VARCHAR", "单位", "the body that reports")
_PERIOD = _column("period", "INTEGER", "年度", "report year")
_RULE = _column("rule", "VARCHAR", "规则编号", "id of the rule")
_FAMILY = _column("family", "VARCHAR", "规则类别", "family of the rule")
_SEVERITY = _column("severity", "VARCHAR", "级别：fatal major minor note", "severity of the rule")
_OUTCOME = _column(
    "outcome", "VARCHAR", "结论：pass fail review open notApplicable", "what became of it"
)

TABLES: dict[str, tuple[Column, ...]] = {
    "grades": (
        _REPORT, _SOURCE, _SUBJECT, _PERIOD,
        _column("state", "VARCHAR", "audited 已审核，否则为原因", "audited, or why not"),
        _column("unread", "BOOLEAN", "是否因读不了而没有审核", "whether it could not be read"),
        _column("reason", "VARCHAR", "未审核或不评等次的说明", "why not audited, or not graded"),
        _column("form", "VARCHAR", "表式", "form"),
        _column("kind", "VARCHAR", "单位类别", "kind of body"),
        _column("level", "VARCHAR", "单位层级", "level of the body"),
        _column("published", "DATE", "发布日期", "date of publication"),
        _column("letter", "VARCHAR", "等次，未评为空", "grade, null if not graded"),
        _column("score", "DECIMAL(9,3)", "得分", "score"),
        _column("vetoed_by", "VARCHAR", "一票否决的规则，空格分隔", "rules that veto, by blanks"),
        _column("judged", "INTEGER", "能判定的规则数", "rules that could be judged"),
        _column("applicable", "INTEGER", "适用的规则数", "rules that apply"),
        _column("failed", "INTEGER", "不合格的规则数", "rules that fail"),
        _column("review", "INTEGER", "待复核的规则数", "rules to review"),
        _column("open", "INTEGER", "未能读取的规则数", "rules that could not be judged"),
        _column("cells_read", "INTEGER", "读到的单元格", "cells read"),
        _column("cells_total", "INTEGER", "应有的单元格", "cells that the form has"),
        _column("sections_read", "INTEGER", "读到的章节", "sections read"),
        _column("sections_total", "INTEGER", "应有的章节", "sections that the form has"),
        _column("copies", "VARCHAR", "内容相同的其他文件", "other files of the same"),
        _column("digest", "VARCHAR", "文件的 sha256", "sha256 of the file"),
        _column("ruleset", "VARCHAR", "规则集与版本", "rule set and version"),
        _column("ruleset_digest", "VARCHAR", "规则集的摘要", "digest of the rule set"),
        _column("engine", "VARCHAR", "引擎版本", "version of the engine"),
        _column("as_of", "DATE", "审核日期", "date of the audit"),
    ),
    "results": (
        _REPORT, _SUBJECT, _PERIOD, _RULE, _FAMILY, _SEVERITY, _OUTCOME,
        _column("passed", "INTEGER", "通过的处数", "places that pass"),
        _column("failed", "INTEGER", "不合格的处数", "places that fail"),
        _column("open", "INTEGER", "未能判定的处数", "places that could not be judged"),
        _column("reason", "VARCHAR", "不适用的原因", "why it does not apply"),
    ),
    "findings": (
        _REPORT, _SOURCE, _SUBJECT, _PERIOD, _RULE, _FAMILY, _SEVERITY, _OUTCOME,
        _column("place", "VARCHAR", "位置", "place, for people"),
        _column("message", "VARCHAR", "说明", "what is wrong"),
        _column("working", "VARCHAR", "算式", "the sum written out"),
        _column("expected", "VARCHAR", "应为", "what it should be"),
        _column("actual", "VARCHAR", "实为", "what it is"),
        _column("difference", "DECIMAL(38,12)", "差", "actual minus expected"),
        _column("path", "VARCHAR", "第一个依据的路径", "path of the first fact it rests on"),
        _column("at_page", "INTEGER", "页", "page"), _column("at_row", "INTEGER", "行", "row"),
        _column("at_column", "INTEGER", "列", "column"),
        _column("at_line", "INTEGER", "文本行", "line"),
        _column("exception", "VARCHAR", "可能合法的理由", "a reading that may be lawful"),
        _column("waiver", "VARCHAR", "豁免", "waiver"),
        _column("change", "VARCHAR", "与基线相比：new still", "compared with the baseline"),
        _column("fingerprint", "VARCHAR", "位置指纹", "stays when the values change"),
        _column("value_key", "VARCHAR", "数值指纹", "changes with the values"),
    ),
    "cells": (
        _REPORT, _SUBJECT, _PERIOD,
        _column("table_key", "VARCHAR", "表", "table of the form"),
        _column("path", "VARCHAR", "单元格的路径", "path of the cell"),
        _column("label", "VARCHAR", "单元格的名称", "label of the cell"),
        _column("state", "VARCHAR", "read blank unread inferred", "how it was read"),
        _column("value", "BIGINT", "件数；未读或空格为空", "count; null if blank or unread"),
        _column("amount", "DECIMAL(38,12)", "金额", "amount"),
    ),
}  # fmt: skip


_HEAD = "| column | type | 含义 | meaning |\n|---|---|---|---|"


def markdown() -> str:
    """The tables for the documentation."""
    parts = []
    for table, columns in TABLES.items():
        rows = (f"| `{c.name}` | {c.kind} | {c.said.zh} | {c.said.en} |" for c in columns)
        parts.append("\n".join((f"### {table}\n", _HEAD, *rows, "")))
    return "\n".join(parts)
