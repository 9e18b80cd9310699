"""The end of one audit: the points taken off, and who judged."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from auditor.model import Audit, Deduction, Outcome
from auditor.renderers._grouping import counts, waived
from auditor.renderers._terminal.layout import Prose, clean
from auditor.renderers._terminal.view import View, heading, indented, rule_title
from auditor.text import written

NAME = "auditor"


def clean_bill(audit: Audit, view: View) -> Iterator[RenderableType]:
    """For a report without any fault: that all is well, in one line."""
    found = counts(audit)
    if found[Outcome.PASS] and not found[Outcome.FAIL] and not found[Outcome.REVIEW]:
        if found[Outcome.OPEN] or any(waived(result) for result in audit.results):
            return
        text = Text.assemble((" ✓ ", "bold green"))
        yield Text()
        yield Prose(text.append(view.words("clean.all", count=found[Outcome.PASS]), style="bold"))
        rules = [clean(r.rule) for r in audit.results if r.outcome is Outcome.NOT_APPLICABLE]
        if rules:
            words = view.words("clean.not_applicable", count=len(rules), rules=view.join(rules))
            yield indented(Prose(words, "dim"))


def deductions(audit: Audit, view: View) -> Iterator[RenderableType]:
    """Each rule that cost points, and a veto."""
    grade = audit.grade
    if not grade.deductions and not grade.vetoed_by:
        return
    yield Text()
    yield heading(view.words("section.deductions"), "", "bold", view)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True, style="dim")
    points = {item.rule: item for item in grade.deductions}
    for rule in (*points, *(r for r in grade.vetoed_by if r not in points)):
        item = points.get(rule)
        lost = _minus(item.points) if item else ""
        remark = Text(_remark(item, view) if item else "")
        if rule in grade.vetoed_by:
            remark.append(f" {view.words('deduction.vetoed')}", style="not dim bold red")
        table.add_row(Text(clean(rule)), Prose(rule_title(audit, rule, view)), lost, remark)
    if len(grade.deductions) > 1:
        total = sum((abs(d.points) for d in grade.deductions), Decimal(0))
        table.add_row("", view.words("deduction.total"), _minus(total), "", style="bold")
    yield indented(table)


def _remark(item: Deduction, view: View) -> str:
    """Why a rule that fails costs less than it would."""
    if item.same_as:
        return view.words("deduction.same_as", rule=clean(item.same_as))
    return view.words("deduction.capped") if item.capped else ""


def _minus(points: Decimal) -> str:
    return f"-{written(abs(points))}" if points else "0"


def footer(audit: Audit, view: View) -> Iterator[RenderableType]:
    """The rule set, the engine, the date: what is needed to repeat this audit."""
    rules = audit.rules
    parts = [
        view.words("foot.rules", id=rules.id, version=rules.version, digest=rules.digest[:12]),
        audit.engine if audit.engine.startswith(NAME) else f"{NAME} {audit.engine}",
        view.words("foot.as_of", date=audit.as_of),
    ]
    yield Text()
    yield Prose(" · ".join(clean(p) for p in parts if p), "dim")
