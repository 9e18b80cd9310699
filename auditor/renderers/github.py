"""GitHub workflow commands: annotations beside the files; the job summary is `markdown`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model import Batch, Location, Outcome, Refusal
from auditor.refusals import MISSING
from auditor.renderers import Options
from auditor.renderers._plain import clean
from auditor.renderers._rows import WEIGHT, Row, all_rows, path_of, set_aside
from auditor.renderers.words import load

NAME = "github"
SUFFIX = ".txt"

_COMMANDS = {3: "error", 2: "warning", 1: "notice"}


def render(batch: Batch, options: Options) -> bytes:
    """One command a line, the worst first, as only the first few of a step are shown."""
    words = load(options.lang)
    found = sorted(all_rows(batch, words), key=_weight, reverse=True)
    lines = [*(_command(row) for row in found), *_others(batch, options)]
    if options.summary_line:
        lines.append(_line("notice", {}, options.summary_line))
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _weight(row: Row) -> int:
    if row.fails:
        return WEIGHT[row.result.severity]
    return 2 if row.finding.outcome is Outcome.OPEN else 1


def _command(row: Row) -> str:
    properties = {"file": path_of(row.audit.report.source), **_position(row.location)}
    properties["title"] = f"{row.result.rule} {row.title} · {row.agency}"
    return _line(_COMMANDS[_weight(row)], properties, row.line)


def _position(at: Location | None) -> dict[str, str]:
    if at is None or at.line is None:
        return {}
    column = {"col": str(at.column)} if at.column is not None and at.table is None else {}
    return {"line": str(at.line), **column}


def _others(batch: Batch, options: Options) -> Iterator[str]:
    for refusal in set_aside(batch):
        file = {} if refusal.kind == MISSING else {"file": path_of(refusal.source)}
        yield _line(_kind(refusal), file, _said(refusal, options))
    for note in batch.notes:
        yield _line("notice", {}, note.inside(options.lang))


def _kind(refusal: Refusal) -> str:
    absent = refusal.kind == MISSING and not refusal.unread
    return "error" if refusal.trace or absent else "warning" if refusal.unread else "notice"


def _said(refusal: Refusal, options: Options) -> str:
    return f"{refusal.source}: {refusal.said.inside(options.lang)}"


def _line(command: str, properties: dict[str, str], message: str) -> str:
    """`::error file=…,line=…::message`: what would end a property or a line is escaped."""
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{command}{' ' if told else ''}{told}::{_data(message)}"


def _data(text: str) -> str:
    return re.sub("[%\r\n]", lambda found: f"%{ord(found.group()):02X}", clean(text))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
