"""File names from what a report says: legal everywhere, inside the folder, each only once."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*\x7f]+')
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_MOST_BYTES = 180


def file_name(wanted: str, suffix: str, taken: set[str]) -> str:
    """A name that no other paper has; it is added to `taken`."""
    bare = _FORBIDDEN.sub("_", wanted).strip(" .") or "_"
    bare = f"_{bare}" if _DEVICES.fullmatch(bare) else bare
    name, number = _cut(bare, _MOST_BYTES) + suffix, 2
    while name.casefold() in taken:
        tail = f" ({number})"
        name, number = _cut(bare, _MOST_BYTES - len(tail)) + tail + suffix, number + 1
    taken.add(name.casefold())
    return name


def _cut(text: str, room: int) -> str:
    """The text in so many bytes, no character broken."""
    return text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").rstrip(" .")
