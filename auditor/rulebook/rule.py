"""Rule and RuleSet: what a rule file says, once it is read and found in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from auditor.errors import Said
from auditor.model import Basis, Evidence, Outcome, Result, RuleInfo, Severity, Value
from auditor.rulebook.author import Author
from auditor.rulebook.facts import Facts
from auditor.rulebook.formula import Formula
from auditor.rulebook.marks import Mark
from auditor.rulebook.scope import Place
from auditor.rulebook.tree import Node
from auditor.rulebook.wordlist import WordList


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check saw at one place that is not plainly a pass.

    `outcome` is FAIL, OPEN or REVIEW; judging turns a FAIL into REVIEW where the rule, an
    exception or an inferred cell asks for it. `helped` is true where the place itself chose an
    inferred split. `lawful` is the reading that makes it a REVIEW. `secrets` are passages that no
    output may show, each with what is shown instead.
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
    secrets: tuple[tuple[str, str], ...] = ()
    lawful: Said | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """How a rule looks at a report, and what may spare it the look where many are judged.

    `look` yields None for a place that passes, Seen for one that does not; nothing if it is not
    applicable. `spots` are the expressions that must hold, where there is nothing else to it.
    `glance` gives the number of places that pass where there is plainly nothing to find, None
    where only looking tells.
    """

    look: Callable[[Facts], Iterator[Seen | None]]
    spots: tuple[tuple[Place, Formula], ...] = ()
    glance: Callable[[Facts], int | None] | None = None


@dataclass(frozen=True, slots=True)
class Lawful:
    """A lawful reading (except): one that may hold turns FAIL into REVIEW and is printed."""

    when: str
    say: Said
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """An edit of a valid report and what must become of it; `skip` is not applicable."""

    edits: Mapping[str, Any]
    expects: Literal["pass", "fail", "review", "open", "skip"]
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a rule file. `body` is what stands under the verb.

    `waivable` is None where the entry does not say: then a fatal rule cannot be waived.
    `mask` says how much of what it finds may be shown: "2-3" the first two and last three
    characters, "all" nothing of the whole sentence; empty if all of it may.
    """

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
    waivable: bool | None = None
    mask: str = ""
    replaced_by: str = ""

    @property
    def file(self) -> str:
        """The file that it stands in."""
        return self.origin.rpartition(":")[0]

    def info(self, period: int | None = None) -> RuleInfo:
        """What a reader of an audit must know of it, with the law as it was for that year."""
        return RuleInfo(
            id=self.id,
            title=self.title,
            severity=self.severity,
            family=self.family,
            basis=tuple(b.at(period) for b in self.basis),
            fix=self.fix,
            review=self.review,
            origin=self.origin,
            waivable=self.severity < Severity.FATAL if self.waivable is None else self.waivable,
        )


@dataclass(frozen=True)
class Ready:
    """A rule compiled for one form and its dated thresholds: evaluated over many reports.

    `needs` is what must be at hand besides the report (see Facts.has); without it the rule is
    not applicable. `results` keeps those without findings, which all reports share.
    """

    rule: Rule
    check: Check
    when: Formula | None = None
    exceptions: tuple[tuple[Formula | None, Said], ...] = ()
    needs: tuple[str, ...] = ()
    results: dict[int | str, Result] = field(default_factory=dict, compare=False)

    @cached_property
    def reads(self) -> frozenset[str] | None:
        """All facts that it can look at; None where that depends on the report."""
        if not self.check.spots:
            return None
        lawful = (condition for condition, _ in self.exceptions)
        formulas = (self.when, *lawful, *(judged for _, judged in self.check.spots))
        return frozenset(self.needs).union(*(one.paths() for one in formulas if one is not None))

    @property
    def conditional(self) -> bool:
        """Whether there are reports that it is not for."""
        rule = self.rule
        return bool(self.needs or self.when or rule.since or rule.until)


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
class Defined:
    """Where a threshold, a citation or a list of words stands."""

    file: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a sheet: the points are lost once if any of its rules fails."""

    title: Said
    points: Decimal
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grading:
    """The grading sheet: deductions once per rule, caps per family, veto and bands.

    `longest_waiver` is the longest span of a waiver in days.
    A sheet with `items` deducts by its items alone; `zero_from` items lost make the score 0.
    """

    full: Decimal = Decimal(100)
    deductions: Mapping[Severity, Decimal] = field(default_factory=dict)
    rules: Mapping[str, Decimal] = field(default_factory=dict)
    caps: Mapping[str, Decimal] = field(default_factory=dict)
    veto: frozenset[Severity] = frozenset()
    bands: tuple[tuple[str, Decimal], ...] = ()
    least_evaluated: Decimal = Decimal(0)
    title: Said = field(default_factory=lambda: Said("", ""))
    longest_waiver: int = 366
    items: tuple[Item, ...] = ()
    zero_from: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of failure: its word, and the rules and families that belong to it."""

    key: str
    said: Said
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compare:
    """How texts are compared: patterns of set phrases, the least length in characters.

    From `notable` on passages are shown, from `alike` on two bodies count as look-alikes; no text
    is compared where `notable` is 0.
    """

    phrases: tuple[str, ...] = ()
    shortest: int = 0
    notable: Decimal = Decimal(0)
    alike: Decimal = Decimal(1)


@dataclass(frozen=True, eq=False)
class RuleSet:
    """All rules of one authority, with thresholds and grading; `digest` covers every byte.

    `trees` are expressions that were parsed before, by their text; `words` are lists of words
    and phrases that rules may name. `since` and `until` are the report years that this edition is
    valid for; `replaced_by` names the set that took its place. `defined` says where a threshold, a
    citation, a list of words or of terms stands, by its kind and name. `base` is the set that it
    extends, as it is without what this one changes: its rules' examples are about its thresholds
    and its words.
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
    words: Mapping[str, WordList] = field(default_factory=dict)
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheets: Mapping[str, Grading] = field(default_factory=dict)
    grouping: tuple[Group, ...] = ()
    citations: Mapping[str, Basis] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None
    replaced_by: str = ""
    compare: Compare = field(default_factory=Compare)
    defined: Mapping[tuple[str, str], Defined] = field(default_factory=dict)
    base: RuleSet | None = None

    @property
    def own(self) -> tuple[Rule, ...]:
        """The rules that stand in this set's own files."""
        inherited = self.base.authors if self.base is not None else ()
        return tuple(rule for rule in self.rules if rule.file not in inherited)

    @property
    def groups(self) -> Mapping[str, Said]:
        """The words of the kinds of failure, by key."""
        return {group.key: group.said for group in self.grouping}

    def info(self, rule: Rule, period: int | None = None) -> RuleInfo:
        """What a reader of an audit must know of a rule, the kind of failure included."""
        return replace(rule.info(period), group=self.group_of(rule))

    def group_of(self, rule: Rule) -> str:
        """The kind of failure of a rule: what names it wins over what names its family."""
        for name in (rule.id, rule.family):
            for group in self.grouping:
                if name in group.members:
                    return group.key
        return ""
