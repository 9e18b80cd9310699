"""A comparison of two rule sets in words: the parts that every output shares, JSON, Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from auditor.model import Grade
from auditor.renderers.markdown import plain as escaped
from auditor.renderers.words import Words, load
from auditor.text import written
from auditor.workbench.comparing import KINDS, Body, Comparison, Turn

_FIRST = {kind: number for number, kind in enumerate(KINDS)}


def data(found: Comparison) -> dict[str, Any]:
    """The whole comparison for JSON."""
    return {
        "old": _edition(found.old),
        "new": _edition(found.new),
        "reports": found.reports,
        "aside": [{"source": r.source, "kind": r.kind} for r in found.aside],
        "rules": [
            {"rule": rule, "change": found.changed.get(rule, "reread"), **counts}
            for rule, counts in found.counts().items()
        ],
        "bodies": [_body(body) for body in found.bodies],
    }


def _edition(edition: Any) -> dict[str, str]:
    rules = edition.rules
    return {"name": edition.name, "id": rules.id, "version": rules.version, "digest": rules.digest}


def _body(body: Body) -> dict[str, Any]:
    return {
        "subject": body.subject,
        "period": body.period,
        "source": body.source,
        "grade": {"before": _grade(body.before), "after": _grade(body.after)},
        "turns": [
            {
                "rule": t.rule,
                "kind": t.kind,
                "before": t.before or None,
                "after": t.after or None,
                "message": None if t.message is None else {"zh": t.message.zh, "en": t.message.en},
            }
            for t in body.turns
        ],
    }


def _grade(grade: Grade) -> dict[str, Any]:
    score = None if grade.score is None else written(grade.score)
    return {"letter": grade.letter, "score": score}


# ---- words -------------------------------------------------------------------------------------


def heads(found: Comparison, words: Words) -> list[str]:
    """What was compared, over how many reports, and how much changes."""
    lines = [f"{words('compare.old')}{words('sign.colon')}{found.old.told}",
             f"{words('compare.new')}{words('sign.colon')}{found.new.told}"]  # fmt: skip
    lines.append(words("compare.read", reports=found.reports, aside=len(found.aside)))
    if not found.changed and found.old.rules.grading == found.new.rules.grading:
        return [*lines, words("compare.no_rule")]
    if not found.bodies:
        return [*lines, words("compare.same")]
    regraded = sum(body.regraded for body in found.bodies)
    return [*lines, words("compare.changed", bodies=len(found.bodies), grades=regraded)]


def columns(words: Words) -> list[str]:
    """The head of the table of rules."""
    kinds = [words(f"compare.{kind}") for kind in KINDS]
    return [words("compare.rule"), words("compare.says"), words("compare.change"), *kinds]


def rules(found: Comparison, words: Words) -> list[list[str]]:
    """One row a rule that differs, those that accuse anew first."""
    rows = []
    counts = found.counts()
    order = sorted(counts, key=lambda rule: [-counts[rule][kind] for kind in KINDS])
    for rule in order:
        title = found.rule(rule).title.inside(words.lang)
        change = found.changed.get(rule, "reread")
        word = words("compare.changed_rule" if change == "changed" else f"compare.{change}")
        numbers = [str(counts[rule][kind] or "") for kind in KINDS]
        rows.append([rule, title, word, *numbers])
    return rows


def ordered(found: Comparison) -> list[Body]:
    """The bodies, those accused anew first."""
    return sorted(found.bodies, key=_worst)


def _worst(body: Body) -> tuple[int, str, int]:
    kinds = [_FIRST[turn.kind] for turn in body.turns]
    return min(kinds, default=len(KINDS)), body.subject, body.period or 0


def graded(body: Body, words: Words) -> str:
    """`60 中 → 70 中`, or "" where nothing changes."""
    if not body.regraded:
        return ""
    return f"{_told(body.before, words)} → {_told(body.after, words)}"


def _told(grade: Grade, words: Words) -> str:
    if grade.letter is None:
        return words("compare.ungraded")
    letter = load(words.lang).get(f"letter.{grade.letter}", grade.letter)
    score = "" if grade.score is None else written(grade.score)
    return f"{score} {letter}".strip()


def turned(turn: Turn, words: Words) -> str:
    """`fails → passes`."""
    return " → ".join(
        words(f"outcome.{outcome}") if outcome else words("compare.none")
        for outcome in (turn.before, turn.after)
    )


# ---- Markdown ----------------------------------------------------------------------------------


def markdown(found: Comparison, lang: str) -> str:
    """The comparison for a merge request."""
    return "\n".join(_lines(found, load(lang, "workbench"))) + "\n"


def _lines(found: Comparison, words: Words) -> Iterator[str]:
    yield f"# {words('compare.title')}"
    yield ""
    for line in heads(found, words):
        yield f"- {escaped(line)}"
    if found.changed:
        yield ""
        yield from _table(columns(words), rules(found, words))
    if found.bodies:
        yield from ("", f"## {words('compare.bodies')}", "")
    for body in ordered(found):
        grade = graded(body, words)
        name = f"**{escaped(body.subject or body.source)}** {body.period or ''}".rstrip()
        yield f"- {name}{'　' + escaped(grade) if grade else ''}"
        for turn in body.turns:
            message = f"{words('sign.colon')}{escaped(turn.message.inside(words.lang))}" if (
                turn.message) else ""  # fmt: skip
            yield f"  - {turn.rule} {turned(turn, words)}{message}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(escaped(cell) for cell in head)} |"
    yield "|" + "|".join([" --- "] * len(head)) + "|"
    for row in rows:
        yield f"| {' | '.join(escaped(cell) for cell in row)} |"
