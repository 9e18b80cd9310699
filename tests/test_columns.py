"""The four tables say what the audits say, and every question of the documentation runs."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb")

from auditor.corpus import audit_all
from auditor.corpus.chosen import audited
from auditor.corpus.columns import write
from auditor.corpus.columns.asking import ask, shown
from auditor.corpus.columns.audited import Audited
from auditor.corpus.columns.pieces import Lying
from auditor.corpus.columns.rows import Part
from auditor.corpus.columns.tables import TABLES, markdown
from auditor.corpus.judged import Judged, Order
from auditor.corpus.orders import Laying
from auditor.corpus.shelf import Ref
from auditor.errors import UsageError
from auditor.gather import inputs
from auditor.model import Batch, Outcome, Severity
from auditor.pipeline import Settings
from auditor.readers import known_suffixes
from tests.conftest import ROOT, Run

DOCS = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL)


@pytest.fixture(scope="module")
def batch(settings: Settings) -> Batch:
    return audit_all(inputs([ROOT / "reports_in"], known_suffixes()), settings)


@pytest.fixture(scope="module")
def tables(batch: Batch, settings: Settings, tmp_path_factory: Any) -> Path:
    place: Path = tmp_path_factory.mktemp("columns") / "out"
    write(batch, place, settings, "zh")
    return place


def test_rules_are_named_by_what_they_are(batch: Batch) -> None:
    """One order after another may lie at the same place of memory."""
    part = Part("zh")
    reference = batch.audits[0].rules
    for number in range(200):
        name = f"A{number % 7:02}"
        order = Order((name,) * (1 + number % 3), (Severity.MAJOR,) * (1 + number % 3))
        one = Audited(0, batch.audits[0].report, (), order, reference, None, "", "")  # type: ignore[arg-type]
        found = part._rule_numbers(one, bytes(len(order.rules)), {})
        names = {n: rule for (rule, _, _), n in part.rules.items()}
        assert [names[n] for n in found.tolist()] == list(order.rules)


def rows(question: str, place: Path) -> list[tuple[Any, ...]]:
    return list(ask(question, place).rows)


def test_the_documentation_lists_the_columns() -> None:
    assert DOCS.endswith(markdown())


def test_the_types_are_those_of_the_documentation(tables: Path) -> None:
    for table, columns in TABLES.items():
        found = rows(f"DESCRIBE {table}", tables)
        assert [(row[0], row[1]) for row in found] == [(c.name, c.kind) for c in columns]


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
def test_every_question_of_the_documentation_runs(question: str, tables: Path) -> None:
    found = rows(question, tables)
    assert found or "b.period + 1" in question


def test_nothing_is_lost(batch: Batch, tables: Path) -> None:
    findings = [f for a in batch.audits for r in a.results for f in r.findings]
    assert rows("SELECT count(*) FROM findings", tables) == [(len(findings),)]
    assert rows("SELECT count(*) FROM results", tables) == [
        (sum(len(a.results) for a in batch.audits),)
    ]
    states = Counter({"audited": len(batch.audits), **Counter(r.kind for r in batch.refusals)})
    assert dict(rows("SELECT state, count(*) FROM grades GROUP BY state", tables)) == states
    assert rows("SELECT count(*) FROM grades WHERE unread", tables) == [
        (sum(r.unread for r in batch.refusals),)
    ]


def test_the_tables_say_what_the_audits_say(batch: Batch, tables: Path) -> None:
    for number, audit in enumerate(batch.audits):
        told = rows(
            "SELECT rule, outcome, passed, failed, open, severity FROM results "
            f"WHERE report = {number}", tables,
        )  # fmt: skip
        assert sorted(told) == sorted(
            (r.rule, r.outcome.value, r.passed, r.failed, r.open, r.severity.key)
            for r in audit.results
        )
        [grade] = rows(
            f"SELECT subject, letter, score, failed, source FROM grades WHERE report = {number}",
            tables,
        )
        failed = sum(r.outcome is Outcome.FAIL for r in audit.results)
        assert grade == (
            audit.report.subject.name, audit.grade.letter, audit.grade.score, failed,
            audit.report.source,
        )  # fmt: skip
        told = rows(
            "SELECT message, place, expected, difference, fingerprint FROM findings "
            f"WHERE report = {number}", tables,
        )  # fmt: skip
        findings = [f for r in audit.results for f in r.findings]
        assert {row[4] for row in told} == {f.fingerprint for f in findings}
        assert {row[0] for row in told} == {f.message.zh for f in findings}
        for row in told:
            [one] = [f for f in findings if f.fingerprint == row[4] and f.message.zh == row[0]][:1]
            assert row[1] == one.where.zh
            if isinstance(one.difference, int) and not isinstance(one.difference, bool):
                assert row[3] == one.difference


def test_cells_are_those_of_the_reports(batch: Batch, tables: Path) -> None:
    for number, audit in enumerate(batch.audits):
        told = rows(f"SELECT path, state, value, amount FROM cells WHERE report = {number}", tables)
        blanks = {o.path for o in audit.report.observations if o.kind == "blank-cell"}
        for path, state, value, amount in told:
            node: Any = audit.report.data
            for part in path.split("."):
                node = node.get(part) if isinstance(node, dict) else None
            assert (value if amount is None else shown(amount)) == (
                node if not isinstance(node, str) else shown(amount)
            )
            assert (state == "blank") == (path in blanks)
            assert (node is None) == (state in ("blank", "unread"))


def same(place: Path, tables: Path) -> bool:
    questions = [f"SELECT * FROM {table} ORDER BY ALL" for table in TABLES]
    return all(rows(q, place) == rows(q, tables) for q in questions)


def test_one_process_and_several_write_the_same(
    tables: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    items = inputs([ROOT / "reports_in"], known_suffixes())
    with audited(items, settings, jobs=1, cache=0) as found:
        write(found, tmp_path / "out", settings, "zh")
    assert same(tmp_path / "out", tables)


def test_workers_make_the_tables_in_pieces_and_keep_them(
    tables: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("auditor.corpus.columns.pieces.SIZE", 4)
    items = inputs([ROOT / "reports_in"], known_suffixes())
    entries = []
    for name in ("first", "again"):
        with audited(items, settings, jobs=2, columns="zh") as found:
            assert isinstance(found.audits, Judged)
            assert found.audits.tables is not None
            assert len(found.audits.tables.names) == -(-len(found.audits) // 4) > 2
            write(found, tmp_path / name, settings, "zh")
            write(found, tmp_path / f"{name}-en", settings, "en")  # not the language of the pieces
        assert same(tmp_path / name, tables)
        messages = rows("SELECT message FROM findings", tmp_path / f"{name}-en")
        assert messages != rows("SELECT message FROM findings", tables)
        [kept] = (tmp_path / "cache").rglob("kept.db")
        with closing(sqlite3.connect(kept)) as db:
            entries.append(db.execute("SELECT count(*) FROM entries").fetchone())
    assert entries[0] == entries[1]


def test_a_piece_that_stays_away_leaves_the_tables_to_who_writes_them() -> None:
    lying = [Lying(n, n, "pack", n) for n in range(4)]
    step = Laying({0: lying[:2], 2: lying[2:]}, {n: Ref("pack", n) for n in range(4)})
    assert step.load([2]) == ([lying[2:]], {2: Ref("pack", 2), 3: Ref("pack", 3)})
    step.took([2], ["columns-2"])
    step.died(0)
    step.aside(0)
    assert step.names is None
    step.took([0], ["columns-0"])
    assert step.names == ["columns-0", "columns-2"]


def test_nothing_but_the_tables_can_be_reached(tables: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    for question in (
        f"SELECT * FROM '{secret}'", f"SELECT * FROM read_text('{secret}')",
        f"COPY grades TO '{tmp_path / 'out.csv'}'", f"ATTACH '{tmp_path / 'x.db'}'",
        "INSTALL httpfs", "SELECT * FROM 'https://example.com/x.parquet'",
        "SET enable_external_access = true", "SELEC 1", "SELECT nothing FROM grades",
        "SELECT CAST('x' AS INTEGER)",
    ):  # fmt: skip
        with pytest.raises(UsageError):
            rows(question, tables)
    assert not (tmp_path / "out.csv").exists()
    with pytest.raises(UsageError, match="findings"):
        rows("SELECT 1", tmp_path)


def test_the_commands(auditor: Run, tmp_path: Path) -> None:
    sample = ROOT / "reports_in" / "示例县市场监督管理局2023年政府信息公开工作年度报告.json"
    done = auditor("audit", sample, "--as-of", "2024-02-01", "-f", "parquet=out")
    assert done.returncode in (0, 1), done.stderr
    found = auditor("query", "SELECT subject, letter FROM grades", "out")
    assert "示例县市场监督管理局" in found.stdout
    found = auditor("query", "SELECT report, score FROM grades", "out", "-f", "json")
    assert json.loads(found.stdout)[0]["report"] == 0
    found = auditor("query", "SELECT '=1+1' AS x, 2 AS y", "out", "-f", "csv")
    assert found.stdout.splitlines()[1] == "'=1+1,2"
    wrong = auditor("query", "SELECT x FROM grades", "out")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
    bare = auditor("audit", sample, "-f", "parquet")
    assert bare.returncode == 2
    assert "parquet=" in bare.stderr


def test_without_duckdb_it_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['duckdb'] = None; sys.argv[0] = 'auditor'; "
        "from auditor.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "query", "SELECT 1", str(tmp_path)], check=False,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 2
