"""Tables that are laid out alike: what was worked out for one of them serves the next.

Reports are written on the same few templates, in which only the figures differ. Which cell is
which field depends on the words of a table, on its spans and on where figures and blanks stand,
never on the figures themselves; so it is kept by those, and only the cells are read anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.binding.labels import vocabularies
from auditor.form import Field, Form
from auditor.model import Observation, Table

_LAYOUTS = 64
_CELLS = 2_000
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_DIGITS = re.compile("[0-9]")
_NUMERIC = re.compile("[0-9]{5}")

Spot = tuple[int, int]
"""A table of the document, counted from 1, and the index of a cell or of a row in it."""
Layout = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One table of the form as found: the cells of each field, and whether they are in doubt.

    `begin` and `end` count rows.
    """

    key: str
    cells: tuple[tuple[Field, tuple[Spot, ...], bool], ...]
    observations: tuple[Observation, ...]
    begin: Spot
    end: Spot
    score: float


Plans = tuple[Plan, ...]
Tables = Sequence[tuple[int, Table]]


def planned(tables: Tables, form: Form, work: Callable[[], Plans]) -> Plans:
    """What `work` gives for these tables, or gave for others that are laid out like them."""
    layout = layout_of(tables) if _has_words(form) else None
    if layout is None:
        return work()
    known = _known(form)
    plans = known.get(layout)
    if plans is None:
        if len(known) >= _LAYOUTS:
            known.pop(next(iter(known)))
        plans = known[layout] = work()
    return plans


def layout_of(tables: Tables) -> Layout | None:
    """All of some tables but their figures; None where cells have places or doubts of their own."""
    if sum(len(table.cells) for _, table in tables) > _CELLS:
        return None
    layout: list[object] = []
    for _, table in tables:
        layout += (table.rows, table.columns, table.location.page)
        for c in table.cells:
            if c.page or c.doubt or c.box or c.readings or c.confidence is not None:
                return None
            layout += (c.row, c.column, c.row_span, c.column_span, _words(c.text))
    return tuple(layout)


@lru_cache(maxsize=4096)
def _words(text: str) -> str | None:
    """A text, unless it is a figure and nothing else."""
    return None if _FIGURE.fullmatch(text) else text


@lru_cache(maxsize=16)
def _known(form: Form) -> dict[Layout, Plans]:
    return {}


@lru_cache(maxsize=16)
def _has_words(form: Form) -> bool:
    """Whether every label is made of words, so that no figure can be taken for one."""
    known = (text for words in vocabularies(form).values() for text in words.known)
    return not any(_NUMERIC.match(x) or 2 * len(_DIGITS.findall(x)) >= len(x) for x in known)
