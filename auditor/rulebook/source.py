"""Files that people write: YAML (or JSON) text to Python values that know where they stood.

PyYAML's event stream in C does the parsing; everything that YAML does behind an author's back is
left out or refused: `no` is not false, `012` is not ten, `1.10` is not 1.1, a key written twice is
an error, and there are no tags, anchors or merges. Reading stops at the first thing that is wrong
or too big, so a hostile file costs no more than a long one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from auditor.errors import Said, SourceError
from auditor.rulebook.complaints import USE_COLON, WIDE_COLON, lines_of, syntax_error
from auditor.rulebook.marks import Listed, Mapped, Mark
from auditor.rulebook.scalars import json_scalar, strict_scalar
from auditor.text import width

try:
    from yaml.cyaml import CParser as _Parser  # type: ignore[attr-defined]
except ImportError:  # PyYAML built without libyaml: slower, the same events
    from yaml import SafeLoader as _Parser  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold."""

    depth: int = 40
    nodes: int = 200_000
    octets: int = 5_000_000


LIMITS = Limits()

# Control characters, and the separators that YAML counts as line ends and editors do not.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_SURROGATES = re.compile(
    r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)


def load_yaml(text: str, *, limits: Limits = LIMITS, strict: bool = True) -> Any:
    """The value of a YAML or JSON text; SourceError for whatever is wrong with it.

    Mappings come as `Mapped`, lists as `Listed`. With `strict`, unquoted words and numbers that
    other YAML readers take for something else are refused; without (for JSON), words stay text and
    `1.10` and `1e3` are decimals.
    """
    text = text.removeprefix("\ufeff")
    _check_size(text, limits)
    _check_characters(text)
    try:
        return _Builder(_with_whole_characters(text), limits, strict).document()
    except yaml.MarkedYAMLError as error:
        raise syntax_error(text, error) from None


def _check_size(text: str, limits: Limits) -> None:
    if len(text) > limits.octets or len(text.encode(errors="replace")) > limits.octets:
        size = f"{limits.octets / 1_000_000:g} MB"
        raise SourceError(Said(f"文件过大，至多 {size}", f"the file is larger than {size}"), 1, 1)


def _check_characters(text: str) -> None:
    found = _FORBIDDEN.search(text)
    if found is None:
        return
    before = text[: found.start()]
    line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
    code = f"U+{ord(found.group()):04X}"
    said = Said(f"文件里有不可见的字符 {code}，请删去", f"remove the invisible character {code}")
    raise SourceError(said, line, column)


