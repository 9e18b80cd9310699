"""The nouns. All values are frozen: no step of the pipeline changes what it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from auditor.errors import Said

if TYPE_CHECKING:
    from auditor.decisions import Past

Value: TypeAlias = "int | Decimal | str | bool"
"""A known fact. Counts are int, amounts Decimal; never float."""


class Severity(IntEnum):
    """How bad a finding is, if it is true: 提示 一般 严重 致命."""

    NOTE = 1
    MINOR = 2
    MAJOR = 3
    FATAL = 4

    @property
    def key(self) -> str:
        """The stable English word, as in rules and JSON."""
        return self.name.lower()


class Outcome(StrEnum):
    """What became of a rule; the values are SARIF's `kind`."""

    PASS = "pass"
    FAIL = "fail"
    REVIEW = "review"
    OPEN = "open"
    NOT_APPLICABLE = "notApplicable"


# --- documents -------------------------------------------------------------------------------


class Location(NamedTuple):
    """Where something stands in the original. Counts start at 1; `label` is for people.

    `column` is the table's or, beside `line`, the character's; `span` counts characters; `box` is
    (left, top, right, bottom) in points on its page.
    """

    source: str = ""
    label: str = ""
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None
    span: tuple[int, int] | None = None
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph or a line of text. `ordinal` is a number that the word processor adds itself."""

    text: str
    location: Location = Location()
    ordinal: str = ""
    level: int | None = None


class Cell(NamedTuple):
    """One printed cell; `row` and `column` are 0-based in the grid, spans count grid units.

    `page` counts from 1; `box` is (left, top, right, bottom) in points from the page's upper left
    corner. `doubt` says why the text is not to be trusted; a number in it is then not read.
    `confidence` in percent is set where the text was recognised on a picture, with all `readings`
    where there are several. A tuple by name, not a data class like the others: a report has three
    hundred of them, and they are made in a quarter of the time.
    """

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    page: int | None = None
    box: tuple[int, int, int, int] | None = None
    doubt: str = ""
    confidence: int | None = None
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Merged cells occur once, with their spans.

    `ruled` is false where the file says that no line is drawn in it.
    """

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    location: Location = Location()
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, frame or embedded object: something that may hold what the text lacks.

    `content` are its bytes while it is read, and nothing afterwards.
    """

    location: Location = Location()
    kind: str = "image"
    text: str = ""
    content: bytes = field(default=b"", repr=False)


Block: TypeAlias = "Text | Table | Picture"


@dataclass(frozen=True, slots=True)
class Observation:
    """What a reader or the binder noticed. It observes; rules judge.

    `kind` is a stable English word; `path` the fact it is about, where there is one; `rules` are
    the rules whose identity the binder leaned on (kind `inferred`).
    """

    kind: str
    label: str = ""
    location: Location = Location()
    detail: str = ""
    path: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader made of a file: blocks in reading order, or `data` for JSON and YAML.

    `flattened` is true where the file has lost its grid (plain text): what is absent from such
    a file may have been lost on the way, so absence is never proof there. `places` are line and
    character (from 1) of the members of `data`, by dotted path.
    """

    source: str
    format: str
    blocks: tuple[Block, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    flattened: bool = False
    data: Mapping[str, Any] | None = None
    digest: str = ""
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)


# --- reports ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Identity:
    """A linear equality among cells, taken from a rule: the sum of coefficient * cell is 0."""

    rule: str
    where: str
    terms: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The body that reports. `kind` and `level` are words of the form, None where unknown."""

    name: str | None = None
    kind: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the form was read. A printed blank is read; an unread cell is not."""

    cells_read: int
    cells_total: int
    sections_read: int
    sections_total: int
    tables: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The form filled in. `data` is the plain JSON that the schema validates; `rest` is the text
    beside it (above the title, between tables): looked through, but shown by no output. `beside`
    is what of it stands in the sections of tables."""

    form: str
    subject: Subject
    period: int | None
    data: Mapping[str, Any]
    locations: Mapping[str, Location]
    observations: tuple[Observation, ...]
    coverage: Coverage
    source: str
    published: str | None = None
    digest: str = ""
    rest: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not audited, with its verdict.

    `kind`: `template` (the blank form), `old-form` (a form that is not audited), `not-a-report`,
    `unsupported`, `duplicate`, `own-output`, or the kind of a DocumentError. `unread` is true where
    the file could not be read, so that the audit is incomplete; false where it is simply no report.
    """

    source: str
    kind: str
    said: Said
    unread: bool = False
    trace: str = ""


# --- rules -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on; `sourced` is false where nobody saw the text (review only).

    `since` is the first report year that it speaks of; `before` is what was in force until then.
    """

    text: Said
    sourced: bool = True
    since: int | None = None
    before: Basis | None = None

    def at(self, period: int | None) -> Basis:
        """What was in force for reports of that year; the newest where the year is unknown."""
        if period is None or self.since is None or period >= self.since or self.before is None:
            return self
        return self.before.at(period)


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a reader of an audit must know of a rule. `family` groups rules (S, A, C …).

    `group` is the key of the kind of failure that it belongs to, "" for none.
    """

    id: str
    title: Said
    severity: Severity
    family: str
    basis: tuple[Basis, ...] = ()
    fix: Said | None = None
    review: bool = False
    origin: str = ""
    waivable: bool = True
    group: str = ""


@dataclass(frozen=True, slots=True)
class RuleReference:
    """Which rule set judged: cited in every output. `rules` are those that were run, by id."""

    id: str
    version: str
    digest: str
    rules: Mapping[str, RuleInfo] = field(default_factory=dict)
    families: Mapping[str, Said] = field(default_factory=dict)
    groups: Mapping[str, Said] = field(default_factory=dict)


