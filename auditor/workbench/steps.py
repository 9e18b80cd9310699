"""Steps: an evaluation as a tree, every line with its value and the place it was read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditor.model import Location
from auditor.renderers.words import Words


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an evaluation.

    `said` is what it is, `value` what it comes to, `place` where that stands in the original.
    `outcome` is a word of `outcome` in the words of the workbench, "" where nothing was judged.
    `state` is `read`, `blank`, `open` or `inferred` for a fact, `prior` marks last year's.
    """

    said: str
    value: str = ""
    outcome: str = ""
    place: str = ""
    state: str = ""
    prior: bool = False
    path: str = ""
    steps: tuple[Step, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The same for JSON; what is empty is left out."""
        found: dict[str, Any] = {"said": self.said}
        for key in ("value", "outcome", "place", "state", "prior", "path"):
            if getattr(self, key):
                found[key] = getattr(self, key)
        if self.steps:
            found["steps"] = [step.plain() for step in self.steps]
        return found


def place_of(at: Location | None, words: Words) -> str:
    """Where something stands, in as many words as are known."""
    if at is None:
        return ""
    parts = []
    for key, value in (("page", at.page), ("table", at.table), ("row", at.row)):
        if value is not None:
            parts.append(words(f"place.{key}", **{key: value}))
    if at.line is not None and at.column is not None:
        parts.append(words("place.line_column", line=at.line, column=at.column))
    elif at.column is not None:
        parts.append(words("place.column", column=at.column))
    elif at.line is not None:
        parts.append(words("place.line", line=at.line))
    if at.span is not None:
        parts.append(words("place.span", start=at.span[0] + 1, end=at.span[1]))
    return words("place.join").join(parts)
