"""Beside other tools: the same thirty sums and the same form, over the same reports, in one run.

Usage: python -m benchmarks.rivals [TOOLS] [REPORTS] [RUNS]

TOOLS is a folder with the other tools; what is not there is installed into it (a venv, an npm
prefix); without it, into a temporary folder. Every run is a process of its own; they take turns,
so that a machine that gets slower gets slower for all. One run of each is not counted. Nothing is
kept between the runs of this project, except, in the line that says so, its checked rules. Whole
audits are JSON with every cell and its place; findings are CSV, which is what the others print.

Why frictionless and not pandera: its checks are data, as rules are here, and it tells one error
for a broken sum; a check of pandera over several columns tells every column of the row.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rivals import ours, theirs
from benchmarks.rivals.material import SCHEMA, Check, common_checks, write
from benchmarks.rivals.score import Score, Told, score
from benchmarks.rivals.tools import Tools, tools, versions

BLANKS = ("zero", "skip", "any")


@dataclass(frozen=True, slots=True)
class Rival:
    """How a tool is run on a folder, and what it then told; `blank` is how it takes blanks."""

    name: str
    blank: str
    command: Callable[[Path, Path], list[str]]
    told: Callable[[Path], Iterable[Told]] | None = None
    marked: int = 0
    prints: bool = False
    keeps: bool = False
    timed: bool = True


def rivals(folder: Path, have: Tools, checks: list[Check]) -> list[Rival]:
    """All that are here."""
    rules, listed = ours.write(folder / "rules", checks), theirs.checks_file(folder, checks)

    def own(reports: Path, output: Path) -> list[str]:
        return ours.command(rules, reports, output, "csv")

    def in_full(reports: Path, output: Path) -> list[str]:
        return ours.command(rules, reports, output, "json")

    found = [
        Rival("this project, whole audits", "", in_full, ours.told),
        Rival("this project, findings", "", own),
        Rival("  the same, rules known", "", own, keeps=True),
    ]
    if have.python:
        scripts = (("jsonschema + Python", "hand_written.py", (SCHEMA, listed)),
                   ("frictionless", "tables_frictionless.py", (listed,)))  # fmt: skip
        found += [_script(name, have.python, script, given, blank)
                  for name, script, given in scripts for blank in BLANKS]  # fmt: skip
    if have.spectral:
        found += [_spectral(have.spectral, folder, checks, blank) for blank in BLANKS]
    return found


def _script(name: str, python: str, script: str, given: tuple[Path, ...], blank: str) -> Rival:
    def command(reports: Path, output: Path) -> list[str]:
        return [python, str(theirs.HERE / script), *map(str, given), str(reports), blank]

    marked = theirs.lines_marked(script)
    return Rival(name, blank, command, theirs.told_in_lines, marked, True, timed=blank == "zero")


def _spectral(program: str, folder: Path, checks: list[Check], blank: str) -> Rival:
    rules = theirs.ruleset(folder / f"spectral-{blank}", checks, blank)

    def command(reports: Path, output: Path) -> list[str]:
        asked = [program, "lint", f"{reports}/*.json", "--ruleset", str(rules), "--quiet"]
        return [*asked, "--format", "json", "--output", str(output)]

    marked = theirs.lines_marked("spectral_sums.mjs")
    return Rival("Spectral", blank, command, theirs.told_by_spectral, marked, timed=blank == "zero")


def run(rival: Rival, reports: Path, output: Path, kept: Path) -> tuple[float, float]:
    """Seconds by the clock and of CPU, with those of its own workers."""
    if not rival.keeps:
        shutil.rmtree(kept, ignore_errors=True)
    own = {"PYTHONPYCACHEPREFIX": str(kept.parent / "bytecode"), "AUDITOR_CACHE": str(kept)}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | own
    command = rival.command(reports, output)
    printed, errors = output if rival.prints else kept.parent / "said", kept.parent / "errors"
    with printed.open("wb") as out, errors.open("wb") as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=said, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        raise SystemExit(f"{rival.name} ended with {process.returncode}: {errors.read_text()}")
    return wall, usage.ru_utime + usage.ru_stime


def measured(
    contest: list[Rival], sets: dict[str, Path], work: Path, runs: int
) -> dict[tuple[str, str], tuple[float, float]]:
    """Median seconds by the clock and of CPU, by rival and set of reports."""
    times: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for number in range(runs + 1):
        for rival in (r for r in contest if r.timed):
            for label, reports in sets.items():
                kept = work / ("kept-known" if rival.keeps else "kept-none")
                seconds = run(rival, reports, work / "timed.out", kept)
                if number:
                    times.setdefault((rival.name, label), []).append(seconds)
    return {
        key: (statistics.median(w for w, _ in all_), statistics.median(c for _, c in all_))
        for key, all_ in times.items()
    }


def print_times(times: dict[tuple[str, str], tuple[float, float]], count: int) -> None:
    """The table of seconds, for all reports and for one, and what a report more takes."""
    heads = ("wall s", "CPU s", "one: wall", "one: CPU", "ms CPU a report more")
    print("\n" + " " * 28 + "".join(f"{head:>{len(head) + 3}}" for head in heads))
    for name in dict.fromkeys(name for name, _ in times):
        (wall, cpu), (wall_one, cpu_one) = times[name, "all"], times[name, "one"]
        more = (cpu - cpu_one) / (count - 1) * 1000
        print(f"{name:<28}{wall:>9.2f}{cpu:>8.2f}{wall_one:>12.2f}{cpu_one:>11.2f}{more:>23.2f}")


def print_score(rival: Rival, found: Score) -> None:
    """What a tool told."""
    more = f" ({rival.marked} lines more)" if rival.blank == "any" else ""
    print(f"\n{rival.name}" + (f", a blank is {rival.blank}{more}" if rival.blank else ""))
    print(f"  slips {found.slips}; names the cell {found.places}, with its number {found.numbers},"
          f" as the likeliest {found.likeliest}; false accusations {found.false}")  # fmt: skip
    print(f"  no table: {found.tables}")
    for kind, said in found.blanks.items():
        print(f"  {kind.replace('_', ' ')}: {said}")


def main(folder: Path | None, count: int, runs: int) -> None:
    """Print the tables."""
    checks = common_checks()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        have = tools(folder or work / "tools")
        planted = write(work / "reports", checks, count)
        sets = {"all": work / "reports", "one": work / "one"}
        sets["one"].mkdir()
        first = next(f for f in sorted(sets["all"].iterdir()) if f.name not in planted)
        shutil.copy(first, sets["one"])
        contest = rivals(work, have, checks)
        print(f"{count} reports, {len(checks)} sums, {runs} runs;", *versions(have), sep="\n")
        for rival in contest:
            if rival.told:
                run(rival, sets["all"], work / "told.out", work / "kept-none")
                print_score(rival, score(rival.told(work / "told.out"), planted, checks))
        print_times(measured(contest, sets, work, runs), count)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        Path(given[0]).resolve() if given else None,
        int(given[1]) if len(given) > 1 else 200,
        int(given[2]) if len(given) > 2 else 3,
    )
