"""Word-processor styles and automatic numbering: what a paragraph's level and number are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.readers._counting import printed
from auditor.readers._markup import VAL, W, value, whole

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录)\s*[1-9]", re.IGNORECASE)
_SLOT = re.compile("%([1-9])")
_DEEPEST = 8
_NO_LINE = ("nil", "none", None)


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph inherits. `level` counts from 1; `list_id` and `list_level` as in XML."""

    level: int | None = None
    list_id: str | None = None
    list_level: int | None = None
    contents: bool = False


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class _List:
    """An abstract list: all lists made from it count on together."""

    levels: dict[int, _Level]
    styled: dict[str, int]
    linked: str | None
    counters: dict[int, int] = field(default_factory=dict)


class Styles:
    """Paragraph styles with what they inherit."""

    def __init__(self, tree: Element | None) -> None:
        self._raw: dict[str, Element] = {}
        self._known: dict[str, Style] = {"": Style()}
        for style in tree.iter(W + "style") if tree is not None else ():
            self._raw.setdefault(style.get(W + "styleId", ""), style)

    def get(self, name: str) -> Style:
        """A style by its id; an unknown one says nothing."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._resolved(name)
        return found

    def _resolved(self, name: str) -> Style:
        level: int | None = None
        list_id: str | None = None
        list_level: int | None = None
        contents, seen = False, set[str]()
        current: str | None = name
        while current in self._raw and current not in seen:
            seen.add(current)
            style = self._raw[current]
            title = value(style, "name") or ""
            properties = style.find(W + "pPr")
            numbering = properties.find(W + "numPr") if properties is not None else None
            level = level or _level(properties) or _heading(title)
            list_id = list_id or value(numbering, "numId")
            if list_level is None and (given := value(numbering, "ilvl")):
                list_level = whole(given)
            contents = contents or _CONTENTS.fullmatch(title) is not None
            current = value(style, "basedOn")
        return Style(level, list_id, list_level, contents)

    def ruled(self, table: Element) -> bool:
        """Whether lines are drawn in a table: by its cells, by itself, or by its style.

        A style that is not in the file may draw them.
        """
        if any(_drawn(borders) for borders in table.iter(W + "tcBorders")):
            return True
        own = table.find(f"{W}tblPr/{W}tblBorders")
        if any(_drawn(borders) for borders in table.iterfind(f"{W}tr/{W}tblPrEx/{W}tblBorders")):
            return True
        name = value(table.find(W + "tblPr"), "tblStyle") or self._usual_table()
        if name and name not in self._raw:
            return True
        sides: dict[str, bool] = {}
        for style in reversed(self._chain(name)):
            if any(_drawn(borders) for borders in style.iterfind(f".//{W}tcBorders")):
                return True
            sides |= _sides(style.find(f"{W}tblPr/{W}tblBorders"))
        return any((sides | _sides(own)).values())

    def _usual_table(self) -> str:
        for name, style in self._raw.items():
            if style.get(W + "type") == "table" and style.get(W + "default") in ("1", "true"):
                return name
        return ""

    def _chain(self, name: str | None) -> list[Element]:
        """A style and those that it is based on, itself first."""
        found: list[Element] = []
        while name in self._raw and self._raw[name] not in found:
            found.append(self._raw[name])
            name = value(found[-1], "basedOn")
        return found

    def level(self, properties: Element | None, style: Style) -> int | None:
        """The heading level of a paragraph, its own before its style's."""
        return _level(properties) or style.level


def _sides(borders: Element | None) -> dict[str, bool]:
    """For each side of a table that is told of, whether a line is drawn there."""
    told = borders if borders is not None else ()
    return {side.tag: side.get(VAL) not in _NO_LINE for side in told}


def _drawn(borders: Element) -> bool:
    return any(_sides(borders).values())


def _level(properties: Element | None) -> int | None:
    given = value(properties, "outlineLvl")
    level = whole(given, 9) + 1 if given is not None else 0
    return level if 1 <= level <= 9 else None


def _heading(title: str) -> int | None:
    match = _HEADING.fullmatch(title.strip())
    return int(match[1]) if match else None


