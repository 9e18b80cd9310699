"""auditor waivers: add."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.commands import Lang, RulesDir, SchemasDir
from auditor.errors import Said, UsageError

if TYPE_CHECKING:
    from auditor.model import Audit, Finding

app = typer.Typer(
    help="豁免：有理由、有批准、有期限地保留问题 · Let a finding stand, for a reason and a time.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _group() -> None:
    """A group, though it has one command so far."""


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="豁免文件，没有则新建 · the file, made if absent")],
    report: Annotated[Path, typer.Argument(help="报告 · the report")],
    rule: Annotated[str, typer.Option("--rule", help="规则编号 · the rule")],
    reason: Annotated[str, typer.Option("--reason", help="理由 · why")],
    owner: Annotated[str, typer.Option("--owner", help="责任人 · who answers for it")],
    approved_by: Annotated[str, typer.Option("--approved-by", help="批准 · approval reference")],
    expires: Annotated[str, typer.Option("--expires", help="到期日 · last day, YYYY-MM-DD")],
    place: Annotated[
        str | None, typer.Option("--place", help="位置所含的字，缺省全部 · words of the place")
    ] = None,
    rules: RulesDir = None, schemas: SchemasDir = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="批准日期 · day of approval")] = None,
    lang: Lang = "zh",
) -> None:  # fmt: skip
    """审核报告，把一条规则的问题写入豁免文件 · Write the findings of a rule as waivers."""
    from auditor.corpus import audit_all
    from auditor.decisions import Waiver
    from auditor.outputs import safe_outputs, write_file
    from auditor.session import inputs_of, settings_of
    from auditor.waivers import entry, load

    settings = settings_of(rules, schemas, None, None, None, as_of)
    ids = [r.id for r in settings.rules.rules]
    items = inputs_of([report])
    safe_outputs([file], items, ())
    text = ""
    if file.exists():
        load(file, ids)  # what is wrong with it is told before anything is added
        text = file.read_text(encoding="utf-8-sig")
    batch = audit_all(items, settings)
    found = [(a, f) for a in batch.audits for f in _findings(a, rule, place)]
    if not found:
        said = Said(
            f"{report} 没有 {rule} 的问题可豁免", f"{report}: no finding of {rule} to waive"
        )
        raise UsageError(said)
    added = ""
    for audit, finding in found:
        subject, period = audit.report.subject.name, audit.report.period
        if subject is None or period is None:
            said = Said("没有读出单位或年度，不能豁免", "without body and year there is no waiver")
            raise UsageError(said)
        waiver = Waiver(
            rule, subject, period, finding.fingerprint, (finding.value_key,), expires,
            reason, owner, approved_by, settings.as_of,
        )  # fmt: skip
        added += entry(waiver, f"{finding.where.zh} {finding.message.zh}".strip())
    lead = text if not text or text.endswith("\n") else text + "\n"
    _checked(lead + added, file, ids)
    write_file(file, (lead + added).encode("utf-8"))
    count = len(found)
    typer.echo(Said(f"{file}：新增 {count} 条", f"{file}: {count} added").inside(lang))


def _findings(audit: Audit, rule: str, place: str | None) -> list[Finding]:
    from auditor.model import Outcome

    return [
        f
        for r in audit.results
        for f in r.findings
        if f.rule == rule and f.outcome in (Outcome.FAIL, Outcome.REVIEW)
        if place is None or place in f.where.zh or place in f.where.en or place == f.fingerprint
    ]


def _checked(text: str, file: Path, ids: list[str]) -> None:
    """What is about to be written must load; else nothing is written."""
    from auditor.waivers import load_text

    load_text(text, file.as_posix(), ids)
