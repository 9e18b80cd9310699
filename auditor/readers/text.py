"""Plain text and Markdown → Document: one block a line, no grid."""

from __future__ import annotations

import re

from auditor.model import Document, Location, Text
from auditor.readers._characters import Scrubber, controls, decode
from auditor.readers.limits import Options, broken, too_large

SUFFIXES = (".txt", ".text", ".md", ".markdown")

_LINE_END = re.compile("\r\n|\n|\r")
_SOFT_BREAK = re.compile("[\f\v\u2028\u2029]")


def read(data: bytes, name: str, options: Options) -> Document:
    """A flattened document whose blocks know their line.

    Raises DocumentError: `broken` (binary, no known encoding), `too-large` (too many lines).
    """
    decoded = decode(data, tolerant=True)
    text = decoded.text
    if controls(text) * 5 > len(text):
        raise broken("含有大量控制字符，不是文字", "mostly control characters, not text")
    count = len(_LINE_END.findall(text)) + 1
    if count > options.limits.lines:
        raise too_large("行数", "lines", count, options.limits.lines)
    scrub = Scrubber()
    blocks = tuple(
        Text(clean, Location(name, line=number))
        for number, line in enumerate(_LINE_END.split(text), 1)
        for part in _SOFT_BREAK.split(line)
        if (clean := scrub(part).rstrip())
    )
    seen = (*decoded.observed(name), *scrub.observed(name))
    return Document(name, "text", blocks, observations=seen, flattened=True)
