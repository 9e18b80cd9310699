"""Columns → Parquet files, by DuckDB's own writer."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.corpus.columns.rows import STATES, Part
from auditor.corpus.columns.tables import TABLES
from auditor.corpus.judged import OUTCOMES
from auditor.corpus.kept import Kept
from auditor.corpus.keys import digest, engine_key
from auditor.errors import Said, UsageError, why

if TYPE_CHECKING:
    import numpy as np

_MEMORY = "512MB"
_AT_ONCE = 2  # tables that are put together at once
_KEPT = 64_000_000  # bytes of a whole table that is kept between runs
NO_DUCKDB = Said(
    "列式输出要有 duckdb：pip install 'auditor[columns]'",
    "columns need duckdb: pip install 'auditor[columns]'",
)


def connection(**config: str) -> Any:
    """A DuckDB in memory. Raises UsageError where it is not installed."""
    try:
        import duckdb
    except ImportError:
        raise UsageError(NO_DUCKDB) from None
    return duckdb.connect(config={"memory_limit": _MEMORY, **config})


def write_part(part: Part, folder: Path, name: str, tables: Iterable[str] = tuple(TABLES)) -> None:
    """One file for each of the tables, `TABLE-NAME.parquet`."""
    db = connection(threads="1")
    try:
        _register(db, part)
        for table in tables:
            place = folder / f"{table}-{name}.parquet"
            db.execute(f"COPY ({_SELECTS[table]}) TO {_quoted(place)} ({_FORMAT})")
    finally:
        db.close()


_FORMAT = "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2"


def merge(parts: Path, folder: Path, kept: Kept | None = None) -> None:
    """All parts as one file for each table, put into the folder when all are whole.

    What was put together before, of the same parts, is in `kept`. Raises UsageError where the
    folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".auditor-") as made:
            keys = _known(parts, Path(made), kept) if kept is not None else {}
            todo = [table for table in TABLES if not (Path(made) / _whole(table)).exists()]
            with ThreadPoolExecutor(_AT_ONCE) as hands:
                for done in [hands.submit(_merged, parts, table, Path(made)) for table in todo]:
                    done.result()
            if kept is not None:
                _keep(kept, {keys[table]: Path(made) / _whole(table) for table in todo})
            for table in TABLES:
                os.replace(  # noqa: PTH105 - atomic on every system
                    Path(made) / _whole(table), folder / _whole(table)
                )
    except (OSError, _errors()) as error:
        told = why(error) if isinstance(error, OSError) else Said(str(error), str(error))
        said = Said(f"写不了 {folder}：{told.zh}", f"cannot write {folder}: {told.en}")
        raise UsageError(said) from error


def _whole(table: str) -> str:
    return f"{table}.parquet"


def _known(parts: Path, folder: Path, kept: Kept) -> dict[str, bytes]:
    """The key of each table, by its parts; the tables that are kept are put into the folder."""
    keys = {table: _key(sorted(parts.glob(f"{table}-*.parquet"))) for table in TABLES}
    found = kept.fetch(list(keys.values()))
    for table in TABLES:
        if keys[table] in found:
            (folder / _whole(table)).write_bytes(found[keys[table]])
    return keys


def _key(parts: Sequence[Path]) -> bytes:
    return digest(b"whole", engine_key(), [digest(part.read_bytes()) for part in parts])


def _keep(kept: Kept, files: Mapping[bytes, Path]) -> None:
    for key, file in files.items():
        if file.stat().st_size <= _KEPT:
            kept.keep({key: file.read_bytes()})


def _merged(parts: Path, table: str, folder: Path) -> None:
    """The parts of one table as one file; with two threads DuckDB needs three times the memory."""
    db = connection(threads="1", temp_directory=str(folder), preserve_insertion_order="true")
    try:
        source = f"read_parquet({_quoted(parts / f'{table}-*.parquet')})"
        new = _quoted(folder / _whole(table))
        db.execute(f"COPY (FROM {source}) TO {new} ({_FORMAT})")
    finally:
        db.close()


def _errors() -> type[Exception]:
    import duckdb

    found: type[Exception] = duckdb.Error
    return found


def write(
    parts: Iterable[Part],
    folder: Path,
    pieces: Iterable[Sequence[bytes]] = (),
    kept: Kept | None = None,
) -> None:
    """The tables of a whole run in a folder: `pieces` made before, then the parts."""
    with tempfile.TemporaryDirectory(prefix="auditor-columns-") as made:
        numbers = count(1)
        for files in pieces:
            number = next(numbers)
            for table, data in zip(TABLES, files, strict=True):
                (Path(made) / f"{table}-{number:06}.parquet").write_bytes(data)
        for part in parts:
            write_part(part, Path(made), f"{next(numbers):06}")
        if next(numbers) == 1:
            write_part(Part("zh"), Path(made), "000000")
        merge(Path(made), folder, kept)
        with suppress(OSError):
            shutil.rmtree(made)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


# ---- what DuckDB is given ------------------------------------------------------------------------


