"""The sections of the form in a document: their headings, their texts, what is amiss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.binding.bound import BoundTable, Position
from auditor.binding.chain import chain_of, rising, strays_of
from auditor.binding.headings import Candidate, candidates_of
from auditor.binding.numbering import value_of
from auditor.binding.passages import (
    Passage,
    Place,
    between,
    hidden_between,
    outside,
    paragraphs,
    passages_of,
    within,
    wrap_width,
)
from auditor.binding.patterns import announces
from auditor.form import Form, SectionForm
from auditor.model import Document, Location, Observation
from auditor.text import plain

_SUBSTANCE = 60
_WRAPPED = ("text", "pdf")
_NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class Section:
    """One section as found.

    `heading` is None where no heading was found, `text` None where nothing was read; a heading
    with nothing below it has the text "". `location` is where the heading, else the text starts.
    """

    key: str
    heading: str | None = None
    text: str | None = None
    location: Location = _NOWHERE
    body: Location = _NOWHERE
    span: tuple[Position, Position] | None = None


@dataclass(frozen=True, slots=True)
class Sections:
    """All sections of the form by key, what stands before them, and what was noticed.

    `head` are the lines before the first heading (for title and dates), `opening` the text of
    those that follow the title; `read` counts the sections whose heading was found.
    """

    found: Mapping[str, Section]
    opening: str | None
    head: tuple[Passage, ...]
    passages: tuple[Passage, ...]
    observations: tuple[Observation, ...]
    read: int
    wrapped: int = 0


def find_sections(document: Document, form: Form, tables: Mapping[str, BoundTable]) -> Sections:
    """Find the form's headings beside the bound tables and give each section its text."""
    lines = passages_of(document)
    inside = within([(t.begin, t.end) for t in tables.values() if t.begin and t.end])
    free = [x for x in lines if not (x.within and inside(x.at))]
    every = candidates_of(free, form)
    candidates = [c for c in every if not inside(c.at)]
    chain = chain_of(candidates, form, tables)
    strays, repeated = strays_of(candidates, chain)
    headings = sorted([*chain, *strays], key=lambda c: c.place)
    ordered = {c.place for c in _in_order(chain, headings, form, tables)}
    if any(o.kind == "table-repeated" for t in tables.values() for o in t.observations):
        repeated = []  # a second set of tables brings its headings with it
    printed = frozenset(c.order for c in every if _is_numbered(c))
    finder = _Finder(document, form, tables, lines, headings, printed)
    found = {section.key: finder.section(order) for order, section in enumerate(form.sections)}
    observed = [
        *(o for order in range(len(form.sections)) for o in finder.observed(order, found)),
        *(_noted("section-order", c) for c in strays if c.place not in ordered),
        *(_noted("section-repeated", c) for c in repeated),
    ]
    head = finder.head()
    return Sections(
        found=found,
        opening=finder.opening(head),
        head=tuple(head),
        passages=tuple(lines),
        observations=tuple(observed),
        read=len(finder.headed),
        wrapped=finder.wrapped,
    )


def _in_order(
    chain: Sequence[Candidate],
    headings: Sequence[Candidate],
    form: Form,
    tables: Mapping[str, BoundTable],
) -> Sequence[Candidate]:
    """The headings in their order: one that only stands on the wrong side of a table is among
    them, but not where the tables themselves have changed places."""
    begins = [t.begin for x in form.sections if (t := tables.get(x.key)) and t.begin is not None]
    return max(chain, rising(headings), key=len) if begins == sorted(begins) else chain


def _is_numbered(candidate: Candidate) -> bool:
    """Whether a heading is printed in its own words and under its own number."""
    own = value_of(candidate.section.ordinal)
    return candidate.whole and not candidate.changed and candidate.value == own


def _noted(kind: str, candidate: Candidate) -> Observation:
    section = candidate.section
    place = candidate.passage.location
    return Observation(kind, section.name, place, candidate.printed, section.key)


