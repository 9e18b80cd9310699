"""This project: a rule set of exactly those sums, written to a folder, for `auditor audit`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.rivals.material import Check
from benchmarks.rivals.score import Told


def write(folder: Path, checks: list[Check]) -> Path:
    """A rule set with one entry a sum, and one for what the schema requires."""
    folder.mkdir()
    index = {
        "id": "rivals", "version": "1.0.0", "forms": ["ogi-2021"],
        "title": {"zh": "比较用规则", "en": "Rules for a comparison"},
        "families": {"B": {"zh": "比较", "en": "Comparison"}},
        "citations": {"form": {"zh": "年度报告格式", "en": "The form of the annual report"}},
    }  # fmt: skip
    entries = [_part(), *(_sum(check) for check in checks)]
    (folder / "ruleset.yaml").write_text(json.dumps(index), encoding="utf-8")
    (folder / "sums.yaml").write_text(json.dumps(entries), encoding="utf-8")
    return folder


def _part() -> dict[str, Any]:
    return {
        "id": "B00", "title": {"zh": "各部分齐全", "en": "All parts are there"},
        "severity": "major", "basis": ["form"],
        "observe": {"kinds": "section-missing", "open": "section-unread"},
        "message": {"zh": "缺少 {place}", "en": "missing: {place}"},
        "fix": {"zh": "补齐。", "en": "Add it."},
        "examples": {
            "pass": [{}],
            "fail": [{"observed": {"kind": "section-missing", "path": "disputes"}}],
        },
    }  # fmt: skip


def _sum(check: Check) -> dict[str, Any]:
    left, right = " + ".join(check.left), " + ".join(check.right)
    return {
        "id": check.id, "title": {"zh": f"勾稽 {check.id}", "en": f"Sum {check.id}"},
        "severity": "major", "basis": ["form"],
        "assert": f"{left} = {right}",
        "message": {"zh": f"{{{left}}} ≠ {{{right}}}", "en": f"{{{left}}} ≠ {{{right}}}"},
        "fix": {"zh": "核对各格。", "en": "Check the cells."},
        "examples": {"pass": [{}], "fail": [{check.left[0]: 1}]},
    }  # fmt: skip


def command(rules: Path, folder: Path, output: Path, form: str) -> list[str]:
    """As a user would run it; results of a run before are not used."""
    audit = [sys.executable, "-m", "auditor", "audit", str(folder), "--rules", str(rules)]
    return [*audit, "-f", f"{form}={output}", "--no-cache", "--quiet"]


def told(output: Path) -> Iterator[Told]:
    """Findings of every report, failed or open, with the cells that they show."""
    for audit in json.loads(output.read_text(encoding="utf-8"))["audits"]:
        file = Path(audit["report"]["source"]).name
        likeliest = [repair["cells"] for repair in audit["repairs"][:1]]
        named = tuple(cell["path"] for cells in likeliest for cell in cells)
        for result in audit["results"]:
            for finding in result["findings"]:
                seen = (f"{e['path']} ({e['value']})" for e in finding.get("evidence", ()))
                text = " ".join((finding["message"]["en"], *seen))
                yield Told(file, result["rule"], text, finding["outcome"] == "open", named)
