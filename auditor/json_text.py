"""Plain values as JSON in the one layout of this program: indented by one blank, exact, UTF-8.

The bytes are those of json.dumps(…, indent=1, ensure_ascii=False), which is several times slower
with an indent; a float raises TypeError instead of being written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from auditor.text import written

_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def to_bytes(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Plain values as JSON in our layout."""
    return b"".join(pieces(value))


def pieces(value: Mapping[str, Any] | Sequence[Any]) -> Iterator[bytes]:
    """Plain values as JSON in our layout; an iterator is a list that is written as it comes."""
    for text in _flowing(value, "\n"):
        yield _UNSAFE.sub(_escaped, text).encode("utf-8")
    yield b"\n"


def _flowing(value: Any, newline: str) -> Iterator[str]:
    """The text of a value, in pieces where an iterator is in it; what that gives holds none."""
    inner = newline + " "
    if isinstance(value, Iterator):
        lead = "["
        for item in value:
            yield _text(item, inner, lead + inner)
            lead = ","
        yield "[]" if lead == "[" else newline + "]"
    elif not _flows(value):
        yield _text(value, newline)
    elif isinstance(value, Mapping):
        lead = "{"
        for key, item in value.items():
            yield f"{lead}{inner}{encode_basestring(key)}: "
            yield from _flowing(item, inner)
            lead = ","
        yield newline + "}"
    else:
        lead = "["
        for item in value:
            yield lead + inner
            yield from _flowing(item, inner)
            lead = ","
        yield newline + "]"


def _flows(value: Any) -> bool:
    """Whether an iterator is in a value."""
    if isinstance(value, Mapping):
        return any(map(_flows, value.values()))
    return isinstance(value, Iterator) or (isinstance(value, list) and any(map(_flows, value)))


def _text(value: Any, newline: str, lead: str = "") -> str:
    written = [lead]
    _write(value, newline, written.append)
    return "".join(written)


def _write(value: Any, newline: str, put: Callable[[str], None]) -> None:
    if isinstance(value, Mapping):
        _write_object(value, newline, put)
    elif isinstance(value, (list, tuple)):
        _write_list(value, newline, put)
    else:
        put(_scalar(value))


def _write_object(value: Mapping[str, Any], newline: str, put: Callable[[str], None]) -> None:
    lead, inner = "{", newline + " "
    for key, item in value.items():
        put(f"{lead}{inner}{encode_basestring(key)}: ")
        if isinstance(item, str):
            put(encode_basestring(item))
        else:
            _write(item, inner, put)
        lead = ","
    put("{}" if lead == "{" else newline + "}")


def _write_list(value: Sequence[Any], newline: str, put: Callable[[str], None]) -> None:
    lead, inner = "[", newline + " "
    for item in value:
        put(lead + inner)
        _write(item, inner, put)
        lead = ","
    put("[]" if lead == "[" else newline + "]")


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, (str, Decimal)):
        return encode_basestring(written(value))
    raise TypeError(f"not a value of an audit: {type(value).__name__}")


def _escaped(match: re.Match[str]) -> str:
    """What a terminal or a strict parser would stumble over; half a surrogate has no meaning."""
    code = ord(match.group())
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"
