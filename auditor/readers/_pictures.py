"""Pictures inside a document → the tables that are on them, where the extra is installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import groupby

from auditor.errors import DocumentError
from auditor.model import Block, Document, Location, Observation, Picture, Table, Text
from auditor.readers._blocks import Budget
from auditor.readers._ocr import is_installed
from auditor.readers.limits import Limits

_MOST = 30  # pictures of one document; the others stay pictures, which are open
_SMALL = 4_000  # bytes: icons
_LITTLE = 200  # characters: a text with less around its pictures is only a cover for scans


def recognised(document: Document, limits: Limits) -> Document:
    """Pictures of tables as tables; all others as they are, without their bytes.

    Where anything else was found on a picture, a picture stands in its place: it may hold what
    the text lacks. In a document that is hardly more than its pictures they are its pages, and
    their text is taken, too. A picture that is shown several times is read once.
    """
    pages = _is_cover(document)
    left = _MOST if is_installed() else 0
    budget = Budget(limits)
    known: dict[bytes, tuple[Block, ...]] = {}
    blocks: list[Block] = []
    seen: list[Observation] = []
    for block in document.blocks:
        if not (isinstance(block, Picture) and block.content):
            blocks.append(block)
            continue
        digest = sha256(block.content).digest()
        if digest not in known and left and len(block.content) >= _SMALL:
            left -= 1
            known[digest] = _found(block, budget)
        found = list(_shown(known.get(digest, ()), block, pages=pages))
        blocks += found
        if any(not isinstance(made, Picture) for made in found):
            at = Location(document.source, line=None if pages else block.location.line)
            seen.append(Observation("recognised", location=at))
    return replace(document, blocks=tuple(blocks), observations=(*document.observations, *seen))


def _is_cover(document: Document) -> bool:
    """Whether a document says next to nothing itself."""
    own = [block for block in document.blocks if not isinstance(block, Picture)]
    text = sum(len(block.text) for block in own if isinstance(block, Text))
    return text < _LITTLE and not any(isinstance(block, Table) for block in own)


def _found(block: Picture, budget: Budget) -> tuple[Block, ...]:
    """What stands on a picture; a picture last where something could not be read."""
    from auditor.readers.picture import blocks_of

    try:
        found, seen = blocks_of(block.content, block.location.source, budget)
    except DocumentError:
        return ()
    doubts = any(note.kind != "recognised" for note in seen)
    return (*found, Picture()) if doubts else found


def _shown(found: tuple[Block, ...], block: Picture, *, pages: bool) -> Iterator[Block]:
    """What a picture gives at its place: runs of anything that is not taken as one picture."""
    empty = replace(block, content=b"")
    if not any(isinstance(made, Table) or (pages and isinstance(made, Text)) for made in found):
        yield empty
        return
    for kind, run in groupby(found, key=type):
        if kind is Table or (kind is Text and pages):
            yield from (_placed(made, block) for made in run)
        else:
            yield empty


def _placed(made: Block, block: Picture) -> Block:
    """A block at the place of its picture, without the places on that, which is no page."""
    made = replace(made, location=block.location)
    if isinstance(made, Table):
        cells = tuple(c._replace(page=None, box=None) for c in made.cells)
        return replace(made, cells=cells)
    return made
