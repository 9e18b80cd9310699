"""Editions: the versions of one rule set that are kept beside each other.

They have one id and differ in their version; each may say for which report years it is valid. A
version is semantic: major = a report that passed may now fail; minor = nothing that passed fails;
patch = words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import Said, UsageError
from auditor.rulebook.rule import RuleSet

INDEX = "ruleset.yaml"
SEMANTIC = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_ID = re.compile(r"^(?:编号|id):\s*[\"']?([^\"'#\s]+)", re.MULTILINE)
_VERSION = re.compile(r"^(?:版本|version):\s*[\"']?([^\"'#\s]+)", re.MULTILINE)
_EXTENDS = re.compile(r"^(?:沿用|extends):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Kept:
    """One folder with a rule set, as its index says without being read as a whole."""

    folder: Path
    id: str
    version: str
    extends: bool

    @property
    def order(self) -> tuple[int, ...]:
        """Sorts the versions of a set; what is no version comes first."""
        return number(self.version)


def number(version: str) -> tuple[int, ...]:
    """1.10.0 comes after 1.9.0; what is no semantic version is (-1,)."""
    found = SEMANTIC.fullmatch(version)
    return tuple(int(part) for part in found.groups()) if found else (-1,)


def kept(folder: Path) -> tuple[Kept, ...]:
    """The rule sets in the folders of a folder, oldest version first."""
    found = [_read(index) for index in sorted(folder.glob(f"*/{INDEX}"))]
    return tuple(sorted(found, key=lambda one: one.order))


def _read(index: Path) -> Kept:
    text = index.read_text(encoding="utf-8", errors="replace")
    id_, version = _ID.search(text), _VERSION.search(text)
    return Kept(
        index.parent,
        id_.group(1) if id_ else "",
        version.group(1) if version else "",
        _EXTENDS.search(text) is not None,
    )


def editions(folder: Path) -> tuple[Kept, ...]:
    """The editions of the rule set in a folder, itself among them, oldest first."""
    mine = _read(folder / INDEX)
    beside = kept(folder.resolve().parent)
    return tuple(one for one in beside if one.id == mine.id) or (mine,)


def find_ruleset(folder: Path, version: str | None = None) -> Path:
    """The folder of the rule set: the given one, or its only subfolder that extends nothing.

    Of several editions it is the newest, or the one with this version. Raises UsageError.
    """
    if (folder / INDEX).is_file():
        return folder if version is None else _edition(folder, version)
    bases = [one for one in kept(folder) if not one.extends]
    if bases and len({one.id for one in bases}) == 1:
        newest = bases[-1].folder
        return newest if version is None else _edition(newest, version)
    said_ = Said(
        f"{folder} 里没有 {INDEX}，请指明规则文件夹",
        f"no {INDEX} in {folder}: name the folder of a rule set",
    )
    raise UsageError(said_)


def _edition(folder: Path, version: str) -> Path:
    """The folder of another version of the same set. Raises UsageError with those there are."""
    known = editions(folder)
    for one in known:
        if one.version == version:
            return one.folder
    there = ", ".join(one.version for one in known)
    said_ = Said(
        f"没有 {known[0].id} 的 {version} 版规则，有：{there}",
        f"no version {version} of {known[0].id}; there are: {there}",
    )
    raise UsageError(said_)


def valid_for(sets: Sequence[RuleSet], period: int | None) -> RuleSet:
    """The newest edition that is valid for reports of a year; the newest of all if none is."""
    ordered = sorted(sets, key=lambda one: number(one.version))
    return next(_valid(reversed(ordered), period), ordered[-1])


def _valid(sets: Iterator[RuleSet], period: int | None) -> Iterator[RuleSet]:
    for one in sets:
        early = period is not None and one.since is not None and period < one.since
        late = period is not None and one.until is not None and period > one.until
        if not early and not late:
            yield one
