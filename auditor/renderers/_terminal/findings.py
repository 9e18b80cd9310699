"""What was found: each rule once, its places in rows, the sum, the law and the way to mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from auditor.errors import Said
from auditor.model import Audit, Basis, Cluster, Evidence, Finding, Outcome, Severity
from auditor.renderers._grouping import Block, blocks, compared, is_sum, of_outcome, waived
from auditor.renderers._terminal.layout import NO_BREAK, Prose, clean
from auditor.renderers._terminal.unread import unread
from auditor.renderers._terminal.view import (
    OUTCOME_STYLES,
    SEVERITY_STYLES,
    SYMBOLS,
    View,
    heading,
    indented,
    labelled,
    rule_info,
    rule_title,
)
from auditor.text import width

PLACES = 8
FACTS = 6
SHORT = 30
QUOTE = 240
CHANGES = {"new": "bold yellow", "still": "dim"}


def findings(audit: Audit, view: View) -> Iterator[RenderableType]:
    """Every section of findings, the worst first."""
    found, told = blocks(audit), set[str]()
    sums = [b for b in found if b.outcome is not Outcome.OPEN and _has_sums(b)]
    view = replace(view, place=max((_needs(b, view) for b in sums), default=view.place))
    failures = of_outcome(found, Outcome.FAIL)
    for severity in sorted(Severity, reverse=True):
        here = [b for b in failures if b.severity is severity]
        if here:
            rules = {rule for b in here for rule in b.decisive}
            note = _failing(rules, audit, view)
            yield Text()
            yield heading(view.severity(severity), note, SEVERITY_STYLES[severity], view)
            yield from (_block(b, audit, view, told) for b in here)
    yield from _section(of_outcome(found, Outcome.REVIEW), audit, view, told)
    yield from unread(of_outcome(found, Outcome.OPEN), audit, view)


def _failing(rules: Collection[str], audit: Audit, view: View) -> str:
    """How many rules fail, and how many that are waived."""
    known = {result.rule: result for result in audit.results}
    aside = sum(waived(known[rule]) for rule in rules)
    told = [view.words("section.rules", count=len(rules) - aside)] if len(rules) > aside else []
    told += [view.words("section.waived", count=aside)] if aside else []
    return view.words("joint.stop").join(told)


def _section(
    here: Sequence[Block], audit: Audit, view: View, told: set[str]
) -> Iterator[RenderableType]:
    if here:
        count = len({rule for b in here for rule in b.rules})
        note = view.words("section.review", count=count)
        yield Text()
        style = OUTCOME_STYLES[Outcome.REVIEW]
        yield heading(view.outcome(Outcome.REVIEW), note, style, view)
        yield from (_block(b, audit, view, told) for b in here)


def _block(block: Block, audit: Audit, view: View, told: set[str]) -> RenderableType:
    """One rule or one slip; the law and the fix only where they were not told above."""
    rules = [r for r in block.rules if r not in told]
    told.update(rules)
    top = _slip(block, view) if block.cluster else rule_heading(block, audit, view)
    titles = _titles(block, audit, view) if block.cluster else ()
    rows = [*titles, *_remarks(block, view), *_law(rules, audit, view)]
    parts = [Text(), top, indented(_places(block, audit, view))]
    if rows:
        parts.append(indented(labelled(rows, view)))
    return Group(*parts)


def rule_heading(block: Block, audit: Audit, view: View) -> RenderableType:
    """✗ A03  title, and how many places."""
    rule = block.rules[0]
    text = Text(clean(rule), style="bold")
    text.append(f"  {rule_title(audit, rule, view)}")
    if len(block.findings) > 1:
        places = view.words("finding.places", count=len(block.findings))
        text.append(f"  {places}", style="not bold dim")
    return _headed(block, text)


def _slip(block: Block, view: View) -> RenderableType:
    """That several findings most likely come from one cell."""
    assert block.cluster is not None
    cells = common_cells(block.cluster, view)
    key = "cluster.one" if len(block.cluster.cells) == 1 else "cluster.several"
    difference = view.value(block.cluster.difference)
    words = view.words(key, count=len(block.findings), cells=cells, difference=difference)
    return _headed(block, Text(words, style="bold"))


def common_cells(cluster: Cluster, view: View) -> str:
    """The cells that may be the culprit; of many the first few and how many."""
    labels = [view.say(label) for _, label in cluster.cells]
    shown = labels if view.options.verbose else labels[:PLACES]
    rest = len(labels) - len(shown)
    return view.join([*shown, *([view.words("cluster.more", count=rest)] if rest else [])])


def _titles(block: Block, audit: Audit, view: View) -> Iterator[tuple[str, RenderableType]]:
    """What the rules of a slip are called."""
    text = Text()
    for rule in block.rules:
        text.append(view.words("joint.stop") if text else "")
        text.append(clean(rule), style="bold").append(f" {rule_title(audit, rule, view)}")
    yield view.words("label.outcomes"), Prose(text)


def _headed(block: Block, text: Text) -> RenderableType:
    """The sign of the outcome, and beside it a heading that wraps under itself."""
    style = SEVERITY_STYLES[block.severity] if block.outcome is Outcome.FAIL else ""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    sign = Text.assemble(" ", (SYMBOLS[block.outcome], style or OUTCOME_STYLES[block.outcome]))
    table.add_row(sign, Prose(text))
    return table


def _places(block: Block, audit: Audit, view: View) -> RenderableType:
    """The places as rows: where, the sum or what is said, the difference."""
    table = Table.grid(padding=(0, 2, 0, 0))
    if block.cluster:
        table.add_column(no_wrap=True, style="bold")
    table.add_column(width=_place_width(block, view))
    table.add_column()
    table.add_column(no_wrap=True, justify="right")
    shown = block.findings if view.options.verbose else block.findings[:PLACES]
    single = len(block.findings) == 1
    for finding in shown:
        lead = [Text(clean(finding.rule))] if block.cluster else []
        said = Group(*_said(finding, view, alone=single))
        difference = Text() if single else _difference(finding, view)
        place = _place(finding, view)
        if finding.outcome is not block.outcome:
            place.append(
                f"  {view.outcome(finding.outcome)}", style=OUTCOME_STYLES[finding.outcome]
            )
        table.add_row(*lead, Prose(place), said, difference)
    if len(shown) == len(block.findings):
        return table
    more = view.words("finding.more", count=len(block.findings) - len(shown))
    return Group(table, Prose(more, "dim"))


def _place_width(block: Block, view: View) -> int:
    """Sums stand below each other on the whole screen; other places take what they need."""
    return view.place - _lead(block) if _has_sums(block) else _needs(block, view)


def _has_sums(block: Block) -> bool:
    return any(map(is_sum, block.findings))


def _needs(block: Block, view: View) -> int:
    """The room that a block's places take, its rules before them; two fifths at most."""
    widest = max((width(_place(f, view).plain) for f in block.findings), default=0)
    return max(min(widest + _lead(block), view.width * 2 // 5), min(20, view.width // 4))


def _lead(block: Block) -> int:
    """The column of rules that a slip has before its places."""
    return max(map(len, block.rules)) + 2 if block.cluster else 0


def _place(finding: Finding, view: View) -> Text:
    """Where it is, and on which page: the page is never broken over two lines."""
    text = Text(_where(finding, view))
    if finding.change:
        text.append(f"  {view.words(f'change.{finding.change}')}", style=CHANGES[finding.change])
    if finding.waiver:
        text.append(f"  {view.words('label.waiver')}", style="green")
    at = next((e.location for e in finding.evidence if e.location and e.location.page), None)
    if at is not None:
        page = view.words("finding.page", page=at.page).replace(" ", NO_BREAK)
        text.append(f"  {page}", style="dim")
    return text


def _where(finding: Finding, view: View) -> str:
    """Where it is; the name of the fact where the rule has no place of its own."""
    labels = {view.say(e.label): None for e in finding.evidence[:1]}
    return view.say(finding.where) or next(iter(labels), "")


def _difference(finding: Finding, view: View) -> Text:
    if not is_sum(finding):
        return Text()
    shown = view.value(finding.difference, signed=True)
    return Text(view.words("finding.difference", difference=shown), style="bold")


def _said(finding: Finding, view: View, *, alone: bool) -> Iterator[RenderableType]:
    """The sum written out; without one what is said, what was expected, quotes and facts."""
    message = view.say(finding.message)
    if is_sum(finding):
        text = Text(clean(finding.working), style="bold")
        yield Prose(text.append("  ").append(_difference(finding, view)) if alone else text)
    elif finding.working and view.options.verbose:
        yield Prose(clean(finding.working), "dim")
    if message and (alone or view.options.verbose or not is_sum(finding)):
        yield Prose(message)
    if not is_sum(finding) and finding.expected is not None and finding.actual is not None:
        pair = {"expected": view.value(finding.expected), "actual": view.value(finding.actual)}
        yield Prose(view.words(compared(finding), **pair))
    yield from _evidence(finding, view, facts=alone or view.options.verbose)


def _evidence(finding: Finding, view: View, *, facts: bool) -> Iterator[RenderableType]:
    for fact in finding.evidence:
        quote = clean(fact.quote)
        if quote and quote not in view.say(finding.message):
            if len(quote) > QUOTE and not view.options.verbose:
                quote = f"{quote[:QUOTE]}……"
            theirs = fact.subject or fact.prior
            lead = f"{view.say(fact.label)}{view.words('joint.colon')}" if theirs else ""
            yield Prose(f"{lead}“{quote}”", "italic")
    numbers = [f for f in finding.evidence if not f.quote and _adds(f, finding, view)]
    if facts and any(f.value is not None for f in numbers) and not is_sum(finding):
        shown = numbers if view.options.verbose else numbers[:FACTS]
        rest = ["…"] if len(shown) < len(numbers) else []
        listed = view.words("joint.stop").join([*(_fact(f, view) for f in shown), *rest])
        yield Prose(listed, "dim")


def _adds(fact: Evidence, finding: Finding, view: View) -> bool:
    """Whether a fact is worth a line: a number, or a few words that the message does not say."""
    if not isinstance(fact.value, str):
        return True
    told = clean(fact.value) in view.say(finding.message)
    return not told and (len(fact.value) <= SHORT or view.options.verbose)


def _fact(fact: Evidence, view: View) -> str:
    label = view.say(fact.label)
    if fact.prior:
        label = f"{view.words('finding.prior')} {label}"
    states = {"open": "finding.unread", "blank": "finding.blank"}
    value = view.words(states[fact.state]) if fact.state in states else view.value(fact.value)
    suffix = f" ({view.words('finding.inferred')})" if fact.state == "inferred" else ""
    return f"{label} = {value}{suffix}"


def _remarks(block: Block, view: View) -> Iterator[tuple[str, RenderableType]]:
    """Why the rule says so, lawful explanations, waivers."""
    words = view.words
    if block.reason is not None:
        yield words("label.reason"), Prose(view.say(block.reason))
    exceptions = _distinct(f.exception for f in block.findings)
    for said in exceptions:
        bare = view.say(said).rstrip("。. ")
        yield words("label.exception"), Prose(words("finding.exception", said=bare), "magenta")
    for waiver in dict.fromkeys(f.waiver for f in block.findings if f.waiver):
        yield words("label.waiver"), Prose(clean(waiver))


def _distinct(said: Iterable[Said | None]) -> list[Said]:
    return list(dict.fromkeys(s for s in said if s is not None))


def _law(rules: Sequence[str], audit: Audit, view: View) -> Iterator[tuple[str, RenderableType]]:
    """The law and the fix; what several rules share is written once."""
    laws: dict[str, list[str]] = {}
    fixes: dict[str, list[str]] = {}
    for rule in rules:
        info = rule_info(audit, rule)
        if info is None:
            continue
        cited = [_basis(b, view) for b in info.basis] or [view.words("finding.no_law")]
        laws.setdefault(view.words("joint.stop").join(cited), []).append(rule)
        if info.fix is not None:
            fixes.setdefault(view.say(info.fix), []).append(rule)
    for label, told in (("label.law", laws), ("label.fix", fixes)):
        for text, of in told.items():
            lead = f"{' '.join(of)}  " if len(told) > 1 else ""
            yield view.words(label), Prose(Text.assemble((lead, "bold"), text))


def _basis(basis: Basis, view: View) -> str:
    said = view.say(basis.text)
    return said if basis.sourced else said + view.words("finding.unsourced")
