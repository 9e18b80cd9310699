"""Report data as JSON, read quickly where there is nothing to say of it.

Nearly all of a large folder of data is whole: every member there, in one order, no blank, every
value plain. For such a file the long way (`readers.data`, `binding.data`) changes nothing and
notes nothing; here that is made sure of, and the rest is left out. Whatever is not certain goes
the long way: the result is the same, field by field, which the tests hold against it.

What a structure (its members in their order) comes to is found out once, by the long way itself.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from auditor.binding.classify import classified
from auditor.binding.validate import gate
from auditor.corpus.structure import (
    ABSENT,
    Plan,
    Shape,
    Structure,
    members_of,
    paths_of,
    plan_of,
    shape_of,
    structure_of,
    value_at,
)
from auditor.errors import AuditorError
from auditor.model import Document, Location, Report, Subject
from auditor.pipeline import Settings, bind_document
from auditor.readers._characters import suspect
from auditor.readers._positions import json_places

_MOST = 1_000_000  # bytes: beyond, the limits of the long way watch over it
_LIMIT = 10**15
_COLON = re.compile(rb'"\s*:')
_VALUE = re.compile(r'"\s*:\s*')
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?")
_KNOWN = 64  # structures that are remembered
_TRIES = 8  # files of one shape that a structure is sought in


class QuickReader:
    """Reads such files for one run; it remembers the structures that it has met."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asked = (settings.form, settings.period, settings.kind) == (None, None, None)
        self._known: dict[Shape, Structure] = {}
        self._tried: Counter[Shape] = Counter()
        self._last: Structure | None = None

    def report(self, data: bytes, source: str) -> Report | None:
        """The report of a file's bytes; None for what must go the long way."""
        if not self._asked or not data.startswith(b"{") or len(data) > _MOST or b"\0" in data:
            return None
        content = _parsed(data)
        if content is None:
            return None
        structure, values = self._laid_out(content, source, self._tried)
        if structure is None or values is None or not _is_plain(values, structure, data):
            return None
        if not gate(structure.form).is_valid(content):
            return None
        return _report(content, values, structure, data, source)

    def again(self, data: bytes, source: str) -> Report:
        """The same for bytes of which a report was made before, with the same forms."""
        content = _parsed(data)
        assert content is not None
        structure, values = self._laid_out(content, source, Counter())
        assert structure is not None
        assert values is not None
        found = _report(content, values, structure, data, source)
        assert found is not None
        return found

    def _laid_out(
        self, content: dict[str, Any], source: str, tried: Counter[Shape]
    ) -> tuple[Structure | None, list[Any] | None]:
        """The structure of some content, and its values; mostly it is that of the file before.

        A file that has something to be said of it tells nothing of its structure: the next of the
        same shape may, but not for ever.
        """
        if self._last is not None:
            values = _leaves(content, self._last.shape)
            if values is not None:
                return self._last, values
        shape = shape_of(content)
        structure = self._known.get(shape)
        if structure is None and tried[shape] < _TRIES and len(tried) < _KNOWN:
            tried[shape] += 1
            structure = self._learnt(content, shape, source)
            if structure is not None and len(self._known) < _KNOWN:
                self._known[shape] = structure
        self._last = structure or self._last
        return structure, _leaves(content, shape)

    def _learnt(self, content: dict[str, Any], shape: Shape, source: str) -> Structure | None:
        """What the long way makes of this structure; None where it changes or notes anything."""
        document = Document(source, "json", data=content)
        try:
            bound = bind_document(document, self._settings)
        except AuditorError:
            return None
        if not isinstance(bound, Report) or bound.observations:
            return None
        form = next(form for form in self._settings.forms if form.id == bound.form)
        wanted = shape_of(bound.data)
        there = {path: place for place, path in enumerate(paths_of(shape, ""))}
        absent = set(paths_of(wanted, "")) - there.keys()
        if any(value_at(bound.data, path) is not None for path in absent):
            return None
        if members_of(wanted) - len(absent) != members_of(shape):
            return None
        plan = plan_of(wanted, "", there) if wanted != shape else None
        return structure_of(form, shape, plan, bound.coverage)


def _parsed(data: bytes) -> dict[str, Any] | None:
    import orjson

    try:
        content = orjson.loads(data)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


# ---- one file ------------------------------------------------------------------------------------


def _leaves(content: dict[str, Any], shape: Shape) -> list[Any] | None:
    """The values of all members that are no object, in their order; None for another shape."""
    found: list[Any] = []
    return found if _gather(content, shape, found) else None


def _gather(node: Any, shape: Shape, into: list[Any]) -> bool:
    keys, inner = shape
    if node.__class__ is not dict or tuple(node) != keys:
        return False
    if not inner:
        into += node.values()
        return True
    values, at = list(node.values()), 0
    for place, below in inner:
        into += values[at:place]
        if not _gather(values[place], below, into):
            return False
        at = place + 1
    into += values[at:]
    return True


