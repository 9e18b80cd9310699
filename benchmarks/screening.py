"""Rules over many bound reports as arrays: seconds to a matrix of verdicts.

Usage: python benchmarks/screening.py [REPORTS] [SLIPS]

Reports are random records whose sums hold, SLIPS of a hundred with a wrong cell (default 10).
Told, medians of seven: the identities of tables three and four, and all rules that arrays can
tell, over the arrays; making the arrays from the facts; the same rules one report at a time
(on 500 of the reports), so that the ratio stands in one run; how many results arrays decide.
Targets: 42 identities over 10,000 reports ≤ 10 ms; all rules on numbers ≥ 100,000 reports/s.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.rulebook.apply import apply  # noqa: E402
from auditor.rulebook.facts import Facts  # noqa: E402
from auditor.rulebook.load import load_rules  # noqa: E402
from auditor.rulebook.prepare import identities, prepare  # noqa: E402
from auditor.rulebook.screen import screen_of  # noqa: E402
from auditor.schema import load_forms  # noqa: E402
from tests.records import record  # noqa: E402


def seconds(call: Callable[[], object], times: int = 7) -> float:
    """The median."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    slips = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    rules = load_rules(ROOT / "rules" / "ogi")
    form = next(f for f in load_forms(ROOT / "schemas") if f.id == "ogi-2021")
    random = Random(42)
    reports = [spoiled(record_of(form, random), random, slips) for _ in range(count)]
    screen, ready = screen_of(rules, form, 2023), prepare(rules, form, 2023)
    stated = {one.rule for one in identities(rules, form)}
    sums = [n for n in screen.numeric if ready[n].rule.id in stated]
    places = sum(len(ready[n].check.spots) for n in sums)
    making = seconds(lambda: screen.table(reports).numbers, 3)
    table = screen.table(reports)
    assert table.numbers

    def judge(only: list[int] | None) -> None:
        table.held.clear()
        screen.verdicts(table, only)

    few = reports[:500]
    numeric = [ready[n] for n in screen.numeric]
    alone = seconds(lambda: [apply(one, facts) for facts in few for one in numeric], 3)
    arrays, identity = seconds(lambda: judge(None)), seconds(lambda: judge(sums))
    verdicts = screen.verdicts(table)
    plain = float(verdicts.plain.mean())
    print(f"{count} reports, {slips} % with a slip")
    print(f"{places} identities of {len(sums)} rules: {identity * 1000:8.1f} ms")
    print(f"{len(screen.numeric)} rules on numbers: {arrays * 1000:8.1f} ms"
          f" = {count / arrays:,.0f} reports/s, {plain:.1%} of the results decided")  # fmt: skip
    print(f"arrays from facts: {making / count * 1e6:8.1f} µs/report")
    print(f"one report at a time: {alone / len(few) * 1e6:8.1f} µs/report,"
          f" {alone / len(few) / (arrays / count):.0f} times as long")  # fmt: skip


def record_of(form: object, random: Random) -> Facts:
    """A random record of 2023."""
    return replace(record(form, random), period=2023)  # type: ignore[arg-type]


def spoiled(facts: Facts, random: Random, share: int) -> Facts:
    """A slip in some reports, a blank in half as many."""
    chance = random.random() * 100
    path = random.choice(list(facts.form.fields))
    if chance < share:
        return replace(facts, values={**facts.values, path: random.randint(0, 50)})
    if chance < share * 1.5:
        values = {p: v for p, v in facts.values.items() if p != path}
        return replace(facts, values=values, blanks=frozenset((path,)))
    return facts


if __name__ == "__main__":
    main()
