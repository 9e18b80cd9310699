"""rules/README.md followed to the letter: its commands in order, its rules as they stand there."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

from tests.conftest import ROOT, Run

TEXT = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
CHINESE, ENGLISH = TEXT.split("# How to write a rule\n")
SAMPLE = "示例县市场监督管理局2023年政府信息公开工作年度报告.json"


def blocks(text: str, kind: str) -> list[str]:
    found = re.findall(rf"^( *)```{kind}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(body) for _, body in found]


def test_it_is_one_page() -> None:
    assert len(CHINESE.splitlines()) <= 60
    assert len(ENGLISH.splitlines()) <= 25


def test_every_step_works_as_it_is_written(auditor: Run, tmp_path: Path) -> None:
    (tmp_path / "reports_in").mkdir()
    shutil.copy(ROOT / "reports_in" / SAMPLE, tmp_path / "reports_in")
    init, *rest = [line for block in blocks(CHINESE, "sh") for line in block.splitlines()]
    assert auditor(*init.split()[1:]).returncode == 0
    [entry] = blocks(CHINESE, "yaml")
    rules = tmp_path / "本市" / "rules" / "ogi-local-example" / "local.yaml"
    assert rules.as_posix().endswith(re.search(r"打开 `(本市/[^`]+)`", CHINESE)[1])
    with rules.open("a", encoding="utf-8") as file:
        file.write("\n" + entry)
    told = ""
    assert len(rest) >= 6
    for command in rest:
        assert command.startswith("auditor rules ")
        done = auditor(*command.split()[1:])
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        told += done.stdout
    assert "表三的每一行：自然人 不得大于 总计。" in told
    assert "L09" in told.partition("规则对比")[2]
    [last] = re.findall(r"`(auditor audit [^`]+)`", CHINESE)
    audit = last.replace("文件夹", "reports_in").split()[1:]
    assert auditor(*audit).returncode in (0, 1)


def test_the_english_rule_holds(auditor: Run, tmp_path: Path) -> None:
    assert auditor("init", "mine").returncode == 0
    [entry] = blocks(ENGLISH, "yaml")
    (tmp_path / "mine" / "rules" / "ogi" / "own.yaml").write_text(entry, encoding="utf-8")
    done = auditor("rules", "test", "--rules", "mine/rules/ogi", "--lang", "en")
    assert done.returncode == 0, done.stdout + done.stderr
