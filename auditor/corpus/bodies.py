"""Which names mean the same body: by the roster, or where one is the other with its area before it.

A name is shortened only while an area still leads it: a bureau without its place could be anyone's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from auditor.form import Form
from auditor.text import compact

if TYPE_CHECKING:
    from auditor.roster import Roster, Unit


@dataclass(frozen=True)
class Naming:
    """How the form's bodies are called; all of it stands in the schema.

    `area` is what may lead a name, `idle` are words that only look like one, `ruling` the endings
    of bodies that stand above the others of their area.
    """

    area: str = ""
    idle: tuple[str, ...] = ()
    ruling: str = ""

    def shorter(self, name: str) -> tuple[str, ...]:
        """The name without its outer areas, one by one, as long as an area leads what is left."""
        found = []
        while self.area:
            lead = _lead(self.area, name)
            rest = name[len(lead) :]
            if not lead or not self._led(rest):
                break
            name = rest
            found.append(name)
        return tuple(found)

    def areas(self, name: str) -> tuple[str, ...]:
        """The areas that lead a name, the outer one first."""
        found = []
        while self.area and (lead := _lead(self.area, name)) and self._led(name):
            found.append(lead)
            name = name[len(lead) :]
        return tuple(found)

    def rules(self, other: str, name: str) -> bool:
        """Whether the other body is one that stands above this one: one that rules its area."""
        ending = _end(self.ruling, other) if self.ruling else ""
        return bool(ending) and name.startswith(other.removesuffix(ending))

    def _led(self, name: str) -> bool:
        for word in self.idle:
            name = name.replace(word, "")
        return bool(_lead(self.area, name))


def naming_of(form: Form) -> Naming:
    """The naming that a form's schema describes."""
    parts = form.schema.get("properties", {}).get("subject", {}).get("properties", {})
    name, level = parts.get("name", {}), parts.get("level", {})
    idle = tuple(level.get("x-set-aside", ()))
    return Naming(name.get("x-area", ""), idle, name.get("x-ruling", ""))


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    import re2

    return re2.compile(pattern)


@lru_cache(maxsize=16384)
def _lead(pattern: str, name: str) -> str:
    match = _compiled(f"^(?:{pattern})").search(name)
    return str(match.group(0)) if match else ""


@lru_cache(maxsize=16384)
def _end(pattern: str, name: str) -> str:
    match = _compiled(f"(?:{pattern})$").search(name)
    return str(match.group(0)) if match else ""


@dataclass(frozen=True)
class Bodies:
    """The bodies of one run: every name → the one name that stands for the body."""

    roster: Roster | None = None
    same: dict[str, str] = field(default_factory=dict)

    def key(self, name: str | None) -> str | None:
        """The name that stands for a body; None where it has no name."""
        if not name:
            return None
        unit = self.unit(name)
        return unit.name if unit is not None else self.same.get(compact(name), compact(name))

    def unit(self, name: str | None) -> Unit | None:
        """The body's entry on the roster."""
        if self.roster is None or not name:
            return None
        return self.roster.find(name) or self.roster.find(self.same.get(compact(name)))


def bodies(names: Iterable[str], roster: Roster | None, naming: Naming) -> Bodies:
    """Tie names to each other where exactly one of the longer ones fits the shorter."""
    known = sorted({compact(name) for name in names})
    listed = [compact(n) for u in roster.units for n in (u.name, *u.aliases)] if roster else []
    longer: dict[str, set[str]] = {}
    for name in {*known, *listed}:
        for short in naming.shorter(name):
            longer.setdefault(short, set()).add(name)
    same = {}
    for name in known:
        if roster is not None and roster.find(name) is not None:
            continue
        fitting = longer.get(name, set())
        whole = _outermost(fitting, longer)
        if len(whole) == 1:
            same[name] = whole[0]
        elif not fitting:
            same |= _listed(name, naming, roster)
    return Bodies(roster, same)


def _outermost(names: set[str], longer: dict[str, set[str]]) -> Sequence[str]:
    return sorted(name for name in names if not longer.get(name, set()) & names)


def _listed(name: str, naming: Naming, roster: Roster | None) -> dict[str, str]:
    """A name that the roster has without the outer area."""
    if roster is None:
        return {}
    fitting = [short for short in naming.shorter(name) if roster.find(short) is not None]
    return {name: fitting[0]} if fitting else {}
