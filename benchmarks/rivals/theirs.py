"""The others: how each is set up, run, and its output read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.rivals.material import SCHEMA, Check
from benchmarks.rivals.score import Told

HERE = Path(__file__).resolve().parent


def lines_marked(script: str) -> int:
    """How many lines of a script are there for blanks that may be any number."""
    text = (HERE / script).read_text(encoding="utf-8")
    return sum(line.rstrip().endswith(("# any", "// any")) for line in text.splitlines())


def checks_file(folder: Path, checks: list[Check]) -> Path:
    """The checks as the scripts read them."""
    path = folder / "checks.json"
    path.write_text(json.dumps([asdict(check) for check in checks]), encoding="utf-8")
    return path


def ruleset(folder: Path, checks: list[Check], blank: str) -> Path:
    """A ruleset of Spectral: the schema, and a rule a sum with the function of this folder.

    The schema stands in it: one that is named by `$ref` is not found, and nothing is said of it.
    """
    (folder / "functions").mkdir(parents=True)
    shutil.copy(HERE / "spectral_sums.mjs", folder / "functions" / "sums.js")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    form = {"schema": schema, "dialect": "draft2020-12", "allErrors": True}
    rules = {"form": _rule("schema", form)}
    for check in checks:
        sides = {"left": check.left, "right": check.right, "blank": blank}
        rules[check.id] = _rule("sums", sides)
    path = folder / "ruleset.yaml"
    path.write_text(json.dumps({"functions": ["sums"], "rules": rules}), encoding="utf-8")
    return path


def _rule(function: str, options: dict[str, Any]) -> dict[str, Any]:
    then = {"function": function, "functionOptions": options}
    return {"given": "$", "severity": "error", "message": "{{error}}", "then": then}


def told_in_lines(output: Path) -> Iterator[Told]:
    """What the scripts print."""
    for line in output.read_text(encoding="utf-8").splitlines():
        each = json.loads(line)
        yield Told(each["file"], each["check"], each["message"])


def told_by_spectral(output: Path) -> Iterator[Told]:
    """Its JSON."""
    for each in json.loads(output.read_text(encoding="utf-8")):
        yield Told(Path(each["source"]).name, each["code"], each["message"])
