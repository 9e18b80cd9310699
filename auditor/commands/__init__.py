"""The commands: one module each, named as it is typed. Adding a command is adding a module.

A module has `command`, the function that typer turns into a command, or `app`, a group of
commands. Only the module that is asked for is imported: start-up is part of the product. Modules
whose names begin with an underscore are parts of a command.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from auditor.errors import Said, UsageError


def _known(lang: str) -> str:
    """A language that everything is written in. Raises UsageError."""
    if lang not in ("zh", "en"):
        said = Said(f"--lang 没有 '{lang}'，可以是 zh | en", f"--lang is zh | en, not '{lang}'")
        raise UsageError(said)
    return lang


Lang: TypeAlias = Annotated[
    str, typer.Option("--lang", help="zh 中文 | en English", callback=_known)
]
RulesDir: TypeAlias = Annotated[
    Path | None, typer.Option("--rules", help="规则集文件夹 · folder of a rule set")
]
RulesVersion: TypeAlias = Annotated[
    str | None, typer.Option("--rules-version", help="用哪一版规则 · version of the rules to use")
]
SchemasDir: TypeAlias = Annotated[
    Path | None, typer.Option("--schemas", help="表式文件夹 · folder of the forms")
]


def names() -> tuple[str, ...]:
    """The commands there are; none of them is imported."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def attach(app: typer.Typer, asked: str | None) -> None:
    """Add the command that is asked for to the program; all of them if none is known by name."""
    for name in (asked,) if asked in names() else names():
        module = import_module(f"{__name__}.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(module.command)
