"""How long the PDF reader takes, beside pdfium's own text extraction and pdfplumber's tables.

Usage: python benchmarks/readers_pdf.py FILE … ; the medians of one interleaved run, so that a
busy machine slows all of them alike. pdfplumber is left out where it is not installed.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2

from auditor.readers import read

ROUNDS = 9


def extracted(data: bytes) -> None:
    """The cheapest way to touch every character: pdfium's own text."""
    pdf = pypdfium2.PdfDocument(data)
    for index in range(len(pdf)):
        page = pdf[index]
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    pdf.close()


def plumbed(data: bytes) -> None:
    """pdfplumber's tables."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_tables()


def timed(work: Callable[[bytes], None], data: bytes) -> float:
    """Milliseconds of processor time of one run: other programs do not count."""
    start = time.process_time()
    work(data)
    return (time.process_time() - start) * 1e3


def main() -> None:
    """Print the table."""
    works: dict[str, Callable[[bytes], None]] = {
        "read": lambda data: (read("a.pdf", data=data), None)[1],
        "text": extracted,
    }
    try:
        import pdfplumber  # noqa: F401
    except ImportError:
        print("pdfplumber is not installed: left out")
    else:
        works["pdfplumber"] = plumbed
    print(f"{'read ms':>9}{'text ms':>9}{'ratio':>7}{'pdfplumber':>12}{'faster':>8}  file")
    for path in map(Path, sys.argv[1:]):
        data = path.read_bytes()
        found: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(ROUNDS):
            for name, work in works.items():
                found[name].append(timed(work, data))
        middle = {name: statistics.median(times[1:]) for name, times in found.items()}
        own, text, other = middle["read"], middle["text"], middle.get("pdfplumber", 0.0)
        ratio = f"{own / text:>7.2f}{other:>12.1f}{other / own:>8.1f}"
        print(f"{own:>9.1f}{text:>9.1f}{ratio}  {path.name}")


if __name__ == "__main__":
    main()
