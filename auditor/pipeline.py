"""The journey of a document: read, bind, judge. A folder is the same for each of its files."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from auditor import __version__
from auditor.binding import bind, validate
from auditor.errors import DocumentError, Said, UsageError
from auditor.form import Form
from auditor.gather import Input, corrections_of, inputs
from auditor.judging.evaluate import evaluate
from auditor.judging.fold import fold
from auditor.judging.grade import grade
from auditor.model import Audit, Batch, Document, Refusal, Report, RuleReference
from auditor.readers import prepare as prepare_files
from auditor.readers import read
from auditor.rulebook.facts import Facts, facts_of
from auditor.rulebook.prepare import identities, prepare
from auditor.rulebook.rule import RuleSet


@dataclass(frozen=True)
class Settings:
    """What a run needs besides the documents. `overrides` says in words what was overridden."""

    forms: tuple[Form, ...]
    rules: RuleSet
    as_of: str
    form: str | None = None
    period: int | None = None
    kind: str | None = None
    overrides: tuple[str, ...] = ()


def read_document(item: Input) -> Document:
    """Bytes → Document. Raises DocumentError."""
    document = read(item.path, data=item.content(), load_yaml=_load_yaml)
    return replace(document, source=item.name)


def _load_yaml(text: str) -> object:
    """The strict YAML loader, imported only when a document is YAML."""
    from auditor.rulebook.source import load_yaml

    return load_yaml(text)


def bind_document(document: Document, settings: Settings) -> Report | Refusal:
    """Document → Report, or the verdict that it is none."""
    return bind(
        document,
        settings.forms,
        lambda form: identities(settings.rules, form),
        form=settings.form,
        period=settings.period,
        kind=settings.kind,
    )


def form_of(report: Report, settings: Settings) -> Form:
    """The form that the report was bound to."""
    return next(form for form in settings.forms if form.id == report.form)


def facts_for(report: Report, settings: Settings) -> Facts:
    """Report → Facts: what the rules may see."""
    form = form_of(report, settings)
    refused = validate(report, form)
    if refused:
        # The binder wrote what its own schema refuses: never the document's fault.
        raise AssertionError("; ".join(said.en for said in refused))
    return facts_of(report, form)


def corrected(report: Report, item: Input, settings: Settings) -> tuple[Report, tuple[str, ...]]:
    """The report with the corrections kept beside its file, and what they override."""
    path = corrections_of(item)
    if path is None:
        return report, ()
    from auditor.corrections import apply

    return apply(report, form_of(report, settings), path)


def judge(report: Report, settings: Settings, overrides: tuple[str, ...] = ()) -> Audit:
    """Report → Audit. `overrides` says what was overridden besides the settings."""
    facts = facts_for(report, settings)
    rules = settings.rules
    ready = prepare(rules, facts.form, report.period)
    results = evaluate(ready, facts)
    infos = {r.rule.id: r.rule.info() for r in ready}
    return Audit(
        report=report,
        rules=RuleReference(rules.id, rules.version, rules.digest, infos, rules.families),
        results=results,
        grade=grade(results, rules.grading, infos),
        engine=__version__,
        as_of=settings.as_of,
        clusters=fold(results, facts.label),
        overrides=(*settings.overrides, *overrides),
    )


def audit_one(item: Input, settings: Settings) -> Audit | Refusal:
    """One document all the way. Raises nothing that a document can cause."""
    try:
        bound = bind_document(read_document(item), settings)
        if isinstance(bound, Refusal):
            return bound
        report, overrides = corrected(bound, item, settings)
    except DocumentError as error:
        return Refusal(item.name, error.kind, error.said, unread=True)
    except UsageError as error:
        return Refusal(item.name, "corrections", error.said, unread=True)
    return judge(report, settings, overrides)


def audit_all(items: Sequence[Input], settings: Settings) -> Batch:
    """All documents. A fault of ours in one of them is kept with its trace; the rest goes on."""
    audits: list[Audit] = []
    refusals: list[Refusal] = []
    faults: list[Refusal] = []
    prepare_files((item.path, item.content) for item in items)
    for item in items:
        try:
            result = audit_one(item, settings)
        except Exception as error:  # noqa: BLE001 - the border of one document
            faults.append(_fault(item, error))
            continue
        if isinstance(result, Audit):
            audits.append(result)
        else:
            refusals.append(result)
    kept, twice = _once(audits)
    return Batch(tuple(kept), (*refusals, *twice), tuple(faults))


def _fault(item: Input, error: Exception) -> Refusal:
    said = Said("审核程序出错，这是 auditor 的缺陷", "this is a bug in auditor")
    trace = "".join(traceback.format_exception(error))
    return Refusal(item.name, "fault", said, unread=True, trace=trace)


def _once(audits: Sequence[Audit]) -> tuple[list[Audit], list[Refusal]]:
    """The same report in two formats counts once: the copy of which more was read is kept."""
    groups: dict[object, list[Audit]] = {}
    for number, audit in enumerate(audits):
        groups.setdefault(_key(audit) or number, []).append(audit)
    kept, twice = [], []
    for group in groups.values():
        best = max(group, key=lambda a: a.report.coverage.cells_read)
        others = [a for a in group if a is not best and _same(a, best)]
        kept += [a for a in group if a is not best and a not in others]
        kept.append(replace(best, duplicates=tuple(a.report.source for a in others)))
        twice += [_duplicate(a, best) for a in others]
    order = {a.report.source: n for n, a in enumerate(audits)}
    return sorted(kept, key=lambda a: order[a.report.source]), twice


def _key(audit: Audit) -> tuple[str, int] | None:
    """Body and year; None where either is unknown: such reports are never taken for the same."""
    name, period = audit.report.subject.name, audit.report.period
    return (name, period) if name and period else None


def _same(one: Audit, other: Audit) -> bool:
    """No cell that both have read differs."""
    return all(a == b for a, b in _cells(one, other))


def _cells(one: Audit, other: Audit) -> Iterator[tuple[object, object]]:
    first, second = dict(_flat(one.report.data)), dict(_flat(other.report.data))
    for path, value in first.items():
        if value is not None and second.get(path) is not None:
            yield value, second[path]


def _flat(node: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """The numbers of report data by path."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _flat(value, f"{prefix}{key}.")
    elif isinstance(node, int):
        yield prefix, node


def _duplicate(audit: Audit, kept: Audit) -> Refusal:
    name = kept.report.source
    said = Said(f"与 {name} 是同一份报告，只计一次", f"the same report as {name}: counted once")
    return Refusal(audit.report.source, "duplicate", said)


__all__ = ["Batch", "Input", "Settings", "audit_all", "audit_one", "inputs", "judge"]
