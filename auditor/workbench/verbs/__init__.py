"""What each verb says and does, for people: one module a verb, with the verb's own name.

A module has `NAME`, `said(ground)` (the body as the end of a sentence) and `unfold(ground, facts,
result)` (the steps of its evaluation). A verb without a module is told by what it found.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from auditor.model import Result
from auditor.rulebook.facts import Facts
from auditor.workbench.ground import Ground
from auditor.workbench.steps import Step


class Telling(Protocol):
    """What every module in this package provides."""

    NAME: str
    said: Callable[[Ground], str]
    unfold: Callable[[Ground, Facts, Result], Iterator[Step]]


@cache
def _tellings() -> dict[str, Telling]:
    found = {}
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            telling = cast(Telling, import_module(f"{__name__}.{module.name}"))
            found[telling.NAME] = telling
    return found


def telling(verb: str) -> Telling:
    """How a verb is told."""
    from auditor.workbench.verbs import _any

    return _tellings().get(verb, cast(Telling, _any))
