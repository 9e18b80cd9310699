"""Typical mistakes of rule authors: one complaint each, at the right place, with the cure.

tests/mistakes.yaml holds the mistakes, tests/mistakes/ the rules that are in order.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.errors import Mistake, RulesError
from auditor.form import Form
from auditor.model import Outcome
from auditor.rulebook.apply import apply
from auditor.rulebook.edits import valid
from auditor.rulebook.examples import check_examples
from auditor.rulebook.load import load_rules
from auditor.rulebook.prepare import check_all, prepare
from auditor.rulebook.rule import RuleSet
from auditor.workbench.style import style
from auditor.workbench.telling import mended_line
from auditor.workbench.wrong import everything_wrong
from tests.conftest import ROOT

MISTAKES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "mistakes.yaml").read_text("utf-8")
)
RIGHT = ROOT / "tests" / "mistakes"


def found(folder: Path, forms: tuple[Form, ...]) -> list[tuple[str, Mistake]]:
    """Everything that is said: (name of the check of style, or "", what is said)."""
    reading = everything_wrong(folder, forms)
    slips = style(reading.sound, forms, whole=not reading.mistakes)
    return [*(("", m) for m in reading.mistakes), *((s.check, s.mistake) for s in slips)]


def written(folder: Path, mistake: dict[str, Any]) -> tuple[str, int]:
    """The rules with the mistake in them; the file's text and where it was changed."""
    shutil.copytree(RIGHT, folder, dirs_exist_ok=True)
    path = folder / mistake.get("file", "rules.yaml")
    text = path.read_text("utf-8")
    old = mistake["old"]
    assert text.count(old) >= 1, "the edit does not fit"
    changed = text.index(old)
    text = text.replace(old, mistake["new"], 1)
    path.write_text(text, "utf-8")
    return text, text.rfind("\n", 0, changed) + 1


def place(mistake: dict[str, Any], text: str, changed: int) -> tuple[int, int]:
    """Line and column where it must be complained of, from 1."""
    at = mistake["at"]
    index = text.rfind(at, 0, changed) if mistake.get("back") else text.index(at, changed)
    assert index >= 0
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m["name"])
def test_one_complaint_at_the_right_place(
    mistake: dict[str, Any], tmp_path: Path, forms: tuple[Form, ...]
) -> None:
    folder = tmp_path / "small"
    text, changed = written(folder, mistake)
    said = [(check, m) for check, m in found(folder, forms)
            if not (check == "unused" and mistake.get("also_unused"))]  # fmt: skip
    assert len(said) == 1, "\n\n".join(m.shown() for _, m in said) or "nothing was said"
    [(check, one)] = said
    assert check == mistake.get("style", "")
    assert mistake["says"] in one.said.zh
    assert one.said.en != one.said.zh
    target = mistake.get("in", mistake.get("file", "rules.yaml"))
    assert one.file.endswith(target)
    if "in" in mistake:
        text, changed = (folder / target).read_text("utf-8"), 0
    if mistake["at"]:
        line, column = place(mistake, text, changed)
        assert (one.line, mistake.get("lax") or one.column) == (line, mistake.get("lax") or column)
    if "suggests" in mistake:
        assert one.suggestions[0] == mistake["suggests"]
        mend(folder / target, one, text)
        left = [m for check, m in found(folder, forms) if check != "unused"]
        assert all(mistake.get("leaves", "\0") in m.said.zh for m in left), [
            m.shown() for m in left
        ]


def mend(path: Path, one: Mistake, text: str) -> None:
    """Put the suggestion where the wrong word stands."""
    lines = text.split("\n")
    line = mended_line(one, text)
    assert line is not None, "two suggestions are as good as each other"
    lines[one.line - 1] = line
    path.write_text("\n".join(lines), "utf-8")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m["name"])
def test_no_mistake_accuses_a_correct_report(
    mistake: dict[str, Any], tmp_path: Path, forms: tuple[Form, ...]
) -> None:
    """Either the rules are refused before any report is opened, or a correct report passes."""
    folder = tmp_path / "small"
    written(folder, mistake)
    try:
        rules = load_rules(folder)
        check_all(rules, forms)
        check_examples(rules, forms)
    except RulesError:
        refused = True
    else:
        refused = False
        assert accused(rules, forms) == []
    assert refused == ("style" not in mistake)


def accused(rules: RuleSet, forms: tuple[Form, ...]) -> list[str]:
    """The rules that fail a report in which everything is in order."""
    return [
        result.rule
        for form in forms
        if form.id in rules.forms
        for result in (apply(one, valid(form)) for one in prepare(rules, form, None))
        if result.outcome is Outcome.FAIL
    ]


def test_the_rules_without_mistakes_are_in_order(forms: tuple[Form, ...]) -> None:
    assert found(RIGHT, forms) == []
    assert accused(load_rules(RIGHT), forms) == []


def test_there_are_enough_mistakes() -> None:
    assert len(MISTAKES) >= 60
    assert len({m["name"] for m in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize("name", ["ogi", "ogi-local-example"])
def test_the_shipped_rules_are_clean(name: str, forms: tuple[Form, ...]) -> None:
    """No mistake, no slip of style: what staff copy from must be right."""
    assert [m.shown() for _, m in found(ROOT / "rules" / name, forms)] == []


def test_the_english_rule_in_the_guide_is_clean(tmp_path: Path, forms: tuple[Form, ...]) -> None:
    """The rule of rules/README.md in English; test_rules_readme.py follows the Chinese steps."""
    shutil.copytree(ROOT / "rules" / "ogi", tmp_path / "ogi")
    guide = (ROOT / "rules" / "README.md").read_text("utf-8")
    [block] = [b for b in guide.split("```yaml\n")[1:] if b.startswith("- id: A99")]
    (tmp_path / "ogi" / "own.yaml").write_text(block.partition("```")[0], "utf-8")
    said = [m.shown() for _, m in found(tmp_path / "ogi", forms)]
    assert len(said) == 0, said


def test_a_file_in_another_encoding_is_one_mistake(tmp_path: Path, forms: tuple[Form, ...]) -> None:
    shutil.copytree(RIGHT, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "rules.yaml"
    path.write_bytes(path.read_text("utf-8").encode("gb18030"))
    [(_, one)] = found(tmp_path, forms)
    assert "UTF-8" in one.said.zh


def test_taking_the_id_of_a_rule_that_is_extended_is_told(
    tmp_path: Path, forms: tuple[Form, ...]
) -> None:
    shutil.copytree(RIGHT, tmp_path / "small")
    rules = (RIGHT / "rules.yaml").read_text("utf-8")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "ruleset.yaml").write_text(
        '编号: mine\n版本: "1.0.0"\n名称: 本市\n沿用: small\n', "utf-8"
    )
    (mine / "rules.yaml").write_text(rules[: rules.index("- 编号: A02")], "utf-8")
    told = [slip for check, slip in found(mine, forms) if check == "replaced"]
    assert [slip.line for slip in told] == [1]
    assert "A01" in told[0].said.zh
