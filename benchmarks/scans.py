"""Scanned reports: cells right, wrong and open against their truth, and CPU seconds a page.

    python -m benchmarks.scans [--real FOLDER] [--skip N] [--most N] [--seed N]

Documents of `reports_in` are made PDF by LibreOffice, drawn at 200 dpi, turned by 0.7 degrees,
given noise and red seals, and kept as JPEG of quality 60. `--real` names a folder of PDF files
with a truth.json beside them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.model import Refusal  # noqa: E402
from auditor.pipeline import Settings, bind_document  # noqa: E402
from auditor.readers import read  # noqa: E402
from auditor.session import settings_of  # noqa: E402
from tests.scans import OFFICE, pages_of, scan  # noqa: E402


def printed(paths: list[Path], folder: Path) -> Iterator[tuple[str, bytes]]:
    """Word files as PDF."""
    office = shutil.which("soffice")
    if office is None or not paths:
        print("LibreOffice is not installed: no document of reports_in is measured")
        return
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True)
    for path in paths:
        yield path.name, (folder / f"{path.stem}.pdf").read_bytes()


def value_at(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data.get(key) if isinstance(data, dict) else None
    return data


def measure(name: str, pdf: bytes, cells: dict[str, Any], seed: int, settings: Settings) -> Any:
    pages = pages_of(pdf, OFFICE.dpi)
    data = scan(pages, OFFICE, seed)
    begun = process_time()
    document = read("scan.pdf", data=data)
    spent = (process_time() - begun) / len(pages)
    report = bind_document(document, settings)
    if isinstance(report, Refusal):
        print(f"{name}: {report.kind}", flush=True)
        return 0, 0, len(cells), spent
    wrong, unread = [], []
    for path, true in cells.items():
        got = value_at(report.data, path)
        if got is None and true is not None:
            unread.append(path)
        elif got is not None and (true is None or Decimal(str(got)) != Decimal(str(true))):
            wrong.append(f"{path}: read {got}, true {true}")
    right = len(cells) - len(wrong) - len(unread)
    chosen = sum(o.kind == "inferred" and bool(o.rules) for o in report.observations)
    single = sum(o.kind == "inferred" and not o.rules for o in report.observations)
    cover = report.coverage
    print(
        f"{name}: {right} right, {len(wrong)} wrong, {len(unread)} open of {len(cells)}; "
        f"{chosen} chosen by sums, {single} for a person; sections {cover.sections_read}/"
        f"{cover.sections_total}; {len(pages)} pages, {spent:.1f} CPU s a page",
        flush=True,
    )
    for line in (*wrong, *unread):
        print("   ", line, flush=True)
    return right, len(wrong), len(unread), spent


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("--real", type=Path)
    parse.add_argument("--most", type=int, default=8)
    parse.add_argument("--skip", type=int, default=0)
    parse.add_argument("--seed", type=int, default=1)
    given = parse.parse_args()
    settings = settings_of(None, None, None, None, None, "2024-02-01")
    samples = json.loads((ROOT / "reports_in/truth.json").read_text("utf-8"))
    totals = [0, 0, 0]
    with tempfile.TemporaryDirectory() as place:
        names = [n for n in samples if n.endswith(".docx") and samples[n].get("cells")]
        paths = [ROOT / "reports_in" / name for name in names[given.skip : given.skip + given.most]]
        jobs = [(n, pdf, samples[n]["cells"]) for n, pdf in printed(paths, Path(place))]
    if given.real:
        truth = json.loads((given.real / "truth.json").read_text("utf-8"))
        jobs += [
            (name, (given.real / name).read_bytes(), told["cells"])
            for name, told in truth.items()
            if name.endswith(".pdf")
        ]
    for number, (name, pdf, cells) in enumerate(jobs):
        for n, count in enumerate(measure(name, pdf, cells, given.seed + number, settings)[:3]):
            totals[n] += count
    right, wrong, unread = totals
    print(f"all: {right} right, {wrong} wrong, {unread} open of {sum(totals)}")


if __name__ == "__main__":
    main()
