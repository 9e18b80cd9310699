"""What of a web page is not shown: by its elements' own styles, and by the page's style sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

LONG = 200
"""Characters: hidden elements that hold so many are no label of a menu."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SIGNS = {  # what a page must hold, and the elements that are then looked at
    (b"hid", b"display"): "[hidden],[style*=display i],[style*=visibility i],[style*=mso-hide i]",
    (b"opacity",): "[style*=opacity i]",
    (b"font-size:0", b"font-size: 0"): "[style*=font-size i]",
    (b"-999",): "[style*='-999' i]",
}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.ASCII)
# Said of what holds other elements these three are tricks of layout; of plain text they hide it.
_TINY = re.compile(
    r"font-size\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
    r"|opacity\s*:\s*0*(?:\.0+)?(?<=0)\s*(?:;|!|$)"
    r"|(?:left|top)\s*:\s*-9{3,5}(?:px|em|pt)",
    re.ASCII,
)
_SHOWN = re.compile(r"display\s*:\s*(?!none)[a-z]|visibility\s*:\s*visible", re.ASCII)
_CELLS = frozenset(("tr", "td", "th", "tbody"))
_WORDS = frozenset(("span", "font", "a", "b", "i", "u", "em", "strong", "sup", "sub", "small"))
_REMARK = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_MEDIA = re.compile(r"@media\s*([^{]{0,200})\{((?:[^{}]{0,400}\{[^{}]{0,4000}\}){0,200})\s*\}")
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,4000})\}")
_PLAIN = re.compile(r"[\w\s.#>-]+")  # selectors of names, classes and ids
_RULES = 100  # of a page's sheets that hide or show something
_LONGEST = 100_000  # characters of a style sheet that are looked at
_MOST, _PANELS = 5_000, 40  # elements that sheets hide or show; parts with tables that are hidden


class _Said(NamedTuple):
    """What a rule of a style sheet says of an element: the later and more exact one counts."""

    exact: tuple[int, int, int]
    at: int
    hidden: bool


class Hidden(NamedTuple):
    """The elements that are not shown; whether they hold more than a word or two; whether some of
    them are rows or cells of a table with something in them."""

    marks: frozenset[int] = frozenset()
    concealed: bool = False
    cells: bool = False


def hidden_in(parser: LexborHTMLParser, raw: bytes, text: str) -> Hidden:
    """What a page does not show."""
    # Plain searches first: most pages hide nothing, and selectors take as long as the parse.
    lower = (text.encode() if raw[:2] in _UTF_16 else raw).lower()
    wanted = [css for signs, css in _SIGNS.items() if any(sign in lower for sign in signs)]
    if not wanted:
        return Hidden()
    nodes = [node for node in parser.css(",".join(wanted)) if _is_hidden(node)]
    if b"<style" in lower:
        nodes += _by_sheets(parser)
    marks = frozenset(node.mem_id for node in nodes)
    outermost = [node for node in nodes if not _inside(node, marks)]
    cells = any(node.tag in _CELLS and node.text().strip() for node in outermost)
    concealed = cells or any(len(node.text().strip()) >= LONG for node in outermost)
    panels = _panels(parser, outermost) if b"<table" in lower else frozenset()
    return Hidden(marks - panels, concealed or bool(panels), cells)


def _panels(parser: LexborHTMLParser, nodes: Sequence[LexborNode]) -> frozenset[int]:
    """Parts of a page that a click shows: those with a table that stands nowhere else, and what
    is hidden beside them. A second version of the whole, as for printing, is none."""
    parts = [n for n in nodes if n.tag not in _CELLS and n.tag != "table" and n.parent is not None]
    holders = [(n, t) for n in parts if (t := n.css_first("table")) is not None]
    if not holders or len(holders) > _PANELS:
        return frozenset()
    root = parser.body or parser.root
    whole = _bare(root.text()) if root is not None else ""
    own = [n for n, t in holders if whole.count(_bare(t.text())) == 1]
    beside = {n.parent.mem_id for n in own if n.parent is not None}
    return frozenset(n.mem_id for n in parts if n.parent and n.parent.mem_id in beside)


def _bare(text: str) -> str:
    return "".join(text.split())


def _is_hidden(node: LexborNode) -> bool:
    given = node.attributes
    style = (given.get("style") or "").lower()
    if "hidden" in given or _HIDING.search(style) is not None:
        return True
    return _TINY.search(style) is not None and _is_text(node)


def _is_text(node: LexborNode) -> bool:
    """Whether an element holds nothing but text."""
    child = node.first_child
    return child is not None and child.next is None and child.tag == "-text"


def _inside(node: LexborNode, marks: frozenset[int]) -> bool:
    parent = node.parent
    return parent is not None and parent.mem_id in marks


# --- style sheets ----------------------------------------------------------------------------


def _by_sheets(parser: LexborHTMLParser) -> Iterator[LexborNode]:
    """Small elements that style sheets hide: rows, cells, words in them.

    Whole parts of a page are hidden until a script shows them, as in tabs: those are read.
    """
    said: dict[int, _Said] = {}
    found: dict[int, LexborNode] = {}
    for at, (selector, hidden) in enumerate(_rules(parser)):
        try:
            nodes = parser.css(selector)
        except ValueError:  # not a selector
            continue
        exact = (selector.count("#"), selector.count("."), len(selector.split()))
        for node in nodes:
            one = _Said(exact, at, hidden)
            said[node.mem_id] = max(said.get(node.mem_id, one), one)
            found[node.mem_id] = node
    for key, node in found.items() if len(found) <= _MOST else ():
        style = (node.attributes.get("style") or "").lower()
        if said[key].hidden and not _SHOWN.search(style) and _is_small(node):
            yield node


def _rules(parser: LexborHTMLParser) -> Iterator[tuple[str, bool]]:
    """Selectors of what is hidden, and of what is shown after all."""
    count = 0
    for sheet in parser.css("style"):
        written = _MEDIA.sub(_on_screen, _REMARK.sub(" ", sheet.text()[:_LONGEST]))
        for rule in _RULE.finditer(written):
            style = rule[2].lower()
            hides = _HIDING.search(style) is not None
            if not hides and _SHOWN.search(style) is None:
                continue
            for selector in rule[1].split(","):
                if _PLAIN.fullmatch(selector) and count < _RULES:
                    count += 1
                    yield selector.strip(), hides


def _on_screen(media: re.Match[str]) -> str:
    """The rules that hold on every screen."""
    return media[2] if media[1].strip().lower() in ("all", "screen", "all,screen") else " "


def _is_small(node: LexborNode) -> bool:
    """Whether an element is no whole part of a page: few words of a line or a table."""
    if len(node.text().strip()) >= LONG or node.css_first("table") is not None:
        return False
    at: LexborNode | None = node
    if node.tag in _WORDS:
        return True
    while at is not None and at.tag not in _CELLS:
        at = at.parent
    return at is not None
