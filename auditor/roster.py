"""The roster: which bodies report, what they are called, what they are, by when.

A YAML file that people write, or the first sheet of a workbook, or a CSV file, with the same words
as its head.
All mistakes are told at once, with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from auditor.addresses import Address
from auditor.errors import RulesError, Said, SourceError, UsageError
from auditor.form import Form
from auditor.gather import ROSTERS
from auditor.roster_sheet import KEYS, MANY, SUFFIXES, rows_of
from auditor.rulebook.author import Author, near, renamed
from auditor.rulebook.marks import Mapped, Mark
from auditor.text import compact

_MOST = 2_000_000
_TOP = {"units": "units", "单位": "units", "deadlines": "deadlines", "期限": "deadlines"}
_ALL = ("all", "全部")
_DAY = re.compile(r"(?:([12][0-9]{3})-)?([01][0-9])-([0-3][0-9])")
_COUNT = re.compile(r"([12][0-9]{3})\s*[:：]\s*([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Unit:
    """One body. `sums_up` are the units of its summary; dates are MM-DD or ISO dates.

    `since` and `until` are the first and the last report year; `renamed_from` is one body under
    its old name, `merged_from` are several that became this one. `reviewed` is the day on which
    its report passed the office over it, `documents` how many its library has, by report year.
    """

    name: str
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    level: str | None = None
    parent: str = ""
    sums_up: tuple[str, ...] = ()
    deadline: str = ""
    since: int | None = None
    until: int | None = None
    renamed_from: tuple[str, ...] = ()
    merged_from: tuple[str, ...] = ()
    reviewed: str = ""
    documents: Mapping[int, int] = field(default_factory=dict)

    def reports_for(self, period: int) -> bool:
        """Whether it owes a report for that year."""
        return (self.since is None or self.since <= period) and (
            self.until is None or period <= self.until
        )


@dataclass(frozen=True, eq=False)
class Roster:
    """All bodies in their order; `source` is the file, `deadlines` those by kind."""

    units: tuple[Unit, ...]
    source: str = ""
    deadlines: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _index(self) -> dict[str, Unit]:
        index = {compact(alias): unit for unit in self.units for alias in unit.aliases}
        return index | {compact(unit.name): unit for unit in self.units}

    def find(self, name: str | None) -> Unit | None:
        """The body of a name or an alias."""
        return self._index.get(compact(name)) if name else None

    def deadline(self, unit: Unit, period: int) -> str | None:
        """The local deadline of its report for a year, as an ISO date; None if there is none."""
        return _after(period, unit.deadline or self.deadlines.get(unit.kind or "", "")) or None

    def reviewed(self, unit: Unit, period: int) -> str | None:
        """The day on which its report for a year was reviewed, as an ISO date; None if untold."""
        day = _after(period, unit.reviewed)
        return day if day.startswith(str(period + 1)) else None

    def units_of(self, unit: Unit, period: int) -> tuple[Unit, ...]:
        """The units of a summary for a year; empty for a report that sums up nothing."""
        if unit.sums_up and unit.sums_up[0] in _ALL:
            found = [u for u in self.units if u is not unit and self._below(u, unit)]
        else:
            found = [u for name in unit.sums_up if (u := self.find(name)) is not None]
        return tuple(u for u in found if u.reports_for(period))

    def above(self, unit: Unit) -> Iterator[Unit]:
        """Its parent, the parent's parent and so on; a circle ends."""
        met = {id(unit)}
        parent = self.find(unit.parent)
        while parent is not None and id(parent) not in met:
            met.add(id(parent))
            yield parent
            parent = self.find(parent.parent)

    def _below(self, unit: Unit, parent: Unit) -> bool:
        return self.find(unit.parent) is parent


def load_roster(path: Path | Address, forms: Sequence[Form]) -> Roster:
    """Read a roster. Raises RulesError with every mistake, UsageError if it cannot be opened."""
    try:
        data = path.read_bytes() if isinstance(path, Path) else path.read_bytes(_MOST + 1)
    except OSError as error:
        shown = path if isinstance(path, Path) else path.shown
        said = Said(f"读不到名册 {shown}", f"cannot read the roster {shown}")
        raise UsageError(said) from error
    if len(data) > _MOST:
        raise UsageError(Said(f"名册 {path} 太大", f"the roster {path} is too large"))
    sheet = path.suffix.lower() in SUFFIXES
    author = Author(path.name, "" if sheet else data.decode("utf-8-sig", errors="replace"))
    node = rows_of(author, data) if sheet else _yaml(author)
    roster = _roster(author, node, forms, path.name)
    if author.mistakes:
        raise RulesError(tuple(author.mistakes))
    return roster


def roster_in(folder: Path | Address) -> Path | Address | None:
    """The roster that lies in a folder, if there is one."""
    if isinstance(folder, Address):
        return next((found for name in ROSTERS if (found := folder.child(name).known())), None)
    return next((folder / name for name in ROSTERS if (folder / name).is_file()), None)


def _yaml(author: Author) -> Any:
    from auditor.rulebook.source import load_yaml

    if "\ufffd" in author.text:
        line = author.text[: author.text.index("\ufffd")].count("\n") + 1
        said = Said("名册应当是 UTF-8 编码", "the roster must be in UTF-8")
        mend = Said(
            "用编辑器或记事本“另存为”，编码选 UTF-8", "save it anew with the encoding UTF-8"
        )
        author.wrong(Mark(line, 1, 1), said, mend=mend)
        return None
    try:
        return load_yaml(author.text)
    except SourceError as error:
        author.wrong_source(error)
        return None


