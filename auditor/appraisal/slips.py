"""Slips of the pen and of the keyboard, as people make them: what is put into clean reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

Slip = Callable[[Random, int, Sequence[int]], int]
"""(random, what ought to stand there, the figures beside it) → what stands there, or the same."""


def _zero(random: Random, true: int, beside: Sequence[int]) -> int:
    return 0


def _transpose(random: Random, true: int, beside: Sequence[int]) -> int:
    digits = list(str(true))
    if len(digits) < 2:
        return true
    at = random.randrange(len(digits) - 1)
    digits[at : at + 2] = reversed(digits[at : at + 2])
    return int("".join(digits))


def _drop(random: Random, true: int, beside: Sequence[int]) -> int:
    digits = str(true)
    at = random.randrange(len(digits))
    return int(digits[:at] + digits[at + 1 :] or "0")


def _few(random: Random, true: int, beside: Sequence[int]) -> int:
    return max(0, true + random.choice((-3, -2, -1, 1, 2, 3)))


def _anything(random: Random, true: int, beside: Sequence[int]) -> int:
    return random.randint(0, 400)


def _neighbour(random: Random, true: int, beside: Sequence[int]) -> int:
    return random.choice(beside) if beside else true


def _tenfold(random: Random, true: int, beside: Sequence[int]) -> int:
    return true * 10


def _double(random: Random, true: int, beside: Sequence[int]) -> int:
    digits = str(true)
    at = random.randrange(len(digits))
    return int(digits[: at + 1] + digits[at:])


def _digit(random: Random, true: int, beside: Sequence[int]) -> int:
    digits = list(str(true))
    at = random.randrange(len(digits))
    digits[at] = random.choice("0123456789" if at else "123456789")
    return int("".join(digits))


KINDS: Final[Mapping[str, Slip]] = {
    "zero": _zero,
    "transpose": _transpose,
    "drop": _drop,
    "few": _few,
    "double": _double,
    "digit": _digit,
    "anything": _anything,
    "neighbour": _neighbour,
    "tenfold": _tenfold,
}
"""Every kind of slip by name. The last three are no mechanism that the ranking knows."""


def slip(
    random: Random, true: int, beside: Sequence[int], kinds: Sequence[str]
) -> tuple[str, int] | None:
    """(kind, wrong figure); None where no kind changes this figure."""
    order = list(kinds)
    random.shuffle(order)
    for kind in order:
        wrong = KINDS[kind](random, true, beside)
        if wrong != true:
            return kind, wrong
    return None
