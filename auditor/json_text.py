"""Plain values as JSON in the one layout of this program: indented by one blank, exact, UTF-8.

The bytes are those of json.dumps(…, indent=1, ensure_ascii=False), which is several times slower
with an indent; a float raises TypeError instead of being written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, NamedTuple, TypeAlias

from auditor.text import written

_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def to_bytes(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Plain values as JSON in our layout."""
    return b"".join(pieces(value))


def pieces(value: Mapping[str, Any] | Sequence[Any]) -> Iterator[bytes]:
    """Plain values as JSON in our layout; an iterator is a list that is written as it comes.

    What an iterator gives holds none.
    """
    parts: list[str | _Later] = []
    _write(value, "\n", parts.append)
    ready: list[str] = []
    for part in parts:
        if isinstance(part, _Later):
            yield _encoded("".join(ready))
            ready.clear()
            yield from map(_encoded, _items(part))
        else:
            ready.append(part)
    yield _encoded("".join(ready) + "\n")


def _encoded(text: str) -> bytes:
    return _UNSAFE.sub(_escaped, text).encode("utf-8")


class _Later(NamedTuple):
    """A list whose items are still to come, and the line end before its last bracket."""

    items: Iterator[Any]
    newline: str


_Put: TypeAlias = Callable[[Any], None]


def _items(later: _Later) -> Iterator[str]:
    """The text of a list, item by item."""
    lead, inner = "[", later.newline + " "
    for item in later.items:
        written = [lead + inner]
        _write(item, inner, written.append)
        yield "".join(written)
        lead = ","
    yield "[]" if lead == "[" else later.newline + "]"


def _write(value: Any, newline: str, put: _Put) -> None:
    if isinstance(value, Mapping):
        _write_object(value, newline, put)
    elif isinstance(value, (list, tuple)):
        _write_list(value, newline, put)
    elif isinstance(value, Iterator):
        put(_Later(value, newline))
    else:
        put(_scalar(value))


def _write_object(value: Mapping[str, Any], newline: str, put: _Put) -> None:
    lead, inner = "{", newline + " "
    for key, item in value.items():
        put(f"{lead}{inner}{encode_basestring(key)}: ")
        if isinstance(item, str):
            put(encode_basestring(item))
        else:
            _write(item, inner, put)
        lead = ","
    put("{}" if lead == "{" else newline + "}")


def _write_list(value: Sequence[Any], newline: str, put: _Put) -> None:
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
