"""Workbooks of the old binary format, read by a process of their own.

The library takes the size of a sheet from the file; a damaged one would make it ask for more
memory than there is, which ends the process that asks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from auditor.errors import DocumentError, Said
from auditor.readers._calamine import Sheet
from auditor.readers._workbook import failed
from auditor.readers.limits import Limits, broken, too_large

_MEMORY = 1_500_000_000
_GRACE = 5


def sheets(data: bytes, limits: Limits) -> list[Sheet]:
    """The sheets of a workbook. Raises DocumentError `broken`, `encrypted`, `too-large`."""
    answer = _asked(data, limits)
    error, text = answer.get("error"), str(answer.get("text", ""))
    if error == "PasswordError":
        raise DocumentError(
            "encrypted",
            Said(
                "文件已加密，无法读取。请取消密码保护后另存。",
                "the file is protected by a password; save it without protection",
            ),
        )
    if error == "OverflowError":
        raise too_large("工作表单元格数", "cells of a sheet", int(text), limits.grid)
    if error is not None:
        raise failed(str(error), text)
    found = [_sheet(fields) for fields in answer["sheets"]]
    _mark(found, data)
    return found


def _mark(found: list[Sheet], data: bytes) -> None:
    """Write errors into their cells: what nobody knows is not blank."""
    from auditor.readers import _biff, _ole

    streams = _ole.streams(data, "workbook", "book")
    wrong = _biff.errors(streams.get("workbook") or streams.get("book") or b"")
    for sheet in found:
        for row, column in wrong.get(sheet.number, ()):
            line = row - sheet.top
            if 0 <= line < len(sheet.rows) and 0 <= column - sheet.left < len(sheet.rows[line]):
                sheet.rows[line][column - sheet.left] = "#"


def _sheet(fields: list[Any]) -> Sheet:
    """JSON has no tuples."""
    sheet = Sheet._make(fields)
    merged = [((a, b), (c, d)) for (a, b), (c, d) in sheet.merged]
    return sheet._replace(merged=merged, doubted=frozenset())


def _asked(data: bytes, limits: Limits) -> dict[str, Any]:
    """What the other process answers."""
    import subprocess
    import sys

    import python_calamine

    from auditor.readers import _calamine

    home = Path(python_calamine.__file__).parent.parent
    command = [
        sys.executable, "-I", "-S", _calamine.__file__, str(home), str(_MEMORY),
        str(limits.seconds), str(limits.grid),
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - our own program, nothing of the document in it
            command, input=data, capture_output=True, timeout=limits.seconds + _GRACE, check=False
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        most = limits.seconds
        raise too_large("读取秒数", "seconds of reading", f"> {most}", most) from None
    except ValueError:
        raise broken("工作簿无法解析", "the workbook cannot be parsed") from None
    return dict(answer)
