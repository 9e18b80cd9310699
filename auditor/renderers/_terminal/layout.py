"""Text on a terminal: cleaned, wrapped as Chinese is wrapped, never cut and never markup."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from auditor.renderers._plain import clean

__all__ = ["NO_BREAK", "Prose", "Trimmed", "clean", "inked", "large", "wrap"]

NO_BREAK = "\u00a0"
# One atom is never broken inside: a number with its sign and unit sign, a word, one character.
_ATOM = re.compile(
    "[（(][^（）()]{1,18}[）)]|(?:[+\\-−×÷=≠<>≤≥] ?(?=[0-9]))?[0-9]+(?:[.,:/\\-][0-9]+)*[%‰]?"
    "|[A-Za-z][A-Za-z0-9]*(?:['’._\\-][A-Za-z0-9]+)*|[^\\S\u00a0]+|.",
    re.DOTALL,
)
_NOT_FIRST = frozenset("、，。；：！？…）〕》”’】」』％%‰,.;:!?)]}·\u00a0")
_NOT_LAST = frozenset("\u00a0（〔《“‘【「『([{")


def wrap(text: Text, width: int) -> list[Text]:
    """Lines of at most `width` cells: numbers stay whole, closing signs do not begin a line."""
    if cell_len(text.plain) <= width:
        return [text]
    cuts = list(_breaks(text.plain, max(width, 4)))
    lines = list(text.divide(cuts))
    for line in lines:
        line.rstrip()
    return [line for line in lines if line.plain] or [text]


def _breaks(plain: str, width: int) -> Iterator[int]:
    """The offsets at which new lines begin."""
    used = 0
    for start, end in _units(plain):
        bare = cell_len(plain[start:end].rstrip())
        if used and used + bare > width:
            yield start
            used = 0
        last = (yield from _split(plain, start, end, width)) if bare > width else start
        used += cell_len(plain[last:end])


def _split(plain: str, start: int, end: int, width: int) -> Generator[int, None, int]:
    """A unit longer than a line breaks where the line ends; gives where its last line begins."""
    used = 0
    for at in range(start, end):
        cells = cell_len(plain[at])
        if used and used + cells > width:
            yield at
            start, used = at, 0
        used += cells
    return start


def _units(plain: str) -> Iterator[tuple[int, int]]:
    """Atoms, joined where a line must not begin or end, with the blanks that follow."""
    start, end, glued = 0, 0, True
    for match in _ATOM.finditer(plain):
        atom = match.group()
        joins = glued or atom.isspace() or atom[0] in _NOT_FIRST
        if not joins:
            yield start, end
            start = match.start()
        end, glued = match.end(), atom[-1] in _NOT_LAST
    if end > start:
        yield start, end


class Prose:
    """Text that wraps itself; for use alone or inside a table."""

    def __init__(self, text: Text | str, style: str = "", *, right: bool = False) -> None:
        self.text = Text(clean(text), style=style) if isinstance(text, str) else text
        self.right = right

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, none of them wrapped again."""
        for line in wrap(self.text, options.max_width):
            line.no_wrap, line.overflow = True, "fold"
            line.plain = line.plain.replace(NO_BREAK, " ")
            if self.right:
                line.align("right", options.max_width)
            yield line

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """From the widest unit to the whole line."""
        plain = self.text.plain
        widest = max((cell_len(plain[a:b].rstrip()) for a, b in _units(plain)), default=0)
        return Measurement(min(widest, 24, options.max_width), cell_len(plain))


@dataclass(frozen=True)
class Trimmed:
    """Any renderable without the blanks that pad its lines: what is piped stays clean."""

    inner: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines of the inner renderable."""
        for line in console.render_lines(self.inner, options, pad=False):
            yield from _trim(line)
            yield Segment.line()


def _trim(line: Iterable[Segment]) -> list[Segment]:
    kept = list(line)
    while kept and not kept[-1].text.strip() and not _paints(kept[-1].style):
        kept.pop()
    if kept and not _paints(kept[-1].style):
        last = kept[-1]
        kept[-1] = Segment(last.text.rstrip(), last.style, last.control)
    return kept


def _paints(style: Style | None) -> bool:
    return bool(style and (style.bgcolor or style.reverse or style.underline))


def large(bitmap: str, style: str) -> Text:
    """A drawn sign: two rows of ink become one row of half blocks."""
    rows = bitmap.splitlines()
    rows += ["." * len(rows[0])] * (len(rows) % 2)
    drawn = (
        "".join(_HALVES[above == "#", below == "#"] for above, below in zip(a, b, strict=True))
        for a, b in zip(rows[::2], rows[1::2], strict=True)
    )
    return inked("\n".join(drawn), style)


def inked(drawn: str, style: str) -> Text:
    """Blocks in one colour; full ones also as background, so that lines join without a gap."""
    text = Text(drawn, style=style, no_wrap=True)
    if style != "dim":
        text.highlight_regex("█+", f"on {style}")
    return text


_HALVES = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
