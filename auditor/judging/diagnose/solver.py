"""HiGHS: linear and mixed-integer programs. Its one home; it is an extra (`solver`).

What comes back is near, not exact: callers choose cells or rules by it and then compute with whole
numbers or fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from math import inf
from typing import Any

Terms = Sequence[tuple[int, float]]

OPTIMAL, INFEASIBLE, UNBOUNDED, UNKNOWN = "optimal", "infeasible", "unbounded", "unknown"
_TIGHT = 1e-9


def available() -> bool:
    """Whether HiGHS is installed."""
    return find_spec("highspy") is not None


@dataclass(frozen=True, slots=True)
class Solution:
    """`status` is optimal, infeasible, unbounded or unknown (out of time); `duals` are by row."""

    status: str
    value: float = 0.0
    columns: tuple[float, ...] = ()
    duals: tuple[float, ...] = ()


@dataclass(slots=True)
class Program:
    """Minimise cost · x for rows low ≤ terms · x ≤ high and columns within their bounds."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Terms] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def column(
        self, lower: float = 0.0, upper: float = inf, cost: float = 0.0, *, whole: bool = False
    ) -> int:
        """A new variable; its number."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms: Terms, low: float = -inf, high: float = inf) -> int:
        """A new constraint; its number."""
        self.rows.append(terms)
        self.low.append(low)
        self.high.append(high)
        return len(self.rows) - 1


class Solver:
    """A program in HiGHS: solved, changed and solved again. It prints nothing."""

    def __init__(self, program: Program, seconds: float = inf) -> None:
        import highspy

        self._api: Any = highspy
        # Not highspy.Highs: its constructor prints a banner before it can be silenced.
        self._highs: Any = self._api._Highs()
        options = {
            "output_flag": False,
            "threads": 1,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.0,
            "mip_feasibility_tolerance": _TIGHT,
            "primal_feasibility_tolerance": _TIGHT,
            "dual_feasibility_tolerance": _TIGHT,
        }
        for name, value in options.items():
            self._highs.setOptionValue(name, value)
        if seconds < inf:
            self._highs.setOptionValue("time_limit", float(seconds))
        self._highs.passModel(self._model(program))

    def _model(self, program: Program) -> Any:
        import numpy as np

        api, lp = self._api, self._api.HighsLp()
        lp.num_col_, lp.num_row_ = len(program.cost), len(program.rows)
        lp.col_cost_ = np.array(program.cost, dtype=np.double)
        lp.col_lower_ = _bounds(program.lower, api)
        lp.col_upper_ = _bounds(program.upper, api)
        lp.row_lower_ = _bounds(program.low, api)
        lp.row_upper_ = _bounds(program.high, api)
        lp.a_matrix_.format_ = api.MatrixFormat.kRowwise
        starts = np.cumsum([0, *map(len, program.rows)], dtype=np.int32)
        lp.a_matrix_.start_ = starts
        flat = [term for terms in program.rows for term in terms]
        lp.a_matrix_.index_ = np.array([n for n, _ in flat], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([x for _, x in flat], dtype=np.double)
        if any(program.whole):
            kind = api.HighsVarType
            lp.integrality_ = [kind.kInteger if w else kind.kContinuous for w in program.whole]
        return lp

    def solve(self) -> Solution:
        """The optimum as far as floats can tell."""
        self._highs.run()
        status = self._status()
        if status != OPTIMAL:
            return Solution(status)
        found = self._highs.getSolution()
        value = self._highs.getInfo().objective_function_value
        return Solution(OPTIMAL, value, tuple(found.col_value), tuple(found.row_dual))

    def _status(self) -> str:
        kind = self._api.HighsModelStatus
        names = {
            kind.kOptimal: OPTIMAL,
            kind.kInfeasible: INFEASIBLE,
            kind.kUnbounded: UNBOUNDED,
            kind.kUnboundedOrInfeasible: UNBOUNDED,
        }
        return names.get(self._highs.getModelStatus(), UNKNOWN)

    def add_row(self, terms: Terms, low: float = -inf, high: float = inf) -> None:
        """One more constraint."""
        import numpy as np

        index = np.array([n for n, _ in terms], dtype=np.int32)
        value = np.array([x for _, x in terms], dtype=np.double)
        least, most = _bounds([low, high], self._api)
        self._highs.addRow(least, most, len(terms), index, value)


def _bounds(values: Sequence[float], api: Any) -> Any:
    import numpy as np

    return np.clip(np.array(values, dtype=np.double), -api.kHighsInf, api.kHighsInf)
