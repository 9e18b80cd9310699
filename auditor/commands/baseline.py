"""auditor baseline: write, check, diff."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from auditor.commands import AsOf, Draft, Lang, Quiet, RosterFile, RulesDir, SchemasDir, Waivers
from auditor.errors import Said, UsageError

app = typer.Typer(
    help="基线：已知的问题，此后只看新增 · What is known, so that only new findings fail.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Paths = Annotated[list[Path], typer.Argument(help="文件或文件夹 · files or folders")]
File = Annotated[Path, typer.Argument(help="基线文件 · the file of the baseline")]
FailOn = Annotated[
    str, typer.Option("--fail-on", help="note | minor | major | fatal：达到即退出1 · exit 1 from")
]
Formats = Annotated[
    list[str] | None, typer.Option("--format", "-f", help="如 audit 的格式 · as those of audit")
]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 · write to a file")]


@app.command("write")
def write(
    file: File, paths: Paths, roster: RosterFile = None, draft: Draft = False,
    rules: RulesDir = None, schemas: SchemasDir = None, as_of: AsOf = None, lang: Lang = "zh",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """审核并把现有问题写成基线 · Audit, and write what is found as the baseline."""
    from auditor import baseline
    from auditor.commands._auditing import batch_of
    from auditor.json_text import to_bytes
    from auditor.outputs import safe_outputs, write_file
    from auditor.refusals import NO_LOSS
    from auditor.resources import folder
    from auditor.session import in_company, inputs_of, settings_of, without_settings

    settings = settings_of(rules, schemas, None, None, None, as_of)
    settings = in_company(settings, paths, roster, None, draft=draft)
    items = without_settings(inputs_of(paths), paths, (file,))
    safe_outputs([file], items, (rules or folder("rules"), schemas or folder("schemas")))
    if file.exists() and file.stat().st_size:
        baseline.load(file)  # only an earlier baseline is replaced, never another file
    with batch_of(items, settings, lang, quiet=quiet) as batch:
        taken = baseline.taken(batch, file.name)
        written = to_bytes(baseline.content(taken, batch))
    if not taken.reports:
        raise UsageError(Said("没有读到报告，不写基线", "no report was read: nothing is written"))
    write_file(file, written)
    known = sum(len(report.findings) for report in taken.reports.values())
    left = sum(r.kind not in NO_LOSS for r in batch.refusals) + len(batch.faults)
    said = Said(
        f"{file}：{len(taken.reports)} 份报告，{known} 处问题"
        + (f"；{left} 个文件没有审核，不在基线中" if left else ""),
        f"{file}: {len(taken.reports)} report(s), {known} finding(s)"
        + (f"; {left} file(s) were not audited and are not in it" if left else ""),
    )
    typer.echo(said.inside(lang))
    raise typer.Exit(4 if batch.faults else 3 if left else 0)


@app.command("check")
def check(
    file: File, paths: Paths, formats: Formats = None, output: Output = None,
    fail_on: FailOn = "major",
    waivers: Waivers = None, roster: RosterFile = None, draft: Draft = False,
    rules: RulesDir = None, schemas: SchemasDir = None,
    as_of: AsOf = None, lang: Lang = "zh", quiet: Quiet = False,
) -> None:  # fmt: skip
    """再审核一次：新增、已改、未改；只有新增才不通过 · Audit again: new, mended, still there."""
    from auditor.commands.audit import command

    command(
        [str(path) for path in paths], formats, str(output) if output else None, lang, fail_on,
        rules=rules, schemas=schemas, as_of=as_of, baseline=file, waivers=waivers,
        roster=roster, draft=draft, quiet=quiet,
    )  # fmt: skip


@app.command("diff")
def diff(
    old: Annotated[Path, typer.Argument(help="旧稿或旧文件夹 · the older version")],
    new: Annotated[Path, typer.Argument(help="新稿或新文件夹 · the newer version")],
    formats: Formats = None, output: Output = None, fail_on: FailOn = "major",
    roster: RosterFile = None, draft: Draft = False,
    rules: RulesDir = None, schemas: SchemasDir = None, as_of: AsOf = None, lang: Lang = "zh",
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """两稿之间：新增、已改、未改 · Between two versions: new, mended, still there."""
    from auditor import baseline
    from auditor.commands._auditing import batch_of
    from auditor.commands.audit import write_outputs
    from auditor.outputs import outputs_of, safe_outputs
    from auditor.resources import folder
    from auditor.session import in_company, inputs_of, settings_of, severity_of
    from auditor.verdict import verdict

    least = severity_of(fail_on)
    outputs = outputs_of(formats or ["terminal"], output)
    settings = settings_of(rules, schemas, None, None, None, as_of)
    settings = in_company(settings, [old, new], roster, None, draft=draft)
    before, after = inputs_of([old]), inputs_of([new])
    kept = (rules or folder("rules"), schemas or folder("schemas"))
    safe_outputs((f for _, f in outputs), (*before, *after), kept)
    told = partial(batch_of, settings=settings, lang=lang, quiet=quiet)
    with told(before) as known, told(after) as batch:
        whole = known.audits and not known.faults and not any(r.unread for r in known.refusals)
        if not whole:
            raise UsageError(
                Said(f"{old} 没有全部读出，不能对比", f"{old} was not read completely")
            )
        compared = baseline.compared(batch, baseline.between(known, batch, str(old)))
        result = verdict(compared, least)
        write_outputs(compared, outputs, lang, least, result.said.inside(lang), False, settings)
    raise typer.Exit(result.status)
