"""Reports of invented bodies as data, and a folder of them audited in one run."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.corpus import audit_all
from auditor.model import Audit, Batch, Finding, Outcome, Result
from auditor.pipeline import Input, Settings
from tests.conftest import ROOT

SAMPLE = ROOT / "reports_in" / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"


def zeroed(node: Any) -> Any:
    """All counts 0, all amounts "0", texts kept."""
    if isinstance(node, Mapping):
        return {key: zeroed(value) for key, value in node.items()}
    return 0 if isinstance(node, int) else node


def report(name: str, period: int = 2023, **edits: Any) -> dict[str, Any]:
    """A clean report of a body: zeros, but for `edits` (dots written as __)."""
    data = zeroed(json.loads(SAMPLE.read_text(encoding="utf-8")))
    data["disclosure"]["fees"]["amount"] = "0"
    data |= {"period": period, "published": f"{period + 1}-01-20"}
    data["subject"] = {"name": name, "kind": "department", "level": "county"}
    data["title"] = f"{name}{period}年政府信息公开工作年度报告"
    data["covers"] = {"from": f"{period}-01-01", "to": f"{period}-12-31"}
    data["overview"]["text"] = "主动公开、依申请公开、政府信息管理、平台建设、监督保障情况。"
    data["problems"]["text"] = "存在的主要问题是更新不及时。改进情况：已经补齐。"
    data["others"]["text"] = "没有其他需要报告的事项。"
    data["opening"] = f"现公布{name}{period}年年度报告。"
    for path, value in edits.items():
        put(data, path.split("__"), value)
    return data


def put(data: dict[str, Any], way: Sequence[str], value: Any) -> None:
    for part in way[:-1]:
        data = data[part]
    data[way[-1]] = value


def audit(place: Path, settings: Settings, *reports: Mapping[str, Any], **more: Any) -> Batch:
    """The reports written into a folder and audited together."""
    place.mkdir(exist_ok=True)
    items = []
    for number, data in enumerate(reports):
        path = place / f"{number:03}.json"
        path.write_text(json.dumps(copy.deepcopy(data), ensure_ascii=False), encoding="utf-8")
        items.append(Input(path))
    batch = audit_all(items, replace(settings, **more))
    assert not batch.faults, batch.faults[0].trace
    return batch


def of(batch: Batch, name: str, period: int = 2023) -> Audit:
    """The audit of one body's report."""
    [found] = [
        a for a in batch.audits if a.report.subject.name == name and a.report.period == period
    ]
    return found


def result(audit: Audit, rule: str) -> Result:
    [found] = [r for r in audit.results if r.rule == rule]
    return found


def findings(audit: Audit, rule: str) -> tuple[Finding, ...]:
    return result(audit, rule).findings


def outcome(audit: Audit, rule: str) -> Outcome:
    return result(audit, rule).outcome
