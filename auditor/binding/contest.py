"""Which of the printed rows that may be one row of the form are taken for it."""

from __future__ import annotations

from collections import Counter

from auditor.binding.rows import Claim
from auditor.form import TableForm

COVERAGE = 0.6
"""Share of a table that must be there for it to be this one."""

STRAY = 0.3
"""Share below which a table or a line is only a fragment."""


def without_strays(claims: list[Claim]) -> list[Claim]:
    """Without the claims of a small foreign table that only repeats what a large one has."""
    size: dict[int, int] = {}
    for claim in claims:
        number = claim.line.lattice.number
        size[number] = size.get(number, 0) + len(claim.cells)
    stray = set()
    for number, cells in size.items():
        others = {c.row.path for c in claims if c.line.lattice.number != number}
        own = {c.row.path for c in claims if c.line.lattice.number == number}
        if own <= others and cells < STRAY * max(size.values()):
            stray.add(number)
    return [c for c in claims if c.line.lattice.number not in stray]


def contest(claims: list[Claim], table: TableForm) -> list[Claim]:
    """The best claims of each row; a group stands whole only where no child is printed.

    A blank row gives way to one with figures, as where a page cut it, but not to that of another
    whole table.
    """
    rows = {(c.line.lattice.number, c.row.path) for c in claims}
    several = sum(n >= COVERAGE * len(table.rows) for n in Counter(n for n, _ in rows).values()) > 1
    split = {c.row.group for c in claims if c.row.group and not c.row.undivided}
    kept: list[Claim] = []
    for row in table.rows:
        own = [c for c in claims if c.row.path == row.path]
        if row.undivided and row.group in split:
            continue
        best = max((c.rank for c in own), default=None)
        first = [c for c in own if c.rank == best]
        written = [c for c in first if several or c.line.has_numbers()]
        kept += written or first[:1]
    return kept
