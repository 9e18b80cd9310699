"""Audits → columns: arrays and lists of one part of a run, ready to be written.

Built from what lies on disk, without making audits of it: results are codes there already.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from auditor.corpus.columns.audited import Audited
from auditor.corpus.columns.tables import TABLES
from auditor.corpus.judged import OUTCOMES
from auditor.corpus.plain import decode
from auditor.form import Form
from auditor.model import Finding, Outcome, Refusal, Report, Result, RuleReference, Severity
from auditor.text import written

if TYPE_CHECKING:
    import numpy as np

    Ints = np.ndarray[Any, np.dtype[np.int32]]

STATES = ("read", "blank", "unread", "inferred")
_READ, _BLANK, _UNREAD, _INFERRED = range(len(STATES))
AUDITED = "audited"


@dataclass
class Part:
    """The columns of some audits. `rules` and `paths` are what the numbers in the arrays mean.

    Where the table of cells is there already, `of_cells` is False and none are taken in.
    """

    lang: str
    of_cells: bool = True
    grades: dict[str, list[Any]] = field(
        default_factory=lambda: {c.name: [] for c in TABLES["grades"]}
    )
    findings: dict[str, list[Any]] = field(
        default_factory=lambda: {c.name: [] for c in TABLES["findings"]}
    )
    rules: dict[tuple[str, str, str], int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    paths: dict[tuple[str, str, str], int] = field(default_factory=dict)
    results: list[tuple[int, Ints, bytes, Ints, Ints]] = field(default_factory=list)
    odd: list[tuple[int, int, int, int]] = field(default_factory=list)
    cells: list[tuple[int, Ints, Any, Any]] = field(default_factory=list)
    amounts: list[tuple[int, int, str | None, int]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many reports."""
        return len(self.results)

    def add(self, one: Audited) -> None:
        """Take in one audit."""
        counts = self._results(one)
        self._grade(one, counts)
        if self.of_cells:
            self._cells(one)

    def results_made_of(self) -> Iterator[object]:
        """All that the rows of the results are made of, as plain values."""
        yield from (self.grades[name] for name in ("report", "subject", "period"))
        yield from (list(self.rules), list(self.reasons), self.odd)
        for number, rules, codes, passed, why in self.results:
            yield from (number, rules.tobytes(), codes, passed.tobytes(), why.tobytes())

    def add_refusal(self, number: int, refusal: Refusal) -> None:
        """Take in a file that was not audited: it must not be missing from the tables."""
        row = {"report": number, "source": refusal.source, "state": refusal.kind,
               "unread": refusal.unread, "reason": refusal.said.inside(self.lang)}  # fmt: skip
        _append(self.grades, row)

    # ---- results and findings ------------------------------------------------------------------

    def _results(self, one: Audited) -> dict[Outcome, int]:
        """The results; how many rules came to each outcome."""
        import numpy as np

        codes, passed, why, said, odd = one.value[0]
        numbers = self._rule_numbers(one, codes, odd)
        reasons = np.array([-1, *(self._reason(r) for r in said)], dtype=np.int32)
        counts = array("I")
        counts.frombytes(passed)
        which = reasons[np.frombuffer(why, dtype=np.uint8)]
        at = len(self.results)
        self.results.append((one.number, numbers, codes, np.array(counts, dtype=np.int32), which))
        for place, value in odd.items():
            result: Result = decode(value)
            self.odd.append((at, place, result.failed, result.open))
            for finding in result.findings:
                self._finding(one, result, finding)
        found = np.bincount(np.frombuffer(codes, dtype=np.uint8), minlength=len(OUTCOMES))
        return {outcome: int(found[n]) for n, outcome in enumerate(OUTCOMES)}

    def _rule_numbers(self, one: Audited, codes: bytes, odd: Mapping[int, Any]) -> Ints:
        """The number of each rule of a report, in the order of its results."""
        import numpy as np

        if len(codes) == len(one.order.rules):
            return self._numbered(one)
        named = list(zip(one.order.rules, (s.key for s in one.order.severities), strict=True))
        later = [decode(odd[place]) for place in range(len(named), len(codes))]
        named += [(result.rule, result.severity.key) for result in later]
        return np.array([self._rule(r, s, one.rules) for r, s in named], dtype=np.int32)

    def _numbered(self, one: Audited) -> Ints:
        import numpy as np

        key = (one.order.rules, one.order.severities)
        if key not in self._orders:
            numbers = [
                self._rule(rule, severity.key, one.rules)
                for rule, severity in zip(one.order.rules, one.order.severities, strict=True)
            ]
            self._orders[key] = np.array(numbers, dtype=np.int32)
        return self._orders[key]

    _orders: dict[tuple[Sequence[str], Sequence[Severity]], Ints] = field(default_factory=dict)

    def _rule(self, rule: str, severity: str, rules: RuleReference) -> int:
        info = rules.rules.get(rule)
        return self.rules.setdefault((rule, info.family if info else "", severity), len(self.rules))

    def _reason(self, said: Sequence[str]) -> int:
        text = said[1] if self.lang == "en" else said[0]
        return self.reasons.setdefault(text, len(self.reasons))

    def _finding(self, one: Audited, result: Result, finding: Finding) -> None:
        info = one.rules.rules.get(result.rule)
        first = finding.evidence[0] if finding.evidence else None
        at = next((e.location for e in finding.evidence if e.location is not None), None)
        told: dict[str, Any] = {
            "report": one.number, "source": one.report.source,
            "subject": one.report.subject.name, "period": one.report.period, "rule": result.rule,
            "family": info.family if info else "", "severity": result.severity.key,
            "outcome": finding.outcome.value, "place": finding.where.inside(self.lang),
            "message": finding.message.inside(self.lang), "working": finding.working or None,
            "expected": _text(finding.expected), "actual": _text(finding.actual),
            "difference": _number(finding.difference), "path": first.path if first else None,
            "exception": finding.exception and finding.exception.inside(self.lang),
            "waiver": finding.waiver, "change": finding.change or None,
            "fingerprint": finding.fingerprint, "value_key": finding.value_key,
        }  # fmt: skip
        if at is not None:
            told |= {f"at_{name}": getattr(at, name) for name in ("page", "row", "column", "line")}
        _append(self.findings, told)

    # ---- grades --------------------------------------------------------------------------------

    def _grade(self, one: Audited, counts: Mapping[Outcome, int]) -> None:
        report, cover, rules = one.report, one.report.coverage, one.rules
        grade = decode(one.value[1])
        judged, applicable = grade.evaluated
        _append(self.grades, {
            "report": one.number, "source": report.source, "subject": report.subject.name,
            "period": report.period, "state": AUDITED, "unread": False,
            "reason": grade.reason and grade.reason.inside(self.lang), "form": report.form,
            "kind": report.subject.kind, "level": report.subject.level,
            "published": report.published, "letter": grade.letter, "score": _text(grade.score),
            "vetoed_by": " ".join(grade.vetoed_by) or None, "judged": judged,
            "applicable": applicable, "failed": counts[Outcome.FAIL],
            "review": counts[Outcome.REVIEW], "open": counts[Outcome.OPEN],
            "cells_read": cover.cells_read, "cells_total": cover.cells_total,
            "sections_read": cover.sections_read, "sections_total": cover.sections_total,
            "copies": "\n".join(one.copies) or None, "digest": report.digest,
            "ruleset": f"{rules.id} {rules.version}", "ruleset_digest": rules.digest,
            "engine": one.engine, "as_of": one.as_of,
        })  # fmt: skip

    # ---- cells ---------------------------------------------------------------------------------

    def _cells(self, one: Audited) -> None:
        """Every cell that the form demands, and those of optional rows that are there."""
        import numpy as np

        flat: dict[str, Any] = {}
        _flatten(one.report.data, "", flat)
        counts, amounts = _paths(one.form)
        odd = _states(one.report)
        there = [flat.get(path) for path in counts]
        if None in there:
            may_lack = _optional(one.form) - odd.keys()
            keep = [n for n, p in enumerate(counts) if there[n] is not None or p not in may_lack]
            counts = tuple(counts[n] for n in keep)
            there = [there[n] for n in keep]
        numbers = self._path_numbers(one.form, counts)
        known = np.array([value is not None for value in there], dtype=bool)
        values = np.array([value or 0 for value in there], dtype=np.int64)
        states = np.where(known, _READ, _UNREAD).astype(np.int8)
        for n, path in enumerate(counts) if odd else ():
            states[n] = odd.get(path, states[n])
        self.cells.append((one.number, numbers, states, np.ma.array(values, mask=~known)))
        for path in amounts:
            value = flat.get(path)
            state = odd.get(path, _READ if value is not None else _UNREAD)
            number = self._path(one.form, path)
            self.amounts.append((len(self.cells) - 1, number, _decimal(value), state))

    def _path_numbers(self, form: Form, paths: tuple[str, ...]) -> Ints:
        import numpy as np

        key = (form.id, paths)
        if key not in self._seen:
            self._seen[key] = np.array([self._path(form, p) for p in paths], dtype=np.int32)
        return self._seen[key]

    _seen: dict[tuple[str, tuple[str, ...]], Ints] = field(default_factory=dict)

    def _path(self, form: Form, path: str) -> int:
        cell = form.fields[path]
        return self.paths.setdefault((cell.table, path, cell.label), len(self.paths))


