"""Tables that stand in a document twice: the report's own, and a second set behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.binding.layouts import BEHIND, Plans
from auditor.form import Form


def second_set(plans: Plans, form: Form, blocks: Sequence[int]) -> int:
    """The number of the document's table with which the form's tables begin anew; 0 for none.

    That is the first that belongs to an earlier table of the form than one before it does, once
    the form's last table has begun, or to the last again far behind it: annexes are printed behind
    the report. A table repeated right behind itself is none: which is meant nobody can tell.
    `blocks` are the places of the document's tables.
    """
    order = {table.key: n for n, table in enumerate(form.tables)}
    last, top, before = len(order) - 1, -1, 0
    for number, at in sorted((number, order[key]) for key, number in _used(plans)):
        if (
            top == last
            and number > before
            and (at < last or blocks[number - 1] - blocks[before - 1] > BEHIND)
        ):
            return number
        top, before = max(top, at), number
    return 0


def repeated(plans: Plans, begin: int) -> dict[str, int]:
    """The tables of the form that stand in the second set, with the number of the document's
    table in which each begins."""
    places = sorted((number, key) for key, number in _used(plans) if number >= begin)
    return {key: number for number, key in reversed(places)}


def _used(plans: Plans) -> Iterator[tuple[str, int]]:
    """Which table of the form has cells in which of the document's."""
    for plan in plans:
        numbers = {number for _, spots, _ in plan.cells for number, _ in spots}
        yield from ((plan.key, number) for number in numbers)
