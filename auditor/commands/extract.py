"""auditor extract: what was read, as data to correct and audit again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir
from auditor.errors import Said
from auditor.outputs import made_folder, safe_outputs, write_file
from auditor.session import inputs_of, report_of, settings_of


def command(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹 · files or folders")],
    output: Annotated[Path, typer.Option("-o", "--output", help="文件夹 · folder")],
    as_yaml: Annotated[bool, typer.Option("--yaml", help="YAML 而不是 JSON · not JSON")] = False,
    rules: RulesDir = None, schemas: SchemasDir = None, lang: Lang = "zh",
) -> None:  # fmt: skip
    """写出读到的全部数据，可手工改正后再审核 · Write what was read, to correct and audit again."""
    from auditor.extraction import report_bytes, target

    settings = settings_of(rules, schemas, None, None, None, None)
    made_folder(output)
    status = 0
    for item in inputs_of(paths):
        report = report_of(item, settings)
        if isinstance(report, Said):
            typer.echo(f"{item.name}: {report.inside(lang)}", err=True)
            status = 3
            continue
        path = target(output, item.name, as_yaml=as_yaml)
        safe_outputs([path], [item], [])
        write_file(path, report_bytes(report, as_yaml=as_yaml))
        typer.echo(str(path))
    raise typer.Exit(status)