@lru_cache(maxsize=16)
def _paths(form: Form) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cells that hold counts, and those that hold amounts."""
    amounts = {cell.path for cell in form.amounts}
    return (
        tuple(path for path in form.fields if path not in amounts),
        tuple(path for path in form.fields if path in amounts),
    )


@lru_cache(maxsize=16)
def _optional(form: Form) -> frozenset[str]:
    """The cells that a complete report need not print."""
    return frozenset(form.fields) - {cell.path for cell in form.required_fields}


def _states(report: Report) -> dict[str, int]:
    """The cells that are not simply read, with their state."""
    kinds = {"blank-cell": _BLANK, "inferred": _INFERRED}
    return {o.path: kinds[o.kind] for o in report.observations if o.kind in kinds}


def _flatten(node: Mapping[str, Any], prefix: str, into: dict[str, Any]) -> None:
    for key, value in node.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", into)
        else:
            into[prefix + key] = value


def _append(columns: dict[str, list[Any]], row: Mapping[str, Any]) -> None:
    for name, column in columns.items():
        column.append(row.get(name))


def _text(value: object) -> str | None:
    return None if value is None else written(value)


def _number(value: object) -> str | None:
    """A number as a decimal text; None for what is no number, or a truth."""
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return written(value) if is_number else None


def _decimal(value: object) -> str | None:
    return value if isinstance(value, str) else None


def parts(audits: Iterable[Audited], lang: str, size: int) -> Iterable[Part]:
    """The audits in parts of so many."""
    part = Part(lang)
    for one in audits:
        part.add(one)
        if part.size >= size:
            yield part
            part = Part(lang)
    if part.size:
        yield part
