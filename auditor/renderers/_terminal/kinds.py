"""How many rules fail of each kind of failure that the rule set names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from auditor.errors import Said
from auditor.model import Audit, Outcome
from auditor.renderers._grouping import waived
from auditor.renderers._terminal.layout import Prose
from auditor.renderers._terminal.view import View, indented

Found = Mapping[str, Mapping[Outcome, int]]
"""How many results of an outcome there are of each kind of failure."""


def kinds(groups: Mapping[str, Said], found: Found, view: View) -> Iterator[RenderableType]:
    """One line: the kinds of failure in the order of the rule set, with failing and open rules."""
    parts = []
    for key, said in groups.items():
        of = found.get(key, {})
        failing, review = of.get(Outcome.FAIL, 0), of.get(Outcome.REVIEW, 0)
        if failing or review:
            words = view.words("kinds.one", kind=view.say(said), failing=failing, review=review)
            parts.append(words)
    if not parts:
        return
    yield Text()
    lead = Text(view.words("kinds.lead"), style="bold")
    yield indented(Prose(lead.append(view.words("joint.stop").join(parts), style="not bold")), 1)


def kinds_of(audit: Audit) -> Found:
    """The kinds of failure of one report."""
    found: dict[str, Counter[Outcome]] = {}
    for result in audit.results:
        info = audit.rules.rules.get(result.rule)
        if info is not None and not waived(result):
            found.setdefault(info.group, Counter())[result.outcome] += 1
    return found
