"""Which reports belong together: last year's of the same body, the units of a summary, peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.corpus.bodies import Bodies, bodies, naming_of
from auditor.corpus.duplicates import same_counts
from auditor.corpus.likeness import Likeness, likenesses
from auditor.corpus.naming import mentions
from auditor.errors import Said
from auditor.form import Form
from auditor.model import Evidence, Report, Subject, Value
from auditor.pipeline import Company, Settings, form_of, peers_of
from auditor.rulebook.facts import Peers

_SHOWN = 6  # differing cells that are shown


@dataclass
class _Beside:
    """The facts of one report while they are gathered, with what they rest on."""

    values: dict[str, Value] = field(default_factory=dict)
    quotes: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)


def known_bodies(reports: Sequence[Report], settings: Settings) -> Bodies:
    """The bodies of these reports and of the roster."""
    naming = naming_of(settings.forms[-1])
    return bodies((r.subject.name for r in reports if r.subject.name), settings.roster, naming)


def companies(
    reports: Sequence[Report], settings: Settings, known: Bodies | None = None
) -> tuple[Company, ...]:
    """For each report, in order, the others that its rules may look at.

    Two reports of one body for one year that differ are no company to anyone: which of them
    is right is not known.
    """
    known = known or known_bodies(reports, settings)
    found = _by_body(reports, known)
    keys = [_key(report, known) for report in reports]
    priors = [_prior(report, key, known, found) for report, key in zip(reports, keys, strict=True)]
    units = [_units(report, known, found) for report in reports]
    like = likenesses(reports, [p for p, _ in priors], keys, settings)
    named = mentions(reports, known, naming_of(settings.forms[-1]))
    peers = _peers(reports, settings)
    result = []
    for number, report in enumerate(reports):
        prior, renamed = priors[number]
        there, _ = units[number] or ((), 0)
        beside = _Beside()
        _versions(report, keys[number], found, settings, beside)
        beside.values["beside.prior.gap"] = _gap(report, keys[number], prior, found)
        _past(report, prior, renamed=renamed, settings=settings, beside=beside)
        _roster(report, known, units[number], beside)
        _likeness(like[number], beside)
        for path, (count, quotes) in named[number].items():
            beside.values[path], beside.quotes[path] = count, quotes
        result.append(
            Company(
                prior,
                there,
                peers.get(_group(report)) if keys[number] else None,
                beside.values,
                beside.quotes,
            )
        )
    return tuple(result)


_Found = Mapping[tuple[str, int], list[Report]]


def _key(report: Report, known: Bodies) -> str | None:
    return known.key(report.subject.name)


def _by_body(reports: Sequence[Report], known: Bodies) -> dict[tuple[str, int], list[Report]]:
    found: dict[tuple[str, int], list[Report]] = {}
    for report in reports:
        key = _key(report, known)
        if key and report.period:
            found.setdefault((key, report.period), []).append(report)
    return found


def _prior(
    report: Report, key: str | None, known: Bodies, found: _Found
) -> tuple[Report | None, bool]:
    """Last year's report of the same body, and whether it had another name then.

    A body that several were merged into has no past of its own.
    """
    if not key or not report.period:
        return None, False
    year = report.period - 1
    prior = found.get((key, year), [])
    if prior:
        return _only(prior), False
    unit = known.unit(report.subject.name)
    for name in unit.renamed_from if unit is not None else ():
        old = _only(found.get((known.key(name) or "", year), []))
        if old is not None:
            return old, True
    return None, False


def _only(reports: Sequence[Report]) -> Report | None:
    """The one report of a body for a year; None for none, and for several that differ."""
    if not reports or any(_differ(reports[0], other) for other in reports[1:]):
        return None
    return reports[0]


def _differ(one: Report, other: Report) -> bool:
    return not same_counts(one, other)


def _units(report: Report, known: Bodies, found: _Found) -> tuple[tuple[Report, ...], int] | None:
    """The reports of the units that a summary sums up, and how many of them are not at hand."""
    unit = known.unit(report.subject.name)
    if unit is None or known.roster is None or not report.period:
        return None
    wanted = known.roster.units_of(unit, report.period)
    if not wanted:
        return None
    held = (_only(found.get((u.name, report.period), [])) for u in wanted)
    there = tuple(one for one in held if one is not None)
    return there, len(wanted) - len(there)


def _group(report: Report) -> tuple[str, int | None, str | None]:
    return report.form, report.period, report.subject.kind


def _peers(
    reports: Sequence[Report], settings: Settings
) -> dict[tuple[str, int | None, str | None], Peers]:
    """Bodies of one kind that reported for one year on one form."""
    groups: dict[tuple[str, int | None, str | None], list[Report]] = {}
    for report in reports:
        if report.period and report.subject.kind:
            groups.setdefault(_group(report), []).append(report)
    return {key: peers_of(group, settings) for key, group in groups.items() if len(group) > 1}


def _versions(
    report: Report, key: str | None, found: _Found, settings: Settings, beside: _Beside
) -> None:
    """Other reports of the same body for the same year, with the cells that differ."""
    here = found.get((key or "", report.period or 0), [])
    others = [r for r in here if r is not report and _differ(report, r)]
    beside.values["beside.versions"] = len(others)
    labels = form_of(report, settings)
    shown = [e for other in others for e in _differences(report, other, labels)]
    if others:
        beside.quotes["beside.versions"] = tuple(shown[: 2 * _SHOWN])


def _differences(report: Report, other: Report, form: Form) -> Iterator[Evidence]:
    for path in form.fields:
        own, theirs = _at(report, path), _at(other, path)
        if own is not None and theirs is not None and own != theirs:
            label = form.said(path)
            yield Evidence(path, label, own, location=report.locations.get(path))
            name = other.subject.name or other.source
            yield Evidence(path, label, theirs, location=other.locations.get(path), subject=name)


def _at(report: Report, path: str) -> Value | None:
    """The value of a cell; None where it was not read, or only inferred."""
    node: object = report.data
    for part in path.split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return node if isinstance(node, int | str) else None


def _gap(report: Report, key: str | None, prior: Report | None, found: _Found) -> int:
    """The years without a report between this one and the body's last one before it; 0 for none."""
    if prior is not None or not key or not report.period:
        return 0
    earlier = [year for body, year in found if body == key and year < report.period]
    return report.period - max(earlier) - 1 if earlier else 0


