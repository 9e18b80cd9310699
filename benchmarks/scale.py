"""Whole commands over a folder of JSON reports: reports a second, and memory at the highest.

Usage: python benchmarks/scale.py [COUNT] [JOBS] [OUTPUT]

COUNT synthetic reports (2,000 by default) of two years are written to a temporary folder and
audited by the command as a user types it, all rules, from cold: with nothing kept; with one
process; again unchanged; after the edit of one rule's message; of one rule's sum, which all
diagnoses rest on; and without the cache. OUTPUT is the format
written (`csv` by default, `parquet`, `terminal`). Memory is the sum of the resident sets of the
command and its workers, read every fifth of a second.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.synthetic import write  # noqa: E402

AS_OF = "2024-02-01"
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    output = sys.argv[3] if len(sys.argv) > 3 else "csv"
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        write(place / "reports", count)
        rules = place / "rules" / "ogi"
        shutil.copytree(ROOT / "rules" / "ogi", rules)
        print(f"{count} reports, {jobs} processes, output {output}")
        print(f"{'':<28}{'seconds':>9}{'CPU s':>9}{'reports/s':>11}{'peak MB':>9}")
        row("from cold, nothing kept", place, count, jobs, output)
        row("unchanged", place, count, jobs, output)
        edit(rules, *WORDS)
        row("a rule's words changed", place, count, jobs, output)
        edit(rules, *SUM)
        row("a rule's sum changed", place, count, jobs, output)
        row("without the cache", place, count, jobs, output, "--no-cache")
        row("without it, one process", place, count, 1, output, "--no-cache")


def row(label: str, place: Path, count: int, jobs: int, output: str, *more: str) -> None:
    """Run the command once and print what it took."""
    target = place / "out"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    written = () if output == "terminal" else ("-f", f"{output}={target / 'out'}")
    command = [
        sys.executable, "-m", "auditor", "audit", str(place / "reports"), "--quiet",
        "--rules", str(place / "rules" / "ogi"), "--as-of", AS_OF, "--jobs", str(jobs),
        *written, *more,
    ]  # fmt: skip
    environment = {**os.environ, "AUDITOR_CACHE": str(place / "cache")}
    before, start = os.times(), time.perf_counter()
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT
    )
    peak = [0]
    watcher = Thread(target=watch, args=(running, peak), daemon=True)
    watcher.start()
    _, told = running.communicate()
    seconds, after = time.perf_counter() - start, os.times()
    watcher.join()
    assert running.returncode in (0, 1, 3), told.decode()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    print(
        f"{label:<28}{seconds:>9.2f}{spent:>9.2f}{count / seconds:>11,.0f}{peak[0] / 1e6:>9,.0f}",
        flush=True,
    )


WORDS = ("zh: 新收 {本年新收} + 上年结转", "zh: 收到 {本年新收} + 上年结转")
SUM = ("  应当: 本年新收 + 上年结转 = 办理总计 + 结转下年",
       "  应当: 上年结转 + 本年新收 = 结转下年 + 办理总计")  # fmt: skip


def edit(rules: Path, old: str, new: str) -> None:
    """Change one place of the rules on sums."""
    file = rules / "arithmetic.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, text.count(old)
    file.write_text(text.replace(old, new), encoding="utf-8")


def watch(running: subprocess.Popen[bytes], peak: list[int]) -> None:
    """Keep the highest sum of resident memory of a process and its descendants."""
    while running.poll() is None:
        peak[0] = max(peak[0], sum(resident(pid) for pid in family(running.pid)))
        time.sleep(0.2)


def family(pid: int) -> list[int]:
    """A process and its descendants, where the system tells (Linux)."""
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += family(int(child))
    except OSError:
        pass
    return found


def resident(pid: int) -> int:
    """Bytes of resident memory of its own; 0 where that cannot be told."""
    try:
        own = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(own[1]) - int(own[2])) * _PAGE


if __name__ == "__main__":
    main()
