"""CPU seconds until a mistyped balance rule is caught, for each case of tests/mistyped.yaml.

Usage: python benchmarks/appraisal.py. Target: 0.5 s. Needs the extra `solver`.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from auditor.appraisal.forced import ranges
from auditor.rulebook.load import load_rules
from auditor.rulebook.relations import relations
from auditor.schema import load_forms
from tests.test_appraisal_analysis import MISTYPED, mistyped

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5


def main() -> None:
    """Print the table."""
    form = next(f for f in load_forms(ROOT / "schemas") if f.id == "ogi-2021")
    rules = load_rules(ROOT / "rules" / "ogi")
    print(f"{'case':<56}{'median CPU s':>14}{'cells forced':>14}")
    for case in MISTYPED:
        wrong = mistyped(rules, case)
        taken, forced = [], 0
        for _ in range(RUNS):
            begun = time.process_time()
            found = ranges([r for r in relations(wrong, form).found if not r.review])
            taken.append(time.process_time() - begun)
            forced = len(found.forced)
        print(f"{case['name'][:54]:<56}{statistics.median(taken):>14.3f}{forced:>14}")


if __name__ == "__main__":
    main()
