"""The frame of the help in both languages, like the texts within it; typer itself has English."""

from __future__ import annotations

from typing import Any

import typer

_HEADINGS = {
    "Options": "选项 · Options",
    "Arguments": "参数 · Arguments",
    "Commands": "命令 · Commands",
}
_TEXTS = {"Show this message and exit.": "显示本说明 · show this help"}


def in_both_languages() -> None:
    """Every help that is shown from now on."""
    context: Any = typer.Context.__base__
    formatter: Any = context.formatter_class

    class Both(formatter):  # type: ignore[misc]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or "用法 · Usage: ")

        def write_heading(self, heading: str) -> None:
            super().write_heading(_HEADINGS.get(heading, heading))

        def write_dl(self, rows: Any, *how: Any, **more: Any) -> None:
            super().write_dl([(one, _TEXTS.get(told, told)) for one, told in rows], *how, **more)

    context.formatter_class = Both
