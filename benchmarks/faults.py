"""Files that are broken or hostile: the verdict on each, seconds, and the most memory it took.

Usage: python -m benchmarks.faults [WORD]: those whose name holds the word, else all. Each is
audited alone, then all together beside a good report, which must still be judged.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from time import monotonic, sleep
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.papers import document_xml, docx, p, packed, tbl, tc  # noqa: E402
from tests.pdf_writer import Page, write  # noqa: E402
from tests.test_pdf import ENCRYPTED  # noqa: E402
from tests.test_readers_archive import entity  # noqa: E402

GOOD = "示例县市场监督管理局2023年政府信息公开工作年度报告.json"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
WORD = docx(p("报告" * 500) * 200)
PDF = write([Page().text(60, 60, "正文")])
DEPTH = 1_000


def bomb() -> bytes:
    """Ten gigabytes of blanks in ten megabytes."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out,
        out.open("word/document.xml", "w", force_zip64=True) as stream,
    ):
        for _ in range(10_000):
            stream.write(b" " * 1_000_000)
    return buffer.getvalue()


def expanding() -> bytes:
    """Nine levels of entities, ten of the one below in each."""
    levels = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "ha">' for n in range(10)
    )
    return packed({"word/document.xml": f"<!DOCTYPE d [{levels}]>" + document_xml(p("&e9;"))})


def external() -> bytes:
    """An entity that stands in another file."""
    outside = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return packed({"word/document.xml": outside + document_xml(p("&x;"))})


def many_objects() -> bytes:
    """A PDF file of a million objects."""
    parts = [PDF[: PDF.rindex(b"xref")]]
    parts += [b"%d 0 obj<</A %d>>endobj\n" % (n, n) for n in range(100, 1_000_100)]
    return b"".join(parts) + PDF[PDF.rindex(b"xref") :]


FAULTS: Mapping[str, Callable[[], bytes]] = {
    "encrypted.pdf": lambda: write([Page().text(60, 60, "正文")], trailer=ENCRYPTED),
    "encrypted.docx": lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
    "truncated.docx": lambda: WORD[: len(WORD) // 2],
    "truncated.pdf": lambda: PDF[: len(PDF) // 2],
    "no bytes.docx": lambda: b"",
    "no text.docx": lambda: docx(p("")),
    "wrong name.pdf": lambda: WORD,
    "200 MB.txt": lambda: "报告\n".encode() * 28_600_000,
    "zip bomb.docx": bomb,
    "entity bomb.docx": expanding,
    "external entity.docx": external,
    "declared entity.docx": lambda: packed({"word/document.xml": entity("utf-8", "utf-8")}),
    "nested tables.html": lambda: b"<table><tr><td>" * DEPTH + b"1",
    "nested tables.docx": lambda: docx(
        "<w:tbl><w:tr><w:tc>" * DEPTH + p("1") + "</w:tc></w:tr></w:tbl>" * DEPTH
    ),
    "nested.json": lambda: b"[" * 100_000,
    "nested.yaml": lambda: b"[" * 100_000,
    "million objects.pdf": many_objects,
    "million rules.pdf": lambda: write([Page().raw("0 0 m 9 9 l S\n" * 1_000_000)]),
    "million letters.pdf": lambda: write([Page().text(60, 60, "一" * 1_000_000)]),
    "10,000 tables.html": lambda: b"<table><tr><td>1<td>2<tr><td>3<td>4</table>" * 10_000,
    "10,000 tables.docx": lambda: docx(tbl(tc("1") + tc("2")) * 10_000),
    "10,000 tables.pdf": lambda: write([
        Page().raw("".join(
            f"{x} {y} 2 2 re S\n" for x in range(0, 500, 5) for y in range(0, 500, 5)
        ))
    ]),
    "million cells.html": lambda: b"<table>" + b"<tr>" + b"<td>1" * 3_900 * 260,
    "endless span.html": lambda: b"<table>" + b"<tr><td rowspan=65534 colspan=1000>1" * 3_000,
}  # fmt: skip


class Run(NamedTuple):
    """What came of a command: its output, exit status, seconds and megabytes."""

    output: str
    status: int
    seconds: float
    memory: float


def audited(*paths: Path) -> Run:
    """An audit in a process of its own; memory as the system tells while it runs."""
    command = [
        sys.executable,
        "-m",
        "auditor",
        "audit",
        *map(str, paths),
        "-f",
        "json",
        "--no-cache",
    ]
    begun, most = monotonic(), 0
    with TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT)
        while process.poll() is None:
            most = max(most, peak(process.pid))
            sleep(0.01)
        spent = monotonic() - begun
        out.seek(0)
        return Run(out.read().decode(), process.returncode, spent, most / 1024)


def peak(process: int) -> int:
    """The most kilobytes that a process ever had; 0 where the system does not tell."""
    try:
        told = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+([0-9]+) kB", told)
    return int(found[1]) if found else 0


def verdict(run: Run) -> str:
    """The kind of the refusal."""
    try:
        found = json.loads(run.output)
    except ValueError:
        return "NO OUTPUT"
    if found.get("faults"):
        return "FAULT"
    kinds = [refusal["kind"] for refusal in found["refused"]]
    return ", ".join(kinds) or f"{len(found['audits'])} audited"


def main() -> int:
    """Print the table."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    bare = audited(ROOT / "reports_in" / GOOD)
    print(f"a good report: {bare.seconds:.1f} s, {bare.memory:.0f} MB")
    print("| file | verdict | exit | seconds | peak MB |\n|---|---|---|---|---|")
    bad = 0
    with TemporaryDirectory() as place:
        folder = Path(place)
        for name, make in FAULTS.items():
            if word in name:
                (folder / name).write_bytes(make())
                run = audited(folder / name)
                told = verdict(run)
                bad += run.status != 3 or told.isupper()
                print(f"| {name} | {told} | {run.status} | {run.seconds:.1f} | {run.memory:.0f} |")
                sys.stdout.flush()
        (folder / GOOD).write_bytes((ROOT / "reports_in" / GOOD).read_bytes())
        run = audited(folder)
        found = json.loads(run.output)
        print(
            f"all together: {len(found['audits'])} audited, {len(found['refused'])} set aside, "
            f"exit {run.status}, {run.seconds:.1f} s"
        )
        bad += len(found["audits"]) != 1
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
