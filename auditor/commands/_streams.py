"""Screens and pipes that cannot take every sign: nobody's audit ends in a fault for that."""

from __future__ import annotations

import codecs
import os
import sys

_NEAREST = "auditor.nearest"
_LIKE = {
    "✗": "×x", "✓": "√v", "○": "Oo", "–": "-", "—": "-", "━": "-", "┄": "-", "·": ".", "•": "*",
    "▀": "■#", "▄": "■#", "█": "■#", "→": ">", "“": '"', "”": '"', "\u00a0": " ", "−": "-",
}  # fmt: skip
_NARROWEST = 20


def settle() -> None:
    """Make the streams take whatever is written; forget a width that no screen has.

    A screen of another encoding, such as GBK, shows the nearest sign that it has: ✗ must not
    become the ? of another outcome. One of ASCII is written in UTF-8, as typer does.
    """
    codecs.register_error(_NEAREST, _nearest)
    for stream in (sys.stdout, sys.stderr):
        if not hasattr(stream, "reconfigure"):  # a test's own, or none at all
            continue
        if codecs.lookup(stream.encoding).name == "ascii":
            stream.reconfigure(encoding="utf-8")
        stream.reconfigure(errors=_NEAREST)
    width = os.environ.get("COLUMNS", "")
    if width.isdecimal() and int(width) < _NARROWEST:
        del os.environ["COLUMNS"]


def abandon() -> None:
    """Write no more: what is still held back is lost with the disk or the reader."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """The nearest sign that an encoding has; otherwise the sign's number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    sign = error.object[error.start]
    for like in _LIKE.get(sign, ""):
        try:
            like.encode(error.encoding)
        except UnicodeEncodeError:
            continue
        return like, error.start + 1
    number = sign.encode("ascii", "backslashreplace").decode("ascii")
    return number, error.start + 1
