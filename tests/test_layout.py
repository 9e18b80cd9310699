"""rules fmt: one layout; every value, comment and order stays; done twice it is done once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditor.errors import RulesError, SourceError
from auditor.rulebook.source import load_yaml
from auditor.workbench.layout import comments, laid_out
from tests.conftest import ROOT, Run

pytest.importorskip("ruamel.yaml")
CASES = yaml.safe_load((ROOT / "tests" / "layout.yaml").read_text(encoding="utf-8"))
SHIPPED = sorted((ROOT / "rules").rglob("*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_laid_out(case: dict) -> None:
    assert laid_out(case["before"], "x") == case["after"]
    assert laid_out(case["after"], "x") == case["after"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_shipped_files_are_laid_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert laid_out(text, path.name) == text, "run: auditor rules fmt rules"


_TEXT = (ROOT / "rules" / "ogi" / "fees.yaml").read_text(encoding="utf-8")
_LINES = _TEXT.splitlines()
_MESS = (
    lambda line: line + "   # 注",
    lambda line: "\n\n" + line,
    lambda line: f"# 上\n{line}",
    lambda line: f"        # 远\n{line}",
    lambda line: re.sub(r": (?=\S)", ":   ", line, count=1),
    lambda line: line.replace("{", "{  ").replace("[", "[ "),
    lambda line: line.replace(", ", ",\n         ", 1),
    lambda line: line + "     ",
)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, len(_LINES) - 1), st.integers(0, len(_MESS) - 1)), max_size=8)
)
def test_however_it_was_written(mess: list[tuple[int, int]]) -> None:
    lines = list(_LINES)
    for number, kind in mess:
        lines[number] = _MESS[kind](lines[number])
    text = "\n".join(lines)
    try:
        value = load_yaml(text)
    except SourceError:
        assume(False)
    try:
        found = laid_out(text, "x")
    except RulesError:  # it says so rather than lose a comment
        return
    assert load_yaml(found) == value
    assert comments(found) == comments(text)
    assert laid_out(found, "x") == found


def test_a_comment_that_cannot_be_kept_is_told() -> None:
    with pytest.raises(RulesError) as told:
        laid_out("- 编号: X1\n  依据: [甲,   # 四\n    乙]\n", "x.yaml")
    assert told.value.mistakes[0].line == 2


def test_a_broken_file_is_refused_with_its_place(auditor: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("- 编号: X1\n  名称：甲\n", encoding="utf-8")
    done = auditor("rules", "fmt", path)
    assert done.returncode == 2
    assert "x.yaml:2" in done.stderr
    assert path.read_text(encoding="utf-8") == "- 编号: X1\n  名称：甲\n"


def test_the_command_checks_and_mends(auditor: Run, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    path = folder / "x.yaml"
    path.write_text("-   编号:  X1\n", encoding="utf-8")
    done = auditor("rules", "fmt", "--check", "--diff", folder)
    assert done.returncode == 1
    assert "+- 编号: X1" in done.stdout
    assert path.read_text(encoding="utf-8") == "-   编号:  X1\n"
    assert auditor("rules", "fmt", folder).returncode == 0
    assert path.read_text(encoding="utf-8") == "- 编号: X1\n"
    assert auditor("rules", "fmt", "--check", folder).returncode == 0
    assert auditor("rules", "fmt", tmp_path / "nowhere").returncode == 2
