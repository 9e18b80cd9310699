"""An analysis on the terminal: what to mend first, then the form as a map of its blind spots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from auditor.appraisal import telling
from auditor.appraisal.analysis import Analysis
from auditor.appraisal.form_map import Grid, cell_label, grids
from auditor.appraisal.shades import STYLES, Shade, legend, shade
from auditor.renderers._terminal.layout import Prose, Trimmed, clean
from auditor.renderers.words import Words, load
from auditor.rulebook.rule import RuleSet
from auditor.text import width

_INDENT = 3
_CELL = 4
_LABEL = 30
_WITH_PRIOR = 4


def show(found: Sequence[Analysis], rules: RuleSet, lang: str, console: Console) -> None:
    """Every form, one after the other."""
    words = load(lang, "appraisal")
    for analysis in found:
        parts = Group(*_parts(analysis, rules, words, console.width))
        console.print(Trimmed(parts))


def _parts(
    analysis: Analysis, rules: RuleSet, words: Words, across: int
) -> Iterator[RenderableType]:
    top, told = telling.head(analysis, rules, words)
    yield heading(words("analysis.title"), top, "bold", across)
    yield indented(Prose(told, "dim"))
    said = telling.verdict(analysis, words)
    if said:
        sign, style = (
            ("✓", "green") if not analysis.faulty and analysis.complete else ("!", "yellow")
        )
        yield indented(Prose(Text(f"{sign} {clean(said)}", style=f"bold {style}")))
    for section in telling.sections(analysis, rules, words):
        yield Text()
        yield heading(section.title, section.note, "bold red" if section.grave else "bold", across)
        for line in section.lines:
            yield indented(Prose(line))
    yield Text()
    yield from blind_spots(analysis, words, across)
    yield Text()


def blind_spots(analysis: Analysis, words: Words, across: int) -> Iterator[RenderableType]:
    """The map, its legend before it."""
    yield heading(words("blind.title"), words("blind.note"), "bold", across)
    for key, meaning, count in legend(analysis.blind, words):
        line = Text.assemble(swatch(key), "  ", clean(meaning), ("  ", ""))
        line.append(words("blind.shares", count=count, total=len(analysis.blind)), style="dim")
        yield indented(line)
    shades = {path: shade(seen, words) for path, seen in analysis.blind.items()}
    marks = dict.fromkeys(analysis.bounded, "≤")
    if marks:
        yield indented(Text.assemble((" ≤  ", "bold"), "  ", words("blind.bounded")))
    for grid in grids(analysis.form, words.lang):
        yield Text()
        yield from heat(grid, shades, marks, across)
    if analysis.blind_with_prior:
        yield Text()
        told = [
            f"{cell_label(analysis.form, path, words.lang)} "
            f"{analysis.blind[path].least} → {shade(seen, words).text}"
            for path, seen in list(analysis.blind_with_prior.items())[:_WITH_PRIOR]
        ]
        joined = words("joint.list").join(told)
        yield indented(Prose(words("blind.with_prior", cells=joined)))


def heat(
    grid: Grid, shades: Mapping[str, Shade], marks: Mapping[str, str], across: int
) -> Iterator[RenderableType]:
    """One table with its cells shaded; a mark stands behind the number of a cell."""
    label = min(_LABEL, max((width(line.label) for line in grid.lines), default=8))
    room = across - _INDENT - label - 2
    cell = max(_CELL, min(12, room // max(len(grid.columns), 1) - 1))
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=label)
    for _ in grid.columns:
        table.add_column(width=cell, justify="center")
    table.add_row(Text(clean(grid.name), style="bold"), *(Prose(c, "dim") for c in grid.columns))
    for line in grid.lines:
        cells = [_cell(path, shades, marks, cell) for path in line.paths]
        table.add_row(Prose(line.label), *cells)
    yield indented(table)


def _cell(path: str, shades: Mapping[str, Shade], marks: Mapping[str, str], room: int) -> Text:
    found = shades.get(path)
    if found is None:
        return Text("")
    told = found.text + marks.get(path, "")
    return Text(told.center(room), style=STYLES[found.level], no_wrap=True)


def swatch(key: Shade) -> Text:
    """A number in its colours."""
    return Text(key.text.center(_CELL), style=STYLES[key.level], no_wrap=True)


def heading(word: str, note: str, style: str, across: int) -> RenderableType:
    """A section's first line, and its remark beside or below it."""
    text = Text.assemble(("━━ ", "dim"), (clean(word), style), no_wrap=True)
    beside = bool(note) and width(text.plain + note) + 6 <= across
    if beside:
        text.append(f"  {clean(note)}", style="dim")
    text.append(" " + "━" * max(across - width(text.plain) - 1, 0), style="dim")
    return Group(text, indented(Prose(note, "dim"))) if note and not beside else text


def indented(inner: RenderableType) -> RenderableType:
    """The same, moved to the right."""
    from rich.padding import Padding

    return Padding(inner, (0, 0, 0, _INDENT))
