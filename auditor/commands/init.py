"""auditor init: rules and forms copied out for editing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.errors import Said, UsageError


def command(
    target: Annotated[Path, typer.Argument(help="新文件夹 · a new folder")],
) -> None:
    """把规则和表式复制出来以便修改 · Copy rules and forms out for editing."""
    import shutil

    from auditor.outputs import made_folder
    from auditor.resources import folder

    for name in ("rules", "schemas"):
        if (target / name).exists():
            said = Said(f"{target / name} 已经存在，不覆盖", f"{target / name} exists already")
            raise UsageError(said)
    made_folder(target)
    for name in ("rules", "schemas"):
        shutil.copytree(folder(name), target / name)
    typer.echo(f"{target / 'rules'}\n{target / 'schemas'}")
    typer.echo(f"auditor audit --rules {target / 'rules'} --schemas {target / 'schemas'} …")
