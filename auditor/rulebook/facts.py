"""Facts: what rules may see of a report, as a flat mapping from path to value.

`values` holds only what is certain, so that the fast path of a rule needs no case for anything
else: a fact that is blank, unread or inferred is absent there and the slow path takes over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from auditor.errors import Said
from auditor.form import Form
from auditor.model import Evidence, Location, Observation, Report, Value
from auditor.rulebook.tree import BLANK, PEERS, UNKNOWN, Blank, Unknown
from auditor.text import decimal

if TYPE_CHECKING:
    from auditor.rulebook.prose import Prose

FLATTENED, REST, TABLES = "document.flattened", "document.rest", "document.beside"
DRAFT = "document.draft"
PAGE_DATE = "document.page_date"
PUBLISHED = "published"
NOTHING_BESIDE: Mapping[str, Value] = {
    DRAFT: False,
    PAGE_DATE: False,
    "beside.prior.renamed": False,
    "beside.prior.gap": 0,
    "beside.versions": 0,
    "beside.names.opening": 0,
    "beside.names.text": 0,
}
"""What is true of a report that stands alone."""


@dataclass(frozen=True, eq=False)
class Peers:
    """Reports of bodies of one kind for one year, shared by all of them.

    `memo` keeps what an expression comes to in them, so that it is worked out once.
    """

    facts: Sequence[Facts]
    memo: dict[object, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """The facts of one report, and those of the same body's report of the year before.

    `units` are the reports that a summary sums up, `peers` those of like bodies; `quotes` shows
    what facts that were found by comparing texts rest on, by path.

    `blanks` are cells printed blank, `inferred` cells whose split an identity chose (path → the
    places of rules that helped), `undivided` groups that were printed as one row.
    """

    form: Form
    values: Mapping[str, Value]
    blanks: frozenset[str] = frozenset()
    inferred: Mapping[str, Value] = field(default_factory=dict)
    helpers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    undivided: frozenset[str] = frozenset()
    observations: tuple[Observation, ...] = ()
    locations: Mapping[str, Location] = field(default_factory=dict)
    period: int | None = None
    prior: Facts | None = None
    units: tuple[Facts, ...] = ()
    peers: Peers | None = None
    quotes: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)

    @cached_property
    def prose(self) -> Mapping[str, Prose]:
        """The texts as they are searched, by path; made when the first rule wants them."""
        paths = (f"{section.key}.text" for section in self.form.sections)
        found = [(path, self.values.get(path)) for path in paths]
        found.append((TABLES, self.values.get(TABLES) or None))
        mine = self.subject
        return {p: _searched(p, value, mine) for p, value in found if isinstance(value, str)}

    def lookup(self, path: str) -> Value | Unknown | Blank:
        """The fact at a path for the slow path: inferred values count, blanks are BLANK."""
        if path in self.values:
            return self.values[path]
        if path in self.inferred:
            return self.inferred[path]
        return BLANK if path in self.blanks else UNKNOWN

    def state(self, path: str) -> str:
        """`read`, `inferred`, `blank` or `open`."""
        if path in self.values:
            return "read"
        if path in self.inferred:
            return "inferred"
        return "blank" if path in self.blanks else "open"

    def missing(self, path: str) -> bool:
        """Whether the binder is sure that a part is not there, rather than not read."""
        wholes = {path, path.removesuffix(".text"), path.partition(".")[0]}
        return any(
            seen.path in wholes
            for kind, found in self.observed.items()
            if kind.endswith("-missing")
            for seen in found
        )

    def source(self, *, prior: bool, unit: int) -> Facts:
        """The facts of the report that an evaluation looked at: this one, its units, their past."""
        own = self.units[unit] if unit >= 0 else self
        return own.prior if prior and own.prior is not None else own

    def has(self, need: str) -> bool:
        """Whether what a rule needs is there: `prior`, `units`, `peers` or the fact at a path."""
        if need == "prior":
            return self.prior is not None
        if need == "units":
            return bool(self.units)
        if need == "peers":
            return self.peers is not None
        return need in self.values

    @property
    def subject(self) -> str:
        """The name of the body that reports, "" where it is unknown."""
        return str(self.values.get("subject.name", ""))

    def label(self, path: str) -> Said:
        """The label of a fact for people."""
        return self.form.said(path)

    @cached_property
    def observed(self) -> dict[str, tuple[Observation, ...]]:
        """The observations by kind."""
        kinds: dict[str, list[Observation]] = {}
        for observation in self.observations:
            kinds.setdefault(observation.kind, []).append(observation)
        return {kind: tuple(found) for kind, found in kinds.items()}


@lru_cache(maxsize=8)
def _searched(path: str, text: str, body: str) -> Prose:
    """A text as it is searched: examples of rules look at the same few texts again and again."""
    from auditor.rulebook.prose import prose

    return prose(path, text, body)


def facts_of(
    report: Report,
    form: Form,
    prior: Facts | None = None,
    *,
    beside: Mapping[str, Value] = MappingProxyType({}),
    peers: Peers | None = None,
    **more: Any,
) -> Facts:
    """The facts of a bound report; `beside` are those that other reports and the roster give."""
    values = flat(report.data)
    _amounts(form, values)
    values |= {**NOTHING_BESIDE, **beside}
    values[PAGE_DATE] = any(seen.kind == "page-date" for seen in report.observations)
    values[FLATTENED] = any(seen.kind == "flattened" for seen in report.observations)
    values[REST], values[TABLES] = report.rest, report.beside
    if peers is not None:
        values[PEERS] = peers.memo  # type: ignore[assignment]
    blanks, inferred, helpers = _states(report.observations, values)
    undivided = frozenset(
        row.group
        for row in form.rows.values()
        if row.undivided and any(f.path in values for f in row.fields)
    )
    if undivided:
        _zero_children(form, undivided, values)
    return Facts(
        form=form,
        values=values,
        blanks=blanks,
        inferred=inferred,
        helpers=helpers,
        undivided=undivided,
        observations=report.observations,
        locations=report.locations,
        period=report.period,
        prior=prior,
        peers=peers,
        **more,
    )


def flat(data: Mapping[str, Any]) -> dict[str, Value]:
    """The values of a report's data by path, without lists and what is null."""
    values: dict[str, Value] = {}
    _flatten(data, "", values)
    return values


