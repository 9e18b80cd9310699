"""Texts in traditional script as the rules know their words; every letter keeps its place."""

from __future__ import annotations

from dataclasses import replace

from auditor.model import Block, Document, Text
from auditor.text import simplified

_LETTERS, _SHARE = 10, 0.1  # letters of that script that a document has, and their share


def in_one_script(document: Document) -> Document:
    """The document with its texts in simplified script, if they are in the other one.

    A few such letters are names or slips, and stay as they are printed.
    """
    texts = [block.text for block in document.blocks if isinstance(block, Text)]
    other = [text for text in texts if simplified(text) is not text]
    if not other:
        return document
    count = sum(a != b for text in other for a, b in zip(text, simplified(text), strict=True))
    if count < _LETTERS or count < _SHARE * sum(map(len, texts)):
        return document
    return replace(document, blocks=tuple(map(_simplified, document.blocks)))


def _simplified(block: Block) -> Block:
    return replace(block, text=simplified(block.text)) if isinstance(block, Text) else block
