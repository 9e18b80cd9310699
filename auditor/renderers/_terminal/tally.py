"""Rule by rule: in how many reports each failed, is to be reviewed or is open, and in which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import RenderableType
from rich.text import Text

from auditor.model import Outcome, RuleInfo, Severity
from auditor.renderers._terminal.brief import FOUND, Brief, Overview
from auditor.renderers._terminal.layout import Prose, clean
from auditor.renderers._terminal.view import (
    COUNT_STYLES,
    OUTCOME_STYLES,
    View,
    columns,
    counted,
    heading,
    indented,
)


@dataclass(slots=True)
class _Tally:
    severity: Severity
    info: RuleInfo | None
    reports: dict[Outcome, list[Brief]] = field(default_factory=dict)

    def of(self, outcome: Outcome) -> list[Brief]:
        """The reports in which the rule had this outcome."""
        return self.reports.get(outcome, [])

    @property
    def only_unread(self) -> bool:
        """Whether it neither failed nor is to be reviewed anywhere."""
        return set(self.reports) == {Outcome.OPEN}


def by_rule(told: Overview, view: View) -> Iterator[RenderableType]:
    """A line for each rule that did not simply pass."""
    words, tallies = view.words, _tallies(told)
    yield Text()
    yield heading(words("section.by_rule"), "", "bold", view)
    if not tallies:
        yield indented(Prose(words("folder.all_pass"), "green"))
        return
    yield Text()
    table = columns(view)
    table.add_column(words("folder.rule"), no_wrap=True)
    table.add_column(words("folder.rule_title"), ratio=None if view.wide else 1)
    table.add_column(words("folder.severity"), no_wrap=True)
    for outcome in FOUND:
        table.add_column(words(f"outcome_short.{outcome.value}"), justify="right", no_wrap=True)
    table.add_column(words("folder.reports"), ratio=1)
    known = Counter(brief.agency for _, brief in told.ranks)
    judged = {r: t for r, t in tallies.items() if view.options.verbose or not t.only_unread}
    for rule, tally in sorted(judged.items(), key=_weight):
        row = [counted(len(tally.of(o)), OUTCOME_STYLES[o]) for o in FOUND]
        title = view.say(tally.info.title) if tally.info else ""
        severity = Text(view.severity(tally.severity), style=COUNT_STYLES[tally.severity])
        which = Prose(_which(tally, known, view), "dim")
        table.add_row(Text(clean(rule), style="bold"), Prose(title), severity, *row, which)
    yield from (table, *_only_unread(tallies, judged, view))


def _only_unread(
    tallies: dict[str, _Tally], judged: dict[str, _Tally], view: View
) -> Iterator[RenderableType]:
    """In one line: the rules that some reports left unread and none failed."""
    rest = {r: len(t.of(Outcome.OPEN)) for r, t in tallies.items() if r not in judged}
    if rest:
        rules = view.join(f"{clean(rule)} {count}" for rule, count in sorted(rest.items()))
        words = view.words("folder.only_unread", count=len(rest), rules=rules)
        yield from (Text(), indented(Prose(words, "dim"), 1))


def _tallies(told: Overview) -> dict[str, _Tally]:
    found: dict[str, _Tally] = {}
    for _, brief in told.ranks:
        for rule, outcome in brief.found:
            tally = found.setdefault(rule, _Tally(*told.rules[rule]))
            tally.reports.setdefault(outcome, []).append(brief)
    return found


def _weight(item: tuple[str, _Tally]) -> tuple[int, int, int, int, str]:
    """What fails before what may, the worse and the more frequent first."""
    rule, tally = item
    failed, review = (len(tally.of(o)) for o in (Outcome.FAIL, Outcome.REVIEW))
    kind = 0 if failed else 1 if review else 2
    return kind, -tally.severity, -failed, -review, rule


def _which(tally: _Tally, known: Counter[str], view: View) -> str:
    """The first few reports; the year only where an agency has several."""
    most = 20 if view.options.verbose else 5 if view.wide else 2
    briefs = [brief for outcome in FOUND for brief in tally.of(outcome)]
    listed = view.join(
        f"{one.agency} {one.period}" if known[one.agency] > 1 else one.agency
        for one in briefs[:most]
    )
    if len(briefs) > most:
        return f"{listed} {view.words('folder.and_more', count=len(briefs))}"
    return listed
