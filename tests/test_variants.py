"""Reports as real pages and files are made: read whole, and never accused of what they have."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest

from auditor.errors import DocumentError
from auditor.model import Report
from auditor.pipeline import Input, Settings, bind_document, read_document
from tests import heading_variants, layout_variants
from tests.page_variants import SHOWN, VARIANTS, page, unread
from tests.round_trip import Sample, compared, drawn

SEEDS = (500, 501)
ACCUSING = frozenset(
    ("section-missing", "section-order", "section-repeated", "heading-changed", "ordinal-missing",
     "ordinal-wrong", "row-missing", "row-extra", "cell-missing", "label-changed", "head-missing",
     "group-undivided", "edition-mismatch", "table-missing", "table-pictured")
)  # fmt: skip


def bound(data: bytes, suffix: str, settings: Settings) -> Report:
    report = bind_document(read_document(Input(f"x{suffix}", data)), settings)
    assert isinstance(report, Report), report
    return report


def accused(report: Report) -> set[str]:
    return {o.kind for o in report.observations} & ACCUSING


@lru_cache(maxsize=8)
def sample(seed: int) -> Sample:
    return drawn(seed)


def at(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data[key]
    return data


def hold(report: Report, of: Sample, shown: frozenset[str]) -> None:
    """All cells right, the head and the sections there, nothing noticed but what is so."""
    wrong, opened, cells = compared(report, of)
    assert not wrong
    assert len(opened) * 100 <= cells, opened
    assert accused(report) <= shown
    assert report.subject.name == of.source["subject"]
    assert report.period == of.source["period"]
    for key in ("overview", "problems", "others"):
        said = re.sub(r"\s", "", at(report.data, f"{key}.text") or "")
        assert said == re.sub(r"\s", "", "".join(of.text(key))), key


@pytest.mark.parametrize("name", VARIANTS)
def test_pages(name: str, settings: Settings) -> None:
    for seed in SEEDS:
        report = bound(VARIANTS[name](sample(seed)).encode(), ".html", settings)
        hold(report, sample(seed), SHOWN[name])


@pytest.mark.parametrize(("name", "make"), list(unread()))
def test_what_is_not_there_to_be_read_is_open(name: str, make: Any, settings: Settings) -> None:
    report = bound(make(sample(500)).encode(), ".html", settings)
    wrong, opened, cells = compared(report, sample(500))
    assert not wrong
    assert len(opened) == cells
    assert accused(report) <= {"table-pictured"}


def test_the_plain_page_is_what_the_others_are_measured_by(settings: Settings) -> None:
    report = bound(page(sample(500)).encode(), ".html", settings)
    assert accused(report) == set()
    with pytest.raises(DocumentError):
        read_document(Input("x.html", b""))


@pytest.mark.parametrize("name", heading_variants.VARIANTS)
def test_headings(name: str, settings: Settings) -> None:
    """A section that is plainly there is never missing, whatever its heading looks like."""
    suffix, data = heading_variants.VARIANTS[name](sample(500))
    report = bound(data, suffix, settings)
    hold(report, sample(500), heading_variants.NOTED.get(name, frozenset()))


@pytest.mark.parametrize("name", layout_variants.VARIANTS)
def test_layouts(name: str, settings: Settings) -> None:
    """Where a section or table stands otherwise, it is found there."""
    plain = sample(500)
    of = replace(plain, source={**plain.source, **layout_variants.EDITED.get(name, {})})
    suffix, data = layout_variants.VARIANTS[name](of)
    report = bound(data, suffix, settings)
    hold(report, of, layout_variants.NOTED[name])
    missed = {o.kind for o in report.observations if o.kind.endswith("-unread")}
    assert not missed


@pytest.mark.parametrize("name", layout_variants.FLAT)
def test_texts(name: str, settings: Settings) -> None:
    """Text in which no cell is empty: without a grid an empty one cannot be seen."""
    of = drawn(500, blanks=False)
    suffix, data = layout_variants.FLAT[name](of)
    hold(bound(data, suffix, settings), of, frozenset())
