"""Numbers as people write them are read exactly, and what is no number is not read."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.rulebook.figures import figure, number

DIGITS = "零一二三四五六七八九"


def below_myriad(n: int) -> str:
    """1 to 9999 as it is read aloud."""
    out, gap = "", False
    for sign, worth in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, n = divmod(n, worth)
        if digit:
            out += ("零" if gap and out else "") + DIGITS[digit] + sign
            gap = False
        else:
            gap = bool(out)
    return out


def spoken(n: int) -> str:
    """0 to 10¹²-1 as it is read aloud."""
    if n == 0:
        return "零"
    out = ""
    for sign, part in (("亿", n // 10**8), ("万", n // 10**4 % 10**4), ("", n % 10**4)):
        if part:
            out += ("零" if out and part < 1000 else "") + below_myriad(part) + sign
    return out


def test_every_number_below_twenty_thousand() -> None:
    wrong = [n for n in range(20_000) if (number(spoken(n)) or (None,))[0] != n]
    assert not wrong


@given(st.integers(0, 10**12 - 1))
def test_numbers_read_aloud(n: int) -> None:
    read = number(spoken(n))
    assert read is not None
    assert read[0] == n


@given(st.integers(0, 10**15))
def test_digits_with_and_without_separators(n: int) -> None:
    for text in (str(n), f"{n:,}"):
        assert number(text) == (n, 1)


@given(st.text(alphabet="零〇一二两十百千万亿0123456789,.余多约", max_size=12))
def test_nothing_is_ever_raised(text: str) -> None:
    read = figure(text)
    assert read is None or read.value >= 0


@given(st.integers(0, 10**9), st.integers(0, 3))
def test_a_number_in_myriads_may_be_what_it_was_cut_or_rounded_from(n: int, places: int) -> None:
    step = Fraction(10_000, 10**places)
    for whole in (n // step, (n / step + Fraction(1, 2)) // 1):
        printed = f"{float(whole * step / 10_000):.{places}f}万"
        read = figure(printed)
        assert read is not None
        assert read.value == whole * step
        assert read.may_be(Fraction(n))


@pytest.mark.parametrize(
    ("printed", "value", "side"),
    [
        ("1.2万", 12_000, None), ("18万余", 180_000, 1), ("18余万", 180_000, 1), ("约40", 40, 0),
        ("40余", 40, 1), ("近300", 300, -1), ("不足10", 10, -1), ("超过5", 5, 1), ("十几", 10, 1),
        ("一百五", 150, None), ("三万五", 35_000, None), ("3千", 3000, None), ("两", 2, None),
        ("二〇二一", 2021, None), ("不超过20", 20, -1),
    ],
)  # fmt: skip
def test_estimates_and_spoken_forms(printed: str, value: int, side: int | None) -> None:
    read = figure(printed)
    assert read is not None
    assert (read.value, read.side) == (value, side)


@pytest.mark.parametrize("text", ["", "百", "百万", "十十", "五五十", "1.", ".5", "1,2", "万"])
def test_what_is_no_number(text: str) -> None:
    assert figure(text) is None
