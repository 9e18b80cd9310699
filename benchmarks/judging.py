"""Cost per report of gate, facts, rules and JSON on reports that are parsed already.

Usage: python benchmarks/judging.py [TIMES]. Targets: gate and the rules on structure, arithmetic
and contradiction ≤ 0.3 ms per report; all rules ≤ 1 ms.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from auditor.binding import validate
from auditor.model import Audit, Batch, Report
from auditor.pipeline import Bound, Input, Settings, bind_document, form_of, judge, read_document
from auditor.renderers import Options, json
from auditor.rulebook.facts import facts_of
from auditor.rulebook.load import load_rules
from auditor.rulebook.prepare import prepare
from auditor.schema import load_forms

ROOT = Path(__file__).resolve().parent.parent
NAMES = [
    "示例县市场监督管理局2023年政府信息公开工作年度报告.json",
    "示例市示例区人民政府2023年政府信息公开工作年度报告.docx",
    "示例市示例区教育局2023年政府信息公开工作年度报告.docx",
]


def microseconds(call: Callable[[], object], times: int) -> float:
    """The median of several batches, per call."""
    found = []
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(times):
            call()
        found.append((time.perf_counter() - start) / times * 1e6)
    return statistics.median(found)


def row(report: Report, settings: Settings, times: int) -> tuple[float, ...]:
    """Gate, facts, the rules on tables, all rules, JSON of one report."""
    from auditor.judging.evaluate import evaluate

    form = form_of(report, settings)
    facts = facts_of(report, form)
    ready = prepare(settings.rules, form, report.period)
    tables = tuple(r for r in ready if r.rule.id[0] in "SAC")
    audit: Audit = judge(Bound(report), settings)
    batch = Batch((audit,))
    return (
        microseconds(lambda: validate(report, form), times),
        microseconds(lambda: facts_of(report, form), times),
        microseconds(lambda: evaluate(tables, facts), times),
        microseconds(lambda: evaluate(ready, facts), times),
        microseconds(lambda: json.render(batch, Options()), max(1, times // 10)),
    )


def main() -> None:
    """Print the table."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    settings = Settings(load_forms(ROOT / "schemas"), load_rules(ROOT / "rules/ogi"), "2024-02-01")
    heads = ("gate", "facts", "S, A, C", "all rules", "json")
    print(f"{'µs per report':<24}" + "".join(f"{h:>12}" for h in heads))
    for name in NAMES:
        report = bind_document(read_document(Input(ROOT / "reports_in" / name)), settings)
        assert isinstance(report, Report)
        found = row(report, settings, times)
        label = f"{report.coverage.cells_read} cells .{name.rpartition('.')[2]}"
        print(f"{label:<24}" + "".join(f"{f:>12.1f}" for f in found))


if __name__ == "__main__":
    main()
