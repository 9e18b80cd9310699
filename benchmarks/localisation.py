"""Which cell is wrong: how often the truth comes first, how often it is listed, and how fast.

Usage: python benchmarks/localisation.py [RECORDS] [SEED]

Records hold in every sum of tables three and four; then 1 to 3 cells are made wrong, by slips that
the ranking knows (left at 0, transposed, digit dropped, off by 1 to 3) and, apart, by others (any
number, copied from beside, ten times). HiGHS solves the same records to one optimum in the same
run, where it is installed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from auditor.form import Form
from auditor.judging.diagnose import diagnose, milp
from auditor.judging.diagnose.system import systems
from auditor.rulebook.equalities import equalities
from auditor.rulebook.facts import Facts
from auditor.rulebook.load import load_rules
from auditor.rulebook.rule import RuleSet
from auditor.schema import load_forms
from tests.records import KNOWN, OTHER, Slip, record, slipped

ROOT = Path(__file__).resolve().parent.parent


def told(rules: RuleSet, facts: Facts) -> tuple[list[dict[str, int]], list[dict[str, int]], str]:
    """(first repairs joined, all repairs of each part joined where few, the weakest band)."""
    diagnoses, _ = diagnose(rules, facts)
    first: dict[str, int] = {}
    listed: list[dict[str, int]] = [{}]
    bands = []
    for one in diagnoses:
        if not one.repairs:
            return [], [], "none"
        first |= {c.path: c.would_be for c in one.repairs[0].cells}
        bands.append(one.repairs[0].band)
        listed = [
            {**x, **{c.path: c.would_be for c in r.cells}} for x in listed for r in one.repairs
        ]
    order = ("undecided", "possible", "likely")
    return [first], listed, min(bands, key=order.index) if bands else "none"


def measure(
    name: str, rules: RuleSet, form: Form, kinds: tuple[Slip, ...], count: int, seed: int
) -> None:
    random = Random(seed)
    results: Counter[str] = Counter()
    sure: Counter[bool] = Counter()
    seconds, solver = [], []
    for number in range(count):
        wrong, true = slipped(record(form, random), random, 1 + number % 3, kinds)
        begun = time.process_time()
        first, listed, band = told(rules, wrong)
        seconds.append(time.process_time() - begun)
        right = first == [true]
        results["first"] += right
        results[f"first of {len(true)}"] += right
        results[f"of {len(true)}"] += 1
        results["listed"] += true in listed
        if band == "likely" and len(true) <= 2:
            sure[right] += 1
        if milp.available() and "--alone" not in sys.argv:
            results["HiGHS"] += _solved(rules, wrong, true, solver)
    seconds.sort()
    share = {n: f"{results[f'first of {n}']}/{results[f'of {n}']}" for n in (1, 2, 3)}
    print(f"{name}: first {results['first']}/{count} {share}, listed {results['listed']}/{count}")
    print(
        f"  'very likely' said of 1 or 2 slips: right {sure[True]} of {sum(sure.values())}; "
        f"CPU ms median {median(seconds) * 1e3:.2f}, p95 {seconds[int(count * 0.95)] * 1e3:.2f}"
    )
    if solver:
        print(
            f"  HiGHS, one optimum: exactly the true cells {results['HiGHS']}/{count}; "
            f"CPU ms median {median(solver) * 1e3:.1f}"
        )


def _solved(rules: RuleSet, facts: Facts, true: dict[str, int], seconds: list[float]) -> bool:
    begun = time.process_time()
    found: set[str] = set()
    for system in systems(equalities(rules, facts), facts):
        if system.syndrome().any():
            for change in milp.optima(system, 1, seconds=20):
                found |= {system.cells[cell][0] for cell, _ in change}
    seconds.append(time.process_time() - begun)
    return found == set(true)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rules = load_rules(ROOT / "rules" / "ogi")
    form = next(f for f in load_forms(ROOT / "schemas") if f.id == "ogi-2021")
    measure("slips of known kinds", rules, form, KNOWN, count, seed)
    measure("slips of other kinds", rules, form, OTHER, count, seed)


if __name__ == "__main__":
    main()
