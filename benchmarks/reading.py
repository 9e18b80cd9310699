"""Milliseconds per document from bytes to bound report, by file.

Usage: python benchmarks/reading.py [FILE …]; by default all of reports_in.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from auditor.errors import DocumentError
from auditor.pipeline import Input, Settings, bind_document, inputs, read_document
from auditor.readers import known_suffixes
from auditor.rulebook.load import load_rules
from auditor.schema import load_forms

ROOT = Path(__file__).resolve().parent.parent


def timed(item: Input, settings: Settings) -> tuple[float, float] | None:
    """Median milliseconds of reading and of binding; None for what cannot be read."""
    reads, binds = [], []
    for _ in range(5):
        start = time.perf_counter()
        try:
            document = read_document(item)
            middle = time.perf_counter()
            bind_document(document, settings)
        except DocumentError:
            return None
        reads.append(middle - start)
        binds.append(time.perf_counter() - middle)
    return statistics.median(reads) * 1e3, statistics.median(binds) * 1e3


def main() -> None:
    """Print the table."""
    paths = [Path(a) for a in sys.argv[1:]] or [ROOT / "reports_in"]
    settings = Settings(load_forms(ROOT / "schemas"), load_rules(ROOT / "rules/ogi"), "2024-02-01")
    print(f"{'read ms':>9}{'bind ms':>9}  file")
    for item in inputs(paths, known_suffixes()):
        found = timed(item, settings)
        if found:
            print(f"{found[0]:>9.1f}{found[1]:>9.1f}  {item.path.name}")


if __name__ == "__main__":
    main()
