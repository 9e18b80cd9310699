"""Elements that a page's styles show as what they are not by name: parts of a table, words that
are raised or crossed out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

ROLES: Mapping[str, str] = {
    "table": "table", "inline-table": "table", "table-row": "tr", "table-cell": "td",
    "table-row-group": "tbody", "table-header-group": "thead", "table-footer-group": "tfoot",
    "table-caption": "caption",
}  # fmt: skip
_DISPLAY = re.compile(r"display\s*:\s*([a-z-]+)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,4000})\}")
_PLAIN = re.compile(r"[\w\s.#,>-]+")  # selectors of names, classes and ids
_MARK = "table-cell"
_WORDS = {"super": "sup", "line-through": "s"}
_INLINE = frozenset(("span", "font", "a", "b", "i", "u", "em", "strong", "p"))
_RULES = 200


def boxes_of(parser: LexborHTMLParser, text: str) -> dict[int, str]:
    """The tags that elements stand for, by their memory; empty on nearly every page."""
    # Styles are written in small letters, and pages without are many.
    found = {
        node.mem_id: tag
        for word, tag in _WORDS.items()
        if word in text
        for node in parser.css(f"[style*={word}]")
        if node.tag in _INLINE
    }
    if _MARK not in text:
        return found
    for nodes, style in _styled(parser):
        display = [m[1].lower() for m in _DISPLAY.finditer(style)]
        if display and display[-1] in ROLES:
            found.update((node.mem_id, ROLES[display[-1]]) for node in nodes)
    return found


def _styled(parser: LexborHTMLParser) -> Iterator[tuple[list[LexborNode], str]]:
    """Elements with what styles say of them: first the sheets of the page, then their own."""
    for sheet in parser.css("style"):
        for rule, _ in zip(_RULE.finditer(sheet.text()), range(_RULES), strict=False):
            selector, style = rule[1].strip(), rule[2]
            if "table" in style and _PLAIN.fullmatch(selector):
                try:
                    yield parser.css(selector), style
                except ValueError:  # not a selector
                    continue
    for node in parser.css("[style*=table]"):
        yield [node], node.attributes.get("style") or ""
