"""Tables laid out downwards: which printed row is which row of the form, and its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.binding.columns import columns_of
from auditor.binding.labels import Sight, Vocabulary
from auditor.binding.lines import Line
from auditor.binding.spans import Usual, usual_columns
from auditor.form import Label, Row
from auditor.model import Cell

_TELLING = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """A printed row taken as a row of the form.

    `cells` holds what stands for each field; a field in `doubtful` may not be read, whatever it
    says. `heads` are the printed column labels that differ from the form's words.
    """

    row: Row
    line: Line
    rank: tuple[int, float]
    cells: Mapping[str, tuple[Cell, ...]]
    doubtful: frozenset[str]
    changed: bool
    heads: tuple[Cell, ...] = ()
    extra: tuple[Cell, ...] = ()


def claims_of(lines: Sequence[Line], words: Vocabulary) -> list[Claim]:
    """Every printed row that is a row of the form, with its cells; rows may be claimed twice."""
    by_label: dict[Label, list[Row]] = {}
    for row in words.table.rows:
        if row.labels:
            by_label.setdefault(row.labels[-1], []).append(row)
    claims = []
    usual = usual_columns(lines)
    for line in lines:
        sight = words.find(line.printed).within(words.rows)
        options = [_ranked(row, line, sight, words) for x in sight.labels for row in by_label[x]]
        best = max(options, key=lambda option: option[1], default=None)
        if best is not None and best[1][0] >= 0 and _single(options, best[1]):
            claim = _claim(best[0], line, best[1], sight, usual)
            if claim.cells:
                claims.append(claim)
    return claims


def _single(options: Sequence[tuple[Row, tuple[int, float]]], best: tuple[int, float]) -> bool:
    return sum(rank == best for _, rank in options) == 1


def _ranked(row: Row, line: Line, sight: Sight, words: Vocabulary) -> tuple[Row, tuple[int, float]]:
    """How well the labels to the left agree with the row's groups: 2, 1 unknown, 0 or -1 not."""
    wanted = set(row.labels[:-1]) | set(row.under)
    printed = [words.find(c.text).within(words.groups) for c in line.labels[:-1]]
    groups = {label for s in printed for label in s.labels}
    if groups and not groups & set(row.labels[:-1]):
        telling = sight.score == 1 and len(row.labels[-1].spellings[0]) >= _TELLING
        return row, (0 if telling else -1, sight.score)
    agrees = bool(groups & wanted) or not row.labels[:-1]
    return row, (2 if agrees else 1, sight.score)


def _claim(row: Row, line: Line, rank: tuple[int, float], sight: Sight, usual: Usual) -> Claim:
    cells, doubtful, heads, extra = columns_of(row, line, usual)
    if line.doubt:
        doubtful = frozenset(cells)
    return Claim(row, line, rank, cells, doubtful, sight.changed, heads, extra)
