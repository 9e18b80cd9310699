"""What is not audited: the files set aside, and the errors of the auditor itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from auditor.decisions import Past
from auditor.errors import Said
from auditor.model import Refusal
from auditor.refusals import ASIDE
from auditor.renderers._terminal.brief import Overview
from auditor.renderers._terminal.layout import Prose, clean
from auditor.renderers._terminal.view import View, beside, heading, indented

TRACE = 6


def refused(refusals: Sequence[Refusal], view: View) -> Iterator[RenderableType]:
    """Each file that was not audited, by kind, with its sentence."""
    if not refusals:
        return
    yield Text()
    yield heading(view.words("section.refused"), str(len(refusals)), "bold", view)
    groups: dict[str, list[Refusal]] = {}
    for refusal in refusals:
        groups.setdefault(refusal.kind if refusal.kind in ASIDE else "unread", []).append(refusal)
    for kind in sorted(groups, key=(*ASIDE, "unread").index):
        style = "yellow" if any(r.unread for r in groups[kind]) else "bold"
        yield Prose(Text.assemble("   ", (view.words(f"refused.{kind}"), style)))
        for refusal in groups[kind]:
            yield from _refusal(refusal, view)


def _refusal(refusal: Refusal, view: View) -> Iterator[RenderableType]:
    return beside(Text(clean(refusal.source)), view.say(refusal.said), view, 5)


def missing(found: Sequence[Refusal], view: View) -> Iterator[RenderableType]:
    """The bodies of the roster that have handed in no report."""
    if not found:
        return
    yield Text()
    style = "yellow" if all(r.unread for r in found) else "bold red"
    yield heading(view.words("section.missing"), str(len(found)), style, view)
    for said in dict.fromkeys(r.said for r in found):
        names = view.join(clean(r.source) for r in found if r.said == said)
        yield indented(
            Prose(Text.assemble((view.say(said), "bold"), view.words("joint.colon"), names))
        )


def faults(found: Sequence[Refusal], view: View) -> Iterator[RenderableType]:
    """What went wrong in the auditor itself: said plainly, with the end of the trace."""
    if not found:
        return
    yield Text()
    yield heading(view.words("section.faults"), str(len(found)), "bold white on red", view)
    yield indented(Prose(view.words("fault.bug"), "bold red"))
    for fault in found:
        yield Text()
        yield from _refusal(fault, view)
        lines = [clean(line) for line in fault.trace.splitlines() if line.strip()]
        shown = lines if view.options.verbose else lines[-TRACE:]
        yield indented(Group(*(Prose(line, "dim") for line in shown)), 7)


def past(found: Sequence[Past], view: View) -> Iterator[RenderableType]:
    """What became of the baseline's findings that are not there any more."""
    if not found:
        return
    yield Text()
    yield heading(view.words("section.past"), str(len(found)), "bold", view)
    for gone in found:
        word = view.words(f"change.{gone.state}")
        text = Text.assemble((word, STATES[gone.state]), "  ", (clean(gone.rule), "bold"))
        yield from beside(text.append(f"  {view.say(gone.where)}"), view.say(gone.message), view)


STATES = {"mended": "green", "changed": "yellow", "unjudged": "cyan"}


def notes(found: Sequence[Said], view: View) -> Iterator[RenderableType]:
    """Remarks on the run as a whole."""
    if found:
        yield Text()
        yield heading(view.words("section.notes"), str(len(found)), "bold", view)
        yield from (indented(Prose(view.say(said))) for said in found)


def waived(told: Overview, view: View) -> Iterator[RenderableType]:
    """In a folder: each finding that a waiver lets stand, and which waiver."""
    briefs = sorted((brief for _, brief in told.ranks), key=lambda brief: brief.number)
    found = [(brief, finding) for brief in briefs for finding in brief.waived]
    if not found:
        return
    yield Text()
    yield heading(view.words("label.waiver"), str(len(found)), "bold", view)
    for brief, finding in found:
        text = Text.assemble((clean(finding.rule), "bold"), f"  {brief.agency}")
        text.append(f"  {view.say(finding.where)}")
        yield from beside(text, clean(finding.waiver or ""), view)