def _ordered(values: list[Any], plan: Plan) -> dict[str, Any]:
    """The object of a plan; what the file does not have is null."""
    return {key: _ordered(values, of) if of.__class__ is tuple
            else None if of == ABSENT else values[of] for key, of in plan}  # fmt: skip


def _is_plain(values: list[Any], structure: Structure, data: bytes) -> bool:
    """Whether every value is one that the long way would leave as it is."""

    def of(kind: str) -> list[Any]:
        return [values[place] for place in structure.places.get(kind, ())]

    if not (_are_counts(of("count"), 0) and _are_counts(of("change"), -_LIMIT)):
        return False
    if not all(map(_is_amount, of("amount"))):
        return False
    texts, others, listed = of("text"), of("other"), of("list")
    if not set(map(type, texts)) <= {str} or not set(map(type, others)) <= {str, int, type(None)}:
        return False
    if not all(_is_words(words) for words in listed):
        return False
    words = [*texts, *(o for o in others if o.__class__ is str), *(w for ws in listed for w in ws)]
    if suspect("\n".join(words)):
        return False
    return len(_COLON.findall(data)) == structure.members  # or a key is there twice


def _are_counts(numbers: list[Any], least: int) -> bool:
    if not numbers:
        return True
    return set(map(type, numbers)) == {int} and min(numbers) >= least and max(numbers) <= _LIMIT


def _is_amount(value: Any) -> bool:
    return value.__class__ is str and _AMOUNT.fullmatch(value) is not None


def _is_words(value: Any) -> bool:
    return value.__class__ is list and set(map(type, value)) <= {str}


def _report(
    content: dict[str, Any], values: list[Any], structure: Structure, data: bytes, source: str
) -> Report | None:
    form = structure.form
    given = content.get("subject") or {}
    subject = Subject(given.get("name"), given.get("kind"), given.get("level"))
    if classified(form, subject) != subject:
        return None
    period = content.get("period")
    if period is not None and not form.covers(period):
        return None
    if structure.plan is not None:
        content = _ordered(values, structure.plan)
    content["subject"] = {"name": subject.name, "kind": subject.kind, "level": subject.level}
    return Report(
        form=form.id,
        subject=subject,
        period=period,
        data=content,
        locations=KeyPlaces(values, structure, data, source),
        observations=(),
        coverage=structure.coverage,
        source=source,
        published=content.get("published"),
        digest=hashlib.sha256(data).hexdigest(),
    )


class KeyPlaces(Mapping[str, Location]):
    """Where every member stands in the file, found out when the first place is asked for."""

    __slots__ = ("_data", "_found", "_paths", "_source", "_structure", "_values")

    def __init__(self, values: list[Any], structure: Structure, data: bytes, source: str) -> None:
        self._values = values
        self._structure = structure
        self._data = data
        self._source = source
        self._found: Callable[[str], tuple[int, int]] | None = None
        self._paths: dict[str, str] | None = None

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self._data

    def __getitem__(self, path: str) -> Location:
        label = self._labels()[path]
        if self._found is None:
            self._found = _placed(self._data.decode(), self._structure)
        line, column = self._found(path)
        return Location(self._source, label, line=line, column=column)

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels())

    def __len__(self) -> int:
        return len(self._labels())

    def _labels(self) -> dict[str, str]:
        """The members that have a place, with their labels, in the order of the long way."""
        if self._paths is None:
            form, given = (
                self._structure.form,
                dict(zip(self._structure.paths, self._values, strict=True)),
            )
            texts = {p: w for p, w in form.labels.items() if given.get(p).__class__ is str}
            cells = {p: f.label for p, f in form.fields.items() if p in given}
            self._paths = {**texts, **cells}
        return self._paths


def _placed(text: str, structure: Structure) -> Callable[[str], tuple[int, int]]:
    """Line and character of every member that is no object, by path.

    There is one such sign for each key, in their order, or more where a text looks like one.
    """
    ends = [match.end() for match in _VALUE.finditer(text)]
    if len(ends) != structure.members:
        return json_places(text).__getitem__
    places = _walked(structure)

    def place(path: str) -> tuple[int, int]:
        end = ends[places[path]]
        start = text.rfind("\n", 0, end) + 1
        return text.count("\n", 0, start) + 1, end - start + 1

    return place


@lru_cache(maxsize=_KNOWN)
def _walked(structure: Structure) -> dict[str, int]:
    """The number of each member that is no object, all members counted in their order."""
    walked = enumerate(_walk(structure.shape, ""))
    return {path: number for number, (path, is_object) in walked if not is_object}


def _walk(shape: Shape, prefix: str) -> Iterator[tuple[str, bool]]:
    keys, inner = shape
    objects = dict(inner)
    for place, key in enumerate(keys):
        yield prefix + key, place in objects
        if place in objects:
            yield from _walk(objects[place], f"{prefix}{key}.")
