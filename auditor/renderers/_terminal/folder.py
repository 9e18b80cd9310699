"""Many reports at once: the ranking, the rules, and the reports that fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from auditor.model import Audit, Finding, Outcome, Severity
from auditor.renderers._grouping import (
    Block,
    blocks,
    is_sum,
    of_outcome,
)
from auditor.renderers._terminal import kinds
from auditor.renderers._terminal.brief import Brief, Overview
from auditor.renderers._terminal.findings import common_cells
from auditor.renderers._terminal.layout import Prose, clean
from auditor.renderers._terminal.tally import by_rule
from auditor.renderers._terminal.view import (
    COUNT_STYLES,
    OUTCOME_STYLES,
    SEVERITY_STYLES,
    SYMBOLS,
    View,
    agency,
    beside,
    columns,
    counted,
    heading,
    indented,
    letter_style,
    rule_title,
)
from auditor.text import written

WORST = 5
NARROW = 72
MANY, LAST = 300, 100
"""Of more than so many reports the screen tells of the last so many in order, and of the worst."""

Ranks = Sequence[tuple[str, Brief]]


def overview(audits: Sequence[Audit], told: Overview, view: View) -> Iterator[RenderableType]:
    """Ranking, rule by rule, and the reports that fail."""
    if not told.ranks:
        yield Prose(view.words("folder.none"), "bold")
        return
    words, count = view.words, len(told.ranks)
    yield heading(words("section.ranking"), words("folder.title", count=count), "bold", view)
    yield Text()
    shown = _last(told.ranks, view)
    years = {brief.period for _, brief in told.ranks}
    if len(shown) < count:
        yield from _letters(told, view)
        yield indented(Prose(words("folder.last", count=len(shown)), "dim"), 1)
        yield Text()
    yield ranking(shown, view)
    yield Text()
    legend = words("folder.legend") + (words("folder.years") if len(years) > 1 else "")
    yield indented(Prose(legend, "dim"), 1)
    yield from _ungraded(shown, view)
    yield from _versions(told.ranks, view)
    yield from kinds.kinds(audits[0].rules.groups, told.kinds, view)
    yield from by_rule(told, view)
    if not view.options.verbose:
        yield from worst(audits, told, view)


def _by_year(ranks: Ranks) -> list[Ranks]:
    """The reports of each year in their order, the newest year first."""
    return [list(year) for _, year in groupby(ranks, lambda ranked: ranked[1].period)]


def _last(ranks: Ranks, view: View) -> Ranks:
    """Of very many reports the last of each year: a screen is no list of thousands."""
    if len(ranks) <= MANY or view.options.verbose:
        return ranks
    return [ranked for year in _by_year(ranks) for ranked in year[-LAST:]]


def _letters(told: Overview, view: View) -> Iterator[RenderableType]:
    """How many reports of each year have which grade."""
    years = _by_year(told.ranks)
    for year in years:
        found = Counter(brief.grade.letter for _, brief in year)
        parts = [
            f"{view.letter(letter) if letter is not None else view.words('grade.ungraded')} {count}"
            for letter, count in found.items()
        ]
        lead = f"{year[0][1].period or '–'}{view.words('joint.colon')}" if len(years) > 1 else ""
        yield indented(Prose(lead + view.words("joint.stop").join(parts), "bold"), 1)


def _versions(ranks: Ranks, view: View) -> Iterator[RenderableType]:
    """The bodies of which several reports for one year are here: which files these are."""
    files: dict[tuple[str, int], list[str]] = {}
    for _, brief in ranks:
        if brief.standing.name and brief.period:
            key = (brief.standing.name, brief.period)
            files.setdefault(key, []).append(clean(brief.standing.source.rpartition("/")[2]))
    several = {key: names for key, names in files.items() if len(names) > 1}
    for (name, year), names in sorted(several.items())[:LAST]:
        said = view.words("folder.versions", name=clean(name), year=year, count=len(names))
        told = view.join(names[:WORST])
        rest = len(names) - WORST
        more = f"{view.words('folder.and_more', count=len(names))}" if rest > 0 else ""
        yield indented(Prose(f"{said}{view.words('joint.colon')}{told}{more}", "yellow"), 1)


def _ungraded(ordered: Ranks, view: View) -> Iterator[RenderableType]:
    """Why some reports have no grade."""
    for _, brief in ordered:
        if brief.grade.letter is None:
            lead = f"{view.words('grade.ungraded')}{view.words('joint.colon')}{brief.agency}  "
            reason = view.say(brief.grade.reason) if brief.grade.reason else ""
            yield indented(Prose(Text.assemble((lead, "bold"), reason)), 1)


def ranking(ordered: Ranks, view: View) -> Table:
    """One line a report; on a narrow screen without what is told of each report below."""
    words, table = view.words, columns(view)
    severities, outcomes = _counted_here(view)
    full = view.width >= NARROW
    table.add_column(words("folder.rank"), justify="right", no_wrap=True)
    table.add_column(words("folder.agency"), ratio=None if view.wide else 1)
    for key in ("year", "letter", "score"):
        justify = "right" if key == "score" else "left"
        table.add_column(words(f"folder.{key}"), justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for severity in severities:
        table.add_column(view.severity(severity), justify="right", no_wrap=True)
    for outcome in outcomes:
        table.add_column(words(f"outcome_short.{outcome.value}"), justify="right", no_wrap=True)
    if full:
        table.add_column(words("folder.cells"), justify="right", no_wrap=True)
    if view.wide:
        table.add_column(words("folder.file"), ratio=1)
    before = ordered[0][1].period if ordered else None
    for rank, brief in ordered:
        if brief.period != before:
            table.add_section()
            before = brief.period
        cells = [counted(brief.failed[s], COUNT_STYLES[s]) for s in severities]
        cells += [counted(brief.counts[o], OUTCOME_STYLES[o]) for o in outcomes]
        cells += [_cells(*brief.read)] if full else []
        last = [Prose(clean(brief.standing.source), "dim")] if view.wide else []
        table.add_row(rank, *_who(brief, view), *cells, *last)
    return table


def _counted_here(view: View) -> tuple[list[Severity], tuple[Outcome, ...]]:
    """What the ranking counts: on a narrow screen what weighs most, so that names have room."""
    severities = sorted(Severity, reverse=True)
    if view.width >= NARROW:
        return severities, (Outcome.REVIEW, Outcome.OPEN)
    return severities[:2], (Outcome.OPEN,)


def _who(brief: Brief, view: View) -> tuple[RenderableType, ...]:
    grade = brief.grade
    word = view.letter(grade.letter) if grade.letter is not None else "–"
    letter = Text(word, style=f"bold {letter_style(grade.letter)}")
    score = written(grade.score) if grade.letter is not None and grade.score is not None else "–"
    return Prose(brief.agency), str(brief.period or "–"), letter, score


def _cells(read: int, total: int) -> Text:
    return Text(f"{read}/{total}", style="dim" if read == total else "yellow")


def worst(audits: Sequence[Audit], told: Overview, view: View) -> Iterator[RenderableType]:
    """For each report that fails by the user's measure: its worst findings, a line each.

    Of very many reports only the worst are told of, and how many more there are.
    """
    years = _by_year(told.ranks)
    failing = [brief for year in years for _, brief in reversed(year) if brief.fails]
    if not failing:
        return
    yield Text()
    yield heading(view.words("section.worst"), str(len(failing)), "bold", view)
    shown = failing if len(told.ranks) <= MANY else failing[:LAST]
    for brief in shown:
        audit = audits[brief.number]
        yield Text()
        yield from _name(audit, view)
        found = of_outcome(blocks(audit), Outcome.FAIL)
        lines = [line for block in found for line in _lines(block, audit, view)]
        yield indented(_listed(lines[:WORST], view))
        if len(lines) > WORST:
            more = view.words("folder.more_lines", count=len(lines) - WORST)
            yield indented(Prose(more, "dim"))
    if len(shown) < len(failing):
        yield Text()
        more = view.words("folder.more_reports", count=len(failing) - len(shown))
        yield indented(Prose(more, "bold"), 1)


def _name(audit: Audit, view: View) -> Iterator[RenderableType]:
    """Agency, year, grade, and the file beside it or, where there is no room, below it."""
    grade, file = audit.grade, clean(audit.report.source)
    text = Text(f"{agency(audit, view)} {audit.report.period or ''}".strip(), style="bold")
    text.append(f"  {view.letter(grade.letter)}", style=f"bold {letter_style(grade.letter)}")
    if grade.letter is not None and grade.score is not None:
        text.append(f" {written(grade.score)}", style="not bold")
    yield from beside(text, file, view, 1)


Line = tuple[Severity, str, str]


def _lines(block: Block, audit: Audit, view: View) -> Iterator[Line]:
    """A slip is one line, whatever it breaks; otherwise each rule is one."""
    if block.cluster:
        cells = common_cells(block.cluster, view)
        count = sum(f.outcome is block.outcome for f in block.findings)
        rules = " ".join(clean(r) for r in block.decisive)
        yield block.severity, rules, view.words("cluster.short", count=count, cells=cells)
        return
    rule = block.rules[0]
    count = len(block.findings)
    many = f" {view.words('finding.in_all', count=count)}" if count > 1 else ""
    first = _line(block.findings[0], view) if block.findings else rule_title(audit, rule, view)
    yield block.severity, clean(rule), f"{first}{many}"


def _line(finding: Finding, view: View) -> str:
    where = view.say(finding.where)
    said, difference = view.say(finding.message) or clean(finding.working), ""
    if is_sum(finding):
        shown = view.value(finding.difference, signed=True)
        said = clean(finding.working)
        difference = f"  {view.words('finding.difference', difference=shown)}"
    lead = f"{where}{view.words('joint.colon')}" if where else ""
    return f"{lead}{said}{difference}"


def _listed(lines: Sequence[Line], view: View) -> Table:
    """Severity, rules, what is wrong."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(max_width=16)
    table.add_column()
    for severity, rules, text in lines:
        word = Text(f"{SYMBOLS[Outcome.FAIL]} {view.severity(severity)}")
        word.stylize(SEVERITY_STYLES[severity])
        table.add_row(word, Prose(rules, "bold"), Prose(text))
    return table
