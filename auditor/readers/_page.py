"""The walk over a parsed web page. No recursion: pages may nest as deep as they like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from auditor.model import Block, Location, Picture, Table, Text
from auditor.readers._blocks import (
    Budget,
    emitted,
    is_layout,
    laid_out,
    mark_of,
    placed,
    table,
)
from auditor.readers._cell_text import BLOCKS, paragraph
from auditor.readers._characters import Scrubber
from auditor.readers._counting import printed
from auditor.readers._flow import (
    GROUPS,
    Flow,
    Grid,
    blocks_in,
    collapsed,
    is_plain,
    number,
    spanning,
)
from auditor.readers.limits import Limits

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_DROPPED = frozenset(
    "head title script style noscript template nav button "  # noqa: SIM905
    "datalist audio rt rp".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PICTURES = {
    "img": "image", "canvas": "image", "svg": "image", "iframe": "frame", "frame": "frame",
    "object": "frame", "embed": "frame", "video": "frame",
}  # fmt: skip
_SHOWN = frozenset(("text", "number", "tel", "search", "date", "email", "url"))
_ICON = 32
_LIST_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_UNNUMBERED = re.compile(r"list-style(?:-type)?\s*:[^;]*none", re.IGNORECASE)
_NOWHERE = Location()
_LINE_END = re.compile("[\n\f\v]")


class Page:
    """One walk over one page. Afterwards `preformatted` tells that all its text was `<pre>`, and
    `struck` that some of it was crossed out."""

    def __init__(
        self,
        limits: Limits,
        scrub: Scrubber,
        pictures: Callable[[str], bytes],
        hidden: frozenset[int],
        boxes: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        """`pictures` gives the bytes of a picture by its `src`; `hidden` are the elements left
        out, `boxes` the tags that others stand for."""
        self._scrub = scrub
        self._pictures = pictures
        self._boxes = boxes
        self._hidden = hidden
        self._budget = Budget(limits)
        self._flow = Flow()
        self._grids: list[Grid] = []
        self._lists: list[tuple[str, int] | None] = []
        self._pre = 0
        self._kinds: set[str] = set()
        self.struck = False

    @property
    def preformatted(self) -> bool:
        """Whether there is text and none of it came from outside `<pre>`."""
        return self._kinds == {"pre"}

    def blocks(self, root: LexborNode | None, source: str) -> tuple[Block, ...]:
        """All blocks under a node, with their places."""
        if root is not None:
            self._walk(root)
        self._flush()
        return placed(self._flow.blocks, source)

    def _walk(self, root: LexborNode) -> None:
        """Depth first; `above` holds the open elements. The loop runs once a node: it is flat."""
        begins, ends, hidden = _BEGIN.get, _END.get, self._hidden
        boxes = self._boxes
        above: list[tuple[LexborNode, Callable[[Page], None] | None]] = []
        node: LexborNode | None = root
        while node is not None:
            tag = node.tag or "-"
            if tag == "-text":
                text = node.text_content or ""
                buffer = self._flow.buffer
                # White space at the beginning of a paragraph is only the source's own.
                if buffer or not text.isspace():
                    buffer.append(text)
            elif not (hidden and node.mem_id in hidden):
                if boxes:
                    tag = boxes.get(node.mem_id, tag)
                begin, end = begins(tag), ends(tag)
                if tag[0] != "-" if begin is None else begin(self, node):
                    child = node.first_child
                    if child is not None:
                        above.append((node, end))
                        node = child
                        continue
                    if end is not None:
                        end(self)
            node = node.next if above else None
            while node is None and above:
                parent, end = above.pop()
                if end is not None:
                    end(self)
                node = parent.next if above else None

    def _flush(self) -> None:
        """End the paragraph."""
        flow = self._flow
        if not flow.buffer:
            return
        text = flow.buffer[0] if len(flow.buffer) == 1 else "".join(flow.buffer)
        flow.buffer.clear()
        if self._pre:
            for line in _LINE_END.split(text):
                self._add(line.rstrip(), "pre")
        else:
            self._add(collapsed(text), "text")

    def _add(self, text: str, kind: str) -> None:
        text = self._scrub(text)
        if text and not text.isspace():
            flow = self._flow
            flow.blocks.append(Text(text, _NOWHERE, flow.ordinal, flow.level))
            flow.ordinal = ""
            self._kinds.add(kind)

    # --- elements ----------------------------------------------------------------------------

    def _drop(self, _: LexborNode) -> bool:
        return False

    def _struck(self, node: LexborNode) -> bool:
        """Text that is crossed out does not count; that there was some is noted."""
        self.struck = self.struck or bool(node.text().strip())
        return False

    def _raised(self, node: LexborNode) -> bool:
        """A raised figure is the mark of a note."""
        buffer = self._flow.buffer
        mark = mark_of(node.text(), "".join(buffer[-2:]))
        if mark:
            buffer.append(mark)
        return not mark

    def _select(self, node: LexborNode) -> bool:
        """In a form that was filled in, what was chosen is a value of its table."""
        chosen = node.css_first("option[selected]") or node.css_first("option")
        if self._grids and chosen is not None:
            self._flow.buffer.append(chosen.text())
        return False

    def _input(self, node: LexborNode) -> bool:
        """What a field of a form shows is text of the page."""
        given = node.attributes
        if (given.get("type") or "text").lower() in _SHOWN:
            self._flow.buffer.append(given.get("value") or "")
        return False

    def _textarea(self, _: LexborNode) -> bool:
        """In a form that was filled in, a value of its table; elsewhere a box for remarks."""
        return bool(self._grids)

    def _block(self, _: LexborNode) -> bool:
        if self._flow.buffer:
            self._flush()
        return True

    def _break(self, _: LexborNode) -> bool:
        if self._flow.level is None:
            self._flush()
        return False

    def _heading(self, node: LexborNode) -> bool:
        self._flush()
        self._flow.level = _HEADINGS[node.tag or ""]
        return True

    def _heading_end(self) -> None:
        self._flush()
        self._flow.level = None

    def _preformatted(self, _: LexborNode) -> bool:
        self._flush()
        self._pre += 1
        return True

    def _preformatted_end(self) -> None:
        self._flush()
        self._pre -= 1

    def _picture(self, node: LexborNode) -> bool:
        given = node.attributes
        sizes = [number(given.get(key), _ICON) for key in ("width", "height")]
        if min(sizes) >= _ICON:
            self._flush()
            text = self._scrub((given.get("alt") or given.get("title") or "").strip())
            kind = _PICTURES[node.tag or ""]
            content = self._pictures(given.get("src") or "") if kind == "image" else b""
            self._flow.blocks.append(Picture(kind=kind, text=text, content=content))
        return False

    def _list(self, node: LexborNode) -> bool:
        self._flush()
        given = node.attributes
        if node.tag != "ol" or _UNNUMBERED.search(given.get("style") or ""):
            self._lists.append(None)
        else:
            style = _LIST_STYLES.get(given.get("type") or "", "decimal")
            self._lists.append((style, number(given.get("start"), 1)))
        return True

    def _list_end(self) -> None:
        self._flush()
        self._lists.pop()

    def _item(self, node: LexborNode) -> bool:
        self._flush()
        if self._lists and (current := self._lists[-1]):
            style, count = current[0], number(node.attributes.get("value"), current[1])
            self._flow.ordinal = printed(style, count) + "."
            self._lists[-1] = (style, count + 1)
        return True

    def _item_end(self) -> None:
        self._flush()
        self._flow.ordinal = ""

    # --- tables ------------------------------------------------------------------------------

    def _table(self, _: LexborNode) -> bool:
        self._flush()
        self._grids.append(Grid(self._flow))
        return True

    def _group(self, node: LexborNode) -> bool:
        if self._grids:
            self._grids[-1].begin_group(GROUPS.get(node.tag or "", 1))
        return True

    def _row(self, _: LexborNode) -> bool:
        if self._grids:
            self._grids[-1].begin_row()
        return True

    def _cell(self, node: LexborNode) -> bool:
        if self._flow.buffer:
            self._flush()
        if not self._grids:
            return True
        given = node.attributes
        down = across = 1
        if given:
            if span := given.get("rowspan"):
                down = number(span, 1)
            if span := given.get("colspan"):
                across = min(number(span, 1), self._budget.limits.span) or 1
        grid = self._grids[-1]
        row = grid.begin_row() if grid.row is None else grid.row  # boxes need no row around them
        only = None if self._pre or self._boxes else paragraph(node, self._hidden, _BEGIN.keys())
        if only is None:
            self._flow = flow = Flow()
            row.append((flow.blocks, down, across))
            return True
        figure = only.isalnum() and only.isascii()  # as most cells
        text = only if figure else self._scrub(collapsed(only))
        if not text or text.isspace():
            text = ""
        else:
            self._kinds.add("text")
        row.append((text, down, across))
        return False

    def _caption(self, _: LexborNode) -> bool:
        self._flush()
        if self._grids:
            self._flow = self._grids[-1].caption
        return True

    def _inner_end(self) -> None:
        """A cell or a caption is over: back to the text around its table."""
        if self._flow.buffer:
            self._flush()
        if self._grids:
            self._flow = self._grids[-1].outer

    def _table_end(self) -> None:
        self._flush()
        grid = self._grids.pop()
        groups = grid.ordered()
        rows = [[cell for cell, _, _ in row] for rows in groups for row in rows]
        self._flow.blocks += grid.caption.blocks
        if is_plain(rows):  # as nearly every table of figures
            if any(map(any, rows)):
                self._budget.table()
                self._flow.blocks.append(table(laid_out(map(spanning, groups), self._budget)))
            return
        whole = [[blocks_in(cell) for cell in row] for row in rows]
        nested = any(isinstance(block, Table) for row in whole for cell in row for block in cell)
        self._flow.blocks += emitted(
            whole,
            nested or is_layout(whole),
            lambda: laid_out(map(spanning, groups), self._budget),
            self._budget,
        )


_BEGIN: dict[str, Callable[[Page, LexborNode], bool]] = {
    **dict.fromkeys(_DROPPED, Page._drop),
    **dict.fromkeys(("del", "s", "strike"), Page._struck),
    **dict.fromkeys((*BLOCKS, "hr"), Page._block),
    "sup": Page._raised,
    "select": Page._select,
    "input": Page._input,
    "textarea": Page._textarea,
    **dict.fromkeys(_HEADINGS, Page._heading),
    **dict.fromkeys(_PICTURES, Page._picture),
    **dict.fromkeys(GROUPS, Page._group),
    **dict.fromkeys(("ol", "ul"), Page._list),
    **dict.fromkeys(("td", "th"), Page._cell),
    "br": Page._break,
    "pre": Page._preformatted,
    "li": Page._item,
    "table": Page._table,
    "tr": Page._row,
    "caption": Page._caption,
}
_END: dict[str, Callable[[Page], None]] = {
    **dict.fromkeys(BLOCKS, Page._flush),
    **dict.fromkeys(_HEADINGS, Page._heading_end),
    **dict.fromkeys(("ol", "ul"), Page._list_end),
    **dict.fromkeys(("td", "th", "caption"), Page._inner_end),
    "pre": Page._preformatted_end,
    "li": Page._item_end,
    "table": Page._table_end,
}
