"""Nothing that is missing passes in silence: sections, tables, rows, cells, one at a time."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.model import Audit, Cell, Document, Outcome, Table
from auditor.pipeline import Bound, Input, Settings, bind_document, judge, read_document
from tests.conftest import ROOT

CLEAN_DATA = next(p for p in sorted((ROOT / "reports_in").glob("*.json")) if "truth" not in p.name)
CLEAN_WORD = ROOT / "reports_in" / "云溪县住房和城乡建设局2022年政府信息公开工作年度报告.docx"


def verdicts(audit: object) -> dict[str, str]:
    assert isinstance(audit, Audit), audit
    return {r.rule: f"{r.outcome} {len(r.findings)}" for r in audit.results}


def worse(audit: Audit) -> bool:
    """Something fails, or could not be judged: never quietly the same."""
    return any(r.outcome in (Outcome.FAIL, Outcome.OPEN) for r in audit.results)


def of_data(data: dict[str, Any], tmp_path: Path, settings: Settings) -> Audit:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    report = bind_document(read_document(Input(path)), settings)
    return judge(Bound(report), settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return json.loads(CLEAN_DATA.read_text(encoding="utf-8"))


def cells() -> list[str]:
    from auditor.schema import load_forms

    form = next(f for f in load_forms(ROOT / "schemas") if f.id == "ogi-2021")
    return [f.path for f in form.required_fields]


def rows() -> list[str]:
    return list(dict.fromkeys(path.rpartition(".")[0] for path in cells()))


SECTIONS = ["overview", "disclosure", "applications", "disputes", "problems", "others"]


def without(data: dict[str, Any], path: str) -> dict[str, Any]:
    data = copy.deepcopy(data)
    *way, last = path.split(".")
    node = data
    for key in way:
        node = node[key]
    del node[last]
    return data


def test_the_sample_is_clean(data: dict[str, Any], tmp_path: Path, settings: Settings) -> None:
    assert not worse(of_data(data, tmp_path, settings))


@pytest.mark.parametrize("path", [*SECTIONS, *rows()])
def test_a_part_taken_from_data_is_missed(
    path: str, data: dict[str, Any], tmp_path: Path, settings: Settings
) -> None:
    assert worse(of_data(without(data, path), tmp_path, settings))


def test_every_cell_taken_from_data_is_missed(
    data: dict[str, Any], tmp_path: Path, settings: Settings
) -> None:
    assert len(cells()) == 200
    silent = [
        path for path in cells() if not worse(of_data(without(data, path), tmp_path, settings))
    ]
    assert not silent


def test_every_cell_blanked_is_seen(
    data: dict[str, Any], tmp_path: Path, settings: Settings
) -> None:
    def blanked(path: str) -> dict[str, Any]:
        new = copy.deepcopy(data)
        *way, last = path.split(".")
        node = new
        for key in way:
            node = node[key]
        node[last] = None
        return new

    silent = [p for p in cells() if not worse(of_data(blanked(p), tmp_path, settings))]
    assert not silent


# --- the same in a document with a grid ---------------------------------------------------------


@pytest.fixture(scope="module")
def word() -> Document:
    return read_document(Input(CLEAN_WORD))


def audited(document: Document, settings: Settings) -> Audit:
    return judge(Bound(bind_document(document, settings)), settings)  # type: ignore[arg-type]


def test_the_document_is_clean(word: Document, settings: Settings) -> None:
    assert not worse(audited(word, settings))


def tables(document: Document) -> list[int]:
    return [n for n, block in enumerate(document.blocks) if isinstance(block, Table)]


def test_every_table_taken_out_is_missed(word: Document, settings: Settings) -> None:
    assert len(tables(word)) >= 3
    for n in tables(word):
        rest = (*word.blocks[:n], *word.blocks[n + 1 :])
        assert worse(audited(replace(word, blocks=rest), settings)), n


def without_row(table: Table, row: int) -> Table:
    """The table as a word processor leaves it when one of its rows is deleted."""
    kept: list[Cell] = []
    for c in table.cells:
        last = c.row + c.row_span - 1
        if c.row == row and c.row_span == 1:
            continue
        if c.row > row:
            kept.append(c._replace(row=c.row - 1))
        elif c.row <= row <= last:
            kept.append(c._replace(row_span=c.row_span - 1))
        else:
            kept.append(c)
    return replace(table, cells=tuple(kept), rows=table.rows - 1)


def test_every_row_taken_out_is_missed(word: Document, settings: Settings) -> None:
    numbers = 0
    for n in tables(word):
        table = word.blocks[n]
        assert isinstance(table, Table)
        for row in range(table.rows):
            held = [c for c in table.cells if c.row == row]
            if not any(c.text.strip().isdigit() for c in held):
                continue
            numbers += 1
            new = without_row(table, row)
            blocks = (*word.blocks[:n], new, *word.blocks[n + 1 :])
            assert worse(audited(replace(word, blocks=blocks), settings)), (n, row)
    assert numbers >= 30


def test_every_number_wiped_out_is_seen(word: Document, settings: Settings) -> None:
    count = 0
    for n in tables(word):
        table = word.blocks[n]
        assert isinstance(table, Table)
        for i, c in enumerate(table.cells):
            if not c.text.strip().replace(".", "", 1).isdigit():
                continue
            count += 1
            cells_ = (*table.cells[:i], c._replace(text=""), *table.cells[i + 1 :])
            blocks = (*word.blocks[:n], replace(table, cells=cells_), *word.blocks[n + 1 :])
            assert worse(audited(replace(word, blocks=blocks), settings)), (n, c)
    assert count == 200


def test_every_section_taken_out_is_missed(word: Document, settings: Settings) -> None:
    headings = [
        n
        for n, block in enumerate(word.blocks)
        if not isinstance(block, Table | type(None))
        and getattr(block, "text", "")[:2] in {f"{o}、" for o in "一二三四五六"}
    ]
    assert len(headings) == 6
    ends = [*headings[1:], len(word.blocks)]
    for start, end in zip(headings, ends, strict=True):
        rest = (*word.blocks[:start], *word.blocks[end:])
        assert worse(audited(replace(word, blocks=rest), settings)), word.blocks[start]
