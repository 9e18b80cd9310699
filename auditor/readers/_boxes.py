"""Elements that a page's styles show as parts of a table, though they are none by name."""

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
_RULES = 200


def boxes_of(parser: LexborHTMLParser, text: str) -> dict[int, str]:
    """The tags that elements stand for, by their memory; empty on nearly every page."""
    if _MARK not in text:  # styles are written in small letters, and pages without are many
        return {}
    found: dict[int, str] = {}
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
