"""The values that the templates of the papers are filled with; the keys are those of `fields`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.model import Audit, Batch, Refusal, Severity
from auditor.own import KIND as OWN
from auditor.refusals import ASIDE
from auditor.renderers._papers.items import Item, State, count, items
from auditor.renderers._papers.plain import clean
from auditor.renderers._papers.standing import (
    Failures,
    Standing,
    common_failures,
    missing,
    standings,
)
from auditor.renderers._papers.voice import Voice
from auditor.text import written

UNREAD = frozenset(("unreadable", "cell-missing", "row-unread", "table-unread"))
_PLACES = 30
_NAMES = 12
_WORST = 3
_BODIES = 20
_SHARED, _PROBLEMS = 20, 12  # one report in so many shares a common problem; so many are told
_GRAVEST = (Severity.FATAL, Severity.MAJOR, Severity.NOTE)
UNTOLD = ("not-a-report", "duplicate", OWN)
"""What only the inspector wants to know: files that nobody has handed in as a report."""


@dataclass(frozen=True, slots=True)
class Run:
    """What holds for all papers of a run. `due` is an ISO date or empty."""

    as_of: str
    due: str
    rules: str


def run_of(batch: Batch, as_of: str, due: str = "") -> Run:
    """The run that a batch is from."""
    first = batch.audits[0] if batch.audits else None
    rules = f"{clean(first.rules.id)} {clean(first.rules.version)}" if first else "–"
    return Run(first.as_of if first else as_of, due, rules)


def notice(audit: Audit, run: Run, voice: Voice) -> dict[str, Any]:
    """One report: what to mend, to confirm and to supply."""
    found = items(audit, voice)
    grade = audit.grade
    cells = _unread_cells(audit, voice)
    scored = grade.letter is not None and grade.score is not None
    by_state = {s: [i for i in found if i.state is s] for s in State}
    counts = {f"{k}_count": count(found, State(k)) for k in ("fail", "review", "open", "waived")}
    return _run(run, voice) | counts | {
        "body": voice.body(audit),
        "report": voice.report(audit),
        "year": voice.year(audit),
        "file": clean(audit.report.source.rpartition("/")[2]),
        "letter": voice.letter(grade.letter),
        "score": written(grade.score) if scored else "–",
        "faults": _items(by_state[State.FAIL], voice),
        "reviews": _items(by_state[State.REVIEW], voice),
        "opens": _items(by_state[State.OPEN], voice),
        "waivers": _items(by_state[State.WAIVED], voice),
        "unread_cells": cells,
        "no": _numbers(by_state, voice, unread=bool(cells)),
    }  # fmt: skip


def circular(batch: Batch, run: Run, voice: Voice) -> dict[str, Any]:
    """The whole batch: good, poor, what many share, what is not there."""
    ranked = standings(batch.audits)
    good = [s for s in ranked if s.rank and not s.failures(Severity.MAJOR)
            and not s.states.get(State.OPEN)]  # fmt: skip
    poor = sorted((s for s in ranked if s.failures(Severity.MAJOR)),
                  key=lambda s: [-s.failures(least) for least in _GRAVEST])  # fmt: skip
    common = common_failures(batch.audits)
    told_of = _common(common, batch.audits, voice)
    years = Counter(voice.year(a) for a in batch.audits)
    letters = Counter(voice.letter(s.audit.grade.letter) for s in ranked)
    told = [voice.words("told.letters", letter=k, count=n) for k, n in letters.items()]
    return _run(run, voice) | {
        "year": max(years, key=lambda y: (years[y], y)) if years else "–",
        "report_count": len(ranked),
        "good_count": len(good),
        "poor_count": len(poor),
        "ungraded_count": sum(s.rank is None for s in ranked),
        "letters": voice.join(told),
        "good": [_entry(s, voice) for s in good],
        "poor": [_entry(s, voice) for s in poor],
        "common": told_of,
        "common_more": sum(len(where) > 1 for _, where in common) - len(told_of),
        "ranking": [_entry(s, voice) for s in ranked],
        "missing": [_told(r, "missing", voice) for r in missing(batch) if not r.unread],
        "unread": unread_files(batch, voice) + [
            _told(r, "missing", voice) for r in missing(batch) if r.unread
        ],
        "aside": [
            _told(r, "file", voice) for r in batch.refusals
            if r.kind in ASIDE and r.kind not in UNTOLD
        ],
    }  # fmt: skip


def checklist(batch: Batch, run: Run, voice: Voice) -> dict[str, Any]:
    """What each clerk has to do, report by report, in the order of the files."""
    bodies = [notice(a, run, voice) for a in batch.audits]
    return _run(run, voice) | {"bodies": bodies, "unread": unread_files(batch, voice)}


def unread_files(batch: Batch, voice: Voice) -> list[str]:
    """The files that may be reports but were not audited, with what to do."""
    lost = [r for r in batch.refusals if r.kind not in ASIDE]
    return [_told(r, "file", voice) for r in (*lost, *batch.faults)]


def _run(run: Run, voice: Voice) -> dict[str, Any]:
    due = voice.day(run.due) if run.due else voice.words("paper.blank_due")
    return {"audit_day": voice.day(run.as_of), "rules": run.rules, "due": due}


def _told(refusal: Refusal, key: str, voice: Voice) -> str:
    name = clean(refusal.source.rpartition("/")[2])
    return voice.words(f"told.{key}", file=name, body=name, said=voice.say(refusal.said))


def _items(found: Sequence[Item], voice: Voice) -> list[dict[str, Any]]:
    return [_item(number, item, voice) for number, item in enumerate(found, start=1)]


def _item(number: int, item: Item, voice: Voice) -> dict[str, Any]:
    colon = voice.common("joint.colon")
    lines = [p.line(colon) for p in item.places[:_PLACES]]
    rest = len(item.places) - len(lines)
    return {
        "no": voice.numeral(number),
        "title": item.title,
        "severity": voice.severity(item.severity),
        "family": item.family,
        "basis": item.basis,
        "fix": item.fix or voice.words("paper.no_fix"),
        "rules": voice.join(clean(r) for r in item.rules),
        "places": lines + ([voice.words("paper.more_places", count=rest)] if rest else []),
        "culprit": list(item.culprit),
        "remarks": list(item.remarks),
    }


def _numbers(by_state: dict[State, list[Item]], voice: Voice, *, unread: bool) -> dict[str, str]:
    """The parts of a letter are numbered as far as they are there."""
    parts = {
        "faults": bool(by_state[State.FAIL]),
        "reviews": bool(by_state[State.REVIEW]),
        "opens": bool(by_state[State.OPEN]) or unread,
        "demands": True,
    }
    there = [key for key, held in parts.items() if held]
    return {k: voice.numeral(there.index(k) + 1) if k in there else "" for k in parts}


def _entry(standing: Standing, voice: Voice) -> dict[str, Any]:
    audit = standing.audit
    return {
        "rank": standing.rank or "–",
        "body": voice.body(audit),
        "year": voice.year(audit),
        "letter": voice.letter(audit.grade.letter),
        "score": written(standing.score) if standing.score is not None else "–",
        "fail_count": standing.failures(),
        "review_count": standing.states.get(State.REVIEW, 0),
        "open_count": standing.states.get(State.OPEN, 0),
        "worst": _worst(audit, voice),
    }


def _worst(audit: Audit, voice: Voice) -> str:
    """What the gravest problems are, by the titles of their rules."""
    found = [i for i in items(audit, voice) if i.state is State.FAIL]
    titles = list(dict.fromkeys(voice.title(audit, i.rules[0]) for i in found))
    rest = len(titles) > _WORST
    told = voice.join(titles[:_WORST])
    return told + (voice.words("told.worst_more", count=len(titles)) if rest else "")


def _common(failures: Failures, audits: Sequence[Audit], voice: Voice) -> list[dict[str, Any]]:
    """The problems that many reports share, the commonest first: no list of all that is found."""
    least = max(2, -(-len(audits) // _SHARED))
    shared = [(rule, where) for rule, where in failures if len(where) >= least]
    return list(_told_of(shared[:_PROBLEMS], audits, voice))


def _told_of(shared: Failures, audits: Sequence[Audit], voice: Voice) -> Iterator[dict[str, Any]]:
    for number, (rule, where) in enumerate(shared, start=1):
        bodies = [voice.words("told.entry", body=voice.body(a), year=voice.year(a)) for a in where]
        told = voice.join(bodies[:_BODIES])
        if len(bodies) > _BODIES:
            told += voice.words("told.and_more", count=len(bodies))
        yield {
            "no": voice.numeral(number),
            "title": voice.title(where[0], rule),
            "count": len(where),
            "share": round(100 * len(where) / len(audits)),
            "bodies": told,
            "basis": voice.basis(where[0], rule),
            "fix": voice.fix(where[0], rule),
        }


def _unread_cells(audit: Audit, voice: Voice) -> list[str]:
    """The cells that were not read, table by table."""
    tables: dict[str, list[str]] = {}
    for seen in audit.report.observations:
        if seen.kind in UNREAD:
            head, _, rest = _label(seen.label, seen.path, voice).partition(" · ")
            tables.setdefault(head, []).append(rest or head)
    return [_table(table, names, voice) for table, names in tables.items()]


def _label(label: str, path: str, voice: Voice) -> str:
    if voice.words.lang == "en" and path:
        return " · ".join(path.replace("_", " ").split("."))
    return clean(label or path)


def _table(table: str, names: Sequence[str], voice: Voice) -> str:
    told = voice.join(names[:_NAMES])
    if len(names) > _NAMES:
        told += voice.words("told.and_more", count=len(names))
    return voice.words("told.unread_table", table=table, count=len(names), names=told)
