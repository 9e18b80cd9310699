"""A roster as a sheet, of a workbook or of text between commas: its rows as entries."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from auditor.errors import DocumentError, Said
from auditor.rulebook.author import Author, near
from auditor.rulebook.marks import Listed, Mapped, Mark
from auditor.text import compact

if TYPE_CHECKING:
    from auditor.readers._calamine import Sheet

KEYS = {
    "unit": "unit", "单位": "unit", "单位名称": "unit", "aliases": "aliases", "别名": "aliases",
    "kind": "kind", "类别": "kind", "level": "level", "层级": "level",
    "parent": "parent", "上级": "parent", "sums_up": "sums_up", "汇总": "sums_up",
    "deadline": "deadline", "期限": "deadline", "since": "since", "起": "since",
    "until": "until", "止": "until", "renamed_from": "renamed_from", "原名": "renamed_from",
    "merged_from": "merged_from", "合并自": "merged_from", "reviewed": "reviewed",
    "备案": "reviewed", "documents": "documents", "文件库": "documents",
}  # fmt: skip
MANY = ("aliases", "sums_up", "renamed_from", "merged_from")
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv")
_BESIDE = (
    "序号",
    "编号",
    "备注",
    "联系人",
    "联系电话",
    "电话",
    "手机",
    "no.",
    "no",
    "remarks",
    "phone",
)
"""Columns that a list of bodies has for its readers."""
_TITLES = 10
"""A head stands below so many lines of title at most."""
_BETWEEN = re.compile(r"[、,，;；\n]+")


def rows_of(author: Author, data: bytes) -> Any:
    """The rows of the first sheet as a list of entries; marks are row and column."""
    from auditor.readers._calamine import shown

    try:
        sheet = _first(data, author.file)
    except DocumentError as error:
        author.wrong(None, error.said)
        return None
    listed = Listed(Mark(1, 1, 1))
    if sheet is None or not sheet.rows:
        return listed
    rows = [[compact(shown(value)) for value in row] for row in sheet.rows[:_TITLES]]
    top = next((n for n, row in enumerate(rows) if any(_is_unit(cell) for cell in row)), None)
    if top is None:
        mark = Mark(sheet.top + 1, 1, 1)
        said = Said("没有表头：要有一列叫“单位”", "no head: one column is called 'unit'")
        author.wrong(mark, said)
        return None
    head = _head(author, rows[top], Mark(sheet.top + top + 1, sheet.left + 1, 1))
    for number, row in enumerate(sheet.rows[top + 1 :], sheet.top + top + 2):
        entry = Mapped(Mark(number, 1, 1))
        texts = [shown(value).strip() for value in row]
        for column, (key, text) in enumerate(zip(head, texts, strict=False), sheet.left + 1):
            if not key or not text:
                continue
            many = KEYS.get(key) in MANY
            entry[key] = _split(text) if many else _number(text)
            entry.marks_of_keys[key] = entry.marks_of_values[key] = Mark(number, column, 1)
        if entry:
            listed.append(entry)
            listed.marks.append(entry.mark)
    return listed


def _first(data: bytes, name: str) -> Sheet | None:
    """The first sheet, by what the file really is. Raises DocumentError."""
    from auditor.readers import _binary, _ods, _workbook
    from auditor.readers._calamine import Sheet
    from auditor.readers._characters import decode
    from auditor.readers._package import Package
    from auditor.readers.limits import Limits

    limits = Limits()
    if name.lower().endswith(".csv"):
        text = decode(data).text
        sign = "\t" if "\t" in text.partition("\n")[0] else ","
        rows = [[*row] for row in csv.reader(io.StringIO(text), delimiter=sign)]
        return Sheet(1, "", False, 0, 0, rows, [])
    if not data.startswith(b"PK"):
        return next(iter(_binary.sheets(data, limits)), None)
    package = Package(data, limits)
    reader = _ods if "content.xml" in package.names() else _workbook
    return next(iter(reader.sheets(package, limits)), None)


def _is_unit(word: str) -> bool:
    return KEYS.get(word) == "unit"


def _head(author: Author, words: Sequence[str], mark: Mark) -> list[str]:
    """The keys of the columns, empty for those that are passed over; unknown ones are told once."""
    known = []
    for number, word in enumerate(words):
        if word and word not in KEYS and word.lower() not in _BESIDE:
            said = Said(f"不认识这一列：{word}", f"unknown column: {word}")
            keys = [key for key in KEYS if not key.isascii()]
            mend = Said(
                f"可以有的列：{'、'.join(keys)}；{'、'.join(_BESIDE[:6])}不看",
                f"known columns: {', '.join(k for k in KEYS if k.isascii())}",
            )
            at = Mark(mark.line, mark.column + number, 1)
            author.wrong(at, said, near(word, keys), mend)
        known.append(word if word in KEYS else "")
    return known


def _split(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _number(text: str) -> str | int:
    return int(text) if text.isdecimal() and len(text) == len("2024") else text
