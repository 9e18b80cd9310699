"""How a slip may have come about: the likelier the mechanism, the likelier the culprit.

Weights are logarithms of how much commoner a mechanism is than a number from nowhere. They were
chosen by hand from slips seen in real reports (totals left at 0 first of all) and checked by
`auditor rules challenge` on slips of these kinds and of others; only their order matters much.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "reread": 6.0,  # the reader was in doubt: blame it before the author
    "total-left-at-zero": 5.5,
    "digits-transposed": 5.0,
    "exchanged": 5.0,
    "zeroed": 4.6,
    "digit-dropped": 4.5,
    "digit-doubled": 4.0,
    "off-by-one": 3.2,
    "off-by-a-few": 3.0,
    "digit-added": 2.5,
    "digit-changed": 2.5,
    "other": 0.0,
}
_FEW = 3
_OF_A_DIGIT = frozenset(("digit-dropped", "digits-transposed", "digit-changed"))


def mechanism(read: int, true: int, *, total: bool) -> str:
    """How `read` may have come to stand where `true` ought to."""
    if read == 0:
        return "total-left-at-zero" if total else "zeroed"
    wrong, right = str(read), str(true)
    for name, holds in (
        ("digits-transposed", _transposed(wrong, right)),
        ("digit-dropped", _dropped(right, wrong)),
        ("digit-doubled", _dropped(wrong, right) and _doubled(wrong, right)),
        ("off-by-one", abs(read - true) == 1),
        ("digit-added", _dropped(wrong, right)),
        ("off-by-a-few", abs(read - true) <= _FEW),
        ("digit-changed", len(wrong) == len(right) > 1 and _differ(wrong, right) == 1),
    ):
        if holds:
            return name
    return "other"


def weight(name: str, read: int, true: int) -> float:
    """The weight of a mechanism; of a long number any one digit is the less likely culprit."""
    digits = len(str(true)) - 1 if name in _OF_A_DIGIT else 0
    return WEIGHTS[name] - 0.3 * digits - 0.01 * len(str(abs(read - true)))


def _transposed(wrong: str, right: str) -> bool:
    """Two neighbouring digits have changed places: 12 for 21."""
    if len(wrong) != len(right):
        return False
    places = [n for n, (a, b) in enumerate(zip(wrong, right, strict=True)) if a != b]
    if len(places) != 2 or places[1] - places[0] != 1:
        return False
    first, second = places
    return wrong[first] == right[second] and wrong[second] == right[first]


def _dropped(whole: str, short: str) -> bool:
    """`short` is `whole` without one of its digits."""
    return len(whole) == len(short) + 1 and any(
        whole[:n] + whole[n + 1 :] == short for n in range(len(whole))
    )


def _doubled(whole: str, short: str) -> bool:
    return any(
        whole[n] == whole[n - 1] and whole[:n] + whole[n + 1 :] == short
        for n in range(1, len(whole))
    )


def _differ(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
