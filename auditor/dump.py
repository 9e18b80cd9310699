"""Intermediate values in words: `auditor audit --stop-after STEP` is the debugger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from auditor.errors import DocumentError
from auditor.model import Cell, Location, Refusal
from auditor.pipeline import Input, Settings, bind_document, facts_for, read_document
from auditor.rulebook.tree import PEERS
from auditor.text import written

STEPS = ("document", "report", "facts")


def dump(item: Input, settings: Settings, step: str) -> str:
    """One document as it stands after a step, as JSON with a line end."""
    return json.dumps(plain(_value(item, settings, step)), ensure_ascii=False, indent=1) + "\n"


def _value(item: Input, settings: Settings, step: str) -> Any:
    try:
        document = read_document(item)
        if step == "document":
            return document
        report = bind_document(document, settings)
    except DocumentError as error:
        return {"source": item.name, "kind": error.kind, "said": error.said}
    if step == "report" or isinstance(report, Refusal):
        return report
    facts = facts_for(report, settings)
    return {
        "values": {path: value for path, value in facts.values.items() if path != PEERS},
        "inferred": facts.inferred,
        "blanks": sorted(facts.blanks),
        "undivided": sorted(facts.undivided),
    }


def plain(value: Any) -> Any:
    """Any of our values as plain JSON; what is empty or None is left out of objects."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return written(value)
    named = isinstance(value, Cell | Location)
    if named or (is_dataclass(value) and not isinstance(value, type)):
        names = value._fields if named else [f.name for f in fields(value)]
        members = {name: plain(getattr(value, name)) for name in names}
        return {k: v for k, v in members.items() if v not in (None, (), [], {}, "")}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    return value
