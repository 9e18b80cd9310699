"""A version of a rule set kept beside the one that is worked on, as it is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from auditor.errors import Said, UsageError
from auditor.rulebook.editions import INDEX, editions

_EXTENDS = re.compile(r"^((?:沿用|extends):\s*)([^\s#]+)", re.MULTILINE)


def freeze(folder: Path) -> list[Path]:
    """Copy a rule set to `NAME@VERSION` beside it, with the set that it extends; the new folders.

    A copy that is there already is left as it is. Raises UsageError where there is no rule set.
    """
    index = folder / INDEX
    if not index.is_file():
        raise UsageError(Said(f"{folder} 里没有 {INDEX}", f"no {INDEX} in {folder}"))
    mine = next(one for one in editions(folder) if one.folder.resolve() == folder.resolve())
    target = folder.resolve().parent / f"{folder.resolve().name}@{mine.version}"
    if target.exists():
        return []
    made: list[Path] = []
    text = index.read_text(encoding="utf-8")
    found = _EXTENDS.search(text)
    if found is not None:
        parent = folder.resolve().parent / found.group(2)
        made += freeze(parent)
        version = next(one.version for one in editions(parent) if one.folder == parent)
        text = _EXTENDS.sub(rf"\g<1>\g<2>@{version}", text)
    shutil.copytree(folder, target)
    (target / INDEX).write_text(text, encoding="utf-8")
    return [*made, target]
