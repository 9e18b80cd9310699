"""What a rule set must reach in a challenge, for CI: `detected=0.95`, `表三:pinned=1`.

`misled` is a ceiling, all others are floors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.appraisal.challenge import MEASURES, Outcomes, Shares
from auditor.errors import Said, UsageError
from auditor.rulebook.job import table_of
from auditor.text import decimal

CEILINGS = ("misled",)


@dataclass(frozen=True, slots=True)
class Floor:
    """One demand, for a table by its number, short name or key, or "" for all trials."""

    text: str
    table: str
    measure: str
    share: Decimal

    def missed(self, shares: Shares) -> bool:
        """Whether it is not met."""
        got = shares.counts[self.measure]
        wanted = self.share * shares.trials
        return got > wanted if self.measure in CEILINGS else got < wanted


def floors(texts: Sequence[str]) -> tuple[Floor, ...]:
    """The demands; several may stand in one text, parted by commas. Raises UsageError."""
    return tuple(_floor(part.strip()) for text in texts for part in text.split(",") if part.strip())


def _floor(text: str) -> Floor:
    scope, _, rest = text.rpartition(":")
    measure, _, number = rest.partition("=")
    share = decimal(number.strip())
    if measure not in MEASURES or share is None or not 0 <= share <= 1:
        said = Said(
            f"--floor 要写成 detected=0.95 或 表三:pinned=1，不是 '{text}'",
            f"--floor is like detected=0.95 or applications:pinned=1, not '{text}'",
        )
        raise UsageError(said)
    return Floor(text, scope, measure, share)


def missed(found: Outcomes, wanted: Sequence[Floor]) -> list[tuple[Floor, Shares]]:
    """The demands that were not met. Raises UsageError for a table that the form does not have."""
    return [(floor, of) for floor in wanted if floor.missed(of := _scope(found, floor))]


def _scope(found: Outcomes, floor: Floor) -> Shares:
    if not floor.table:
        return found.total
    table = table_of(found.form, floor.table)
    if table is None:
        said = Said(f"--floor：没有这张表 '{floor.table}'", f"--floor: no table '{floor.table}'")
        raise UsageError(said)
    return found.by_table().get(table.key, Shares(0, dict.fromkeys(MEASURES, 0)))
