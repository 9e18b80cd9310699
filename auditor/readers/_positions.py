"""Where in a text of data its members stand, and what the parser refused without a place."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_NUMBER = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?")
_CONSTANTS = frozenset(("NaN", "Infinity", "-Infinity"))


def place(text: str, kind: str, digits: int) -> tuple[str, int, int]:
    """The first `duplicate-key`, `not-a-number` or `too-large` number: token, line, column."""
    keys: list[set[str]] = []
    last = ""
    at = 0
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word in "{[":
            keys.append(set())
        elif word in "}]":
            keys = keys[:-1]
        elif word == ":" and keys:
            if kind == "duplicate-key" and last in keys[-1]:
                return (last, *_line(text, at))
            keys[-1].add(last)
        elif word[0] == '"':
            last, at = _text(word), match.start()
        elif _wrong(word, kind, digits):
            return (word[:digits], *_line(text, match.start()))
    return ("", 1, 1)


def _wrong(word: str, kind: str, digits: int) -> bool:
    if kind == "not-a-number":
        return word in _CONSTANTS
    number = _NUMBER.fullmatch(word)
    if kind != "too-large" or number is None:
        return False
    size = len(number[1]) > digits or len(number[2] or "") > digits
    return size or abs(int((number[3] or "0")[:9])) > digits


def _text(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token


def _line(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


# --- where members stand ----------------------------------------------------------------------


def json_places(text: str) -> dict[str, tuple[int, int]]:
    """Line and character (from 1) of every value of a well-formed JSON text, by dotted path.

    Items of lists are `list[0]`. Objects stand where their key does, which is what people look for.
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    found: dict[str, tuple[int, int]] = {}
    for path, offset in _values(text):
        line = bisect_right(starts, offset)
        found[path] = (line, offset - starts[line - 1] + 1)
    return found


def _values(text: str) -> Iterator[tuple[str, int]]:
    """The path of every value with its offset; of an object or list the offset of its key."""
    stack: list[list[Any]] = []  # path of the container, index in a list or None, key, its offset
    word_before = ""
    for match in _TOKEN.finditer(text):
        word, at = match[0], match.start()
        top = stack[-1] if stack else None
        if word in "{[":
            path, key_at = _path(top), top[3] if top and top[1] is None else at
            yield path, key_at
            stack.append([path, None if word == "{" else 0, "", at])
        elif word in "}]":
            stack.pop()
        elif word == ",":
            if top is not None and top[1] is not None:
                top[1] += 1
        elif top is not None and top[1] is None and word_before in "{,":
            top[2], top[3] = _text(word), at
        elif word != ":":
            yield _path(top), at
        word_before = word


def _path(top: list[Any] | None) -> str:
    if top is None:
        return ""
    path, index, key = top[0], top[1], top[2]
    if index is not None:
        return f"{path}[{index}]"
    return f"{path}.{key}" if path else str(key)


def marked_places(node: Any, path: str = "") -> Iterator[tuple[str, tuple[int, int]]]:
    """The same from values that carry the marks of a YAML loader; nothing from others."""
    keys = getattr(node, "marks_of_keys", None)
    if keys is not None:
        for key, value in node.items():
            inner = f"{path}.{key}" if path else str(key)
            own = keys if isinstance(value, dict | list) else node.marks_of_values
            yield inner, (own[key].line, own[key].column)
            yield from marked_places(value, inner)
    elif isinstance(node, list):
        for index, (value, mark) in enumerate(zip(node, getattr(node, "marks", ()), strict=False)):
            yield f"{path}[{index}]", (mark.line, mark.column)
            yield from marked_places(value, f"{path}[{index}]")
