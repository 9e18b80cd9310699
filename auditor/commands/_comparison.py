"""A comparison of two rule sets on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from auditor.renderers._terminal.layout import Prose, Trimmed, clean
from auditor.renderers.words import Words, load
from auditor.workbench import comparison
from auditor.workbench.comparing import KINDS, Body, Comparison, Turn

_MOST = 20  # bodies that are shown
_TEXTS = 3  # columns of text before those that count
_STYLES = {"failing": "bold red", "passing": "green", "unread": "magenta", "readable": "green",
           "review": "yellow", "settled": "green"}  # fmt: skip


def show(found: Comparison, lang: str, *, every: bool = False) -> None:
    """Print it; `every` shows all bodies."""
    console, words = Console(highlight=False), load(lang, "workbench")
    console.print(Text(words("compare.title"), style="bold"))
    for line in comparison.heads(found, words):
        console.print(Prose(line))
    if found.changed:
        console.print()
        console.print(Trimmed(_table(found, words)))
    if found.bodies:
        console.print()
        _bodies(console, comparison.ordered(found), words, every)


def _table(found: Comparison, words: Words) -> Table:
    """A row a rule; a kind of change that never occurs has no column."""
    head, rows = comparison.columns(words), comparison.rules(found, words)
    kept = [n for n in range(len(head)) if n < _TEXTS or any(row[n] for row in rows)]
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number in kept:
        counted = number >= _TEXTS
        style = _STYLES[KINDS[number - _TEXTS]] if counted else ""
        table.add_column(head[number], justify="right" if counted else "left", style=style)
    for row in rows:
        table.add_row(*(_cell(row[number], number) for number in kept))
    return table


def _cell(text: str, number: int) -> Prose | Text:
    return Prose(text) if number == 1 else Text(clean(text), no_wrap=True)


def _bodies(console: Console, bodies: Sequence[Body], words: Words, every: bool) -> None:
    console.print(Text(words("compare.bodies"), style="bold"))
    shown = bodies if every else bodies[:_MOST]
    for body in shown:
        console.print(_name(body, words))
        for turn in body.turns:
            console.print(Trimmed(Padding(Prose(_turn(turn, words)), (0, 0, 0, 4))))
    if len(bodies) > len(shown):
        more = words("compare.more", count=len(bodies) - len(shown))
        console.print(Text(f"  {more}", style="dim"))


def _name(body: Body, words: Words) -> Text:
    text = Text("  ")
    text.append(clean(body.subject or body.source), style="cyan")
    text.append(f" {body.period or ''}")
    grade = comparison.graded(body, words)
    if grade:
        text.append(f"  {grade}", style="bold")
    return text


def _turn(turn: Turn, words: Words) -> Text:
    text = Text(f"{turn.rule} ")
    text.append(comparison.turned(turn, words), style=_STYLES[turn.kind])
    if turn.message is not None:
        text.append("  " + clean(turn.message.inside(words.lang)), style="dim")
    return text
