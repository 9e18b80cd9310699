"""The same random reports in every layout, read back: cells right, wrong and open.

Usage: python -m benchmarks.round_trip [--each N] [--first SEED] [--only WORD] [--faults N]
The figures are drawn from their seed, so that a run can be repeated. Layouts of programs that
are not installed are named and left out. Exit 1 if a digital document has a wrong cell.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.pipeline import Settings  # noqa: E402
from auditor.rulebook.load import load_rules  # noqa: E402
from auditor.schema import load_forms  # noqa: E402
from tests.round_trip import FOREIGN, LAYOUTS, Tally, available, tally  # noqa: E402


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=20, help="documents per layout")
    parser.add_argument("--first", type=int, default=1_000, help="first seed")
    parser.add_argument("--only", default="", help="only layouts with this word")
    parser.add_argument("--faults", type=int, default=0, help="print so many faults per layout")
    given = parser.parse_args()
    settings = Settings(load_forms(ROOT / "schemas"), load_rules(ROOT / "rules/ogi"), "2025-02-01")
    whole = Tally()
    print(
        f"{'layout':<28}{'documents':>10}{'right':>9}{'wrong':>7}{'open':>7}{'open %':>8}{'s':>7}"
    )
    for name in (*LAYOUTS, *FOREIGN):
        if given.only not in name:
            continue
        if name in FOREIGN and available(FOREIGN[name].program) is None:
            print(f"{name:<28}  left out: {FOREIGN[name].program} is not installed")
            continue
        start = time.monotonic()
        found = tally(name, given.each, given.first, settings)
        _line(name, found, time.monotonic() - start)
        for fault in found.faults[: given.faults]:
            print(f"    {fault}")
        if name in FOREIGN or not LAYOUTS[name].inherent:
            whole.documents += found.documents
            whole.right += found.right
            whole.wrong += found.wrong
            whole.open += found.open
    _line("all with their grid", whole, 0)
    return int(whole.wrong > 0)


def _line(name: str, found: Tally, seconds: float) -> None:
    cells = found.right + found.wrong + found.open or 1
    share = 100 * found.open / cells
    print(
        f"{name:<28}{found.documents:>10}{found.right:>9}{found.wrong:>7}{found.open:>7}"
        f"{share:>8.2f}{seconds:>7.1f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