class Numbering:
    """The running numbers of all lists of a document. `ordinal` counts on at every call."""

    def __init__(self, tree: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._numbers: dict[str, tuple[str, dict[int, int], dict[int, _Level]]] = {}
        self._begun: set[tuple[str, int]] = set()
        if tree is not None:
            for element in tree.iter(W + "abstractNum"):
                self._lists[element.get(W + "abstractNumId", "")] = _list(element)
            for element in tree.iter(W + "num"):
                self._numbers[element.get(W + "numId", "")] = _number(element)

    def ordinal(self, properties: Element | None, style_id: str, style: Style) -> str:
        """The number that the word processor prints before this paragraph, or ``."""
        if not self._numbers:
            return ""
        numbering = properties.find(W + "numPr") if properties is not None else None
        own, given = value(numbering, "numId"), value(numbering, "ilvl")
        number = own or style.list_id
        if number not in self._numbers:
            return ""
        resolved = self._resolve(number)
        if resolved is None:
            return ""
        members, starts, levels = resolved
        if given is not None:
            level = whole(given)
        elif own is None:
            level = members.styled.get(style_id, style.list_level or 0)
        else:
            level = 0
        return self._count(number, members, starts, {**members.levels, **levels}, level)

    def _resolve(self, number: str) -> tuple[_List, dict[int, int], dict[int, _Level]] | None:
        """The list behind a number; a list may be named by a style only."""
        abstract, starts, levels = self._numbers[number]
        members = self._lists.get(abstract)
        if members is not None and not members.levels and members.linked:
            linked = self._styles.get(members.linked).list_id
            if linked in self._numbers:
                members = self._lists.get(self._numbers[linked][0])
        return (members, starts, levels) if members is not None else None

    def _count(
        self,
        number: str,
        members: _List,
        starts: dict[int, int],
        levels: dict[int, _Level],
        level: int,
    ) -> str:
        if level not in levels:
            return ""
        counters = members.counters
        if level in starts and (number, level) not in self._begun:
            counters[level] = starts[level] - 1
        self._begun.add((number, level))
        for above in range(level):
            counters.setdefault(above, levels.get(above, _Level()).start)
        counters[level] = counters.get(level, levels[level].start - 1) + 1
        for below in [k for k in counters if k > level]:
            restart = levels.get(below, _Level()).restart
            if restart is None or level < restart:
                del counters[below]
        return _shown(levels, level, counters)


def _shown(levels: dict[int, _Level], level: int, counters: dict[int, int]) -> str:
    """`%1.%2、` with the numbers in it."""
    wanted = levels[level]
    if wanted.style == "bullet":
        return ""

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        style = "decimal" if wanted.legal else levels.get(at, _Level()).style
        return printed(style, counters[at]) if at in counters else ""

    return _SLOT.sub(number, wanted.text).strip()


def _list(element: Element) -> _List:
    levels, styled = {}, {}
    for child in element.findall(W + "lvl"):
        at = whole(child.get(W + "ilvl"), 99)
        if at <= _DEEPEST:
            levels[at] = _as_level(child)
            if (style := value(child, "pStyle")) is not None:
                styled[style] = at
    return _List(levels, styled, value(element, "numStyleLink"))


def _as_level(element: Element) -> _Level:
    restart = value(element, "lvlRestart")
    legal = element.find(W + "isLgl")
    return _Level(
        whole(value(element, "start"), 1),  # the standard says 0, but nobody means that
        value(element, "numFmt") or "decimal",
        value(element, "lvlText") or "",
        None if restart is None else whole(restart),
        legal is not None and legal.get(VAL, "1") not in ("0", "false"),
    )


def _number(element: Element) -> tuple[str, dict[int, int], dict[int, _Level]]:
    """A list: its abstract list, where its levels start anew, and its own levels."""
    starts, levels = {}, {}
    for override in element.findall(W + "lvlOverride"):
        at = whole(override.get(W + "ilvl"), 99)
        if (start := value(override, "startOverride")) is not None:
            starts[at] = whole(start, 1)
        if (own := override.find(W + "lvl")) is not None:
            levels[at] = _as_level(own)
    return value(element, "abstractNumId") or "", starts, levels
