"""Documents a second through the whole command (read, bind, judge, write), by format.

Usage: python -m benchmarks.documents [--each N] [--jobs N] [--only WORD] [--keep FOLDER]

Reports of invented bodies, each with its own figures and sentences (`synthetic`), written as web
pages, word-processor files and workbooks by the layouts of the tests, and as PDFs by LibreOffice
where it is installed. Each folder of N documents is audited once by the command, without a cache,
into Parquet files; beside it the same command over one document, which is what starting costs.
CPU seconds count all processes; the clock counts what a person waits. "At best" is what the CPU
time of a further document allows where nothing else runs; the peak is that of the largest process.
A PDF has three pages of A4.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.readers import read  # noqa: E402
from benchmarks.synthetic import reports  # noqa: E402
from tests.round_trip import FOREIGN, available, converted  # noqa: E402
from tests.workbooks import workbook  # noqa: E402

import as_docx  # noqa: E402  isort: skip
import as_html  # noqa: E402  isort: skip
from sample import Sample, made  # noqa: E402  isort: skip

Write = Callable[[Sample, int], bytes]


class Run(NamedTuple):
    """What one run of the command took."""

    clock: float
    cpu: float
    memory: float


def sample(name: str, data: Mapping[str, Any]) -> Sample:
    """Report data as what a layout can print."""
    source: dict[str, Any] = {
        "subject": data["subject"]["name"],
        "form": "ogi-2021",
        "period": data["period"],
        "published": date.fromisoformat(data["published"]),
        "opening": data["opening"],
        **{key: data[key]["text"] or "" for key in ("overview", "problems", "others")},
    }
    blank = made(name, source)
    figures = {path: _at(data, path) for path in blank.cells}
    cells = {path: "" if value is None else str(value) for path, value in figures.items()}
    return Sample(name, source, blank.figures, cells)


def _at(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data[key]
    return data


def samples(count: int) -> Iterator[Sample]:
    """So many reports, two of each body; the same count gives the same reports."""
    for name, data in reports(count):
        yield sample(Path(name).stem, data)


def page(one: Sample, number: int) -> bytes:
    """A web page, one of three kinds."""
    return as_html.page(one, ("simple", "cms", "portal")[number % 3])


def paper(one: Sample, number: int) -> bytes:
    """A word-processor file, numbered in one of four ways, compressed as such files are."""
    return _packed(as_docx.document(one, ("styled", "plain", "auto", "direct")[number % 4]))


def _packed(data: bytes) -> bytes:
    import io
    import zipfile

    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as plain,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for entry in plain.infolist():
            archive.writestr(entry, plain.read(entry), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def book(one: Sample, _: int) -> bytes:
    """A workbook of the same tables and texts."""
    return workbook(read("x.docx", data=as_docx.document(one)), "merged")


OWN: Mapping[str, Write] = {".html": page, ".docx": paper, ".xlsx": book}


def write(folder: Path, suffix: str, count: int) -> None:
    """A folder of documents of one format."""
    folder.mkdir(parents=True, exist_ok=True)
    if suffix != ".pdf":
        for number, one in enumerate(samples(count)):
            (folder / f"{one.name}{suffix}").write_bytes(OWN[suffix](one, number))
        return
    papers = {one.name: as_docx.document(one) for one in samples(count)}
    with TemporaryDirectory() as scratch:
        made_by = FOREIGN["pdf: LibreOffice"]
        for name, path in converted(papers, ".docx", made_by, Path(scratch)).items():
            (folder / f"{name}.pdf").write_bytes(path.read_bytes())


def audited(path: Path, jobs: int, out: Path) -> Run:
    """One run of the command."""
    command = [
        sys.executable, "-m", "auditor", "audit", str(path), "--no-cache", "--quiet",
        "--as-of", "2024-06-01", "--jobs", str(jobs), "-f", f"parquet={out}",
    ]  # fmt: skip
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT)
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        raise SystemExit(f"exit {process.returncode}: {said.decode()}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(time.monotonic() - start, cpu, usage.ru_maxrss / 1e3)


def measured(folder: Path, suffix: str, jobs: int, scratch: Path) -> None:
    """One line of the table."""
    documents = sorted(folder.glob(f"*{suffix}"))
    alone = scratch / f"one{suffix}"
    alone.mkdir()
    (alone / documents[0].name).write_bytes(documents[0].read_bytes())
    one = audited(alone, 1, scratch / f"out-one{suffix}")
    all_ = audited(folder, jobs, scratch / f"out{suffix}")
    count = len(documents)
    each = 1e3 * (all_.cpu - one.cpu) / max(1, count - 1)
    kilobytes = sum(path.stat().st_size for path in documents) / count / 1e3
    print(
        f"{suffix:<8}{count:>6}{kilobytes:>8.0f}{one.clock:>9.2f}{all_.clock:>9.2f}"
        f"{all_.cpu:>9.2f}{each:>12.1f}{count / all_.clock:>9.0f}{jobs * 1e3 / each:>10.0f}"
        f"{all_.memory:>9.0f}",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=400, help="documents per format")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="only formats with this word")
    parser.add_argument("--keep", type=Path, help="folder of documents that is used again")
    given = parser.parse_args()
    print(
        f"{'format':<8}{'files':>6}{'KB':>8}{'one s':>9}{'all s':>9}{'CPU s':>9}"
        f"{'ms CPU each':>12}{'a second':>9}{'at best':>10}{'peak MB':>9}"
    )
    with TemporaryDirectory() as scratch:
        base = given.keep or Path(scratch) / "documents"
        for suffix in (*OWN, ".pdf"):
            if given.only not in suffix:
                continue
            if suffix == ".pdf" and available("libreoffice") is None:
                print(f"{suffix:<8}  left out: LibreOffice is not installed")
                continue
            folder = base / suffix.removeprefix(".")
            if not folder.exists():
                write(folder, suffix, given.each if suffix != ".pdf" else given.each // 4)
            measured(folder, suffix, given.jobs, Path(scratch))


if __name__ == "__main__":
    main()
