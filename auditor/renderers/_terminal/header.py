"""The top of one audit: who, which year, the grade drawn large, how much was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from auditor.model import Audit, Coverage, Grade, Outcome
from auditor.renderers._grouping import counts, waived
from auditor.renderers._terminal.layout import NO_BREAK, Prose, clean, inked, large
from auditor.renderers._terminal.view import (
    DOT,
    OUTCOME_STYLES,
    SYMBOLS,
    View,
    agency,
    indented,
    labelled,
    letter_style,
)
from auditor.text import written

FEW = 6
CELLS = frozenset(("unreadable", "not-a-count", "cell-missing"))
WHOLE = frozenset(("row-missing", "row-unread", "table-missing", "table-unread"))
_ROOM_FOR_MARK = 60
_DIGITS = {
    "0": "█▀█|█ █|▀▀▀",
    "1": "▀█ | █ |▀▀▀",
    "2": "▀▀█|█▀▀|▀▀▀",
    "3": "▀▀█| ▀█|▀▀▀",
    "4": "█ █|▀▀█|  ▀",
    "5": "█▀▀|▀▀█|▀▀▀",
    "6": "█▀▀|█▀█|▀▀▀",
    "7": "▀▀█|  █|  ▀",
    "8": "█▀█|█▀█|▀▀▀",
    "9": "█▀█|▀▀█|▀▀▀",
    ".": " | |▀",
}


def header(audit: Audit, view: View) -> RenderableType:
    """The panel with agency and grade, and below it file, coverage and outcomes."""
    style = letter_style(audit.grade.letter)
    if view.width < _ROOM_FOR_MARK:
        inner: RenderableType = Group(
            *_who(audit, view), *_grade(audit.grade, view, view.width - 6)
        )
    else:
        mark = audit.grade.letter or "none"
        inner = Table.grid(padding=(0, 4, 0, 0))
        inner.add_row(
            large(view.words.get(f"mark.{mark}", view.words("mark.none")), style),
            Group(*_who(audit, view), Text(), _figures(audit.grade, view)),
        )
    panel = Panel(inner, border_style=style, padding=(0, 2), width=view.width)
    return Group(panel, indented(labelled(_facts(audit, view), view), 2))


def _who(audit: Audit, view: View) -> Iterator[RenderableType]:
    report, words = audit.report, view.words
    year = words("head.period", year=report.period) if report.period else words("head.no_period")
    parts = [year, words("head.form", form=clean(report.form))]
    if report.published:
        parts.append(words("head.published", date=clean(report.published)))
    yield Prose(agency(audit, view), "bold")
    yield Prose(" · ".join(parts))


def _figures(grade: Grade, view: View) -> RenderableType:
    """The score drawn large, its words beside it."""
    score = written(grade.score) if grade.score is not None else ""
    room = view.width - 6 - 16 - 4 * len(score) - 3
    words = Group(*_grade(grade, view, room))
    if grade.letter is None or not score or any(c not in _DIGITS for c in score):
        return words
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_row(inked(_drawn(score), letter_style(grade.letter)), words)
    return table


def _drawn(score: str) -> str:
    """Three lines of half blocks; the point takes one column."""
    signs = [_DIGITS[c].split("|") for c in score]
    return "\n".join(" ".join(sign[line] for sign in signs) for line in range(3))


def _grade(grade: Grade, view: View, room: int) -> Iterator[RenderableType]:
    """Letter and score in words, a bar, and that it is no official grade."""
    words, style = view.words, letter_style(grade.letter)
    first = Text(view.letter(grade.letter), style=f"bold {style}")
    if grade.letter is not None and grade.score is not None:
        first.append(f"  {words('grade.score', score=written(grade.score))}", style="bold")
    judged, total = grade.evaluated
    yield Prose(first)
    if grade.letter is None:
        if grade.reason is not None:
            yield Prose(view.say(grade.reason))
    elif grade.score is not None:
        yield _bar(grade.score, style, min(max(room, 10), 50))
    evaluated = words("grade.evaluated", judged=judged, total=total)
    yield Prose(f"{words('grade.unofficial')} · {evaluated}", "dim")


def _bar(score: Decimal, style: str, cells: int) -> Text:
    """The score of a hundred as a line."""
    full = min(max(int(score * cells / 100), 0), cells)
    return Text.assemble(("━" * full, style), ("┄" * (cells - full), "dim"), no_wrap=True)


def _facts(audit: Audit, view: View) -> Iterator[tuple[str, RenderableType]]:
    words, report = view.words, audit.report
    yield words("label.file"), Prose(clean(report.source))
    if audit.duplicates:
        others = view.join(clean(name) for name in audit.duplicates)
        yield (
            words("label.same"),
            Prose(f"{words('head.duplicates')}{words('joint.colon')}{others}"),
        )
    if audit.overrides:
        yield words("label.told"), Prose(view.join(view.say(o) for o in audit.overrides), "yellow")
    if audit.grade.vetoed_by:
        rules = view.join(audit.grade.vetoed_by)
        yield words("label.veto"), Prose(words("grade.veto", rules=rules), "bold red")
    yield words("label.read"), Group(*_read(audit, view))
    yield words("label.outcomes"), Prose(outcomes(audit, view))


def _read(audit: Audit, view: View) -> Iterator[RenderableType]:
    """Cells and sections read, each table, and what is open where that is little."""
    coverage, words = audit.report.coverage, view.words
    text = Text()
    _share(text, words("read.cells", **_pair(coverage.cells_read, coverage.cells_total)), coverage)
    text.append(" · ")
    sections = _pair(coverage.sections_read, coverage.sections_total)
    text.append(
        words("read.sections", **sections),
        style="" if coverage.sections_read == coverage.sections_total else "bold yellow",
    )
    for key, (read, total) in coverage.tables.items():
        text.append(" · ", style="dim")
        text.append(
            f"{_table(audit, key, view)} {read}/{total}", "dim" if read == total else "yellow"
        )
    yield Prose(text)
    missing = coverage.cells_total - coverage.cells_read
    names = _unread(audit, view)
    if 0 < len(names) <= FEW:
        said = words("read.missing", count=missing, names=view.join(names))
        yield Prose(said, "yellow")
    elif missing:
        yield Prose(words("read.missing_many", count=missing), "yellow")


def _unread(audit: Audit, view: View) -> list[str]:
    """What was not read, as people call it: tables and rows whole, several cells by their row."""
    seen = {s.path: s for s in audit.report.observations if s.kind in CELLS | WHOLE and s.path}
    lost = [s for s in seen.values() if not any(path in seen for path in _above(s.path))]
    labels = {s: view.label(s.path, s.label) for s in lost}
    if len(lost) <= FEW:
        return list(labels.values())
    cells = [labels[s] for s in lost if s.kind in CELLS]
    rows = Counter(label.rpartition(DOT)[0] or label for label in cells)
    names = [view.words("read.group", name=name, count=count) for name, count in rows.items()]
    return names + [labels[s] for s in lost if s.kind in WHOLE]


def _above(path: str) -> Iterator[str]:
    """The paths of all that a fact is part of."""
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def _share(text: Text, words: str, coverage: Coverage) -> None:
    complete = coverage.cells_read == coverage.cells_total
    text.append(words, style="bold" if complete else "bold yellow")


def _pair(read: int, total: int) -> dict[str, int]:
    return {"read": read, "total": total}


def _table(audit: Audit, key: str, view: View) -> str:
    """The word for a table: the first part of the label of any of its cells."""
    lead, report = f"{key}.", audit.report
    labels = [at.label for path, at in report.locations.items() if path.startswith(lead)]
    labels += [seen.label for seen in report.observations if seen.path.startswith(lead)]
    return view.label(key, labels[0].split(" · ")[0] if labels else key)


def outcomes(audit: Audit, view: View) -> Text:
    """✓ … ✗ … ? … ○ … – …: signs, words and counts, so that colour is not needed."""
    found, text = counts(audit), Text()
    for outcome in Outcome:
        style = OUTCOME_STYLES[outcome] if found[outcome] else "dim"
        part = f"{SYMBOLS[outcome]} {view.outcome(outcome)} {found[outcome]}"
        text.append("   " if text else "")
        text.append(part.replace(" ", NO_BREAK), style=style)
    aside = sum(waived(result) for result in audit.results)
    if aside:
        part = f"{view.words('label.waiver')} {aside}"
        text.append("   ").append(part.replace(" ", NO_BREAK), style="green")
    return text
