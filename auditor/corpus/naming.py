"""The names of other bodies in a report's text: a sign of a text that was copied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditor.corpus.bodies import Bodies, Naming
from auditor.errors import Said
from auditor.model import Evidence, Report
from auditor.text import compact

_LEAST = 5  # characters of a name that can be told from ordinary words
_CONTEXT = 16
_MOST = 5
_OPENING = "opening"
_EDGE = 20_000  # names in one pattern

Named = Mapping[str, tuple[int, tuple[Evidence, ...]]]


def mentions(reports: Sequence[Report], known: Bodies, naming: Naming) -> list[Named]:
    """For each report, the other bodies named in its opening and in its text, with the places.

    A body that stands above, or part of the report's own name, is no other body.
    """
    names = _names(reports, known, naming)
    pattern = _pattern(names)
    return [_in(report, pattern, names, known, naming) for report in reports]


def _names(reports: Sequence[Report], known: Bodies, naming: Naming) -> dict[str, str]:
    """Every name by which a body may be told → the name that stands for it."""
    found: dict[str, set[str]] = {}
    listed = known.roster.units if known.roster else ()
    given = [r.subject.name for r in reports if r.subject.name]
    given += [name for unit in listed for name in (unit.name, *unit.aliases)]
    for name in map(compact, given):
        for form in (name, *naming.shorter(name)):
            if len(form) >= _LEAST:
                found.setdefault(form, set()).add(known.key(name) or name)
    return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}


def _pattern(names: Iterable[str]) -> Any:
    """All names as one pattern, the longest first; None for none."""
    import re2

    ordered = sorted(names, key=lambda name: (-len(name), name))[:_EDGE]
    if not ordered:
        return None
    options = re2.Options()
    options.max_mem = 1 << 28
    options.longest_match = True
    return re2.compile("|".join(map(re2.escape, ordered)), options)


def _in(
    report: Report, pattern: Any, names: Mapping[str, str], known: Bodies, naming: Naming
) -> dict[str, tuple[int, tuple[Evidence, ...]]]:
    own = known.key(report.subject.name)
    if own is None or pattern is None:
        return {}
    found: dict[str, list[Evidence]] = {"beside.names.opening": [], "beside.names.text": []}
    counted = dict.fromkeys(found, 0)
    above = _above(report, known)
    for path, text in _texts(report):
        where = "beside.names.opening" if path == _OPENING else "beside.names.text"
        for match in pattern.finditer(text):
            name = match.group(0)
            key = names[name]
            if key == own or key in above or _mine(name, key, own, report, naming):
                continue
            counted[where] += 1
            if len(found[where]) < _MOST:
                start, end = match.span()
                quote = text[max(0, start - _CONTEXT) : end + _CONTEXT].replace("\n", " ")
                place = report.locations.get(path)
                found[where].append(Evidence(path, Said(name, name), None, "read", place, quote))
    return {where: (counted[where], tuple(quotes)) for where, quotes in found.items()}


def _above(report: Report, known: Bodies) -> frozenset[str]:
    unit = known.unit(report.subject.name)
    if unit is None or known.roster is None:
        return frozenset()
    return frozenset(above.name for above in known.roster.above(unit))


def _mine(name: str, key: str, own: str, report: Report, naming: Naming) -> bool:
    """Whether a name is a part of the body's own, or that of a body over it."""
    mine = compact(report.subject.name or "")
    return name in own or name in mine or naming.rules(key, own) or naming.rules(key, mine)


def _texts(report: Report) -> list[tuple[str, str]]:
    """The opening and every section of text."""
    found = []
    for key, part in report.data.items():
        if key == _OPENING and isinstance(part, str):
            found.append((key, part))
        elif isinstance(part, Mapping) and isinstance(part.get("text"), str):
            found.append((f"{key}.text", part["text"]))
    return found
