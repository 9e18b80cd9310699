"""The same random reports in every layout: no cell read wrongly, hardly one unread.

A few of each layout; `benchmarks/round_trip.py` does hundreds and prints the table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.binding import validate
from auditor.model import Report
from auditor.pipeline import Input, Settings, bind_document, read_document
from tests.round_trip import FOREIGN, LAYOUTS, Tally, available, drawn, tally, written

FIRST = 7_000


def hold(found: Tally, *, inherent: bool = False, unread: int = 1) -> None:
    cells = found.right + found.wrong + found.open
    assert found.wrong == 0, found.faults
    if not inherent:
        assert found.open * 100 <= unread * cells, found.faults


@pytest.mark.parametrize("name", LAYOUTS)
def test_our_own_layouts(name: str, settings: Settings) -> None:
    inherent = LAYOUTS[name].inherent
    hold(tally(name, 2 if inherent else 4, FIRST, settings), inherent=inherent)


@pytest.mark.parametrize("name", FOREIGN)
def test_layouts_of_other_programs(
    name: str, settings: Settings, tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    foreign = FOREIGN[name]
    if available(foreign.program) is None:
        pytest.skip(f"{foreign.program} is not installed")
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path_factory.mktemp("cache")))
    hold(tally(name, 2, FIRST, settings), unread=foreign.unread)


def test_an_amount_out_of_glued_digits_fits_the_form(settings: Settings) -> None:
    """Digits that were split are whole numbers; an amount is a decimal all the same."""
    form = next(f for f in settings.forms if f.id == "ogi-2019")
    data = written("text: glued", drawn(5_001, blanks=False), settings)
    report = bind_document(read_document(Input(Path("x.txt"), data)), settings)
    assert isinstance(report, Report)
    assert report.form == form.id
    assert validate(report, form) == ()
