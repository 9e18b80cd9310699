"""Rule files in an editor: a real YAML language server completes names and marks mistakes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from tests.language_server import REASON, SERVER, Editor

FILES = sorted(
    p for p in (ROOT / "rules").glob("*/*.yaml") if p.name not in ("ruleset.yaml", "words.yaml")
)
LINE = "# yaml-language-server: $schema=../../schemas/rule.schema.json"
RULE = f"""{LINE}
- 编号: E01
  名称: 示例
  依据: [示例]
  表: 申请
  逐: 行
  应当: 自然人 <= 总计
  示例:
    合格: [{{}}]
    不合格:
      - 申请.本年新收.自然人: 3
"""
pytestmark = pytest.mark.skipif(SERVER is None, reason=REASON)


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """A checkout of rules and schemas with the server running over it."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "rules", folder / "rules")
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    with Editor(folder) as running:
        yield running


def test_nothing_is_wrong_with_a_good_file(editor: Editor) -> None:
    for path in FILES:
        copy = editor.folder / path.relative_to(ROOT)
        assert editor.open(copy, path.read_text(encoding="utf-8")) == [], path.name


def test_a_name_is_completed_with_its_title(editor: Editor) -> None:
    text = RULE + "      - 申请.本年\n"
    editor.write(text)
    line = text.count("\n") - 1
    found = editor.complete(line, len("      - 申请.本年"))
    assert "申请.本年新收.总计" in found
    assert "本年新收政府信息公开申请数量" in found["申请.本年新收.总计"]


def test_keys_and_words_are_completed(editor: Editor) -> None:
    editor.write(RULE.replace("  依据", "  级别: \n  依据"))
    assert {"提示", "一般", "严重", "致命"} <= set(editor.complete(3, len("  级别: ")))
    editor.write(RULE.replace("  表: 申请", "  表: "))
    tables = editor.complete(4, len("  表: "))
    assert "表三" in tables["申请"]
    editor.write(RULE.replace("  依据", "  \n  依据"))
    assert {"适用", "说明", "整改", "例外"} <= set(editor.complete(3, 2))


def test_an_expression_begins_with_a_name(editor: Editor) -> None:
    editor.write(RULE.replace("应当: 自然人 <= 总计", "应当: "))
    found = editor.complete(6, len("  应当: "))
    assert {"本年新收", "申请.本年新收.总计"} <= set(found)


def test_a_title_is_shown_over_a_name(editor: Editor) -> None:
    editor.write(RULE)
    assert "本年新收政府信息公开申请数量" in editor.hover(10, 12)


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("申请.本年新收.自然人: 3", "申请.本年新手.自然人: 3", 10),
        ("申请.本年新收.自然人: 3", "申请.本年新收.自然人: 三", 10),
        ("  逐: 行", "  逐: 航", 5),
        ("  表: 申请", "  表: 申清", 4),
        ("  依据: [示例]", "  依劇: [示例]", 3),
        ("  应当: 自然人 <= 总计", "  应当: 自然人 <= 总计\n  不得: 自然人 > 总计", 1),
    ],
)
def test_a_mistake_is_marked_at_its_line(editor: Editor, right: str, wrong: str, line: int) -> None:
    assert right in RULE
    told = editor.write(RULE.replace(right, wrong))
    assert told
    assert line in {d["range"]["start"]["line"] for d in told}


def test_mixed_spellings_are_no_mistake(editor: Editor) -> None:
    mixed = RULE.replace("申请.本年新收.自然人", "applications.本年新收.natural_person")
    assert editor.write(mixed) == []
