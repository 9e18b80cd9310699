"""What no output may show is hidden in the whole audit before anyone sees it.

Rules that find personal numbers say which passages they are and what may stand in their place.
Here every text of the audit is gone through (the report itself, titles, observations, and all
findings, whatever their rule), so that no renderer, present or future, can let one out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from auditor.model import Audit, Finding, Report, Result
from auditor.text import compact, nfkc

Secrets = Iterable[tuple[str, str]]
_SHORTEST = 2
_SHOWN_AS = "*"
_CHANCE = 2  # digits beyond the visible ones from which on a likeness is no chance
_CUTS = re.compile('([“”"…‥「」\n]+)')


def mask(audit: Audit, more: Secrets = ()) -> Audit:
    """The same audit with every secret passage replaced. `more`: secrets of last year's report."""
    own = (s for result in audit.results for f in result.findings for s in f.secrets)
    table = _table((*own, *more))
    if not table:
        return audit
    longest_first = sorted(table, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))

    def hidden(text: str) -> str:
        return pattern.sub(lambda match: table[match.group(0)], text)

    def quoted(text: str) -> str:
        return _at_edges(hidden(text), table)

    results, renamed = _results(audit.results, quoted)
    report = cast(Report, _through(audit.report, hidden))
    seen = _through(report.observations, quoted)
    masked = cast(Audit, _fields(audit, quoted, apart=("report", "results")))
    report = replace(report, observations=seen)
    clusters = tuple(
        replace(c, findings=tuple(renamed.get(f, f) for f in c.findings)) for c in masked.clusters
    )
    return replace(masked, report=report, results=results, clusters=clusters)


def _table(secrets: Secrets) -> dict[str, str]:
    """Every spelling of a passage under which it may stand elsewhere."""
    found: dict[str, str] = {}
    for passage, shown in secrets:
        for form in (nfkc, compact):
            if len(form(passage)) >= _SHORTEST:
                found.setdefault(form(passage), form(shown))
        found[passage] = shown
    return found


def _at_edges(text: str, table: Mapping[str, str]) -> str:
    """Passages that a quotation cuts off at its beginning or end."""
    return "".join(_uncut(piece, table) for piece in _CUTS.split(text))


def _uncut(piece: str, table: Mapping[str, str]) -> str:
    for passage, shown in table.items():
        piece = _without_end(piece, passage, shown)
        piece = _without_end(piece[::-1], passage[::-1], shown[::-1])[::-1]
    return piece


def _without_end(piece: str, passage: str, shown: str) -> str:
    """The piece with the first characters of a passage, if it ends in them, as they are shown."""
    visible = shown.find(_SHOWN_AS) if _SHOWN_AS in shown else len(shown)
    least = visible + (_CHANCE if passage.isascii() else 1)
    for length in range(min(len(piece), len(passage) - 1), least - 1, -1):
        if piece.endswith(passage[:length]):
            return piece[: len(piece) - length] + shown[:length]
    return piece


def _results(
    results: tuple[Result, ...], hidden: Callable[[str], str]
) -> tuple[tuple[Result, ...], dict[str, str]]:
    """The results masked; a finding that quoted a secret gets fingerprints free of it."""
    renamed: dict[str, str] = {}
    out = []
    for result in results:
        findings = []
        for finding in result.findings:
            bare = replace(finding, secrets=())
            masked = cast(Finding, _through(bare, hidden))
            if masked != bare:
                masked = _anew(masked, told=bool(finding.secrets))
                renamed[finding.fingerprint] = masked.fingerprint
            findings.append(masked)
        out.append(replace(result, findings=tuple(findings)))
    return tuple(out), renamed


def _anew(finding: Finding, *, told: bool) -> Finding:
    """Fingerprints made of what is shown: those of before could be tried out against a secret.

    A finding that told its own secret has a fingerprint without it already.
    """
    place = "\x1f".join((finding.rule, finding.where.zh, *(e.path for e in finding.evidence)))
    shown = "\x1f".join((finding.message.zh, *(e.quote for e in finding.evidence)))
    print_ = finding.fingerprint if told else _hash(place)
    return replace(finding, fingerprint=print_, value_key=_hash(f"{print_}\x1e{shown}"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _through(value: Any, hidden: Callable[[str], str]) -> Any:
    """A value of any make with `hidden` applied to every text in it; the same one if none is."""
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, tuple | list | frozenset):
        found = [_through(item, hidden) for item in value]
        changed = any(new is not old for new, old in zip(found, value, strict=True))
        return type(value)(found) if changed else value
    if isinstance(value, Mapping):
        return {_through(k, hidden): _through(v, hidden) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value, hidden)
    return value


def _fields(value: Any, hidden: Callable[[str], str], apart: tuple[str, ...] = ()) -> Any:
    changed = {}
    for one in fields(value):
        if one.name in apart:
            continue
        old = getattr(value, one.name)
        new = _through(old, hidden)
        if new is not old and new != old:
            changed[one.name] = new
    return replace(value, **changed) if changed else value