def _register(db: Any, part: Part) -> None:
    """The arrays of a part under names, with the words that their numbers stand for."""
    for name, columns in (("g", part.grades), ("f", part.findings)):
        db.register(name, {key: _objects(column) for key, column in columns.items()})
    db.register("who", _who(part))
    db.register("rules", _words(part.rules, ("rule", "family", "severity")))
    db.register("reasons", _words({(text,): n for text, n in part.reasons.items()}, ("reason",)))
    db.register("paths", _words(part.paths, ("tab", "path", "label")))
    db.register("outcomes", _words({(o.value,): n for n, o in enumerate(OUTCOMES)}, ("outcome",)))
    db.register("states", _words({(s,): n for n, s in enumerate(STATES)}, ("state",)))
    db.register("r", _results(part))
    db.register("c", _cells(part))
    db.register("a", _amounts(part))


def _objects(values: list[Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    made = np.empty(len(values), dtype=object)
    made[:] = [_clean(value) for value in values]
    return made


def _clean(value: Any) -> Any:
    """Texts that may stand in UTF-8; half a surrogate has no meaning. Numbers go as texts."""
    if value is None or isinstance(value, str):
        return value and value.encode("utf-8", "replace").decode("utf-8")
    return str(value)


def _words(table: Any, names: tuple[str, ...]) -> dict[str, Any]:
    import numpy as np

    rows = list(table)
    columns = {name: _objects([row[n] for row in rows]) for n, name in enumerate(names)}
    return {"i": np.arange(len(rows), dtype=np.int32), **columns}


def _who(part: Part) -> dict[str, Any]:
    """Body and year of each report that was audited, by its place in the part."""
    import numpy as np

    numbers = [number for number, *_ in part.results]
    at = {number: n for n, number in enumerate(part.grades["report"])}
    rows = [at[number] for number in numbers]
    return {
        "i": np.arange(len(numbers), dtype=np.int32),
        "report": np.array(numbers, dtype=np.int32),
        "subject": _objects([part.grades["subject"][n] for n in rows]),
        "period": _objects([part.grades["period"][n] for n in rows]),
    }


def _joined(arrays: list[Any], kind: Any) -> Any:
    import numpy as np

    return np.concatenate(arrays) if arrays else np.empty(0, dtype=kind)


def _results(part: Part) -> dict[str, Any]:
    import numpy as np

    sizes = [len(codes) for _, _, codes, _, _ in part.results]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    failed = np.zeros(int(starts[-1]), dtype=np.int32)
    open_ = np.zeros(int(starts[-1]), dtype=np.int32)
    for at, place, fails, opens in part.odd:
        failed[starts[at] + place], open_[starts[at] + place] = fails, opens
    return {
        "w": np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        "rule": _joined([numbers for _, numbers, _, _, _ in part.results], np.int32),
        "outcome": np.frombuffer(b"".join(c for _, _, c, _, _ in part.results), dtype=np.uint8),
        "passed": _joined([passed for *_, passed, _ in part.results], np.int32),
        "failed": failed,
        "open": open_,
        "why": _joined([why for *_, why in part.results], np.int32),
    }


def _cells(part: Part) -> dict[str, Any]:
    import numpy as np

    sizes = [len(numbers) for _, numbers, _, _ in part.cells]
    masked: Any = np.ma
    held = [values for *_, values in part.cells]
    values = masked.concatenate(held) if held else np.empty(0, dtype=np.int64)
    return {
        "w": np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        "path": _joined([numbers for _, numbers, _, _ in part.cells], np.int32),
        "state": _joined([states for _, _, states, _ in part.cells], np.int8),
        "value": values,
    }


def _amounts(part: Part) -> dict[str, Any]:
    import numpy as np

    return {
        "w": np.array([w for w, _, _, _ in part.amounts], dtype=np.int32),
        "path": np.array([path for _, path, _, _ in part.amounts], dtype=np.int32),
        "state": np.array([state for *_, state in part.amounts], dtype=np.int8),
        "amount": _objects([amount for _, _, amount, _ in part.amounts]),
    }


def _cast(table: str, of: str) -> str:
    """The columns of a table of texts, each as what it is."""
    return ", ".join(f'TRY_CAST({of}."{c.name}" AS {c.kind}) AS "{c.name}"' for c in TABLES[table])


_SELECTS = {
    "grades": f"FROM g SELECT {_cast('grades', 'g')}",
    "findings": f"FROM f SELECT {_cast('findings', 'f')}",
    "results": (
        "SELECT who.report, who.subject, TRY_CAST(who.period AS INTEGER) AS period, rules.rule, "
        "rules.family, rules.severity, outcomes.outcome, r.passed, r.failed, r.open, "
        "reasons.reason FROM r JOIN who ON who.i = r.w JOIN rules ON rules.i = r.rule "
        "JOIN outcomes ON outcomes.i = r.outcome LEFT JOIN reasons ON reasons.i = r.why"
    ),
    "cells": (
        "SELECT who.report, who.subject, TRY_CAST(who.period AS INTEGER) AS period, paths.tab "
        "AS table_key, paths.path, paths.label, states.state, k.value, k.amount FROM ("
        "SELECT w, path, state, value, CAST(NULL AS DECIMAL(38,12)) AS amount FROM c UNION ALL "
        "SELECT w, path, state, CAST(NULL AS BIGINT), TRY_CAST(amount AS DECIMAL(38,12)) FROM a"
        ") k JOIN who ON who.i = k.w JOIN paths ON paths.i = k.path "
        "JOIN states ON states.i = k.state"
    ),
}
