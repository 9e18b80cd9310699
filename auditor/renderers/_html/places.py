"""Where findings stand in the report: cells, rows, sections, facts of the head, phrases.

A place is named as the page names it: `c:` a cell, `r:` a row, group or table, `s:` a section,
`h:` a fact of the head, `p:` a phrase. A phrase is found by exact search, never by a pattern.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from auditor.form import Form
from auditor.model import Audit, Evidence, Finding
from auditor.renderers._html.plain import shown

Span = tuple[int, int, str]


@dataclass(slots=True)
class Places:
    """The texts of one report by path and the phrases found in them so far."""

    texts: Mapping[str, str]
    form: Form | None
    phrases: dict[str, list[Span]] = field(default_factory=dict)
    known: dict[tuple[str, int, int], str] = field(default_factory=dict)
    seen: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def of(self, finding: Finding) -> list[str]:
        """The places of a finding, the first the one to go to. Last year's facts have none."""
        found = [self._place(fact, finding) for fact in finding.evidence if not fact.prior]
        return list(dict.fromkeys(place for place in found if place))

    def _place(self, fact: Evidence, finding: Finding) -> str:
        if fact.quote:
            phrase = self._phrase(fact, finding.rule)
            if phrase:
                return phrase
        return _named(fact.path, self.form, self.texts)

    def _phrase(self, fact: Evidence, rule: str) -> str:
        """The phrase in its own text: the first, for the same rule's next finding the next one."""
        quote = shown(fact.quote)
        for path in (fact.path, f"{fact.path}.text", f"{fact.path}.heading"):
            text = self.texts.get(path)
            if text is None or not quote:
                continue
            key = (rule, path, quote)
            starts = list(_occurrences(text, quote))
            if starts:
                start = starts[min(self.seen[key], len(starts) - 1)]
                self.seen[key] += 1
                return self._mark(path, start, start + len(quote))
        return ""

    def _mark(self, path: str, start: int, end: int) -> str:
        name = self.known.setdefault((path, start, end), f"p:{len(self.known)}")
        spans = self.phrases.setdefault(path, [])
        if (start, end, name) not in spans:
            spans.append((start, end, name))
        return name


def _occurrences(text: str, quote: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + len(quote))


def _named(path: str, form: Form | None, texts: Mapping[str, str]) -> str:
    """The smallest thing on the page that a path stands for; empty where there is none."""
    if not path:
        return ""
    if form is not None:
        if path in form.fields:
            return f"c:{path}"
        if path in form.rows or path in form.groups:
            return f"r:{path}"
        top = path.partition(".")[0]
        if any(section.key == top for section in form.sections):
            return f"s:{top}"
    return f"h:{path}" if path in texts else ""


def runs(text: str, spans: Sequence[Span]) -> list[list[object]]:
    """A text as paragraphs of runs: a plain string, or [string, the phrases it belongs to]."""
    cuts = sorted({0, len(text), *(at for start, end, _ in spans for at in (start, end))})
    paragraphs: list[list[object]] = [[]]
    for start, end in pairwise(cuts):
        names = [name for s, e, name in spans if s <= start and end <= e]
        for n, line in enumerate(text[start:end].split("\n")):
            if n:
                paragraphs.append([])
            if line:
                paragraphs[-1].append([line, names] if names else line)
    return [p for p in paragraphs if p]


def texts_of(audit: Audit) -> dict[str, str]:
    """Every text of a report by path, as it is shown; numbers of the head are texts too."""
    found: dict[str, str] = {}
    _collect(audit.report.data, "", found)
    return found


def _collect(node: Mapping[str, object], prefix: str, into: dict[str, str]) -> None:
    for key, value in node.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            _collect(value, f"{path}.", into)
        elif isinstance(value, str):
            into[path] = shown(value)
        elif isinstance(value, list) and value and all(isinstance(v, str) for v in value):
            into[path] = "\n".join(shown(v) for v in value)
        elif isinstance(value, int) and not isinstance(value, bool) and not prefix:
            into[path] = str(value)
