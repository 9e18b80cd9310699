"""Column labels that are not recognised, told by their neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditor.form import Field
from auditor.model import Cell

SIMILAR = 0.5

Heads = list[tuple[Cell, Field]]


@dataclass(frozen=True, slots=True)
class Filled:
    """All heads by column; `guessed` are those whose words are too far from the form's."""

    heads: Heads
    changed: tuple[Cell, ...] = ()
    guessed: frozenset[str] = frozenset()


def filled(
    heads: Heads,
    fields: Sequence[Field],
    spare: Sequence[Cell],
    near: Callable[[Cell, Field], float],
) -> Filled:
    """Heads with those that stand, in the form's order, exactly where some are lacking.

    `spare` are the lowest texts of the header that are no head yet, `near` says how near such a
    text is to the label of a field. A text that is not even similar is never read by: its field
    is only guessed.
    """
    order = {f.path: n for n, f in enumerate(fields)}
    known = sorted(heads, key=lambda head: head[0].column)
    numbers = [order[f.path] for _, f in known]
    if not known or len(known) == len(fields) or sorted(set(numbers)) != numbers:
        return Filled(known)
    edges = [(-1, 0), *((order[f.path], c.column + c.column_span) for c, f in known)]
    stops = [*((order[f.path], c.column) for c, f in known), (len(fields), 1 << 30)]
    added: Heads = []
    for (before, left), (after, right) in zip(edges, stops, strict=True):
        lacking = fields[before + 1 : after]
        between = [c for c in spare if c.column >= left and c.column + c.column_span <= right]
        if len(between) == len(lacking):
            added += zip(between, lacking, strict=True)
    guessed = frozenset(f.path for c, f in added if near(c, f) < SIMILAR)
    changed = tuple(c for c, f in added if f.path not in guessed)
    return Filled(sorted([*known, *added], key=lambda h: h[0].column), changed, guessed)
