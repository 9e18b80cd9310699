"""The same question as a mixed-integer program for HiGHS: fallback past the cap, and test oracle.

min Σ cost · d,  A (x + e) = 0,  x + e ≥ 0 whole,  −x d ≤ e ≤ (U − x) d,  d ∈ {0, 1}, with tight
bounds per cell and U = 10 · max(x) + 9: never one large constant, with which small errors come
back as "nothing to change".
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from auditor.judging.diagnose.repairs import Change
from auditor.judging.diagnose.system import System

SECONDS = 2.0


def available() -> bool:
    """Whether HiGHS is installed (extra `solver`)."""
    return find_spec("highspy") is not None


def optima(system: System, most: int, seconds: float = SECONDS) -> Iterator[Change]:
    """Repairs of least cost, each once, by excluding what was found; at most `most` of them."""
    program = _Program(system, seconds)
    best: float | None = None
    for _ in range(most):
        found = program.solve()
        if found is None or (best is not None and found[0] > best + 0.5):
            return
        best = found[0] if best is None else min(best, found[0])
        yield found[1]
        program.exclude([cell for cell, _ in found[1]])


class _Program:
    """The model of one system; cells found are cut off one set at a time."""

    def __init__(self, system: System, seconds: float) -> None:
        import highspy

        self.system = system
        highs: Any = highspy.Highs
        self.model: Any = highs()
        self.model.silent()
        self.model.setOptionValue("time_limit", seconds)
        self.model.setOptionValue("mip_rel_gap", 0.0)
        self.model.setOptionValue("mip_feasibility_tolerance", 1e-9)
        self.model.setOptionValue("primal_feasibility_tolerance", 1e-9)
        self.model.setOptionValue("threads", 1)
        self.optimal = highspy.HighsModelStatus.kOptimal
        largest = 10 * int(system.values.max(initial=0)) + 9
        self.change, self.used = [], {}
        for n, known in enumerate(system.known):
            value = int(system.values[n])
            e = self.model.addIntegral(lb=-value, ub=largest - value)
            self.change.append(e)
            if known:
                d = self.model.addBinary(obj=system.cost[n])
                self.used[n] = d
                self.model.addConstr(e + value * d >= 0)
                self.model.addConstr(e - (largest - value) * d <= 0)
        for line, s in zip(system.matrix, system.syndrome(), strict=True):
            terms = sum(int(line[n]) * self.change[n] for n in line.nonzero()[0])
            self.model.addConstr(terms == -int(s))

    def solve(self) -> tuple[float, Change] | None:
        """(cost, repair) of one optimum; None if there is none within the time."""
        self.model.run()
        if self.model.getModelStatus() != self.optimal:
            return None
        values = self.model.getSolution().col_value
        change = tuple(
            (n, round(values[self.change[n].index]))
            for n, d in self.used.items()
            if round(values[d.index])
        )
        return self.model.getInfo().objective_function_value, change

    def exclude(self, cells: list[int]) -> None:
        """Never this set of cells again, nor one that contains it."""
        self.model.addConstr(sum(self.used[n] for n in cells) <= len(cells) - 1)
