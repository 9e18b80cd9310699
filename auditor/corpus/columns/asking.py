"""Questions in SQL over the tables of a folder. Nothing but these tables can be read or written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditor.corpus.columns.tables import TABLES
from auditor.corpus.columns.writing import connection
from auditor.errors import Said, UsageError


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns of an answer, and its rows as they come."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def ask(question: str, folder: Path) -> Answer:
    """The answer to one question. Raises UsageError for a mistake in it, or where no tables are."""
    folder = folder.resolve()
    absent = [table for table in TABLES if not (folder / f"{table}.parquet").is_file()]
    if absent:
        said = Said(
            f"{folder} 里没有 {', '.join(absent)}.parquet，先用 audit --format parquet=文件夹 写出",
            f"no {', '.join(absent)}.parquet in {folder}: write them with audit --format parquet=",
        )
        raise UsageError(said)
    db = connection()
    for table in TABLES:
        path = str(folder / f"{table}.parquet").replace("'", "''")
        db.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{path}')")  # noqa: S608
    place = str(folder).replace("'", "''")
    db.execute(f"SET allowed_directories = ['{place}/']")
    db.execute("SET enable_external_access = false")
    db.execute("SET lock_configuration = true")
    import duckdb

    try:
        found = db.execute(question)
        columns = tuple(entry[0] for entry in found.description or ())
    except duckdb.Error as wrong:
        raise UsageError(_mistake(str(wrong))) from None
    return Answer(columns, _rows(found))


def _rows(found: Any) -> Iterator[tuple[Any, ...]]:
    import duckdb

    while True:
        try:
            some = found.fetchmany(1000)
        except duckdb.Error as wrong:
            raise UsageError(_mistake(str(wrong))) from None
        if not some:
            return
        yield from some


def _mistake(text: str) -> Said:
    return Said(f"查询有误：{text}", f"the question is wrong: {text}")


def shown(value: Any) -> str:
    """A value as text: numbers plain, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
