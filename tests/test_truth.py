"""Real documents and the project's own samples against their known truth: none wrong.

The folder of real documents is named by AUDITOR_TRUTH (a folder with a truth.json); without it
that part is skipped. In the project's own samples nothing that is printed plainly may be open.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import DocumentError
from auditor.model import Refusal, Report
from auditor.pipeline import Input, Settings, bind_document, read_document
from tests.conftest import ROOT

SAMPLES = ROOT / "reports_in"
REAL = Path(os.environ["AUDITOR_TRUTH"]) if os.environ.get("AUDITOR_TRUTH") else None


def truths(folder: Path | None) -> list[tuple[Path, dict[str, Any]]]:
    if folder is None or not (folder / "truth.json").is_file():
        return []
    found = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return [(folder / name, truth) for name, truth in sorted(found.items())]


def bound(path: Path, settings: Settings) -> Report | Refusal:
    return bind_document(read_document(Input(path)), settings)


def cell(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data.get(key) if isinstance(data, dict) else None
    return data


def compare(report: Report, cells: dict[str, Any]) -> tuple[list[str], list[str]]:
    """(wrong, open): a printed blank that was read as a number is wrong, too."""
    wrong, unread = [], []
    for path, true in cells.items():
        read = cell(report.data, path)
        if read is None:
            if true is not None:
                unread.append(path)
        elif true is None or Decimal(str(read)) != Decimal(str(true)):
            wrong.append(f"{path}: read {read}, true {true}")
    return wrong, unread


@pytest.mark.skipif(REAL is None, reason="AUDITOR_TRUTH names no folder with a truth.json")
@pytest.mark.parametrize(("path", "truth"), truths(REAL), ids=lambda v: getattr(v, "name", ""))
def test_real_documents_have_no_wrong_cell(
    path: Path, truth: dict[str, Any], settings: Settings
) -> None:
    if verdict_of(path, settings) == "unsupported":
        pytest.skip(f"{path.suffix} is not read yet")
    report = bound(path, settings)
    assert isinstance(report, Report), report
    wrong, unread = compare(report, truth["cells"])
    assert not wrong
    assert report.form == truth["form"]
    assert report.period == truth["period"]
    print(f"{path.name}: {len(truth['cells'])} cells, {len(unread)} open")


@pytest.mark.skipif(REAL is None, reason="AUDITOR_TRUTH names no folder with a truth.json")
def test_files_without_truth_are_refused_or_read(settings: Settings) -> None:
    """What the truth does not name is no report of a known form: each has its own verdict."""
    assert REAL is not None
    named = {path.name for path, _ in truths(REAL)} | {"truth.json", "README.md"}
    for path in sorted(REAL.iterdir()):
        if path.name not in named:
            verdict = bound(path, settings)
            assert isinstance(verdict, Refusal), path.name
            assert verdict.kind in ("template", "old-form", "not-a-report")


@pytest.mark.parametrize(("path", "truth"), truths(SAMPLES), ids=lambda v: getattr(v, "name", ""))
def test_samples_are_read_right(path: Path, truth: dict[str, Any], settings: Settings) -> None:
    if "verdict" in truth:
        assert verdict_of(path, settings) == truth["verdict"]
        return
    report = bound(path, settings)
    assert isinstance(report, Report), report
    wrong, unread = compare(report, truth["cells"])
    assert not wrong
    assert (report.form, report.period) == (truth["form"], truth["period"])
    glued = any(seen.kind == "inferred" for seen in report.observations)
    spoiled = {d.get("cause") or d["where"] for d in truth["defects"]}
    plain = [p for p in unread if p not in spoiled and not glued]
    assert not plain


def verdict_of(path: Path, settings: Settings) -> str:
    try:
        report = bound(path, settings)
    except DocumentError as error:
        return error.kind
    return report.kind if isinstance(report, Refusal) else "report"


@pytest.mark.parametrize(("path", "truth"), truths(SAMPLES), ids=lambda v: getattr(v, "name", ""))
def test_every_value_has_a_place(path: Path, truth: dict[str, Any], settings: Settings) -> None:
    if "verdict" in truth:
        pytest.skip("no report")
    report = bound(path, settings)
    assert isinstance(report, Report)
    read = [p for p in truth["cells"] if cell(report.data, p) is not None]
    assert read
    for p in read:
        place = report.locations[p]
        assert place.label, p
        assert place.source == path.as_posix(), p
