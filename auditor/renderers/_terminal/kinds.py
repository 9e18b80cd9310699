"""How many rules fail of each kind of failure that the rule set names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from auditor.model import Audit, Outcome
from auditor.renderers._terminal.layout import Prose
from auditor.renderers._terminal.view import View, indented


def kinds(audits: Sequence[Audit], view: View) -> Iterator[RenderableType]:
    """One line: the kinds of failure in the order of the rule set, with failing and open rules."""
    if not audits or not audits[0].rules.groups:
        return
    failing = _count(audits, Outcome.FAIL)
    reviews = _count(audits, Outcome.REVIEW)
    parts = [
        view.words(
            "kinds.one",
            kind=view.say(said),
            failing=failing.get(key, 0),
            review=reviews.get(key, 0),
        )
        for key, said in audits[0].rules.groups.items()
        if failing.get(key) or reviews.get(key)
    ]
    if not parts:
        return
    yield Text()
    lead = Text(view.words("kinds.lead"), style="bold")
    yield indented(Prose(lead.append(view.words("joint.stop").join(parts), style="not bold")), 1)


def _count(audits: Sequence[Audit], outcome: Outcome) -> dict[str, int]:
    """Results of that outcome by kind of failure."""
    found: dict[str, int] = {}
    for audit in audits:
        for result in audit.results:
            info = audit.rules.rules.get(result.rule)
            if info is not None and result.outcome is outcome:
                found[info.group] = found.get(info.group, 0) + 1
    return found
