"""The three tables as grids of cells with spans, as the official form draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sample import COLUMNS, OUTCOMES, PRINTED, Sample

LITIGATION = ("direct_litigation", "litigation_after_review")


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell with its spans; `number` tells a figure from a label."""

    text: str
    rows: int = 1
    columns: int = 1
    number: bool = False


Grid: TypeAlias = "list[list[Cell]]"


def tables(sample: Sample, key: str) -> list[Grid]:
    """The tables of a section; narrative sections have none."""
    if key == "disclosure":
        return [_disclosure(sample)]
    if key == "applications":
        return [_applications(sample)]
    return [_disputes(sample)] if key == "disputes" else []


def placed(grid: Grid) -> Iterator[list[tuple[int, Cell | None]]]:
    """Each row with its cells' columns; None where a cell from above reaches down."""
    reach: dict[int, tuple[int, int]] = {}
    for line in grid:
        row: list[tuple[int, Cell | None]] = []
        waiting, column = list(line), 0
        while waiting or reach.get(column, (0, 0))[0]:
            left, width = reach.get(column, (0, 1))
            if left:
                reach[column] = (left - 1, width)
                row.append((column, None))
                column += width
                continue
            cell = waiting.pop(0)
            reach[column] = (cell.rows - 1, cell.columns)
            row.append((column, cell))
            column += cell.columns
        yield row


def width(grid: Grid) -> int:
    """How many columns the grid has."""
    return sum(cell.columns for cell in grid[0])


def split(grid: Grid, starts: tuple[str, ...]) -> list[Grid]:
    """One grid cut into several, each beginning at a row whose first cell starts so."""
    parts: list[Grid] = []
    for line in grid:
        if not parts or line[0].text.startswith(starts):
            parts.append([])
        parts[-1].append(line)
    return parts


def _number(sample: Sample, path: str) -> Cell:
    return Cell(sample.cells[path], number=True)


def _disclosure(sample: Sample) -> Grid:
    grid: Grid = []
    for block in PRINTED["forms"][sample.form]["blocks"]:
        columns: Mapping[str, str] = block["columns"]
        grid.append([Cell(block["article"], columns=4)])
        grid.append(_stretched([Cell(PRINTED["content"]), *map(Cell, columns.values())]))
        for row, label in block["rows"].items():
            paths = [f"disclosure.{row}.{column}" for column in columns]
            shown = [_number(sample, path) for path in paths if path in sample.cells]
            if shown:
                grid.append(_stretched([Cell(label), *shown]))
    return grid


def _stretched(line: list[Cell]) -> list[Cell]:
    """The last cell fills the row of four."""
    return [*line[:-1], replace(line[-1], columns=5 - len(line))]


def _applications(sample: Sample) -> Grid:
    names = list(COLUMNS.values())
    grid: Grid = [
        [Cell(PRINTED["corner"], rows=3, columns=3), Cell(PRINTED["applicants"], columns=7)],
        [Cell(names[0], rows=2), Cell(PRINTED["organizations"], columns=5), Cell(names[6], rows=2)],
        [Cell(name) for name in names[1:6]],
    ]
    grid.extend(_plain(sample, key, label) for key, label in PRINTED["before"].items())
    results = list(_results(sample))
    results[0].insert(0, Cell(PRINTED["results"], rows=len(results)))
    grid.extend(results)
    grid.extend(_plain(sample, key, label) for key, label in PRINTED["after"].items())
    return grid


def _plain(sample: Sample, key: str, label: str) -> list[Cell]:
    return [Cell(label, columns=3), *_numbers(sample, f"applications.{key}")]


def _results(sample: Sample) -> Iterator[list[Cell]]:
    labels: Mapping[str, Any] = PRINTED["forms"][sample.form]["results"]
    for key, label in labels.items():
        path = f"applications.{key}"
        text = label if isinstance(label, str) else label["label"]
        if f"{path}.undivided.total" in sample.cells:
            yield [Cell(text, columns=2), *_numbers(sample, f"{path}.undivided")]
        elif isinstance(label, str):
            yield [Cell(text, columns=2), *_numbers(sample, path)]
        else:
            yield from _group(sample, path, text, label["rows"])


def _group(sample: Sample, path: str, text: str, rows: Mapping[str, str]) -> Iterator[list[Cell]]:
    kept = [key for key in rows if f"{path}.{key}.total" in sample.cells]
    for key in kept:
        head = [Cell(text, rows=len(kept))] if key == kept[0] else []
        yield [*head, Cell(rows[key]), *_numbers(sample, f"{path}.{key}")]


def _numbers(sample: Sample, row: str) -> list[Cell]:
    return [_number(sample, f"{row}.{column}") for column in COLUMNS]


def _disputes(sample: Sample) -> Grid:
    names = list(OUTCOMES.values())
    paths = [f"disputes.{kind}.{key}" for kind in ("review", *LITIGATION) for key in OUTCOMES]
    return [
        [Cell(PRINTED["review"], columns=5), Cell(PRINTED["litigation"], columns=10)],
        [
            *(Cell(name, rows=2) for name in names),
            *(Cell(PRINTED[kind], columns=5) for kind in LITIGATION),
        ],
        [Cell(name) for name in names * 2],
        [_number(sample, path) for path in paths],
    ]
