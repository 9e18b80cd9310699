"""A rule explained, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.renderers.markdown import plain as escaped
from auditor.renderers.words import Words, load
from auditor.workbench.account import Account
from auditor.workbench.steps import Step

_SIGNS = {"pass": "✓", "fail": "✗", "review": "?", "open": "…", "skipped": "–"}


def page(told: Account, lang: str) -> str:
    """The account with headings and lists."""
    return "\n".join(_lines(told, load(lang, "workbench"))) + "\n"


def _lines(told: Account, words: Words) -> Iterator[str]:
    yield f"# {told.id} {escaped(told.title)}"
    yield ""
    yield escaped(told.sentence)
    fix = (told.fix,) if told.fix else ()
    for key, lines in (("why", told.why), ("law", told.law), ("mend", fix)):
        yield from ("", f"## {words('part.' + key)}", "")
        yield from (f"- {escaped(line)}" for line in lines)
    yield from ("", f"## {words('part.examples')}", "")
    for example in told.examples:
        edits = words("sign.stop").join(f"`{name}` = {escaped(v)}" for name, v in example.edits)
        yield f"- **{example.word}** {edits or words('example.none')}"
        if example.message and example.expects != "pass":
            yield f"  → {escaped(example.message)}"
    yield from ("", f"## {words('part.history')}", "")
    yield from (f"- {escaped(line)}" for line in told.history)
    if told.outcome:
        outcome = words(f"outcome.{told.outcome}")
        yield from ("", f"## {words('part.evaluation')}{words('sign.colon')}{outcome}", "")
        for step in told.evaluation:
            yield from _step(step, 0)


def _step(step: Step, depth: int) -> Iterator[str]:
    sign = _SIGNS.get(step.outcome, "")
    parts = (sign, escaped(step.said), f"**{escaped(step.value)}**" if step.value else "",
             f"_{escaped(step.place)}_" if step.place else "")  # fmt: skip
    yield "  " * depth + "- " + " ".join(part for part in parts if part)
    for below in step.steps:
        yield from _step(below, depth + 1)
