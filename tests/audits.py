"""Audits built in code, as the pipeline would make them: for the tests of the renderers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import Said
from auditor.form import Form
from auditor.model import (
    Audit,
    Basis,
    Batch,
    Broken,
    Change,
    Cluster,
    Coverage,
    Deduction,
    Diagnosis,
    Evidence,
    Finding,
    Grade,
    Location,
    Observation,
    Outcome,
    Refusal,
    Repair,
    Report,
    Result,
    RuleInfo,
    RuleReference,
    Severity,
    Subject,
)
from auditor.schema import load_form

HERE = Path(__file__).parent
TOLD = yaml.safe_load((HERE / "audits.yaml").read_text(encoding="utf-8"))
POINTS = {Severity.FATAL: 40, Severity.MAJOR: 8, Severity.MINOR: 3, Severity.NOTE: 0}
BANDS = (("优", 90), ("良", 75), ("中", 60), ("差", 0))
WORST_FIRST = (Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN)
FILE = "reports_in/示例市民政局-2024.docx"
EVIL = "[/b][red]局\x1b[31m<script>alert(1)</script>\u202e\x07\ud800\x9b31m[link=x]"
Cells = Mapping[str, int | Decimal | None]


def rule_info(key: str, told: Mapping[str, Any]) -> RuleInfo:
    law = Basis(Said(*TOLD["laws"][told["law"]]), sourced=told["law"] != "notes")
    fix = Said(*told["fix"]) if "fix" in told else None
    severity = Severity[told["severity"]]
    return RuleInfo(key, Said(*told["title"]), severity, key[0], (law,), fix)


RULES = {key: rule_info(key, told) for key, told in TOLD["rules"].items()}
REFERENCE = RuleReference("ogi", "2026.1", "5f1c0e9ab2d34c7788", RULES)


# --- a report whose sums hold ----------------------------------------------------------------

FLOWS = {
    "new": (12, 3, 0, 0, 1, 0),
    "carried_in": (2, 0, 0, 0, 0, 0),
    "granted": (6, 2, 0, 0, 0, 0),
    "denied.enforcement_files": (1, 0, 0, 0, 0, 0),
    "unavailable.not_held": (4, 1, 0, 0, 0, 0),
    "not_processed.petition": (2, 0, 0, 0, 1, 0),
    "carried_out": (1, 0, 0, 0, 0, 0),
}


@cache
def form() -> Form:
    """The current official form."""
    return load_form(HERE.parent / "schemas" / "ogi-2021.schema.json")


def columns() -> tuple[str, ...]:
    return tuple(k for k in form().table("applications").column_keys() if k != "total")


def rows() -> list[str]:
    return list(dict.fromkeys(f.row for f in form().table("applications").fields()))


def parts(column: str) -> list[str]:
    """The cells whose sum is the total of a column."""
    others = ("new", "carried_in", "total", "carried_out")
    return [f"{r}.{column}" for r in rows() if r.split(".", 1)[1] not in others]


def number(value: object) -> int:
    return value if isinstance(value, int) else 0


def balanced() -> dict[str, int | Decimal | None]:
    """Every cell of a report whose sums all hold."""
    cells: dict[str, int | Decimal | None] = {f.path: 0 for f in form().required_fields}
    for row, values in FLOWS.items():
        for column, value in zip(columns(), values, strict=True):
            cells[f"applications.{row}.{column}"] = value
    for column in columns():
        cells[f"applications.total.{column}"] = sum(number(cells[p]) for p in parts(column))
    for row in rows():
        cells[f"{row}.total"] = sum(number(cells[f"{row}.{c}"]) for c in columns())
    return cells | {
        "disclosure.licences.decisions": 139,
        "disclosure.fees.amount": Decimal("0.038"),
        "disputes.review.upheld": 1,
        "disputes.review.total": 1,
    }


def report(
    cells: Cells,
    name: str | None = "示例市民政局",
    year: int | None = 2024,
    source: str = FILE,
    unread: Iterable[str] = (),
) -> Report:
    """A report with these cells; those of `unread` are open."""
    lost, fields = set(unread), {f.path: f for f in form().required_fields}
    data: dict[str, Any] = {
        "title": f"{name}{year}年政府信息公开工作年度报告" if name else None,
        "subject": {"name": name, "kind": "department", "level": "city"},
        "period": year,
        "overview": {"heading": "一、总体情况", "text": "全年共收到政府信息公开申请16件。"},
    }
    for path, value in cells.items():
        put(data, path, None if path in lost else value)
    tables = {t.key: [f.path not in lost for f in t.fields()] for t in form().tables}
    shares = {key: (sum(read), len(read)) for key, read in tables.items()}
    where = {p: Location(source, f.label, table=2, row=7, column=3) for p, f in fields.items()}
    return Report(
        form="ogi-2021",
        subject=Subject(name, "department", "city"),
        period=year,
        data=data,
        locations={p: at for p, at in where.items() if p not in lost},
        observations=tuple(
            Observation("unreadable", fields[p].label, where[p], path=p) for p in sorted(lost)
        ),
        coverage=Coverage(len(fields) - len(lost), len(fields), 6, 6, shares),
        source=source,
        published="2025-01-21",
        digest="9a0b" * 16,
    )


def put(data: dict[str, Any], path: str, value: object) -> None:
    *folders, key = path.split(".")
    for folder in folders:
        data = data.setdefault(folder, {})
    data[key] = str(value) if isinstance(value, Decimal) else value


# --- findings --------------------------------------------------------------------------------


def fact(path: str, cells: Cells) -> Evidence:
    at = Location(FILE, form().fields[path].label, table=2, row=7, column=3)
    return Evidence(path, form().said(path), cells[path], location=at)


def sums(cells: Cells) -> dict[str, list[Finding]]:
    """The findings of A01, A02 and A03, with the sums written out."""
    found: dict[str, list[Finding]] = {"A01": [], "A02": [], "A03": []}
    for c in (*columns(), "total"):
        new, carried, total, left = (
            f"applications.{r}.{c}" for r in ("new", "carried_in", "total", "carried_out")
        )
        zh, en = (said.split(" · ") for said in (form().said(total).zh, form().said(total).en))
        column = Said(f"{zh[0]} · {zh[-1]}", f"{en[0]} · {en[-1]}")
        found["A01"] += unequal("A01", column, [new, carried], [total, left], cells)
        found["A02"] += unequal("A02", form().said(total), parts(c), [total], cells)
    for r in rows():
        row = [f"{r}.{c}" for c in columns()]
        found["A03"] += unequal("A03", form().said(r), row, [f"{r}.total"], cells)
    return found


def unequal(
    rule: str, where: Said, left: list[str], right: list[str], cells: Cells
) -> list[Finding]:
    """One finding if the two sums differ."""
    a, b = (sum(number(cells[p]) for p in side) for side in (left, right))
    if a == b:
        return []
    key = f"{rule}:{where.en}"
    return [
        Finding(
            rule,
            Outcome.FAIL,
            Said(f"左边 {a}，右边 {b}，差 {a - b}", f"the left side is {a}, the right side {b}"),
            where,
            tuple(fact(p, cells) for p in (*left, *right)),
            expected=b,
            actual=a,
            difference=a - b,
            working=f"{written_sum(left, cells)} ≠ {written_sum(right, cells)}",
            fingerprint=key,
            value_key=f"{key}={a}",
        )
    ]


def written_sum(paths: list[str], cells: Cells) -> str:
    """As the engine writes sums: long ones without their zeros."""
    values = [number(cells[p]) for p in paths]
    shown = [v for v in values if v] or [0] if len(values) > 3 else values
    text = " + ".join(str(v) for v in shown)
    return text if len(shown) == 1 else f"{text} = {sum(values)}"


def told(cells: Cells) -> dict[str, list[Finding]]:
    """The findings of audits.yaml."""
    found: dict[str, list[Finding]] = {}
    for item in TOLD["findings"]:
        key = f"{item['rule']}:{item['where'][1]}"
        quote = [quoted(item)] if "quote" in item else []
        facts = [fact(path, cells) for path in item.get("facts", ())]
        finding = Finding(
            rule=item["rule"],
            outcome=Outcome[item.get("outcome", "FAIL")],
            message=Said(*item["message"]),
            where=Said(*item["where"]),
            evidence=(*quote, *facts),
            expected=item.get("expected"),
            actual=item.get("actual"),
            exception=Said(*item["exception"]) if "exception" in item else None,
            fingerprint=key,
            value_key=key,
        )
        found.setdefault(item["rule"], []).append(finding)
    return found


def quoted(item: Mapping[str, Any]) -> Evidence:
    at = Location(FILE, page=item.get("page"), span=(3, 9))
    return Evidence(item["path"], Said(*item["label"]), None, location=at, quote=item["quote"])


# --- audits ----------------------------------------------------------------------------------


def audited(about: Report, findings: Mapping[str, list[Finding]], **more: Any) -> Audit:
    """An audit with these findings and a simple grading sheet."""
    results = tuple(result(rule, tuple(findings.get(rule, ()))) for rule in RULES)
    return Audit(about, REFERENCE, results, grade(results), "auditor 0.1.0", "2026-01-31", **more)


def result(rule: str, places: tuple[Finding, ...]) -> Result:
    worst = min((f.outcome for f in places), key=WORST_FIRST.index, default=Outcome.PASS)
    failed, unread = (sum(f.outcome is o for f in places) for o in (Outcome.FAIL, Outcome.OPEN))
    severity = RULES[rule].severity
    if rule == "S12":
        why = Said("只适用于各级人民政府", "for governments only")
        return Result(rule, Outcome.NOT_APPLICABLE, severity, reason=why)
    return Result(rule, worst, severity, places, max(9 - len(places), 0), failed, unread)


def grade(results: tuple[Result, ...]) -> Grade:
    failed = [r for r in results if r.outcome is Outcome.FAIL and POINTS[r.severity]]
    lost = tuple(Deduction(r.rule, Decimal(POINTS[r.severity]), r.rule == "A03") for r in failed)
    score = max(Decimal(100) - sum(d.points for d in lost), Decimal(0))
    veto = tuple(r.rule for r in failed if r.severity is Severity.FATAL)
    letter = "差" if veto else next(word for word, least in BANDS if score >= least)
    total = [r for r in results if r.outcome is not Outcome.NOT_APPLICABLE]
    judged = sum(r.outcome is not Outcome.OPEN for r in total)
    return Grade(letter, score, lost, veto, (judged, len(total)))


def clean() -> Audit:
    cells = balanced()
    return audited(report(cells), sums(cells))


def typo() -> Audit:
    """One wrong total breaks three sums; they are one cluster."""
    path = "applications.total.natural_person"
    cells = balanced() | {path: 31}
    found = sums(cells)
    same = tuple(f.fingerprint for places in found.values() for f in places)
    clusters = (Cluster(same, ((path, form().said(path)),), 18),)
    about = report(cells, "示例区住房和城乡建设局", source="reports_in/示例区住建局-2024.html")
    return audited(about, found, clusters=clusters)


def messy() -> Audit:
    """Faults of every severity, a veto, a review with a lawful reading, open rules."""
    cells = balanced()
    for column, value in zip(columns(), (9, 5, 4, 3, 2, 2), strict=True):
        cells[f"applications.granted.{column}"] = value
    for row in rows()[:20:2]:
        cells[f"{row}.total"] = number(cells[f"{row}.total"]) + 3
    about = report(
        cells,
        "示例县经济技术开发区管理委员会办公室",
        source="reports_in/县/示例县经济技术开发区管理委员会-2024年度报告（报送稿）.docx",
        unread=["disputes.review.pending", "disputes.direct_litigation.pending"],
    )
    return audited(
        about,
        sums(cells) | told(cells),
        overrides=(
            Said("--period 2024", "--period 2024"),
            Said("--kind department", "--kind department"),
        ),
        duplicates=("reports_in/县/示例县经开区.txt",),
    )


def ungraded() -> Audit:
    lost = [f.path for t in form().tables for f in t.fields() if t.key != "disclosure"]
    said = Said("表三未读出", "table three was not read")
    where = Said("表三", "applications")
    found = {
        r: [Finding(r, Outcome.OPEN, said, where, fingerprint=r)] for r in ("A01", "A02", "A03")
    }
    audit = audited(report(balanced(), None, None, "reports_in/扫描件.html", lost), found)
    why = Said(
        "读出的内容不足以评定：10 条规则中只评判了 7 条",
        "too little was read: only 7 of 10 rules were judged",
    )
    return replace(audit, grade=Grade(None, None, (), (), audit.grade.evaluated, why))


def hostile() -> Audit:
    """Names, quotes and paths that try to be markup, escapes or bidi tricks."""
    evil = Said(EVIL, EVIL)
    quote = Evidence("overview.text", evil, None, quote=f"[bold]{EVIL}")
    finding = Finding("S02", Outcome.FAIL, evil, evil, (quote,), waiver=EVIL)
    about = report(balanced(), f"示例{EVIL}", source=f"reports_in/{EVIL}.txt")
    return audited(about, {"S02": [finding]}, overrides=(Said(EVIL, EVIL),), duplicates=(EVIL,))


def refusals() -> tuple[Refusal, ...]:
    return tuple(
        Refusal(source, kind, Said(zh, en), unread=kind == "broken")
        for source, kind, zh, en in TOLD["refused"]
    )


def fault() -> Refusal:
    trace = "Traceback:\n  File \"bind.py\", line 7\n    raise KeyError\nKeyError: 'total'\n"
    said = Said("审核这份文件时程序出错", "the program failed on this file")
    return Refusal("reports_in/怪.docx", "fault", said, unread=True, trace=trace)


def missing() -> tuple[Refusal, ...]:
    """A body without a report, and one of which that is not certain."""
    said = Said("名册所列，未见 2024 年度报告", "on the roster, no report for 2024 at hand")
    doubt = Said(f"{said.zh}；请先核对", f"{said.en}; check")
    return (
        Refusal("示例县档案局", "not-submitted", said),
        Refusal("示例县信访局", "not-submitted", doubt, unread=True),
    )


def folder(more: int = 0) -> Batch:
    """One audit of each sort, a year before, `more` clean ones, files set aside, a fault."""
    one = clean()
    before = replace(one.report, period=2023, source="reports_in/示例市民政局-2023.docx")
    others = (
        replace(one.report, subject=Subject(f"示例镇{n:03}人民政府"), source=f"reports_in/{n}.docx")
        for n in range(more)
    )
    cleans = tuple(replace(one, report=r) for r in (before, *others))
    audits = (one, *cleans, messy(), typo(), ungraded())
    return Batch(audits, refusals(), (fault(),))


def diagnosis() -> Diagnosis:
    """One cell that explains a failing sum, from a search that was cut off."""
    label = Said("表三 · 办理总计 · 自然人", "applications · total · natural person")
    change = Change("applications.total.natural_person", label, 31, 13, "digits-transposed")
    broken = Broken("A02", "natural_person", Said("表三 · 自然人列", "natural person"), 18)
    repair = Repair((change,), "digits-transposed", "likely")
    return Diagnosis((broken,), (repair,), 1, complete=False, ask=change)
