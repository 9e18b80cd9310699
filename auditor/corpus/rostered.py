"""What the roster says of a body wins over what its name seems to say."""

from __future__ import annotations

from dataclasses import replace

from auditor.corpus.bodies import Bodies
from auditor.corpus.heads import Head
from auditor.errors import Said
from auditor.form import Form
from auditor.model import Report, Subject
from auditor.pipeline import Bound, Settings, form_of


def head_rostered(head: Head, known: Bodies, settings: Settings) -> Head:
    """The head with kind and level as the roster has them, unless an option gave the kind."""
    unit = known.unit(head.name)
    if unit is None or settings.kind is not None:
        return head
    return replace(head, kind=unit.kind or head.kind, level=unit.level or head.level)


def bound_rostered(one: Bound, known: Bodies, settings: Settings) -> Bound:
    """The report with kind and level as the roster has them; what that overrides is told."""
    report, said = _rostered(one.report, known, form_of(one.report, settings))
    if not said or settings.kind is not None:
        return one
    return Bound(report, (*one.overrides, *said))


def _rostered(report: Report, known: Bodies, form: Form) -> tuple[Report, tuple[Said, ...]]:
    unit = known.unit(report.subject.name)
    if unit is None:
        return report, ()
    subject, said = report.subject, []
    for key, given in (("kind", unit.kind), ("level", unit.level)):
        before = getattr(subject, key)
        if given is not None and given != before:
            name, words = report.subject.name, form.words_of(f"subject.{key}")
            was = words.get(before, before) if before else "？"
            zh = f"名册：{name}是{words.get(given, given)}（原认作{was}）"
            said.append(Said(zh, f"roster: {name} is {given} (taken for {before or '?'})"))
            subject = Subject(
                subject.name,
                given if key == "kind" else subject.kind,
                given if key == "level" else subject.level,
            )
    if not said:
        return report, ()
    told = {"name": subject.name, "kind": subject.kind, "level": subject.level}
    return replace(report, subject=subject, data={**report.data, "subject": told}), tuple(said)
