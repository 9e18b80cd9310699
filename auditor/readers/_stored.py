"""Text that a page holds but leaves to a script to show: in one, or in an element for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.model import Block, Table, Text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_LEAST = 1000  # characters of a text that may be the whole article
_MARKUP = re.compile(r"</(?:p|td|div)>", re.IGNORECASE)
_STRING = re.compile(r'(?<!\\)"((?:[^"\\\n]|\\.){1000,}+)"')
_HOLDERS = ("<script", "<textarea", "<template", "<noscript")


def stored(parser: LexborHTMLParser, text: str, shown: Sequence[Block]) -> str:
    """The longest text with markup that is kept in a page; empty where a table is shown, or the
    text is no longer than twice what is."""
    if any(isinstance(b, Table) for b in shown) or not any(tag in text for tag in _HOLDERS):
        return ""
    found = max(_kept(parser), key=len, default="")
    long = sum(len(b.text) for b in shown if isinstance(b, Text))
    return found if len(found) >= max(_LEAST, 2 * long) else ""


def _kept(parser: LexborHTMLParser) -> Iterator[str]:
    for node in parser.css("textarea"):
        yield from _marked(node.text())
    for node in parser.css("noscript, template"):
        whole = node.html or ""
        yield from _marked(whole[whole.find(">") + 1 : whole.rfind("<")])
    for node in parser.css("script"):
        for string in _STRING.finditer(node.text()):
            try:
                yield from _marked(json.loads(f'"{string[1]}"'))
            except ValueError:  # not a string of data
                continue


def _marked(text: str) -> Iterator[str]:
    if _MARKUP.search(text):
        yield text