def _flatten(node: Mapping[str, Any], prefix: str, into: dict[str, Value]) -> None:
    for key, value in node.items():
        if value.__class__ is dict:
            _flatten(value, f"{prefix}{key}.", into)
        elif value is not None and value.__class__ is not list:
            into[prefix + key] = value


def _amounts(form: Form, values: dict[str, Value]) -> None:
    """Amounts are decimal strings in JSON and decimals in rules."""
    for field_ in form.amounts:
        text = values.get(field_.path)
        if isinstance(text, str):
            number = decimal(text)
            if number is None:
                del values[field_.path]
            else:
                values[field_.path] = number


def _states(
    observations: Iterable[Observation], values: dict[str, Value]
) -> tuple[frozenset[str], dict[str, Value], dict[str, tuple[str, ...]]]:
    """Blank and inferred cells; an inferred value leaves `values` and moves to `inferred`."""
    blanks = set()
    inferred: dict[str, Value] = {}
    helpers: dict[str, tuple[str, ...]] = {}
    for seen in observations:
        if seen.kind == "blank-cell" and seen.path not in values:
            blanks.add(seen.path)
        elif seen.kind == "inferred" and seen.path in values:
            inferred[seen.path] = values.pop(seen.path)
            helpers[seen.path] = seen.rules
    return frozenset(blanks), inferred, helpers


def _zero_children(form: Form, groups: frozenset[str], values: dict[str, Value]) -> None:
    """A group printed as one row with 0 has children of 0: counts cannot be negative."""
    for row in form.rows.values():
        if row.group in groups and not row.undivided:
            for cell in row.fields:
                if values.get(f"{row.group}.undivided.{cell.key}") == 0:
                    values.setdefault(cell.path, 0)
