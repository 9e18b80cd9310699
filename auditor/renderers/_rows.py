"""What the machine formats share: each finding once, with its words, place and standing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.errors import Said
from auditor.model import (
    Audit,
    Batch,
    Finding,
    Location,
    Outcome,
    Refusal,
    Result,
    RuleInfo,
    Severity,
)
from auditor.renderers._plain import clean
from auditor.renderers.words import Words
from auditor.text import written


@dataclass(frozen=True, slots=True)
class Row:
    """One finding with all that is said of it; texts are clean, in the reader's language."""

    audit: Audit
    result: Result
    finding: Finding
    words: Words

    @property
    def info(self) -> RuleInfo | None:
        """What the rule set says of the rule."""
        return self.audit.rules.rules.get(self.result.rule)

    @property
    def title(self) -> str:
        """What the rule is called."""
        return self.say(self.info.title) if self.info else clean(self.result.rule)

    @property
    def agency(self) -> str:
        """The body's name, or that it was not read."""
        return agency(self.audit, self.words)

    @property
    def where(self) -> str:
        """Table, row and column for people."""
        return self.say(self.finding.where)

    @property
    def message(self) -> str:
        """What is wrong, with the sum written out where that says more."""
        said, working = self.say(self.finding.message), clean(self.finding.working)
        return said if not working or working in said else f"{said}（{working}）"

    @property
    def line(self) -> str:
        """Rule, place and message on one line, with its standing before it."""
        place = f"{self.where}：" if self.words.lang == "zh" else f"{self.where}: "
        lead = f"[{self.standing}] " if self.standing else ""
        return f"{lead}{self.result.rule} {place if self.where else ''}{self.message}"

    @property
    def standing(self) -> str:
        """Waived, or what the baseline says of it; empty for most."""
        parts = [self.words(f"change.{self.finding.change}")] if self.finding.change else []
        if self.finding.waiver:
            parts.append(f"{self.words('label.waiver')} {clean(self.finding.waiver)}")
        return "；".join(parts)

    @property
    def counts(self) -> bool:
        """Whether it counts for the gate: neither waived nor known before."""
        return not self.finding.waiver and self.finding.change != "still"

    @property
    def fails(self) -> bool:
        """Whether it is a failure that counts."""
        return self.finding.outcome is Outcome.FAIL and self.counts

    @property
    def location(self) -> Location | None:
        """The first place that is known."""
        return next((e.location for e in self.finding.evidence if e.location is not None), None)

    def say(self, said: Said) -> str:
        """A sentence in the reader's language, clean."""
        return clean(said.inside(self.words.lang))


def rows(audit: Audit, words: Words) -> Iterator[Row]:
    """The findings of one audit in the order of the rules."""
    for result in audit.results:
        for finding in result.findings:
            yield Row(audit, result, finding, words)


def all_rows(batch: Batch, words: Words) -> Iterator[Row]:
    """The findings of all audits."""
    for audit in batch.audits:
        yield from rows(audit, words)


def agency(audit: Audit, words: Words) -> str:
    """The body's name, else the report's title, else that neither was read."""
    report = audit.report
    title = report.data.get("title")
    name = report.subject.name or (title if isinstance(title, str) else "")
    return clean(name) or words("head.no_name")


def letter(audit: Audit, words: Words) -> str:
    """The grade in the reader's language, with its points."""
    grade = audit.grade
    if grade.letter is None:
        return words("grade.ungraded")
    name = words.get(f"letter.{grade.letter}", clean(grade.letter))
    if grade.score is None:
        return name
    return f"{name} {words('grade.score', score=written(grade.score))}"


def set_aside(batch: Batch) -> tuple[Refusal, ...]:
    """The bodies without a report, the files that were not audited, faults of ours included."""
    return (*batch.missing, *batch.refusals, *batch.faults)


def path_of(source: str) -> str:
    """A source as a path for machines: forward slashes, nothing that is no text."""
    return source.replace("\\", "/").encode("utf-8", "replace").decode("utf-8").removeprefix("./")


WEIGHT = {Severity.FATAL: 3, Severity.MAJOR: 3, Severity.MINOR: 2, Severity.NOTE: 1}
"""3 error, 2 warning, 1 note: what other tools distinguish."""
