"""A file with a slip of YAML in it, entry by entry: so that all slips are told at once.

A parser gives up at the first slip. The entries of a rule file begin at the left margin, so each
can be read by itself; only the entry with the slip is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.errors import SourceError
from auditor.rulebook.author import Author
from auditor.rulebook.complaints import lines_of
from auditor.rulebook.marks import Listed, Mapped, Mark
from auditor.rulebook.source import load_yaml


def read_apart(author: Author, broken: list[str]) -> Any:
    """The value of the file, without the entries that cannot be read; None if there is no other.

    Every slip is noted; the text of what was lost goes into `broken`.
    """
    try:
        return load_yaml(author.text)
    except SourceError as error:
        first = error
    blocks = list(_blocks(author.text))
    values: list[Any] = []
    errors: list[SourceError] = []
    for line, text in blocks if len(blocks) > 1 else ():
        try:
            values.append(load_yaml("\n" * line + text))
        except SourceError as error:
            errors.append(error)
            broken.append(text)
    for slip in errors or [first]:
        author.wrong_source(slip)
    if not errors:
        broken.append(author.text)
        return None
    return _joined(values)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """(lines before it, text) of everything that begins at the left margin."""
    lines = lines_of(text.removeprefix("\ufeff"))
    listed = any(line.startswith("- ") for line in lines)
    starts = [n for n, line in enumerate(lines) if _begins(line, listed=listed)]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start, "\n".join(lines[start:stop])


def _begins(line: str, *, listed: bool) -> bool:
    if listed:
        return line.startswith("- ")
    return line[:1] not in ("", " ", "\t", "#", "-", "]", "}")


def _joined(values: list[Any]) -> Any:
    """Lists become one list, mappings one mapping; anything else cannot be put together."""
    mark = Mark(1, 1, 1)
    if all(isinstance(value, Listed) for value in values):
        whole = Listed(mark)
        for value in values:
            whole.extend(value)
            whole.marks.extend(value.marks)
        return whole
    if all(isinstance(value, Mapped) for value in values):
        table = Mapped(mark)
        for value in values:
            table.update(value)
            table.marks_of_keys.update(value.marks_of_keys)
            table.marks_of_values.update(value.marks_of_values)
        return table
    return None
