"""What could not be judged, in a compact form: it is no fault, so it stays short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from auditor.model import Audit, Finding, Outcome
from auditor.renderers._grouping import Block
from auditor.renderers._terminal.layout import Prose, clean
from auditor.renderers._terminal.view import (
    DOT,
    OUTCOME_STYLES,
    SYMBOLS,
    View,
    heading,
    rule_title,
)

FEW = 3
BRIEF = 60


def unread(here: Sequence[Block], audit: Audit, view: View) -> Iterator[RenderableType]:
    """What could not be judged, in a compact form: rule, title, where and why."""
    if not here:
        return
    style = OUTCOME_STYLES[Outcome.OPEN]
    note = view.words("section.open", count=len({rule for b in here for rule in b.rules}))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=2)
    table.add_column(ratio=3)
    for block in here:
        rules = view.join(clean(r) for r in block.rules)
        sign = Text.assemble(f" {SYMBOLS[Outcome.OPEN]} ", (rules, "bold"), style=style)
        title = rule_title(audit, block.rules[0], view) if len(block.rules) == 1 else ""
        table.add_row(sign, Prose(title), Group(*(Prose(line) for line in _why(block, view))))
    yield from (Text(), heading(view.outcome(Outcome.OPEN), note, style, view), Text(), table)


def _why(block: Block, view: View) -> Iterator[str]:
    """One place with its explanation; of several only the places, unless all is asked for."""
    if block.reason is not None:
        yield view.say(block.reason)
    if len(block.findings) == 1 or view.options.verbose:
        yield from (_place_and_message(finding, view) for finding in block.findings)
    elif block.findings:
        yield _listed([view.say(f.where) for f in block.findings], view)


def _place_and_message(finding: Finding, view: View) -> str:
    """A message that lists more than fits is left to the head of the screen and `--verbose`."""
    where, message = view.say(finding.where), view.say(finding.message)
    if len(message) > BRIEF and not view.options.verbose:
        message = "" if where else f"{message[:BRIEF]}……"
    return view.words("joint.colon").join(part for part in (where, message) if part)


def _listed(where: Sequence[str], view: View) -> str:
    """The first few places; what all of them begin with is told once."""
    places = list(dict.fromkeys(p for p in where if p))
    heads = {p.split(DOT)[0] for p in places}
    lead = ""
    if len(places) > 1 and len(heads) == 1 and all(DOT in p for p in places):
        lead = heads.pop() + view.words("joint.colon")
        places = [p.split(DOT, 1)[1] for p in places]
    names = lead + view.join(places[:FEW])
    if len(places) <= FEW:
        return names
    return view.words("finding.first", names=names, count=len(places))
