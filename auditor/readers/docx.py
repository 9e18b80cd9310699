"""Word-processor files (Office Open XML) → Document."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from auditor.model import Block, Document, Location, Observation
from auditor.readers._blocks import placed
from auditor.readers._characters import Scrubber
from auditor.readers.limits import Limits, Options, broken

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from auditor.readers._package import Package

SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")

_MAIN = "word/document.xml"


def read(data: bytes, name: str, options: Options) -> Document:
    """Blocks in reading order, tracked insertions accepted and deletions left out.

    Raises DocumentError `broken`, `encrypted`, `too-large`.
    """
    from auditor.readers._package import Package

    package = Package(data, options.limits)
    scrub = Scrubber()
    blocks, kinds = _walked(package, options.limits, scrub)
    seen = [Observation(kind, location=Location(name)) for kind in sorted(kinds)]
    return Document(
        name,
        "docx",
        placed(blocks, name),
        package.metadata(scrub),
        (*seen, *scrub.observed(name)),
    )


def _walked(package: Package, limits: Limits, scrub: Scrubber) -> tuple[list[Block], set[str]]:
    """The blocks of the body and the kinds of what was noticed on the way."""
    from auditor.readers._markup import W
    from auditor.readers._story import Story
    from auditor.readers._styles import Numbering, Styles

    main = package.related("").get("officeDocument", _MAIN)
    tree = package.tree(main)
    body = tree.find(W + "body") if tree is not None else None
    if body is None:
        raise broken(f"缺少正文 {main}", f"there is no document body ({main})")
    related = package.related(main)
    styles = Styles(_related(package, related, "styles"))
    numbering = Numbering(_related(package, related, "numbering"), styles)
    pictures = partial(_picture, package, main)
    story = Story(styles, numbering, limits, scrub, pictures, _notes(package, related))
    return story.blocks(body), story.noticed


def _picture(package: Package, main: str, key: str) -> bytes:
    """The bytes of a picture by the id of its relation; empty where it is not in the file."""
    name = package.targets(main).get(key)
    return (package.part(name) or b"") if name else b""


def _related(package: Package, related: dict[str, str], kind: str) -> Element | None:
    return package.tree(related.get(kind, f"word/{kind}.xml"))


def _notes(package: Package, related: dict[str, str]) -> dict[tuple[str, str], Element]:
    """Footnotes and endnotes by kind and id; separators have a type of their own."""
    from auditor.readers._markup import W

    found = {}
    for kind, tag in (("footnotes", W + "footnote"), ("endnotes", W + "endnote")):
        tree = _related(package, related, kind)
        for note in tree.iter(tag) if tree is not None else ():
            if note.get(W + "type", "normal") == "normal":
                found[kind, note.get(W + "id", "")] = note
    return found
