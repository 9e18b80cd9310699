"""The one home of python-calamine: the sheets of a workbook as plain values.

Run as a program it reads a workbook of the old binary format from standard input, within hard
bounds of memory and time, and prints its sheets as JSON: a damaged one can make the library ask
for more memory than there is, and that would end this process.
"""

from __future__ import annotations

import sys
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

_EXACT = 2**53  # whole numbers below are exact
Range = tuple[tuple[int, int], tuple[int, int]]


class Sheet(NamedTuple):
    """One sheet: `rows` of values begin at (`top`, `left`); `merged` counts from the origin, as do
    its text boxes, by their row, the rows and columns that are hidden, and the cells (row, column)
    that show another figure than they hold."""

    number: int
    name: str
    hidden: bool
    top: int
    left: int
    rows: list[list[Any]]
    merged: list[Range]
    boxes: tuple[tuple[int, tuple[str, ...]], ...] = ()
    rows_off: tuple[int, ...] = ()
    columns_off: tuple[int, ...] = ()
    doubted: frozenset[tuple[int, int]] = frozenset()


def sheets(data: bytes, most: int) -> list[Sheet]:
    """All sheets, in their order; `most` units of one sheet's grid.

    Raises what the library raises, OverflowError for a sheet beyond `most`.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    found = []
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for number, about in enumerate(book.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(number)
            if sheet.height * sheet.width > most:
                raise OverflowError(sheet.height * sheet.width)
            hidden = about.visible != SheetVisibleEnum.Visible
            top, left = sheet.start or (0, 0)
            merged = sheet.merged_cell_ranges or []
            rows = sheet.to_python()
            found.append(Sheet(number + 1, about.name, hidden, top, left, rows, merged))
    return found


def shown(value: Any) -> str:
    """A value as text: numbers as a spreadsheet shows them, dates as in ISO 8601.

    Spreadsheets keep fifteen digits; what a sum leaves beyond them is noise of binary fractions.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    from decimal import Decimal

    return format(Decimal(text), "f")


def _bounded() -> None:
    """Hard bounds for this process, where the system has them."""
    try:
        from resource import RLIMIT_AS, RLIMIT_CPU, setrlimit
    except ImportError:  # pragma: no cover - Windows has none
        return
    memory, seconds = int(sys.argv[2]), int(sys.argv[3])
    setrlimit(RLIMIT_AS, (memory, memory))
    setrlimit(RLIMIT_CPU, (seconds, seconds))


def _main() -> None:
    """Answer with {sheets} or {error, text}."""
    import json

    sys.path.append(sys.argv[1])
    _bounded()
    try:
        answer: dict[str, Any] = {"sheets": sheets(sys.stdin.buffer.read(), int(sys.argv[4]))}
    except BaseException as wrong:  # noqa: BLE001 - a panic of the library is no Exception
        answer = {"error": type(wrong).__name__, "text": str(wrong)[:200]}
    sys.stdout.buffer.write(json.dumps(answer, default=shown).encode())


if __name__ == "__main__":
    _main()
