"""A document of blocks → Report: tables, sections and head, found by their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.binding.assemble import Parts, report_of
from auditor.binding.cut import with_cuts
from auditor.binding.furniture import after_title, without_furniture, without_signature
from auditor.binding.head import Head, read_head
from auditor.binding.passages import Passage, paragraphs
from auditor.binding.recognise import Bound, Identities, best_form, refusal
from auditor.binding.rest import beside_of, rest_of
from auditor.binding.script import in_one_script
from auditor.binding.sections import Section, Sections, find_sections
from auditor.binding.spacing import evened
from auditor.errors import Said, UsageError
from auditor.form import Form
from auditor.model import Document, Observation, Refusal, Report, Table

_LEGIBLE = 0.5  # share of cells from which a text tells which form it follows


def bind_papers(
    document: Document,
    forms: Sequence[Form],
    identities: Identities,
    chosen: Form | None,
    *,
    period: int | None = None,
    kind: str | None = None,
) -> Report | Refusal:
    """Fill in the form that a document follows, or `chosen` where it was asked for."""
    document = in_one_script(evened(document))
    audited = [chosen] if chosen else [f for f in forms if f.refuse is None]
    bound = best_form(document, audited, identities)
    if bound is None:
        raise UsageError(Said("没有可用的表式。", "There is no form to audit by."))
    bound = _settled(document, bound, identities)
    if bound.aligned and not any(isinstance(block, Table) for block in document.blocks):
        document = replace(document, flattened=True)  # whatever its format: no table is left of it
    sections, head = _read(document, bound)
    if not bound.tables and chosen is None:
        bound = Bound(_by_year(audited, period or head.period), {})
        sections, head = _read(document, bound)
    other = _by_year(audited, period or head.period)
    if other is not bound.form and bound.legible < _LEGIBLE:
        # What was hardly read is no sign that the form is not that of its year.
        bound = best_form(document, [other], identities) or bound
        bound = _settled(document, bound, identities)
        sections, head = _read(document, bound)
    refused = refusal(document, forms if chosen is None else (), bound, sections, head)
    if refused is not None:
        return refused
    whole, sections = sections, _unsigned(sections, head, bound.form)
    lines = _opening_lines(sections, head, bound.form)
    opening = None if sections.opening is None else paragraphs(lines, wrapped=sections.wrapped)
    parts = Parts(document, bound.form, bound.tables, bound.aligned, sections, head, opening)
    rest = rest_of(document, sections, bound.form, lines, _signature(whole, sections))
    beside = beside_of(document, sections, bound.form)
    report = replace(report_of(parts, period=period, kind=kind), rest=rest, beside=beside)
    report = with_cuts(report, document, bound.form)
    if not document.flattened:
        return report
    # Rules may be lenient where a text file has lost what its original had.
    return replace(report, observations=(Observation("flattened"), *report.observations))


def _settled(document: Document, bound: Bound, identities: Identities) -> Bound:
    """What was read from pictures, as far as the sums confirm it."""
    seen = [o.location for o in document.observations if o.kind == "recognised"]
    if not seen:
        return bound
    # A picture in the text is no page: only its own cells were recognised.
    pages = {at.page for at in seen if at.line is None}
    from auditor.binding.recognised import settled

    tables = settled(bound.tables, bound.form, lambda: identities(bound.form), frozenset(pages))
    return replace(bound, tables=tables)


def _read(document: Document, bound: Bound) -> tuple[Sections, Head]:
    sections = find_sections(document, bound.form, bound.tables)
    head = read_head(document, bound.form, sections.head, sections.passages, sections.wrapped)
    return sections, head


def _by_year(forms: Sequence[Form], period: int | None) -> Form:
    """The edition for a year; without a year the newest."""
    fit = [f for f in forms if period is not None and f.covers(period)]
    return max(fit or forms, key=lambda f: f.first_year)


def _opening_lines(sections: Sections, head: Head, form: Form) -> list[Passage]:
    """The lines between the title and the first heading."""
    if sections.opening is None:
        return []
    lines = without_furniture(after_title(sections.head, head), form)
    return [x for x in lines if not x.within]


def _last(sections: Sections) -> Section | None:
    """The section that stands last in the document, if it is a text."""
    placed = [(s.span[0], s) for s in sections.found.values() if s.span is not None]
    return max(placed, key=lambda pair: pair[0])[1] if placed else None


def _signature(whole: Sections, bare: Sections) -> str:
    """What was taken off the last section."""
    last = _last(whole)
    if last is None:
        return ""
    return (last.text or "").removeprefix(bare.found[last.key].text or "")


def _unsigned(sections: Sections, head: Head, form: Form) -> Sections:
    """The last section without the signature below it."""
    last = _last(sections)
    if last is None or not last.text or form.section(last.key).table:
        return sections
    bare = replace(last, text=without_signature(last.text, head, form))
    return replace(sections, found={**sections.found, last.key: bare})