def _with_whole_characters(text: str) -> str:
    r"""JSON may write one character as two escapes (`\ud83d\ude00`), which YAML does not know."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    return _SURROGATES.sub(lambda found: found[1] + json.loads(f'"{found[2]}"'), text)


class _Builder:
    """Events to values, one recursive step for each node; the depth is limited, so it ends."""

    def __init__(self, text: str, limits: Limits, strict: bool) -> None:
        self.text = text
        self.limits = limits
        self.plain = strict_scalar if strict else json_scalar
        self.strict = strict
        self.parser = _Parser(text)
        self.next: Callable[[], Any] = self.parser.get_event
        self.nodes = 0
        self.lines: list[str] = []

    def document(self) -> object:
        self.next()  # the start of the stream
        if self.next().__class__ is StreamEndEvent:
            return None
        event = self.next()
        value = self.node(event, 0)
        self.next()  # the end of the document
        event_after = self.next()
        if event_after.__class__ is not StreamEndEvent:
            said = Said(
                "一个文件只能有一份内容，不能用 --- 分隔", "only one document in a file (---)"
            )
            raise self.error(said, event_after)
        if self.strict and isinstance(value, str) and event.implicit[0]:
            self.check_colon(event)
        return value

    def node(self, event: Any, depth: int) -> object:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            most = self.limits.nodes
            raise self.error(Said(f"内容过多，至多 {most} 项", f"more than {most} values"), event)
        kind = event.__class__
        if kind is AliasEvent or event.anchor is not None:
            said = Said(
                "不能用锚点和引用（& *），请写全", "anchors and aliases (& *) are not allowed"
            )
            raise self.error(said, event)
        if event.tag is not None:
            said = Said(
                "不能用标记（!）；文字以 ! 开头请加引号", "tags (!) are not allowed; quote it"
            )
            raise self.error(said, event)
        if kind is ScalarEvent:
            return self.scalar(event)
        if depth >= self.limits.depth:
            most = self.limits.depth
            raise self.error(Said(f"嵌套过深，至多 {most} 层", f"deeper than {most} levels"), event)
        return self.mapping(event, depth) if kind is MappingStartEvent else self.list(event, depth)

    def scalar(self, event: Any) -> object:
        value: str = event.value
        if not event.implicit[0]:  # quoted or a block: text, whatever it looks like
            return value
        if event.start_mark.line != event.end_mark.line and self.strict:
            self.check_swallowed(event)
        found = self.plain(value)
        if isinstance(found, Said):
            raise self.error(found, event, (f"'{value}'",))
        return found

    def mapping(self, event: Any, depth: int) -> Mapped:
        found = Mapped(self.mark(event))
        while (event := self.next()).__class__ is not MappingEndEvent:
            key, mark = self.key(event, depth), self.mark(event)
            if key in found:
                line = found.marks_of_keys[key].line
                zh = f"“{key}”写了两次：第 {line} 行和第 {mark.line} 行"
                en = f"'{key}' is written twice: in line {line} and in line {mark.line}"
                if key == next(iter(found)):  # a new entry of a list begins like the one before
                    zh, en = f"{zh}；若是新的一条，前面要有“- ”", f"{en}; a new entry has '- '"
                raise SourceError(Said(zh, en), mark.line, mark.column, mark.length)
            found.marks_of_keys[key] = mark
            event = self.next()
            found.marks_of_values[key] = self.mark(event)
            found[key] = self.node(event, depth + 1)
        return found

    def key(self, event: Any, depth: int) -> str:
        key = self.node(event, depth + 1)
        if key.__class__ is str and key != "<<":
            return key
        if key == "<<" and event.implicit[0]:
            said = Said("不能用合并键 <<，请写全", "merge keys (<<) are not allowed")
            raise self.error(said, event)
        if isinstance(key, bool) or not isinstance(key, str | int):
            said = Said("键应当是文字，请加引号", "a key must be text: put it in quotes")
            raise self.error(said, event)
        return str(key)

    def list(self, event: Any, depth: int) -> Listed:
        found = Listed(self.mark(event))
        while (event := self.next()).__class__ is not SequenceEndEvent:
            found.marks.append(self.mark(event))
            found.append(self.node(event, depth + 1))
        return found

    def mark(self, event: Any) -> Mark:
        start, end = event.start_mark, event.end_mark
        line, column = start.line, start.column
        if end.line == line:
            return Mark(line + 1, column + 1, (end.column - column) or 1)
        return Mark(line + 1, column + 1, max(1, len(self.line(line)) - column))

    def line(self, number: int) -> str:
        self.lines = self.lines or lines_of(self.text)
        return self.lines[number] if number < len(self.lines) else ""

    def error(self, said: Said, event: Any, suggestions: tuple[str, ...] = ()) -> SourceError:
        mark = self.mark(event)
        return SourceError(said, mark.line, mark.column, mark.length, suggestions)

    def check_swallowed(self, event: Any) -> None:
        """An unquoted text goes on over lines that look like keys or items: an author's slip."""
        for number in range(event.start_mark.line + 1, event.end_mark.line + 1):
            line = self.line(number)
            found = WIDE_COLON.match(line)
            before = self.line(number - 1).rstrip()
            if number == event.start_mark.line + 1 and before.endswith("："):
                raise SourceError(USE_COLON, number, len(before))
            if found:
                raise SourceError(USE_COLON, number + 1, found.end())
            if line.lstrip().startswith("- "):
                said = Said(
                    "这一行会接到上一行的文字里；若是列表请检查缩进，若是文字请加引号",
                    "this line continues the text above: check the indentation, or use quotes",
                )
                raise SourceError(said, number + 1, len(line) - len(line.lstrip()) + 1)

    def check_colon(self, event: Any) -> None:
        found = WIDE_COLON.match(self.line(event.start_mark.line))
        if found:
            raise SourceError(USE_COLON, event.start_mark.line + 1, found.end())


# ---- showing a place ---------------------------------------------------------------------------

_SHOWN = 120  # columns of a long line around the place


def context(text: str, line: int, column: int, length: int) -> str:
    """The source line and below it a caret for each cell; Chinese characters take two cells."""
    lines = lines_of(text.removeprefix("\ufeff"))
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    source = source.replace("\t", " ")
    start = column - 1
    cut = max(0, start - _SHOWN // 2) if len(source) > _SHOWN else 0
    shown = source[cut : cut + _SHOWN]
    before = width(source[cut:start])
    marked = width(source[start : min(start + length, cut + _SHOWN)])
    return f"{shown}\n{' ' * before}{'^' * max(1, marked)}"
