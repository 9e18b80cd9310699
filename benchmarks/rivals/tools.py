"""The other tools, found in a folder or installed into it; nothing of them is a dependency here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PYTHON = ("jsonschema", "frictionless")
NODE = "@stoplight/spectral-cli"


@dataclass(frozen=True, slots=True)
class Tools:
    """The Python that has the libraries, and Spectral; None where absent."""

    python: str | None
    spectral: str | None


def tools(folder: Path) -> Tools:
    """Those of a folder; what is not there is installed, from the registries set up here."""
    python = folder / "python" / "bin" / "python"
    spectral = folder / "node" / "node_modules" / ".bin" / "spectral"
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(folder / "python")])
        if not _run([str(python), "-m", "pip", "install", "--quiet", *PYTHON]):
            shutil.rmtree(folder / "python", ignore_errors=True)
    if not spectral.exists() and shutil.which("npm"):
        where = str(folder / "node")
        _run(["npm", "install", "--silent", "--ignore-scripts", "--prefix", where, NODE])
    return Tools(
        str(python) if python.exists() else None, str(spectral) if spectral.exists() else None
    )


def versions(have: Tools) -> list[str]:
    """What was found, for the head of the table."""
    found = []
    if have.python:
        code = f"import importlib.metadata as m; print(*[n + ' ' + m.version(n) for n in {PYTHON}])"
        found.append(_said([have.python, "-c", code]))
    else:
        found.append(f"{' and '.join(PYTHON)}: absent (pip could not install them), skipped")
    if have.spectral:
        found.append(f"Spectral {_said([have.spectral, '--version'])}")
    else:
        found.append("Spectral: absent (npm is not here or could not install it), skipped")
    return found


def _run(command: list[str]) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr[-500:], file=sys.stderr)
    return done.returncode == 0


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
