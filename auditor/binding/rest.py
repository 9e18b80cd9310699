"""The running text that belongs to no part of the form: above the title, beside the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from auditor.binding.bound import Position
from auditor.binding.passages import Passage
from auditor.binding.sections import Sections
from auditor.form import Form
from auditor.model import Document

_STOP, _LINE = "。", 500


def rest_of(
    document: Document, sections: Sections, form: Form, opening: Collection[Passage], below: str
) -> str:
    """Those lines, one a line; `opening` are the lines of the preface, `below` a signature.

    In a file that has lost its grid what is no section may be cells: there only its head counts.
    """
    lines = sections.head if document.flattened else sections.passages
    spans = [
        section.span
        for section in sections.found.values()
        if section.span is not None and not form.section(section.key).table
    ]
    told = {passage.line for passage in opening}
    texts = [p.text.strip() for p in _outside(lines, spans) if p.line not in told]
    return "\n".join([*texts, *([below.strip()] if below.strip() else [])])


def beside_of(document: Document, sections: Sections, form: Form) -> str:
    """The sentences that stand beside the tables, in their sections, one a line.

    In a file that has lost its grid a line may be cells: there only what ends as a sentence does,
    and holds no whole report.
    """
    spans = [
        section.span
        for section in sections.found.values()
        if section.span is not None and form.section(section.key).table
    ]
    told = [
        p.text.strip()
        for p in sections.passages
        if not p.within and any(b < p.at < e for b, e in spans)
    ]
    if document.flattened:
        told = [text for text in told if text.endswith(_STOP) and len(text) <= _LINE]
    return "\n".join(told)


def _outside(
    lines: Collection[Passage], spans: Collection[tuple[Position, Position]]
) -> Iterator[Passage]:
    for passage in lines:
        if not passage.within and not any(b <= passage.at < e for b, e in spans):
            yield passage
