"""Where in a JSON text something stands that the parser refused without telling where."""

from __future__ import annotations

import json
import re

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
