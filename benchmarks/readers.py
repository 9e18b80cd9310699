"""How long each reader takes beside the cheapest way to touch the same bytes, and its peak memory.

Usage: python benchmarks/readers.py [FILE …]; by default the project's samples and workbooks made
from them. Medians of CPU time of one interleaved run, so that a busy machine changes little:
HTML against a bare selectolax parse, .docx against unzip and XML parse of document.xml, .xlsx
against python-calamine. PDF has a benchmark of its own (readers_pdf.py).
Memory is what a fresh process takes at its peak beyond one that reads an empty text.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import fromstring

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.readers import read  # noqa: E402

ROUNDS = 15
MOST = {".html": 5.0, ".docx": 3.0, ".xlsx": 2.0}
PEAK = """
import resource, sys
from auditor.readers import read
read(sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def parsed(data: bytes) -> None:
    """A bare parse of a page."""
    from selectolax.lexbor import LexborHTMLParser

    LexborHTMLParser(data)


def unzipped(data: bytes) -> None:
    """The main part of a word-processor file, unzipped and parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        fromstring(opened.read("word/document.xml"))


def calculated(data: bytes) -> None:
    """All values of a workbook."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


CHEAPEST: dict[str, Callable[[bytes], None]] = {
    ".html": parsed, ".docx": unzipped, ".xlsx": calculated,
}  # fmt: skip


def timed(name: str, data: bytes) -> tuple[float, float]:
    """Median milliseconds of the cheapest way and of the reader."""
    cheapest = CHEAPEST[Path(name).suffix.lower()]
    cheap, full = [], []
    for _ in range(ROUNDS):
        start = time.thread_time()
        cheapest(data)
        middle = time.thread_time()
        read(name, data=data)
        cheap.append(middle - start)
        full.append(time.thread_time() - middle)
    return statistics.median(cheap) * 1e3, statistics.median(full) * 1e3


def peak(path: Path) -> int:
    """Kilobytes of memory of a process that reads one file."""
    command = [sys.executable, "-c", PEAK, str(path)]
    return int(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)


def workbooks(folder: Path) -> list[Path]:
    """Workbooks made from some of the samples."""
    from tests.workbooks import workbook

    made = []
    for source in sorted((ROOT / "reports_in").glob("*.docx"))[:3]:
        try:
            document = read(source)
        except Exception:  # noqa: BLE001 - one of the samples is damaged on purpose
            continue
        path = folder / f"{source.stem}.xlsx"
        path.write_bytes(workbook(document, "merged"))
        made.append(path)
    return made


def main() -> None:
    """Print the table."""
    with TemporaryDirectory() as folder:
        given = [Path(a) for a in sys.argv[1:]]
        paths = given or [*sorted((ROOT / "reports_in").iterdir()), *workbooks(Path(folder))]
        empty = Path(folder) / "empty.txt"
        empty.write_text("x", encoding="utf-8")
        base = peak(empty)
        ratios: dict[str, list[float]] = {}
        print(f"{'cheapest ms':>12}{'reader ms':>11}{'ratio':>7}{'KB':>7}{'peak MB':>9}  file")
        for path in paths:
            kind = path.suffix.lower()
            data = path.read_bytes()
            if kind not in CHEAPEST:
                continue
            try:
                cheap, full = timed(path.name, data)
            except Exception as wrong:  # noqa: BLE001 - told in its line
                print(f"{type(wrong).__name__:>30}  {path.name}")
                continue
            ratios.setdefault(kind, []).append(full / cheap)
            more = (peak(path) - base) / 1e3
            size = len(data) / 1e3
            line = f"{cheap:>12.2f}{full:>11.2f}{full / cheap:>7.1f}{size:>7.0f}{more:>9.1f}"
            print(f"{line}  {path.name}")
        for kind, found in ratios.items():
            middle = statistics.median(found)
            print(f"{kind}: median ratio {middle:.1f}, at most {MOST[kind]:.0f} wanted")


if __name__ == "__main__":
    main()
