"""Names of sheets: legal in every office program, and each only once."""

from __future__ import annotations

import re

LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']+")


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name of at most 31 characters that no other sheet has; it is added to `taken`."""
    bare = re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", wanted)).strip() or "-"
    if bare.casefold() == "history":  # reserved by Excel
        bare = f"{bare}_"
    name, number = _cut(bare, LONGEST), 2
    while name.casefold() in taken:
        suffix = f" ({number})"
        name, number = _cut(bare, LONGEST - len(suffix)) + suffix, number + 1
    taken.add(name.casefold())
    return name


def _cut(text: str, room: int) -> str:
    """The text in so many UTF-16 units, as Excel counts."""
    units = 0
    for at, char in enumerate(text):
        units += 2 if ord(char) > 0xFFFF else 1
        if units > room:
            return text[:at].rstrip()
    return text
