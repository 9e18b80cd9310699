"""Which cell is wrong: how often the truth comes first, how often it is listed, and how fast.

Usage: python benchmarks/localisation.py [RECORDS] [SEED …] [--alone]

Records hold in every sum of tables three and four; then 1 to 3 cells are made wrong, by slips that
the ranking knows (left at 0, transposed, digit dropped, off by 1 to 3) and, apart, by others (any
number, copied from beside, ten times), and of one cell of table four, where little can be told.
HiGHS solves the same records to one optimum, and Banff (Statistics Canada) to one solution, in the
same run, where they are installed; `--alone` leaves them out.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
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
Record = tuple[Facts, dict[str, int]]
FEW = 2
"""Slips of which "very likely" must be right in 98 of 100."""


@dataclass
class Tally:
    """What came of the records of one kind."""

    count: int = 0
    results: Counter[str] = field(default_factory=Counter)
    sure: Counter[bool] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Another seed's."""
        self.count += other.count
        self.results += other.results
        self.sure += other.sure
        self.seconds += other.seconds


def told(rules: RuleSet, facts: Facts) -> tuple[dict[str, int], list[dict[str, int]], list[str]]:
    """(first repairs joined, all repairs of each part joined where few, the bands of the first)."""
    diagnoses, _ = diagnose(rules, facts)
    first: dict[str, int] = {}
    listed: list[dict[str, int]] = [{}]
    bands = []
    for one in diagnoses:
        if not one.repairs:
            return {}, [], []
        first |= {c.path: c.would_be for c in one.repairs[0].cells}
        bands.append(one.repairs[0].band)
        listed = [
            {**x, **{c.path: c.would_be for c in r.cells}} for x in listed for r in one.repairs
        ]
    return first, listed, bands


def ours(rules: RuleSet, records: Sequence[Record]) -> Tally:
    tally = Tally()
    told(rules, records[0][0])  # imports and compiles
    for wrong, true in records:
        begun = time.process_time()
        first, listed, bands = told(rules, wrong)
        tally.seconds.append(time.process_time() - begun)
        right = first == true
        tally.count += 1
        tally.results["first"] += right
        tally.results[f"first of {len(true)}"] += right
        tally.results[f"of {len(true)}"] += 1
        tally.results["listed"] += true in listed
        if bands and set(bands) == {"likely"} and len(true) <= FEW:
            tally.sure[right] += 1
    return tally


def shown(name: str, tally: Tally) -> None:
    found, seconds = tally.results, sorted(tally.seconds)
    share = ", ".join(
        f"{n} wrong {found[f'first of {n}']}/{found[f'of {n}']}"
        for n in (1, 2, 3)
        if found[f"of {n}"]
    )
    print(f"{name}: first {found['first']}/{tally.count} ({share}), listed {found['listed']}")
    print(
        f"  'very likely' said of 1 or 2 slips: right {tally.sure[True]} of "
        f"{tally.sure.total()}; CPU ms median {median(seconds) * 1e3:.2f}, "
        f"p95 {seconds[int(len(seconds) * 0.95)] * 1e3:.2f}"
    )


# --- other tools ---------------------------------------------------------------------------------

Rival = Callable[[RuleSet, Sequence[Record]], list[set[str]]]


def highs(rules: RuleSet, records: Sequence[Record]) -> list[set[str]]:
    """The cells of one optimum of HiGHS."""
    found = []
    for facts, _ in records:
        cells: set[str] = set()
        for system in systems(equalities(rules, facts), facts):
            if system.syndrome().any():
                for change in milp.optima(system, 1, seconds=20):
                    cells |= {system.cells[cell][0] for cell, _ in change}
        found.append(cells)
    return found


def banff(rules: RuleSet, records: Sequence[Record]) -> list[set[str]]:
    """The cells of one solution of Banff, all records in one call."""
    import logging

    import pandas
    from banff import errorloc

    logging.disable(logging.CRITICAL)
    sums = [s for s in equalities(rules, records[0][0]) if not any(p for (_, p, _), _ in s.terms)]
    paths = list(dict.fromkeys(path for one in sums for (path, _, _), _ in one.terms))
    names = {path: f"v{n:03d}" for n, path in enumerate(paths)}
    sides = [
        " = ".join(
            " + ".join(names[p] for (p, _, _), x in one.terms if x * sign > 0) for sign in (1, -1)
        )
        for one in sums
    ]
    rows = [
        {"id": f"r{n:04d}", **{names[p]: float(facts.values[p]) for p in paths}}
        for n, (facts, _) in enumerate(records)
    ]
    call = errorloc(
        indata=pandas.DataFrame(rows), unit_id="id", edits="".join(f"{s};" for s in sides),
        outstatus="dataframe", outreject="dataframe", seed=1, trace=False, capture=None,
        time_per_obs=20.0,
    )  # fmt: skip
    back = {name: path for path, name in names.items()}
    found: list[set[str]] = [set() for _ in records]
    for unit, name in zip(call.outstatus["id"], call.outstatus["FIELDID"], strict=True):
        found[int(unit[1:])].add(back[name])
    return found


def beside(rules: RuleSet, records: Sequence[Record]) -> None:
    rivals: list[tuple[str, Rival]] = []
    if milp.available():
        rivals.append(("HiGHS, one optimum", highs))
    if find_spec("banff"):
        rivals.append(("Banff, one solution", banff))
    for name, rival in rivals:
        begun = time.process_time()
        found = rival(rules, records)
        taken = (time.process_time() - begun) / len(records)
        exact = sum(cells == set(true) for cells, (_, true) in zip(found, records, strict=True))
        print(f"  {name}: exactly the true cells {exact}/{len(records)}; CPU ms {taken * 1e3:.1f}")


# --- records -------------------------------------------------------------------------------------


def several(form: Form, kinds: tuple[Slip, ...], count: int, seed: int) -> list[Record]:
    random = Random(seed)
    return [slipped(record(form, random), random, 1 + n % 3, kinds) for n in range(count)]


def weak(form: Form, kinds: tuple[Slip, ...], count: int, seed: int) -> list[Record]:
    """One slip in the table of which every sum stands alone."""
    random = Random(seed)
    cells = {f.path for f in form.table("disputes").fields()}
    found: list[Record] = []
    while len(found) < count:
        facts, true = slipped(record(form, random), random, 1, kinds)
        if true.keys() <= cells:
            found.append((facts, true))
    return found


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    count, seeds = (numbers or [200])[0], numbers[1:] or [1]
    rules = load_rules(ROOT / "rules" / "ogi")
    form = next(f for f in load_forms(ROOT / "schemas") if f.id == "ogi-2021")
    for name, kinds, made in (
        ("slips of known kinds", KNOWN, several),
        ("slips of other kinds", OTHER, several),
        ("one slip in table four, any kind", KNOWN + OTHER, weak),
    ):
        tally, every = Tally(), []
        for seed in seeds:
            records = made(form, kinds, count, seed)
            tally.add(ours(rules, records))
            every += records
        shown(f"{name}, {len(seeds)} seed(s)", tally)
        if "--alone" not in sys.argv and made is several:
            beside(rules, every)


if __name__ == "__main__":
    main()
