"""The text of a cell of a web page, where the cell holds nothing but one paragraph."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt "  # noqa: SIM905
    "fieldset figcaption figure footer form header hgroup hr legend main menu p section "
    "summary".split()
)
"""Elements that part paragraphs and do nothing else."""


def paragraph(node: LexborNode, hidden: AbstractSet[int], others: AbstractSet[str]) -> str | None:
    """All text of a cell that holds one paragraph, however often it is wrapped.

    Most cells are like that and need no walk of their own. None where there is more in it, or
    something that means more than its text: `others` are the tags that do. The text is that which
    `Page` would gather, with its white space.
    """
    child = node.first_child
    if child is None:
        return ""
    if child.next is None and child.tag == "-text":
        return child.text_content or ""
    parts: list[str] = []
    ended = False
    above: list[tuple[LexborNode, bool]] = []
    while True:
        while child is None:
            if not above:
                return "".join(parts)
            child, block = above.pop()
            ended = ended or (block and bool(parts))
            child = child.next
        tag = child.tag or "-"
        if tag == "-text":
            text = child.text_content or ""
            if not text.isspace() or (parts and not ended):
                if ended:
                    return None
                parts.append(text)
        elif tag[0] != "-" and not (hidden and child.mem_id in hidden):
            block = tag in BLOCKS
            if not block and tag in others:
                return None
            ended = ended or (block and bool(parts))
            inner = child.first_child
            if inner is not None:
                above.append((child, block))
                child = inner
                continue
        child = child.next
