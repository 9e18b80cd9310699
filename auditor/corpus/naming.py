"""The names of other bodies in a report's text: a sign of a text that was copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from auditor.corpus.bodies import Bodies, Naming
from auditor.errors import Said
from auditor.model import Evidence, Report
from auditor.text import compact

_LEAST = 5  # characters of a name that can be told from ordinary words
_CONTEXT = 16
_MOST = 5
_OPENING = "opening"
_LEAD = 3

Named = Mapping[str, tuple[int, tuple[Evidence, ...]]]


@dataclass(frozen=True, eq=False)
class Names:
    """Every name by which a body of this run may be told → the name that stands for it.

    `leads` are the lengths of the names that begin with the same few characters, longest first:
    nearly every place of a text begins no name, and most texts have no such place.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def found(self, text: str) -> Iterator[tuple[int, str]]:
        """Where names stand, from left to right, at each place the longest; none overlap."""
        if _begins(self).search(text) is None:
            return
        leads, start = self.leads, 0
        for at in range(len(text) - _LEAST + 1):
            lengths = leads.get(text[at : at + _LEAD])
            if lengths is None or at < start:
                continue
            for length in lengths:
                name = text[at : at + length]
                if name in self.keys:
                    yield at, name
                    start = at + length
                    break


@lru_cache(maxsize=2)
def _begins(names: Names) -> Any:
    """A pattern for the beginning of any name."""
    import re2

    options = re2.Options()
    options.max_mem = 1 << 26
    return re2.compile("|".join(map(re2.escape, sorted(names.leads))), options)


def names_of(given: Iterable[str], known: Bodies, naming: Naming) -> Names:
    """The names of the bodies that report and of those on the roster.

    A name that two bodies may go by tells neither.
    """
    found: dict[str, set[str]] = {}
    listed = known.roster.units if known.roster else ()
    every = [*dict.fromkeys(given), *(n for unit in listed for n in (unit.name, *unit.aliases))]
    for name in map(compact, every):
        for form in (name, *naming.shorter(name)):
            if len(form) >= _LEAST:
                found.setdefault(form, set()).add(known.key(name) or name)
    keys = {name: of.pop() for name, of in found.items() if len(of) == 1}
    leads: dict[str, set[int]] = {}
    for name in keys:
        leads.setdefault(name[:_LEAD], set()).add(len(name))
    return Names(keys, {k: tuple(sorted(v, reverse=True)) for k, v in leads.items()})


def mentions(report: Report, names: Names, known: Bodies, naming: Naming) -> Named:
    """The other bodies named in a report's opening and in its text, with the places.

    A body that stands above, or part of the report's own name, is no other body.
    """
    own = known.key(report.subject.name)
    if own is None or not names.keys:
        return {}
    found: dict[str, list[Evidence]] = {"beside.names.opening": [], "beside.names.text": []}
    counted = dict.fromkeys(found, 0)
    above = _above(report, known)
    for path, text in _texts(report):
        where = "beside.names.opening" if path == _OPENING else "beside.names.text"
        for start, name in names.found(text):
            key = names.keys[name]
            if key == own or key in above or _mine(name, key, own, report, naming):
                continue
            counted[where] += 1
            if len(found[where]) < _MOST:
                end = start + len(name)
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
