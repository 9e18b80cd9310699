"""The same random reports in every layout: no cell read wrongly, hardly one unread.

A few of each layout; `benchmarks/round_trip.py` does hundreds and prints the table.
"""

from __future__ import annotations

import pytest

from auditor.pipeline import Settings
from tests.round_trip import FOREIGN, LAYOUTS, Tally, available, tally

FIRST = 7_000


def hold(found: Tally, *, inherent: bool = False) -> None:
    cells = found.right + found.wrong + found.open
    assert found.wrong == 0, found.faults
    if not inherent:
        assert found.open * 100 <= cells, found.faults


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
    hold(tally(name, 2, FIRST, settings), inherent=foreign.inherent)
