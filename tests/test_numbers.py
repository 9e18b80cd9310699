"""One cell's text is an exact number, a blank, or open: never a guess."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.binding.bound import State
from auditor.binding.numbers import NumberRead, is_blank, read_number
from auditor.form import Field
from tests.grids import NEW, OLD

COUNT = NEW.fields["applications.new.total"]
CHANGE = OLD.fields["disclosure.licences.change"]
YUAN = OLD.fields["disclosure.procurement.amount"]
MYRIAD = NEW.fields["disclosure.fees.amount"]


@pytest.mark.parametrize(
    ("text", "value", "notes"),
    [
        ("0", 0, ()),
        ("\u3000\u30007 ", 7, ()),
        ("\xa05\u200b", 5, ()),
        ("１２", 12, ("digits-normalised",)),
        ("1,234", 1234, ("digits-normalised",)),
        ("1，234", 1234, ("digits-normalised",)),
        ("1 234", 1234, ("digits-normalised",)),
        ("1,234,567", 1234567, ("digits-normalised",)),
        ("007", 7, ("digits-normalised",)),
        ("3.0", 3, ("digits-normalised",)),
        ("+5", 5, ("digits-normalised",)),
        ("12。", 12, ("digits-normalised",)),
        ("〇", 0, ("digits-normalised",)),
        ("零", 0, ("digits-normalised",)),
        ("139件", 139, ("unit-in-cell",)),
        ("3 件", 3, ("unit-in-cell",)),
        ("251000元", 251000, ("unit-in-cell",)),
        ("3万件", 30000, ("unit-in-cell",)),
        ("1.5万", 15000, ("unit-in-cell",)),
        ("22（其中修订16件）", 22, ("note-in-cell",)),
        ("22\n（其中修订 16 件）", 22, ("note-in-cell",)),
        ("55①", 55, ("note-in-cell",)),
        ("55*", 55, ("note-in-cell",)),
        ("5²", 5, ("note-in-cell",)),
    ],
)
def test_counts(text: str, value: int, notes: tuple[str, ...]) -> None:
    read = read_number(text, COUNT)
    assert (read.state, read.value, read.notes) == (State.READ, value, notes)


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\xa0", "/", "／", "-", "—", "——", "－", "無", "\\",
                                  "无", "空", "－－", "\u200b"])  # fmt: skip
def test_blanks(text: str) -> None:
    for field in (COUNT, CHANGE, YUAN):
        assert read_number(text, field).state is State.BLANK
    assert is_blank(text)


@pytest.mark.parametrize(
    "text",
    ["三", "12 34", "1\n0", "约3件", "3万余件", "1e5", "5%", "增5", "(3)", "12,34", "nan", "inf",
     "①", "½", "0x10", "1O", "O", "○", "〇一", "3/4", "3-4", "2021年1月", "见附件", "9" * 17, "٣", "5美元件的"],
)  # fmt: skip
def test_what_is_no_number_is_open(text: str) -> None:
    read = read_number(text, COUNT)
    assert (read.state, read.value, read.notes) == (State.OPEN, None, ("unreadable",))
    assert read.text


@pytest.mark.parametrize("text", ["-3", "3.5", "－3", "1,234.5"])
def test_numbers_that_no_count_can_be(text: str) -> None:
    read = read_number(text, COUNT)
    assert (read.state, read.value, read.notes) == (State.OPEN, None, ("not-a-count",))


@pytest.mark.parametrize(
    ("text", "value", "notes"),
    [
        ("-185", -185, ()),
        ("增1423", 1423, ("unit-in-cell",)),
        ("减38", -38, ("unit-in-cell",)),
        ("减少38项", -38, ("unit-in-cell",)),
        ("+3", 3, ("digits-normalised",)),
        ("0", 0, ()),
    ],
)
def test_changes(text: str, value: int, notes: tuple[str, ...]) -> None:
    read = read_number(text, CHANGE)
    assert (read.state, read.value, read.notes) == (State.READ, value, notes)


def test_a_change_with_two_signs_is_open() -> None:
    assert read_number("增-3", CHANGE).state is State.OPEN
    assert read_number("1.5", CHANGE).notes == ("not-a-count",)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("251000元", YUAN, "251000"),
        ("251000元", MYRIAD, "25.1"),
        ("23600万元", YUAN, "236000000"),
        ("23600万元", MYRIAD, "23600"),
        ("2601.953875万", MYRIAD, "2601.953875"),
        ("1.5亿元", MYRIAD, "15000"),
        ("7730.28", MYRIAD, "7730.28"),
        ("7,730.28", MYRIAD, "7730.28"),
        ("0", MYRIAD, "0"),
        ("0件", MYRIAD, "0"),
        ("3千元", YUAN, "3000"),
    ],
)
def test_amounts_are_exact_in_the_unit_of_the_form(text: str, field: Field, value: str) -> None:
    read = read_number(text, field)
    assert read.state is State.READ
    assert isinstance(read.value, Decimal)
    assert format(read.value, "f") == value


@pytest.mark.parametrize("text", ["5美元", "25万余元", "12件", "0.1234567890123", "1" * 19])
def test_amounts_in_doubt_are_open(text: str) -> None:
    assert read_number(text, MYRIAD).state is State.OPEN


def test_a_negative_amount_is_none() -> None:
    assert read_number("-3", MYRIAD).notes == ("not-a-count",)


@given(st.integers(0, 10**15))
def test_every_count_is_read_back(number: int) -> None:
    for text in (str(number), f"{number:,}", f" {number}\u3000"):
        assert read_number(text, COUNT).value == number


@given(st.text(max_size=12))
def test_no_text_breaks_it(text: str) -> None:
    for field in (COUNT, CHANGE, YUAN, MYRIAD):
        read = read_number(text, field)
        assert isinstance(read, NumberRead)
        assert (read.value is None) == (read.state is not State.READ)
        assert not isinstance(read.value, float)
