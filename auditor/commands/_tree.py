"""A rule explained on the terminal: sections of text and a tree of values."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from auditor.renderers._terminal.layout import Prose, Trimmed, clean
from auditor.renderers.words import Words, load
from auditor.workbench.account import Account, Told
from auditor.workbench.steps import Step

_STYLES = {"pass": "green", "fail": "bold red", "review": "yellow", "open": "magenta",
           "notApplicable": "dim", "skipped": "dim"}  # fmt: skip
_MANY_ZEROS = 3
_SIGNS = {"pass": "✓", "fail": "✗", "review": "?", "open": "…", "skipped": "–"}


def show(told: Account, lang: str, *, every: bool = False) -> None:
    """Print an account; `every` unfolds the places that pass, too."""
    console = Console(highlight=False, soft_wrap=False)
    console.print(Trimmed(Group(*_sections(told, load(lang, "workbench"), every))))


def _sections(told: Account, words: Words, every: bool) -> list[RenderableType]:
    parts: list[RenderableType] = [_head(told, words), ""]
    parts += _section(words("part.what"), [told.sentence])
    parts += _section(words("part.why"), told.why)
    parts += _section(words("part.law"), told.law)
    parts += _section(words("part.mend"), [told.fix] if told.fix else [])
    parts += [Text(words("part.examples"), style="bold"), *_examples(told.examples, words), ""]
    parts += _section(words("part.history"), told.history)
    if told.outcome:
        parts.append(_evaluation(told, words, every))
    return parts


def _head(told: Account, words: Words) -> Text:
    text = Text(f"{told.id} ", style="bold cyan")
    text.append(clean(told.title), style="bold")
    return text


def _section(title: str, lines: Sequence[str]) -> list[RenderableType]:
    if not lines:
        return []
    body = [_line(line) for line in lines]
    return [Text(title, style="bold"), *body, ""]


def _line(line: str, style: str = "", indent: int = 2) -> RenderableType:
    return Padding(Prose(line, style), (0, 0, 0, indent))


def _examples(examples: Sequence[Told], words: Words) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for told in examples:
        edits = words("sign.stop").join(f"{name} = {value}" for name, value in told.edits)
        style = _STYLES.get(told.expects, "")
        text = f"{told.word}{words('sign.colon')}{edits or words('example.none')}"
        lines.append(_line(text, style))
        if told.message and told.expects != "pass":
            lines.append(_line(f"→ {told.message}", "dim", 6))
    return lines


def _evaluation(told: Account, words: Words, every: bool) -> Tree:
    title = Text(words("part.evaluation") + words("sign.colon"), style="bold")
    title.append(words(f"outcome.{told.outcome}"), style=_STYLES.get(told.outcome, ""))
    tree = Tree(title, guide_style="dim")
    folded = 0
    many = sum(step.outcome == "pass" for step in told.evaluation) > 1
    for step in told.evaluation:
        if step.outcome == "pass" and step.steps and many and not every:
            folded += 1
            if folded <= 2:
                tree.add(_label(step, words))
        elif step.outcome == "skipped" and not every:
            continue
        else:
            _grow(tree, step, words, every)
    if folded > 2:
        tree.add(Text(words("step.folded", count=folded - 2), style="dim"))
    return tree


def _grow(tree: Tree, step: Step, words: Words, every: bool) -> None:
    """The step and those below it; of many cells that are 0 only their number."""
    branch = tree.add(_label(step, words))
    zeros = [s for s in step.steps if s.value == "0" and s.path]
    hidden = zeros if len(zeros) >= _MANY_ZEROS and not every else []
    for below in step.steps:
        if below not in hidden:
            _grow(branch, below, words, every)
    if hidden:
        branch.add(Text(words("step.zeros", count=len(hidden)), style="dim"))


def _label(step: Step, words: Words) -> Text:
    """`✗ what it is  = value  (state)  place`."""
    style = _STYLES.get(step.outcome, "")
    text = Text()
    if step.outcome in _SIGNS:
        text.append(_SIGNS[step.outcome] + " ", style=style)
    if step.prior and step.path:
        text.append(words("state.prior") + " · ", style="dim")
    text.append(clean(step.said), style=style)
    if step.value:
        text.append("  ")
        text.append(clean(step.value), style="bold" if not step.outcome else style)
    if step.state in ("blank", "open", "inferred"):
        text.append(f"  {words('state.' + step.state)}", style="magenta")
    if step.place:
        text.append(f"  {clean(step.place)}", style="dim")
    return text