class _Finder:
    """The document between its headings; nothing here changes once it is built."""

    def __init__(
        self,
        document: Document,
        form: Form,
        tables: Mapping[str, BoundTable],
        lines: Sequence[Passage],
        headings: Sequence[Candidate],
        printed: frozenset[int],
    ) -> None:
        """`printed` are the sections whose heading stands somewhere, be it out of place."""
        self.document = document
        self.form = form
        self.tables = tables
        self.lines = outside(lines, tables.values())
        self.headings = headings
        self.headed = {c.order: c for c in headings}
        self.printed = printed
        self.last: Place = (len(lines), 0)
        wraps = document.flattened or document.format in _WRAPPED
        self.wrapped = wrap_width(self.lines) if wraps else 0
        self.cells = {c.passage.at.block for c in headings if c.passage.within}

    def section(self, order: int) -> Section:
        """One section with its text; a text without its heading is told by its place."""
        form = self.form.sections[order]
        heading = self.headed.get(order)
        if heading is not None:
            lines = self.after(heading)
            place = heading.passage.location
            body = lines[0].location if lines else place
            span = (heading.at, self.span_end(heading))
            return Section(form.key, heading.printed, self.text(lines), place, body, span)
        lines = self.orphan(order)
        if lines:
            here = lines[0].location
            span = (lines[0].at, self.bounds(order)[1])
            return Section(form.key, None, self.text(lines), here, here, span)
        return Section(form.key)

    def text(self, lines: Sequence[Passage]) -> str:
        """The lines as paragraphs."""
        return paragraphs(lines, wrapped=self.wrapped)

    def after(self, heading: Candidate) -> list[Passage]:
        """The lines of a section: the rest of the heading's own line, then to the next one."""
        stop = next((c.place for c in self.headings if c.place > heading.place), self.last)
        lines = self.running(between(self.lines, heading.end, stop))
        limit = self._orphan_begin(heading.order)
        kept = [x for x in lines if limit is None or x.at < limit]
        if kept and kept[0].line == heading.end[0]:
            kept[0] = kept[0]._replace(text=kept[0].text.lstrip(" \t\u3000:：.。】]〕"))
        return [x for x in kept if x.text.strip()]

    def running(self, lines: Iterable[Passage]) -> list[Passage]:
        """Without the cells of tables, unless a table holds the headings too."""
        return [x for x in lines if not x.within or x.at.block in self.cells]

    def span_end(self, heading: Candidate) -> Position:
        """Where the next heading or a section without one starts, else the document's end."""
        later = (c.at for c in self.headings if c.place > heading.place)
        end = next(later, Position(len(self.document.blocks)))
        lost = self._orphan_begin(heading.order)
        return end if lost is None or not self.orphan(heading.order + 1) else min(end, lost)

    def _orphan_begin(self, order: int) -> Position | None:
        """Where the text of the next section starts, if that one lost its heading."""
        section = self.form.sections[order]
        bound = self.tables.get(section.key)
        lost = order + 1 < len(self.form.sections) and order + 1 not in self.headed
        return bound.end if bound is not None and lost else None

    def orphan(self, order: int) -> list[Passage]:
        """The text of a section without heading: between its neighbours, if it is there."""
        section = self.form.sections[order]
        if section.table or (self.document.flattened and self._is_open_ended(order)):
            return []
        lines = self.gap(order)
        if order == 0:
            lines = [x for x in lines[1:] if not self._prefatory(x)]
        elif not self._after_table(order):
            return []
        return lines if len(plain("".join(x.text for x in lines))) >= _SUBSTANCE else []

    def _is_open_ended(self, order: int) -> bool:
        """Whether the next section lost its heading, too: where this one ends nobody knows."""
        return order + 1 < len(self.form.sections) and order + 1 not in self.headed

    def _after_table(self, order: int) -> bool:
        """Whether the section before it ends with a bound table, so that what follows is its."""
        before = self.tables.get(self.form.sections[order - 1].key)
        return before is not None and before.end is not None

    def _prefatory(self, line: Passage) -> bool:
        """Whether a line announces the sections instead of being one."""
        bare = plain(line.text)
        named = sum(s.heading.spellings[0] in bare for s in self.form.sections)
        return named >= 2 or announces(self.form, line.text)

    def gap(self, order: int) -> list[Passage]:
        """The lines where a section without heading would stand."""
        begin, end = self.bounds(order)
        return [x for x in self.lines if begin <= x.at < end and not x.within]

    def bounds(self, order: int) -> tuple[Position, Position]:
        """From the end of what stands before a section to the start of what follows."""
        begin, end = Position(0), Position(len(self.document.blocks))
        for other, section in enumerate(self.form.sections):
            bound = self.tables.get(section.key)
            heading = self.headed.get(other)
            if other < order:
                begin = max(begin, *self._places(heading, bound, last=True))
            elif other > order:
                end = min(end, *self._places(heading, bound, last=False), end)
        return begin, end

    def _places(
        self, heading: Candidate | None, bound: BoundTable | None, *, last: bool
    ) -> list[Position]:
        places = [Position(0)] if last else []
        if heading is not None:
            length = heading.end[1] - heading.place[1] if last else 0
            places.append(Position(heading.at.block, heading.at.offset + max(0, length)))
        if bound is not None and bound.begin is not None and bound.end is not None:
            places.append(bound.end if last else bound.begin)
        return places or [Position(len(self.document.blocks))]

    def observed(self, order: int, found: Mapping[str, Section]) -> Iterator[Observation]:
        """What is amiss with one section."""
        form = self.form.sections[order]
        heading = self.headed.get(order)
        if heading is not None:
            yield from self._heading(form, heading)
            return
        section = found[form.key]
        if section.text is not None or form.key in self.tables:
            yield Observation("section-unread", form.name, section.location, "heading", form.key)
            return
        lost = self.document.flattened or order in self.printed or self._hidden(order)
        kind = "section-unread" if lost else "section-missing"
        yield Observation(kind, form.name, Location(), form.heading.text, form.key)

    def _hidden(self, order: int) -> bool:
        """Whether something stands where the section would, which may be it."""
        begin, end = self.bounds(order)
        return hidden_between(self.document, begin, end)

    def _heading(self, form: SectionForm, heading: Candidate) -> Iterator[Observation]:
        place = heading.passage.location
        if not heading.number:
            yield Observation("ordinal-missing", form.name, place, heading.printed, form.key)
        elif heading.value != value_of(form.ordinal):
            yield Observation("ordinal-wrong", form.name, place, heading.printed, form.key)
        if heading.changed:
            yield Observation("heading-changed", form.name, place, heading.printed, form.key)

    def head(self) -> list[Passage]:
        """The lines before the first heading or table, else the first lines."""
        begins = [t.begin for t in self.tables.values() if t.begin is not None]
        end = min(begins, default=Position(len(self.document.blocks)))
        if self.headings and self.headings[0].at < end:
            return list(between(self.lines, (0, 0), self.headings[0].place))
        return [x for x in self.lines if x.at < end]

    def opening(self, head: Sequence[Passage]) -> str | None:
        """The text that precedes the first heading, title included; None without a heading."""
        return self.text(self.running(head)) if self.headings else None
