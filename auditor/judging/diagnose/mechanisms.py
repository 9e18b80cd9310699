"""How a slip may have come about, and how likely it is that it gives just this figure.

Of all slips of one cell a mechanism makes up a share (RATES); within it, one figure out of several
comes about (a digit can be dropped in as many ways as there are digits). The shares were chosen by
hand, from slips seen in real reports; `benchmarks/localisation.py` and `auditor rules challenge`
measure what they come to, on these mechanisms and on others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from auditor.judging.diagnose.usual import commonness

RATES: Final[Mapping[str, float]] = {
    "total-left-at-zero": 1.0,  # an omission, not a slip of the pen: it has a rate of its own
    "zeroed": 0.25,
    "off-by-one": 0.09,
    "off-by-a-few": 0.06,
    "digits-transposed": 0.1,
    "digit-dropped": 0.1,
    "digit-changed": 0.12,
    "digit-doubled": 0.05,
    "zero-added": 0.03,
    "digit-added": 0.03,
    "copied": 0.08,
    "other": 0.1,
}
WORDS: Final = (*RATES, "reread", "exchanged", "follows")
"""Every mechanism of a single change."""

_FEW = 3


def ways(
    read: int, true: int, *, total: bool, beside: Sequence[int] = ()
) -> Iterator[tuple[str, float]]:
    """(mechanism, how likely it gives `read` where `true` ought to stand), for all that can."""
    yield "other", RATES["other"] * (commonness(read) if read else 0.05)
    wrong, right = str(read), str(true)
    yield from _whole(read, true, total=total, beside=beside)
    if _transposed(wrong, right):
        yield "digits-transposed", RATES["digits-transposed"] / (len(right) - 1)
    if _dropped(right, wrong):
        yield "digit-dropped", RATES["digit-dropped"] / len(right)
    if len(wrong) == len(right) and _differ(wrong, right) == 1:
        # In a number of one digit "a digit changed" says nothing.
        name = "digit-changed" if len(right) > 1 else _near(abs(read - true))
        yield name, RATES["digit-changed"] / (9 * len(right))
    if _dropped(wrong, right):
        if _doubled(wrong, right):
            yield "digit-doubled", RATES["digit-doubled"] / len(right)
        yield "digit-added", RATES["digit-added"] / (10 * (len(right) + 1))


def _whole(
    read: int, true: int, *, total: bool, beside: Sequence[int]
) -> Iterator[tuple[str, float]]:
    """The mechanisms that do not look at digits."""
    if read == 0:
        name = "total-left-at-zero" if total else "zeroed"
        dropped = RATES["digit-dropped"] if true < 10 else 0.0  # its only digit
        copied = 0.5 * RATES["copied"] * beside.count(0) / max(len(beside), 1)
        yield name, RATES[name] + dropped + copied
    elif read in beside:
        yield "copied", RATES["copied"] * beside.count(read) / len(beside)
    away = abs(read - true)
    if (near := _near(away)) != "other":
        yield near, RATES[near] / (2 if away == 1 else 4)  # up or down, by two or three
    if true and read == 10 * true:
        yield "zero-added", RATES["zero-added"]


def _near(away: int) -> str:
    return "off-by-one" if away == 1 else "off-by-a-few" if away <= _FEW else "other"


def likelihoods(
    read: int, true: int, *, total: bool, beside: Sequence[int] = ()
) -> dict[str, float]:
    """How likely each mechanism gives `read` where `true` ought to stand."""
    shares: dict[str, float] = {}
    for name, share in ways(read, true, total=total, beside=beside):
        shares[name] = shares.get(name, 0.0) + share
    return shares


def likeliest(shares: Mapping[str, float]) -> str:
    """The mechanism that has most of it; a named one before none."""
    return max(shares, key=lambda name: (shares[name], name != "other"))


def mechanism(read: int, true: int, *, total: bool, beside: Sequence[int] = ()) -> str:
    """The likeliest way in which `read` may have come to stand where `true` ought to."""
    return likeliest(likelihoods(read, true, total=total, beside=beside))


def misread(read: int, true: int) -> bool:
    """Whether one digit taken for another, missed or seen twice makes the one of the other."""
    wrong, right = str(read), str(true)
    if len(wrong) == len(right):
        return _differ(wrong, right) == 1
    return _dropped(wrong, right) or _dropped(right, wrong)


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
