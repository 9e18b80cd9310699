"""The verbs: one module each. Adding a verb is adding a module; nothing else is edited.

A verb module has `NAME` and `ALIAS` (its two keys), `BODY` (the JSON Schema of what stands under
them), `FILLS` (the special words of messages that its findings fill) and `prepare(job)`, which
reads the body of one rule for one form and gives a Check, or None after a mistake of the author
has been noted.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from auditor.rulebook.job import Job
from auditor.rulebook.rule import Check


class Verb(Protocol):
    """What every module in this package provides."""

    NAME: str
    ALIAS: str
    BODY: dict[str, Any]
    FILLS: frozenset[str]
    prepare: Callable[[Job], Check | None]


@cache
def verbs() -> dict[str, Verb]:
    """Every verb by its English key."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        verb = cast(Verb, import_module(f"{__name__}.{module.name}"))
        found[verb.NAME] = verb
    return found