def _roster(author: Author, node: Any, forms: Sequence[Form], source: str) -> Roster:
    deadlines: dict[str, str] = {}
    if isinstance(node, Mapped):
        top = renamed(author, node, _TOP, Said("名册", "the roster"))
        deadlines = _deadlines(author, top.get("deadlines"), forms)
        node = top.get("units", (None, None))[0]
    if not isinstance(node, list):
        if not author.mistakes:
            said = Said("名册应当是单位的列表", "the roster is a list of units")
            author.wrong(None, said)
        return Roster(())
    units = [u for item in node if (u := _unit(author, item, forms)) is not None]
    roster = Roster(tuple(units), source, deadlines)
    _check(author, roster, node)
    return roster


def _deadlines(author: Author, member: Any, forms: Sequence[Form]) -> dict[str, str]:
    """Deadlines by kind of body."""
    if member is None:
        return {}
    node = author.mapping(member[0], member[1], Said("期限", "deadlines"))
    found = {}
    for word, day in (node or {}).items():
        mark = node.marks_of_values.get(word) if node else None
        kind = author.one_of(word, mark, _words(forms, "subject.kind"), Said("类别", "kind"))
        found[str(kind)] = _day(author, day, mark)
    return found


def _words(forms: Sequence[Form], path: str) -> dict[str, str]:
    """The accepted words of an enumerated fact → its key."""
    found: dict[str, str] = {}
    for form in forms:
        for key, word in form.words_of(path).items():
            found |= {key: key, word: key}
    return found


def _unit(author: Author, node: Any, forms: Sequence[Form]) -> Unit | None:
    what = Said("一个单位", "a unit")
    entry = author.mapping(node, getattr(node, "mark", None), what)
    if entry is None:
        return None
    members = renamed(author, entry, KEYS, what)
    name, mark = members.get("unit", ("", entry.mark))
    if not isinstance(name, str) or not name.strip():
        zh = "缺少“单位”，后面写单位的全称"
        author.wrong(mark, Said(zh, "'unit' with the name of the body is missing"))
        return None
    given: dict[str, Any] = {k: _texts(author, *members[k]) for k in MANY if k in members}
    given |= {k: _year(author, *members[k]) for k in ("since", "until") if k in members}
    given |= {k: _day(author, *members[k]) for k in ("deadline", "reviewed") if k in members}
    if "documents" in members:
        given["documents"] = _counts(author, *members["documents"])
    for key, zh in (("kind", "类别"), ("level", "层级")):
        if key in members:
            words = _words(forms, f"subject.{key}")
            given[key] = author.one_of(*members[key], words, Said(zh, key))
    parent = str(members.get("parent", ("", None))[0]).strip()
    return Unit(name.strip(), parent=parent, **given)


def _texts(author: Author, node: Any, mark: Mark | None) -> tuple[str, ...]:
    items = node if isinstance(node, list) else [node]
    if all(isinstance(item, str) for item in items):
        return tuple(item.strip() for item in items)
    author.wrong(mark, Said("这里应当是名称", "names are expected here"))
    return ()


def _day(author: Author, node: Any, mark: Mark | None) -> str:
    """MM-DD (of the year after the report's) or a whole ISO date."""
    match = _DAY.fullmatch(node) if isinstance(node, str) else None
    if match:
        try:
            date(int(match[1] or 2024), int(match[2]), int(match[3]))
            return str(node)
        except ValueError:
            pass
    said = Said("期限写作 01-31 或 2024-01-31", "a deadline is written 01-31 or 2024-01-31")
    author.wrong(mark, said)
    return ""


def _after(period: int, day: str) -> str:
    """MM-DD as the ISO date after a report year; an ISO date as it is."""
    return f"{period + 1}-{day}" if len(day) == len("MM-DD") else day


def _counts(author: Author, node: Any, mark: Mark | None) -> dict[int, int]:
    """Counts by report year: a mapping, or `2023:66、2022:61` in a workbook."""
    pairs = node.items() if isinstance(node, Mapping) else _COUNT.findall(str(node))
    found = {str(year): str(count) for year, count in pairs}
    if found and all(y.isdecimal() and n.isdecimal() for y, n in found.items()):
        return {int(year): int(count) for year, count in found.items()}
    said = Said("写作 {2023: 66}（年度: 件数）", "write {2023: 66}, a count for each year")
    author.wrong(mark, said)
    return {}


def _year(author: Author, node: Any, mark: Mark | None) -> int | None:
    if isinstance(node, int) and not isinstance(node, bool):
        return node
    author.wrong(mark, Said("这里应当是年份，如 2021", "a year is expected here"))
    return None


def _check(author: Author, roster: Roster, node: Sequence[Any]) -> None:
    """One name belongs to one body, and the bodies that are named are there."""
    taken: dict[str, Unit] = {}
    for unit, item in zip(roster.units, node, strict=False):
        mark = getattr(item, "mark", None)
        for name in (unit.name, *unit.aliases):
            if taken.setdefault(compact(name), unit) is not unit:
                zh, en = f"“{name}”写了两次", f"'{name}' stands for two units"
                author.wrong(mark, Said(zh, en))
        known = [u.name for u in roster.units]
        for name in (unit.parent, *unit.sums_up):
            if name and name not in _ALL and roster.find(name) is None:
                said = Said(f"名册里没有“{name}”", f"'{name}' is not on the roster")
                author.wrong(mark, said, near(name, known))
