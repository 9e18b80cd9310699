"""One audit on its way into the tables: from memory, or as it lies in a pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditor import __version__
from auditor.corpus.judged import Order, audit_value, order_of
from auditor.corpus.plain import decode, report_of
from auditor.form import Form
from auditor.model import Audit, Report, RuleReference
from auditor.pipeline import Bound, Settings, form_of, reference_of


@dataclass(frozen=True, slots=True)
class Audited:
    """One audit as it is turned into columns: `value` as `judged.audit_plain` made it."""

    number: int
    report: Report
    value: tuple[Any, ...]
    order: Order
    rules: RuleReference
    form: Form
    engine: str
    as_of: str
    copies: tuple[str, ...] = ()


def audited_of(number: int, audit: Audit, settings: Settings) -> Audited:
    """An audit that is in memory."""
    order = Order(tuple(r.rule for r in audit.results), tuple(r.severity for r in audit.results))
    form = form_of(audit.report, settings)
    return Audited(
        number, audit.report, audit_value(audit, order), order, audit.rules, form, audit.engine,
        audit.as_of, audit.duplicates,
    )  # fmt: skip


def audited_lying(
    number: int, bound: Bound, value: tuple[Any, ...], copies: tuple[str, ...], settings: Settings
) -> Audited:
    """An audit that lies in a pack as `value`, without opening it."""
    *_, masked, shown = value
    report = bound.report if masked is None else report_of(masked)
    form = form_of(bound.report, settings)
    rules = settings.at(bound.report.period).rules
    order = order_of(rules, form, bound.report.period)
    more = len(value[0][0]) > len(order.rules)
    reference = reference_of(rules, form, bound.report.period, more)
    return Audited(
        number, report, value, order, reference if shown is None else decode(shown), form,
        __version__, settings.as_of, copies,
    )  # fmt: skip
