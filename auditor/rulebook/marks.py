"""Where things stood in a file that a person wrote: marks, and values that carry them."""

from __future__ import annotations

from typing import Any, NamedTuple


class Mark(NamedTuple):
    """A place in the text: line and column count from 1, the length in characters."""

    # A named tuple, not a dataclass: there are two for every value of a file.

    line: int
    column: int
    length: int


class Mapped(dict[str, Any]):
    """A mapping that knows where its keys and values stood."""

    __slots__ = ("mark", "marks_of_keys", "marks_of_values")

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.marks_of_keys: dict[str, Mark] = {}
        self.marks_of_values: dict[str, Mark] = {}


class Listed(list[Any]):
    """A list that knows where its items stood."""

    __slots__ = ("mark", "marks")

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.marks: list[Mark] = []