def _past(
    report: Report, prior: Report | None, *, renamed: bool, settings: Settings, beside: _Beside
) -> None:
    """How many different numbers of last year's report come again, and how many do not.

    Zeros and what is carried forward by its nature (stocks) say nothing.
    """
    beside.values["beside.prior.renamed"] = renamed
    if prior is None:
        return
    form, before = form_of(report, settings), form_of(prior, settings)
    same: set[Value] = set()
    different = 0
    for path in form.fields.keys() & before.fields.keys() - form.stocks:
        own, theirs = _at(report, path), _at(prior, path)
        if own is None or theirs is None:
            continue
        if own != theirs:
            different += 1
        elif own not in (0, "0"):
            same.add(own)
    beside.values["beside.prior.same"] = len(same)
    beside.values["beside.prior.different"] = different


def _roster(
    report: Report,
    known: Bodies,
    units: tuple[tuple[Report, ...], int] | None,
    beside: _Beside,
) -> None:
    if units is not None:
        there, missing = units
        beside.values["beside.units.count"] = len(there)
        beside.values["beside.units.missing"] = missing
    unit = known.unit(report.subject.name)
    if unit is not None and known.roster is not None and report.period:
        told = {
            "roster.deadline": known.roster.deadline(unit, report.period),
            "roster.reviewed": known.roster.reviewed(unit, report.period),
            "roster.documents": unit.documents.get(report.period),
        }
        beside.values |= {path: value for path, value in told.items() if value is not None}


def _likeness(like: Likeness, beside: _Beside) -> None:
    beside.values |= like.values
    beside.quotes |= like.quotes


def rostered(report: Report, known: Bodies) -> tuple[Report, tuple[Said, ...]]:
    """The report with kind and level as the roster has them, and what that overrides."""
    unit = known.unit(report.subject.name)
    if unit is None:
        return report, ()
    subject, said = report.subject, []
    for key, given in (("kind", unit.kind), ("level", unit.level)):
        before = getattr(subject, key)
        if given is not None and given != before:
            name = report.subject.name
            said.append(
                Said(f"名册：{name} 是 {given}（原认作 {before}）", f"roster: {name}: {given}")
            )
            subject = Subject(
                subject.name,
                given if key == "kind" else subject.kind,
                given if key == "level" else subject.level,
            )
    if not said:
        return report, ()
    told = {"name": subject.name, "kind": subject.kind, "level": subject.level}
    return replace(report, subject=subject, data={**report.data, "subject": told}), tuple(said)
