"""The journey of one document: read, bind, judge. A folder is `auditor.corpus`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from auditor import __version__
from auditor.binding import bind, validate
from auditor.errors import DocumentError, Said, UsageError
from auditor.form import Form
from auditor.gather import Input, corrections_of, inputs
from auditor.judging.evaluate import evaluate, secrets_of
from auditor.judging.fold import fold
from auditor.judging.grade import grade
from auditor.judging.mask import mask, masked, told_by
from auditor.model import (
    Audit,
    Derived,
    Diagnosis,
    Document,
    Evidence,
    Outcome,
    Refusal,
    Report,
    Result,
    RuleInfo,
    RuleReference,
    Value,
)
from auditor.own import KIND as OWN
from auditor.own import unless_own
from auditor.readers import Limits, read
from auditor.readers.watch import watched
from auditor.rulebook.facts import DRAFT, Facts, Peers, facts_of
from auditor.rulebook.prepare import identities, prepare
from auditor.rulebook.rule import Ready, RuleSet

if TYPE_CHECKING:
    from auditor.decisions import Waiver
    from auditor.roster import Roster


@dataclass(frozen=True)
class Settings:
    """What a run needs besides the documents. `overrides` says in words what was overridden.

    `editions`: older versions of the rules, for the report years that they are valid for.
    `draft`: the reports are not yet published. `folder`: whole folders were given, so that what
    the roster has and they have not is missing, for `year` or the year that the reports are of.
    """

    forms: tuple[Form, ...]
    rules: RuleSet
    as_of: str
    form: str | None = None
    period: int | None = None
    kind: str | None = None
    overrides: tuple[Said, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    longest_waiver: int | None = None
    limits: Limits = Limits()
    draft: bool = False
    roster: Roster | None = None
    folder: bool = False
    year: int | None = None
    editions: tuple[RuleSet, ...] = ()

    def at(self, period: int | None) -> Settings:
        """The run with the edition of the rules that is valid for reports of that year."""
        if not self.editions:
            return self
        from auditor.rulebook.editions import valid_for

        return replace(self, rules=valid_for((self.rules, *self.editions), period))


@dataclass(frozen=True, slots=True)
class Bound:
    """A report as it was read; `overrides` says what was overridden besides the settings."""

    report: Report
    overrides: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """What the rules may look at beside a report, and the facts that comparing gave.

    `prior` is the same body's report of last year, `units` the reports that a summary sums up,
    `peers` those of like bodies; `quotes` are what the facts in `beside` rest on.
    """

    prior: Report | None = None
    units: tuple[Report, ...] = ()
    peers: Peers | None = None
    beside: Mapping[str, Value] = field(default_factory=dict)
    quotes: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)


def read_document(item: Input, limits: Limits = Limits()) -> Document:
    """Bytes → Document. Raises DocumentError."""
    document = read(item.path, data=item.content(limits.size), limits=limits, load_yaml=_load_yaml)
    return replace(document, source=item.name)


def _load_yaml(text: str) -> object:
    """The strict YAML loader, imported only when a document is YAML."""
    from auditor.rulebook.source import load_yaml

    return load_yaml(text)


def report_of(item: Input, settings: Settings) -> Report | Refusal:
    """Bytes → Report within the limits of time and memory. Raises DocumentError."""
    with watched(settings.limits):
        return bind_document(read_document(item, settings.limits), settings)


def bind_document(document: Document, settings: Settings) -> Report | Refusal:
    """Document → Report, or the verdict that it is none."""
    found = bind(
        document,
        settings.forms,
        lambda form: identities(settings.rules, form),
        form=settings.form,
        period=settings.period,
        kind=settings.kind,
    )
    return unless_own(document, found)


def form_of(report: Report, settings: Settings) -> Form:
    """The form that the report was bound to."""
    return form_called(report.form, settings)


def form_called(form: str, settings: Settings) -> Form:
    """The form of that name."""
    return next(one for one in settings.forms if one.id == form)


def facts_for(report: Report, settings: Settings, company: Company = Company()) -> Facts:
    """Report → Facts: what the rules may see."""
    prior = facts_for(company.prior, settings) if company.prior is not None else None
    form = form_of(report, settings)
    refused = validate(report, form)
    if refused:
        # The binder wrote what its own schema refuses: never the document's fault.
        raise AssertionError("; ".join(said.en for said in refused))
    beside = {**company.beside, DRAFT: True} if settings.draft else company.beside
    return facts_of(
        report,
        form,
        prior,
        beside=beside,
        units=tuple(facts_for(unit, settings) for unit in company.units),
        peers=company.peers,
        quotes=company.quotes,
    )


def peers_of(reports: Sequence[Report], settings: Settings) -> Peers:
    """Reports that are compared with each other, as facts."""
    return Peers(tuple(facts_of(report, form_of(report, settings)) for report in reports))


def corrected(report: Report, item: Input, settings: Settings) -> tuple[Report, tuple[Said, ...]]:
    """The report with the corrections kept beside its file, and what they override."""
    path = corrections_of(item)
    if path is None:
        return report, ()
    from auditor.corrections import apply

    return apply(report, form_of(report, settings), path)


def judge(bound: Bound, settings: Settings, company: Company = Company()) -> Audit:
    """Report → Audit."""
    settings = settings.at(bound.report.period)
    facts = facts_for(bound.report, settings, company)
    ready = prepare(settings.rules, facts.form, bound.report.period)
    evaluated = evaluate(ready, facts)
    return concluded(bound, settings, facts, evaluated, hidden_in(evaluated, ready, facts))


Secrets = tuple[tuple[str, str], ...]
"""Passages that no output may show, each with what is shown instead."""


def hidden_in(results: Sequence[Result], ready: Sequence[Ready], facts: Facts) -> Secrets:
    """What is to be hidden of this report and, where findings may quote it, of last year's."""
    return (*told_by(results), *secrets_of(ready, facts.prior))


