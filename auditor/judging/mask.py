"""What no output may show is hidden in the whole audit before anyone sees it.

Rules that find personal numbers say which passages they are and what may stand in their place.
Here every text of the audit is gone through (the report itself, titles, observations, and all
findings, whatever their rule), so that no renderer, present or future, can let one out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from auditor.judging.veiling import secrets_table
from auditor.model import Audit, Finding, Report, Result


def told_by(results: Iterable[Result]) -> tuple[tuple[str, str], ...]:
    """The secret passages that findings name, each with what may be shown for it."""
    return tuple(s for result in results for f in result.findings for s in f.secrets)


def masked(results: tuple[Result, ...], secrets: Sequence[tuple[str, str]]) -> tuple[Result, ...]:
    """The results without the secrets: what waivers and baselines are bound to is what is shown."""
    table = secrets_table(secrets)
    return results if table is None else _results(results, table.quoted)[0]


def mask(audit: Audit, more: Iterable[tuple[str, str]] = ()) -> Audit:
    """The same audit with every secret passage replaced. `more`: secrets of last year's report."""
    secrets = secrets_table((*told_by(audit.results), *more))
    if secrets is None:
        return audit
    quoted = secrets.quoted
    results, renamed = _results(audit.results, quoted)
    report = cast(Report, through(audit.report, secrets.hidden))
    seen = through(report.observations, quoted)
    masked = cast(Audit, _fields(audit, quoted, apart=("report", "results")))
    report = replace(report, observations=seen)
    clusters = tuple(
        replace(c, findings=tuple(renamed.get(f, f) for f in c.findings)) for c in masked.clusters
    )
    return replace(masked, report=report, results=results, clusters=clusters)


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
            masked = cast(Finding, through(bare, hidden))
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


def through(value: Any, hidden: Callable[[str], str]) -> Any:
    """A value of any make with `hidden` applied to every text in it; the same one if none is."""
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, tuple | list | frozenset):
        found = [through(item, hidden) for item in value]
        changed = any(new is not old for new, old in zip(found, value, strict=True))
        make = getattr(value, "_make", type(value))  # a named tuple takes its values one by one
        return make(found) if changed else value
    if isinstance(value, Mapping):
        return {through(k, hidden): through(v, hidden) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value, hidden)
    return value


def _fields(value: Any, hidden: Callable[[str], str], apart: tuple[str, ...] = ()) -> Any:
    changed = {}
    for one in fields(value):
        if one.name in apart:
            continue
        old = getattr(value, one.name)
        new = through(old, hidden)
        if new is not old and new != old:
            changed[one.name] = new
    return replace(value, **changed) if changed else value
