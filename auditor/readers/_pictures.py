"""Pictures inside a document → the tables that are on them, where the extra is installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.errors import DocumentError
from auditor.model import Block, Document, Location, Observation, Picture, Table
from auditor.readers._blocks import Budget
from auditor.readers._ocr import is_installed
from auditor.readers.limits import Limits

_MOST = 30  # pictures of one document; the others stay pictures, which are open
_SMALL = 4_000  # bytes: icons


def recognised(document: Document, limits: Limits) -> Document:
    """Pictures of tables as tables; all others as they are, without their bytes.

    What cannot be recognised stays a picture: it may hold what the text lacks.
    """
    left = _MOST if is_installed() else 0
    budget = Budget(limits)
    blocks: list[Block] = []
    seen: list[Observation] = []
    for block in document.blocks:
        if not (isinstance(block, Picture) and block.content):
            blocks.append(block)
            continue
        tables: list[Table] = []
        if left and len(block.content) >= _SMALL:
            left -= 1
            tables = list(_tables(block, budget))
        if tables:
            at = Location(document.source, line=block.location.line)
            seen.append(Observation("recognised", location=at))
        blocks += tables or [replace(block, content=b"")]
    return replace(document, blocks=tuple(blocks), observations=(*document.observations, *seen))


def _tables(block: Picture, budget: Budget) -> Iterator[Table]:
    from auditor.readers.picture import blocks_of

    try:
        found, _ = blocks_of(block.content, block.location.source, budget)
    except DocumentError:
        return
    for made in found:
        if isinstance(made, Table):
            cells = tuple(replace(cell, page=None, box=None) for cell in made.cells)
            yield replace(made, cells=cells, location=block.location)
