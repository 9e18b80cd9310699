"""The command on the PATH, as other programs find it: for tests that run scripts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import cache_in


def environment(folder: Path, **more: str) -> dict[str, str]:
    """An environment in which `auditor` is this checkout's."""
    shim = folder / ".bin"
    shim.mkdir(exist_ok=True)
    program = shim / "auditor"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m auditor "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    own = {"PATH": f"{shim}:{os.environ['PATH']}", "COLUMNS": "100", "NO_COLOR": "1"}
    own |= {"PYTHONUTF8": "1", "AUDITOR_CACHE": str(cache_in(folder / ".cache"))}
    return {**os.environ, **own, **more}


def bash(script: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A script as a CI runs it: in bash, stopping at the first error."""
    return subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, env=env, capture_output=True,
        text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
