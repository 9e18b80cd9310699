"""What stands around the report's own text: titles, lines of the page, signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.binding.head import Head
from auditor.binding.passages import Passage
from auditor.binding.patterns import matching, normal
from auditor.form import Form
from auditor.text import compact

_BESIDE = 10
_STOP = "。"


def after_title(lines: Sequence[Passage], head: Head) -> list[Passage]:
    """The lines that follow the title; a long line keeps what stands after the title in it."""
    told = compact(head.title or "")
    if not told:
        return list(lines)
    count = max(1, head.title_lines)
    for at in range(len(lines) - 1, -1, -1):
        joined = compact(normal("".join(x.text.strip() for x in lines[at : at + count])))
        if told in joined and len(joined) <= len(told) + _BESIDE:
            return list(lines[at + count :])
        rest = _rest(told, lines[at].text)
        if rest is not None:
            return [lines[at]._replace(text=rest), *lines[at + 1 :]]
    return list(lines)


def _rest(told: str, text: str) -> str | None:
    """What follows a title that stands alone between blanks in a long line; None without one."""
    words = text.split()
    parted = words if text[-1:].isspace() else words[:-1]
    if len(told) <= 4 or not any(word.endswith(told[-1]) for word in parted):
        return None  # no blank follows it: a pattern made for one title costs more to make
    letters = r"\s*".join(map(re.escape, told))
    found = re.match(rf"(?:.*[\s>:：])?{letters}\s+", text, re.DOTALL)
    return text[found.end() :] if found else None


def without_furniture(lines: Sequence[Passage], form: Form) -> list[Passage]:
    """Lines without those that belong to the page and not to the report, and lone dates."""
    patterns = (*form.match.get("furniture", ()), *_lone_dates(form))
    return [x for x in lines if not matching(patterns, normal(x.text))]


def without_signature(text: str, head: Head, form: Form) -> str:
    """The last section without what closes many pages: the body's name, a date, links."""
    furniture = tuple(form.match.get("furniture", ()))
    lines = text.split("\n")
    ends = (n for n, x in enumerate(lines) if matching(furniture, normal(x)))
    lines = lines[: next(ends, len(lines))]
    name, dates = compact(head.subject.name or ""), _lone_dates(form)
    bare = [compact(normal(line)) for line in lines]
    lines = lines[: _signature(bare, name, dates)]
    while lines:
        last = bare[len(lines) - 1]
        signed = len(last) > 1 and last in name
        if not signed and not matching(dates, last):
            break
        lines.pop()
    return "\n".join([*lines[:-1], *(_unsigned(line, name, dates) for line in lines[-1:])]).rstrip()


def _unsigned(line: str, name: str, dates: tuple[str, ...]) -> str:
    """A line without the body's name and a date that were joined to its end."""
    text, signed, rest = line.rpartition(name) if name else ("", "", "")
    return text.rstrip() if signed and matching(dates, compact(normal(rest))) else line


def _signature(lines: Sequence[str], name: str, dates: tuple[str, ...]) -> int:
    """Where a report is signed: by the body above a date, or by a date with no sentence below."""
    for at, line in enumerate(lines):
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if len(line) > 1 and name.endswith(line) and matching(dates, below):
            return at
        if matching(dates, line) and not any(_STOP in x for x in lines[at:]):
            return at
    return len(lines)


def _lone_dates(form: Form) -> tuple[str, ...]:
    return tuple(e["pattern"] for e in form.read.get("published", ()) if e["in"] == "alone")
