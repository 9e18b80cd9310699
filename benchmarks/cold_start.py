"""CPU time of whole commands from cold, beside a bare interpreter in the same run.

The first run of each, which compiles modules and checks the rules, is not counted.

Usage: python benchmarks/cold_start.py [RUNS]. Commands take turns, so that a machine that gets
slower gets slower for all of them. Targets: --help 0.12 s; with the rules on structure, arithmetic
and contradiction, JSON 0.18 s and screen 0.25 s of CPU. With the rules on the text it is told
beside them: they compile some fifty patterns for a report that speaks of many things.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from auditor.rulebook.load import load_rules

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
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def tables_only(folder: str) -> str:
    """A rule set of the default rules without those on text, years, agencies and the rest."""
    shutil.copytree(ROOT / "rules" / "ogi", Path(folder) / "rules" / "ogi")
    rules = load_rules(ROOT / "rules" / "ogi").rules
    others = [rule.id for rule in rules if rule.id[0] not in "SAC"]
    index = {
        "id": "tables", "version": "1.0.0", "title": "tables only", "extends": "ogi",
        "adjust": {name: {"off": True} for name in others},
    }  # fmt: skip
    target = Path(folder) / "rules" / "tables"
    target.mkdir()
    (target / "ruleset.yaml").write_text(json.dumps(index), encoding="utf-8")
    return str(target)


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    json.loads(REPORT.read_text(encoding="utf-8"))
    python, auditor = sys.executable, [sys.executable, "-m", "auditor"]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        few, audit = tables_only(folder), [*auditor, "audit", str(REPORT)]
        commands = {
            "bare interpreter": ([python, "-c", "pass"], None),
            "auditor --help": ([*auditor, "--help"], 0.12),
            "S, A, C: one report → json": ([*audit, "-f", "json", "--rules", few], 0.18),
            "S, A, C: one report → screen": ([*audit, "--rules", few], 0.25),
            "all rules: one report → json": ([*audit, "-f", "json"], None),
            "all rules: one report → screen": (audit, None),
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
