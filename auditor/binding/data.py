"""JSON and YAML → Report: nothing is searched for, everything is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.binding.classify import classified
from auditor.binding.filling import got
from auditor.binding.typed import LOST, Filler, above, broken, known_members
from auditor.binding.validate import validate
from auditor.errors import DocumentError, Said
from auditor.form import Form
from auditor.model import Coverage, Document, Location, Observation, Report, Subject

_AROUND = frozenset(
    ("form", "subject", "period", "published", "data", "locations", "observations", "coverage",
     "source", "digest")
)  # fmt: skip
_SECTIONS = ("section-missing", "section-unread")
_EDITION = "edition-mismatch"
_LIMIT = 10**9  # no text is longer


def form_of_data(document: Document, forms: Sequence[Form]) -> Form | None:
    """The form that the data names, else the one whose members it has most of; None for none."""
    given = document.data or {}
    named = given.get("form")
    for form in forms:
        if form.id == named:
            return form
    if isinstance(named, str):
        raise broken(
            "form", Said(f"没有表式 {named}", f"there is no form {named}"), [f.id for f in forms]
        )
    data = _inner(given)
    best = max(forms, key=lambda f: _fit(data, f))
    return best if _fit(data, best) else None


def _fit(data: Mapping[str, Any], form: Form) -> int:
    """How many of the form's members the data has."""
    sections = sum(s.key in data for s in form.sections)
    cells = sum(got(data, f.path) is not None for f in form.required_fields)
    rows = sum(isinstance(got(data, path), Mapping) for path in form.rows)
    return sections + 2 * rows + cells


def _inner(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The `data` of a whole report, or the mapping itself."""
    inner = given.get("data")
    return inner if isinstance(inner, Mapping) else given


def bind_data(
    document: Document, form: Form, *, period: int | None = None, kind: str | None = None
) -> Report:
    """A Report from plain data: a whole report as our JSON has it, or its `data` alone.

    What is not there becomes null and is observed; null stands for a printed blank unless the
    report's own observations say otherwise. Raises DocumentError (`broken`) for a member that
    the form does not know and for a value of a wrong type.
    """
    given = document.data or {}
    whole = isinstance(given.get("data"), Mapping)
    if whole:
        known_members(given, sorted(_AROUND), "")
    lead = "data." if whole else ""
    places = {p[len(lead) :]: at for p, at in document.places.items() if p.startswith(lead)}
    filler = Filler(form, document.source, _told(given) if whole else (), places)
    data = filler.filled(_bare(_inner(given)))
    subject = _subject(form, given if whole else {}, data, kind)
    year = period if period is not None else _year(given if whole else {}, data)
    _settle(data, subject, year)
    edition = () if any(o.kind == _EDITION for o in filler.told) else _edition(form, year)
    seen = (*document.observations, *filler.told, *edition, *filler.noted)
    report = Report(
        form=form.id,
        subject=subject,
        period=year,
        data=data,
        locations=_locations(form, data, filler),
        observations=seen,
        coverage=_coverage(form, data, seen),
        source=document.source,
        published=data.get("published"),
        digest=document.digest,
    )
    for said in validate(report, form):
        raise DocumentError("broken", said)
    return report


def _bare(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bare data may name its form."""
    return {k: v for k, v in data.items() if k != "form"}


def _told(given: Mapping[str, Any]) -> tuple[Observation, ...]:
    """The observations that came with the report."""
    found = []
    for entry in given.get("observations", ()):
        if isinstance(entry, Mapping) and isinstance(entry.get("kind"), str):
            label, detail, path = (str(entry.get(k, "")) for k in ("label", "detail", "path"))
            rules = tuple(map(str, entry.get("rules", ())))
            at = _place(entry["kind"], entry.get("location"))
            found.append(Observation(entry["kind"], label, at, detail, path, rules))
    return tuple(found)


def _place(kind: str, given: object) -> Location:
    """What counts of a place in the original: its lines and pages are not those of this file.

    Cells share their characters whose digits run together there; of a picture counts whether it
    was a page or stood in a text.
    """
    if not isinstance(given, Mapping):
        return Location()
    if kind == "recognised":
        return Location(page=_count(given.get("page")), line=_count(given.get("line")))
    span = given.get("span")
    start, end = map(_count, span) if isinstance(span, list) and len(span) == 2 else (None, None)
    return Location() if start is None or end is None else Location(span=(start, end))


def _count(given: object) -> int | None:
    return given if type(given) is int and 0 <= given <= _LIMIT else None


def _subject(
    form: Form, given: Mapping[str, Any], data: Mapping[str, Any], kind: str | None
) -> Subject:
    """The body as the report or its data names it; kind and level from the name if absent."""
    around = given.get("subject")
    outer = around if isinstance(around, Mapping) else {}
    inner = data.get("subject") or {}
    words = {k: inner.get(k) or outer.get(k) for k in ("name", "kind", "level")}
    return classified(form, Subject(words["name"], kind or words["kind"], words["level"]))


def _year(given: Mapping[str, Any], data: Mapping[str, Any]) -> int | None:
    inner, outer = data.get("period"), given.get("period")
    return inner if inner is not None else (outer if isinstance(outer, int) else None)


def _settle(data: dict[str, Any], subject: Subject, period: int | None) -> None:
    """The head says the same inside and outside of `data`."""
    if "subject" in data:
        words = {"name": subject.name, "kind": subject.kind, "level": subject.level}
        data["subject"] = words
    if "period" in data:
        data["period"] = period


def _edition(form: Form, period: int | None) -> Iterator[Observation]:
    if period is not None and not form.covers(period):
        yield Observation(_EDITION, form.id, detail=str(period))


def _locations(form: Form, data: Mapping[str, Any], filler: Filler) -> dict[str, Location]:
    """Line and character in the file: of a value, of a blank, and of what a missing cell lacks."""
    texts = {p: w for p, w in form.labels.items() if isinstance(got(data, p), str)}
    wanted = {f.path for f in form.required_fields} if filler.places else set()
    cells = {p: f.label for p, f in form.fields.items() if p in wanted or got(data, p) is not None}
    return {path: filler.where(path, label) for path, label in {**texts, **cells}.items()}


def _coverage(form: Form, data: Mapping[str, Any], seen: Sequence[Observation]) -> Coverage:
    """A null is a printed blank, thus read, unless it was observed as not read.

    Of a group that is printed as one row, the cells of that row stand for as many of its rows.
    """
    lost = {o.path for o in seen if o.kind in LOST}
    gone = {o.path for o in seen if o.kind in _SECTIONS}
    tables = {}
    for table in form.tables:
        cells = [f.path for f in table.fields()]
        read = sum(not any(p in lost for p in above(path)) for path in cells)
        read -= sum(f.path in lost for r in table.rows if r.undivided for f in r.fields)
        tables[table.key] = (read, len(cells))
    sections = sum(s.key not in gone for s in form.sections)
    return Coverage(
        sum(r for r, _ in tables.values()),
        sum(t for _, t in tables.values()),
        sections,
        len(form.sections),
        tables,
    )
