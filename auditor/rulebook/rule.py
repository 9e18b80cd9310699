"""Rule and RuleSet: what a rule file says, once it is read and found in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from auditor.errors import Said
from auditor.model import Basis, Evidence, Outcome, RuleInfo, Severity, Value
from auditor.rulebook.author import Author
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula
from auditor.rulebook.marks import Mark
from auditor.rulebook.tree import Node


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check saw at one place that is not plainly a pass.

    `outcome` is FAIL, OPEN or REVIEW; judging turns a FAIL into REVIEW where the rule, an
    exception or an inferred cell asks for it. `helped` is true where the place itself chose an
    inferred split. `lawful` is the reading that makes it a REVIEW.
    """

    outcome: Outcome
    key: str
    where: Said
    evidence: tuple[Evidence, ...] = ()
    message: Said | None = None
    expected: Value | None = None
    actual: Value | None = None
    difference: Value | None = None
    working: str = ""
    doubtful: bool = False
    passage: str = ""
    lawful: Said | None = None


Check: TypeAlias = "Callable[[Facts], Iterator[Seen | None]]"
"""Yields None for a place that passes, Seen for one that does not; nothing if not applicable."""


@dataclass(frozen=True, slots=True)
class Lawful:
    """A lawful reading (except): one that may hold turns FAIL into REVIEW and is printed."""

    when: str
    say: Said
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """An edit of a valid report and what must become of it: pass, fail, review or open."""

    edits: Mapping[str, Any]
    expects: Literal["pass", "fail", "review", "open"]
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a rule file. `body` is what stands under the verb."""

    id: str
    title: Said
    verb: str
    body: Any
    severity: Severity
    family: str
    review: bool = False
    basis: tuple[Basis, ...] = ()
    when: str = ""
    table: str = ""
    for_each: Literal["", "row", "column"] = ""
    forms: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    message: Said | None = None
    fix: Said | None = None
    exceptions: tuple[Lawful, ...] = ()
    examples: tuple[Example, ...] = ()
    origin: str = ""
    marks: Mapping[str, Mark | None] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The file that it stands in."""
        return self.origin.rpartition(":")[0]

    def info(self) -> RuleInfo:
        """What a reader of an audit must know of it."""
        return RuleInfo(
            id=self.id,
            title=self.title,
            severity=self.severity,
            family=self.family,
            basis=self.basis,
            fix=self.fix,
            review=self.review,
            origin=self.origin,
        )


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule compiled for one form and its dated thresholds: evaluated over many reports."""

    rule: Rule
    check: Check
    when: Formula | None = None
    exceptions: tuple[tuple[Formula | None, Said], ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number with a history: (first year it holds for, value), oldest first, and its basis."""

    name: str
    values: tuple[tuple[int, Value], ...]
    basis: str = ""

    def at(self, period: int | None) -> Value:
        """The value for reports of that year; the newest one where the year is unknown."""
        held = self.values[0][1]
        for year, value in self.values:
            if period is None or year <= period:
                held = value
        return held


@dataclass(frozen=True, slots=True)
class Grading:
    """The grading sheet: deductions once per rule, caps per family, veto and bands."""

    full: Decimal = Decimal(100)
    deductions: Mapping[Severity, Decimal] = field(default_factory=dict)
    rules: Mapping[str, Decimal] = field(default_factory=dict)
    caps: Mapping[str, Decimal] = field(default_factory=dict)
    veto: frozenset[Severity] = frozenset()
    bands: tuple[tuple[str, Decimal], ...] = ()
    least_evaluated: Decimal = Decimal(0)
    title: Said = field(default_factory=lambda: Said("", ""))


@dataclass(frozen=True, eq=False)
class RuleSet:
    """All rules of one authority, with thresholds and grading; `digest` covers every byte.

    `trees` are expressions that were parsed before, by their text; `words` are lists of words
    and phrases that rules may name.
    """

    id: str
    version: str
    title: Said
    forms: tuple[str, ...]
    rules: tuple[Rule, ...]
    thresholds: Mapping[str, Threshold]
    grading: Grading
    families: Mapping[str, Said]
    digest: str
    authors: Mapping[str, Author] = field(default_factory=dict)
    trees: Mapping[str, Node] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