# --- judging ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that a judgement rests on. `value` is None where it was not read or is blank.

    `state` is `read`, `blank`, `open` (not read) or `inferred`; `prior` marks last year's fact,
    `subject` names the body where the fact is from the report of another.
    """

    path: str
    label: Said
    value: Value | None
    state: str = "read"
    location: Location | None = None
    quote: str = ""
    prior: bool = False
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule does not hold, may not hold, or could not be judged.

    `where` is for people (table, row, column); `working` is the sum written out with its
    numbers. `fingerprint` survives rewording and changed values; `value_key` changes with them.
    With a `waiver` it counts neither for grade nor gate. `change`: `new` or `still` (baseline).
    `secrets` are empty in an Audit (judging.mask).
    """

    rule: str
    outcome: Outcome
    message: Said
    where: Said
    evidence: tuple[Evidence, ...] = ()
    expected: Value | None = None
    actual: Value | None = None
    difference: Value | None = None
    working: str = ""
    exception: Said | None = None
    waiver: str | None = None
    fingerprint: str = ""
    value_key: str = ""
    change: str = ""
    secrets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one rule on one report: always one a rule."""

    rule: str
    outcome: Outcome
    severity: Severity
    findings: tuple[Finding, ...] = ()
    passed: int = 0
    failed: int = 0
    open: int = 0
    reason: Said | None = None


@dataclass(frozen=True, slots=True)
class Deduction:
    """Why points were lost; none where another rule, `same_as`, costs them for the same slip."""

    rule: str
    points: Decimal
    capped: bool = False
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """A score of ours, never an official grade. `letter` is None where too little was judged."""

    letter: str | None
    score: Decimal | None
    deductions: tuple[Deduction, ...]
    vetoed_by: tuple[str, ...]
    evaluated: tuple[int, int]
    reason: Said | None = None


FOLLOWS = "follows"
"""The mechanism of a total that is wrong because a part of it is."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of a repair: what was read there and what would make the sums hold.

    `mechanism` is how the slip may have come about (a word of `words/*.yaml`); `prior` marks a
    cell of last year's report, `doubtful` one whose reading is not certain; `subject` names the
    body where the cell is in the report of another.
    """

    path: str
    label: Said
    read: int | None
    would_be: int
    mechanism: str = "other"
    prior: bool = False
    doubtful: bool = False
    subject: str = ""

    @property
    def own(self) -> bool:
        """Whether it stands in the report that is audited."""
        return not self.prior and not self.subject


@dataclass(frozen=True, slots=True)
class Repair:
    """One way to make the sums hold: a smallest set of cells, or one event that moved many.

    `mechanism` is the word of the event, or that of the cells where they share one. `band` is
    `likely`, `possible` or `undecided`: how far it stands out, never a probability. `agrees` are
    rules on the text or on other figures that fail as it stands and would hold with the repair.
    """

    cells: tuple[Change, ...]
    mechanism: str
    band: str
    event: bool = False
    agrees: tuple[str, ...] = ()

    @property
    def culprit(self) -> Change | None:
        """The one cell that is wrong by itself, totals that follow from it left out; else None."""
        own = [change for change in self.cells if change.mechanism != FOLLOWS]
        return own[0] if len(own) == 1 and not self.event else None


@dataclass(frozen=True, slots=True)
class Broken:
    """One equality that does not hold, and by how much (left minus right).

    `place` is the path of its row or the key of its column, empty for neither.
    """

    rule: str
    place: str
    where: Said
    difference: int


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What explains the failing sums of one connected part, the likeliest repair first.

    `repairs` are the first of `count`; `complete` is false where the search was cut off. `ask`
    is the cell whose true value would tell the explanations apart best. `findings` are the
    fingerprints of what is explained. `note` is a word for a case without a repair.
    """

    broken: tuple[Broken, ...]
    repairs: tuple[Repair, ...]
    count: int
    complete: bool
    ask: Change | None = None
    findings: tuple[str, ...] = ()
    note: str = ""

    @property
    def all_told(self) -> bool:
        """Whether `repairs` are all that there are."""
        return self.complete and len(self.repairs) == self.count


@dataclass(frozen=True, slots=True)
class Derived:
    """A cell that is blank or was not read, and the one number that the sums allow."""

    path: str
    label: Said
    value: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Findings that share a cell and a difference: most likely one slip, shown as one.

    `findings` are fingerprints, `cells` the paths that all of them touch, with their labels.
    """

    findings: tuple[str, ...]
    cells: tuple[tuple[str, Said], ...]
    difference: Value


@dataclass(frozen=True, slots=True)
class Audit:
    """All that a renderer gets. `duplicates` are other files that hold the same report."""

    report: Report
    rules: RuleReference
    results: tuple[Result, ...]
    grade: Grade
    engine: str
    as_of: str
    diagnoses: tuple[Diagnosis, ...] = ()
    derived: tuple[Derived, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    overrides: tuple[Said, ...] = ()
    duplicates: tuple[str, ...] = ()
    past: tuple[Past, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """The audits of a run, the files set aside; `baseline` is what they were compared with.

    `missing` are bodies of the roster without a report (kind `not-submitted`); `source` is the
    body's name, `unread` is set where a report may be theirs that could not be read or named.
    """

    audits: Sequence[Audit]
    refusals: tuple[Refusal, ...] = ()
    faults: tuple[Refusal, ...] = ()
    baseline: str = ""
    notes: tuple[Said, ...] = ()
    missing: tuple[Refusal, ...] = ()
