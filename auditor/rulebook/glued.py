"""Cells whose digits are printed without a gap: what each of them may be, whatever the split."""

from __future__ import annotations

from auditor.rulebook.facts import Facts


def may_be(path: str, value: int, facts: Facts) -> bool | None:
    """Whether some split of the digits gives this number there; None where the cell is no such.

    Cells of one run share the printed digits and their place. The first of them takes digits from
    the beginning, the last from the end, one between from anywhere.
    """
    notes = facts.observed.get("unreadable", ())
    mine = next((o for o in notes if o.path == path and o.detail.isdigit()), None)
    if mine is None:
        return None
    run = [
        o.path for o in notes if (o.detail, o.location.span) == (mine.detail, mine.location.span)
    ]
    if len(run) < 2 or mine.location.span is None:
        return None
    digits, told, at = mine.detail, str(value), run.index(path)
    if at == 0:
        return digits.startswith(told)
    return digits.endswith(told) if at == len(run) - 1 else told in digits
