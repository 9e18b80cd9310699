"""All alignments of a form with a stream at once: best paths forward, backward and through.

A table's rows are taken in the form's order. Before a table's first row and behind its last,
numbers are free to pass; inside, skipping a number or a row costs, and so does wide text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.binding.lexicon import Sheet
from auditor.binding.naming import Key
from auditor.binding.options import Option
from auditor.binding.stream import Stream

NOWHERE = float("-inf")
SKIP_ROW = 3.0
SKIP_NUMBER = 0.8
SKIP_BLANK = 0.3
SKIP_TABLE = 6.0
ENTRY = 16
"""Numbers of the same run before a table's first row that count as skipped, at most."""

WIDE = 160
"""Letters between two numbers of one table from which they are suspiciously far apart."""

Options = Mapping[Key, Sequence[Option]]
Band = list[float]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the chart says of one row: the best whole alignment through each option, and
    the best one that leaves the row out."""

    options: tuple[tuple[Option, float], ...]
    without: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The best alignment's score and what each row contributes."""

    best: float
    rows: Mapping[Key, Weighed]


def chart_of(sheets: Sequence[Sheet], stream: Stream, options: Options) -> Chart:
    """Weigh every option against all alignments that do not use it."""
    builder = _Builder(sheets, stream, options)
    builder.forward()
    builder.backward()
    rows: dict[Key, Weighed] = {}
    for place in range(len(sheets)):
        rows.update(builder.weigh(place))
    return Chart(builder.ahead[0][0], rows)


