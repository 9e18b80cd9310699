"""Places as SARIF writes them: files, regions, logical names, and what stands there."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from auditor.errors import Said
from auditor.model import Audit, Evidence, Location
from auditor.renderers._plain import clean
from auditor.renderers.words import load
from auditor.text import written


def whole(audit: Audit, number: int) -> dict[str, Any]:
    """The file as a whole; `number` is its index among the artifacts."""
    at = {"uri": uri(audit.report.source), "index": number}
    return {"physicalLocation": {"artifactLocation": at}}


@lru_cache(maxsize=4096)
def uri(source: str) -> str:
    """A relative reference, percent-encoded; an absolute path as a file URI."""
    text = source.replace("\\", "/").encode("utf-8", "replace").decode("utf-8")
    text = "stdin" if text == "-" else text.removeprefix("./")
    encoded = quote(text, safe="/-._~")
    return f"file://{encoded}" if PurePath(text).is_absolute() else encoded


def operand(fact: Evidence, audit: Audit, number: int, lang: str) -> dict[str, Any]:
    """One fact: where it stands, what it is called, what it says."""
    at = fact.location or Location()
    own = not at.source or at.source == audit.report.source
    artifact: dict[str, Any] = {"uri": uri(at.source or audit.report.source)}
    if own:
        artifact["index"] = number
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if at.line is not None:
        physical["region"] = _region(at)
    label = say(fact.label, lang)
    name = label or fact.path
    found: dict[str, Any] = {"physicalLocation": physical}
    if name:
        found["logicalLocations"] = [_logical(fact, name)]
    found["message"] = {"text": _value(fact, label, lang)}
    numbers = {k: getattr(at, k) for k in ("page", "table", "row", "column") if getattr(at, k)}
    if at.line is not None:
        numbers.pop("column", None)
    if at.box is not None:
        numbers["box"] = at.box
    numbers["state"] = fact.state
    found["properties"] = {**numbers, "prior": True} if fact.prior else numbers
    return found


def _region(at: Location) -> dict[str, int]:
    region = {"startLine": at.line or 1}
    if at.column is not None and at.table is None:
        region["startColumn"] = at.column
    return region


def _logical(fact: Evidence, name: str) -> dict[str, Any]:
    named = {"name": name, "kind": "member"}
    return {**named, "fullyQualifiedName": fact.path} if fact.path else named


def _value(fact: Evidence, label: str, lang: str) -> str:
    """「label = value」, or the quoted words."""
    if fact.quote:
        return f"{label}: {clean(fact.quote)}"
    states = {"blank": "finding.blank", "open": "finding.unread"}
    shown = load(lang)(states[fact.state]) if fact.state in states else ""
    text = shown or ("" if fact.value is None else clean(written(fact.value)))
    return f"{label} = {text}" if text else label or fact.path


def say(said: Said, lang: str) -> str:
    """A sentence in the reader's language, clean."""
    return clean(said.inside(lang))
