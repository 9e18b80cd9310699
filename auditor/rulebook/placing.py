"""Where in a file a part of a value stands: YAML folds lines and drops quotes, authors do not."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.rulebook.complaints import lines_of
from auditor.rulebook.marks import Mark

_REACH = 80  # lines after a mark that its value, or the list that it stands in, may take
_ENDS = ",]}\"'\n#:"


def placed(text: str, mark: Mark, value: str, start: int, end: int) -> Mark:
    """The place of `value[start:end]`, where the value begins at the mark or some items after it.

    The mark itself where the value is not found as it was written.
    """
    lines = lines_of(text.removeprefix("\ufeff"))[: mark.line - 1 + _REACH]
    source = "\n".join(lines[mark.line - 1 :])
    for at in _beginnings(source, value, mark.column - 1):
        places = _aligned(source, value, at)
        if places is not None:
            return _mark(source, places, start, end, mark.line)
    return mark


def _beginnings(source: str, value: str, at: int) -> Iterator[int]:
    first = value.lstrip()[:1]
    while first and (at := source.find(first, at)) >= 0:
        yield at
        at += 1


def _aligned(source: str, value: str, at: int) -> list[int] | None:
    """For each character of the value its place in the source; None if it is not written there."""
    places: list[int] = []
    for n, sign in enumerate(value):
        if sign.isspace():
            places.append(at)
            if not value[:n].strip() or value[n - 1].isspace():
                continue
            ahead = len(source) - len(source[at:].lstrip())
            if ahead == at and n + 1 < len(value):
                return None
            at = ahead
            continue
        if source[at : at + 1] == "\\" and sign != "\\":
            at += 1
        if source[at : at + 1] != sign:
            return None
        places.append(at)
        at += 2 if source[at : at + 2] in ("''", "\\\\") and sign in "'\\" else 1
    rest = source[at:].lstrip(" ")
    return places if not rest or rest[0] in _ENDS else None


def _mark(source: str, places: list[int], start: int, end: int, line: int) -> Mark:
    last = len(places) - 1
    begin = places[min(start, last)] + max(0, start - last)
    stop = places[min(max(end - 1, start), last)]
    before = source.rfind("\n", 0, begin) + 1
    row = source.count("\n", 0, begin)
    same_line = source.find("\n", begin, stop) < 0
    length = stop - begin + 1 if same_line else source.find("\n", begin) - begin
    return Mark(line + row, begin - before + 1, max(1, length))
