"""The HTML page: its size and the time to write it, and the time a browser needs to open it.

Usage: python benchmarks/html_page.py [REPORTS ...]. Targets: 60 reports ≤ 5 MB and 1,000 findings
over 60 reports in ≤ 2 s; 1,000 reports open in ≤ 3 s. Needs the extra `browser` and a chromium;
without them only the writing is measured. The reports are the samples, over and over, under other
names.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from auditor.corpus import audit_all
from auditor.model import Audit, Batch
from auditor.pipeline import Input, Settings
from auditor.renderers import Options, html
from auditor.rulebook.load import load_rules
from auditor.schema import load_forms

ROOT = Path(__file__).resolve().parent.parent
READY = "() => document.querySelectorAll('a.agency').length > 0"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
TIMES = 5


def many(samples: Batch, count: int) -> Batch:
    """That many audits, no two of the same name."""
    copies = []
    for n, audit in enumerate(islice(cycle(samples.audits), count)):
        report, subject = audit.report, audit.report.subject
        name = replace(subject, name=f"{subject.name or ''}{n:04}")
        copies.append(replace(audit, report=replace(report, subject=name, source=f"{n:04}.docx")))
    return Batch(tuple(copies), samples.refusals)


def findings(audits: tuple[Audit, ...]) -> int:
    """How many findings there are in all."""
    return sum(len(r.findings) for a in audits for r in a.results)


def opened(path: Path) -> float | None:
    """Milliseconds from asking for the file until the ranking stands there; the median."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if chromium is None:
        return None
    found = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGS)
        for _ in range(TIMES):
            page = browser.new_page()
            start = time.perf_counter()
            page.goto(path.as_uri(), wait_until="load")
            assert page.evaluate(READY)
            found.append((time.perf_counter() - start) * 1000)
            page.close()
        browser.close()
    return statistics.median(found)


def main() -> None:
    """Print the table."""
    counts = [int(a) for a in sys.argv[1:]] or [60, 1000]
    forms = load_forms(ROOT / "schemas")
    settings = Settings(forms, load_rules(ROOT / "rules" / "ogi"), "2024-02-01")
    files = sorted((ROOT / "reports_in").iterdir())
    samples = audit_all(tuple(Input(f) for f in files if f.name != "truth.json"), settings)
    options = Options(forms={f.id: f for f in forms}, engine="auditor")
    print(f"{'reports':>8} {'findings':>9} {'size':>9} {'written':>9} {'opened':>9}")
    for count in counts:
        batch = many(samples, count)
        start = time.perf_counter()
        data = html.render(batch, options)
        wrote = time.perf_counter() - start
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "out.html"
            path.write_bytes(data)
            took = opened(path)
        shown = f"{took:,.0f} ms" if took is not None else "–"
        size = f"{len(data) / 1e6:.2f} MB"
        print(f"{count:>8} {findings(batch.audits):>9} {size:>9} {wrote:>7.2f} s {shown:>9}")


if __name__ == "__main__":
    main()
