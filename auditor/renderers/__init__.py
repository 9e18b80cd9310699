"""Renderers: audits to bytes. One module is one renderer; nothing else lists them.

A renderer is a module of this package that has `NAME` (its own file name), `SUFFIX` and
`render(batch, options) -> bytes`, and, where that can be large, `parts(batch, options)`, which
gives the same bytes in pieces. It gets finished values and decides nothing. Modules whose names
begin with an underscore are parts of a renderer; `words` is the loader of the words.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol, cast

from auditor.form import Form
from auditor.model import Batch, Severity

_NOT_A_RENDERER = "words"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked of the output.

    `width` is None where the output decides itself. `summary_line` is the last line of the
    screen. `engine` and `as_of` are recorded where a batch holds no audit that says them. `forms`
    are by id: what a renderer needs to draw the tables of a report.
    """

    lang: str = "zh"
    width: int | None = None
    colour: bool = False
    verbose: bool = False
    fail_on: Severity = Severity.MAJOR
    summary_line: str = ""
    engine: str = ""
    as_of: str = ""
    forms: Mapping[str, Form] = field(default_factory=dict)


class Renderer(Protocol):
    """What a renderer module offers."""

    NAME: str
    SUFFIX: str

    def render(self, batch: Batch, options: Options) -> bytes:
        """The whole output, ready to be written to a file."""
        ...


def names() -> tuple[str, ...]:
    """The renderers there are, by name; none of them is imported."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(n for n in found if n != _NOT_A_RENDERER and not n.startswith("_")))


def written(name: str, batch: Batch, options: Options) -> Iterable[bytes]:
    """The output of one renderer, in pieces where it can give it so. Raises KeyError as `load`."""
    renderer = load(name)
    parts = getattr(renderer, "parts", None)
    return parts(batch, options) if parts is not None else (renderer.render(batch, options),)


def load(name: str) -> Renderer:
    """Import one renderer. Raises KeyError for a name that `names` does not list."""
    if name not in names():
        raise KeyError(name)
    return cast(Renderer, import_module(f"{__name__}.{name}"))
