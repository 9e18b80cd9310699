"""Scenarios: a command, its files, its exit status and its exact output in one text file.

Parts start with `==== command`, `==== file NAME`, `==== status`, `==== stdout`, `==== stderr`.
A file part `==== copy FROM TO` copies from the checkout, `==== edit NAME` holds `old => new`. A
line of three dots stands for any lines.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("*.txt"))


def parts(path: Path) -> list[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    found = re.split(r"^==== (.+)\n", text, flags=re.MULTILINE)[1:]
    return list(zip(found[::2], found[1::2], strict=True))


def matches(wanted: str, got: str) -> bool:
    pattern = "".join(
        r"(?:.*\n)*?" if line == "...\n" else re.escape(line)
        for line in wanted.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, got) is not None


def prepare(name: str, body: str, folder: Path) -> None:
    kind, *rest = name.split(" ")
    if kind == "file":
        (folder / rest[0]).write_text(body, encoding="utf-8")
    elif kind == "copy":
        source, target = ROOT / rest[0], folder / rest[1]
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    elif kind == "edit":
        target = folder / rest[0]
        old, new = body.rstrip("\n").split(" => ")
        text = target.read_text(encoding="utf-8")
        assert old in text
        target.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_scenario(path: Path, auditor: Run, tmp_path: Path) -> None:
    found = parts(path)
    for name, body in found:
        prepare(name, body, tmp_path)
    said = dict(found)
    command = shlex.split(said["command"])
    assert command[0] == "auditor"
    done = auditor(*command[1:])
    assert done.returncode == int(said["status"]), done.stdout + done.stderr
    for stream in ("stdout", "stderr"):
        if stream in said:
            got = getattr(done, stream)
            assert matches(said[stream].rstrip("\n") + "\n", got.rstrip("\n") + "\n"), got


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 8
