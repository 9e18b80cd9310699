"""Text from outside as plain text for office files: no controls, no bidi tricks, never too long."""

from __future__ import annotations

import re
import unicodedata

_ANSI = re.compile(
    "\x9b[0-?]*[ -/]*[@-~]?"
    "|\x1b(?:\\[[0-?]*[ -/]*[@-~]?|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[@-Z\\\\^_])"
)
_SPACE = re.compile("[\\s\x1c-\x1f\x85\u2028\u2029]+")
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
# Eighteen digits that begin a region and hold a possible birthday: nobody needs them in a list.
_PERSON = re.compile(
    "(?<![0-9])([1-9][0-9]{5})(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])"
    "(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}([0-9Xx])(?![0-9])"
)


def clean(text: str, limit: int = 2000) -> str:
    """One plain line: escapes, controls, bidi marks and half surrogates gone, numbers masked."""
    shown = text[: limit * 2]
    if not (shown.isascii() and shown.isprintable()):
        bare = _SPACE.sub(" ", _ANSI.sub("", shown))
        shown = "".join(c for c in bare if unicodedata.category(c) not in _HIDDEN)
    shown = _PERSON.sub(r"\1***********\2", shown)
    return shown if len(shown) <= limit else f"{shown[:limit]}……"
