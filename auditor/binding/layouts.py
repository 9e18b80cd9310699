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
from auditor.binding.numbers import is_blank, is_numeric
from auditor.form import Field, Form
from auditor.model import Observation, Table
from auditor.text import plain

_LAYOUTS = 64
_CELLS = 2_000
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_FOREIGN = 0
_DIGITS = re.compile("[0-9]")
_NUMERIC = re.compile("[0-9]{5}")

BEHIND = 4
"""Blocks between two parts of one table: page numbers and headers are fewer, sections more."""

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
    layout = layout_of(tables, form) if _has_words(form) else None
    if layout is None:
        return work()
    known = _known(form)
    plans = known.get(layout)
    if plans is None:
        if len(known) >= _LAYOUTS:
            known.pop(next(iter(known)))
        plans = known[layout] = work()
    return plans


def layout_of(tables: Tables, form: Form) -> Layout | None:
    """All of some tables but their figures; None where cells have places or doubts of their own.

    Of a table in which nothing resembles any label only the shape counts: sites print the title
    and the date of every page in one. Of what stands between them counts whether it is more than
    a page break.
    """
    if sum(len(table.cells) for _, table in tables) > _CELLS:
        return None
    layout: list[object] = []
    before = tables[0][0] if tables else 0
    for block, table in tables:
        layout += (table.rows, table.columns, table.location.page, block - before > BEHIND)
        before = block
        texts = [_words(c.text) for c in table.cells]
        foreign = all(text is None or is_blank(text) or _is_foreign(text, form) for text in texts)
        for c, text in zip(table.cells, texts, strict=True):
            if c.page or c.doubt or c.box or c.readings or c.confidence is not None:
                return None
            word = _FOREIGN if foreign and text and not is_blank(text) else text
            layout += (c.row, c.column, c.row_span, c.column_span, word)
    return tuple(layout)


@lru_cache(maxsize=4096)
def _words(text: str) -> str | None:
    """A text, unless it is a figure and nothing else."""
    return None if _FIGURE.fullmatch(text) else text


@lru_cache(maxsize=8192)
def _is_foreign(text: str, form: Form) -> bool:
    """Whether a text is no label, no part of one and nothing like one."""
    bare = plain(text)
    if not bare or is_numeric(text):
        return False
    return not any(
        words.find(text) or any(bare in known for known in words.known)
        for words in vocabularies(form).values()
    )


@lru_cache(maxsize=16)
def _known(form: Form) -> dict[Layout, Plans]:
    return {}


@lru_cache(maxsize=16)
def _has_words(form: Form) -> bool:
    """Whether every label is made of words, so that no figure can be taken for one."""
    known = (text for words in vocabularies(form).values() for text in words.known)
    return not any(_NUMERIC.match(x) or 2 * len(_DIGITS.findall(x)) >= len(x) for x in known)
