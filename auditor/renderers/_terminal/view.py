"""What every part of the screen needs: words, language, width, and the styles of things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from auditor.errors import Said
from auditor.model import Audit, Outcome, RuleInfo, Severity, Value
from auditor.renderers import Options
from auditor.renderers._terminal.layout import Prose, clean
from auditor.renderers.words import Words
from auditor.text import width, written

SYMBOLS = {
    Outcome.PASS: "✓",
    Outcome.FAIL: "✗",
    Outcome.REVIEW: "?",
    Outcome.OPEN: "○",
    Outcome.NOT_APPLICABLE: "–",
}
OUTCOME_STYLES = {
    Outcome.PASS: "green",
    Outcome.FAIL: "bold red",
    Outcome.REVIEW: "magenta",
    Outcome.OPEN: "cyan",
    Outcome.NOT_APPLICABLE: "dim",
}
SEVERITY_STYLES = {
    Severity.FATAL: "bold white on red",
    Severity.MAJOR: "bold red",
    Severity.MINOR: "yellow",
    Severity.NOTE: "blue",
}
COUNT_STYLES = SEVERITY_STYLES | {Severity.FATAL: "bold red"}
LETTER_STYLES = {"优": "green", "良": "cyan", "中": "yellow", "差": "red"}
INDENT = 3
DOT = " · "


@dataclass(frozen=True, slots=True)
class View:
    """How this screen is written."""

    words: Words
    options: Options
    width: int
    place: int = 24

    @property
    def wide(self) -> bool:
        """Whether there is room for columns that a narrow screen has no place for."""
        return self.width >= 120

    def say(self, said: Said) -> str:
        """A sentence in the reader's language, clean."""
        return clean(said.inside(self.words.lang))

    def value(self, value: Value | None, *, signed: bool = False) -> str:
        """A value as people write it; a blank where there is none."""
        if value is None:
            return self.words("finding.blank")
        sign = "+" if signed and isinstance(value, (int, Decimal)) and value > 0 else ""
        return sign + clean(written(value))

    def label(self, path: str, label: str) -> str:
        """A place of the report: the form's own words, in English those of its path."""
        if self.words.lang == "en" and path:
            return " · ".join(path.replace("_", " ").split("."))
        return clean(label or path)

    def join(self, parts: Iterable[str]) -> str:
        """A list as people write it."""
        return self.words("joint.list").join(parts)

    def letter(self, letter: str | None) -> str:
        """The grade in the reader's language."""
        if letter is None:
            return self.words("grade.ungraded")
        return self.words.get(f"letter.{letter}", clean(letter))

    def severity(self, severity: Severity) -> str:
        """The severity's word."""
        return self.words(f"severity.{severity.key}")

    def outcome(self, outcome: Outcome) -> str:
        """The outcome's word."""
        return self.words(f"outcome.{outcome.value}")


def rule_title(audit: Audit, rule: str, view: View) -> str:
    """What the rule is called; nothing where the rule set does not say."""
    info = rule_info(audit, rule)
    return view.say(info.title) if info else ""


def rule_info(audit: Audit, rule: str) -> RuleInfo | None:
    """What the rule set says of a rule."""
    return audit.rules.rules.get(rule)


def agency(audit: Audit, view: View) -> str:
    """The name of the body; the report's own title or the word for none where it is unread."""
    report = audit.report
    title = report.data.get("title")
    name = report.subject.name or (title if isinstance(title, str) else "")
    return clean(name) or view.words("head.no_name")


def columns(view: View) -> Table:
    """An empty table with a line under its head, over the whole width."""
    return Table(
        box=box.SIMPLE_HEAD, width=view.width - 1, padding=0, show_edge=False, header_style="dim"
    )


def counted(count: int, style: str) -> Text:
    """A count that does not shout where it is zero."""
    return Text(str(count), style=style) if count else Text("·", style="dim")


def letter_style(letter: str | None) -> str:
    """The colour of a grade."""
    return LETTER_STYLES.get(letter, "bold") if letter else "dim"


def heading(word: str, note: str, style: str, view: View) -> RenderableType:
    """A section's first line: its word, a remark, and a line to the edge."""
    text = Text.assemble(("━━ ", "dim"), (word, style), no_wrap=True)
    beside = bool(note) and width(text.plain + note) + 6 <= view.width
    if beside:
        text.append(f"  {note}", style="dim")
    text.append(" " + "━" * max(view.width - width(text.plain) - 1, 0), style="dim")
    return Group(text, indented(Prose(note, "dim"))) if note and not beside else text


def indented(inner: RenderableType, by: int = INDENT) -> Padding:
    """The same, moved to the right."""
    return Padding(inner, (0, 0, 0, by))


def beside(first: Text, second: str, view: View, by: int = INDENT) -> Iterator[RenderableType]:
    """Two texts on one line or, where there is no room, the second below the first."""
    if by + width(first.plain) + width(second) + 2 <= view.width:
        yield indented(Prose(first.append(f"  {second}", style="not bold dim")), by)
        return
    yield indented(Prose(first), by)
    yield indented(Prose(second, "dim"), by + 2)


def labelled(rows: Iterable[tuple[str, RenderableType]], view: View) -> RenderableType:
    """Labels, and beside each a text that wraps under itself."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim", width=max(map(width, view.words.labels())))
    table.add_column()
    for label, text in rows:
        table.add_row(Text(label), text)
    return table
