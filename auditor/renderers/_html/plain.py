"""Values as the page may hold them: texts without tricks, JSON that cannot end its element."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal

from auditor.text import written

_EXACT = 2**53 - 1
_ANSI = re.compile("\x1b(?:\\[[0-?]*[ -/]*[@-~]?|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[@-Z\\\\^_])")
_LINES = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_AWAY = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def shown(text: str) -> str:
    """A text from outside: no escapes or controls, marks that turn the direction made visible."""
    if text.isprintable() and text.isascii():
        return text
    bare = _CONTROL.sub("\ufffd", _LINES.sub("\n", _ANSI.sub("", text)))
    return _TURNING.sub(lambda mark: f"⟦U+{ord(mark.group()):04X}⟧", bare)


def plain(value: object) -> object:
    """The same value for JSON: decimals and counts that a browser would round are texts."""
    if isinstance(value, str):
        return shown(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if -_EXACT <= value <= _EXACT else str(int(value))
    if isinstance(value, Decimal):
        return written(value)
    if isinstance(value, Mapping):
        return {str(plain(str(key))): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"not a value of an audit: {type(value).__name__}")


def embedded(value: object) -> str:
    """JSON for a script element: no `<`, so that no text in it can end the element."""
    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_AWAY)
