"""How usual a figure is in a cell: whether cells like it are 0, and how common the figure is.

Two repairs may be the same kind of slip; then the one that leaves the more usual report is the
likelier. Learnt from the report itself: which rows and columns are busy, which figures recur.
Totals say nothing here: they follow from their parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, log

from auditor.form import Field, Form
from auditor.judging.diagnose.system import source_of
from auditor.rulebook.facts import Facts
from auditor.rulebook.linear import Key

_RECUR = 0.2  # of the figures that are not 0, how many stand elsewhere in the table, too
_SCALE, _FALL = 0.18, 1.15  # from some 250 figures of real reports: 1 in four is 1, few are large
_BEFORE, _OF = 0.8, 2.0  # before any cell of a line is seen: two cells, of which 0.8 are not 0
_EDGE = 0.02


def commonness(figure: int) -> float:
    """The share of a figure among all that are not 0."""
    return _SCALE * exp(-_FALL * log(figure))


@dataclass(frozen=True, slots=True)
class _Line:
    """The cells of a row, of a column or of a table: how many are not 0, of how many."""

    busy: int
    cells: int

    def without(self, figure: int) -> float:
        """The odds, in logarithms, that one more cell is not 0, this one not counted."""
        busy = self.busy - (figure != 0) + _BEFORE
        return log(busy / (self.cells - 1 + _OF - busy))


_Source = tuple[bool, int]


@dataclass(slots=True)
class Usual:
    """The lines and the figures of the reports that cells stand in, learnt when first asked for."""

    facts: Facts
    totals: frozenset[Key]
    _learnt: set[_Source] = field(default_factory=set)
    _lines: dict[tuple[_Source, str, str], _Line] = field(default_factory=dict)
    _figures: dict[tuple[_Source, str], Counter[int]] = field(default_factory=dict)
    _known: set[Key] = field(default_factory=set)

    def _learn(self, key: Key) -> None:
        """The report of a cell, once."""
        _, prior, unit = key
        source, facts = (prior, unit), source_of(key, self.facts)
        if source in self._learnt or facts is None:
            return
        self._learnt.add(source)
        cells, busy = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for path, (table, lines) in _counts(self.facts.form).items():
            value = facts.values.get(path, facts.inferred.get(path))
            own = (path, prior, unit)
            if not isinstance(value, int) or own in self.totals:
                continue
            self._known.add(own)
            cells.update(lines)
            if value:
                busy.update(lines)
                self._figures.setdefault((source, table), Counter())[value] += 1
        self._lines |= {(source, *line): _Line(busy[line], n) for line, n in cells.items()}

    def beside(self, key: Key, wrong: frozenset[Key] = frozenset()) -> tuple[int, ...]:
        """The other figures of the cell's row, totals included, without those that are wrong."""
        (path, *where), facts = key, source_of(key, self.facts)
        if facts is None:
            return ()
        row = facts.form.rows[self._field(path).row]
        others = [f.path for f in row.fields if f.path != path and (f.path, *where) not in wrong]
        values = [facts.values.get(other) for other in others]
        return tuple(v for v in values if isinstance(v, int))

    def gain(self, key: Key, read: int, true: int) -> float:
        """By how much, in logarithms, `true` is more usual in a cell than `read`; 0 for totals."""
        self._learn(key)
        if key not in self._known:
            return 0.0
        return self._weight(key, read, true) - self._weight(key, read, read)

    def _weight(self, key: Key, read: int, figure: int) -> float:
        busy = self._busy(key, read)
        if figure == 0:
            return log(1 - busy)
        path, prior, unit = key
        seen = self._figures.get(((prior, unit), self._field(path).table), Counter())
        others = seen.total() - (read != 0)
        again = (seen[figure] - (figure == read)) / others if others else 0.0
        return log(busy) + log((1 - _RECUR) * commonness(figure) + _RECUR * again)

    def _busy(self, key: Key, read: int) -> float:
        """How likely a cell is not 0: by its row and its column, as if these did not interact."""
        path, prior, unit = key
        of = self._field(path)
        row, column, table = (
            self._lines[(prior, unit), *line].without(read)
            for line in _lines(of.table, of.row, of.key)
        )
        return min(max(1 / (1 + exp(table - row - column)), _EDGE), 1 - _EDGE)

    def _field(self, path: str) -> Field:
        """The cell of the form; reports that are compared are on one form."""
        return self.facts.form.fields[path]


@lru_cache(maxsize=16)
def _counts(form: Form) -> Mapping[str, tuple[str, tuple[tuple[str, str], ...]]]:
    """The cells that hold counts, each with its table and its lines."""
    return {path: (cell.table, tuple(_lines(cell.table, cell.row, cell.key)))
            for path, cell in form.fields.items() if cell.kind == "count"}  # fmt: skip


def _lines(table: str, row: str, key: str) -> Iterable[tuple[str, str]]:
    """The names of a cell's row, column and table."""
    return (table, row), (f"{table} column", key), (table, "")
