"""One report for its page: the original's texts and tables, the findings and their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from auditor.errors import Said
from auditor.form import Form, TableForm
from auditor.model import Audit, Cluster, Diagnosis, Evidence, Finding, Location
from auditor.observations import OBSERVATIONS
from auditor.renderers import _diagnosis as told
from auditor.renderers._grid import Grid, lay_out
from auditor.renderers._grouping import ORDER, Block, blocks, compared, is_sum
from auditor.renderers._html.places import Places, runs, texts_of
from auditor.renderers.words import Words, load

STATES = {"read": "r", "blank": "b", "open": "o", "inferred": "i"}
_WHERE = ("page", "table", "row", "column", "line")
Detail = dict[str, Any]


def detail(audit: Audit, form: Form | None, grids: Grids) -> Detail:
    """Everything that the page of one report shows."""
    report = audit.report
    places = Places(texts_of(audit), form)
    groups = (*blocks(audit), *_waived(audit))
    findings = [f for block in groups for f in block.findings]
    numbers = {id(f): n for n, f in enumerate(findings)}
    entries = [_finding(f, places, form) for f in findings]
    return {
        "digest": report.digest,
        "published": report.published,
        "blocks": [_block(b, numbers) for b in groups],
        "findings": entries,
        "head": list(_head(places, form)),
        "sections": list(_sections(audit, form, places, grids)),
        "cells": _cells(audit, form),
        "coverage": dict(report.coverage.tables),
        "whole": [report.coverage.sections_read, report.coverage.sections_total],
        "seen": list(_observations(audit)),
        "diagnoses": [_diagnosis(d) for d in audit.diagnoses],
        "derived": [[d.path, d.value] for d in audit.derived],
        "deductions": [
            [d.rule, abs(d.points), d.capped, d.same_as] for d in audit.grade.deductions
        ],
        "past": [[p.state, p.rule, said(p.where), said(p.message)] for p in audit.past],
        "overrides": [said(o) for o in audit.overrides],
        "duplicates": audit.duplicates,
    }


# --- findings --------------------------------------------------------------------------------


def said(text: Said | None) -> list[str] | None:
    """A sentence as [Chinese, English]; one entry where both are the same."""
    if text is None:
        return None
    return [text.zh] if text.zh == text.en else [text.zh, text.en]


def _waived(audit: Audit) -> Iterator[Block]:
    """Waived findings of rules that now pass: they stay in sight."""
    for result in audit.results:
        places = tuple(f for f in result.findings if f.waiver is not None)
        if places and result.outcome not in ORDER:
            yield Block(result.outcome, result.severity, (result.rule,), places)


def _block(block: Block, numbers: Mapping[int, int]) -> Detail:
    found: Detail = {
        "o": block.outcome.value,
        "s": int(block.severity),
        "r": block.rules,
        "f": [numbers[id(f)] for f in block.findings],
    }
    if block.reason is not None:
        found["why"] = said(block.reason)
    if block.cluster is not None:
        found["slip"] = _slip(block.cluster)
    return found


def _slip(cluster: Cluster) -> Detail:
    cells = [[f"c:{path}", *(said(label) or [])] for path, label in cluster.cells]
    return {"cells": cells, "d": cluster.difference}


def _finding(finding: Finding, places: Places, form: Form | None) -> Detail:
    found: Detail = {
        "r": finding.rule,
        "o": finding.outcome.value,
        "m": said(finding.message),
        "w": said(finding.where),
        "at": places.of(finding),
        "e": [_fact(e, form) for e in finding.evidence],
    }
    more = {
        "sum": finding.working if is_sum(finding) else "",
        "work": "" if is_sum(finding) else finding.working,
        "d": finding.difference,
        "bound": compared(finding) == "finding.bound" or None,
        "exp": finding.expected,
        "act": finding.actual,
        "exc": said(finding.exception),
        "waiver": finding.waiver,
        "ch": finding.change,
        "doc": _document_place(finding),
    }
    return found | {key: value for key, value in more.items() if value not in (None, "", [])}


def _fact(fact: Evidence, form: Form | None) -> list[Any]:
    """[path, value, state, quote, last year's?, label where it is not the form's own]."""
    own = form is not None and fact.label == form.said(fact.path)
    value = None if isinstance(fact.value, str) and len(fact.value) > 80 else fact.value
    found = [fact.path, value, STATES.get(fact.state, "r"), fact.quote, int(fact.prior)]
    return found if own else [*found, said(fact.label)]


def _diagnosis(diagnosis: Diagnosis) -> Detail:
    """The sentences in both languages, and the cells of each repair to go to."""

    def both(tell: Callable[[Words], str]) -> list[str] | None:
        return said(Said(tell(load("zh")), tell(load("en"))))

    sole = bool(diagnosis.repairs) and told.is_sole(diagnosis)
    return {
        "broken": both(lambda w: told.broken(diagnosis, w)),
        "head": both(lambda w: told.headline(diagnosis, w)),
        "repairs": [
            {
                "cells": [[c.path, c.read, c.would_be, int(not c.own)] for c in r.cells],
                "text": None if sole else both(partial(told.changes, r)),
                "remark": both(partial(told.remark, r)),
                "band": r.band,
            }
            for r in diagnosis.repairs
        ],
        "foot": both(lambda w: told.assumption(diagnosis, w)),
        "ask": both(lambda w: told.ask(diagnosis, w)) if diagnosis.ask else None,
    }


def _document_place(finding: Finding) -> list[int | None]:
    """Page, table, row, column and line of the first fact that has any."""
    for fact in finding.evidence:
        at = fact.location
        if at is not None and not fact.prior and any(map(at.__getattribute__, _WHERE)):
            return [getattr(at, key) for key in _WHERE]
    return []


# --- the original ----------------------------------------------------------------------------


class Grids:
    """The layouts of all reports, each once: [head, …], addressed by their number."""

    def __init__(self) -> None:
        self.all: list[Detail] = []
        self._known: dict[tuple[str, str, frozenset[str]], int] = {}

    def number(self, form: Form, table: TableForm, undivided: frozenset[str]) -> int:
        """The number of this layout."""
        key = (form.id, table.key, undivided)
        if key not in self._known:
            self._known[key] = len(self.all)
            self.all.append(_grid(lay_out(table, undivided)))
        return self._known[key]


def _grid(grid: Grid) -> Detail:
    rows: list[list[list[Any]]] = [[] for _ in range(grid.rows)]
    for c in grid.cells:
        rows[c.row].append([c.kind[0], c.text, c.path, c.rows, c.columns])
    return {"columns": grid.columns, "rows": rows}


def _head(places: Places, form: Form | None) -> Iterator[list[Any]]:
    """What stands before the sections: [path, label, runs]; the enumerated facts in words."""
    sections = {s.key for s in form.sections} if form else set()
    for path, text in places.texts.items():
        top = path.partition(".")[0]
        if top in sections or (form is None and "." in path):
            continue
        words = form.words_of(path).get(text, text) if form else text
        label = said(form.said(path)) if form else [path]
        yield [path, label, runs(words, places.phrases.get(path, []))]


def _sections(audit: Audit, form: Form | None, places: Places, grids: Grids) -> Iterator[Detail]:
    """The sections in the order of the form: heading, text, table."""
    data, gone = audit.report.data, _gone(audit)
    for section in form.sections if form else ():
        key = section.key
        found: Detail = {"k": key, "n": section.heading.text, "o": section.ordinal}
        for part in ("heading", "text"):
            path = f"{key}.{part}"
            text = places.texts.get(path)
            if text:
                found[part] = runs(text, places.phrases.get(path, []))
        if key in gone or not isinstance(data.get(key), Mapping):
            found["gone"] = gone.get(key, "")
        if section.table and form is not None:
            table = form.table(key)
            found["t"] = table.number
            found["grid"] = grids.number(form, table, _undivided(audit, table))
        yield found


def _gone(audit: Audit) -> dict[str, str]:
    """The sections that are missing or were not read, and the kind of that observation."""
    kinds = ("section-missing", "section-unread", "table-missing", "table-unread")
    return {s.path: s.kind for s in reversed(audit.report.observations) if s.kind in kinds}


def _undivided(audit: Audit, table: TableForm) -> frozenset[str]:
    """The groups that this report printed as one row."""
    kinds = [s.path for s in audit.report.observations if s.kind == "group-undivided"]
    return frozenset(r.group for r in table.rows if r.undivided and r.group in kinds)


def _cells(audit: Audit, form: Form | None) -> Detail:
    """The numbers in the order of the form's fields, their states, and what was printed.

    `v` values, `s` one letter a cell (r b o i), `p` the printed text by number where it differs.
    """
    if form is None:
        return {"v": [], "s": "", "p": {}}
    seen = {s.path: s for s in audit.report.observations if s.path in form.fields}
    values = [_at(audit.report.data, path) for path in form.fields]
    states = [
        _state(value, seen.get(path)) for path, value in zip(form.fields, values, strict=True)
    ]
    printed = {
        n: seen[path].detail
        for n, path in enumerate(form.fields)
        if path in seen and seen[path].detail and seen[path].kind != "inferred"
    }
    return {"v": values, "s": "".join(states), "p": printed}


def _state(value: object, seen: Any) -> str:
    kind = seen.kind if seen is not None else ""
    if value is not None:
        return "i" if kind == "inferred" else "r"
    return "b" if kind == "blank-cell" else "o"


def _at(data: Mapping[str, Any], path: str) -> object:
    node: object = data
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if not isinstance(node, (Mapping, list)) else None


def _observations(audit: Audit) -> Iterator[list[Any]]:
    """What was noticed in reading, equal ones once: [words, label, detail, where]."""
    told = set()
    for seen in audit.report.observations:
        key = (seen.kind, seen.label, seen.detail)
        if key not in told:
            told.add(key)
            words = OBSERVATIONS.get(seen.kind, Said(seen.kind, seen.kind))
            yield [said(words), seen.label, seen.detail, seen.path, _number(seen.location)]


def _number(at: Location) -> list[int | None]:
    return [getattr(at, key) for key in _WHERE]
