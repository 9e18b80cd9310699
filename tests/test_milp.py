"""The solver against the enumeration: two ways to the same repairs.

AUDITOR_ORACLE=1000 compares so many random reports; a few by default, so that the suite is quick.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from auditor.form import Form
from auditor.judging.diagnose import diagnose, milp
from auditor.judging.diagnose.repairs import Found, smallest
from auditor.judging.diagnose.solver import INFEASIBLE, OPTIMAL, UNBOUNDED, Program, Solver
from auditor.judging.diagnose.system import systems
from auditor.rulebook.equalities import equalities
from auditor.rulebook.rule import RuleSet
from tests.records import KNOWN, OTHER, record, slipped
from tests.test_diagnose import small

pytestmark = pytest.mark.skipif(
    not milp.available(), reason="highspy (extra solver) is not installed"
)
REPORTS = int(os.environ.get("AUDITOR_ORACLE", "24"))
MANY = 12
"""Repairs beyond which a report is left out: each costs the solver one more program."""


@pytest.fixture
def form(forms: tuple[Form, ...]) -> Form:
    return next(f for f in forms if f.id == "ogi-2021")


@pytest.mark.parametrize("part", range(8))
def test_the_solver_finds_the_same_sets(form: Form, ruleset: RuleSet, part: int) -> None:
    compared = 0
    for seed in range(part, REPORTS, 8):
        random = Random(seed)
        facts, _ = slipped(record(form, random), random, 1 + seed % 3, KNOWN + OTHER)
        for system in systems(equalities(ruleset, facts), facts):
            found = smallest(system)
            if not found.changes or len(found.changes) > MANY:
                continue
            assert set(milp.optima(system, MANY + 1, seconds=60)) == set(found.changes), seed
            compared += 1
    assert compared


def test_unknown_cells_cost_the_solver_nothing() -> None:
    # a + b = c, c + d = e: b is unknown, so that only the second can fail
    rows, values = [[1, 1, -1, 0, 0], [0, 0, 1, 1, -1]], [2, 0, 5, 1, 9]
    system = small(rows, values, [True, False, True, True, True])
    assert set(milp.optima(system, 9)) == set(smallest(system).changes)
    assert smallest(system).changes


def test_a_set_without_whole_changes_is_no_repair() -> None:
    """2a = b + 1: in fractions a alone would do."""
    system = small([[2, -1, -1]], [1, 2, 1])
    assert set(milp.optima(system, 9)) == set(smallest(system).changes)
    assert all(cell != 0 for change in milp.optima(system, 9) for cell, _ in change)


def test_past_the_cap_the_solver_is_asked_and_it_is_said(
    form: Form, ruleset: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(4)
    facts, true = slipped(record(form, random), random, 3, OTHER)
    module = __import__("auditor.judging.diagnose.diagnose", fromlist=["smallest"])
    monkeypatch.setattr(module, "smallest", lambda system: Found((), complete=False))
    found, _ = diagnose(ruleset, facts)
    assert found
    assert all(one.repairs and not one.complete for one in found)
    assert {c.path for one in found for r in one.repairs for c in r.cells} & set(true)


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    program = Program()
    x = program.column(0.0, 5.0, whole=True)
    d = program.column(0.0, 1.0, 1.0, whole=True)
    program.row([(x, 1.0), (d, -5.0)], high=0.0)
    program.row([(x, 1.0)], low=2.0)
    solver = Solver(program, 5.0)
    assert solver.solve().columns == (2.0, 1.0)
    solver.add_row([(d, 1.0)], high=0.0)
    assert solver.solve().status == INFEASIBLE
    assert capfd.readouterr() == ("", "")


def test_programs_without_end() -> None:
    program = Program()
    x = program.column(cost=-1.0)
    assert Solver(program).solve().status == UNBOUNDED
    program.row([(x, 1.0)], high=3.0)
    found = Solver(program).solve()
    assert (found.status, found.value) == (OPTIMAL, -3.0)
