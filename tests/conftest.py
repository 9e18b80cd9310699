"""What several tests need: the forms, the rules, the command, the folder of real documents."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from auditor.form import Form
from auditor.pipeline import Settings
from auditor.rulebook.load import load_rules
from auditor.rulebook.rule import RuleSet
from auditor.schema import load_forms

# No time limits (machines differ); the same examples every time, so that a green run stays green.
hypothesis_settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis_settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for a program that they started."""
    return (os.cpu_count() or 1) + 1


ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def forms() -> tuple[Form, ...]:
    """The forms of this checkout."""
    return load_forms(ROOT / "schemas")


@pytest.fixture(scope="session")
def ruleset() -> RuleSet:
    """The default rules of this checkout."""
    return load_rules(ROOT / "rules" / "ogi")


@pytest.fixture(scope="session")
def settings(forms: tuple[Form, ...], ruleset: RuleSet) -> Settings:
    """A run with the default rules on a fixed day."""
    return Settings(forms, ruleset, as_of="2024-02-01")


Run = Callable[..., "subprocess.CompletedProcess[str]"]
_CHECKED = Path(tempfile.mkdtemp(prefix="auditor-tests-"))
atexit.register(shutil.rmtree, _CHECKED, ignore_errors=True)


def cache_in(folder: Path) -> Path:
    """A cache of its own in a folder, but for the checked rules, which all tests share: to check
    them costs most of the time that a command takes."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "compiled").exists():
        (folder / "compiled").symlink_to(_CHECKED, target_is_directory=True)
    return folder


@pytest.fixture
def auditor(tmp_path: Path) -> Run:
    """The command as a user runs it, in an empty folder."""

    def run(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
        own = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"}
        given = more.pop("env", {})
        environment = {**os.environ, **own, "AUDITOR_CACHE": str(cache_in(tmp_path / ".cache"))}
        environment |= given
        streams = {"stdout": more.pop("stdout", subprocess.PIPE), "stderr": subprocess.PIPE}
        return subprocess.run(
            [sys.executable, "-m", "auditor", *map(str, arguments)],
            text=True,
            encoding=more.pop("encoding", "utf-8"),
            cwd=more.pop("cwd", tmp_path),
            env=environment,
            timeout=120,
            check=False,
            **streams,
            **more,  # type: ignore[call-overload]
        )

    return run
