"""Text from outside as one plain line, for every output that people read."""

from __future__ import annotations

import re
import unicodedata

_ANSI = re.compile(
    "\x9b[0-?]*[ -/]*[@-~]?"
    "|\x1b(?:\\[[0-?]*[ -/]*[@-~]?|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[@-Z\\\\^_])"
)
_SPACE = re.compile("[\\s\x1c-\x1f\x85\u2028\u2029]+")
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def clean(text: str, limit: int = 4000) -> str:
    """Text from outside as one plain line: no escapes, controls, bidi or half surrogates."""
    shown = text
    if not (text.isprintable() and (text.isascii() or "  " not in text)):
        bare = _SPACE.sub(" ", _ANSI.sub("", text[: limit * 2]))
        shown = "".join(c for c in bare if unicodedata.category(c) not in _HIDDEN)
    return shown if len(text) <= limit else f"{shown[:limit]}……"
