"""The same run on this machine and on a cluster of workers over TCP, one of them killed meanwhile.

Usage: python benchmarks/cluster.py [COUNT] [WORKERS] [LOSSES]   (20000 documents, 2 workers, 2)

Synthetic reports (synthetic.py) are audited by the local pool and by a Dask scheduler with as many
workers on this machine, in one go: all tables of the two runs must be the same. In the middle of
the cluster's reading and again of its judging a worker is lost with its nanny, and another joins
(LOSSES 0: none; the CPU of what is killed is not counted, so the overhead is best told without).
Told are the seconds and the seconds of CPU of all processes, and the overhead of the cluster for
each document; the start of the cluster is told by itself.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import duckdb

from benchmarks.synthetic import write
from tests.machines import Machines

TABLES = ("grades", "findings", "results", "cells")


def cpu() -> float:
    """Seconds of CPU of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def begun(place: Path, name: str, *options: str) -> subprocess.Popen[bytes]:
    """A run over the reports."""
    command = [sys.executable, "-m", "auditor", "audit", "reports", "--as-of", "2024-02-01",
               "-f", f"parquet={name}", "--no-cache", "--quiet", *options]  # fmt: skip
    return subprocess.Popen(command, cwd=place, stderr=subprocess.DEVNULL)


def journal(place: Path, step: str) -> int:
    """The packs of a step that the run has taken in."""
    lines = [line for path in (place / "cache" / "runs").glob("*/done.jsonl")
             for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]  # fmt: skip
    return sum(json.loads(line)["step"].startswith(step) for line in lines)


def lose_one(machines: Machines, place: Path, step: str, run: subprocess.Popen[bytes]) -> bool:
    """A worker is lost while a step is on, and another joins."""
    while run.poll() is None and journal(place, step) < 3:
        time.sleep(0.2)
    if run.poll() is not None:
        return False
    machines.lose_machine()
    time.sleep(1)
    machines.hire(1)
    return True


def rows(place: Path, one: str, other: str) -> tuple[int, int, int]:
    """Reports of the second run, different ones, and rows that only one of the two runs has."""
    db = duckdb.connect()
    found = f"read_parquet('{place / other / 'grades.parquet'}')"
    count, different = db.execute(
        f"SELECT count(*), count(DISTINCT report) FROM {found}"
    ).fetchone()
    differing = 0
    for table in TABLES:
        a, b = (f"FROM read_parquet('{place / run / table}.parquet')" for run in (one, other))
        for left, right in ((a, b), (b, a)):
            found = db.execute(f"SELECT count(*) FROM ({left} EXCEPT ALL {right})").fetchone()
            differing += found[0]
    return count, different, differing


def main(count: int, workers: int, losses: int) -> None:
    """Both runs, told in one table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write(place / "reports", count)
        os.environ["AUDITOR_CACHE"] = str(place / "cache")
        (place / "one.txt").write_text("一", encoding="utf-8")  # the rules are checked once
        subprocess.run([sys.executable, "-m", "auditor", "audit", place / "one.txt"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        before, since = cpu(), time.monotonic()
        begun(place, "local", "--jobs", str(workers)).wait()
        local = cpu() - before, time.monotonic() - since

        before = cpu()
        with Machines(place, {}) as machines:
            machines.hire(workers)
            time.sleep(8)
        start = cpu() - before

        before = cpu()
        with Machines(place, {}) as machines:
            machines.hire(workers)
            time.sleep(8)
            since = time.monotonic()
            run = begun(place, "cluster", "--cluster", machines.url)
            lost = [lose_one(machines, place, step, run) for step in ("read", "judge")[:losses]]
            status = run.wait()
            seconds = time.monotonic() - since
        cluster = cpu() - before, seconds
        reports, different, differing = rows(place, "local", "cluster")

    print(f"{count} documents, {workers} workers, {sum(lost)} lost, exit status {status}")
    print(f"reports {reports}, different {different}, rows that differ {differing}")
    for name, (used, took) in (("local pool", local), ("cluster", cluster)):
        print(
            f"{name:12} {took:8.1f} s   {used:8.1f} s CPU   {1000 * used / count:6.2f} ms CPU each"
        )
    print(f"start of the cluster {start:.1f} s CPU")
    each = 1000 * (cluster[0] - start - local[0]) / count
    print(f"overhead for each document {each:.2f} ms CPU (the pieces begun twice included)")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [20_000, 2, 2][len(given) :]))  # type: ignore[arg-type]
