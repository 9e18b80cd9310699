"""Small questions to word-processor XML."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VAL = W + "val"


def whole(text: str | None, otherwise: int = 0) -> int:
    """A whole number of an attribute; anything else is `otherwise`."""
    try:
        return int(text or "") if len(text or "") < 10 else otherwise
    except ValueError:
        return otherwise


@lru_cache(maxsize=256)
def _full(name: str) -> str:
    """A name with its namespace; the same string each time, so that it is hashed once."""
    return W + name


def value(parent: Element | None, name: str) -> str | None:
    """The `w:val` of a child element."""
    child = parent.find(_full(name)) if parent is not None else None
    return child.get(VAL) if child is not None else None


def chosen(alternatives: Element) -> Element:
    """One of two versions of the same content."""
    choice = alternatives.find(MC + "Choice")
    if choice is None:
        choice = alternatives.find(MC + "Fallback")
    return alternatives if choice is None else choice


def advance(mark: Element, fields: list[bool]) -> bool:
    """Fields nest; what stands between their begin and `separate` is an instruction.

    True where a field ends that has no result.
    """
    kind = mark.get(W + "fldCharType")
    if kind == "begin":
        fields.append(False)
    elif fields and kind == "separate":
        fields[-1] = True
    elif fields and kind == "end":
        return not fields.pop()
    return False


def removed(properties: Element) -> bool:
    """Whether the end of a paragraph is a tracked deletion."""
    mark = properties.find(_full("rPr"))
    return mark is not None and (
        mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None
    )


def on(properties: Element, name: str) -> bool:
    """Whether a property is there and not switched off."""
    switch = properties.find(_full(name))
    return switch is not None and switch.get(VAL, "1") not in ("0", "false", "off")


def merge(properties: Element | None, name: str) -> str:
    """`restart`, `continue` or ``: a merge mark without a value goes on."""
    mark = properties.find(_full(name)) if properties is not None else None
    return "" if mark is None else mark.get(VAL, "continue")
