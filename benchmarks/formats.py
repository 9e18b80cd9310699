"""Seconds that each output takes for 1,000 findings over 60 reports.

Usage: python benchmarks/formats.py. Every renderer that there is, found as the command finds it.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from auditor import renderers
from auditor.model import Audit, Batch
from auditor.renderers import Options
from tests import audits

REPORTS, FINDINGS = 60, 1000


def batch() -> Batch:
    """Reports that are all wrong, and among them as many findings as are wanted."""
    template = audits.messy()
    found = [f for r in template.results for f in r.findings]
    each, rest = divmod(FINDINGS, REPORTS)
    made = []
    for number in range(REPORTS):
        wanted = each + (number < rest)
        picked = [replace(found[n % len(found)], fingerprint=f"{n:016x}") for n in range(wanted)]
        made.append(_audit(template, number, picked))
    return Batch(tuple(made), audits.refusals())


def _audit(template: Audit, number: int, picked: list) -> Audit:
    results = tuple(
        replace(r, findings=tuple(f for f in picked if f.rule == r.rule)) for r in template.results
    )
    subject = replace(template.report.subject, name=f"示例镇{number:02}人民政府")
    report = replace(template.report, subject=subject, source=f"reports/{number:02}.docx")
    return replace(template, report=report, results=results)


def main() -> None:
    """Print the table; the first run of each counts what it imports."""
    everything = batch()
    count = sum(len(r.findings) for a in everything.audits for r in a.results)
    print(f"{len(everything.audits)} reports, {count} findings")
    print(f"{'format':<12}{'first s':>10}{'median s':>10}{'bytes':>12}")
    options = Options(summary_line="60 份报告", engine="0", as_of="2026-01-31")
    for name in renderers.names():
        times, size = [], 0
        for _ in range(4):
            start = time.perf_counter()
            size = len(renderers.load(name).render(everything, options))
            times.append(time.perf_counter() - start)
        print(f"{name:<12}{times[0]:>10.2f}{statistics.median(times[1:]):>10.2f}{size:>12,}")


if __name__ == "__main__":
    main()
