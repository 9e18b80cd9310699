"""The terminal: one audit in full, or a folder as a ranking, rule by rule and file by file."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.text import Text

from auditor.model import Audit, Batch
from auditor.renderers import Options
from auditor.renderers._terminal import aside, culprit, folder, header, kinds, tail
from auditor.renderers._terminal import findings as found
from auditor.renderers._terminal.brief import overview_of
from auditor.renderers._terminal.layout import Prose, Trimmed, clean
from auditor.renderers._terminal.view import View
from auditor.renderers.words import load

NAME = "terminal"
SUFFIX = ".txt"

_WIDTH = 100


def show(batch: Batch, options: Options, console: Console) -> None:
    """Print the audit on a console."""
    width = min(options.width or console.width, console.width)
    view = View(load(options.lang), options, width)
    for part in _screen(batch, view):
        console.print(Trimmed(part), width=width, markup=False, highlight=False, emoji=False)


def render(batch: Batch, options: Options) -> bytes:
    """The same as text, with colours only where they are asked for."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=options.width or _WIDTH,
        force_terminal=options.colour,
        color_system="truecolor" if options.colour else None,
        no_color=not options.colour,
        legacy_windows=False,
        _environ={},
    )
    show(batch, options, console)
    return out.getvalue().encode("utf-8", "replace")


def _screen(batch: Batch, view: View) -> Iterator[RenderableType]:
    if len(batch.audits) == 1:
        yield audit_in_full(batch.audits[0], view)
    else:
        told = overview_of(batch.audits, view)
        yield from folder.overview(batch.audits, told, view)
        if view.options.verbose:
            yield from (Group(Text(), audit_in_full(a, view)) for a in batch.audits)
        else:
            yield from aside.waived(told, view)
            yield from aside.past(tuple(p for _, brief in told.ranks for p in brief.past), view)
    yield from aside.missing(batch.missing, view)
    yield from aside.refused(batch.refusals, view)
    yield from aside.faults(batch.faults, view)
    yield from aside.notes(batch.notes, view)
    if view.options.summary_line:
        yield Group(Text(), Prose(clean(view.options.summary_line), "bold"))


def audit_in_full(audit: Audit, view: View) -> RenderableType:
    """Everything that is to be said of one report."""
    return Group(
        header.header(audit, view),
        *tail.clean_bill(audit, view),
        *found.findings(audit, view),
        *culprit.culprits(audit, view),
        *aside.past(audit.past, view),
        *tail.deductions(audit, view),
        *kinds.kinds(audit.rules.groups, kinds.kinds_of(audit), view),
        *tail.footer(audit, view),
    )