class _Builder:
    """The bands of one chart.

    `past[p][i]`: best score before sheet p with numbers below i gone by; `within[p][r][i]`: the
    same inside sheet p before its row r; `ahead` and `rest` are the same from there to the end.
    """

    def __init__(self, sheets: Sequence[Sheet], stream: Stream, options: Options) -> None:
        self.sheets = sheets
        self.size = len(stream.numbers)
        self.options = [
            [tuple(options.get((line.table, line.index), ())) for line in sheet.lines]
            for sheet in sheets
        ]
        self.skips = [[0.0 if n.optional else SKIP_ROW for n in s.lines] for s in sheets]
        self.wide = [min(8.0, max(0, words - WIDE) / 40) for words in stream.words] + [0.0]
        self.step = [
            (SKIP_NUMBER if n.value is not None else SKIP_BLANK) + self.wide[i]
            for i, n in enumerate(stream.numbers)
        ]
        self.entry = [sum(self.step[max(run, i - ENTRY) : i]) for i, run in enumerate(stream.runs)]
        self.past: list[Band] = []
        self.ahead: list[Band] = []
        self.within: list[list[Band]] = []
        self.rest: list[list[Band]] = []

    def costs(self, place: int) -> Band:
        """What it costs to enter a sheet at each row: the rows above are skipped."""
        costs = [0.0]
        for skip in self.skips[place]:
            costs.append(costs[-1] + skip)
        return costs

    def forward(self) -> None:
        """From the start of the document."""
        band = [0.0] * (self.size + 1)
        for place in range(len(self.sheets)):
            self.past.append(band)
            self.within.append(self._inside(place, band))
            left = self.within[-1][-1]
            band = [max(b - SKIP_TABLE, i) for b, i in zip(band, left, strict=True)]
            band = _running(band)

    def _inside(self, place: int, band: Band) -> list[Band]:
        lines = self.sheets[place].lines
        costs = self.costs(place)
        bands = [[NOWHERE] * (self.size + 1) for _ in range(len(lines) + 1)]
        for row, line in enumerate(lines):
            here, below = bands[row], bands[row + 1]
            self._pass_numbers(here)
            skip = self.skips[place][row]
            for i, score in enumerate(here):
                below[i] = max(below[i], score - skip)
            target = bands[line.follow]
            for option in self.options[place][row]:
                a = option.begin
                start = max(here[a] - self.wide[a], band[a] - costs[row] - self.entry[a])
                target[option.end] = max(target[option.end], start + option.score)
        return bands

    def _pass_numbers(self, band: Band) -> None:
        step = self.step
        for i in range(self.size):
            band[i + 1] = max(band[i + 1], band[i] - step[i])

    def backward(self) -> None:
        """From the end of the document."""
        band = [0.0] * (self.size + 1)
        self.ahead = [band] * (len(self.sheets) + 1)
        self.rest = [[] for _ in self.sheets]
        for place in range(len(self.sheets) - 1, -1, -1):
            behind = self.ahead[place + 1]
            self.rest[place] = bands = self._inside_back(place, behind)
            entered = [NOWHERE] * (self.size + 1)
            for row, cost in enumerate(self.costs(place)[:-1]):
                for option in self.options[place][row]:
                    score = option.score - cost - self.entry[option.begin]
                    score += self._after(place, row, option, bands)
                    entered[option.begin] = max(entered[option.begin], score)
            band = [max(b - SKIP_TABLE, e) for b, e in zip(behind, entered, strict=True)]
            self.ahead[place] = _running(band[::-1])[::-1]

    def _inside_back(self, place: int, behind: Band) -> list[Band]:
        lines = self.sheets[place].lines
        bands = [[NOWHERE] * (self.size + 1) for _ in lines] + [list(behind)]
        for row in range(len(lines) - 1, -1, -1):
            here, skip = bands[row], self.skips[place][row]
            for i, score in enumerate(bands[row + 1]):
                here[i] = score - skip
            for option in self.options[place][row]:
                a = option.begin
                score = option.score - self.wide[a] + self._after(place, row, option, bands)
                here[a] = max(here[a], score)
            for i in range(self.size - 1, -1, -1):
                here[i] = max(here[i], here[i + 1] - self.step[i])
        return bands

    def _after(self, place: int, row: int, option: Option, bands: list[Band]) -> float:
        return bands[self.sheets[place].lines[row].follow][option.end]

    def weigh(self, place: int) -> dict[Key, Weighed]:
        """For each row of a sheet: every option's best whole alignment, and the best without."""
        lines, costs = self.sheets[place].lines, self.costs(place)
        within, rest = self.within[place], self.rest[place]
        through: list[list[tuple[Option, float]]] = []
        entries: list[float] = []
        for row in range(len(lines)):
            here, entry, found = within[row], NOWHERE, []
            for option in self.options[place][row]:
                a = option.begin
                after = option.score + self._after(place, row, option, rest)
                entered = self.past[place][a] - costs[row] - self.entry[a] + after
                entry = max(entry, entered)
                found.append((option, max(entered, here[a] - self.wide[a] + after)))
            through.append(found)
            entries.append(entry)
        passed = max(
            b - SKIP_TABLE + f for b, f in zip(self.past[place], self.ahead[place + 1], strict=True)
        )
        return {
            (line.table, line.index): Weighed(
                tuple(through[row]), self._without(place, row, through, entries, passed)
            )
            for row, line in enumerate(lines)
        }

    def _without(
        self,
        place: int,
        row: int,
        through: list[list[tuple[Option, float]]],
        entries: list[float],
        passed: float,
    ) -> float:
        """The best alignment in which this row takes no number."""
        lines, skip = self.sheets[place].lines, self.skips[place][row]
        best = max([passed, *entries[row + 1 :]])
        here, below = self.within[place][row], self.rest[place][row + 1]
        best = max(best, *(a - skip + b for a, b in zip(here, below, strict=True)))
        for above in range(row):
            if lines[above].follow > row:
                best = max([best, *(score for _, score in through[above])])
        return best


def _running(band: Band) -> Band:
    """Numbers outside tables are passed for nothing: the best so far."""
    best = NOWHERE
    result = []
    for score in band:
        best = max(best, score)
        result.append(best)
    return result
