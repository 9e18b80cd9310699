"""Markdown: for merge requests, job summaries and mails. Text of reports is never markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.decisions import Past
from auditor.model import Audit, Batch, Outcome
from auditor.own import MARK
from auditor.renderers import Options
from auditor.renderers._grouping import counts
from auditor.renderers._plain import clean
from auditor.renderers._rows import Row, agency, letter, rows
from auditor.renderers.words import Words, load

NAME = "markdown"
SUFFIX = ".md"

_MARKUP = re.compile(r"[\\`*_{}\[\]<>()#!|~&@$^:]|^[-+=]|(?<=^[0-9])[.)]")
_SHOWN = (Outcome.FAIL, Outcome.REVIEW, Outcome.OPEN)


def render(batch: Batch, options: Options) -> bytes:
    """The verdict, the reports as a table, then each report that has findings."""
    words = load(options.lang)
    parts = [*_top(batch, options, words)]
    for audit in batch.audits:
        parts += _report(audit, words)
    parts += _aside(batch, words)
    return ("\n\n".join([*parts, f"<!-- {MARK} -->"]) + "\n").encode("utf-8", "replace")


def plain(text: str) -> str:
    """Text as Markdown that shows it as it is: signs of markup become character references."""
    return _MARKUP.sub(lambda found: f"&#{ord(found.group())};", clean(text))


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = "|".join([" --- "] * len(head))
    return "\n".join(
        [f"| {' | '.join(head)} |", f"|{rule}|", *(f"| {' | '.join(line)} |" for line in lines)]
    )


def _top(batch: Batch, options: Options, words: Words) -> Iterator[str]:
    yield f"# {words('folder.title', count=len(batch.audits))}"
    if options.summary_line:
        yield f"**{plain(options.summary_line)}**"
    if not batch.audits:
        return
    names = ("agency", "year", "letter", "file")
    head = [words(f"folder.{name}") for name in names]
    head += [words(f"outcome.{outcome.value}") for outcome in _SHOWN]
    yield _table(head, [_overview(audit, words) for audit in batch.audits])
    yield f"_{words('folder.legend')}_"


def _overview(audit: Audit, words: Words) -> list[str]:
    report = audit.report
    found = counts(audit)
    told = [agency(audit, words), str(report.period or ""), letter(audit, words), report.source]
    return [*map(plain, told), *(str(found[outcome]) for outcome in _SHOWN)]


def _report(audit: Audit, words: Words) -> Iterator[str]:
    found = list(rows(audit, words))
    if not found and not audit.past:
        return
    year = f" {audit.report.period}" if audit.report.period else ""
    yield f"## {plain(agency(audit, words))}{year} · {plain(letter(audit, words))}"
    head = [words(f"csv.{name}") for name in ("rule", "severity", "outcome", "where", "message")]
    if found:
        order = sorted(
            found, key=lambda row: (_SHOWN.index(row.finding.outcome), -row.result.severity)
        )
        yield _table(head, [_finding(row, words) for row in order])
    if audit.past:
        yield f"### {words('section.past')}"
        yield "\n".join(f"- {_past(past, words)}" for past in audit.past)
    yield from _fixes(found, words)


def _past(past: Past, words: Words) -> str:
    """A finding of the baseline that is not there any more, and what became of it."""
    told = (past.rule, past.where.inside(words.lang), past.message.inside(words.lang))
    return " · ".join([words(f"change.{past.state}"), *map(plain, told)])


def _finding(row: Row, words: Words) -> list[str]:
    outcome = words(f"outcome.{row.finding.outcome.value}")
    if row.standing:
        outcome += f"<br>{plain(row.standing)}"
    severity = words(f"severity.{row.result.severity.key}")
    at = row.location
    page = f" ({words('finding.page', page=at.page)})" if at is not None and at.page else ""
    return [plain(row.result.rule), severity, outcome, plain(row.where + page), plain(row.message)]


def _fixes(found: Sequence[Row], words: Words) -> Iterator[str]:
    """What to do, once a rule."""
    lines = []
    for row in {r.result.rule: r for r in found if r.fails}.values():
        info = row.info
        basis = words("joint.stop").join(row.say(b.text) for b in info.basis) if info else ""
        fix = row.say(info.fix) if info and info.fix else ""
        told = [(words("label.fix"), fix), (words("label.law"), basis)]
        text = " · ".join(f"{name} {plain(said)}" for name, said in told if said)
        lines.append(f"- **{plain(row.result.rule)} {plain(row.title)}** {text}".rstrip())
    if lines:
        yield "\n".join(lines)


def _aside(batch: Batch, words: Words) -> Iterator[str]:
    for key, refused in (("missing", batch.missing), ("refused", (*batch.refusals, *batch.faults))):
        if refused:
            yield f"## {words(f'section.{key}')}"
            yield "\n".join(
                f"- {plain(r.source)} · {plain(r.said.inside(words.lang))}" for r in refused
            )
    if batch.notes:
        yield f"## {words('section.notes')}"
        yield "\n".join(f"- {plain(note.inside(words.lang))}" for note in batch.notes)
