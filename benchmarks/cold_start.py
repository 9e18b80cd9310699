"""CPU time of whole commands from cold, beside a bare interpreter in the same run.

The first run of each, which compiles modules and checks the rules, is not counted.

Usage: python benchmarks/cold_start.py [RUNS]. Commands take turns, so that a machine that gets
slower gets slower for all of them. Targets: --help 0.12 s, JSON 0.18 s, screen 0.25 s of CPU.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "reports_in" / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"


def cpu_seconds(command: list[str], folder: str) -> float:
    """User and system time of one run, as the operating system accounts it.

    Modules are compiled once, as an installed package's are, into a folder of the benchmark.
    """
    own = {"PYTHONPYCACHEPREFIX": folder, "AUDITOR_CACHE": f"{folder}/cache"}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | own
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    json.loads(REPORT.read_text(encoding="utf-8"))
    python, auditor = sys.executable, [sys.executable, "-m", "auditor"]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        commands = {
            "bare interpreter": ([python, "-c", "pass"], None),
            "auditor --help": ([*auditor, "--help"], 0.12),
            "one JSON report → json": ([*auditor, "audit", str(REPORT), "-f", "json"], 0.18),
            "one JSON report → screen": ([*auditor, "audit", str(REPORT)], 0.25),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(runs + 1):
            for name, (command, _) in commands.items():
                seconds = cpu_seconds(command, folder)
                if run:
                    times[name].append(seconds)
    print(f"{'command':<28}{'median CPU s':>14}{'min':>8}{'target':>8}   ({runs} runs)")
    for name, (_, target) in commands.items():
        median, least = statistics.median(times[name]), min(times[name])
        print(f"{name:<28}{median:>14.3f}{least:>8.3f}{target or '':>8}")


if __name__ == "__main__":
    main()