def concluded(
    bound: Bound,
    settings: Settings,
    facts: Facts,
    evaluated: tuple[Result, ...],
    secrets: Secrets,
    told: tuple[tuple[Diagnosis, ...], tuple[Derived, ...]] | None = None,
) -> Audit:
    """The results of all rules → Audit: secrets hidden, waivers applied, diagnosed, graded.

    `told` is the diagnosis where it is known already.
    """
    report, rules = bound.report, settings.rules
    ready = prepare(rules, facts.form, report.period)
    infos = infos_of(rules, facts.form, report.period)
    shown = masked(evaluated, secrets)
    results, counted = waived(shown, report, infos, settings)
    reference = reference_of(rules, facts.form, report.period, len(results) > len(ready))
    diagnoses, derived = told or diagnosed(ready, evaluated, facts, rules)
    audit = Audit(
        report=report,
        rules=reference,
        results=results,
        grade=grade(counted, rules.grading, reference.rules, diagnoses),
        engine=__version__,
        as_of=settings.as_of,
        clusters=fold(results, facts.label, diagnoses),
        diagnoses=diagnoses,
        derived=derived,
        overrides=(*settings.overrides, *bound.overrides),
    )
    return mask(audit, secrets)


def diagnosed(
    ready: Sequence[Ready], results: Sequence[Result], facts: Facts, rules: RuleSet
) -> tuple[tuple[Diagnosis, ...], tuple[Derived, ...]]:
    """What is likely wrong, and what missing cells must be; nothing is imported for neither.

    Where every rule passes and every cell was read, all sums hold.
    """
    if _all_well(results) and all(f.path in facts.values for f in facts.form.required_fields):
        return (), ()
    from auditor.judging.diagnose import Witness, diagnose, explained

    witness = Witness(ready, results, facts)
    diagnoses, derived = diagnose(rules, facts, witness)
    return explained(diagnoses, witness), derived


def _all_well(results: Sequence[Result]) -> bool:
    return all(r.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE) for r in results)


@lru_cache(maxsize=64)
def infos_of(rules: RuleSet, form: Form, period: int | None) -> Mapping[str, RuleInfo]:
    """What a reader must know of the rules for reports of this form and year, by id."""
    return {r.rule.id: rules.info(r.rule, period) for r in prepare(rules, form, period)}


@lru_cache(maxsize=64)
def reference_of(
    rules: RuleSet, form: Form, period: int | None, about_waivers: bool = False
) -> RuleReference:
    """Which rules judged a report of this form and year; with those about waivers, if any did."""
    infos, families = infos_of(rules, form, period), rules.families
    if about_waivers:
        from auditor.judging import waive

        infos = {**infos, **waive.RULES}
        families = {**families, waive.FAMILY: waive.FAMILY_TITLE}
    return RuleReference(rules.id, rules.version, rules.digest, infos, families, rules.groups)


def waived(
    results: tuple[Result, ...],
    report: Report,
    infos: Mapping[str, RuleInfo],
    settings: Settings,
) -> tuple[tuple[Result, ...], tuple[Result, ...]]:
    """Results with waivers applied, with those about waivers after them; what the grade counts.

    Without waivers nothing changes and nothing is imported.
    """
    if not settings.waivers:
        return results, results
    from auditor.judging import waive

    own = settings.rules.grading.longest_waiver
    policy = waive.Policy(settings.as_of, min(own, settings.longest_waiver or own))
    marked = waive.waive(results, settings.waivers, report, infos, policy)
    return marked, waive.standing(marked)


def bind_one(item: Input, settings: Settings) -> Bound | Refusal:
    """One document up to its report. Raises nothing that a document can cause."""
    try:
        report = report_of(item, settings)
        if isinstance(report, Refusal):
            return report
        return Bound(*corrected(report, item, settings))
    except DocumentError as error:
        return Refusal(item.name, error.kind, error.said, unread=error.kind != OWN)
    except UsageError as error:
        return Refusal(item.name, "corrections", error.said, unread=True)


def audit_one(item: Input, settings: Settings) -> Audit | Refusal:
    """One document all the way, alone. Raises nothing that a document can cause."""
    bound = bind_one(item, settings)
    return bound if isinstance(bound, Refusal) else judge(bound, settings)


__all__ = ["Bound", "Input", "Settings", "audit_one", "bind_one", "inputs", "judge"]
