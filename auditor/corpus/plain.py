"""The nouns as plain values and back: what is written to disk or sent to another machine.

What is read back is built of numbers, texts, tuples, lists and mappings by our own constructors:
bytes from elsewhere can be refused or be wrong, they cannot run anything.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter
from typing import Any

from auditor.decisions import Past
from auditor.errors import Said
from auditor.model import (
    Basis,
    Broken,
    Change,
    Cluster,
    Coverage,
    Deduction,
    Derived,
    Diagnosis,
    Evidence,
    Finding,
    Grade,
    Location,
    Observation,
    Outcome,
    Refusal,
    Repair,
    Report,
    Result,
    RuleInfo,
    RuleReference,
    Severity,
    Subject,
)
from auditor.pipeline import Bound

_KINDS: tuple[type, ...] = (
    Said, Location, Evidence, Finding, Result, Deduction, Grade, Change, Repair, Broken,
    Diagnosis, Derived, Cluster, Past, Observation, Subject, Coverage, Refusal, Basis, RuleInfo,
    RuleReference,
)  # fmt: skip
_OUTCOME, _SEVERITY = -1, -2


class DamagedError(ValueError):
    """What was read back is not what was written."""


def dumps(value: object) -> bytes:
    """Plain values as bytes."""
    return pickle.dumps(value, protocol=5)


class _Plain(pickle.Unpickler):
    """Reads numbers, texts and collections; a decimal is the one other thing."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("decimal", "Decimal"):
            return Decimal
        raise pickle.UnpicklingError(f"{module}.{name}")


def loads(data: bytes) -> Any:
    """Bytes → plain values. Raises DamagedError for any others."""
    try:
        return _Plain(io.BytesIO(data)).load()
    except Exception as wrong:  # noqa: BLE001 - damaged bytes raise anything
        raise DamagedError(str(wrong)) from None


# ---- the nouns -----------------------------------------------------------------------------------


def _encoder(number: int, kind: type) -> Callable[[Any], list[Any]]:
    names = getattr(kind, "_fields", None) or [field.name for field in fields(kind)]
    get = attrgetter(*names)
    if len(names) == 1:
        return lambda value: [number, encode(get(value))]
    return lambda value: [number, *map(encode, get(value))]


def encode(value: Any) -> Any:
    """A noun, or a collection of nouns, as plain values."""
    make = _ENCODERS.get(value.__class__)
    return value if make is None else make(value)


_ENCODERS: dict[type, Callable[[Any], Any]] = {
    tuple: lambda value: tuple(map(encode, value)),
    dict: lambda value: {key: encode(inner) for key, inner in value.items()},
    Outcome: lambda value: [_OUTCOME, value.value],
    Severity: lambda value: [_SEVERITY, int(value)],
    **{kind: _encoder(number, kind) for number, kind in enumerate(_KINDS)},
}


def decode(value: Any) -> Any:
    """The noun that `encode` was given. Raises DamagedError for what it never made."""
    kind = value.__class__
    if kind is list:
        return _decode_noun(value)
    if kind is tuple:
        return tuple(map(decode, value))
    if kind is dict:
        return {key: decode(inner) for key, inner in value.items()}
    return value


def _decode_noun(value: list[Any]) -> Any:
    try:
        number = value[0]
        if number == _OUTCOME:
            return Outcome(value[1])
        if number == _SEVERITY:
            return Severity(value[1])
        return _KINDS[number](*map(decode, value[1:]))
    except (IndexError, TypeError, ValueError) as wrong:
        raise DamagedError(str(wrong)) from None


# ---- reports -------------------------------------------------------------------------------------


class Places(Mapping[str, Location]):
    """Locations by path, each made when it is asked for: most never are."""

    __slots__ = ("_places", "_source")

    def __init__(self, places: Mapping[str, tuple[Any, ...]], source: str) -> None:
        self._places = places
        self._source = source

    def __getitem__(self, path: str) -> Location:
        return Location(self._source, *self._places[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


_PLACE = attrgetter("label", "page", "table", "row", "column", "line", "span", "box")


def report_plain(report: Report) -> tuple[Any, ...]:
    """A report as plain values; its data is plain already."""
    places = report.locations
    if any(at.source != report.source for at in places.values()):
        told: Any = encode(dict(places))
    else:
        told = {path: _PLACE(at) for path, at in places.items()}
    return (
        report.form,
        encode(report.subject),
        report.period,
        dict(report.data),
        told,
        encode(report.observations),
        encode(report.coverage),
        report.source,
        report.published,
        report.digest,
        report.rest,
        report.beside,
    )


def report_of(value: tuple[Any, ...]) -> Report:
    """The report of plain values."""
    form, subject, period, data, told, seen, cover, source, published, digest, *texts = value
    alike = all(place.__class__ is tuple for place in told.values())
    places = Places(told, source) if alike else decode(told)
    return Report(
        form, decode(subject), period, data, places, decode(seen), decode(cover), source,
        published, digest, *texts,
    )  # fmt: skip


def bound_plain(bound: Bound) -> tuple[Any, ...]:
    """A bound report as plain values."""
    return (report_plain(bound.report), encode(bound.overrides))


def bound_of(value: tuple[Any, ...]) -> Bound:
    """The bound report of plain values."""
    return Bound(report_of(value[0]), decode(value[1]))
