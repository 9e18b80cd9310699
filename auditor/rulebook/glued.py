"""Cells whose digits are printed without a gap: what each of them may be, whatever the split."""

from __future__ import annotations

from auditor.rulebook.facts import Facts


def ruled_out(path: str, value: int, facts: Facts) -> str:
    """The glued digits of a cell, if no split of them gives this number there; else empty.

    Cells of one run share the printed digits and their place. The first of them takes digits from
    the beginning, the last from the end, one between from anywhere.
    """
    notes = facts.observed.get("unreadable", ())
    mine = next((o for o in notes if o.path == path and o.detail.isdigit()), None)
    if mine is None:
        return ""
    run = [
        o.path for o in notes if (o.detail, o.location.span) == (mine.detail, mine.location.span)
    ]
    if len(run) < 2 or mine.location.span is None:
        return ""
    digits, told, at = mine.detail, str(value), run.index(path)
    possible = told in digits
    if at == 0:
        possible = digits.startswith(told)
    elif at == len(run) - 1:
        possible = digits.endswith(told)
    return "" if possible else digits
