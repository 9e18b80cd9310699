"""auditor query: questions in SQL over the tables that an audit wrote."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from auditor.commands import Lang
from auditor.errors import Said, UsageError

_FORMATS = ("table", "csv", "json")


def command(
    question: Annotated[
        str, typer.Argument(help='SQL，如 "SELECT rule, count(*) FROM findings GROUP BY rule"')
    ],
    folder: Annotated[
        Path,
        typer.Argument(help="audit --format parquet= 写出的文件夹 · folder of tables"),
    ],
    format_: Annotated[str, typer.Option("--format", "-f", help="table | csv | json")] = "table",
    lang: Lang = "zh",
) -> None:
    """用 SQL 查询审核结果（grades results findings cells 四张表） · Ask the tables in SQL."""
    from auditor.corpus.columns.asking import ask

    if format_ not in _FORMATS:
        known = " | ".join(_FORMATS)
        raise UsageError(Said(f"--format 可以是 {known}", f"--format is {known}"))
    answer = ask(question, folder)
    write = {"table": _table, "csv": _csv, "json": _json}[format_]
    write(answer.columns, answer.rows)


def _table(columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    """Columns for people: numbers to the right, texts clean."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from auditor.corpus.columns.asking import shown
    from auditor.renderers._plain import clean

    held = list(rows)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for n, name in enumerate(columns):
        numbers = all(not isinstance(row[n], str) for row in held)
        table.add_column(Text(clean(name)), justify="right" if numbers else "left")
    for row in held:
        table.add_row(*(Text(clean(shown(value))) for value in row))
    Console(highlight=False, markup=False).print(table)


def _csv(columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    """UTF-8 with a mark; what a spreadsheet would take for a formula is made a text."""
    import csv
    import io

    from auditor.corpus.columns.asking import shown
    from auditor.renderers.csv import safe

    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write(columns)
    for row in rows:
        write([safe(shown(value)) for value in row])
    sys.stdout.buffer.write(b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace"))


def _json(columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    """A list of objects; counts as numbers, all else as texts."""
    from auditor.corpus.columns.asking import shown
    from auditor.json_text import to_bytes

    def plain(value: Any) -> Any:
        return value if value is None or isinstance(value, int | bool) else shown(value)

    found = [dict(zip(columns, map(plain, row), strict=True)) for row in rows]
    sys.stdout.buffer.write(to_bytes(found))
