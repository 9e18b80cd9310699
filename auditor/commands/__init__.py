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
FormId: TypeAlias = Annotated[str | None, typer.Option("--form", help="指定表式 · force the form")]
Period: TypeAlias = Annotated[
    int | None, typer.Option("--period", help="全部当作这一年度的报告 · take all for that year's")
]
Kind: TypeAlias = Annotated[
    str | None, typer.Option("--kind", help="指定类别 · force the kind of body")
]
AsOf: TypeAlias = Annotated[
    str | None,
    typer.Option("--as-of", help="审核日期，缺省今天 · date of the audit, today by default"),
]
Waivers: TypeAlias = Annotated[
    Path | None, typer.Option("--waivers", help="豁免文件 · file of waivers")
]
RosterFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--roster", help="名册 roster.yaml 或 .xlsx · the bodies that report"),
]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="不显示进度 · show no progress")
]
Draft: TypeAlias = Annotated[
    bool, typer.Option("--draft", help="草稿，尚未发布：不查时限 · not yet published")
]
Sheet: TypeAlias = Annotated[
    str | None, typer.Option("--sheet", help="换用评分表 · another grading sheet of the rules")
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
